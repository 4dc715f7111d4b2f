//! A plan: all that a run does. It is drawn from a seed, or read from a text that was edited by hand.

mod draw;
mod text;

use std::fmt;

use ottla_client::group::Protocol;
use ottla_core::record::Codec;
use ottla_sim::Crash;
use serde::{Deserialize, Serialize};

/// A run. Nodes are numbered from 1, clients, members and partitions from 0; times are milliseconds of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the schedule and the world are drawn from.
    pub seed: u64,
    /// How many nodes: one that is a broker alone, or several that are broker and controller each.
    pub nodes: usize,
    /// Simulated seconds under faults.
    pub seconds: u64,
    /// Partitions of the topic that is judged; each has a replica on three nodes, if there are so many.
    pub partitions: i32,
    /// `min.insync.replicas`.
    pub min_in_sync: usize,
    /// `unclean.leader.election.enable`.
    pub unclean: bool,
    /// When a record is on disk.
    pub flush: Flush,
    /// What a violation is.
    pub oracle: Oracle,
    /// In how many racks the nodes stand, in turn; 0: nobody says.
    pub racks: usize,
    /// `segment.ms` of the topic.
    pub segment_ms: u64,
    /// `retention.bytes` of the topic; 0: all is kept.
    pub retained_bytes: u64,
    /// `max.message.bytes` of the topic.
    pub message_bytes: u64,
    /// How many legal images of a disk are recovered at each power loss, beside the one that goes on.
    pub images: u64,
    /// Clients that read the whole topic all the while, each from its start.
    pub readers: usize,
    /// The producing clients; each writes to the partition of its number.
    pub clients: Vec<ClientPlan>,
    /// The members of the group that reads the topic.
    pub members: Vec<MemberPlan>,
    /// Milliseconds between two recovery checkpoints.
    pub checkpoint_ms: u64,
    /// `broker.session.timeout.ms`.
    pub session_ms: u64,
    /// `replica.lag.time.max.ms`.
    pub lag_ms: u64,
    /// `leader.imbalance.check.interval.seconds`.
    pub rebalance_s: u64,
    /// The quorum of the metadata log.
    pub quorum: QuorumPlan,
    /// The faults, by time.
    pub events: Vec<Event>,
}

/// When a record is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flush {
    /// Before it is acknowledged (`log.flush.interval.messages=1`).
    Each,
    /// Some time after it is in the page cache.
    PageCache,
}

/// What a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Oracle {
    /// What breaks the promise that the configuration makes. Faults that it does not cover are done as lesser ones: a node
    /// loses its disk, or what was in its page cache, only when the others have all of it.
    Promise,
    /// Everything that is lost, repeated or out of order, whatever was promised, under all faults as they are.
    Everything,
}

/// How the quorum of the metadata log is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuorumPlan {
    /// Its first voters are found by their addresses, and not named by their ids.
    pub is_found: bool,
    /// `metadata.log.max.record.bytes.between.snapshots`.
    pub snapshot_bytes: u64,
    /// `metadata.max.retention.bytes`.
    pub retention_bytes: u64,
}

/// A producing client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientPlan {
    /// Each record once.
    pub idempotent: bool,
    /// 0, 1, or -1 for all.
    pub acks: i16,
    /// How it compresses.
    #[serde(with = "text::CodecText")]
    pub codec: Codec,
    /// Milliseconds between two records.
    pub every_ms: u64,
    /// Bytes of a value, at most.
    pub value_bytes: u64,
    /// One in so many records is larger than the topic takes; 0: none is.
    pub oversized_one_in: u64,
}

/// A member of the consumer group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberPlan {
    /// How the group shares out.
    #[serde(with = "text::ProtocolText")]
    pub protocol: Protocol,
    /// It has a `group.instance.id`.
    pub is_static: bool,
    /// It names its topic by a regular expression, where the protocol has them.
    pub has_pattern: bool,
    /// The group shares out in turn, and not by ranges; the coordinator by ranges, and not evenly.
    pub takes_turns: bool,
    /// Milliseconds between two heartbeats.
    pub heartbeat_ms: u64,
    /// Milliseconds that it works on what a poll gave, at most.
    pub work_ms: u64,
    /// It commits after one in so many polls.
    pub commits_one_in: u64,
}

