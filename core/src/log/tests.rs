//! The log against a slow, obvious twin: a list of batches.

use std::task::Waker;

use proptest::prelude::*;

use super::{lookup::LookupError, recovery::Known, truncate::Unfit, *};
use crate::{
    env::{File, Region, mem::MemDisk},
    limits::DECOMPRESSED_SIZE_MAX_BYTES,
    record::{BatchBuilder, Codec, HEADER_BYTES, batch::batches, builder::seal},
    types::ProducerId,
};

pub(crate) const CONFIG: LogConfig = LogConfig {
    segment_bytes: 1000,
    segment_ms: i64::MAX,
    segment_index_bytes: 10 << 20,
    index_interval_bytes: 200,
    retention_ms: None,
    retention_bytes: None,
    delete: true,
    compact: false,
    max_message_bytes: 1 << 20,
    log_append_time: false,
    timestamp_before_max_ms: i64::MAX,
    timestamp_after_max_ms: i64::MAX,
    flush_messages: 1,
    min_insync_replicas: 1,
    validate_compressed: false,
    file_delete_delay_ms: 0,
};
const DIR: &str = "t-0";
const NOW: Timestamp = Timestamp(0);

#[derive(Clone, Debug)]
enum Step {
    /// Records in the batch, size of each, timestamp.
    Append(usize, usize, i64),
    Epoch,
    Sync,
    Checkpoint,
    ProcessCrash,
    PowerLoss,
    CleanRestart,
    AdvanceStart(usize),
    /// Cut to so many hundredths of the offsets; whether the process ends before that is synced.
    Truncate(usize, bool),
    /// As a follower takes it.
    Fetched(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (1..4usize, 0..150usize, 0..1000i64).prop_map(|(n, size, t)| Step::Append(n, size, t)),
        1 => Just(Step::Epoch),
        3 => Just(Step::Sync),
        2 => Just(Step::Checkpoint),
        1 => Just(Step::ProcessCrash),
        1 => Just(Step::PowerLoss),
        1 => Just(Step::CleanRestart),
        1 => (0..100usize).prop_map(Step::AdvanceStart),
        2 => (0..101usize, any::<bool>()).prop_map(|(at, ends)| Step::Truncate(at, ends)),
        3 => (1..4usize, 0..1000i64).prop_map(|(n, t)| Step::Fetched(n, t)),
    ]
}

/// What a log should hold: offset and timestamp of each record, last offset and bytes of each batch.
#[derive(Default)]
struct Twin {
    records: Vec<(i64, i64)>,
    batches: Vec<(i64, bytes::Bytes)>,
    start: i64,
    durable: usize,
    recovery_point: i64,
    sequence: i32,
    epoch: i32,
    /// Where the log's first segment began when it was cut.
    cut_above: Vec<Offset>,
}

impl Twin {
    fn cut(&mut self, to: i64) {
        self.batches.retain(|(last, _)| *last < to);
        self.records.truncate(self.batches.last().map_or(0, |(last, _)| *last as usize + 1));
        self.sequence = self.records.len() as i32;
        self.durable = self.durable.min(self.batches.len());
        let end = self.records.len() as i64;
        self.recovery_point = self.recovery_point.min(end);
        self.start = self.start.min(end);
    }
}

fn complete(log: &mut Log<MemDisk>) {
    log.submit().unwrap();
    assert!(log.poll_writes(&mut Context::from_waker(Waker::noop())).is_ready());
}

fn sync(log: &mut Log<MemDisk>, disk: &MemDisk, set: SyncSet<MemDisk>) {
    let dirs: Vec<&str> = set.dirs.iter().map(String::as_str).collect();
    assert!(crate::env::ready(&mut disk.sync(&set.files, &dirs)).unwrap().is_ok());
    log.synced(&set);
}

