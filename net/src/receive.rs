//! The receive side of a connection: bytes come in, whole frames come out, and room is used again.

use std::io;

use bytes::BytesMut;
use ottla_core::{
    env::Stream,
    limits::{RECEIVE_BUFFER_BYTES, RECEIVE_BUFFER_IDLE_BYTES, RECEIVE_LAST_BYTES, RECEIVE_LOW_WATER_BYTES},
};

use crate::frame::{BadLength, frame_length, split_frame};

/// Room that a receive needs to be worth its while.
const RECEIVE_MIN_BYTES: usize = 16 * 1024;
/// The largest frame for which room is made before any of it has arrived, because the last one was as large.
const EXPECTED_FRAME_MAX_BYTES: usize = 4 * 1024 * 1024;

/// What has arrived and was not taken. It grows with what arrives, never with what is claimed, and takes room again
/// whose frames are not in use any more.
#[derive(Debug)]
pub struct ReceiveBuffer {
    bytes: BytesMut,
    frame_max_bytes: usize,
    /// What arrived filled a small buffer: it gets a large one.
    is_busy: bool,
    /// The size of the last whole frame, its length included.
    last_frame_bytes: usize,
    /// What the stream was told to wake for.
    low_water: usize,
}

/// How much to receive at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// At most, in bytes; more than nothing.
    pub most: usize,
    /// For how many bytes it is worth waking up; as many are owed by the sender.
    pub low_water: usize,
}

impl ReceiveBuffer {
    /// An empty one for frames of at most so many bytes.
    pub fn new(frame_max_bytes: usize) -> ReceiveBuffer {
        ReceiveBuffer {
            bytes: BytesMut::new(),
            frame_max_bytes,
            is_busy: false,
            last_frame_bytes: 1,
            low_water: 1,
        }
    }

    /// How many bytes wait to be taken.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing waits to be taken.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether it has grown, and holds nothing.
    pub fn is_idle_and_large(&self) -> bool {
        self.is_busy && self.bytes.is_empty()
    }

    /// Gives its memory back. What waits is lost.
    pub fn shrink(&mut self) {
        (self.bytes, self.is_busy) = (BytesMut::new(), false);
    }

    /// Takes the next whole frame, without its length; `None` while it is incomplete.
    ///
    /// # Errors
    /// The length is not positive, or too large.
    pub fn take_frame(&mut self) -> Result<Option<BytesMut>, BadLength> {
        let frame = split_frame(&mut self.bytes, self.frame_max_bytes)?;
        if let Some(frame) = &frame {
            self.last_frame_bytes = 4 + frame.len();
        }
        Ok(frame)
    }

    /// Whether a whole frame waits to be taken, or something that ends the connection.
    pub fn has_frame(&self) -> bool {
        match frame_length(&self.bytes, self.frame_max_bytes) {
            Ok(Some(wanted)) => 4 + wanted <= self.bytes.len(),
            Ok(None) => false,
            Err(_) => true,
        }
    }

    /// Receives into the room that [`make_room`](Self::make_room) has made, always from the same stream. Given up
    /// half-way, nothing is lost.
    ///
    /// # Errors
    /// As [`Stream::recv`].
    pub async fn receive(&mut self, stream: &impl Stream, room: Room) -> io::Result<usize> {
        if self.low_water != room.low_water {
            stream.set_low_water(room.low_water);
            self.low_water = room.low_water;
        }
        let count = stream.recv(&mut self.bytes, room.most).await?;
        self.is_busy |= RECEIVE_BUFFER_IDLE_BYTES <= self.bytes.len();
        Ok(count)
    }

