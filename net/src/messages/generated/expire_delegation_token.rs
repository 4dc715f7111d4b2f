//! ExpireDelegationToken (API key 40), versions 1 to 2. Generated from `net/schema/expire_delegation_token.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ExpireDelegationToken request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ExpireDelegationTokenRequest {
        /// Every version.
        pub hmac: Bytes,
        /// Every version.
        pub expiry_time_period_ms: i64,
    }

    impl Default for ExpireDelegationTokenRequest {
        fn default() -> Self {
            Self {
                hmac: Bytes::new(),
                expiry_time_period_ms: 0,
            }
        }
    }

    impl Message for ExpireDelegationTokenRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.hmac = r.bytes()?;
            self.expiry_time_period_ms = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { hmac, expiry_time_period_ms } = self;
            w.bytes(hmac);
            w.i64(*expiry_time_period_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.hmac = s.bytes("hmac");
            m.expiry_time_period_ms = s.i64("expiry_time_period_ms");
            m
        }
    }
}
pub use request::ExpireDelegationTokenRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ExpireDelegationToken response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ExpireDelegationTokenResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub expiry_timestamp_ms: i64,
        /// Every version.
        pub throttle_time_ms: i32,
    }

    impl Default for ExpireDelegationTokenResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                expiry_timestamp_ms: 0,
                throttle_time_ms: 0,
            }
        }
    }

    impl Message for ExpireDelegationTokenResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.expiry_timestamp_ms = r.i64()?;
            self.throttle_time_ms = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, expiry_timestamp_ms, throttle_time_ms } = self;
            w.i16(*error_code);
            w.i64(*expiry_timestamp_ms);
            w.i32(*throttle_time_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.expiry_timestamp_ms = s.i64("expiry_timestamp_ms");
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m
        }
    }
}
pub use response::ExpireDelegationTokenResponse;
