//! AlterShareGroupOffsets (API key 91), versions 0 to 0. Generated from `net/schema/alter_share_group_offsets.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AlterShareGroupOffsets request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterShareGroupOffsetsRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Vec<AlterShareGroupOffsetsRequestTopic>,
    }

    impl Default for AlterShareGroupOffsetsRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
            }
        }
    }

    impl Message for AlterShareGroupOffsetsRequest {
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

    /// A part of the request: `AlterShareGroupOffsetsRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterShareGroupOffsetsRequestTopic {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partitions: Vec<AlterShareGroupOffsetsRequestPartition>,
    }

    impl Default for AlterShareGroupOffsetsRequestTopic {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for AlterShareGroupOffsetsRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_name, partitions } = self;
            w.string(topic_name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AlterShareGroupOffsetsRequestPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterShareGroupOffsetsRequestPartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub start_offset: i64,
    }

    impl Default for AlterShareGroupOffsetsRequestPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                start_offset: 0,
            }
        }
    }

    impl Message for AlterShareGroupOffsetsRequestPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.start_offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, start_offset } = self;
            w.i32(*partition_index);
            w.i64(*start_offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.start_offset = s.i64("start_offset");
            m
        }
    }
}
pub use request::AlterShareGroupOffsetsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AlterShareGroupOffsets response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterShareGroupOffsetsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub responses: Vec<AlterShareGroupOffsetsResponseTopic>,
    }

    impl Default for AlterShareGroupOffsetsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: None,
                responses: Vec::new(),
            }
        }
    }

    impl Message for AlterShareGroupOffsetsResponse {
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

    /// A part of the response: `AlterShareGroupOffsetsResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterShareGroupOffsetsResponseTopic {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<AlterShareGroupOffsetsResponsePartition>,
    }

    impl Default for AlterShareGroupOffsetsResponseTopic {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for AlterShareGroupOffsetsResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            self.topic_id = r.uuid()?;
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_name, topic_id, partitions } = self;
            w.string(topic_name);
            w.uuid(*topic_id);
            w.array(partitions, |w, x| x.encode(w, v));
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
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `AlterShareGroupOffsetsResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterShareGroupOffsetsResponsePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for AlterShareGroupOffsetsResponsePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for AlterShareGroupOffsetsResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
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
            let Self { partition_index, error_code, error_message } = self;
            w.i32(*partition_index);
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
            m.partition_index = s.i32("partition_index");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::AlterShareGroupOffsetsResponse;
