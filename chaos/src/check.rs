//! Judges a history: what was acknowledged is there, in order, unchanged, and as often as promised.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::{ClientHistory, Contents, Outcome};

/// Finds violations, the first of each kind for each client, as sentences that begin with their names.
pub fn check(clients: &[ClientHistory], contents: &Contents) -> Vec<String> {
    let empty = Vec::new();
    let stored = |client: &ClientHistory| contents.get(&client.partition).unwrap_or(&empty);
    let judge = |client: &ClientHistory| {
        let stored = stored(client);
        [gap(client, stored), lost(client, stored), not_sent(client, stored)]
    };
    clients.iter().flat_map(judge).flatten().collect()
}

fn name(value: &[u8]) -> String {
    String::from_utf8_lossy(&value[..value.len().min(20)]).into_owned()
}

/// Offsets are dense.
fn gap(client: &ClientHistory, stored: &[(i64, Vec<u8>)]) -> Option<String> {
    let gap = stored.windows(2).find(|pair| pair[1].0 != pair[0].0 + 1)?;
    Some(format!("GAP: partition {} goes from offset {} to {}", client.partition, gap[0].0, gap[1].0))
}

/// What was acknowledged is at its offset; without an offset (acks=0) it is anywhere.
fn lost(client: &ClientHistory, stored: &[(i64, Vec<u8>)]) -> Option<String> {
    let partition = client.partition;
    let first = stored.first().map_or(0, |(offset, _)| *offset);
    let values: BTreeSet<&[u8]> = stored.iter().map(|(_, value)| &value[..]).collect();
    client.records.iter().find_map(|sent| {
        let (value, Outcome::Acknowledged(offset)) = (&sent.value, sent.outcome) else { return None };
        if offset < 0 {
            let is_there = values.contains(&value[..]);
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

/// What is there was sent; of an idempotent client once, and in its order.
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
    use crate::history::Sent;

    fn verdict(idempotent: bool, records: &[(&str, Option<i64>)], stored: &[&str]) -> String {
        let outcome = |o: &Option<i64>| o.map_or(Outcome::Unknown, Outcome::Acknowledged);
        let sent = |(v, o): &(&str, Option<i64>)| Sent {
            outcome: outcome(o),
            ..Sent::new(v.as_bytes().to_vec(), Duration::ZERO)
        };
        let records = records.iter().map(sent).collect();
        let client = ClientHistory { partition: 0, idempotent, records };
        let stored = stored.iter().enumerate().map(|(at, v)| (at as i64, v.as_bytes().to_vec())).collect();
        let found = check(&[client], &Contents::from([(0, stored)]));
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
        assert_eq!(verdict(false, &[("a", Some(-1))], &["b", "a"]), "FABRICATED");
        assert_eq!(verdict(false, &[("a", Some(-1)), ("b", None)], &["b"]), "LOST");
    }

    #[test]
    fn offsets_are_dense() {
        let client = ClientHistory { partition: 0, idempotent: true, records: vec![] };
        let contents = Contents::from([(0, vec![(3, b"a".to_vec()), (5, b"b".to_vec())])]);
        assert!(check(&[client], &contents)[0].starts_with("GAP"));
    }
}
