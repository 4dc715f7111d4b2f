//! The frame of Ottla's own small files: length and CRC-32 of the body as big-endian `u32`, then the body.

/// The file of a body.
///
/// # Panics
/// The body has 4 GiB or more.
pub fn frame(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a small file");
    [&length.to_be_bytes()[..], &crc32fast::hash(body).to_be_bytes(), body].concat()
}

/// The body of a file; `None` if it is damaged.
pub fn unframe(file: &[u8]) -> Option<&[u8]> {
    let (length, rest) = file.split_first_chunk()?;
    let (crc, body) = rest.split_first_chunk()?;
    let is_whole = u32::from_be_bytes(*length) as usize == body.len();
    (is_whole && u32::from_be_bytes(*crc) == crc32fast::hash(body)).then_some(body)
}
