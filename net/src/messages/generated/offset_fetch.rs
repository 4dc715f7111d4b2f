//! OffsetFetch (API key 9), versions 1 to 10. Generated from `net/schema/offset_fetch.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's OffsetFetch request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchRequest {
        /// Versions 1 to 7.
        pub group_id: Str,
        /// Versions 1 to 7.
        pub topics: Option<Vec<OffsetFetchRequestTopic>>,
        /// Version 8 and later.
        pub groups: Vec<OffsetFetchRequestGroup>,
        /// Version 7 and later.
        pub require_stable: bool,
    }

    impl Default for OffsetFetchRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Some(Vec::new()),
                groups: Vec::new(),
                require_stable: false,
            }
        }
    }

    impl Message for OffsetFetchRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = Str::new();
            self.topics = Some(Vec::new());
            self.groups.clear();
            self.require_stable = false;
            if v <= 7 { self.group_id = r.string()?; }
            if v <= 7 { self.topics = if (2..=7).contains(&v) { r.nullable_array(|r| Ok(Message::decode(r, v)?))? } else { Some(r.nullable_array(|r| Ok(Message::decode(r, v)?))?.ok_or(DecodeError::Length(-1))?) }; }
            if 8 <= v { r.array_into(&mut self.groups, |r, x| x.read(r, v))?; }
            if 7 <= v { self.require_stable = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, topics, groups, require_stable } = self;
            if v <= 7 { w.string(group_id); }
            if v <= 7 { if (2..=7).contains(&v) { w.nullable_array(topics.as_deref(), |w, x| x.encode(w, v)) } else { w.array(topics.as_deref().unwrap_or_default(), |w, x| x.encode(w, v)) }; }
            if 8 <= v { w.array(groups, |w, x| x.encode(w, v)); }
            if 7 <= v { w.bool(*require_stable); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 7 { m.group_id = s.string("group_id"); }
            if v <= 7 { m.topics = if (2..=7).contains(&v) && s.null("topics") { None } else { Some((0..s.length("topics")).map(|_| Message::sample(s, v)).collect()) }; }
            if 8 <= v { m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect(); }
            if 7 <= v { m.require_stable = s.bool("require_stable"); }
            m
        }
    }

    /// A part of the request: `OffsetFetchRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchRequestTopic {
        /// Versions 1 to 7.
        pub name: Str,
        /// Versions 1 to 7.
        pub partition_indexes: Vec<i32>,
    }

    impl Default for OffsetFetchRequestTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partition_indexes: Vec::new(),
            }
        }
    }

    impl Message for OffsetFetchRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.partition_indexes.clear();
            if v <= 7 { self.name = r.string()?; }
            if v <= 7 { r.array_into(&mut self.partition_indexes, |r, x| { *x = r.i32()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partition_indexes } = self;
            if v <= 7 { w.string(name); }
            if v <= 7 { w.array(partition_indexes, |w, x| w.i32(*x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 7 { m.name = s.string("name"); }
            if v <= 7 { m.partition_indexes = (0..s.length("partition_indexes")).map(|_| s.i32("partition_indexes")).collect(); }
            m
        }
    }

    /// A part of the request: `OffsetFetchRequestGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchRequestGroup {
        /// Version 8 and later.
        pub group_id: Str,
        /// Version 9 and later.
        pub member_id: Option<Str>,
        /// Version 9 and later.
        pub member_epoch: i32,
        /// Version 8 and later.
        pub topics: Option<Vec<OffsetFetchRequestTopics>>,
    }

    impl Default for OffsetFetchRequestGroup {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                member_id: None,
                member_epoch: -1,
                topics: Some(Vec::new()),
            }
        }
    }

    impl Message for OffsetFetchRequestGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = Str::new();
            self.member_id = None;
            self.member_epoch = -1;
            self.topics = Some(Vec::new());
            if 8 <= v { self.group_id = r.string()?; }
            if 9 <= v { self.member_id = r.nullable_string()?; }
            if 9 <= v { self.member_epoch = r.i32()?; }
            if 8 <= v { self.topics = r.nullable_array(|r| Ok(Message::decode(r, v)?))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, member_id, member_epoch, topics } = self;
            if 8 <= v { w.string(group_id); }
            if 9 <= v { w.nullable_string(member_id.as_deref()); }
            if 9 <= v { w.i32(*member_epoch); }
            if 8 <= v { w.nullable_array(topics.as_deref(), |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 8 <= v { m.group_id = s.string("group_id"); }
            if 9 <= v { m.member_id = if s.null("member_id") { None } else { Some(s.string("member_id")) }; }
            if 9 <= v { m.member_epoch = s.i32("member_epoch"); }
            if 8 <= v { m.topics = if s.null("topics") { None } else { Some((0..s.length("topics")).map(|_| Message::sample(s, v)).collect()) }; }
            m
        }
    }

    /// A part of the request: `OffsetFetchRequestTopics`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchRequestTopics {
        /// Versions 8 to 9.
        pub name: Str,
        /// Version 10 and later.
        pub topic_id: Uuid,
        /// Version 8 and later.
        pub partition_indexes: Vec<i32>,
    }

    impl Default for OffsetFetchRequestTopics {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                partition_indexes: Vec::new(),
            }
        }
    }

    impl Message for OffsetFetchRequestTopics {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.topic_id = Uuid::ZERO;
            self.partition_indexes.clear();
            if (8..=9).contains(&v) { self.name = r.string()?; }
            if 10 <= v { self.topic_id = r.uuid()?; }
            if 8 <= v { r.array_into(&mut self.partition_indexes, |r, x| { *x = r.i32()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, topic_id, partition_indexes } = self;
            if (8..=9).contains(&v) { w.string(name); }
            if 10 <= v { w.uuid(*topic_id); }
            if 8 <= v { w.array(partition_indexes, |w, x| w.i32(*x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if (8..=9).contains(&v) { m.name = s.string("name"); }
            if 10 <= v { m.topic_id = s.uuid("topic_id"); }
            if 8 <= v { m.partition_indexes = (0..s.length("partition_indexes")).map(|_| s.i32("partition_indexes")).collect(); }
            m
        }
    }
}
pub use request::OffsetFetchRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's OffsetFetch response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchResponse {
        /// Version 3 and later.
        pub throttle_time_ms: i32,
        /// Versions 1 to 7.
        pub topics: Vec<OffsetFetchResponseTopic>,
        /// Versions 2 to 7.
        pub error_code: i16,
        /// Version 8 and later.
        pub groups: Vec<OffsetFetchResponseGroup>,
    }

    impl Default for OffsetFetchResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
                error_code: 0,
                groups: Vec::new(),
            }
        }
    }

    impl Message for OffsetFetchResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.topics.clear();
            self.error_code = 0;
            self.groups.clear();
            if 3 <= v { self.throttle_time_ms = r.i32()?; }
            if v <= 7 { r.array_into(&mut self.topics, |r, x| x.read(r, v))?; }
            if (2..=7).contains(&v) { self.error_code = r.i16()?; }
            if 8 <= v { r.array_into(&mut self.groups, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, topics, error_code, groups } = self;
            if 3 <= v { w.i32(*throttle_time_ms); }
            if v <= 7 { w.array(topics, |w, x| x.encode(w, v)); }
            if (2..=7).contains(&v) { w.i16(*error_code); }
            if 8 <= v { w.array(groups, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            if v <= 7 { m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect(); }
            if (2..=7).contains(&v) { m.error_code = s.i16("error_code"); }
            if 8 <= v { m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `OffsetFetchResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchResponseTopic {
        /// Versions 1 to 7.
        pub name: Str,
        /// Versions 1 to 7.
        pub partitions: Vec<OffsetFetchResponsePartition>,
    }

    impl Default for OffsetFetchResponseTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetFetchResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.partitions.clear();
            if v <= 7 { self.name = r.string()?; }
            if v <= 7 { r.array_into(&mut self.partitions, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partitions } = self;
            if v <= 7 { w.string(name); }
            if v <= 7 { w.array(partitions, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 7 { m.name = s.string("name"); }
            if v <= 7 { m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `OffsetFetchResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchResponsePartition {
        /// Versions 1 to 7.
        pub partition_index: i32,
        /// Versions 1 to 7.
        pub committed_offset: i64,
        /// Versions 5 to 7.
        pub committed_leader_epoch: i32,
        /// Versions 1 to 7.
        pub metadata: Option<Str>,
        /// Versions 1 to 7.
        pub error_code: i16,
    }

    impl Default for OffsetFetchResponsePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                committed_offset: 0,
                committed_leader_epoch: -1,
                metadata: Some(Str::new()),
                error_code: 0,
            }
        }
    }

    impl Message for OffsetFetchResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = 0;
            self.committed_offset = 0;
            self.committed_leader_epoch = -1;
            self.metadata = Some(Str::new());
            self.error_code = 0;
            if v <= 7 { self.partition_index = r.i32()?; }
            if v <= 7 { self.committed_offset = r.i64()?; }
            if (5..=7).contains(&v) { self.committed_leader_epoch = r.i32()?; }
            if v <= 7 { self.metadata = if v <= 7 { r.nullable_string()? } else { Some(r.string()?) }; }
            if v <= 7 { self.error_code = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, committed_offset, committed_leader_epoch, metadata, error_code } = self;
            if v <= 7 { w.i32(*partition_index); }
            if v <= 7 { w.i64(*committed_offset); }
            if (5..=7).contains(&v) { w.i32(*committed_leader_epoch); }
            if v <= 7 { if v <= 7 { w.nullable_string(metadata.as_deref()) } else { w.string(metadata.as_deref().unwrap_or_default()) }; }
            if v <= 7 { w.i16(*error_code); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 7 { m.partition_index = s.i32("partition_index"); }
            if v <= 7 { m.committed_offset = s.i64("committed_offset"); }
            if (5..=7).contains(&v) { m.committed_leader_epoch = s.i32("committed_leader_epoch"); }
            if v <= 7 { m.metadata = if v <= 7 && s.null("metadata") { None } else { Some(s.string("metadata")) }; }
            if v <= 7 { m.error_code = s.i16("error_code"); }
            m
        }
    }

    /// A part of the response: `OffsetFetchResponseGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchResponseGroup {
        /// Version 8 and later.
        pub group_id: Str,
        /// Version 8 and later.
        pub topics: Vec<OffsetFetchResponseTopics>,
        /// Version 8 and later.
        pub error_code: i16,
    }

    impl Default for OffsetFetchResponseGroup {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
                error_code: 0,
            }
        }
    }

    impl Message for OffsetFetchResponseGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = Str::new();
            self.topics.clear();
            self.error_code = 0;
            if 8 <= v { self.group_id = r.string()?; }
            if 8 <= v { r.array_into(&mut self.topics, |r, x| x.read(r, v))?; }
            if 8 <= v { self.error_code = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, topics, error_code } = self;
            if 8 <= v { w.string(group_id); }
            if 8 <= v { w.array(topics, |w, x| x.encode(w, v)); }
            if 8 <= v { w.i16(*error_code); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 8 <= v { m.group_id = s.string("group_id"); }
            if 8 <= v { m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect(); }
            if 8 <= v { m.error_code = s.i16("error_code"); }
            m
        }
    }

    /// A part of the response: `OffsetFetchResponseTopics`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchResponseTopics {
        /// Versions 8 to 9.
        pub name: Str,
        /// Version 10 and later.
        pub topic_id: Uuid,
        /// Version 8 and later.
        pub partitions: Vec<OffsetFetchResponsePartitions>,
    }

    impl Default for OffsetFetchResponseTopics {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetFetchResponseTopics {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.topic_id = Uuid::ZERO;
            self.partitions.clear();
            if (8..=9).contains(&v) { self.name = r.string()?; }
            if 10 <= v { self.topic_id = r.uuid()?; }
            if 8 <= v { r.array_into(&mut self.partitions, |r, x| x.read(r, v))?; }
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
            if (8..=9).contains(&v) { w.string(name); }
            if 10 <= v { w.uuid(*topic_id); }
            if 8 <= v { w.array(partitions, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if (8..=9).contains(&v) { m.name = s.string("name"); }
            if 10 <= v { m.topic_id = s.uuid("topic_id"); }
            if 8 <= v { m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `OffsetFetchResponsePartitions`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetFetchResponsePartitions {
        /// Version 8 and later.
        pub partition_index: i32,
        /// Version 8 and later.
        pub committed_offset: i64,
        /// Version 8 and later.
        pub committed_leader_epoch: i32,
        /// Version 8 and later.
        pub metadata: Option<Str>,
        /// Version 8 and later.
        pub error_code: i16,
    }

    impl Default for OffsetFetchResponsePartitions {
        fn default() -> Self {
            Self {
                partition_index: 0,
                committed_offset: 0,
                committed_leader_epoch: -1,
                metadata: Some(Str::new()),
                error_code: 0,
            }
        }
    }

    impl Message for OffsetFetchResponsePartitions {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = 0;
            self.committed_offset = 0;
            self.committed_leader_epoch = -1;
            self.metadata = Some(Str::new());
            self.error_code = 0;
            if 8 <= v { self.partition_index = r.i32()?; }
            if 8 <= v { self.committed_offset = r.i64()?; }
            if 8 <= v { self.committed_leader_epoch = r.i32()?; }
            if 8 <= v { self.metadata = r.nullable_string()?; }
            if 8 <= v { self.error_code = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, committed_offset, committed_leader_epoch, metadata, error_code } = self;
            if 8 <= v { w.i32(*partition_index); }
            if 8 <= v { w.i64(*committed_offset); }
            if 8 <= v { w.i32(*committed_leader_epoch); }
            if 8 <= v { w.nullable_string(metadata.as_deref()); }
            if 8 <= v { w.i16(*error_code); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 8 <= v { m.partition_index = s.i32("partition_index"); }
            if 8 <= v { m.committed_offset = s.i64("committed_offset"); }
            if 8 <= v { m.committed_leader_epoch = s.i32("committed_leader_epoch"); }
            if 8 <= v { m.metadata = if s.null("metadata") { None } else { Some(s.string("metadata")) }; }
            if 8 <= v { m.error_code = s.i16("error_code"); }
            m
        }
    }
}
pub use response::OffsetFetchResponse;
