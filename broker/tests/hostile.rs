//! Crowds and claims against the real process: memory stays within what `docs/limits.md` says, logs go on
//! when descriptors run out, and honest clients are served.
#![allow(clippy::disallowed_methods)]

#[path = "../benches/process/mod.rs"]
mod process;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use bytes::BytesMut;
use ottla_core::errors::ErrorCode;
use ottla_net::{
    header::is_flexible,
    messages::{
        ApiKey,
        generated::{
            consumer_group_heartbeat::ConsumerGroupHeartbeatRequest,
            find_coordinator::FindCoordinatorRequest,
            join_group::{JoinGroupRequest, request::JoinGroupRequestProtocol},
        },
    },
    wire::{Message, Str, Writer},
};
use process::{Server, ask, assert_accepted, batch, directory, fetch, frame, produce};
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

/// A request as a client sends it.
fn request<M: Message>(key: ApiKey, version: i16, message: &M) -> Vec<u8> {
    let mut body = BytesMut::new();
    let is_flexible = is_flexible(key, version);
    let mut writer = Writer::new(&mut body, is_flexible);
    message.encode(&mut writer, version);
    // A flexible header ends with its tagged fields.
    let tags: &[u8] = if is_flexible { &[0] } else { &[] };
    frame(key as i16, version, &[tags, &body])
}

/// The error code of an answer whose header and throttle time take `before` bytes.
fn code(answer: &[u8], before: usize) -> i16 {
    i16::from_be_bytes([answer[before], answer[before + 1]])
}

fn join(group: &str, member: &str, metadata: usize) -> JoinGroupRequest {
    JoinGroupRequest {
        group_id: Str::from(group),
        session_timeout_ms: 60_000,
        rebalance_timeout_ms: 60_000,
        member_id: Str::from(member),
        protocol_type: Str::from("consumer"),
        protocols: vec![JoinGroupRequestProtocol {
            name: Str::from("range"),
            metadata: vec![0; metadata].into(),
        }],
        ..Default::default()
    }
}

fn beat(group: &str, member: &str, topics: usize) -> ConsumerGroupHeartbeatRequest {
    let name = |n| Str::from(format!("topic-{member}-{n:04}-{}", "x".repeat(30)));
    ConsumerGroupHeartbeatRequest {
        group_id: Str::from(group),
        member_id: Str::from(member),
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some((0..topics).map(name).collect()),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    }
}

/// Ten thousand attempts to join one group, by either protocol, with all that they can carry: codes of Kafka's, memory
/// within the bounds, and other groups as before.
#[test]
fn ten_thousand_joins() {
    let settings = [("group.initial.rebalance.delay.ms", "0"), ("log.flush.interval.messages", "1000000")];
    let server = Server::broker(directory(), &settings, 1);
    let mut flood = connect(&server);
    let find = FindCoordinatorRequest { key: Str::from("flooded"), ..Default::default() };
    assert_eq!(code(&ask(&mut flood, &request(ApiKey::FindCoordinator, 0, &find)), 4), 0);
    let before = resident_bytes(&server);

    // Those who ask for an id keep an id, and no more of them than there is room for.
    let attempt = request(ApiKey::JoinGroup, 4, &join("flooded", "", 1_000));
    let codes: Vec<i16> = (0..10_500).map(|_| code(&ask(&mut flood, &attempt), 8)).collect();
    let given_out = codes.iter().filter(|code| **code == ErrorCode::MemberIdRequired.code()).count();
    assert_eq!(given_out, 10_000, "ids that are given out");
    assert!(codes[10_000..].iter().all(|code| *code == ErrorCode::GroupMaxSizeReached.code()));

    // Those who are in at once keep what they brought, up to 16 MiB.
    let heavy = request(ApiKey::JoinGroup, 1, &join("heavy", "", 64 * 1024));
    let (mut waiting, mut answer) = (Vec::new(), [0; 64]);
    let refusal = loop {
        let mut stream = connect(&server);
        stream.write_all(&heavy).unwrap();
        // Who is in waits for the others; who is not is told soon.
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let code = stream.read_exact(&mut answer[..10]).ok().map(|()| code(&answer[4..], 4));
        waiting.push(stream);
        match code {
            None | Some(0) => assert!(waiting.len() < 1_000, "the group takes everybody"),
            Some(code) => break code,
        }
    };
    assert_eq!(refusal, ErrorCode::GroupMaxSizeReached.code(), "the group is full");

    // The same by the consumer protocol.
    let mut refused = 0;
    for n in 0..10_000 {
        let beat = request(ApiKey::ConsumerGroupHeartbeat, 1, &beat("crowded", &format!("m{n}"), 100));
        match ErrorCode::from_code(code(&ask(&mut flood, &beat), 9)) {
            ErrorCode::None => assert_eq!(refused, 0, "a full group takes nobody"),
            code => {
                assert_eq!(code, ErrorCode::GroupMaxSizeReached);
                refused += 1;
            }
        }
    }
    assert!(1_000 < refused && refused < 9_000, "{refused} of 10,000 were refused");

    let grown = resident_bytes(&server).saturating_sub(before);
    println!("the floods took {} MiB", grown >> 20);
    assert!(grown < 160 << 20, "the floods took {grown} bytes");

    // Somebody else's group, in the same coordinators.
    let mut honest = connect(&server);
    for n in 0..100 {
        let beat = beat(&format!("honest-{n}"), "m", 1);
        let began = Instant::now();
        let answer = ask(&mut honest, &request(ApiKey::ConsumerGroupHeartbeat, 1, &beat));
        assert_eq!(code(&answer, 9), 0);
        assert!(began.elapsed() < Duration::from_secs(1), "an honest member waits");
    }
}
