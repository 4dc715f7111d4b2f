//! FindCoordinator (API key 10), versions 0 to 6. Generated from `net/schema/find_coordinator.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's FindCoordinator request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FindCoordinatorRequest {
        /// Versions 0 to 3.
        pub key: Str,
        /// Version 1 and later.
        pub key_type: i8,
        /// Version 4 and later.
        pub coordinator_keys: Vec<Str>,
    }

    impl Default for FindCoordinatorRequest {
        fn default() -> Self {
            Self {
                key: Str::new(),
                key_type: 0,
                coordinator_keys: Vec::new(),
            }
        }
    }

    impl Message for FindCoordinatorRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.key = Str::new();
            self.key_type = 0;
            self.coordinator_keys.clear();
            if v <= 3 { self.key = r.string()?; }
            if 1 <= v { self.key_type = r.i8()?; }
            if 4 <= v { r.array_into(&mut self.coordinator_keys, |r, x| { *x = r.string()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { key, key_type, coordinator_keys } = self;
            if v <= 3 { w.string(key); }
            if 1 <= v { w.i8(*key_type); }
            if 4 <= v { w.array(coordinator_keys, |w, x| w.string(x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if v <= 3 { m.key = s.string("key"); }
            if 1 <= v { m.key_type = s.i8("key_type"); }
            if 4 <= v { m.coordinator_keys = (0..s.length("coordinator_keys")).map(|_| s.string("coordinator_keys")).collect(); }
            m
        }
    }
}
pub use request::FindCoordinatorRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's FindCoordinator response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct FindCoordinatorResponse {
        /// Version 1 and later.
        pub throttle_time_ms: i32,
        /// Versions 0 to 3.
        pub error_code: i16,
        /// Versions 1 to 3.
        pub error_message: Option<Str>,
        /// Versions 0 to 3.
        pub node_id: i32,
        /// Versions 0 to 3.
        pub host: Str,
        /// Versions 0 to 3.
        pub port: i32,
        /// Version 4 and later.
        pub coordinators: Vec<Coordinator>,
    }

    impl Default for FindCoordinatorResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
                node_id: 0,
                host: Str::new(),
                port: 0,
                coordinators: Vec::new(),
            }
        }
    }

    impl Message for FindCoordinatorResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.error_code = 0;
            self.error_message = Some(Str::new());
            self.node_id = 0;
            self.host = Str::new();
            self.port = 0;
            self.coordinators.clear();
            if 1 <= v { self.throttle_time_ms = r.i32()?; }
            if v <= 3 { self.error_code = r.i16()?; }
            if (1..=3).contains(&v) { self.error_message = if (1..=3).contains(&v) { r.nullable_string()? } else { Some(r.string()?) }; }
            if v <= 3 { self.node_id = r.i32()?; }
            if v <= 3 { self.host = r.string()?; }
            if v <= 3 { self.port = r.i32()?; }
            if 4 <= v { r.array_into(&mut self.coordinators, |r, x| x.read(r, v))?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, node_id, host, port, coordinators } = self;
            if 1 <= v { w.i32(*throttle_time_ms); }
            if v <= 3 { w.i16(*error_code); }
            if (1..=3).contains(&v) { if (1..=3).contains(&v) { w.nullable_string(error_message.as_deref()) } else { w.string(error_message.as_deref().unwrap_or_default()) }; }
            if v <= 3 { w.i32(*node_id); }
            if v <= 3 { w.string(host); }
            if v <= 3 { w.i32(*port); }
            if 4 <= v { w.array(coordinators, |w, x| x.encode(w, v)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 1 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            if v <= 3 { m.error_code = s.i16("error_code"); }
            if (1..=3).contains(&v) { m.error_message = if (1..=3).contains(&v) && s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            if v <= 3 { m.node_id = s.i32("node_id"); }
            if v <= 3 { m.host = s.string("host"); }
            if v <= 3 { m.port = s.i32("port"); }
            if 4 <= v { m.coordinators = (0..s.length("coordinators")).map(|_| Message::sample(s, v)).collect(); }
            m
        }
    }

    /// A part of the response: `Coordinator`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Coordinator {
        /// Version 4 and later.
        pub key: Str,
        /// Version 4 and later.
        pub node_id: i32,
        /// Version 4 and later.
        pub host: Str,
        /// Version 4 and later.
        pub port: i32,
        /// Version 4 and later.
        pub error_code: i16,
        /// Version 4 and later.
        pub error_message: Option<Str>,
    }

    impl Default for Coordinator {
        fn default() -> Self {
            Self {
                key: Str::new(),
                node_id: 0,
                host: Str::new(),
                port: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for Coordinator {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.key = Str::new();
            self.node_id = 0;
            self.host = Str::new();
            self.port = 0;
            self.error_code = 0;
            self.error_message = Some(Str::new());
            if 4 <= v { self.key = r.string()?; }
            if 4 <= v { self.node_id = r.i32()?; }
            if 4 <= v { self.host = r.string()?; }
            if 4 <= v { self.port = r.i32()?; }
            if 4 <= v { self.error_code = r.i16()?; }
            if 4 <= v { self.error_message = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { key, node_id, host, port, error_code, error_message } = self;
            if 4 <= v { w.string(key); }
            if 4 <= v { w.i32(*node_id); }
            if 4 <= v { w.string(host); }
            if 4 <= v { w.i32(*port); }
            if 4 <= v { w.i16(*error_code); }
            if 4 <= v { w.nullable_string(error_message.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 4 <= v { m.key = s.string("key"); }
            if 4 <= v { m.node_id = s.i32("node_id"); }
            if 4 <= v { m.host = s.string("host"); }
            if 4 <= v { m.port = s.i32("port"); }
            if 4 <= v { m.error_code = s.i16("error_code"); }
            if 4 <= v { m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) }; }
            m
        }
    }
}
pub use response::FindCoordinatorResponse;
