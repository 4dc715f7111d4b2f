//! Which partitions this broker holds: makes, finds and removes them as the metadata says, and gives each its part.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use ottla_core::{
    config::BrokerConfig,
    controller::{
        Image, PartitionImage, TopicImage,
        records::{Record, uuid},
    },
    env::{Disk, Env, disk::read_file},
    errors::ErrorCode,
    log::{
        Log,
        checkpoint::{self, Offsets},
        recovery::{Known, Report},
        unsynced::{Place, UNSYNCED_FILE, Unsynced},
    },
    planted::is_planted,
    types::{NodeId, Offset, TopicName, Uuid},
};

use crate::{
    StartError,
    flusher::{Flusher, Inherited},
    lifecycle::Doubted,
    partition::{Offline, Partition},
    quorum::Published,
};

/// The partitions of a topic that this broker holds, by number.
type Partitions<E> = BTreeMap<i32, Arc<Partition<E>>>;

/// The partitions of this broker.
pub struct ReplicaManager<E: Env> {
    env: E,
    node: NodeId,
    published: Arc<Published>,
    disk: E::Disk,
    config: Arc<BrokerConfig>,
    flusher: Arc<Flusher<E>>,
    /// The metadata log: checkpointed with the others, but no topic's.
    metadata: Arc<Partition<E>>,
    table: RwLock<Table<E>>,
    /// Partitions that the checkpoint files on disk may still name.
    checkpointed: Mutex<BTreeSet<(String, i32)>>,
}

struct Table<E: Env> {
    by_name: BTreeMap<String, Partitions<E>>,
    names: BTreeMap<Uuid, String>,
}

/// Kafka's name for a partition's directory.
pub(crate) fn directory(topic: &str, index: i32) -> String {
    format!("{topic}-{index}")
}

fn metadata_file(id: Uuid) -> String {
    format!("version: 0\ntopic_id: {id}\n")
}

/// What the directory's checkpoints say.
pub(crate) struct Checkpoints {
    recovery_points: Offsets,
    log_starts: Offsets,
    high_watermarks: Offsets,
    /// The last stop was clean.
    pub(crate) clean: bool,
    cache_in_doubt: bool,
    unsynced: Unsynced,
    /// Partitions that may lack what they acknowledged.
    in_doubt: BTreeSet<Place>,
}

/// The file that a clean stop leaves.
pub(crate) const CLEAN_FILE: &str = ".kafka_cleanshutdown";

impl Checkpoints {
    /// Reads them, under a kernel of this boot.
    ///
    /// # Errors
    /// The disk cannot read, or a checkpoint is damaged.
    pub(crate) fn read<D: Disk>(
        disk: &D,
        cache_in_doubt: bool,
        boot: Uuid,
    ) -> Result<Checkpoints, StartError> {
        let damaged = |file: &str| {
            StartError::Refused(format!("{file} is damaged: restore it from a backup of this directory"))
        };
        let offsets = |file: &str| {
            let bytes = read_file(disk, file).map_err(|e| StartError::disk("reading a checkpoint", e))?;
            let Some(bytes) = bytes else { return Ok(Offsets::new()) };
            let parsed = std::str::from_utf8(&bytes).ok().and_then(checkpoint::parse);
            parsed.ok_or_else(|| damaged(file))
        };
        let marker = |file: &str| read_file(disk, file).map_err(|e| StartError::disk("reading a marker", e));
        let clean = marker(CLEAN_FILE)?.is_some();
        // A clean stop has synced everything.
        let unsynced = marker(UNSYNCED_FILE)?.filter(|_| !clean);
        let unsynced =
            unsynced.map(|bytes| Unsynced::from_file(&bytes).ok_or_else(|| damaged(UNSYNCED_FILE)));
        let unsynced = unsynced.transpose()?.unwrap_or_default();
        Ok(Checkpoints {
            recovery_points: offsets(checkpoint::RECOVERY_POINT_FILE)?,
            log_starts: offsets(checkpoint::LOG_START_FILE)?,
            // They are not synced: one that is lost is learned anew.
            high_watermarks: offsets(checkpoint::HIGH_WATERMARK_FILE).unwrap_or_default(),
            clean,
            cache_in_doubt,
            in_doubt: unsynced.in_doubt(boot, cache_in_doubt),
            unsynced,
        })
    }

