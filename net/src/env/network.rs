//! Real sockets.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    os::fd::{AsFd, AsRawFd},
    task::Poll,
    time::Duration,
};

use bytes::BytesMut;
use ottla_core::env::{Chunk, Incoming, Listener, Network, OutQueue, Stream};
use rustix::net::{RecvFlags, SendAncillaryBuffer, SendFlags};
use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};
use tokio::{
    io::{Interest, unix::AsyncFd},
    net::{TcpListener, TcpStream},
};

use super::{
    TokioRegion,
    descriptors::{Reserve, is_exhausted},
};

/// Chunks of memory in one system call.
const SLICES_MAX: usize = 64;
/// Bytes of a file in one system call.
const SENDFILE_MAX: u64 = 1 << 20;
/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;
/// A peer that is silent for so long is asked whether it lives; one that acknowledges nothing for as long
/// is given up.
const DEAD_PEER: Duration = Duration::from_secs(60);

/// The network of this machine.
#[derive(Clone, Debug)]
pub struct TokioNetwork {
    reserve: Reserve,
}

/// A bound address.
#[derive(Debug)]
pub struct TokioListener {
    listener: TcpListener,
    reserve: Reserve,
}

/// An accepted connection that no runtime polls yet.
#[derive(Debug)]
pub struct TokioIncoming {
    stream: std::net::TcpStream,
    peer: std::net::IpAddr,
}

/// A connection.
///
/// The event queue watches it for what arrives, not for room to send: with both, each answer that fills the
/// socket's buffer wakes the core once more when the peer has read it. Room is asked for when there is none.
#[derive(Debug)]
pub struct TokioStream(AsyncFd<std::net::TcpStream>);

impl TokioStream {
    fn new(stream: std::net::TcpStream) -> io::Result<TokioStream> {
        stream.set_nodelay(true)?;
        let socket = SockRef::from(&stream);
        socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(DEAD_PEER))?;
        socket.set_tcp_user_timeout(Some(DEAD_PEER))?;
        Ok(TokioStream(watch(stream, Interest::READABLE)?))
    }

    /// Waits until the socket takes bytes again.
    async fn has_room(&self) -> io::Result<()> {
        let watched = watch(self.0.get_ref().try_clone()?, Interest::WRITABLE)?;
        watched.writable().await?.retain_ready();
        Ok(())
    }

    /// Sends from the front of the queue what the socket takes.
    fn send_some(&self, queue: &mut OutQueue<TokioRegion>) -> io::Result<()> {
        let region = match queue.chunks().next() {
            Some(Chunk::Region(region)) => Some(region.clone()),
            _ => None,
        };
        match region {
            Some(region) => self.send_file(queue, region),
            None => self.send_memory(queue),
        }
    }

    fn send_file(&self, queue: &mut OutQueue<TokioRegion>, mut region: TokioRegion) -> io::Result<()> {
        let (mut at, most) = (region.at, region.len.min(SENDFILE_MAX) as usize);
        let sent = rustix::fs::sendfile(self.0.get_ref(), &region.file, Some(&mut at), most)?;
        if sent == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        queue.pop_front();
        region.at += sent as u64;
        region.len -= sent as u64;
        if 0 < region.len {
            queue.push_front(Chunk::Region(region));
        }
        Ok(())
    }

    /// Sends the chunks before the first region; where there is one, the kernel is told that more follows.
    fn send_memory(&self, queue: &mut OutQueue<TokioRegion>) -> io::Result<()> {
        let mut slices = [IoSlice::new(&[]); SLICES_MAX];
        let (mut count, mut flags) = (0, SendFlags::NOSIGNAL);
        for chunk in queue.chunks() {
            match chunk {
                Chunk::Bytes(bytes) if count < SLICES_MAX => {
                    slices[count] = IoSlice::new(bytes);
                    count += 1;
                }
                Chunk::Bytes(_) | Chunk::Region(_) => {
                    flags |= SendFlags::MORE;
                    break;
                }
            }
        }
        let mut control = SendAncillaryBuffer::default();
        let sent = rustix::net::sendmsg(self.0.get_ref().as_fd(), &slices[..count], &mut control, flags)?;
        queue.advance(sent);
        Ok(())
    }
}

/// Puts a socket into the event queue of the calling core.
#[allow(unsafe_code)]
fn watch(socket: std::net::TcpStream, interest: Interest) -> io::Result<AsyncFd<std::net::TcpStream>> {
    // SAFETY: the socket owns its descriptor and is never replaced, so that it is open, and the same, for as
    // long as it is watched.
    unsafe { AsyncFd::register_with_interest(socket, interest) }.map_err(io::Error::from)
}

