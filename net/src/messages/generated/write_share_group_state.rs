//! WriteShareGroupState (API key 85), versions 0 to 1. Generated from `net/schema/write_share_group_state.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's WriteShareGroupState request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WriteShareGroupStateRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Vec<WriteStateData>,
    }

    impl Default for WriteShareGroupStateRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
            }
        }
    }

    impl Message for WriteShareGroupStateRequest {
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

    /// A part of the request: `WriteStateData`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WriteStateData {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionData>,
    }

    impl Default for WriteStateData {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for WriteStateData {
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
        pub leader_epoch: i32,
        /// Every version.
        pub start_offset: i64,
        /// Version 1 and later.
        pub delivery_complete_count: i32,
        /// Every version.
        pub state_batches: Vec<StateBatch>,
    }

    impl Default for PartitionData {
        fn default() -> Self {
            Self {
                partition: 0,
                state_epoch: 0,
                leader_epoch: 0,
                start_offset: 0,
                delivery_complete_count: -1,
                state_batches: Vec::new(),
            }
        }
    }

    impl Message for PartitionData {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.delivery_complete_count = -1;
            self.partition = r.i32()?;
            self.state_epoch = r.i32()?;
            self.leader_epoch = r.i32()?;
            self.start_offset = r.i64()?;
            if 1 <= v { self.delivery_complete_count = r.i32()?; }
            r.array_into(&mut self.state_batches, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition, state_epoch, leader_epoch, start_offset, delivery_complete_count, state_batches } = self;
            w.i32(*partition);
            w.i32(*state_epoch);
            w.i32(*leader_epoch);
            w.i64(*start_offset);
            if 1 <= v { w.i32(*delivery_complete_count); }
            w.array(state_batches, |w, x| x.encode(w, v));
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
            m.leader_epoch = s.i32("leader_epoch");
            m.start_offset = s.i64("start_offset");
            if 1 <= v { m.delivery_complete_count = s.i32("delivery_complete_count"); }
            m.state_batches = (0..s.length("state_batches")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `StateBatch`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct StateBatch {
        /// Every version.
        pub first_offset: i64,
        /// Every version.
        pub last_offset: i64,
        /// Every version.
        pub delivery_state: i8,
        /// Every version.
        pub delivery_count: i16,
    }

    impl Default for StateBatch {
        fn default() -> Self {
            Self {
                first_offset: 0,
                last_offset: 0,
                delivery_state: 0,
                delivery_count: 0,
            }
        }
    }

    impl Message for StateBatch {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.first_offset = r.i64()?;
            self.last_offset = r.i64()?;
            self.delivery_state = r.i8()?;
            self.delivery_count = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { first_offset, last_offset, delivery_state, delivery_count } = self;
            w.i64(*first_offset);
            w.i64(*last_offset);
            w.i8(*delivery_state);
            w.i16(*delivery_count);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.first_offset = s.i64("first_offset");
            m.last_offset = s.i64("last_offset");
            m.delivery_state = s.i8("delivery_state");
            m.delivery_count = s.i16("delivery_count");
            m
        }
    }
}
pub use request::WriteShareGroupStateRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's WriteShareGroupState response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WriteShareGroupStateResponse {
        /// Every version.
        pub results: Vec<WriteStateResult>,
    }

    impl Default for WriteShareGroupStateResponse {
        fn default() -> Self {
            Self {
                results: Vec::new(),
            }
        }
    }

    impl Message for WriteShareGroupStateResponse {
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

    /// A part of the response: `WriteStateResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WriteStateResult {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<PartitionResult>,
    }

    impl Default for WriteStateResult {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for WriteStateResult {
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
pub use response::WriteShareGroupStateResponse;
