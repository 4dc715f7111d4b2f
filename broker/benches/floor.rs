//! The broker's CPU for each GB produced, against a plain loop that reads the same bytes from a socket and
//! writes them to files of the same size. Both are processes of their own; rounds are interleaved; the ratio is the median of
//! the rounds' ratios. `cargo bench -p ottla-broker --bench floor`
#![allow(clippy::disallowed_methods)]

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::FileExt,
    process::{Child, Command, Stdio},
    thread,
};

use ottla_core::record::{BatchBuilder, Codec};

const ROUNDS: usize = 5;
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
    for (name, record_bytes, frame_bytes, total_bytes) in [
        ("64 KiB frames", 1_000, 64 * 1024, 2_000_000_000u64),
        ("1 MiB frames", 1_000, 1_000_000, 2_000_000_000),
    ] {
        let (frame, _) = frame(record_bytes, frame_bytes);
        let (mut floors, mut brokers, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let floor = measure(&mut Server::floor(frame.len()), &frame, total_bytes);
            let broker = measure(&mut Server::broker(), &frame, total_bytes);
            floors.push(floor);
            brokers.push(broker);
            ratios.push(broker / floor);
        }
        println!(
            "{name:<22} {:>14.3} {:>14.3} {:>8.2}",
            median(&mut floors),
            median(&mut brokers),
            median(&mut ratios)
        );
    }
    let (frame, _) = frame(100, 0);
    let records = 2_000_000u64;
    let mut costs: Vec<f64> =
        (0..ROUNDS).map(|_| pipelined(&mut Server::broker(), &frame, records)).collect();
    println!(
        "100 B, one record a request, window 64 on 8 connections: {:.2} µs of CPU a request",
        median(&mut costs)
    );
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A produce request, version 7, with one batch of about `bytes`, and how many records it has.
fn frame(record_bytes: usize, bytes: usize) -> (Vec<u8>, usize) {
    let mut builder = BatchBuilder::new(Codec::None);
    let value = vec![b'x'; record_bytes];
    while builder.count() == 0 || builder.size() + record_bytes + 100 < bytes {
        builder.push(-1, None, Some(&value), &[]);
    }
    let batch = builder.build();
    let mut body = Vec::new();
    body.extend(0i16.to_be_bytes());
    body.extend(7i16.to_be_bytes());
    body.extend(1i32.to_be_bytes());
    body.extend((-1i16).to_be_bytes());
    body.extend((-1i16).to_be_bytes());
    body.extend((-1i16).to_be_bytes());
    body.extend(30_000i32.to_be_bytes());
    body.extend(1i32.to_be_bytes());
    body.extend(5i16.to_be_bytes());
    body.extend(b"bench");
    body.extend(1i32.to_be_bytes());
    body.extend(0i32.to_be_bytes());
    body.extend((batch.len() as i32).to_be_bytes());
    body.extend_from_slice(&batch);
    let mut frame = (body.len() as i32).to_be_bytes().to_vec();
    frame.extend(body);
    (frame, builder.count() as usize)
}

/// A server process, its address, and where its data lies.
struct Server {
    child: Child,
    address: String,
    dir: tempfile::TempDir,
}

impl Server {
    fn broker() -> Server {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
        command.args(["serve", "--set", "listeners=PLAINTEXT://127.0.0.1:0"]);
        for setting in [
            format!("log.dirs={}", dir.path().join("data").display()),
            "log.flush.interval.messages=9223372036854775807".into(),
            format!("log.segment.bytes={SEGMENT_BYTES}"),
            "num.partitions=2".into(),
        ] {
            command.arg("--set").arg(setting);
        }
        let (child, line) = start(&mut command);
        let address = line
            .split(' ')
            .find(|w| w.starts_with("127."))
            .expect("an address")
            .trim_end_matches(',')
            .to_owned();
        let created = Command::new(env!("CARGO_BIN_EXE_ottla"))
            .args(["topic", "-b", &address, "create", "bench", "-p", "8"])
            .output();
        assert!(created.expect("the command runs").status.success());
        Server { child, address, dir }
    }

    fn floor(frame_bytes: usize) -> Server {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let mut command = Command::new(std::env::current_exe().expect("our own path"));
        command.args(["--serve-floor", &frame_bytes.to_string()]).current_dir(dir.path());
        let (child, address) = start(&mut command);
        Server { child, address, dir }
    }

    /// CPU seconds that the process has used, by the kernel's ticks of 10 ms.
    fn cpu(&self) -> f64 {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the process lives");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("its name ends").split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
        (ticks(11) + ticks(12)) / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours, and its data goes with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.dir.path();
    }
}

fn start(command: &mut Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped"))
        .read_line(&mut line)
        .expect("it says where it listens");
    (child, line.trim().to_owned())
}

/// CPU seconds a GB.
fn measure(server: &mut Server, frame: &[u8], total_bytes: u64) -> f64 {
    let frames = total_bytes / frame.len() as u64 / CONNECTIONS as u64;
    send(server, frame, frames / 10, CONNECTIONS, WINDOW);
    let before = server.cpu();
    send(server, frame, frames, CONNECTIONS, WINDOW);
    (server.cpu() - before) / (frames * frame.len() as u64 * CONNECTIONS as u64) as f64 * 1e9
}

/// CPU microseconds a request.
fn pipelined(server: &mut Server, frame: &[u8], records: u64) -> f64 {
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
                while answered < frames {
                    while sent < frames && sent + burst as u64 <= answered + window as u64 {
                        (&stream).write_all(&many).expect("it reads");
                        sent += burst as u64;
                    }
                    let mut length = [0; 4];
                    answers.read_exact(&mut length).expect("it answers");
                    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
                    answers.read_exact(&mut answer).expect("it answers");
                    if answer.len() > 30 {
                        // Correlation id, one topic by name, one partition with its number, then the error.
                        assert_eq!(answer[23..25], [0, 0], "the broker refused");
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
        });
    }
}
