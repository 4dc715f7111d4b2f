//! Fetch (API key 1), versions 4 to 18. Generated from `net/schema/fetch.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's Fetch request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchRequest {
        /// Version 12 and later, tag 0.
        pub cluster_id: Option<Str>,
        /// Versions 4 to 14.
        pub replica_id: i32,
        /// Version 15 and later, tag 1.
        pub replica_state: ReplicaState,
        /// Every version.
        pub max_wait_ms: i32,
        /// Every version.
        pub min_bytes: i32,
        /// Every version.
        pub max_bytes: i32,
        /// Every version.
        pub isolation_level: i8,
        /// Version 7 and later.
        pub session_id: i32,
        /// Version 7 and later.
        pub session_epoch: i32,
        /// Every version.
        pub topics: Vec<FetchTopic>,
        /// Version 7 and later.
        pub forgotten_topics_data: Vec<ForgottenTopic>,
        /// Version 11 and later.
        pub rack_id: Str,
    }

    impl Default for FetchRequest {
        fn default() -> Self {
            Self {
                cluster_id: None,
                replica_id: -1,
                replica_state: ReplicaState::default(),
                max_wait_ms: 0,
                min_bytes: 0,
                max_bytes: 0x7fffffff,
                isolation_level: 0,
                session_id: 0,
                session_epoch: -1,
                topics: Vec::new(),
                forgotten_topics_data: Vec::new(),
                rack_id: Str::new(),
            }
        }
    }

    impl Message for FetchRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.cluster_id = None;
            self.replica_id = -1;
            self.replica_state = ReplicaState::default();
            self.session_id = 0;
            self.session_epoch = -1;
            self.forgotten_topics_data.clear();
            self.rack_id = Str::new();
            if v <= 14 { self.replica_id = r.i32()?; }
            self.max_wait_ms = r.i32()?;
            self.min_bytes = r.i32()?;
            self.max_bytes = r.i32()?;
            self.isolation_level = r.i8()?;
            if 7 <= v { self.session_id = r.i32()?; }
            if 7 <= v { self.session_epoch = r.i32()?; }
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            if 7 <= v { r.array_into(&mut self.forgotten_topics_data, |r, x| x.read(r, v))?; }
            if 11 <= v { self.rack_id = r.string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 12 <= v => self.cluster_id = r.nullable_string()?,
                    1 if 15 <= v => self.replica_state.read(r, v)?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { cluster_id, replica_id, replica_state, max_wait_ms, min_bytes, max_bytes, isolation_level, session_id, session_epoch, topics, forgotten_topics_data, rack_id } = self;
            let _ = cluster_id;
            if v <= 14 { w.i32(*replica_id); }
            let _ = replica_state;
            w.i32(*max_wait_ms);
            w.i32(*min_bytes);
            w.i32(*max_bytes);
            w.i8(*isolation_level);
            if 7 <= v { w.i32(*session_id); }
            if 7 <= v { w.i32(*session_epoch); }
            w.array(topics, |w, x| x.encode(w, v));
            if 7 <= v { w.array(forgotten_topics_data, |w, x| x.encode(w, v)); }
            if 11 <= v { w.string(rack_id); }
            w.tagged(|tags| {
                let _ = &tags;
                if 12 <= v && *cluster_id != None { tags.put(0, |w| w.nullable_string(cluster_id.as_deref())); }
                if 15 <= v && *replica_state != ReplicaState::default() { tags.put(1, |w| replica_state.encode(w, v)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 12 <= v { m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) }; }
            if v <= 14 { m.replica_id = s.i32("replica_id"); }
            if 15 <= v { m.replica_state = Message::sample(s, v); }
            m.max_wait_ms = s.i32("max_wait_ms");
            m.min_bytes = s.i32("min_bytes");
            m.max_bytes = s.i32("max_bytes");
            m.isolation_level = s.i8("isolation_level");
            if 7 <= v { m.session_id = s.i32("session_id"); }
            if 7 <= v { m.session_epoch = s.i32("session_epoch"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 7 <= v { m.forgotten_topics_data = (0..s.length("forgotten_topics_data")).map(|_| Message::sample(s, v)).collect(); }
            if 11 <= v { m.rack_id = s.string("rack_id"); }
            m
        }
    }

    /// A part of the request: `ReplicaState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReplicaState {
        /// Version 15 and later.
        pub replica_id: i32,
        /// Version 15 and later.
        pub replica_epoch: i64,
    }

    impl Default for ReplicaState {
        fn default() -> Self {
            Self {
                replica_id: -1,
                replica_epoch: -1,
            }
        }
    }

    impl Message for ReplicaState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.replica_id = -1;
            self.replica_epoch = -1;
            if 15 <= v { self.replica_id = r.i32()?; }
            if 15 <= v { self.replica_epoch = r.i64()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { replica_id, replica_epoch } = self;
            if 15 <= v { w.i32(*replica_id); }
            if 15 <= v { w.i64(*replica_epoch); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 15 <= v { m.replica_id = s.i32("replica_id"); }
            if 15 <= v { m.replica_epoch = s.i64("replica_epoch"); }
            m
        }
    }

    /// A part of the request: `FetchTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchTopic {
        /// Versions 4 to 12.
        pub topic: Str,
        /// Version 13 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<FetchPartition>,
    }

    impl Default for FetchTopic {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for FetchTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = Str::new();
            self.topic_id = Uuid::ZERO;
            if v <= 12 { self.topic = r.string()?; }
            if 13 <= v { self.topic_id = r.uuid()?; }
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
            let Self { topic, topic_id, partitions } = self;
            if v <= 12 { w.string(topic); }
            if 13 <= v { w.uuid(*topic_id); }
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 12 { m.topic = s.string("topic"); }
            if 13 <= v { m.topic_id = s.uuid("topic_id"); }
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `FetchPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchPartition {
        /// Every version.
        pub partition: i32,
        /// Version 9 and later.
        pub current_leader_epoch: i32,
        /// Every version.
        pub fetch_offset: i64,
        /// Version 12 and later.
        pub last_fetched_epoch: i32,
        /// Version 5 and later.
        pub log_start_offset: i64,
        /// Every version.
        pub partition_max_bytes: i32,
        /// Version 17 and later, tag 0.
        pub replica_directory_id: Uuid,
        /// Version 18 and later, tag 1.
        pub high_watermark: i64,
    }

    impl Default for FetchPartition {
        fn default() -> Self {
            Self {
                partition: 0,
                current_leader_epoch: -1,
                fetch_offset: 0,
                last_fetched_epoch: -1,
                log_start_offset: -1,
                partition_max_bytes: 0,
                replica_directory_id: Uuid::ZERO,
                high_watermark: 9223372036854775807,
            }
        }
    }

    impl Message for FetchPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.current_leader_epoch = -1;
            self.last_fetched_epoch = -1;
            self.log_start_offset = -1;
            self.replica_directory_id = Uuid::ZERO;
            self.high_watermark = 9223372036854775807;
            self.partition = r.i32()?;
            if 9 <= v { self.current_leader_epoch = r.i32()?; }
            self.fetch_offset = r.i64()?;
            if 12 <= v { self.last_fetched_epoch = r.i32()?; }
            if 5 <= v { self.log_start_offset = r.i64()?; }
            self.partition_max_bytes = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 17 <= v => self.replica_directory_id = r.uuid()?,
                    1 if 18 <= v => self.high_watermark = r.i64()?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition, current_leader_epoch, fetch_offset, last_fetched_epoch, log_start_offset, partition_max_bytes, replica_directory_id, high_watermark } = self;
            w.i32(*partition);
            if 9 <= v { w.i32(*current_leader_epoch); }
            w.i64(*fetch_offset);
            if 12 <= v { w.i32(*last_fetched_epoch); }
            if 5 <= v { w.i64(*log_start_offset); }
            w.i32(*partition_max_bytes);
            let _ = replica_directory_id;
            let _ = high_watermark;
            w.tagged(|tags| {
                let _ = &tags;
                if 17 <= v && *replica_directory_id != Uuid::ZERO { tags.put(0, |w| w.uuid(*replica_directory_id)); }
                if 18 <= v && *high_watermark != 9223372036854775807 { tags.put(1, |w| w.i64(*high_watermark)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition = s.i32("partition");
            if 9 <= v { m.current_leader_epoch = s.i32("current_leader_epoch"); }
            m.fetch_offset = s.i64("fetch_offset");
            if 12 <= v { m.last_fetched_epoch = s.i32("last_fetched_epoch"); }
            if 5 <= v { m.log_start_offset = s.i64("log_start_offset"); }
            m.partition_max_bytes = s.i32("partition_max_bytes");
            if 17 <= v { m.replica_directory_id = s.uuid("replica_directory_id"); }
            if 18 <= v { m.high_watermark = s.i64("high_watermark"); }
            m
        }
    }

    /// A part of the request: `ForgottenTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ForgottenTopic {
        /// Versions 7 to 12.
        pub topic: Str,
        /// Version 13 and later.
        pub topic_id: Uuid,
        /// Version 7 and later.
        pub partitions: Vec<i32>,
    }

    impl Default for ForgottenTopic {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ForgottenTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = Str::new();
            self.topic_id = Uuid::ZERO;
            self.partitions.clear();
            if (7..=12).contains(&v) { self.topic = r.string()?; }
            if 13 <= v { self.topic_id = r.uuid()?; }
            if 7 <= v { r.array_into(&mut self.partitions, |r, x| { *x = r.i32()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic, topic_id, partitions } = self;
            if (7..=12).contains(&v) { w.string(topic); }
            if 13 <= v { w.uuid(*topic_id); }
            if 7 <= v { w.array(partitions, |w, x| w.i32(*x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if (7..=12).contains(&v) { m.topic = s.string("topic"); }
            if 13 <= v { m.topic_id = s.uuid("topic_id"); }
            if 7 <= v { m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect(); }
            m
        }
    }
}
pub use request::FetchRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's Fetch response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Version 7 and later.
        pub error_code: i16,
        /// Version 7 and later.
        pub session_id: i32,
        /// Every version.
        pub responses: Vec<FetchableTopicResponse>,
        /// Version 16 and later, tag 0.
        pub node_endpoints: Vec<NodeEndpoint>,
    }

    impl Default for FetchResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                session_id: 0,
                responses: Vec::new(),
                node_endpoints: Vec::new(),
            }
        }
    }

    impl Message for FetchResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = 0;
            self.session_id = 0;
            self.node_endpoints.clear();
            self.throttle_time_ms = r.i32()?;
            if 7 <= v { self.error_code = r.i16()?; }
            if 7 <= v { self.session_id = r.i32()?; }
            r.array_into(&mut self.responses, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 16 <= v => r.array_into(&mut self.node_endpoints, |r, x| x.read(r, v))?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, session_id, responses, node_endpoints } = self;
            w.i32(*throttle_time_ms);
            if 7 <= v { w.i16(*error_code); }
            if 7 <= v { w.i32(*session_id); }
            w.array(responses, |w, x| x.encode(w, v));
            let _ = node_endpoints;
            w.tagged(|tags| {
                let _ = &tags;
                if 16 <= v && *node_endpoints != Vec::new() { tags.put(0, |w| w.array(node_endpoints, |w, x| x.encode(w, v))); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            if 7 <= v { m.error_code = s.i16("error_code"); }
            if 7 <= v { m.session_id = s.i32("session_id"); }
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            if 16 <= v { m.node_endpoints = (0..s.length("node_endpoints")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `FetchableTopicResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchableTopicResponse {
        /// Versions 4 to 12.
        pub topic: Str,
        /// Version 13 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for FetchableTopicResponse {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for FetchableTopicResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = Str::new();
            self.topic_id = Uuid::ZERO;
            if v <= 12 { self.topic = r.string()?; }
            if 13 <= v { self.topic_id = r.uuid()?; }
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
            let Self { topic, topic_id, partitions } = self;
            if v <= 12 { w.string(topic); }
            if 13 <= v { w.uuid(*topic_id); }
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 12 { m.topic = s.string("topic"); }
            if 13 <= v { m.topic_id = s.uuid("topic_id"); }
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `PartitionData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionData {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub high_watermark: i64,
        /// Every version.
        pub last_stable_offset: i64,
        /// Version 5 and later.
        pub log_start_offset: i64,
        /// Version 12 and later, tag 0.
        pub diverging_epoch: EpochEndOffset,
        /// Version 12 and later, tag 1.
        pub current_leader: LeaderIdAndEpoch,
        /// Version 12 and later, tag 2.
        pub snapshot_id: SnapshotId,
        /// Every version.
        pub aborted_transactions: Option<Vec<AbortedTransaction>>,
        /// Version 11 and later.
        pub preferred_read_replica: i32,
        /// Every version.
        pub records: Option<Bytes>,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                high_watermark: 0,
                last_stable_offset: -1,
                log_start_offset: -1,
                diverging_epoch: EpochEndOffset::default(),
                current_leader: LeaderIdAndEpoch::default(),
                snapshot_id: SnapshotId::default(),
                aborted_transactions: Some(Vec::new()),
                preferred_read_replica: -1,
                records: Some(Bytes::new()),
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.log_start_offset = -1;
            self.diverging_epoch = EpochEndOffset::default();
            self.current_leader = LeaderIdAndEpoch::default();
            self.snapshot_id = SnapshotId::default();
            self.preferred_read_replica = -1;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            self.high_watermark = r.i64()?;
            self.last_stable_offset = r.i64()?;
            if 5 <= v { self.log_start_offset = r.i64()?; }
            self.aborted_transactions = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            if 11 <= v { self.preferred_read_replica = r.i32()?; }
            self.records = r.nullable_bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 12 <= v => self.diverging_epoch.read(r, v)?,
                    1 if 12 <= v => self.current_leader.read(r, v)?,
                    2 if 12 <= v => self.snapshot_id.read(r, v)?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, high_watermark, last_stable_offset, log_start_offset, diverging_epoch, current_leader, snapshot_id, aborted_transactions, preferred_read_replica, records } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.i64(*high_watermark);
            w.i64(*last_stable_offset);
            if 5 <= v { w.i64(*log_start_offset); }
            let _ = diverging_epoch;
            let _ = current_leader;
            let _ = snapshot_id;
            w.nullable_array(aborted_transactions.as_deref(), |w, x| x.encode(w, v));
            if 11 <= v { w.i32(*preferred_read_replica); }
            w.nullable_bytes(records.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
                if 12 <= v && *diverging_epoch != EpochEndOffset::default() { tags.put(0, |w| diverging_epoch.encode(w, v)); }
                if 12 <= v && *current_leader != LeaderIdAndEpoch::default() { tags.put(1, |w| current_leader.encode(w, v)); }
                if 12 <= v && *snapshot_id != SnapshotId::default() { tags.put(2, |w| snapshot_id.encode(w, v)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.error_code = s.i16("error_code");
            m.high_watermark = s.i64("high_watermark");
            m.last_stable_offset = s.i64("last_stable_offset");
            if 5 <= v { m.log_start_offset = s.i64("log_start_offset"); }
            if 12 <= v { m.diverging_epoch = Message::sample(s, v); }
            if 12 <= v { m.current_leader = Message::sample(s, v); }
            if 12 <= v { m.snapshot_id = Message::sample(s, v); }
            m.aborted_transactions = if s.null("aborted_transactions") { None } else { Some((0..s.length("aborted_transactions")).map(|_| Message::sample(s, v)).collect()) };
            if 11 <= v { m.preferred_read_replica = s.i32("preferred_read_replica"); }
            m.records = if s.null("records") { None } else { Some(s.bytes("records")) };
            m
        }
    }

    /// A part of the response: `EpochEndOffset`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EpochEndOffset {
        /// Version 12 and later.
        pub epoch: i32,
        /// Version 12 and later.
        pub end_offset: i64,
    }

    impl Default for EpochEndOffset {
        fn default() -> Self {
            Self {
                epoch: -1,
                end_offset: -1,
            }
        }
    }

    impl Message for EpochEndOffset {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.epoch = -1;
            self.end_offset = -1;
            if 12 <= v { self.epoch = r.i32()?; }
            if 12 <= v { self.end_offset = r.i64()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { epoch, end_offset } = self;
            if 12 <= v { w.i32(*epoch); }
            if 12 <= v { w.i64(*end_offset); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 12 <= v { m.epoch = s.i32("epoch"); }
            if 12 <= v { m.end_offset = s.i64("end_offset"); }
            m
        }
    }

    /// A part of the response: `LeaderIdAndEpoch`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaderIdAndEpoch {
        /// Version 12 and later.
        pub leader_id: i32,
        /// Version 12 and later.
        pub leader_epoch: i32,
    }

    impl Default for LeaderIdAndEpoch {
        fn default() -> Self {
            Self {
                leader_id: -1,
                leader_epoch: -1,
            }
        }
    }

    impl Message for LeaderIdAndEpoch {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.leader_id = -1;
            self.leader_epoch = -1;
            if 12 <= v { self.leader_id = r.i32()?; }
            if 12 <= v { self.leader_epoch = r.i32()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { leader_id, leader_epoch } = self;
            if 12 <= v { w.i32(*leader_id); }
            if 12 <= v { w.i32(*leader_epoch); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 12 <= v { m.leader_id = s.i32("leader_id"); }
            if 12 <= v { m.leader_epoch = s.i32("leader_epoch"); }
            m
        }
    }

    /// A part of the response: `SnapshotId`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SnapshotId {
        /// Every version.
        pub end_offset: i64,
        /// Every version.
        pub epoch: i32,
    }

    impl Default for SnapshotId {
        fn default() -> Self {
            Self {
                end_offset: -1,
                epoch: -1,
            }
        }
    }

    impl Message for SnapshotId {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.end_offset = r.i64()?;
            self.epoch = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { end_offset, epoch } = self;
            w.i64(*end_offset);
            w.i32(*epoch);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.end_offset = s.i64("end_offset");
            m.epoch = s.i32("epoch");
            m
        }
    }

    /// A part of the response: `AbortedTransaction`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AbortedTransaction {
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub first_offset: i64,
    }

    impl Default for AbortedTransaction {
        fn default() -> Self {
            Self {
                producer_id: 0,
                first_offset: 0,
            }
        }
    }

    impl Message for AbortedTransaction {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.producer_id = r.i64()?;
            self.first_offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { producer_id, first_offset } = self;
            w.i64(*producer_id);
            w.i64(*first_offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.producer_id = s.i64("producer_id");
            m.first_offset = s.i64("first_offset");
            m
        }
    }

    /// A part of the response: `NodeEndpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NodeEndpoint {
        /// Version 16 and later.
        pub node_id: i32,
        /// Version 16 and later.
        pub host: Str,
        /// Version 16 and later.
        pub port: i32,
        /// Version 16 and later.
        pub rack: Option<Str>,
    }

    impl Default for NodeEndpoint {
        fn default() -> Self {
            Self {
                node_id: 0,
                host: Str::new(),
                port: 0,
                rack: None,
            }
        }
    }

    impl Message for NodeEndpoint {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.node_id = 0;
            self.host = Str::new();
            self.port = 0;
            self.rack = None;
            if 16 <= v { self.node_id = r.i32()?; }
            if 16 <= v { self.host = r.string()?; }
            if 16 <= v { self.port = r.i32()?; }
            if 16 <= v { self.rack = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { node_id, host, port, rack } = self;
            if 16 <= v { w.i32(*node_id); }
            if 16 <= v { w.string(host); }
            if 16 <= v { w.i32(*port); }
            if 16 <= v { w.nullable_string(rack.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 16 <= v { m.node_id = s.i32("node_id"); }
            if 16 <= v { m.host = s.string("host"); }
            if 16 <= v { m.port = s.i32("port"); }
            if 16 <= v { m.rack = if s.null("rack") { None } else { Some(s.string("rack")) }; }
            m
        }
    }
}
pub use response::FetchResponse;