fn run(steps: Vec<Step>) {
    let mut disk = MemDisk::default();
    let config = Arc::new(CONFIG);
    let mut log = Log::create(disk.clone(), DIR, config.clone(), Offset(0), NOW).unwrap();
    let set = log.checkpoint_set().unwrap();
    sync(&mut log, &disk, set);
    let mut twin = Twin::default();
    for step in steps {
        match step {
            Step::Append(count, size, timestamp) => append(&mut log, &mut twin, count, size, timestamp),
            Step::Epoch => {
                twin.epoch += 1;
                log.begin_epoch(LeaderEpoch(twin.epoch));
            }
            Step::Sync => {
                let set = log.sync_set().unwrap();
                sync(&mut log, &disk, set);
                twin.durable = twin.batches.len();
            }
            Step::Checkpoint | Step::CleanRestart => {
                let set = log.checkpoint_set().unwrap();
                sync(&mut log, &disk, set);
                log.drop_snapshots();
                twin.durable = twin.batches.len();
                twin.recovery_point = twin.records.len() as i64;
                if matches!(step, Step::CleanRestart) {
                    log = reopen(&disk, &mut twin, true);
                }
            }
            Step::ProcessCrash => {
                log = reopen(&disk, &mut twin, false);
                twin.durable = twin.batches.len();
            }
            Step::PowerLoss => {
                disk = disk.after_power_loss();
                twin.batches.truncate(twin.durable);
                twin.records.truncate(twin.batches.last().map_or(0, |(last, _)| *last as usize + 1));
                twin.sequence = twin.records.len() as i32;
                log = reopen(&disk, &mut twin, false);
            }
            Step::AdvanceStart(percent) => {
                // Only what is durable may be deleted: the high watermark holds it.
                let durable = twin.durable.checked_sub(1).map_or(0, |at| twin.batches[at].0 + 1);
                let to = durable * percent as i64 / 100;
                twin.start = twin.start.max(to);
                log.advance_start(Offset(twin.start));
                log.delete_below_start(Offset(twin.start), NOW).unwrap();
            }
            Step::Truncate(percent, ends) => {
                let to = twin.start + (twin.records.len() as i64 - twin.start) * percent as i64 / 100;
                let first = |twin: &Twin| twin.batches.iter().position(|(last, _)| to <= *last);
                let begins =
                    first(&twin).map_or(to, |at| at.checked_sub(1).map_or(0, |at| twin.batches[at].0 + 1));
                if begins < twin.start {
                    continue;
                }
                log.lower_recovery_point(Offset(to));
                let written = log.recovery_point();
                let set = log.truncate(Offset(to), NOW).unwrap();
                twin.cut(to);
                // What the checkpoint says until the next one is written.
                twin.recovery_point = written.0;
                twin.cut_above.push(log.segments[0].base);
                if ends {
                    log = reopen(&disk, &mut twin, false);
                    twin.durable = twin.batches.len();
                } else {
                    sync(&mut log, &disk, set);
                    twin.durable = twin.batches.len();
                }
            }
            Step::Fetched(count, timestamp) => fetch(&mut log, &mut twin, count, timestamp),
        }
        compare(&log, &twin);
    }
}

fn append(log: &mut Log<MemDisk>, twin: &mut Twin, count: usize, size: usize, timestamp: i64) {
    let mut builder = BatchBuilder::new(if size.is_multiple_of(2) { Codec::None } else { Codec::Lz4 });
    builder.producer = Some((ProducerId(1), 0));
    builder.base_sequence = twin.sequence;
    for n in 0..count {
        let timestamp = timestamp + n as i64 % 2;
        builder.push(timestamp, None, Some(&vec![7; size]), &[]);
        twin.records.push((twin.records.len() as i64, timestamp));
    }
    twin.sequence += count as i32;
    let base = log.stage(BytesMut::from(&builder.build()[..]), LeaderEpoch(twin.epoch), NOW).unwrap();
    assert_eq!(base.0 as usize, twin.records.len() - count);
    complete(log);
    let mut bytes = builder.build().to_vec();
    bytes[..8].copy_from_slice(&base.0.to_be_bytes());
    bytes[12..16].copy_from_slice(&twin.epoch.to_be_bytes());
    twin.batches.push((twin.records.len() as i64 - 1, bytes.into()));
}

