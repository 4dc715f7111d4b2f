//! LeaveGroup (API key 13), versions 0 to 5. Generated from `net/schema/leave_group.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's LeaveGroup request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaveGroupRequest {
        /// Every version.
        pub group_id: Str,
        /// Versions 0 to 2.
        pub member_id: Str,
        /// Version 3 and later.
        pub members: Vec<MemberIdentity>,
    }

    impl Default for LeaveGroupRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                member_id: Str::new(),
                members: Vec::new(),
            }
        }
    }

    impl Message for LeaveGroupRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.member_id = Str::new();
            self.members.clear();
            self.group_id = r.string()?;
            if v <= 2 { self.member_id = r.string()?; }
            if 3 <= v { r.array_into(&mut self.members, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, member_id, members } = self;
            w.string(group_id);
            if v <= 2 { w.string(member_id); }
            if 3 <= v { w.array(members, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            if v <= 2 { m.member_id = s.string("member_id"); }
            if 3 <= v { m.members = (0..s.length("members")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the request: `MemberIdentity`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MemberIdentity {
        /// Version 3 and later.
        pub member_id: Str,
        /// Version 3 and later.
        pub group_instance_id: Option<Str>,
        /// Version 5 and later.
        pub reason: Option<Str>,
    }

    impl Default for MemberIdentity {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                group_instance_id: None,
                reason: None,
            }
        }
    }

    impl Message for MemberIdentity {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.member_id = Str::new();
            self.group_instance_id = None;
            self.reason = None;
            if 3 <= v { self.member_id = r.string()?; }
            if 3 <= v { self.group_instance_id = r.nullable_string()?; }
            if 5 <= v { self.reason = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, group_instance_id, reason } = self;
            if 3 <= v { w.string(member_id); }
            if 3 <= v { w.nullable_string(group_instance_id.as_deref()); }
            if 5 <= v { w.nullable_string(reason.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.member_id = s.string("member_id"); }
            if 3 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            if 5 <= v { m.reason = if s.null("reason") { None } else { Some(s.string("reason")) }; }
            m
        }
    }
}
pub use request::LeaveGroupRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's LeaveGroup response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LeaveGroupResponse {
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Version 3 and later.
        pub members: Vec<MemberResponse>,
    }

    impl Default for LeaveGroupResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                members: Vec::new(),
            }
        }
    }

    impl Message for LeaveGroupResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.members.clear();
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
            self.error_code = r.i16()?;
            if 3 <= v { r.array_into(&mut self.members, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, members } = self;
            if 1 <= v { w.i32(*throttle_time_ms); }
            w.i16(*error_code);
            if 3 <= v { w.array(members, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.error_code = s.i16("error_code");
            if 3 <= v { m.members = (0..s.length("members")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `MemberResponse`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MemberResponse {
        /// Version 3 and later.
        pub member_id: Str,
        /// Version 3 and later.
        pub group_instance_id: Option<Str>,
        /// Version 3 and later.
        pub error_code: i16,
    }

    impl Default for MemberResponse {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                group_instance_id: Some(Str::new()),
                error_code: 0,
            }
        }
    }

    impl Message for MemberResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.member_id = Str::new();
            self.group_instance_id = Some(Str::new());
            self.error_code = 0;
            if 3 <= v { self.member_id = r.string()?; }
            if 3 <= v { self.group_instance_id = r.nullable_string()?; }
            if 3 <= v { self.error_code = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, group_instance_id, error_code } = self;
            if 3 <= v { w.string(member_id); }
            if 3 <= v { w.nullable_string(group_instance_id.as_deref()); }
            if 3 <= v { w.i16(*error_code); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.member_id = s.string("member_id"); }
            if 3 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            if 3 <= v { m.error_code = s.i16("error_code"); }
            m
        }
    }
}
pub use response::LeaveGroupResponse;
