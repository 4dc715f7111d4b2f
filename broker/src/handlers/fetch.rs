//! Fetch: long polls, limits, sessions. Records go from their file to the socket; only short ranges are
//! copied into the answer. A connection keeps its [`FetchBuffers`], so that once it is warm a fetch allocates
//! nothing.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use ottla_core::{
    controller::Image,
    env::{Env, until},
    errors::ErrorCode,
    limits::FETCH_COPY_MAX_BYTES,
    log::lookup::Slice,
    types::{LeaderEpoch, NodeId, Offset, Uuid},
};
use ottla_net::{
    header::encode_response_header,
    messages::{ApiKey, generated::fetch::FetchRequest},
    wire::{Str, Writer},
};
use tokio::sync::Notify;

use super::{Reply, Request, offsets::check_epoch};
use crate::{
    Broker,
    connection::{Close, Origin},
    fetch_session::{Context, FetchKey, FetchPartition},
    partition::{
        Partition, Positions,
        replication::{Fetched, FollowerFetch},
    },
    produce::encode_endpoints,
    topology::Audience,
};

/// The answer for one partition.
struct Answer<E: Env> {
    error: ErrorCode,
    high_watermark: i64,
    log_start: i64,
    slice: Option<Slice<E::Disk>>,
    /// Where the epoch ends that the client fetched last, if its log goes on differently (KIP-595).
    diverging: Option<(LeaderEpoch, Offset)>,
    /// Aborted transactions are null under read_uncommitted, but empty where there is no partition.
    aborted_null: bool,
    /// Who leads instead, and in which epoch (KIP-951).
    leader: Option<(i32, i32)>,
}

impl<E: Env> Answer<E> {
    fn error(error: ErrorCode) -> Self {
        let mut answer = Answer {
            error,
            high_watermark: -1,
            log_start: -1,
            slice: None,
            diverging: None,
            aborted_null: true,
            leader: None,
        };
        answer.aborted_null = !answer.is_absent();
        answer
    }

    /// Whether there is no such partition.
    fn is_absent(&self) -> bool {
        matches!(self.error, ErrorCode::UnknownTopicOrPartition | ErrorCode::UnknownTopicId)
    }

    fn len(&self) -> u64 {
        self.slice.as_ref().map_or(0, |s| s.len)
    }

    /// What a session remembers of it.
    fn told(&self) -> (i64, i64) {
        if self.error.is_none() { (self.high_watermark, self.log_start) } else { (-1, -1) }
    }
}

/// What a connection reuses from fetch to fetch.
pub(crate) struct FetchBuffers<E: Env> {
    request: FetchRequest,
    /// What is fetched, in the order in which it is served.
    partitions: Vec<FetchPartition>,
    /// One answer for each of them.
    answers: Vec<Answer<E>>,
    /// Which of them the response lists.
    listed: Vec<usize>,
}

impl<E: Env> Default for FetchBuffers<E> {
    fn default() -> Self {
        let (partitions, answers, listed) = (Vec::new(), Vec::new(), Vec::new());
        FetchBuffers { request: FetchRequest::default(), partitions, answers, listed }
    }
}

impl<E: Env> FetchBuffers<E> {
    /// Lets go of what belongs to the request that was answered: its frame, its files.
    fn clear(&mut self) {
        self.partitions.clear();
        self.answers.clear();
        self.listed.clear();
        (self.request.cluster_id, self.request.rack_id) = (None, Str::new());
        self.request.topics.iter_mut().for_each(|t| t.topic = Str::new());
        self.request.forgotten_topics_data.clear();
    }

    /// Takes the partitions of the request, each once with its last entry.
    fn take_partitions(&mut self) {
        for topic in &self.request.topics {
            self.partitions.extend(topic.partitions.iter().map(|p| FetchPartition {
                key: FetchKey { topic: topic.topic.clone(), topic_id: topic.topic_id, index: p.partition },
                fetch_offset: p.fetch_offset,
                leader_epoch: p.current_leader_epoch,
                last_fetched_epoch: p.last_fetched_epoch,
                max_bytes: p.partition_max_bytes,
                told: (-1, -1),
            }));
        }
        let (partitions, order) = (&mut self.partitions, &mut self.listed);
        order.clear();
        order.extend(0..partitions.len());
        order.sort_unstable_by(|a, b| partitions[*a].key.cmp(&partitions[*b].key).then(a.cmp(b)));
        let mut repeated = false;
        for pair in (1..order.len()).rev() {
            let (earlier, later) = (order[pair - 1], order[pair]);
            if partitions[earlier].key == partitions[later].key {
                partitions.swap(earlier, later);
                partitions[later].told = REPEATED;
                repeated = true;
            }
        }
        if repeated {
            partitions.retain(|p| p.told != REPEATED);
        }
    }
}

