//! One connection to a broker: requests are sent as they come, answers are matched by correlation id.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use ottla_core::{
    env::{Chunk, Env, Network, OutQueue, Stream, until},
    limits::REQUEST_SIZE_MAX_BYTES,
};
use ottla_net::{
    header::{RequestHeader, is_flexible},
    messages::{
        ApiKey,
        generated::api_versions::{ApiVersionsRequest, ApiVersionsResponse},
    },
    receive::ReceiveBuffer,
    wire::{Message, Reader, Str, Writer},
};
use tokio::sync::{Notify, oneshot};

use crate::{ClientConfig, ClientError};

/// A connection to a broker. It lives until it is closed by either side.
pub struct Connection<E: Env> {
    env: E,
    config: ClientConfig,
    versions: Mutex<BTreeMap<i16, (i16, i16)>>,
    state: Mutex<State>,
    /// Something waits to be sent, or the connection was closed.
    wake: Notify,
    closed: Notify,
}

struct State {
    next_id: i32,
    out: BytesMut,
    waiting: BTreeMap<i32, oneshot::Sender<Bytes>>,
    is_closed: bool,
}

type StreamOf<E> = <<E as Env>::Network as Network>::Stream;

impl<E: Env> Connection<E> {
    /// Connects, and learns what the broker serves.
    ///
    /// # Errors
    /// It cannot be reached within the request's time-out, or does not answer.
    pub async fn open(
        env: &E,
        address: &str,
        config: &ClientConfig,
    ) -> Result<Arc<Connection<E>>, ClientError> {
        let connected = until(env.sleep(config.request_timeout), env.network().connect(address)).await;
        let refused = |e: io::Error| ClientError::Connect(format!("{address}: {e}"));
        let stream =
            Arc::new(connected.ok_or_else(|| refused(io::ErrorKind::TimedOut.into()))?.map_err(refused)?);
        let state = State { next_id: 0, out: BytesMut::new(), waiting: BTreeMap::new(), is_closed: false };
        let connection = Arc::new(Connection {
            env: env.clone(),
            config: config.clone(),
            versions: Mutex::default(),
            state: Mutex::new(state),
            wake: Notify::new(),
            closed: Notify::new(),
        });
        env.spawn("client-send", connection.clone().send_loop(stream.clone()));
        env.spawn("client-receive", connection.clone().receive_loop(stream));
        connection.negotiate().await?;
        Ok(connection)
    }

    async fn negotiate(&self) -> Result<(), ClientError> {
        let request = ApiVersionsRequest {
            client_software_name: Str::from_static("ottla"),
            client_software_version: Str::from_static(env!("CARGO_PKG_VERSION")),
        };
        let mut response: ApiVersionsResponse = self.call_version(ApiKey::ApiVersions, 3, &request).await?;
        if response.error_code != 0 {
            response = self.call_version(ApiKey::ApiVersions, 0, &request).await?;
        }
        crate::check(response.error_code, None)?;
        let rows = response.api_keys.iter().map(|k| (k.api_key, (k.min_version, k.max_version)));
        *self.versions.lock().expect(crate::NO_PANIC) = rows.collect();
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(crate::NO_PANIC)
    }

