//! GetTelemetrySubscriptions (API key 71), versions 0 to 0. Generated from `net/schema/get_telemetry_subscriptions.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's GetTelemetrySubscriptions request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetTelemetrySubscriptionsRequest {
        /// Every version.
        pub client_instance_id: Uuid,
    }

    impl Default for GetTelemetrySubscriptionsRequest {
        fn default() -> Self {
            Self {
                client_instance_id: Uuid::ZERO,
            }
        }
    }

    impl Message for GetTelemetrySubscriptionsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.client_instance_id = r.uuid()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { client_instance_id } = self;
            w.uuid(*client_instance_id);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.client_instance_id = s.uuid("client_instance_id");
            m
        }
    }
}
pub use request::GetTelemetrySubscriptionsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's GetTelemetrySubscriptions response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetTelemetrySubscriptionsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub client_instance_id: Uuid,
        /// Every version.
        pub subscription_id: i32,
        /// Every version.
        pub accepted_compression_types: Vec<i8>,
        /// Every version.
        pub push_interval_ms: i32,
        /// Every version.
        pub telemetry_max_bytes: i32,
        /// Every version.
        pub delta_temporality: bool,
        /// Every version.
        pub requested_metrics: Vec<Str>,
    }

    impl Default for GetTelemetrySubscriptionsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                client_instance_id: Uuid::ZERO,
                subscription_id: 0,
                accepted_compression_types: Vec::new(),
                push_interval_ms: 0,
                telemetry_max_bytes: 0,
                delta_temporality: false,
                requested_metrics: Vec::new(),
            }
        }
    }

    impl Message for GetTelemetrySubscriptionsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.client_instance_id = r.uuid()?;
            self.subscription_id = r.i32()?;
            r.array_into(&mut self.accepted_compression_types, |r, x| { *x = r.i8()?; Ok(()) })?;
            self.push_interval_ms = r.i32()?;
            self.telemetry_max_bytes = r.i32()?;
            self.delta_temporality = r.bool()?;
            r.array_into(&mut self.requested_metrics, |r, x| { *x = r.string()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, client_instance_id, subscription_id, accepted_compression_types, push_interval_ms, telemetry_max_bytes, delta_temporality, requested_metrics } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.uuid(*client_instance_id);
            w.i32(*subscription_id);
            w.array(accepted_compression_types, |w, x| w.i8(*x));
            w.i32(*push_interval_ms);
            w.i32(*telemetry_max_bytes);
            w.bool(*delta_temporality);
            w.array(requested_metrics, |w, x| w.string(x));
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
            m.client_instance_id = s.uuid("client_instance_id");
            m.subscription_id = s.i32("subscription_id");
            m.accepted_compression_types = (0..s.length("accepted_compression_types")).map(|_| s.i8("accepted_compression_types")).collect();
            m.push_interval_ms = s.i32("push_interval_ms");
            m.telemetry_max_bytes = s.i32("telemetry_max_bytes");
            m.delta_temporality = s.bool("delta_temporality");
            m.requested_metrics = (0..s.length("requested_metrics")).map(|_| s.string("requested_metrics")).collect();
            m
        }
    }
}
pub use response::GetTelemetrySubscriptionsResponse;
