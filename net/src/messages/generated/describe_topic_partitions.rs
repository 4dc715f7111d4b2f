//! DescribeTopicPartitions (API key 75), versions 0 to 0. Generated from `net/schema/describe_topic_partitions.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeTopicPartitions request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeTopicPartitionsRequest {
        /// Every version.
        pub topics: Vec<TopicRequest>,
        /// Every version.
        pub response_partition_limit: i32,
        /// Every version.
        pub cursor: Option<Cursor>,
    }

    impl Default for DescribeTopicPartitionsRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
                response_partition_limit: 2000,
                cursor: None,
            }
        }
    }

    impl Message for DescribeTopicPartitionsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            self.response_partition_limit = r.i32()?;
            self.cursor = r.nullable_struct(|r| Message::decode(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topics, response_partition_limit, cursor } = self;
            w.array(topics, |w, x| x.encode(w, v));
            w.i32(*response_partition_limit);
            w.nullable_struct(cursor.as_ref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m.response_partition_limit = s.i32("response_partition_limit");
            m.cursor = if s.null("cursor") { None } else { Some(Message::sample(s, v)) };
            m
        }
    }

    /// A part of the request: `TopicRequest`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicRequest {
        /// Every version.
        pub name: Str,
    }

    impl Default for TopicRequest {
        fn default() -> Self {
            Self {
                name: Str::new(),
            }
        }
    }

    impl Message for TopicRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name } = self;
            w.string(name);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m
        }
    }

    /// A part of the request: `Cursor`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Cursor {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partition_index: i32,
    }

    impl Default for Cursor {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partition_index: 0,
            }
        }
    }

    impl Message for Cursor {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            self.partition_index = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_name, partition_index } = self;
            w.string(topic_name);
            w.i32(*partition_index);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m.partition_index = s.i32("partition_index");
            m
        }
    }
}
pub use request::DescribeTopicPartitionsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeTopicPartitions response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeTopicPartitionsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<DescribeTopicPartitionsResponseTopic>,
        /// Every version.
        pub next_cursor: Option<Cursor>,
    }

    impl Default for DescribeTopicPartitionsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
                next_cursor: None,
            }
        }
    }

    impl Message for DescribeTopicPartitionsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            self.next_cursor = r.nullable_struct(|r| Message::decode(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, topics, next_cursor } = self;
            w.i32(*throttle_time_ms);
            w.array(topics, |w, x| x.encode(w, v));
            w.nullable_struct(next_cursor.as_ref(), |w, x| x.encode(w, v));
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
            m.next_cursor = if s.null("next_cursor") { None } else { Some(Message::sample(s, v)) };
            m
        }
    }

    /// A part of the response: `DescribeTopicPartitionsResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeTopicPartitionsResponseTopic {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub name: Option<Str>,
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub is_internal: bool,
        /// Every version.
        pub partitions: Vec<DescribeTopicPartitionsResponsePartition>,
        /// Every version.
        pub topic_authorized_operations: i32,
    }

    impl Default for DescribeTopicPartitionsResponseTopic {
        fn default() -> Self {
            Self {
                error_code: 0,
                name: Some(Str::new()),
                topic_id: Uuid::ZERO,
                is_internal: false,
                partitions: Vec::new(),
                topic_authorized_operations: -2147483648,
            }
        }
    }

    impl Message for DescribeTopicPartitionsResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.name = r.nullable_string()?;
            self.topic_id = r.uuid()?;
            self.is_internal = r.bool()?;
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            self.topic_authorized_operations = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, name, topic_id, is_internal, partitions, topic_authorized_operations } = self;
            w.i16(*error_code);
            w.nullable_string(name.as_deref());
            w.uuid(*topic_id);
            w.bool(*is_internal);
            w.array(partitions, |w, x| x.encode(w, v));
            w.i32(*topic_authorized_operations);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.name = if s.null("name") { None } else { Some(s.string("name")) };
            m.topic_id = s.uuid("topic_id");
            m.is_internal = s.bool("is_internal");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m.topic_authorized_operations = s.i32("topic_authorized_operations");
            m
        }
    }

    /// A part of the response: `DescribeTopicPartitionsResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeTopicPartitionsResponsePartition {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
        /// Every version.
        pub replica_nodes: Vec<i32>,
        /// Every version.
        pub isr_nodes: Vec<i32>,
        /// Every version.
        pub eligible_leader_replicas: Option<Vec<i32>>,
        /// Every version.
        pub last_known_elr: Option<Vec<i32>>,
        /// Every version.
        pub offline_replicas: Vec<i32>,
    }

    impl Default for DescribeTopicPartitionsResponsePartition {
        fn default() -> Self {
            Self {
                error_code: 0,
                partition_index: 0,
                leader_id: 0,
                leader_epoch: -1,
                replica_nodes: Vec::new(),
                isr_nodes: Vec::new(),
                eligible_leader_replicas: None,
                last_known_elr: None,
                offline_replicas: Vec::new(),
            }
        }
    }

    impl Message for DescribeTopicPartitionsResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.partition_index = r.i32()?;
            self.leader_id = r.i32()?;
            self.leader_epoch = r.i32()?;
            r.array_into(&mut self.replica_nodes, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.array_into(&mut self.isr_nodes, |r, x| { *x = r.i32()?; Ok(()) })?;
            self.eligible_leader_replicas = r.nullable_array(|r| Ok(r.i32()?))?;
            self.last_known_elr = r.nullable_array(|r| Ok(r.i32()?))?;
            r.array_into(&mut self.offline_replicas, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, partition_index, leader_id, leader_epoch, replica_nodes, isr_nodes, eligible_leader_replicas, last_known_elr, offline_replicas } = self;
            w.i16(*error_code);
            w.i32(*partition_index);
            w.i32(*leader_id);
            w.i32(*leader_epoch);
            w.array(replica_nodes, |w, x| w.i32(*x));
            w.array(isr_nodes, |w, x| w.i32(*x));
            w.nullable_array(eligible_leader_replicas.as_deref(), |w, x| w.i32(*x));
            w.nullable_array(last_known_elr.as_deref(), |w, x| w.i32(*x));
            w.array(offline_replicas, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.partition_index = s.i32("partition_index");
            m.leader_id = s.i32("leader_id");
            m.leader_epoch = s.i32("leader_epoch");
            m.replica_nodes = (0..s.length("replica_nodes")).map(|_| s.i32("replica_nodes")).collect();
            m.isr_nodes = (0..s.length("isr_nodes")).map(|_| s.i32("isr_nodes")).collect();
            m.eligible_leader_replicas = if s.null("eligible_leader_replicas") { None } else { Some((0..s.length("eligible_leader_replicas")).map(|_| s.i32("eligible_leader_replicas")).collect()) };
            m.last_known_elr = if s.null("last_known_elr") { None } else { Some((0..s.length("last_known_elr")).map(|_| s.i32("last_known_elr")).collect()) };
            m.offline_replicas = (0..s.length("offline_replicas")).map(|_| s.i32("offline_replicas")).collect();
            m
        }
    }

    /// A part of the response: `Cursor`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Cursor {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partition_index: i32,
    }

    impl Default for Cursor {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partition_index: 0,
            }
        }
    }

    impl Message for Cursor {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            self.partition_index = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_name, partition_index } = self;
            w.string(topic_name);
            w.i32(*partition_index);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m.partition_index = s.i32("partition_index");
            m
        }
    }
}
pub use response::DescribeTopicPartitionsResponse;
