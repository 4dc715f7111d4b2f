//! Who says in a cluster that it is a replica or a leader and is not, or not any more, is fenced: the real binary, three
//! processes, and requests that lie.
#![allow(clippy::disallowed_methods)]

mod nodes;

use std::time::Duration;

use nodes::{Node, port};
use ottla_client::{
    Client, ClientConfig,
    connection::Connection,
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{env::Env, errors::ErrorCode, types::Uuid};
use ottla_net::{
    env::TokioEnv,
    messages::{
        ApiKey,
        generated::{
            alter_partition::{self as alter, AlterPartitionRequest, AlterPartitionResponse},
            fetch::{self, FetchRequest, FetchResponse},
        },
    },
};

/// What a fetch says of itself.
#[derive(Clone, Copy)]
struct Says {
    replica: i32,
    broker_epoch: i64,
    leader_epoch: i32,
}

/// What is asked for in an AlterPartition.
#[derive(Clone, Debug)]
struct Proposes {
    broker: i32,
    broker_epoch: i64,
    leader_epoch: i32,
    partition_epoch: i32,
    in_sync: Vec<(i32, i64)>,
}

struct Scene {
    leader: Connected,
    controller: Connected,
    topic: Uuid,
}

type Connected = std::sync::Arc<Connection<TokioEnv>>;

impl Scene {
    async fn fetch(&self, says: Says, from: i64) -> ErrorCode {
        let partition = fetch::request::FetchPartition {
            partition: 0,
            current_leader_epoch: says.leader_epoch,
            fetch_offset: from,
            last_fetched_epoch: -1,
            partition_max_bytes: 1_000,
            ..Default::default()
        };
        let topic = fetch::request::FetchTopic {
            topic_id: self.topic,
            partitions: vec![partition],
            ..Default::default()
        };
        let request = FetchRequest {
            replica_state: fetch::request::ReplicaState {
                replica_id: says.replica,
                replica_epoch: says.broker_epoch,
            },
            max_bytes: 1_000,
            topics: vec![topic],
            ..Default::default()
        };
        let answer: FetchResponse =
            self.leader.call_version(ApiKey::Fetch, 17, &request).await.expect("it answers");
        ErrorCode::from_code(answer.responses[0].partitions[0].error_code)
    }

    async fn propose(&self, p: &Proposes) -> ErrorCode {
        let state = |(broker_id, broker_epoch): &(i32, i64)| alter::request::BrokerState {
            broker_id: *broker_id,
            broker_epoch: *broker_epoch,
        };
        let partition = alter::request::PartitionData {
            partition_index: 0,
            leader_epoch: p.leader_epoch,
            partition_epoch: p.partition_epoch,
            new_isr_with_epochs: p.in_sync.iter().map(state).collect(),
            ..Default::default()
        };
        let topic = alter::request::TopicData { topic_id: self.topic, partitions: vec![partition] };
        let request =
            AlterPartitionRequest { broker_id: p.broker, broker_epoch: p.broker_epoch, topics: vec![topic] };
        let asked = self.controller.call_version(ApiKey::AlterPartition, 3, &request).await;
        let answer: AlterPartitionResponse = asked.expect("it answers");
        match ErrorCode::from_code(answer.error_code) {
            ErrorCode::None => ErrorCode::from_code(answer.topics[0].partitions[0].error_code),
            code => code,
        }
    }
}

#[test]
fn who_lies_about_epochs_and_ids_is_fenced() {
    let parent = tempfile::tempdir().expect("a directory");
    let ports: Vec<(u16, u16)> = (0..3).map(|_| (port(), port())).collect();
    let voters: Vec<String> =
        ports.iter().zip(1..).map(|((_, at), node)| format!("{node}@127.0.0.1:{at}")).collect();
    let start = |node: usize| {
        let (clients, controllers) = ports[node - 1];
        Node::start(&[
            format!("node.id={node}"),
            format!("controller.quorum.voters={}", voters.join(",")),
            format!("listeners=PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controllers}"),
            format!("log.dirs={}", parent.path().join(format!("n{node}")).display()),
            "default.replication.factor=3".to_owned(),
            "min.insync.replicas=2".to_owned(),
        ])
    };
    let mut nodes: Vec<Node> = (1..=3).map(start).collect();
    nodes.iter_mut().for_each(Node::serves);
    TokioEnv::run(1, async |env| {
        let address = |at: u16| format!("127.0.0.1:{at}");
        let client = Client::new(env.clone(), ClientConfig::new(&address(ports[0].0)));
        client.create_topic("facts", 1, 3, &[]).await.expect("it is made");
        // Another leads from the second epoch on: there is an earlier one to lie about.
        let place = ("facts".to_owned(), 0);
        let first = client.describe_topics(Some(&["facts"])).await.expect("it is told");
        let mut order = first.topics[0].partitions[0].replica_nodes.clone();
        order.rotate_left(1);
        let moved = client.reassign(&[(place.clone(), Some(order))]).await.expect("it is moved");
        moved.into_iter().for_each(|(_, outcome)| outcome.expect("it is moved"));
        let (topic, p) = loop {
            let told = client.describe_topics(Some(&["facts"])).await.expect("it is told");
            let topic = &told.topics[0];
            match topic.partitions.first() {
                Some(p) if p.isr_nodes.len() == 3 && 0 < p.leader_epoch => break (topic.topic_id, p.clone()),
                // One that is not in sync yet is not elected.
                _ => drop(client.elect(Some(std::slice::from_ref(&place)), false).await),
            }
            env.sleep(Duration::from_millis(20)).await;
        };
        let quorum = client.describe_quorum().await.expect("it is told");
        let controller = quorum.topics[0].partitions[0].leader_id as usize;
        let leader = p.leader_id as usize;
        let config = ClientConfig::new("");
        let open = async |at: u16| Connection::open(&env, &address(at), &config).await.expect("it listens");
        let scene = Scene {
            leader: open(ports[leader - 1].0).await,
            controller: open(ports[controller - 1].1).await,
            topic,
        };
        let epochs: Vec<(i32, i64)> = (1..=3)
            .map(|node| {
                let file = parent.path().join(format!("n{node}/broker-epoch"));
                let text = std::fs::read_to_string(file).expect("it has registered");
                (node, text.trim().parse().expect("a number"))
            })
            .collect();
        let epoch_of = |node: i32| epochs[node as usize - 1].1;
        let follower = (1..=3).find(|node| *node != p.leader_id).expect("there are three");

        let honest =
            Says { replica: follower, broker_epoch: epoch_of(follower), leader_epoch: p.leader_epoch };
        assert_eq!(scene.fetch(honest, 0).await, ErrorCode::None);
        for (says, expected) in [
            (Says { broker_epoch: epoch_of(follower) - 1, ..honest }, ErrorCode::NotLeaderOrFollower),
            (Says { broker_epoch: -1, ..honest }, ErrorCode::UnknownLeaderEpoch),
            (Says { leader_epoch: p.leader_epoch - 1, ..honest }, ErrorCode::FencedLeaderEpoch),
            (Says { leader_epoch: p.leader_epoch + 1, ..honest }, ErrorCode::UnknownLeaderEpoch),
            (Says { replica: 77, ..honest }, ErrorCode::UnknownTopicOrPartition),
            (
                Says { replica: p.leader_id, broker_epoch: epoch_of(p.leader_id), ..honest },
                ErrorCode::UnknownTopicOrPartition,
            ),
        ] {
            let code = scene.fetch(says, 0).await;
            let Says { replica, broker_epoch, leader_epoch } = says;
            let who = format!("replica {replica}, broker epoch {broker_epoch}, leader epoch {leader_epoch}");
            assert_eq!(code, expected, "{who} of {epochs:?}, {p:?}");
        }

        // A broker epoch that is not there yet may be on its way: it is served, and counts for nothing. The true follower
        // goes on: what is written after the lie commits.
        let late = Says { broker_epoch: epoch_of(follower) + 1_000, ..honest };
        assert_eq!(scene.fetch(late, 0).await, ErrorCode::None);
        let producer = Producer::new(client.clone(), ProducerConfig::default());
        let record = ProducerRecord { topic: "facts".into(), value: Some("x".into()), ..Default::default() };
        let report = producer.send(record).await.expect("it is taken");
        report.await.expect("it is told").expect("all in sync have it");

        let of = |nodes: &[i32]| nodes.iter().map(|node| (*node, epoch_of(*node))).collect::<Vec<_>>();
        let mut honest = Proposes {
            broker: p.leader_id,
            broker_epoch: epoch_of(p.leader_id),
            leader_epoch: p.leader_epoch,
            partition_epoch: 0,
            in_sync: of(&[1, 2, 3]),
        };
        // How often the partition has changed so far. The first that fits may be another order of the same nodes, and a
        // change by that; the second is none.
        for _ in 0..2 {
            let mut code = scene.propose(&honest).await;
            while code == ErrorCode::InvalidUpdateVersion {
                honest.partition_epoch += 1;
                code = scene.propose(&honest).await;
            }
            assert_eq!(code, ErrorCode::None, "{honest:?} of {p:?}");
        }
        let stale: Vec<(i32, i64)> = of(&[1, 2, 3])
            .into_iter()
            .map(|(node, epoch)| (node, if node == follower { epoch - 1 } else { epoch }))
            .collect();
        for (proposes, expected) in [
            (
                Proposes { broker_epoch: honest.broker_epoch - 1, ..honest.clone() },
                ErrorCode::StaleBrokerEpoch,
            ),
            (Proposes { broker: 77, ..honest.clone() }, ErrorCode::StaleBrokerEpoch),
            (
                Proposes { broker: follower, broker_epoch: epoch_of(follower), ..honest.clone() },
                ErrorCode::InvalidRequest,
            ),
            (Proposes { leader_epoch: p.leader_epoch - 1, ..honest.clone() }, ErrorCode::FencedLeaderEpoch),
            (Proposes { leader_epoch: p.leader_epoch + 1, ..honest.clone() }, ErrorCode::NotController),
            (Proposes { partition_epoch: 1_000, ..honest.clone() }, ErrorCode::NotController),
            (Proposes { in_sync: stale, ..honest.clone() }, ErrorCode::IneligibleReplica),
        ] {
            let code = scene.propose(&proposes).await;
            let Proposes { broker, broker_epoch, leader_epoch, partition_epoch, in_sync } = proposes;
            let what = format!("{broker} {broker_epoch} {leader_epoch} {partition_epoch} {in_sync:?}");
            assert_eq!(code, expected, "{what} of {epochs:?}, {p:?}");
        }
        let told = client.describe_topics(Some(&["facts"])).await.expect("it is told");
        let now = &told.topics[0].partitions[0];
        assert_eq!((now.isr_nodes.len(), now.leader_id, now.leader_epoch), (3, p.leader_id, p.leader_epoch));
    });
}
