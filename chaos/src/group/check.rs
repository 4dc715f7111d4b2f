//! Judges what a group's members were told.

use std::collections::{BTreeMap, BTreeSet};

use ottla_client::{group::Protocol, group_admin::Offsets};

use super::Told;
use crate::plan::MemberPlan;

/// What the members' history shows, for the sweep's totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Generations that anybody was in.
    pub generations: u64,
    /// Commits that were acknowledged.
    pub commits: u64,
}

/// What the coordinators' log holds of the group in the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// What is committed.
    pub committed: Offsets,
    /// Its generations, or epochs, in the order in which they were written.
    pub generations: Vec<i32>,
}

/// Whose commits are refused once a newer generation has committed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    /// All of an older generation: all members are in one.
    Group,
    /// Those of an older generation that commit the same partition: each member has an epoch of its own.
    Partition,
    /// Generations do not tell.
    None,
}

/// Judges the history of members, and what is kept in the end.
///
/// A group that stands empty, and whose next member speaks the other protocol, is replaced: generations begin anew, and
/// who is of the old group is known by ids that the new one does not have. In a run where that happens, generations do
/// not tell who came first. Where all members speak one protocol they never fall.
///
/// # Errors
/// The violation, as a sentence that begins with its name.
pub fn check(history: &[(usize, Told)], kept: &Kept, members: &[MemberPlan]) -> Result<Seen, String> {
    let has = |protocol: Protocol| members.iter().any(|member| member.protocol == protocol);
    let fallen = kept.generations.windows(2).find(|two| two[1] < two[0]);
    let fence = match (fallen, has(Protocol::Consumer)) {
        (Some(_), true) if has(Protocol::Classic) => Fence::None,
        (Some(two), _) => {
            return Err(format!("GENERATION FELL: {} was written after {}", two[1], two[0]));
        }
        (None, true) => Fence::Partition,
        (None, false) => Fence::Group,
    };
    if fence != Fence::None {
        one_owner_in_each_generation(history)?;
    }
    nothing_skipped(history)?;
    let acknowledged = commits_go_forward(history, &kept.committed, fence)?;
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
    is_answered: bool,
}

