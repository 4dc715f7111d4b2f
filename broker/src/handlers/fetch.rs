//! Fetch: long polls, limits, sessions. Records go from their file to the socket; only short ranges are
//! copied into the answer.

use std::{sync::Arc, time::Duration};

use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    limits::FETCH_COPY_MAX_BYTES,
    log::lookup::Slice,
    types::{Offset, Uuid},
};
use ottla_net::{
    header::encode_response_header,
    messages::{ApiKey, generated::fetch::FetchRequest},
    wire::Writer,
};
use tokio::sync::Notify;

use super::{Reply, Request, offsets::check_epoch};
use crate::{
    Broker,
    connection::Close,
    fetch_session::{Context, FetchPartition, Forgotten},
};

/// The answer for one partition.
struct Answer<E: Env> {
    error: ErrorCode,
    high_watermark: i64,
    log_start: i64,
    slice: Option<Slice<E::Disk>>,
    /// Aborted transactions are null under read_uncommitted, but empty where there is no partition.
    aborted_null: bool,
}

impl<E: Env> Answer<E> {
    fn error(error: ErrorCode) -> Self {
        let absent = matches!(error, ErrorCode::UnknownTopicOrPartition | ErrorCode::UnknownTopicId);
        Answer { error, high_watermark: -1, log_start: -1, slice: None, aborted_null: !absent }
    }

    fn len(&self) -> u64 {
        self.slice.as_ref().map_or(0, |s| s.len)
    }
}

/// One look at all partitions of a fetch.
struct Round<E: Env> {
    answers: Vec<Answer<E>>,
    bytes: u64,
    /// A partition that exists has an error: nobody waits for the others.
    failed: bool,
    /// How many partitions exist.
    present: usize,
}

impl<E: Env> Broker<E> {
    pub(super) async fn fetch(
        &self,
        request: FetchRequest,
        r: &Request,
        signal: &Arc<Notify>,
        reply: &mut Reply<E::Region>,
    ) -> Result<(), Close> {
        let began = self.env.now();
        let (v, id) = (r.version, r.header.correlation_id);
        let uses_ids = 13 <= v;
        let (partitions, forgotten) = wanted(&request);
        let session = (request.session_id, request.session_epoch);
        let context =
            self.sessions.lock().expect(NO_PANIC).begin(session, uses_ids, partitions, &forgotten, began);
        let context = match context {
            Ok(context) => context,
            Err(code) => {
                encode::<E>(reply, v, id, (code, 0), &[]);
                return Ok(());
            }
        };
        if !matches!(request.isolation_level, 0 | 1) {
            let answers: Vec<_> = context
                .partitions()
                .iter()
                .map(|p| (p, Answer::error(ErrorCode::UnknownServerError)))
                .collect();
            encode::<E>(reply, v, id, (ErrorCode::UnknownServerError, 0), &answers);
            return Ok(());
        }
        let deadline = began + Duration::from_millis(request.max_wait_ms.max(0) as u64);
        let replica = if 15 <= v { request.replica_state.replica_id } else { request.replica_id };
        let mut round = self.look(&context, &request, replica);
        let present = round.present;
        while 0 < round.present
            && round.present == present
            && !round.failed
            && round.bytes < request.min_bytes.max(0) as u64
            && self.env.now() < deadline
            && !self.stopping.is_cancelled()
        {
            // Told once any of them grows; then all are looked at again.
            for p in context.partitions() {
                if let Some(partition) = self.partition_of(p) {
                    partition.wait_for_data(signal);
                }
            }
            round = self.look(&context, &request, replica);
            if round.failed || request.min_bytes as u64 <= round.bytes || round.present < present {
                break;
            }
            let stop = self.stopping.run_until_cancelled(signal.notified());
            until(self.env.sleep_until(deadline), stop).await;
            round = self.look(&context, &request, replica);
        }
        self.answer(context, round, (v, id, uses_ids), request.isolation_level, reply);
        Ok(())
    }

    fn partition_of(&self, p: &FetchPartition) -> Option<Arc<crate::partition::Partition<E>>> {
        if p.topic_id == Uuid::ZERO {
            self.replicas.find(&p.topic, p.index)
        } else {
            self.replicas.find_by_id(p.topic_id, p.index)
        }
    }

    /// Looks at the partitions in order: the first that has data gives at least one whole batch, later ones
    /// what fits (KIP-74).
    fn look(&self, context: &Context, request: &FetchRequest, replica: i32) -> Round<E> {
        let limit = self.config.number("fetch.max.bytes").min(request.max_bytes.into()).max(0) as u64;
        let mut round = Round { answers: Vec::new(), bytes: 0, failed: false, present: 0 };
        for p in context.partitions() {
            let answer = match self.partition_of(p) {
                None if p.topic_id == Uuid::ZERO => Answer::error(ErrorCode::UnknownTopicOrPartition),
                None => Answer::error(ErrorCode::UnknownTopicId),
                Some(partition) => {
                    round.present += 1;
                    let left = limit.saturating_sub(round.bytes).min(p.max_bytes.max(0) as u64);
                    let read = read(&partition, p, left, round.bytes == 0, replica);
                    round.failed |= read.is_err();
                    read.unwrap_or_else(Answer::error)
                }
            };
            round.bytes += answer.len();
            round.answers.push(answer);
        }
        round
    }

