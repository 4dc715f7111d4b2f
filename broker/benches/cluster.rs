//! A cluster of three processes: how long a partition is without service, what replication costs, and how long the
//! partitions of a dead broker are without a leader. `cargo bench -p ottla-broker --bench cluster`
#![allow(clippy::disallowed_methods)]

mod process;

use std::{
    fs::File,
    io::Write,
    net::TcpStream,
    os::unix::fs::FileExt,
    thread,
    time::{Duration, Instant},
};

use ottla_client::{
    Client, ClientConfig,
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_net::{env::TokioEnv, messages::generated::metadata::MetadataResponse};
use process::{Server, assert_accepted, batch, directory, fetch, median, produce, read_answer};
use rustix::process::Signal;

const ROUNDS: usize = 5;
/// What a producer sends at once, in bytes.
const FRAMES_BYTES: [usize; 3] = [65_000, 250_000, 1_000_000];
const GB: f64 = 1e9;
const PRODUCED_BYTES: u64 = 400_000_000;
/// What is written once in a while lies in the page cache only.
const PAGE_CACHE: (&str, &str) = ("log.flush.interval.messages", "9223372036854775807");

fn main() {
    if process::pipeline::serve() {
        return;
    }
    // One part alone, if it is named.
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_wanted = |part: &str| named.as_ref().is_none_or(|named| named == part);
    TokioEnv::run(1, async |env| {
        if is_wanted("failover") {
            failover(&env).await;
        }
        if is_wanted("elections") {
            elections(&env).await;
        }
    });
    if is_wanted("replication") {
        replication();
    }
}

fn port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it is bound").port()
}

/// Three nodes, each broker and controller.
struct Cluster {
    nodes: Vec<Option<Server>>,
    ports: Vec<(u16, u16)>,
    settings: Vec<(String, String)>,
}

impl Cluster {
    fn start(more: &[(&str, &str)]) -> Cluster {
        let ports: Vec<(u16, u16)> = (0..3).map(|_| (port(), port())).collect();
        let voters: Vec<String> =
            ports.iter().zip(1..).map(|((_, at), node)| format!("{node}@127.0.0.1:{at}")).collect();
        let mut settings = vec![
            ("controller.quorum.voters".to_owned(), voters.join(",")),
            ("default.replication.factor".to_owned(), "3".to_owned()),
            ("min.insync.replicas".to_owned(), "2".to_owned()),
        ];
        settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut cluster = Cluster { nodes: (0..3).map(|_| None).collect(), ports, settings };
        let starting: Vec<_> = (0..3).map(|at| cluster.command(at, directory())).collect();
        for (at, node) in starting.into_iter().enumerate() {
            cluster.nodes[at] = Some(node.serving());
        }
        cluster
    }

    fn command(&self, at: usize, dir: tempfile::TempDir) -> process::Starting {
        let (clients, controllers) = self.ports[at];
        let mut settings = self.settings.clone();
        settings.push(("node.id".to_owned(), (at + 1).to_string()));
        settings.push((
            "listeners".to_owned(),
            format!("PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controllers}"),
        ));
        Server::node(dir, &settings)
    }

    fn bootstrap(&self) -> String {
        let addresses: Vec<String> = self.ports.iter().map(|(at, _)| format!("127.0.0.1:{at}")).collect();
        addresses.join(",")
    }

    fn client(&self, env: &TokioEnv) -> Client<TokioEnv> {
        Client::new(env.clone(), ClientConfig::new(&self.bootstrap()))
    }

    fn cpu(&self) -> f64 {
        self.nodes.iter().flatten().map(Server::cpu).sum()
    }
}