/// A fault and when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Milliseconds of the run.
    pub at_ms: u64,
    /// What.
    pub fault: Fault,
}

/// A fault. What lasts, lasts `for_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub enum Fault {
    /// A node goes down.
    Down {
        node: usize,
        #[serde(with = "text::CrashText")]
        how: Crash,
        for_ms: u64,
    },
    /// All nodes go down at once, and come back one after the other.
    AllDown {
        #[serde(with = "text::CrashText")]
        how: Crash,
        for_ms: u64,
    },
    /// A node stands still.
    Pause { node: usize, for_ms: u64 },
    /// What one node sends to another does not arrive.
    Block { from: usize, to: usize, for_ms: u64 },
    /// What a node sends to everybody does not arrive, or what it is sent, or both.
    Isolate { node: usize, outward: bool, inward: bool, for_ms: u64 },
    /// Every connection of a node is reset.
    Reset { node: usize },
    /// A node's wall clock jumps.
    Jump { node: usize, by_ms: i64 },
    /// One in so many syncs of a node fails for a second; the process is then restarted.
    FailedSyncs { node: usize, one_in: u64 },
    /// One in so many writes of a node fails for a second; the process is then restarted.
    FailedWrites { node: usize, one_in: u64 },
    /// A node's disk is full for a second; the process is then restarted.
    FullDisk { node: usize },
    /// An operator moves a partition to three nodes, drawn from a number.
    Reassign { partition: i32, drawn: u64 },
    /// An operator gives up the move of a partition.
    GiveUp { partition: i32 },
    /// An operator asks for preferred leaders.
    Elect,
    /// A node loses its disk, and comes back with an empty one.
    LoseDisk { node: usize, for_ms: u64 },
    /// The processes of a node and of the next one end together, so that too few are in sync. The node comes back to copies
    /// that are damaged where they were durable; the next one two seconds later.
    Damage { node: usize, for_ms: u64 },
    /// The active controller goes down, and is all that either half of the others hears. When it has given its vote to one,
    /// it goes down again, and the other half is all that it hears. Later all hear each other again.
    SplitVote { for_ms: u64 },
    /// An operator lets a voter go.
    RemoveVoter { node: usize },
    /// A node and the other nodes do not hear each other; it and the clients do.
    Cut { node: usize, for_ms: u64 },
    /// Every node is stopped as an operator stops it, and started again, one after the other, so long apart.
    Roll { for_ms: u64 },
    /// Two nodes go down, and come back with each other's disks; later with their own.
    SwapDisks { node: usize, other: usize, for_ms: u64 },
    /// A node comes back with its disk as it was so long ago: from a backup, say. Nobody promises anything of that.
    StaleDisk { node: usize, age_ms: u64 },
    /// The nodes are cut off one by one, in an order drawn from a number, and come back in another.
    Swizzle { drawn: u64, for_ms: u64 },
    /// An operator removes the older half of a partition's records.
    Trim { partition: i32 },
    /// An operator changes a setting of the topic. Nothing less is promised by it.
    Configure { setting: Setting },
    /// An operator creates a topic, writes to it, gives it more partitions and deletes it, so long apart.
    SideTopic { for_ms: u64 },
    /// The node that is at the event of this number, or at the next one of a node, meets a harm: its process or its power
    /// ends before it goes on, it stands still after what it does just then, or it is cut off some milliseconds later.
    AtEvent { event: u64, harm: Harm, for_ms: u64 },
    /// A fault whose node is found when it begins.
    At { who: Who, harm: Harm, for_ms: u64 },
    /// A member of the group ends and comes back.
    MemberDown { member: usize, for_ms: u64 },
    /// A member of the group stands still.
    MemberPause { member: usize, for_ms: u64 },
    /// Every connection of a member is reset.
    MemberReset { member: usize },
}

