//! JoinGroup (API key 11), versions 0 to 9. Generated from `net/schema/join_group.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's JoinGroup request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct JoinGroupRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub session_timeout_ms: i32,
        /// Version 1 and later.
        pub rebalance_timeout_ms: i32,
        /// Every version.
        pub member_id: Str,
        /// Version 5 and later.
        pub group_instance_id: Option<Str>,
        /// Every version.
        pub protocol_type: Str,
        /// Every version.
        pub protocols: Vec<JoinGroupRequestProtocol>,
        /// Version 8 and later.
        pub reason: Option<Str>,
    }

    impl Default for JoinGroupRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                session_timeout_ms: 0,
                rebalance_timeout_ms: -1,
                member_id: Str::new(),
                group_instance_id: None,
                protocol_type: Str::new(),
                protocols: Vec::new(),
                reason: None,
            }
        }
    }

    impl Message for JoinGroupRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.rebalance_timeout_ms = -1;
            self.group_instance_id = None;
            self.reason = None;
            self.group_id = r.string()?;
            self.session_timeout_ms = r.i32()?;
            if 1 <= v { self.rebalance_timeout_ms = r.i32()?; }
            self.member_id = r.string()?;
            if 5 <= v { self.group_instance_id = r.nullable_string()?; }
            self.protocol_type = r.string()?;
            r.array_into(&mut self.protocols, |r, x| x.read(r, v))?;
            if 8 <= v { self.reason = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, session_timeout_ms, rebalance_timeout_ms, member_id, group_instance_id, protocol_type, protocols, reason } = self;
            w.string(group_id);
            w.i32(*session_timeout_ms);
            if 1 <= v { w.i32(*rebalance_timeout_ms); }
            w.string(member_id);
            if 5 <= v { w.nullable_string(group_instance_id.as_deref()); }
            w.string(protocol_type);
            w.array(protocols, |w, x| x.encode(w, v));
            if 8 <= v { w.nullable_string(reason.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.session_timeout_ms = s.i32("session_timeout_ms");
            if 1 <= v { m.rebalance_timeout_ms = s.i32("rebalance_timeout_ms"); }
            m.member_id = s.string("member_id");
            if 5 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            m.protocol_type = s.string("protocol_type");
            m.protocols = (0..s.length("protocols")).map(|_| Message::sample(s, v)).collect();
            if 8 <= v { m.reason = if s.null("reason") { None } else { Some(s.string("reason")) }; }
            m
        }
    }

    /// A part of the request: `JoinGroupRequestProtocol`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct JoinGroupRequestProtocol {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub metadata: Bytes,
    }

    impl Default for JoinGroupRequestProtocol {
        fn default() -> Self {
            Self {
                name: Str::new(),
                metadata: Bytes::new(),
            }
        }
    }

    impl Message for JoinGroupRequestProtocol {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.metadata = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, metadata } = self;
            w.string(name);
            w.bytes(metadata);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.metadata = s.bytes("metadata");
            m
        }
    }
}
pub use request::JoinGroupRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's JoinGroup response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct JoinGroupResponse {
        /// Version 2 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub generation_id: i32,
        /// Version 7 and later.
        pub protocol_type: Option<Str>,
        /// Every version.
        pub protocol_name: Option<Str>,
        /// Every version.
        pub leader: Str,
        /// Version 9 and later.
        pub skip_assignment: bool,
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub members: Vec<JoinGroupResponseMember>,
    }

    impl Default for JoinGroupResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                generation_id: -1,
                protocol_type: None,
                protocol_name: Some(Str::new()),
                leader: Str::new(),
                skip_assignment: false,
                member_id: Str::new(),
                members: Vec::new(),
            }
        }
    }

    impl Message for JoinGroupResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.protocol_type = None;
            self.skip_assignment = false;
            if 2 <= v { self.throttle_time_ms = r.i32()?; }
            self.error_code = r.i16()?;
            self.generation_id = r.i32()?;
            if 7 <= v { self.protocol_type = r.nullable_string()?; }
            self.protocol_name = if 7 <= v { r.nullable_string()? } else { Some(r.string()?) };
            self.leader = r.string()?;
            if 9 <= v { self.skip_assignment = r.bool()?; }
            self.member_id = r.string()?;
            r.array_into(&mut self.members, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, generation_id, protocol_type, protocol_name, leader, skip_assignment, member_id, members } = self;
            if 2 <= v { w.i32(*throttle_time_ms); }
            w.i16(*error_code);
            w.i32(*generation_id);
            if 7 <= v { w.nullable_string(protocol_type.as_deref()); }
            if 7 <= v { w.nullable_string(protocol_name.as_deref()) } else { w.string(protocol_name.as_deref().unwrap_or_default()) };
            w.string(leader);
            if 9 <= v { w.bool(*skip_assignment); }
            w.string(member_id);
            w.array(members, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 2 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.error_code = s.i16("error_code");
            m.generation_id = s.i32("generation_id");
            if 7 <= v { m.protocol_type = if s.null("protocol_type") { None } else { Some(s.string("protocol_type")) }; }
            m.protocol_name = if 7 <= v && s.null("protocol_name") { None } else { Some(s.string("protocol_name")) };
            m.leader = s.string("leader");
            if 9 <= v { m.skip_assignment = s.bool("skip_assignment"); }
            m.member_id = s.string("member_id");
            m.members = (0..s.length("members")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `JoinGroupResponseMember`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct JoinGroupResponseMember {
        /// Every version.
        pub member_id: Str,
        /// Version 5 and later.
        pub group_instance_id: Option<Str>,
        /// Every version.
        pub metadata: Bytes,
    }

    impl Default for JoinGroupResponseMember {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                group_instance_id: None,
                metadata: Bytes::new(),
            }
        }
    }

    impl Message for JoinGroupResponseMember {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_instance_id = None;
            self.member_id = r.string()?;
            if 5 <= v { self.group_instance_id = r.nullable_string()?; }
            self.metadata = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, group_instance_id, metadata } = self;
            w.string(member_id);
            if 5 <= v { w.nullable_string(group_instance_id.as_deref()); }
            w.bytes(metadata);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.member_id = s.string("member_id");
            if 5 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            m.metadata = s.bytes("metadata");
            m
        }
    }
}
pub use response::JoinGroupResponse;
