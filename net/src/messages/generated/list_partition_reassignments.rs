//! ListPartitionReassignments (API key 46), versions 0 to 0. Generated from `net/schema/list_partition_reassignments.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ListPartitionReassignments request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListPartitionReassignmentsRequest {
        /// Every version.
        pub timeout_ms: i32,
        /// Every version.
        pub topics: Option<Vec<ListPartitionReassignmentsTopics>>,
    }

    impl Default for ListPartitionReassignmentsRequest {
        fn default() -> Self {
            Self {
                timeout_ms: 60000,
                topics: None,
            }
        }
    }

    impl Message for ListPartitionReassignmentsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.timeout_ms = r.i32()?;
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
            let Self { timeout_ms, topics } = self;
            w.i32(*timeout_ms);
            w.nullable_array(topics.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.timeout_ms = s.i32("timeout_ms");
            m.topics = if s.null("topics") { None } else { Some((0..s.length("topics")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the request: `ListPartitionReassignmentsTopics`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListPartitionReassignmentsTopics {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partition_indexes: Vec<i32>,
    }

    impl Default for ListPartitionReassignmentsTopics {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partition_indexes: Vec::new(),
            }
        }
    }

    impl Message for ListPartitionReassignmentsTopics {
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
pub use request::ListPartitionReassignmentsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ListPartitionReassignments response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListPartitionReassignmentsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub topics: Vec<OngoingTopicReassignment>,
    }

    impl Default for ListPartitionReassignmentsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
                topics: Vec::new(),
            }
        }
    }

    impl Message for ListPartitionReassignmentsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
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
            let Self { throttle_time_ms, error_code, error_message, topics } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
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
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `OngoingTopicReassignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OngoingTopicReassignment {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<OngoingPartitionReassignment>,
    }

    impl Default for OngoingTopicReassignment {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OngoingTopicReassignment {
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

    /// A part of the response: `OngoingPartitionReassignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OngoingPartitionReassignment {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub replicas: Vec<i32>,
        /// Every version.
        pub adding_replicas: Vec<i32>,
        /// Every version.
        pub removing_replicas: Vec<i32>,
    }

    impl Default for OngoingPartitionReassignment {
        fn default() -> Self {
            Self {
                partition_index: 0,
                replicas: Vec::new(),
                adding_replicas: Vec::new(),
                removing_replicas: Vec::new(),
            }
        }
    }

    impl Message for OngoingPartitionReassignment {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            r.array_into(&mut self.replicas, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.array_into(&mut self.adding_replicas, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.array_into(&mut self.removing_replicas, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, replicas, adding_replicas, removing_replicas } = self;
            w.i32(*partition_index);
            w.array(replicas, |w, x| w.i32(*x));
            w.array(adding_replicas, |w, x| w.i32(*x));
            w.array(removing_replicas, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.replicas = (0..s.length("replicas")).map(|_| s.i32("replicas")).collect();
            m.adding_replicas = (0..s.length("adding_replicas")).map(|_| s.i32("adding_replicas")).collect();
            m.removing_replicas = (0..s.length("removing_replicas")).map(|_| s.i32("removing_replicas")).collect();
            m
        }
    }
}
pub use response::ListPartitionReassignmentsResponse;
