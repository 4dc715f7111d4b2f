//! The broker's CPU for each GB fetched, against a plain loop that answers each request with a length and a
//! `sendfile` of the same bytes: of the broker's own segment files, from where its batches begin. Both are
//! processes of their own; rounds are interleaved; the ratio is the median of the rounds' ratios.
//! `cargo bench -p ottla-broker --bench fetch`
#![allow(clippy::disallowed_methods)]

mod process;

use std::{
    fs::File,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use process::{Server, ask, assert_accepted, batch, directory, fetch, in_turn, median, produce, read_answer};

const ROUNDS: usize = 9;
const CONNECTIONS: usize = 2;
/// What lies in each partition, about.
const DATA_BYTES: u64 = 128 * 1024 * 1024;
const REQUEST_BYTES: usize = 16;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--serve-files") {
        let words: Vec<&str> = arguments[at + 1].split(',').collect();
        let size = |at: usize| words[at].parse().expect("a size");
        return serve_files(size(0), size(1), words[2]);
    }
    println!(
        "{:<22} {:>14} {:>14} {:>8}   (CPU-s/GB, medians of {ROUNDS} rounds)",
        "workload", "plain loop", "ottla", "ratio"
    );
    let (batch, count) = batch(1_000, 64 * 1024);
    let batches = DATA_BYTES / batch.len() as u64;
    let broker = Server::broker(directory(), &[("log.segment.bytes", "1073741824")], CONNECTIONS);
    for partition in 0..CONNECTIONS as i32 {
        let mut stream = TcpStream::connect(&broker.address).expect("it listens");
        let request = produce(partition, &batch);
        (0..batches).for_each(|_| assert_accepted(&ask(&mut stream, &request)));
    }
    for (name, fetch_bytes, total_bytes) in
        [("64 KiB fetches", 64 * 1024, 4_000_000_000u64), ("1 MiB fetches", 1024 * 1024, 4_000_000_000)]
    {
        let batches_per_fetch = fetch_bytes / batch.len();
        let step = batches_per_fetch * batch.len();
        let data = broker.dir.as_ref().expect("it has one").path().join("data");
        let plain = Server::reference("--serve-files", &format!("{fetch_bytes},{step},{}", data.display()));
        let per_fetch = (batches_per_fetch * count) as i64;
        let fetches = total_bytes / fetch_bytes as u64 / CONNECTIONS as u64;
        let offset = |n: u64| n as i64 % (batches as i64 * count as i64 / per_fetch - 1) * per_fetch;
        let ask_plain = |_: i32, _: u64| vec![0; REQUEST_BYTES];
        let ask_broker = |partition: i32, n: u64| fetch(partition, offset(n), fetch_bytes as i32);
        let (mut plains, mut brokers, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let (reference, ottla) = in_turn(
                round,
                || measure(&plain, &ask_plain, fetches),
                || measure(&broker, &ask_broker, fetches),
            );
            // The first round warms the machine up.
            if 0 < round {
                plains.push(reference);
                brokers.push(ottla);
                ratios.push(ottla / reference);
            }
        }
        println!(
            "{name:<22} {:>14.3} {:>14.3} {:>8.2}",
            median(&mut plains),
            median(&mut brokers),
            median(&mut ratios)
        );
    }
}

/// CPU seconds a GB.
fn measure(server: &Server, request: &(impl Fn(i32, u64) -> Vec<u8> + Sync), fetches: u64) -> f64 {
    let before = server.cpu();
    let received: u64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS as i32)
            .map(|partition| {
                scope.spawn(move || {
                    let mut stream = TcpStream::connect(&server.address).expect("it listens");
                    stream.set_nodelay(true).expect("it is a socket");
                    let mut answer = vec![0; 2 * 1024 * 1024];
                    let mut received = 0;
                    for n in 0..fetches {
                        stream.write_all(&request(partition, n)).expect("it reads");
                        received += read_answer(&mut stream, &mut answer) as u64;
                    }
                    received
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().expect("it ends")).sum()
    });
    (server.cpu() - before) / received as f64 * 1e9
}

/// The plain loop: a length, and as many bytes of a segment; the next answer begins `step` bytes further on.
/// Each connection is served another partition.
fn serve_files(answer_bytes: u64, step: u64, data: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("it is bound"));
    for (n, stream) in listener.incoming().enumerate() {
        let mut stream = stream.expect("a connection");
        stream.set_nodelay(true).expect("it is a socket");
        let segment = format!("{data}/bench-{}/{:020}.log", n % CONNECTIONS, 0);
        thread::spawn(move || {
            let file = File::open(&segment).unwrap_or_else(|e| panic!("{segment}: {e}"));
            let size = file.metadata().expect("it is open").len();
            let (mut request, mut from) = ([0; REQUEST_BYTES], 0);
            while stream.read_exact(&mut request).is_ok() {
                let header = (answer_bytes as u32).to_be_bytes();
                rustix::net::send(&stream, &header, rustix::net::SendFlags::MORE).expect("it reads");
                let (mut at, end) = (from, from + answer_bytes);
                while at < end {
                    let left = (end - at) as usize;
                    rustix::fs::sendfile(&stream, &file, Some(&mut at), left).expect("it reads");
                }
                from = if size < from + step + answer_bytes { 0 } else { from + step };
            }
            // What a thread used can be read only while it lives.
            drop(stream);
            thread::park();
        });
    }
}
