//! One connection: frames in, answers out, in order.
//!
//! Produce requests are pipelined: later ones are appended while earlier ones wait for the disk. Any other
//! request is handled when everything before it was answered, as Kafka does. Answers are sent together at
//! the end of a drain. A client that does not read its answers is not read either.

use std::{
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::BytesMut;
use ottla_core::{
    env::{Chunk, Env, OutQueue, Stream, until},
    limits::{
        FRAME_RATE_MIN_BYTES_PER_S, FRAME_RATE_WINDOW_MS, PRODUCE_IN_FLIGHT_MAX, RECEIVE_BUFFER_BYTES,
        RECEIVE_BUFFER_IDLE_BYTES, REPLY_BYTES_MAX, WRITE_STALL_MAX_MS,
    },
    types::Mono,
};
use ottla_net::{
    frame::{frame_length, split_frame},
    header::peek,
    messages::ApiKey,
};
use tokio::sync::Notify;

use crate::{
    Broker,
    produce::{Produce, Settled},
};

/// After so long without a request, a connection's buffer shrinks.
const SHRINK_AFTER: Duration = Duration::from_secs(5);
/// Room that a receive needs to be worth its while.
const RECEIVE_MIN_BYTES: usize = 16 * 1024;

/// A connection and what it is in the middle of.
pub(crate) struct Connection<E: Env, S> {
    pub(crate) broker: Arc<Broker<E>>,
    stream: S,
    /// The peer's host.
    pub(crate) host: String,
    buf: BytesMut,
    /// Answers that were written and not sent.
    pub(crate) out: BytesMut,
    /// Ranges of files that belong between the bytes of `out`.
    pub(crate) regions: Vec<(usize, E::Region)>,
    queue: OutQueue<E::Region>,
    produce: Produce<E>,
    /// Told by partitions when what it waits for has come.
    pub(crate) signal: Arc<Notify>,
    frame_max_bytes: usize,
    /// What arrived filled a small buffer: it gets a large one.
    is_busy: bool,
    /// When the incomplete frame at the front began to arrive, and how much of it there was.
    frame_began: Option<Mono>,
}

/// Why a connection ends.
#[derive(Debug)]
pub(crate) enum Close {
    /// The peer ended it, or the network did.
    Gone(io::Error),
    /// The peer broke a rule.
    Refused(&'static str),
    /// It was idle, or the broker stops.
    Done,
}

impl<E: Env, S: Stream<Region = E::Region>> Connection<E, S> {
    pub(crate) fn new(broker: Arc<Broker<E>>, stream: S, host: String) -> Self {
        let frame_max_bytes = broker.config.number("socket.request.max.bytes") as usize;
        Connection {
            broker,
            stream,
            host,
            buf: BytesMut::new(),
            out: BytesMut::new(),
            regions: Vec::new(),
            queue: OutQueue::default(),
            produce: Produce::new(),
            signal: Arc::new(Notify::new()),
            frame_max_bytes,
            is_busy: false,
            frame_began: None,
        }
    }

    /// Serves until either side ends it.
    pub(crate) async fn run(mut self) {
        let close = loop {
            if let Err(close) = self.turn().await {
                break close;
            }
        };
        match close {
            Close::Gone(e) => tracing::debug!(host = self.host, "connection ended: {e}"),
            Close::Refused(why) => tracing::info!(host = self.host, "connection closed: {why}"),
            Close::Done => {}
        }
    }

    /// One drain: all whole frames, then their answers, then waiting for more.
    async fn turn(&mut self) -> Result<(), Close> {
        self.take_frames().await?;
        self.produce.append(self.broker.env.wall(), &self.signal);
        let settled = self.settle()?;
        self.send().await?;
        if self.broker.stopping.is_cancelled() && settled == Settled::All {
            return Err(Close::Done);
        }
        self.wait(settled).await
    }

    async fn take_frames(&mut self) -> Result<(), Close> {
        while self.produce.in_flight() < PRODUCE_IN_FLIGHT_MAX && self.out.len() < REPLY_BYTES_MAX {
            let frame = split_frame(&mut self.buf, self.frame_max_bytes);
            let frame =
                frame.map_err(|_| Close::Refused("a frame's length is not positive, or above the limit"))?;
            let Some(frame) = frame else { break };
            self.frame_began = None;
            let (key, version, _) =
                peek(&frame).ok_or(Close::Refused("a frame is too short for a request"))?;
            if key == ApiKey::Produce as i16 && (3..=13).contains(&version) {
                let (wall, now) = (self.broker.env.wall(), self.broker.env.now());
                let taken = self.produce.take(frame, &self.broker.replicas, wall, now);
                taken.map_err(|_| Close::Refused("a produce request cannot be decoded"))?;
            } else {
                self.finish_produce().await?;
                self.handle_alone(frame).await?;
            }
        }
        Ok(())
    }

    /// Appends the drain and answers everything before anything else is handled.
    async fn finish_produce(&mut self) -> Result<(), Close> {
        self.produce.append(self.broker.env.wall(), &self.signal);
        while let Settled::Until(deadline) = self.settle()? {
            self.send().await?;
            until(self.broker.env.sleep_until(deadline), self.signal.notified()).await;
        }
        Ok(())
    }

    /// Handles one request to its end. Meanwhile the peer may only fill the buffer, or leave.
    async fn handle_alone(&mut self, frame: BytesMut) -> Result<(), Close> {
        self.send().await?;
        // The handler borrows the connection; what arrives meanwhile goes to a buffer beside it.
        let broker = self.broker.clone();
        let mut arrived = std::mem::take(&mut self.buf);
        let stream = &self.stream;
        let waits = peek(&frame).is_some_and(|(key, ..)| key == ApiKey::Fetch as i16);
        let mut reply = crate::handlers::Reply {
            out: std::mem::take(&mut self.out),
            regions: std::mem::take(&mut self.regions),
        };
        let result = {
            let mut handled = pin!(broker.handle(frame.freeze(), &self.signal, &mut reply));
            let mut watch = pin!(async {
                loop {
                    let room = RECEIVE_BUFFER_BYTES.saturating_sub(arrived.len());
                    if room == 0 {
                        // The peer sends ahead; what it sends more waits in the kernel.
                        return std::future::pending::<io::Error>().await;
                    }
                    arrived.reserve(room.min(RECEIVE_MIN_BYTES));
                    match stream.recv(&mut arrived).await {
                        Ok(0) => return io::ErrorKind::UnexpectedEof.into(),
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
        self.buf = arrived;
        self.out = reply.out;
        self.regions = reply.regions;
        result?;
        self.send().await
    }

    fn settle(&mut self) -> Result<Settled, Close> {
        match self.produce.settle(self.broker.env.now(), &mut self.out) {
            Settled::Close => Err(Close::Refused("a produce request without acknowledgement failed")),
            settled => Ok(settled),
        }
    }

    /// Sends what was written; a peer that reads nothing for too long is given up.
    async fn send(&mut self) -> Result<(), Close> {
        if self.out.is_empty() {
            return Ok(());
        }
        let mut sent = 0;
        for (at, region) in self.regions.drain(..) {
            self.queue.push(Chunk::Bytes(self.out.split_to(at - sent).freeze()));
            self.queue.push(Chunk::Region(region));
            sent = at;
        }
        self.queue.push(Chunk::Bytes(self.out.split().freeze()));
        loop {
            let before = self.queue.bytes();
            let stall = self.broker.env.sleep(Duration::from_millis(WRITE_STALL_MAX_MS));
            match until(stall, self.stream.send(&mut self.queue)).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(e)) => return Err(Close::Gone(e)),
                None if self.queue.bytes() == before => {
                    return Err(Close::Refused("the peer does not read its answers"));
                }
                None => {}
            }
        }
    }

    /// Waits for bytes, for the disk, or for a deadline.
    async fn wait(&mut self, settled: Settled) -> Result<(), Close> {
        let muted = PRODUCE_IN_FLIGHT_MAX <= self.produce.in_flight();
        if !muted {
            self.make_room()?;
        }
        let now = self.broker.env.now();
        let idle = Duration::from_millis(self.broker.config.number("connections.max.idle.ms").max(1) as u64);
        let large = self.is_busy && self.buf.is_empty();
        let alarm = match settled {
            Settled::Until(deadline) => deadline,
            _ if !self.buf.is_empty() => now + Duration::from_millis(FRAME_RATE_WINDOW_MS),
            _ if large => now + SHRINK_AFTER.min(idle),
            _ => now + idle,
        };
        let woken = {
            let (stream, buf, signal, stopping) =
                (&self.stream, &mut self.buf, &self.signal, &self.broker.stopping);
            let mut arrived =
                pin!(async { if muted { std::future::pending().await } else { stream.recv(buf).await } });
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
            Some(Some(Ok(_))) => {
                self.is_busy |= RECEIVE_BUFFER_IDLE_BYTES <= self.buf.len();
                Ok(())
            }
            Some(None) => Ok(()),
            None => self.alarm(settled, large, idle),
        }
    }

    fn alarm(&mut self, settled: Settled, large: bool, idle: Duration) -> Result<(), Close> {
        if matches!(settled, Settled::Until(_)) {
            return Ok(());
        }
        if !self.buf.is_empty() {
            let now = self.broker.env.now();
            let began = *self.frame_began.get_or_insert(now);
            let window = Duration::from_millis(FRAME_RATE_WINDOW_MS);
            let due = now.since(began).as_secs() * FRAME_RATE_MIN_BYTES_PER_S;
            let slow = window <= now.since(began) && (self.buf.len() as u64) < due;
            return if slow { Err(Close::Refused("a request arrives too slowly")) } else { Ok(()) };
        }
        if large && SHRINK_AFTER < idle {
            self.buf = BytesMut::new();
            self.out = BytesMut::new();
            self.is_busy = false;
            return Ok(());
        }
        Err(Close::Done)
    }

    /// Makes room to receive into. It grows with what arrives, never with what is claimed.
    fn make_room(&mut self) -> Result<(), Close> {
        let wanted = frame_length(&self.buf, self.frame_max_bytes);
        let wanted =
            wanted.map_err(|_| Close::Refused("a frame's length is not positive, or above the limit"))?;
        if !self.buf.is_empty() && self.frame_began.is_none() {
            self.frame_began = Some(self.broker.env.now());
        }
        let len = self.buf.len();
        // At most as much again as has arrived, however much is claimed.
        let frame = wanted.map_or(0, |w| w + 4 + RECEIVE_MIN_BYTES).min(2 * len);
        let target = if self.is_busy { RECEIVE_BUFFER_BYTES.max(frame) } else { RECEIVE_BUFFER_IDLE_BYTES };
        let missing = wanted.map_or(0, |w| (w + 4).saturating_sub(len));
        let enough = RECEIVE_MIN_BYTES.max(missing).min(target.saturating_sub(len));
        if self.buf.capacity() - len < enough {
            // Taken from the front of the same buffer where nothing of it is in use any more: so the whole
            // never asks for more than it has.
            self.buf.reserve(target - len);
        }
        Ok(())
    }
}
