//! The primitives of Kafka's wire format: [`Reader`] and [`Writer`].
//!
//! Both know whether the message at hand is flexible (KIP-482: compact lengths, tagged fields), so that
//! the code of a message is the same in every version. Reading borrows: strings and bytes are slices of
//! the frame. Nothing is allocated by a count that was not yet backed by bytes.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use ottla_core::limits::{ARRAY_AHEAD_MAX, ARRAY_LENGTH_MAX, STRING_LENGTH_MAX_BYTES, TAGGED_FIELDS_MAX};
use ottla_core::types::Uuid;

/// A string of the wire: UTF-8 that shares the bytes of its frame.
pub type Str = bytestring::ByteString;

/// A request, a response, or a struct in one.
pub trait Message: Default {
    /// Reads it in version `v` over what it was before; its lists keep their memory. After an error it holds
    /// a part of both.
    ///
    /// # Errors
    /// The bytes are no such message.
    fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError>;

    /// Reads a new one in version `v`.
    ///
    /// # Errors
    /// The bytes are no such message.
    fn decode(r: &mut Reader, v: i16) -> Result<Self, DecodeError> {
        let mut message = Self::default();
        message.read(r, v).map(|()| message)
    }

    /// Writes it in version `v`; a field that the version lacks is left out.
    fn encode(&self, w: &mut Writer<'_>, v: i16);

    /// Draws one whose fields all exist in version `v`.
    #[cfg(feature = "sample")]
    fn sample(s: &mut dyn Sampler, v: i16) -> Self;
}

/// Draws the values of fields, by their names; for tests that generate messages.
#[cfg(feature = "sample")]
#[allow(missing_docs)]
pub trait Sampler {
    fn i8(&mut self, field: &str) -> i8;
    fn i16(&mut self, field: &str) -> i16;
    fn i32(&mut self, field: &str) -> i32;
    fn i64(&mut self, field: &str) -> i64;
    fn u16(&mut self, field: &str) -> u16;
    fn f64(&mut self, field: &str) -> f64;
    fn bool(&mut self, field: &str) -> bool;
    fn uuid(&mut self, field: &str) -> Uuid;
    fn string(&mut self, field: &str) -> Str;
    fn bytes(&mut self, field: &str) -> Bytes;
    /// Whether a nullable field is null.
    fn null(&mut self, field: &str) -> bool;
    /// How many elements an array has.
    fn length(&mut self, field: &str) -> usize;
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes end inside a field.
    Truncated,
    /// A length is negative where null has no meaning, or runs past the end.
    Length(i64),
    /// An array or a list of tagged fields has more elements than the limit.
    TooMany(u64),
    /// A variable-length integer is longer than its type.
    Varint,
    /// A string is not UTF-8.
    Utf8,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Truncated => write!(f, "the bytes end inside a field"),
            DecodeError::Length(length) => write!(f, "a length of {length} does not fit"),
            DecodeError::TooMany(count) => write!(f, "{count} elements are more than the limit"),
            DecodeError::Varint => write!(f, "a variable-length integer has too many bytes"),
            DecodeError::Utf8 => write!(f, "a string is not UTF-8"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads fields off the front of a frame.
#[derive(Clone, Debug)]
pub struct Reader {
    bytes: Bytes,
    at: usize,
    end: usize,
    flexible: bool,
}

macro_rules! integers {
    ($($name:ident),*) => {$(
        #[doc = concat!("Reads a big-endian `", stringify!($name), "`.\n\n# Errors\nThe bytes end before it does.")]
        pub fn $name(&mut self) -> Result<$name, DecodeError> {
            Ok($name::from_be_bytes(self.chunk()?))
        }
    )*};
}

impl Reader {
    /// Reads `bytes` from their start.
    pub fn new(bytes: Bytes, flexible: bool) -> Self {
        let end = bytes.len();
        Self { bytes, at: 0, end, flexible }
    }

    /// Says whether what follows is flexible; a header and its body may differ.
    pub fn set_flexible(&mut self, flexible: bool) {
        self.flexible = flexible;
    }

    /// How many bytes were not read yet.
    pub fn remaining(&self) -> usize {
        self.end - self.at
    }

    /// What was not read yet.
    pub fn rest(&self) -> Bytes {
        self.bytes.slice(self.at..self.end)
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let chunk = self.bytes[self.at..self.end].first_chunk().copied().ok_or(DecodeError::Truncated)?;
        self.at += N;
        Ok(chunk)
    }

    fn take(&mut self, length: usize) -> Result<Bytes, DecodeError> {
        if self.remaining() < length {
            return Err(DecodeError::Length(length as i64));
        }
        let taken = self.bytes.slice(self.at..self.at + length);
        self.at += length;
        Ok(taken)
    }

    integers!(i8, i16, i32, i64, u16, u32, f64);

    /// Reads a boolean: any byte but zero is true.
    ///
    /// # Errors
    /// The bytes end before it does.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        Ok(self.i8()? != 0)
    }

    /// Reads a UUID.
    ///
    /// # Errors
    /// The bytes end before it does.
    pub fn uuid(&mut self) -> Result<Uuid, DecodeError> {
        Ok(Uuid(self.chunk()?))
    }

    /// Reads an unsigned varint of at most 32 bits.
    ///
    /// # Errors
    /// It is longer, or the bytes end.
    pub fn uvarint(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let [byte] = self.chunk::<1>()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| DecodeError::Varint);
            }
        }
        Err(DecodeError::Varint)
    }

    /// A length in the form of this message: `None` is null.
    fn length(&mut self, short: bool) -> Result<Option<usize>, DecodeError> {
        if self.flexible {
            return Ok((self.uvarint()? as usize).checked_sub(1));
        }
        let length = if short { i64::from(self.i16()?) } else { i64::from(self.i32()?) };
        Ok(usize::try_from(length).ok())
    }

    /// Reads a string that may be null.
    ///
    /// # Errors
    /// It runs past the end, is longer than Kafka allows, or is not UTF-8.
    pub fn nullable_string(&mut self) -> Result<Option<Str>, DecodeError> {
        let Some(length) = self.length(true)? else { return Ok(None) };
        if STRING_LENGTH_MAX_BYTES < length {
            return Err(DecodeError::Length(length as i64));
        }
        Str::try_from(self.take(length)?).map(Some).map_err(|_| DecodeError::Utf8)
    }

    /// Reads a string.
    ///
    /// # Errors
    /// As [`Reader::nullable_string`], or it is null.
    pub fn string(&mut self) -> Result<Str, DecodeError> {
        self.nullable_string()?.ok_or(DecodeError::Length(-1))
    }

    /// Reads bytes that may be null.
    ///
    /// # Errors
    /// They run past the end.
    pub fn nullable_bytes(&mut self) -> Result<Option<Bytes>, DecodeError> {
        let Some(length) = self.length(false)? else { return Ok(None) };
        self.take(length).map(Some)
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They run past the end or are null.
    pub fn bytes(&mut self) -> Result<Bytes, DecodeError> {
        self.nullable_bytes()?.ok_or(DecodeError::Length(-1))
    }

    /// Reads the count of an array that may be null, and checks that the frame could hold so many.
    ///
    /// # Errors
    /// More elements than bytes, or than the limit.
    pub fn array_length(&mut self) -> Result<Option<usize>, DecodeError> {
        let Some(count) = self.length(false)? else { return Ok(None) };
        if self.remaining() < count {
            return Err(DecodeError::Length(count as i64));
        }
        if ARRAY_LENGTH_MAX < count {
            return Err(DecodeError::TooMany(count as u64));
        }
        Ok(Some(count))
    }

    /// Reads an array that may be null.
    ///
    /// # Errors
    /// As [`Reader::array_length`], or an element is wrong.
    pub fn nullable_array<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(count) = self.array_length()? else { return Ok(None) };
        let mut elements = Vec::with_capacity(count.min(ARRAY_AHEAD_MAX));
        for _ in 0..count {
            elements.push(element(self)?);
        }
        Ok(Some(elements))
    }

    /// Reads an array over what `elements` held before.
    ///
    /// # Errors
    /// As [`Reader::array_length`], or it is null, or an element is wrong.
    pub fn array_into<T: Default>(
        &mut self,
        elements: &mut Vec<T>,
        mut element: impl FnMut(&mut Self, &mut T) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let count = self.array_length()?.ok_or(DecodeError::Length(-1))?;
        elements.truncate(count);
        elements.reserve(count.min(ARRAY_AHEAD_MAX) - elements.len().min(ARRAY_AHEAD_MAX));
        for at in 0..count {
            if at == elements.len() {
                elements.push(T::default());
            }
            element(self, &mut elements[at])?;
        }
        Ok(())
    }

    /// Reads a struct that may be null: a byte tells, negative for null.
    ///
    /// # Errors
    /// The struct is wrong.
    pub fn nullable_struct<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if self.i8()? < 0 { Ok(None) } else { read(self).map(Some) }
    }

    /// Reads the tagged fields that end each struct of a flexible message. `known` reads a field whose
    /// tag it knows and says so; others are skipped.
    ///
    /// # Errors
    /// There are too many, or one is wrong.
    pub fn tagged(
        &mut self,
        mut known: impl FnMut(u32, &mut Self) -> Result<bool, DecodeError>,
    ) -> Result<(), DecodeError> {
        if !self.flexible {
            return Ok(());
        }
        let count = self.uvarint()?;
        if TAGGED_FIELDS_MAX < count {
            return Err(DecodeError::TooMany(count.into()));
        }
        for _ in 0..count {
            let tag = self.uvarint()?;
            let size = self.uvarint()? as usize;
            if self.remaining() < size {
                return Err(DecodeError::Length(size as i64));
            }
            let (end, after) = (self.end, self.at + size);
            self.end = after;
            let result = known(tag, self);
            (self.at, self.end) = (after, end);
            result?;
        }
        Ok(())
    }
}

