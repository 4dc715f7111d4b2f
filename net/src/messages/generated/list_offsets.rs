//! ListOffsets (API key 2), versions 1 to 11. Generated from `net/schema/list_offsets.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ListOffsets request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListOffsetsRequest {
        /// Every version.
        pub replica_id: i32,
        /// Version 2 and later.
        pub isolation_level: i8,
        /// Every version.
        pub topics: Vec<ListOffsetsTopic>,
        /// Version 10 and later.
        pub timeout_ms: i32,
    }

    impl Default for ListOffsetsRequest {
        fn default() -> Self {
            Self {
                replica_id: 0,
                isolation_level: 0,
                topics: Vec::new(),
                timeout_ms: 0,
            }
        }
    }

    impl Message for ListOffsetsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.isolation_level = 0;
            self.timeout_ms = 0;
            self.replica_id = r.i32()?;
            if 2 <= v { self.isolation_level = r.i8()?; }
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            if 10 <= v { self.timeout_ms = r.i32()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { replica_id, isolation_level, topics, timeout_ms } = self;
            w.i32(*replica_id);
            if 2 <= v { w.i8(*isolation_level); }
            w.array(topics, |w, x| x.encode(w, v));
            if 10 <= v { w.i32(*timeout_ms); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.replica_id = s.i32("replica_id");
            if 2 <= v { m.isolation_level = s.i8("isolation_level"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 10 <= v { m.timeout_ms = s.i32("timeout_ms"); }
            m
        }
    }

    /// A part of the request: `ListOffsetsTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListOffsetsTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<ListOffsetsPartition>,
    }

    impl Default for ListOffsetsTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ListOffsetsTopic {
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

    /// A part of the request: `ListOffsetsPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListOffsetsPartition {
        /// Every version.
        pub partition_index: i32,
        /// Version 4 and later.
        pub current_leader_epoch: i32,
        /// Every version.
        pub timestamp: i64,
    }

    impl Default for ListOffsetsPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                current_leader_epoch: -1,
                timestamp: 0,
            }
        }
    }

    impl Message for ListOffsetsPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.current_leader_epoch = -1;
            self.partition_index = r.i32()?;
            if 4 <= v { self.current_leader_epoch = r.i32()?; }
            self.timestamp = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, current_leader_epoch, timestamp } = self;
            w.i32(*partition_index);
            if 4 <= v { w.i32(*current_leader_epoch); }
            w.i64(*timestamp);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            if 4 <= v { m.current_leader_epoch = s.i32("current_leader_epoch"); }
            m.timestamp = s.i64("timestamp");
            m
        }
    }
}
pub use request::ListOffsetsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ListOffsets response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListOffsetsResponse {
        /// Version 2 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<ListOffsetsTopicResponse>,
    }

    impl Default for ListOffsetsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for ListOffsetsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            if 2 <= v { self.throttle_time_ms = r.i32()?; }
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
            let Self { throttle_time_ms, topics } = self;
            if 2 <= v { w.i32(*throttle_time_ms); }
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 2 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ListOffsetsTopicResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListOffsetsTopicResponse {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<ListOffsetsPartitionResponse>,
    }

    impl Default for ListOffsetsTopicResponse {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ListOffsetsTopicResponse {
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

    /// A part of the response: `ListOffsetsPartitionResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListOffsetsPartitionResponse {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub timestamp: i64,
        /// Every version.
        pub offset: i64,
        /// Version 4 and later.
        pub leader_epoch: i32,
    }

    impl Default for ListOffsetsPartitionResponse {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                timestamp: -1,
                offset: -1,
                leader_epoch: -1,
            }
        }
    }

    impl Message for ListOffsetsPartitionResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.leader_epoch = -1;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            self.timestamp = r.i64()?;
            self.offset = r.i64()?;
            if 4 <= v { self.leader_epoch = r.i32()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, timestamp, offset, leader_epoch } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.i64(*timestamp);
            w.i64(*offset);
            if 4 <= v { w.i32(*leader_epoch); }
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
            m.timestamp = s.i64("timestamp");
            m.offset = s.i64("offset");
            if 4 <= v { m.leader_epoch = s.i32("leader_epoch"); }
            m
        }
    }
}
pub use response::ListOffsetsResponse;
