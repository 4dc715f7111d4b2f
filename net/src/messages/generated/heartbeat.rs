//! Heartbeat (API key 12), versions 0 to 4. Generated from `net/schema/heartbeat.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's Heartbeat request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct HeartbeatRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub generation_id: i32,
        /// Every version.
        pub member_id: Str,
        /// Version 3 and later.
        pub group_instance_id: Option<Str>,
    }

    impl Default for HeartbeatRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                generation_id: 0,
                member_id: Str::new(),
                group_instance_id: None,
            }
        }
    }

    impl Message for HeartbeatRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_instance_id = None;
            self.group_id = r.string()?;
            self.generation_id = r.i32()?;
            self.member_id = r.string()?;
            if 3 <= v { self.group_instance_id = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, generation_id, member_id, group_instance_id } = self;
            w.string(group_id);
            w.i32(*generation_id);
            w.string(member_id);
            if 3 <= v { w.nullable_string(group_instance_id.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.generation_id = s.i32("generation_id");
            m.member_id = s.string("member_id");
            if 3 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            m
        }
    }
}
pub use request::HeartbeatRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's Heartbeat response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct HeartbeatResponse {
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for HeartbeatResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
            }
        }
    }

    impl Message for HeartbeatResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
            self.error_code = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code } = self;
            if 1 <= v { w.i32(*throttle_time_ms); }
            w.i16(*error_code);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.error_code = s.i16("error_code");
            m
        }
    }
}
pub use response::HeartbeatResponse;
