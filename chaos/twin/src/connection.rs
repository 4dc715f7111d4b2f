//! Raw connections: a request out, an answer in, and whether the connection lives.

use std::{
    fmt,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use ottla_codegen::schema::Api;

use crate::{
    codec::{Codec, is_flexible},
    value::Value,
};

/// Longest wait for an answer.
const HANG: Duration = Duration::from_secs(20);

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A response, and how many milliseconds it took.
    Reply(Value, u64),
    /// The connection ended without one.
    Closed,
    /// Nothing came in time.
    Hung,
    /// Bytes came that are no such response.
    Undecodable(String),
    /// None was owed, and the connection lives.
    Silent,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Reply(value, took_ms) => write!(f, "{value} after {took_ms} ms"),
            Answer::Closed => write!(f, "the connection is closed"),
            Answer::Hung => write!(f, "nothing"),
            Answer::Undecodable(why) => write!(f, "no response: {why}"),
            Answer::Silent => write!(f, "none, and the connection lives"),
        }
    }
}

/// A request that is owed an answer.
struct Owed {
    api: Api,
    version: i16,
    sent: Instant,
}

/// A connection.
pub struct Connection {
    stream: Option<TcpStream>,
    owed: std::collections::VecDeque<Owed>,
    next_id: i32,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// A sentence.
    pub fn open(address: &str) -> Result<Connection, String> {
        let stream = TcpStream::connect(address).map_err(|e| format!("{address} cannot be reached: {e}"))?;
        stream
            .set_nodelay(true)
            .and_then(|()| stream.set_read_timeout(Some(HANG)))
            .map_err(|e| e.to_string())?;
        Ok(Connection { stream: Some(stream), owed: std::collections::VecDeque::new(), next_id: 1 })
    }

    /// Whether it was closed, and nothing that was sent is still waited for.
    pub fn is_over(&self) -> bool {
        self.stream.is_none() && self.owed.is_empty()
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        if let Some(stream) = &mut self.stream
            && stream.write_all(bytes).is_err()
        {
            self.stream = None;
        }
    }

    /// Sends a request.
    pub fn send(&mut self, api: &Api, version: i16, body: &Value, is_answered: bool) {
        let mut frame = vec![0; 4];
        frame.extend(api.key.to_be_bytes());
        frame.extend(version.to_be_bytes());
        frame.extend(self.next_id.to_be_bytes());
        frame.extend([0, 4]);
        frame.extend(b"twin");
        if is_flexible(api, version) {
            frame.push(0);
        }
        frame.extend(Codec::new(api, &api.request, version).encode(body));
        let length = (frame.len() - 4) as i32;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        self.next_id += 1;
        if is_answered {
            self.owed.push_back(Owed { api: api.clone(), version, sent: Instant::now() });
        }
        self.raw(&frame);
    }

    /// Reads the answer that is owed first.
    pub fn receive(&mut self) -> Answer {
        let Some(owed) = self.owed.pop_front() else { return self.probe() };
        let frame = match self.frame() {
            Ok(frame) => frame,
            Err(answer) => return answer,
        };
        let took = owed.sent.elapsed().as_millis() as u64;
        let header = if is_flexible(&owed.api, owed.version) && owed.api.key != 18 { 5 } else { 4 };
        let Some(body) = frame.get(header..) else {
            return Answer::Undecodable("it ends in its header".into());
        };
        let decoded = Codec::new(&owed.api, &owed.api.response, owed.version).decode(body);
        match decoded {
            Ok(value) => Answer::Reply(value, took),
            // ApiVersions answers a version that it does not know in the oldest (KIP-511).
            Err(_) if owed.api.key == 18 => match Codec::new(&owed.api, &owed.api.response, 0).decode(body) {
                Ok(value) => Answer::Reply(value, took),
                Err(e) => Answer::Undecodable(e),
            },
            Err(e) => Answer::Undecodable(e),
        }
    }

    fn frame(&mut self) -> Result<Vec<u8>, Answer> {
        let Some(stream) = &mut self.stream else { return Err(Answer::Closed) };
        let mut length = [0; 4];
        let read = stream.read_exact(&mut length).and_then(|()| {
            let mut frame = vec![0; u32::from_be_bytes(length) as usize];
            stream.read_exact(&mut frame).map(|()| frame)
        });
        read.map_err(|e| {
            self.stream = None;
            let hung = matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
            if hung { Answer::Hung } else { Answer::Closed }
        })
    }

    /// Whether the connection lives though no answer is owed: it answers ApiVersions.
    pub fn probe(&mut self) -> Answer {
        let header = [0, 18, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        self.raw(&[&10i32.to_be_bytes()[..], &header].concat());
        match self.frame() {
            Ok(_) => Answer::Silent,
            Err(answer) => answer,
        }
    }
}
