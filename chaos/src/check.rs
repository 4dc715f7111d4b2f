//! Judges a history: what was acknowledged is there, in order, unchanged, and as often as promised.

use std::collections::BTreeMap;

use crate::history::{ClientHistory, Contents, Outcome};

/// Finds the first violation, as a sentence that begins with its name.
///
/// # Errors
/// The violation.
pub fn check(clients: &[ClientHistory], contents: &Contents) -> Result<(), String> {
    for client in clients {
        let empty = Vec::new();
        let stored = contents.get(&client.partition).unwrap_or(&empty);
        check_client(client, stored)?;
    }
    Ok(())
}

fn check_client(client: &ClientHistory, stored: &[(i64, Vec<u8>)]) -> Result<(), String> {
    let partition = client.partition;
    for pair in stored.windows(2) {
        if pair[1].0 != pair[0].0 + 1 {
            return Err(format!(
                "GAP: partition {partition} goes from offset {} to {}",
                pair[0].0, pair[1].0
            ));
        }
    }
    let first = stored.first().map_or(0, |(offset, _)| *offset);
    let mut sent: BTreeMap<&[u8], usize> = BTreeMap::new();
    for (index, (value, _)) in client.records.iter().enumerate() {
        sent.insert(value, index);
    }
    for (value, outcome) in &client.records {
        let Outcome::Acknowledged(offset) = *outcome else { continue };
        let found = usize::try_from(offset - first).ok().and_then(|at| stored.get(at));
        let name = String::from_utf8_lossy(&value[..value.len().min(20)]);
        match found {
            None => {
                return Err(format!(
                    "LOST: partition {partition} lacks offset {offset}, acknowledged for {name}; it ends at {}",
                    first + stored.len() as i64
                ));
            }
            Some((_, other)) if other != value => {
                let other = String::from_utf8_lossy(&other[..other.len().min(20)]);
                return Err(format!(
                    "CHANGED: partition {partition} has {other} at offset {offset}, acknowledged for {name}"
                ));
            }
            Some(_) => {}
        }
    }
    let mut last = None;
    for (offset, value) in stored {
        let name = String::from_utf8_lossy(&value[..value.len().min(20)]);
        let Some(index) = sent.get(&value[..]).copied() else {
            return Err(format!(
                "FABRICATED: partition {partition} has {name} at offset {offset}, which nobody sent"
            ));
        };
        if client.idempotent && last.is_some_and(|last| index <= last) {
            return Err(format!(
                "REPEATED or REORDERED: partition {partition} has {name} at offset {offset}, behind a later one or itself"
            ));
        }
        last = last.max(Some(index));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(idempotent: bool, records: &[(&str, Option<i64>)], stored: &[&str]) -> String {
        let outcome = |o: &Option<i64>| o.map_or(Outcome::Unknown, Outcome::Acknowledged);
        let records = records.iter().map(|(v, o)| (v.as_bytes().to_vec(), outcome(o))).collect();
        let client = ClientHistory { partition: 0, idempotent, records };
        let stored = stored.iter().enumerate().map(|(at, v)| (at as i64, v.as_bytes().to_vec())).collect();
        let result = check(&[client], &Contents::from([(0, stored)]));
        result.map_or_else(|e| e.split(':').next().unwrap_or_default().to_owned(), |()| "holds".into())
    }

    #[test]
    fn good_histories_pass_and_each_bad_one_is_named() {
        let sent = [("a", Some(0)), ("b", None), ("c", Some(1))];
        assert_eq!(verdict(true, &sent, &["a", "c"]), "holds");
        assert_eq!(verdict(true, &[("a", Some(0)), ("b", None)], &["a", "b"]), "holds");
        assert_eq!(verdict(true, &sent, &["a"]), "LOST");
        assert_eq!(verdict(true, &sent, &["a", "b"]), "CHANGED");
        assert_eq!(verdict(true, &sent, &["a", "c", "x"]), "FABRICATED");
        assert_eq!(verdict(true, &sent, &["a", "c", "c"]), "REPEATED or REORDERED");
        assert_eq!(verdict(true, &sent, &["a", "c", "b"]), "REPEATED or REORDERED");
        assert_eq!(verdict(false, &sent, &["a", "c", "c"]), "holds");
    }
}
