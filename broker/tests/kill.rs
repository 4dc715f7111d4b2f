//! The real process, killed while records arrive: nothing that it acknowledged is lost.
#![allow(clippy::disallowed_methods)]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use bytes::Bytes;
use ottla_client::{
    Client, ClientConfig,
    consumer::{Consumer, ConsumerConfig, Position},
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::env::{Env, until};
use ottla_net::env::TokioEnv;

const ROUNDS: usize = 5;
const TOPIC: &str = "killed";
const PARTITIONS: i32 = 4;

struct Process(Child);

impl Process {
    fn start(dir: &std::path::Path, port: u16) -> (Process, u16) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ottla"))
            .args(["serve", "--set", &format!("log.dirs={}", dir.display())])
            .args(["--set", &format!("listeners=PLAINTEXT://127.0.0.1:{port}")])
            .args(["--set", "log.flush.offset.checkpoint.interval.ms=300"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("127.0.0.1:").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
        (Process(child), port)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // SIGKILL: no chance to say goodbye.
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Sends numbered records until `time` has passed; returns the offset of each that was acknowledged.
async fn send(env: &TokioEnv, port: u16, round: usize, time: Duration) -> Vec<(i32, i64, String)> {
    let client = Client::new(env.clone(), ClientConfig::new(&format!("127.0.0.1:{port}")));
    let producer = Producer::new(
        client,
        ProducerConfig { linger: Duration::from_millis(1), ..ProducerConfig::default() },
    );
    let end = env.now() + time;
    let mut reports = Vec::new();
    for number in 0.. {
        if end <= env.now() {
            break;
        }
        let value = format!("{round}-{number}");
        let record = ProducerRecord {
            topic: TOPIC.into(),
            partition: Some(number % PARTITIONS),
            value: Some(Bytes::from(value.clone())),
            ..ProducerRecord::default()
        };
        reports.push((value, producer.send(record).await.unwrap()));
        if number % 64 == 0 {
            env.sleep(Duration::from_millis(1)).await;
        }
    }
    // What was acknowledged by now counts; the rest is in flight when the process dies.
    let reported =
        reports.into_iter().filter_map(|(value, mut report)| Some((value, report.try_recv().ok()?.ok()?)));
    reported.map(|(value, delivery)| (delivery.partition, delivery.offset, value)).collect()
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    TokioEnv::run(1, async |env| {
        let mut acknowledged = Vec::new();
        let mut port = 0;
        for round in 0..ROUNDS {
            let (process, bound) = Process::start(&data, port);
            port = bound;
            if round == 0 {
                let client = Client::new(env.clone(), ClientConfig::new(&format!("127.0.0.1:{port}")));
                client.create_topic(TOPIC, PARTITIONS, 1, &[]).await.unwrap();
            }
            acknowledged.extend(send(&env, port, round, Duration::from_millis(500)).await);
            drop(process);
        }
        assert!(ROUNDS * 100 < acknowledged.len(), "only {} were acknowledged", acknowledged.len());
        let (_process, port) = Process::start(&data, port);
        let client = Client::new(env.clone(), ClientConfig::new(&format!("127.0.0.1:{port}")));
        for partition in 0..PARTITIONS {
            let end = client.list_offset(TOPIC, partition, -1).await.unwrap();
            let mut consumer = Consumer::new(client.clone(), ConsumerConfig::default());
            consumer.assign(TOPIC, partition, Position::Earliest).await.unwrap();
            let mut stored = Vec::new();
            while (stored.len() as i64) < end {
                let polled =
                    until(env.sleep(Duration::from_secs(20)), consumer.poll()).await.expect("records come");
                stored.extend(polled.unwrap());
            }
            for (_, offset, value) in acknowledged.iter().filter(|(p, _, _)| *p == partition) {
                let record = stored
                    .get(*offset as usize)
                    .unwrap_or_else(|| panic!("offset {offset} of {partition} is lost"));
                assert_eq!((record.offset, record.value.as_deref()), (*offset, Some(value.as_bytes())));
            }
        }
    });
}
