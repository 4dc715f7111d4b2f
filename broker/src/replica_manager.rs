//! Which partitions this broker holds: makes, finds and removes them as the metadata says.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use ottla_core::{
    config::BrokerConfig,
    controller::{
        Image, TopicImage,
        records::{Record, uuid},
    },
    env::{Disk, Env, disk::read_file},
    log::{
        Log,
        checkpoint::{self, Offsets},
        recovery::{Known, Report},
    },
    types::{LeaderEpoch, Offset, TopicName, Uuid},
};

use crate::{
    StartError,
    flusher::Flusher,
    partition::{Offline, Partition},
    quorum::Quorum,
};

/// The partitions of a topic, by number.
type Partitions<E> = Vec<Arc<Partition<E>>>;

/// The partitions of this broker.
pub struct ReplicaManager<E: Env> {
    env: E,
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
    /// The last stop was clean.
    pub(crate) clean: bool,
    cache_in_doubt: bool,
}

/// The file that a clean stop leaves.
pub(crate) const CLEAN_FILE: &str = ".kafka_cleanshutdown";

impl Checkpoints {
    /// Reads them.
    ///
    /// # Errors
    /// The disk cannot read, or a checkpoint is damaged.
    pub(crate) fn read<D: Disk>(disk: &D, cache_in_doubt: bool) -> Result<Checkpoints, StartError> {
        let offsets = |file: &str| {
            let bytes = read_file(disk, file).map_err(|e| StartError::disk("reading a checkpoint", e))?;
            let Some(bytes) = bytes else { return Ok(Offsets::new()) };
            let parsed = std::str::from_utf8(&bytes).ok().and_then(checkpoint::parse);
            parsed.ok_or_else(|| {
                StartError::Refused(format!("{file} is damaged: restore it from a backup of this directory"))
            })
        };
        let clean =
            read_file(disk, CLEAN_FILE).map_err(|e| StartError::disk("reading a marker", e))?.is_some();
        Ok(Checkpoints {
            recovery_points: offsets(checkpoint::RECOVERY_POINT_FILE)?,
            log_starts: offsets(checkpoint::LOG_START_FILE)?,
            clean,
            cache_in_doubt,
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

    fn names(&self) -> BTreeSet<(String, i32)> {
        self.recovery_points.keys().chain(self.log_starts.keys()).cloned().collect()
    }
}

impl<E: Env> ReplicaManager<E> {
    /// No partitions yet.
    pub(crate) fn new(
        env: E,
        disk: E::Disk,
        config: Arc<BrokerConfig>,
        flusher: Arc<Flusher<E>>,
        metadata: Arc<Partition<E>>,
        checkpoints: &Checkpoints,
    ) -> Arc<Self> {
        let table = RwLock::new(Table { by_name: BTreeMap::new(), names: BTreeMap::new() });
        Arc::new(ReplicaManager {
            env,
            disk,
            config,
            flusher,
            metadata,
            table,
            checkpointed: Mutex::new(checkpoints.names()),
        })
    }

    /// The partition of a topic's name.
    pub(crate) fn find(&self, topic: &str, index: i32) -> Option<Arc<Partition<E>>> {
        let table = self.table.read().expect(NO_PANIC);
        table.by_name.get(topic)?.get(usize::try_from(index).ok()?).cloned()
    }

    /// How many partitions a topic has here; none if it is not there.
    pub(crate) fn partition_count(&self, topic: &str) -> usize {
        self.table.read().expect(NO_PANIC).by_name.get(topic).map_or(0, Vec::len)
    }

    /// The partition of a topic's id.
    pub(crate) fn find_by_id(&self, id: Uuid, index: i32) -> Option<Arc<Partition<E>>> {
        let table = self.table.read().expect(NO_PANIC);
        table.by_name.get(table.names.get(&id)?)?.get(usize::try_from(index).ok()?).cloned()
    }

    /// Whether a topic has this id.
    pub(crate) fn is_topic(&self, id: Uuid) -> bool {
        self.table.read().expect(NO_PANIC).names.contains_key(&id)
    }

    /// Every partition, in the order of names and numbers.
    pub(crate) fn all(&self) -> Vec<Arc<Partition<E>>> {
        self.table.read().expect(NO_PANIC).by_name.values().flatten().cloned().collect()
    }

    /// Every partition, and the metadata log: what the checkpoints name.
    pub(crate) fn checkpoint_all(&self) -> Vec<Arc<Partition<E>>> {
        let mut all = self.all();
        all.push(self.metadata.clone());
        all
    }

    /// Opens the logs of every partition that the image knows, and removes directories of topics that are
    /// no more.
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
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for (index, partition) in topic.partitions.iter().enumerate() {
                let known = checkpoints.known(topic.name.as_str(), index as i32);
                let (log, report) = self.open(topic, index as i32, known);
                total.scanned_bytes += report.scanned_bytes;
                total.cut_bytes += report.cut_bytes;
                partitions.push((log, partition.leader_epoch));
            }
            opened.push((topic, partitions));
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
            let place = |(index, (log, epoch))| self.place(topic, index as i32, log, epoch);
            let partitions = logs.into_iter().enumerate().map(place).collect();
            self.insert(topic, partitions);
        }
        Ok(total)
    }

    /// What recovery accepted must be durable before it counts as kept.
    #[allow(clippy::type_complexity)]
    async fn sync_opened(
        &self,
        opened: &mut [(&TopicImage, Vec<(Result<Log<E::Disk>, Offline>, LeaderEpoch)>)],
    ) {
        let mut sets = Vec::new();
        for log in opened.iter_mut().flat_map(|(_, logs)| logs).filter_map(|(log, _)| log.as_mut().ok()) {
            sets.push(log.sync_set());
        }
        let files: Vec<_> = sets.iter().flatten().flat_map(|s| s.files.iter().cloned()).collect();
        let dirs: BTreeSet<&str> =
            sets.iter().flatten().flat_map(|s| s.dirs.iter().map(String::as_str)).collect();
        let dirs: Vec<&str> = dirs.into_iter().collect();
        let synced = self.disk.sync(&files, &dirs).await;
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
                *log = Err(Offline { why: format!("syncing failed: {e}"), recovery_point, log_start });
            }
        }
    }

    fn open(&self, topic: &TopicImage, index: i32, known: Known) -> (Result<Log<E::Disk>, Offline>, Report) {
        let dir = directory(topic.name.as_str(), index);
        let config = self.config.log_config(&topic.configs);
        let now = self.env.wall();
        let exists = self.disk.list(&dir).is_ok();
        let opened = if exists {
            Log::open(self.disk.clone(), &dir, config, known, now).map_err(|e| e.to_string())
        } else if known.recovery_point == Offset(0) {
            self.create_log(topic, index, known.log_start)
                .map(|log| (log, Report::default()))
                .map_err(|e| e.to_string())
        } else {
            Err(format!("{dir} is missing, and held records up to offset {}", known.recovery_point))
        };
        match opened {
            Ok((log, report)) => (Ok(log), report),
            Err(why) => {
                tracing::error!("{dir} is offline: {why}");
                let Known { recovery_point, log_start, .. } = known;
                (Err(Offline { why, recovery_point, log_start }), Report::default())
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
                match image.topic(topic) {
                    None => true,
                    Some(known) => {
                        !unreadable && found.as_deref() != Some(metadata_file(known.id).as_bytes())
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
        epoch: LeaderEpoch,
    ) -> Arc<Partition<E>> {
        let place = (topic.name.clone(), topic.id, index);
        Partition::new(self.env.clone(), self.flusher.clone(), place, log, epoch)
    }

    fn insert(&self, topic: &TopicImage, mut partitions: Partitions<E>) {
        let mut table = self.table.write().expect(NO_PANIC);
        table.names.insert(topic.id, topic.name.to_string());
        table.by_name.entry(topic.name.to_string()).or_default().append(&mut partitions);
    }

    /// Takes in committed records. The caller lets one batch in at a time.
    pub(crate) async fn apply(&self, records: &[Record], quorum: &Quorum<E>) {
        let created: BTreeSet<Uuid> = records
            .iter()
            .filter_map(|r| match r {
                Record::Partition(p) => Some(uuid(&p.topic_id)),
                Record::TopicConfig(c) => Some(uuid(&c.topic_id)),
                Record::Topic(_)
                | Record::RemoveTopic(_)
                | Record::RegisterBroker(_)
                | Record::ProducerIds(_) => None,
            })
            .collect();
        for id in created {
            let topic = quorum.image().topic_by_id(id).cloned();
            if let Some(topic) = topic {
                self.create_missing(&topic).await;
                self.configure(&topic);
            }
        }
        for record in records {
            if let Record::RemoveTopic(r) = record {
                self.remove(uuid(&r.id));
            }
        }
    }

    fn configure(&self, topic: &TopicImage) {
        let config = self.config.log_config(&topic.configs);
        let table = self.table.read().expect(NO_PANIC);
        for partition in table.by_name.get(topic.name.as_str()).into_iter().flatten() {
            partition.set_config(config.clone());
        }
    }

    async fn create_missing(&self, topic: &TopicImage) {
        let name = topic.name.to_string();
        let have = self.table.read().expect(NO_PANIC).by_name.get(&name).map_or(0, Vec::len);
        let stale = (have..topic.partitions.len())
            .any(|i| self.checkpointed.lock().expect(NO_PANIC).contains(&(name.clone(), i as i32)));
        if stale {
            // A deleted partition of the same name left its offsets in the checkpoints: they are not ours.
            self.forget_deleted().await;
        }
        let mut made = Vec::new();
        for (index, partition) in topic.partitions.iter().enumerate().skip(have) {
            let log = self.create_log(topic, index as i32, Offset(0)).map_err(|e| {
                tracing::error!("{name}-{index} cannot be made: {e}");
                Offline { why: e.to_string(), recovery_point: Offset(0), log_start: Offset(0) }
            });
            made.push(self.place(topic, index as i32, log, partition.leader_epoch));
            self.checkpointed.lock().expect(NO_PANIC).insert((name.clone(), index as i32));
        }
        self.insert(topic, made);
    }

    /// Rewrites the checkpoints without partitions that are no more.
    async fn forget_deleted(&self) {
        let all = self.checkpoint_all();
        self.flusher.checkpoint(&all).await;
        if self.flusher.checkpoint_starts(&all).await {
            *self.checkpointed.lock().expect(NO_PANIC) =
                all.iter().map(|p| (p.topic.to_string(), p.index)).collect();
        }
    }

    fn remove(&self, id: Uuid) {
        let gone = {
            let mut table = self.table.write().expect(NO_PANIC);
            table.names.remove(&id).and_then(|name| table.by_name.remove(&name)).unwrap_or_default()
        };
        for partition in gone {
            let delay_ms = partition.config().map_or(0, |c| c.file_delete_delay_ms);
            partition.fail("the topic was deleted");
            let dir = directory(partition.topic.as_str(), partition.index);
            let deleted = format!("{dir}.{id}-delete");
            if let Err(e) = self.disk.rename(&dir, &deleted) {
                tracing::error!("renaming {dir} failed: {e}; it is removed at the next start");
                continue;
            }
            self.remove_later(vec![deleted], delay_ms);
        }
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
        // Segments go only below the recovery point.
        self.flusher.checkpoint(&all).await;
        if !self.flusher.checkpoint_starts(&all).await {
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

const NO_PANIC: &str = "a panic under a lock ends the process";
