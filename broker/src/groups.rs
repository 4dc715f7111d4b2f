//! Group coordinators: which partition of `__consumer_offsets` has a group, and the shards that this broker runs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_core::{
    config::BrokerConfig,
    controller::{NewTopic, Refusal},
    env::{Env, until},
    errors::ErrorCode,
    group::{
        GroupConfig, GroupCoordinator,
        consumer::{ConsumerConfig, Migration, assignor::Assignor},
        messages::Request,
        partition_of,
    },
    types::Uuid,
};

use crate::{Broker, partition::Partition, replica_manager::ReplicaManager, shard::ShardDriver};

/// The topic whose partitions are the shards of the group coordinator.
pub(crate) const OFFSETS_TOPIC: &str = "__consumer_offsets";

/// A coordinator of the groups of one partition.
pub(crate) type GroupDriver<E> = ShardDriver<E, GroupCoordinator>;

/// The coordinators that this broker runs.
pub(crate) struct Groups<E: Env> {
    config: GroupConfig,
    drivers: Mutex<BTreeMap<i32, Arc<GroupDriver<E>>>>,
}

impl<E: Env> Groups<E> {
    /// None yet.
    pub(crate) fn new(config: &BrokerConfig) -> Groups<E> {
        let number = |name: &str| config.number(name);
        let policy = config.get("group.consumer.migration.policy").unwrap_or_default();
        let config = GroupConfig {
            groups_max: (number("ottla.groups.max") as usize)
                .div_ceil(number("offsets.topic.num.partitions") as usize),
            size_max: number("group.max.size") as usize,
            initial_rebalance_delay_ms: number("group.initial.rebalance.delay.ms").max(0) as u64,
            session_min_ms: number("group.min.session.timeout.ms") as i32,
            session_max_ms: number("group.max.session.timeout.ms") as i32,
            metadata_max_bytes: number("offset.metadata.max.bytes") as usize,
            retention_ms: number("offsets.retention.minutes") * 60_000,
            check_interval_ms: number("offsets.retention.check.interval.ms") as u64,
            consumer: ConsumerConfig {
                session_ms: number("group.consumer.session.timeout.ms") as u64,
                heartbeat_ms: number("group.consumer.heartbeat.interval.ms") as i32,
                size_max: number("group.consumer.max.size") as usize,
                // The list has nothing else in it, and something.
                assignors: config
                    .list("group.consumer.assignors")
                    .iter()
                    .filter_map(|n| Assignor::of(n))
                    .collect(),
                assignment_interval_ms: number("group.consumer.assignment.interval.ms"),
                migration: Migration::of(policy).expect("the setting was checked"),
            },
        };
        Groups { config, drivers: Mutex::new(BTreeMap::new()) }
    }

    /// The names of the assignors that members may want.
    pub(crate) fn assignors(&self) -> Vec<&'static str> {
        self.config.consumer.assignors.iter().map(|assignor| assignor.name()).collect()
    }
}

/// What happened in the groups of a broker since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupStats {
    /// Generations that began.
    pub rebalances: u64,
    /// Members that were given up.
    pub evictions: u64,
    /// Requests of members that were not who they said.
    pub fenced: u64,
    /// Coordinators that replayed a log with records.
    pub loads: u64,
}

impl std::ops::AddAssign for GroupStats {
    fn add_assign(&mut self, other: GroupStats) {
        self.rebalances += other.rebalances;
        self.evictions += other.evictions;
        self.fenced += other.fenced;
        self.loads += other.loads;
    }
}

impl<E: Env> Broker<E> {
    /// What happened in its groups since its start.
    pub(crate) fn group_stats(&self) -> GroupStats {
        let drivers = self.groups.drivers.lock().expect("a panic under a lock ends the process");
        // A shard that is at work holds up nobody who looks for another.
        let drivers: Vec<_> = drivers.values().cloned().collect();
        let mut stats = GroupStats::default();
        for driver in drivers {
            let counts = driver.look(GroupCoordinator::counts).unwrap_or_default();
            stats.rebalances += counts.rebalances;
            stats.evictions += counts.evictions;
            stats.fenced += counts.fenced;
            stats.loads += driver.loads();
        }
        stats
    }

    /// Compares each coordinator with the replay of its log.
    ///
    /// # Errors
    /// They differ.
    pub(crate) async fn verify_groups(&self) -> Result<(), String> {
        for driver in self.start_coordinators() {
            let fresh = GroupCoordinator::new(self.groups.config.clone());
            let is_equal = driver.replayed(fresh, |live, fresh| live.durable() == fresh.durable()).await;
            if is_equal == Some(false) {
                let partition = driver.partition();
                return Err(format!("{}-{} is not the replay of its log", partition.topic, partition.index));
            }
        }
        Ok(())
    }

    /// Starts the coordinators of all partitions, where the topic exists: their logs are replayed.
    pub(crate) fn start_coordinators(&self) -> Vec<Arc<GroupDriver<E>>> {
        let count = self.replicas.partition_count(OFFSETS_TOPIC) as i32;
        (0..count).filter_map(|index| self.coordinator_at(index).ok()).collect()
    }

