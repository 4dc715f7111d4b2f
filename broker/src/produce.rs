//! Produce: requests are read in place, their batches checked in place, and appended partition by
//! partition: one write serves all requests of a drain. Answers wait in the order of the requests until
//! what they confirm is kept.
//!
//! Nothing is allocated for a request once a connection is warm: lists are taken from and returned to
//! spare ones.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use bytes::{Buf, BytesMut};
use ottla_core::{
    controller::{BrokerImage, Image},
    env::Env,
    errors::ErrorCode,
    record::{
        BatchView, Codec,
        check::{self, BatchError},
    },
    types::{Mono, NodeId, Timestamp, Uuid, is_internal},
};
use ottla_net::{
    header::{encode_response_header, is_flexible},
    messages::ApiKey,
    wire::{DecodeError, Writer},
};
use tokio::sync::Notify;

use crate::{
    partition::{Appended, Incoming, Partition},
    replica_manager::ReplicaManager,
};

/// A sync that takes longer than this is reported as a time-out, however long the producer would wait.
const SYNC_STALL: Duration = Duration::from_secs(30);

/// The answer for one partition of a request.
struct Part<E: Env> {
    topic: usize,
    index: i32,
    partition: Option<Arc<Partition<E>>>,
    state: State,
}

enum State {
    /// It was read, and not judged yet.
    Read(Option<BytesMut>),
    /// It is in the drain.
    Staged,
    /// It was appended, and is not kept yet.
    Waiting(Appended),
    /// It is kept.
    Kept(Appended),
    /// It was refused, and why; and the log's start, where it was the log that refused.
    Refused(ErrorCode, Option<Box<BatchError>>, i64),
}

/// A topic of a request: how the answer names it.
struct Topic {
    /// The name, until it is judged, and afterwards where no partition knows it.
    name: BytesMut,
    id: Uuid,
    parts: usize,
    /// The first topic of the request that is the same.
    same_as: usize,
}

impl Topic {
    fn key(&self) -> (&[u8], Uuid) {
        (&self.name, self.id)
    }
}

/// A request that was not answered yet.
struct Pending<E: Env> {
    correlation_id: i32,
    version: i16,
    acks: i16,
    deadline: Mono,
    topics: Vec<Topic>,
    parts: Vec<Part<E>>,
}

/// Batches of one partition that wait for one write.
struct Staged<E: Env> {
    partition: Arc<Partition<E>>,
    batches: Vec<Incoming>,
}

/// The produce requests of one connection.
pub(crate) struct Produce<E: Env> {
    pending: VecDeque<Pending<E>>,
    /// How many requests were answered: the number of the first pending one.
    answered: usize,
    drain: Vec<Staged<E>>,
    drained: usize,
    spare: Vec<Pending<E>>,
    /// Batches that were refused and not counted yet.
    refused: u64,
    /// Reused to look for what stands twice in a request.
    order: Vec<usize>,
    /// By topic and partition, the last append with acks=0 that was not kept yet when its request was done.
    unkept: BTreeMap<(Uuid, i32), Unkept<E>>,
}

/// An append that nobody waits for, unless something else is asked behind it.
struct Unkept<E: Env> {
    partition: Arc<Partition<E>>,
    appended: Appended,
    deadline: Mono,
}

/// What a connection must do about produce requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing waits.
    All,
    /// Answers wait for the disk until then.
    Until(Mono),
    /// A request with acks=0 failed: closing is the only way to tell.
    Close,
}

/// Reads fields of a produce request without allocating.
struct Walk {
    frame: BytesMut,
    flexible: bool,
}

