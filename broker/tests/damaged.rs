//! A copy that is damaged below what is known to be durable leaves the in-sync set, and is fetched anew: real processes.
#![allow(clippy::disallowed_methods)]

mod nodes;

use std::{fs, time::Duration};

use nodes::{Node, port};
use ottla_client::{
    Client, ClientConfig,
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::env::Env;
use ottla_net::env::TokioEnv;

const TOPIC: &str = "facts";
const LOG: &str = "facts-0/00000000000000000000.log";

#[test]
fn a_damaged_copy_is_fetched_anew() {
    let parent = tempfile::tempdir().expect("a directory");
    let ports: Vec<(u16, u16)> = (0..3).map(|_| (port(), port())).collect();
    let voters: Vec<String> =
        ports.iter().zip(1..).map(|((_, at), node)| format!("{node}@127.0.0.1:{at}")).collect();
    let dir = |node: usize| parent.path().join(format!("n{node}"));
    let start = |node: usize| {
        let (clients, controllers) = ports[node - 1];
        let mut started = Node::start(&[
            format!("node.id={node}"),
            format!("controller.quorum.voters={}", voters.join(",")),
            format!("listeners=PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controllers}"),
            format!("log.dirs={}", dir(node).display()),
            "min.insync.replicas=2".to_owned(),
        ]);
        move || {
            started.serves();
            started
        }
    };
    let starting: Vec<_> = (1..=3).map(start).collect();
    let mut nodes: Vec<Option<Node>> = starting.into_iter().map(|serves| Some(serves())).collect();
    TokioEnv::run(1, async |env| {
        let addresses: Vec<String> = ports.iter().map(|(at, _)| format!("127.0.0.1:{at}")).collect();
        let client = Client::new(env.clone(), ClientConfig::new(&addresses.join(",")));
        client.create_topic(TOPIC, 1, 3, &[]).await.expect("it is made");
        let in_sync = async || loop {
            let told = client.describe_topics(Some(&[TOPIC])).await.expect("it is told");
            let whole = told.topics[0].partitions.iter().find(|p| p.isr_nodes.len() == 3);
            if let Some(partition) = whole {
                break (partition.leader_id, partition.leader_epoch);
            }
            env.sleep(Duration::from_millis(20)).await;
        };
        let producer = Producer::new(client.clone(), ProducerConfig::default());
        let send = async |n: u32| {
            let value = Some(format!("{n}-{}", "x".repeat(500)).into());
            let record = ProducerRecord { topic: TOPIC.into(), value, ..ProducerRecord::default() };
            producer.send(record).await.expect("it is taken").await.expect("it is told").expect("it is kept");
        };
        for n in 0..100 {
            send(n).await;
        }
        // Whoever leads stops, so that its copy is not the one that is compared with.
        let (leader, _) = in_sync().await;
        for node in [leader as usize, 1 + leader as usize % 3] {
            nodes[node - 1].take().expect("it runs").stop();
            let file = dir(node).join(LOG);
            let size = fs::metadata(&file).expect("it is there").len();
            let log = fs::OpenOptions::new().write(true).open(&file).expect("it can be written");
            log.set_len(size / 2).expect("it is cut off");
            nodes[node - 1] = Some(start(node)());
            send(100 + node as u32).await;
            let (leader, _) = in_sync().await;
            let logs: Vec<Vec<u8>> =
                [node, leader as usize].iter().map(|n| fs::read(dir(*n).join(LOG)).expect("a log")).collect();
            assert!(size < logs[0].len() as u64, "everything is there again, and more");
            let parts = logs[0].iter().zip(&logs[1]).position(|(a, b)| a != b);
            assert!(
                logs[0] == logs[1],
                "node {node} has another log than its leader, node {leader}: {} and {} bytes, which part at {parts:?}",
                logs[0].len(),
                logs[1].len()
            );
        }
    });
    nodes.into_iter().flatten().for_each(Node::stop);
}
