//! Commits a second of one coordinator in one pipelined connection, against appends of records of the same size in
//! the same way; and what idle groups and members that only beat cost. Both with the page cache for a flush.
//! `cargo bench -p ottla-broker --bench groups`
#![allow(clippy::disallowed_methods)]

mod process;

use std::{
    io::{BufReader, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use process::{Server, ask, assert_accepted, batch, directory, frame, in_turn, median, produce, read_answer};

const ROUNDS: usize = 7;
const REQUESTS: usize = 100_000;
const WINDOW: usize = 64;
/// Bytes of a committed offset's key and value as they are stored, for a group and a topic as long as these.
const RECORD_BYTES: usize = 50;
const IDLE_GROUPS: usize = 10_000;
const MEMBERS: usize = 1_000;

fn main() {
    commits();
    idle();
}

fn string(text: &str) -> Vec<u8> {
    [&(text.len() as i16).to_be_bytes()[..], text.as_bytes()].concat()
}

/// OffsetCommit, version 2, of somebody who is in no group.
fn commit(group: &str) -> Vec<u8> {
    let body: [&[u8]; 11] = [
        &string(group),
        &(-1i32).to_be_bytes(),
        &string(""),
        &(-1i64).to_be_bytes(),
        &1i32.to_be_bytes(),
        &string("bench"),
        &1i32.to_be_bytes(),
        &0i32.to_be_bytes(),
        &7i64.to_be_bytes(),
        &string(""),
        &[],
    ];
    frame(8, 2, &body)
}

/// Makes the topic of offsets.
fn find(stream: &mut TcpStream, group: &str) {
    let found = ask(stream, &frame(10, 0, &[&string(group)]));
    assert_eq!(found[4..6], [0, 0], "there is a coordinator");
}

fn broker() -> Server {
    let settings = [
        ("log.flush.interval.messages", "9223372036854775807"),
        ("group.initial.rebalance.delay.ms", "0"),
        ("group.max.session.timeout.ms", "3600000"),
    ];
    Server::broker(directory(), &settings, 1)
}

/// Requests a second.
fn rate(server: &Server, request: &[u8], check: impl Fn(&[u8])) -> f64 {
    let mut stream = TcpStream::connect(&server.address).expect("it listens");
    stream.set_nodelay(true).expect("it is a socket");
    find(&mut stream, "bench-group");
    let mut answers = BufReader::with_capacity(64 * 1024, stream.try_clone().expect("a second handle"));
    let many = request.repeat(WINDOW / 2);
    let (mut sent, mut answered) = (0, 0);
    let mut answer = [0; 128];
    let began = Instant::now();
    while answered < REQUESTS {
        while sent < REQUESTS && sent + WINDOW / 2 <= answered + WINDOW {
            stream.write_all(&many).expect("it reads");
            sent += WINDOW / 2;
        }
        read_answer(&mut answers, &mut answer);
        check(&answer);
        answered += 1;
    }
    REQUESTS as f64 / began.elapsed().as_secs_f64()
}

fn commits() {
    let (append, commit) = (produce(0, &batch(RECORD_BYTES, 0).0), commit("bench-group"));
    // Correlation id, one topic by name, one partition with its number, then the error.
    let is_committed = |answer: &[u8]| assert_eq!(answer[23..25], [0, 0], "the broker refused");
    let (mut appends, mut commits, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (raw, committed) = in_turn(
            round,
            || rate(&broker(), &append, assert_accepted),
            || rate(&broker(), &commit, is_committed),
        );
        // The first round warms the machine up.
        if 0 < round {
            appends.push(raw);
            commits.push(committed);
            ratios.push(committed / raw);
        }
    }
    println!(
        "one pipelined connection: {:.0} commits a second, {:.0} raw appends; ratio {:.2} (medians of {ROUNDS} rounds)",
        median(&mut commits),
        median(&mut appends),
        median(&mut ratios)
    );
}

/// Joins a group and gets the assignment; returns the member's id.
fn join(stream: &mut TcpStream, group: &str) -> Vec<u8> {
    let protocols = [&1i32.to_be_bytes()[..], &string("range"), &0i32.to_be_bytes()].concat();
    let (session, group) = (3_600_000i32.to_be_bytes(), string(group));
    let joined =
        ask(stream, &frame(11, 0, &[&group, &session, &string(""), &string("consumer"), &protocols]));
    assert_eq!(joined[4..6], [0, 0], "it joins");
    // Behind the generation: the protocol, the leader, which is the member itself.
    let at = 4 + 2 + 4 + 2 + 5;
    let length = u16::from_be_bytes([joined[at], joined[at + 1]]) as usize;
    let member = joined[at..at + 2 + length].to_vec();
    let none = [&1i32.to_be_bytes()[..], &member, &0i32.to_be_bytes()].concat();
    let synced = ask(stream, &frame(14, 0, &[&group, &1i32.to_be_bytes(), &member, &none]));
    assert_eq!(synced[4..6], [0, 0], "it syncs");
    member
}

fn idle() {
    let server = broker();
    let mut stream = TcpStream::connect(&server.address).expect("it listens");
    find(&mut stream, "bench-group");
    for n in 0..IDLE_GROUPS {
        ask(&mut stream, &commit(&format!("idle-{n}")));
    }
    let members: Vec<Vec<u8>> = (0..MEMBERS)
        .map(|n| {
            let group = format!("live-{n}");
            let member = join(&mut stream, &group);
            frame(12, 0, &[&string(&group), &1i32.to_be_bytes(), &member])
        })
        .collect();
    let seconds = 10;
    thread::sleep(Duration::from_secs(1));
    let before = server.cpu();
    thread::sleep(Duration::from_secs(seconds));
    let silent = (server.cpu() - before) / seconds as f64;
    let before = server.cpu();
    let began = Instant::now();
    let beats = 3;
    for beat in 0..beats {
        for heartbeat in &members {
            let answer = ask(&mut stream, heartbeat);
            assert_eq!(answer[4..6], [0, 0], "it lives");
        }
        thread::sleep(Duration::from_secs(3 * (beat + 1)).saturating_sub(began.elapsed()));
    }
    let beating = (server.cpu() - before) / (beats as usize * MEMBERS) as f64;
    println!(
        "{IDLE_GROUPS} idle groups and {MEMBERS} members: {:.4} of a core while all are silent; {:.1} µs of CPU a heartbeat",
        silent,
        beating * 1e6
    );
}
