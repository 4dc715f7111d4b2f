//! Proposals of who is in sync that come late: schedules that chance hardly finds, with a controller's bugs put back, and
//! without.

mod planted;

use std::{collections::BTreeMap, panic::catch_unwind, time::Duration};

use ottla_core::{
    controller::{
        Image, elections,
        records::{Partition, Record, RegisterBroker, Topic},
    },
    errors::ErrorCode,
    replica::{Leader, Proposal},
    types::{Mono, NodeId, Offset, Uuid},
};

use self::planted::{said, with_bug};

const TOPIC: Uuid = Uuid([7; 16]);
const LAG: Duration = Duration::from_secs(30);

/// Node 1 leads a partition; nodes 2 and 3 follow it, and the controller decides.
struct Stage {
    image: Image,
    leader: Leader,
    /// Where each node's log ends: all of it is on disk.
    ends: BTreeMap<i32, i64>,
    seconds: u64,
}

fn broker(node: i32, epoch: i64) -> Record {
    let incarnation = vec![epoch as u8; 16];
    Record::RegisterBroker(RegisterBroker { node, epoch, incarnation, ..Default::default() })
}

impl Stage {
    fn new() -> Stage {
        let mut image = Image::default();
        [broker(1, 11), broker(2, 12), broker(3, 13)].iter().for_each(|record| image.replay(record));
        image.replay(&Record::Topic(Topic { id: TOPIC.0.to_vec(), name: "t".into() }));
        image.replay(&Record::Partition(Partition {
            topic_id: TOPIC.0.to_vec(),
            replicas: vec![1, 2, 3],
            in_sync: vec![1, 2],
            leader: 1,
            ..Default::default()
        }));
        let partition = image.partition(TOPIC, 0).expect("it was made");
        let leader = Leader::new(NodeId(1), partition, 2, Offset(0), Mono(0));
        Stage { image, leader, ends: BTreeMap::from([(1, 0), (2, 0), (3, 0)]), seconds: 0 }
    }

    fn now(&self) -> Mono {
        Mono(self.seconds * 1_000_000_000)
    }

    /// The leader appends, and these have it a second later.
    fn append(&mut self, followers: &[i32]) {
        self.seconds += 1;
        *self.ends.entry(1).or_default() += 10;
        for node in followers {
            self.ends.insert(*node, self.ends[&1]);
            self.fetch(*node);
        }
    }

    /// A follower fetches from where its log ends.
    fn fetch(&mut self, node: i32) {
        let epoch = self.image.broker(NodeId(node)).expect("it is registered").epoch;
        let (end, log_end) = (Offset(self.ends[&node]), Offset(self.ends[&1]));
        self.leader.fetched(self.now(), NodeId(node), epoch, end, log_end);
    }

    fn committed(&self) -> i64 {
        self.leader.committed(Offset(self.ends[&1])).map_or(0, |end| end.0)
    }

    fn propose(&mut self) -> Proposal {
        let (committed, log_end) = (Offset(self.committed()), Offset(self.ends[&1]));
        let proposed = self.leader.propose(self.now(), committed, log_end, LAG, |_, _| true);
        proposed.expect("it has reason to")
    }

    /// The controller decides, and the leader hears of it.
    fn decide(&mut self, proposal: &Proposal) -> Result<(), ErrorCode> {
        let epoch = |(node, epoch): &(i32, i64)| {
            let own = self.image.broker(NodeId(*node)).map_or(-1, |broker| broker.epoch);
            (*node, if *node == 1 { own } else { *epoch })
        };
        let proposal = elections::Proposal {
            topic: TOPIC,
            index: 0,
            leader_epoch: proposal.leader_epoch.0,
            partition_epoch: proposal.partition_epoch,
            in_sync: proposal.in_sync.iter().map(epoch).collect(),
        };
        let decided = elections::propose(&self.image, NodeId(1), &proposal, false)?;
        decided.iter().for_each(|record| self.image.replay(record));
        self.leader.update(self.image.partition(TOPIC, 0).expect("it is there"), 2);
        Ok(())
    }

    /// Whoever may be elected has everything that is committed.
    fn look(&self, committed: i64) {
        for node in &self.image.partition(TOPIC, 0).expect("it is there").in_sync {
            let end = self.ends[node];
            assert!(
                committed <= end,
                "REPL-6: {node} is in sync and ends at {end}: {committed} is committed"
            );
        }
    }
}

/// A proposal is agreed to and answered, the answer is lost, and it is asked once more: that is on its way for long.
fn a_proposal_comes_twice() {
    let mut stage = Stage::new();
    stage.append(&[2, 3]);
    let joins = stage.propose();
    stage.decide(&joins).expect("3 has everything");
    // 3 falls behind, and leaves.
    stage.append(&[2]);
    stage.seconds += LAG.as_secs() + 1;
    stage.append(&[2]);
    let leaves = stage.propose();
    stage.decide(&leaves).expect("3 is late");
    let committed = stage.committed();
    assert_eq!(committed, 30);
    let again = stage.decide(&joins);
    stage.look(committed);
    assert_eq!(again, Err(ErrorCode::InvalidUpdateVersion));
}

/// A follower begins anew with an empty disk before the proposal to let it join is heard.
fn a_follower_begins_anew() {
    let mut stage = Stage::new();
    stage.append(&[2, 3]);
    let (joins, committed) = (stage.propose(), stage.committed());
    stage.image.replay(&broker(3, 23));
    stage.ends.insert(3, 0);
    let decided = stage.decide(&joins);
    stage.look(committed);
    assert_eq!(decided, Err(ErrorCode::IneligibleReplica));
}

/// With the bug something does not hold; without it all does.
fn is_found(name: &str, schedule: fn()) {
    let panic = with_bug(name, || catch_unwind(schedule)).expect_err("the bug is there");
    assert!(said(&*panic).starts_with("REPL-6"), "{}", said(&*panic));
    schedule();
}

/// KAFKA-12367.
#[test]
fn takes_stale_proposals() {
    is_found("controller/takes-stale-proposals", a_proposal_comes_twice);
}

/// KIP-903 (KAFKA-14617).
#[test]
fn adds_earlier_lives() {
    is_found("controller/adds-earlier-lives", a_follower_begins_anew);
}
