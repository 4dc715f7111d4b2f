//! Tells the controller who should be in sync (AlterPartition): all partitions that have something to propose go in
//! one request, and one request is under way. What was not answered is asked again, for it may have been agreed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    planted::is_planted,
    types::{LeaderEpoch, NodeId, Uuid},
};
use ottla_net::messages::{
    ApiKey,
    generated::alter_partition::{
        AlterPartitionRequest, AlterPartitionResponse,
        request::{BrokerState, PartitionData, TopicData},
    },
};
use tokio::sync::Notify;

use crate::{Broker, partition::Partition, peers::Lane};

/// Partitions by their topic's id and their number.
type Waiting<E> = BTreeMap<(Uuid, i32), Arc<Partition<E>>>;

/// Partitions that have proposed something that was not answered.
pub(crate) struct InSync<E: Env> {
    waiting: Mutex<Waiting<E>>,
    wake: Notify,
}

impl<E: Env> Default for InSync<E> {
    fn default() -> Self {
        InSync { waiting: Mutex::default(), wake: Notify::new() }
    }
}

/// What the controller is being asked: each partition with the epochs that its proposal goes by.
type Asked<E> = BTreeMap<(Uuid, i32), (Arc<Partition<E>>, LeaderEpoch, i32)>;

const NO_PANIC: &str = "a panic under a lock ends the process";
/// The pause after a question that nobody answered, or that was refused.
const BACKOFF: Duration = Duration::from_millis(50);

impl<E: Env> Broker<E> {
    /// Lets a partition propose, if it has reason to.
    pub(crate) fn propose(&self, partition: &Arc<Partition<E>>) {
        let image = self.quorum.image();
        let is_eligible = |node: NodeId, epoch: i64| {
            image.broker(node).is_some_and(|broker| {
                let is_active = broker.is_active() || is_planted("controller/adds-fenced");
                is_active && (broker.epoch == epoch || is_planted("controller/adds-earlier-lives"))
            })
        };
        if partition.propose(self.replication.lag_max, is_eligible).is_some() {
            let key = (partition.topic_id, partition.index);
            self.in_sync.waiting.lock().expect(NO_PANIC).insert(key, partition.clone());
            self.in_sync.wake.notify_one();
        }
    }

    /// Looks for followers that are late, and for some that caught up unnoticed.
    pub(crate) async fn watch_followers(self: Arc<Self>) {
        loop {
            self.env.sleep(self.replication.lag_max / 2).await;
            self.replicas.all().iter().for_each(|partition| self.propose(partition));
        }
    }

    /// Asks the controller for as long as the broker serves.
    pub(crate) async fn run_in_sync(self: Arc<Self>) {
        while !self.stopping.is_cancelled() {
            let Some((request, asked)) = self.next_proposals() else {
                self.stopping.run_until_cancelled(self.in_sync.wake.notified()).await;
                continue;
            };
            self.env.race("made a proposal, and not sent it").await;
            self.env.trace(format_args!("proposes {:?}", request.topics));
            let response: Result<AlterPartitionResponse, ErrorCode> = if self.quorum.is_active() {
                Ok(self.alter_partition(&request, 3).await)
            } else {
                let asked = self.ask_controller(ApiKey::AlterPartition, &request, Lane::Broker).await;
                asked.map_err(|_| ErrorCode::NotController)
            };
            self.env.trace(format_args!(
                "is answered {:?}",
                response.as_ref().map(|r| (r.error_code, &r.topics))
            ));
            self.env.race("heard what was decided, and not followed it").await;
            let is_answered = response.is_ok_and(|response| self.take_decisions(&response, &asked));
            if !is_answered {
                until(self.env.sleep(BACKOFF), self.stopping.cancelled()).await;
            }
        }
    }

    fn next_proposals(&self) -> Option<(AlterPartitionRequest, Asked<E>)> {
        let mut asked = Asked::new();
        let mut waiting = self.in_sync.waiting.lock().expect(NO_PANIC);
        let mut topics: BTreeMap<Uuid, Vec<PartitionData>> = BTreeMap::new();
        waiting.retain(|(topic, index), partition| {
            // What was decided meanwhile needs no answer.
            let Some(proposal) = partition.proposal() else { return false };
            let state = |(broker_id, broker_epoch): &(i32, i64)| BrokerState {
                broker_id: *broker_id,
                broker_epoch: if *broker_id == self.node.0 { self.epoch() } else { *broker_epoch },
            };
            let epochs = (partition.clone(), proposal.leader_epoch, proposal.partition_epoch);
            asked.insert((*topic, *index), epochs);
            topics.entry(*topic).or_default().push(PartitionData {
                partition_index: *index,
                leader_epoch: proposal.leader_epoch.0,
                new_isr_with_epochs: proposal.in_sync.iter().map(state).collect(),
                partition_epoch: proposal.partition_epoch,
                ..PartitionData::default()
            });
            true
        });
        let topic = |(topic_id, partitions)| TopicData { topic_id, partitions };
        let topics: Vec<TopicData> = topics.into_iter().map(topic).collect();
        let request = AlterPartitionRequest { broker_id: self.node.0, broker_epoch: self.epoch(), topics };
        (!request.topics.is_empty()).then_some((request, asked))
    }

    /// Takes in what the controller has decided; says whether nothing need be asked again at once. What it agreed to
    /// comes with the metadata, in the order in which it was decided.
    fn take_decisions(&self, response: &AlterPartitionResponse, asked: &Asked<E>) -> bool {
        if response.error_code != 0 {
            return false;
        }
        let mut is_settled = true;
        for topic in &response.topics {
            for answer in &topic.partitions {
                let key = (topic.topic_id, answer.partition_index);
                let Some((partition, leader_epoch, partition_epoch)) = asked.get(&key) else { continue };
                let code = ErrorCode::from_code(answer.error_code);
                // This controller knows less than the broker: another is elected, or will be.
                if code == ErrorCode::NotController {
                    is_settled = false;
                    continue;
                }
                is_settled &= self.is_answered(key, partition, (*leader_epoch, *partition_epoch));
                match code {
                    ErrorCode::None => {}
                    // Something else was decided, perhaps this very proposal, asked twice: what it was comes with the
                    // metadata, and until then whoever was proposed counts.
                    ErrorCode::InvalidUpdateVersion | ErrorCode::FencedLeaderEpoch => {}
                    code => {
                        tracing::debug!(
                            "{}-{}: the in-sync set stays: {code}",
                            partition.topic,
                            partition.index
                        );
                        partition.refused(*leader_epoch, *partition_epoch);
                    }
                }
            }
        }
        is_settled
    }

    /// What a partition has asked is answered; says whether it proposes nothing else by now. Looked at and taken out
    /// under one lock, and before a refusal is told: what is proposed after that goes in again.
    fn is_answered(&self, key: (Uuid, i32), partition: &Partition<E>, epochs: (LeaderEpoch, i32)) -> bool {
        let mut waiting = self.in_sync.waiting.lock().expect(NO_PANIC);
        // A proposal by other epochs was not asked yet.
        let is_asked = partition
            .proposal()
            .is_none_or(|proposal| (proposal.leader_epoch, proposal.partition_epoch) == epochs);
        if is_asked {
            waiting.remove(&key);
        }
        is_asked
    }
}
