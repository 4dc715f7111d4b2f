//! ShareFetch (API key 78), versions 1 to 2. Generated from `net/schema/share_fetch.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ShareFetch request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareFetchRequest {
        /// Every version.
        pub group_id: Option<Str>,
        /// Every version.
        pub member_id: Option<Str>,
        /// Every version.
        pub share_session_epoch: i32,
        /// Every version.
        pub max_wait_ms: i32,
        /// Every version.
        pub min_bytes: i32,
        /// Every version.
        pub max_bytes: i32,
        /// Every version.
        pub max_records: i32,
        /// Every version.
        pub batch_size: i32,
        /// Version 2 and later.
        pub share_acquire_mode: i8,
        /// Version 2 and later.
        pub is_renew_ack: bool,
        /// Every version.
        pub topics: Vec<FetchTopic>,
        /// Every version.
        pub forgotten_topics_data: Vec<ForgottenTopic>,
    }

    impl Default for ShareFetchRequest {
        fn default() -> Self {
            Self {
                group_id: None,
                member_id: Some(Str::new()),
                share_session_epoch: 0,
                max_wait_ms: 0,
                min_bytes: 0,
                max_bytes: 0x7fffffff,
                max_records: 0,
                batch_size: 0,
                share_acquire_mode: 0,
                is_renew_ack: false,
                topics: Vec::new(),
                forgotten_topics_data: Vec::new(),
            }
        }
    }

    impl Message for ShareFetchRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.share_acquire_mode = 0;
            self.is_renew_ack = false;
            self.group_id = r.nullable_string()?;
            self.member_id = r.nullable_string()?;
            self.share_session_epoch = r.i32()?;
            self.max_wait_ms = r.i32()?;
            self.min_bytes = r.i32()?;
            self.max_bytes = r.i32()?;
            self.max_records = r.i32()?;
            self.batch_size = r.i32()?;
            if 2 <= v { self.share_acquire_mode = r.i8()?; }
            if 2 <= v { self.is_renew_ack = r.bool()?; }
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            r.array_into(&mut self.forgotten_topics_data, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, member_id, share_session_epoch, max_wait_ms, min_bytes, max_bytes, max_records, batch_size, share_acquire_mode, is_renew_ack, topics, forgotten_topics_data } = self;
            w.nullable_string(group_id.as_deref());
            w.nullable_string(member_id.as_deref());
            w.i32(*share_session_epoch);
            w.i32(*max_wait_ms);
            w.i32(*min_bytes);
            w.i32(*max_bytes);
            w.i32(*max_records);
            w.i32(*batch_size);
            if 2 <= v { w.i8(*share_acquire_mode); }
            if 2 <= v { w.bool(*is_renew_ack); }
            w.array(topics, |w, x| x.encode(w, v));
            w.array(forgotten_topics_data, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = if s.null("group_id") { None } else { Some(s.string("group_id")) };
            m.member_id = if s.null("member_id") { None } else { Some(s.string("member_id")) };
            m.share_session_epoch = s.i32("share_session_epoch");
            m.max_wait_ms = s.i32("max_wait_ms");
            m.min_bytes = s.i32("min_bytes");
            m.max_bytes = s.i32("max_bytes");
            m.max_records = s.i32("max_records");
            m.batch_size = s.i32("batch_size");
            if 2 <= v { m.share_acquire_mode = s.i8("share_acquire_mode"); }
            if 2 <= v { m.is_renew_ack = s.bool("is_renew_ack"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m.forgotten_topics_data = (0..s.length("forgotten_topics_data")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `FetchTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchTopic {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<FetchPartition>,
    }

    impl Default for FetchTopic {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for FetchTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { topic_id, partitions } = self;
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
            m.topic_id = s.uuid("topic_id");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `FetchPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchPartition {
        /// Every version.
        pub partition_index: i32,
        /// Versions 1 to 0.
        pub partition_max_bytes: i32,
        /// Every version.
        pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    }

    impl Default for FetchPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                partition_max_bytes: 0,
                acknowledgement_batches: Vec::new(),
            }
        }
    }

    impl Message for FetchPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_max_bytes = 0;
            self.partition_index = r.i32()?;
            if v <= 0 { self.partition_max_bytes = r.i32()?; }
            r.array_into(&mut self.acknowledgement_batches, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, partition_max_bytes, acknowledgement_batches } = self;
            w.i32(*partition_index);
            if v <= 0 { w.i32(*partition_max_bytes); }
            w.array(acknowledgement_batches, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            if v <= 0 { m.partition_max_bytes = s.i32("partition_max_bytes"); }
            m.acknowledgement_batches = (0..s.length("acknowledgement_batches")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AcknowledgementBatch`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AcknowledgementBatch {
        /// Every version.
        pub first_offset: i64,
        /// Every version.
        pub last_offset: i64,
        /// Every version.
        pub acknowledge_types: Vec<i8>,
    }

    impl Default for AcknowledgementBatch {
        fn default() -> Self {
            Self {
                first_offset: 0,
                last_offset: 0,
                acknowledge_types: Vec::new(),
            }
        }
    }

    impl Message for AcknowledgementBatch {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.first_offset = r.i64()?;
            self.last_offset = r.i64()?;
            r.array_into(&mut self.acknowledge_types, |r, x| { *x = r.i8()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { first_offset, last_offset, acknowledge_types } = self;
            w.i64(*first_offset);
            w.i64(*last_offset);
            w.array(acknowledge_types, |w, x| w.i8(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.first_offset = s.i64("first_offset");
            m.last_offset = s.i64("last_offset");
            m.acknowledge_types = (0..s.length("acknowledge_types")).map(|_| s.i8("acknowledge_types")).collect();
            m
        }
    }

    /// A part of the request: `ForgottenTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ForgottenTopic {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for ForgottenTopic {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ForgottenTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = r.uuid()?;
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
            let Self { topic_id, partitions } = self;
            w.uuid(*topic_id);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_id = s.uuid("topic_id");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }
}
pub use request::ShareFetchRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ShareFetch response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareFetchResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub acquisition_lock_timeout_ms: i32,
        /// Every version.
        pub responses: Vec<ShareFetchableTopicResponse>,
        /// Every version.
        pub node_endpoints: Vec<NodeEndpoint>,
    }

    impl Default for ShareFetchResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: None,
                acquisition_lock_timeout_ms: 0,
                responses: Vec::new(),
                node_endpoints: Vec::new(),
            }
        }
    }

    impl Message for ShareFetchResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.acquisition_lock_timeout_ms = r.i32()?;
            r.array_into(&mut self.responses, |r, x| x.read(r, v))?;
            r.array_into(&mut self.node_endpoints, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, acquisition_lock_timeout_ms, responses, node_endpoints } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.i32(*acquisition_lock_timeout_ms);
            w.array(responses, |w, x| x.encode(w, v));
            w.array(node_endpoints, |w, x| x.encode(w, v));
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
            m.acquisition_lock_timeout_ms = s.i32("acquisition_lock_timeout_ms");
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            m.node_endpoints = (0..s.length("node_endpoints")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ShareFetchableTopicResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareFetchableTopicResponse {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for ShareFetchableTopicResponse {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ShareFetchableTopicResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { topic_id, partitions } = self;
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
            m.topic_id = s.uuid("topic_id");
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
        pub error_message: Option<Str>,
        /// Every version.
        pub acknowledge_error_code: i16,
        /// Every version.
        pub acknowledge_error_message: Option<Str>,
        /// Every version.
        pub current_leader: LeaderIdAndEpoch,
        /// Every version.
        pub records: Option<Bytes>,
        /// Every version.
        pub acquired_records: Vec<AcquiredRecords>,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                error_message: None,
                acknowledge_error_code: 0,
                acknowledge_error_message: None,
                current_leader: LeaderIdAndEpoch::default(),
                records: Some(Bytes::new()),
                acquired_records: Vec::new(),
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.acknowledge_error_code = r.i16()?;
            self.acknowledge_error_message = r.nullable_string()?;
            self.current_leader.read(r, v)?;
            self.records = if v <= 0 { r.nullable_bytes()? } else { Some(r.bytes()?) };
            r.array_into(&mut self.acquired_records, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, error_message, acknowledge_error_code, acknowledge_error_message, current_leader, records, acquired_records } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.i16(*acknowledge_error_code);
            w.nullable_string(acknowledge_error_message.as_deref());
            current_leader.encode(w, v);
            if v <= 0 { w.nullable_bytes(records.as_deref()) } else { w.bytes(records.as_deref().unwrap_or_default()) };
            w.array(acquired_records, |w, x| x.encode(w, v));
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
            m.acknowledge_error_code = s.i16("acknowledge_error_code");
            m.acknowledge_error_message = if s.null("acknowledge_error_message") { None } else { Some(s.string("acknowledge_error_message")) };
            m.current_leader = Message::sample(s, v);
            m.records = if v <= 0 && s.null("records") { None } else { Some(s.bytes("records")) };
            m.acquired_records = (0..s.length("acquired_records")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `LeaderIdAndEpoch`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaderIdAndEpoch {
        /// Every version.
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
    }

    impl Default for LeaderIdAndEpoch {
        fn default() -> Self {
            Self {
                leader_id: 0,
                leader_epoch: 0,
            }
        }
    }

    impl Message for LeaderIdAndEpoch {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.leader_id = r.i32()?;
            self.leader_epoch = r.i32()?;
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
            w.i32(*leader_id);
            w.i32(*leader_epoch);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.leader_id = s.i32("leader_id");
            m.leader_epoch = s.i32("leader_epoch");
            m
        }
    }

    /// A part of the response: `AcquiredRecords`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AcquiredRecords {
        /// Every version.
        pub first_offset: i64,
        /// Every version.
        pub last_offset: i64,
        /// Every version.
        pub delivery_count: i16,
    }

    impl Default for AcquiredRecords {
        fn default() -> Self {
            Self {
                first_offset: 0,
                last_offset: 0,
                delivery_count: 0,
            }
        }
    }

    impl Message for AcquiredRecords {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.first_offset = r.i64()?;
            self.last_offset = r.i64()?;
            self.delivery_count = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { first_offset, last_offset, delivery_count } = self;
            w.i64(*first_offset);
            w.i64(*last_offset);
            w.i16(*delivery_count);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.first_offset = s.i64("first_offset");
            m.last_offset = s.i64("last_offset");
            m.delivery_count = s.i16("delivery_count");
            m
        }
    }

    /// A part of the response: `NodeEndpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NodeEndpoint {
        /// Every version.
        pub node_id: i32,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: i32,
        /// Every version.
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
            self.node_id = r.i32()?;
            self.host = r.string()?;
            self.port = r.i32()?;
            self.rack = r.nullable_string()?;
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
            w.i32(*node_id);
            w.string(host);
            w.i32(*port);
            w.nullable_string(rack.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.node_id = s.i32("node_id");
            m.host = s.string("host");
            m.port = s.i32("port");
            m.rack = if s.null("rack") { None } else { Some(s.string("rack")) };
            m
        }
    }
}
pub use response::ShareFetchResponse;