/// Marks an entry that a later one of the same request replaced.
const REPEATED: (i64, i64) = (i64::MIN, i64::MIN);

/// One look at all partitions of a fetch.
struct Round {
    bytes: u64,
    /// A partition that exists has an error: nobody waits for the others.
    failed: bool,
    /// How many partitions exist.
    present: usize,
}

impl<E: Env> Broker<E> {
    pub(super) async fn fetch(
        &self,
        r: &Request,
        origin: &Origin,
        signal: &Arc<Notify>,
        reply: &mut Reply<E>,
    ) -> Result<(), Close> {
        let mut buffers = std::mem::take(&mut reply.fetch);
        let result = self.fetch_with(&mut buffers, r, (origin, signal), reply).await;
        buffers.clear();
        reply.fetch = buffers;
        result
    }

    async fn fetch_with(
        &self,
        buffers: &mut FetchBuffers<E>,
        r: &Request,
        (origin, signal): (&Origin, &Arc<Notify>),
        reply: &mut Reply<E>,
    ) -> Result<(), Close> {
        r.read(&mut buffers.request)?;
        buffers.take_partitions();
        let (began, uses_ids) = (self.env.now(), 13 <= r.version);
        let FetchBuffers { request, partitions, .. } = &mut *buffers;
        let forgotten = request.forgotten_topics_data.iter().flat_map(|t| {
            let key = |index: &i32| FetchKey { topic: t.topic.clone(), topic_id: t.topic_id, index: *index };
            t.partitions.iter().map(key)
        });
        let session = (request.session_id, request.session_epoch);
        let context =
            self.sessions.lock().expect(NO_PANIC).begin(session, uses_ids, partitions, forgotten, began);
        let context = match context {
            Ok(context) => context,
            Err(code) => {
                encode(buffers, r, (code, 0), (&self.quorum.image(), &origin.listener), reply);
                return Ok(());
            }
        };
        let is_legal = matches!(request.isolation_level, 0 | 1);
        if !is_legal && partitions.iter().any(|p| self.partition_of(&p.key).is_some()) {
            let id = request.session_id;
            // Versions that have a code for the whole need none for the parts.
            if uses_ids {
                partitions.clear();
            }
            let failed = || Answer { aborted_null: false, ..Answer::error(ErrorCode::UnknownServerError) };
            buffers.answers.resize_with(buffers.partitions.len(), failed);
            buffers.list(|_, _| true);
            let known = (&*self.quorum.image(), &*origin.listener);
            encode(buffers, r, (ErrorCode::UnknownServerError, id), known, reply);
            return Ok(());
        }
        let replica = Replica::of(&buffers.request, r.version, origin, &self.quorum.image());
        self.wait_for_bytes(buffers, (r.version, replica), began, (origin, signal)).await;
        self.answer(context, buffers, (r, &origin.listener), reply);
        Ok(())
    }

    /// Looks at the partitions, again and again, until there is enough to answer or no more time.
    async fn wait_for_bytes(
        &self,
        buffers: &mut FetchBuffers<E>,
        (version, replica): (i16, Option<Replica>),
        began: ottla_core::types::Mono,
        (origin, signal): (&Origin, &Arc<Notify>),
    ) {
        let wanted = buffers.request.min_bytes.max(0) as u64;
        let deadline = began + Duration::from_millis(buffers.request.max_wait_ms.max(0) as u64);
        let is_follower = replica.is_some_and(|replica| replica.is_trusted);
        let mut round = self.look(buffers, version, replica);
        // Before it waits: when more has come, what it has told is behind that.
        if let Some(replica) = replica.filter(|replica| replica.is_trusted) {
            self.heard_of_follower(buffers, replica);
        }
        let present = round.present;
        let enough = |round: &Round| round.failed || wanted <= round.bytes || round.present < present;
        // A follower that has more to say is not kept waiting.
        let is_hurried = || is_follower && origin.has_more.load(std::sync::atomic::Ordering::Relaxed);
        let is_over = || deadline <= self.env.now() || self.stopping.is_cancelled() || is_hurried();
        while (0 < present || is_follower) && !enough(&round) && !is_over() {
            // Told once any of them grows; then all are looked at again.
            for p in &buffers.partitions {
                match self.partition_of(&p.key) {
                    Some(partition) if is_follower => partition.wait_for_written(signal),
                    Some(partition) => partition.wait_for_data(signal),
                    None => {}
                }
            }
            round = self.look(buffers, version, replica);
            if enough(&round) || is_over() {
                break;
            }
            let stop = self.stopping.run_until_cancelled(signal.notified());
            until(self.env.sleep_until(deadline), stop).await;
            round = self.look(buffers, version, replica);
        }
    }

