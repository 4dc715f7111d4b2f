//! UpdateFeatures (API key 57), versions 0 to 2. Generated from `net/schema/update_features.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's UpdateFeatures request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UpdateFeaturesRequest {
        /// Every version.
        pub timeout_ms: i32,
        /// Every version.
        pub feature_updates: Vec<FeatureUpdateKey>,
        /// Version 1 and later.
        pub validate_only: bool,
    }

    impl Default for UpdateFeaturesRequest {
        fn default() -> Self {
            Self {
                timeout_ms: 60000,
                feature_updates: Vec::new(),
                validate_only: false,
            }
        }
    }

    impl Message for UpdateFeaturesRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.validate_only = false;
            self.timeout_ms = r.i32()?;
            r.array_into(&mut self.feature_updates, |r, x| x.read(r, v))?;
            if 1 <= v { self.validate_only = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { timeout_ms, feature_updates, validate_only } = self;
            w.i32(*timeout_ms);
            w.array(feature_updates, |w, x| x.encode(w, v));
            if 1 <= v { w.bool(*validate_only); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.timeout_ms = s.i32("timeout_ms");
            m.feature_updates = (0..s.length("feature_updates")).map(|_| Message::sample(s, v)).collect();
            if 1 <= v { m.validate_only = s.bool("validate_only"); }
            m
        }
    }

    /// A part of the request: `FeatureUpdateKey`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FeatureUpdateKey {
        /// Every version.
        pub feature: Str,
        /// Every version.
        pub max_version_level: i16,
        /// Versions 0 to 0.
        pub allow_downgrade: bool,
        /// Version 1 and later.
        pub upgrade_type: i8,
    }

    impl Default for FeatureUpdateKey {
        fn default() -> Self {
            Self {
                feature: Str::new(),
                max_version_level: 0,
                allow_downgrade: false,
                upgrade_type: 1,
            }
        }
    }

    impl Message for FeatureUpdateKey {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.allow_downgrade = false;
            self.upgrade_type = 1;
            self.feature = r.string()?;
            self.max_version_level = r.i16()?;
            if v <= 0 { self.allow_downgrade = r.bool()?; }
            if 1 <= v { self.upgrade_type = r.i8()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { feature, max_version_level, allow_downgrade, upgrade_type } = self;
            w.string(feature);
            w.i16(*max_version_level);
            if v <= 0 { w.bool(*allow_downgrade); }
            if 1 <= v { w.i8(*upgrade_type); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.feature = s.string("feature");
            m.max_version_level = s.i16("max_version_level");
            if v <= 0 { m.allow_downgrade = s.bool("allow_downgrade"); }
            if 1 <= v { m.upgrade_type = s.i8("upgrade_type"); }
            m
        }
    }
}
pub use request::UpdateFeaturesRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's UpdateFeatures response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UpdateFeaturesResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Versions 0 to 1.
        pub results: Vec<UpdatableFeatureResult>,
    }

    impl Default for UpdateFeaturesResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
                results: Vec::new(),
            }
        }
    }

    impl Message for UpdateFeaturesResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.results.clear();
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            if v <= 1 { r.array_into(&mut self.results, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, results } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            if v <= 1 { w.array(results, |w, x| x.encode(w, v)); }
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
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            if v <= 1 { m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `UpdatableFeatureResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UpdatableFeatureResult {
        /// Every version.
        pub feature: Str,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for UpdatableFeatureResult {
        fn default() -> Self {
            Self {
                feature: Str::new(),
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for UpdatableFeatureResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.feature = r.string()?;
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
            let Self { feature, error_code, error_message } = self;
            w.string(feature);
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
            m.feature = s.string("feature");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::UpdateFeaturesResponse;
