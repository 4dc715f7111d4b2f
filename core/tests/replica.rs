//! Golden scripts of a partition's leader: `replica/*.txt`. Followers fetch, the controller agrees or refuses; after
//! each line, what is committed and who counts as in sync.

mod golden;

use std::time::Duration;

use golden::{Line, show};
use ottla_core::{
    controller::PartitionImage,
    replica::{Leader, Proposal},
    types::{LeaderEpoch, Mono, NodeId, Offset},
};

const LAG: Duration = Duration::from_secs(30);

/// Node 1, which leads in epoch 5.
struct Stage {
    leader: Option<Leader>,
    image: PartitionImage,
    min_in_sync: usize,
    log_end: Offset,
    kept: Offset,
    high_watermark: Offset,
    out: String,
}

impl Stage {
    fn new() -> Stage {
        let image = PartitionImage {
            replicas: vec![1, 2, 3],
            in_sync: vec![1, 2, 3],
            eligible: vec![],
            adding: vec![],
            removing: vec![],
            damaged: vec![],
            leader: Some(NodeId(1)),
            leader_epoch: LeaderEpoch(5),
            partition_epoch: 0,
        };
        let zero = Offset(0);
        Stage {
            leader: None,
            image,
            min_in_sync: 2,
            log_end: zero,
            kept: zero,
            high_watermark: zero,
            out: String::new(),
        }
    }

    fn say(&mut self, said: &str) {
        self.out.push_str(&format!("  {said}\n"));
    }

    fn propose(&mut self, now: Mono, not_eligible: &[i32]) -> Option<Proposal> {
        let leader = self.leader.as_mut().expect("it leads");
        let is_eligible = |node: NodeId, _| !not_eligible.contains(&node.0);
        leader.propose(now, self.high_watermark, self.log_end, LAG, is_eligible)
    }

    /// What is committed, and who counts.
    fn tell(&mut self) {
        let leader = self.leader.as_ref().expect("it leads");
        let counts: Vec<i32> = leader.maximal_in_sync().map(|node| node.0).collect();
        let committed = leader.committed(self.kept);
        let before = self.high_watermark;
        self.high_watermark = before.max(committed.unwrap_or(before));
        let said = match committed {
            None => {
                format!("high watermark {}, nothing commits; [{}] count", self.high_watermark, show(&counts))
            }
            Some(_) => format!("high watermark {}; [{}] count", self.high_watermark, show(&counts)),
        };
        self.say(&said);
    }
}

impl golden::Stage for Stage {
    fn run(&mut self, text: &str) {
        let line = Line::read(text);
        let now = Mono(line.at_ms * 1_000_000);
        let node = NodeId(line.who.parse().unwrap_or(0));
        match line.verb {
            "leads" => {
                self.image.in_sync = line.numbers("in-sync").unwrap_or_else(|| self.image.in_sync.clone());
                self.min_in_sync = line.number("min", 2);
                let from = Offset(line.number("from", 0));
                (self.log_end, self.kept) = (from, from);
                self.high_watermark = Offset(line.number("committed", 0));
                self.leader = Some(Leader::new(NodeId(1), &self.image, self.min_in_sync, from, now));
            }
            "appends" => self.log_end = Offset(line.number("to", 0)),
            "keeps" => self.kept = Offset(line.number("to", 0)),
            "fetches" => {
                let (end, broker_epoch) = (Offset(line.number("from", 0)), line.number("epoch", 7));
                let leader = self.leader.as_mut().expect("it leads");
                leader.fetched(now, node, broker_epoch, end, self.log_end);
            }
            "looks" => {
                let not_eligible = line.numbers("not").unwrap_or_default();
                match self.propose(now, &not_eligible) {
                    Some(p) => {
                        let with = |(node, epoch): &(i32, i64)| format!("{node} in {epoch}");
                        let in_sync: Vec<String> = p.in_sync.iter().map(with).collect();
                        self.say(&format!(
                            "proposes [{}] for version {}",
                            in_sync.join(", "),
                            p.partition_epoch
                        ));
                    }
                    None => self.say("proposes nothing"),
                }
            }
            "agrees" => {
                self.image.in_sync = line.numbers("in-sync").expect("in-sync=1,2");
                self.image.partition_epoch = line.number("version", self.image.partition_epoch + 1);
                self.min_in_sync = line.number("min", self.min_in_sync);
                let (image, min) = (self.image.clone(), self.min_in_sync);
                self.leader.as_mut().expect("it leads").update(&image, min);
            }
            "refuses" => {
                let version = line.number("version", self.image.partition_epoch);
                self.leader.as_mut().expect("it leads").refused(version);
            }
            verb => panic!("«{verb}» is no verb"),
        }
        self.tell();
    }

    fn out(&mut self) -> &mut String {
        &mut self.out
    }
}

#[test]
fn golden_scripts() {
    golden::perform_all("replica", Stage::new);
}
