//! AlterClientQuotas (API key 49), versions 0 to 1. Generated from `net/schema/alter_client_quotas.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AlterClientQuotas request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterClientQuotasRequest {
        /// Every version.
        pub entries: Vec<EntryData>,
        /// Every version.
        pub validate_only: bool,
    }

    impl Default for AlterClientQuotasRequest {
        fn default() -> Self {
            Self {
                entries: Vec::new(),
                validate_only: false,
            }
        }
    }

    impl Message for AlterClientQuotasRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.entries, |r, x| x.read(r, v))?;
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
            let Self { entries, validate_only } = self;
            w.array(entries, |w, x| x.encode(w, v));
            w.bool(*validate_only);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.entries = (0..s.length("entries")).map(|_| Message::sample(s, v)).collect();
            m.validate_only = s.bool("validate_only");
            m
        }
    }

    /// A part of the request: `EntryData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EntryData {
        /// Every version.
        pub entity: Vec<EntityData>,
        /// Every version.
        pub ops: Vec<OpData>,
    }

    impl Default for EntryData {
        fn default() -> Self {
            Self {
                entity: Vec::new(),
                ops: Vec::new(),
            }
        }
    }

    impl Message for EntryData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.entity, |r, x| x.read(r, v))?;
            r.array_into(&mut self.ops, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { entity, ops } = self;
            w.array(entity, |w, x| x.encode(w, v));
            w.array(ops, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.entity = (0..s.length("entity")).map(|_| Message::sample(s, v)).collect();
            m.ops = (0..s.length("ops")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `EntityData`.
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

    /// A part of the request: `OpData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OpData {
        /// Every version.
        pub key: Str,
        /// Every version.
        pub value: f64,
        /// Every version.
        pub remove: bool,
    }

    impl Default for OpData {
        fn default() -> Self {
            Self {
                key: Str::new(),
                value: 0.0,
                remove: false,
            }
        }
    }

    impl Message for OpData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.key = r.string()?;
            self.value = r.f64()?;
            self.remove = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { key, value, remove } = self;
            w.string(key);
            w.f64(*value);
            w.bool(*remove);
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
            m.remove = s.bool("remove");
            m
        }
    }
}
pub use request::AlterClientQuotasRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AlterClientQuotas response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterClientQuotasResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub entries: Vec<EntryData>,
    }

    impl Default for AlterClientQuotasResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                entries: Vec::new(),
            }
        }
    }

    impl Message for AlterClientQuotasResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.entries, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, entries } = self;
            w.i32(*throttle_time_ms);
            w.array(entries, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.entries = (0..s.length("entries")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `EntryData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EntryData {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub entity: Vec<EntityData>,
    }

    impl Default for EntryData {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                entity: Vec::new(),
            }
        }
    }

    impl Message for EntryData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.array_into(&mut self.entity, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, entity } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.array(entity, |w, x| x.encode(w, v));
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
            m.entity = (0..s.length("entity")).map(|_| Message::sample(s, v)).collect();
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
}
pub use response::AlterClientQuotasResponse;
