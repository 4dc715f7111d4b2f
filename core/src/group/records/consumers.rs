//! The records of groups of the consumer protocol (KIP-848). All their values are of version 0, which is flexible.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, put_compact_count, put_compact_string, put_i16, put_string};
use crate::{
    group::consumer::stored::{Change, Classic, Current, Held, MemberState, Places, Resolved, Subscription},
    record::varint,
    types::{Timestamp, Uuid},
};

const EPOCH: i16 = 3;
const MEMBER: i16 = 5;
const TARGET_EPOCH: i16 = 6;
const TARGET: i16 = 7;
const CURRENT: i16 = 8;
const REGEX: i16 = 16;
/// The types of these records' keys. Type 4, the partitions of a group's topics, is no longer written by anybody.
pub(super) const KINDS: [i16; 6] = [EPOCH, MEMBER, TARGET_EPOCH, TARGET, CURRENT, REGEX];

/// What stands before a struct that might be null.
const IS_THERE: u8 = 1;

/// A partition that is held from an epoch that its record does not name.
const UNKNOWN_EPOCH: i32 = i32::MAX;

fn key(kind: i16, group: &str, rest: Option<&str>) -> Vec<u8> {
    let mut key = Vec::new();
    put_i16(&mut key, kind);
    put_string(&mut key, Some(group));
    if let Some(rest) = rest {
        put_string(&mut key, Some(rest));
    }
    key
}

/// The bytes of a value: its version, what `fields` writes, and the end.
fn value<T>(of: &Option<T>, fields: impl FnOnce(&T, &mut Vec<u8>)) -> Option<Vec<u8>> {
    of.as_ref().map(|of| {
        let mut out = vec![0, 0];
        fields(of, &mut out);
        out
    })
}

fn no_tags(out: &mut Vec<u8>) {
    out.push(0);
}

/// One tagged field of eight bytes.
fn tag_i64(out: &mut Vec<u8>, value: i64) {
    out.extend([1, 0, 8]);
    out.extend(value.to_be_bytes());
}

pub(super) fn encode(group: &str, change: &Change) -> (Vec<u8>, Option<Vec<u8>>) {
    match change {
        Change::Epoch(epoch) => {
            let value = value(epoch, |(epoch, hash), out| {
                out.extend(epoch.to_be_bytes());
                match hash {
                    0 => no_tags(out),
                    hash => tag_i64(out, *hash),
                }
            });
            (key(EPOCH, group, None), value)
        }
        Change::TargetEpoch(epoch) => {
            let value = value(epoch, |(epoch, at), out| {
                out.extend(epoch.to_be_bytes());
                match at.0 {
                    0 => no_tags(out),
                    at => tag_i64(out, at),
                }
            });
            (key(TARGET_EPOCH, group, None), value)
        }
        Change::Member(id, member) => (key(MEMBER, group, Some(id)), value(member, put_member)),
        Change::Target(id, target) => {
            let value = value(target, |target, out| {
                put_by_topic(out, target.iter().copied(), |_, out| no_tags(out));
                no_tags(out);
            });
            (key(TARGET, group, Some(id)), value)
        }
        Change::Current(id, current) => (key(CURRENT, group, Some(id)), value(current, put_current)),
        Change::Regex(regex, resolved) => {
            let value = value(resolved, |resolved, out| {
                put_strings(out, &resolved.topics);
                out.extend(resolved.version.to_be_bytes());
                out.extend(resolved.at.0.to_be_bytes());
                no_tags(out);
            });
            (key(REGEX, group, Some(regex)), value)
        }
    }
}

/// An array of topics: the id, the partitions, and what `behind` writes behind them.
fn put_by_topic(
    out: &mut Vec<u8>,
    places: impl Iterator<Item = (Uuid, i32)>,
    behind: impl Fn(&(Uuid, Vec<i32>), &mut Vec<u8>),
) {
    let mut topics: Vec<(Uuid, Vec<i32>)> = Vec::new();
    for (id, partition) in places {
        match topics.last_mut() {
            Some((last, partitions)) if *last == id => partitions.push(partition),
            _ => topics.push((id, vec![partition])),
        }
    }
    put_compact_count(out, topics.len());
    for topic in topics {
        out.extend(topic.0.0);
        put_numbers(out, topic.1.iter().copied());
        behind(&topic, out);
    }
}

fn put_numbers(out: &mut Vec<u8>, numbers: impl ExactSizeIterator<Item = i32>) {
    put_compact_count(out, numbers.len());
    numbers.for_each(|number| out.extend(number.to_be_bytes()));
}

fn put_strings(out: &mut Vec<u8>, strings: &BTreeSet<String>) {
    put_compact_count(out, strings.len());
    strings.iter().for_each(|text| put_compact_string(out, Some(text)));
}

