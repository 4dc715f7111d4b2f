//! Copies that are damaged below what is known to be durable: real processes.
#![allow(clippy::disallowed_methods)]

mod nodes;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use nodes::{Node, port};
use ottla_client::{
    Client, ClientConfig, ClientError,
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{env::Env, errors::ErrorCode};
use ottla_net::{env::TokioEnv, messages::generated::metadata::response::MetadataResponsePartition};

const TOPIC: &str = "facts";
const LOG: &str = "facts-0/00000000000000000000.log";

/// Three nodes and their topic, which all of them hold.
struct Cluster {
    parent: tempfile::TempDir,
    ports: Vec<(u16, u16)>,
    nodes: Vec<Option<Node>>,
}

impl Cluster {
    fn start() -> Cluster {
        let parent = tempfile::tempdir().expect("a directory");
        let ports = (0..3).map(|_| (port(), port())).collect();
        let mut cluster = Cluster { parent, ports, nodes: vec![None, None, None] };
        cluster.start_nodes(&[1, 2, 3]);
        cluster
    }

    fn dir(&self, node: usize) -> PathBuf {
        self.parent.path().join(format!("n{node}"))
    }

    fn log(&self, node: usize) -> Vec<u8> {
        fs::read(self.dir(node).join(LOG)).expect("a log")
    }

    fn start_nodes(&mut self, nodes: &[usize]) {
        let voters: Vec<String> =
            self.ports.iter().zip(1..).map(|((_, at), node)| format!("{node}@127.0.0.1:{at}")).collect();
        for &node in nodes {
            let (clients, controllers) = self.ports[node - 1];
            self.nodes[node - 1] = Some(Node::start(&[
                format!("node.id={node}"),
                format!("controller.quorum.voters={}", voters.join(",")),
                format!("listeners=PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controllers}"),
                format!("log.dirs={}", self.dir(node).display()),
                "min.insync.replicas=2".to_owned(),
            ]));
        }
        nodes.iter().for_each(|node| self.nodes[node - 1].as_mut().expect("it was started").serves());
    }

    fn stop(&mut self, node: usize) {
        self.nodes[node - 1].take().expect("it runs").stop();
    }

    /// Makes the topic and writes a hundred records to it, which all nodes have then.
    async fn written(&self, env: &TokioEnv) -> (Client<TokioEnv>, Producer<TokioEnv>) {
        let client = self.client(env);
        client.create_topic(TOPIC, 1, 3, &[]).await.expect("it is made");
        let producer = Producer::new(client.clone(), ProducerConfig::default());
        for n in 0..100 {
            send(&producer, n).await;
        }
        until_so(env, &client, is_whole).await;
        (client, producer)
    }

    fn client(&self, env: &TokioEnv) -> Client<TokioEnv> {
        let addresses: Vec<String> = self.ports.iter().map(|(at, _)| format!("127.0.0.1:{at}")).collect();
        Client::new(env.clone(), ClientConfig::new(&addresses.join(",")))
    }
}

/// Cuts the second half of a log off; returns how long it was.
fn halve(file: &Path) -> u64 {
    let log = fs::OpenOptions::new().write(true).open(file).expect("it can be written");
    let size = log.metadata().expect("it is there").len();
    log.set_len(size / 2).expect("it is cut off");
    size
}

/// Asks until the partition is so.
async fn until_so(
    env: &TokioEnv,
    client: &Client<TokioEnv>,
    is_so: impl Fn(&MetadataResponsePartition) -> bool,
) -> MetadataResponsePartition {
    loop {
        // Who was asked last may just have been stopped.
        if let Ok(told) = client.describe_topics(Some(&[TOPIC])).await
            && let Some(partition) = told.topics[0].partitions.iter().find(|p| is_so(p))
        {
            break partition.clone();
        }
        env.sleep(Duration::from_millis(20)).await;
    }
}

async fn send(producer: &Producer<TokioEnv>, n: usize) {
    let value = Some(format!("{n}-{}", "x".repeat(500)).into());
    let record = ProducerRecord { topic: TOPIC.into(), value, ..ProducerRecord::default() };
    producer.send(record).await.expect("it is taken").await.expect("it is told").expect("it is kept");
}

fn is_whole(p: &MetadataResponsePartition) -> bool {
    p.isr_nodes.len() == 3 && 0 <= p.leader_id
}

#[test]
fn a_damaged_copy_is_fetched_anew() {
    let mut cluster = Cluster::start();
    TokioEnv::run(1, async |env| {
        let (client, producer) = cluster.written(&env).await;
        // Whoever leads stops, so that its copy is not the one that is compared with.
        let leader = until_so(&env, &client, is_whole).await.leader_id as usize;
        for node in [leader, 1 + leader % 3] {
            cluster.stop(node);
            let size = halve(&cluster.dir(node).join(LOG));
            cluster.start_nodes(&[node]);
            send(&producer, 100 + node).await;
            let leader = until_so(&env, &client, is_whole).await.leader_id as usize;
            let logs = [node, leader].map(|n| cluster.log(n));
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
    (1..=3).for_each(|node| cluster.stop(node));
}

#[test]
fn where_every_copy_is_damaged_an_operator_takes_the_loss() {
    let mut cluster = Cluster::start();
    TokioEnv::run(1, async |env| {
        let (client, _) = cluster.written(&env).await;
        (1..=3).for_each(|node| cluster.stop(node));
        let sizes = [1, 2, 3].map(|node| halve(&cluster.dir(node).join(LOG)));
        cluster.start_nodes(&[1, 2, 3]);
        let is_lost = |p: &MetadataResponsePartition| p.leader_id < 0 && p.offline_replicas.len() == 3;
        until_so(&env, &client, is_lost).await;
        let place = [(TOPIC.to_owned(), 0)];
        let outcomes = client.elect(Some(&place), true).await.expect("it is told");
        let refused =
            matches!(outcomes[0].1, Err(ClientError::Broker(ErrorCode::EligibleLeadersNotAvailable, _)));
        assert!(refused, "nobody can open it: {outcomes:?}");
        for node in 1..=3 {
            assert_eq!(cluster.log(node).len() as u64, sizes[node - 1] / 2, "what is left stays");
        }
        // Nothing of it is known to be durable any more, says the operator: what is left up to the damage is kept.
        cluster.stop(1);
        let file = cluster.dir(1).join("recovery-point-offset-checkpoint");
        let text = fs::read_to_string(&file).expect("a checkpoint");
        let kept: Vec<&str> = text.lines().skip(2).filter(|line| !line.starts_with(TOPIC)).collect();
        fs::write(&file, format!("0\n{}\n{}\n", kept.len(), kept.join("\n"))).expect("it is written");
        cluster.start_nodes(&[1]);
        let client = cluster.client(&env);
        let outcomes = client.elect(Some(&place), true).await.expect("it is told");
        assert!(outcomes[0].1.is_ok(), "{outcomes:?}");
        let leader = until_so(&env, &client, is_whole).await.leader_id;
        assert_eq!(leader, 1, "the others have followed");
        let left = cluster.log(1).len() as u64;
        assert!(sizes[0] / 3 < left && left <= sizes[0] / 2, "{left} of {} bytes are kept", sizes[0]);
        // The first producer counts on what is lost.
        send(&Producer::new(client.clone(), ProducerConfig::default()), 100).await;
        until_so(&env, &client, is_whole).await;
        let logs = [1, 2, 3].map(|node| cluster.log(node));
        assert!(logs[0] == logs[1] && logs[0] == logs[2] && left < logs[0].len() as u64);
    });
}
