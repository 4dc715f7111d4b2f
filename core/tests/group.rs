//! Golden scripts of the group coordinator: `group/*.txt`.
//!
//! `crash` puts another coordinator in the place of the one there was, made from the log's bytes, and checks
//! that its durable state is the same.

mod golden;

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use ottla_core::{
    controller::{
        Image,
        records::{Partition, Record as Metadata, RemoveTopic, Topic},
    },
    errors::ErrorCode,
    group::{
        GroupConfig, GroupCoordinator,
        consumer::{
            ConsumerConfig, Heartbeat, Migration,
            assignor::ASSIGNORS,
            stored::{Change, Held, Places},
        },
        member::State,
        messages::{Answer, Commit, Fetch, Identity, Join, Joined, Request, Sync, Synced},
        records::{CommittedOffset, Record},
        subscription::{Named, read_assignment, write_assignment},
    },
    limits::GROUP_ANSWER_MAX_BYTES,
    shard::{Decision, Now, Shard, Ticket},
    types::{Mono, Timestamp, Uuid},
};

fn config() -> GroupConfig {
    GroupConfig {
        groups_max: 4,
        size_max: 3,
        initial_rebalance_delay_ms: 3_000,
        session_min_ms: 6_000,
        session_max_ms: 1_800_000,
        metadata_max_bytes: 10,
        retention_ms: 600_000,
        check_interval_ms: 300_000,
        consumer: ConsumerConfig {
            session_ms: 45_000,
            heartbeat_ms: 5_000,
            size_max: 3,
            assignors: ASSIGNORS.to_vec(),
            assignment_interval_ms: 1_000,
            migration: Migration::of("bidirectional").expect("there is such a policy"),
        },
    }
}
/// The one group of a script.
const GROUP: &str = "g";

/// A coordinator with its log, and what it said.
struct Stage {
    coordinator: GroupCoordinator,
    log: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// Who asked, by ticket.
    asked: BTreeMap<Ticket, String>,
    now_ms: u64,
    out: String,
    /// Answers that no client has read yet.
    answers: Vec<(String, Answer)>,
    image: Arc<Image>,
}

/// The id of a topic in scripts: its name.
fn topic_id(name: &str) -> Uuid {
    let mut id = [0; 16];
    id[..name.len()].copy_from_slice(name.as_bytes());
    Uuid(id)
}

/// Places as scripts write them: `t-0,t-1`.
fn place(text: &str) -> Option<(&str, i32)> {
    text.rsplit_once('-').map(|(topic, index)| (topic, index.parse().unwrap()))
}

fn show_place((id, index): &(Uuid, i32)) -> String {
    format!("{}-{index}", String::from_utf8_lossy(&id.0).trim_end_matches('\0'))
}

fn show_places(places: &Places) -> String {
    places.iter().map(show_place).collect::<Vec<_>>().join(" ")
}

fn show_held(held: &Held) -> String {
    held.iter().map(|(place, epoch)| format!("{}@{epoch}", show_place(place))).collect::<Vec<_>>().join(" ")
}

/// What a consumer says when it joins: version 1, the topics, no user data, and what it has.
fn subscription(topics: &str, owned: &str) -> Bytes {
    let mut out = vec![0, 1];
    let topics: Vec<&str> = topics.split(',').filter(|topic| !topic.is_empty()).collect();
    out.extend((topics.len() as i32).to_be_bytes());
    for topic in topics {
        out.extend((topic.len() as i16).to_be_bytes());
        out.extend(topic.as_bytes());
    }
    out.extend((-1i32).to_be_bytes());
    let owned: Vec<(&str, i32)> = owned.split(',').filter_map(place).collect();
    out.extend((owned.len() as i32).to_be_bytes());
    for (topic, partition) in owned {
        out.extend((topic.len() as i16).to_be_bytes());
        out.extend(topic.as_bytes());
        out.extend(1i32.to_be_bytes());
        out.extend(partition.to_be_bytes());
    }
    out.into()
}

/// What a leader gives to a member.
fn given_to((member, places): (&str, &str)) -> (String, Bytes) {
    let named: Named =
        places.split(',').filter_map(place).map(|(topic, index)| (topic.to_owned(), vec![index])).collect();
    (member.to_owned(), write_assignment(1, &named))
}

