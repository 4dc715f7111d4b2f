//! AlterPartitionReassignments (API key 45), versions 0 to 1. Generated from `net/schema/alter_partition_reassignments.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AlterPartitionReassignments request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterPartitionReassignmentsRequest {
        /// Every version.
        pub timeout_ms: i32,
        /// Version 1 and later.
        pub allow_replication_factor_change: bool,
        /// Every version.
        pub topics: Vec<ReassignableTopic>,
    }

    impl Default for AlterPartitionReassignmentsRequest {
        fn default() -> Self {
            Self {
                timeout_ms: 60000,
                allow_replication_factor_change: true,
                topics: Vec::new(),
            }
        }
    }

    impl Message for AlterPartitionReassignmentsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.allow_replication_factor_change = true;
            self.timeout_ms = r.i32()?;
            if 1 <= v { self.allow_replication_factor_change = r.bool()?; }
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
            let Self { timeout_ms, allow_replication_factor_change, topics } = self;
            w.i32(*timeout_ms);
            if 1 <= v { w.bool(*allow_replication_factor_change); }
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.timeout_ms = s.i32("timeout_ms");
            if 1 <= v { m.allow_replication_factor_change = s.bool("allow_replication_factor_change"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `ReassignableTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReassignableTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<ReassignablePartition>,
    }

    impl Default for ReassignableTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ReassignableTopic {
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

    /// A part of the request: `ReassignablePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReassignablePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub replicas: Option<Vec<i32>>,
    }

    impl Default for ReassignablePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                replicas: None,
            }
        }
    }

    impl Message for ReassignablePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.replicas = r.nullable_array(|r| Ok(r.i32()?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, replicas } = self;
            w.i32(*partition_index);
            w.nullable_array(replicas.as_deref(), |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.replicas = if s.null("replicas") { None } else { Some((0..s.length("replicas")).map(|_| s.i32("replicas")).collect()) };
            m
        }
    }
}
pub use request::AlterPartitionReassignmentsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AlterPartitionReassignments response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterPartitionReassignmentsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Version 1 and later.
        pub allow_replication_factor_change: bool,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub responses: Vec<ReassignableTopicResponse>,
    }

    impl Default for AlterPartitionReassignmentsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                allow_replication_factor_change: true,
                error_code: 0,
                error_message: Some(Str::new()),
                responses: Vec::new(),
            }
        }
    }

    impl Message for AlterPartitionReassignmentsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.allow_replication_factor_change = true;
            self.throttle_time_ms = r.i32()?;
            if 1 <= v { self.allow_replication_factor_change = r.bool()?; }
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.array_into(&mut self.responses, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, allow_replication_factor_change, error_code, error_message, responses } = self;
            w.i32(*throttle_time_ms);
            if 1 <= v { w.bool(*allow_replication_factor_change); }
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.array(responses, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            if 1 <= v { m.allow_replication_factor_change = s.bool("allow_replication_factor_change"); }
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.responses = (0..s.length("responses")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ReassignableTopicResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReassignableTopicResponse {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<ReassignablePartitionResponse>,
    }

    impl Default for ReassignableTopicResponse {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for ReassignableTopicResponse {
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

    /// A part of the response: `ReassignablePartitionResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReassignablePartitionResponse {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for ReassignablePartitionResponse {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for ReassignablePartitionResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
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
            let Self { partition_index, error_code, error_message } = self;
            w.i32(*partition_index);
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
            m.partition_index = s.i32("partition_index");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::AlterPartitionReassignmentsResponse;
