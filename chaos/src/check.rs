//! Judges a history: what was acknowledged is there, in order, unchanged, and as often as promised.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    history::{ClientHistory, Contents, Outcome, Sent},
    workload::name,
};

/// How far records were removed on purpose: a partition may start at or before these offsets, or anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// By time or size: nobody says how far.
    pub anywhere: bool,
    /// By operators.
    pub below: BTreeMap<i32, i64>,
}

/// Finds violations, the first of each kind for each client, as sentences that begin with their names.
pub fn check(clients: &[ClientHistory], contents: &Contents, removed: &Removed) -> Vec<String> {
    let empty = Vec::new();
    let stored = |client: &ClientHistory| contents.get(&client.partition).unwrap_or(&empty);
    let judge = |client: &ClientHistory| {
        let stored = stored(client);
        [
            gap(client, stored),
            start(client, stored, removed),
            lost(client, stored, removed),
            not_sent(client, stored),
        ]
    };
    clients.iter().flat_map(judge).flatten().chain(torn(clients, contents)).collect()
}

/// Of a transaction all is there or nothing, in whatever partitions; what was removed on purpose is not asked for.
fn torn(clients: &[ClientHistory], contents: &Contents) -> Option<String> {
    let stored: BTreeMap<i32, BTreeSet<&[u8]>> = contents
        .iter()
        .map(|(partition, records)| (*partition, records.iter().map(|(_, value)| &value[..]).collect()))
        .collect();
    let mut seen: BTreeMap<u64, (Option<&Sent>, Option<&Sent>)> = BTreeMap::new();
    for client in clients {
        let first = contents.get(&client.partition).and_then(|records| records.first());
        for sent in &client.records {
            let Some(transaction) = sent.transaction else { continue };
            let is_removed = matches!(sent.outcome, Outcome::Acknowledged(at) if first.is_some_and(|(first, _)| at < *first));
            let is_there =
                stored.get(&client.partition).is_some_and(|values| values.contains(&sent.value[..]));
            let (there, missing) = seen.entry(transaction).or_default();
            match (is_there, is_removed) {
                (true, _) => *there = there.or(Some(sent)),
                (false, false) => *missing = missing.or(Some(sent)),
                (false, true) => {}
            }
        }
    }
    seen.into_iter().find_map(|(transaction, (there, missing))| {
        let (there, missing) = (name(&there?.value), name(&missing?.value));
        Some(format!("TORN: of transaction {transaction} {there} is there, and {missing} is not"))
    })
}

/// Offsets are dense.
fn gap(client: &ClientHistory, stored: &[(i64, Vec<u8>)]) -> Option<String> {
    let gap = stored.windows(2).find(|pair| pair[1].0 != pair[0].0 + 1)?;
    Some(format!("GAP: partition {} goes from offset {} to {}", client.partition, gap[0].0, gap[1].0))
}

/// Only what was removed on purpose is missing at the start.
fn start(client: &ClientHistory, stored: &[(i64, Vec<u8>)], removed: &Removed) -> Option<String> {
    let (partition, first) = (client.partition, stored.first()?.0);
    let may_be = removed.below.get(&partition).copied().unwrap_or(0);
    (may_be < first && !removed.anywhere).then(|| {
        format!(
            "REMOVED: partition {partition} starts at offset {first}, and nobody removed more than {may_be}"
        )
    })
}

/// What was acknowledged is at its offset, unless it was removed; without an offset (acks=0) it is anywhere.
fn lost(client: &ClientHistory, stored: &[(i64, Vec<u8>)], removed: &Removed) -> Option<String> {
    let partition = client.partition;
    let is_cut = removed.anywhere || removed.below.contains_key(&partition);
    let first = stored.first().map_or(0, |(offset, _)| *offset);
    let values: BTreeSet<&[u8]> = stored.iter().map(|(_, value)| &value[..]).collect();
    client.records.iter().find_map(|sent| {
        let (value, Outcome::Acknowledged(offset)) = (&sent.value, sent.outcome) else { return None };
        if 0 <= offset && offset < first {
            // Whether it may have been is for the start.
            return None;
        }
        if offset < 0 {
            let is_there = values.contains(&value[..]) || is_cut;
            return (!is_there).then(|| format!("LOST: partition {partition} lacks {}", name(value)));
        }
        match usize::try_from(offset - first).ok().and_then(|at| stored.get(at)) {
            None => Some(format!(
                "LOST: partition {partition} lacks offset {offset}, acknowledged for {}; it ends at {}",
                name(value),
                first + stored.len() as i64
            )),
            Some((_, other)) if other != value => Some(format!(
                "CHANGED: partition {partition} has {} at offset {offset}, acknowledged for {}",
                name(other),
                name(value)
            )),
            Some(_) => None,
        }
    })
}

