//! OffsetCommit (API key 8), versions 2 to 10. Generated from `net/schema/offset_commit.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's OffsetCommit request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetCommitRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub generation_id_or_member_epoch: i32,
        /// Every version.
        pub member_id: Str,
        /// Version 7 and later.
        pub group_instance_id: Option<Str>,
        /// Versions 2 to 4.
        pub retention_time_ms: i64,
        /// Every version.
        pub topics: Vec<OffsetCommitRequestTopic>,
    }

    impl Default for OffsetCommitRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                generation_id_or_member_epoch: -1,
                member_id: Str::new(),
                group_instance_id: None,
                retention_time_ms: -1,
                topics: Vec::new(),
            }
        }
    }

    impl Message for OffsetCommitRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_instance_id = None;
            self.retention_time_ms = -1;
            self.group_id = r.string()?;
            self.generation_id_or_member_epoch = r.i32()?;
            self.member_id = r.string()?;
            if 7 <= v { self.group_instance_id = r.nullable_string()?; }
            if v <= 4 { self.retention_time_ms = r.i64()?; }
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
            let Self { group_id, generation_id_or_member_epoch, member_id, group_instance_id, retention_time_ms, topics } = self;
            w.string(group_id);
            w.i32(*generation_id_or_member_epoch);
            w.string(member_id);
            if 7 <= v { w.nullable_string(group_instance_id.as_deref()); }
            if v <= 4 { w.i64(*retention_time_ms); }
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
            m.generation_id_or_member_epoch = s.i32("generation_id_or_member_epoch");
            m.member_id = s.string("member_id");
            if 7 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            if v <= 4 { m.retention_time_ms = s.i64("retention_time_ms"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `OffsetCommitRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetCommitRequestTopic {
        /// Versions 2 to 9.
        pub name: Str,
        /// Version 10 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<OffsetCommitRequestPartition>,
    }

    impl Default for OffsetCommitRequestTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetCommitRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.topic_id = Uuid::ZERO;
            if v <= 9 { self.name = r.string()?; }
            if 10 <= v { self.topic_id = r.uuid()?; }
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
            let Self { name, topic_id, partitions } = self;
            if v <= 9 { w.string(name); }
            if 10 <= v { w.uuid(*topic_id); }
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 9 { m.name = s.string("name"); }
            if 10 <= v { m.topic_id = s.uuid("topic_id"); }
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `OffsetCommitRequestPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetCommitRequestPartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub committed_offset: i64,
        /// Version 6 and later.
        pub committed_leader_epoch: i32,
        /// Every version.
        pub committed_metadata: Option<Str>,
    }

    impl Default for OffsetCommitRequestPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                committed_offset: 0,
                committed_leader_epoch: -1,
                committed_metadata: Some(Str::new()),
            }
        }
    }

    impl Message for OffsetCommitRequestPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.committed_leader_epoch = -1;
            self.partition_index = r.i32()?;
            self.committed_offset = r.i64()?;
            if 6 <= v { self.committed_leader_epoch = r.i32()?; }
            self.committed_metadata = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, committed_offset, committed_leader_epoch, committed_metadata } = self;
            w.i32(*partition_index);
            w.i64(*committed_offset);
            if 6 <= v { w.i32(*committed_leader_epoch); }
            w.nullable_string(committed_metadata.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.committed_offset = s.i64("committed_offset");
            if 6 <= v { m.committed_leader_epoch = s.i32("committed_leader_epoch"); }
            m.committed_metadata = if s.null("committed_metadata") { None } else { Some(s.string("committed_metadata")) };
            m
        }
    }
}
pub use request::OffsetCommitRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's OffsetCommit response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetCommitResponse {
        /// Version 3 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<OffsetCommitResponseTopic>,
    }

    impl Default for OffsetCommitResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for OffsetCommitResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            if 3 <= v { self.throttle_time_ms = r.i32()?; }
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
            if 3 <= v { w.i32(*throttle_time_ms); }
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `OffsetCommitResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetCommitResponseTopic {
        /// Versions 2 to 9.
        pub name: Str,
        /// Version 10 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<OffsetCommitResponsePartition>,
    }

    impl Default for OffsetCommitResponseTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetCommitResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.topic_id = Uuid::ZERO;
            if v <= 9 { self.name = r.string()?; }
            if 10 <= v { self.topic_id = r.uuid()?; }
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
            let Self { name, topic_id, partitions } = self;
            if v <= 9 { w.string(name); }
            if 10 <= v { w.uuid(*topic_id); }
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 9 { m.name = s.string("name"); }
            if 10 <= v { m.topic_id = s.uuid("topic_id"); }
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `OffsetCommitResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetCommitResponsePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for OffsetCommitResponsePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
            }
        }
    }

    impl Message for OffsetCommitResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
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
            m
        }
    }
}
pub use response::OffsetCommitResponse;