/// An assignment as a consumer reads it, or as the text that scripts use.
fn show_assignment(bytes: &Bytes) -> String {
    match read_assignment(bytes) {
        Some(named) if bytes.first() == Some(&0) => {
            let one = |(topic, partitions): (String, Vec<i32>)| -> Vec<String> {
                partitions.iter().map(|index| format!("{topic}-{index}")).collect()
            };
            named.into_iter().flat_map(one).collect::<Vec<_>>().join(" ")
        }
        _ => text(bytes),
    }
}

fn time(ms: u64) -> Now {
    Now { mono: Mono(ms * 1_000_000), wall: Timestamp(ms as i64) }
}

impl Stage {
    fn new() -> Stage {
        let mut coordinator = GroupCoordinator::new(config());
        coordinator.loaded(time(0));
        Stage {
            coordinator,
            log: Vec::new(),
            asked: BTreeMap::new(),
            now_ms: 0,
            out: String::new(),
            answers: Vec::new(),
            image: Arc::default(),
        }
    }

    /// Appends, replays and tells what a step has come to.
    fn take(&mut self, decision: Decision<Record, Answer>) {
        for record in decision.records {
            self.out.push_str(&format!("  log {}\n", show_record(&record)));
            self.log.push(record.encode());
            self.coordinator.replay(&record);
        }
        for (ticket, answer) in decision.replies {
            let who = self.asked.remove(&ticket).expect("a request is answered once");
            self.out.push_str(&format!("  {who}: {}\n", show_answer(&answer)));
            self.answers.push((who, answer));
        }
    }

    /// Lets time pass: what is due happens when it is due.
    fn pass(&mut self, until_ms: u64) {
        loop {
            let due_ms = self.coordinator.next_alarm().0.div_ceil(1_000_000);
            if until_ms < due_ms {
                break;
            }
            self.now_ms = self.now_ms.max(due_ms);
            let mut decision = Decision::default();
            self.coordinator.alarm(time(self.now_ms), &mut decision);
            if decision != Decision::default() {
                self.out.push_str(&format!("  at {}\n", self.now_ms));
            }
            self.take(decision);
        }
        self.now_ms = until_ms;
    }

    fn ask(&mut self, who: &str, request: Request) {
        let ticket = Ticket(self.asked.keys().last().map_or(0, |t| t.0) + 1);
        self.asked.insert(ticket, who.to_owned());
        let mut decision = Decision::default();
        self.coordinator.handle(time(self.now_ms), ticket, request, &mut decision);
        self.take(decision);
    }

    /// The coordinator is lost with all that waits; another one reads the log.
    fn crash(&mut self) {
        let mut next = GroupCoordinator::new(config());
        for (key, value) in &self.log {
            let record = Record::decode(key, value.as_deref()).expect("it was written");
            next.replay(&record.expect("it is known"));
        }
        assert_eq!(next.durable(), self.coordinator.durable(), "the replay is the state");
        next.loaded(time(self.now_ms));
        self.asked.clear();
        self.coordinator = next;
    }

