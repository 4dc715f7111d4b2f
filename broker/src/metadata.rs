//! Takes in what the quorum commits: replicas get their parts, followers their leaders, coordinators their partitions.

use std::sync::Arc;

use ottla_core::{
    controller::{Image, records::Record},
    env::{Env, until},
    log::recovery::Report,
    types::NodeId,
};

use crate::{
    Broker, StartError,
    partition::Partition,
    quorum::image::Committed,
    replica_manager::{Checkpoints, Delta},
};

impl<E: Env> Broker<E> {
    /// Takes in what is committed for as long as the node lives.
    pub(crate) async fn run_metadata(self: Arc<Self>) {
        loop {
            let Some(committed) = self.stopping.run_until_cancelled(self.quorum.next_committed()).await
            else {
                return;
            };
            match committed {
                Ok((committed, end)) => {
                    let image = self.quorum.image();
                    self.env.race("replayed, and not taken in").await;
                    let mut taken_in = self.taken_in.lock().await;
                    if let Some(before) = &*taken_in {
                        self.take_in(&committed, before, &image).await;
                        *taken_in = Some(image);
                    }
                    drop(taken_in);
                    self.quorum.took_in(end);
                    self.snapshot_metadata().await;
                }
                Err(why) => {
                    tracing::error!(
                        "{why}; this node takes in no more metadata: start it with the release that wrote it"
                    );
                    self.stopping.cancel();
                    self.quorum.ended.cancel();
                    return;
                }
            }
        }
    }

    /// Opens what an image of the metadata gives to this broker; nothing has a part in anything yet.
    ///
    /// # Errors
    /// The log directory cannot be read.
    pub(crate) async fn open_replicas(
        &self,
        checkpoints: &Checkpoints,
    ) -> Result<(Arc<Image>, Report), StartError> {
        let _turn = self.taken_in.lock().await;
        let image = self.quorum.image();
        let report = self.replicas.open_all(&image, checkpoints).await?;
        Ok((image, report))
    }

    /// Gives what was opened by an image its part, and takes in what has followed and follows from then on.
    pub(crate) async fn serve_replicas(self: &Arc<Self>, opened: &Image) {
        let mut taken_in = self.taken_in.lock().await;
        let image = self.quorum.image();
        let since = Delta::whole(self.replicas.topics(), opened, &image);
        let changed = self.replicas.apply(&since, &image).await;
        self.settle(&changed, &image);
        *taken_in = Some(image);
    }

    /// Begins a damaged copy anew, if it still is to be fetched from this leader.
    pub(crate) async fn begin_anew(self: &Arc<Self>, damaged: &Arc<Partition<E>>, leader: NodeId) {
        let taken_in = self.taken_in.lock().await;
        let Some(image) = &*taken_in else { return };
        let Some(topic) = image.topic_by_id(damaged.topic_id) else { return };
        let is_led = image
            .partition(topic.id, damaged.index)
            .is_some_and(|p| p.leader == Some(leader) && p.has_replica(self.node.0));
        if is_led && let Some(anew) = self.replicas.begin_anew(image, topic, damaged).await {
            self.settle(&[anew], image);
        }
    }

    async fn take_in(self: &Arc<Self>, committed: &Committed, before: &Image, image: &Image) {
        let (delta, changes_brokers) = match committed {
            Committed::Records(records) => {
                let is_of_broker =
                    |r: &Record| matches!(r, Record::BrokerChange(_) | Record::RegisterBroker(_));
                (Delta::of(records, image), records.iter().any(is_of_broker))
            }
            Committed::Image => (Delta::whole(self.replicas.topics(), before, image), true),
        };
        let changed = self.replicas.apply(&delta, image).await;
        for partition in &changed {
            // A leader that counted on a broker as not eligible may count on it now.
            self.propose(partition);
        }
        self.settle(&changed, image);
        if changes_brokers {
            self.replicas.all().iter().for_each(|partition| self.propose(partition));
        }
        for topic in delta.removed.iter().filter_map(|id| before.topic_by_id(*id)) {
            if image.topic(topic.name.as_str()).is_none() {
                self.env.spawn("forget-offsets", self.clone().forget_offsets_of(topic.name.to_string()));
            }
        }
    }

    /// Writes a snapshot of the metadata if it is time, and removes what is behind the log's start by then.
    pub(crate) async fn snapshot_metadata(&self) {
        if self.quorum.snapshot_if_due().await && self.replicas.checkpoint_starts().await {
            self.quorum.drop_snapshots();
        }
    }

    /// Lets followers fetch from the leaders that they have now, and coordinators begin and end.
    fn settle(self: &Arc<Self>, changed: &[Arc<Partition<E>>], image: &Image) {
        for partition in changed {
            // What is not here any more is fetched from nobody.
            let held = image.partition(partition.topic_id, partition.index);
            let held = held.filter(|p| p.has_replica(self.node.0));
            let leader = held.and_then(|p| p.leader).filter(|leader| *leader != self.node);
            self.fetchers.assign(self, partition, leader);
        }
        self.settle_coordinators(changed);
    }

    /// Carries out the controller's alarms for as long as the node lives.
    pub(crate) async fn run_controller(self: Arc<Self>) {
        while !self.stopping.is_cancelled() {
            let due = self.quorum.alarm();
            let woken = until(self.env.sleep_until(due), self.quorum.changed.notified());
            self.stopping.run_until_cancelled(woken).await;
        }
    }

    /// The connection on which a broker was heard of has ended.
    pub(crate) fn lost_connection_of(&self, node: NodeId) {
        self.quorum.lost_broker(node);
    }
}
