//! The broker's CPU for each GB produced, against a plain loop that reads the same bytes from a socket and
//! writes them to files of the same size. Both are processes of their own; rounds are interleaved; the ratio
//! is the median of the rounds' ratios. `cargo bench -p ottla-broker --bench floor`
#![allow(clippy::disallowed_methods)]

mod process;

use std::{
    fs::File,
    io::{BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::FileExt,
    thread,
};

use process::{Server, assert_accepted, batch, directory, in_turn, median, produce, read_answer};

const ROUNDS: usize = 7;
const CONNECTIONS: usize = 2;
const WINDOW: usize = 5;
const SEGMENT_BYTES: u64 = 128 * 1024 * 1024;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--serve-floor") {
        return floor(arguments[at + 1].parse().expect("a frame's size"));
    }
    println!(
        "{:<22} {:>14} {:>14} {:>8}   (CPU-s/GB, medians of {ROUNDS} rounds)",
        "workload", "plain loop", "ottla", "ratio"
    );
    for (name, frame_bytes, total_bytes) in
        [("64 KiB frames", 64 * 1024, 2_000_000_000u64), ("1 MiB frames", 1_000_000, 2_000_000_000)]
    {
        let frame = produce(0, &batch(1_000, frame_bytes).0);
        let (mut floors, mut brokers, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let plain = || {
                measure(&Server::reference("--serve-floor", &frame.len().to_string()), &frame, total_bytes)
            };
            let ottla = || measure(&broker(), &frame, total_bytes);
            let (floor, broker) = in_turn(round, plain, ottla);
            // The first round warms the machine up.
            if 0 < round {
                floors.push(floor);
                brokers.push(broker);
                ratios.push(broker / floor);
            }
        }
        println!(
            "{name:<22} {:>14.3} {:>14.3} {:>8.2}",
            median(&mut floors),
            median(&mut brokers),
            median(&mut ratios)
        );
    }
    let frame = produce(0, &batch(100, 0).0);
    let records = 2_000_000u64;
    let mut costs: Vec<f64> = (0..ROUNDS).map(|_| pipelined(&broker(), &frame, records)).collect();
    println!(
        "100 B, one record a request, window 64 on 8 connections: {:.2} µs of CPU a request",
        median(&mut costs)
    );
}

fn broker() -> Server {
    let settings = [
        ("log.flush.interval.messages", "9223372036854775807"),
        ("log.segment.bytes", &SEGMENT_BYTES.to_string()),
    ];
    Server::broker(directory(), &settings, 8)
}

/// CPU seconds a GB.
fn measure(server: &Server, frame: &[u8], total_bytes: u64) -> f64 {
    let frames = total_bytes / frame.len() as u64 / CONNECTIONS as u64;
    send(server, frame, frames / 10, CONNECTIONS, WINDOW);
    let before = server.cpu();
    send(server, frame, frames, CONNECTIONS, WINDOW);
    (server.cpu() - before) / (frames * frame.len() as u64 * CONNECTIONS as u64) as f64 * 1e9
}

/// CPU microseconds a request.
fn pipelined(server: &Server, frame: &[u8], records: u64) -> f64 {
    send(server, frame, records / 80, 8, 64);
    let before = server.cpu();
    send(server, frame, records / 8, 8, 64);
    (server.cpu() - before) / records as f64 * 1e6
}

/// Sends `frames` on each connection, at most `window` of them unanswered; each connection has a partition.
fn send(server: &Server, frame: &[u8], frames: u64, connections: usize, window: usize) {
    thread::scope(|scope| {
        for partition in 0..connections as i32 {
            scope.spawn(move || {
                let mut frame = frame.to_vec();
                let at = frame.windows(5).position(|w| w == b"bench").expect("the topic's name") + 9;
                frame[at..at + 4].copy_from_slice(&partition.to_be_bytes());
                let stream = TcpStream::connect(&server.address).expect("it listens");
                stream.set_nodelay(true).expect("it is a socket");
                let mut answers =
                    BufReader::with_capacity(64 * 1024, stream.try_clone().expect("a second handle"));
                // Small frames go out several at a time, as a client's do.
                let burst = if frame.len() < 4096 { window / 2 } else { 1 };
                let many = frame.repeat(burst);
                let (mut sent, mut answered) = (0u64, 0u64);
                let mut answer = [0; 128];
                while answered < frames {
                    while sent < frames && sent + burst as u64 <= answered + window as u64 {
                        (&stream).write_all(&many).expect("it reads");
                        sent += burst as u64;
                    }
                    if 30 < read_answer(&mut answers, &mut answer) {
                        assert_accepted(&answer);
                    }
                    answered += 1;
                }
            });
        }
    });
}

/// The plain loop: what arrives is written as it is; an answer of 16 bytes for each frame's worth.
fn floor(frame_bytes: usize) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("it is bound"));
    for (number, stream) in listener.incoming().enumerate() {
        let mut stream = stream.expect("a connection");
        thread::spawn(move || {
            let mut segment = 0;
            let mut file = File::create(format!("floor-{number}-0")).expect("a file");
            let (mut at, mut unanswered) = (0u64, 0usize);
            let mut buf = vec![0; 256 * 1024];
            let answer = [&12i32.to_be_bytes()[..], &[0; 12]].concat();
            while let Ok(read) = stream.read(&mut buf) {
                if read == 0 {
                    break;
                }
                if SEGMENT_BYTES < at + read as u64 {
                    segment += 1;
                    file = File::create(format!("floor-{number}-{segment}")).expect("a file");
                    at = 0;
                }
                file.write_all_at(&buf[..read], at).expect("it is written");
                at += read as u64;
                unanswered += read;
                while frame_bytes <= unanswered {
                    stream.write_all(&answer).expect("it reads");
                    unanswered -= frame_bytes;
                }
            }
            // What a thread used can be read only while it lives.
            drop(stream);
            thread::park();
        });
    }
}
