//! One connection: frames in, answers out, in order.
//!
//! Produce requests are pipelined: later ones are appended while earlier ones wait for the disk. Any other
//! request is handled when everything before it was answered, or is kept where acks=0 asks for no answer, as in
//! Kafka. Answers are sent together at the end of a drain. A client that does not read its answers is not read
//! either.

use std::{
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
    task::Poll,
    time::Duration,
};

use bytes::BytesMut;
use ottla_core::{
    env::{Chunk, Env, OutQueue, Stream, until},
    limits::{
        FRAME_RATE_MIN_BYTES_PER_S, FRAME_RATE_WINDOW_MS, PRODUCE_IN_FLIGHT_MAX, RECEIVE_LOW_WATER_MAX_MS,
        REPLY_BYTES_MAX, WRITE_STALL_MAX_MS,
    },
    types::{Mono, NodeId},
};
use ottla_net::{frame::BadLength, header::peek, messages::ApiKey, receive::ReceiveBuffer};
use tokio::sync::Notify;

use crate::{
    Broker,
    handlers::Reply,
    metrics::Refusal,
    produce::{Produce, Settled},
    topology::Audience,
};

/// After so long without a request, a connection's buffer shrinks.
const SHRINK_AFTER: Duration = Duration::from_secs(5);

/// What is given up when the peer leaves: what it changes is done before the first wait.
const ONLY_WAIT: [ApiKey; 3] = [ApiKey::Fetch, ApiKey::JoinGroup, ApiKey::SyncGroup];

/// A connection and what it is in the middle of.
pub(crate) struct Connection<E: Env, S> {
    pub(crate) broker: Arc<Broker<E>>,
    stream: S,
    /// Where it comes from.
    pub(crate) origin: Origin,
    received: ReceiveBuffer,
    /// Answers that were written and not sent.
    reply: Reply<E>,
    queue: OutQueue<E::Region>,
    produce: Produce<E>,
    /// Told by partitions when what it waits for has come.
    pub(crate) signal: Arc<Notify>,
    /// When the incomplete frame at the front began to arrive.
    frame_began: Option<Mono>,
    /// Since when each part of that frame wakes, because it takes long.
    frame_slow: Option<Mono>,
}

/// Where requests come from.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The peer's host.
    pub(crate) host: String,
    /// The name of the listener.
    pub(crate) listener: Arc<str>,
    /// For whom the listener is.
    pub(crate) audience: Audience,
    /// Another node has passed it on.
    pub(crate) is_forwarded: bool,
    /// More has arrived behind a request that waits: who waits for a follower answers at once.
    pub(crate) has_more: AtomicBool,
    /// The broker that was heard of here, or -1.
    broker: AtomicI32,
}

impl Origin {
    pub(crate) fn new(host: String, listener: Arc<str>, audience: Audience) -> Origin {
        let (has_more, broker) = (AtomicBool::new(false), AtomicI32::new(-1));
        Origin { host, listener, audience, is_forwarded: false, has_more, broker }
    }

    /// This very process.
    pub(crate) fn internal() -> Origin {
        Origin::new(String::new(), "".into(), Audience::Controllers)
    }

    /// The same, of a request that came in an envelope.
    pub(crate) fn forwarded(&self) -> Origin {
        let inner = Origin::new(self.host.clone(), self.listener.clone(), Audience::Clients);
        Origin { is_forwarded: true, ..inner }
    }

    /// A broker was heard of here.
    pub(crate) fn is_of_broker(&self, node: NodeId) {
        self.broker.store(node.0, Ordering::Relaxed);
    }
}

/// Why a connection ends.
#[derive(Debug)]
pub(crate) enum Close {
    /// The peer ended it, or the network did.
    Gone(io::Error),
    /// The peer broke a rule.
    Refused(Refusal),
    /// It was idle, or the broker stops.
    Done,
}

impl From<BadLength> for Close {
    fn from(_: BadLength) -> Close {
        Close::Refused(Refusal::FrameLength)
    }
}

impl<E: Env, S: Stream<Region = E::Region>> Connection<E, S> {
    pub(crate) fn new(broker: Arc<Broker<E>>, stream: S, origin: Origin) -> Self {
        let frame_max_bytes = broker.settings.frame_max_bytes;
        Connection {
            broker,
            stream,
            origin,
            received: ReceiveBuffer::new(frame_max_bytes),
            reply: Reply::default(),
            queue: OutQueue::default(),
            produce: Produce::new(),
            signal: Arc::new(Notify::new()),
            frame_began: None,
            frame_slow: None,
        }
    }

