//! ElectLeaders (API key 43), versions 0 to 2. Generated from `net/schema/elect_leaders.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ElectLeaders request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ElectLeadersRequest {
        /// Version 1 and later.
        pub election_type: i8,
        /// Every version.
        pub topic_partitions: Option<Vec<TopicPartitions>>,
        /// Every version.
        pub timeout_ms: i32,
    }

    impl Default for ElectLeadersRequest {
        fn default() -> Self {
            Self {
                election_type: 0,
                topic_partitions: Some(Vec::new()),
                timeout_ms: 60000,
            }
        }
    }

    impl Message for ElectLeadersRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.election_type = 0;
            if 1 <= v { self.election_type = r.i8()?; }
            self.topic_partitions = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            self.timeout_ms = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { election_type, topic_partitions, timeout_ms } = self;
            if 1 <= v { w.i8(*election_type); }
            w.nullable_array(topic_partitions.as_deref(), |w, x| x.encode(w, v));
            w.i32(*timeout_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.election_type = s.i8("election_type"); }
            m.topic_partitions = if s.null("topic_partitions") { None } else { Some((0..s.length("topic_partitions")).map(|_| Message::sample(s, v)).collect()) };
            m.timeout_ms = s.i32("timeout_ms");
            m
        }
    }

    /// A part of the request: `TopicPartitions`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicPartitions {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TopicPartitions {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicPartitions {
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
}
pub use request::ElectLeadersRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ElectLeaders response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ElectLeadersResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Version 1 and later.
        pub error_code: i16,
        /// Every version.
        pub replica_election_results: Vec<ReplicaElectionResult>,
    }

    impl Default for ElectLeadersResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                replica_election_results: Vec::new(),
            }
        }
    }

    impl Message for ElectLeadersResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = 0;
            self.throttle_time_ms = r.i32()?;
            if 1 <= v { self.error_code = r.i16()?; }
            r.array_into(&mut self.replica_election_results, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, replica_election_results } = self;
            w.i32(*throttle_time_ms);
            if 1 <= v { w.i16(*error_code); }
            w.array(replica_election_results, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            if 1 <= v { m.error_code = s.i16("error_code"); }
            m.replica_election_results = (0..s.length("replica_election_results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ReplicaElectionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReplicaElectionResult {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partition_result: Vec<PartitionResult>,
    }

    impl Default for ReplicaElectionResult {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partition_result: Vec::new(),
            }
        }
    }

    impl Message for ReplicaElectionResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic = r.string()?;
            r.array_into(&mut self.partition_result, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic, partition_result } = self;
            w.string(topic);
            w.array(partition_result, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic = s.string("topic");
            m.partition_result = (0..s.length("partition_result")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `PartitionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionResult {
        /// Every version.
        pub partition_id: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for PartitionResult {
        fn default() -> Self {
            Self {
                partition_id: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for PartitionResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_id = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_id, error_code, error_message } = self;
            w.i32(*partition_id);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_id = s.i32("partition_id");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::ElectLeadersResponse;
