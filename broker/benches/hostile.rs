//! What an honest producer feels of hostile peers: its 99th percentile at 500 records a second, with 2,000
//! idle connections, senders of one byte a second, claims of 90 MB and a stream of broken frames, against the
//! same broker left alone. Rounds are interleaved; the ratio is the median of the rounds' ratios.
//! `cargo bench -p ottla-broker --bench hostile`
#![allow(clippy::disallowed_methods)]

mod process;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use process::{Server, ask, assert_accepted, batch, directory, in_turn, median, produce};

const ROUNDS: usize = 9;
const RECORDS: u32 = 2_000;
const EVERY: Duration = Duration::from_millis(2);

fn main() {
    let settings = [("log.flush.interval.messages", "9223372036854775807")];
    let server = Server::broker(directory(), &settings, 1);
    let (mut quiet, mut hostile, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (alone, pressed) = in_turn(round, || p99_ms(&server), || under_attack(&server));
        // The first round warms the machine up.
        if 0 < round {
            quiet.push(alone);
            hostile.push(pressed);
            ratios.push(pressed / alone);
        }
    }
    println!(
        "p99 of an honest producer: {:.2} ms alone, {:.2} ms under attack, ratio {:.2} (medians of {ROUNDS} rounds)",
        median(&mut quiet),
        median(&mut hostile),
        median(&mut ratios)
    );
}

/// The 99th percentile, in milliseconds, from when each record was due to its acknowledgement.
fn p99_ms(server: &Server) -> f64 {
    let request = produce(0, &batch(1_000, 0).0);
    let mut stream = TcpStream::connect(&server.address).expect("it listens");
    stream.set_nodelay(true).expect("it is a socket");
    let mut latencies = Histogram::<u64>::new(3).expect("three digits");
    let began = Instant::now();
    for n in 0..RECORDS {
        let due = began + EVERY * n;
        if let Some(wait) = due.checked_duration_since(Instant::now()) {
            thread::sleep(wait);
        }
        assert_accepted(&ask(&mut stream, &request));
        latencies.record(due.elapsed().as_micros() as u64).expect("the histogram grows");
    }
    latencies.value_at_quantile(0.99) as f64 / 1e3
}

fn under_attack(server: &Server) -> f64 {
    let connect = || TcpStream::connect(&server.address).expect("it listens");
    let idle: Vec<TcpStream> = (0..2_000).map(|_| connect()).collect();
    let mut slow: Vec<TcpStream> = (0..50).map(|_| connect()).collect();
    slow.iter_mut().for_each(|s| s.write_all(&90_000_000i32.to_be_bytes()).expect("it reads"));
    let stop = AtomicBool::new(false);
    let p99 = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                // One byte of each; and a frame that is none, which costs its sender the connection.
                slow.iter_mut().for_each(|s| s.write_all(&[0]).expect("it reads"));
                for _ in 0..20 {
                    let mut broken = connect();
                    broken.write_all(&frame_of_garbage()).expect("it reads");
                    let closed = broken.read(&mut [0; 1]);
                    assert!(!matches!(closed, Ok(1..)), "garbage was answered");
                    thread::sleep(Duration::from_millis(20));
                }
            }
        });
        let p99 = p99_ms(server);
        stop.store(true, Ordering::Relaxed);
        p99
    });
    drop(idle);
    p99
}

/// A fetch whose array claims more elements than there are bytes.
fn frame_of_garbage() -> Vec<u8> {
    let header = [0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff];
    [&14i32.to_be_bytes()[..], &header, &[0x7f, 0xff, 0xff, 0xff]].concat()
}
