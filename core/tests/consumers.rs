//! Groups of the consumer protocol under clients that come, go, lose answers and are slow, with topics that change
//! and coordinators that are lost; alone, and with clients of the classic protocol, so that the group moves between the two.

mod classic;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use classic::Classic;
use ottla_core::{
    controller::{
        Image,
        records::{Partition, Record as Metadata, RemoveTopic, Topic},
    },
    errors::ErrorCode,
    group::{
        GroupConfig, GroupCoordinator,
        consumer::{
            ConsumerConfig, Heartbeat,
            assignor::ASSIGNORS,
            stored::{AWAY, Places, Stored},
        },
        messages::{Answer, Request},
        records::Record,
    },
    shard::{Decision, Now, Shard, Ticket},
    types::{Mono, Timestamp, Uuid},
};
use proptest::prelude::*;

const GROUP: &str = "g";
const TOPICS: [&str; 3] = ["t", "u", "v"];

fn config() -> GroupConfig {
    GroupConfig {
        groups_max: 4,
        size_max: 10,
        initial_rebalance_delay_ms: 0,
        session_min_ms: 6_000,
        session_max_ms: 1_800_000,
        metadata_max_bytes: 10,
        retention_ms: 600_000,
        check_interval_ms: 300_000,
        consumer: ConsumerConfig {
            session_ms: 10_000,
            heartbeat_ms: 1_000,
            size_max: 1_000,
            assignors: ASSIGNORS.to_vec(),
            assignment_interval_ms: 1_000,
            migration: ottla_core::group::consumer::Migration { upgrades: true, downgrades: true },
        },
    }
}

fn time(ms: u64) -> Now {
    Now { mono: Mono(ms * 1_000_000), wall: Timestamp(ms as i64) }
}

fn topic_id(name: &str) -> Uuid {
    Uuid([name.as_bytes()[0]; 16])
}

/// A client as they are written: it stops reading what it has lost, and says what it has.
#[derive(Clone, Debug, Default)]
struct Client {
    id: String,
    epoch: i32,
    topics: BTreeSet<String>,
    regex: String,
    owned: Places,
    /// It must say all: the last answer was lost, or it has just come.
    says_all: bool,
    /// It has something new to say of what it has.
    has_news: bool,
}

struct World {
    coordinator: GroupCoordinator,
    log: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    image: Arc<Image>,
    clients: BTreeMap<u8, Client>,
    /// Clients of the classic protocol.
    classics: BTreeMap<u8, Classic>,
    /// Which of them has asked with a ticket.
    asked: BTreeMap<Ticket, u8>,
    tickets: u64,
    now_ms: u64,
    names: u32,
}

impl World {
    fn new() -> World {
        let mut coordinator = GroupCoordinator::new(config());
        coordinator.loaded(time(0));
        let (log, image, clients) = (Vec::new(), Arc::default(), BTreeMap::new());
        let (classics, asked) = (BTreeMap::new(), BTreeMap::new());
        let mut world =
            World { coordinator, log, image, clients, classics, asked, tickets: 0, now_ms: 0, names: 0 };
        world.set_topic("t", 4);
        world
    }

    fn set_topic(&mut self, name: &str, count: i32) {
        let image = Arc::make_mut(&mut self.image);
        let id = topic_id(name).0.to_vec();
        let have = image.topic(name).map_or(0, |topic| topic.partitions.len() as i32);
        if count == 0 && 0 < have {
            return image.replay(&Metadata::RemoveTopic(RemoveTopic { id }));
        }
        if have == 0 && 0 < count {
            image.replay(&Metadata::Topic(Topic { id: id.clone(), name: name.to_owned() }));
        }
        for index in have..count {
            let (topic_id, replicas, in_sync) = (id.clone(), vec![1], vec![1]);
            image.replay(&Metadata::Partition(Partition {
                topic_id,
                index,
                replicas,
                in_sync,
                leader: 1,
                ..Partition::default()
            }));
        }
    }

