//! DescribeQuorum (API key 55), versions 0 to 2. Generated from `net/schema/describe_quorum.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeQuorum request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeQuorumRequest {
        /// Every version.
        pub topics: Vec<TopicData>,
    }

    impl Default for DescribeQuorumRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
            }
        }
    }

    impl Message for DescribeQuorumRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { topics } = self;
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `TopicData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicData {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for TopicData {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
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
            let Self { topic_name, partitions } = self;
            w.string(topic_name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `PartitionData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionData {
        /// Every version.
        pub partition_index: i32,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { partition_index } = self;
            w.i32(*partition_index);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m
        }
    }
}
pub use request::DescribeQuorumRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeQuorum response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeQuorumResponse {
        /// Every version.
        pub error_code: i16,
        /// Version 2 and later.
        pub error_message: Option<Str>,
        /// Every version.
        pub topics: Vec<TopicData>,
        /// Version 2 and later.
        pub nodes: Vec<Node>,
    }

    impl Default for DescribeQuorumResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: Some(Str::new()),
                topics: Vec::new(),
                nodes: Vec::new(),
            }
        }
    }

    impl Message for DescribeQuorumResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_message = Some(Str::new());
            self.nodes.clear();
            self.error_code = r.i16()?;
            if 2 <= v { self.error_message = r.nullable_string()?; }
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            if 2 <= v { r.array_into(&mut self.nodes, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, topics, nodes } = self;
            w.i16(*error_code);
            if 2 <= v { w.nullable_string(error_message.as_deref()); }
            w.array(topics, |w, x| x.encode(w, v));
            if 2 <= v { w.array(nodes, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            if 2 <= v { m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 2 <= v { m.nodes = (0..s.length("nodes")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `TopicData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicData {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for TopicData {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
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
            let Self { topic_name, partitions } = self;
            w.string(topic_name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
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
        /// Version 2 and later.
        pub error_message: Option<Str>,
        /// Every version.
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
        /// Every version.
        pub high_watermark: i64,
        /// Every version.
        pub current_voters: Vec<ReplicaState>,
        /// Every version.
        pub observers: Vec<ReplicaState>,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                error_message: Some(Str::new()),
                leader_id: 0,
                leader_epoch: 0,
                high_watermark: 0,
                current_voters: Vec::new(),
                observers: Vec::new(),
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_message = Some(Str::new());
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            if 2 <= v { self.error_message = r.nullable_string()?; }
            self.leader_id = r.i32()?;
            self.leader_epoch = r.i32()?;
            self.high_watermark = r.i64()?;
            r.array_into(&mut self.current_voters, |r, x| x.read(r, v))?;
            r.array_into(&mut self.observers, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, error_message, leader_id, leader_epoch, high_watermark, current_voters, observers } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            if 2 <= v { w.nullable_string(error_message.as_deref()); }
            w.i32(*leader_id);
            w.i32(*leader_epoch);
            w.i64(*high_watermark);
            w.array(current_voters, |w, x| x.encode(w, v));
            w.array(observers, |w, x| x.encode(w, v));
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
            if 2 <= v { m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            m.leader_id = s.i32("leader_id");
            m.leader_epoch = s.i32("leader_epoch");
            m.high_watermark = s.i64("high_watermark");
            m.current_voters = (0..s.length("current_voters")).map(|_| Message::sample(s, v)).collect();
            m.observers = (0..s.length("observers")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `Node`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Node {
        /// Version 2 and later.
        pub node_id: i32,
        /// Version 2 and later.
        pub listeners: Vec<Listener>,
    }

    impl Default for Node {
        fn default() -> Self {
            Self {
                node_id: 0,
                listeners: Vec::new(),
            }
        }
    }

    impl Message for Node {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.node_id = 0;
            self.listeners.clear();
            if 2 <= v { self.node_id = r.i32()?; }
            if 2 <= v { r.array_into(&mut self.listeners, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { node_id, listeners } = self;
            if 2 <= v { w.i32(*node_id); }
            if 2 <= v { w.array(listeners, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 2 <= v { m.node_id = s.i32("node_id"); }
            if 2 <= v { m.listeners = (0..s.length("listeners")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `Listener`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Listener {
        /// Version 2 and later.
        pub name: Str,
        /// Version 2 and later.
        pub host: Str,
        /// Version 2 and later.
        pub port: u16,
    }

    impl Default for Listener {
        fn default() -> Self {
            Self {
                name: Str::new(),
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for Listener {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.host = Str::new();
            self.port = 0;
            if 2 <= v { self.name = r.string()?; }
            if 2 <= v { self.host = r.string()?; }
            if 2 <= v { self.port = r.u16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, host, port } = self;
            if 2 <= v { w.string(name); }
            if 2 <= v { w.string(host); }
            if 2 <= v { w.u16(*port); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 2 <= v { m.name = s.string("name"); }
            if 2 <= v { m.host = s.string("host"); }
            if 2 <= v { m.port = s.u16("port"); }
            m
        }
    }

    /// A part of the response: `ReplicaState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReplicaState {
        /// Every version.
        pub replica_id: i32,
        /// Version 2 and later.
        pub replica_directory_id: Uuid,
        /// Every version.
        pub log_end_offset: i64,
        /// Version 1 and later.
        pub last_fetch_timestamp: i64,
        /// Version 1 and later.
        pub last_caught_up_timestamp: i64,
    }

    impl Default for ReplicaState {
        fn default() -> Self {
            Self {
                replica_id: 0,
                replica_directory_id: Uuid::ZERO,
                log_end_offset: 0,
                last_fetch_timestamp: -1,
                last_caught_up_timestamp: -1,
            }
        }
    }

    impl Message for ReplicaState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.replica_directory_id = Uuid::ZERO;
            self.last_fetch_timestamp = -1;
            self.last_caught_up_timestamp = -1;
            self.replica_id = r.i32()?;
            if 2 <= v { self.replica_directory_id = r.uuid()?; }
            self.log_end_offset = r.i64()?;
            if 1 <= v { self.last_fetch_timestamp = r.i64()?; }
            if 1 <= v { self.last_caught_up_timestamp = r.i64()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { replica_id, replica_directory_id, log_end_offset, last_fetch_timestamp, last_caught_up_timestamp } = self;
            w.i32(*replica_id);
            if 2 <= v { w.uuid(*replica_directory_id); }
            w.i64(*log_end_offset);
            if 1 <= v { w.i64(*last_fetch_timestamp); }
            if 1 <= v { w.i64(*last_caught_up_timestamp); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.replica_id = s.i32("replica_id");
            if 2 <= v { m.replica_directory_id = s.uuid("replica_directory_id"); }
            m.log_end_offset = s.i64("log_end_offset");
            if 1 <= v { m.last_fetch_timestamp = s.i64("last_fetch_timestamp"); }
            if 1 <= v { m.last_caught_up_timestamp = s.i64("last_caught_up_timestamp"); }
            m
        }
    }
}
pub use response::DescribeQuorumResponse;