impl Walk {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let bytes = self.frame.first_chunk().copied().ok_or(DecodeError::Truncated)?;
        self.frame.advance(N);
        Ok(bytes)
    }

    fn i16(&mut self) -> Result<i16, DecodeError> {
        self.take().map(i16::from_be_bytes)
    }

    fn i32(&mut self) -> Result<i32, DecodeError> {
        self.take().map(i32::from_be_bytes)
    }

    fn uvarint(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let [byte] = self.take::<1>()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| DecodeError::Varint);
            }
        }
        Err(DecodeError::Varint)
    }

    fn length(&mut self, short: bool, compact: bool) -> Result<Option<usize>, DecodeError> {
        if compact {
            return Ok((self.uvarint()? as usize).checked_sub(1));
        }
        let length = if short { i64::from(self.i16()?) } else { i64::from(self.i32()?) };
        Ok(usize::try_from(length).ok())
    }

    /// Takes `length` bytes off the front.
    fn split(&mut self, length: usize) -> Result<BytesMut, DecodeError> {
        if self.frame.len() < length {
            return Err(DecodeError::Length(length as i64));
        }
        Ok(self.frame.split_to(length))
    }

    fn count(&mut self) -> Result<usize, DecodeError> {
        let count = self.length(false, self.flexible)?.ok_or(DecodeError::Length(-1))?;
        if self.frame.len() < count { Err(DecodeError::Length(count as i64)) } else { Ok(count) }
    }

    fn skip_tags(&mut self) -> Result<(), DecodeError> {
        if !self.flexible {
            return Ok(());
        }
        let count = self.uvarint()?;
        if ottla_core::limits::TAGGED_FIELDS_MAX < count {
            return Err(DecodeError::TooMany(count.into()));
        }
        for _ in 0..count {
            self.uvarint()?;
            let size = self.uvarint()? as usize;
            self.split(size)?;
        }
        Ok(())
    }
}

/// What a request says before its topics.
struct Head {
    acks: i16,
    transactional: bool,
    version: i16,
}

impl<E: Env> Produce<E> {
    pub(crate) fn new() -> Produce<E> {
        Produce {
            pending: VecDeque::new(),
            answered: 0,
            drain: Vec::new(),
            drained: 0,
            spare: Vec::new(),
            refused: 0,
            order: Vec::new(),
            unkept: BTreeMap::new(),
        }
    }

    /// How many batches were refused since the last call.
    pub(crate) fn take_refused(&mut self) -> u64 {
        std::mem::take(&mut self.refused)
    }

    /// How many requests wait for their answers.
    pub(crate) fn in_flight(&self) -> usize {
        self.pending.len()
    }

    /// Takes a request in: what can be refused at once is, the rest goes into the drain.
    ///
    /// # Errors
    /// The frame is no produce request.
    pub(crate) fn take(
        &mut self,
        frame: BytesMut,
        replicas: &ReplicaManager<E>,
        wall: Timestamp,
        now: Mono,
    ) -> Result<(), DecodeError> {
        let mut walk = Walk { frame, flexible: false };
        walk.i16()?;
        let version = walk.i16()?;
        let correlation_id = walk.i32()?;
        if let Some(length) = walk.length(true, false)? {
            walk.split(length)?;
        }
        walk.flexible = is_flexible(ApiKey::Produce, version);
        walk.skip_tags()?;
        let transactional = match walk.length(true, walk.flexible)? {
            Some(length) => walk.split(length).map(|_| true)?,
            None => false,
        };
        let acks = walk.i16()?;
        let timeout = Duration::from_millis(walk.i32()?.max(0) as u64);
        let mut pending = self.spare.pop().unwrap_or_else(|| Pending {
            correlation_id: 0,
            version: 0,
            acks: 0,
            deadline: Mono(0),
            topics: Vec::new(),
            parts: Vec::new(),
        });
        pending.correlation_id = correlation_id;
        pending.version = version;
        pending.acks = acks;
        pending.deadline = now + timeout.max(SYNC_STALL);
        let head = Head { acks, transactional, version };
        let read = read_topics(&mut walk, &head, &mut pending);
        if read.is_ok() {
            self.judge(&head, &mut pending, replicas, wall);
            self.pending.push_back(pending);
        }
        read
    }

