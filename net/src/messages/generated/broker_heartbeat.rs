//! BrokerHeartbeat (API key 63), versions 0 to 2. Generated from `net/schema/broker_heartbeat.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's BrokerHeartbeat request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BrokerHeartbeatRequest {
        /// Every version.
        pub broker_id: i32,
        /// Every version.
        pub broker_epoch: i64,
        /// Every version.
        pub current_metadata_offset: i64,
        /// Every version.
        pub want_fence: bool,
        /// Every version.
        pub want_shut_down: bool,
        /// Version 1 and later, tag 0.
        pub offline_log_dirs: Vec<Uuid>,
        /// Version 2 and later, tag 1.
        pub cordoned_log_dirs: Option<Vec<Uuid>>,
    }

    impl Default for BrokerHeartbeatRequest {
        fn default() -> Self {
            Self {
                broker_id: 0,
                broker_epoch: -1,
                current_metadata_offset: 0,
                want_fence: false,
                want_shut_down: false,
                offline_log_dirs: Vec::new(),
                cordoned_log_dirs: None,
            }
        }
    }

    impl Message for BrokerHeartbeatRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.offline_log_dirs.clear();
            self.cordoned_log_dirs = None;
            self.broker_id = r.i32()?;
            self.broker_epoch = r.i64()?;
            self.current_metadata_offset = r.i64()?;
            self.want_fence = r.bool()?;
            self.want_shut_down = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 1 <= v => r.array_into(&mut self.offline_log_dirs, |r, x| { *x = r.uuid()?; Ok(()) })?,
                    1 if 2 <= v => self.cordoned_log_dirs = r.nullable_array(|r| Ok(r.uuid()?))?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { broker_id, broker_epoch, current_metadata_offset, want_fence, want_shut_down, offline_log_dirs, cordoned_log_dirs } = self;
            w.i32(*broker_id);
            w.i64(*broker_epoch);
            w.i64(*current_metadata_offset);
            w.bool(*want_fence);
            w.bool(*want_shut_down);
            let _ = offline_log_dirs;
            let _ = cordoned_log_dirs;
            w.tagged(|tags| {
                let _ = &tags;
                if 1 <= v && *offline_log_dirs != Vec::new() { tags.put(0, |w| w.array(offline_log_dirs, |w, x| w.uuid(*x))); }
                if 2 <= v && *cordoned_log_dirs != None { tags.put(1, |w| w.nullable_array(cordoned_log_dirs.as_deref(), |w, x| w.uuid(*x))); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_id = s.i32("broker_id");
            m.broker_epoch = s.i64("broker_epoch");
            m.current_metadata_offset = s.i64("current_metadata_offset");
            m.want_fence = s.bool("want_fence");
            m.want_shut_down = s.bool("want_shut_down");
            if 1 <= v { m.offline_log_dirs = (0..s.length("offline_log_dirs")).map(|_| s.uuid("offline_log_dirs")).collect(); }
            if 2 <= v { m.cordoned_log_dirs = if s.null("cordoned_log_dirs") { None } else { Some((0..s.length("cordoned_log_dirs")).map(|_| s.uuid("cordoned_log_dirs")).collect()) }; }
            m
        }
    }
}
pub use request::BrokerHeartbeatRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's BrokerHeartbeat response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BrokerHeartbeatResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub is_caught_up: bool,
        /// Every version.
        pub is_fenced: bool,
        /// Every version.
        pub should_shut_down: bool,
    }

    impl Default for BrokerHeartbeatResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                is_caught_up: false,
                is_fenced: true,
                should_shut_down: false,
            }
        }
    }

    impl Message for BrokerHeartbeatResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.is_caught_up = r.bool()?;
            self.is_fenced = r.bool()?;
            self.should_shut_down = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, is_caught_up, is_fenced, should_shut_down } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.bool(*is_caught_up);
            w.bool(*is_fenced);
            w.bool(*should_shut_down);
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
            m.is_caught_up = s.bool("is_caught_up");
            m.is_fenced = s.bool("is_fenced");
            m.should_shut_down = s.bool("should_shut_down");
            m
        }
    }
}
pub use response::BrokerHeartbeatResponse;
