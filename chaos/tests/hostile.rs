//! Peers that waste a broker's time, in simulated time: each is given up when it is due, and honest clients
//! notice nothing.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use ottla_chaos::serve;
use ottla_client::{
    Client, ClientConfig, ClientError,
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{
    config::BrokerConfig,
    env::{Chunk, Env, Network, OutQueue, Stream, until},
    errors::ErrorCode,
    limits::{
        FRAME_RATE_MIN_BYTES_PER_S, FRAME_RATE_WINDOW_MS, RECEIVE_LOW_WATER_BYTES, STRING_LENGTH_MAX_BYTES,
        WRITE_STALL_MAX_MS,
    },
};
use ottla_sim::{SimEnv, World, run};

const NO_PANIC: &str = "a run ends with its first panic";

async fn send<S: Stream>(stream: &S, bytes: &[u8]) -> std::io::Result<()> {
    let mut queue = OutQueue::default();
    queue.push(Chunk::Bytes(Bytes::copy_from_slice(bytes)));
    stream.send(&mut queue).await
}

/// How long a connection lives on which `peer` does as it likes.
async fn lives<F: Future<Output = ()>>(
    env: SimEnv,
    peer: impl FnOnce(SimEnv, Arc<<<SimEnv as Env>::Network as Network>::Stream>) -> F,
) -> Duration {
    let began = env.now();
    let stream = Arc::new(env.network().connect("b1:9092").await.expect("the broker listens"));
    let end = async {
        let mut answer = BytesMut::with_capacity(1024);
        while matches!(stream.recv(&mut answer, 1024).await, Ok(n) if 0 < n) {
            answer.clear();
            answer.reserve(1024);
        }
    };
    until(peer(env.clone(), stream.clone()), end).await;
    env.now().since(began)
}

/// A frame of 4,000 bytes that arrives byte by byte, one a second.
async fn dribble(env: SimEnv, stream: Arc<impl Stream>) {
    let frame = [&4_000i32.to_be_bytes()[..], &[0; 4_000]].concat();
    for byte in frame {
        if send(&*stream, &[byte]).await.is_err() {
            return std::future::pending().await;
        }
        env.sleep(Duration::from_secs(1)).await;
    }
}

/// The length of a frame, and nothing more.
async fn claim(_: SimEnv, stream: Arc<impl Stream>) {
    let sent = send(&*stream, &90_000_000i32.to_be_bytes()).await;
    assert!(sent.is_ok());
    std::future::pending().await
}

async fn say_nothing(_: SimEnv, _: Arc<impl Stream>) {
    std::future::pending().await
}

/// How long a peer is served that asks for much and reads nothing.
async fn never_reads(env: SimEnv) -> Duration {
    let began = env.now();
    let stream = env.network().connect("b1:9092").await.expect("the broker listens");
    // Metadata, version 1, of all topics.
    let ask = [&[0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff][..], &(-1i32).to_be_bytes()].concat();
    while send(&stream, &ask.repeat(100)).await.is_ok() {}
    env.now().since(began)
}

async fn produce_honestly(env: SimEnv, slowest: Arc<Mutex<Duration>>) {
    let producer = Producer::new(
        Client::new(env.clone(), ClientConfig::new("b1:9092")),
        ProducerConfig { linger: Duration::ZERO, ..ProducerConfig::default() },
    );
    loop {
        let began = env.now();
        let record = ProducerRecord {
            topic: "honest".into(),
            partition: Some(0),
            value: Some(Bytes::from_static(b"value")),
            ..ProducerRecord::default()
        };
        let report = producer.send(record).await.expect("the topic is made");
        report.await.expect("the producer lives").expect("it is stored");
        let took = env.now().since(began);
        // The first one makes the topic.
        if Duration::from_secs(5) < Duration::from_nanos(began.0) {
            let mut slowest = slowest.lock().expect(NO_PANIC);
            *slowest = took.max(*slowest);
        }
        env.sleep(Duration::from_millis(100)).await;
    }
}

/// Starts the broker `b1` with these settings beside its address and directory.
fn start(world: &World, settings: &[(&str, &str)]) {
    let mut config = BrokerConfig::default();
    let all = [("listeners", "PLAINTEXT://b1:9092"), ("log.dirs", "data")];
    for (name, value) in all.iter().chain(settings) {
        config.set(name, value).expect("the settings are legal");
    }
    let env = world.boot("b1");
    world.spawn("b1", serve(env, config));
}

#[test]
fn time_wasters_are_given_up_and_nobody_else_notices() {
    let seen = run(7, 0, |world| async move {
        start(&world, &[("connections.max.idle.ms", "300000")]);
        let slowest = Arc::new(Mutex::new(Duration::ZERO));
        let honest = world.boot("honest");
        world.spawn("honest", produce_honestly(honest, slowest.clone()));
        world.sleep(Duration::from_secs(6)).await;
        let bad = world.boot("bad");
        let found: Arc<Mutex<Vec<(&str, Duration)>>> = Arc::default();
        type Lived = std::pin::Pin<Box<dyn Future<Output = Duration> + Send>>;
        let peers: [(&'static str, Lived); 4] = [
            ("dribbles", Box::pin(lives(bad.clone(), dribble))),
            ("claims", Box::pin(lives(bad.clone(), claim))),
            ("idles", Box::pin(lives(bad.clone(), say_nothing))),
            ("never reads", Box::pin(never_reads(bad.clone()))),
        ];
        for (name, peer) in peers {
            let found = found.clone();
            world.spawn("bad", async move {
                let lived = peer.await;
                found.lock().expect(NO_PANIC).push((name, lived));
            });
        }
        world.sleep(Duration::from_secs(700)).await;
        let found = found.lock().expect(NO_PANIC).clone();
        let slowest = *slowest.lock().expect(NO_PANIC);
        (found, slowest)
    });
    let lived = |name: &str| {
        let (_, lived) =
            seen.0.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("{name} was served for ever"));
        lived.as_millis() as u64
    };
    for name in ["dribbles", "claims"] {
        let lived = lived(name);
        // The peers' clocks are a little fast or slow.
        assert!(
            (FRAME_RATE_WINDOW_MS * 99 / 100..=3 * FRAME_RATE_WINDOW_MS).contains(&lived),
            "{name}: {lived} ms"
        );
    }
    assert!(
        (WRITE_STALL_MAX_MS * 99 / 100..2 * WRITE_STALL_MAX_MS + 5_000).contains(&lived("never reads")),
        "{}",
        lived("never reads")
    );
    assert!((299_000..310_000).contains(&lived("idles")), "{} ms", lived("idles"));
    assert!(seen.1 < Duration::from_millis(300), "an honest producer waited {:?}", seen.1);
}

/// A long frame that arrives four times as fast as the slowest may.
async fn takes_its_time(env: SimEnv, stream: Arc<impl Stream>) {
    let part = [0; 4 * FRAME_RATE_MIN_BYTES_PER_S as usize];
    let parts = 2 * RECEIVE_LOW_WATER_BYTES / part.len();
    send(&*stream, &((parts * part.len()) as i32).to_be_bytes()).await.expect("it is taken");
    for _ in 0..parts {
        env.sleep(Duration::from_secs(1)).await;
        if send(&*stream, &part).await.is_err() {
            return;
        }
    }
    std::future::pending().await
}

/// What arrived while the broker stood still is looked at before the frame is judged.
#[test]
fn a_long_frame_may_arrive_slowly() {
    for stands_still in [Duration::ZERO, Duration::from_millis(FRAME_RATE_WINDOW_MS + 1_000)] {
        let lived = run(9, 0, move |world| async move {
            start(&world, &[]);
            world.sleep(Duration::from_secs(1)).await;
            let stop = async {
                world.sleep(Duration::from_millis(500)).await;
                world.pause("b1", stands_still).await;
                std::future::pending().await
            };
            until(stop, lives(world.boot("slow"), takes_its_time)).await.expect("it ends first")
        });
        // It is refused once it is whole, for it says nothing.
        let whole_s = 2 * RECEIVE_LOW_WATER_BYTES as u64 / (4 * FRAME_RATE_MIN_BYTES_PER_S);
        assert!((whole_s - 3..whole_s + 3).contains(&lived.as_secs()), "{lived:?} of {whole_s} s");
    }
}

#[test]
fn a_name_as_long_as_the_wire_carries_is_refused_with_a_message_that_it_carries_too() {
    let seen = run(8, 0, |world| async move {
        start(&world, &[]);
        world.sleep(Duration::from_secs(1)).await;
        let client = Client::new(world.boot("bad"), ClientConfig::new("b1:9092"));
        let long = "x".repeat(STRING_LENGTH_MAX_BYTES);
        let setting = [(long.clone(), "1".to_owned())];
        [client.create_topic(&long, 1, 1, &[]).await, client.create_topic("t", 1, 1, &setting).await]
    });
    for refused in seen {
        let ClientError::Broker(code, message) = refused.expect_err("nobody has such names") else {
            panic!("it was not answered");
        };
        assert!(matches!(code, ErrorCode::InvalidTopicException | ErrorCode::InvalidConfig), "{code:?}");
        assert!(message.len() < 2_000, "{} bytes", message.len());
    }
}
