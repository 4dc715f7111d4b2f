//! Kafka's per-directory checkpoints: a text file with an offset for each partition
//! (`recovery-point-offset-checkpoint`, `log-start-offset-checkpoint`).

use std::collections::BTreeMap;

use crate::types::Offset;

/// The recovery points: below them all data and indexes are durable.
pub const RECOVERY_POINT_FILE: &str = "recovery-point-offset-checkpoint";
/// The log start offsets that are above the first segment's.
pub const LOG_START_FILE: &str = "log-start-offset-checkpoint";

/// The high watermarks, as far as what they cover was durable.
pub const HIGH_WATERMARK_FILE: &str = "replication-offset-checkpoint";

/// An offset for each partition, by topic and partition number.
pub type Offsets = BTreeMap<(String, i32), Offset>;

/// Prints the file: version 0, the count, then `topic partition offset` lines.
pub fn print(offsets: &Offsets) -> String {
    let lines: String = offsets
        .iter()
        .map(|((topic, partition), offset)| format!("{topic} {partition} {offset}\n"))
        .collect();
    format!("0\n{}\n{lines}", offsets.len())
}

/// Reads the file; `None` if it is malformed or cut off.
pub fn parse(text: &str) -> Option<Offsets> {
    let mut lines = text.lines();
    if lines.next()? != "0" {
        return None;
    }
    let count: usize = lines.next()?.parse().ok()?;
    let mut offsets = Offsets::new();
    for line in lines {
        let mut words = line.split(' ');
        let (topic, partition, offset) = (words.next()?, words.next()?, words.next()?);
        offsets.insert((topic.to_owned(), partition.parse().ok()?), Offset(offset.parse().ok()?));
    }
    (offsets.len() == count).then_some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_and_a_cut_file_is_not() {
        let offsets = Offsets::from([(("a.b".to_owned(), 3), Offset(17)), (("c".to_owned(), 0), Offset(0))]);
        let text = print(&offsets);
        assert_eq!(text, "0\n2\na.b 3 17\nc 0 0\n");
        assert_eq!(parse(&text), Some(offsets));
        assert_eq!(parse("0\n2\na.b 3 17\n"), None);
    }
}
