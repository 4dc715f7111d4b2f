//! ApiVersions (API key 18), versions 0 to 4. Generated from `net/schema/api_versions.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ApiVersions request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ApiVersionsRequest {
        /// Version 3 and later.
        pub client_software_name: Str,
        /// Version 3 and later.
        pub client_software_version: Str,
    }

    impl Default for ApiVersionsRequest {
        fn default() -> Self {
            Self {
                client_software_name: Str::new(),
                client_software_version: Str::new(),
            }
        }
    }

    impl Message for ApiVersionsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.client_software_name = Str::new();
            self.client_software_version = Str::new();
            if 3 <= v { self.client_software_name = r.string()?; }
            if 3 <= v { self.client_software_version = r.string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { client_software_name, client_software_version } = self;
            if 3 <= v { w.string(client_software_name); }
            if 3 <= v { w.string(client_software_version); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.client_software_name = s.string("client_software_name"); }
            if 3 <= v { m.client_software_version = s.string("client_software_version"); }
            m
        }
    }
}
pub use request::ApiVersionsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ApiVersions response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ApiVersionsResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub api_keys: Vec<ApiVersion>,
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Version 3 and later, tag 0.
        pub supported_features: Vec<SupportedFeatureKey>,
        /// Version 3 and later, tag 1.
        pub finalized_features_epoch: i64,
        /// Version 3 and later, tag 2.
        pub finalized_features: Vec<FinalizedFeatureKey>,
        /// Version 3 and later, tag 3.
        pub zk_migration_ready: bool,
    }

    impl Default for ApiVersionsResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                api_keys: Vec::new(),
                throttle_time_ms: 0,
                supported_features: Vec::new(),
                finalized_features_epoch: -1,
                finalized_features: Vec::new(),
                zk_migration_ready: false,
            }
        }
    }

    impl Message for ApiVersionsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.supported_features.clear();
            self.finalized_features_epoch = -1;
            self.finalized_features.clear();
            self.zk_migration_ready = false;
            self.error_code = r.i16()?;
            r.array_into(&mut self.api_keys, |r, x| x.read(r, v))?;
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 3 <= v => r.array_into(&mut self.supported_features, |r, x| x.read(r, v))?,
                    1 if 3 <= v => self.finalized_features_epoch = r.i64()?,
                    2 if 3 <= v => r.array_into(&mut self.finalized_features, |r, x| x.read(r, v))?,
                    3 if 3 <= v => self.zk_migration_ready = r.bool()?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, api_keys, throttle_time_ms, supported_features, finalized_features_epoch, finalized_features, zk_migration_ready } = self;
            w.i16(*error_code);
            w.array(api_keys, |w, x| x.encode(w, v));
            if 1 <= v { w.i32(*throttle_time_ms); }
            let _ = supported_features;
            let _ = finalized_features_epoch;
            let _ = finalized_features;
            let _ = zk_migration_ready;
            w.tagged(|tags| {
                let _ = &tags;
                if 3 <= v && *supported_features != Vec::new() { tags.put(0, |w| w.array(supported_features, |w, x| x.encode(w, v))); }
                if 3 <= v && *finalized_features_epoch != -1 { tags.put(1, |w| w.i64(*finalized_features_epoch)); }
                if 3 <= v && *finalized_features != Vec::new() { tags.put(2, |w| w.array(finalized_features, |w, x| x.encode(w, v))); }
                if 3 <= v && *zk_migration_ready != false { tags.put(3, |w| w.bool(*zk_migration_ready)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.api_keys = (0..s.length("api_keys")).map(|_| Message::sample(s, v)).collect();
            if 1 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            if 3 <= v { m.supported_features = (0..s.length("supported_features")).map(|_| Message::sample(s, v)).collect(); }
            if 3 <= v { m.finalized_features_epoch = s.i64("finalized_features_epoch"); }
            if 3 <= v { m.finalized_features = (0..s.length("finalized_features")).map(|_| Message::sample(s, v)).collect(); }
            if 3 <= v { m.zk_migration_ready = s.bool("zk_migration_ready"); }
            m
        }
    }

    /// A part of the response: `ApiVersion`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ApiVersion {
        /// Every version.
        pub api_key: i16,
        /// Every version.
        pub min_version: i16,
        /// Every version.
        pub max_version: i16,
    }

    impl Default for ApiVersion {
        fn default() -> Self {
            Self {
                api_key: 0,
                min_version: 0,
                max_version: 0,
            }
        }
    }

    impl Message for ApiVersion {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.api_key = r.i16()?;
            self.min_version = r.i16()?;
            self.max_version = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { api_key, min_version, max_version } = self;
            w.i16(*api_key);
            w.i16(*min_version);
            w.i16(*max_version);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.api_key = s.i16("api_key");
            m.min_version = s.i16("min_version");
            m.max_version = s.i16("max_version");
            m
        }
    }

    /// A part of the response: `SupportedFeatureKey`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SupportedFeatureKey {
        /// Version 3 and later.
        pub name: Str,
        /// Version 3 and later.
        pub min_version: i16,
        /// Version 3 and later.
        pub max_version: i16,
    }

    impl Default for SupportedFeatureKey {
        fn default() -> Self {
            Self {
                name: Str::new(),
                min_version: 0,
                max_version: 0,
            }
        }
    }

    impl Message for SupportedFeatureKey {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.min_version = 0;
            self.max_version = 0;
            if 3 <= v { self.name = r.string()?; }
            if 3 <= v { self.min_version = r.i16()?; }
            if 3 <= v { self.max_version = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, min_version, max_version } = self;
            if 3 <= v { w.string(name); }
            if 3 <= v { w.i16(*min_version); }
            if 3 <= v { w.i16(*max_version); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.name = s.string("name"); }
            if 3 <= v { m.min_version = s.i16("min_version"); }
            if 3 <= v { m.max_version = s.i16("max_version"); }
            m
        }
    }

    /// A part of the response: `FinalizedFeatureKey`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FinalizedFeatureKey {
        /// Version 3 and later.
        pub name: Str,
        /// Version 3 and later.
        pub max_version_level: i16,
        /// Version 3 and later.
        pub min_version_level: i16,
    }

    impl Default for FinalizedFeatureKey {
        fn default() -> Self {
            Self {
                name: Str::new(),
                max_version_level: 0,
                min_version_level: 0,
            }
        }
    }

    impl Message for FinalizedFeatureKey {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.max_version_level = 0;
            self.min_version_level = 0;
            if 3 <= v { self.name = r.string()?; }
            if 3 <= v { self.max_version_level = r.i16()?; }
            if 3 <= v { self.min_version_level = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, max_version_level, min_version_level } = self;
            if 3 <= v { w.string(name); }
            if 3 <= v { w.i16(*max_version_level); }
            if 3 <= v { w.i16(*min_version_level); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.name = s.string("name"); }
            if 3 <= v { m.max_version_level = s.i16("max_version_level"); }
            if 3 <= v { m.min_version_level = s.i16("min_version_level"); }
            m
        }
    }
}
pub use response::ApiVersionsResponse;
