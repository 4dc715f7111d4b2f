//! ControllerRegistration (API key 70), versions 0 to 0. Generated from `net/schema/controller_registration.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ControllerRegistration request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ControllerRegistrationRequest {
        /// Every version.
        pub controller_id: i32,
        /// Every version.
        pub incarnation_id: Uuid,
        /// Every version.
        pub zk_migration_ready: bool,
        /// Every version.
        pub listeners: Vec<Listener>,
        /// Every version.
        pub features: Vec<Feature>,
    }

    impl Default for ControllerRegistrationRequest {
        fn default() -> Self {
            Self {
                controller_id: 0,
                incarnation_id: Uuid::ZERO,
                zk_migration_ready: false,
                listeners: Vec::new(),
                features: Vec::new(),
            }
        }
    }

    impl Message for ControllerRegistrationRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.controller_id = r.i32()?;
            self.incarnation_id = r.uuid()?;
            self.zk_migration_ready = r.bool()?;
            r.array_into(&mut self.listeners, |r, x| x.read(r, v))?;
            r.array_into(&mut self.features, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { controller_id, incarnation_id, zk_migration_ready, listeners, features } = self;
            w.i32(*controller_id);
            w.uuid(*incarnation_id);
            w.bool(*zk_migration_ready);
            w.array(listeners, |w, x| x.encode(w, v));
            w.array(features, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.controller_id = s.i32("controller_id");
            m.incarnation_id = s.uuid("incarnation_id");
            m.zk_migration_ready = s.bool("zk_migration_ready");
            m.listeners = (0..s.length("listeners")).map(|_| Message::sample(s, v)).collect();
            m.features = (0..s.length("features")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `Listener`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Listener {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: u16,
        /// Every version.
        pub security_protocol: i16,
    }

    impl Default for Listener {
        fn default() -> Self {
            Self {
                name: Str::new(),
                host: Str::new(),
                port: 0,
                security_protocol: 0,
            }
        }
    }

    impl Message for Listener {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.host = r.string()?;
            self.port = r.u16()?;
            self.security_protocol = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, host, port, security_protocol } = self;
            w.string(name);
            w.string(host);
            w.u16(*port);
            w.i16(*security_protocol);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.host = s.string("host");
            m.port = s.u16("port");
            m.security_protocol = s.i16("security_protocol");
            m
        }
    }

    /// A part of the request: `Feature`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Feature {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub min_supported_version: i16,
        /// Every version.
        pub max_supported_version: i16,
    }

    impl Default for Feature {
        fn default() -> Self {
            Self {
                name: Str::new(),
                min_supported_version: 0,
                max_supported_version: 0,
            }
        }
    }

    impl Message for Feature {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.min_supported_version = r.i16()?;
            self.max_supported_version = r.i16()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, min_supported_version, max_supported_version } = self;
            w.string(name);
            w.i16(*min_supported_version);
            w.i16(*max_supported_version);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.min_supported_version = s.i16("min_supported_version");
            m.max_supported_version = s.i16("max_supported_version");
            m
        }
    }
}
pub use request::ControllerRegistrationRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ControllerRegistration response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ControllerRegistrationResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for ControllerRegistrationResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for ControllerRegistrationResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
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
            let Self { throttle_time_ms, error_code, error_message } = self;
            w.i32(*throttle_time_ms);
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
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m
        }
    }
}
pub use response::ControllerRegistrationResponse;