    /// A follower has told where it stands: it may be in sync from now on.
    fn heard_of_follower(&self, buffers: &FetchBuffers<E>, replica: Replica) {
        for p in &buffers.partitions {
            if let Some(partition) = self.partition_of(&p.key)
                && partition.is_out_of_sync(NodeId(replica.node))
            {
                self.propose(&partition);
            }
        }
    }

    fn partition_of(&self, key: &FetchKey) -> Option<Arc<Partition<E>>> {
        if key.topic_id == Uuid::ZERO {
            self.replicas.find(&key.topic, key.index)
        } else {
            self.replicas.find_by_id(key.topic_id, key.index)
        }
    }

    /// Looks at the partitions in order: the first that has data gives at least one whole batch, later ones
    /// what fits (KIP-74).
    fn look(&self, buffers: &mut FetchBuffers<E>, version: i16, replica: Option<Replica>) -> Round {
        let FetchBuffers { request, partitions, answers, .. } = buffers;
        // A negative limit is an error where there is something to read, for the first partition.
        let mut limit = (self.settings.fetch_max_bytes as i64).min(request.max_bytes.into());
        let mut round = Round { bytes: 0, failed: false, present: 0 };
        answers.clear();
        for p in partitions.iter() {
            let answer = match self.partition_of(&p.key) {
                None if version < 13 => Answer::error(self.replicas.absence(&p.key.topic, p.key.index)),
                None => Answer::error(self.replicas.absence_by_id(p.key.topic_id, p.key.index)),
                Some(partition) => {
                    round.present += 1;
                    let left = limit.min(p.max_bytes.into());
                    let read = read(&partition, p, left, round.bytes == 0, replica);
                    let read = read.unwrap_or_else(Answer::error);
                    round.failed |= !read.error.is_none() || read.diverging.is_some();
                    limit = 0.max(limit - read.len() as i64);
                    read
                }
            };
            round.bytes += answer.len();
            let leader = self.other_leader(&p.key, answer.error);
            answers.push(Answer { leader, ..answer });
        }
        round
    }

    /// Who leads a partition instead, where that is why it cannot be read here.
    fn other_leader(&self, key: &FetchKey, error: ErrorCode) -> Option<(i32, i32)> {
        if !matches!(error, ErrorCode::NotLeaderOrFollower | ErrorCode::FencedLeaderEpoch) {
            return None;
        }
        let image = self.quorum.image();
        let partition = if key.topic_id == Uuid::ZERO {
            image.topic(&key.topic)?.partitions.get(usize::try_from(key.index).ok()?)
        } else {
            image.partition(key.topic_id, key.index)
        };
        partition.and_then(|p| Some((p.leader?.0, p.leader_epoch.0)))
    }

    fn answer(
        &self,
        context: Context,
        buffers: &mut FetchBuffers<E>,
        (r, listener): (&Request, &str),
        reply: &mut Reply<E>,
    ) {
        if buffers.request.isolation_level == 1 {
            let read = buffers.answers.iter_mut().filter(|a| a.error.is_none() && a.diverging.is_none());
            read.for_each(|a| a.aborted_null = false);
        }
        let session = match context {
            Context::Sessionless => {
                buffers.list(|_, _| true);
                0
            }
            Context::Full => {
                buffers.list(|_, _| true);
                for (partition, answer) in buffers.partitions.iter_mut().zip(&buffers.answers) {
                    partition.told = answer.told();
                }
                let mut sessions = self.sessions.lock().expect(NO_PANIC);
                let draw = || self.env.random_u64();
                sessions.open(&buffers.partitions, 13 <= r.version, self.env.now(), draw)
            }
            Context::Incremental(session) => {
                buffers.list(|p, a| {
                    0 < a.len()
                        || !a.error.is_none()
                        || a.diverging.is_some()
                        || p.told != (a.high_watermark, a.log_start)
                });
                let mut sessions = self.sessions.lock().expect(NO_PANIC);
                for at in &buffers.listed {
                    let (partition, answer) = (&buffers.partitions[*at], &buffers.answers[*at]);
                    sessions.told(session, &partition.key, answer.told(), 0 < answer.len());
                }
                session
            }
        };
        encode(buffers, r, (ErrorCode::None, session), (&self.quorum.image(), listener), reply);
    }
}

