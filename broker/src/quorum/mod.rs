//! The metadata log: a Raft machine over a partition's log, and the image that its replay makes.
//!
//! ```text
//! command ─► decide ─► append ─┐                      ┌─► image ─► replicas, coordinators
//!   (the leader's own image)   └─► commit (a majority)┘
//! ```
//!
//! Decisions of the leader follow each other without waiting: each sees what the one before it decided, committed or
//! not, and its caller is answered once everything that it saw is committed and taken in here. What every node goes
//! by is the image of what is committed.

mod driver;
mod follow;
pub(crate) mod image;
mod joining;
pub(crate) mod members;
pub(crate) mod requests;
pub(crate) mod snapshots;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, RwLock, atomic::AtomicBool},
    time::Duration,
};

use bytes::BytesMut;
use ottla_core::{
    config::BrokerConfig,
    controller::{
        Image, Sessions, brokers,
        elections::rebalance,
        records::{QuorumState, Record},
    },
    env::{Env, disk::read_file, until},
    errors::ErrorCode,
    raft::{Ballot, ElectionState, Input, Membership, Raft, ReplicaKey, Timing, Vote},
    record::{BatchBuilder, Codec},
    types::{LeaderEpoch, Mono, NodeId, Offset, Timestamp, Uuid},
};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

use self::{
    members::Members,
    snapshots::{Found, Snapshots},
};
use crate::{
    StartError,
    partition::{Partition, replication::FollowerPosition},
    peers::Peers,
    topology::Topology,
};

/// The name of the metadata log, as a topic and in its directory's name.
pub(crate) const METADATA_TOPIC: &str = "__cluster_metadata";
/// The id of that topic.
pub(crate) const METADATA_TOPIC_ID: Uuid = Uuid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
/// The file of the vote, in the metadata log's directory.
const ELECTION_FILE: &str = "__cluster_metadata-0/quorum-state";

const NO_PANIC: &str = "a panic under a lock ends the process";

/// The image of what is committed, as everybody in this process sees it.
#[derive(Default)]
pub(crate) struct Published(RwLock<Arc<Image>>);

impl Published {
    /// The image of what is committed by now.
    pub(crate) fn image(&self) -> Arc<Image> {
        self.0.read().expect(NO_PANIC).clone()
    }

    fn publish(&self, image: Arc<Image>) {
        *self.0.write().expect(NO_PANIC) = image;
    }
}

/// What is taken in of the log here, and who waits for more.
#[derive(Default)]
struct Applied {
    /// Everything below is in the image, and in the replicas.
    end: Offset,
    waiting: Vec<Arc<Notify>>,
}

/// The image of what is committed.
#[derive(Clone, Default)]
struct Replayed {
    /// Where in the log that is.
    end: Offset,
    image: Arc<Image>,
    /// The time of the last record.
    last: Timestamp,
    /// How many bytes of the log came in since the last snapshot, or the start.
    bytes: u64,
}

/// How far a node has the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) replica: ReplicaKey,
    pub(crate) end: Offset,
    /// How long ago it fetched; `None` if it has not yet in this epoch.
    pub(crate) fetched_ago: Option<Duration>,
}

/// An observer that was not heard of for so long is none any more (Kafka's five minutes).
const OBSERVER_MAX: Duration = Duration::from_secs(300);
/// Most elections of preferred leaders in one batch (Kafka's).
const ELECTIONS_MAX: usize = 1_000;
/// Most observers that a leader remembers.
const OBSERVERS_MAX: usize = 10_000;

/// The controller while this node is it.
struct Active {
    epoch: LeaderEpoch,
    /// The replay of the log to its local end.
    image: Image,
    /// That end.
    end: Offset,
    sessions: Sessions,
    /// When preferred leaders are to lead again next.
    rebalance_at: Mono,
}