/// A setting of the topic, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// `min.insync.replicas`: the plan's, or more.
    MinInSync(usize),
    /// `segment.ms`.
    SegmentMs(u64),
    /// `max.message.bytes`.
    MessageBytes(u64),
}

/// Whom an aimed fault hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// The leader of a partition.
    Leader(i32),
    /// A replica of a partition that does not lead it: the first, the second, and so on.
    Follower(i32, usize),
    /// The one replica of a partition that is in sync, if there is only one.
    LastInSync(i32),
    /// The active controller.
    Controller,
    /// The coordinator of the group.
    Coordinator,
}

/// What an aimed fault does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Harm {
    /// The process ends.
    Process,
    /// The power goes.
    Power,
    /// The disk is lost.
    Disk,
    /// It stands still.
    Pause,
    /// Nobody hears it, and it hears nobody.
    Isolate,
    /// It and the other nodes do not hear each other.
    Cut,
}

impl Plan {
    /// How many replicas a partition has.
    pub fn replicas(&self) -> usize {
        self.nodes.min(3)
    }

    /// Reads the text of a plan.
    ///
    /// # Errors
    /// It is no plan: a sentence with the line, or one that names what does not fit together.
    pub fn parse(text: &str) -> Result<Plan, String> {
        let plan: Plan = ron::from_str(text).map_err(|e| format!("no plan: line {e}"))?;
        plan.validate()?;
        Ok(plan)
    }

    /// The same plan with another value in a field, as its text has it.
    ///
    /// # Errors
    /// There is no such field on a line of its own, or the value is none for it.
    pub fn with(&self, field: &str, value: &str) -> Result<Plan, String> {
        let begin = format!("    {field}: ");
        let text = self.to_string();
        let is_field = |line: &&str| line.starts_with(&begin) && line.ends_with(',');
        let old = text
            .lines()
            .find(is_field)
            .ok_or_else(|| format!("a plan has no field {field} that can be set"))?;
        Plan::parse(&text.replacen(old, &format!("{begin}{value},"), 1))
            .map_err(|e| format!("{field}={value}: {e}"))
    }

    /// Looks whether its numbers fit together.
    ///
    /// # Errors
    /// A sentence that names what does not fit.
    pub fn validate(&self) -> Result<(), String> {
        if !matches!(self.nodes, 1 | 3..=9) {
            return Err(format!("nodes is {}: a plan has 1 node, or 3 to 9", self.nodes));
        }
        if self.min_in_sync == 0 || self.replicas() < self.min_in_sync {
            let (min, replicas) = (self.min_in_sync, self.replicas());
            return Err(format!("min_in_sync is {min}: partitions have {replicas} replicas"));
        }
        if self.partitions != self.clients.len() as i32 || self.clients.is_empty() {
            let (partitions, clients) = (self.partitions, self.clients.len());
            return Err(format!("partitions is {partitions}, and there are {clients} clients: one each"));
        }
        if let Some(client) = self.clients.iter().find(|c| !(-1..=1).contains(&c.acks)) {
            return Err(format!("acks is {}: it is 0, 1 or -1", client.acks));
        }
        if 0 < self.retained_bytes && !self.members.is_empty() {
            return Err(
                "retained_bytes is set, and there are members: they would miss what they never read".into()
            );
        }
        if self.segment_ms == 0 || self.message_bytes < 1_024 {
            return Err("segment_ms is 1 at least, and message_bytes 1024".into());
        }
        let ats = self.events.iter().filter(|event| matches!(event.fault, Fault::AtEvent { .. })).count();
        if 1 < ats {
            return Err("a plan has one fault AtEvent at most".into());
        }
        if self.clients.iter().any(|c| c.every_ms == 0 || c.value_bytes == 0) {
            return Err("every_ms and value_bytes of a client are more than 0".into());
        }
        if self.members.iter().any(|m| m.heartbeat_ms == 0 || m.work_ms == 0 || m.commits_one_in == 0) {
            return Err("heartbeat_ms, work_ms and commits_one_in of a member are more than 0".into());
        }
        self.events.iter().try_for_each(|event| self.validate_fault(event))
    }

