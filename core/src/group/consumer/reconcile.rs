//! One step of a member towards its target (KIP-848, "Reconciliation").
//!
//! | in state   | on                                              | becomes                                      |
//! |------------|-------------------------------------------------|----------------------------------------------|
//! | Stable,    | a target of a later epoch that takes something  | Unrevoked, in its epoch                      |
//! | Unreleased | from it                                         |                                              |
//! | Stable,    | one that takes nothing; all that is new is free | Stable, in the target's epoch                |
//! | Unreleased |                                                 |                                              |
//! | Stable,    | one that takes nothing; some is in others' hands| Unreleased, in the target's epoch            |
//! | Unreleased |                                                 |                                              |
//! | Unrevoked  | it says that it has given back                  | as if it were Stable, in its epoch           |
//! | Unrevoked  | it does not say so                              | Unrevoked                                    |
//!
//! So a partition is in the hands of one member at a time: whoever gets it gets it after the other said that it
//! stopped, or is gone.

use super::stored::{Current, Held, MemberState, Places};
use crate::types::Uuid;

/// Where a member is to go.
pub(super) struct Goal<'a> {
    /// The epoch of the target.
    pub(super) epoch: i32,
    /// The target.
    pub(super) target: &'a Places,
    /// What the member says that it has; `None` if it says nothing.
    pub(super) owned: Option<&'a Places>,
    /// Whether the member's subscription has just changed.
    pub(super) has_other_topics: bool,
}

/// What the member holds after a step; `is_taken` says whether a partition is in another member's hands,
/// `is_read` whether the member reads a topic.
pub(super) fn step(
    current: &Current,
    goal: &Goal<'_>,
    is_taken: impl Fn(&(Uuid, i32)) -> bool,
    is_read: impl Fn(&Uuid) -> bool,
) -> Current {
    let has_given_back = |held: &Held| match goal.owned {
        Some(owned) => !owned.iter().any(|place| held.contains_key(place)),
        None => held.is_empty(),
    };
    let epoch = match current.state {
        MemberState::Stable if current.epoch != goal.epoch => current.epoch,
        MemberState::Unrevoked if has_given_back(&current.revoking) => current.epoch,
        MemberState::Unreleased => current.epoch,
        MemberState::Stable | MemberState::Unrevoked if goal.has_other_topics => {
            return drop_unread(current, has_given_back, is_read);
        }
        MemberState::Stable | MemberState::Unrevoked => return current.clone(),
    };
    let aim = |place: &(Uuid, i32)| goal.target.contains(place) && is_read(&place.0);
    let (assigned, revoking): (Held, Held) =
        current.assigned.iter().map(|(place, epoch)| (*place, *epoch)).partition(|(place, _)| aim(place));
    // Whoever is in no epoch yet was given nothing by this coordinator that it would have to give back.
    if !has_given_back(&revoking) {
        return moved(current, epoch, MemberState::Unrevoked, assigned, revoking);
    }
    let new = goal.target.iter().filter(|place| !assigned.contains_key(*place) && is_read(&place.0));
    let (taken, free): (Vec<_>, Vec<_>) = new.copied().partition(|place| is_taken(place));
    let state = if taken.is_empty() { MemberState::Stable } else { MemberState::Unreleased };
    let given = free.into_iter().map(|place| (place, goal.epoch));
    moved(current, goal.epoch, state, assigned.into_iter().chain(given).collect(), Held::new())
}

/// What it does not read any more is taken at once, whatever the target still says.
fn drop_unread(
    current: &Current,
    has_given_back: impl Fn(&Held) -> bool,
    is_read: impl Fn(&Uuid) -> bool,
) -> Current {
    let held = current.assigned.iter().map(|(place, epoch)| (*place, *epoch));
    let (assigned, unread): (Held, Held) = held.partition(|((topic, _), _)| is_read(topic));
    if unread.is_empty() {
        return current.clone();
    }
    let revoking: Held = current.revoking.clone().into_iter().chain(unread).collect();
    if has_given_back(&revoking) {
        return moved(current, current.epoch, current.state, assigned, current.revoking.clone());
    }
    moved(current, current.epoch, MemberState::Unrevoked, assigned, revoking)
}

fn moved(current: &Current, epoch: i32, state: MemberState, assigned: Held, revoking: Held) -> Current {
    Current { epoch, previous_epoch: current.epoch, state, assigned, revoking }
}
