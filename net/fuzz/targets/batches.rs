//! Any bytes as a record batch: checked as a produce request is, deeply and not, and read record by record.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use ottla_core::{
    record::{
        BatchView, HEADER_BYTES, Rules,
        batch::{batches, records},
        builder, check, compression,
    },
    types::Timestamp,
};

fuzz_target!(|input: (bool, bool, bool, Vec<u8>)| {
    let (deep, compacted, framed, mut bytes) = input;
    let rules = Rules {
        size_max_bytes: 1 << 20,
        log_append_time: false,
        before_max_ms: i64::MAX,
        after_max_ms: 3_600_000,
        key_required: compacted,
        deep,
    };
    batches(&bytes).for_each(drop);
    // Nearly no random batch has the right length, version and checksum: with them, what lies behind those
    // checks is reached.
    if framed && HEADER_BYTES <= bytes.len() {
        bytes[..8].fill(0);
        let length = (bytes.len() - 12) as i32;
        bytes[8..12].copy_from_slice(&length.to_be_bytes());
        bytes[16] = 2;
        builder::seal(&mut bytes);
    }
    let mut batch = BytesMut::from(&bytes[..]);
    if check::single_batch(&batch).is_ok() && check::check(&mut batch, &rules, Timestamp(1)).is_ok() {
        let view = BatchView::new(&batch).expect("it was checked");
        assert!(view.is_intact(), "a batch that was accepted is not intact");
        if let Some(codec) = view.codec()
            && let Ok(plain) = compression::decompress(codec, view.payload(), 1 << 20)
        {
            let count = records(&plain).count();
            assert!(!deep || count == view.record_count() as usize, "a batch lies about its records");
        }
    }
});