    /// Judges what was read: what is not refused goes into the drain.
    fn judge(
        &mut self,
        head: &Head,
        pending: &mut Pending<E>,
        replicas: &ReplicaManager<E>,
        wall: Timestamp,
    ) {
        if let Some((code, why)) = refusal(head, pending) {
            self.refused += u64::from(why.is_some());
            for part in &mut pending.parts {
                part.state = State::Refused(code, why.clone().map(Box::new), -1);
            }
        }
        self.merge(pending);
        let number = self.answered + self.pending.len();
        for slot in 0..pending.parts.len() {
            let part = &mut pending.parts[slot];
            let topic = &pending.topics[part.topic];
            let State::Read(records) = &mut part.state else { continue };
            let (name, records) = (str::from_utf8(&topic.name).expect("it was checked"), records.take());
            let partition = if head.version < 13 {
                replicas.find(name, part.index)
            } else {
                replicas.find_by_id(topic.id, part.index)
            };
            part.state = match partition.as_ref() {
                None if 13 <= head.version => refuse(replicas.absence_by_id(topic.id, part.index)),
                None => refuse(replicas.absence(name, part.index)),
                Some(partition) => self.check(head, partition, records, (number, slot), wall),
            };
            part.partition = partition;
        }
        for part in pending.parts.iter().filter(|p| p.partition.is_some()) {
            // The frame is let go of: the partition knows its name.
            pending.topics[part.topic].name = BytesMut::new();
        }
    }

    /// Entries of the same topic become one, and of the same partition too, with its last records: Kafka keeps
    /// them in a map.
    fn merge(&mut self, pending: &mut Pending<E>) {
        let Pending { topics, parts, .. } = pending;
        if parts.len() < 2 {
            return;
        }
        let (order, mut is_scattered) = (&mut self.order, false);
        order.clear();
        order.extend(0..topics.len());
        order.sort_unstable_by(|a, b| topics[*a].key().cmp(&topics[*b].key()).then(a.cmp(b)));
        for at in 1..order.len() {
            let (earlier, later) = (order[at - 1], order[at]);
            if topics[earlier].key() == topics[later].key() {
                topics[later].same_as = topics[earlier].same_as;
                is_scattered = true;
            }
        }
        parts.iter_mut().for_each(|part| part.topic = topics[part.topic].same_as);
        let key = |part: &Part<E>| (part.topic, part.index);
        order.clear();
        order.extend(0..parts.len());
        order.sort_unstable_by(|a, b| key(&parts[*a]).cmp(&key(&parts[*b])).then(a.cmp(b)));
        let is_repeated = order.windows(2).any(|pair| key(&parts[pair[0]]) == key(&parts[pair[1]]));
        if is_repeated {
            for at in (1..order.len()).rev() {
                let (earlier, later) = (order[at - 1], order[at]);
                if key(&parts[earlier]) == key(&parts[later]) {
                    parts.swap(earlier, later);
                    parts[later].topic = REPLACED;
                }
            }
            parts.retain(|part| part.topic != REPLACED);
        }
        if is_scattered || is_repeated {
            parts.sort_by_key(|part| part.topic);
            topics.iter_mut().for_each(|topic| topic.parts = 0);
            parts.iter().for_each(|part| topics[part.topic].parts += 1);
        }
    }

