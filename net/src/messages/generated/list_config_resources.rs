//! ListConfigResources (API key 74), versions 0 to 1. Generated from `net/schema/list_config_resources.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ListConfigResources request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListConfigResourcesRequest {
        /// Version 1 and later.
        pub resource_types: Vec<i8>,
    }

    impl Default for ListConfigResourcesRequest {
        fn default() -> Self {
            Self {
                resource_types: Vec::new(),
            }
        }
    }

    impl Message for ListConfigResourcesRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.resource_types.clear();
            if 1 <= v { r.array_into(&mut self.resource_types, |r, x| { *x = r.i8()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { resource_types } = self;
            if 1 <= v { w.array(resource_types, |w, x| w.i8(*x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.resource_types = (0..s.length("resource_types")).map(|_| s.i8("resource_types")).collect(); }
            m
        }
    }
}
pub use request::ListConfigResourcesRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ListConfigResources response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListConfigResourcesResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub config_resources: Vec<ConfigResource>,
    }

    impl Default for ListConfigResourcesResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                config_resources: Vec::new(),
            }
        }
    }

    impl Message for ListConfigResourcesResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            r.array_into(&mut self.config_resources, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, config_resources } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.array(config_resources, |w, x| x.encode(w, v));
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
            m.config_resources = (0..s.length("config_resources")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ConfigResource`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ConfigResource {
        /// Every version.
        pub resource_name: Str,
        /// Version 1 and later.
        pub resource_type: i8,
    }

    impl Default for ConfigResource {
        fn default() -> Self {
            Self {
                resource_name: Str::new(),
                resource_type: 16,
            }
        }
    }

    impl Message for ConfigResource {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.resource_type = 16;
            self.resource_name = r.string()?;
            if 1 <= v { self.resource_type = r.i8()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { resource_name, resource_type } = self;
            w.string(resource_name);
            if 1 <= v { w.i8(*resource_type); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.resource_name = s.string("resource_name");
            if 1 <= v { m.resource_type = s.i8("resource_type"); }
            m
        }
    }
}
pub use response::ListConfigResourcesResponse;
