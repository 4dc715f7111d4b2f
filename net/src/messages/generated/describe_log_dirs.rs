//! DescribeLogDirs (API key 35), versions 1 to 5. Generated from `net/schema/describe_log_dirs.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeLogDirs request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeLogDirsRequest {
        /// Every version.
        pub topics: Option<Vec<DescribableLogDirTopic>>,
    }

    impl Default for DescribeLogDirsRequest {
        fn default() -> Self {
            Self {
                topics: Some(Vec::new()),
            }
        }
    }

    impl Message for DescribeLogDirsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topics = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
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
            w.nullable_array(topics.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topics = if s.null("topics") { None } else { Some((0..s.length("topics")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the request: `DescribableLogDirTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribableLogDirTopic {
        /// Every version.
        pub topic: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for DescribableLogDirTopic {
        fn default() -> Self {
            Self {
                topic: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for DescribableLogDirTopic {
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
pub use request::DescribeLogDirsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeLogDirs response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeLogDirsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Version 3 and later.
        pub error_code: i16,
        /// Every version.
        pub results: Vec<DescribeLogDirsResult>,
    }

    impl Default for DescribeLogDirsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for DescribeLogDirsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = 0;
            self.throttle_time_ms = r.i32()?;
            if 3 <= v { self.error_code = r.i16()?; }
            r.array_into(&mut self.results, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, results } = self;
            w.i32(*throttle_time_ms);
            if 3 <= v { w.i16(*error_code); }
            w.array(results, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            if 3 <= v { m.error_code = s.i16("error_code"); }
            m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribeLogDirsResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeLogDirsResult {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub log_dir: Str,
        /// Every version.
        pub topics: Vec<DescribeLogDirsTopic>,
        /// Version 4 and later.
        pub total_bytes: i64,
        /// Version 4 and later.
        pub usable_bytes: i64,
        /// Version 5 and later.
        pub is_cordoned: bool,
    }

    impl Default for DescribeLogDirsResult {
        fn default() -> Self {
            Self {
                error_code: 0,
                log_dir: Str::new(),
                topics: Vec::new(),
                total_bytes: -1,
                usable_bytes: -1,
                is_cordoned: false,
            }
        }
    }

    impl Message for DescribeLogDirsResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.total_bytes = -1;
            self.usable_bytes = -1;
            self.is_cordoned = false;
            self.error_code = r.i16()?;
            self.log_dir = r.string()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            if 4 <= v { self.total_bytes = r.i64()?; }
            if 4 <= v { self.usable_bytes = r.i64()?; }
            if 5 <= v { self.is_cordoned = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, log_dir, topics, total_bytes, usable_bytes, is_cordoned } = self;
            w.i16(*error_code);
            w.string(log_dir);
            w.array(topics, |w, x| x.encode(w, v));
            if 4 <= v { w.i64(*total_bytes); }
            if 4 <= v { w.i64(*usable_bytes); }
            if 5 <= v { w.bool(*is_cordoned); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.log_dir = s.string("log_dir");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if 4 <= v { m.total_bytes = s.i64("total_bytes"); }
            if 4 <= v { m.usable_bytes = s.i64("usable_bytes"); }
            if 5 <= v { m.is_cordoned = s.bool("is_cordoned"); }
            m
        }
    }

    /// A part of the response: `DescribeLogDirsTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeLogDirsTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<DescribeLogDirsPartition>,
    }

    impl Default for DescribeLogDirsTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for DescribeLogDirsTopic {
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

    /// A part of the response: `DescribeLogDirsPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeLogDirsPartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub partition_size: i64,
        /// Every version.
        pub offset_lag: i64,
        /// Every version.
        pub is_future_key: bool,
    }

    impl Default for DescribeLogDirsPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                partition_size: 0,
                offset_lag: 0,
                is_future_key: false,
            }
        }
    }

    impl Message for DescribeLogDirsPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.partition_size = r.i64()?;
            self.offset_lag = r.i64()?;
            self.is_future_key = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, partition_size, offset_lag, is_future_key } = self;
            w.i32(*partition_index);
            w.i64(*partition_size);
            w.i64(*offset_lag);
            w.bool(*is_future_key);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.partition_size = s.i64("partition_size");
            m.offset_lag = s.i64("offset_lag");
            m.is_future_key = s.bool("is_future_key");
            m
        }
    }
}
pub use response::DescribeLogDirsResponse;
