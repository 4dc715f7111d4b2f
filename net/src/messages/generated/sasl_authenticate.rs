//! SaslAuthenticate (API key 36), versions 0 to 2. Generated from `net/schema/sasl_authenticate.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's SaslAuthenticate request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SaslAuthenticateRequest {
        /// Every version.
        pub auth_bytes: Bytes,
    }

    impl Default for SaslAuthenticateRequest {
        fn default() -> Self {
            Self {
                auth_bytes: Bytes::new(),
            }
        }
    }

    impl Message for SaslAuthenticateRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.auth_bytes = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { auth_bytes } = self;
            w.bytes(auth_bytes);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.auth_bytes = s.bytes("auth_bytes");
            m
        }
    }
}
pub use request::SaslAuthenticateRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's SaslAuthenticate response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SaslAuthenticateResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub auth_bytes: Bytes,
        /// Version 1 and later.
        pub session_lifetime_ms: i64,
    }

    impl Default for SaslAuthenticateResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                auth_bytes: Bytes::new(),
                session_lifetime_ms: 0,
            }
        }
    }

    impl Message for SaslAuthenticateResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.session_lifetime_ms = 0;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.auth_bytes = r.bytes()?;
            if 1 <= v { self.session_lifetime_ms = r.i64()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, auth_bytes, session_lifetime_ms } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.bytes(auth_bytes);
            if 1 <= v { w.i64(*session_lifetime_ms); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.auth_bytes = s.bytes("auth_bytes");
            if 1 <= v { m.session_lifetime_ms = s.i64("session_lifetime_ms"); }
            m
        }
    }
}
pub use response::SaslAuthenticateResponse;
