//! The four codecs behind one pair of functions; reading is streamed and bounded.
//!
//! Snappy comes in two forms: raw, and in the frames of the xerial library, which Java's clients use. LZ4
//! comes in its frame format; gzip files may have several members, zstd frames no content size.

use std::{
    borrow::Cow,
    fmt,
    io::{self, Read, Write},
};

use super::Codec;

/// Why compressed records cannot be read.
#[derive(Debug)]
pub enum DecompressError {
    /// They have more bytes than the bound when decompressed.
    TooLarge,
    /// They are not what the codec writes.
    Corrupt(io::Error),
}

impl fmt::Display for DecompressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecompressError::TooLarge => write!(f, "the records are larger than the limit when decompressed"),
            DecompressError::Corrupt(e) => write!(f, "the records cannot be decompressed: {e}"),
        }
    }
}

impl std::error::Error for DecompressError {}

const XERIAL_MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
const XERIAL_HEADER_BYTES: usize = 16;
const XERIAL_BLOCK_BYTES: usize = 32 * 1024;
const LZ4_MAGIC: [u8; 4] = 0x184D_2204u32.to_le_bytes();
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// Compresses records; `None` where the codec leaves them as they are.
pub fn compress(codec: Codec, plain: &[u8]) -> Option<Vec<u8>> {
    let memory = "writing to memory does not fail";
    match codec {
        Codec::None => None,
        Codec::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(plain).expect(memory);
            Some(encoder.finish().expect(memory))
        }
        Codec::Snappy => {
            let mut out = XERIAL_MAGIC.to_vec();
            out.extend([0, 0, 0, 1, 0, 0, 0, 1]);
            let mut encoder = snap::raw::Encoder::new();
            for block in plain.chunks(XERIAL_BLOCK_BYTES) {
                let block = encoder.compress_vec(block).expect("a block is shorter than 4 GiB");
                out.extend((block.len() as i32).to_be_bytes());
                out.extend(block);
            }
            Some(out)
        }
        Codec::Lz4 => {
            let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
            encoder.write_all(plain).expect(memory);
            Some(encoder.finish().expect(memory))
        }
        Codec::Zstd => Some(zstd::encode_all(plain, 0).expect(memory)),
    }
}

/// Decompresses records of at most `bound` bytes.
///
/// # Errors
/// They are larger, or not what the codec writes.
pub fn decompress(codec: Codec, payload: &[u8], bound: usize) -> Result<Cow<'_, [u8]>, DecompressError> {
    match codec {
        Codec::None => return Ok(Cow::Borrowed(payload)),
        Codec::Gzip => read_bounded(flate2::read::MultiGzDecoder::new(payload), bound),
        Codec::Snappy => snappy(payload, bound),
        // The library reads the format before frames too, which Kafka's clients cannot.
        Codec::Lz4 if !payload.starts_with(&LZ4_MAGIC) => {
            Err(DecompressError::Corrupt(io::Error::other("they are no LZ4 frame")))
        }
        Codec::Lz4 => read_bounded(lz4_flex::frame::FrameDecoder::new(payload), bound),
        Codec::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(payload).map_err(DecompressError::Corrupt)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(DecompressError::Corrupt)?;
            read_bounded(decoder, bound)
        }
    }
    .map(Cow::Owned)
}

fn read_bounded(decoder: impl Read, bound: usize) -> Result<Vec<u8>, DecompressError> {
    let mut plain = Vec::new();
    decoder.take(bound as u64 + 1).read_to_end(&mut plain).map_err(DecompressError::Corrupt)?;
    if bound < plain.len() { Err(DecompressError::TooLarge) } else { Ok(plain) }
}

fn snappy(payload: &[u8], bound: usize) -> Result<Vec<u8>, DecompressError> {
    let corrupt = |why: &str| DecompressError::Corrupt(io::Error::other(why.to_owned()));
    let mut plain = Vec::new();
    let mut block = |block: &[u8]| {
        let length = snap::raw::decompress_len(block).map_err(|e| corrupt(&e.to_string()))?;
        if bound < plain.len() + length {
            return Err(DecompressError::TooLarge);
        }
        plain.extend(snap::raw::Decoder::new().decompress_vec(block).map_err(|e| corrupt(&e.to_string()))?);
        Ok(())
    };
    if !payload.starts_with(&XERIAL_MAGIC) {
        block(payload)?;
        return Ok(plain);
    }
    let mut rest =
        payload.get(XERIAL_HEADER_BYTES..).ok_or_else(|| corrupt("the xerial header is cut off"))?;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk().ok_or_else(|| corrupt("a block is cut off"))?;
        let length = usize::try_from(i32::from_be_bytes(*length))
            .map_err(|_| corrupt("a block has a negative length"))?;
        let (this, after) = after.split_at_checked(length).ok_or_else(|| corrupt("a block is cut off"))?;
        block(this)?;
        rest = after;
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_refused() {
        let zeros = vec![0; 1 << 20];
        for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
            let bomb = compress(codec, &zeros).unwrap();
            assert!(matches!(decompress(codec, &bomb, 1 << 19), Err(DecompressError::TooLarge)), "{codec:?}");
            assert_eq!(decompress(codec, &bomb, 1 << 20).unwrap(), zeros, "{codec:?}");
        }
    }

    #[test]
    fn snappy_is_read_in_both_forms() {
        let raw = snap::raw::Encoder::new().compress_vec(b"hello").unwrap();
        assert_eq!(decompress(Codec::Snappy, &raw, 100).unwrap(), &b"hello"[..]);
        let lies = [&XERIAL_MAGIC[..], &[0, 0, 0, 1, 0, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff]].concat();
        assert!(matches!(decompress(Codec::Snappy, &lies, 100), Err(DecompressError::Corrupt(_))));
    }
}
