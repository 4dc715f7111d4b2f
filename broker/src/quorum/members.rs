//! Who votes and where they listen, as this node knows it: from the log, the settings, and what others tell.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_core::{
    env::{Env, until},
    errors::ErrorCode,
    raft::{
        Input, Membership, NoChange, ReplicaKey, VoterEndpoint, VoterHistory, VoterSet,
        control::{Control, control_batch, controls_of},
    },
    record::batch::batches,
    types::{LeaderEpoch, NodeId, Offset},
};
use tokio::sync::oneshot;

use super::{NO_PANIC, Quorum};
use crate::topology::Topology;

/// How long a change of voters may take to be written.
const WITHIN: Duration = Duration::from_secs(5);

/// Most nodes of which it is remembered where they say that they listen.
const LEARNED_MAX: usize = 100;

/// What is known of the voters.
pub(super) struct Voters {
    history: VoterHistory,
    /// What holds by the whole log.
    latest: Arc<Membership>,
    /// Counts the changes of it.
    version: u64,
}

/// What a quorum knows about its voters, and how it finds them.
pub(super) struct Members {
    /// What the log says, behind what the settings say.
    pub(super) voters: Mutex<Voters>,
    /// Where nodes listen as others told: newer than what the log says.
    learned: Mutex<BTreeMap<NodeId, VoterEndpoint>>,
    /// `controller.quorum.bootstrap.servers`.
    pub(super) bootstrap: Vec<String>,
    /// Whom the settings name, in one way or the other.
    contacts: Vec<String>,
    /// Where this node's own controller listens.
    pub(super) own: Vec<VoterEndpoint>,
    /// Who waits for a change to be written.
    changing: Mutex<Option<oneshot::Sender<Result<Offset, NoChange>>>>,
}

impl Members {
    pub(super) fn new(first: Membership, topology: &Topology) -> Members {
        let given = topology.voters.nodes().filter_map(|node| topology.voters.address(node));
        let contacts = topology.bootstrap.iter().cloned().chain(given).collect();
        let (bootstrap, own) = (topology.bootstrap.clone(), topology.controller.clone());
        let latest = Arc::new(first.clone());
        let voters = Voters { history: VoterHistory::new(first), latest, version: 0 };
        let (learned, changing) = (Mutex::default(), Mutex::default());
        Members { voters: Mutex::new(voters), learned, bootstrap, contacts, own, changing }
    }
}

impl Voters {
    /// What holds by the whole log, and a number that is another after each change.
    pub(super) fn latest(&self) -> (&Arc<Membership>, u64) {
        (&self.latest, self.version)
    }

    /// What holds by the log up to there.
    pub(super) fn up_to(&self, end: Offset) -> Membership {
        self.history.up_to(end)
    }

    fn change(&mut self, change: impl FnOnce(&mut VoterHistory)) {
        change(&mut self.history);
        self.latest = Arc::new(self.history.latest());
        self.version += 1;
    }

    /// Takes in what batches of the log say of voters between two offsets.
    ///
    /// # Errors
    /// There is a control record that this release does not know.
    pub(super) fn note(&mut self, bytes: &[u8], from: Offset, to: Offset) -> Result<(), String> {
        for (_, batch) in batches(bytes) {
            for (at, control) in controls_of(&batch)?.into_iter().filter(|(at, _)| from <= *at && *at < to) {
                self.change(|history| {
                    history.note(at, &control);
                });
            }
        }
        Ok(())
    }

    /// The log was cut there.
    pub(super) fn cut(&mut self, to: Offset) {
        self.change(|history| history.cut(to));
    }

    /// Begins anew, with this.
    pub(super) fn restart(&mut self, first: Membership) {
        self.change(|history| *history = VoterHistory::new(first));
    }
}

impl<E: Env> Quorum<E> {
    /// What holds of the voters by the whole log.
    pub(crate) fn members(&self) -> Arc<Membership> {
        self.members.voters.lock().expect(NO_PANIC).latest.clone()
    }

    /// This node with its directory.
    pub(crate) fn replica(&self) -> ReplicaKey {
        ReplicaKey { node: self.node, directory: self.directory }
    }

    /// Where this node's own controller listens.
    pub(crate) fn own_endpoint(&self) -> Option<&VoterEndpoint> {
        self.members.own.first()
    }

    /// Where a node's controller listens, if anybody has told.
    pub(crate) fn endpoint_of(&self, node: NodeId) -> Option<VoterEndpoint> {
        if node == self.node
            && let Some(own) = self.own_endpoint()
        {
            return Some(own.clone());
        }
        // What it says itself is newer than what the log says.
        let learned = self.members.learned.lock().expect(NO_PANIC).get(&node).cloned();
        learned.or_else(|| self.members().voters.get(node)?.endpoints.first().cloned())
    }

    /// The address of a node's controller, as `host:port`.
    pub(crate) fn address_of(&self, node: NodeId) -> Option<String> {
        Some(self.endpoint_of(node)?.address())
    }

    /// Where the leader of the quorum listens, if it is known.
    pub(crate) fn leader_address(&self) -> Option<String> {
        self.address_of(self.leader().1?)
    }

    /// Somebody told where a node listens.
    pub(crate) fn learn(&self, node: NodeId, host: &str, port: u16) {
        if !host.is_empty() && 0 <= node.0 {
            let endpoint = VoterEndpoint { listener: String::new(), host: host.to_owned(), port };
            let mut learned = self.members.learned.lock().expect(NO_PANIC);
            if learned.len() < LEARNED_MAX || learned.contains_key(&node) {
                learned.insert(node, endpoint);
            }
        }
    }