fn put_member(member: &Subscription, out: &mut Vec<u8>) {
    put_compact_string(out, member.instance.as_deref());
    put_compact_string(out, member.rack.as_deref());
    put_compact_string(out, Some(&member.client_id));
    put_compact_string(out, Some(&member.client_host));
    put_strings(out, &member.topics);
    put_compact_string(out, Some(&member.regex));
    out.extend(member.rebalance_timeout_ms.to_be_bytes());
    put_compact_string(out, member.assignor.as_deref());
    let Some(classic) = &member.classic else { return no_tags(out) };
    let mut inner = vec![IS_THERE];
    inner.extend(classic.session_timeout_ms.to_be_bytes());
    put_compact_count(&mut inner, classic.protocols.len());
    for (name, metadata) in &classic.protocols {
        put_compact_string(&mut inner, Some(name));
        put_compact_count(&mut inner, metadata.len());
        inner.extend_from_slice(metadata);
        no_tags(&mut inner);
    }
    no_tags(&mut inner);
    out.extend([1, 0]);
    varint::write_unsigned(out, inner.len() as u64);
    out.extend(inner);
}

fn put_current(current: &Current, out: &mut Vec<u8>) {
    out.extend(current.epoch.to_be_bytes());
    out.extend(current.previous_epoch.to_be_bytes());
    out.push(match current.state {
        MemberState::Stable => 0,
        MemberState::Unrevoked => 1,
        MemberState::Unreleased => 2,
    });
    for held in [&current.assigned, &current.revoking] {
        put_by_topic(out, held.keys().copied(), |(id, partitions), out| {
            // One tagged field: the epochs at which they were given out (KIP-1251).
            let mut epochs = Vec::new();
            put_numbers(&mut epochs, partitions.iter().map(|partition| held[&(*id, *partition)]));
            out.extend([1, 0]);
            varint::write_unsigned(out, epochs.len() as u64);
            out.extend(epochs);
        });
    }
    no_tags(out);
}

/// Reads what stands behind the type of a key, and the value.
pub(super) fn decode(kind: i16, key: &mut Fields<'_>, value: Option<&[u8]>) -> Option<(String, Change)> {
    let group = key.string()?;
    let mut fields = match value {
        Some(value) => Some(Fields::of_value(value, 0, 0)?.1),
        None => None,
    };
    let fields = &mut fields;
    let change = match kind {
        EPOCH => Change::Epoch(read(fields, |f| Some((f.i32()?, tagged_i64(f)?)))?),
        TARGET_EPOCH => Change::TargetEpoch(read(fields, |f| Some((f.i32()?, Timestamp(tagged_i64(f)?))))?),
        MEMBER => Change::Member(key.string()?, read(fields, member)?),
        TARGET => Change::Target(key.string()?, read(fields, target)?),
        CURRENT => Change::Current(key.string()?, read(fields, current)?),
        _ => Change::Regex(key.string()?, read(fields, resolved)?),
    };
    Some((group, change))
}

/// Reads the fields of a value, if there is one; the inner `None` is a tombstone.
fn read<T>(
    fields: &mut Option<Fields<'_>>,
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> Option<Option<T>> {
    match fields {
        Some(fields) => read(fields).map(Some),
        None => Some(None),
    }
}

fn tagged_i64(fields: &mut Fields<'_>) -> Option<i64> {
    let mut value = 0;
    for (tag, bytes) in fields.tags()? {
        if tag == 0 {
            value = i64::from_be_bytes(bytes.try_into().ok()?);
        }
    }
    Some(value)
}

fn strings(fields: &mut Fields<'_>) -> Option<BTreeSet<String>> {
    (0..fields.count()?).map(|_| fields.string()).collect()
}

fn numbers(fields: &mut Fields<'_>) -> Option<Vec<i32>> {
    (0..fields.count()?).map(|_| fields.i32()).collect()
}

fn classic(bytes: &[u8]) -> Option<Classic> {
    let mut fields = Fields { rest: bytes, is_flexible: true };
    (fields.i8()? == IS_THERE as i8).then_some(())?;
    let session_timeout_ms = fields.i32()?;
    let protocol = |fields: &mut Fields<'_>| {
        let protocol = (fields.string()?, fields.bytes()?);
        fields.tags()?;
        Some(protocol)
    };
    let protocols = (0..fields.count()?).map(|_| protocol(&mut fields)).collect::<Option<_>>()?;
    fields.tags()?;
    Some(Classic { session_timeout_ms, protocols })
}

fn member(fields: &mut Fields<'_>) -> Option<Subscription> {
    let mut member = Subscription {
        instance: fields.nullable_string()?,
        rack: fields.nullable_string()?,
        client_id: fields.string()?,
        client_host: fields.string()?,
        topics: strings(fields)?,
        regex: fields.nullable_string()?.unwrap_or_default(),
        rebalance_timeout_ms: fields.i32()?,
        assignor: fields.nullable_string()?,
        classic: None,
    };
    for (tag, bytes) in fields.tags()? {
        if tag == 0 {
            member.classic = Some(classic(bytes)?);
        }
    }
    Some(member)
}

