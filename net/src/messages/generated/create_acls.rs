//! CreateAcls (API key 30), versions 1 to 3. Generated from `net/schema/create_acls.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's CreateAcls request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreateAclsRequest {
        /// Every version.
        pub creations: Vec<AclCreation>,
    }

    impl Default for CreateAclsRequest {
        fn default() -> Self {
            Self {
                creations: Vec::new(),
            }
        }
    }

    impl Message for CreateAclsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.creations, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { creations } = self;
            w.array(creations, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.creations = (0..s.length("creations")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AclCreation`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AclCreation {
        /// Every version.
        pub resource_type: i8,
        /// Every version.
        pub resource_name: Str,
        /// Every version.
        pub resource_pattern_type: i8,
        /// Every version.
        pub principal: Str,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub operation: i8,
        /// Every version.
        pub permission_type: i8,
    }

    impl Default for AclCreation {
        fn default() -> Self {
            Self {
                resource_type: 0,
                resource_name: Str::new(),
                resource_pattern_type: 3,
                principal: Str::new(),
                host: Str::new(),
                operation: 0,
                permission_type: 0,
            }
        }
    }

    impl Message for AclCreation {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.resource_type = r.i8()?;
            self.resource_name = r.string()?;
            self.resource_pattern_type = r.i8()?;
            self.principal = r.string()?;
            self.host = r.string()?;
            self.operation = r.i8()?;
            self.permission_type = r.i8()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { resource_type, resource_name, resource_pattern_type, principal, host, operation, permission_type } = self;
            w.i8(*resource_type);
            w.string(resource_name);
            w.i8(*resource_pattern_type);
            w.string(principal);
            w.string(host);
            w.i8(*operation);
            w.i8(*permission_type);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.resource_type = s.i8("resource_type");
            m.resource_name = s.string("resource_name");
            m.resource_pattern_type = s.i8("resource_pattern_type");
            m.principal = s.string("principal");
            m.host = s.string("host");
            m.operation = s.i8("operation");
            m.permission_type = s.i8("permission_type");
            m
        }
    }
}
pub use request::CreateAclsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's CreateAcls response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreateAclsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub results: Vec<AclCreationResult>,
    }

    impl Default for CreateAclsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for CreateAclsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.results, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, results } = self;
            w.i32(*throttle_time_ms);
            w.array(results, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `AclCreationResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AclCreationResult {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for AclCreationResult {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for AclCreationResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { error_code, error_message } = self;
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
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::CreateAclsResponse;
