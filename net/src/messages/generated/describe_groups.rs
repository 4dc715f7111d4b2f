//! DescribeGroups (API key 15), versions 0 to 6. Generated from `net/schema/describe_groups.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeGroups request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeGroupsRequest {
        /// Every version.
        pub groups: Vec<Str>,
        /// Version 3 and later.
        pub include_authorized_operations: bool,
    }

    impl Default for DescribeGroupsRequest {
        fn default() -> Self {
            Self {
                groups: Vec::new(),
                include_authorized_operations: false,
            }
        }
    }

    impl Message for DescribeGroupsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.include_authorized_operations = false;
            r.array_into(&mut self.groups, |r, x| { *x = r.string()?; Ok(()) })?;
            if 3 <= v { self.include_authorized_operations = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { groups, include_authorized_operations } = self;
            w.array(groups, |w, x| w.string(x));
            if 3 <= v { w.bool(*include_authorized_operations); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.groups = (0..s.length("groups")).map(|_| s.string("groups")).collect();
            if 3 <= v { m.include_authorized_operations = s.bool("include_authorized_operations"); }
            m
        }
    }
}
pub use request::DescribeGroupsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeGroups response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeGroupsResponse {
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub groups: Vec<DescribedGroup>,
    }

    impl Default for DescribeGroupsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                groups: Vec::new(),
            }
        }
    }

    impl Message for DescribeGroupsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
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
            if 1 <= v { w.i32(*throttle_time_ms); }
            w.array(groups, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribedGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribedGroup {
        /// Every version.
        pub error_code: i16,
        /// Version 6 and later.
        pub error_message: Option<Str>,
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub group_state: Str,
        /// Every version.
        pub protocol_type: Str,
        /// Every version.
        pub protocol_data: Str,
        /// Every version.
        pub members: Vec<DescribedGroupMember>,
        /// Version 3 and later.
        pub authorized_operations: i32,
    }

    impl Default for DescribedGroup {
        fn default() -> Self {
            Self {
                error_code: 0,
                error_message: None,
                group_id: Str::new(),
                group_state: Str::new(),
                protocol_type: Str::new(),
                protocol_data: Str::new(),
                members: Vec::new(),
                authorized_operations: -2147483648,
            }
        }
    }

    impl Message for DescribedGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_message = None;
            self.authorized_operations = -2147483648;
            self.error_code = r.i16()?;
            if 6 <= v { self.error_message = r.nullable_string()?; }
            self.group_id = r.string()?;
            self.group_state = r.string()?;
            self.protocol_type = r.string()?;
            self.protocol_data = r.string()?;
            r.array_into(&mut self.members, |r, x| x.read(r, v))?;
            if 3 <= v { self.authorized_operations = r.i32()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, error_message, group_id, group_state, protocol_type, protocol_data, members, authorized_operations } = self;
            w.i16(*error_code);
            if 6 <= v { w.nullable_string(error_message.as_deref()); }
            w.string(group_id);
            w.string(group_state);
            w.string(protocol_type);
            w.string(protocol_data);
            w.array(members, |w, x| x.encode(w, v));
            if 3 <= v { w.i32(*authorized_operations); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            if 6 <= v { m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            m.group_id = s.string("group_id");
            m.group_state = s.string("group_state");
            m.protocol_type = s.string("protocol_type");
            m.protocol_data = s.string("protocol_data");
            m.members = (0..s.length("members")).map(|_| Message::sample(s, v)).collect();
            if 3 <= v { m.authorized_operations = s.i32("authorized_operations"); }
            m
        }
    }

    /// A part of the response: `DescribedGroupMember`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribedGroupMember {
        /// Every version.
        pub member_id: Str,
        /// Version 4 and later.
        pub group_instance_id: Option<Str>,
        /// Every version.
        pub client_id: Str,
        /// Every version.
        pub client_host: Str,
        /// Every version.
        pub member_metadata: Bytes,
        /// Every version.
        pub member_assignment: Bytes,
    }

    impl Default for DescribedGroupMember {
        fn default() -> Self {
            Self {
                member_id: Str::new(),
                group_instance_id: None,
                client_id: Str::new(),
                client_host: Str::new(),
                member_metadata: Bytes::new(),
                member_assignment: Bytes::new(),
            }
        }
    }

    impl Message for DescribedGroupMember {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_instance_id = None;
            self.member_id = r.string()?;
            if 4 <= v { self.group_instance_id = r.nullable_string()?; }
            self.client_id = r.string()?;
            self.client_host = r.string()?;
            self.member_metadata = r.bytes()?;
            self.member_assignment = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { member_id, group_instance_id, client_id, client_host, member_metadata, member_assignment } = self;
            w.string(member_id);
            if 4 <= v { w.nullable_string(group_instance_id.as_deref()); }
            w.string(client_id);
            w.string(client_host);
            w.bytes(member_metadata);
            w.bytes(member_assignment);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.member_id = s.string("member_id");
            if 4 <= v { m.group_instance_id = if s.null("group_instance_id") { None } else { Some(s.string("group_instance_id")) }; }
            m.client_id = s.string("client_id");
            m.client_host = s.string("client_host");
            m.member_metadata = s.bytes("member_metadata");
            m.member_assignment = s.bytes("member_assignment");
            m
        }
    }
}
pub use response::DescribeGroupsResponse;
