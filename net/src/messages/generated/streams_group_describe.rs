//! StreamsGroupDescribe (API key 89), versions 0 to 0. Generated from `net/schema/streams_group_describe.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's StreamsGroupDescribe request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct StreamsGroupDescribeRequest {
        /// Every version.
        pub group_ids: Vec<Str>,
        /// Every version.
        pub include_authorized_operations: bool,
    }

    impl Default for StreamsGroupDescribeRequest {
        fn default() -> Self {
            Self {
                group_ids: Vec::new(),
                include_authorized_operations: false,
            }
        }
    }

    impl Message for StreamsGroupDescribeRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.group_ids, |r, x| { *x = r.string()?; Ok(()) })?;
            self.include_authorized_operations = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_ids, include_authorized_operations } = self;
            w.array(group_ids, |w, x| w.string(x));
            w.bool(*include_authorized_operations);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_ids = (0..s.length("group_ids")).map(|_| s.string("group_ids")).collect();
            m.include_authorized_operations = s.bool("include_authorized_operations");
            m
        }
    }
}
pub use request::StreamsGroupDescribeRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's StreamsGroupDescribe response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct StreamsGroupDescribeResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub groups: Vec<DescribedGroup>,
    }

    impl Default for StreamsGroupDescribeResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                groups: Vec::new(),
            }
        }
    }

    impl Message for StreamsGroupDescribeResponse {
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

    /// A part of the response: `DescribedGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribedGroup {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub group_state: Str,
        /// Every version.
        pub group_epoch: i32,
        /// Every version.
        pub assignment_epoch: i32,
        /// Every version.
        pub topology: Option<Topology>,
        /// Every version.
        pub members: Vec<Member>,
        /// Every version.
        pub authorized_operations: i32,
    }

    impl Default for DescribedGroup {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: None,
                group_id: Str::new(),
                group_state: Str::new(),
                group_epoch: 0,
                assignment_epoch: 0,
                topology: None,
                members: Vec::new(),
                authorized_operations: -2147483648,
            }
        }
    }

    impl Message for DescribedGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.group_id = r.string()?;
            self.group_state = r.string()?;
            self.group_epoch = r.i32()?;
            self.assignment_epoch = r.i32()?;
            self.topology = r.nullable_struct(|r| Message::decode(r, v))?;
            r.array_into(&mut self.members, |r, x| x.read(r, v))?;
            self.authorized_operations = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, group_id, group_state, group_epoch, assignment_epoch, topology, members, authorized_operations } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.string(group_id);
            w.string(group_state);
            w.i32(*group_epoch);
            w.i32(*assignment_epoch);
            w.nullable_struct(topology.as_ref(), |w, x| x.encode(w, v));
            w.array(members, |w, x| x.encode(w, v));
            w.i32(*authorized_operations);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.group_id = s.string("group_id");
            m.group_state = s.string("group_state");
            m.group_epoch = s.i32("group_epoch");
            m.assignment_epoch = s.i32("assignment_epoch");
            m.topology = if s.null("topology") { None } else { Some(Message::sample(s, v)) };
            m.members = (0..s.length("members")).map(|_| Message::sample(s, v)).collect();
            m.authorized_operations = s.i32("authorized_operations");
            m
        }
    }

    /// A part of the response: `Topology`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Topology {
        /// Every version.
        pub epoch: i32,
        /// Every version.
        pub subtopologies: Option<Vec<Subtopology>>,
    }

    impl Default for Topology {
        fn default() -> Self {
            Self {
                epoch: 0,
                subtopologies: None,
            }
        }
    }

    impl Message for Topology {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.epoch = r.i32()?;
            self.subtopologies = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
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
            w.nullable_array(subtopologies.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.epoch = s.i32("epoch");
            m.subtopologies = if s.null("subtopologies") { None } else { Some((0..s.length("subtopologies")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the response: `Subtopology`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Subtopology {
        /// Every version.
        pub subtopology_id: Str,
        /// Every version.
        pub source_topics: Vec<Str>,
        /// Every version.
        pub repartition_sink_topics: Vec<Str>,
        /// Every version.
        pub state_changelog_topics: Vec<TopicInfo>,
        /// Every version.
        pub repartition_source_topics: Vec<TopicInfo>,
    }

    impl Default for Subtopology {
        fn default() -> Self {
            Self {
                subtopology_id: Str::new(),
                source_topics: Vec::new(),
                repartition_sink_topics: Vec::new(),
                state_changelog_topics: Vec::new(),
                repartition_source_topics: Vec::new(),
            }
        }
    }

    impl Message for Subtopology {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.subtopology_id = r.string()?;
            r.array_into(&mut self.source_topics, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.repartition_sink_topics, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.state_changelog_topics, |r, x| x.read(r, v))?;
            r.array_into(&mut self.repartition_source_topics, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { subtopology_id, source_topics, repartition_sink_topics, state_changelog_topics, repartition_source_topics } = self;
            w.string(subtopology_id);
            w.array(source_topics, |w, x| w.string(x));
            w.array(repartition_sink_topics, |w, x| w.string(x));
            w.array(state_changelog_topics, |w, x| x.encode(w, v));
            w.array(repartition_source_topics, |w, x| x.encode(w, v));
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
            m.repartition_sink_topics = (0..s.length("repartition_sink_topics")).map(|_| s.string("repartition_sink_topics")).collect();
            m.state_changelog_topics = (0..s.length("state_changelog_topics")).map(|_| Message::sample(s, v)).collect();
            m.repartition_source_topics = (0..s.length("repartition_source_topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `Member`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Member {
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub member_epoch: i32,
        /// Every version.
        pub instance_id: Option<Str>,
        /// Every version.
        pub rack_id: Option<Str>,
        /// Every version.
        pub client_id: Str,
        /// Every version.
        pub client_host: Str,
        /// Every version.
        pub topology_epoch: i32,
        /// Every version.
        pub process_id: Str,
        /// Every version.
        pub user_endpoint: Option<Endpoint>,
        /// Every version.
        pub client_tags: Vec<KeyValue>,
        /// Every version.
        pub task_offsets: Vec<TaskOffset>,
        /// Every version.
        pub task_end_offsets: Vec<TaskOffset>,
        /// Every version.
        pub assignment: Assignment,
        /// Every version.
        pub target_assignment: Assignment,
        /// Every version.
        pub is_classic: bool,
    }

    impl Default for Member {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                member_epoch: 0,
                instance_id: None,
                rack_id: None,
                client_id: Str::new(),
                client_host: Str::new(),
                topology_epoch: 0,
                process_id: Str::new(),
                user_endpoint: None,
                client_tags: Vec::new(),
                task_offsets: Vec::new(),
                task_end_offsets: Vec::new(),
                assignment: Assignment::default(),
                target_assignment: Assignment::default(),
                is_classic: false,
            }
        }
    }

    impl Message for Member {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.member_id = r.string()?;
            self.member_epoch = r.i32()?;
            self.instance_id = r.nullable_string()?;
            self.rack_id = r.nullable_string()?;
            self.client_id = r.string()?;
            self.client_host = r.string()?;
            self.topology_epoch = r.i32()?;
            self.process_id = r.string()?;
            self.user_endpoint = r.nullable_struct(|r| Message::decode(r, v))?;
            r.array_into(&mut self.client_tags, |r, x| x.read(r, v))?;
            r.array_into(&mut self.task_offsets, |r, x| x.read(r, v))?;
            r.array_into(&mut self.task_end_offsets, |r, x| x.read(r, v))?;
            self.assignment.read(r, v)?;
            self.target_assignment.read(r, v)?;
            self.is_classic = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, member_epoch, instance_id, rack_id, client_id, client_host, topology_epoch, process_id, user_endpoint, client_tags, task_offsets, task_end_offsets, assignment, target_assignment, is_classic } = self;
            w.string(member_id);
            w.i32(*member_epoch);
            w.nullable_string(instance_id.as_deref());
            w.nullable_string(rack_id.as_deref());
            w.string(client_id);
            w.string(client_host);
            w.i32(*topology_epoch);
            w.string(process_id);
            w.nullable_struct(user_endpoint.as_ref(), |w, x| x.encode(w, v));
            w.array(client_tags, |w, x| x.encode(w, v));
            w.array(task_offsets, |w, x| x.encode(w, v));
            w.array(task_end_offsets, |w, x| x.encode(w, v));
            assignment.encode(w, v);
            target_assignment.encode(w, v);
            w.bool(*is_classic);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.member_id = s.string("member_id");
            m.member_epoch = s.i32("member_epoch");
            m.instance_id = if s.null("instance_id") { None } else { Some(s.string("instance_id")) };
            m.rack_id = if s.null("rack_id") { None } else { Some(s.string("rack_id")) };
            m.client_id = s.string("client_id");
            m.client_host = s.string("client_host");
            m.topology_epoch = s.i32("topology_epoch");
            m.process_id = s.string("process_id");
            m.user_endpoint = if s.null("user_endpoint") { None } else { Some(Message::sample(s, v)) };
            m.client_tags = (0..s.length("client_tags")).map(|_| Message::sample(s, v)).collect();
            m.task_offsets = (0..s.length("task_offsets")).map(|_| Message::sample(s, v)).collect();
            m.task_end_offsets = (0..s.length("task_end_offsets")).map(|_| Message::sample(s, v)).collect();
            m.assignment = Message::sample(s, v);
            m.target_assignment = Message::sample(s, v);
            m.is_classic = s.bool("is_classic");
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

    /// A part of the response: `TaskOffset`.
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

    /// A part of the response: `Assignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Assignment {
        /// Every version.
        pub active_tasks: Vec<TaskIds>,
        /// Every version.
        pub standby_tasks: Vec<TaskIds>,
        /// Every version.
        pub warmup_tasks: Vec<TaskIds>,
    }

    impl Default for Assignment {
        fn default() -> Self {
            Self {
                active_tasks: Vec::new(),
                standby_tasks: Vec::new(),
                warmup_tasks: Vec::new(),
            }
        }
    }

    impl Message for Assignment {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.active_tasks, |r, x| x.read(r, v))?;
            r.array_into(&mut self.standby_tasks, |r, x| x.read(r, v))?;
            r.array_into(&mut self.warmup_tasks, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { active_tasks, standby_tasks, warmup_tasks } = self;
            w.array(active_tasks, |w, x| x.encode(w, v));
            w.array(standby_tasks, |w, x| x.encode(w, v));
            w.array(warmup_tasks, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.active_tasks = (0..s.length("active_tasks")).map(|_| Message::sample(s, v)).collect();
            m.standby_tasks = (0..s.length("standby_tasks")).map(|_| Message::sample(s, v)).collect();
            m.warmup_tasks = (0..s.length("warmup_tasks")).map(|_| Message::sample(s, v)).collect();
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

    /// A part of the response: `KeyValue`.
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

    /// A part of the response: `TopicInfo`.
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
}
pub use response::StreamsGroupDescribeResponse;
