//! Envelope (API key 58), versions 0 to 0. Generated from `net/schema/envelope.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's Envelope request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EnvelopeRequest {
        /// Every version.
        pub request_data: Bytes,
        /// Every version.
        pub request_principal: Option<Bytes>,
        /// Every version.
        pub client_host_address: Bytes,
    }

    impl Default for EnvelopeRequest {
        fn default() -> Self {
            Self {
                request_data: Bytes::new(),
                request_principal: Some(Bytes::new()),
                client_host_address: Bytes::new(),
            }
        }
    }

    impl Message for EnvelopeRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.request_data = r.bytes()?;
            self.request_principal = r.nullable_bytes()?;
            self.client_host_address = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { request_data, request_principal, client_host_address } = self;
            w.bytes(request_data);
            w.nullable_bytes(request_principal.as_deref());
            w.bytes(client_host_address);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.request_data = s.bytes("request_data");
            m.request_principal = if s.null("request_principal") { None } else { Some(s.bytes("request_principal")) };
            m.client_host_address = s.bytes("client_host_address");
            m
        }
    }
}
pub use request::EnvelopeRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's Envelope response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EnvelopeResponse {
        /// Every version.
        pub response_data: Option<Bytes>,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for EnvelopeResponse {
        fn default() -> Self {
            Self {
                response_data: None,
                error_code: 0,
            }
        }
    }

    impl Message for EnvelopeResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.response_data = r.nullable_bytes()?;
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
            let Self { response_data, error_code } = self;
            w.nullable_bytes(response_data.as_deref());
            w.i16(*error_code);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.response_data = if s.null("response_data") { None } else { Some(s.bytes("response_data")) };
            m.error_code = s.i16("error_code");
            m
        }
    }
}
pub use response::EnvelopeResponse;
