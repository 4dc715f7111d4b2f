//! DescribeConfigs (API key 32), versions 1 to 4. Generated from `net/schema/describe_configs.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeConfigs request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeConfigsRequest {
        /// Every version.
        pub resources: Vec<DescribeConfigsResource>,
        /// Every version.
        pub include_synonyms: bool,
        /// Version 3 and later.
        pub include_documentation: bool,
    }

    impl Default for DescribeConfigsRequest {
        fn default() -> Self {
            Self {
                resources: Vec::new(),
                include_synonyms: false,
                include_documentation: false,
            }
        }
    }

    impl Message for DescribeConfigsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.include_documentation = false;
            r.array_into(&mut self.resources, |r, x| x.read(r, v))?;
            self.include_synonyms = r.bool()?;
            if 3 <= v { self.include_documentation = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { resources, include_synonyms, include_documentation } = self;
            w.array(resources, |w, x| x.encode(w, v));
            w.bool(*include_synonyms);
            if 3 <= v { w.bool(*include_documentation); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.resources = (0..s.length("resources")).map(|_| Message::sample(s, v)).collect();
            m.include_synonyms = s.bool("include_synonyms");
            if 3 <= v { m.include_documentation = s.bool("include_documentation"); }
            m
        }
    }

    /// A part of the request: `DescribeConfigsResource`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeConfigsResource {
        /// Every version.
        pub resource_type: i8,
        /// Every version.
        pub resource_name: Str,
        /// Every version.
        pub configuration_keys: Option<Vec<Str>>,
    }

    impl Default for DescribeConfigsResource {
        fn default() -> Self {
            Self {
                resource_type: 0,
                resource_name: Str::new(),
                configuration_keys: Some(Vec::new()),
            }
        }
    }

    impl Message for DescribeConfigsResource {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.resource_type = r.i8()?;
            self.resource_name = r.string()?;
            self.configuration_keys = r.nullable_array(|r| Ok(r.string()?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { resource_type, resource_name, configuration_keys } = self;
            w.i8(*resource_type);
            w.string(resource_name);
            w.nullable_array(configuration_keys.as_deref(), |w, x| w.string(x));
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
            m.configuration_keys = if s.null("configuration_keys") { None } else { Some((0..s.length("configuration_keys")).map(|_| s.string("configuration_keys")).collect()) };
            m
        }
    }
}
pub use request::DescribeConfigsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeConfigs response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeConfigsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub results: Vec<DescribeConfigsResult>,
    }

    impl Default for DescribeConfigsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for DescribeConfigsResponse {
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

    /// A part of the response: `DescribeConfigsResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeConfigsResult {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub resource_type: i8,
        /// Every version.
        pub resource_name: Str,
        /// Every version.
        pub configs: Vec<DescribeConfigsResourceResult>,
    }

    impl Default for DescribeConfigsResult {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                resource_type: 0,
                resource_name: Str::new(),
                configs: Vec::new(),
            }
        }
    }

    impl Message for DescribeConfigsResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.resource_type = r.i8()?;
            self.resource_name = r.string()?;
            r.array_into(&mut self.configs, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, resource_type, resource_name, configs } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.i8(*resource_type);
            w.string(resource_name);
            w.array(configs, |w, x| x.encode(w, v));
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
            m.configs = (0..s.length("configs")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribeConfigsResourceResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeConfigsResourceResult {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub value: Option<Str>,
        /// Every version.
        pub read_only: bool,
        /// Every version.
        pub config_source: i8,
        /// Every version.
        pub is_sensitive: bool,
        /// Every version.
        pub synonyms: Vec<DescribeConfigsSynonym>,
        /// Version 3 and later.
        pub config_type: i8,
        /// Version 3 and later.
        pub documentation: Option<Str>,
    }

    impl Default for DescribeConfigsResourceResult {
        fn default() -> Self {
            Self {
                name: Str::new(),
                value: Some(Str::new()),
                read_only: false,
                config_source: -1,
                is_sensitive: false,
                synonyms: Vec::new(),
                config_type: 0,
                documentation: Some(Str::new()),
            }
        }
    }

    impl Message for DescribeConfigsResourceResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.config_type = 0;
            self.documentation = Some(Str::new());
            self.name = r.string()?;
            self.value = r.nullable_string()?;
            self.read_only = r.bool()?;
            self.config_source = r.i8()?;
            self.is_sensitive = r.bool()?;
            r.array_into(&mut self.synonyms, |r, x| x.read(r, v))?;
            if 3 <= v { self.config_type = r.i8()?; }
            if 3 <= v { self.documentation = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, value, read_only, config_source, is_sensitive, synonyms, config_type, documentation } = self;
            w.string(name);
            w.nullable_string(value.as_deref());
            w.bool(*read_only);
            w.i8(*config_source);
            w.bool(*is_sensitive);
            w.array(synonyms, |w, x| x.encode(w, v));
            if 3 <= v { w.i8(*config_type); }
            if 3 <= v { w.nullable_string(documentation.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.value = if s.null("value") { None } else { Some(s.string("value")) };
            m.read_only = s.bool("read_only");
            m.config_source = s.i8("config_source");
            m.is_sensitive = s.bool("is_sensitive");
            m.synonyms = (0..s.length("synonyms")).map(|_| Message::sample(s, v)).collect();
            if 3 <= v { m.config_type = s.i8("config_type"); }
            if 3 <= v { m.documentation = if s.null("documentation") { None } else { Some(s.string("documentation")) }; }
            m
        }
    }

    /// A part of the response: `DescribeConfigsSynonym`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeConfigsSynonym {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub value: Option<Str>,
        /// Every version.
        pub source: i8,
    }

    impl Default for DescribeConfigsSynonym {
        fn default() -> Self {
            Self {
                name: Str::new(),
                value: Some(Str::new()),
                source: 0,
            }
        }
    }

    impl Message for DescribeConfigsSynonym {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.value = r.nullable_string()?;
            self.source = r.i8()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, value, source } = self;
            w.string(name);
            w.nullable_string(value.as_deref());
            w.i8(*source);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.value = if s.null("value") { None } else { Some(s.string("value")) };
            m.source = s.i8("source");
            m
        }
    }
}
pub use response::DescribeConfigsResponse;
