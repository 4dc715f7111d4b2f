//! Frames: a big-endian `i32` length, then so many bytes (Kafka protocol guide, «Common Request and
//! Response Structure»). No I/O here: a connection's buffer goes in, whole frames come out.

use bytes::{Buf, BytesMut};

/// A length that ends the connection: nothing after it can be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLength(pub i32);

/// Takes a whole frame off the front of `buf`, without its length; `None` while it is incomplete.
///
/// # Errors
/// The length is not positive, or above `max_bytes`.
pub fn split_frame(buf: &mut BytesMut, max_bytes: usize) -> Result<Option<BytesMut>, BadLength> {
    let Some(wanted) = frame_length(buf, max_bytes)? else { return Ok(None) };
    if buf.len() < 4 + wanted {
        return Ok(None);
    }
    buf.advance(4);
    Ok(Some(buf.split_to(wanted)))
}

/// The length that the frame at the front of `buf` claims; `None` while that is incomplete itself.
///
/// # Errors
/// As [`split_frame`].
pub fn frame_length(buf: &[u8], max_bytes: usize) -> Result<Option<usize>, BadLength> {
    let Some(length) = buf.first_chunk() else { return Ok(None) };
    let length = i32::from_be_bytes(*length);
    match usize::try_from(length) {
        Ok(wanted) if 0 < wanted && wanted <= max_bytes => Ok(Some(wanted)),
        _ => Err(BadLength(length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_whole_and_lies_end_it() {
        let mut buf = BytesMut::from(&[0, 0, 0, 2, 7, 8, 0, 0, 0, 1][..]);
        assert_eq!(split_frame(&mut buf, 10).unwrap().unwrap(), &[7, 8][..]);
        assert_eq!(split_frame(&mut buf, 10), Ok(None));
        for (bytes, length) in [([0xff; 4], -1), ([0; 4], 0), ([0, 0, 0, 11], 11)] {
            assert_eq!(split_frame(&mut BytesMut::from(&bytes[..]), 10), Err(BadLength(length)));
        }
    }
}
