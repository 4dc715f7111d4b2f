//! SaslHandshake (API key 17), versions 0 to 1. Generated from `net/schema/sasl_handshake.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's SaslHandshake request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SaslHandshakeRequest {
        /// Every version.
        pub mechanism: Str,
    }

    impl Default for SaslHandshakeRequest {
        fn default() -> Self {
            Self {
                mechanism: Str::new(),
            }
        }
    }

    impl Message for SaslHandshakeRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.mechanism = r.string()?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { mechanism } = self;
            w.string(mechanism);
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.mechanism = s.string("mechanism");
            m
        }
    }
}
pub use request::SaslHandshakeRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's SaslHandshake response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SaslHandshakeResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub mechanisms: Vec<Str>,
    }

    impl Default for SaslHandshakeResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                mechanisms: Vec::new(),
            }
        }
    }

    impl Message for SaslHandshakeResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            r.array_into(&mut self.mechanisms, |r, x| { *x = r.string()?; Ok(()) })?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, mechanisms } = self;
            w.i16(*error_code);
            w.array(mechanisms, |w, x| w.string(x));
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.mechanisms = (0..s.length("mechanisms")).map(|_| s.string("mechanisms")).collect();
            m
        }
    }
}
pub use response::SaslHandshakeResponse;
