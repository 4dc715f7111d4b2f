//! AddRaftVoter (API key 80), versions 0 to 1. Generated from `net/schema/add_raft_voter.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AddRaftVoter request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddRaftVoterRequest {
        /// Every version.
        pub cluster_id: Option<Str>,
        /// Every version.
        pub timeout_ms: i32,
        /// Every version.
        pub voter_id: i32,
        /// Every version.
        pub voter_directory_id: Uuid,
        /// Every version.
        pub listeners: Vec<Listener>,
        /// Version 1 and later.
        pub ack_when_committed: bool,
    }

    impl Default for AddRaftVoterRequest {
        fn default() -> Self {
            Self {
                cluster_id: Some(Str::new()),
                timeout_ms: 0,
                voter_id: 0,
                voter_directory_id: Uuid::ZERO,
                listeners: Vec::new(),
                ack_when_committed: true,
            }
        }
    }

    impl Message for AddRaftVoterRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.ack_when_committed = true;
            self.cluster_id = r.nullable_string()?;
            self.timeout_ms = r.i32()?;
            self.voter_id = r.i32()?;
            self.voter_directory_id = r.uuid()?;
            r.array_into(&mut self.listeners, |r, x| x.read(r, v))?;
            if 1 <= v { self.ack_when_committed = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { cluster_id, timeout_ms, voter_id, voter_directory_id, listeners, ack_when_committed } = self;
            w.nullable_string(cluster_id.as_deref());
            w.i32(*timeout_ms);
            w.i32(*voter_id);
            w.uuid(*voter_directory_id);
            w.array(listeners, |w, x| x.encode(w, v));
            if 1 <= v { w.bool(*ack_when_committed); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) };
            m.timeout_ms = s.i32("timeout_ms");
            m.voter_id = s.i32("voter_id");
            m.voter_directory_id = s.uuid("voter_directory_id");
            m.listeners = (0..s.length("listeners")).map(|_| Message::sample(s, v)).collect();
            if 1 <= v { m.ack_when_committed = s.bool("ack_when_committed"); }
            m
        }
    }

    /// A part of the request: `Listener`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Listener {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: u16,
    }

    impl Default for Listener {
        fn default() -> Self {
            Self {
                name: Str::new(),
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for Listener {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.host = r.string()?;
            self.port = r.u16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, host, port } = self;
            w.string(name);
            w.string(host);
            w.u16(*port);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.host = s.string("host");
            m.port = s.u16("port");
            m
        }
    }
}
pub use request::AddRaftVoterRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AddRaftVoter response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddRaftVoterResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for AddRaftVoterResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for AddRaftVoterResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::AddRaftVoterResponse;
