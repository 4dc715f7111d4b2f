//! Deleting old records: which segments go, and how a log lets go of them.

use std::io;

use super::{Log, LogConfig, segment};
use crate::{
    env::Disk,
    types::{Offset, Timestamp},
};

/// What retention looks at of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentAge {
    /// Its first offset.
    pub base: Offset,
    /// The offset after its last.
    pub end: Offset,
    /// Its size in bytes.
    pub size: u64,
    /// Its largest timestamp.
    pub max_timestamp: Option<i64>,
}

/// How many of the oldest segments may go: those below the log start, those too old, and those that
/// exceed the size. None that reaches beyond the high watermark goes, and an empty last one stays.
pub fn segments_to_delete(
    segments: &[SegmentAge],
    config: &LogConfig,
    log_start: Offset,
    high_watermark: Offset,
    now: Timestamp,
) -> usize {
    let deletable = |s: &&SegmentAge| s.end <= high_watermark && 0 < s.size;
    let count = |gone: &mut dyn FnMut(&SegmentAge) -> bool| {
        segments.iter().take_while(deletable).take_while(|s| gone(s)).count()
    };
    let below_start = count(&mut |s| s.end <= log_start);
    if !config.delete {
        return below_start;
    }
    let too_old = config.retention_ms.map_or(0, |kept_ms| {
        count(&mut |s| s.max_timestamp.is_some_and(|t| kept_ms < now.0.saturating_sub(t)))
    });
    let mut size: u64 = segments.iter().map(|s| s.size).sum();
    let too_large = config.retention_bytes.map_or(0, |kept_bytes| {
        count(&mut |s| {
            let goes = kept_bytes <= size - s.size;
            size -= s.size;
            goes
        })
    });
    below_start.max(too_old).max(too_large)
}

impl<D: Disk> Log<D> {
    /// Where the log would start if retention ran now; no earlier than it starts.
    pub fn retention_start(&self, high_watermark: Offset, now: Timestamp) -> Offset {
        let ages: Vec<SegmentAge> = self
            .segments
            .iter()
            .map(|s| SegmentAge {
                base: s.base,
                end: s.end,
                size: s.size,
                max_timestamp: s.max_timestamp.map(|(t, _)| t),
            })
            .collect();
        let count = segments_to_delete(&ages, &self.config, self.log_start, high_watermark, now);
        count.checked_sub(1).map_or(self.log_start, |last| ages[last].end.max(self.log_start))
    }

    /// Moves the log's start; what lies below may no longer be read. The caller makes the new start
    /// durable before it lets [`Log::delete_below_start`] remove files.
    pub fn advance_start(&mut self, to: Offset) {
        assert!(to <= self.log_end, "LOG-1");
        if self.log_start < to {
            self.log_start = to;
            self.epochs.truncate_from_start(to);
            self.epochs_dirty = true;
        }
    }

    /// Takes segments that lie below `durable_start` out of the log, renames their files to end in
    /// `.deleted`, and returns the renamed paths, to be removed later. The active segment is replaced by a
    /// new one if it goes.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn delete_below_start(&mut self, durable_start: Offset, now: Timestamp) -> io::Result<Vec<String>> {
        let idle = self.staged.is_empty() && self.writes.is_empty();
        // Not above the recovery point: what producers did there is known from nothing but the batches.
        let below = durable_start.min(self.recovery_point);
        let mut count = self.segments.iter().take_while(|s| 0 < s.size && s.end <= below).count();
        if count == self.segments.len() {
            if !idle {
                count -= 1;
            } else {
                self.roll(now)?;
            }
        }
        let mut renamed = Vec::new();
        for old in self.segments.drain(..count) {
            for ending in ["log", "index", "timeindex"] {
                let path = segment::path(&self.dir, old.base, ending);
                let deleted = format!("{path}.deleted");
                match self.disk.rename(&path, &deleted) {
                    Ok(()) => renamed.push(deleted),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    Err(e) => return Err(e),
                }
            }
        }
        Ok(renamed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::CONFIG;

    fn ages() -> Vec<SegmentAge> {
        (0..5)
            .map(|n| SegmentAge {
                base: Offset(10 * n),
                end: Offset(10 * n + 10),
                size: 100,
                max_timestamp: Some(1000 * n),
            })
            .collect()
    }

    fn count(config: LogConfig, log_start: i64, high_watermark: i64) -> usize {
        segments_to_delete(&ages(), &config, Offset(log_start), Offset(high_watermark), Timestamp(5000))
    }

    #[test]
    fn time_size_and_start_each_delete_and_the_high_watermark_holds() {
        let keep = LogConfig { retention_ms: None, retention_bytes: None, ..CONFIG };
        assert_eq!(count(keep.clone(), 0, 50), 0);
        assert_eq!(count(keep.clone(), 29, 50), 2);
        assert_eq!(count(LogConfig { retention_ms: Some(2500), ..keep.clone() }, 0, 50), 3);
        assert_eq!(count(LogConfig { retention_ms: Some(2500), ..keep.clone() }, 0, 25), 2);
        assert_eq!(count(LogConfig { retention_bytes: Some(250), ..keep.clone() }, 0, 50), 2);
        assert_eq!(count(LogConfig { retention_bytes: Some(300), ..keep.clone() }, 0, 50), 2);
        assert_eq!(count(LogConfig { retention_bytes: Some(0), delete: false, ..keep }, 0, 50), 0);
    }
}
