//! DeleteTopics (API key 20), versions 1 to 6. Generated from `net/schema/delete_topics.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DeleteTopics request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteTopicsRequest {
        /// Version 6 and later.
        pub topics: Vec<DeleteTopicState>,
        /// Versions 1 to 5.
        pub topic_names: Vec<Str>,
        /// Every version.
        pub timeout_ms: i32,
    }

    impl Default for DeleteTopicsRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
                topic_names: Vec::new(),
                timeout_ms: 0,
            }
        }
    }

    impl Message for DeleteTopicsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topics.clear();
            self.topic_names.clear();
            if 6 <= v { r.array_into(&mut self.topics, |r, x| x.read(r, v))?; }
            if v <= 5 { r.array_into(&mut self.topic_names, |r, x| { *x = r.string()?; Ok(()) })?; }
            self.timeout_ms = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topics, topic_names, timeout_ms } = self;
            if 6 <= v { w.array(topics, |w, x| x.encode(w, v)); }
            if v <= 5 { w.array(topic_names, |w, x| w.string(x)); }
            w.i32(*timeout_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 6 <= v { m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect(); }
            if v <= 5 { m.topic_names = (0..s.length("topic_names")).map(|_| s.string("topic_names")).collect(); }
            m.timeout_ms = s.i32("timeout_ms");
            m
        }
    }

    /// A part of the request: `DeleteTopicState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteTopicState {
        /// Version 6 and later.
        pub name: Option<Str>,
        /// Version 6 and later.
        pub topic_id: Uuid,
    }

    impl Default for DeleteTopicState {
        fn default() -> Self {
            Self {
                name: None,
                topic_id: Uuid::ZERO,
            }
        }
    }

    impl Message for DeleteTopicState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = None;
            self.topic_id = Uuid::ZERO;
            if 6 <= v { self.name = r.nullable_string()?; }
            if 6 <= v { self.topic_id = r.uuid()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, topic_id } = self;
            if 6 <= v { w.nullable_string(name.as_deref()); }
            if 6 <= v { w.uuid(*topic_id); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 6 <= v { m.name = if s.null("name") { None } else { Some(s.string("name")) }; }
            if 6 <= v { m.topic_id = s.uuid("topic_id"); }
            m
        }
    }
}
pub use request::DeleteTopicsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DeleteTopics response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteTopicsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub responses: Vec<DeletableTopicResult>,
    }

    impl Default for DeleteTopicsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                responses: Vec::new(),
            }
        }
    }

    impl Message for DeleteTopicsResponse {
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

    /// A part of the response: `DeletableTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeletableTopicResult {
        /// Every version.
        pub name: Option<Str>,
        /// Version 6 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub error_code: i16,
        /// Version 5 and later.
        pub error_message: Option<Str>,
    }

    impl Default for DeletableTopicResult {
        fn default() -> Self {
            Self {
                name: Some(Str::new()),
                topic_id: Uuid::ZERO,
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for DeletableTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = Uuid::ZERO;
            self.error_message = None;
            self.name = if 6 <= v { r.nullable_string()? } else { Some(r.string()?) };
            if 6 <= v { self.topic_id = r.uuid()?; }
            self.error_code = r.i16()?;
            if 5 <= v { self.error_message = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, topic_id, error_code, error_message } = self;
            if 6 <= v { w.nullable_string(name.as_deref()) } else { w.string(name.as_deref().unwrap_or_default()) };
            if 6 <= v { w.uuid(*topic_id); }
            w.i16(*error_code);
            if 5 <= v { w.nullable_string(error_message.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = if 6 <= v && s.null("name") { None } else { Some(s.string("name")) };
            if 6 <= v { m.topic_id = s.uuid("topic_id"); }
            m.error_code = s.i16("error_code");
            if 5 <= v { m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            m
        }
    }
}
pub use response::DeleteTopicsResponse;
