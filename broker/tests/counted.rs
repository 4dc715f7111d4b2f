//! Copies and allocations on the hot paths, counted in the production code over real sockets and files.
#![allow(clippy::disallowed_methods)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    collections::BTreeMap,
    future::Future,
    io::{self, Read, Write},
    net::TcpStream,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc,
    },
    thread,
};

use bytes::{Bytes, BytesMut};
use ottla_broker::Broker;
use ottla_core::{
    config::BrokerConfig,
    env::{Chunk, Disk, Env, Incoming, Listener, Network, OpenMode, OutQueue, Region, Stream},
    record::{BatchBuilder, Codec},
    types::{Mono, Timestamp, Uuid},
};
use ottla_net::env::{
    TokioDisk, TokioEnv, TokioFile, TokioIncoming, TokioListener, TokioNetwork, TokioRegion, TokioStream,
    TokioTicket,
};
use tokio::sync::oneshot;

/// Counts what threads of a broker allocate.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
thread_local!(static IS_BROKER: Cell<bool> = const { Cell::new(false) });

#[allow(unsafe_code)]
// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if IS_BROKER.get() {
            ALLOCATIONS.fetch_add(1, Relaxed);
        }
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        unsafe { System.dealloc(ptr, layout) }
    }
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if IS_BROKER.get() {
            ALLOCATIONS.fetch_add(1, Relaxed);
        }
        unsafe { System.realloc(ptr, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What passed between a broker and the world.
#[derive(Default)]
struct Passed {
    /// Addresses that the kernel put received bytes at: start and end, merged.
    received: Mutex<BTreeMap<usize, usize>>,
    /// Received bytes that were moved within memory before they were used.
    moved: AtomicU64,
    /// Bytes that were written to files from where the kernel had put them, and from elsewhere.
    written_in_place: AtomicU64,
    written_copied: AtomicU64,
    /// Bytes that were sent from memory, and from files.
    sent_from_memory: AtomicU64,
    sent_from_files: AtomicU64,
}

impl Passed {
    fn receive(&self, mut start: usize, mut end: usize) {
        let mut received = self.received.lock().unwrap();
        if let Some((s, e)) =
            received.range(..=start).next_back().map(|(s, e)| (*s, *e)).filter(|(_, e)| start <= *e)
        {
            (start, end) = (s, end.max(e));
        }
        while let Some((s, e)) = received.range(start..=end).next().map(|(s, e)| (*s, *e)) {
            end = end.max(e);
            received.remove(&s);
        }
        received.insert(start, end);
    }

    fn write(&self, slice: &[u8]) {
        let (start, end) = (slice.as_ptr() as usize, slice.as_ptr() as usize + slice.len());
        let received = self.received.lock().unwrap();
        let in_place = received.range(..=start).next_back().is_some_and(|(_, e)| end <= *e);
        let counter = if in_place { &self.written_in_place } else { &self.written_copied };
        counter.fetch_add(slice.len() as u64, Relaxed);
    }
}

/// The production environment, watched.
#[derive(Clone)]
struct WatchedEnv {
    inner: TokioEnv,
    network: WatchedNetwork,
}

#[derive(Clone)]
struct WatchedNetwork {
    inner: TokioNetwork,
    passed: Arc<Passed>,
}

#[derive(Clone)]
struct WatchedDisk {
    inner: TokioDisk,
    passed: Arc<Passed>,
}

struct WatchedListener {
    inner: TokioListener,
    passed: Arc<Passed>,
}

struct WatchedIncoming {
    inner: TokioIncoming,
    passed: Arc<Passed>,
}

struct WatchedStream {
    inner: TokioStream,
    passed: Arc<Passed>,
    /// Where the last receive ended in memory.
    end: Mutex<usize>,
}

impl Env for WatchedEnv {
    type Region = TokioRegion;
    type Disk = WatchedDisk;
    type Network = WatchedNetwork;
    type Sleep = <TokioEnv as Env>::Sleep;

    fn now(&self) -> Mono {
        self.inner.now()
    }
    fn wall(&self) -> Timestamp {
        self.inner.wall()
    }
    fn sleep_until(&self, at: Mono) -> Self::Sleep {
        self.inner.sleep_until(at)
    }
    fn random_u64(&self) -> u64 {
        self.inner.random_u64()
    }
    fn boot_id(&self) -> Uuid {
        self.inner.boot_id()
    }
    fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.spawn(name, task);
    }
    fn cores(&self) -> usize {
        self.inner.cores()
    }
    fn spawn_on(&self, core: usize, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.spawn_on(core, name, task);
    }
    fn open_disk(&self, dir: &str) -> io::Result<WatchedDisk> {
        Ok(WatchedDisk { inner: self.inner.open_disk(dir)?, passed: self.network.passed.clone() })
    }
    fn network(&self) -> &WatchedNetwork {
        &self.network
    }
}

impl Disk for WatchedDisk {
    type Region = TokioRegion;
    type File = TokioFile;
    type Ticket = TokioTicket;

    fn lock(&self, path: &str) -> io::Result<()> {
        self.inner.lock(path)
    }
    fn open(&self, path: &str, mode: OpenMode) -> io::Result<TokioFile> {
        self.inner.open(path, mode)
    }
    fn create_dir(&self, path: &str) -> io::Result<()> {
        self.inner.create_dir(path)
    }
    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.inner.list(path)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.inner.rename(from, to)
    }
    fn remove(&self, path: &str) -> io::Result<()> {
        self.inner.remove(path)
    }
    fn submit(&self, file: &TokioFile, at: u64, slices: &mut Vec<Bytes>) -> TokioTicket {
        slices.iter().for_each(|slice| self.passed.write(slice));
        self.inner.submit(file, at, slices)
    }
    fn sync(&self, files: &[TokioFile], dirs: &[&str]) -> TokioTicket {
        self.inner.sync(files, dirs)
    }
}