/// This node's part in the quorum.
pub(crate) struct Quorum<E: Env> {
    env: E,
    node: NodeId,
    directory: Uuid,
    disk: E::Disk,
    partition: Arc<Partition<E>>,
    raft: Mutex<Raft>,
    members: Members,
    snapshots: Snapshots,
    peers: Peers<E>,
    inbox: Mutex<Vec<Input>>,
    /// Told when there is something in the inbox, or more of the log is kept.
    wake: Arc<Notify>,
    /// Candidates that wait for an answer, to a pre-vote or to the vote.
    asking: Mutex<BTreeMap<(NodeId, bool), oneshot::Sender<Vote>>>,
    published: Arc<Published>,
    replayed: Mutex<Replayed>,
    /// The image is another snapshot's, which the replicas have not taken in.
    is_installed: AtomicBool,
    applied: Mutex<Applied>,
    active: Mutex<Option<Active>>,
    /// Told when the controller is another, or its first alarm is.
    pub(crate) changed: Notify,
    /// Told when more is committed.
    committed: Arc<Notify>,
    /// Who is no voter and fetches: how far, and when last.
    observers: Mutex<BTreeMap<ReplicaKey, (Offset, Mono)>>,
    /// The leader whose connection was lost last, unless it was heard of since.
    lost: Mutex<Option<NodeId>>,
    /// How often this node began to follow somebody: only the last of the tasks that do goes on.
    followings: std::sync::atomic::AtomicU64,
    /// A task looks for the leader.
    finding: AtomicBool,
    /// A node that may vote asks by itself to become a voter (KIP-1186).
    joins: bool,
    /// A task asks the leader to let this node be a voter, or be one elsewhere.
    is_asking: AtomicBool,
    cluster_id: Mutex<Option<Uuid>>,
    timing: Timing,
    session_timeout: Duration,
    /// How often preferred leaders are let lead again; `None` for never.
    rebalance_every: Option<Duration>,
    min_in_sync: i32,
    unclean: bool,
    stopping: CancellationToken,
    /// This node takes part no more: its disk has failed it.
    pub(crate) ended: CancellationToken,
}

/// Reads the vote; none was cast where there is no file.
pub(crate) fn election_state<E: Env>(disk: &E::Disk) -> Result<ElectionState, StartError> {
    let bytes =
        read_file(disk, ELECTION_FILE).map_err(|e| StartError::disk("reading the quorum's state", e))?;
    match bytes {
        None => Ok(ElectionState::default()),
        Some(bytes) => QuorumState::from_file(&bytes).ok_or_else(|| {
            StartError::Refused(format!("{ELECTION_FILE} is damaged: restore it from a backup of this node"))
        }),
    }
}

/// What a quorum is made of.
pub(crate) struct Parts<'a, E: Env> {
    pub(crate) env: E,
    pub(crate) disk: E::Disk,
    pub(crate) topology: &'a Topology,
    pub(crate) directory: Uuid,
    pub(crate) cluster_id: Option<Uuid>,
    pub(crate) partition: Arc<Partition<E>>,
    pub(crate) found: Found,
    pub(crate) state: ElectionState,
    pub(crate) stopping: CancellationToken,
}

impl<E: Env> Quorum<E> {
    /// A node of the quorum, with its log opened; it takes part once [`Quorum::run`] is spawned.
    ///
    /// # Errors
    /// The log cannot be read, or says what this release does not know.
    pub(crate) fn new(mut parts: Parts<'_, E>, config: &BrokerConfig) -> Result<Arc<Quorum<E>>, StartError> {
        let ms = |name: &str| Duration::from_millis(config.number(name).max(1) as u64);
        let timing = Timing {
            election_timeout: ms("controller.quorum.election.timeout.ms"),
            fetch_timeout: ms("controller.quorum.fetch.timeout.ms"),
        };
        let (node, topology) = (parts.topology.node, parts.topology);
        parts.partition.serve_quorum();
        let given = Membership { voters: topology.voters.clone(), ..Membership::default() };
        let newest = parts.found.newest.take();
        let (replayed, first) = match newest {
            Some(newest) => {
                parts.partition.quorum_committed(newest.id.offset);
                let (end, image, last) = (newest.id.offset, Arc::new(newest.image), newest.last);
                let first = if newest.members.at.is_some() { newest.members } else { given };
                (Replayed { end, image, last, bytes: 0 }, first)
            }
            None => (Replayed::default(), given),
        };
        let members = Members::new(first.clone(), topology);
        let me = ReplicaKey { node, directory: parts.directory };
        let raft = Raft::new(me, first, timing, parts.state, replayed.end);
        let published = Published::default();
        published.publish(replayed.image.clone());
        let applied = Applied { end: replayed.end, ..Applied::default() };
        let (from, now) = (replayed.end, parts.env.now());
        let quorum = Arc::new(Quorum {
            peers: Peers::new(parts.env.clone()),
            env: parts.env,
            node,
            directory: parts.directory,
            disk: parts.disk,
            partition: parts.partition,
            raft: Mutex::new(raft),
            members,
            snapshots: Snapshots::new(parts.found, config, now),
            inbox: Mutex::default(),
            wake: Arc::new(Notify::new()),
            asking: Mutex::default(),
            published: Arc::new(published),
            replayed: Mutex::new(replayed),
            is_installed: false.into(),
            applied: Mutex::new(applied),
            active: Mutex::new(None),
            changed: Notify::new(),
            committed: Arc::new(Notify::new()),
            observers: Mutex::default(),
            lost: Mutex::new(None),
            followings: 0.into(),
            finding: false.into(),
            is_asking: false.into(),
            joins: topology.is_controller && config.boolean("controller.quorum.auto.join.enable"),
            cluster_id: Mutex::new(parts.cluster_id),
            timing,
            session_timeout: ms("broker.session.timeout.ms"),
            rebalance_every: config.boolean("auto.leader.rebalance.enable").then(|| {
                Duration::from_secs(config.number("leader.imbalance.check.interval.seconds").max(1) as u64)
            }),
            min_in_sync: config.number("min.insync.replicas") as i32,
            unclean: config.boolean("unclean.leader.election.enable"),
            stopping: parts.stopping,
            ended: CancellationToken::new(),
        });
        let end = quorum.ends().0;
        quorum.read_members(from, end).map_err(StartError::Refused)?;
        Ok(quorum)
    }

