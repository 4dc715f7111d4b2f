//! DeleteRecords (API key 21), versions 0 to 2. Generated from `net/schema/delete_records.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DeleteRecords request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteRecordsRequest {
        /// Every version.
        pub topics: Vec<DeleteRecordsTopic>,
        /// Every version.
        pub timeout_ms: i32,
    }

    impl Default for DeleteRecordsRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
                timeout_ms: 0,
            }
        }
    }

    impl Message for DeleteRecordsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
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
            let Self { topics, timeout_ms } = self;
            w.array(topics, |w, x| x.encode(w, v));
            w.i32(*timeout_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m.timeout_ms = s.i32("timeout_ms");
            m
        }
    }

    /// A part of the request: `DeleteRecordsTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteRecordsTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<DeleteRecordsPartition>,
    }

    impl Default for DeleteRecordsTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for DeleteRecordsTopic {
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

    /// A part of the request: `DeleteRecordsPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteRecordsPartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub offset: i64,
    }

    impl Default for DeleteRecordsPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                offset: 0,
            }
        }
    }

    impl Message for DeleteRecordsPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, offset } = self;
            w.i32(*partition_index);
            w.i64(*offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.offset = s.i64("offset");
            m
        }
    }
}
pub use request::DeleteRecordsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DeleteRecords response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteRecordsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<DeleteRecordsTopicResult>,
    }

    impl Default for DeleteRecordsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for DeleteRecordsResponse {
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

    /// A part of the response: `DeleteRecordsTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteRecordsTopicResult {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<DeleteRecordsPartitionResult>,
    }

    impl Default for DeleteRecordsTopicResult {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for DeleteRecordsTopicResult {
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

    /// A part of the response: `DeleteRecordsPartitionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteRecordsPartitionResult {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub low_watermark: i64,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for DeleteRecordsPartitionResult {
        fn default() -> Self {
            Self {
                partition_index: 0,
                low_watermark: 0,
                error_code: 0,
            }
        }
    }

    impl Message for DeleteRecordsPartitionResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.low_watermark = r.i64()?;
            self.error_code = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, low_watermark, error_code } = self;
            w.i32(*partition_index);
            w.i64(*low_watermark);
            w.i16(*error_code);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.low_watermark = s.i64("low_watermark");
            m.error_code = s.i16("error_code");
            m
        }
    }
}
pub use response::DeleteRecordsResponse;