/// A batch comes from a leader, of its epoch or of the one that the log ends in; and once more, and from an epoch that is
/// not fetched in.
fn fetch(log: &mut Log<MemDisk>, twin: &mut Twin, count: usize, timestamp: i64) {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.producer = Some((ProducerId(1), 0));
    builder.base_sequence = twin.sequence;
    // Who follows leads no more.
    log.end_epoch();
    let before = twin.batches.last().map_or(LeaderEpoch(0), |(_, bytes)| epoch_of(bytes));
    let epoch = if timestamp % 2 == 0 { before } else { LeaderEpoch(twin.epoch) };
    builder.leader_epoch = epoch;
    builder.base_offset = log.log_end();
    for _ in 0..count {
        builder.push(timestamp, None, Some(b"fetched"), &[]);
        twin.records.push((twin.records.len() as i64, timestamp));
    }
    twin.sequence += count as i32;
    let batch = builder.build();
    assert_eq!(log.stage_fetched(batch.clone(), LeaderEpoch(epoch.0 - 1), NOW).unwrap(), Err(Unfit::Epoch));
    assert_eq!(
        log.stage_fetched(batch.slice(1..), LeaderEpoch(twin.epoch), NOW).unwrap(),
        Err(Unfit::Damaged)
    );
    let fetched_in = LeaderEpoch(twin.epoch);
    assert_eq!(log.stage_fetched(batch.clone(), fetched_in, NOW).unwrap(), Ok(()));
    assert_eq!(log.stage_fetched(batch.clone(), fetched_in, NOW).unwrap(), Err(Unfit::Overlaps));
    complete(log);
    twin.batches.push((twin.records.len() as i64 - 1, batch));
}

fn epoch_of(batch: &Bytes) -> LeaderEpoch {
    BatchView::new(batch).unwrap().leader_epoch()
}

fn reopen(disk: &MemDisk, twin: &mut Twin, clean: bool) -> Log<MemDisk> {
    let known = Known {
        recovery_point: Offset(twin.recovery_point),
        log_start: Offset(twin.start),
        clean,
        cache_in_doubt: true,
    };
    let (mut log, _) = Log::open(disk.clone(), DIR, Arc::new(CONFIG), known, NOW).unwrap();
    assert!(clean || log.needs_sync() || log.log_end() == log.durable_end());
    if !twin.cut_above.is_empty() {
        // Segments before the log's start may have gone only now.
        twin.cut_above.push(log.segments[0].base);
    }
    let set = log.sync_set().unwrap();
    sync(&mut log, disk, set);
    log
}

