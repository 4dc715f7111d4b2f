//! OffsetForLeaderEpoch (API key 23), versions 2 to 4. Generated from `net/schema/offset_for_leader_epoch.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's OffsetForLeaderEpoch request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetForLeaderEpochRequest {
        /// Version 3 and later.
        pub replica_id: i32,
        /// Every version.
        pub topics: Vec<OffsetForLeaderTopic>,
    }

    impl Default for OffsetForLeaderEpochRequest {
        fn default() -> Self {
            Self {
                replica_id: -2,
                topics: Vec::new(),
            }
        }
    }

    impl Message for OffsetForLeaderEpochRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.replica_id = -2;
            if 3 <= v { self.replica_id = r.i32()?; }
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
            let Self { replica_id, topics } = self;
            if 3 <= v { w.i32(*replica_id); }
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.replica_id = s.i32("replica_id"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `OffsetForLeaderTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetForLeaderTopic {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partitions: Vec<OffsetForLeaderPartition>,
    }

    impl Default for OffsetForLeaderTopic {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetForLeaderTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = r.string()?;
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
            let Self { topic, partitions } = self;
            w.string(topic);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic = s.string("topic");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `OffsetForLeaderPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetForLeaderPartition {
        /// Every version.
        pub partition: i32,
        /// Every version.
        pub current_leader_epoch: i32,
        /// Every version.
        pub leader_epoch: i32,
    }

    impl Default for OffsetForLeaderPartition {
        fn default() -> Self {
            Self {
                partition: 0,
                current_leader_epoch: -1,
                leader_epoch: 0,
            }
        }
    }

    impl Message for OffsetForLeaderPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition = r.i32()?;
            self.current_leader_epoch = r.i32()?;
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
            let Self { partition, current_leader_epoch, leader_epoch } = self;
            w.i32(*partition);
            w.i32(*current_leader_epoch);
            w.i32(*leader_epoch);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition = s.i32("partition");
            m.current_leader_epoch = s.i32("current_leader_epoch");
            m.leader_epoch = s.i32("leader_epoch");
            m
        }
    }
}
pub use request::OffsetForLeaderEpochRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's OffsetForLeaderEpoch response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetForLeaderEpochResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<OffsetForLeaderTopicResult>,
    }

    impl Default for OffsetForLeaderEpochResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for OffsetForLeaderEpochResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
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
            w.i32(*throttle_time_ms);
            w.array(topics, |w, x| x.encode(w, v));
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
            m
        }
    }

    /// A part of the response: `OffsetForLeaderTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetForLeaderTopicResult {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partitions: Vec<EpochEndOffset>,
    }

    impl Default for OffsetForLeaderTopicResult {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetForLeaderTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = r.string()?;
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
            let Self { topic, partitions } = self;
            w.string(topic);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic = s.string("topic");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `EpochEndOffset`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EpochEndOffset {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub partition: i32,
        /// Every version.
        pub leader_epoch: i32,
        /// Every version.
        pub end_offset: i64,
    }

    impl Default for EpochEndOffset {
        fn default() -> Self {
            Self {
                error_code: 0,
                partition: 0,
                leader_epoch: -1,
                end_offset: -1,
            }
        }
    }

    impl Message for EpochEndOffset {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.partition = r.i32()?;
            self.leader_epoch = r.i32()?;
            self.end_offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, partition, leader_epoch, end_offset } = self;
            w.i16(*error_code);
            w.i32(*partition);
            w.i32(*leader_epoch);
            w.i64(*end_offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.partition = s.i32("partition");
            m.leader_epoch = s.i32("leader_epoch");
            m.end_offset = s.i64("end_offset");
            m
        }
    }
}
pub use response::OffsetForLeaderEpochResponse;