    fn check(
        &mut self,
        head: &Head,
        partition: &Arc<Partition<E>>,
        records: Option<BytesMut>,
        slot: (usize, usize),
        wall: Timestamp,
    ) -> State {
        let mut batch = records.unwrap_or_default();
        let is_zstd = |view: &BatchView<'_>| view.magic() == 2 && view.codec() == Some(Codec::Zstd);
        if head.version < 7 && matches!(check::first_batch(&batch), Ok(Some(view)) if is_zstd(&view)) {
            return refuse(ErrorCode::UnsupportedCompressionType);
        }
        let is_transactional = match check::single_batch(&batch) {
            Ok(view) => view.is_transactional(),
            Err(e) => {
                self.refused += 1;
                return State::Refused(e.code(), Some(Box::new(e)), -1);
            }
        };
        if !matches!(head.acks, -1..=1) {
            return refuse(ErrorCode::InvalidRequiredAcks);
        }
        if is_transactional {
            // Nobody is in a transaction: this release has none.
            return refuse(match head.version {
                ..=10 => ErrorCode::InvalidTxnState,
                _ => ErrorCode::TransactionAbortable,
            });
        }
        if is_internal(partition.topic.as_str()) {
            return refuse(ErrorCode::InvalidTopicException);
        }
        let Some(config) = partition.config() else { return refuse(ErrorCode::KafkaStorageError) };
        if let Err(e) = check::check(&mut batch, &config.rules(), wall) {
            self.refused += 1;
            let by_log = !matches!(e, BatchError::TooLarge | BatchError::Corrupt);
            let log_start = if by_log { log_start(partition) } else { -1 };
            return State::Refused(e.code(), Some(Box::new(e)), log_start);
        }
        let for_all = head.acks == -1;
        self.stage(partition, Incoming { batch, slot, for_all, result: Err(ErrorCode::None) });
        State::Staged
    }

    fn stage(&mut self, partition: &Arc<Partition<E>>, incoming: Incoming) {
        let same = |s: &Staged<E>| Arc::ptr_eq(&s.partition, partition);
        if let Some(at) = self.drain[..self.drained].iter().rposition(same) {
            return self.drain[at].batches.push(incoming);
        }
        if self.drained == self.drain.len() {
            self.drain.push(Staged { partition: partition.clone(), batches: Vec::new() });
        } else {
            self.drain[self.drained].partition = partition.clone();
        }
        self.drain[self.drained].batches.push(incoming);
        self.drained += 1;
    }

    /// Appends the drain: one write for each partition. `signal` is told when waiting has an end.
    pub(crate) fn append(&mut self, wall: Timestamp, signal: &Arc<Notify>) {
        for staged in &mut self.drain[..self.drained] {
            staged.partition.append(&mut staged.batches, wall, signal);
            for incoming in staged.batches.drain(..) {
                let (number, slot) = incoming.slot;
                self.pending[number - self.answered].parts[slot].state = match incoming.result {
                    Ok(appended) => State::Waiting(appended),
                    Err(code) => State::Refused(code, None, log_start(&staged.partition)),
                };
            }
        }
        self.drained = 0;
    }

    /// Writes the answers of all requests at the front that are done. Who leads instead is told with where it is
    /// reached by the listener that the client uses (KIP-951).
    pub(crate) fn settle(
        &mut self,
        now: Mono,
        (replicas, listener): (&ReplicaManager<E>, &str),
        out: &mut BytesMut,
    ) -> Settled {
        while let Some(pending) = self.pending.front_mut() {
            if !pending.is_done(now) {
                return Settled::Until(pending.deadline);
            }
            let mut pending = self.pending.pop_front().expect("it is there");
            self.answered += 1;
            if pending.acks == 0 {
                self.unkept.extend(pending.unkept());
                if pending.parts.iter().any(|p| matches!(p.state, State::Refused(..))) {
                    return Settled::Close;
                }
            } else {
                pending.encode((replicas, listener), out);
            }
            pending.topics.clear();
            pending.parts.clear();
            self.spare.push(pending);
        }
        Settled::All
    }

    /// Until when to wait for what was sent with acks=0, if it is not kept yet: whoever asks for something else on
    /// the same connection finds it, as in Kafka.
    pub(crate) fn wait_for_unkept(&mut self, now: Mono, signal: &Arc<Notify>) -> Option<Mono> {
        // Told again of each step: what `kept` asks for may have changed since the append.
        self.unkept.values().for_each(|unkept| unkept.partition.wait_for_kept(signal));
        self.unkept.retain(|_, Unkept { partition, appended, deadline }| {
            now < *deadline && partition.outcome(appended, false).is_none()
        });
        self.unkept.values().map(|unkept| unkept.deadline).min()
    }
}