impl<E: Env> FetchBuffers<E> {
    fn list(&mut self, is_listed: impl Fn(&FetchPartition, &Answer<E>) -> bool) {
        let (partitions, answers) = (&self.partitions, &self.answers);
        self.listed.clear();
        self.listed.extend((0..partitions.len()).filter(|at| is_listed(&partitions[*at], &answers[*at])));
        // What is not there comes last; for a consumer, ids that nobody knows before partitions that nobody has.
        if answers.iter().any(Answer::is_absent) {
            let is_follower = is_of_a_replica(&self.request);
            let rank = |answer: &Answer<E>| match answer.error {
                ErrorCode::UnknownTopicId if is_follower => 2,
                ErrorCode::UnknownTopicId => 1,
                ErrorCode::UnknownTopicOrPartition => 2,
                _ => 0,
            };
            self.listed.sort_unstable_by_key(|at| (rank(&answers[*at]), *at));
        }
    }
}

/// Whether somebody fetches who says that it is a broker.
fn is_of_a_replica(request: &FetchRequest) -> bool {
    0 <= request.replica_id || 0 <= request.replica_state.replica_id
}

/// Another broker that fetches, or says that it is one.
#[derive(Clone, Copy, Debug)]
struct Replica {
    node: i32,
    broker_epoch: i64,
    /// It came on a listener of brokers.
    is_trusted: bool,
    /// The broker epoch in which the node is registered, as far as this one knows.
    known_epoch: Option<i64>,
}

impl Replica {
    fn of(request: &FetchRequest, version: i16, origin: &Origin, image: &Image) -> Option<Replica> {
        let (node, broker_epoch) = match version {
            15.. => (request.replica_state.replica_id, request.replica_state.replica_epoch),
            _ => (request.replica_id, -1),
        };
        let is_trusted = origin.audience == Audience::Brokers && 0 <= broker_epoch;
        let known_epoch = image.broker(NodeId(node)).map(|broker| broker.epoch);
        (0 <= node).then_some(Replica { node, broker_epoch, is_trusted, known_epoch })
    }
}

fn answered<E: Env>(
    positions: Positions,
    slice: Option<Slice<E::Disk>>,
    diverging: Option<(LeaderEpoch, Offset)>,
) -> Answer<E> {
    Answer {
        error: ErrorCode::None,
        high_watermark: positions.high_watermark.0,
        log_start: positions.log_start.0,
        slice,
        diverging,
        aborted_null: true,
        leader: None,
    }
}

/// What a follower gets: what is written, committed or not.
fn read_as_follower<E: Env>(
    partition: &Partition<E>,
    p: &FetchPartition,
    max_bytes: u64,
    first: bool,
    replica: Replica,
) -> Result<Answer<E>, ErrorCode> {
    // What it was before it began anew is nobody (KIP-903).
    if replica.known_epoch.is_some_and(|known| replica.broker_epoch < known) {
        return Err(ErrorCode::NotLeaderOrFollower);
    }
    let fetch = FollowerFetch {
        node: NodeId(replica.node),
        broker_epoch: replica.broker_epoch,
        counts: replica.known_epoch == Some(replica.broker_epoch),
        from: Offset(p.fetch_offset),
        last_epoch: LeaderEpoch(p.last_fetched_epoch),
    };
    match partition.follower_fetch(&fetch, max_bytes, first) {
        Ok(Fetched::Records(positions, slice)) => Ok(answered(positions, slice, None)),
        Ok(Fetched::Diverges(positions, epoch, end)) => Ok(answered(positions, None, Some((epoch, end)))),
        // It needs to know where it can go on.
        Err(ErrorCode::OffsetOutOfRange) => {
            let positions = partition.positions()?;
            Ok(Answer { error: ErrorCode::OffsetOutOfRange, ..answered(positions, None, None) })
        }
        Err(code) => Err(code),
    }
}

fn read<E: Env>(
    partition: &Partition<E>,
    p: &FetchPartition,
    max_bytes: i64,
    first: bool,
    replica: Option<Replica>,
) -> Result<Answer<E>, ErrorCode> {
    let positions = partition.positions()?;
    // Any negative epoch is none.
    check_epoch(p.leader_epoch.max(-1), &positions)?;
    match replica {
        Some(replica) if replica.is_trusted => {
            return read_as_follower(partition, p, max_bytes.max(0) as u64, first, replica);
        }
        Some(_) => {
            // Whoever says so where clients are is no replica.
            let knows_epoch = 0 <= p.leader_epoch;
            return Err(if knows_epoch {
                ErrorCode::UnknownLeaderEpoch
            } else {
                ErrorCode::NotLeaderOrFollower
            });
        }
        None => {}
    }
    if 0 <= p.last_fetched_epoch {
        let asked = LeaderEpoch(p.last_fetched_epoch);
        let (epoch, end) = partition.end_of_epoch(asked)?.ok_or(ErrorCode::OffsetOutOfRange)?;
        if epoch < asked || end < Offset(p.fetch_offset) {
            return Ok(answered(positions, None, Some((epoch, end))));
        }
    }
    let (positions, slice) = partition.read(Offset(p.fetch_offset), max_bytes.max(0) as u64, first)?;
    if max_bytes < 0 && p.fetch_offset < positions.high_watermark.0 {
        return Err(ErrorCode::UnknownServerError);
    }
    Ok(answered(positions, slice, None))
}

