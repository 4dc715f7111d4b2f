//! CreateTopics (API key 19), versions 2 to 7. Generated from `net/schema/create_topics.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's CreateTopics request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreateTopicsRequest {
        /// Every version.
        pub topics: Vec<CreatableTopic>,
        /// Every version.
        pub timeout_ms: i32,
        /// Every version.
        pub validate_only: bool,
    }

    impl Default for CreateTopicsRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
                timeout_ms: 60000,
                validate_only: false,
            }
        }
    }

    impl Message for CreateTopicsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            self.timeout_ms = r.i32()?;
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
            let Self { topics, timeout_ms, validate_only } = self;
            w.array(topics, |w, x| x.encode(w, v));
            w.i32(*timeout_ms);
            w.bool(*validate_only);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m.timeout_ms = s.i32("timeout_ms");
            m.validate_only = s.bool("validate_only");
            m
        }
    }

    /// A part of the request: `CreatableTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatableTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub num_partitions: i32,
        /// Every version.
        pub replication_factor: i16,
        /// Every version.
        pub assignments: Vec<CreatableReplicaAssignment>,
        /// Every version.
        pub configs: Vec<CreatableTopicConfig>,
    }

    impl Default for CreatableTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                num_partitions: 0,
                replication_factor: 0,
                assignments: Vec::new(),
                configs: Vec::new(),
            }
        }
    }

    impl Message for CreatableTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.num_partitions = r.i32()?;
            self.replication_factor = r.i16()?;
            r.array_into(&mut self.assignments, |r, x| x.read(r, v))?;
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
            let Self { name, num_partitions, replication_factor, assignments, configs } = self;
            w.string(name);
            w.i32(*num_partitions);
            w.i16(*replication_factor);
            w.array(assignments, |w, x| x.encode(w, v));
            w.array(configs, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.num_partitions = s.i32("num_partitions");
            m.replication_factor = s.i16("replication_factor");
            m.assignments = (0..s.length("assignments")).map(|_| Message::sample(s, v)).collect();
            m.configs = (0..s.length("configs")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `CreatableReplicaAssignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatableReplicaAssignment {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub broker_ids: Vec<i32>,
    }

    impl Default for CreatableReplicaAssignment {
        fn default() -> Self {
            Self {
                partition_index: 0,
                broker_ids: Vec::new(),
            }
        }
    }

    impl Message for CreatableReplicaAssignment {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            r.array_into(&mut self.broker_ids, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, broker_ids } = self;
            w.i32(*partition_index);
            w.array(broker_ids, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.broker_ids = (0..s.length("broker_ids")).map(|_| s.i32("broker_ids")).collect();
            m
        }
    }

    /// A part of the request: `CreatableTopicConfig`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatableTopicConfig {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub value: Option<Str>,
    }

    impl Default for CreatableTopicConfig {
        fn default() -> Self {
            Self {
                name: Str::new(),
                value: Some(Str::new()),
            }
        }
    }

    impl Message for CreatableTopicConfig {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
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
            let Self { name, value } = self;
            w.string(name);
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
            m.value = if s.null("value") { None } else { Some(s.string("value")) };
            m
        }
    }
}
pub use request::CreateTopicsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's CreateTopics response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreateTopicsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<CreatableTopicResult>,
    }

    impl Default for CreateTopicsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for CreateTopicsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, topics } = self;
            w.i32(*throttle_time_ms);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `CreatableTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatableTopicResult {
        /// Every version.
        pub name: Str,
        /// Version 7 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Version 5 and later, tag 0.
        pub topic_config_error_code: i16,
        /// Version 5 and later.
        pub num_partitions: i32,
        /// Version 5 and later.
        pub replication_factor: i16,
        /// Version 5 and later.
        pub configs: Option<Vec<CreatableTopicConfigs>>,
    }

    impl Default for CreatableTopicResult {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                error_code: 0,
                error_message: Some(Str::new()),
                topic_config_error_code: 0,
                num_partitions: -1,
                replication_factor: -1,
                configs: Some(Vec::new()),
            }
        }
    }

    impl Message for CreatableTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = Uuid::ZERO;
            self.topic_config_error_code = 0;
            self.num_partitions = -1;
            self.replication_factor = -1;
            self.configs = Some(Vec::new());
            self.name = r.string()?;
            if 7 <= v { self.topic_id = r.uuid()?; }
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            if 5 <= v { self.num_partitions = r.i32()?; }
            if 5 <= v { self.replication_factor = r.i16()?; }
            if 5 <= v { self.configs = r.nullable_array(|r| Ok(Message::decode(r, v)?))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 5 <= v => self.topic_config_error_code = r.i16()?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, topic_id, error_code, error_message, topic_config_error_code, num_partitions, replication_factor, configs } = self;
            w.string(name);
            if 7 <= v { w.uuid(*topic_id); }
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            let _ = topic_config_error_code;
            if 5 <= v { w.i32(*num_partitions); }
            if 5 <= v { w.i16(*replication_factor); }
            if 5 <= v { w.nullable_array(configs.as_deref(), |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
                if 5 <= v && *topic_config_error_code != 0 { tags.put(0, |w| w.i16(*topic_config_error_code)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            if 7 <= v { m.topic_id = s.uuid("topic_id"); }
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            if 5 <= v { m.topic_config_error_code = s.i16("topic_config_error_code"); }
            if 5 <= v { m.num_partitions = s.i32("num_partitions"); }
            if 5 <= v { m.replication_factor = s.i16("replication_factor"); }
            if 5 <= v { m.configs = if s.null("configs") { None } else { Some((0..s.length("configs")).map(|_| Message::sample(s, v)).collect()) }; }
            m
        }
    }

    /// A part of the response: `CreatableTopicConfigs`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatableTopicConfigs {
        /// Version 5 and later.
        pub name: Str,
        /// Version 5 and later.
        pub value: Option<Str>,
        /// Version 5 and later.
        pub read_only: bool,
        /// Version 5 and later.
        pub config_source: i8,
        /// Version 5 and later.
        pub is_sensitive: bool,
    }

    impl Default for CreatableTopicConfigs {
        fn default() -> Self {
            Self {
                name: Str::new(),
                value: Some(Str::new()),
                read_only: false,
                config_source: -1,
                is_sensitive: false,
            }
        }
    }

    impl Message for CreatableTopicConfigs {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.value = Some(Str::new());
            self.read_only = false;
            self.config_source = -1;
            self.is_sensitive = false;
            if 5 <= v { self.name = r.string()?; }
            if 5 <= v { self.value = r.nullable_string()?; }
            if 5 <= v { self.read_only = r.bool()?; }
            if 5 <= v { self.config_source = r.i8()?; }
            if 5 <= v { self.is_sensitive = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, value, read_only, config_source, is_sensitive } = self;
            if 5 <= v { w.string(name); }
            if 5 <= v { w.nullable_string(value.as_deref()); }
            if 5 <= v { w.bool(*read_only); }
            if 5 <= v { w.i8(*config_source); }
            if 5 <= v { w.bool(*is_sensitive); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 5 <= v { m.name = s.string("name"); }
            if 5 <= v { m.value = if s.null("value") { None } else { Some(s.string("value")) }; }
            if 5 <= v { m.read_only = s.bool("read_only"); }
            if 5 <= v { m.config_source = s.i8("config_source"); }
            if 5 <= v { m.is_sensitive = s.bool("is_sensitive"); }
            m
        }
    }
}
pub use response::CreateTopicsResponse;
