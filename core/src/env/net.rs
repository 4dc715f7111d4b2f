//! Networks: ordered byte streams.

use std::{collections::VecDeque, future::Future, io};

use bytes::{Bytes, BytesMut};

use super::disk::Region;

/// What is sent: bytes in memory, or a range of a file that never passes through ours.
#[derive(Clone, Debug)]
pub enum Chunk<R> {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A range of a file.
    Region(R),
}

/// Chunks in the order in which they are sent. Sending takes from the front, so a send that was given up
/// goes on where it stopped.
#[derive(Debug)]
pub struct OutQueue<R> {
    chunks: VecDeque<Chunk<R>>,
    bytes: u64,
}

impl<R> Default for OutQueue<R> {
    fn default() -> Self {
        Self { chunks: VecDeque::new(), bytes: 0 }
    }
}

impl<R: Region> OutQueue<R> {
    /// Adds a chunk at the end; an empty one is left out.
    pub fn push(&mut self, chunk: Chunk<R>) {
        let len = match &chunk {
            Chunk::Bytes(bytes) => bytes.len() as u64,
            Chunk::Region(region) => region.len(),
        };
        if 0 < len {
            self.bytes += len;
            self.chunks.push_back(chunk);
        }
    }

    /// How many bytes wait.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The chunks that wait, first first.
    pub fn chunks(&self) -> impl Iterator<Item = &Chunk<R>> {
        self.chunks.iter()
    }

    /// Takes the first chunk away: it was sent, or is to be sent in parts with [`OutQueue::push_front`].
    pub fn pop_front(&mut self) -> Option<Chunk<R>> {
        let chunk = self.chunks.pop_front()?;
        self.bytes -= match &chunk {
            Chunk::Bytes(bytes) => bytes.len() as u64,
            Chunk::Region(region) => region.len(),
        };
        Some(chunk)
    }

    /// Puts the rest of a chunk back.
    pub fn push_front(&mut self, chunk: Chunk<R>) {
        self.bytes += match &chunk {
            Chunk::Bytes(bytes) => bytes.len() as u64,
            Chunk::Region(region) => region.len(),
        };
        self.chunks.push_front(chunk);
    }

    /// Drops `sent` bytes of memory from the front.
    ///
    /// # Panics
    /// So many bytes of memory do not stand there.
    pub fn advance(&mut self, mut sent: usize) {
        self.bytes -= sent as u64;
        while 0 < sent {
            let Some(Chunk::Bytes(front)) = self.chunks.front_mut() else {
                panic!("only bytes of memory are advanced over")
            };
            if front.len() <= sent {
                sent -= front.len();
                self.chunks.pop_front();
            } else {
                bytes::Buf::advance(front, sent);
                sent = 0;
            }
        }
    }
}

/// One node's view of the network. Addresses are `host:port`.
pub trait Network: Clone + Send + Sync + 'static {
    /// A range of a file.
    type Region: Region;
    /// A connection.
    type Stream: Stream<Region = Self::Region>;
    /// A bound address.
    type Listener: Listener<Stream = Self::Stream>;

    /// Binds an address; port 0 takes a free one.
    fn listen(&self, address: &str) -> impl Future<Output = io::Result<Self::Listener>> + Send;

    /// Connects. May hang for as long as the network likes.
    fn connect(&self, address: &str) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

/// A bound address that accepts connections.
pub trait Listener: Send + 'static {
    /// A connection.
    type Stream: Stream;
    /// A connection before it was bound to a core.
    type Incoming: Incoming<Stream = Self::Stream>;

    /// The next connection.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Incoming>> + Send;

    /// The port that was bound.
    fn port(&self) -> u16;
}

/// An accepted connection that was not opened yet: the task that opens it owns it, on its own core.
pub trait Incoming: Send + 'static {
    /// The connection.
    type Stream: Stream;

    /// The peer's host.
    fn peer_host(&self) -> String;

    /// Binds the connection to the core of the calling task.
    ///
    /// # Errors
    /// It is gone.
    fn open(self) -> io::Result<Self::Stream>;
}

/// An ordered stream of bytes in both directions. One task may receive while another sends.
pub trait Stream: Send + Sync + 'static {
    /// A range of a file.
    type Region: Region;

    /// Appends what has arrived to `buf`, at most `max_bytes` and at most its spare capacity; 0 is the end of
    /// the stream. A call that is given up has taken nothing.
    fn recv(&self, buf: &mut BytesMut, max_bytes: usize) -> impl Future<Output = io::Result<usize>> + Send;

    /// Says for how many bytes, at least 1, it is worth waking the next calls of [`recv`](Self::recv): a hint that holds
    /// until another, at first 1. As many must be on their way: a stream that heeds it may hold back fewer, but
    /// neither its end nor an error. The default does not heed it.
    fn set_low_water(&self, _bytes: usize) {}

    /// Sends the queue until it is empty. A call that is given up has taken what was sent.
    fn send(&self, queue: &mut OutQueue<Self::Region>) -> impl Future<Output = io::Result<()>> + Send;
}
