//! UnregisterBroker (API key 64), versions 0 to 0. Generated from `net/schema/unregister_broker.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's UnregisterBroker request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UnregisterBrokerRequest {
        /// Every version.
        pub broker_id: i32,
    }

    impl Default for UnregisterBrokerRequest {
        fn default() -> Self {
            Self {
                broker_id: 0,
            }
        }
    }

    impl Message for UnregisterBrokerRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.broker_id = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { broker_id } = self;
            w.i32(*broker_id);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_id = s.i32("broker_id");
            m
        }
    }
}
pub use request::UnregisterBrokerRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's UnregisterBroker response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UnregisterBrokerResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for UnregisterBrokerResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for UnregisterBrokerResponse {
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
pub use response::UnregisterBrokerResponse;
