//! PushTelemetry (API key 72), versions 0 to 0. Generated from `net/schema/push_telemetry.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's PushTelemetry request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PushTelemetryRequest {
        /// Every version.
        pub client_instance_id: Uuid,
        /// Every version.
        pub subscription_id: i32,
        /// Every version.
        pub terminating: bool,
        /// Every version.
        pub compression_type: i8,
        /// Every version.
        pub metrics: Bytes,
    }

    impl Default for PushTelemetryRequest {
        fn default() -> Self {
            Self {
                client_instance_id: Uuid::ZERO,
                subscription_id: 0,
                terminating: false,
                compression_type: 0,
                metrics: Bytes::new(),
            }
        }
    }

    impl Message for PushTelemetryRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.client_instance_id = r.uuid()?;
            self.subscription_id = r.i32()?;
            self.terminating = r.bool()?;
            self.compression_type = r.i8()?;
            self.metrics = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { client_instance_id, subscription_id, terminating, compression_type, metrics } = self;
            w.uuid(*client_instance_id);
            w.i32(*subscription_id);
            w.bool(*terminating);
            w.i8(*compression_type);
            w.bytes(metrics);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.client_instance_id = s.uuid("client_instance_id");
            m.subscription_id = s.i32("subscription_id");
            m.terminating = s.bool("terminating");
            m.compression_type = s.i8("compression_type");
            m.metrics = s.bytes("metrics");
            m
        }
    }
}
pub use request::PushTelemetryRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's PushTelemetry response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PushTelemetryResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for PushTelemetryResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
            }
        }
    }

    impl Message for PushTelemetryResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
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
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
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
            m
        }
    }
}
pub use response::PushTelemetryResponse;
