//! InitializeShareGroupState (API key 83), versions 0 to 0. Generated from `net/schema/initialize_share_group_state.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's InitializeShareGroupState request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InitializeShareGroupStateRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Vec<InitializeStateData>,
    }

    impl Default for InitializeShareGroupStateRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
            }
        }
    }

    impl Message for InitializeShareGroupStateRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
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
            let Self { group_id, topics } = self;
            w.string(group_id);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `InitializeStateData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InitializeStateData {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for InitializeStateData {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for InitializeStateData {
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
        pub partition: i32,
        /// Every version.
        pub state_epoch: i32,
        /// Every version.
        pub start_offset: i64,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition: 0,
                state_epoch: 0,
                start_offset: 0,
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition = r.i32()?;
            self.state_epoch = r.i32()?;
            self.start_offset = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition, state_epoch, start_offset } = self;
            w.i32(*partition);
            w.i32(*state_epoch);
            w.i64(*start_offset);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition = s.i32("partition");
            m.state_epoch = s.i32("state_epoch");
            m.start_offset = s.i64("start_offset");
            m
        }
    }
}
pub use request::InitializeShareGroupStateRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's InitializeShareGroupState response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InitializeShareGroupStateResponse {
        /// Every version.
        pub results: Vec<InitializeStateResult>,
    }

    impl Default for InitializeShareGroupStateResponse {
        fn default() -> Self {
            Self {
                results: Vec::new(),
            }
        }
    }

    impl Message for InitializeShareGroupStateResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
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
            let Self { results } = self;
            w.array(results, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `InitializeStateResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InitializeStateResult {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionResult>,
    }

    impl Default for InitializeStateResult {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for InitializeStateResult {
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

    /// A part of the response: `PartitionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PartitionResult {
        /// Every version.
        pub partition: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for PartitionResult {
        fn default() -> Self {
            Self {
                partition: 0,
                error_code: 0,
                error_message: None,
            }
        }
    }

    impl Message for PartitionResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition = r.i32()?;
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
            let Self { partition, error_code, error_message } = self;
            w.i32(*partition);
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
            m.partition = s.i32("partition");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::InitializeShareGroupStateResponse;
