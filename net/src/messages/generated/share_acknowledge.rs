//! ShareAcknowledge (API key 79), versions 1 to 2. Generated from `net/schema/share_acknowledge.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ShareAcknowledge request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareAcknowledgeRequest {
        /// Every version.
        pub group_id: Option<Str>,
        /// Every version.
        pub member_id: Option<Str>,
        /// Every version.
        pub share_session_epoch: i32,
        /// Version 2 and later.
        pub is_renew_ack: bool,
        /// Every version.
        pub topics: Vec<AcknowledgeTopic>,
    }

    impl Default for ShareAcknowledgeRequest {
        fn default() -> Self {
            Self {
                group_id: None,
                member_id: Some(Str::new()),
                share_session_epoch: 0,
                is_renew_ack: false,
                topics: Vec::new(),
            }
        }
    }

    impl Message for ShareAcknowledgeRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.is_renew_ack = false;
            self.group_id = r.nullable_string()?;
            self.member_id = r.nullable_string()?;
            self.share_session_epoch = r.i32()?;
            if 2 <= v { self.is_renew_ack = r.bool()?; }
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
            let Self { group_id, member_id, share_session_epoch, is_renew_ack, topics } = self;
            w.nullable_string(group_id.as_deref());
            w.nullable_string(member_id.as_deref());
            w.i32(*share_session_epoch);
            if 2 <= v { w.bool(*is_renew_ack); }
            w.array(topics, |w, x| x.encode(w, v));
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
            if 2 <= v { m.is_renew_ack = s.bool("is_renew_ack"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AcknowledgeTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AcknowledgeTopic {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<AcknowledgePartition>,
    }

    impl Default for AcknowledgeTopic {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for AcknowledgeTopic {
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

    /// A part of the request: `AcknowledgePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AcknowledgePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    }

    impl Default for AcknowledgePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                acknowledgement_batches: Vec::new(),
            }
        }
    }

    impl Message for AcknowledgePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
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
            let Self { partition_index, acknowledgement_batches } = self;
            w.i32(*partition_index);
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
}
pub use request::ShareAcknowledgeRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ShareAcknowledge response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareAcknowledgeResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Version 2 and later.
        pub acquisition_lock_timeout_ms: i32,
        /// Every version.
        pub responses: Vec<ShareAcknowledgeTopicResponse>,
        /// Every version.
        pub node_endpoints: Vec<NodeEndpoint>,
    }

    impl Default for ShareAcknowledgeResponse {
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

    impl Message for ShareAcknowledgeResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.acquisition_lock_timeout_ms = 0;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            if 2 <= v { self.acquisition_lock_timeout_ms = r.i32()?; }
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
            if 2 <= v { w.i32(*acquisition_lock_timeout_ms); }
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
            if 2 <= v { m.acquisition_lock_timeout_ms = s.i32("acquisition_lock_timeout_ms"); }
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            m.node_endpoints = (0..s.length("node_endpoints")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ShareAcknowledgeTopicResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareAcknowledgeTopicResponse {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for ShareAcknowledgeTopicResponse {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ShareAcknowledgeTopicResponse {
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
        pub current_leader: LeaderIdAndEpoch,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                error_message: None,
                current_leader: LeaderIdAndEpoch::default(),
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.current_leader.read(r, v)?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, error_message, current_leader } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            current_leader.encode(w, v);
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
            m.current_leader = Message::sample(s, v);
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
pub use response::ShareAcknowledgeResponse;