/// Marks an entry that a later one of the same request replaced.
const REPLACED: usize = usize::MAX;

/// Reads the topics of a request, and judges nothing.
fn read_topics<E: Env>(walk: &mut Walk, head: &Head, pending: &mut Pending<E>) -> Result<(), DecodeError> {
    for at in 0..walk.count()? {
        let mut topic = Topic { name: BytesMut::new(), id: Uuid::ZERO, parts: 0, same_as: at };
        if head.version < 13 {
            let length = walk.length(true, walk.flexible)?.ok_or(DecodeError::Length(-1))?;
            topic.name = walk.split(length)?;
            str::from_utf8(&topic.name).map_err(|_| DecodeError::Utf8)?;
        } else {
            topic.id = Uuid(walk.take()?);
        }
        topic.parts = walk.count()?;
        for _ in 0..topic.parts {
            let index = walk.i32()?;
            let records = match walk.length(false, walk.flexible)? {
                Some(length) => Some(walk.split(length)?),
                None => None,
            };
            walk.skip_tags()?;
            pending.parts.push(Part { topic: at, index, partition: None, state: State::Read(records) });
        }
        walk.skip_tags()?;
        pending.topics.push(topic);
    }
    walk.skip_tags()
}

/// Why a request is refused as a whole: Kafka looks at the first batch of each partition, whether it belongs to
/// a transaction, and one that it cannot read, or that nobody may write, is the end of all.
fn refusal<E: Env>(head: &Head, pending: &Pending<E>) -> Option<(ErrorCode, Option<BatchError>)> {
    for part in &pending.parts {
        let State::Read(Some(records)) = &part.state else { continue };
        match check::first_batch(records) {
            Ok(Some(view)) if view.is_transactional() => {
                return (!head.transactional)
                    .then_some((ErrorCode::TransactionalIdAuthorizationFailed, None));
            }
            Ok(_) => {}
            Err(e) => return Some((e.code(), Some(e))),
        }
    }
    None
}

fn refuse<E: Into<ErrorCode>>(code: E) -> State {
    State::Refused(code.into(), None, -1)
}

fn log_start<E: Env>(partition: &Partition<E>) -> i64 {
    partition.positions().map_or(-1, |positions| positions.log_start.0)
}

impl<E: Env> Pending<E> {
    fn is_done(&mut self, now: Mono) -> bool {
        let (late, acks) = (self.deadline <= now, self.acks);
        let mut done = true;
        for part in &mut self.parts {
            let State::Waiting(appended) = &part.state else { continue };
            let partition = part.partition.as_ref().expect("it was appended there");
            match partition.outcome(appended, acks == -1) {
                Some(ErrorCode::None) => part.state = State::Kept(*appended),
                Some(code) => part.state = refuse(code),
                // Nobody waits for it.
                None if acks == 0 => {}
                None if late => part.state = refuse(ErrorCode::RequestTimedOut),
                None => done = false,
            }
        }
        done
    }

    /// What was appended and is not kept yet.
    fn unkept(&self) -> impl Iterator<Item = ((Uuid, i32), Unkept<E>)> {
        self.parts.iter().filter_map(|part| match (&part.state, &part.partition) {
            (State::Waiting(appended), Some(partition)) => {
                let (partition, deadline) = (partition.clone(), self.deadline);
                Some(((partition.topic_id, part.index), Unkept { partition, appended: *appended, deadline }))
            }
            _ => None,
        })
    }

