//! RemoveRaftVoter (API key 81), versions 0 to 0. Generated from `net/schema/remove_raft_voter.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's RemoveRaftVoter request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct RemoveRaftVoterRequest {
        /// Every version.
        pub cluster_id: Option<Str>,
        /// Every version.
        pub voter_id: i32,
        /// Every version.
        pub voter_directory_id: Uuid,
    }

    impl Default for RemoveRaftVoterRequest {
        fn default() -> Self {
            Self {
                cluster_id: Some(Str::new()),
                voter_id: 0,
                voter_directory_id: Uuid::ZERO,
            }
        }
    }

    impl Message for RemoveRaftVoterRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.cluster_id = r.nullable_string()?;
            self.voter_id = r.i32()?;
            self.voter_directory_id = r.uuid()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { cluster_id, voter_id, voter_directory_id } = self;
            w.nullable_string(cluster_id.as_deref());
            w.i32(*voter_id);
            w.uuid(*voter_directory_id);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) };
            m.voter_id = s.i32("voter_id");
            m.voter_directory_id = s.uuid("voter_directory_id");
            m
        }
    }
}
pub use request::RemoveRaftVoterRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's RemoveRaftVoter response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct RemoveRaftVoterResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for RemoveRaftVoterResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for RemoveRaftVoterResponse {
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
pub use response::RemoveRaftVoterResponse;