impl Network for WatchedNetwork {
    type Region = TokioRegion;
    type Stream = WatchedStream;
    type Listener = WatchedListener;

    async fn listen(&self, address: &str) -> io::Result<WatchedListener> {
        Ok(WatchedListener { inner: self.inner.listen(address).await?, passed: self.passed.clone() })
    }
    async fn connect(&self, address: &str) -> io::Result<WatchedStream> {
        let inner = self.inner.connect(address).await?;
        Ok(WatchedStream { inner, passed: self.passed.clone(), end: Mutex::new(0) })
    }
}

impl Listener for WatchedListener {
    type Stream = WatchedStream;
    type Incoming = WatchedIncoming;

    async fn accept(&mut self) -> io::Result<WatchedIncoming> {
        Ok(WatchedIncoming { inner: self.inner.accept().await?, passed: self.passed.clone() })
    }
    fn port(&self) -> u16 {
        self.inner.port()
    }
}

impl Incoming for WatchedIncoming {
    type Stream = WatchedStream;

    fn peer_host(&self) -> String {
        self.inner.peer_host()
    }
    fn open(self) -> io::Result<WatchedStream> {
        Ok(WatchedStream { inner: self.inner.open()?, passed: self.passed, end: Mutex::new(0) })
    }
}

impl Stream for WatchedStream {
    type Region = TokioRegion;

    fn set_low_water(&self, bytes: usize) {
        self.inner.set_low_water(bytes);
    }

    async fn recv(&self, buf: &mut BytesMut, max_bytes: usize) -> io::Result<usize> {
        let (start, before) = (buf.as_ptr() as usize, buf.len());
        if 0 < before && start + before != *self.end.lock().unwrap() {
            self.passed.moved.fetch_add(before as u64, Relaxed);
            *self.end.lock().unwrap() = start + before;
            self.passed.receive(start, start + before);
        }
        let count = self.inner.recv(buf, max_bytes).await?;
        let end = buf.as_ptr() as usize + buf.len();
        *self.end.lock().unwrap() = end;
        self.passed.receive(end - count, end);
        Ok(count)
    }