    /// Serves until either side ends it.
    pub(crate) async fn run(mut self) {
        let close = loop {
            if let Err(close) = self.turn().await {
                break close;
            }
        };
        let host = &self.origin.host;
        match close {
            Close::Gone(e) => tracing::debug!(host, "connection ended: {e}"),
            Close::Refused(refusal) => self.broker.refuse(host, refusal),
            Close::Done => {}
        }
        let of_broker = self.origin.broker.load(Ordering::Relaxed);
        if 0 <= of_broker {
            self.broker.lost_connection_of(NodeId(of_broker));
        }
    }

    /// One drain: all whole frames, then their answers, then waiting for more.
    async fn turn(&mut self) -> Result<(), Close> {
        self.take_frames().await?;
        self.append();
        let settled = self.settle()?;
        self.send().await?;
        if self.broker.stopping.is_cancelled() && settled == Settled::All {
            return Err(Close::Done);
        }
        // What was not taken because too much was in flight may have nothing to wait for by now.
        if self.received.has_frame() && self.produce.in_flight() < PRODUCE_IN_FLIGHT_MAX {
            return Ok(());
        }
        self.wait(settled).await
    }

    async fn take_frames(&mut self) -> Result<(), Close> {
        while self.produce.in_flight() < PRODUCE_IN_FLIGHT_MAX && self.reply.out.len() < REPLY_BYTES_MAX {
            let Some(frame) = self.received.take_frame()? else { break };
            (self.frame_began, self.frame_slow) = (None, None);
            let (key, version, _) = peek(&frame).ok_or(Close::Refused(Refusal::FrameTooShort))?;
            let is_for_nodes = self.origin.audience == Audience::Controllers;
            if key == ApiKey::Produce as i16 && (3..=13).contains(&version) && !is_for_nodes {
                let (wall, now) = (self.broker.env.wall(), self.broker.env.now());
                let taken = self.produce.take(frame, &self.broker.replicas, wall, now);
                taken.map_err(|_| Close::Refused(Refusal::Undecodable))?;
            } else {
                self.finish_produce().await?;
                self.handle_alone(frame).await?;
            }
        }
        Ok(())
    }

    /// Appends the drain and answers everything before anything else is handled.
    async fn finish_produce(&mut self) -> Result<(), Close> {
        self.append();
        while let Settled::Until(deadline) = self.settle()? {
            self.send().await?;
            until(self.broker.env.sleep_until(deadline), self.signal.notified()).await;
        }
        while let Some(deadline) = self.produce.wait_for_unkept(self.broker.env.now(), &self.signal) {
            self.send().await?;
            until(self.broker.env.sleep_until(deadline), self.signal.notified()).await;
        }
        Ok(())
    }

    /// Handles one request to its end. Meanwhile the peer may only fill the buffer, or leave.
    async fn handle_alone(&mut self, frame: BytesMut) -> Result<(), Close> {
        self.send().await?;
        let broker = self.broker.clone();
        let received = &mut self.received;
        self.origin.has_more.store(!received.is_empty(), Ordering::Relaxed);
        let (stream, origin, signal) = (&self.stream, &self.origin, &self.signal);
        let waits = peek(&frame).is_some_and(|(key, ..)| ONLY_WAIT.iter().any(|api| *api as i16 == key));
        let mut reply = std::mem::take(&mut self.reply);
        let result = {
            let mut handled = pin!(broker.handle(frame.freeze(), &self.origin, &self.signal, &mut reply));
            let mut watch = pin!(async {
                loop {
                    match received.receive_ahead(stream).await {
                        Ok(0) => return io::ErrorKind::UnexpectedEof.into(),
                        Ok(_) if !origin.has_more.swap(true, Ordering::Relaxed) => signal.notify_one(),
                        Ok(_) => {}
                        Err(e) => return e,
                    }
                }
            });
            // Only waiting may be given up half-way. A change that was begun goes on to its end though nobody
            // waits for the answer: its records may be in the log already.
            let mut gone = None;
            poll_fn(|cx| {
                if let Poll::Ready(result) = handled.as_mut().poll(cx) {
                    return Poll::Ready(gone.take().map_or(result, |e| Err(Close::Gone(e))));
                }
                if gone.is_none()
                    && let Poll::Ready(e) = watch.as_mut().poll(cx)
                {
                    gone = Some(e);
                }
                match gone.take_if(|_| waits) {
                    Some(e) => Poll::Ready(Err(Close::Gone(e))),
                    None => Poll::Pending,
                }
            })
            .await
        };
        self.reply = reply;
        result?;
        self.send().await
    }

    /// Appends the drain.
    fn append(&mut self) {
        if 0 < self.produce.in_flight() {
            self.produce.append(self.broker.env.wall(), &self.signal);
            self.broker.metrics.refused(Refusal::Batch, self.produce.take_refused());
        }
    }

