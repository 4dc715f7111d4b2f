//! DescribeShareGroupOffsets (API key 90), versions 0 to 1. Generated from `net/schema/describe_share_group_offsets.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeShareGroupOffsets request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsRequest {
        /// Every version.
        pub groups: Vec<DescribeShareGroupOffsetsRequestGroup>,
    }

    impl Default for DescribeShareGroupOffsetsRequest {
        fn default() -> Self {
            Self {
                groups: Vec::new(),
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.groups, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { groups } = self;
            w.array(groups, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `DescribeShareGroupOffsetsRequestGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsRequestGroup {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Option<Vec<DescribeShareGroupOffsetsRequestTopic>>,
    }

    impl Default for DescribeShareGroupOffsetsRequestGroup {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Some(Vec::new()),
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsRequestGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
            self.topics = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
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
            w.nullable_array(topics.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.topics = if s.null("topics") { None } else { Some((0..s.length("topics")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the request: `DescribeShareGroupOffsetsRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsRequestTopic {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for DescribeShareGroupOffsetsRequestTopic {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            r.array_into(&mut self.partitions, |r, x| { *x = r.i32()?; Ok(()) })?;
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
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }
}
pub use request::DescribeShareGroupOffsetsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeShareGroupOffsets response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub groups: Vec<DescribeShareGroupOffsetsResponseGroup>,
    }

    impl Default for DescribeShareGroupOffsetsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                groups: Vec::new(),
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.groups, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, groups } = self;
            w.i32(*throttle_time_ms);
            w.array(groups, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribeShareGroupOffsetsResponseGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsResponseGroup {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Vec<DescribeShareGroupOffsetsResponseTopic>,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for DescribeShareGroupOffsetsResponseGroup {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsResponseGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
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
            let Self { group_id, topics, error_code, error_message } = self;
            w.string(group_id);
            w.array(topics, |w, x| x.encode(w, v));
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
            m.group_id = s.string("group_id");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }

    /// A part of the response: `DescribeShareGroupOffsetsResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsResponseTopic {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<DescribeShareGroupOffsetsResponsePartition>,
    }

    impl Default for DescribeShareGroupOffsetsResponseTopic {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsResponseTopic {
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

    /// A part of the response: `DescribeShareGroupOffsetsResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeShareGroupOffsetsResponsePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub start_offset: i64,
        /// Every version.
        pub leader_epoch: i32,
        /// Version 1 and later.
        pub lag: i64,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for DescribeShareGroupOffsetsResponsePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                start_offset: 0,
                leader_epoch: 0,
                lag: -1,
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for DescribeShareGroupOffsetsResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.lag = -1;
            self.partition_index = r.i32()?;
            self.start_offset = r.i64()?;
            self.leader_epoch = r.i32()?;
            if 1 <= v { self.lag = r.i64()?; }
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
            let Self { partition_index, start_offset, leader_epoch, lag, error_code, error_message } = self;
            w.i32(*partition_index);
            w.i64(*start_offset);
            w.i32(*leader_epoch);
            if 1 <= v { w.i64(*lag); }
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
            m.start_offset = s.i64("start_offset");
            m.leader_epoch = s.i32("leader_epoch");
            if 1 <= v { m.lag = s.i64("lag"); }
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::DescribeShareGroupOffsetsResponse;
