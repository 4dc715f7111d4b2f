//! The fields of the records of `__consumer_offsets`: numbers in network order, strings and arrays with their lengths,
//! compact and followed by tagged fields where a version is flexible (KIP-482).

use bytes::Bytes;

use crate::{record::varint, types::Uuid};

pub(super) fn put_i16(out: &mut Vec<u8>, value: i16) {
    out.extend(value.to_be_bytes());
}

pub(super) fn put_string(out: &mut Vec<u8>, value: Option<&str>) {
    let length = value.map_or(-1, |v| i16::try_from(v.len()).expect("the wire has no longer strings"));
    put_i16(out, length);
    out.extend(value.unwrap_or_default().as_bytes());
}

pub(super) fn put_bytes(out: &mut Vec<u8>, value: &[u8]) {
    out.extend((value.len() as i32).to_be_bytes());
    out.extend(value);
}

/// A string of a flexible version.
pub(super) fn put_compact_string(out: &mut Vec<u8>, value: Option<&str>) {
    varint::write_unsigned(out, value.map_or(0, |v| v.len() as u64 + 1));
    out.extend(value.unwrap_or_default().as_bytes());
}

/// The count of a flexible version's array.
pub(super) fn put_compact_count(out: &mut Vec<u8>, count: usize) {
    varint::write_unsigned(out, count as u64 + 1);
}

/// Reads fields off the front; `None` says that the bytes end too soon or cannot be.
pub(super) struct Fields<'a> {
    pub(super) rest: &'a [u8],
    pub(super) is_flexible: bool,
}

impl<'a> Fields<'a> {
    /// The version of a value of at most `version_max`, and its fields; from version `flexible` on lengths are
    /// compact and tagged fields follow.
    pub(super) fn of_value(value: &'a [u8], version_max: i16, flexible: i16) -> Option<(i16, Fields<'a>)> {
        let mut fields = Fields { rest: value, is_flexible: false };
        let version = fields.i16().filter(|v| (0..=version_max).contains(v))?;
        fields.is_flexible = flexible <= version;
        Some((version, fields))
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn i16(&mut self) -> Option<i16> {
        self.fixed().map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.fixed().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.fixed().map(i64::from_be_bytes)
    }

    pub(super) fn uvarint(&mut self) -> Option<u64> {
        let (value, taken) = varint::read_unsigned(self.rest)?;
        self.rest = &self.rest[taken..];
        Some(value)
    }

    /// A length; the inner `None` is null.
    pub(super) fn length(&mut self, is_short: bool) -> Option<Option<usize>> {
        Some(if self.is_flexible {
            usize::try_from(self.uvarint()?).ok()?.checked_sub(1)
        } else {
            let length = if is_short { self.i16()?.into() } else { self.i32()? };
            usize::try_from(length).ok()
        })
    }

    pub(super) fn nullable_string(&mut self) -> Option<Option<String>> {
        let Some(length) = self.length(true)? else { return Some(None) };
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        Some(Some(text.to_owned()))
    }

    pub(super) fn string(&mut self) -> Option<String> {
        self.nullable_string()?
    }

    pub(super) fn bytes(&mut self) -> Option<Bytes> {
        let length = self.length(false)??;
        self.take(length).map(Bytes::copy_from_slice)
    }

    pub(super) fn count(&mut self) -> Option<usize> {
        self.length(false)?
    }

    /// The tagged fields behind the others; none where the version has no such fields.
    pub(super) fn tags(&mut self) -> Option<Vec<(u64, &'a [u8])>> {
        let count = if self.is_flexible { self.uvarint()? } else { 0 };
        let mut tags = Vec::new();
        for _ in 0..count {
            let (tag, size) = (self.uvarint()?, self.uvarint()?);
            tags.push((tag, self.take(usize::try_from(size).ok()?)?));
        }
        Some(tags)
    }

    pub(super) fn uuid(&mut self) -> Option<Uuid> {
        self.fixed().map(Uuid)
    }

    pub(super) fn i8(&mut self) -> Option<i8> {
        self.fixed().map(i8::from_be_bytes)
    }
}