    /// What is known of a partition's log.
    pub(crate) fn known(&self, topic: &str, index: i32) -> Known {
        let key = (topic.to_owned(), index);
        let of = |offsets: &Offsets| offsets.get(&key).copied().unwrap_or(Offset(0));
        Known {
            recovery_point: of(&self.recovery_points),
            log_start: of(&self.log_starts),
            clean: self.clean,
            cache_in_doubt: self.cache_in_doubt,
        }
    }

    fn high_watermark(&self, topic: &str, index: i32) -> Offset {
        self.high_watermarks.get(&(topic.to_owned(), index)).copied().unwrap_or(Offset(0))
    }

    fn inherited(&self) -> Inherited {
        [
            (checkpoint::RECOVERY_POINT_FILE, self.recovery_points.clone()),
            (checkpoint::LOG_START_FILE, self.log_starts.clone()),
            (checkpoint::HIGH_WATERMARK_FILE, self.high_watermarks.clone()),
        ]
        .into()
    }

    fn names(&self) -> BTreeSet<(String, i32)> {
        self.recovery_points.keys().chain(self.log_starts.keys()).cloned().collect()
    }
}

impl<E: Env> ReplicaManager<E> {
    /// No partitions yet.
    pub(crate) fn new(
        (env, node): (E, NodeId),
        published: Arc<Published>,
        disk: E::Disk,
        config: Arc<BrokerConfig>,
        (flusher, metadata): (Arc<Flusher<E>>, Arc<Partition<E>>),
        checkpoints: &Checkpoints,
    ) -> Arc<Self> {
        let table = RwLock::new(Table { by_name: BTreeMap::new(), names: BTreeMap::new() });
        Arc::new_cyclic(|this: &std::sync::Weak<Self>| {
            let this = this.clone();
            let all = move || this.upgrade().map(|replicas| replicas.checkpoint_all());
            flusher.register((checkpoints.inherited(), checkpoints.unsynced.clone()), all);
            ReplicaManager {
                env,
                node,
                published,
                disk,
                config,
                flusher,
                metadata,
                table,
                checkpointed: Mutex::new(checkpoints.names()),
            }
        })
    }

    /// The partition of a topic's name, if this broker holds it.
    pub(crate) fn find(&self, topic: &str, index: i32) -> Option<Arc<Partition<E>>> {
        let table = self.table.read().expect(NO_PANIC);
        table.by_name.get(topic)?.get(&index).cloned()
    }

    /// How many partitions a topic has; none if there is no such topic.
    pub(crate) fn partition_count(&self, topic: &str) -> usize {
        self.published.image().topic(topic).map_or(0, |topic| topic.partitions.len())
    }

    /// The partition of a topic's id, if this broker holds it.
    pub(crate) fn find_by_id(&self, id: Uuid, index: i32) -> Option<Arc<Partition<E>>> {
        let table = self.table.read().expect(NO_PANIC);
        table.by_name.get(table.names.get(&id)?)?.get(&index).cloned()
    }

    /// The metadata.
    pub(crate) fn image(&self) -> Arc<Image> {
        self.published.image()
    }

    /// Whether there is such a partition, here or elsewhere.
    pub(crate) fn exists(&self, topic: &str, index: i32) -> bool {
        self.absence(topic, index) != ErrorCode::UnknownTopicOrPartition
    }

    /// Why a partition is not here: another broker holds it, or there is none.
    pub(crate) fn absence(&self, topic: &str, index: i32) -> ErrorCode {
        let image = self.published.image();
        let count = image.topic(topic).map_or(0, |topic| topic.partitions.len());
        match usize::try_from(index) {
            Ok(index) if index < count => ErrorCode::NotLeaderOrFollower,
            _ => ErrorCode::UnknownTopicOrPartition,
        }
    }

    /// The same, by the topic's id.
    pub(crate) fn absence_by_id(&self, id: Uuid, index: i32) -> ErrorCode {
        let image = self.published.image();
        match image.topic_by_id(id) {
            None => ErrorCode::UnknownTopicId,
            Some(_) if image.partition(id, index).is_some() => ErrorCode::NotLeaderOrFollower,
            Some(_) => ErrorCode::UnknownTopicOrPartition,
        }
    }

    /// The ids of the topics of which partitions are here.
    pub(crate) fn topics(&self) -> Vec<Uuid> {
        self.table.read().expect(NO_PANIC).names.keys().copied().collect()
    }

    /// Every partition, in the order of names and numbers.
    pub(crate) fn all(&self) -> Vec<Arc<Partition<E>>> {
        self.table.read().expect(NO_PANIC).by_name.values().flat_map(BTreeMap::values).cloned().collect()
    }

