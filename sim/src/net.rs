//! A network of byte streams that misbehaves as TCP over a bad network does.
//!
//! Bytes travel in segments that arrive in order after a drawn latency. A blocked link holds them back until
//! it heals; nobody is told. A process that crashes resets its connections; a node that loses power falls
//! silent, and its peer learns of it only when it sends to the kernel that came back. Connecting to a node
//! that is down, or across a block, hangs and tries again as SYNs are.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use ottla_core::env::{Chunk, Incoming, Listener, Network, OutQueue, Region, Stream};
use tokio::sync::Notify;

use crate::{
    disk::SimRegion,
    draw::{self, Draws},
    timers::SimSleep,
    trace::{fnv, hash},
    world::{Crash, Life, World},
};

/// Bytes that may be under way or unread in one direction.
const WINDOW_BYTES: usize = 256 * 1024;
/// A SYN is sent again after these many seconds in all; then the connection times out.
const SYN_RETRIES_S: [u64; 7] = [1, 3, 7, 15, 31, 63, 127];
const SEGMENT_BYTES: usize = 16 * 1024;

/// How links behave; chances are in a million segments.
#[derive(Clone, Copy, Debug)]
pub struct LinkFaults {
    /// Shortest latency, in microseconds.
    pub latency_min_us: u64,
    /// Longest latency, in microseconds.
    pub latency_max_us: u64,
    /// A segment is lost and sent again.
    pub loss: u64,
}

impl Default for LinkFaults {
    fn default() -> Self {
        LinkFaults { latency_min_us: 50, latency_max_us: 1_000, loss: 0 }
    }
}

/// One direction of a connection.
struct Pipe {
    from: Arc<str>,
    to: Arc<str>,
    inner: Mutex<PipeState>,
    changed: Notify,
    room: Notify,
}

#[derive(Default)]
struct PipeState {
    /// Bytes and when they arrive; held back where the link is blocked.
    segments: VecDeque<(u64, Bytes)>,
    held: bool,
    bytes: usize,
    last_arrival_ns: u64,
    /// The sender has ended the stream, as of then.
    finished_ns: Option<u64>,
    /// The reader is told of a reset, as of then.
    reset_ns: Option<u64>,
    /// The peer lost its power: what is sent goes nowhere, until its kernel is back and resets.
    silent: bool,
}

impl PipeState {
    /// When a reader is woken that waits for so many bytes: as many have arrived, or as many as may be under way, or no
    /// more will come.
    fn readable_ns(&self, low_water: usize) -> u64 {
        let mut bytes = 0;
        let mut so_far = self.segments.iter().map(|(at, segment)| {
            bytes += segment.len();
            (*at, bytes)
        });
        let awaited = low_water.min(WINDOW_BYTES);
        let enough = so_far.find(|(_, bytes)| awaited <= *bytes).map(|(at, _)| at);
        let last_ns = self.segments.back().map_or(0, |(at, _)| *at);
        enough.or(self.finished_ns.map(|at| at.max(last_ns))).unwrap_or(u64::MAX)
    }

    /// Moves what has arrived behind `buf`, segment by segment until it is `enough`, and no more than `room`; says how
    /// much.
    fn take(&mut self, now_ns: u64, enough: usize, room: usize, buf: &mut BytesMut) -> usize {
        let mut taken = 0;
        while taken < enough.min(room)
            && let Some((_, front)) = self.segments.front_mut().filter(|(at, _)| *at <= now_ns)
        {
            let count = front.len().min(room - taken);
            buf.extend_from_slice(&front.split_to(count));
            if front.is_empty() {
                self.segments.pop_front();
            }
            taken += count;
        }
        self.bytes -= taken;
        taken
    }
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, PipeState> {
        self.inner.lock().expect("a run ends with its first panic")
    }

    fn reset(&self, at_ns: u64) {
        self.lock().reset_ns.get_or_insert(at_ns);
        self.changed.notify_one();
        self.room.notify_one();
    }
}

/// Connections that a port has not accepted yet.
#[derive(Default)]
struct Port {
    incarnation: u64,
    waiting: VecDeque<(u64, SimStream)>,
    arrived: Arc<Notify>,
}

/// One direction between two nodes.
struct Link {
    blocked: bool,
    draws: draw::Stream,
}

/// All links and ports.
pub(crate) struct NetState {
    pub(crate) faults: LinkFaults,
    /// By who sends, then by who receives.
    links: BTreeMap<String, BTreeMap<String, Link>>,
    ports: BTreeMap<(String, u16), Port>,
    pipes: Vec<Arc<Pipe>>,
    source: Draws,
    next_port: u16,
}