    /// The log says anew where voters listen.
    pub(super) fn forget_learned(&self) {
        self.members.learned.lock().expect(NO_PANIC).clear();
    }

    /// The other voters that can be reached.
    pub(super) fn others(&self) -> Vec<(NodeId, String)> {
        let voters = &self.members().voters;
        let others = voters.nodes().filter(|node| *node != self.node);
        others.filter_map(|node| Some((node, voters.address(node)?))).collect()
    }

    /// Whom to ask who leads: the other voters, and whom the settings name.
    pub(super) fn contacts(&self) -> Vec<String> {
        let own: Vec<String> = self.members.own.iter().map(VoterEndpoint::address).collect();
        let mut contacts: Vec<String> = self.others().into_iter().map(|(_, address)| address).collect();
        let given = self.members.contacts.iter().filter(|contact| !own.contains(contact));
        contacts.extend(given.cloned());
        contacts.sort_unstable();
        contacts.dedup();
        contacts
    }

    /// Reads what the log says of the voters from its beginning, or from where the snapshot ends.
    ///
    /// # Errors
    /// It cannot be read, or says what this release does not know.
    pub(super) fn read_members(&self, from: Offset, to: Offset) -> Result<(), String> {
        // Nobody sees it before it is read to its end.
        let mut voters = self.members.voters.lock().expect(NO_PANIC);
        let mut again = Voters { history: voters.history.clone(), latest: voters.latest.clone(), version: 0 };
        again.cut(from);
        let mut unknown = Ok(());
        let read = self.partition.read_between(from, to, |batch| {
            if unknown.is_ok() {
                unknown = again.note(batch, from, to);
            }
        });
        read.map_err(|code| format!("the metadata log cannot be read: {code}"))?;
        unknown?;
        voters.change(|history| *history = again.history);
        Ok(())
    }

    /// The log was not cut where it was to be: what it says of the voters is read again.
    pub(super) fn read_members_again(&self) {
        let from = self.snapshots.newest().map_or(Offset(0), |id| id.offset);
        if let Err(why) = self.read_members(from, self.ends().0) {
            self.gives_up(&why);
        }
    }

    /// Appends a record about voters as the leader, and lets the machine go by it; says whether the log is there.
    pub(super) fn write_members(&self, epoch: LeaderEpoch, control: &Control) -> bool {
        let mut active = self.active.lock().expect(NO_PANIC);
        let Some(active) = active.as_mut().filter(|active| active.epoch == epoch) else { return true };
        let mut voters = self.members.voters.lock().expect(NO_PANIC);
        let is_change = voters.latest.is_formed;
        let now = self.env.wall();
        let batch = control_batch(std::slice::from_ref(control), Offset(0), epoch, now);
        let Ok(appended) = self.partition.append_own(batch, epoch, now) else { return false };
        assert_eq!(appended.base, active.end, "RAFT-7");
        active.end = appended.end;
        voters.change(|history| {
            history.note(appended.base, control);
        });
        tracing::info!(%epoch, "the quorum: {control:?}");
        if is_change {
            self.answer_change(Ok(appended.end));
        }
        true
    }

    /// Answers who asked for a change of voters.
    pub(super) fn answer_change(&self, answer: Result<Offset, NoChange>) {
        if let Some(waiting) = self.members.changing.lock().expect(NO_PANIC).take() {
            // Who does not wait any more looks at the voters.
            let _ = waiting.send(answer);
        }
    }

    /// Lets the voters be others, one at a time, and waits until that is committed and taken in here.
    ///
    /// # Errors
    /// This node does not lead, or not any more; another change goes on; or what [`NoChange`] says.
    pub(crate) async fn change_voters(&self, to: VoterSet) -> Result<(), NoChange> {
        let (sender, answer) = oneshot::channel();
        {
            let mut changing = self.members.changing.lock().expect(NO_PANIC);
            if changing.as_ref().is_some_and(|waiting| !waiting.is_closed()) {
                return Err(NoChange::NotYet);
            }
            *changing = Some(sender);
        }
        let epoch = self.leader().0;
        self.tell(Input::Change(to));
        let answer = until(self.env.sleep(WITHIN), answer).await;
        let end = answer.and_then(Result::ok).unwrap_or(Err(NoChange::NotLeader))?;
        self.taken_in(end, epoch).await.map_err(|_| NoChange::NotLeader)
    }

    /// How far a replica that is no voter has fetched, if it was heard of just now.
    pub(crate) fn observer_end(&self, replica: ReplicaKey) -> Option<Offset> {
        let (now, recent) = (self.env.now(), self.timing.fetch_timeout / 2);
        let observers = self.observers.lock().expect(NO_PANIC);
        observers.get(&replica).filter(|(_, at)| now.since(*at) < recent).map(|(end, _)| *end)
    }
}

/// The refusal of a change, as a client is told.
pub(crate) fn refusal(why: NoChange) -> (ErrorCode, &'static str) {
    match why {
        NoChange::NotLeader => {
            (ErrorCode::NotLeaderOrFollower, "This node does not lead the quorum (any more).")
        }
        NoChange::NotYet => (
            ErrorCode::RequestTimedOut,
            "The quorum is about to change already, or has not committed anything under this leader: try again.",
        ),
        NoChange::TooFew => (
            ErrorCode::InvalidRequest,
            "No majority of the voters that there would be is heard of: let go of the ones that are lost first, or start \
             the others.",
        ),
        NoChange::TooMuch => {
            (ErrorCode::InvalidRequest, "One voter can go or come at a time, and one must stay.")
        }
    }
}