    /// Makes topics, adds partitions to them, or removes them: `t:4,u:0`.
    fn set_topics(&mut self, list: &str) {
        let image = Arc::make_mut(&mut self.image);
        for (name, count) in list.split(',').filter_map(|item| item.split_once(':')) {
            let (id, count): (_, i32) = (topic_id(name).0.to_vec(), count.parse().unwrap());
            let have = image.topic(name).map(|topic| topic.partitions.len() as i32);
            if count == 0 {
                image.replay(&Metadata::RemoveTopic(RemoveTopic { id }));
                continue;
            }
            if have.is_none() {
                image.replay(&Metadata::Topic(Topic { id: id.clone(), name: name.to_owned() }));
            }
            for index in have.unwrap_or(0)..count {
                let (topic_id, nodes) = (id.clone(), vec![1]);
                let (replicas, in_sync) = (nodes.clone(), nodes);
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
    }

    fn run(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let mut next = || words.next().unwrap_or_else(|| panic!("«{line}» is too short"));
        let (at, who, verb) = (next().parse().expect("a time in ms"), next(), next());
        let given: BTreeMap<&str, &str> = words.map(|w| w.split_once('=').unwrap_or((w, ""))).collect();
        self.pass(at);
        let text = |name: &str, otherwise: &str| given.get(name).map_or(otherwise, |v| *v).to_owned();
        let number = |name: &str, otherwise: i32| given.get(name).map_or(otherwise, |v| v.parse().unwrap());
        let instance = given.get("instance").map(|i| (*i).to_owned());
        let identity = || Identity {
            member: text("id", ""),
            instance: instance.clone(),
            generation: number("generation", -1),
        };
        let pairs = |list: &str| -> Vec<(String, Bytes)> {
            let pair = |p: &str| p.split_once(':').map(|(a, b)| (a.to_owned(), Bytes::from(b.to_owned())));
            list.split(',').filter_map(pair).collect()
        };
        let places = |list: &str| -> Vec<(String, i32)> {
            let place = |p: &str| p.rsplit_once('-').map(|(t, i)| (t.to_owned(), i.parse().unwrap()));
            list.split(',').filter_map(place).collect()
        };
        let group = text("group", GROUP);
        match verb {
            "joins" => {
                let join = Join {
                    member: text("id", ""),
                    instance,
                    new_id: text("new", &format!("{who}-1")),
                    client_id: who.to_owned(),
                    client_host: "/127.0.0.1".into(),
                    session_timeout_ms: number("session", 10_000),
                    rebalance_timeout_ms: number("rebalance", 60_000),
                    protocol_type: text("type", "consumer"),
                    protocols: match given.get("topics") {
                        None => pairs(&text("protocols", "range:t")),
                        // A real consumer's.
                        Some(topics) => {
                            let owned = given.get("owns").copied().unwrap_or_default();
                            vec![(text("protocols", "range"), subscription(topics, owned))]
                        }
                    },
                    knows_member_ids: !given.contains_key("old"),
                    skips_assignment: given.contains_key("skips"),
                    image: self.image.clone(),
                };
                self.ask(who, Request::Join(group, join));
            }
            "syncs" => {
                let sync = Sync {
                    generation: number("generation", -1),
                    member: text("id", ""),
                    instance,
                    protocol_type: None,
                    protocol: given.get("protocol").map(|p| (*p).to_owned()),
                    assignments: match given.get("gives") {
                        None => pairs(&text("assigns", "")),
                        Some(gives) => {
                            gives.split(';').filter_map(|one| one.split_once(':')).map(given_to).collect()
                        }
                    },
                    image: self.image.clone(),
                };
                self.ask(who, Request::Sync(group, sync));
            }
            "beats" => self.ask(who, Request::Heartbeat(group, identity(), self.image.clone())),
            "leaves" => self.ask(who, Request::Leave(group, vec![(text("id", ""), instance)])),
            "commits" => {
                let offset = |(topic, partition): (String, i32)| {
                    let committed = CommittedOffset {
                        offset: number("offset", 0).into(),
                        leader_epoch: -1,
                        metadata: text("metadata", ""),
                        committed: Timestamp(self.now_ms as i64),
                        expires: None,
                        topic_id: topic_id(&topic),
                    };
                    (topic, partition, committed)
                };
                let offsets = places(&text("for", "")).into_iter().map(offset).collect();
                let (who_commits, knows_epochs) = (identity(), given.contains_key("new"));
                self.ask(who, Request::Commit(Commit { group, who: who_commits, offsets, knows_epochs }));
            }
            "fetches" => {
                let (member, epoch) = (given.get("id").map(|id| (*id).to_owned()), number("epoch", -1));
                let places = given.get("for").map(|list| places(list));
                self.ask(who, Request::Fetch(Fetch { group, member, epoch, places }));
            }
            "topics" => self.set_topics(given.keys().next().expect("topics")),
            "reads" => {
                let epoch = number("epoch", 0);
                let words =
                    |list: &&str| list.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect();
                let owned = |list: &&str| -> Places {
                    list.split(',').filter_map(place).map(|(t, index)| (topic_id(t), index)).collect()
                };
                let beat = Heartbeat {
                    member: text("id", who),
                    epoch,
                    instance,
                    rack: None,
                    client_id: who.to_owned(),
                    client_host: "/127.0.0.1".into(),
                    rebalance_timeout_ms: number("rebalance", if epoch == 0 { 60_000 } else { -1 }),
                    topics: given.get("topics").map(words),
                    regex: given.get("regex").map(|regex| (*regex).to_owned()),
                    assignor: given.get("assignor").map(|name| (*name).to_owned()),
                    owned: given.get("owns").map(owned).or((epoch == 0).then(Places::new)),
                    classic: None,
                    image: self.image.clone(),
                };
                self.ask(who, Request::Consumer(group, Box::new(beat)));
            }
            "asks" => self.ask(who, Request::DescribeConsumers(group)),
            "deletes" => match given.get("for") {
                Some(list) => self.ask(who, Request::DeleteOffsets(group, places(list))),
                None => self.ask(who, Request::Delete(group)),
            },
            "describes" => self.ask(who, Request::Describe(group)),
            "lists" => self.ask(who, Request::List),
            "crashes" => self.crash(),
            "waits" => {}
            _ => panic!("«{verb}» is no verb"),
        }
    }
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn show_record(record: &Record) -> String {
    match record {
        Record::Group(name, None) => format!("group {name} is gone"),
        Record::Group(name, Some(group)) => {
            let members: Vec<String> = group
                .members
                .iter()
                .map(|m| format!("{}[{}]", m.id, show_assignment(&m.assignment)))
                .collect();
            let leader = group.leader.as_deref().unwrap_or("nobody");
            format!("group {name} generation {} led by {leader}: {}", group.generation, members.join(" "))
        }
        Record::Consumers(_, change) => show_change(change),
        Record::Offset(key, value) => {
            let offset = value.as_ref().map_or("is gone".to_owned(), |o| o.offset.to_string());
            format!("offset {} {}-{} {offset}", key.group, key.topic, key.partition)
        }
    }
}

fn show_change(change: &Change) -> String {
    match change {
        Change::Epoch(Some((epoch, hash))) => {
            format!("epoch {epoch}{}", if *hash == 0 { ", no topics" } else { "" })
        }
        Change::Epoch(None) => "epoch is gone".into(),
        Change::TargetEpoch(Some((epoch, _))) => format!("targets of epoch {epoch}"),
        Change::TargetEpoch(None) => "targets are gone".into(),
        Change::Member(id, Some(member)) => {
            let topics: Vec<&str> = member.topics.iter().map(String::as_str).collect();
            let regex =
                if member.regex.is_empty() { String::new() } else { format!(" and /{}/", member.regex) };
            format!("{id} reads [{}]{regex}", topics.join(" "))
        }
        Change::Member(id, None) => format!("{id} is gone"),
        Change::Target(id, Some(places)) => format!("{id} is to get [{}]", show_places(places)),
        Change::Target(id, None) => format!("target of {id} is gone"),
        Change::Current(id, Some(current)) => {
            let revoking = match current.revoking.is_empty() {
                true => String::new(),
                false => format!(", gives back [{}]", show_held(&current.revoking)),
            };
            let (assigned, state) = (show_held(&current.assigned), current.state);
            format!("{id} in epoch {} {state:?} has [{assigned}]{revoking}", current.epoch)
        }
        Change::Current(id, None) => format!("{id} has nothing"),
        Change::Regex(regex, Some(resolved)) => {
            format!("/{regex}/ is {}", resolved.topics.iter().cloned().collect::<Vec<_>>().join(" "))
        }
        Change::Regex(regex, None) => format!("/{regex}/ is gone"),
    }
}

fn show_answer(answer: &Answer) -> String {
    match answer {
        Answer::Join(joined) if joined.generation < 0 => format!("{} {}", joined.code, joined.member),
        Answer::Join(joined) => {
            let members: Vec<&str> = joined.members.iter().map(|(id, ..)| id.as_str()).collect();
            let skips = if joined.skip_assignment { ", nothing to assign" } else { "" };
            format!(
                "joined as {}, generation {}, {}, leader {} [{}]{skips}",
                joined.member,
                joined.generation,
                joined.protocol.as_deref().unwrap_or("no protocol"),
                joined.leader,
                members.join(" ")
            )
        }
        Answer::Sync(synced) => format!("{} «{}»", synced.code, show_assignment(&synced.assignment)),
        Answer::Heartbeat(code) | Answer::Delete(code) => code.to_string(),
        Answer::Leave(code, members) | Answer::DeleteOffsets(code, members) => {
            let members: Vec<String> = members.iter().map(ToString::to_string).collect();
            format!("{code} [{}]", members.join(" "))
        }
        Answer::Commit(codes) => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Answer::Offsets(Err(code)) => code.to_string(),
        Answer::Offsets(Ok(offsets)) => {
            let offset = |o: &Option<CommittedOffset>| o.as_ref().map_or(-1, |o| o.offset);
            let shown: Vec<String> =
                offsets.iter().map(|(t, i, o)| format!("{t}-{i} {}", offset(o))).collect();
            format!("[{}]", shown.join(", "))
        }
        Answer::Done => "done".into(),
        Answer::Consumer(Err(refused)) => format!("{}: {}", refused.code, refused.why),
        Answer::Consumer(Ok(beaten)) => {
            let assignment = beaten.assignment.as_ref().map(|places| format!(" [{}]", show_places(places)));
            format!("epoch {}{}", beaten.epoch, assignment.unwrap_or_default())
        }
        Answer::Consumers(Err(refused)) => format!("{}: {}", refused.code, refused.why),
        Answer::Consumers(Ok(group)) => {
            let members = group.members.iter().map(|m| {
                format!("{}@{}[{}] for [{}]", m.id, m.epoch, show_places(&m.held), show_places(&m.target))
            });
            let members = members.collect::<Vec<_>>().join(" ");
            format!(
                "{} {} of {}, {}: {members}",
                group.state, group.target_epoch, group.epoch, group.assignor
            )
        }
        Answer::Group(Err(_)) => "no such group".into(),
        Answer::Group(Ok(group)) => {
            let members: Vec<String> = group
                .members
                .iter()
                .map(|m| format!("{}[{}]", m.id, show_assignment(&m.assignment)))
                .collect();
            format!("{} «{}» {}", group.state.name(), group.protocol, members.join(" "))
        }
        Answer::Groups(groups) => {
            let shown: Vec<String> =
                groups.iter().map(|g| format!("{} {} {}", g.group, g.protocol_type, g.state)).collect();
            format!("[{}]", shown.join(", "))
        }
    }
}

impl golden::Stage for Stage {
    fn run(&mut self, line: &str) {
        Stage::run(self, line);
    }

    fn out(&mut self) -> &mut String {
        &mut self.out
    }
}

#[test]
fn golden_scripts() {
    golden::perform_all("group", Stage::new);
}

/// A consumer as clients write them: joins until it is in, syncs, and does as it is told.
#[derive(Clone, Debug, Default)]
struct Consumer {
    name: String,
    id: String,
    generation: i32,
    /// It leads these.
    leads: Vec<String>,
    waits: bool,
    is_in: bool,
}

impl Consumer {
    fn hear(&mut self, answer: Answer) {
        self.waits = false;
        match answer {
            Answer::Join(joined) if joined.code == ErrorCode::None => {
                (self.id, self.generation) = (joined.member, joined.generation);
                self.leads = joined.members.into_iter().map(|(id, ..)| id).collect();
            }
            Answer::Join(joined) if joined.code == ErrorCode::MemberIdRequired => self.id = joined.member,
            Answer::Join(Joined { code, .. })
            | Answer::Sync(Synced { code, .. })
            | Answer::Heartbeat(code)
                if code != ErrorCode::None =>
            {
                (self.generation, self.is_in) = (0, false);
                if code == ErrorCode::UnknownMemberId {
                    self.id.clear();
                }
            }
            Answer::Sync(_) => self.is_in = true,
            _ => {}
        }
    }

    /// What it asks next, unless it waits for an answer.
    fn line(&mut self, at_ms: u64, new: usize) -> Option<String> {
        let Consumer { name, id, generation, leads, .. } = self;
        let line = match (self.waits, *generation, self.is_in) {
            (true, ..) => return None,
            (_, 0, _) => format!("{at_ms} {name} joins id={id} new={name}-{new}"),
            (_, _, true) => format!("{at_ms} {name} beats id={id} generation={generation}"),
            _ => {
                let assigns: Vec<String> = leads.iter().map(|member| format!("{member}:{member}")).collect();
                format!("{at_ms} {name} syncs id={id} generation={generation} assigns={}", assigns.join(","))
            }
        };
        self.waits = true;
        Some(line)
    }
}

impl Stage {
    /// Lets consumers hear what was answered: each has what the leader gave it, and nobody else has it.
    fn tell(&mut self, consumers: &mut [Consumer]) {
        for (who, answer) in std::mem::take(&mut self.answers) {
            let Some(consumer) = consumers.iter_mut().find(|c| c.name == who) else { continue };
            if let Answer::Sync(Synced { code: ErrorCode::None, assignment, .. }) = &answer {
                assert!(
                    assignment.is_empty() || *assignment == consumer.id,
                    "{who} has another's: {assignment:?}"
                );
            }
            consumer.hear(answer);
        }
    }
}

proptest::proptest! {
    /// Whatever consumers and coordinators do, a group is stable soon after they have stopped doing it.
    #[test]
    fn a_group_becomes_stable(steps in proptest::collection::vec((0usize..3, 0u8..12, 0u64..9_000), 0..60)) {
        let mut stage = Stage::new();
        let consumer = |name: &&str| Consumer { name: (*name).to_owned(), ..Consumer::default() };
        let mut consumers: Vec<Consumer> = ["a", "b", "c"].iter().map(consumer).collect();
        let mut at_ms = 0;
        let lose_answers = |consumers: &mut [Consumer]| consumers.iter_mut().for_each(|c| c.waits = false);
        for (n, (who, what, later_ms)) in steps.into_iter().enumerate() {
            at_ms += later_ms;
            let consumer = &mut consumers[who];
            let line = match what {
                0 => Some(format!("{at_ms} x crashes")),
                1 if !consumer.id.is_empty() => {
                    let line = format!("{at_ms} x leaves id={}", consumer.id);
                    // Another process takes its place.
                    *consumer = Consumer { name: consumer.name.clone(), ..Consumer::default() };
                    Some(line)
                }
                2 => {
                    *consumer = Consumer { name: consumer.name.clone(), ..Consumer::default() };
                    None
                }
                // A time-out of its own: it asks again.
                3 => {
                    consumer.waits = false;
                    None
                }
                _ => consumer.line(at_ms, n),
            };
            if let Some(line) = line {
                stage.run(&line);
                stage.tell(&mut consumers);
            }
            if what == 0 {
                lose_answers(&mut consumers);
            }
        }
        // The longest that anything takes: the time to join again and a session, and a first join's five minutes.
        let until_ms = at_ms + 300_000 + 60_000 + 60_000;
        lose_answers(&mut consumers);
        let mut n = 1_000;
        while at_ms < until_ms {
            at_ms += 1_000;
            for who in 0..consumers.len() {
                n += 1;
                if let Some(line) = consumers[who].line(at_ms, n) {
                    stage.run(&line);
                    stage.tell(&mut consumers);
                }
            }
            stage.pass(at_ms);
            stage.tell(&mut consumers);
        }
        let group = stage.coordinator.classic(GROUP).expect("they have joined");
        proptest::prop_assert_eq!(group.state(), State::Stable, "{}", stage.out);
        proptest::prop_assert_eq!(group.members().count(), 3, "{}", stage.out);
        proptest::prop_assert!(consumers.iter().all(|c| c.is_in && c.generation == group.generation()));
        stage.crash();
        let restored = stage.coordinator.classic(GROUP).expect("it was stored");
        proptest::prop_assert_eq!(restored.state(), State::Stable);
    }
}

#[test]
fn an_offset_that_is_asked_for_again_and_again_costs_its_size() {
    let mut coordinator = GroupCoordinator::new(GroupConfig { metadata_max_bytes: 30_000, ..config() });
    coordinator.loaded(time(0));
    let mut decision = Decision::default();
    let offset = CommittedOffset {
        offset: 1,
        leader_epoch: -1,
        metadata: "m".repeat(30_000),
        committed: Timestamp(0),
        expires: None,
        topic_id: Uuid::ZERO,
    };
    let commit = Commit {
        group: GROUP.into(),
        who: Identity { generation: -1, ..Identity::default() },
        offsets: vec![("t".into(), 0, offset)],
        knows_epochs: true,
    };
    coordinator.handle(time(0), Ticket(1), Request::Commit(commit), &mut decision);
    decision.records.iter().for_each(|record| coordinator.replay(record));
    let mut fetch = |times: usize| {
        let mut decision = Decision::default();
        let places = vec![("t".to_owned(), 0); times];
        coordinator.handle(
            time(0),
            Ticket(2),
            Request::Fetch(Fetch { group: GROUP.into(), member: None, epoch: -1, places: Some(places) }),
            &mut decision,
        );
        match decision.replies.pop() {
            Some((_, Answer::Offsets(found))) => found.map(|found| found.len()),
            other => panic!("{other:?} is no answer to a fetch"),
        }
    };
    assert_eq!(fetch(100), Ok(100));
    assert_eq!(fetch(GROUP_ANSWER_MAX_BYTES / 30_000 + 1), Err(ErrorCode::MessageTooLarge));
}
