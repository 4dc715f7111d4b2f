//! The real process, killed while records arrive: nothing that it acknowledged is lost, and it serves again
//! within a second. `cargo test` runs a small form; the variables below make it as large as one likes:
//! `OTTLA_KILL_ROUNDS=50 OTTLA_KILL_PARTITIONS=100 OTTLA_KILL_FILL_MB=5000 cargo test --release -p ottla-broker
//! --test kill -- --nocapture`
#![allow(clippy::disallowed_methods)]

#[path = "../benches/process/mod.rs"]
mod process;

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use ottla_core::record::{BatchBuilder, Codec, batch};
use process::{Server, ask, assert_accepted, directory, fetch, median, produce};

const CONNECTIONS: usize = 4;
/// Records of a request and bytes of each.
const RECORDS: usize = 50;
const RECORD_BYTES: usize = 1_000;
/// Requests that are acknowledged before the process is killed, while more arrive.
const BEFORE_KILL: usize = 280;

fn size(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().map_or(otherwise, |v| v.parse().expect("a number"))
}

/// A request that was acknowledged: partition, base offset, and the number that its records carry.
type Acknowledged = (i32, i64, usize);

fn request(partition: i32, number: usize) -> Vec<u8> {
    let mut builder = BatchBuilder::new(Codec::None);
    for at in 0..RECORDS {
        builder.push(-1, None, Some(&value(number, at)), &[]);
    }
    produce(partition, &builder.build())
}

fn value(number: usize, at: usize) -> Vec<u8> {
    let mut value = format!("{number}-{at}-").into_bytes();
    value.resize(RECORD_BYTES, b'x');
    value
}

/// Sends one request and reads its answer: the base offset. The process may end at any moment.
fn send(stream: &mut TcpStream, partition: i32, number: usize) -> io::Result<i64> {
    stream.write_all(&request(partition, number))?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut answer)?;
    assert_accepted(&answer);
    Ok(i64::from_be_bytes(answer[25..33].try_into().expect("eight bytes")))
}

/// Sends on all connections until `enough` says so or the process is gone; `told` runs at each acknowledgement.
fn load(
    server: &Server,
    partitions: usize,
    next: &AtomicUsize,
    enough: impl Fn(usize) -> bool + Sync,
    told: impl Fn() + Sync,
) -> Vec<Acknowledged> {
    let acknowledged = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let Ok(mut stream) = TcpStream::connect(&server.address) else { return };
                stream.set_nodelay(true).expect("it is a socket");
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if enough(number) {
                        return;
                    }
                    let partition = (number % partitions) as i32;
                    match send(&mut stream, partition, number) {
                        Ok(base) => acknowledged.lock().expect("no panic").push((partition, base, number)),
                        Err(_) => return,
                    }
                    told();
                }
            });
        }
    });
    acknowledged.into_inner().expect("no panic")
}

/// Reads what was acknowledged, and compares every record.
fn verify(server: &Server, acknowledged: &[Acknowledged]) {
    thread::scope(|scope| {
        for part in acknowledged.chunks(acknowledged.len().div_ceil(2).max(1)) {
            scope.spawn(move || {
                let mut stream = TcpStream::connect(&server.address).expect("it listens");
                let mut answer = vec![0; 1 << 20];
                for (partition, base, number) in part {
                    stream.write_all(&fetch(*partition, *base, 1)).expect("it reads");
                    let length = process::read_answer(&mut stream, &mut answer);
                    let (_, view) = batch::batches(&answer[53..length])
                        .next()
                        .unwrap_or_else(|| panic!("request {number} at {partition}/{base} is lost"));
                    assert!(view.is_intact() && view.base_offset().0 == *base, "at {partition}/{base}");
                    let records: Vec<_> = batch::records(view.payload()).collect();
                    assert_eq!(records.len(), RECORDS);
                    for (at, record) in records.iter().enumerate() {
                        assert!(record.value == Some(&value(*number, at)), "at {partition}/{base}: changed");
                    }
                }
            });
        }
    });
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let rounds = size("OTTLA_KILL_ROUNDS", 5);
    let partitions = size("OTTLA_KILL_PARTITIONS", 4);
    let fill = size("OTTLA_KILL_FILL_MB", 20) * 1_000_000 / (RECORDS * RECORD_BYTES);
    let mut server = Server::broker(directory(), &[], partitions);
    let next = AtomicUsize::new(0);
    let mut all = load(&server, partitions, &next, |number| fill <= number, || ());
    assert_eq!(all.len(), fill, "it was filled");
    let (mut restarts_ms, mut under_load) = (Vec::new(), 0);
    for _ in 0..rounds {
        let acknowledged = thread::scope(|scope| {
            let (teller, acknowledgements) = mpsc::channel();
            let (server, next) = (&server, &next);
            // Nobody listens any more once the process is killed.
            let told = move || teller.send(()).unwrap_or_default();
            let arriving = scope.spawn(move || load(server, partitions, next, |_| false, told));
            let count = acknowledgements.iter().take(BEFORE_KILL).count();
            assert_eq!(count, BEFORE_KILL, "it has ended before it was killed");
            server.signal(rustix::process::Signal::KILL);
            arriving.join().expect("it ends with the process")
        });
        under_load += acknowledged.len();
        let dir = server.into_directory();
        let began = Instant::now();
        server = Server::broker(dir, &[], 0);
        let mut stream = TcpStream::connect(&server.address).expect("it listens");
        let probe = next.fetch_add(1, Ordering::Relaxed);
        let base = send(&mut stream, 0, probe).expect("it serves again");
        restarts_ms.push(began.elapsed().as_secs_f64() * 1e3);
        verify(&server, &acknowledged);
        all.extend(acknowledged);
        all.push((0, base, probe));
        assert!(!ask(&mut stream, &fetch(0, base, 1)).is_empty());
    }
    verify(&server, &all);
    let slowest = restarts_ms.iter().copied().fold(0.0, f64::max);
    println!(
        "{rounds} kills over {} MB in {partitions} partitions, {under_load} requests acknowledged under load: nothing lost; served again after {:.0} ms (median), {slowest:.0} ms at most",
        all.len() * RECORDS * RECORD_BYTES / 1_000_000,
        median(&mut restarts_ms)
    );
    assert!(rounds < under_load, "only {under_load} requests were acknowledged under load");
    assert!(slowest < 1_000.0 || cfg!(debug_assertions), "it took {slowest} ms to serve again");
}
