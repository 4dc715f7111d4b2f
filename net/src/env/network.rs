//! Real sockets.

use std::{
    io::{self, IoSlice},
    os::fd::AsFd,
    time::Duration,
};

use bytes::{BufMut, BytesMut};
use ottla_core::env::{Chunk, Incoming, Listener, Network, OutQueue, Stream};
use rustix::net::{SendAncillaryBuffer, SendFlags};
use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};
use tokio::{
    io::Interest,
    net::{TcpListener, TcpStream},
};

use super::{TokioRegion, descriptors::Reserve};

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
#[derive(Debug)]
pub struct TokioStream(TcpStream);

impl TokioStream {
    fn new(stream: TcpStream) -> io::Result<TokioStream> {
        stream.set_nodelay(true)?;
        let socket = SockRef::from(&stream);
        socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(DEAD_PEER))?;
        socket.set_tcp_user_timeout(Some(DEAD_PEER))?;
        Ok(TokioStream(stream))
    }

    /// Sends from the front of the queue what the socket takes; `more` of it follows at once.
    fn send_some(&self, queue: &mut OutQueue<TokioRegion>) -> io::Result<()> {
        let mut slices = [IoSlice::new(&[]); SLICES_MAX];
        let (mut count, mut more, mut region) = (0, false, None);
        for chunk in queue.chunks() {
            match chunk {
                Chunk::Bytes(bytes) if count < SLICES_MAX => {
                    slices[count] = IoSlice::new(bytes);
                    count += 1;
                }
                Chunk::Region(r) if count == 0 => {
                    region = Some(r.clone());
                    break;
                }
                Chunk::Bytes(_) | Chunk::Region(_) => {
                    more = true;
                    break;
                }
            }
        }
        if let Some(mut region) = region {
            let mut at = region.at;
            let sent = rustix::fs::sendfile(
                &self.0,
                &region.file,
                Some(&mut at),
                region.len.min(SENDFILE_MAX) as usize,
            )?;
            if sent == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            queue.pop_front();
            region.at += sent as u64;
            region.len -= sent as u64;
            if 0 < region.len {
                queue.push_front(Chunk::Region(region));
            }
            return Ok(());
        }
        let flags = SendFlags::NOSIGNAL | if more { SendFlags::MORE } else { SendFlags::empty() };
        let sent = rustix::net::sendmsg(
            self.0.as_fd(),
            &slices[..count],
            &mut SendAncillaryBuffer::default(),
            flags,
        )?;
        queue.advance(sent);
        Ok(())
    }
}

impl Stream for TokioStream {
    type Region = TokioRegion;

    async fn recv(&self, buf: &mut BytesMut, max_bytes: usize) -> io::Result<usize> {
        loop {
            match self.0.try_read_buf(&mut buf.limit(max_bytes)) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => self.0.readable().await?,
                result => return result,
            }
        }
    }

    async fn send(&self, queue: &mut OutQueue<TokioRegion>) -> io::Result<()> {
        while !queue.is_empty() {
            match self.0.try_io(Interest::WRITABLE, || self.send_some(queue)) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => self.0.writable().await?,
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
        TokioStream::new(TcpStream::from_std(self.stream)?)
    }
}

impl Listener for TokioListener {
    type Stream = TokioStream;
    type Incoming = TokioIncoming;

    async fn accept(&mut self) -> io::Result<TokioIncoming> {
        let (stream, peer) = self.listener.accept().await?;
        if !self.reserve.is_full() {
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
        TokioStream::new(TcpStream::connect(address).await?)
    }
}
