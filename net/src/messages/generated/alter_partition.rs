//! AlterPartition (API key 56), versions 2 to 3. Generated from `net/schema/alter_partition.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AlterPartition request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterPartitionRequest {
        /// Every version.
        pub broker_id: i32,
        /// Every version.
        pub broker_epoch: i64,
        /// Every version.
        pub topics: Vec<TopicData>,
    }

    impl Default for AlterPartitionRequest {
        fn default() -> Self {
            Self {
                broker_id: 0,
                broker_epoch: -1,
                topics: Vec::new(),
            }
        }
    }

    impl Message for AlterPartitionRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.broker_id = r.i32()?;
            self.broker_epoch = r.i64()?;
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
            let Self { broker_id, broker_epoch, topics } = self;
            w.i32(*broker_id);
            w.i64(*broker_epoch);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_id = s.i32("broker_id");
            m.broker_epoch = s.i64("broker_epoch");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `TopicData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicData {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for TopicData {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicData {
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

    /// A part of the request: `PartitionData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionData {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub leader_epoch: i32,
        /// Versions 2 to 2.
        pub new_isr: Vec<i32>,
        /// Version 3 and later.
        pub new_isr_with_epochs: Vec<BrokerState>,
        /// Every version.
        pub leader_recovery_state: i8,
        /// Every version.
        pub partition_epoch: i32,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                leader_epoch: 0,
                new_isr: Vec::new(),
                new_isr_with_epochs: Vec::new(),
                leader_recovery_state: 0,
                partition_epoch: 0,
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.new_isr.clear();
            self.new_isr_with_epochs.clear();
            self.partition_index = r.i32()?;
            self.leader_epoch = r.i32()?;
            if v <= 2 { r.array_into(&mut self.new_isr, |r, x| { *x = r.i32()?; Ok(()) })?; }
            if 3 <= v { r.array_into(&mut self.new_isr_with_epochs, |r, x| x.read(r, v))?; }
            self.leader_recovery_state = r.i8()?;
            self.partition_epoch = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, leader_epoch, new_isr, new_isr_with_epochs, leader_recovery_state, partition_epoch } = self;
            w.i32(*partition_index);
            w.i32(*leader_epoch);
            if v <= 2 { w.array(new_isr, |w, x| w.i32(*x)); }
            if 3 <= v { w.array(new_isr_with_epochs, |w, x| x.encode(w, v)); }
            w.i8(*leader_recovery_state);
            w.i32(*partition_epoch);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.leader_epoch = s.i32("leader_epoch");
            if v <= 2 { m.new_isr = (0..s.length("new_isr")).map(|_| s.i32("new_isr")).collect(); }
            if 3 <= v { m.new_isr_with_epochs = (0..s.length("new_isr_with_epochs")).map(|_| Message::sample(s, v)).collect(); }
            m.leader_recovery_state = s.i8("leader_recovery_state");
            m.partition_epoch = s.i32("partition_epoch");
            m
        }
    }

    /// A part of the request: `BrokerState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BrokerState {
        /// Version 3 and later.
        pub broker_id: i32,
        /// Version 3 and later.
        pub broker_epoch: i64,
    }

    impl Default for BrokerState {
        fn default() -> Self {
            Self {
                broker_id: 0,
                broker_epoch: -1,
            }
        }
    }

    impl Message for BrokerState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.broker_id = 0;
            self.broker_epoch = -1;
            if 3 <= v { self.broker_id = r.i32()?; }
            if 3 <= v { self.broker_epoch = r.i64()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { broker_id, broker_epoch } = self;
            if 3 <= v { w.i32(*broker_id); }
            if 3 <= v { w.i64(*broker_epoch); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.broker_id = s.i32("broker_id"); }
            if 3 <= v { m.broker_epoch = s.i64("broker_epoch"); }
            m
        }
    }
}
pub use request::AlterPartitionRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AlterPartition response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterPartitionResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub topics: Vec<TopicData>,
    }

    impl Default for AlterPartitionResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for AlterPartitionResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
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
            let Self { throttle_time_ms, error_code, topics } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
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
            m.error_code = s.i16("error_code");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `TopicData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicData {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for TopicData {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicData {
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
        pub leader_id: i32,
        /// Every version.
        pub leader_epoch: i32,
        /// Every version.
        pub isr: Vec<i32>,
        /// Every version.
        pub leader_recovery_state: i8,
        /// Every version.
        pub partition_epoch: i32,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                leader_id: 0,
                leader_epoch: 0,
                isr: Vec::new(),
                leader_recovery_state: 0,
                partition_epoch: 0,
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
            r.array_into(&mut self.isr, |r, x| { *x = r.i32()?; Ok(()) })?;
            self.leader_recovery_state = r.i8()?;
            self.partition_epoch = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, leader_id, leader_epoch, isr, leader_recovery_state, partition_epoch } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.i32(*leader_id);
            w.i32(*leader_epoch);
            w.array(isr, |w, x| w.i32(*x));
            w.i8(*leader_recovery_state);
            w.i32(*partition_epoch);
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
            m.isr = (0..s.length("isr")).map(|_| s.i32("isr")).collect();
            m.leader_recovery_state = s.i8("leader_recovery_state");
            m.partition_epoch = s.i32("partition_epoch");
            m
        }
    }
}
pub use response::AlterPartitionResponse;