fn compare(log: &Log<MemDisk>, twin: &Twin) {
    assert_eq!((log.log_start().0, log.log_end().0), (twin.start, twin.records.len() as i64));
    // Every offset is read as the batch that holds it, and as many after it as fit.
    for offset in (twin.start..log.log_end().0).step_by(3) {
        let slice =
            log.read(Offset(offset), 1, true, log.completed_end()).unwrap().expect("there is a batch");
        let bytes = slice.region().read().unwrap();
        let (_, view) = batches(&bytes).next().unwrap();
        let (last, expected) = twin.batches.iter().find(|(last, _)| offset <= *last).unwrap();
        assert_eq!(view.last_offset().0, *last);
        assert_eq!(&bytes[..expected.len()], &expected[..]);
    }
    for timestamp in [0, 300, 700, 999, 1001] {
        let expected = twin.records.iter().find(|(offset, t)| twin.start <= *offset && timestamp <= *t);
        let found = log.find_timestamp(timestamp, log.completed_end()).unwrap();
        assert_eq!(found.map(|f| (f.offset.0, f.timestamp)), expected.copied());
    }
    // Every record is of the epoch that its batch says.
    for (last, bytes) in twin.batches.iter().filter(|(last, _)| twin.start <= *last) {
        assert_eq!(log.epochs().epoch_at(Offset(*last)), Some(epoch_of(bytes)), "offset {last}");
    }
    // A cut below a snapshot that a power loss took leaves of what was deleted before nothing.
    let producers = |from: Offset| {
        let mut producers = ProducerState::default();
        let views = twin.batches.iter().map(|(_, bytes)| BatchView::new(bytes).unwrap());
        views.filter(|view| from <= view.base_offset()).for_each(|view| producers.note(&view));
        producers
    };
    let is_known = *log.producers() == producers(Offset(0));
    assert!(is_known || twin.cut_above.iter().any(|base| *log.producers() == producers(*base)));
    let file_bytes: u64 = log.segments.iter().map(|s| s.file(&log.disk).unwrap().len().unwrap()).sum();
    assert_eq!(file_bytes, log.size_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn the_log_is_a_list_of_batches_whatever_happens(steps in proptest::collection::vec(step(), 1..60)) {
        run(steps);
    }
}

/// A log of four batches of 100 bytes of value, two synced, and its disk.
fn four_batches(recovery_point: bool) -> (MemDisk, Twin) {
    let disk = MemDisk::default();
    let mut log = Log::create(disk.clone(), DIR, Arc::new(CONFIG), Offset(0), NOW).unwrap();
    let mut twin = Twin::default();
    for n in 0..4 {
        append(&mut log, &mut twin, 1, 100, n);
        if n == 1 && recovery_point {
            let set = log.checkpoint_set().unwrap();
            sync(&mut log, &disk, set);
            twin.recovery_point = 2;
        }
    }
    (disk, twin)
}

fn damage(disk: &MemDisk, at: u64) {
    let file = disk.open(&segment::path(DIR, Offset(0), "log"), OpenMode::Existing).unwrap();
    let mut byte = [0];
    file.read_at(at, &mut byte).unwrap();
    drop(disk.submit(&file, at, &mut vec![Bytes::from(vec![byte[0] ^ 1])]));
}

#[test]
fn damage_above_the_recovery_point_cuts_and_below_it_is_reported() {
    let (disk, twin) = four_batches(true);
    let batch_bytes = twin.batches[0].1.len() as u64;
    let open = |disk: &MemDisk| {
        let known =
            Known { recovery_point: Offset(2), log_start: Offset(0), clean: false, cache_in_doubt: true };
        Log::open(disk.clone(), DIR, Arc::new(CONFIG), known, NOW)
    };
    damage(&disk, 3 * batch_bytes + 80);
    let (log, report) = open(&disk).unwrap();
    assert_eq!((log.log_end(), report.cut_bytes), (Offset(3), batch_bytes));
    damage(&disk, batch_bytes + 80);
    let error = open(&disk).err().expect("it is damaged").to_string();
    assert_eq!(
        error,
        format!(
            "t-0/00000000000000000000.log is damaged at byte {batch_bytes}, where it was durable: a checksum is wrong"
        )
    );
    assert!(open(&disk).is_err(), "nothing was changed");
}

#[test]
fn a_first_segment_whose_name_is_gone_is_damage_only_where_it_was_durable() {
    for (recovery_point, is_durable) in [(0, false), (1, true)] {
        let disk = MemDisk::default();
        let mut log = Log::create(disk.clone(), DIR, Arc::new(CONFIG), Offset(0), NOW).unwrap();
        let mut twin = Twin::default();
        (0..20).for_each(|n| append(&mut log, &mut twin, 1, 100, n));
        assert!(1 < log.segments.len());
        disk.remove(&segment::path(DIR, Offset(0), "log")).unwrap();
        let files = disk.list(DIR).unwrap();
        let known = Known {
            recovery_point: Offset(recovery_point),
            log_start: Offset(0),
            clean: false,
            cache_in_doubt: true,
        };
        match Log::open(disk.clone(), DIR, Arc::new(CONFIG), known, NOW) {
            Ok((log, _)) => {
                assert!(!is_durable);
                assert_eq!((log.log_start(), log.log_end(), log.segments.len()), (Offset(0), Offset(0), 1));
            }
            Err(error) => {
                assert!(is_durable && error.to_string().ends_with("the segment is missing"), "{error}");
                assert_eq!(disk.list(DIR).unwrap(), files, "nothing was changed");
            }
        }
    }
}

#[test]
fn epochs_that_the_page_cache_alone_has_are_written_again() {
    let disk = MemDisk::default();
    let mut log = Log::create(disk.clone(), DIR, Arc::new(CONFIG), Offset(0), NOW).unwrap();
    let mut twin = Twin::default();
    append(&mut log, &mut twin, 1, 100, 0);
    let set = log.checkpoint_set().unwrap();
    sync(&mut log, &disk, set);
    twin.recovery_point = 1;
    twin.epoch = 1;
    log.begin_epoch(LeaderEpoch(1));
    append(&mut log, &mut twin, 1, 100, 1);
    // The file is written, and the process ends before it is synced.
    drop(log.checkpoint_set().unwrap());
    let mut log = reopen(&disk, &mut twin, false);
    let set = log.checkpoint_set().unwrap();
    sync(&mut log, &disk, set);
    twin.recovery_point = 2;
    let log = reopen(&disk.after_power_loss(), &mut twin, false);
    assert_eq!((log.log_end(), log.epochs().latest()), (Offset(2), Some(LeaderEpoch(1))));
}

#[test]
fn what_a_clean_stop_left_goes_on_to_the_end_of_its_file() {
    for (cut_bytes, said) in
        [(1, "the file does not end with a whole batch"), (0, "the segment ends too early")]
    {
        let (disk, twin) = four_batches(false);
        let (size, batch_bytes) =
            (twin.batches.iter().map(|b| b.1.len() as u64).sum::<u64>(), twin.batches[3].1.len() as u64);
        let open = || {
            let known =
                Known { recovery_point: Offset(4), log_start: Offset(0), clean: true, cache_in_doubt: false };
            Log::open(disk.clone(), DIR, Arc::new(CONFIG), known, NOW).map(|(log, _)| log.log_end())
        };
        assert_eq!(open().unwrap(), Offset(4));
        let file = disk.open(&segment::path(DIR, Offset(0), "log"), OpenMode::Existing).unwrap();
        file.set_len(size - batch_bytes + cut_bytes).unwrap();
        let error = open().unwrap_err();
        assert!(!error.is_failing() && error.to_string().ends_with(said), "{error}");
    }
}

#[test]
fn a_stale_batch_with_a_wrong_offset_is_not_believed() {
    let (disk, _) = four_batches(false);
    let (log, _) = Log::open(
        disk.clone(),
        DIR,
        Arc::new(CONFIG),
        Known { recovery_point: Offset(0), log_start: Offset(0), clean: false, cache_in_doubt: true },
        NOW,
    )
    .unwrap();
    assert_eq!(log.log_end(), Offset(4));
    // The checksum does not cover the base offset: byte 7 of the last batch.
    let at = log.segments[0].find(&disk, Offset(3)).unwrap().unwrap().position + 7;
    let file = disk.open(&segment::path(DIR, Offset(0), "log"), OpenMode::Existing).unwrap();
    drop(disk.submit(&file, at, &mut vec![Bytes::from_static(&[9])]));
    let (log, _) = Log::open(
        disk,
        DIR,
        Arc::new(CONFIG),
        Known { recovery_point: Offset(0), log_start: Offset(0), clean: false, cache_in_doubt: true },
        NOW,
    )
    .unwrap();
    assert_eq!(log.log_end(), Offset(3));
}

#[test]
fn records_that_nobody_can_read_are_no_failure_of_the_disk() {
    let mut log = Log::create(MemDisk::default(), DIR, Arc::new(CONFIG), Offset(0), NOW).unwrap();
    let mut builder = BatchBuilder::new(Codec::Gzip);
    builder.push(5, None, Some(b"value"), &[]);
    let mut batch = builder.build().to_vec();
    // No gzip file begins so.
    batch[HEADER_BYTES] ^= 1;
    seal(&mut batch);
    log.stage(BytesMut::from(&batch[..]), LeaderEpoch(0), NOW).unwrap();
    complete(&mut log);
    assert!(matches!(log.find_timestamp(5, log.completed_end()), Err(LookupError::Unreadable(_))));
    assert!(matches!(log.find_max_timestamp(), Err(LookupError::Unreadable(_))));
    assert!(log.find_timestamp(6, log.completed_end()).unwrap().is_none());
}

#[test]
fn plain_records_have_no_bound_but_the_topics_own() {
    let config = LogConfig { max_message_bytes: 100 << 20, ..CONFIG };
    let mut log = Log::create(MemDisk::default(), DIR, Arc::new(config), Offset(0), NOW).unwrap();
    let mut builder = BatchBuilder::new(Codec::None);
    builder.push(1, None, Some(&vec![7; DECOMPRESSED_SIZE_MAX_BYTES + 1]), &[]);
    builder.push(2, None, Some(b"value"), &[]);
    log.stage(BytesMut::from(&builder.build()[..]), LeaderEpoch(0), NOW).unwrap();
    complete(&mut log);
    let found = log.find_timestamp(2, log.completed_end()).unwrap().expect("it is there");
    assert_eq!(found.offset, Offset(1));
}

#[test]
fn opening_reads_nothing_that_the_checkpoints_cover() {
    let (disk, config) = (MemDisk::default(), Arc::new(LogConfig { segment_bytes: 1 << 20, ..CONFIG }));
    let mut log = Log::create(disk.clone(), DIR, config.clone(), Offset(0), NOW).unwrap();
    for n in 0..40 {
        let mut builder = BatchBuilder::new(Codec::None);
        builder.push(n, None, Some(&[7; 100]), &[]);
        log.stage(BytesMut::from(&builder.build()[..]), LeaderEpoch(0), NOW).unwrap();
        complete(&mut log);
    }
    let set = log.checkpoint_set().unwrap();
    sync(&mut log, &disk, set);
    // A header that cannot be walked over: whoever came by would stop with an error.
    let at = log.segments[0].find(&disk, Offset(10)).unwrap().unwrap().position;
    let file = disk.open(&segment::path(DIR, Offset(0), "log"), OpenMode::Existing).unwrap();
    drop(disk.submit(&file, at + 8, &mut vec![Bytes::from_static(&[0xff; 4])]));
    assert!(log.segments[0].find(&disk, Offset(10)).is_err());
    for clean in [true, false] {
        let (log_start, recovery_point) = (Offset(0), log.log_end());
        let known = Known { recovery_point, log_start, clean, cache_in_doubt: false };
        let (opened, _) = Log::open(disk.clone(), DIR, config.clone(), known, NOW).unwrap();
        assert_eq!(opened.log_end(), Offset(40));
    }
}

#[test]
fn a_log_that_is_cut_within_its_first_batch_begins_anew() {
    let disk = MemDisk::default();
    let mut log = Log::create(disk.clone(), DIR, Arc::new(CONFIG), Offset(0), NOW).unwrap();
    let mut twin = Twin::default();
    append(&mut log, &mut twin, 3, 10, 5);
    append(&mut log, &mut twin, 3, 10, 5);
    log.advance_start(Offset(4));
    let epoch = log.epochs().latest().expect("there are records");
    let set = log.truncate(Offset(5), NOW).unwrap();
    sync(&mut log, &disk, set);
    assert_eq!((log.log_start(), log.log_end(), log.durable_end()), (Offset(4), Offset(4), Offset(4)));
    let set = log.restart_at(Offset(100), NOW).unwrap();
    sync(&mut log, &disk, set);
    // What comes from 100 on is of a later epoch, and what lies below is not known to be of the one before.
    assert_eq!(log.epochs().end_of(epoch, log.log_end()), None);
    let known =
        Known { recovery_point: Offset(0), log_start: Offset(100), clean: false, cache_in_doubt: true };
    let (log, _) = Log::open(disk.clone(), DIR, Arc::new(CONFIG), known, NOW).unwrap();
    assert_eq!((log.log_start(), log.log_end(), log.size_bytes()), (Offset(100), Offset(100), 0));
    assert_eq!(disk.list(DIR).unwrap(), ["00000000000000000100.log"]);
}

#[test]
fn what_retention_left_between_its_removals_goes_at_the_next_start() {
    let disk = MemDisk::default();
    let mut log = Log::create(disk.clone(), DIR, Arc::new(CONFIG), Offset(0), NOW).unwrap();
    let mut twin = Twin::default();
    for _ in 0..60 {
        append(&mut log, &mut twin, 2, 120, 5);
    }
    let set = log.checkpoint_set().unwrap();
    sync(&mut log, &disk, set);
    let segments = |disk: &MemDisk| -> Vec<String> {
        disk.list(DIR).unwrap().into_iter().filter(|name| name.ends_with(".log")).collect()
    };
    let before = segments(&disk);
    assert!(5 < before.len(), "{before:?}");
    // Of three that were removed, the name of the one between came back.
    for gone in [&before[0], &before[2]] {
        disk.remove(&format!("{DIR}/{gone}")).unwrap();
    }
    let start: i64 = before[3].trim_end_matches(".log").parse().unwrap();
    (twin.start, twin.recovery_point) = (start, twin.records.len() as i64);
    let log = reopen(&disk, &mut twin, false);
    compare(&log, &twin);
    assert_eq!(segments(&disk), before[3..]);
}