    /// Whether either side has closed it.
    pub fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    /// Closes it: whoever waits for an answer is told.
    pub fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        // Those who wait learn it: their senders are gone.
        state.waiting.clear();
        self.wake.notify_one();
        self.closed.notify_one();
    }

    /// The latest version that both sides know.
    ///
    /// # Errors
    /// There is none.
    pub fn version(&self, key: ApiKey) -> Result<i16, ClientError> {
        let ours = key.spec().versions;
        let theirs = self.versions.lock().expect(crate::NO_PANIC).get(&(key as i16)).copied();
        let (min, max) = theirs.ok_or(ClientError::Unsupported(key))?;
        let version = max.min(ours.1);
        if version < min || version < ours.0 { Err(ClientError::Unsupported(key)) } else { Ok(version) }
    }

    /// Asks in the latest version.
    ///
    /// # Errors
    /// There is no such version, or no answer.
    pub async fn call<Q: Message, A: Message>(&self, key: ApiKey, request: &Q) -> Result<A, ClientError> {
        self.call_version(key, self.version(key)?, request).await
    }

    /// Asks in one version.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn call_version<Q: Message, A: Message>(
        &self,
        key: ApiKey,
        version: i16,
        request: &Q,
    ) -> Result<A, ClientError> {
        self.call_within(key, version, request, self.config.request_timeout).await
    }

    /// Asks, and waits for at most `within`; then the connection is closed, for answers come in order.
    ///
    /// # Errors
    /// There is no answer in time.
    pub async fn call_within<Q: Message, A: Message>(
        &self,
        key: ApiKey,
        version: i16,
        request: &Q,
        within: Duration,
    ) -> Result<A, ClientError> {
        let waiting = self.post(key, version, request, true)?.expect("an answer is expected");
        let answer = until(self.env.sleep(within), waiting).await;
        let Some(answer) = answer else {
            // The answers behind it would be late too.
            self.close();
            return Err(ClientError::Timeout);
        };
        let frame = answer.map_err(|_| ClientError::Disconnected)?;
        decode(key, version, frame)
    }

    /// Sends a request; the receiver gets the answer's frame, where one is expected.
    ///
    /// # Errors
    /// The connection is closed.
    pub fn post<Q: Message>(
        &self,
        key: ApiKey,
        version: i16,
        request: &Q,
        answered: bool,
    ) -> Result<Option<oneshot::Receiver<Bytes>>, ClientError> {
        let mut state = self.state();
        if state.is_closed {
            return Err(ClientError::Disconnected);
        }
        let correlation_id = state.next_id;
        state.next_id = correlation_id.wrapping_add(1) & i32::MAX;
        let start = state.out.len();
        state.out.extend_from_slice(&[0; 4]);
        let header = RequestHeader {
            api_key: key as i16,
            api_version: version,
            correlation_id,
            client_id: Some(Str::from(self.config.client_id.as_str())),
        };
        let flexible = is_flexible(key, version);
        let mut w = Writer::new(&mut state.out, false);
        header.encode(&mut w, flexible);
        request.encode(&mut w, version);
        let length = (state.out.len() - start - 4) as i32;
        state.out[start..start + 4].copy_from_slice(&length.to_be_bytes());
        let waiting = answered.then(|| {
            let (sender, receiver) = oneshot::channel();
            state.waiting.insert(correlation_id, sender);
            receiver
        });
        drop(state);
        self.wake.notify_one();
        Ok(waiting)
    }

    async fn send_loop(self: Arc<Self>, stream: Arc<StreamOf<E>>) {
        let mut queue = OutQueue::default();
        loop {
            let (out, is_closed) = {
                let mut state = self.state();
                (state.out.split().freeze(), state.is_closed)
            };
            if is_closed {
                return;
            }
            if out.is_empty() {
                self.wake.notified().await;
                continue;
            }
            queue.push(Chunk::Bytes(out));
            let closed = self.closed.notified();
            if !matches!(until(closed, stream.send(&mut queue)).await, Some(Ok(()))) {
                return self.close();
            }
        }
    }

    async fn receive_loop(self: Arc<Self>, stream: Arc<StreamOf<E>>) {
        let mut received = ReceiveBuffer::new(REQUEST_SIZE_MAX_BYTES);
        loop {
            if self.is_closed() {
                return;
            }
            let Ok(room) = received.make_room() else { return self.close() };
            // Woken to look whether it was closed, a lost wake-up would leave it waiting for the peer.
            let closed = async {
                while !self.is_closed() {
                    self.closed.notified().await;
                }
                self.closed.notify_one();
            };
            match until(closed, received.receive(&*stream, room)).await {
                Some(Ok(n)) if 0 < n => {}
                _ => return self.close(),
            }
            loop {
                match received.take_frame() {
                    Ok(None) => break,
                    Ok(Some(frame)) if 4 <= frame.len() => {
                        let id = i32::from_be_bytes(*frame.first_chunk().expect("it has four bytes"));
                        let sender = self.state().waiting.remove(&id);
                        if let Some(sender) = sender {
                            // Nobody waits any more: the answer came too late.
                            let _ = sender.send(frame.freeze());
                        }
                    }
                    Ok(Some(_)) | Err(_) => return self.close(),
                }
            }
        }
    }
}

/// Reads an answer's frame.
pub(crate) fn decode<A: Message>(key: ApiKey, version: i16, frame: Bytes) -> Result<A, ClientError> {
    let flexible = is_flexible(key, version);
    let mut r = Reader::new(frame, false);
    let header = r.i32().and_then(|_| {
        r.set_flexible(flexible && key != ApiKey::ApiVersions);
        r.tagged(|_, _| Ok(false))
    });
    header.map_err(|_| ClientError::Decode)?;
    r.set_flexible(flexible);
    if key == ApiKey::ApiVersions && version != 0 {
        // A broker that does not know the version answers in the oldest (KIP-511).
        let error = r.clone().i16().unwrap_or_default();
        if error == ottla_core::errors::ErrorCode::UnsupportedVersion.code() {
            r.set_flexible(false);
            return A::decode(&mut r, 0).map_err(|_| ClientError::Decode);
        }
    }
    A::decode(&mut r, version).map_err(|_| ClientError::Decode)
}