fn target(fields: &mut Fields<'_>) -> Option<Places> {
    let mut places = Places::new();
    for _ in 0..fields.count()? {
        let id = fields.uuid()?;
        places.extend(numbers(fields)?.into_iter().map(|partition| (id, partition)));
        fields.tags()?;
    }
    fields.tags()?;
    Some(places)
}

fn held(fields: &mut Fields<'_>) -> Option<Held> {
    let mut held = BTreeMap::new();
    for _ in 0..fields.count()? {
        let (id, partitions) = (fields.uuid()?, numbers(fields)?);
        let mut epochs = Vec::new();
        for (tag, bytes) in fields.tags()? {
            if tag == 0 {
                epochs = numbers(&mut Fields { rest: bytes, is_flexible: true })?;
            }
        }
        let epochs = epochs.into_iter().chain(std::iter::repeat(UNKNOWN_EPOCH));
        held.extend(partitions.into_iter().zip(epochs).map(|(partition, epoch)| ((id, partition), epoch)));
    }
    Some(held)
}

fn current(fields: &mut Fields<'_>) -> Option<Current> {
    let current = Current {
        epoch: fields.i32()?,
        previous_epoch: fields.i32()?,
        state: match fields.i8()? {
            0 => MemberState::Stable,
            1 => MemberState::Unrevoked,
            2 => MemberState::Unreleased,
            _ => return None,
        },
        assigned: held(fields)?,
        revoking: held(fields)?,
    };
    fields.tags()?;
    Some(current)
}

fn resolved(fields: &mut Fields<'_>) -> Option<Resolved> {
    let resolved =
        Resolved { topics: strings(fields)?, version: fields.i64()?, at: Timestamp(fields.i64()?) };
    fields.tags()?;
    Some(resolved)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::group::records::Record;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
            .collect()
    }

    fn held(partitions: &[i32]) -> Held {
        partitions.iter().map(|p| ((Uuid([3; 16]), *p), 7)).chain([((Uuid([9; 16]), 0), 2)]).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let member = Subscription {
            instance: Some("i".into()),
            rack: Some("r".into()),
            client_id: "c".into(),
            client_host: "/127.0.0.1".into(),
            topics: ["a".into(), "b".into()].into(),
            regex: "x.*".into(),
            rebalance_timeout_ms: 60_000,
            assignor: Some("range".into()),
            classic: None,
        };
        let classic = Classic {
            session_timeout_ms: 45_000,
            protocols: vec![("range".into(), vec![0, 1, 2].into()), ("x".into(), Bytes::new())],
        };
        let of_classic = Subscription { classic: Some(classic), ..member.clone() };
        let current = Current {
            epoch: 4,
            previous_epoch: 3,
            state: MemberState::Unrevoked,
            assigned: held(&[0, 2, 5]),
            revoking: held(&[1]),
        };
        let resolved = Resolved { topics: ["x1".into()].into(), version: 8, at: Timestamp(9) };
        let changes = [
            Change::Epoch(Some((3, 0))),
            Change::Epoch(Some((3, -9))),
            Change::Epoch(None),
            Change::Member("m".into(), Some(member)),
            Change::Member("m".into(), Some(of_classic)),
            Change::Member("m".into(), Some(Subscription::default())),
            Change::Member("m".into(), None),
            Change::TargetEpoch(Some((2, Timestamp(5)))),
            Change::TargetEpoch(None),
            Change::Target("m".into(), Some(held(&[4]).into_keys().collect())),
            Change::Target("m".into(), None),
            Change::Current("m".into(), Some(current)),
            Change::Current("m".into(), None),
            Change::Regex("x.*".into(), Some(resolved)),
            Change::Regex("x.*".into(), None),
        ];
        for change in changes {
            let record = Record::Consumers("g".into(), change);
            let (key, value) = record.encode();
            assert_eq!(Record::decode(&key, value.as_deref()), Ok(Some(record)));
            for cut in 0..value.as_ref().map_or(0, Vec::len) {
                assert!(Record::decode(&key, value.as_ref().map(|v| &v[..cut])).is_err(), "cut at {cut}");
            }
        }
    }

    /// As Kafka 4.3.1 wrote them.
    #[test]
    fn keys_and_values_have_kafkas_bytes() {
        let current =
            Current { epoch: 2, assigned: Held::from([((Uuid([7; 16]), 1), 2)]), ..Current::default() };
        let (key, value) = encode("g", &Change::Current("m".into(), Some(current)));
        assert_eq!(key, hex("0008 0001 67 0001 6d"));
        let id = "07".repeat(16);
        let bytes = format!("0000 00000002 00000000 00 02 {id} 02 00000001 01 00 05 02 00000002 01 00");
        assert_eq!(value, Some(hex(&bytes)));
        let (key, value) = encode("g", &Change::Epoch(Some((4, 0))));
        assert_eq!((key, value), (hex("0003 0001 67"), Some(hex("0000 00000004 00"))));
    }
}