/// What is there was sent, and not refused; of an idempotent client once, and in its order.
fn not_sent(client: &ClientHistory, stored: &[(i64, Vec<u8>)]) -> Option<String> {
    let partition = client.partition;
    let sent: BTreeMap<&[u8], usize> =
        client.records.iter().enumerate().map(|(index, sent)| (&sent.value[..], index)).collect();
    let mut last = None;
    for (offset, value) in stored {
        let Some(index) = sent.get(&value[..]).copied() else {
            let name = name(value);
            return Some(format!(
                "FABRICATED: partition {partition} has {name} at offset {offset}, which nobody sent"
            ));
        };
        if client.records[index].outcome == Outcome::Refused {
            let name = name(value);
            return Some(format!(
                "REFUSED: partition {partition} has {name} at offset {offset}, which was refused"
            ));
        }
        if client.idempotent && last.is_some_and(|last| index <= last) {
            let name = name(value);
            return Some(format!(
                "REPEATED or REORDERED: partition {partition} has {name} at offset {offset}, behind a later one or itself"
            ));
        }
        last = last.max(Some(index));
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const REFUSED: i64 = -77;

    fn verdict(idempotent: bool, records: &[(&str, Option<i64>)], stored: &[&str]) -> String {
        let outcome = |o: &Option<i64>| match o {
            Some(REFUSED) => Outcome::Refused,
            o => o.map_or(Outcome::Unknown, Outcome::Acknowledged),
        };
        let sent = |(v, o): &(&str, Option<i64>)| Sent {
            outcome: outcome(o),
            ..Sent::new(v.as_bytes().to_vec(), Duration::ZERO)
        };
        let records = records.iter().map(sent).collect();
        let client = ClientHistory { partition: 0, idempotent, records };
        let stored = stored.iter().enumerate().map(|(at, v)| (at as i64, v.as_bytes().to_vec())).collect();
        let found = check(&[client], &Contents::from([(0, stored)]), &Removed::default());
        let names: Vec<&str> = found.iter().filter_map(|text| text.split(':').next()).collect();
        names.join(", ")
    }

    #[test]
    fn good_histories_pass_and_each_bad_one_is_named() {
        let sent = [("a", Some(0)), ("b", None), ("c", Some(1))];
        assert_eq!(verdict(true, &sent, &["a", "c"]), "");
        assert_eq!(verdict(true, &[("a", Some(0)), ("b", None)], &["a", "b"]), "");
        assert_eq!(verdict(true, &sent, &["a"]), "LOST");
        assert_eq!(verdict(true, &sent, &["a", "b"]), "CHANGED");
        assert_eq!(verdict(true, &sent, &["a", "c", "x"]), "FABRICATED");
        assert_eq!(verdict(true, &sent, &["a", "c", "c"]), "REPEATED or REORDERED");
        assert_eq!(verdict(true, &sent, &["a", "c", "b"]), "REPEATED or REORDERED");
        assert_eq!(verdict(true, &sent, &["b", "a"]), "CHANGED, REPEATED or REORDERED");
        assert_eq!(verdict(false, &sent, &["a", "c", "c"]), "");
        assert_eq!(verdict(false, &[("a", Some(REFUSED))], &["a"]), "REFUSED");
        assert_eq!(verdict(false, &[("a", Some(-1))], &["b", "a"]), "FABRICATED");
        assert_eq!(verdict(false, &[("a", Some(-1)), ("b", None)], &["b"]), "LOST");
    }

    #[test]
    fn of_a_transaction_all_is_there_or_nothing() {
        let client = |partition: i32, values: &[(&str, u64)]| {
            let sent = |(value, transaction): &(&str, u64)| Sent {
                transaction: Some(*transaction),
                ..Sent::new(value.as_bytes().to_vec(), Duration::ZERO)
            };
            ClientHistory { partition, idempotent: true, records: values.iter().map(sent).collect() }
        };
        let clients = [client(0, &[("a", 1), ("b", 2)]), client(1, &[("c", 1), ("d", 2)])];
        let found = |one: &[&str], other: &[&str]| {
            let stored = |values: &[&str]| -> Vec<(i64, Vec<u8>)> {
                values.iter().enumerate().map(|(at, value)| (at as i64, value.as_bytes().to_vec())).collect()
            };
            check(&clients, &Contents::from([(0, stored(one)), (1, stored(other))]), &Removed::default())
        };
        assert_eq!(found(&["a"], &["c"]), Vec::<String>::new());
        assert_eq!(found(&["a", "b"], &["c", "d"]), Vec::<String>::new());
        assert!(found(&["a", "b"], &["c"])[0].starts_with("TORN: of transaction 2 b is there, and d is not"));
    }

    #[test]
    fn offsets_are_dense_and_begin_where_they_may() {
        let sent = |value: &str, offset| Sent {
            outcome: Outcome::Acknowledged(offset),
            ..Sent::new(value.into(), Duration::ZERO)
        };
        let records = vec![sent("gone", 2), sent("a", 3), sent("b", 4)];
        let client = ClientHistory { partition: 0, idempotent: true, records };
        let found = |offsets: [i64; 2], removed: &Removed| {
            let stored = vec![(offsets[0], b"a".to_vec()), (offsets[1], b"b".to_vec())];
            let found = check(std::slice::from_ref(&client), &Contents::from([(0, stored)]), removed);
            found.iter().filter_map(|text| text.split(':').next()).collect::<Vec<_>>().join(", ")
        };
        let below = |offset| Removed { below: BTreeMap::from([(0, offset)]), anywhere: false };
        assert_eq!(found([3, 4], &below(3)), "");
        assert_eq!(found([3, 4], &below(2)), "REMOVED");
        assert_eq!(found([3, 4], &Removed { anywhere: true, ..below(0) }), "");
        assert!(found([3, 5], &below(3)).starts_with("GAP"));
    }
}
