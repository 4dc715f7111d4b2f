//! ShareGroupHeartbeat (API key 76), versions 1 to 1. Generated from `net/schema/share_group_heartbeat.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ShareGroupHeartbeat request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareGroupHeartbeatRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub member_epoch: i32,
        /// Every version.
        pub rack_id: Option<Str>,
        /// Every version.
        pub subscribed_topic_names: Option<Vec<Str>>,
    }

    impl Default for ShareGroupHeartbeatRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                member_id: Str::new(),
                member_epoch: 0,
                rack_id: None,
                subscribed_topic_names: None,
            }
        }
    }

    impl Message for ShareGroupHeartbeatRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
            self.member_id = r.string()?;
            self.member_epoch = r.i32()?;
            self.rack_id = r.nullable_string()?;
            self.subscribed_topic_names = r.nullable_array(|r| Ok(r.string()?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, member_id, member_epoch, rack_id, subscribed_topic_names } = self;
            w.string(group_id);
            w.string(member_id);
            w.i32(*member_epoch);
            w.nullable_string(rack_id.as_deref());
            w.nullable_array(subscribed_topic_names.as_deref(), |w, x| w.string(x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.member_id = s.string("member_id");
            m.member_epoch = s.i32("member_epoch");
            m.rack_id = if s.null("rack_id") { None } else { Some(s.string("rack_id")) };
            m.subscribed_topic_names = if s.null("subscribed_topic_names") { None } else { Some((0..s.length("subscribed_topic_names")).map(|_| s.string("subscribed_topic_names")).collect()) };
            m
        }
    }
}
pub use request::ShareGroupHeartbeatRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ShareGroupHeartbeat response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareGroupHeartbeatResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub member_id: Option<Str>,
        /// Every version.
        pub member_epoch: i32,
        /// Every version.
        pub heartbeat_interval_ms: i32,
        /// Every version.
        pub assignment: Option<Assignment>,
    }

    impl Default for ShareGroupHeartbeatResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: None,
                member_id: None,
                member_epoch: 0,
                heartbeat_interval_ms: 0,
                assignment: None,
            }
        }
    }

    impl Message for ShareGroupHeartbeatResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.member_id = r.nullable_string()?;
            self.member_epoch = r.i32()?;
            self.heartbeat_interval_ms = r.i32()?;
            self.assignment = r.nullable_struct(|r| Message::decode(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, member_id, member_epoch, heartbeat_interval_ms, assignment } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.nullable_string(member_id.as_deref());
            w.i32(*member_epoch);
            w.i32(*heartbeat_interval_ms);
            w.nullable_struct(assignment.as_ref(), |w, x| x.encode(w, v));
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
            m.member_id = if s.null("member_id") { None } else { Some(s.string("member_id")) };
            m.member_epoch = s.i32("member_epoch");
            m.heartbeat_interval_ms = s.i32("heartbeat_interval_ms");
            m.assignment = if s.null("assignment") { None } else { Some(Message::sample(s, v)) };
            m
        }
    }

    /// A part of the response: `Assignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Assignment {
        /// Every version.
        pub topic_partitions: Vec<TopicPartitions>,
    }

    impl Default for Assignment {
        fn default() -> Self {
            Self {
                topic_partitions: Vec::new(),
            }
        }
    }

    impl Message for Assignment {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.topic_partitions, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_partitions } = self;
            w.array(topic_partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_partitions = (0..s.length("topic_partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `TopicPartitions`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicPartitions {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TopicPartitions {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicPartitions {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = r.uuid()?;
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
            let Self { topic_id, partitions } = self;
            w.uuid(*topic_id);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_id = s.uuid("topic_id");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }
}
pub use response::ShareGroupHeartbeatResponse;
