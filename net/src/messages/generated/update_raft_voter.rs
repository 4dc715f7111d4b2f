//! UpdateRaftVoter (API key 82), versions 0 to 0. Generated from `net/schema/update_raft_voter.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's UpdateRaftVoter request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UpdateRaftVoterRequest {
        /// Every version.
        pub cluster_id: Option<Str>,
        /// Every version.
        pub current_leader_epoch: i32,
        /// Every version.
        pub voter_id: i32,
        /// Every version.
        pub voter_directory_id: Uuid,
        /// Every version.
        pub listeners: Vec<Listener>,
        /// Every version.
        pub k_raft_version_feature: KRaftVersionFeature,
    }

    impl Default for UpdateRaftVoterRequest {
        fn default() -> Self {
            Self {
                cluster_id: Some(Str::new()),
                current_leader_epoch: 0,
                voter_id: 0,
                voter_directory_id: Uuid::ZERO,
                listeners: Vec::new(),
                k_raft_version_feature: KRaftVersionFeature::default(),
            }
        }
    }

    impl Message for UpdateRaftVoterRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.cluster_id = r.nullable_string()?;
            self.current_leader_epoch = r.i32()?;
            self.voter_id = r.i32()?;
            self.voter_directory_id = r.uuid()?;
            r.array_into(&mut self.listeners, |r, x| x.read(r, v))?;
            self.k_raft_version_feature.read(r, v)?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { cluster_id, current_leader_epoch, voter_id, voter_directory_id, listeners, k_raft_version_feature } = self;
            w.nullable_string(cluster_id.as_deref());
            w.i32(*current_leader_epoch);
            w.i32(*voter_id);
            w.uuid(*voter_directory_id);
            w.array(listeners, |w, x| x.encode(w, v));
            k_raft_version_feature.encode(w, v);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) };
            m.current_leader_epoch = s.i32("current_leader_epoch");
            m.voter_id = s.i32("voter_id");
            m.voter_directory_id = s.uuid("voter_directory_id");
            m.listeners = (0..s.length("listeners")).map(|_| Message::sample(s, v)).collect();
            m.k_raft_version_feature = Message::sample(s, v);
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

    /// A part of the request: `KRaftVersionFeature`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct KRaftVersionFeature {
        /// Every version.
        pub min_supported_version: i16,
        /// Every version.
        pub max_supported_version: i16,
    }

    impl Default for KRaftVersionFeature {
        fn default() -> Self {
            Self {
                min_supported_version: 0,
                max_supported_version: 0,
            }
        }
    }

    impl Message for KRaftVersionFeature {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.min_supported_version = r.i16()?;
            self.max_supported_version = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { min_supported_version, max_supported_version } = self;
            w.i16(*min_supported_version);
            w.i16(*max_supported_version);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.min_supported_version = s.i16("min_supported_version");
            m.max_supported_version = s.i16("max_supported_version");
            m
        }
    }
}
pub use request::UpdateRaftVoterRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's UpdateRaftVoter response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UpdateRaftVoterResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version, tag 0.
        pub current_leader: CurrentLeader,
    }

    impl Default for UpdateRaftVoterResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                current_leader: CurrentLeader::default(),
            }
        }
    }

    impl Message for UpdateRaftVoterResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.current_leader = CurrentLeader::default();
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 => self.current_leader.read(r, v)?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, current_leader } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            let _ = current_leader;
            w.tagged(|tags| {
                let _ = &tags;
                if *current_leader != CurrentLeader::default() { tags.put(0, |w| current_leader.encode(w, v)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.error_code = s.i16("error_code");
            m.current_leader = Message::sample(s, v);
            m
        }
    }

    /// A part of the response: `CurrentLeader`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CurrentLeader {
        /// Every version.
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: i32,
    }

    impl Default for CurrentLeader {
        fn default() -> Self {
            Self {
                leader_id: -1,
                leader_epoch: -1,
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for CurrentLeader {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.leader_id = r.i32()?;
            self.leader_epoch = r.i32()?;
            self.host = r.string()?;
            self.port = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { leader_id, leader_epoch, host, port } = self;
            w.i32(*leader_id);
            w.i32(*leader_epoch);
            w.string(host);
            w.i32(*port);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.leader_id = s.i32("leader_id");
            m.leader_epoch = s.i32("leader_epoch");
            m.host = s.string("host");
            m.port = s.i32("port");
            m
        }
    }
}
pub use response::UpdateRaftVoterResponse;
