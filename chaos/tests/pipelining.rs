//! Pipelined requests: each is answered when what it waits for has come, not when the next one comes.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use ottla_chaos::serve;
use ottla_client::{Client, ClientConfig};
use ottla_core::{
    config::BrokerConfig,
    env::{Chunk, Env, Network, OutQueue, Stream, until},
    record::{BatchBuilder, Codec},
};
use ottla_net::frame::split_frame;
use ottla_sim::{SimEnv, net::SimNetwork, run};

const RECEIVE_MAX: usize = 1 << 20;

/// Runs `client`, which gets a connection to a broker that has a topic `t`, and returns what it returned.
fn with_connection<T: Send + 'static, F: Future<Output = T> + Send>(
    seed: u64,
    client: impl FnOnce(SimEnv, <SimNetwork as Network>::Stream) -> F + Send + 'static,
) -> T {
    run(seed, 0, move |world| async move {
        let mut config = BrokerConfig::default();
        config.set("listeners", "PLAINTEXT://b1:9092").expect("it is legal");
        config.set("log.dirs", "data").expect("it is legal");
        let env = world.boot("b1");
        world.spawn("b1", serve(env, config));
        let env = world.boot("c1");
        let (sender, receiver) = tokio::sync::oneshot::channel();
        world.spawn("c1", async move {
            let admin = Client::new(env.clone(), ClientConfig::new("b1:9092"));
            let deadline = env.now() + Duration::from_secs(5);
            admin.retry(deadline, || admin.create_topic("t", 1, 1, &[])).await.expect("it is made");
            let stream = env.network().connect("b1:9092").await.expect("it listens");
            sender.send(client(env, stream).await).ok().expect("the world waits");
        });
        receiver.await.expect("the client ends")
    })
}

async fn send(stream: &impl Stream, request: impl Into<Bytes>) {
    let mut queue = OutQueue::default();
    queue.push(Chunk::Bytes(request.into()));
    stream.send(&mut queue).await.expect("it reads");
}

/// Receives the answers of `count` produce requests, none of which was refused.
async fn receive_produced(stream: &impl Stream, count: usize) {
    let (mut buf, mut answered) = (BytesMut::with_capacity(4096), 0);
    while answered < count {
        assert!(0 < stream.recv(&mut buf, RECEIVE_MAX).await.expect("it answers"));
        while let Ok(Some(mut frame)) = split_frame(&mut buf, RECEIVE_MAX) {
            frame.advance(19);
            assert_eq!(frame.get_i16(), 0, "the broker refused");
            answered += 1;
        }
        buf.reserve(4096);
    }
}

/// Fetch, version 4, that waits for a second at most at the end of an empty partition 0 of `t`.
fn waiting_fetch() -> Vec<u8> {
    let mut body = [1i16, 4, 0, 1, -1].map(i16::to_be_bytes).concat();
    body.extend([-1i32, 1000, 1, 1 << 20].map(i32::to_be_bytes).concat());
    body.extend(b"\0\0\0\0\x01\0\x01t\0\0\0\x01\0\0\0\0");
    body.extend(0i64.to_be_bytes());
    body.extend((1i32 << 20).to_be_bytes());
    [&(body.len() as i32).to_be_bytes()[..], &body].concat()
}

/// Produce, version 7, of one record to partition 0 of `t`.
fn produce(acks: i16) -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.push(-1, None, Some(b"value"), &[]);
    let batch = builder.build();
    let numbers = [0i16, 7, 0, 1, -1, -1, acks].map(i16::to_be_bytes).concat();
    let body = [
        &numbers[..],
        &30_000i32.to_be_bytes(),
        &1i32.to_be_bytes(),
        b"\x00\x01t",
        &1i32.to_be_bytes(),
        &0i32.to_be_bytes(),
        &(batch.len() as i32).to_be_bytes(),
        &batch,
    ]
    .concat();
    [&(body.len() as i32).to_be_bytes()[..], &body].concat().into()
}

/// ListOffsets, version 1, of the end of partition 0 of `t`.
fn end_offset() -> Vec<u8> {
    let mut body = [2i16, 1, 0, 2, -1].map(i16::to_be_bytes).concat();
    body.extend(b"\xff\xff\xff\xff\0\0\0\x01\0\x01t\0\0\0\x01\0\0\0\0");
    body.extend((-1i64).to_be_bytes());
    [&(body.len() as i32).to_be_bytes()[..], &body].concat()
}

/// A second request that was appended while the first one's sync was under way once waited for the request
/// after it, or for its timeout: the connection was told of the first end only.
#[test]
fn a_request_behind_another_is_answered_by_the_next_sync() {
    for seed in 0..20 {
        let slowest = with_connection(seed, |env, stream| async move {
            let mut slowest = Duration::ZERO;
            for _ in 0..100 {
                let began = env.now();
                for _ in 0..3 {
                    send(&stream, produce(-1)).await;
                    env.sleep(Duration::from_micros(env.random_u64() % 800)).await;
                }
                receive_produced(&stream, 3).await;
                slowest = slowest.max(env.now().since(began));
            }
            slowest
        });
        // A sync that hangs takes a fifth of a second; two may follow each other.
        assert!(slowest < Duration::from_millis(600), "seed {seed}: an answer took {slowest:?}");
    }
}

/// More requests than may be in flight once lay in the buffer, those beyond the bound until something else arrived.
/// They are all there before the first is taken, for a fetch is ahead of them that waits.
#[test]
fn more_requests_than_may_be_in_flight_are_all_answered() {
    let took = with_connection(0, |env, stream| async move {
        send(&stream, waiting_fetch()).await;
        let fetch_began = env.now();
        send(&stream, produce(-1).repeat(700)).await;
        let mut buf = BytesMut::with_capacity(4096);
        while split_frame(&mut buf, RECEIVE_MAX).expect("it is a frame").is_none() {
            assert!(0 < stream.recv(&mut buf, RECEIVE_MAX).await.expect("it answers"));
        }
        assert!(Duration::from_millis(900) < env.now().since(fetch_began), "the fetch did not wait");
        let began = env.now();
        let all = until(env.sleep(Duration::from_secs(10)), receive_produced(&stream, 700)).await;
        all.expect("the broker has frames and waits for more");
        env.now().since(began)
    });
    assert!(took < Duration::from_secs(2), "the last answer took {took:?}");
}

/// What was sent with acks=0 was sometimes not yet kept, and so not to be seen, when the next request on the same
/// connection was answered.
#[test]
fn who_sends_with_acks_0_and_asks_for_the_end_finds_it_behind_what_was_sent() {
    for seed in 0..20 {
        with_connection(seed, move |_, stream| async move {
            for sent in 1..=50 {
                send(&stream, produce(0)).await;
                send(&stream, end_offset()).await;
                let mut buf = BytesMut::with_capacity(4096);
                let mut answer = loop {
                    assert!(0 < stream.recv(&mut buf, RECEIVE_MAX).await.expect("it answers"));
                    if let Some(frame) = split_frame(&mut buf, RECEIVE_MAX).expect("it is a frame") {
                        break frame;
                    }
                };
                assert_eq!(answer.split_off(answer.len() - 8).get_i64(), sent, "seed {seed}: the end");
            }
        });
    }
}
