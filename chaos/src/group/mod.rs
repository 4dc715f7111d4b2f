//! Members of a consumer group in a run, and what they were told.

pub mod check;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_client::{
    Client, ClientConfig,
    assignor::{Assignor, Partitions},
    group::{Change, GroupConfig, GroupConsumer, Protocol},
    group_admin::Offsets,
};
use ottla_core::env::Env;

use crate::plan::MemberPlan;

/// The group of all members.
pub const GROUP: &str = "readers";
/// How long a member may be silent.
pub const SESSION: Duration = Duration::from_secs(6);
/// How long a member may take to join again.
pub const REBALANCE: Duration = Duration::from_secs(4);

/// What a member did or was told, in the order of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It owns these partitions in a generation.
    Owns(i32, Partitions),
    /// It owns these no more.
    GaveUp(Partitions),
    /// It was given records of a partition up to this offset, that one included.
    Read((String, i32), i64),
    /// It asked to commit these offsets in a generation.
    Commits(usize, i32, Offsets),
    /// Its commit was acknowledged.
    Committed(usize),
    /// Its partitions went to somebody else before it knew.
    Lost,
}

/// What all members did: the member's number, and what.
pub type GroupHistory = Arc<Mutex<Vec<(usize, Told)>>>;

const NO_PANIC: &str = "a run ends with its first panic";

/// A member until its node goes down.
pub async fn member<E: Env>(
    env: E,
    (bootstrap, topic): (String, &'static str),
    at: usize,
    plan: MemberPlan,
    history: GroupHistory,
) {
    let traced = env.clone();
    let note = |told: Told| {
        if !matches!(told, Told::Read(..)) {
            traced.trace(format_args!("{told:?}"));
        }
        history.lock().expect(NO_PANIC).push((at, told));
    };
    let mut config = ClientConfig::new(&bootstrap);
    config.request_timeout = Duration::from_secs(2);
    let client = Client::new(env.clone(), config);
    let changes = history.clone();
    let listener = move |change: Change<'_>| {
        let told = match change {
            // The loop below notes it with its generation.
            Change::Assigned(_) => return,
            Change::Revoked(partitions) => Told::GaveUp(partitions.clone()),
            Change::Lost(_) => Told::Lost,
        };
        changes.lock().expect(NO_PANIC).push((at, told));
    };
    let has_pattern = plan.has_pattern && plan.protocol == Protocol::Consumer;
    let names = [topic];
    let mut consumer = GroupConsumer::new(
        client,
        GroupConfig {
            instance: plan.is_static.then(|| format!("i{at}")),
            protocol: plan.protocol,
            pattern: has_pattern.then(|| format!("{topic}|nothing-.*")),
            assignor: if plan.takes_turns { Assignor::RoundRobin } else { Assignor::Range },
            remote_assignor: plan.takes_turns.then(|| "range".to_owned()),
            session_timeout: SESSION,
            rebalance_timeout: REBALANCE,
            heartbeat_interval: Duration::from_millis(plan.heartbeat_ms),
            auto_commit: None,
            ..GroupConfig::new(GROUP, if has_pattern { &[] } else { &names })
        },
        Box::new(listener),
    );
    let mut owned = (-1, Partitions::new());
    let mut commits = 0;
    loop {
        let records = match consumer.poll().await {
            Ok(records) => records,
            Err(e) => {
                env.trace(format_args!("member {at}: {e}"));
                env.sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let owns = (consumer.generation(), consumer.assignment().clone());
        if owned != owns {
            if !owns.1.is_empty() {
                note(Told::Owns(owns.0, owns.1.clone()));
            }
            owned = owns;
        }
        for record in &records {
            note(Told::Read((record.topic.to_string(), record.partition), record.offset));
        }
        env.sleep(Duration::from_millis(env.random_u64() % plan.work_ms)).await;
        if records.is_empty() || !env.random_u64().is_multiple_of(plan.commits_one_in) {
            continue;
        }
        let places = owned.1.iter().flat_map(|(t, indexes)| indexes.iter().map(move |i| (t.clone(), *i)));
        let offsets: Offsets =
            places.filter_map(|place| Some((place.clone(), consumer.position(&place.0, place.1)?))).collect();
        commits += 1;
        note(Told::Commits(commits, owned.0, offsets));
        if consumer.commit().await.is_ok() {
            note(Told::Committed(commits));
        }
    }
}

/// How many records members were given.
pub(crate) fn read_of(history: &GroupHistory) -> u64 {
    let history = history.lock().expect(NO_PANIC);
    history.iter().filter(|(_, told)| matches!(told, Told::Read(..))).count() as u64
}

/// Whether the members that are up share all partitions, in one generation.
pub fn is_stable(history: &[(usize, Told)], up: &[usize], topic: &str, partitions: i32) -> bool {
    let mut owned: BTreeMap<usize, Option<(i32, Partitions)>> = BTreeMap::new();
    for (member, told) in history {
        match told {
            Told::Owns(generation, partitions) => {
                owned.insert(*member, Some((*generation, partitions.clone())));
            }
            Told::GaveUp(gone) => {
                if let Some(Some((_, partitions))) = owned.get_mut(member) {
                    for (topic, indexes) in gone {
                        partitions.entry(topic.clone()).or_default().retain(|index| !indexes.contains(index));
                    }
                }
            }
            Told::Lost => {
                owned.insert(*member, None);
            }
            Told::Read(..) | Told::Commits(..) | Told::Committed(_) => {}
        }
    }
    // Whoever gave everything up may have done so in a group that another has replaced since.
    let owners = || {
        let owned = up.iter().filter_map(|member| owned.get(member)?.as_ref());
        owned.filter(|(_, partitions)| partitions.values().any(|indexes| !indexes.is_empty()))
    };
    let newest = owners().map(|(generation, _)| *generation).max().unwrap_or(-1);
    let current = owners().filter(|(generation, _)| *generation == newest);
    let mut indexes: Vec<i32> =
        current.flat_map(|(_, partitions)| partitions.get(topic).cloned().unwrap_or_default()).collect();
    indexes.sort_unstable();
    indexes.into_iter().eq(0..partitions)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: &str = "t";

    fn places(indexes: &[i32]) -> Partitions {
        Partitions::from([(T.to_owned(), indexes.to_vec())])
    }

    #[test]
    fn a_group_is_stable_when_its_members_share_everything() {
        let owns = |generation: i32, indexes: &[i32]| Told::Owns(generation, places(indexes));
        let gave_up = |indexes: &[i32]| Told::GaveUp(places(indexes));
        let history = [(0, owns(1, &[0, 1])), (0, gave_up(&[0, 1])), (0, owns(2, &[0])), (1, owns(2, &[1]))];
        assert!(is_stable(&history, &[0, 1], T, 2));
        assert!(!is_stable(&history, &[0], T, 2));
        assert!(!is_stable(&history[..3], &[0, 1], T, 2));
        assert!(is_stable(&history[..1], &[0, 1], T, 2));
        let less = [(0, owns(2, &[0, 1])), (0, gave_up(&[1]))];
        assert!(!is_stable(&less, &[0], T, 2));
        // A group that was emptied begins anew when its next member speaks the other protocol.
        let anew = [(0, owns(7, &[0, 1])), (0, gave_up(&[0, 1])), (1, owns(1, &[0, 1]))];
        assert!(is_stable(&anew, &[0, 1], T, 2));
        assert!(!is_stable(&[(0, owns(7, &[0])), (1, owns(1, &[0, 1]))], &[0, 1], T, 2));
    }
}
