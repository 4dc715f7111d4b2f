//! Where replicas go: leaders spread evenly, replicas over racks, and the followers of one leader over all others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Image, Refusal, refuse};
use crate::errors::ErrorCode;

/// A broker that can hold replicas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub node: i32,
    /// Its rack.
    pub rack: Option<String>,
}

/// Places `count` partitions with `factor` replicas each. Brokers follow each other so that neighbours are in
/// different racks; the leader of the `n`-th partition is the `start + n`-th of them, its followers come after it, at
/// a distance that grows with each round. Replicas of one partition share a rack only when all racks have one.
///
/// # Errors
/// There are fewer active brokers than replicas.
pub fn place(image: &Image, start: u64, count: usize, factor: usize) -> Result<Vec<Vec<i32>>, Refusal> {
    let candidate = |b: &super::BrokerImage| Candidate { node: b.node.0, rack: b.rack.clone() };
    let active: Vec<Candidate> = image.brokers().filter(|b| b.is_active()).map(candidate).collect();
    let registered = image.brokers().count();
    if registered < factor {
        let why = format!(
            "Unable to replicate the partition {factor} time(s): The target replication factor of {factor} cannot be reached because only {registered} broker(s) are registered."
        );
        return refuse(ErrorCode::InvalidReplicationFactor, why);
    }
    if active.is_empty() {
        return refuse(
            ErrorCode::InvalidReplicationFactor,
            format!("Unable to replicate the partition {factor} time(s): All brokers are currently fenced."),
        );
    }
    // Brokers that are fenced hold replicas only where there are too few others, and lead nothing.
    let fenced: Vec<i32> = image.brokers().filter(|b| !b.is_active()).map(|b| b.node.0).collect();
    let here = factor.min(active.len());
    let mut placed = spread(&active, start, count, here);
    for (n, replicas) in placed.iter_mut().enumerate() {
        replicas.extend((0..factor - here).map(|at| fenced[(n + at) % fenced.len()]));
    }
    Ok(placed)
}

/// Brokers such that neighbours are in different racks, as far as that goes.
fn ring(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut racks: BTreeMap<Option<&str>, VecDeque<&Candidate>> = BTreeMap::new();
    candidates.iter().for_each(|c| racks.entry(c.rack.as_deref()).or_default().push_back(c));
    let mut ring = Vec::with_capacity(candidates.len());
    while ring.len() < candidates.len() {
        ring.extend(racks.values_mut().filter_map(VecDeque::pop_front));
    }
    ring
}

fn spread(candidates: &[Candidate], start: u64, count: usize, factor: usize) -> Vec<Vec<i32>> {
    let ring = ring(candidates);
    let racks: BTreeSet<Option<&str>> = ring.iter().map(|c| c.rack.as_deref()).collect();
    let start = (start % ring.len() as u64) as usize;
    let one = |n: usize| {
        let leader = (start + n) % ring.len();
        // From round to round the followers begin one further on.
        let shift = n / ring.len();
        let others = ring.len().saturating_sub(1).max(1);
        let mut chosen = vec![ring[leader]];
        let mut taken: BTreeSet<Option<&str>> = [ring[leader].rack.as_deref()].into();
        while chosen.len() < factor {
            if taken.len() == racks.len() {
                taken.clear();
            }
            let order = (0..others).map(|at| ring[(leader + 1 + (shift + at) % others) % ring.len()]);
            let is_free = |c: &&Candidate| !chosen.iter().any(|other| other.node == c.node);
            let free: Vec<&Candidate> = order.filter(is_free).collect();
            let elsewhere = free.iter().find(|c| !taken.contains(&c.rack.as_deref()));
            let next = *elsewhere.unwrap_or(&free[0]);
            taken.insert(next.rack.as_deref());
            chosen.push(next);
        }
        chosen.into_iter().map(|c| c.node).collect()
    };
    (0..count).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brokers(racks: &[&str]) -> Vec<Candidate> {
        let one = |(at, rack): (usize, &&str)| Candidate {
            node: at as i32 + 1,
            rack: (!rack.is_empty()).then(|| (*rack).to_owned()),
        };
        racks.iter().enumerate().map(one).collect()
    }

    fn counts(placed: &[Vec<i32>], of: impl Fn(&[i32]) -> Vec<i32>) -> Vec<usize> {
        let mut counts = BTreeMap::new();
        placed
            .iter()
            .flat_map(|replicas| of(replicas))
            .for_each(|node| *counts.entry(node).or_insert(0) += 1);
        counts.into_values().collect()
    }

    #[test]
    fn leaders_and_replicas_are_even_and_distinct() {
        for (n, factor) in [(1, 1), (3, 3), (5, 3), (6, 2), (7, 4)] {
            let placed = spread(&brokers(&vec![""; n]), 2, n * (n - 1).max(1), factor);
            for replicas in &placed {
                assert_eq!(replicas.iter().collect::<BTreeSet<_>>().len(), factor);
            }
            let leaders = counts(&placed, |r| vec![r[0]]);
            let all = counts(&placed, <[i32]>::to_vec);
            assert!(
                leaders.iter().all(|c| *c == leaders[0]) && all.iter().all(|c| *c == all[0]),
                "{n} {factor}"
            );
            // What one broker led is spread over all others when it is gone.
            if 1 < factor {
                let seconds: BTreeSet<i32> =
                    placed.iter().filter(|r| r[0] == 1).map(|replicas| replicas[1]).collect();
                assert_eq!(seconds.len(), n - 1);
            }
        }
    }

    #[test]
    fn replicas_are_in_different_racks() {
        for racks in [&["a", "a", "b", "b", "c", "c"][..], &["a", "b", "c", "a", "b"], &["a", "b", "", ""]] {
            let candidates = brokers(racks);
            let distinct = candidates.iter().map(|c| &c.rack).collect::<BTreeSet<_>>().len();
            for replicas in spread(&candidates, 0, 30, 3) {
                let used: BTreeSet<_> = replicas.iter().map(|n| &candidates[*n as usize - 1].rack).collect();
                assert_eq!(used.len(), distinct.min(3), "{racks:?} {replicas:?}");
            }
        }
    }
}
