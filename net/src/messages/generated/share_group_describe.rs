//! ShareGroupDescribe (API key 77), versions 1 to 1. Generated from `net/schema/share_group_describe.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ShareGroupDescribe request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareGroupDescribeRequest {
        /// Every version.
        pub group_ids: Vec<Str>,
        /// Every version.
        pub include_authorized_operations: bool,
    }

    impl Default for ShareGroupDescribeRequest {
        fn default() -> Self {
            Self {
                group_ids: Vec::new(),
                include_authorized_operations: false,
            }
        }
    }

    impl Message for ShareGroupDescribeRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.group_ids, |r, x| { *x = r.string()?; Ok(()) })?;
            self.include_authorized_operations = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_ids, include_authorized_operations } = self;
            w.array(group_ids, |w, x| w.string(x));
            w.bool(*include_authorized_operations);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_ids = (0..s.length("group_ids")).map(|_| s.string("group_ids")).collect();
            m.include_authorized_operations = s.bool("include_authorized_operations");
            m
        }
    }
}
pub use request::ShareGroupDescribeRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ShareGroupDescribe response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShareGroupDescribeResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub groups: Vec<DescribedGroup>,
    }

    impl Default for ShareGroupDescribeResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                groups: Vec::new(),
            }
        }
    }

    impl Message for ShareGroupDescribeResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.groups, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, groups } = self;
            w.i32(*throttle_time_ms);
            w.array(groups, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribedGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribedGroup {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub group_state: Str,
        /// Every version.
        pub group_epoch: i32,
        /// Every version.
        pub assignment_epoch: i32,
        /// Every version.
        pub assignor_name: Str,
        /// Every version.
        pub members: Vec<Member>,
        /// Every version.
        pub authorized_operations: i32,
    }

    impl Default for DescribedGroup {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: None,
                group_id: Str::new(),
                group_state: Str::new(),
                group_epoch: 0,
                assignment_epoch: 0,
                assignor_name: Str::new(),
                members: Vec::new(),
                authorized_operations: -2147483648,
            }
        }
    }

    impl Message for DescribedGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            self.group_id = r.string()?;
            self.group_state = r.string()?;
            self.group_epoch = r.i32()?;
            self.assignment_epoch = r.i32()?;
            self.assignor_name = r.string()?;
            r.array_into(&mut self.members, |r, x| x.read(r, v))?;
            self.authorized_operations = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, group_id, group_state, group_epoch, assignment_epoch, assignor_name, members, authorized_operations } = self;
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.string(group_id);
            w.string(group_state);
            w.i32(*group_epoch);
            w.i32(*assignment_epoch);
            w.string(assignor_name);
            w.array(members, |w, x| x.encode(w, v));
            w.i32(*authorized_operations);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.group_id = s.string("group_id");
            m.group_state = s.string("group_state");
            m.group_epoch = s.i32("group_epoch");
            m.assignment_epoch = s.i32("assignment_epoch");
            m.assignor_name = s.string("assignor_name");
            m.members = (0..s.length("members")).map(|_| Message::sample(s, v)).collect();
            m.authorized_operations = s.i32("authorized_operations");
            m
        }
    }

    /// A part of the response: `Member`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Member {
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub rack_id: Option<Str>,
        /// Every version.
        pub member_epoch: i32,
        /// Every version.
        pub client_id: Str,
        /// Every version.
        pub client_host: Str,
        /// Every version.
        pub subscribed_topic_names: Vec<Str>,
        /// Every version.
        pub assignment: Assignment,
    }

    impl Default for Member {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                rack_id: None,
                member_epoch: 0,
                client_id: Str::new(),
                client_host: Str::new(),
                subscribed_topic_names: Vec::new(),
                assignment: Assignment::default(),
            }
        }
    }

    impl Message for Member {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.member_id = r.string()?;
            self.rack_id = r.nullable_string()?;
            self.member_epoch = r.i32()?;
            self.client_id = r.string()?;
            self.client_host = r.string()?;
            r.array_into(&mut self.subscribed_topic_names, |r, x| { *x = r.string()?; Ok(()) })?;
            self.assignment.read(r, v)?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, rack_id, member_epoch, client_id, client_host, subscribed_topic_names, assignment } = self;
            w.string(member_id);
            w.nullable_string(rack_id.as_deref());
            w.i32(*member_epoch);
            w.string(client_id);
            w.string(client_host);
            w.array(subscribed_topic_names, |w, x| w.string(x));
            assignment.encode(w, v);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.member_id = s.string("member_id");
            m.rack_id = if s.null("rack_id") { None } else { Some(s.string("rack_id")) };
            m.member_epoch = s.i32("member_epoch");
            m.client_id = s.string("client_id");
            m.client_host = s.string("client_host");
            m.subscribed_topic_names = (0..s.length("subscribed_topic_names")).map(|_| s.string("subscribed_topic_names")).collect();
            m.assignment = Message::sample(s, v);
            m
        }
    }

    /// A part of the response: `TopicPartitions`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TopicPartitions {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for TopicPartitions {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                topic_name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for TopicPartitions {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = r.uuid()?;
            self.topic_name = r.string()?;
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
            let Self { topic_id, topic_name, partitions } = self;
            w.uuid(*topic_id);
            w.string(topic_name);
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
            m.topic_name = s.string("topic_name");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
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
}
pub use response::ShareGroupDescribeResponse;