    /// Receives what the peer sends ahead while no frame is taken: any of it wakes. Once it holds
    /// `RECEIVE_BUFFER_BYTES` it waits for ever, and what is sent more waits in the kernel.
    ///
    /// # Errors
    /// As [`Stream::recv`].
    pub async fn receive_ahead(&mut self, stream: &impl Stream) -> io::Result<usize> {
        let most = RECEIVE_BUFFER_BYTES.saturating_sub(self.bytes.len());
        if most == 0 {
            return std::future::pending().await;
        }
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.reserve(most.min(RECEIVE_MIN_BYTES));
        }
        self.receive(stream, Room { most, low_water: 1 }).await
    }

    /// Makes room to receive into, and says how much to receive. No whole frame waits to be taken.
    ///
    /// # Errors
    /// The next frame claims a length that is not positive, or too large.
    pub fn make_room(&mut self) -> Result<Room, BadLength> {
        let wanted = frame_length(&self.bytes, self.frame_max_bytes)?;
        let len = self.bytes.len();
        let expected = match wanted {
            Some(wanted) => 4 + wanted - len.min(4 + wanted),
            // The next frame is taken to be as large as the last.
            None => self.last_frame_bytes.min(EXPECTED_FRAME_MAX_BYTES),
        };
        debug_assert!(0 < expected, "whole frames are taken before more is received");
        // At most as much again as has arrived, however much is claimed.
        let frame = if len == 0 { expected } else { (len + expected + RECEIVE_MIN_BYTES).min(2 * len) };
        let target = if self.is_busy { RECEIVE_BUFFER_BYTES.max(frame) } else { RECEIVE_BUFFER_IDLE_BYTES };
        let enough = RECEIVE_MIN_BYTES.max(expected).min(target.saturating_sub(len));
        if self.bytes.capacity() - len < enough {
            // Taken from the front of the same buffer where nothing of it is in use any more: so the whole
            // never asks for more than it has.
            self.bytes.reserve(target - len);
        }
        // What arrives of a frame that no longer fits would have to be moved to the front later: so no more
        // is taken than whole frames of the expected size.
        let room = self.bytes.capacity() - len;
        let more = room.saturating_sub(expected) / self.last_frame_bytes * self.last_frame_bytes;
        let owed = wanted.map_or(0, |_| expected).saturating_sub(RECEIVE_LAST_BYTES);
        let is_long = RECEIVE_LAST_BYTES <= owed;
        let low_water = if is_long { owed.min(RECEIVE_LOW_WATER_BYTES) } else { 1 };
        Ok(Room { most: room.min(expected + more), low_water })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::{
            Mutex,
            atomic::{AtomicUsize, Ordering::Relaxed},
        },
    };

    use ottla_core::env::{OutQueue, ready};

    use super::*;

    /// Puts bytes in as a socket would, as much as there is room for at a time; returns the most room that was made.
    fn arrive(buffer: &mut ReceiveBuffer, mut bytes: &[u8]) -> usize {
        let mut most = 0;
        while !bytes.is_empty() {
            let room = buffer.make_room().expect("a legal length").most;
            assert!(0 < room && room <= buffer.bytes.capacity() - buffer.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            buffer.bytes.extend_from_slice(now);
            buffer.is_busy |= RECEIVE_BUFFER_IDLE_BYTES <= buffer.len();
            (bytes, most) = (later, most.max(buffer.bytes.capacity()));
        }
        most
    }

    fn frame(len: usize) -> Vec<u8> {
        [&(len as i32).to_be_bytes()[..], &vec![7; len]].concat()
    }

    #[test]
    fn frames_of_all_sizes_come_out_as_they_went_in() {
        let mut buffer = ReceiveBuffer::new(10_000_000);
        for len in [1, 3, 2_000, 3_000_000, 5, 300_000, 300_000, 1] {
            let bytes = frame(len);
            // Its length alone is no frame, nor is all of it but a byte.
            for part in [&bytes[..3], &bytes[3..bytes.len() - 1]] {
                arrive(&mut buffer, part);
                assert!(!buffer.has_frame());
                assert_eq!(buffer.take_frame().expect("a legal length"), None);
            }
            arrive(&mut buffer, &bytes[bytes.len() - 1..]);
            assert!(buffer.has_frame());
            assert_eq!(buffer.take_frame().expect("a legal length").expect("a frame"), &bytes[4..]);
            assert!(buffer.is_empty());
        }
    }

    #[test]
    fn it_is_woken_for_no_more_than_the_frame_still_lacks() {
        let mut buffer = ReceiveBuffer::new(10_000_000);
        for len in [1, 100_000, 1_000_000, 3_000_000, 5] {
            // A segment comes at a time, or as many as the wait is for.
            const SEGMENT_BYTES: usize = 65_483;
            let bytes = frame(len);
            // Nothing is known of a frame that has not begun, whatever came before it.
            assert_eq!(buffer.make_room().expect("a legal length").low_water, 1);
            let mut wakes = 0;
            while buffer.len() < bytes.len() {
                let low_water = buffer.make_room().expect("a legal length").low_water;
                let left = &bytes[buffer.len()..];
                assert!(low_water == 1 || low_water + RECEIVE_LAST_BYTES <= left.len());
                arrive(&mut buffer, &left[..low_water.max(SEGMENT_BYTES).min(left.len())]);
                wakes += 1;
            }
            assert!(wakes <= 4 + len / RECEIVE_LOW_WATER_BYTES, "{wakes} for {len}");
            assert!(buffer.take_frame().expect("a legal length").is_some());
        }
    }

    /// A stream on which everything has arrived, and what it was told to wake for.
    struct Arrived {
        left: Mutex<usize>,
        low_water: AtomicUsize,
    }

    impl Stream for Arrived {
        type Region = crate::env::TokioRegion;

        fn set_low_water(&self, bytes: usize) {
            self.low_water.store(bytes, Relaxed);
        }

        async fn recv(&self, buf: &mut BytesMut, max_bytes: usize) -> io::Result<usize> {
            let mut left = self.left.lock().expect("nobody panicked");
            let count = max_bytes.min(buf.capacity() - buf.len()).min(*left);
            *left -= count;
            buf.extend_from_slice(&vec![0; count]);
            Ok(count)
        }

        async fn send(&self, _: &mut OutQueue<Self::Region>) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    #[test]
    fn a_long_frame_leaves_nobody_waiting_for_as_much() {
        let len = 3 * RECEIVE_LOW_WATER_BYTES;
        let stream = Arrived { left: Mutex::new(len), low_water: AtomicUsize::new(1) };
        let mut buffer = ReceiveBuffer::new(10_000_000);
        buffer.bytes.extend_from_slice(&(len as i32).to_be_bytes());
        while !buffer.has_frame() {
            let room = buffer.make_room().expect("a legal length");
            assert!(ready(&mut pin!(buffer.receive(&stream, room))).expect("it is there").is_ok());
        }
        assert!(1 < stream.low_water.load(Relaxed), "the last wait was for much");
        assert!(buffer.take_frame().expect("a legal length").is_some());
        *stream.left.lock().expect("nobody panicked") = 1;
        let ahead = ready(&mut pin!(buffer.receive_ahead(&stream))).expect("it is there");
        assert_eq!((ahead.expect("a byte"), stream.low_water.load(Relaxed)), (1, 1));
    }

    #[test]
    fn a_claim_costs_no_memory() {
        let mut buffer = ReceiveBuffer::new(100_000_000);
        let claimed = [&90_000_000i32.to_be_bytes()[..], &[0; 5_000]].concat();
        assert!(arrive(&mut buffer, &claimed) < 2 * RECEIVE_BUFFER_BYTES);
        let mut buffer = ReceiveBuffer::new(100);
        arrive(&mut buffer, &101i32.to_be_bytes());
        assert!(buffer.has_frame() && buffer.make_room().is_err() && buffer.take_frame().is_err());
    }
}
