//! The quorum's machine goes from role to role as the table in its documentation says: every row happens, and nothing
//! else does.

mod quorum;

use std::collections::BTreeSet;

use ottla_core::{
    raft::{Ballot, ElectionState, Input, LogEnd, Membership, Raft, ReplicaKey, Timing, Voter},
    types::{LeaderEpoch, Mono, NodeId, Offset, Uuid},
};
use quorum::{Transition, name_of, survive};

const ROLES: [&str; 6] = ["Down", "Unattached", "Prospective", "Candidate", "Follower", "Leader"];

/// The inputs by which what a row of the table says comes to the machine.
const CAUSES: &[(&str, &[&str])] = &[
    ("it starts", &["Start"]),
    ("it starts as the only voter", &["Start"]),
    ("nobody leads for an election's time", &["Tick"]),
    ("nobody leads, and it is the only voter", &["Tick"]),
    ("nobody leads, and it is no voter", &["Tick"]),
    ("a majority would elect it", &["Answered"]),
    ("a majority would not, or the time is over", &["Answered", "Tick"]),
    ("its vote goes to another", &["Asked"]),
    ("a majority has voted for it", &["Answered", "Persisted"]),
    ("a majority has not", &["Answered", "Persisted"]),
    ("the time is over", &["Tick"]),
    ("no majority has fetched for its time", &["Tick"]),
    ("it resigns", &["Resign"]),
    ("its removal from the voters has committed", &["Fetched", "Log", "EpochBegan", "Members"]),
    ("its leader resigns and has chosen it", &["Ended"]),
    ("its leader resigns and has chosen another", &["Ended"]),
    ("the connection to its leader is lost", &["Lost"]),
    ("word of who leads its epoch", &["Leads"]),
    ("it is no voter any more", &["Members"]),
    ("word of a later epoch", &["LaterEpoch"]),
];

struct Row {
    from: Vec<&'static str>,
    on: &'static str,
    to: Vec<&'static str>,
}

impl Row {
    fn has(&self, (from, on, to): &Transition) -> bool {
        let (_, inputs) = CAUSES.iter().find(|(cause, _)| *cause == self.on).expect("every cause is known");
        self.from.contains(from) && inputs.contains(on) && self.to.contains(to)
    }
}

/// The table in the machine's documentation.
fn table() -> Vec<Row> {
    let lines = include_str!("../src/raft/mod.rs").lines();
    let cells = |line: &'static str| -> Option<Vec<&'static str>> {
        Some(line.strip_prefix("//! | ")?.split('|').map(str::trim).collect())
    };
    let roles = |text: &str| -> Vec<&'static str> {
        let named = |role: &&str| text.split([' ', ',', ':']).any(|word| word == *role);
        ROLES.into_iter().filter(named).collect()
    };
    let row = |cells: Vec<&'static str>| {
        let from = if cells[0] == "any" { ROLES[1..].to_vec() } else { roles(cells[0]) };
        Row { from, on: cells[1], to: roles(cells[2]) }
    };
    lines.filter_map(cells).skip(1).map(row).collect()
}

/// A machine that is driven by hand, and how it went from role to role.
struct Driven {
    raft: Raft,
    now: Mono,
    seen: Vec<Transition>,
}

impl Driven {
    /// Node 1 of three voters, started, in epoch 1.
    fn new() -> Driven {
        let me = ReplicaKey { node: NodeId(1), directory: Uuid([1; 16]) };
        let state = ElectionState { epoch: LeaderEpoch(1), voted_for: None };
        let raft = Raft::new(me, voters(&[1, 2, 3]), Timing::default(), state, Offset(0));
        let mut driven = Driven { raft, now: Mono(0), seen: Vec::new() };
        driven.step(Input::Start);
        driven
    }

    fn step(&mut self, input: Input) {
        let (before, on) = (self.raft.role(), name_of(&self.raft, &input));
        self.raft.step(self.now, 7, input, &mut Vec::new());
        self.seen.push((before, on, self.raft.role()));
    }

    fn wait(&mut self) {
        self.now = self.raft.deadline();
        self.step(Input::Tick);
    }
}

fn voters(nodes: &[i32]) -> Membership {
    let named = nodes.iter().map(|node| (NodeId(*node), Voter::default())).collect();
    Membership { voters: named, is_formed: true, ..Membership::default() }
}

/// What hardly happens by chance.
fn by_hand() -> Vec<Transition> {
    let mut removed = Driven::new();
    removed.wait();
    removed.step(Input::Members(Membership { at: Some(Offset(0)), ..voters(&[2, 3]) }));
    let mut elector = Driven::new();
    elector.wait();
    let (epoch, candidate) = (LeaderEpoch(1), NodeId(2));
    elector.step(Input::Asked(Ballot { is_pre_vote: false, epoch, candidate, last: LogEnd::default() }));
    let mut follower = Driven::new();
    follower.step(Input::Leads(epoch, candidate));
    follower.step(Input::Heard(epoch, Offset(0)));
    let patience = follower.raft.deadline();
    follower.step(Input::Lost(epoch, candidate));
    assert!(follower.raft.deadline() < patience, "it stands sooner");
    [removed.seen, elector.seen, follower.seen].concat()
}

#[test]
fn every_row_of_the_table_happens_and_nothing_else_does() {
    let rows = table();
    assert_eq!(rows.len(), CAUSES.len(), "every cause is a row's");
    let mut seen: BTreeSet<Transition> = by_hand().into_iter().collect();
    for seed in 0..if cfg!(debug_assertions) { 40 } else { 400 } {
        for (voters, observers) in [(3, 1), (5, 0), (2, 1), (4, 0), (1, 0)] {
            seen.extend(survive(seed, voters, observers).transitions);
        }
    }
    seen.retain(|(from, on, to)| from != to || *on == "Lost");
    let strange: Vec<_> = seen.iter().filter(|seen| !rows.iter().any(|row| row.has(seen))).collect();
    assert!(strange.is_empty(), "not in the table: {strange:?}");
    for row in &rows {
        let happened = seen.iter().any(|seen| row.has(seen));
        assert!(happened, "never {} on {:?} to {}", row.from.join("|"), row.on, row.to.join("|"));
    }
}