    /// The image of what is committed by now.
    pub(crate) fn image(&self) -> Arc<Image> {
        self.published.image()
    }

    /// The image, for whoever looks at it again and again.
    pub(crate) fn published(&self) -> &Arc<Published> {
        &self.published
    }

    /// The cluster's id, once the quorum has one.
    pub(crate) fn cluster_id(&self) -> Option<Uuid> {
        *self.cluster_id.lock().expect(NO_PANIC)
    }

    /// The latest epoch, and who leads it, if that is known.
    pub(crate) fn leader(&self) -> (LeaderEpoch, Option<NodeId>) {
        let (epoch, leader) = self.raft.lock().expect(NO_PANIC).leader();
        (epoch, leader.filter(|leader| *leader != self.node || !self.ended.is_cancelled()))
    }

    /// Whether this node is the active controller.
    pub(crate) fn is_active(&self) -> bool {
        self.active.lock().expect(NO_PANIC).is_some()
    }

    /// What a leader knows of the others: voters, and who else has fetched. How far each has the log, and how long ago
    /// it fetched.
    pub(crate) fn progress(&self) -> (Vec<Standing>, Vec<Standing>) {
        let now = self.env.now();
        let standing = |(replica, end, at): (ReplicaKey, Offset, Option<Mono>)| Standing {
            replica,
            end,
            fetched_ago: at.map(|at| now.since(at)),
        };
        let voters = self.raft.lock().expect(NO_PANIC).progress().into_iter().map(standing).collect();
        let observers = self.observers.lock().expect(NO_PANIC);
        let observers =
            observers.iter().map(|(replica, (end, at))| standing((*replica, *end, Some(*at)))).collect();
        (voters, observers)
    }

    /// A replica has fetched up to there, voter or not.
    pub(crate) fn fetched(&self, replica: ReplicaKey, epoch: LeaderEpoch, end: Offset) {
        let is_voter = self.members().voters.has(replica);
        let mut observers = self.observers.lock().expect(NO_PANIC);
        if is_voter {
            observers.remove(&replica);
        } else {
            let now = self.env.now();
            observers.retain(|_, (_, at)| now.since(*at) < OBSERVER_MAX);
            if observers.len() < OBSERVERS_MAX || observers.contains_key(&replica) {
                observers.insert(replica, (end, now));
            }
        }
        drop(observers);
        self.tell(Input::Fetched(replica, epoch, end));
    }

    /// The epoch in which this node is the active controller, if it is.
    pub(crate) fn controls(&self) -> Option<LeaderEpoch> {
        self.active.lock().expect(NO_PANIC).as_ref().map(|active| active.epoch)
    }

    /// Where the log stands here: behind a snapshot the last record is the snapshot's.
    fn position(&self) -> Option<FollowerPosition> {
        let mut at = self.partition.follower_position()?;
        if at.last_epoch < LeaderEpoch(0) {
            at.last_epoch = self.snapshots.epoch_before(at.end).unwrap_or(at.last_epoch);
        }
        Some(at)
    }

    /// Where the log begins here.
    pub(crate) fn log_start(&self) -> Offset {
        self.partition.follower_position().map_or(Offset(0), |at| at.log_start)
    }

    /// Where the log ends here, and where it is committed.
    pub(crate) fn ends(&self) -> (Offset, Offset) {
        let end = self.partition.ends().map_or(Offset(0), |(end, _)| end);
        (end, self.raft.lock().expect(NO_PANIC).high_watermark())
    }

    /// The image of what is committed, and where in the log that is.
    pub(crate) fn replayed(&self) -> (Offset, Arc<Image>) {
        let replayed = self.replayed.lock().expect(NO_PANIC);
        (replayed.end, replayed.image.clone())
    }

    /// Everything below this offset is taken in here.
    pub(crate) fn applied(&self) -> Offset {
        self.applied.lock().expect(NO_PANIC).end
    }

    /// The partition of the log.
    pub(crate) fn partition(&self) -> &Arc<Partition<E>> {
        &self.partition
    }

