//! ListGroups (API key 16), versions 0 to 5. Generated from `net/schema/list_groups.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ListGroups request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListGroupsRequest {
        /// Version 4 and later.
        pub states_filter: Vec<Str>,
        /// Version 5 and later.
        pub types_filter: Vec<Str>,
    }

    impl Default for ListGroupsRequest {
        fn default() -> Self {
            Self {
                states_filter: Vec::new(),
                types_filter: Vec::new(),
            }
        }
    }

    impl Message for ListGroupsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.states_filter.clear();
            self.types_filter.clear();
            if 4 <= v { r.array_into(&mut self.states_filter, |r, x| { *x = r.string()?; Ok(()) })?; }
            if 5 <= v { r.array_into(&mut self.types_filter, |r, x| { *x = r.string()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { states_filter, types_filter } = self;
            if 4 <= v { w.array(states_filter, |w, x| w.string(x)); }
            if 5 <= v { w.array(types_filter, |w, x| w.string(x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 4 <= v { m.states_filter = (0..s.length("states_filter")).map(|_| s.string("states_filter")).collect(); }
            if 5 <= v { m.types_filter = (0..s.length("types_filter")).map(|_| s.string("types_filter")).collect(); }
            m
        }
    }
}
pub use request::ListGroupsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ListGroups response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListGroupsResponse {
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub groups: Vec<ListedGroup>,
    }

    impl Default for ListGroupsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                groups: Vec::new(),
            }
        }
    }

    impl Message for ListGroupsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
            self.error_code = r.i16()?;
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
            let Self { throttle_time_ms, error_code, groups } = self;
            if 1 <= v { w.i32(*throttle_time_ms); }
            w.i16(*error_code);
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
            m.error_code = s.i16("error_code");
            m.groups = (0..s.length("groups")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `ListedGroup`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListedGroup {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub protocol_type: Str,
        /// Version 4 and later.
        pub group_state: Str,
        /// Version 5 and later.
        pub group_type: Str,
    }

    impl Default for ListedGroup {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                protocol_type: Str::new(),
                group_state: Str::new(),
                group_type: Str::new(),
            }
        }
    }

    impl Message for ListedGroup {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_state = Str::new();
            self.group_type = Str::new();
            self.group_id = r.string()?;
            self.protocol_type = r.string()?;
            if 4 <= v { self.group_state = r.string()?; }
            if 5 <= v { self.group_type = r.string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, protocol_type, group_state, group_type } = self;
            w.string(group_id);
            w.string(protocol_type);
            if 4 <= v { w.string(group_state); }
            if 5 <= v { w.string(group_type); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.protocol_type = s.string("protocol_type");
            if 4 <= v { m.group_state = s.string("group_state"); }
            if 5 <= v { m.group_type = s.string("group_type"); }
            m
        }
    }
}
pub use response::ListGroupsResponse;