impl NetState {
    pub(crate) fn new(source: Draws) -> NetState {
        NetState {
            faults: LinkFaults::default(),
            links: BTreeMap::new(),
            ports: BTreeMap::new(),
            pipes: Vec::new(),
            source,
            next_port: 40_000,
        }
    }

    fn link(&mut self, from: &str, to: &str) -> &mut Link {
        if self.links.get(from).is_none_or(|links| !links.contains_key(to)) {
            let draws = self.source.stream("link", fnv(format!("{from}>{to}").as_bytes()));
            let links = self.links.entry(from.to_owned()).or_default();
            links.insert(to.to_owned(), Link { blocked: false, draws });
        }
        self.links.get_mut(from).and_then(|links| links.get_mut(to)).expect("it was made")
    }

    fn latency_ns(&mut self, from: &str, to: &str) -> u64 {
        let faults = self.faults;
        let draws = &mut self.link(from, to).draws;
        let lost_ns = if draws.chance(faults.loss) { draws.range(200_000_000, 1_000_000_000) } else { 0 };
        draws.range(faults.latency_min_us, faults.latency_max_us) * 1_000 + lost_ns
    }

    fn is_blocked(&self, from: &str, to: &str) -> bool {
        self.links.get(from).and_then(|links| links.get(to)).is_some_and(|link| link.blocked)
    }

    pub(crate) fn block(&mut self, from: &str, to: &str, blocked: bool, now_ns: u64) {
        self.link(from, to).blocked = blocked;
        if blocked {
            return;
        }
        let pipes: Vec<Arc<Pipe>> =
            self.pipes.iter().filter(|p| *p.from == *from && *p.to == *to).cloned().collect();
        for pipe in pipes {
            // Held segments are sent again some time after the link healed.
            let resent_ns = now_ns + self.link(from, to).draws.range(1_000_000, 400_000_000);
            let mut inner = pipe.lock();
            if std::mem::take(&mut inner.held) {
                for segment in &mut inner.segments {
                    if segment.0 == u64::MAX {
                        segment.0 = resent_ns;
                    }
                }
                inner.last_arrival_ns = inner.last_arrival_ns.max(resent_ns);
            }
            drop(inner);
            pipe.changed.notify_one();
        }
    }

    pub(crate) fn crash(&mut self, node: &str, how: Crash, now_ns: u64) {
        self.ports.retain(|(host, _), _| host != node);
        let pipes: Vec<Arc<Pipe>> =
            self.pipes.iter().filter(|p| *p.from == *node || *p.to == *node).cloned().collect();
        for pipe in pipes {
            match how {
                // A reset travels as data does, and is lost across a block.
                Crash::Process if *pipe.from == *node && !self.is_blocked(&pipe.from, &pipe.to) => {
                    let latency = self.latency_ns(&pipe.from, &pipe.to);
                    pipe.reset(now_ns + latency);
                }
                Crash::Process | Crash::Power => pipe.lock().silent = true,
            }
            pipe.changed.notify_one();
            pipe.room.notify_one();
        }
        self.pipes.retain(|p| *p.from != *node && *p.to != *node);
    }

    pub(crate) fn reset(&mut self, node: &str, now_ns: u64) -> u64 {
        let (mine, rest) = std::mem::take(&mut self.pipes)
            .into_iter()
            .partition(|p: &Arc<Pipe>| *p.from == *node || *p.to == *node);
        self.pipes = rest;
        let mine: Vec<Arc<Pipe>> = mine;
        mine.iter().for_each(|pipe| pipe.reset(now_ns));
        mine.len() as u64 / 2
    }

    pub(crate) fn clear(&mut self) {
        self.ports.clear();
        self.pipes.clear();
    }
}

/// A node's view of the network.
#[derive(Clone)]
pub struct SimNetwork {
    pub(crate) world: World,
    pub(crate) life: Arc<Life>,
}

/// A bound port.
pub struct SimListener {
    network: SimNetwork,
    port: u16,
    arrived: Arc<Notify>,
}

/// One end of a connection.
pub struct SimStream {
    network: SimNetwork,
    out: Arc<Pipe>,
    inn: Arc<Pipe>,
    /// For how many bytes a reader is woken.
    low_water: AtomicUsize,
    peer: Arc<str>,
}

impl SimNetwork {
    fn alive(&self) -> io::Result<()> {
        self.life.check()
    }

    async fn sleep_until(&self, at_ns: u64) {
        SimSleep::until(&self.world, at_ns).await;
    }
}

fn split(address: &str) -> io::Result<(String, u16)> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, format!("{address} is no address"));
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    Ok((host.to_owned(), port.parse().map_err(|_| wrong())?))
}

impl Network for SimNetwork {
    type Region = SimRegion;
    type Stream = SimStream;
    type Listener = SimListener;