/// Receives at most `room` bytes behind those of `buf`.
#[allow(unsafe_code)]
fn receive(socket: &std::net::TcpStream, buf: &mut BytesMut, room: usize) -> io::Result<usize> {
    let (written, _) = rustix::net::recv(socket, &mut buf.spare_capacity_mut()[..room], RecvFlags::empty())?;
    let count = written.0.len();
    // SAFETY: `recv` has written so many bytes from the start of the spare capacity.
    unsafe { buf.set_len(buf.len() + count) };
    Ok(count)
}

/// Lets a socket be readable when so many bytes have arrived (`SO_RCVLOWAT`, socket(7)), or its window is full, or its
/// end has come. Linux looks at once whether they have, and lets the receive buffer grow to twice as much for good.
#[allow(unsafe_code)]
fn set_low_water(socket: &std::net::TcpStream, bytes: usize) {
    let bytes = libc::c_int::try_from(bytes).unwrap_or(libc::c_int::MAX);
    // SAFETY: the option's value is an int, which lives as long as the call, and the descriptor is the socket's. Linux
    // refuses no positive number.
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_RCVLOWAT,
            (&raw const bytes).cast(),
            size_of_val(&bytes) as libc::socklen_t,
        );
    }
}

impl Stream for TokioStream {
    type Region = TokioRegion;

    fn set_low_water(&self, bytes: usize) {
        set_low_water(self.0.get_ref(), bytes);
    }

    async fn recv(&self, buf: &mut BytesMut, max_bytes: usize) -> io::Result<usize> {
        let room = max_bytes.min(buf.capacity() - buf.len());
        loop {
            let mut ready = self.0.readable().await?;
            match ready.try_io(|socket| receive(socket.get_ref(), buf, room)) {
                Ok(Ok(count)) => {
                    // Fewer bytes than there was room for: there are no more, and the next arrival that reaches
                    // the low water tells.
                    if count < room {
                        ready.clear_ready();
                    }
                    return Ok(count);
                }
                Ok(Err(e)) if e.kind() == io::ErrorKind::Interrupted => {}
                Ok(Err(e)) => return Err(e),
                Err(_nothing_there) => {}
            }
        }
    }

    async fn send(&self, queue: &mut OutQueue<TokioRegion>) -> io::Result<()> {
        while !queue.is_empty() {
            match self.send_some(queue) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => self.has_room().await?,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                result => result?,
            }
        }
        Ok(())
    }
}

impl Incoming for TokioIncoming {
    type Stream = TokioStream;

    fn peer_host(&self) -> String {
        self.peer.to_string()
    }

    fn open(self) -> io::Result<TokioStream> {
        TokioStream::new(self.stream)
    }
}

impl Listener for TokioListener {
    type Stream = TokioStream;
    type Incoming = TokioIncoming;

    async fn accept(&mut self) -> io::Result<TokioIncoming> {
        let accepted = match self.listener.accept().await {
            Err(e) if is_exhausted(&e) => {
                // Whoever waits is let in on a descriptor of the reserve, to be shown out at once.
                self.reserve.take();
                poll_fn(|cx| Poll::Ready(self.listener.poll_accept(cx).is_ready())).await;
                Err(e)
            }
            accepted => accepted,
        };
        let is_full = self.reserve.is_full();
        let (stream, peer) = accepted?;
        if !is_full {
            return Err(io::Error::other("the last descriptors are kept for the logs"));
        }
        Ok(TokioIncoming { stream: stream.into_std()?, peer: peer.ip() })
    }

    fn port(&self) -> u16 {
        self.listener.local_addr().map_or(0, |a| a.port())
    }
}

impl TokioNetwork {
    pub(super) fn new(reserve: Reserve) -> TokioNetwork {
        TokioNetwork { reserve }
    }
}

impl Network for TokioNetwork {
    type Region = TokioRegion;
    type Stream = TokioStream;
    type Listener = TokioListener;

    async fn listen(&self, address: &str) -> io::Result<TokioListener> {
        let mut last = io::Error::new(io::ErrorKind::InvalidInput, format!("{address} is no address"));
        for address in tokio::net::lookup_host(address).await? {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
            socket.set_reuse_address(true)?;
            socket.set_nonblocking(true)?;
            match socket.bind(&address.into()).and_then(|()| socket.listen(BACKLOG)) {
                Ok(()) => {
                    let listener = TcpListener::from_std(socket.into())?;
                    return Ok(TokioListener { listener, reserve: self.reserve.clone() });
                }
                Err(e) => last = e,
            }
        }
        Err(last)
    }

    async fn connect(&self, address: &str) -> io::Result<TokioStream> {
        TokioStream::new(TcpStream::connect(address).await?.into_std()?)
    }
}