    /// Lets the machine judge a candidate; `None` if it has no answer in time, or a later one of the same candidate
    /// came.
    pub(crate) async fn asked(&self, ballot: Ballot) -> Option<Vote> {
        let (sender, answer) = oneshot::channel();
        self.asking.lock().expect(NO_PANIC).insert((ballot.candidate, ballot.is_pre_vote), sender);
        self.tell(Input::Asked(ballot));
        until(self.env.sleep(self.timing.election_timeout), answer).await?.ok()
    }

    /// Gives the machine an input that somebody else's message is.
    pub(crate) fn input(&self, input: Input) {
        self.tell(input);
    }

    fn tell(&self, input: Input) {
        if self.is_over() {
            return;
        }
        self.inbox.lock().expect(NO_PANIC).push(input);
        self.wake.notify_one();
    }

    /// Leads no more, if it does and there are others: one of them is told to.
    pub(crate) async fn resign_and_wait(&self) {
        if self.members().voters.len() < 2 || !self.is_active() {
            return;
        }
        self.tell(Input::Resign);
        let resigned = async {
            while self.is_active() {
                self.env.sleep(Duration::from_millis(1)).await;
            }
        };
        until(self.env.sleep(Duration::from_secs(1)), resigned).await;
    }

    /// Decides against the leader's image, and returns the reply once everything that it saw is committed and taken
    /// in here. `decide` is also given the offset that its first record will have.
    ///
    /// # Errors
    /// This node is not the controller, or is not any more: the records may come into force or not.
    pub(crate) async fn command<T>(
        &self,
        decide: impl FnOnce(&Image, &mut Sessions, i64) -> (Vec<Record>, T),
    ) -> Result<T, ErrorCode> {
        let (reply, end, epoch) = {
            let mut active = self.active.lock().expect(NO_PANIC);
            let active = active.as_mut().ok_or(ErrorCode::NotController)?;
            let (records, reply) = decide(&active.image, &mut active.sessions, active.end.0);
            if !records.is_empty() {
                self.append(active, &records)?;
            }
            (reply, active.end, active.epoch)
        };
        self.changed.notify_one();
        self.taken_in(end, epoch).await?;
        Ok(reply)
    }

    /// Appends records as one batch, and lets the leader's image take them in.
    fn append(&self, active: &mut Active, records: &[Record]) -> Result<(), ErrorCode> {
        let mut builder = BatchBuilder::new(Codec::None);
        let now = self.env.wall();
        records.iter().for_each(|record| builder.push(now.0, None, Some(&record.encode()), &[]));
        let batch = BytesMut::from(&builder.build()[..]);
        let appended = self.partition.append_own(batch, active.epoch, now)?;
        assert_eq!(appended.base, active.end, "RAFT-7");
        for record in records {
            self.env.trace(format_args!("decides {record:?}"));
            active.image.replay(record);
        }
        active.end = appended.end;
        self.wake.notify_one();
        Ok(())
    }

    /// What overdue brokers and other alarms of the controller come to; returns when the next one is due.
    pub(crate) fn alarm(&self) -> Mono {
        let now = self.env.now();
        let mut active = self.active.lock().expect(NO_PANIC);
        let Some(active) = active.as_mut() else { return Mono::NEVER };
        for node in active.sessions.overdue(&active.image, now) {
            tracing::warn!(%node, "a broker is not heard of any more: it is fenced");
            let records = brokers::fence(&active.image, node, self.unclean);
            if self.append(active, &records).is_err() {
                return Mono::NEVER;
            }
        }
        if active.rebalance_at <= now {
            active.rebalance_at = self.next_rebalance();
            for records in rebalance(&active.image).chunks(ELECTIONS_MAX) {
                if self.append(active, records).is_err() {
                    return Mono::NEVER;
                }
            }
        }
        active.sessions.deadline(&active.image).min(active.rebalance_at)
    }

    fn next_rebalance(&self) -> Mono {
        self.rebalance_every.map_or(Mono::NEVER, |every| self.env.now() + every)
    }

    /// A broker's connection was lost.
    pub(crate) fn lost_broker(&self, node: NodeId) {
        if let Some(active) = self.active.lock().expect(NO_PANIC).as_mut() {
            active.sessions.lost(node, self.env.now());
            self.changed.notify_one();
        }
    }

    /// Whether topics that do not say allow unclean elections.
    pub(crate) fn unclean(&self) -> bool {
        self.unclean
    }

    /// Ends its connections.
    pub(crate) fn close(&self) {
        self.peers.close();
        self.wake_waiting();
    }

    fn wake_waiting(&self) {
        std::mem::take(&mut self.applied.lock().expect(NO_PANIC).waiting).iter().for_each(|w| w.notify_one());
    }
}
