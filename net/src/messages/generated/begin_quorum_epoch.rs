//! BeginQuorumEpoch (API key 53), versions 0 to 1. Generated from `net/schema/begin_quorum_epoch.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's BeginQuorumEpoch request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BeginQuorumEpochRequest {
        /// Every version.
        pub cluster_id: Option<Str>,
        /// Version 1 and later.
        pub voter_id: i32,
        /// Every version.
        pub topics: Vec<TopicData>,
        /// Version 1 and later.
        pub leader_endpoints: Vec<LeaderEndpoint>,
    }

    impl Default for BeginQuorumEpochRequest {
        fn default() -> Self {
            Self {
                cluster_id: None,
                voter_id: -1,
                topics: Vec::new(),
                leader_endpoints: Vec::new(),
            }
        }
    }

    impl Message for BeginQuorumEpochRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.voter_id = -1;
            self.leader_endpoints.clear();
            self.cluster_id = r.nullable_string()?;
            if 1 <= v { self.voter_id = r.i32()?; }
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            if 1 <= v { r.array_into(&mut self.leader_endpoints, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { cluster_id, voter_id, topics, leader_endpoints } = self;
            w.nullable_string(cluster_id.as_deref());
            if 1 <= v { w.i32(*voter_id); }
            w.array(topics, |w, x| x.encode(w, v));
            if 1 <= v { w.array(leader_endpoints, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) };
            if 1 <= v { m.voter_id = s.i32("voter_id"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 1 <= v { m.leader_endpoints = (0..s.length("leader_endpoints")).map(|_| Message::sample(s, v)).collect(); }
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
        /// Version 1 and later.
        pub voter_directory_id: Uuid,
        /// Every version.
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                voter_directory_id: Uuid::ZERO,
                leader_id: 0,
                leader_epoch: 0,
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.voter_directory_id = Uuid::ZERO;
            self.partition_index = r.i32()?;
            if 1 <= v { self.voter_directory_id = r.uuid()?; }
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
            let Self { partition_index, voter_directory_id, leader_id, leader_epoch } = self;
            w.i32(*partition_index);
            if 1 <= v { w.uuid(*voter_directory_id); }
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
            m.partition_index = s.i32("partition_index");
            if 1 <= v { m.voter_directory_id = s.uuid("voter_directory_id"); }
            m.leader_id = s.i32("leader_id");
            m.leader_epoch = s.i32("leader_epoch");
            m
        }
    }

    /// A part of the request: `LeaderEndpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaderEndpoint {
        /// Version 1 and later.
        pub name: Str,
        /// Version 1 and later.
        pub host: Str,
        /// Version 1 and later.
        pub port: u16,
    }

    impl Default for LeaderEndpoint {
        fn default() -> Self {
            Self {
                name: Str::new(),
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for LeaderEndpoint {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = Str::new();
            self.host = Str::new();
            self.port = 0;
            if 1 <= v { self.name = r.string()?; }
            if 1 <= v { self.host = r.string()?; }
            if 1 <= v { self.port = r.u16()?; }
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
            if 1 <= v { w.string(name); }
            if 1 <= v { w.string(host); }
            if 1 <= v { w.u16(*port); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.name = s.string("name"); }
            if 1 <= v { m.host = s.string("host"); }
            if 1 <= v { m.port = s.u16("port"); }
            m
        }
    }
}
pub use request::BeginQuorumEpochRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's BeginQuorumEpoch response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BeginQuorumEpochResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub topics: Vec<TopicData>,
        /// Version 1 and later, tag 0.
        pub node_endpoints: Vec<NodeEndpoint>,
    }

    impl Default for BeginQuorumEpochResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                topics: Vec::new(),
                node_endpoints: Vec::new(),
            }
        }
    }

    impl Message for BeginQuorumEpochResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.node_endpoints.clear();
            self.error_code = r.i16()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 1 <= v => r.array_into(&mut self.node_endpoints, |r, x| x.read(r, v))?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, topics, node_endpoints } = self;
            w.i16(*error_code);
            w.array(topics, |w, x| x.encode(w, v));
            let _ = node_endpoints;
            w.tagged(|tags| {
                let _ = &tags;
                if 1 <= v && *node_endpoints != Vec::new() { tags.put(0, |w| w.array(node_endpoints, |w, x| x.encode(w, v))); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 1 <= v { m.node_endpoints = (0..s.length("node_endpoints")).map(|_| Message::sample(s, v)).collect(); }
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
        /// Every version.
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                leader_id: 0,
                leader_epoch: 0,
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
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
            let Self { partition_index, error_code, leader_id, leader_epoch } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
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
            m.partition_index = s.i32("partition_index");
            m.error_code = s.i16("error_code");
            m.leader_id = s.i32("leader_id");
            m.leader_epoch = s.i32("leader_epoch");
            m
        }
    }

    /// A part of the response: `NodeEndpoint`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NodeEndpoint {
        /// Version 1 and later.
        pub node_id: i32,
        /// Version 1 and later.
        pub host: Str,
        /// Version 1 and later.
        pub port: u16,
    }

    impl Default for NodeEndpoint {
        fn default() -> Self {
            Self {
                node_id: 0,
                host: Str::new(),
                port: 0,
            }
        }
    }

    impl Message for NodeEndpoint {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.node_id = 0;
            self.host = Str::new();
            self.port = 0;
            if 1 <= v { self.node_id = r.i32()?; }
            if 1 <= v { self.host = r.string()?; }
            if 1 <= v { self.port = r.u16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { node_id, host, port } = self;
            if 1 <= v { w.i32(*node_id); }
            if 1 <= v { w.string(host); }
            if 1 <= v { w.u16(*port); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.node_id = s.i32("node_id"); }
            if 1 <= v { m.host = s.string("host"); }
            if 1 <= v { m.port = s.u16("port"); }
            m
        }
    }
}
pub use response::BeginQuorumEpochResponse;