/// Commits of an older generation are refused once a newer one has committed: anything, where all members are in one
/// generation; the same partition, where each has an epoch of its own. What was acknowledged stays, unless the same
/// generation asked before for what is there instead, and never had an answer: on a connection that was given up that may
/// arrive late, and nothing in it tells a coordinator that newer commits have overtaken it, here as in Kafka.
fn commits_go_forward(history: &[(usize, Told)], committed: &Offsets, fence: Fence) -> Result<u64, String> {
    let mut asked: BTreeMap<(usize, usize), Asked> = BTreeMap::new();
    // The newest generation that committed, and the farthest offsets that were acknowledged.
    let (mut newest, mut kept, mut acknowledged) = (-1, Offsets::new(), 0);
    let mut newest_of: BTreeMap<(String, i32), i32> = BTreeMap::new();
    // The same by generations.
    let mut kept_by: BTreeMap<(String, i32), BTreeMap<i32, i64>> = BTreeMap::new();
    let mut lives: BTreeMap<usize, usize> = BTreeMap::new();
    // Where an owner must begin at least.
    let mut floors: BTreeMap<(usize, (String, i32)), i64> = BTreeMap::new();
    for (member, told) in history {
        let life = lives.entry(*member).or_default();
        match told {
            Told::Owns(generation, partitions) => {
                for (topic, indexes) in partitions {
                    for index in indexes {
                        let place = (topic.clone(), *index);
                        // Who hears late that it owns something may have been replaced meanwhile.
                        let before = kept_by.get(&place).map(|by| by.range(..=generation).map(|(_, at)| *at));
                        let floor = before.and_then(Iterator::max).unwrap_or(0);
                        floors.insert((*member, place), floor);
                    }
                }
            }
            Told::Read(place, offset) => {
                let floor = floors.remove(&(*member, place.clone())).unwrap_or(0);
                if *offset < floor && !may_come_late(&asked, &newest_of, place, *offset) {
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
                let (generation, offsets) = (*generation, offsets.clone());
                let commit = Asked { generation, offsets, newest, newest_of, is_answered: false };
                asked.insert((*member, (*life << 32) + number), commit);
            }
            Told::Committed(number) => {
                let Some(commit) = asked.get_mut(&(*member, (*life << 32) + number)) else { continue };
                commit.is_answered = true;
                let generation = commit.generation;
                acknowledged += 1;
                let before = match fence {
                    Fence::Group => commit.newest,
                    Fence::Partition => {
                        let of = |place| commit.newest_of.get(place).copied();
                        commit.offsets.keys().filter_map(of).max().unwrap_or(-1)
                    }
                    Fence::None => -1,
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
                    let by = kept_by.entry(place.clone()).or_default().entry(generation).or_default();
                    *by = (*by).max(*offset);
                    let at = kept.entry(place.clone()).or_default();
                    *at = (*at).max(*offset);
                }
            }
            _ => {}
        }
    }
    for (place, offset) in &kept {
        let found = committed.get(place).copied().unwrap_or(-1);
        if found < *offset && !may_come_late(&asked, &newest_of, place, found) {
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

/// Whether somebody asked to commit `offset` in the newest generation that has committed the partition, or a newer one,
/// and never had an answer.
fn may_come_late(
    asked: &BTreeMap<(usize, usize), Asked>,
    newest_of: &BTreeMap<(String, i32), i32>,
    place: &(String, i32),
    offset: i64,
) -> bool {
    let newest = newest_of.get(place).copied().unwrap_or(-1);
    let mut of_the_newest = asked.values().filter(|commit| newest <= commit.generation);
    of_the_newest.any(|commit| !commit.is_answered && commit.offsets.get(place) == Some(&offset))
}

#[cfg(test)]
mod tests {
    use ottla_client::assignor::Partitions;

    use super::*;

    const T: &str = "t";

    fn owns(generation: i32, indexes: &[i32]) -> Told {
        Told::Owns(generation, Partitions::from([(T.to_owned(), indexes.to_vec())]))
    }

    fn member(protocol: Protocol) -> MemberPlan {
        MemberPlan {
            protocol,
            is_static: false,
            has_pattern: false,
            takes_turns: false,
            heartbeat_ms: 1,
            work_ms: 1,
            commits_one_in: 1,
        }
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
        verdict_of(history, committed, &[Protocol::Classic], &[1, 2])
    }

    fn verdict_of(
        history: &[(usize, Told)],
        committed: i64,
        protocols: &[Protocol],
        generations: &[i32],
    ) -> String {
        let offsets = Offsets::from([((T.to_owned(), 0), committed)]);
        let kept = Kept { committed: offsets, generations: generations.to_vec() };
        let members: Vec<MemberPlan> = protocols.iter().map(|protocol| member(*protocol)).collect();
        let result = check(history, &kept, &members);
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
        // A commit that had no answer arrives behind a later one; one of an older generation is refused.
        let late = |generation: i32| {
            [
                (0, owns(1, &[0])),
                (0, read(0, 1)),
                (0, commits(1, 1, 1)),
                (0, commits(2, generation, 2)),
                (0, Told::Committed(2)),
            ]
        };
        let read_first = |history: &[(usize, Told)]| [&[(0, read(0, 0))], history].concat();
        assert_eq!(verdict(&read_first(&late(1)), 1), "holds");
        assert_eq!(verdict(&read_first(&late(2)), 1), "COMMIT LOST");
        let mut back = moved.to_vec();
        back.insert(6, (1, read(0, 0)));
        assert_eq!(verdict(&back, 2), "COMMIT LOST");
        // It was given the partition before the other one, and hears of it after that one's commits.
        let mut replaced = moved.to_vec();
        replaced.extend([(2, owns(1, &[2])), (2, Told::Read((T.to_owned(), 2), 0))]);
        replaced.splice(..0, [(3, Told::Read((T.to_owned(), 0), 0))]);
        replaced.extend([(3, owns(0, &[0])), (3, read(0, 0))]);
        assert_eq!(verdict(&replaced, 2), "holds");
        let mut late = moved.to_vec();
        late.extend([(0, commits(2, 1, 2)), (0, Told::Committed(2))]);
        assert_eq!(verdict(&late, 2), "TWO OWNERS");
        assert_eq!(verdict_of(&late, 2, &[Protocol::Consumer], &[1, 2]), "TWO OWNERS");
        // A member that is not told of the next epoch yet goes on with what stays its own.
        let of_another = Told::Commits(2, 1, Offsets::from([((T.to_owned(), 1), 0)]));
        let mut beside = moved.to_vec();
        beside.extend([(0, of_another), (0, Told::Committed(2))]);
        assert_eq!(verdict(&beside, 2), "TWO OWNERS");
        let both = Offsets::from([((T.to_owned(), 0), 2), ((T.to_owned(), 1), 0)]);
        let kept = Kept { committed: both, generations: vec![1, 2] };
        assert!(check(&beside, &kept, &[member(Protocol::Consumer)]).is_ok());
    }

    #[test]
    fn generations_that_begin_anew_tell_nothing_and_fall_in_no_group_of_one_protocol() {
        let anew = [(0, owns(2, &[0])), (1, owns(2, &[0])), (1, read(0, 0)), (1, commits(1, 2, 1))];
        let both = [Protocol::Classic, Protocol::Consumer];
        assert_eq!(verdict_of(&anew, 1, &both, &[1, 2, 3, 1, 2]), "holds");
        assert_eq!(verdict_of(&anew, 1, &both, &[1, 2, 3]), "TWO OWNERS");
        assert_eq!(verdict_of(&anew, 1, &both[..1], &[1, 2, 3, 1, 2]), "GENERATION FELL");
        assert_eq!(verdict_of(&anew, 1, &both[1..], &[1, 2, 3, 1, 2]), "GENERATION FELL");
        let mut lost = anew.to_vec();
        lost.push((1, Told::Committed(1)));
        assert_eq!(verdict_of(&lost, 0, &both, &[1, 2, 3, 1, 2]), "COMMIT LOST");
    }
}