    /// Writes what was decided; what is said to clients of the classic protocol they hear, the other answer is returned.
    fn take(&mut self, decision: Decision<Record, Answer>) -> Option<Answer> {
        for record in decision.records {
            self.log.push(record.encode());
            self.coordinator.replay(&record);
        }
        self.check();
        let mut own = None;
        for (ticket, answer) in decision.replies {
            match self.asked.remove(&ticket) {
                Some(number) => {
                    // Who is gone hears nothing.
                    let asks = |classic: &&mut Classic| classic.waits_for == Some(ticket);
                    if let Some(classic) = self.classics.get_mut(&number).filter(asks) {
                        classic.hear(answer, &self.image);
                    }
                }
                None => own = Some(answer),
            }
        }
        own
    }

    fn ask(&mut self, request: Request, who: Option<u8>) -> (Ticket, Option<Answer>) {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.asked.extend(who.map(|number| (ticket, number)));
        if let Some(classic) = who.and_then(|number| self.classics.get_mut(&number)) {
            classic.waits_for = Some(ticket);
        }
        let mut decision = Decision::default();
        self.coordinator.handle(time(self.now_ms), ticket, request, &mut decision);
        (ticket, self.take(decision))
    }

    fn stored(&self) -> Option<&Stored> {
        self.coordinator.consumers(GROUP)
    }

    /// What is never otherwise (KIP-848; invariant GROUP-1).
    fn check(&self) {
        let Some(stored) = self.stored() else { return };
        let mut held = BTreeSet::new();
        for (id, current) in &stored.currents {
            assert!(current.epoch <= stored.epoch, "{id} is ahead of its group");
            assert!(stored.members.contains_key(id), "{id} is no member");
            for place in current.assigned.keys().chain(current.revoking.keys()) {
                assert!(held.insert(*place), "{place:?} is in two hands: {stored:?}");
            }
        }
        let mut given = BTreeSet::new();
        assert!(stored.targets.values().flatten().all(|place| given.insert(*place)), "a target is double");
    }

    fn pass(&mut self, ms: u64) {
        let until_ms = self.now_ms + ms;
        loop {
            let due_ms = self.coordinator.next_alarm().0.div_ceil(1_000_000);
            if until_ms < due_ms {
                break;
            }
            self.now_ms = self.now_ms.max(due_ms);
            let mut decision = Decision::default();
            self.coordinator.alarm(time(self.now_ms), &mut decision);
            self.take(decision);
        }
        self.now_ms = until_ms;
    }

    fn crash(&mut self) {
        let mut next = GroupCoordinator::new(config());
        for (key, value) in &self.log {
            next.replay(&Record::decode(key, value.as_deref()).unwrap().unwrap());
        }
        assert_eq!(next.durable(), self.coordinator.durable(), "the replay is the state");
        next.loaded(time(self.now_ms));
        self.coordinator = next;
        self.asked.clear();
        self.classics.values_mut().for_each(Classic::lost_answer);
    }

    /// A client of the classic protocol does what it has to do next; its answer may be lost.
    fn turn(&mut self, number: u8, is_lost: bool) {
        let names = &mut self.names;
        let classic = self.classics.entry(number).or_insert_with(|| {
            *names += 1;
            Classic::new([TOPICS[usize::from(number) % 2], "t"])
        });
        let Some(request) = classic.request(GROUP, format!("c{number}-{names}"), &self.image) else { return };
        *names += 1;
        let (ticket, _) = self.ask(request, Some(number));
        if is_lost {
            self.asked.remove(&ticket);
            self.classics.get_mut(&number).expect("it is there").lost_answer();
        }
    }

    fn classic_leaves(&mut self, number: u8) {
        let Some(classic) = self.classics.remove(&number) else { return };
        if !classic.id.is_empty() {
            self.ask(Request::Leave(GROUP.into(), vec![(classic.id, None)]), None);
        }
    }

    fn client(&mut self, number: u8) -> Client {
        let names = &mut self.names;
        let fresh = || {
            *names += 1;
            let topics = [TOPICS[usize::from(number) % 2].to_owned(), "t".to_owned()].into();
            Client { id: format!("m{number}-{names}"), topics, says_all: true, ..Client::default() }
        };
        self.clients.entry(number).or_insert_with(fresh).clone()
    }

