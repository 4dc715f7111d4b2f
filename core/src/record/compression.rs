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
/// Bytes that are made room for at first: at least, and at most.
const FIRST_BYTES: usize = 256;
const STEP_BYTES: usize = 64 * 1024;
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
    if codec == Codec::None {
        return Ok(Cow::Borrowed(payload));
    }
    let mut source = Decompressor::new(codec, payload, bound)?;
    // Batches are mostly small: what holds one has not much more than its bytes.
    let mut plain = vec![0; (4 * payload.len()).clamp(FIRST_BYTES, STEP_BYTES)];
    let mut length = 0;
    loop {
        if length == plain.len() {
            plain.resize(2 * length, 0);
        }
        match source.read(&mut plain[length..])? {
            0 => break,
            read => length += read,
        }
    }
    plain.truncate(length);
    plain.shrink_to_fit();
    Ok(Cow::Owned(plain))
}

/// Reads compressed records as a stream; what raw snappy or one block of it holds lies in memory at once.
pub struct Decompressor<'a> {
    source: Source<'a>,
    /// Bytes that may still come.
    left: usize,
}

enum Source<'a> {
    Plain(&'a [u8]),
    Gzip(Box<flate2::read::MultiGzDecoder<&'a [u8]>>),
    Snappy(SnappyBlocks<'a>),
    Lz4(Box<lz4_flex::frame::FrameDecoder<&'a [u8]>>),
    Zstd(zstd::Decoder<'a, &'a [u8]>),
}

impl<'a> Decompressor<'a> {
    /// Reads `payload`, which becomes at most `bound` bytes.
    ///
    /// # Errors
    /// It does not begin as the codec's streams do.
    pub fn new(codec: Codec, payload: &'a [u8], bound: usize) -> Result<Decompressor<'a>, DecompressError> {
        let source = match codec {
            Codec::None => Source::Plain(payload),
            Codec::Gzip => Source::Gzip(Box::new(flate2::read::MultiGzDecoder::new(payload))),
            Codec::Snappy => Source::Snappy(SnappyBlocks::new(payload)?),
            // The library reads the format before frames too, which Kafka's clients cannot.
            Codec::Lz4 if !payload.starts_with(&LZ4_MAGIC) => return Err(corrupt("they are no LZ4 frame")),
            Codec::Lz4 => Source::Lz4(Box::new(lz4_flex::frame::FrameDecoder::new(payload))),
            Codec::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(payload).map_err(DecompressError::Corrupt)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(DecompressError::Corrupt)?;
                Source::Zstd(decoder)
            }
        };
        Ok(Decompressor { source, left: bound })
    }

    /// Reads on into `out`, which is not empty; returns how many bytes came, 0 at the end.
    ///
    /// # Errors
    /// There are more than the bound, or they are not what the codec writes.
    pub fn read(&mut self, out: &mut [u8]) -> Result<usize, DecompressError> {
        let read = match &mut self.source {
            Source::Snappy(blocks) => return blocks.read(out, &mut self.left),
            Source::Plain(payload) => payload.read(out),
            Source::Gzip(decoder) => decoder.read(out),
            Source::Lz4(decoder) => decoder.read(out),
            Source::Zstd(decoder) => decoder.read(out),
        };
        let read = read.map_err(DecompressError::Corrupt)?;
        self.left = self.left.checked_sub(read).ok_or(DecompressError::TooLarge)?;
        Ok(read)
    }
}

/// Raw snappy is one block; the xerial library writes several, each behind its length.
struct SnappyBlocks<'a> {
    is_raw: bool,
    rest: &'a [u8],
    block: Vec<u8>,
    at: usize,
}

impl<'a> SnappyBlocks<'a> {
    fn new(payload: &'a [u8]) -> Result<SnappyBlocks<'a>, DecompressError> {
        let is_raw = !payload.starts_with(&XERIAL_MAGIC);
        let rest = if is_raw { Some(payload) } else { payload.get(XERIAL_HEADER_BYTES..) };
        let rest = rest.ok_or_else(|| corrupt("the xerial header is cut off"))?;
        Ok(SnappyBlocks { is_raw, rest, block: Vec::new(), at: 0 })
    }

    fn read(&mut self, out: &mut [u8], left: &mut usize) -> Result<usize, DecompressError> {
        while self.at == self.block.len() {
            let Some(packed) = self.next_block()? else { return Ok(0) };
            let length = snap::raw::decompress_len(packed).map_err(|e| corrupt(&e.to_string()))?;
            *left = left.checked_sub(length).ok_or(DecompressError::TooLarge)?;
            let block = snap::raw::Decoder::new().decompress_vec(packed);
            (self.block, self.at) = (block.map_err(|e| corrupt(&e.to_string()))?, 0);
        }
        let count = out.len().min(self.block.len() - self.at);
        out[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }

    fn next_block(&mut self) -> Result<Option<&'a [u8]>, DecompressError> {
        if std::mem::take(&mut self.is_raw) {
            return Ok(Some(std::mem::take(&mut self.rest)));
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let cut_off = || corrupt("a block is cut off");
        let (length, after) = self.rest.split_first_chunk().ok_or_else(cut_off)?;
        let length = usize::try_from(i32::from_be_bytes(*length))
            .map_err(|_| corrupt("a block has a negative length"))?;
        let (block, rest) = after.split_at_checked(length).ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(Some(block))
    }
}

fn corrupt(why: &str) -> DecompressError {
    DecompressError::Corrupt(io::Error::other(why.to_owned()))
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
