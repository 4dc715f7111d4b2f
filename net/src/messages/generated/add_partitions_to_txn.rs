//! AddPartitionsToTxn (API key 24), versions 0 to 5. Generated from `net/schema/add_partitions_to_txn.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AddPartitionsToTxn request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnRequest {
        /// Version 4 and later.
        pub transactions: Vec<AddPartitionsToTxnTransaction>,
        /// Versions 0 to 3.
        pub v3_and_below_transactional_id: Str,
        /// Versions 0 to 3.
        pub v3_and_below_producer_id: i64,
        /// Versions 0 to 3.
        pub v3_and_below_producer_epoch: i16,
        /// Versions 0 to 3.
        pub v3_and_below_topics: Vec<AddPartitionsToTxnTopic>,
    }

    impl Default for AddPartitionsToTxnRequest {
        fn default() -> Self {
            Self {
                transactions: Vec::new(),
                v3_and_below_transactional_id: Str::new(),
                v3_and_below_producer_id: 0,
                v3_and_below_producer_epoch: 0,
                v3_and_below_topics: Vec::new(),
            }
        }
    }

    impl Message for AddPartitionsToTxnRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactions.clear();
            self.v3_and_below_transactional_id = Str::new();
            self.v3_and_below_producer_id = 0;
            self.v3_and_below_producer_epoch = 0;
            self.v3_and_below_topics.clear();
            if 4 <= v { r.array_into(&mut self.transactions, |r, x| x.read(r, v))?; }
            if v <= 3 { self.v3_and_below_transactional_id = r.string()?; }
            if v <= 3 { self.v3_and_below_producer_id = r.i64()?; }
            if v <= 3 { self.v3_and_below_producer_epoch = r.i16()?; }
            if v <= 3 { r.array_into(&mut self.v3_and_below_topics, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactions, v3_and_below_transactional_id, v3_and_below_producer_id, v3_and_below_producer_epoch, v3_and_below_topics } = self;
            if 4 <= v { w.array(transactions, |w, x| x.encode(w, v)); }
            if v <= 3 { w.string(v3_and_below_transactional_id); }
            if v <= 3 { w.i64(*v3_and_below_producer_id); }
            if v <= 3 { w.i16(*v3_and_below_producer_epoch); }
            if v <= 3 { w.array(v3_and_below_topics, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 4 <= v { m.transactions = (0..s.length("transactions")).map(|_| Message::sample(s, v)).collect(); }
            if v <= 3 { m.v3_and_below_transactional_id = s.string("v3_and_below_transactional_id"); }
            if v <= 3 { m.v3_and_below_producer_id = s.i64("v3_and_below_producer_id"); }
            if v <= 3 { m.v3_and_below_producer_epoch = s.i16("v3_and_below_producer_epoch"); }
            if v <= 3 { m.v3_and_below_topics = (0..s.length("v3_and_below_topics")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the request: `AddPartitionsToTxnTransaction`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnTransaction {
        /// Version 4 and later.
        pub transactional_id: Str,
        /// Version 4 and later.
        pub producer_id: i64,
        /// Version 4 and later.
        pub producer_epoch: i16,
        /// Version 4 and later.
        pub verify_only: bool,
        /// Version 4 and later.
        pub topics: Vec<AddPartitionsToTxnTopic>,
    }

    impl Default for AddPartitionsToTxnTransaction {
        fn default() -> Self {
            Self {
                transactional_id: Str::new(),
                producer_id: 0,
                producer_epoch: 0,
                verify_only: false,
                topics: Vec::new(),
            }
        }
    }

    impl Message for AddPartitionsToTxnTransaction {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactional_id = Str::new();
            self.producer_id = 0;
            self.producer_epoch = 0;
            self.verify_only = false;
            self.topics.clear();
            if 4 <= v { self.transactional_id = r.string()?; }
            if 4 <= v { self.producer_id = r.i64()?; }
            if 4 <= v { self.producer_epoch = r.i16()?; }
            if 4 <= v { self.verify_only = r.bool()?; }
            if 4 <= v { r.array_into(&mut self.topics, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, producer_id, producer_epoch, verify_only, topics } = self;
            if 4 <= v { w.string(transactional_id); }
            if 4 <= v { w.i64(*producer_id); }
            if 4 <= v { w.i16(*producer_epoch); }
            if 4 <= v { w.bool(*verify_only); }
            if 4 <= v { w.array(topics, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 4 <= v { m.transactional_id = s.string("transactional_id"); }
            if 4 <= v { m.producer_id = s.i64("producer_id"); }
            if 4 <= v { m.producer_epoch = s.i16("producer_epoch"); }
            if 4 <= v { m.verify_only = s.bool("verify_only"); }
            if 4 <= v { m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the request: `AddPartitionsToTxnTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for AddPartitionsToTxnTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for AddPartitionsToTxnTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
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
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }
}
pub use request::AddPartitionsToTxnRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AddPartitionsToTxn response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Version 4 and later.
        pub error_code: i16,
        /// Version 4 and later.
        pub results_by_transaction: Vec<AddPartitionsToTxnResult>,
        /// Versions 0 to 3.
        pub results_by_topic_v3_and_below: Vec<AddPartitionsToTxnTopicResult>,
    }

    impl Default for AddPartitionsToTxnResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                results_by_transaction: Vec::new(),
                results_by_topic_v3_and_below: Vec::new(),
            }
        }
    }

    impl Message for AddPartitionsToTxnResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = 0;
            self.results_by_transaction.clear();
            self.results_by_topic_v3_and_below.clear();
            self.throttle_time_ms = r.i32()?;
            if 4 <= v { self.error_code = r.i16()?; }
            if 4 <= v { r.array_into(&mut self.results_by_transaction, |r, x| x.read(r, v))?; }
            if v <= 3 { r.array_into(&mut self.results_by_topic_v3_and_below, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, results_by_transaction, results_by_topic_v3_and_below } = self;
            w.i32(*throttle_time_ms);
            if 4 <= v { w.i16(*error_code); }
            if 4 <= v { w.array(results_by_transaction, |w, x| x.encode(w, v)); }
            if v <= 3 { w.array(results_by_topic_v3_and_below, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            if 4 <= v { m.error_code = s.i16("error_code"); }
            if 4 <= v { m.results_by_transaction = (0..s.length("results_by_transaction")).map(|_| Message::sample(s, v)).collect(); }
            if v <= 3 { m.results_by_topic_v3_and_below = (0..s.length("results_by_topic_v3_and_below")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `AddPartitionsToTxnResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnResult {
        /// Version 4 and later.
        pub transactional_id: Str,
        /// Version 4 and later.
        pub topic_results: Vec<AddPartitionsToTxnTopicResult>,
    }

    impl Default for AddPartitionsToTxnResult {
        fn default() -> Self {
            Self {
                transactional_id: Str::new(),
                topic_results: Vec::new(),
            }
        }
    }

    impl Message for AddPartitionsToTxnResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactional_id = Str::new();
            self.topic_results.clear();
            if 4 <= v { self.transactional_id = r.string()?; }
            if 4 <= v { r.array_into(&mut self.topic_results, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, topic_results } = self;
            if 4 <= v { w.string(transactional_id); }
            if 4 <= v { w.array(topic_results, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 4 <= v { m.transactional_id = s.string("transactional_id"); }
            if 4 <= v { m.topic_results = (0..s.length("topic_results")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `AddPartitionsToTxnTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnTopicResult {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub results_by_partition: Vec<AddPartitionsToTxnPartitionResult>,
    }

    impl Default for AddPartitionsToTxnTopicResult {
        fn default() -> Self {
            Self {
                name: Str::new(),
                results_by_partition: Vec::new(),
            }
        }
    }

    impl Message for AddPartitionsToTxnTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.array_into(&mut self.results_by_partition, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, results_by_partition } = self;
            w.string(name);
            w.array(results_by_partition, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.results_by_partition = (0..s.length("results_by_partition")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `AddPartitionsToTxnPartitionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddPartitionsToTxnPartitionResult {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub partition_error_code: i16,
    }

    impl Default for AddPartitionsToTxnPartitionResult {
        fn default() -> Self {
            Self {
                partition_index: 0,
                partition_error_code: 0,
            }
        }
    }

    impl Message for AddPartitionsToTxnPartitionResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.partition_error_code = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, partition_error_code } = self;
            w.i32(*partition_index);
            w.i16(*partition_error_code);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.partition_error_code = s.i16("partition_error_code");
            m
        }
    }
}
pub use response::AddPartitionsToTxnResponse;
