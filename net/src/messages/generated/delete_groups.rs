//! DeleteGroups (API key 42), versions 0 to 2. Generated from `net/schema/delete_groups.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DeleteGroups request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteGroupsRequest {
        /// Every version.
        pub groups_names: Vec<Str>,
    }

    impl Default for DeleteGroupsRequest {
        fn default() -> Self {
            Self {
                groups_names: Vec::new(),
            }
        }
    }

    impl Message for DeleteGroupsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.groups_names, |r, x| { *x = r.string()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { groups_names } = self;
            w.array(groups_names, |w, x| w.string(x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.groups_names = (0..s.length("groups_names")).map(|_| s.string("groups_names")).collect();
            m
        }
    }
}
pub use request::DeleteGroupsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DeleteGroups response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeleteGroupsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub results: Vec<DeletableGroupResult>,
    }

    impl Default for DeleteGroupsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for DeleteGroupsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
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
            let Self { throttle_time_ms, results } = self;
            w.i32(*throttle_time_ms);
            w.array(results, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DeletableGroupResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DeletableGroupResult {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for DeletableGroupResult {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                error_code: 0,
            }
        }
    }

    impl Message for DeletableGroupResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
            self.error_code = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, error_code } = self;
            w.string(group_id);
            w.i16(*error_code);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.error_code = s.i16("error_code");
            m
        }
    }
}
pub use response::DeleteGroupsResponse;
