//! Our codec against one that others wrote: what we encode, the `kafka-protocol` crate decodes and encodes
//! to the same bytes, and we decode to the same message.

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey as TheirKey, RequestKind, ResponseKind};
use ottla_core::types::Uuid;
use ottla_net::{
    header::is_flexible,
    messages::{ApiKey, Request, Response},
    wire::{Reader, Sampler, Str, Writer},
};

/// Draws small values; the edges of each type among them.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.next() % from.len() as u64) as usize]
    }
}

impl Sampler for Draw {
    fn i8(&mut self, _: &str) -> i8 {
        self.pick(&[0, 1, -1, i8::MAX, i8::MIN])
    }
    fn i16(&mut self, _: &str) -> i16 {
        self.pick(&[0, 1, -1, i16::MAX, i16::MIN])
    }
    fn i32(&mut self, _: &str) -> i32 {
        self.pick(&[0, 1, -1, 300, i32::MAX, i32::MIN])
    }
    fn i64(&mut self, _: &str) -> i64 {
        self.pick(&[0, 1, -1, 1 << 40, i64::MAX, i64::MIN])
    }
    fn u16(&mut self, _: &str) -> u16 {
        self.pick(&[0, 1, u16::MAX])
    }
    fn f64(&mut self, _: &str) -> f64 {
        self.pick(&[0.0, -1.5, f64::MAX])
    }
    fn bool(&mut self, _: &str) -> bool {
        self.pick(&[true, false])
    }
    fn uuid(&mut self, _: &str) -> Uuid {
        Uuid(self.pick(&[[0; 16], [1; 16], *b"0123456789abcdef"]))
    }
    fn string(&mut self, _: &str) -> Str {
        Str::from_static(self.pick(&["", "a", "topic-ü", "a rather long name that takes more than one byte of a compact length, as it has more than one hundred and twenty-seven bytes in all"]))
    }
    fn bytes(&mut self, _: &str) -> Bytes {
        Bytes::from_static(self.pick(&[&b""[..], b"x", &[0; 200]]))
    }
    fn null(&mut self, _: &str) -> bool {
        self.pick(&[true, false, false])
    }
    fn length(&mut self, _: &str) -> usize {
        self.pick(&[0, 1, 2])
    }
}

/// Messages that the crate cannot serve as an oracle for, and why.
fn excused(key: ApiKey, version: i16) -> bool {
    match key {
        // The crate stops at Kafka 4.1.
        ApiKey::StreamsGroupHeartbeat | ApiKey::StreamsGroupDescribe => true,
        // Its table of versions reaches one further than its messages.
        ApiKey::OffsetCommit | ApiKey::OffsetFetch => version == 10,
        ApiKey::InitProducerId => version == 6,
        _ => their_range(key).is_none_or(|(min, max)| version < min || max < version),
    }
}

fn their_range(key: ApiKey) -> Option<(i16, i16)> {
    let theirs = TheirKey::try_from(key as i16).ok()?;
    let range = theirs.valid_versions();
    Some((range.min, range.max))
}

/// Encodes, lets the crate decode and encode, and compares.
fn compare(
    key: ApiKey,
    version: i16,
    encode: impl Fn(&mut Writer<'_>),
    theirs: impl Fn(TheirKey, &mut Bytes) -> Result<BytesMut, String>,
) -> Result<(), String> {
    let mut ours = BytesMut::new();
    encode(&mut Writer::new(&mut ours, is_flexible(key, version)));
    let their_key = TheirKey::try_from(key as i16).expect("it was asked for its range");
    let mut bytes = ours.clone().freeze();
    let back = theirs(their_key, &mut bytes)?;
    if !bytes.is_empty() {
        return Err(format!("the crate left {} bytes", bytes.len()));
    }
    if back == ours { Ok(()) } else { Err(format!("\n  ours   {:?}\n  theirs {:?}", ours, back)) }
}

#[test]
fn every_message_of_every_version_is_what_others_read() {
    let (mut compared, mut failures) = (0, Vec::new());
    for key in ApiKey::ALL {
        let (min, max) = key.spec().versions;
        for version in min..=max {
            for seed in 0..20u64 {
                let mut draw = Draw(seed + 1_000 * key as u64);
                let request = Request::sample(key, version, &mut draw);
                let response = Response::sample(key, version, &mut draw);
                // What we write, we read.
                let flexible = is_flexible(key, version);
                let mut bytes = BytesMut::new();
                request.encode(version, &mut Writer::new(&mut bytes, flexible));
                let mut r = Reader::new(bytes.freeze(), flexible);
                assert_eq!(Request::decode(key, version, &mut r).as_ref(), Ok(&request), "{key:?} {version}");
                assert_eq!(r.remaining(), 0);
                let mut bytes = BytesMut::new();
                response.encode(version, &mut Writer::new(&mut bytes, flexible));
                let mut r = Reader::new(bytes.freeze(), flexible);
                assert_eq!(
                    Response::decode(key, version, &mut r).as_ref(),
                    Ok(&response),
                    "{key:?} {version}"
                );
                if excused(key, version) {
                    continue;
                }
                let asked = compare(
                    key,
                    version,
                    |w| request.encode(version, w),
                    |key, bytes| {
                        let message = RequestKind::decode(key, bytes, version).map_err(|e| e.to_string())?;
                        let mut out = BytesMut::new();
                        message.encode(&mut out, version).map_err(|e| e.to_string())?;
                        Ok(out)
                    },
                );
                let answered = compare(
                    key,
                    version,
                    |w| response.encode(version, w),
                    |key, bytes| {
                        let message = ResponseKind::decode(key, bytes, version).map_err(|e| e.to_string())?;
                        let mut out = BytesMut::new();
                        message.encode(&mut out, version).map_err(|e| e.to_string())?;
                        Ok(out)
                    },
                );
                compared += 2;
                failures.extend(asked.err().map(|e| format!("{key:?} request v{version} seed {seed}: {e}")));
                failures
                    .extend(answered.err().map(|e| format!("{key:?} response v{version} seed {seed}: {e}")));
            }
        }
    }
    assert!(10_000 < compared, "only {compared} messages were compared");
    let shown: Vec<&String> = failures.iter().step_by(20).take(10).collect();
    assert!(failures.is_empty(), "{} of {compared} differ: {shown:#?}", failures.len());
}

/// A message that is read over another is the one that was written; the list of fields that a version lacks
/// is what goes wrong most easily.
#[test]
fn reading_over_an_older_message_leaves_nothing_of_it() {
    use ottla_net::{messages::generated::fetch::FetchRequest, wire::Message};
    let (min, max) = ApiKey::Fetch.spec().versions;
    let mut read = FetchRequest::default();
    for seed in 0..2_000u64 {
        let mut draw = Draw(seed);
        let version = min + (draw.next() % (max - min + 1) as u64) as i16;
        let written = FetchRequest::sample(&mut draw, version);
        let flexible = is_flexible(ApiKey::Fetch, version);
        let mut bytes = BytesMut::new();
        written.encode(&mut Writer::new(&mut bytes, flexible), version);
        read.read(&mut Reader::new(bytes.freeze(), flexible), version).unwrap();
        assert_eq!(read, written, "version {version}, seed {seed}");
    }
}