    fn encode(&self, (replicas, listener): (&ReplicaManager<E>, &str), out: &mut BytesMut) {
        let mut leaders = BTreeMap::new();
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        let v = self.version;
        let mut w = Writer::new(out, false);
        encode_response_header(&mut w, ApiKey::Produce, v, self.correlation_id);
        // A topic of which no partition was named is not answered.
        let topics = self.topics.iter().filter(|t| 0 < t.parts);
        w.array_length(Some(topics.clone().count()));
        let mut parts = self.parts.iter();
        for topic in topics {
            let mine = parts.as_slice();
            if v < 13 {
                let known = mine.iter().take(topic.parts).find_map(|p| p.partition.as_ref());
                let own = str::from_utf8(&topic.name).unwrap_or_default();
                w.string(known.map_or(own, |p| p.topic.as_str()));
            } else {
                w.uuid(topic.id);
            }
            w.array_length(Some(topic.parts));
            for part in parts.by_ref().take(topic.parts) {
                let leader = part.other_leader(topic, replicas).filter(|_| 10 <= v);
                part.encode(&mut w, v, leader);
                leaders.extend(leader);
            }
            w.no_tags();
        }
        w.i32(0);
        encode_endpoints(&mut w, leaders.keys(), &replicas.image(), listener);
        let length = (out.len() - start - 4) as i32;
        out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
}

/// Ends an answer with where the leaders that it names are reached (KIP-951).
pub(crate) fn encode_endpoints<'a>(
    w: &mut Writer<'_>,
    leaders: impl Iterator<Item = &'a i32>,
    image: &Image,
    listener: &str,
) {
    let known: Vec<&BrokerImage> = leaders.filter_map(|id| image.broker(NodeId(*id))).collect();
    if known.is_empty() {
        return w.no_tags();
    }
    w.tagged(|tags| {
        tags.put(0, |w| {
            w.array_length(Some(known.len()));
            for broker in known {
                let endpoint = broker.endpoint(listener);
                w.i32(broker.node.0);
                w.string(endpoint.map_or("", |e| &e.host));
                w.i32(endpoint.map_or(-1, |e| e.port as i32));
                w.nullable_string(broker.rack.as_deref());
                w.no_tags();
            }
        });
    });
}

impl<E: Env> Part<E> {
    /// Who leads the partition instead, and in which epoch, where that is why it was refused.
    fn other_leader(&self, topic: &Topic, replicas: &ReplicaManager<E>) -> Option<(i32, i32)> {
        if !matches!(self.state, State::Refused(ErrorCode::NotLeaderOrFollower, ..)) {
            return None;
        }
        let image = replicas.image();
        let found = match &self.partition {
            Some(partition) => image.partition(partition.topic_id, self.index),
            None if topic.id != Uuid::ZERO => image.partition(topic.id, self.index),
            None => {
                let name = str::from_utf8(&topic.name).ok()?;
                image.topic(name)?.partitions.get(usize::try_from(self.index).ok()?)
            }
        };
        found.and_then(|p| Some((p.leader?.0, p.leader_epoch.0)))
    }

    fn encode(&self, w: &mut Writer<'_>, v: i16, leader: Option<(i32, i32)>) {
        w.i32(self.index);
        let (code, base, append_time, log_start, blame) = match &self.state {
            State::Kept(appended) => {
                (ErrorCode::None, appended.base.0, appended.append_time, appended.log_start.0, None)
            }
            State::Refused(code, blame, log_start) => (*code, -1, -1, *log_start, blame.as_deref()),
            State::Read(_) | State::Staged | State::Waiting(_) => {
                unreachable!("only what is done is answered")
            }
        };
        w.i16(code.code());
        w.i64(base);
        w.i64(append_time);
        if 5 <= v {
            w.i64(log_start);
        }
        if 8 <= v {
            let bad = if let Some(BatchError::Records(bad)) = blame { &bad[..] } else { &[] };
            w.array_length(Some(bad.len()));
            for record in bad {
                w.i32(record.index);
                w.nullable_string(Some(record.fault.why()));
                w.no_tags();
            }
            w.nullable_string(blame.map(BatchError::to_string).as_deref());
        }
        match leader {
            None => w.no_tags(),
            Some((id, epoch)) => w.tagged(|tags| {
                tags.put(0, |w| {
                    w.i32(id);
                    w.i32(epoch);
                    w.no_tags();
                });
            }),
        }
    }
}
