//! IncrementalAlterConfigs (API key 44), versions 0 to 1. Generated from `net/schema/incremental_alter_configs.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's IncrementalAlterConfigs request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct IncrementalAlterConfigsRequest {
        /// Every version.
        pub resources: Vec<AlterConfigsResource>,
        /// Every version.
        pub validate_only: bool,
    }

    impl Default for IncrementalAlterConfigsRequest {
        fn default() -> Self {
            Self {
                resources: Vec::new(),
                validate_only: false,
            }
        }
    }

    impl Message for IncrementalAlterConfigsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.resources, |r, x| x.read(r, v))?;
            self.validate_only = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { resources, validate_only } = self;
            w.array(resources, |w, x| x.encode(w, v));
            w.bool(*validate_only);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.resources = (0..s.length("resources")).map(|_| Message::sample(s, v)).collect();
            m.validate_only = s.bool("validate_only");
            m
        }
    }

    /// A part of the request: `AlterConfigsResource`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterConfigsResource {
        /// Every version.
        pub resource_type: i8,
        /// Every version.
        pub resource_name: Str,
        /// Every version.
        pub configs: Vec<AlterableConfig>,
    }

    impl Default for AlterConfigsResource {
        fn default() -> Self {
            Self {
                resource_type: 0,
                resource_name: Str::new(),
                configs: Vec::new(),
            }
        }
    }

    impl Message for AlterConfigsResource {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { resource_type, resource_name, configs } = self;
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
            m.resource_type = s.i8("resource_type");
            m.resource_name = s.string("resource_name");
            m.configs = (0..s.length("configs")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AlterableConfig`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterableConfig {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub config_operation: i8,
        /// Every version.
        pub value: Option<Str>,
    }

    impl Default for AlterableConfig {
        fn default() -> Self {
            Self {
                name: Str::new(),
                config_operation: 0,
                value: Some(Str::new()),
            }
        }
    }

    impl Message for AlterableConfig {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.config_operation = r.i8()?;
            self.value = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, config_operation, value } = self;
            w.string(name);
            w.i8(*config_operation);
            w.nullable_string(value.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.config_operation = s.i8("config_operation");
            m.value = if s.null("value") { None } else { Some(s.string("value")) };
            m
        }
    }
}
pub use request::IncrementalAlterConfigsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's IncrementalAlterConfigs response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct IncrementalAlterConfigsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub responses: Vec<AlterConfigsResourceResponse>,
    }

    impl Default for IncrementalAlterConfigsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                responses: Vec::new(),
            }
        }
    }

    impl Message for IncrementalAlterConfigsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.responses, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, responses } = self;
            w.i32(*throttle_time_ms);
            w.array(responses, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `AlterConfigsResourceResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterConfigsResourceResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub resource_type: i8,
        /// Every version.
        pub resource_name: Str,
    }

    impl Default for AlterConfigsResourceResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                resource_type: 0,
                resource_name: Str::new(),
            }
        }
    }

    impl Message for AlterConfigsResourceResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.resource_type = r.i8()?;
            self.resource_name = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, resource_type, resource_name } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.i8(*resource_type);
            w.string(resource_name);
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
            m
        }
    }
}
pub use response::IncrementalAlterConfigsResponse;
