//! Zigzag varints of the record format (Protocol Buffers' `sint`).

/// Reads a varint off the front of `bytes`: the value and the bytes it took, or `None` if it is cut
/// off or longer than ten bytes.
#[inline]
pub fn read(bytes: &[u8]) -> Option<(i64, usize)> {
    let (value, taken) = read_unsigned(bytes)?;
    Some(((value >> 1) as i64 ^ -((value & 1) as i64), taken))
}

/// Reads a varint that is not zigzag: a length of the compact formats.
#[inline]
pub fn read_unsigned(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (index, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

/// Appends a varint.
pub fn write(out: &mut Vec<u8>, value: i64) {
    write_unsigned(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends a varint that is not zigzag.
pub fn write_unsigned(out: &mut Vec<u8>, value: u64) {
    let mut rest = value;
    while 0x80 <= rest {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// How many bytes a varint takes.
pub fn len(value: i64) -> usize {
    let rest = ((value << 1) ^ (value >> 63)) as u64;
    (64 - (rest | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(value: i64) {
            let mut out = Vec::new();
            super::write(&mut out, value);
            prop_assert_eq!(super::read(&out), Some((value, out.len())));
            prop_assert_eq!(super::len(value), out.len());
        }
    }
}
