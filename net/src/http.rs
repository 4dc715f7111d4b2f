//! HTTP over the environment's streams: what hyper needs of one.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes, BytesMut};
use hyper::rt::{Read, ReadBufCursor, Write};
use ottla_core::env::{Chunk, OutQueue, Stream};

type Pending<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

/// Bytes asked of the stream at a time.
const READ_BYTES: usize = 8 * 1024;

/// A stream as hyper reads and writes it.
pub struct HttpStream<S> {
    stream: Arc<S>,
    /// What arrived and was not taken yet.
    arrived: BytesMut,
    receiving: Option<Pending<BytesMut>>,
    sending: Option<Pending<()>>,
}

impl<S: Stream> HttpStream<S> {
    /// Takes a connection over.
    pub fn new(stream: S) -> HttpStream<S> {
        HttpStream { stream: Arc::new(stream), arrived: BytesMut::new(), receiving: None, sending: None }
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(sending) = &mut self.sending else { return Poll::Ready(Ok(())) };
        let sent = ready!(sending.as_mut().poll(cx));
        self.sending = None;
        Poll::Ready(sent)
    }
}

impl<S: Stream> Read for HttpStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.arrived.is_empty() {
            let stream = self.stream.clone();
            let receiving = self.receiving.get_or_insert_with(|| {
                Box::pin(async move {
                    let mut bytes = BytesMut::with_capacity(READ_BYTES);
                    stream.recv(&mut bytes, READ_BYTES).await.map(|_| bytes)
                })
            });
            let received = ready!(receiving.as_mut().poll(cx));
            self.receiving = None;
            self.arrived = received?;
        }
        let count = self.arrived.len().min(buf.remaining());
        buf.put_slice(&self.arrived[..count]);
        self.arrived.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<S: Stream> Write for HttpStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_sent(cx))?;
        let (stream, bytes) = (self.stream.clone(), Bytes::copy_from_slice(buf));
        self.sending = Some(Box::pin(async move {
            let mut queue = OutQueue::default();
            queue.push(Chunk::Bytes(bytes));
            stream.send(&mut queue).await
        }));
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_sent(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The stream ends when it is dropped.
        self.poll_sent(cx)
    }
}