    /// Every partition, and the metadata log: what the checkpoints name.
    pub(crate) fn checkpoint_all(&self) -> Vec<Arc<Partition<E>>> {
        let mut all = self.all();
        all.push(self.metadata.clone());
        all
    }

    /// Opens the logs of every partition that the image gives to this broker, and removes directories of others.
    ///
    /// # Errors
    /// The directory cannot be listed.
    pub(crate) async fn open_all(
        &self,
        image: &Image,
        checkpoints: &Checkpoints,
    ) -> Result<Report, StartError> {
        self.remove_strays(image)?;
        let began = self.env.now();
        let mut total = Report::default();
        let mut opened = Vec::new();
        for topic in image.topics() {
            let mut logs = Vec::new();
            for (index, _) in self.mine(topic) {
                let known = checkpoints.known(topic.name.as_str(), index);
                let (log, report) = self.open(topic, index, known);
                total.scanned_bytes += report.scanned_bytes;
                total.cut_bytes += report.cut_bytes;
                logs.push((log, index));
            }
            opened.push((topic, logs));
        }
        let recovered = self.env.now();
        self.sync_opened(&mut opened).await;
        tracing::info!(
            clean = checkpoints.clean,
            scanned_bytes = total.scanned_bytes,
            cut_bytes = total.cut_bytes,
            recovered_ms = recovered.since(began).as_millis(),
            synced_ms = self.env.now().since(recovered).as_millis(),
            "logs opened"
        );
        for (topic, logs) in opened {
            let place = |(log, index)| {
                let high_watermark = checkpoints.high_watermark(topic.name.as_str(), index);
                (index, self.place(topic, index, log, high_watermark))
            };
            self.insert(topic, logs.into_iter().map(place).collect());
        }
        self.flusher.opened_all();
        Ok(total)
    }

