//! Members of a consumer group in a run: what they were told, and the check of it.

use std::{
    collections::{BTreeMap, BTreeSet},
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
use ottla_sim::SimEnv;

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
pub async fn member(
    env: SimEnv,
    (bootstrap, topic): (String, &'static str),
    at: usize,
    plan: MemberPlan,
    history: GroupHistory,
) {
    let note = |told: Told| history.lock().expect(NO_PANIC).push((at, told));
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

/// What the members' history shows, for the sweep's totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Generations that anybody was in.
    pub generations: u64,
    /// Commits that were acknowledged.
    pub commits: u64,
}

/// Judges the history, and what is committed in the end.
///
/// # Errors
/// The violation, as a sentence that begins with its name.
pub fn check(history: &[(usize, Told)], committed: &Offsets, protocol: Protocol) -> Result<Seen, String> {
    one_owner_in_each_generation(history)?;
    nothing_skipped(history)?;
    let acknowledged = commits_go_forward(history, committed, protocol)?;
    let generations: BTreeSet<i32> = history
        .iter()
        .filter_map(|(_, told)| if let Told::Owns(generation, _) = told { Some(*generation) } else { None })
        .collect();
    Ok(Seen { generations: generations.len() as u64, commits: acknowledged })
}

/// Of each generation, or member epoch, a partition has one owner; a static member that came back is the same one.
fn one_owner_in_each_generation(history: &[(usize, Told)]) -> Result<(), String> {
    let mut owners: BTreeMap<(i32, String, i32), usize> = BTreeMap::new();
    for (member, told) in history {
        let Told::Owns(generation, partitions) = told else { continue };
        for (topic, indexes) in partitions {
            for index in indexes {
                let owner = *owners.entry((*generation, topic.clone(), *index)).or_insert(*member);
                if owner != *member {
                    return Err(format!(
                        "TWO OWNERS: {topic}-{index} belongs to member {owner} and to member {member} in generation {generation}"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Whoever commits an offset has it from somebody who read up to there.
fn nothing_skipped(history: &[(usize, Told)]) -> Result<(), String> {
    let mut read: BTreeMap<(String, i32), i64> = BTreeMap::new();
    for (member, told) in history {
        match told {
            Told::Read(place, offset) => {
                let next = read.entry(place.clone()).or_default();
                // Records come in order; who begins anew begins at or before where others were.
                if *next < *offset {
                    return Err(format!(
                        "SKIPPED: member {member} was given {}-{} at offset {offset}, and nobody the one at {next}",
                        place.0, place.1
                    ));
                }
                *next = (*next).max(offset + 1);
            }
            Told::Commits(_, _, offsets) => {
                for (place, offset) in offsets {
                    let next = read.get(place).copied().unwrap_or(0);
                    if next < *offset {
                        return Err(format!(
                            "SKIPPED: member {member} commits {}-{} up to {offset}, and it was read up to {next}",
                            place.0, place.1
                        ));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A commit, and the newest generations that had committed when it was asked for: of anything, and of each partition.
struct Asked {
    generation: i32,
    offsets: Offsets,
    newest: i32,
    newest_of: BTreeMap<(String, i32), i32>,
}

/// Commits of an older generation are refused once a newer one has committed: anything, where all members are in one
/// generation; the same partition, where each has an epoch of its own. What was acknowledged stays.
fn commits_go_forward(
    history: &[(usize, Told)],
    committed: &Offsets,
    protocol: Protocol,
) -> Result<u64, String> {
    let mut asked: BTreeMap<(usize, usize), Asked> = BTreeMap::new();
    // The newest generation that committed, and the farthest offsets that were acknowledged.
    let (mut newest, mut kept, mut acknowledged) = (-1, Offsets::new(), 0);
    let mut newest_of: BTreeMap<(String, i32), i32> = BTreeMap::new();
    let mut lives: BTreeMap<usize, usize> = BTreeMap::new();
    // Where an owner must begin at least.
    let mut floors: BTreeMap<(usize, (String, i32)), i64> = BTreeMap::new();
    for (member, told) in history {
        let life = lives.entry(*member).or_default();
        match told {
            Told::Owns(_, partitions) => {
                for (topic, indexes) in partitions {
                    for index in indexes {
                        let place = (topic.clone(), *index);
                        let floor = kept.get(&place).copied().unwrap_or(0);
                        floors.insert((*member, place), floor);
                    }
                }
            }
            Told::Read(place, offset) => {
                let floor = floors.remove(&(*member, place.clone())).unwrap_or(0);
                if *offset < floor {
                    return Err(format!(
                        "COMMIT LOST: member {member} begins {}-{} at offset {offset}, and {floor} was committed before",
                        place.0, place.1
                    ));
                }
            }
            Told::Commits(number, generation, offsets) => {
                if *number == 1 {
                    *life += 1;
                }
                let newest_of = newest_of.clone();
                let commit = Asked { generation: *generation, offsets: offsets.clone(), newest, newest_of };
                asked.insert((*member, (*life << 32) + number), commit);
            }
            Told::Committed(number) => {
                let Some(commit) = asked.get(&(*member, (*life << 32) + number)) else { continue };
                let generation = commit.generation;
                acknowledged += 1;
                let before = match protocol {
                    Protocol::Classic => commit.newest,
                    Protocol::Consumer => {
                        let of = |place| commit.newest_of.get(place).copied();
                        commit.offsets.keys().filter_map(of).max().unwrap_or(-1)
                    }
                };
                if generation < before {
                    return Err(format!(
                        "TWO OWNERS: member {member} committed in generation {generation} after generation {before} had committed"
                    ));
                }
                newest = newest.max(generation);
                for (place, offset) in &commit.offsets {
                    let newest = newest_of.entry(place.clone()).or_insert(generation);
                    *newest = generation.max(*newest);
                    let at = kept.entry(place.clone()).or_default();
                    *at = (*at).max(*offset);
                }
            }
            _ => {}
        }
    }
    for (place, offset) in &kept {
        let found = committed.get(place).copied().unwrap_or(-1);
        if found < *offset {
            return Err(format!(
                "COMMIT LOST: {}-{} was committed up to {offset}, and {found} is committed",
                place.0, place.1
            ));
        }
        let farthest = asked.values().filter_map(|commit| commit.offsets.get(place)).max();
        if farthest.is_none_or(|farthest| *farthest < found) {
            return Err(format!(
                "COMMIT FABRICATED: {}-{} is committed up to {found}, which nobody asked for",
                place.0, place.1
            ));
        }
    }
    Ok(acknowledged)
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
    let newest = owned.values().flatten().map(|(generation, _)| *generation).max().unwrap_or(-1);
    let current = up
        .iter()
        .filter_map(|m| owned.get(m).and_then(Option::as_ref))
        .filter(|(generation, _)| *generation == newest);
    let mut indexes: Vec<i32> =
        current.flat_map(|(_, partitions)| partitions.get(topic).cloned().unwrap_or_default()).collect();
    indexes.sort_unstable();
    indexes.into_iter().eq(0..partitions)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: &str = "t";

    fn owns(generation: i32, indexes: &[i32]) -> Told {
        Told::Owns(generation, Partitions::from([(T.to_owned(), indexes.to_vec())]))
    }

    fn gave_up(indexes: &[i32]) -> Told {
        Told::GaveUp(Partitions::from([(T.to_owned(), indexes.to_vec())]))
    }

    fn read(index: i32, offset: i64) -> Told {
        Told::Read((T.to_owned(), index), offset)
    }

    fn commits(number: usize, generation: i32, offset: i64) -> Told {
        Told::Commits(number, generation, Offsets::from([((T.to_owned(), 0), offset)]))
    }

    fn verdict(history: &[(usize, Told)], committed: i64) -> String {
        verdict_of(history, committed, Protocol::Classic)
    }

    fn verdict_of(history: &[(usize, Told)], committed: i64, protocol: Protocol) -> String {
        let result = check(history, &Offsets::from([((T.to_owned(), 0), committed)]), protocol);
        result.map_or_else(|e| e.split(':').next().unwrap_or_default().to_owned(), |_| "holds".into())
    }

    #[test]
    fn good_histories_pass_and_each_bad_one_is_named() {
        let moved = [
            (0, owns(1, &[0, 1])),
            (0, read(0, 0)),
            (0, commits(1, 1, 1)),
            (0, Told::Committed(1)),
            (0, gave_up(&[0, 1])),
            (1, owns(2, &[0])),
            (1, read(0, 1)),
            (1, commits(1, 2, 2)),
            (1, Told::Committed(1)),
        ];
        assert_eq!(verdict(&moved, 2), "holds");
        assert_eq!(verdict(&moved, 1), "COMMIT LOST");
        assert_eq!(verdict(&moved, 3), "COMMIT FABRICATED");
        assert_eq!(verdict(&[(0, owns(1, &[0])), (1, owns(1, &[0]))], 0), "TWO OWNERS");
        assert_eq!(verdict(&[(0, read(0, 1))], 0), "SKIPPED");
        assert_eq!(verdict(&[(0, read(0, 0)), (0, commits(1, 1, 5))], 0), "SKIPPED");
        let mut back = moved.to_vec();
        back.insert(6, (1, read(0, 0)));
        assert_eq!(verdict(&back, 2), "COMMIT LOST");
        let mut late = moved.to_vec();
        late.extend([(0, commits(2, 1, 2)), (0, Told::Committed(2))]);
        assert_eq!(verdict(&late, 2), "TWO OWNERS");
        assert_eq!(verdict_of(&late, 2, Protocol::Consumer), "TWO OWNERS");
        // A member that is not told of the next epoch yet goes on with what stays its own.
        let of_another = Told::Commits(2, 1, Offsets::from([((T.to_owned(), 1), 0)]));
        let mut beside = moved.to_vec();
        beside.extend([(0, of_another), (0, Told::Committed(2))]);
        assert_eq!(verdict(&beside, 2), "TWO OWNERS");
        let both = Offsets::from([((T.to_owned(), 0), 2), ((T.to_owned(), 1), 0)]);
        assert!(check(&beside, &both, Protocol::Consumer).is_ok());
    }

    #[test]
    fn a_group_is_stable_when_its_members_share_everything() {
        let history = [(0, owns(1, &[0, 1])), (0, gave_up(&[0, 1])), (0, owns(2, &[0])), (1, owns(2, &[1]))];
        assert!(is_stable(&history, &[0, 1], T, 2));
        assert!(!is_stable(&history, &[0], T, 2));
        assert!(!is_stable(&history[..3], &[0, 1], T, 2));
        assert!(is_stable(&history[..1], &[0, 1], T, 2));
        let less = [(0, owns(2, &[0, 1])), (0, gave_up(&[1]))];
        assert!(!is_stable(&less, &[0], T, 2));
    }
}