    fn validate_fault(&self, event: &Event) -> Result<(), String> {
        let (nodes, partitions, members) = (1..=self.nodes, 0..self.partitions, 0..self.members.len());
        let fits = match event.fault {
            Fault::Down { node, .. }
            | Fault::Pause { node, .. }
            | Fault::Isolate { node, .. }
            | Fault::Reset { node }
            | Fault::Jump { node, .. }
            | Fault::Cut { node, .. }
            | Fault::FullDisk { node } => nodes.contains(&node),
            Fault::At { who, harm, .. } => {
                let is_there = match who {
                    Who::Leader(index) | Who::LastInSync(index) => partitions.contains(&index),
                    Who::Follower(index, n) => partitions.contains(&index) && n + 1 < self.replicas(),
                    Who::Controller => 3 <= self.nodes,
                    Who::Coordinator => !self.members.is_empty(),
                };
                is_there && (harm != Harm::Disk || 3 <= self.nodes)
            }
            Fault::LoseDisk { node, .. } | Fault::Damage { node, .. } | Fault::RemoveVoter { node } => {
                nodes.contains(&node) && 3 <= self.nodes
            }
            Fault::FailedSyncs { node, one_in } | Fault::FailedWrites { node, one_in } => {
                nodes.contains(&node) && 0 < one_in
            }
            Fault::Block { from, to, .. } => nodes.contains(&from) && nodes.contains(&to) && from != to,
            Fault::Reassign { partition, .. } | Fault::GiveUp { partition } => {
                partitions.contains(&partition) && 3 <= self.nodes
            }
            Fault::MemberDown { member, .. }
            | Fault::MemberPause { member, .. }
            | Fault::MemberReset { member } => members.contains(&member),
            Fault::SwapDisks { node, other, .. } => {
                nodes.contains(&node) && nodes.contains(&other) && node != other
            }
            Fault::StaleDisk { node, .. } => nodes.contains(&node),
            Fault::Trim { partition } => partitions.contains(&partition) && self.members.is_empty(),
            Fault::Configure { setting } => match setting {
                Setting::MinInSync(min) => (self.min_in_sync..=self.replicas()).contains(&min),
                Setting::SegmentMs(ms) => 1 <= ms,
                Setting::MessageBytes(bytes) => 1_024 <= bytes,
            },
            Fault::AllDown { .. } | Fault::Roll { .. } | Fault::SideTopic { .. } => true,
            Fault::AtEvent { harm, .. } => harm != Harm::Disk && harm != Harm::Cut,
            Fault::Elect | Fault::SplitVote { .. } | Fault::Swizzle { .. } => 3 <= self.nodes,
        };
        if fits {
            Ok(())
        } else {
            Err(format!("{event:?} does not fit: no such node, partition or member, or no such value"))
        }
    }
}

impl fmt::Display for Plan {
    /// The text that [`Plan::parse`] reads: a line for each client, member and event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pretty = ron::ser::PrettyConfig::new().depth_limit(2).separate_tuple_members(false);
        let text = ron::ser::to_string_pretty(self, pretty).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        for seed in 0..300 {
            let plan = Plan::from_seed(seed);
            assert_eq!(Plan::parse(&plan.to_string()), Ok(plan));
        }
    }

    #[test]
    fn a_mistake_is_named() {
        let text = Plan::cluster(1).to_string();
        let told = |from: &str, to: &str| Plan::parse(&text.replacen(from, to, 1)).expect_err("it is wrong");
        assert!(told("seconds:", "second:").contains("second"));
        assert!(told("min_in_sync: 2", "min_in_sync: 4").contains("min_in_sync is 4"));
        assert!(told("events: [", "events: [(at_ms: 1, fault: Reset(node: 77)),").contains("node: 77"));
    }
}
