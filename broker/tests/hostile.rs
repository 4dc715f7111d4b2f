//! Crowds and claims against the real process: memory stays within what `docs/limits.md` says, logs go on
//! when descriptors run out, and honest clients are served.
#![allow(clippy::disallowed_methods)]

#[path = "../benches/process/mod.rs"]
mod process;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use process::{Server, ask, assert_accepted, batch, directory, fetch, produce};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What an idle connection may take, in bytes of the broker's resident memory (`docs/limits.md`).
const IDLE_CONNECTION_MAX_BYTES: u64 = 8 * 1024;

fn resident_bytes(server: &Server) -> u64 {
    let status = server.proc("status");
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).expect("the kernel tells");
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).expect("a number") * 1024
}

/// ApiVersions, version 0.
const API_VERSIONS: [u8; 14] = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff];

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

#[test]
fn ten_thousand_idle_connections_and_forty_claims_of_90_megabytes() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    // Where the machine allows fewer, a smaller crowd.
    let crowd = limit.maximum.unwrap_or(u64::MAX).saturating_sub(500).min(10_000) as usize;
    let server = Server::broker(directory(), &[], 1);
    let mut honest = connect(&server);
    let record = batch(100, 0).0;
    assert_accepted(&ask(&mut honest, &produce(0, &record)));
    let before = resident_bytes(&server);
    let mut idle: Vec<TcpStream> = (0..crowd).map(|_| connect(&server)).collect();
    for stream in &mut idle {
        assert!(50 < ask(stream, &API_VERSIONS).len());
    }
    let crowded = resident_bytes(&server);
    let each = crowded.saturating_sub(before) / crowd as u64;
    println!("{crowd} idle connections take {each} bytes each");
    assert!(each <= IDLE_CONNECTION_MAX_BYTES, "an idle connection takes {each} bytes");
    let mut claims: Vec<TcpStream> = (0..40).map(|_| connect(&server)).collect();
    for stream in &mut claims {
        stream.write_all(&[&90_000_000i32.to_be_bytes()[..], &[0; 5]].concat()).unwrap();
    }
    for _ in 0..100 {
        assert_accepted(&ask(&mut honest, &produce(0, &record)));
    }
    let grown = resident_bytes(&server).saturating_sub(crowded);
    assert!(grown < 4 << 20, "forty claims of 90 MB took {grown} bytes");
    let answer = ask(&mut honest, &fetch(0, 0, 1 << 20));
    assert!(record.len() < answer.len(), "what was stored is served");
}

#[test]
fn logs_go_on_when_connections_have_taken_every_descriptor() {
    let server = Server::broker_with(directory(), &[], 100, Some(300));
    let mut honest = connect(&server);
    let record = batch(100, 0).0;
    assert_accepted(&ask(&mut honest, &produce(0, &record)));
    let mut refused = 0;
    let mut crowd = Vec::new();
    for _ in 0..400 {
        let mut stream = connect(&server);
        let served =
            stream.write_all(&API_VERSIONS).is_ok() && matches!(stream.read(&mut [0; 100]), Ok(n) if 0 < n);
        if served {
            crowd.push(stream);
        } else {
            refused += 1;
        }
        if refused == 3 {
            break;
        }
    }
    assert!(refused == 3 && 50 < crowd.len(), "{} connections were served of a limit of 300", crowd.len());
    // Each of these opens files that were not open before.
    for partition in 1..25 {
        assert_accepted(&ask(&mut honest, &produce(partition, &record)));
    }
}