/// Writes the response; long ranges are left in their files.
fn encode<E: Env>(
    buffers: &FetchBuffers<E>,
    r: &Request,
    (error, session): (ErrorCode, i32),
    (image, listener): (&Image, &str),
    reply: &mut Reply<E>,
) {
    let FetchBuffers { request, partitions, answers, listed } = buffers;
    let v = r.version;
    let start = reply.out.len();
    reply.out.extend_from_slice(&[0; 4]);
    let mut w = Writer::new(&mut reply.out, false);
    encode_response_header(&mut w, ApiKey::Fetch, v, r.header.correlation_id);
    w.i32(0);
    if 7 <= v {
        w.i16(error.code());
        w.i32(session);
    }
    let listed = if answers.is_empty() { &[] } else { &listed[..] };
    let same = |a: &usize, b: &usize| {
        let (a, b) = (&partitions[*a].key, &partitions[*b].key);
        a.topic == b.topic && a.topic_id == b.topic_id
    };
    let topics = listed.chunk_by(same);
    w.array_length(Some(topics.clone().count()));
    let mut in_files = 0;
    for topic in topics {
        let key = &partitions[topic[0]].key;
        let mut w = Writer::new(&mut reply.out, 12 <= v);
        match v {
            13.. => w.uuid(key.topic_id),
            _ => w.string(&key.topic),
        }
        w.array_length(Some(topic.len()));
        for at in topic {
            in_files += encode_partition(reply, v, partitions[*at].key.index, &answers[*at]);
        }
        Writer::new(&mut reply.out, 12 <= v).no_tags();
    }
    let mut w = Writer::new(&mut reply.out, 12 <= v);
    // Brokers know where each other are.
    if v < 16 || is_of_a_replica(request) {
        w.no_tags();
    } else {
        let leaders: BTreeSet<i32> = answers.iter().filter_map(|a| Some(a.leader?.0)).collect();
        encode_endpoints(&mut w, leaders.iter(), image, listener);
    }
    reply.seal(start, in_files);
}

/// Writes one partition; returns how many bytes of it lie in a file.
fn encode_partition<E: Env>(reply: &mut Reply<E>, v: i16, index: i32, answer: &Answer<E>) -> u64 {
    let mut w = Writer::new(&mut reply.out, 12 <= v);
    w.i32(index);
    w.i16(answer.error.code());
    w.i64(answer.high_watermark);
    w.i64(answer.high_watermark);
    if 5 <= v {
        w.i64(answer.log_start);
    }
    w.array_length(if answer.aborted_null { None } else { Some(0) });
    if 11 <= v {
        w.i32(-1);
    }
    w.bytes_length(Some(answer.len() as usize));
    let mut in_file = 0;
    if let Some(slice) = &answer.slice {
        let copied = slice.len as usize <= FETCH_COPY_MAX_BYTES && slice.read_into(&mut reply.out).is_ok();
        if !copied {
            // What cannot be copied is sent from the file; if that fails too, the connection ends.
            reply.regions.push((reply.out.len(), slice.region()));
            in_file = slice.len;
        }
    }
    let mut w = Writer::new(&mut reply.out, 12 <= v);
    let (diverging, leader) = (answer.diverging.filter(|_| 12 <= v), answer.leader.filter(|_| 12 <= v));
    if diverging.is_none() && leader.is_none() {
        w.no_tags();
        return in_file;
    }
    w.tagged(|tags| {
        if let Some((epoch, end)) = diverging {
            tags.put(0, |w| {
                w.i32(epoch.0);
                w.i64(end.0);
                w.no_tags();
            });
        }
        if let Some((id, epoch)) = leader {
            tags.put(1, |w| {
                w.i32(id);
                w.i32(epoch);
                w.no_tags();
            });
        }
    });
    in_file
}

const NO_PANIC: &str = "a panic under a lock ends the process";
