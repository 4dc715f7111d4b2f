//! DescribeProducers (API key 61), versions 0 to 0. Generated from `net/schema/describe_producers.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeProducers request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeProducersRequest {
        /// Every version.
        pub topics: Vec<TopicRequest>,
    }

    impl Default for DescribeProducersRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
            }
        }
    }

    impl Message for DescribeProducersRequest {
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

    /// A part of the request: `TopicRequest`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicRequest {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partition_indexes: Vec<i32>,
    }

    impl Default for TopicRequest {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partition_indexes: Vec::new(),
            }
        }
    }

    impl Message for TopicRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.array_into(&mut self.partition_indexes, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partition_indexes } = self;
            w.string(name);
            w.array(partition_indexes, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partition_indexes = (0..s.length("partition_indexes")).map(|_| s.i32("partition_indexes")).collect();
            m
        }
    }
}
pub use request::DescribeProducersRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeProducers response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeProducersResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<TopicResponse>,
    }

    impl Default for DescribeProducersResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for DescribeProducersResponse {
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

    /// A part of the response: `TopicResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicResponse {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<PartitionResponse>,
    }

    impl Default for TopicResponse {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicResponse {
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

    /// A part of the response: `PartitionResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionResponse {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub active_producers: Vec<ProducerState>,
    }

    impl Default for PartitionResponse {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                error_message: None,
                active_producers: Vec::new(),
            }
        }
    }

    impl Message for PartitionResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.array_into(&mut self.active_producers, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code, error_message, active_producers } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.array(active_producers, |w, x| x.encode(w, v));
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
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.active_producers = (0..s.length("active_producers")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ProducerState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ProducerState {
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i32,
        /// Every version.
        pub last_sequence: i32,
        /// Every version.
        pub last_timestamp: i64,
        /// Every version.
        pub coordinator_epoch: i32,
        /// Every version.
        pub current_txn_start_offset: i64,
    }

    impl Default for ProducerState {
        fn default() -> Self {
            Self {
                producer_id: 0,
                producer_epoch: 0,
                last_sequence: -1,
                last_timestamp: -1,
                coordinator_epoch: 0,
                current_txn_start_offset: -1,
            }
        }
    }

    impl Message for ProducerState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i32()?;
            self.last_sequence = r.i32()?;
            self.last_timestamp = r.i64()?;
            self.coordinator_epoch = r.i32()?;
            self.current_txn_start_offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { producer_id, producer_epoch, last_sequence, last_timestamp, coordinator_epoch, current_txn_start_offset } = self;
            w.i64(*producer_id);
            w.i32(*producer_epoch);
            w.i32(*last_sequence);
            w.i64(*last_timestamp);
            w.i32(*coordinator_epoch);
            w.i64(*current_txn_start_offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.producer_id = s.i64("producer_id");
            m.producer_epoch = s.i32("producer_epoch");
            m.last_sequence = s.i32("last_sequence");
            m.last_timestamp = s.i64("last_timestamp");
            m.coordinator_epoch = s.i32("coordinator_epoch");
            m.current_txn_start_offset = s.i64("current_txn_start_offset");
            m
        }
    }
}
pub use response::DescribeProducersResponse;