    /// The partitions of a topic that this broker holds by the image.
    fn mine<'a>(&self, topic: &'a TopicImage) -> impl Iterator<Item = (i32, &'a PartitionImage)> {
        let node = self.node.0;
        let numbered = topic.partitions.iter().enumerate().map(|(index, p)| (index as i32, p));
        numbered.filter(move |(_, p)| p.has_replica(node))
    }

    /// What recovery accepted must be durable before it counts as kept.
    #[allow(clippy::type_complexity)]
    async fn sync_opened(&self, opened: &mut [(&TopicImage, Vec<(Result<Log<E::Disk>, Offline>, i32)>)]) {
        let mut sets = Vec::new();
        for log in opened.iter_mut().flat_map(|(_, logs)| logs).filter_map(|(log, _)| log.as_mut().ok()) {
            sets.push(log.sync_set());
        }
        let files: Vec<_> = sets.iter().flatten().flat_map(|s| s.files.iter().cloned()).collect();
        let dirs: BTreeSet<&str> =
            sets.iter().flatten().flat_map(|s| s.dirs.iter().map(String::as_str)).collect();
        let dirs: Vec<&str> = dirs.into_iter().collect();
        let synced = self.flusher.sync_opened(&files, &dirs).await;
        let mut sets = sets.into_iter();
        for log in opened.iter_mut().flat_map(|(_, logs)| logs).map(|(log, _)| log) {
            let Ok(open) = log else { continue };
            let result = sets.next().expect("one set a log").and_then(|set| {
                synced.as_ref().map_err(|e| io::Error::new(e.kind(), e.to_string()))?;
                open.synced(&set);
                Ok(())
            });
            if let Err(e) = result {
                tracing::error!("syncing {} failed: {e}; it is offline", open.dir());
                let (recovery_point, log_start) = (open.recovery_point(), open.log_start());
                let why = format!("syncing failed: {e}");
                *log = Err(Offline { why, recovery_point, log_start, is_failing: true });
            }
        }
    }

    fn open(&self, topic: &TopicImage, index: i32, known: Known) -> (Result<Log<E::Disk>, Offline>, Report) {
        let dir = directory(topic.name.as_str(), index);
        let config = self.config.log_config(&topic.configs);
        let now = self.env.wall();
        let exists = self.disk.list(&dir).is_ok();
        let opened = if exists {
            let opened = Log::open(self.disk.clone(), &dir, config, known, now);
            opened.map_err(|e| (e.to_string(), e.is_failing()))
        } else if known.recovery_point == Offset(0) {
            self.create_log(topic, index, known.log_start)
                .map(|log| (log, Report::default()))
                .map_err(|e| (e.to_string(), true))
        } else {
            let why = format!("{dir} is missing, and held records up to offset {}", known.recovery_point);
            Err((why, false))
        };
        match opened {
            Ok((log, report)) => (Ok(log), report),
            Err((why, is_failing)) => {
                tracing::error!("{dir} is offline: {why}");
                let Known { recovery_point, log_start, .. } = known;
                (Err(Offline { why, recovery_point, log_start, is_failing }), Report::default())
            }
        }
    }

    fn create_log(&self, topic: &TopicImage, index: i32, start: Offset) -> io::Result<Log<E::Disk>> {
        let dir = directory(topic.name.as_str(), index);
        let config = self.config.log_config(&topic.configs);
        let mut log = Log::create(self.disk.clone(), &dir, config, start, self.env.wall())?;
        log.write_beside("partition.metadata", metadata_file(topic.id).into())?;
        Ok(log)
    }

    /// Directories of topics that the metadata does not know, or knows by another id, are leftovers.
    fn remove_strays(&self, image: &Image) -> Result<(), StartError> {
        let names = self.disk.list("").map_err(|e| StartError::disk("listing the log directory", e))?;
        for dir in names {
            let Some((topic, index)) = dir.rsplit_once('-') else { continue };
            let stray = if index == "delete" {
                true
            } else if index.parse::<i32>().is_ok()
                && topic != crate::quorum::METADATA_TOPIC
                && TopicName::new(topic).is_ok()
            {
                let found = read_file(&self.disk, &format!("{dir}/partition.metadata")).ok().flatten();
                let unreadable =
                    found.as_ref().is_none_or(|bytes| !bytes.starts_with(b"version: 0\ntopic_id: "));
                let number = index.parse::<usize>().unwrap_or(usize::MAX);
                match image.topic(topic) {
                    None => true,
                    Some(known) => {
                        !unreadable && found.as_deref() != Some(metadata_file(known.id).as_bytes())
                            || known.partitions.get(number).is_none_or(|p| !p.has_replica(self.node.0))
                    }
                }
            } else {
                false
            };
            if stray {
                tracing::info!("removing {dir}, which belongs to no topic");
                self.disk.remove(&dir).map_err(|e| StartError::disk("removing a deleted partition", e))?;
            }
        }
        Ok(())
    }

    fn place(
        &self,
        topic: &TopicImage,
        index: i32,
        log: Result<Log<E::Disk>, Offline>,
        high_watermark: Offset,
    ) -> Arc<Partition<E>> {
        let place = (topic.name.clone(), topic.id, index);
        Partition::new(self.env.clone(), self.flusher.clone(), place, log, high_watermark)
    }

    fn insert(&self, topic: &TopicImage, mut partitions: Partitions<E>) {
        let mut table = self.table.write().expect(NO_PANIC);
        table.names.insert(topic.id, topic.name.to_string());
        table.by_name.entry(topic.name.to_string()).or_default().append(&mut partitions);
    }

    /// The partitions whose copy here cannot be trusted: it may lack what was acknowledged, or is damaged. Where the disk
    /// fails the copy may have everything: the broker does not lead, but may once the disk works again.
    pub(crate) fn in_doubt(&self, checkpoints: &Checkpoints) -> BTreeMap<Uuid, Doubted> {
        let mut in_doubt: BTreeMap<Uuid, Doubted> = BTreeMap::new();
        if is_planted("broker/doubts-nothing") {
            return in_doubt;
        }
        for partition in self.all() {
            let (place, is_damaged) = ((partition.topic_id, partition.index), partition.is_damaged());
            if is_damaged || checkpoints.in_doubt.contains(&place) {
                let of_topic = in_doubt.entry(partition.topic_id).or_default();
                of_topic.partitions.push(partition.index);
                of_topic.damaged.extend(is_damaged.then_some(partition.index));
            }
        }
        in_doubt
    }

    /// Gives a partition its part by the image.
    async fn take_role(
        &self,
        image: &Image,
        topic: &TopicImage,
        index: i32,
        partition: &PartitionImage,
    ) -> Option<Arc<Partition<E>>> {
        let here = self.find(topic.name.as_str(), index)?;
        let settled = partition.replicas.len() - partition.adding.len();
        here.take_role(self.node, partition, image.min_in_sync(topic, settled)).await;
        Some(here)
    }

    /// Begins a damaged copy anew, with nothing in it; returns what is there from now on. The caller lets one change in at
    /// a time.
    pub(crate) async fn begin_anew(
        &self,
        image: &Image,
        topic: &TopicImage,
        damaged: &Arc<Partition<E>>,
    ) -> Option<Arc<Partition<E>>> {
        let (name, index) = (topic.name.as_str(), damaged.index);
        self.find(name, index).filter(|here| Arc::ptr_eq(here, damaged) && here.is_damaged())?;
        tracing::warn!("{name}-{index} is fetched anew from its leader");
        self.remove_partition(topic, index);
        self.create_missing(topic).await;
        self.take_role(image, topic, index, topic.partitions.get(index as usize)?).await
    }

    /// Takes in what has changed and led to this image; returns the partitions whose part may be another, and those that
    /// are not here any more.
    /// The caller lets one change in at a time.
    pub(crate) async fn apply(&self, delta: &Delta, image: &Image) -> Vec<Arc<Partition<E>>> {
        let mut changed: Vec<_> = delta.removed.iter().flat_map(|id| self.remove_topic(*id)).collect();
        for (id, indexes) in &delta.touched {
            let Some(topic) = image.topic_by_id(*id) else { continue };
            let is_touched = |index: i32| indexes.as_ref().is_none_or(|some| some.contains(&index));
            let numbers = 0..topic.partitions.len() as i32;
            for index in numbers.clone().filter(|index| is_touched(*index)) {
                let is_mine = topic.partitions[index as usize].has_replica(self.node.0);
                let is_here = self.find(topic.name.as_str(), index).is_some();
                if is_here && !is_mine {
                    changed.extend(self.remove_partition(topic, index));
                }
            }
            self.create_missing(topic).await;
            self.configure(topic);
            for index in numbers.filter(|index| is_touched(*index)) {
                let partition = &topic.partitions[index as usize];
                changed.extend(self.take_role(image, topic, index, partition).await);
            }
        }
        changed
    }

    fn configure(&self, topic: &TopicImage) {
        let config = self.config.log_config(&topic.configs);
        let table = self.table.read().expect(NO_PANIC);
        for partition in table.by_name.get(topic.name.as_str()).into_iter().flat_map(BTreeMap::values) {
            partition.set_config(config.clone());
        }
    }

    async fn create_missing(&self, topic: &TopicImage) {
        let name = topic.name.to_string();
        let missing: Vec<i32> = self
            .mine(topic)
            .map(|(index, _)| index)
            .filter(|index| self.find(&name, *index).is_none())
            .collect();
        let is_stale =
            |index: &i32| self.checkpointed.lock().expect(NO_PANIC).contains(&(name.clone(), *index));
        if missing.iter().any(is_stale) {
            // A deleted partition of the same name left its offsets in the checkpoints: they are not ours.
            self.forget_deleted().await;
        }
        let mut made = Partitions::new();
        for index in missing {
            let log = self.create_log(topic, index, Offset(0)).map_err(|e| {
                tracing::error!("{name}-{index} cannot be made: {e}");
                Offline {
                    why: e.to_string(),
                    recovery_point: Offset(0),
                    log_start: Offset(0),
                    is_failing: true,
                }
            });
            made.insert(index, self.place(topic, index, log, Offset(0)));
            self.checkpointed.lock().expect(NO_PANIC).insert((name.clone(), index));
        }
        self.insert(topic, made);
    }

    /// Rewrites the checkpoints without partitions that are no more.
    async fn forget_deleted(&self) {
        let all = self.checkpoint_all();
        self.flusher.checkpoint().await;
        if self.flusher.checkpoint_starts().await {
            *self.checkpointed.lock().expect(NO_PANIC) =
                all.iter().map(|p| (p.topic.to_string(), p.index)).collect();
        }
    }

    fn remove_topic(&self, id: Uuid) -> Vec<Arc<Partition<E>>> {
        let gone = {
            let mut table = self.table.write().expect(NO_PANIC);
            table.names.remove(&id).and_then(|name| table.by_name.remove(&name)).unwrap_or_default()
        };
        gone.values().for_each(|partition| self.discard(partition, "the topic was deleted"));
        gone.into_values().collect()
    }

    fn remove_partition(&self, topic: &TopicImage, index: i32) -> Option<Arc<Partition<E>>> {
        let gone = {
            let mut table = self.table.write().expect(NO_PANIC);
            table.by_name.get_mut(topic.name.as_str()).and_then(|partitions| partitions.remove(&index))
        };
        gone.inspect(|partition| self.discard(partition, "the partition has moved to other brokers"))
    }

    fn discard(&self, partition: &Partition<E>, why: &str) {
        let delay_ms = partition.config().map_or(0, |c| c.file_delete_delay_ms);
        partition.fail(why);
        let dir = directory(partition.topic.as_str(), partition.index);
        let deleted = format!("{dir}.{}-delete", partition.topic_id);
        // One of an earlier move may still lie there.
        let _ = self.disk.remove(&deleted);
        if let Err(e) = self.disk.rename(&dir, &deleted) {
            tracing::error!("renaming {dir} failed: {e}; it is removed at the next start");
            return;
        }
        self.remove_later(vec![deleted], delay_ms);
    }

    /// Removes files after readers had time to finish.
    pub(crate) fn remove_later(&self, paths: Vec<String>, delay_ms: u64) {
        let (env, disk) = (self.env.clone(), self.disk.clone());
        self.env.spawn("remove-files", async move {
            env.sleep(Duration::from_millis(delay_ms)).await;
            for path in paths {
                if let Err(e) = disk.remove(&path) {
                    tracing::warn!("removing {path} failed: {e}");
                }
            }
        });
    }

    /// Lets retention act on every partition: the new starts are durable before a file goes.
    pub(crate) async fn retain(&self) {
        let (all, now) = (self.all(), self.env.wall());
        let expiration_ms = self.config.number("producer.id.expiration.ms");
        let moved = all.iter().filter(|p| p.retain(now, expiration_ms)).count();
        if 0 < moved {
            self.checkpoint_starts().await;
        }
    }

    /// Makes the log starts durable, then removes what lies below them.
    pub(crate) async fn checkpoint_starts(&self) -> bool {
        let all = self.checkpoint_all();
        let starts: Vec<Offset> = all.iter().map(|p| p.checkpoint_offsets().1).collect();
        // Segments go only below the recovery point, as the disk has it.
        if !self.flusher.checkpoint().await || !self.flusher.checkpoint_starts().await {
            return false;
        }
        for (partition, start) in all.iter().zip(starts) {
            let delay_ms = partition.config().map_or(0, |c| c.file_delete_delay_ms);
            let paths = partition.delete_segments(start, self.env.wall());
            if !paths.is_empty() {
                self.remove_later(paths, delay_ms);
            }
        }
        true
    }
}

