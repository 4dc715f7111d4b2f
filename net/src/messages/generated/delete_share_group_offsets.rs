//! DeleteShareGroupOffsets (API key 92), versions 0 to 0. Generated from `net/schema/delete_share_group_offsets.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DeleteShareGroupOffsets request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteShareGroupOffsetsRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Vec<DeleteShareGroupOffsetsRequestTopic>,
    }

    impl Default for DeleteShareGroupOffsetsRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
            }
        }
    }

    impl Message for DeleteShareGroupOffsetsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
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
            let Self { group_id, topics } = self;
            w.string(group_id);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `DeleteShareGroupOffsetsRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteShareGroupOffsetsRequestTopic {
        /// Every version.
        pub topic_name: Str,
    }

    impl Default for DeleteShareGroupOffsetsRequestTopic {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
            }
        }
    }

    impl Message for DeleteShareGroupOffsetsRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_name } = self;
            w.string(topic_name);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m
        }
    }
}
pub use request::DeleteShareGroupOffsetsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DeleteShareGroupOffsets response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteShareGroupOffsetsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub responses: Vec<DeleteShareGroupOffsetsResponseTopic>,
    }

    impl Default for DeleteShareGroupOffsetsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: None,
                responses: Vec::new(),
            }
        }
    }

    impl Message for DeleteShareGroupOffsetsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
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
            let Self { throttle_time_ms, error_code, error_message, responses } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
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
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DeleteShareGroupOffsetsResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteShareGroupOffsetsResponseTopic {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for DeleteShareGroupOffsetsResponseTopic {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                topic_id: Uuid::ZERO,
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for DeleteShareGroupOffsetsResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            self.topic_id = r.uuid()?;
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
            let Self { topic_name, topic_id, error_code, error_message } = self;
            w.string(topic_name);
            w.uuid(*topic_id);
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
            m.topic_name = s.string("topic_name");
            m.topic_id = s.uuid("topic_id");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::DeleteShareGroupOffsetsResponse;
