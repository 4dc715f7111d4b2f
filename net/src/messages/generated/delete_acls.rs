//! DeleteAcls (API key 31), versions 1 to 3. Generated from `net/schema/delete_acls.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DeleteAcls request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteAclsRequest {
        /// Every version.
        pub filters: Vec<DeleteAclsFilter>,
    }

    impl Default for DeleteAclsRequest {
        fn default() -> Self {
            Self {
                filters: Vec::new(),
            }
        }
    }

    impl Message for DeleteAclsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.filters, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { filters } = self;
            w.array(filters, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.filters = (0..s.length("filters")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `DeleteAclsFilter`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteAclsFilter {
        /// Every version.
        pub resource_type_filter: i8,
        /// Every version.
        pub resource_name_filter: Option<Str>,
        /// Every version.
        pub pattern_type_filter: i8,
        /// Every version.
        pub principal_filter: Option<Str>,
        /// Every version.
        pub host_filter: Option<Str>,
        /// Every version.
        pub operation: i8,
        /// Every version.
        pub permission_type: i8,
    }

    impl Default for DeleteAclsFilter {
        fn default() -> Self {
            Self {
                resource_type_filter: 0,
                resource_name_filter: Some(Str::new()),
                pattern_type_filter: 3,
                principal_filter: Some(Str::new()),
                host_filter: Some(Str::new()),
                operation: 0,
                permission_type: 0,
            }
        }
    }

    impl Message for DeleteAclsFilter {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.resource_type_filter = r.i8()?;
            self.resource_name_filter = r.nullable_string()?;
            self.pattern_type_filter = r.i8()?;
            self.principal_filter = r.nullable_string()?;
            self.host_filter = r.nullable_string()?;
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
            let Self { resource_type_filter, resource_name_filter, pattern_type_filter, principal_filter, host_filter, operation, permission_type } = self;
            w.i8(*resource_type_filter);
            w.nullable_string(resource_name_filter.as_deref());
            w.i8(*pattern_type_filter);
            w.nullable_string(principal_filter.as_deref());
            w.nullable_string(host_filter.as_deref());
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
            m.resource_type_filter = s.i8("resource_type_filter");
            m.resource_name_filter = if s.null("resource_name_filter") { None } else { Some(s.string("resource_name_filter")) };
            m.pattern_type_filter = s.i8("pattern_type_filter");
            m.principal_filter = if s.null("principal_filter") { None } else { Some(s.string("principal_filter")) };
            m.host_filter = if s.null("host_filter") { None } else { Some(s.string("host_filter")) };
            m.operation = s.i8("operation");
            m.permission_type = s.i8("permission_type");
            m
        }
    }
}
pub use request::DeleteAclsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DeleteAcls response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteAclsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub filter_results: Vec<DeleteAclsFilterResult>,
    }

    impl Default for DeleteAclsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                filter_results: Vec::new(),
            }
        }
    }

    impl Message for DeleteAclsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.filter_results, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, filter_results } = self;
            w.i32(*throttle_time_ms);
            w.array(filter_results, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.filter_results = (0..s.length("filter_results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DeleteAclsFilterResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteAclsFilterResult {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub matching_acls: Vec<DeleteAclsMatchingAcl>,
    }

    impl Default for DeleteAclsFilterResult {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                matching_acls: Vec::new(),
            }
        }
    }

    impl Message for DeleteAclsFilterResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.array_into(&mut self.matching_acls, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, matching_acls } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.array(matching_acls, |w, x| x.encode(w, v));
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
            m.matching_acls = (0..s.length("matching_acls")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DeleteAclsMatchingAcl`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteAclsMatchingAcl {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub resource_type: i8,
        /// Every version.
        pub resource_name: Str,
        /// Every version.
        pub pattern_type: i8,
        /// Every version.
        pub principal: Str,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub operation: i8,
        /// Every version.
        pub permission_type: i8,
    }

    impl Default for DeleteAclsMatchingAcl {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                resource_type: 0,
                resource_name: Str::new(),
                pattern_type: 3,
                principal: Str::new(),
                host: Str::new(),
                operation: 0,
                permission_type: 0,
            }
        }
    }

    impl Message for DeleteAclsMatchingAcl {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.resource_type = r.i8()?;
            self.resource_name = r.string()?;
            self.pattern_type = r.i8()?;
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
            let Self { error_code, error_message, resource_type, resource_name, pattern_type, principal, host, operation, permission_type } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.i8(*resource_type);
            w.string(resource_name);
            w.i8(*pattern_type);
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
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.resource_type = s.i8("resource_type");
            m.resource_name = s.string("resource_name");
            m.pattern_type = s.i8("pattern_type");
            m.principal = s.string("principal");
            m.host = s.string("host");
            m.operation = s.i8("operation");
            m.permission_type = s.i8("permission_type");
            m
        }
    }
}
pub use response::DeleteAclsResponse;
