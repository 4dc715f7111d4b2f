//! TxnOffsetCommit (API key 28), versions 0 to 5. Generated from `net/schema/txn_offset_commit.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's TxnOffsetCommit request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TxnOffsetCommitRequest {
        /// Every version.
        pub transactional_id: Str,
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i16,
        /// Version 3 and later.
        pub generation_id_or_member_epoch: i32,
        /// Version 3 and later.
        pub member_id: Str,
        /// Version 3 and later.
        pub group_instance_id: Option<Str>,
        /// Every version.
        pub topics: Vec<TxnOffsetCommitRequestTopic>,
    }

    impl Default for TxnOffsetCommitRequest {
        fn default() -> Self {
            Self {
                transactional_id: Str::new(),
                group_id: Str::new(),
                producer_id: 0,
                producer_epoch: 0,
                generation_id_or_member_epoch: -1,
                member_id: Str::new(),
                group_instance_id: None,
                topics: Vec::new(),
            }
        }
    }

    impl Message for TxnOffsetCommitRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.generation_id_or_member_epoch = -1;
            self.member_id = Str::new();
            self.group_instance_id = None;
            self.transactional_id = r.string()?;
            self.group_id = r.string()?;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i16()?;
            if 3 <= v { self.generation_id_or_member_epoch = r.i32()?; }
            if 3 <= v { self.member_id = r.string()?; }
            if 3 <= v { self.group_instance_id = r.nullable_string()?; }
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
            let Self { transactional_id, group_id, producer_id, producer_epoch, generation_id_or_member_epoch, member_id, group_instance_id, topics } = self;
            w.string(transactional_id);
            w.string(group_id);
            w.i64(*producer_id);
            w.i16(*producer_epoch);
            if 3 <= v { w.i32(*generation_id_or_member_epoch); }
            if 3 <= v { w.string(member_id); }
            if 3 <= v { w.nullable_string(group_instance_id.as_deref()); }
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.transactional_id = s.string("transactional_id");
            m.group_id = s.string("group_id");
            m.producer_id = s.i64("producer_id");
            m.producer_epoch = s.i16("producer_epoch");
            if 3 <= v { m.generation_id_or_member_epoch = s.i32("generation_id_or_member_epoch"); }
            if 3 <= v { m.member_id = s.string("member_id"); }
            if 3 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `TxnOffsetCommitRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TxnOffsetCommitRequestTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<TxnOffsetCommitRequestPartition>,
    }

    impl Default for TxnOffsetCommitRequestTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TxnOffsetCommitRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
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
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `TxnOffsetCommitRequestPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TxnOffsetCommitRequestPartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub committed_offset: i64,
        /// Version 2 and later.
        pub committed_leader_epoch: i32,
        /// Every version.
        pub committed_metadata: Option<Str>,
    }

    impl Default for TxnOffsetCommitRequestPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                committed_offset: 0,
                committed_leader_epoch: -1,
                committed_metadata: Some(Str::new()),
            }
        }
    }

    impl Message for TxnOffsetCommitRequestPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.committed_leader_epoch = -1;
            self.partition_index = r.i32()?;
            self.committed_offset = r.i64()?;
            if 2 <= v { self.committed_leader_epoch = r.i32()?; }
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
            if 2 <= v { w.i32(*committed_leader_epoch); }
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
            if 2 <= v { m.committed_leader_epoch = s.i32("committed_leader_epoch"); }
            m.committed_metadata = if s.null("committed_metadata") { None } else { Some(s.string("committed_metadata")) };
            m
        }
    }
}
pub use request::TxnOffsetCommitRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's TxnOffsetCommit response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TxnOffsetCommitResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<TxnOffsetCommitResponseTopic>,
    }

    impl Default for TxnOffsetCommitResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for TxnOffsetCommitResponse {
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

    /// A part of the response: `TxnOffsetCommitResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TxnOffsetCommitResponseTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<TxnOffsetCommitResponsePartition>,
    }

    impl Default for TxnOffsetCommitResponseTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TxnOffsetCommitResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
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
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `TxnOffsetCommitResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TxnOffsetCommitResponsePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for TxnOffsetCommitResponsePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
            }
        }
    }

    impl Message for TxnOffsetCommitResponsePartition {
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
pub use response::TxnOffsetCommitResponse;