    async fn listen(&self, address: &str) -> io::Result<SimListener> {
        self.alive()?;
        let (_, mut port) = split(address)?;
        let mut state = self.world.state();
        if port == 0 {
            state.net.next_port += 1;
            port = state.net.next_port;
        }
        let key = (self.life.node.to_string(), port);
        if state.net.ports.get(&key).is_some_and(|p| p.incarnation == self.life.incarnation) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        let bound = Port { incarnation: self.life.incarnation, ..Port::default() };
        let arrived = bound.arrived.clone();
        state.net.ports.insert(key, bound);
        Ok(SimListener { network: self.clone(), port, arrived })
    }

    async fn connect(&self, address: &str) -> io::Result<SimStream> {
        let (host, port) = split(address)?;
        let began_ns = self.world.now_ns();
        let to: Arc<str> = host.as_str().into();
        for retry_s in SYN_RETRIES_S {
            self.alive()?;
            let retry_ns = began_ns + Duration::from_secs(retry_s).as_nanos() as u64;
            let attempt = self.syn(&to, port);
            match attempt {
                Some((arrives_ns, result)) => {
                    self.sleep_until(arrives_ns).await;
                    return result;
                }
                None => self.sleep_until(retry_ns).await,
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }
}

impl SimNetwork {
    /// One try to connect: when the answer arrives and what it is, or `None` if there is none.
    fn syn(&self, to: &Arc<str>, port: u16) -> Option<(u64, io::Result<SimStream>)> {
        let now = self.world.now_ns();
        let mut state = self.world.state();
        let own = &self.life.node;
        if state.net.is_blocked(own, to) || state.net.is_blocked(to, own) {
            return None;
        }
        let there_ns = now + state.net.latency_ns(own, to);
        let back_ns = there_ns + state.net.latency_ns(to, own);
        let up = state.nodes.get(&**to).and_then(|n| n.life.clone())?;
        let key = (to.to_string(), port);
        if state.net.ports.get(&key).is_none_or(|p| p.incarnation != up.incarnation) {
            return Some((back_ns, Err(io::ErrorKind::ConnectionRefused.into())));
        }
        let pipe = |from: &Arc<str>, to: &Arc<str>| {
            let (inner, changed, room) = (Mutex::default(), Notify::new(), Notify::new());
            Arc::new(Pipe { from: from.clone(), to: to.clone(), inner, changed, room })
        };
        let (there, back) = (pipe(own, to), pipe(to, own));
        let theirs = SimStream {
            network: SimNetwork { world: self.world.clone(), life: up },
            out: back.clone(),
            inn: there.clone(),
            low_water: AtomicUsize::new(1),
            peer: own.clone(),
        };
        state.net.pipes.retain(|p| 1 < Arc::strong_count(p));
        state.net.pipes.extend([there.clone(), back.clone()]);
        let port = state.net.ports.get_mut(&key).expect("it was found");
        port.waiting.push_back((there_ns, theirs));
        port.arrived.notify_one();
        let (network, low_water) = (self.clone(), AtomicUsize::new(1));
        Some((back_ns, Ok(SimStream { network, out: there, inn: back, low_water, peer: to.clone() })))
    }
}

impl Listener for SimListener {
    type Stream = SimStream;
    type Incoming = SimStream;

    async fn accept(&mut self) -> io::Result<SimStream> {
        loop {
            self.network.alive()?;
            let now = self.network.world.now_ns();
            let next_ns = {
                let mut state = self.network.world.state();
                let key = (self.network.life.node.to_string(), self.port);
                let port = state.net.ports.get_mut(&key).ok_or(io::ErrorKind::NotConnected)?;
                if port.waiting.front().is_some_and(|(at, _)| *at <= now) {
                    return Ok(port.waiting.pop_front().expect("it is there").1);
                }
                port.waiting.front().map(|(at, _)| *at)
            };
            match next_ns {
                Some(at) => self.network.sleep_until(at).await,
                None => self.arrived.notified().await,
            }
        }
    }

    fn port(&self) -> u16 {
        self.port
    }
}

impl Incoming for SimStream {
    type Stream = SimStream;

    fn peer_host(&self) -> String {
        self.peer.to_string()
    }

    fn open(self) -> io::Result<SimStream> {
        Ok(self)
    }
}

impl SimStream {
    /// Waits until the window has room.
    async fn room(&self) -> io::Result<()> {
        loop {
            self.network.alive()?;
            let reset_ns = self.inn.lock().reset_ns;
            {
                let inner = self.out.lock();
                if inner.reset_ns.is_some() || reset_ns.is_some_and(|at| at <= self.network.world.now_ns()) {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                if inner.bytes < WINDOW_BYTES {
                    return Ok(());
                }
            }
            let reset = self.network.sleep_until(reset_ns.unwrap_or(u64::MAX));
            ottla_core::env::until(reset, self.out.room.notified()).await;
        }
    }

    fn put(&self, bytes: Bytes) -> io::Result<()> {
        let now = self.network.world.now_ns();
        let (from, to) = (&self.out.from, &self.out.to);
        let mut state = self.network.world.state();
        let blocked = state.net.is_blocked(from, to);
        let peer_up = state.nodes.get(&**to).is_some_and(|n| n.life.is_some());
        let latency = state.net.latency_ns(from, to);
        drop(state);
        let mut inner = self.out.lock();
        let arrival_ns = if inner.silent || blocked || inner.held {
            u64::MAX
        } else {
            inner.last_arrival_ns.max(now + latency)
        };
        // What never arrives takes no time.
        let takes_us =
            arrival_ns.checked_sub(now).filter(|_| arrival_ns != u64::MAX).map_or(0, |ns| ns / 1_000);
        self.network.world.trace(
            from,
            format_args!("send {to} len={} hash={:016x} takes={takes_us}", bytes.len(), hash(&bytes)),
        );
        if inner.silent {
            if peer_up && !blocked {
                // The kernel that came back knows nothing of the connection.
                drop(inner);
                self.inn.reset(now + latency);
            }
            return Ok(());
        }
        inner.bytes += bytes.len();
        if arrival_ns == u64::MAX {
            inner.held = true;
        } else {
            inner.last_arrival_ns = arrival_ns;
        }
        inner.segments.push_back((arrival_ns, bytes));
        drop(inner);
        self.out.changed.notify_one();
        Ok(())
    }
}

impl Drop for SimListener {
    fn drop(&mut self) {
        if !self.network.world.is_free() || self.network.alive().is_err() {
            return;
        }
        let key = (self.network.life.node.to_string(), self.port);
        self.network.world.state().net.ports.remove(&key);
    }
}

impl Drop for SimStream {
    fn drop(&mut self) {
        // Destructors of a dead incarnation have no effect; nor have those that run while the world itself
        // takes a node down, and holds its state.
        if !self.network.world.is_free() || self.network.alive().is_err() {
            return;
        }
        let now = self.network.world.now_ns();
        let (from, to) = (&self.out.from, &self.out.to);
        let (latency, blocked) = {
            let mut state = self.network.world.state();
            (state.net.latency_ns(from, to), state.net.is_blocked(from, to))
        };
        let is_unread = 0 < self.inn.lock().bytes;
        let mut inner = self.out.lock();
        let at = inner.last_arrival_ns.max(now);
        if is_unread && !blocked {
            // What was sent and never read is answered with a reset (RFC 2525, 2.17).
            inner.reset_ns.get_or_insert(at + latency);
        } else {
            inner.finished_ns.get_or_insert(at + 1_000);
        }
        drop(inner);
        self.out.changed.notify_one();
        // Bytes that the peer still sends find nobody.
        self.inn.lock().silent = true;
        self.inn.room.notify_one();
    }
}

impl Stream for SimStream {
    type Region = SimRegion;

    fn set_low_water(&self, bytes: usize) {
        self.low_water.store(bytes.max(1), Ordering::Relaxed);
    }

    async fn recv(&self, buf: &mut BytesMut, max_bytes: usize) -> io::Result<usize> {
        let low_water = self.low_water.load(Ordering::Relaxed);
        loop {
            self.network.alive()?;
            let now = self.network.world.now_ns();
            let wait_ns = {
                let mut inner = self.inn.lock();
                if inner.reset_ns.is_some_and(|at| at <= now) {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                let readable_ns = inner.readable_ns(low_water);
                if readable_ns <= now {
                    let room = (buf.capacity() - buf.len()).min(max_bytes);
                    let count = inner.take(now, low_water, room, buf);
                    drop(inner);
                    if 0 < count {
                        self.inn.room.notify_one();
                    }
                    return Ok(count);
                }
                readable_ns.min(inner.reset_ns.unwrap_or(u64::MAX))
            };
            let timer = self.network.sleep_until(wait_ns);
            ottla_core::env::until(timer, self.inn.changed.notified()).await;
        }
    }

    async fn send(&self, queue: &mut OutQueue<SimRegion>) -> io::Result<()> {
        // What is given up while it waits is still in the queue.
        while !queue.is_empty() {
            self.room().await?;
            let mut bytes = match queue.pop_front().expect("it is not empty") {
                Chunk::Bytes(bytes) => bytes,
                Chunk::Region(region) => region.read()?,
            };
            let segment = bytes.split_to(bytes.len().min(SEGMENT_BYTES));
            if !bytes.is_empty() {
                queue.push_front(Chunk::Bytes(bytes));
            }
            self.put(segment)?;
        }
        Ok(())
    }
}