/// Appends fields to a buffer.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut BytesMut,
    flexible: bool,
}

macro_rules! puts {
    ($($name:ident $put:ident),*) => {$(
        #[doc = concat!("Writes a big-endian `", stringify!($name), "`.")]
        pub fn $name(&mut self, value: $name) {
            self.out.$put(value);
        }
    )*};
}

impl<'a> Writer<'a> {
    /// Appends to `out`.
    pub fn new(out: &'a mut BytesMut, flexible: bool) -> Self {
        Self { out, flexible }
    }

    /// Says whether what follows is flexible.
    pub fn set_flexible(&mut self, flexible: bool) {
        self.flexible = flexible;
    }

    puts!(i8 put_i8, i16 put_i16, i32 put_i32, i64 put_i64, u16 put_u16, u32 put_u32, f64 put_f64);

    /// Writes a boolean as one byte.
    pub fn bool(&mut self, value: bool) {
        self.out.put_u8(value.into());
    }

    /// Writes a UUID.
    pub fn uuid(&mut self, value: Uuid) {
        self.out.put_slice(&value.0);
    }

    /// Writes an unsigned varint.
    pub fn uvarint(&mut self, mut value: u32) {
        while 0x80 <= value {
            self.out.put_u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.put_u8(value as u8);
    }

    /// Writes a length in the form of this message; `None` is null.
    fn length(&mut self, length: Option<usize>, short: bool) {
        match (self.flexible, short) {
            (true, _) => self.uvarint(length.map_or(0, |n| n as u32 + 1)),
            (false, true) => self.i16(length.map_or(-1, |n| n as i16)),
            (false, false) => self.i32(length.map_or(-1, |n| n as i32)),
        }
    }

    /// Writes a string or null.
    ///
    /// # Panics
    /// The string is longer than Kafka's format can say (32,767 bytes).
    pub fn nullable_string(&mut self, value: Option<&str>) {
        assert!(
            value.map_or(0, str::len) <= STRING_LENGTH_MAX_BYTES,
            "a string of the wire has at most 32,767 bytes"
        );
        self.length(value.map(str::len), true);
        self.out.put_slice(value.unwrap_or_default().as_bytes());
    }

    /// Writes a string.
    ///
    /// # Panics
    /// As [`Writer::nullable_string`].
    pub fn string(&mut self, value: &str) {
        self.nullable_string(Some(value));
    }

    /// Writes bytes or null.
    pub fn nullable_bytes(&mut self, value: Option<&[u8]>) {
        self.bytes_length(value.map(<[u8]>::len));
        self.out.put_slice(value.unwrap_or_default());
    }

    /// Writes bytes.
    pub fn bytes(&mut self, value: &[u8]) {
        self.nullable_bytes(Some(value));
    }

    /// Writes the length of bytes that the caller sends after this buffer.
    pub fn bytes_length(&mut self, length: Option<usize>) {
        self.length(length, false);
    }

    /// Writes the count of an array whose elements follow; `None` is null.
    pub fn array_length(&mut self, count: Option<usize>) {
        self.length(count, false);
    }

    /// Writes an array or null.
    pub fn nullable_array<T>(
        &mut self,
        elements: Option<&[T]>,
        mut element: impl FnMut(&mut Writer<'_>, &T),
    ) {
        self.array_length(elements.map(<[T]>::len));
        for x in elements.unwrap_or_default() {
            element(self, x);
        }
    }

    /// Writes an array.
    pub fn array<T>(&mut self, elements: &[T], element: impl FnMut(&mut Writer<'_>, &T)) {
        self.nullable_array(Some(elements), element);
    }

    /// Writes a struct or null.
    pub fn nullable_struct<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Writer<'_>, &T)) {
        self.i8(if value.is_some() { 1 } else { -1 });
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// Ends a struct: writes the tagged fields that `fields` puts, where the message is flexible.
    pub fn tagged(&mut self, fields: impl FnOnce(&mut Tags)) {
        if !self.flexible {
            return;
        }
        let mut tags = Tags::default();
        fields(&mut tags);
        self.uvarint(tags.count);
        self.out.put_slice(&tags.bytes);
    }

    /// Ends a struct that has no tagged field to write.
    pub fn no_tags(&mut self) {
        self.tagged(|_| ());
    }
}

/// The tagged fields of one struct, collected in the order of their tags.
#[derive(Debug, Default)]
pub struct Tags {
    count: u32,
    bytes: BytesMut,
}

impl Tags {
    /// Adds a field.
    pub fn put(&mut self, tag: u32, write: impl FnOnce(&mut Writer<'_>)) {
        let mut body = BytesMut::new();
        write(&mut Writer::new(&mut body, true));
        let mut w = Writer::new(&mut self.bytes, true);
        w.uvarint(tag);
        w.uvarint(body.len() as u32);
        self.bytes.put_slice(&body);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(bytes: &[u8], flexible: bool) -> Reader {
        Reader::new(Bytes::copy_from_slice(bytes), flexible)
    }

    #[test]
    fn a_count_that_the_frame_cannot_hold_is_refused_before_any_allocation() {
        let mut r = reader(&[0x7f, 0xff, 0xff, 0xff, 1, 2], false);
        let mut elements = Vec::new();
        let mut read = |r: &mut Reader| {
            r.array_into(&mut elements, |r, x| {
                *x = r.i8()?;
                Ok(())
            })
        };
        assert_eq!(read(&mut r), Err(DecodeError::Length(0x7fff_ffff)));
        let mut r = reader(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1], true);
        assert_eq!(read(&mut r), Err(DecodeError::Length(0xffff_fffe)));
        assert_eq!(elements.capacity(), 0);
    }

    #[test]
    fn an_overlong_varint_is_refused() {
        assert_eq!(reader(&[0x80; 6], true).uvarint(), Err(DecodeError::Varint));
        assert_eq!(reader(&[0xff, 0xff, 0xff, 0xff, 0x1f], true).uvarint(), Err(DecodeError::Varint));
        assert_eq!(reader(&[0xff, 0xff, 0xff, 0xff, 0x0f], true).uvarint(), Ok(u32::MAX));
    }

    #[test]
    fn an_unknown_tag_is_skipped_and_a_known_one_cannot_read_past_its_size() {
        let bytes = [2, 9, 3, 1, 2, 3, 0, 4, 0, 0, 0, 5, 77];
        let mut r = reader(&bytes, true);
        let mut value = 0;
        r.tagged(|tag, r| {
            if tag == 0 {
                value = r.i32()?;
            }
            Ok(tag == 0)
        })
        .unwrap();
        assert_eq!((value, r.i8()), (5, Ok(77)));
        let mut r = reader(&[1, 0, 2, 0, 0, 0, 5], true);
        assert_eq!(r.tagged(|_, r| r.i32().map(|_| true)), Err(DecodeError::Truncated));
    }
}
