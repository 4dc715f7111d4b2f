//! FetchSnapshot (API key 59), versions 0 to 1. Generated from `net/schema/fetch_snapshot.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's FetchSnapshot request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchSnapshotRequest {
        /// Every version, tag 0.
        pub cluster_id: Option<Str>,
        /// Every version.
        pub replica_id: i32,
        /// Every version.
        pub max_bytes: i32,
        /// Every version.
        pub topics: Vec<TopicSnapshot>,
    }

    impl Default for FetchSnapshotRequest {
        fn default() -> Self {
            Self {
                cluster_id: None,
                replica_id: -1,
                max_bytes: 0x7fffffff,
                topics: Vec::new(),
            }
        }
    }

    impl Message for FetchSnapshotRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.cluster_id = None;
            self.replica_id = r.i32()?;
            self.max_bytes = r.i32()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 => self.cluster_id = r.nullable_string()?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { cluster_id, replica_id, max_bytes, topics } = self;
            let _ = cluster_id;
            w.i32(*replica_id);
            w.i32(*max_bytes);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
                if *cluster_id != None { tags.put(0, |w| w.nullable_string(cluster_id.as_deref())); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) };
            m.replica_id = s.i32("replica_id");
            m.max_bytes = s.i32("max_bytes");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `TopicSnapshot`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicSnapshot {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<PartitionSnapshot>,
    }

    impl Default for TopicSnapshot {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicSnapshot {
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

    /// A part of the request: `PartitionSnapshot`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionSnapshot {
        /// Every version.
        pub partition: i32,
        /// Every version.
        pub current_leader_epoch: i32,
        /// Every version.
        pub snapshot_id: SnapshotId,
        /// Every version.
        pub position: i64,
        /// Version 1 and later, tag 0.
        pub replica_directory_id: Uuid,
    }

    impl Default for PartitionSnapshot {
        fn default() -> Self {
            Self {
                partition: 0,
                current_leader_epoch: 0,
                snapshot_id: SnapshotId::default(),
                position: 0,
                replica_directory_id: Uuid::ZERO,
            }
        }
    }

    impl Message for PartitionSnapshot {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.replica_directory_id = Uuid::ZERO;
            self.partition = r.i32()?;
            self.current_leader_epoch = r.i32()?;
            self.snapshot_id.read(r, v)?;
            self.position = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 if 1 <= v => self.replica_directory_id = r.uuid()?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition, current_leader_epoch, snapshot_id, position, replica_directory_id } = self;
            w.i32(*partition);
            w.i32(*current_leader_epoch);
            snapshot_id.encode(w, v);
            w.i64(*position);
            let _ = replica_directory_id;
            w.tagged(|tags| {
                let _ = &tags;
                if 1 <= v && *replica_directory_id != Uuid::ZERO { tags.put(0, |w| w.uuid(*replica_directory_id)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition = s.i32("partition");
            m.current_leader_epoch = s.i32("current_leader_epoch");
            m.snapshot_id = Message::sample(s, v);
            m.position = s.i64("position");
            if 1 <= v { m.replica_directory_id = s.uuid("replica_directory_id"); }
            m
        }
    }

    /// A part of the request: `SnapshotId`.
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
                end_offset: 0,
                epoch: 0,
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
}
pub use request::FetchSnapshotRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's FetchSnapshot response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FetchSnapshotResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub topics: Vec<TopicSnapshot>,
        /// Version 1 and later, tag 0.
        pub node_endpoints: Vec<NodeEndpoint>,
    }

    impl Default for FetchSnapshotResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                topics: Vec::new(),
                node_endpoints: Vec::new(),
            }
        }
    }

    impl Message for FetchSnapshotResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.node_endpoints.clear();
            self.throttle_time_ms = r.i32()?;
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
            let Self { throttle_time_ms, error_code, topics, node_endpoints } = self;
            w.i32(*throttle_time_ms);
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
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.error_code = s.i16("error_code");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 1 <= v { m.node_endpoints = (0..s.length("node_endpoints")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `TopicSnapshot`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicSnapshot {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<PartitionSnapshot>,
    }

    impl Default for TopicSnapshot {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicSnapshot {
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

    /// A part of the response: `PartitionSnapshot`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionSnapshot {
        /// Every version.
        pub index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub snapshot_id: SnapshotId,
        /// Every version, tag 0.
        pub current_leader: LeaderIdAndEpoch,
        /// Every version.
        pub size: i64,
        /// Every version.
        pub position: i64,
        /// Every version.
        pub unaligned_records: Bytes,
    }

    impl Default for PartitionSnapshot {
        fn default() -> Self {
            Self {
                index: 0,
                error_code: 0,
                snapshot_id: SnapshotId::default(),
                current_leader: LeaderIdAndEpoch::default(),
                size: 0,
                position: 0,
                unaligned_records: Bytes::new(),
            }
        }
    }

    impl Message for PartitionSnapshot {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.current_leader = LeaderIdAndEpoch::default();
            self.index = r.i32()?;
            self.error_code = r.i16()?;
            self.snapshot_id.read(r, v)?;
            self.size = r.i64()?;
            self.position = r.i64()?;
            self.unaligned_records = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    0 => self.current_leader.read(r, v)?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { index, error_code, snapshot_id, current_leader, size, position, unaligned_records } = self;
            w.i32(*index);
            w.i16(*error_code);
            snapshot_id.encode(w, v);
            let _ = current_leader;
            w.i64(*size);
            w.i64(*position);
            w.bytes(unaligned_records);
            w.tagged(|tags| {
                let _ = &tags;
                if *current_leader != LeaderIdAndEpoch::default() { tags.put(0, |w| current_leader.encode(w, v)); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.index = s.i32("index");
            m.error_code = s.i16("error_code");
            m.snapshot_id = Message::sample(s, v);
            m.current_leader = Message::sample(s, v);
            m.size = s.i64("size");
            m.position = s.i64("position");
            m.unaligned_records = s.bytes("unaligned_records");
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
                end_offset: 0,
                epoch: 0,
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
pub use response::FetchSnapshotResponse;
