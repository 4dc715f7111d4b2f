//! DescribeTransactions (API key 65), versions 0 to 0. Generated from `net/schema/describe_transactions.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeTransactions request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeTransactionsRequest {
        /// Every version.
        pub transactional_ids: Vec<Str>,
    }

    impl Default for DescribeTransactionsRequest {
        fn default() -> Self {
            Self {
                transactional_ids: Vec::new(),
            }
        }
    }

    impl Message for DescribeTransactionsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.transactional_ids, |r, x| { *x = r.string()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_ids } = self;
            w.array(transactional_ids, |w, x| w.string(x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.transactional_ids = (0..s.length("transactional_ids")).map(|_| s.string("transactional_ids")).collect();
            m
        }
    }
}
pub use request::DescribeTransactionsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeTransactions response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeTransactionsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub transaction_states: Vec<TransactionState>,
    }

    impl Default for DescribeTransactionsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                transaction_states: Vec::new(),
            }
        }
    }

    impl Message for DescribeTransactionsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.transaction_states, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, transaction_states } = self;
            w.i32(*throttle_time_ms);
            w.array(transaction_states, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.transaction_states = (0..s.length("transaction_states")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `TransactionState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TransactionState {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub transactional_id: Str,
        /// Every version.
        pub transaction_state: Str,
        /// Every version.
        pub transaction_timeout_ms: i32,
        /// Every version.
        pub transaction_start_time_ms: i64,
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i16,
        /// Every version.
        pub topics: Vec<TopicData>,
    }

    impl Default for TransactionState {
        fn default() -> Self {
            Self {
                error_code: 0,
                transactional_id: Str::new(),
                transaction_state: Str::new(),
                transaction_timeout_ms: 0,
                transaction_start_time_ms: 0,
                producer_id: 0,
                producer_epoch: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for TransactionState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.transactional_id = r.string()?;
            self.transaction_state = r.string()?;
            self.transaction_timeout_ms = r.i32()?;
            self.transaction_start_time_ms = r.i64()?;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i16()?;
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
            let Self { error_code, transactional_id, transaction_state, transaction_timeout_ms, transaction_start_time_ms, producer_id, producer_epoch, topics } = self;
            w.i16(*error_code);
            w.string(transactional_id);
            w.string(transaction_state);
            w.i32(*transaction_timeout_ms);
            w.i64(*transaction_start_time_ms);
            w.i64(*producer_id);
            w.i16(*producer_epoch);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.transactional_id = s.string("transactional_id");
            m.transaction_state = s.string("transaction_state");
            m.transaction_timeout_ms = s.i32("transaction_timeout_ms");
            m.transaction_start_time_ms = s.i64("transaction_start_time_ms");
            m.producer_id = s.i64("producer_id");
            m.producer_epoch = s.i16("producer_epoch");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `TopicData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicData {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TopicData {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicData {
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
pub use response::DescribeTransactionsResponse;