    /// A client is heard of; its answer may be lost.
    fn beat(&mut self, number: u8, is_lost: bool) {
        let mut client = self.client(number);
        let says_all = client.says_all || client.epoch == 0;
        let beat = Heartbeat {
            member: client.id.clone(),
            epoch: client.epoch,
            instance: None,
            rack: None,
            client_id: String::new(),
            client_host: String::new(),
            rebalance_timeout_ms: if says_all { 5_000 } else { -1 },
            topics: says_all.then(|| client.topics.clone()),
            regex: says_all.then(|| client.regex.clone()),
            assignor: None,
            owned: (says_all || client.has_news).then(|| client.owned.clone()),
            classic: None,
            image: self.image.clone(),
        };
        let (_, answer) = self.ask(Request::Consumer(GROUP.into(), Box::new(beat)), None);
        if is_lost {
            client.says_all = true;
        } else {
            match answer {
                Some(Answer::Consumer(Ok(beaten))) => {
                    client.epoch = beaten.epoch;
                    (client.says_all, client.has_news) = (false, false);
                    if let Some(assignment) = beaten.assignment {
                        client.has_news = assignment != client.owned;
                        client.owned = assignment;
                    }
                }
                Some(Answer::Consumer(Err(refused))) => {
                    let codes = [ErrorCode::FencedMemberEpoch, ErrorCode::UnknownMemberId];
                    assert!(codes.contains(&refused.code) || 0 < client.epoch, "{refused:?}");
                    client.owned.clear();
                    (client.epoch, client.says_all) = (0, true);
                }
                other => panic!("{other:?} is no answer to a heartbeat"),
            }
        }
        self.clients.insert(number, client);
    }

    fn leave(&mut self, number: u8) {
        let Some(client) = self.clients.remove(&number) else { return };
        let beat = Heartbeat {
            member: client.id,
            epoch: -1,
            instance: None,
            rack: None,
            client_id: String::new(),
            client_host: String::new(),
            rebalance_timeout_ms: -1,
            topics: None,
            regex: None,
            assignor: None,
            owned: None,
            classic: None,
            image: self.image.clone(),
        };
        self.ask(Request::Consumer(GROUP.into(), Box::new(beat)), None);
    }
}

