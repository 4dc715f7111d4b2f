//! DescribeClientQuotas (API key 48), versions 0 to 1. Generated from `net/schema/describe_client_quotas.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeClientQuotas request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeClientQuotasRequest {
        /// Every version.
        pub components: Vec<ComponentData>,
        /// Every version.
        pub strict: bool,
    }

    impl Default for DescribeClientQuotasRequest {
        fn default() -> Self {
            Self {
                components: Vec::new(),
                strict: false,
            }
        }
    }

    impl Message for DescribeClientQuotasRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.components, |r, x| x.read(r, v))?;
            self.strict = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { components, strict } = self;
            w.array(components, |w, x| x.encode(w, v));
            w.bool(*strict);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.components = (0..s.length("components")).map(|_| Message::sample(s, v)).collect();
            m.strict = s.bool("strict");
            m
        }
    }

    /// A part of the request: `ComponentData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ComponentData {
        /// Every version.
        pub entity_type: Str,
        /// Every version.
        pub match_type: i8,
        /// Every version.
        pub match_value: Option<Str>,
    }

    impl Default for ComponentData {
        fn default() -> Self {
            Self {
                entity_type: Str::new(),
                match_type: 0,
                match_value: Some(Str::new()),
            }
        }
    }

    impl Message for ComponentData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.entity_type = r.string()?;
            self.match_type = r.i8()?;
            self.match_value = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { entity_type, match_type, match_value } = self;
            w.string(entity_type);
            w.i8(*match_type);
            w.nullable_string(match_value.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.entity_type = s.string("entity_type");
            m.match_type = s.i8("match_type");
            m.match_value = if s.null("match_value") { None } else { Some(s.string("match_value")) };
            m
        }
    }
}
pub use request::DescribeClientQuotasRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeClientQuotas response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeClientQuotasResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub entries: Option<Vec<EntryData>>,
    }

    impl Default for DescribeClientQuotasResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
                entries: Some(Vec::new()),
            }
        }
    }

    impl Message for DescribeClientQuotasResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.entries = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, entries } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.nullable_array(entries.as_deref(), |w, x| x.encode(w, v));
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
            m.entries = if s.null("entries") { None } else { Some((0..s.length("entries")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the response: `EntryData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EntryData {
        /// Every version.
        pub entity: Vec<EntityData>,
        /// Every version.
        pub values: Vec<ValueData>,
    }

    impl Default for EntryData {
        fn default() -> Self {
            Self {
                entity: Vec::new(),
                values: Vec::new(),
            }
        }
    }

    impl Message for EntryData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.entity, |r, x| x.read(r, v))?;
            r.array_into(&mut self.values, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { entity, values } = self;
            w.array(entity, |w, x| x.encode(w, v));
            w.array(values, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.entity = (0..s.length("entity")).map(|_| Message::sample(s, v)).collect();
            m.values = (0..s.length("values")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `EntityData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EntityData {
        /// Every version.
        pub entity_type: Str,
        /// Every version.
        pub entity_name: Option<Str>,
    }

    impl Default for EntityData {
        fn default() -> Self {
            Self {
                entity_type: Str::new(),
                entity_name: Some(Str::new()),
            }
        }
    }

    impl Message for EntityData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.entity_type = r.string()?;
            self.entity_name = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { entity_type, entity_name } = self;
            w.string(entity_type);
            w.nullable_string(entity_name.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.entity_type = s.string("entity_type");
            m.entity_name = if s.null("entity_name") { None } else { Some(s.string("entity_name")) };
            m
        }
    }

    /// A part of the response: `ValueData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ValueData {
        /// Every version.
        pub key: Str,
        /// Every version.
        pub value: f64,
    }

    impl Default for ValueData {
        fn default() -> Self {
            Self {
                key: Str::new(),
                value: 0.0,
            }
        }
    }

    impl Message for ValueData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.key = r.string()?;
            self.value = r.f64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { key, value } = self;
            w.string(key);
            w.f64(*value);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.key = s.string("key");
            m.value = s.f64("value");
            m
        }
    }
}
pub use response::DescribeClientQuotasResponse;
