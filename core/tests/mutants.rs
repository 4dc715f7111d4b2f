//! Bugs that are put back on purpose are found.

mod planted;
mod quorum;

use std::panic::catch_unwind;

use ottla_core::raft::Raft;

use self::{
    planted::{said, with_bug},
    quorum::{Node, Said, TIMING, World, survive},
};

/// The first of some runs that finds a bug shows that one of these does not hold; without the bug all of them hold.
fn is_found(name: &str, run: fn(u64), breaks: &[&str], within: u64) {
    let fails = |seed: u64| catch_unwind(|| run(seed)).err().map(|panic| (seed, said(&*panic)));
    let found = with_bug(name, || (1..=within).find_map(fails));
    let (seed, said) = found.unwrap_or_else(|| panic!("{name} was not found within {within} seeds"));
    println!("{name}: seed {seed}: {said}");
    assert!(breaks.iter().any(|id| said.contains(id)), "{name}: seed {seed}: {said}");
    (1..=seed).for_each(run);
}

/// Who leads, if anybody does.
fn leader(world: &World) -> Option<usize> {
    world.nodes.iter().position(|node| node.raft.as_ref().is_some_and(|raft| raft.leads().is_some()))
}

/// Lets time pass until something is so; `None` if it is not within five seconds.
fn until<T>(world: &mut World, so: impl Fn(&World) -> Option<T>) -> Option<T> {
    (0..5_000).find_map(|_| {
        world.tick();
        so(world)
    })
}

/// Cuts nodes off from all others, both ways.
fn isolate(world: &mut World, some: &[usize]) {
    let all = 0..world.nodes.len();
    for (from, to) in all.clone().flat_map(|from| all.clone().map(move |to| (from, to))) {
        if some.contains(&from) != some.contains(&to) {
            world.blocked.insert((from as i32 + 1, to as i32 + 1));
        }
    }
}

/// A node goes down, and its connections with it: what it sent and nobody has is gone.
fn vanish(world: &mut World, at: usize) {
    let id = world.nodes[at].id;
    world.network.retain(|(_, from, to, _)| *from != id && *to != id);
    world.crash(at);
}

/// Everything that a node has written is on disk.
fn sync(world: &mut World, at: usize) {
    world.nodes[at].durable = world.nodes[at].log.len();
}

/// Raft's figure 8: what a majority has of an earlier epoch is overwritten by a later one. `None` if chance went another
/// way: somebody else was elected, or an answer had room for more.
fn figure_8(seed: u64) -> Option<()> {
    let mut world = World::new(seed, 5, 0);
    world.loss_one_in = u64::MAX;
    // One leads, and only one other has what it writes.
    let first = until(&mut world, leader)?;
    let second = (first + 1) % 5;
    let is_formed = |node: &Node| node.log.iter().any(|entry| entry.1 == Said::Formed);
    until(&mut world, |world| world.nodes.iter().all(is_formed).then_some(()))?;
    isolate(&mut world, &[first, second]);
    let others: Vec<usize> = (0..5).filter(|at| ![first, second].contains(at)).collect();
    let have = others.iter().map(|at| world.nodes[*at].log.len()).max()?;
    until(&mut world, |world| (have + 2 < world.nodes[second].durable).then_some(()))?;
    sync(&mut world, first);
    [first, second].into_iter().for_each(|at| vanish(&mut world, at));
    // Another leads in a later epoch, and nobody has what it begins with.
    let third = until(&mut world, leader)?;
    sync(&mut world, third);
    vanish(&mut world, third);
    // The first or the second leads again, and gives out what was written in the beginning.
    world.blocked.clear();
    [first, second].into_iter().for_each(|at| world.boot(at));
    let again = until(&mut world, leader).filter(|at| [first, second].contains(at))?;
    let (epoch, committed) = (world.nodes[again].log.last()?.0, world.committed.len());
    until(&mut world, |world| (committed < world.committed.len()).then_some(()))?;
    [first, second].into_iter().for_each(|at| vanish(&mut world, at));
    let mut voters = others.iter().filter(|at| **at != third);
    if voters.any(|at| world.nodes[*at].log.iter().any(|entry| entry.0 == epoch)) {
        return None;
    }
    // Whoever led in between is elected, as its log is the newest that is left.
    world.boot(third);
    until(&mut world, leader).map(drop)
}

/// A leader that nobody hears any more leads no more once so much time has passed that others may.
fn cut_off(seed: u64) {
    let mut world = World::new(seed, 3, 0);
    world.loss_one_in = u64::MAX;
    let led = until(&mut world, leader).expect("one leads when all is well");
    isolate(&mut world, &[led]);
    world.run(2 * TIMING.fetch_timeout.as_millis() as u64);
    let leads = world.nodes[led].raft.as_ref().and_then(Raft::leads);
    assert_eq!(leads, None, "RAFT-8: node {} leads, and nobody hears it", led + 1);
}

/// A voter that tells its vote before it is on disk (K4): it crashes, and votes again in the same epoch.
#[test]
fn votes_before_they_are_on_disk() {
    is_found("raft/votes-before-disk", |seed| drop(survive(seed, 3, 0)), &["RAFT-2"], 5_000);
}

/// What a majority has of an earlier epoch may be overwritten by a later one (Raft, figure 8). Chance hardly leads there, and
/// a broker's followers fetch that and what the leader began with in one answer: so it is led there, and answers have room
/// for less.
#[test]
fn commits_of_earlier_epochs() {
    is_found(
        "raft/commits-earlier-epochs",
        |seed| {
            figure_8(seed);
        },
        &["RAFT-3"],
        2_000,
    );
}

/// A leader that is cut off and does not notice (KAFKA-15489).
#[test]
fn leaders_without_a_quorum() {
    is_found("raft/checks-no-quorum", cut_off, &["RAFT-8"], 10);
}