    fn answer(
        &self,
        context: Context,
        round: Round<E>,
        (v, id, uses_ids): (i16, i32, bool),
        isolation_level: i8,
        reply: &mut Reply<E::Region>,
    ) {
        let mut answers = round.answers;
        if isolation_level == 1 {
            answers.iter_mut().for_each(|a| a.aborted_null = false);
        }
        let mut told = Vec::with_capacity(answers.len());
        for (partition, answer) in context.partitions().iter().zip(&answers) {
            let mut partition = partition.clone();
            partition.told =
                if answer.error.is_none() { (answer.high_watermark, answer.log_start) } else { (-1, -1) };
            told.push((partition, 0 < answer.len()));
        }
        let all: Vec<(&FetchPartition, Answer<E>)> = context.partitions().iter().zip(answers).collect();
        match &context {
            Context::Sessionless(_) => encode(reply, v, id, (ErrorCode::None, 0), &all),
            Context::Full(_) => {
                let partitions = told.into_iter().map(|(p, _)| p).collect();
                let mut sessions = self.sessions.lock().expect(NO_PANIC);
                let session = sessions.open(partitions, uses_ids, self.env.now(), || self.env.random_u64());
                drop(sessions);
                encode(reply, v, id, (ErrorCode::None, session), &all);
            }
            Context::Incremental { id: session, .. } => {
                let changed = |(p, a): &(&FetchPartition, Answer<E>)| {
                    0 < a.len() || !a.error.is_none() || p.told != (a.high_watermark, a.log_start)
                };
                let changed: Vec<_> = all.into_iter().filter(changed).collect();
                encode(reply, v, id, (ErrorCode::None, *session), &changed);
                drop(changed);
                self.sessions.lock().expect(NO_PANIC).told(*session, told);
            }
        }
    }
}

/// The partitions of a request, each once with its last entry, and those to forget.
fn wanted(request: &FetchRequest) -> (Vec<FetchPartition>, Vec<Forgotten>) {
    let mut partitions: Vec<FetchPartition> = Vec::new();
    for topic in &request.topics {
        for p in &topic.partitions {
            let new = FetchPartition {
                topic: topic.topic.clone(),
                topic_id: topic.topic_id,
                index: p.partition,
                fetch_offset: p.fetch_offset,
                leader_epoch: p.current_leader_epoch,
                last_fetched_epoch: p.last_fetched_epoch,
                max_bytes: p.partition_max_bytes,
                told: (-1, -1),
            };
            let same = |q: &&mut FetchPartition| {
                q.index == new.index && q.topic_id == new.topic_id && q.topic == new.topic
            };
            match partitions.iter_mut().find(same) {
                Some(known) => *known = new,
                None => partitions.push(new),
            }
        }
    }
    let forgotten = request.forgotten_topics_data.iter();
    let forgotten =
        forgotten.flat_map(|t| t.partitions.iter().map(|index| (t.topic.clone(), t.topic_id, *index)));
    (partitions, forgotten.collect())
}

fn read<E: Env>(
    partition: &crate::partition::Partition<E>,
    p: &FetchPartition,
    max_bytes: u64,
    first: bool,
    replica: i32,
) -> Result<Answer<E>, ErrorCode> {
    if 0 <= replica {
        // No node is a replica of a partition that has one.
        return Err(ErrorCode::NotLeaderOrFollower);
    }
    let positions = partition.positions()?;
    check_epoch(p.leader_epoch, &positions)?;
    if positions.epoch.0 < p.last_fetched_epoch {
        return Err(ErrorCode::OffsetOutOfRange);
    }
    if p.max_bytes < 0 {
        return Err(ErrorCode::UnknownServerError);
    }
    let (positions, slice) = partition.read(Offset(p.fetch_offset), max_bytes, first)?;
    Ok(Answer {
        error: ErrorCode::None,
        high_watermark: positions.high_watermark.0,
        log_start: positions.log_start.0,
        slice,
        aborted_null: true,
    })
}

/// Writes the answer; long ranges are left in their files.
fn encode<E: Env>(
    reply: &mut Reply<E::Region>,
    v: i16,
    correlation_id: i32,
    (error, session): (ErrorCode, i32),
    answers: &[(&FetchPartition, Answer<E>)],
) {
    let start = reply.out.len();
    reply.out.extend_from_slice(&[0; 4]);
    let mut w = Writer::new(&mut reply.out, false);
    encode_response_header(&mut w, ApiKey::Fetch, v, correlation_id);
    w.i32(0);
    if 7 <= v {
        w.i16(error.code());
        w.i32(session);
    }
    let same = |a: &FetchPartition, b: &FetchPartition| a.topic == b.topic && a.topic_id == b.topic_id;
    let topics = answers.chunk_by(|a, b| same(a.0, b.0));
    w.array_length(Some(topics.clone().count()));
    let mut in_files = 0;
    for topic in topics {
        let mut w = Writer::new(&mut reply.out, 12 <= v);
        match v {
            13.. => w.uuid(topic[0].0.topic_id),
            _ => w.string(&topic[0].0.topic),
        }
        w.array_length(Some(topic.len()));
        for (partition, answer) in topic {
            in_files += encode_partition(reply, v, partition, answer);
        }
        Writer::new(&mut reply.out, 12 <= v).no_tags();
    }
    Writer::new(&mut reply.out, 12 <= v).no_tags();
    reply.seal(start, in_files);
}

/// Writes one partition; returns how many bytes of it lie in a file.
fn encode_partition<E: Env>(
    reply: &mut Reply<E::Region>,
    v: i16,
    partition: &FetchPartition,
    answer: &Answer<E>,
) -> u64 {
    let mut w = Writer::new(&mut reply.out, 12 <= v);
    w.i32(partition.index);
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
    Writer::new(&mut reply.out, 12 <= v).no_tags();
    in_file
}

const NO_PANIC: &str = "a panic under a lock ends the process";