    async fn send(&self, queue: &mut OutQueue<TokioRegion>) -> io::Result<()> {
        for chunk in queue.chunks() {
            match chunk {
                Chunk::Bytes(bytes) => self.passed.sent_from_memory.fetch_add(bytes.len() as u64, Relaxed),
                Chunk::Region(region) => self.passed.sent_from_files.fetch_add(region.len(), Relaxed),
            };
        }
        self.inner.send(queue).await
    }
}

/// Runs `client` against a broker in this process, with one core and without syncs.
fn with_broker<E: Env>(
    wrap: impl FnOnce(TokioEnv) -> E + Send + 'static,
    client: impl FnOnce(&mut TcpStream),
) {
    let dir = tempfile::tempdir().unwrap();
    let mut config = BrokerConfig::default();
    for (name, value) in [
        ("log.dirs", dir.path().to_str().unwrap()),
        ("listeners", "PLAINTEXT://127.0.0.1:0"),
        ("ottla.http.listener", ""),
        ("log.flush.interval.messages", "9223372036854775807"),
    ] {
        config.set(name, value).unwrap();
    }
    let (addresses, address) = mpsc::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let broker = thread::spawn(move || {
        IS_BROKER.set(true);
        TokioEnv::run(1, async |env| {
            let running = Broker::start(wrap(env), config).await.unwrap();
            addresses.send(running.addresses[0].clone()).unwrap();
            stopped.await.unwrap();
            running.stop().await;
        });
    });
    let mut stream = TcpStream::connect(address.recv().unwrap()).unwrap();
    stream.set_nodelay(true).unwrap();
    // Metadata, version 4: the topic comes into being.
    for _ in 0..2 {
        ask(&mut stream, &frame(3, 4, &[&1i32.to_be_bytes()[..], &text("counted"), &[1]].concat()));
    }
    client(&mut stream);
    drop(stream);
    stop.send(()).unwrap();
    broker.join().unwrap();
}

fn text(s: &str) -> Vec<u8> {
    [&(s.len() as i16).to_be_bytes()[..], s.as_bytes()].concat()
}

/// A request with a header of the old kind and no client id.
fn frame(key: i16, version: i16, body: &[u8]) -> Vec<u8> {
    let header = [key.to_be_bytes(), version.to_be_bytes(), [0, 0], [0, 7], [0xff; 2]].concat();
    [&((header.len() + body.len()) as i32).to_be_bytes()[..], &header, body].concat()
}

fn read_answer(stream: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut answer).unwrap();
    answer
}

fn ask(stream: &mut TcpStream, frame: &[u8]) -> Vec<u8> {
    stream.write_all(frame).unwrap();
    read_answer(stream)
}

/// Produce, version 7, of one batch of about `bytes`.
fn produce(bytes: usize) -> Vec<u8> {
    let mut builder = BatchBuilder::new(Codec::None);
    while builder.count() == 0 || builder.size() < bytes {
        builder.push(-1, None, Some(&[b'x'; 1_000]), &[]);
    }
    let batch = builder.build();
    let numbers = [(-1i16).to_be_bytes(), 1i16.to_be_bytes()].concat();
    let body = [
        &numbers[..],
        &30_000i32.to_be_bytes(),
        &1i32.to_be_bytes(),
        &text("counted"),
        &1i32.to_be_bytes(),
        &0i32.to_be_bytes(),
        &(batch.len() as i32).to_be_bytes(),
        &batch,
    ];
    frame(0, 7, &body.concat())
}

