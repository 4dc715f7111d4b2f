//! Golden scripts of the controller: `controller/*.txt`. Nodes register, are heard of and stop; topics are made, led,
//! moved; who is not heard of is fenced when its time is over. What a decision writes is shown as what it makes of the
//! image. In the end the image is what its records make of an empty one, and what its snapshot does.

mod golden;

use std::time::Duration;

use golden::{Line, show};
use ottla_core::{
    controller::{
        Image, NewTopic, PartitionImage, Refusal, TopicDefaults,
        brokers::{self, Heartbeat, Registration, Sessions},
        create_partitions, create_topics, delete_topic,
        elections::{self, Proposal},
        partitions::Election,
        reassign,
        records::{Record, uuid},
    },
    types::{Mono, NodeId, Uuid},
};

const SESSION: Duration = Duration::from_millis(9_000);

struct Stage {
    image: Image,
    sessions: Sessions,
    log: Vec<Record>,
    now_ms: u64,
    topics: u8,
    out: String,
}

fn at(ms: u64) -> Mono {
    Mono(ms * 1_000_000)
}

/// A topic and a partition's number.
fn place(text: &str) -> (String, i32) {
    let (topic, index) = text.rsplit_once('-').expect("topic-number");
    (topic.to_owned(), index.parse().expect("a number"))
}

fn show_partition(p: &PartitionImage) -> String {
    let leader = p.leader.map_or("nobody".to_owned(), |node| node.to_string());
    let mut said = format!("led by {leader} in epoch {}, in sync [{}]", p.leader_epoch.0, show(&p.in_sync));
    for (name, nodes) in
        [("eligible", &p.eligible), ("adding", &p.adding), ("removing", &p.removing), ("damaged", &p.damaged)]
    {
        if !nodes.is_empty() {
            said += &format!(", {name} [{}]", show(nodes));
        }
    }
    said + &format!(", of [{}], version {}", show(&p.replicas), p.partition_epoch)
}

impl Stage {
    fn new() -> Stage {
        let image = Image::default();
        let sessions = Sessions::new(&image, SESSION, at(0));
        Stage { image, sessions, log: Vec::new(), now_ms: 0, topics: 0, out: String::new() }
    }

    fn say(&mut self, said: &str) {
        self.out.push_str(&format!("  {said}\n"));
    }

    /// Writes records, and tells what they make of the image.
    fn write(&mut self, records: Vec<Record>) {
        for record in records {
            self.image.replay(&record);
            let said = match &record {
                Record::RegisterBroker(b) => {
                    let state = if b.is_fenced { "fenced" } else { "active" };
                    format!("broker {} is in, in epoch {}, {state}", b.node, b.epoch)
                }
                Record::BrokerChange(b) => {
                    let broker = self.image.broker(NodeId(b.node)).expect("it is in");
                    let state = match (broker.is_fenced, broker.is_stopping) {
                        (true, _) => "fenced",
                        (false, true) => "stopping",
                        (false, false) => "active",
                    };
                    format!("broker {} is {state}", b.node)
                }
                Record::UnregisterBroker(b) => format!("broker {} is out", b.node),
                Record::Topic(t) => format!("topic {}", t.name),
                Record::TopicConfig(c) => format!("{} = {}", c.name, c.value.as_deref().unwrap_or("default")),
                Record::RemoveTopic(_) => "the topic is gone".to_owned(),
                Record::Partition(p) => self.tell(&p.topic_id, p.index),
                Record::PartitionChange(p) => self.tell(&p.topic_id, p.index),
                Record::Defaults(d) => format!("min.insync.replicas = {} for all", d.min_in_sync),
                other => format!("{other:?}"),
            };
            self.say(&said);
            self.log.push(record);
        }
    }

    fn tell(&self, topic: &[u8], index: i32) -> String {
        let (topic, p) = (uuid(topic), self.image.partition(uuid(topic), index).expect("it is there"));
        format!("{}-{index} {}", self.image.topic_by_id(topic).expect("it is there").name, show_partition(p))
    }