    /// The coordinator of a group.
    ///
    /// # Errors
    /// The topic does not exist yet, or another broker has the partition.
    pub(crate) fn coordinator(&self, group: &str) -> Result<Arc<GroupDriver<E>>, ErrorCode> {
        match self.replicas.partition_count(OFFSETS_TOPIC) as i32 {
            0 => Err(ErrorCode::NotCoordinator),
            count => self.coordinator_at(partition_of(group, count)),
        }
    }

    fn coordinator_at(&self, index: i32) -> Result<Arc<GroupDriver<E>>, ErrorCode> {
        let partition = self.replicas.find(OFFSETS_TOPIC, index).ok_or(ErrorCode::NotCoordinator)?;
        let epoch = partition.led_epoch().ok_or(ErrorCode::NotCoordinator)?;
        let mut drivers = self.groups.drivers.lock().expect("a panic under a lock ends the process");
        if let Some(driver) = drivers.get(&index) {
            let is_current = Arc::ptr_eq(driver.partition(), &partition) && driver.epoch() == epoch;
            if is_current && !driver.is_over() {
                return Ok(driver.clone());
            }
            driver.end();
        }
        let shard = GroupCoordinator::new(self.groups.config.clone());
        let replicas = self.replicas.clone();
        let loaded = move |driver| async move { forget_deleted(&replicas, driver).await };
        let driver =
            ShardDriver::start(self.env.clone(), (partition, epoch), shard, self.stopping.clone(), loaded);
        drivers.insert(index, driver.clone());
        Ok(driver)
    }

    /// Begins the coordinators of partitions that this broker leads now, and ends those of others.
    pub(crate) fn settle_coordinators(&self, changed: &[Arc<Partition<E>>]) {
        for partition in changed.iter().filter(|p| p.topic.as_str() == OFFSETS_TOPIC) {
            if self.coordinator_at(partition.index).is_err() {
                let mut drivers = self.groups.drivers.lock().expect("a panic under a lock ends the process");
                if let Some(driver) = drivers.remove(&partition.index) {
                    driver.end();
                }
            }
        }
    }

    /// What groups have committed for a topic that was deleted ends with it.
    pub(crate) async fn forget_offsets_of(self: Arc<Self>, topic: String) {
        for driver in self.start_coordinators() {
            if let Err(code) = driver.ask(Request::TopicDeleted(topic.clone())).await {
                tracing::warn!("offsets of {topic}, which was deleted, stay until they expire: {code}");
            }
        }
    }

    /// How many copies the topic gets: as many as the setting says or, where nobody has set it, no more than this cluster
    /// will have brokers. Who begins before the others have come does not settle for fewer.
    fn offsets_replicas(&self) -> i16 {
        const SETTING: &str = "offsets.topic.replication.factor";
        let wanted = self.config.number(SETTING);
        if self.config.given(SETTING).is_some() {
            return wanted as i16;
        }
        let expected = self.quorum.image().brokers().count().max(self.quorum.members().voters.len());
        wanted.min(expected as i64) as i16
    }

    /// Makes the topic if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) async fn ensure_offsets_topic(&self) -> Result<(), ErrorCode> {
        if 0 < self.replicas.partition_count(OFFSETS_TOPIC) {
            return Ok(());
        }
        let setting = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let segment_bytes = self.config.number("offsets.topic.segment.bytes").to_string();
        let new = NewTopic {
            name: OFFSETS_TOPIC.to_owned(),
            partitions: self.config.number("offsets.topic.num.partitions") as i32,
            replication_factor: self.offsets_replicas(),
            assignments: Vec::new(),
            configs: vec![
                setting("cleanup.policy", "compact"),
                setting("compression.type", "producer"),
                setting("segment.bytes", &segment_bytes),
            ],
        };
        let id = Uuid::from_random(|| self.env.random_u64());
        match self.create_anywhere(vec![(new, id)]).await.pop() {
            Some(Err(refusal)) if refusal.code != ErrorCode::TopicAlreadyExists => {
                tracing::error!("{OFFSETS_TOPIC} cannot be made: {}", refusal.message);
                Err(ErrorCode::CoordinatorNotAvailable)
            }
            Some(Err(Refusal { code: ErrorCode::TopicAlreadyExists, .. }) | Ok(())) => {
                // Where another broker is the controller, it may take a moment to get here.
                let known = async {
                    while self.replicas.partition_count(OFFSETS_TOPIC) == 0 {
                        self.env.sleep(Duration::from_millis(5)).await;
                    }
                };
                until(self.env.sleep(Duration::from_secs(1)), known).await;
                self.start_coordinators();
                Ok(())
            }
            Some(Err(_)) | None => Err(ErrorCode::CoordinatorNotAvailable),
        }
    }
}

/// A broker that ended between a topic's deletion and the end of what was committed for it left that: a new topic
/// of the same name must not begin there.
async fn forget_deleted<E: Env>(replicas: &ReplicaManager<E>, driver: Arc<GroupDriver<E>>) {
    let topics = driver.look(GroupCoordinator::committed_topics).unwrap_or_default();
    for topic in topics.into_iter().filter(|topic| replicas.partition_count(topic) == 0) {
        if let Err(code) = driver.ask(Request::TopicDeleted(topic.clone())).await {
            tracing::warn!("offsets of {topic}, which was deleted, stay until they expire: {code}");
        }
    }
}