/// What differs between two images.
#[derive(Default)]
pub(crate) struct Delta {
    /// Topics that are no more.
    pub(crate) removed: Vec<Uuid>,
    /// Topics that are touched, each with the partitions that are, or `None` for all.
    touched: BTreeMap<Uuid, Option<BTreeSet<i32>>>,
}

impl Delta {
    /// What records have changed, which led to `image`.
    pub(crate) fn of(records: &[Record], image: &Image) -> Delta {
        let mut delta = Delta::default();
        for record in records {
            match record {
                Record::Partition(p) => delta.touch(uuid(&p.topic_id), p.index),
                Record::PartitionChange(p) => delta.touch(uuid(&p.topic_id), p.index),
                Record::RemoveTopic(r) => delta.removed.push(uuid(&r.id)),
                _ => {}
            }
        }
        for record in records {
            match record {
                Record::TopicConfig(c) => drop(delta.touched.insert(uuid(&c.topic_id), None)),
                // Its epochs are new, or everybody's minimum is.
                Record::RegisterBroker(_) | Record::Defaults(_) => delta.touch_all(image),
                _ => {}
            }
        }
        delta
    }

    /// Whatever differs between the images, where topics of these ids are here.
    pub(crate) fn whole(here: Vec<Uuid>, before: &Image, after: &Image) -> Delta {
        let mut delta = Delta::default();
        let known: BTreeSet<Uuid> = before.topics().map(|topic| topic.id).chain(here).collect();
        delta.removed.extend(known.into_iter().filter(|id| after.topic_by_id(*id).is_none()));
        delta.touch_all(after);
        delta
    }

    fn touch(&mut self, id: Uuid, index: i32) {
        if let Some(some) = self.touched.entry(id).or_insert_with(|| Some(BTreeSet::new())) {
            some.insert(index);
        }
    }

    fn touch_all(&mut self, image: &Image) {
        image.topics().for_each(|topic| drop(self.touched.insert(topic.id, None)));
    }
}

const NO_PANIC: &str = "a panic under a lock ends the process";