    fn refused(&mut self, Refusal { code, message }: Refusal) {
        self.say(&format!("{code}: {message}"));
    }

    /// Lets time pass: who is not heard of is fenced when it is due.
    fn pass(&mut self, until_ms: u64) {
        loop {
            let due_ms = self.sessions.deadline(&self.image).0.div_ceil(1_000_000);
            if until_ms < due_ms {
                break;
            }
            self.now_ms = self.now_ms.max(due_ms);
            self.say(&format!("at {}", self.now_ms));
            for node in self.sessions.overdue(&self.image, at(self.now_ms)) {
                self.write(brokers::fence(&self.image, node, false));
            }
        }
        self.now_ms = until_ms;
    }

    fn registers(&mut self, node: i32, line: &Line<'_>) {
        let known = self.image.broker(NodeId(node));
        let number = line.number("incarnation", known.map_or(1, |b| b.incarnation.0[1] + 1));
        let places = |name: &str| -> Vec<(Uuid, Vec<i32>)> {
            let texts = line.text(name).into_iter().flat_map(|list| list.split(','));
            let named = texts.map(place);
            named.map(|(topic, index)| (self.image.topic(&topic).expect("a topic").id, vec![index])).collect()
        };
        let directory = line.number("directory", node as u8);
        let registration = Registration {
            node,
            incarnation: Uuid([node as u8, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            rack: line.text("rack").map(str::to_owned),
            directories: vec![Uuid([directory; 16])],
            previous_epoch: line.number("previous", known.map_or(-1, |b| b.epoch)),
            in_doubt: places("doubts"),
            damaged: places("cannot-open"),
            ..Registration::default()
        };
        let (now, next) = (at(self.now_ms), self.log.len() as i64);
        match brokers::register(&self.image, &mut self.sessions, now, &registration, next, false) {
            Ok((records, epoch)) => {
                self.write(records);
                self.say(&format!("{node}: epoch {epoch}"));
            }
            Err(refusal) => self.refused(refusal),
        }
    }

    fn beats(&mut self, node: i32, line: &Line<'_>) {
        let end = self.log.len() as i64;
        let beat = Heartbeat {
            node: NodeId(node),
            epoch: line.number("epoch", self.image.broker(NodeId(node)).map_or(-1, |b| b.epoch)),
            metadata_offset: line.number("has", end),
            wants_fence: line.has("fence"),
            wants_shutdown: line.has("stop"),
        };
        match brokers::heartbeat(&self.image, &mut self.sessions, at(self.now_ms), &beat, end, false) {
            Ok((records, reply)) => {
                self.write(records);
                let mut said = vec![if reply.is_fenced { "fenced" } else { "active" }];
                said.extend((!reply.is_caught_up).then_some("behind"));
                said.extend(reply.should_shut_down.then_some("may stop"));
                self.say(&format!("{node}: {}", said.join(", ")));
            }
            Err(code) => self.say(&format!("{node}: {code}")),
        }
    }

    fn creates(&mut self, line: &Line<'_>) {
        self.topics += 1;
        let given = line.text("on").into_iter().flat_map(|lists| lists.split(';'));
        let nodes = |list: &str| list.split(',').map(|n| n.parse().expect("a number")).collect();
        let assignments: Vec<(i32, Vec<i32>)> = (0..).zip(given.map(nodes)).collect();
        let is_given = !assignments.is_empty();
        let settings = ["min.insync.replicas", "unclean.leader.election.enable"];
        let config = |name: &str| Some((name.to_owned(), Some(line.text(name)?.to_owned())));
        let new = NewTopic {
            name: line.place().to_owned(),
            partitions: if is_given { -1 } else { line.number("partitions", 1) },
            replication_factor: if is_given { -1 } else { line.number("replicas", 3) },
            assignments,
            configs: settings.into_iter().filter_map(config).collect(),
        };
        let defaults = TopicDefaults { partitions: 1, replication_factor: 1 };
        let (records, outcomes) = create_topics(&self.image, &[(new, Uuid([self.topics; 16]))], defaults);
        self.write(records);
        outcomes.into_iter().filter_map(Result::err).for_each(|refusal| self.refused(refusal));
    }

    fn proposes(&mut self, node: i32, line: &Line<'_>) {
        let (name, index) = place(line.place());
        let topic = self.image.topic(&name).expect("a topic");
        let now = topic.partitions[index as usize].clone();
        let epochs = line.numbers("broker-epochs").unwrap_or_default();
        let in_sync = line.numbers("in-sync").expect("in-sync=1,2");
        let epoch = |at: usize| epochs.get(at).copied().map_or(-1, i64::from);
        let proposal = Proposal {
            topic: topic.id,
            index,
            leader_epoch: line.number("epoch", now.leader_epoch.0),
            partition_epoch: line.number("version", now.partition_epoch),
            in_sync: in_sync.into_iter().enumerate().map(|(n, node)| (node, epoch(n))).collect(),
        };
        match elections::propose(&self.image, NodeId(node), &proposal, false) {
            Ok(Some(record)) => self.write(vec![record]),
            Ok(None) => self.say("nothing changes"),
            Err(code) => self.say(&format!("{node}: {code}")),
        }
    }

    fn elects(&mut self, line: &Line<'_>) {
        let (topic, index) = place(line.place());
        let election = match line.text("by") {
            Some("unclean") => Election::Unclean,
            _ => Election::Preferred,
        };
        match elections::elect(&self.image, &topic, index, election) {
            Ok(record) => self.write(vec![record]),
            Err(refusal) => self.refused(refusal),
        }
    }

    fn moves(&mut self, line: &Line<'_>) {
        let ((topic, index), target) = (place(line.place()), line.numbers("to"));
        match reassign::reassign(&self.image, &topic, index, target.as_deref(), true) {
            Ok(record) => self.write(record.into_iter().collect()),
            Err(refusal) => self.refused(refusal),
        }
    }
}

impl golden::Stage for Stage {
    fn run(&mut self, text: &str) {
        let line = Line::read(text);
        self.pass(line.at_ms);
        let node = line.who.parse().unwrap_or(0);
        match line.verb {
            "registers" => self.registers(node, &line),
            "beats" => self.beats(node, &line),
            "loses" => self.sessions.lost(NodeId(node), at(self.now_ms)),
            "creates" => self.creates(&line),
            "grows" => {
                let count = line.number("to", 0);
                match create_partitions(&self.image, line.place(), count, None) {
                    Ok(records) => self.write(records),
                    Err(refusal) => self.refused(refusal),
                }
            }
            "deletes" => {
                let topic = self.image.topic(line.place()).expect("a topic").clone();
                self.write(delete_topic(&topic));
            }
            "proposes" => self.proposes(node, &line),
            "elects" => self.elects(&line),
            "moves" => self.moves(&line),
            "rebalances" => self.write(elections::rebalance(&self.image)),
            "unregisters" => match brokers::unregister(&self.image, NodeId(node), false) {
                Ok(records) => self.write(records),
                Err(refusal) => self.refused(refusal),
            },
            "sets" => self.write(brokers::defaults(&self.image, line.number("min", 1))),
            // Another controller: it has heard of everybody just now.
            "fails-over" => self.sessions = Sessions::new(&self.image, SESSION, at(self.now_ms)),
            "waits" => {}
            verb => panic!("«{verb}» is no verb"),
        }
        let mut replayed = Image::default();
        self.log.iter().for_each(|record| replayed.replay(record));
        assert_eq!(replayed.snapshot(), self.image.snapshot(), "the replay is the image");
        let mut restored = Image::default();
        self.image.snapshot().iter().for_each(|record| restored.replay(record));
        assert_eq!(restored.snapshot(), self.image.snapshot(), "the snapshot is the image");
    }

    fn out(&mut self) -> &mut String {
        &mut self.out
    }
}

#[test]
fn golden_scripts() {
    golden::perform_all("controller", Stage::new);
}