#[derive(Clone, Debug)]
enum Step {
    Beat(u8, bool),
    Leave(u8),
    /// The process is gone, and another one in its place.
    Die(u8),
    Subscribe(u8, u8),
    Topic(u8, i32),
    Pass(u64),
    Crash,
    /// Of a client of the classic protocol.
    Turn(u8, bool),
    ClassicLeaves(u8),
    ClassicDies(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let client = 0u8..4;
    let step = prop_oneof![
        10 => (client.clone(), prop::bool::weighted(0.15)).prop_map(|(c, lost)| Step::Beat(c, lost)),
        4 => (100u64..3_000).prop_map(Step::Pass),
        1 => client.clone().prop_map(Step::Leave),
        1 => client.clone().prop_map(Step::Die),
        1 => (client, 0u8..8).prop_map(|(c, what)| Step::Subscribe(c, what)),
        1 => (0u8..3, 0i32..7).prop_map(|(topic, count)| Step::Topic(topic, count)),
        1 => (8_000u64..20_000).prop_map(Step::Pass),
        1 => Just(Step::Crash),
    ];
    prop::collection::vec(step, 0..120)
}

/// Steps with clients of both protocols.
fn mixed_steps() -> impl Strategy<Value = Vec<Step>> {
    let client = 4u8..7;
    let classic = prop_oneof![
        8 => (client.clone(), prop::bool::weighted(0.15)).prop_map(|(c, lost)| Step::Turn(c, lost)),
        1 => client.clone().prop_map(Step::ClassicLeaves),
        1 => client.prop_map(Step::ClassicDies),
    ];
    (steps(), prop::collection::vec((classic, any::<prop::sample::Index>()), 0..120)).prop_map(
        |(mut steps, classics)| {
            for (step, at) in classics {
                steps.insert(at.index(steps.len() + 1), step);
            }
            steps
        },
    )
}

impl World {
    fn run(&mut self, steps: Vec<Step>) {
        let world = self;
        for step in steps {
            match step {
                Step::Beat(client, is_lost) => world.beat(client, is_lost),
                Step::Leave(client) => world.leave(client),
                Step::Die(client) => {
                    world.clients.remove(&client);
                }
                Step::Subscribe(number, what) => {
                    let mut client = world.client(number);
                    client.topics =
                        (0..3).filter(|t| what >> t & 1 == 1).map(|t| TOPICS[t].to_owned()).collect();
                    client.regex = if what == 5 { "[tu]".into() } else { String::new() };
                    client.says_all = true;
                    world.clients.insert(number, client);
                }
                Step::Topic(topic, count) => world.set_topic(TOPICS[usize::from(topic)], count),
                Step::Pass(ms) => world.pass(ms),
                Step::Crash => world.crash(),
                Step::Turn(client, is_lost) => world.turn(client, is_lost),
                Step::ClassicLeaves(client) => world.classic_leaves(client),
                Step::ClassicDies(client) => {
                    world.classics.remove(&client);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn a_partition_is_in_one_hand_and_the_group_becomes_stable(steps in steps()) {
        let mut world = World::new();
        world.run(steps);
        // The silent go, what is to be given back is given back, expressions are searched again.
        for _ in 0..30 {
            let numbers: Vec<u8> = world.clients.keys().copied().collect();
            numbers.into_iter().for_each(|number| world.beat(number, false));
            world.pass(1_000);
        }
        let members: BTreeSet<&String> = world.clients.values().map(|client| &client.id).collect();
        let Some(stored) = world.stored() else {
            prop_assert!(members.is_empty());
            return Ok(());
        };
        prop_assert_eq!(stored.members.keys().collect::<BTreeSet<_>>(), members);
        let state = if stored.members.is_empty() { "Empty" } else { "Stable" };
        prop_assert_eq!(stored.state(), state);
        let mut read = Places::new();
        for client in world.clients.values() {
            let current = stored.current(&client.id);
            prop_assert_eq!(&current.assigned.keys().copied().collect::<Places>(), &client.owned);
            prop_assert!(current.epoch != AWAY);
            read.extend(&client.owned);
        }
        let names: BTreeSet<String> = world.clients.values().flat_map(|client| stored.topics_of(&stored.members[&client.id])).map(str::to_owned).collect();
        let wanted = names.iter().filter_map(|name| world.image.topic(name));
        let wanted: Places = wanted.flat_map(|t| (0..t.partitions.len()).map(|p| (t.id, p as i32))).collect();
        prop_assert_eq!(read, wanted, "every partition is read");
    }

    #[test]
    fn a_group_of_both_protocols_becomes_stable(steps in mixed_steps()) {
        let mut world = World::new();
        world.run(steps);
        // A topic that nobody removes: everybody reads something.
        world.set_topic("t", 4);
        world.classics.values_mut().for_each(Classic::topics_changed);
        for _ in 0..60 {
            let numbers: Vec<u8> = world.clients.keys().copied().collect();
            numbers.into_iter().for_each(|number| world.beat(number, false));
            let numbers: Vec<u8> = world.classics.keys().copied().collect();
            numbers.into_iter().for_each(|number| world.turn(number, false));
            world.pass(1_000);
        }
        let mut held: Vec<(Uuid, i32)> = world.clients.values().flat_map(|c| c.owned.clone()).collect();
        held.extend(world.classics.values().flat_map(|c| c.places(&world.image)));
        held.sort_unstable();
        let mut names: BTreeSet<String> = world.classics.values().flat_map(|c| c.topics.clone()).collect();
        for client in world.clients.values() {
            let stored = world.stored().expect("it has a member of the consumer protocol");
            names.extend(stored.topics_of(&stored.members[&client.id]).map(str::to_owned));
        }
        let wanted = names.iter().filter_map(|name| world.image.topic(name));
        let mut wanted: Vec<(Uuid, i32)> =
            wanted.flat_map(|t| (0..t.partitions.len()).map(|p| (t.id, p as i32))).collect();
        wanted.sort_unstable();
        prop_assert_eq!(held, wanted, "every partition is read, by one");
        prop_assert!(world.classics.values().all(Classic::is_in), "{:?}", world.classics);
        // Whoever speaks the consumer protocol makes it a group of that protocol; without them it is a classic one.
        let (has_new, has_old) = (!world.clients.is_empty(), !world.classics.is_empty());
        prop_assert!(has_new <= world.stored().is_some());
        prop_assert!(has_new || !has_old || world.coordinator.classic(GROUP).is_some());
    }
}
