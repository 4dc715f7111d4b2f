//! SyncGroup (API key 14), versions 0 to 5. Generated from `net/schema/sync_group.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's SyncGroup request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SyncGroupRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub generation_id: i32,
        /// Every version.
        pub member_id: Str,
        /// Version 3 and later.
        pub group_instance_id: Option<Str>,
        /// Version 5 and later.
        pub protocol_type: Option<Str>,
        /// Version 5 and later.
        pub protocol_name: Option<Str>,
        /// Every version.
        pub assignments: Vec<SyncGroupRequestAssignment>,
    }

    impl Default for SyncGroupRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                generation_id: 0,
                member_id: Str::new(),
                group_instance_id: None,
                protocol_type: None,
                protocol_name: None,
                assignments: Vec::new(),
            }
        }
    }

    impl Message for SyncGroupRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_instance_id = None;
            self.protocol_type = None;
            self.protocol_name = None;
            self.group_id = r.string()?;
            self.generation_id = r.i32()?;
            self.member_id = r.string()?;
            if 3 <= v { self.group_instance_id = r.nullable_string()?; }
            if 5 <= v { self.protocol_type = r.nullable_string()?; }
            if 5 <= v { self.protocol_name = r.nullable_string()?; }
            r.array_into(&mut self.assignments, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, generation_id, member_id, group_instance_id, protocol_type, protocol_name, assignments } = self;
            w.string(group_id);
            w.i32(*generation_id);
            w.string(member_id);
            if 3 <= v { w.nullable_string(group_instance_id.as_deref()); }
            if 5 <= v { w.nullable_string(protocol_type.as_deref()); }
            if 5 <= v { w.nullable_string(protocol_name.as_deref()); }
            w.array(assignments, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.generation_id = s.i32("generation_id");
            m.member_id = s.string("member_id");
            if 3 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            if 5 <= v { m.protocol_type = if s.null("protocol_type") { None } else { Some(s.string("protocol_type")) }; }
            if 5 <= v { m.protocol_name = if s.null("protocol_name") { None } else { Some(s.string("protocol_name")) }; }
            m.assignments = (0..s.length("assignments")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `SyncGroupRequestAssignment`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SyncGroupRequestAssignment {
        /// Every version.
        pub member_id: Str,
        /// Every version.
        pub assignment: Bytes,
    }

    impl Default for SyncGroupRequestAssignment {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                assignment: Bytes::new(),
            }
        }
    }

    impl Message for SyncGroupRequestAssignment {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.member_id = r.string()?;
            self.assignment = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, assignment } = self;
            w.string(member_id);
            w.bytes(assignment);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.member_id = s.string("member_id");
            m.assignment = s.bytes("assignment");
            m
        }
    }
}
pub use request::SyncGroupRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's SyncGroup response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SyncGroupResponse {
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Version 5 and later.
        pub protocol_type: Option<Str>,
        /// Version 5 and later.
        pub protocol_name: Option<Str>,
        /// Every version.
        pub assignment: Bytes,
    }

    impl Default for SyncGroupResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                protocol_type: None,
                protocol_name: None,
                assignment: Bytes::new(),
            }
        }
    }

    impl Message for SyncGroupResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.protocol_type = None;
            self.protocol_name = None;
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
            self.error_code = r.i16()?;
            if 5 <= v { self.protocol_type = r.nullable_string()?; }
            if 5 <= v { self.protocol_name = r.nullable_string()?; }
            self.assignment = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, protocol_type, protocol_name, assignment } = self;
            if 1 <= v { w.i32(*throttle_time_ms); }
            w.i16(*error_code);
            if 5 <= v { w.nullable_string(protocol_type.as_deref()); }
            if 5 <= v { w.nullable_string(protocol_name.as_deref()); }
            w.bytes(assignment);
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
            if 5 <= v { m.protocol_type = if s.null("protocol_type") { None } else { Some(s.string("protocol_type")) }; }
            if 5 <= v { m.protocol_name = if s.null("protocol_name") { None } else { Some(s.string("protocol_name")) }; }
            m.assignment = s.bytes("assignment");
            m
        }
    }
}
pub use response::SyncGroupResponse;
