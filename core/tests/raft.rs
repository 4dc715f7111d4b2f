//! The quorum under networks that lose, delay and part, and nodes that crash: one leader in an epoch, what is committed
//! stays, and once all is well somebody leads and commits.

mod quorum;

use ottla_core::raft::Input;
use proptest::prelude::*;
use quorum::{World, survive};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 60 } else { 2_000 }))]
    #[test]
    fn three_voters_survive(seed: u64) {
        survive(seed, 3, 1);
    }

    #[test]
    fn five_voters_survive(seed: u64) {
        survive(seed, 5, 0);
    }

    #[test]
    fn two_and_four_voters_survive(seed: u64) {
        survive(seed, 2, 1);
        survive(seed, 4, 0);
    }
}

#[test]
fn who_leads_is_not_disturbed_by_one_that_was_away() {
    let mut world = World::new(3, 3, 0);
    world.loss_one_in = u64::MAX;
    world.run(3_000);
    let leaders = world.leaders.clone();
    assert_eq!(leaders.len(), 1, "one leader from the start");
    // A follower hears nothing for a while, and asks again and again.
    let led = world.leaders.values().next().unwrap().0;
    let away = (1..=3).find(|id| *id != led).unwrap();
    world.blocked.extend((1..=3).map(|other| (other, away)));
    world.run(10_000);
    world.blocked.clear();
    world.run(5_000);
    assert_eq!(world.leaders, leaders, "pre-votes move no epoch");
}

#[test]
fn a_leader_that_nobody_hears_leads_no_more() {
    let mut world = World::new(5, 3, 0);
    world.loss_one_in = u64::MAX;
    world.run(3_000);
    let led = *world.leaders.values().next().unwrap();
    // It can send, and hears nothing (KAFKA-15489).
    world.blocked.extend((1..=3).map(|other| (other, led.0)));
    world.run(5_000);
    assert_eq!(world.nodes[led.0 as usize - 1].raft.as_ref().unwrap().leads(), None);
    assert_eq!(world.leaders.len(), 2, "another leads");
}

#[test]
fn a_leader_that_resigns_is_followed_at_once() {
    let mut world = World::new(8, 3, 0);
    world.loss_one_in = u64::MAX;
    world.run(3_000);
    let led = *world.leaders.values().next().unwrap();
    world.step(led.0 as usize - 1, Input::Resign);
    let at = world.now_ms;
    while world.leaders.len() < 2 {
        world.tick();
        assert!(world.now_ms < at + 300, "nobody stands");
    }
}

#[test]
fn a_leader_that_lets_itself_go_may_be_needed_once_more() {
    survive(1_460_884_777_858_251_203, 5, 0);
}

#[test]
fn a_lost_disk_has_no_vote_though_its_node_had() {
    survive(4_768_701_333_476_345_255, 3, 1);
}

#[test]
fn who_is_missed_stands_though_it_does_not_know_that_it_votes() {
    // One counts it as a voter, by a change that the others have not; it has more of the log than that one, and a disk
    // is lost.
    survive(189, 4, 0);
}
