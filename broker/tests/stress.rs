//! Two cores, one partition: what a single-threaded simulator cannot see. Producers on both cores append to
//! the same log while readers follow it; every record is where its acknowledgement says.
#![allow(clippy::disallowed_methods)]

#[path = "../benches/process/mod.rs"]
mod process;

use std::{
    io::Write,
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use ottla_core::record::{BatchBuilder, Codec, batch};
use process::{Server, ask, assert_accepted, directory, fetch, produce, read_answer};

const PRODUCERS: usize = 8;
const REQUESTS: usize = 400;
const WINDOW: usize = 8;

fn value(producer: usize, n: usize) -> String {
    format!("{producer}-{n}-{}", "x".repeat(400))
}

/// Sends requests of one to three records, and returns the base offset of each.
fn run_producer(server: &Server, producer: usize) -> Vec<(i64, usize)> {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_nodelay(true).unwrap();
    let request = |n: usize| {
        let mut builder = BatchBuilder::new(Codec::None);
        (0..=n % 3).for_each(|_| builder.push(-1, None, Some(value(producer, n).as_bytes()), &[]));
        produce(0, &builder.build())
    };
    let (mut sent, mut bases) = (0, Vec::new());
    for answered in 0..REQUESTS {
        while sent < REQUESTS && sent < answered + WINDOW {
            stream.write_all(&request(sent)).unwrap();
            sent += 1;
        }
        let mut answer = [0; 64];
        read_answer(&mut stream, &mut answer);
        assert_accepted(&answer);
        bases.push((i64::from_be_bytes(answer[25..33].try_into().unwrap()), answered));
    }
    bases
}

/// The records from `from` on that one fetch returns: offset and value.
fn read_some(stream: &mut TcpStream, from: i64) -> Vec<(i64, String)> {
    stream.write_all(&fetch(0, from, 1 << 20)).unwrap();
    let mut answer = vec![0; 2 << 20];
    let length = read_answer(stream, &mut answer);
    // Version 4: throttle, one topic by name, one partition: number, error, two watermarks, null list.
    let records = &answer[53..length];
    let mut found = Vec::new();
    for (_, view) in batch::batches(records) {
        assert!(view.is_intact(), "a batch was torn");
        for record in batch::records(view.payload()) {
            let text = String::from_utf8(record.value.unwrap().to_vec()).unwrap();
            found.push((view.base_offset().0 + record.offset_delta, text));
        }
    }
    found.retain(|(offset, _)| from <= *offset);
    found
}

#[test]
fn two_cores_share_a_partition() {
    for flush in ["1", "9223372036854775807"] {
        let settings =
            [("log.flush.interval.messages", flush), ("log.segment.bytes", "1048576"), ("ottla.cores", "2")];
        let server = Server::broker(directory(), &settings, 1);
        let done = AtomicBool::new(false);
        let (acknowledged, read) = thread::scope(|scope| {
            let producers: Vec<_> = (0..PRODUCERS)
                .map(|p| {
                    scope.spawn({
                        let server = &server;
                        move || run_producer(server, p)
                    })
                })
                .collect();
            let reader = scope.spawn(|| {
                let mut stream = TcpStream::connect(&server.address).unwrap();
                let mut records: Vec<(i64, String)> = Vec::new();
                loop {
                    let finished = done.load(Ordering::Relaxed);
                    let more = read_some(&mut stream, records.len() as i64);
                    if finished && more.is_empty() {
                        return records;
                    }
                    records.extend(more);
                }
            });
            let acknowledged: Vec<_> = producers.into_iter().map(|p| p.join().unwrap()).collect();
            done.store(true, Ordering::Relaxed);
            (acknowledged, reader.join().unwrap())
        });
        assert!(read.iter().enumerate().all(|(at, (offset, _))| at as i64 == *offset), "offsets have gaps");
        let per_producer: usize = (0..REQUESTS).map(|n| 1 + n % 3).sum();
        assert_eq!(read.len(), PRODUCERS * per_producer);
        for (producer, bases) in acknowledged.iter().enumerate() {
            for (base, n) in bases {
                for at in 0..=n % 3 {
                    assert_eq!(read[*base as usize + at].1, value(producer, *n));
                }
            }
        }
        // The broker still answers.
        let mut stream = TcpStream::connect(&server.address).unwrap();
        assert!(!ask(&mut stream, &fetch(0, 0, 100)).is_empty());
    }
}
