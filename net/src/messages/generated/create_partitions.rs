//! CreatePartitions (API key 37), versions 0 to 3. Generated from `net/schema/create_partitions.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's CreatePartitions request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatePartitionsRequest {
        /// Every version.
        pub topics: Vec<CreatePartitionsTopic>,
        /// Every version.
        pub timeout_ms: i32,
        /// Every version.
        pub validate_only: bool,
    }

    impl Default for CreatePartitionsRequest {
        fn default() -> Self {
            Self {
                topics: Vec::new(),
                timeout_ms: 0,
                validate_only: false,
            }
        }
    }

    impl Message for CreatePartitionsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            self.timeout_ms = r.i32()?;
            self.validate_only = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topics, timeout_ms, validate_only } = self;
            w.array(topics, |w, x| x.encode(w, v));
            w.i32(*timeout_ms);
            w.bool(*validate_only);
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
            m.validate_only = s.bool("validate_only");
            m
        }
    }

    /// A part of the request: `CreatePartitionsTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatePartitionsTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub count: i32,
        /// Every version.
        pub assignments: Option<Vec<CreatePartitionsAssignment>>,
    }

    impl Default for CreatePartitionsTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                count: 0,
                assignments: Some(Vec::new()),
            }
        }
    }

    impl Message for CreatePartitionsTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.count = r.i32()?;
            self.assignments = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, count, assignments } = self;
            w.string(name);
            w.i32(*count);
            w.nullable_array(assignments.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.count = s.i32("count");
            m.assignments = if s.null("assignments") { None } else { Some((0..s.length("assignments")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the request: `CreatePartitionsAssignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatePartitionsAssignment {
        /// Every version.
        pub broker_ids: Vec<i32>,
    }

    impl Default for CreatePartitionsAssignment {
        fn default() -> Self {
            Self {
                broker_ids: Vec::new(),
            }
        }
    }

    impl Message for CreatePartitionsAssignment {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.broker_ids, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { broker_ids } = self;
            w.array(broker_ids, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_ids = (0..s.length("broker_ids")).map(|_| s.i32("broker_ids")).collect();
            m
        }
    }
}
pub use request::CreatePartitionsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's CreatePartitions response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatePartitionsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub results: Vec<CreatePartitionsTopicResult>,
    }

    impl Default for CreatePartitionsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for CreatePartitionsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
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
            let Self { throttle_time_ms, results } = self;
            w.i32(*throttle_time_ms);
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
            m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `CreatePartitionsTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatePartitionsTopicResult {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for CreatePartitionsTopicResult {
        fn default() -> Self {
            Self {
                name: Str::new(),
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for CreatePartitionsTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
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
            let Self { name, error_code, error_message } = self;
            w.string(name);
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
            m.name = s.string("name");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::CreatePartitionsResponse;
