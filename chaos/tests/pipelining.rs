//! Pipelined requests: each is answered when what it waits for has come, not when the next one comes.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use ottla_chaos::serve;
use ottla_client::{Client, ClientConfig};
use ottla_core::{
    config::BrokerConfig,
    env::{Chunk, Env, Network, OutQueue, Stream},
    record::{BatchBuilder, Codec},
};
use ottla_net::frame::split_frame;
use ottla_sim::run;

/// Produce, version 7, of one record to partition 0 of `t`.
fn produce() -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.push(-1, None, Some(b"value"), &[]);
    let batch = builder.build();
    let numbers = [0i16, 7, 0, 1, -1, -1, -1].map(i16::to_be_bytes).concat();
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

/// A second request that was appended while the first one's sync was under way once waited for the request
/// after it, or for its timeout: the connection was told of the first end only.
#[test]
fn a_request_behind_another_is_answered_by_the_next_sync() {
    for seed in 0..20 {
        let slowest = run(seed, 0, move |world| async move {
            let mut config = BrokerConfig::default();
            config.set("listeners", "PLAINTEXT://b1:9092").expect("it is legal");
            config.set("log.dirs", "data").expect("it is legal");
            let env = world.boot("b1");
            world.spawn("b1", serve(env, config));
            let env = world.boot("c1");
            let (sender, receiver) = tokio::sync::oneshot::channel();
            world.spawn("c1", async move {
                let client = Client::new(env.clone(), ClientConfig::new("b1:9092"));
                let deadline = env.now() + Duration::from_secs(5);
                client.retry(deadline, || client.create_topic("t", 1, 1, &[])).await.expect("it is made");
                let stream = env.network().connect("b1:9092").await.expect("it listens");
                let mut slowest = Duration::ZERO;
                for _ in 0..100 {
                    let began = env.now();
                    for _ in 0..3 {
                        let mut queue = OutQueue::default();
                        queue.push(Chunk::Bytes(produce()));
                        stream.send(&mut queue).await.expect("it reads");
                        env.sleep(Duration::from_micros(env.random_u64() % 800)).await;
                    }
                    let (mut buf, mut answered) = (BytesMut::with_capacity(4096), 0);
                    while answered < 3 {
                        assert!(0 < stream.recv(&mut buf, 4096).await.expect("it answers"));
                        while let Ok(Some(mut frame)) = split_frame(&mut buf, 4096) {
                            frame.advance(19);
                            assert_eq!(frame.get_i16(), 0, "the broker refused");
                            answered += 1;
                        }
                        buf.reserve(4096);
                    }
                    slowest = slowest.max(env.now().since(began));
                }
                sender.send(slowest).expect("the world waits");
            });
            receiver.await.expect("the client ends")
        });
        // A sync that hangs takes a fifth of a second; two may follow each other.
        assert!(slowest < Duration::from_millis(600), "seed {seed}: an answer took {slowest:?}");
    }
}