    /// Answers what is done.
    fn settle(&mut self) -> Result<Settled, Close> {
        if self.produce.in_flight() == 0 {
            return Ok(Settled::All);
        }
        let told = (&*self.broker.replicas, &*self.origin.listener);
        match self.produce.settle(self.broker.env.now(), told, &mut self.reply.out) {
            Settled::Close => Err(Close::Refused(Refusal::Unacknowledged)),
            settled => Ok(settled),
        }
    }

    /// Sends what was written; a peer that reads nothing for too long is given up.
    async fn send(&mut self) -> Result<(), Close> {
        let Reply { out, regions, fetch: _ } = &mut self.reply;
        if out.is_empty() {
            return Ok(());
        }
        let mut sent = 0;
        for (at, region) in regions.drain(..) {
            self.queue.push(Chunk::Bytes(out.split_to(at - sent).freeze()));
            self.queue.push(Chunk::Region(region));
            sent = at;
        }
        self.queue.push(Chunk::Bytes(out.split().freeze()));
        loop {
            let before = self.queue.bytes();
            // Made only when the socket is full.
            let stall = async { self.broker.env.sleep(Duration::from_millis(WRITE_STALL_MAX_MS)).await };
            match until(stall, self.stream.send(&mut self.queue)).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(e)) => return Err(Close::Gone(e)),
                None if self.queue.bytes() == before => {
                    return Err(Close::Refused(Refusal::Unread));
                }
                None => {}
            }
        }
    }

    /// Waits for bytes, for the disk, or for a deadline.
    async fn wait(&mut self, settled: Settled) -> Result<(), Close> {
        let muted = PRODUCE_IN_FLIGHT_MAX <= self.produce.in_flight();
        let mut room = if muted { None } else { Some(self.received.make_room()?) };
        let now = self.broker.env.now();
        let idle = self.broker.settings.connection_idle_max;
        let large = self.received.is_idle_and_large();
        let alarm = match settled {
            Settled::Until(deadline) => deadline,
            _ if !self.received.is_empty() => {
                let due = self.frame_due(now)?;
                if let (Some(_), Some(room)) = (self.frame_slow, &mut room) {
                    room.low_water = 1;
                }
                due
            }
            _ if large => now + SHRINK_AFTER.min(idle),
            _ => now + idle,
        };
        let woken = {
            let (stream, received, signal, stopping) =
                (&self.stream, &mut self.received, &self.signal, &self.broker.stopping);
            let mut arrived = pin!(async {
                match room {
                    Some(room) => received.receive(stream, room).await,
                    None => std::future::pending().await,
                }
            });
            let mut told = pin!(signal.notified());
            let mut stop = pin!(stopping.cancelled());
            let stopped = stopping.is_cancelled();
            let event = poll_fn(move |cx| {
                if let Poll::Ready(result) = arrived.as_mut().poll(cx) {
                    return Poll::Ready(Some(result));
                }
                let woken =
                    told.as_mut().poll(cx).is_ready() || !stopped && stop.as_mut().poll(cx).is_ready();
                if woken { Poll::Ready(None) } else { Poll::Pending }
            });
            until(self.broker.env.sleep_until(alarm), event).await
        };
        match woken {
            Some(Some(Ok(0))) => Err(Close::Done),
            Some(Some(Err(e))) => Err(Close::Gone(e)),
            Some(Some(Ok(_)) | None) => Ok(()),
            None => self.alarm(settled, large, idle),
        }
    }

    fn alarm(&mut self, settled: Settled, large: bool, idle: Duration) -> Result<(), Close> {
        if matches!(settled, Settled::Until(_)) {
            return Ok(());
        }
        if !self.received.is_empty() {
            return self.frame_due(self.broker.env.now()).map(|_| ());
        }
        if large && SHRINK_AFTER < idle {
            self.received.shrink();
            self.reply = Reply::default();
            return Ok(());
        }
        Err(Close::Done)
    }

    /// When more of the incomplete frame must have arrived: since it began, so many bytes each second, averaged
    /// over a window. A byte now and then moves nothing. A frame that takes long is judged once each part of it has
    /// woken for a while: until then some of what has arrived was not looked at.
    fn frame_due(&mut self, now: Mono) -> Result<Mono, Close> {
        let patience = Duration::from_millis(RECEIVE_LOW_WATER_MAX_MS);
        let began = *self.frame_began.get_or_insert(now);
        if now < began + patience {
            return Ok(began + patience);
        }
        let slow = *self.frame_slow.get_or_insert(now);
        let paid = Duration::from_secs(1 + self.received.len() as u64 / FRAME_RATE_MIN_BYTES_PER_S);
        let due = began + paid.max(Duration::from_millis(FRAME_RATE_WINDOW_MS));
        let due = due.max(slow + patience);
        if now < due { Ok(due) } else { Err(Close::Refused(Refusal::TooSlow)) }
    }
}
