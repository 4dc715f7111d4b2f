//! StreamsGroupHeartbeat (API key 88), versions 0 to 0. Generated from `net/schema/streams_group_heartbeat.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's StreamsGroupHeartbeat request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct StreamsGroupHeartbeatRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub member_epoch: i32,
        /// Every version.
        pub endpoint_information_epoch: i32,
        /// Every version.
        pub instance_id: Option<Str>,
        /// Every version.
        pub rack_id: Option<Str>,
        /// Every version.
        pub rebalance_timeout_ms: i32,
        /// Every version.
        pub topology: Option<Topology>,
        /// Every version.
        pub active_tasks: Option<Vec<TaskIds>>,
        /// Every version.
        pub standby_tasks: Option<Vec<TaskIds>>,
        /// Every version.
        pub warmup_tasks: Option<Vec<TaskIds>>,
        /// Every version.
        pub process_id: Option<Str>,
        /// Every version.
        pub user_endpoint: Option<Endpoint>,
        /// Every version.
        pub client_tags: Option<Vec<KeyValue>>,
        /// Every version.
        pub task_offsets: Option<Vec<TaskOffset>>,
        /// Every version.
        pub task_end_offsets: Option<Vec<TaskOffset>>,
        /// Every version.
        pub shutdown_application: bool,
    }

    impl Default for StreamsGroupHeartbeatRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                member_id: Str::new(),
                member_epoch: 0,
                endpoint_information_epoch: 0,
                instance_id: None,
                rack_id: None,
                rebalance_timeout_ms: -1,
                topology: None,
                active_tasks: None,
                standby_tasks: None,
                warmup_tasks: None,
                process_id: None,
                user_endpoint: None,
                client_tags: None,
                task_offsets: None,
                task_end_offsets: None,
                shutdown_application: false,
            }
        }
    }

    impl Message for StreamsGroupHeartbeatRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
            self.member_id = r.string()?;
            self.member_epoch = r.i32()?;
            self.endpoint_information_epoch = r.i32()?;
            self.instance_id = r.nullable_string()?;
            self.rack_id = r.nullable_string()?;
            self.rebalance_timeout_ms = r.i32()?;
            self.topology = r.nullable_struct(|r| Message::decode(r, v))?;
            self.active_tasks = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.standby_tasks = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.warmup_tasks = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.process_id = r.nullable_string()?;
            self.user_endpoint = r.nullable_struct(|r| Message::decode(r, v))?;
            self.client_tags = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.task_offsets = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.task_end_offsets = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.shutdown_application = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, member_id, member_epoch, endpoint_information_epoch, instance_id, rack_id, rebalance_timeout_ms, topology, active_tasks, standby_tasks, warmup_tasks, process_id, user_endpoint, client_tags, task_offsets, task_end_offsets, shutdown_application } = self;
            w.string(group_id);
            w.string(member_id);
            w.i32(*member_epoch);
            w.i32(*endpoint_information_epoch);
            w.nullable_string(instance_id.as_deref());
            w.nullable_string(rack_id.as_deref());
            w.i32(*rebalance_timeout_ms);
            w.nullable_struct(topology.as_ref(), |w, x| x.encode(w, v));
            w.nullable_array(active_tasks.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(standby_tasks.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(warmup_tasks.as_deref(), |w, x| x.encode(w, v));
            w.nullable_string(process_id.as_deref());
            w.nullable_struct(user_endpoint.as_ref(), |w, x| x.encode(w, v));
            w.nullable_array(client_tags.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(task_offsets.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(task_end_offsets.as_deref(), |w, x| x.encode(w, v));
            w.bool(*shutdown_application);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.member_id = s.string("member_id");
            m.member_epoch = s.i32("member_epoch");
            m.endpoint_information_epoch = s.i32("endpoint_information_epoch");
            m.instance_id = if s.null("instance_id") { None } else { Some(s.string("instance_id")) };
            m.rack_id = if s.null("rack_id") { None } else { Some(s.string("rack_id")) };
            m.rebalance_timeout_ms = s.i32("rebalance_timeout_ms");
            m.topology = if s.null("topology") { None } else { Some(Message::sample(s, v)) };
            m.active_tasks = if s.null("active_tasks") { None } else { Some((0..s.length("active_tasks")).map(|_| Message::sample(s, v)).collect()) };
            m.standby_tasks = if s.null("standby_tasks") { None } else { Some((0..s.length("standby_tasks")).map(|_| Message::sample(s, v)).collect()) };
            m.warmup_tasks = if s.null("warmup_tasks") { None } else { Some((0..s.length("warmup_tasks")).map(|_| Message::sample(s, v)).collect()) };
            m.process_id = if s.null("process_id") { None } else { Some(s.string("process_id")) };
            m.user_endpoint = if s.null("user_endpoint") { None } else { Some(Message::sample(s, v)) };
            m.client_tags = if s.null("client_tags") { None } else { Some((0..s.length("client_tags")).map(|_| Message::sample(s, v)).collect()) };
            m.task_offsets = if s.null("task_offsets") { None } else { Some((0..s.length("task_offsets")).map(|_| Message::sample(s, v)).collect()) };
            m.task_end_offsets = if s.null("task_end_offsets") { None } else { Some((0..s.length("task_end_offsets")).map(|_| Message::sample(s, v)).collect()) };
            m.shutdown_application = s.bool("shutdown_application");
            m
        }
    }

    /// A part of the request: `Topology`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Topology {
        /// Every version.
        pub epoch: i32,
        /// Every version.
        pub subtopologies: Vec<Subtopology>,
    }

    impl Default for Topology {
        fn default() -> Self {
            Self {
                epoch: 0,
                subtopologies: Vec::new(),
            }
        }
    }

    impl Message for Topology {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.epoch = r.i32()?;
            r.array_into(&mut self.subtopologies, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { epoch, subtopologies } = self;
            w.i32(*epoch);
            w.array(subtopologies, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.epoch = s.i32("epoch");
            m.subtopologies = (0..s.length("subtopologies")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `Subtopology`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Subtopology {
        /// Every version.
        pub subtopology_id: Str,
        /// Every version.
        pub source_topics: Vec<Str>,
        /// Every version.
        pub source_topic_regex: Vec<Str>,
        /// Every version.
        pub state_changelog_topics: Vec<TopicInfo>,
        /// Every version.
        pub repartition_sink_topics: Vec<Str>,
        /// Every version.
        pub repartition_source_topics: Vec<TopicInfo>,
        /// Every version.
        pub copartition_groups: Vec<CopartitionGroup>,
    }

    impl Default for Subtopology {
        fn default() -> Self {
            Self {
                subtopology_id: Str::new(),
                source_topics: Vec::new(),
                source_topic_regex: Vec::new(),
                state_changelog_topics: Vec::new(),
                repartition_sink_topics: Vec::new(),
                repartition_source_topics: Vec::new(),
                copartition_groups: Vec::new(),
            }
        }
    }

    impl Message for Subtopology {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.subtopology_id = r.string()?;
            r.array_into(&mut self.source_topics, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.source_topic_regex, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.state_changelog_topics, |r, x| x.read(r, v))?;
            r.array_into(&mut self.repartition_sink_topics, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.repartition_source_topics, |r, x| x.read(r, v))?;
            r.array_into(&mut self.copartition_groups, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { subtopology_id, source_topics, source_topic_regex, state_changelog_topics, repartition_sink_topics, repartition_source_topics, copartition_groups } = self;
            w.string(subtopology_id);
            w.array(source_topics, |w, x| w.string(x));
            w.array(source_topic_regex, |w, x| w.string(x));
            w.array(state_changelog_topics, |w, x| x.encode(w, v));
            w.array(repartition_sink_topics, |w, x| w.string(x));
            w.array(repartition_source_topics, |w, x| x.encode(w, v));
            w.array(copartition_groups, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.subtopology_id = s.string("subtopology_id");
            m.source_topics = (0..s.length("source_topics")).map(|_| s.string("source_topics")).collect();
            m.source_topic_regex = (0..s.length("source_topic_regex")).map(|_| s.string("source_topic_regex")).collect();
            m.state_changelog_topics = (0..s.length("state_changelog_topics")).map(|_| Message::sample(s, v)).collect();
            m.repartition_sink_topics = (0..s.length("repartition_sink_topics")).map(|_| s.string("repartition_sink_topics")).collect();
            m.repartition_source_topics = (0..s.length("repartition_source_topics")).map(|_| Message::sample(s, v)).collect();
            m.copartition_groups = (0..s.length("copartition_groups")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `CopartitionGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CopartitionGroup {
        /// Every version.
        pub source_topics: Vec<i16>,
        /// Every version.
        pub source_topic_regex: Vec<i16>,
        /// Every version.
        pub repartition_source_topics: Vec<i16>,
    }

    impl Default for CopartitionGroup {
        fn default() -> Self {
            Self {
                source_topics: Vec::new(),
                source_topic_regex: Vec::new(),
                repartition_source_topics: Vec::new(),
            }
        }
    }

    impl Message for CopartitionGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.source_topics, |r, x| { *x = r.i16()?; Ok(()) })?;
            r.array_into(&mut self.source_topic_regex, |r, x| { *x = r.i16()?; Ok(()) })?;
            r.array_into(&mut self.repartition_source_topics, |r, x| { *x = r.i16()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { source_topics, source_topic_regex, repartition_source_topics } = self;
            w.array(source_topics, |w, x| w.i16(*x));
            w.array(source_topic_regex, |w, x| w.i16(*x));
            w.array(repartition_source_topics, |w, x| w.i16(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.source_topics = (0..s.length("source_topics")).map(|_| s.i16("source_topics")).collect();
            m.source_topic_regex = (0..s.length("source_topic_regex")).map(|_| s.i16("source_topic_regex")).collect();
            m.repartition_source_topics = (0..s.length("repartition_source_topics")).map(|_| s.i16("repartition_source_topics")).collect();
            m
        }
    }

    /// A part of the request: `KeyValue`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct KeyValue {
        /// Every version.
        pub key: Str,
        /// Every version.
        pub value: Str,
    }

    impl Default for KeyValue {
        fn default() -> Self {
            Self {
                key: Str::new(),
                value: Str::new(),
            }
        }
    }

    impl Message for KeyValue {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.key = r.string()?;
            self.value = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { key, value } = self;
            w.string(key);
            w.string(value);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.key = s.string("key");
            m.value = s.string("value");
            m
        }
    }

    /// A part of the request: `TopicInfo`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicInfo {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: i32,
        /// Every version.
        pub replication_factor: i16,
        /// Every version.
        pub topic_configs: Vec<KeyValue>,
    }

    impl Default for TopicInfo {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: 0,
                replication_factor: 0,
                topic_configs: Vec::new(),
            }
        }
    }

    impl Message for TopicInfo {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.partitions = r.i32()?;
            self.replication_factor = r.i16()?;
            r.array_into(&mut self.topic_configs, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partitions, replication_factor, topic_configs } = self;
            w.string(name);
            w.i32(*partitions);
            w.i16(*replication_factor);
            w.array(topic_configs, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = s.i32("partitions");
            m.replication_factor = s.i16("replication_factor");
            m.topic_configs = (0..s.length("topic_configs")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `Endpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Endpoint {
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: u16,
    }

    impl Default for Endpoint {
        fn default() -> Self {
            Self {
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for Endpoint {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.host = r.string()?;
            self.port = r.u16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { host, port } = self;
            w.string(host);
            w.u16(*port);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.host = s.string("host");
            m.port = s.u16("port");
            m
        }
    }

    /// A part of the request: `TaskOffset`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TaskOffset {
        /// Every version.
        pub subtopology_id: Str,
        /// Every version.
        pub partition: i32,
        /// Every version.
        pub offset: i64,
    }

    impl Default for TaskOffset {
        fn default() -> Self {
            Self {
                subtopology_id: Str::new(),
                partition: 0,
                offset: 0,
            }
        }
    }

    impl Message for TaskOffset {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.subtopology_id = r.string()?;
            self.partition = r.i32()?;
            self.offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { subtopology_id, partition, offset } = self;
            w.string(subtopology_id);
            w.i32(*partition);
            w.i64(*offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.subtopology_id = s.string("subtopology_id");
            m.partition = s.i32("partition");
            m.offset = s.i64("offset");
            m
        }
    }

    /// A part of the request: `TaskIds`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TaskIds {
        /// Every version.
        pub subtopology_id: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TaskIds {
        fn default() -> Self {
            Self {
                subtopology_id: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TaskIds {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.subtopology_id = r.string()?;
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
            let Self { subtopology_id, partitions } = self;
            w.string(subtopology_id);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.subtopology_id = s.string("subtopology_id");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }
}
pub use request::StreamsGroupHeartbeatRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's StreamsGroupHeartbeat response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct StreamsGroupHeartbeatResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub member_epoch: i32,
        /// Every version.
        pub heartbeat_interval_ms: i32,
        /// Every version.
        pub acceptable_recovery_lag_legacy: i32,
        /// Every version.
        pub task_offset_interval_ms: i32,
        /// Every version.
        pub status: Option<Vec<Status>>,
        /// Every version.
        pub active_tasks: Option<Vec<TaskIds>>,
        /// Every version.
        pub standby_tasks: Option<Vec<TaskIds>>,
        /// Every version.
        pub warmup_tasks: Option<Vec<TaskIds>>,
        /// Every version.
        pub endpoint_information_epoch: i32,
        /// Every version.
        pub partitions_by_user_endpoint: Option<Vec<EndpointToPartitions>>,
    }

    impl Default for StreamsGroupHeartbeatResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: None,
                member_id: Str::new(),
                member_epoch: 0,
                heartbeat_interval_ms: 0,
                acceptable_recovery_lag_legacy: 0,
                task_offset_interval_ms: 0,
                status: Some(Vec::new()),
                active_tasks: None,
                standby_tasks: None,
                warmup_tasks: None,
                endpoint_information_epoch: 0,
                partitions_by_user_endpoint: None,
            }
        }
    }

    impl Message for StreamsGroupHeartbeatResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.member_id = r.string()?;
            self.member_epoch = r.i32()?;
            self.heartbeat_interval_ms = r.i32()?;
            self.acceptable_recovery_lag_legacy = r.i32()?;
            self.task_offset_interval_ms = r.i32()?;
            self.status = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.active_tasks = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.standby_tasks = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.warmup_tasks = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.endpoint_information_epoch = r.i32()?;
            self.partitions_by_user_endpoint = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, member_id, member_epoch, heartbeat_interval_ms, acceptable_recovery_lag_legacy, task_offset_interval_ms, status, active_tasks, standby_tasks, warmup_tasks, endpoint_information_epoch, partitions_by_user_endpoint } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.string(member_id);
            w.i32(*member_epoch);
            w.i32(*heartbeat_interval_ms);
            w.i32(*acceptable_recovery_lag_legacy);
            w.i32(*task_offset_interval_ms);
            w.nullable_array(status.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(active_tasks.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(standby_tasks.as_deref(), |w, x| x.encode(w, v));
            w.nullable_array(warmup_tasks.as_deref(), |w, x| x.encode(w, v));
            w.i32(*endpoint_information_epoch);
            w.nullable_array(partitions_by_user_endpoint.as_deref(), |w, x| x.encode(w, v));
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
            m.member_id = s.string("member_id");
            m.member_epoch = s.i32("member_epoch");
            m.heartbeat_interval_ms = s.i32("heartbeat_interval_ms");
            m.acceptable_recovery_lag_legacy = s.i32("acceptable_recovery_lag_legacy");
            m.task_offset_interval_ms = s.i32("task_offset_interval_ms");
            m.status = if s.null("status") { None } else { Some((0..s.length("status")).map(|_| Message::sample(s, v)).collect()) };
            m.active_tasks = if s.null("active_tasks") { None } else { Some((0..s.length("active_tasks")).map(|_| Message::sample(s, v)).collect()) };
            m.standby_tasks = if s.null("standby_tasks") { None } else { Some((0..s.length("standby_tasks")).map(|_| Message::sample(s, v)).collect()) };
            m.warmup_tasks = if s.null("warmup_tasks") { None } else { Some((0..s.length("warmup_tasks")).map(|_| Message::sample(s, v)).collect()) };
            m.endpoint_information_epoch = s.i32("endpoint_information_epoch");
            m.partitions_by_user_endpoint = if s.null("partitions_by_user_endpoint") { None } else { Some((0..s.length("partitions_by_user_endpoint")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the response: `EndpointToPartitions`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EndpointToPartitions {
        /// Every version.
        pub user_endpoint: Endpoint,
        /// Every version.
        pub active_partitions: Vec<TopicPartition>,
        /// Every version.
        pub standby_partitions: Vec<TopicPartition>,
    }

    impl Default for EndpointToPartitions {
        fn default() -> Self {
            Self {
                user_endpoint: Endpoint::default(),
                active_partitions: Vec::new(),
                standby_partitions: Vec::new(),
            }
        }
    }

    impl Message for EndpointToPartitions {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.user_endpoint.read(r, v)?;
            r.array_into(&mut self.active_partitions, |r, x| x.read(r, v))?;
            r.array_into(&mut self.standby_partitions, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { user_endpoint, active_partitions, standby_partitions } = self;
            user_endpoint.encode(w, v);
            w.array(active_partitions, |w, x| x.encode(w, v));
            w.array(standby_partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.user_endpoint = Message::sample(s, v);
            m.active_partitions = (0..s.length("active_partitions")).map(|_| Message::sample(s, v)).collect();
            m.standby_partitions = (0..s.length("standby_partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `Status`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Status {
        /// Every version.
        pub status_code: i8,
        /// Every version.
        pub status_detail: Str,
    }

    impl Default for Status {
        fn default() -> Self {
            Self {
                status_code: 0,
                status_detail: Str::new(),
            }
        }
    }

    impl Message for Status {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.status_code = r.i8()?;
            self.status_detail = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { status_code, status_detail } = self;
            w.i8(*status_code);
            w.string(status_detail);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.status_code = s.i8("status_code");
            m.status_detail = s.string("status_detail");
            m
        }
    }

    /// A part of the response: `TopicPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicPartition {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TopicPartition {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = r.string()?;
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
            let Self { topic, partitions } = self;
            w.string(topic);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic = s.string("topic");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }

    /// A part of the response: `TaskIds`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TaskIds {
        /// Every version.
        pub subtopology_id: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TaskIds {
        fn default() -> Self {
            Self {
                subtopology_id: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TaskIds {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.subtopology_id = r.string()?;
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
            let Self { subtopology_id, partitions } = self;
            w.string(subtopology_id);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.subtopology_id = s.string("subtopology_id");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }

    /// A part of the response: `Endpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Endpoint {
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: u16,
    }

    impl Default for Endpoint {
        fn default() -> Self {
            Self {
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for Endpoint {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.host = r.string()?;
            self.port = r.u16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { host, port } = self;
            w.string(host);
            w.u16(*port);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.host = s.string("host");
            m.port = s.u16("port");
            m
        }
    }
}
pub use response::StreamsGroupHeartbeatResponse;
