//! Produce (API key 0), versions 3 to 13. Generated from `net/schema/produce.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's Produce request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ProduceRequest {
        /// Every version.
        pub transactional_id: Option<Str>,
        /// Every version.
        pub acks: i16,
        /// Every version.
        pub timeout_ms: i32,
        /// Every version.
        pub topic_data: Vec<TopicProduceData>,
    }

    impl Default for ProduceRequest {
        fn default() -> Self {
            Self {
                transactional_id: None,
                acks: 0,
                timeout_ms: 0,
                topic_data: Vec::new(),
            }
        }
    }

    impl Message for ProduceRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactional_id = r.nullable_string()?;
            self.acks = r.i16()?;
            self.timeout_ms = r.i32()?;
            r.array_into(&mut self.topic_data, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, acks, timeout_ms, topic_data } = self;
            w.nullable_string(transactional_id.as_deref());
            w.i16(*acks);
            w.i32(*timeout_ms);
            w.array(topic_data, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.transactional_id = if s.null("transactional_id") { None } else { Some(s.string("transactional_id")) };
            m.acks = s.i16("acks");
            m.timeout_ms = s.i32("timeout_ms");
            m.topic_data = (0..s.length("topic_data")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `TopicProduceData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicProduceData {
        /// Versions 3 to 12.
        pub name: Str,
        /// Version 13 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub partition_data: Vec<PartitionProduceData>,
    }

    impl Default for TopicProduceData {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                partition_data: Vec::new(),
            }
        }
    }

    impl Message for TopicProduceData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.topic_id = Uuid::ZERO;
            if v <= 12 { self.name = r.string()?; }
            if 13 <= v { self.topic_id = r.uuid()?; }
            r.array_into(&mut self.partition_data, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, topic_id, partition_data } = self;
            if v <= 12 { w.string(name); }
            if 13 <= v { w.uuid(*topic_id); }
            w.array(partition_data, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 12 { m.name = s.string("name"); }
            if 13 <= v { m.topic_id = s.uuid("topic_id"); }
            m.partition_data = (0..s.length("partition_data")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `PartitionProduceData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionProduceData {
        /// Every version.
        pub index: i32,
        /// Every version.
        pub records: Option<Bytes>,
    }

    impl Default for PartitionProduceData {
        fn default() -> Self {
            Self {
                index: 0,
                records: Some(Bytes::new()),
            }
        }
    }

    impl Message for PartitionProduceData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.index = r.i32()?;
            self.records = r.nullable_bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { index, records } = self;
            w.i32(*index);
            w.nullable_bytes(records.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.index = s.i32("index");
            m.records = if s.null("records") { None } else { Some(s.bytes("records")) };
            m
        }
    }
}
pub use request::ProduceRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's Produce response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ProduceResponse {
        /// Every version.
        pub responses: Vec<TopicProduceResponse>,
        /// Every version.
        pub throttle_time_ms: i32,
        /// Version 10 and later, tag 0.
        pub node_endpoints: Vec<NodeEndpoint>,
    }

    impl Default for ProduceResponse {
        fn default() -> Self {
            Self {
                responses: Vec::new(),
                throttle_time_ms: 0,
                node_endpoints: Vec::new(),
            }
        }
    }

    impl Message for ProduceResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.node_endpoints.clear();
            r.array_into(&mut self.responses, |r, x| x.read(r, v))?;
            self.throttle_time_ms = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 10 <= v => r.array_into(&mut self.node_endpoints, |r, x| x.read(r, v))?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { responses, throttle_time_ms, node_endpoints } = self;
            w.array(responses, |w, x| x.encode(w, v));
            w.i32(*throttle_time_ms);
            let _ = node_endpoints;
            w.tagged(|tags| {
                let _ = &tags;
                if 10 <= v && *node_endpoints != Vec::new() { tags.put(0, |w| w.array(node_endpoints, |w, x| x.encode(w, v))); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            if 10 <= v { m.node_endpoints = (0..s.length("node_endpoints")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `TopicProduceResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicProduceResponse {
        /// Versions 3 to 12.
        pub name: Str,
        /// Version 13 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub partition_responses: Vec<PartitionProduceResponse>,
    }

    impl Default for TopicProduceResponse {
        fn default() -> Self {
            Self {
                name: Str::new(),
                topic_id: Uuid::ZERO,
                partition_responses: Vec::new(),
            }
        }
    }

    impl Message for TopicProduceResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.topic_id = Uuid::ZERO;
            if v <= 12 { self.name = r.string()?; }
            if 13 <= v { self.topic_id = r.uuid()?; }
            r.array_into(&mut self.partition_responses, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, topic_id, partition_responses } = self;
            if v <= 12 { w.string(name); }
            if 13 <= v { w.uuid(*topic_id); }
            w.array(partition_responses, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 12 { m.name = s.string("name"); }
            if 13 <= v { m.topic_id = s.uuid("topic_id"); }
            m.partition_responses = (0..s.length("partition_responses")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `PartitionProduceResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionProduceResponse {
        /// Every version.
        pub index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub base_offset: i64,
        /// Every version.
        pub log_append_time_ms: i64,
        /// Version 5 and later.
        pub log_start_offset: i64,
        /// Version 8 and later.
        pub record_errors: Vec<BatchIndexAndErrorMessage>,
        /// Version 8 and later.
        pub error_message: Option<Str>,
        /// Version 10 and later, tag 0.
        pub current_leader: LeaderIdAndEpoch,
    }

    impl Default for PartitionProduceResponse {
        fn default() -> Self {
            Self {
                index: 0,
                error_code: 0,
                base_offset: 0,
                log_append_time_ms: -1,
                log_start_offset: -1,
                record_errors: Vec::new(),
                error_message: None,
                current_leader: LeaderIdAndEpoch::default(),
            }
        }
    }

    impl Message for PartitionProduceResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.log_start_offset = -1;
            self.record_errors.clear();
            self.error_message = None;
            self.current_leader = LeaderIdAndEpoch::default();
            self.index = r.i32()?;
            self.error_code = r.i16()?;
            self.base_offset = r.i64()?;
            self.log_append_time_ms = r.i64()?;
            if 5 <= v { self.log_start_offset = r.i64()?; }
            if 8 <= v { r.array_into(&mut self.record_errors, |r, x| x.read(r, v))?; }
            if 8 <= v { self.error_message = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 10 <= v => self.current_leader.read(r, v)?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { index, error_code, base_offset, log_append_time_ms, log_start_offset, record_errors, error_message, current_leader } = self;
            w.i32(*index);
            w.i16(*error_code);
            w.i64(*base_offset);
            w.i64(*log_append_time_ms);
            if 5 <= v { w.i64(*log_start_offset); }
            if 8 <= v { w.array(record_errors, |w, x| x.encode(w, v)); }
            if 8 <= v { w.nullable_string(error_message.as_deref()); }
            let _ = current_leader;
            w.tagged(|tags| {
                let _ = &tags;
                if 10 <= v && *current_leader != LeaderIdAndEpoch::default() { tags.put(0, |w| current_leader.encode(w, v)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.index = s.i32("index");
            m.error_code = s.i16("error_code");
            m.base_offset = s.i64("base_offset");
            m.log_append_time_ms = s.i64("log_append_time_ms");
            if 5 <= v { m.log_start_offset = s.i64("log_start_offset"); }
            if 8 <= v { m.record_errors = (0..s.length("record_errors")).map(|_| Message::sample(s, v)).collect(); }
            if 8 <= v { m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            if 10 <= v { m.current_leader = Message::sample(s, v); }
            m
        }
    }

    /// A part of the response: `BatchIndexAndErrorMessage`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BatchIndexAndErrorMessage {
        /// Version 8 and later.
        pub batch_index: i32,
        /// Version 8 and later.
        pub batch_index_error_message: Option<Str>,
    }

    impl Default for BatchIndexAndErrorMessage {
        fn default() -> Self {
            Self {
                batch_index: 0,
                batch_index_error_message: None,
            }
        }
    }

    impl Message for BatchIndexAndErrorMessage {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.batch_index = 0;
            self.batch_index_error_message = None;
            if 8 <= v { self.batch_index = r.i32()?; }
            if 8 <= v { self.batch_index_error_message = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { batch_index, batch_index_error_message } = self;
            if 8 <= v { w.i32(*batch_index); }
            if 8 <= v { w.nullable_string(batch_index_error_message.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 8 <= v { m.batch_index = s.i32("batch_index"); }
            if 8 <= v { m.batch_index_error_message = if s.null("batch_index_error_message") { None } else { Some(s.string("batch_index_error_message")) }; }
            m
        }
    }

    /// A part of the response: `LeaderIdAndEpoch`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaderIdAndEpoch {
        /// Version 10 and later.
        pub leader_id: i32,
        /// Version 10 and later.
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
            if 10 <= v { self.leader_id = r.i32()?; }
            if 10 <= v { self.leader_epoch = r.i32()?; }
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
            if 10 <= v { w.i32(*leader_id); }
            if 10 <= v { w.i32(*leader_epoch); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 10 <= v { m.leader_id = s.i32("leader_id"); }
            if 10 <= v { m.leader_epoch = s.i32("leader_epoch"); }
            m
        }
    }

    /// A part of the response: `NodeEndpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NodeEndpoint {
        /// Version 10 and later.
        pub node_id: i32,
        /// Version 10 and later.
        pub host: Str,
        /// Version 10 and later.
        pub port: i32,
        /// Version 10 and later.
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
            if 10 <= v { self.node_id = r.i32()?; }
            if 10 <= v { self.host = r.string()?; }
            if 10 <= v { self.port = r.i32()?; }
            if 10 <= v { self.rack = r.nullable_string()?; }
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
            if 10 <= v { w.i32(*node_id); }
            if 10 <= v { w.string(host); }
            if 10 <= v { w.i32(*port); }
            if 10 <= v { w.nullable_string(rack.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 10 <= v { m.node_id = s.i32("node_id"); }
            if 10 <= v { m.host = s.string("host"); }
            if 10 <= v { m.port = s.i32("port"); }
            if 10 <= v { m.rack = if s.null("rack") { None } else { Some(s.string("rack")) }; }
            m
        }
    }
}
pub use response::ProduceResponse;