/// Asks until it is so.
async fn until_so(client: &Client<TokioEnv>, is_so: impl Fn(&MetadataResponse) -> bool) {
    while !client.describe_topics(None).await.is_ok_and(|told| is_so(&told)) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn is_whole(told: &MetadataResponse, partitions: usize) -> bool {
    let all: Vec<_> = told.topics.iter().flat_map(|topic| &topic.partitions).collect();
    all.len() == partitions && all.iter().all(|p| 0 <= p.leader_id && p.isr_nodes.len() == 3)
}

/// How long a producer with acks=all is not served when the leader of its partition goes.
async fn failover(env: &TokioEnv) {
    println!("without service, acks=all, default settings (ms; medians and worst of {ROUNDS} rounds)");
    for (what, signal) in
        [("kill -9 of the leader", Signal::KILL), ("clean stop of the leader", Signal::TERM)]
    {
        let mut gaps = Vec::new();
        for _ in 0..ROUNDS {
            gaps.push(gap(env, signal).await);
        }
        let worst = gaps.iter().copied().fold(0.0, f64::max);
        println!("  {what:<26} {:>8.0} {worst:>8.0}", median(&mut gaps));
    }
}

async fn gap(env: &TokioEnv, signal: Signal) -> f64 {
    let mut cluster = Cluster::start(&[]);
    let client = cluster.client(env);
    client.create_topic("bench", 1, 3, &[]).await.expect("it is made");
    until_so(&client, |told| is_whole(told, 1)).await;
    let config = ProducerConfig { linger: Duration::ZERO, ..ProducerConfig::default() };
    let producer = Producer::new(cluster.client(env), config);
    let send = || async {
        let record = ProducerRecord { topic: "bench".into(), value: Some("x".into()), ..Default::default() };
        let report = producer.send(record).await.expect("it is taken");
        report.await.expect("it is told").expect("it is acknowledged in the end");
        Instant::now()
    };
    let mut last = send().await;
    let began = Instant::now();
    let mut longest = Duration::ZERO;
    let mut victim = None;
    while began.elapsed() < Duration::from_secs(4) {
        if victim.is_none() && Duration::from_millis(500) < began.elapsed() {
            let told = client.describe_topics(None).await.expect("it is told");
            let leader = told.topics[0].partitions[0].leader_id as usize - 1;
            let node = cluster.nodes[leader].take().expect("it serves");
            node.signal(signal);
            victim = Some(node);
            (last, longest) = (Instant::now(), Duration::ZERO);
        }
        let now = send().await;
        longest = longest.max(now - last);
        last = now;
    }
    longest.as_secs_f64() * 1e3
}

/// How long partitions are without a leader when a broker of a cluster with 10,000 of them dies.
async fn elections(env: &TokioEnv) {
    const PARTITIONS: i32 = 10_000;
    let mut cluster = Cluster::start(&[]);
    let client = cluster.client(env);
    let began = Instant::now();
    for topic in 0..10 {
        let made = client.create_topic(&format!("bench-{topic}"), PARTITIONS / 10, 3, &[]).await;
        made.expect("it is made");
    }
    until_so(&client, |told| is_whole(told, PARTITIONS as usize)).await;
    println!(
        "{PARTITIONS} partitions of three replicas made and in sync in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let quorum = client.describe_quorum().await.expect("it is told");
    let controller = quorum.topics[0].partitions[0].leader_id;
    let victim = (1..=3).find(|node| *node != controller).expect("there are three");
    let leads = |told: &MetadataResponse| {
        let all = told.topics.iter().flat_map(|topic| &topic.partitions);
        all.filter(|p| p.leader_id == victim || p.leader_id < 0).count()
    };
    let led = leads(&client.describe_topics(None).await.expect("it is told"));
    let node = cluster.nodes[victim as usize - 1].take().expect("it serves");
    node.signal(Signal::KILL);
    let killed = Instant::now();
    until_so(&client, |told| leads(told) == 0).await;
    println!(
        "  the {led} that a killed broker led have other leaders after {:.0} ms",
        killed.elapsed().as_millis()
    );
}

/// The CPU of a cluster for each GB produced with acks=all, against what its parts cost alone.
fn replication() {
    println!("CPU-s/GB, page-cache flush (medians of {ROUNDS} rounds)");
    println!(
        "  {:>10} {:>8} {:>9} {:>10} {:>8} {:>8} {:>8} {:>10} {:>8}",
        "frame", "produce", "2 x fetch", "2 x append", "sum", "cluster", "ratio", "plain loops", "ratio"
    );
    for frame_bytes in FRAMES_BYTES {
        let mut rows: Vec<[f64; 8]> = Vec::new();
        for round in 0..=ROUNDS {
            let (produced, fetched) = alone(frame_bytes);
            let appended = append_twice(frame_bytes);
            let sum = produced + 2.0 * fetched + appended;
            let cluster = replicated(frame_bytes);
            let plain = plain_loops(frame_bytes);
            // The first round warms the machine up.
            if 0 < round {
                rows.push([
                    produced,
                    2.0 * fetched,
                    appended,
                    sum,
                    cluster,
                    cluster / sum,
                    plain,
                    cluster / plain,
                ]);
            }
        }
        let column = |at: usize| median(&mut rows.iter().map(|row| row[at]).collect::<Vec<_>>());
        let [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(column);
        println!(
            "  {frame_bytes:>10} {a:>8.3} {b:>9.3} {c:>10.3} {d:>8.3} {e:>8.3} {f:>8.2} {g:>10.3} {h:>8.2}"
        );
    }
}

/// Writes as much as what follows, and removes it, so that the page cache has memory at hand. A virtual machine has to
/// ask for what it has never touched, or has given back, which costs several times as much as the writing: that is not
/// compared here. Free memory is given back within seconds, so this comes last before the CPU is read.
fn touch_memory() {
    let dir = directory();
    let file = File::create(dir.path().join("touched")).expect("it is made");
    let bytes = vec![1; 1_000_000];
    for at in (0..4 * PRODUCED_BYTES).step_by(bytes.len()) {
        file.write_all_at(&bytes, at).expect("it is written");
    }
}

/// Sends so many frames, five ahead of their answers.
fn send(address: &str, frame: &[u8]) -> f64 {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let frames = PRODUCED_BYTES as usize / frame.len();
    let mut answer = [0; 256];
    for sent in 0..frames + 5 {
        if sent < frames {
            stream.write_all(frame).expect("it reads");
        }
        if 5 <= sent {
            let length = read_answer(&mut stream, &mut answer);
            assert_accepted(&answer[..length.min(256)]);
        }
    }
    (frames * frame.len()) as f64
}

fn frame(bytes: usize) -> Vec<u8> {
    produce(0, &batch(1_000, bytes).0)
}

/// The CPU that this thread has used.
fn own_cpu() -> f64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux has it");
    line.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("a number") / 1e9
}

/// One broker: what producing costs it, and what a fetch costs it and whoever reads.
fn alone(frame_bytes: usize) -> (f64, f64) {
    let server = Server::broker(directory(), &[PAGE_CACHE], 1);
    touch_memory();
    let before = server.cpu();
    let bytes = send(&server.address, &frame(frame_bytes));
    let produced = (server.cpu() - before) / (bytes / GB);
    let mut stream = TcpStream::connect(&server.address).expect("it listens");
    let (before, own) = (server.cpu(), own_cpu());
    let (mut offset, mut read) = (0i64, 0u64);
    let mut answer = vec![0; 2 * frame_bytes];
    while (read as f64) < bytes * 0.95 {
        stream.write_all(&fetch(0, offset, frame_bytes as i32)).expect("it reads");
        let length = read_answer(&mut stream, &mut answer);
        // Correlation id, throttle time, one topic by its name, one partition, high watermark, stable offset, aborted.
        const HEAD: usize = 4 + 4 + 4 + 7 + 4 + 4 + 2 + 8 + 8 + 4 + 4;
        let view = ottla_core::record::BatchView::new(&answer[HEAD..length]).expect("there is a batch");
        let last = ottla_core::record::batch::batches(&answer[HEAD..length]).last();
        offset = last.map_or(view.last_offset(), |(_, batch)| batch.last_offset()).0 + 1;
        read += (length - HEAD) as u64;
    }
    let fetched = (server.cpu() - before + own_cpu() - own) / (read as f64 / GB);
    (produced, fetched)
}

/// Two plain loops that append everything, as two followers do: at the same time, each its own copy to files of its own
/// directory, and the sum of each checked.
fn append_twice(frame_bytes: usize) -> f64 {
    touch_memory();
    thread::scope(|scope| {
        let followers = [(); 2].map(|()| scope.spawn(|| append(frame(frame_bytes))));
        followers.into_iter().map(|follower| follower.join().expect("it appends")).sum()
    })
}

fn append(frame: Vec<u8>) -> f64 {
    const FILE_BYTES: u64 = 128 * 1024 * 1024;
    let dir = directory();
    let before = own_cpu();
    let mut written = 0u64;
    let mut file: Option<(File, u64)> = None;
    while written < PRODUCED_BYTES {
        if file.as_ref().is_none_or(|(_, at)| FILE_BYTES < *at) {
            file = Some((File::create(dir.path().join(written.to_string())).expect("it is made"), 0));
        }
        let (file, at) = file.as_mut().expect("it was made");
        std::hint::black_box(ottla_core::record::crc32c(&frame));
        file.write_all_at(&frame, *at).expect("it is written");
        *at += frame.len() as u64;
        written += frame.len() as u64;
    }
    (own_cpu() - before) / (written as f64 / GB)
}

/// A cluster, all of it.
fn replicated(frame_bytes: usize) -> f64 {
    let cluster = Cluster::start(&[PAGE_CACHE]);
    let leader = TokioEnv::run(1, async |env| {
        let client = cluster.client(&env);
        client.create_topic("bench", 1, 3, &[]).await.expect("it is made");
        until_so(&client, |told| is_whole(told, 1)).await;
        let told = client.describe_topics(None).await.expect("it is told");
        told.topics[0].partitions[0].leader_id as usize
    });
    let address = format!("127.0.0.1:{}", cluster.ports[leader - 1].0);
    touch_memory();
    let before = cluster.cpu();
    let bytes = send(&address, &frame(frame_bytes));
    (cluster.cpu() - before) / (bytes / GB)
}

/// The same bytes over the same sockets to as many files, without a broker.
fn plain_loops(frame_bytes: usize) -> f64 {
    let frame = frame(frame_bytes);
    let processes = process::pipeline::start(frame.len());
    touch_memory();
    let bytes = send(&processes[0].address, &frame);
    processes.iter().map(Server::cpu).sum::<f64>() / (bytes / GB)
}