/// Fetch, version 4, from offset 0.
fn fetch(max_bytes: i32) -> Vec<u8> {
    let body = [
        &(-1i32).to_be_bytes()[..],
        &500i32.to_be_bytes(),
        &1i32.to_be_bytes(),
        &max_bytes.to_be_bytes(),
        &[0],
        &1i32.to_be_bytes(),
        &text("counted"),
        &1i32.to_be_bytes(),
        &0i32.to_be_bytes(),
        &0i64.to_be_bytes(),
        &max_bytes.to_be_bytes(),
    ];
    frame(1, 4, &body.concat())
}

/// Sends `frame` `count` times, at most `window` of them unanswered.
fn pipeline(stream: &mut TcpStream, frame: &[u8], count: usize, window: usize) {
    let mut sent = 0;
    for answered in 0..count {
        while sent < count && sent < answered + window {
            stream.write_all(frame).unwrap();
            sent += 1;
        }
        read_answer(stream);
    }
}

/// Allocations of the broker while it answers `count` requests, after as many to warm it up.
fn allocations(frame: Vec<u8>, count: usize, window: usize) -> u64 {
    let counted = Arc::new(AtomicU64::new(0));
    let result = counted.clone();
    with_broker(
        |env| env,
        move |stream| {
            pipeline(stream, &produce(300_000), 10, 1);
            pipeline(stream, &frame, count, window);
            let before = ALLOCATIONS.load(Relaxed);
            pipeline(stream, &frame, count, window);
            counted.store(ALLOCATIONS.load(Relaxed) - before, Relaxed);
        },
    );
    result.load(Relaxed)
}

/// One test, because the allocations of all brokers in the process are counted together. What is left are
/// lists that grow with the log (index entries), once in a doubling.
#[test]
fn the_hot_paths_neither_allocate_nor_copy() {
    for (name, frame, count, window) in [
        ("produce 100 B", produce(0), 5_000, 64),
        ("produce 64 KiB", produce(64 * 1024), 1_000, 5),
        ("produce 1 MB", produce(1_000_000), 100, 5),
        ("fetch 100 kB", fetch(100_000), 2_000, 1),
        ("fetch 1 MB", fetch(1_000_000), 200, 1),
        ("fetch 4 kB, copied into the answer", fetch(4_000), 2_000, 1),
    ] {
        let allocations = allocations(frame, count, window);
        println!("{name:<36} {allocations:>6} allocations in {count} requests");
        assert!(
            allocations <= (count / 50) as u64 + 2,
            "{name}: {allocations} allocations in {count} requests"
        );
    }
    copies();
}

fn copies() {
    let passed = Arc::new(Passed::default());
    let (watched, totals) = (passed.clone(), passed.clone());
    let wrap = move |env: TokioEnv| {
        let network = WatchedNetwork { inner: env.network().clone(), passed: watched };
        WatchedEnv { inner: env, network }
    };
    let (small, large) = (produce(64 * 1024), produce(1_000_000));
    let produced = (400 * small.len() + 40 * large.len()) as f64;
    with_broker(wrap, move |stream| {
        pipeline(stream, &small, 400, 5);
        pipeline(stream, &large, 40, 5);
        let get = |counter: &AtomicU64| counter.load(Relaxed) as f64;
        let copied = get(&totals.written_copied) + get(&totals.moved);
        println!("produce: {copied} of {produced} bytes were copied in memory");
        assert!(0.98 * produced < get(&totals.written_in_place), "the watch saw too little");
        assert!(copied < 0.05 * produced, "{copied} of {produced} produced bytes were copied");
        let before = (get(&totals.sent_from_memory), get(&totals.sent_from_files));
        pipeline(stream, &fetch(1_000_000), 50, 1);
        let (memory, files) =
            (get(&totals.sent_from_memory) - before.0, get(&totals.sent_from_files) - before.1);
        println!("fetch: {memory} bytes sent from memory, {files} from files");
        assert!(40_000_000.0 < files && memory < 50.0 * 200.0, "{memory} bytes were sent from memory");
    });
}
