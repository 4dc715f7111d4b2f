//! What a run looks like from outside, for a report.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::Run;
use crate::{NO_PANIC, history::ClientHistory, workload::TOPIC};

/// What was observed of a run.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The replicas of the topic that is judged, by time: those that have changed.
    pub moments: Vec<Moment>,
    /// What clients did.
    pub histories: Vec<ClientHistory>,
}

/// A replica, from this moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When, in the run's time.
    pub at: Duration,
    /// The node.
    pub node: usize,
    /// The partition.
    pub partition: i32,
    /// The leader epoch that it knows.
    pub epoch: i32,
    /// Whether it leads.
    pub leads: bool,
    /// Where its log ends.
    pub log_end: i64,
    /// Its high watermark.
    pub high_watermark: i64,
}

/// Where a run puts what is observed.
pub(super) type Observer = Arc<Mutex<Observed>>;

impl Run<'_> {
    /// Notes replicas that have changed.
    pub(super) fn observe(&self) {
        let Some(observer) = &self.observer else { return };
        let mut observed = observer.lock().expect(NO_PANIC);
        let at = self.world.elapsed();
        for (node, served) in self.served.iter().enumerate() {
            let served = served.lock().expect(NO_PANIC);
            let Some(running) = &*served else { continue };
            let image = running.quorum().image;
            let Some(topic) = image.topic(TOPIC) else { continue };
            for state in running.replicas().into_iter().filter(|state| state.topic_id == topic.id) {
                let moment = Moment {
                    at,
                    node,
                    partition: state.index,
                    epoch: state.epoch.0,
                    leads: state.leads,
                    log_end: state.log_end.0,
                    high_watermark: state.high_watermark.0,
                };
                let is_same = |m: &&Moment| (m.node, m.partition) == (node, state.index);
                let last = observed.moments.iter().rev().find(is_same);
                if last.is_none_or(|last| Moment { at, ..*last } != moment) {
                    observed.moments.push(moment);
                }
            }
        }
    }

    /// Notes what clients did.
    pub(super) fn observe_clients(&self) {
        if let Some(observer) = &self.observer {
            let histories = self.histories.iter().map(|history| history.lock().expect(NO_PANIC).clone());
            observer.lock().expect(NO_PANIC).histories = histories.collect();
        }
    }
}
