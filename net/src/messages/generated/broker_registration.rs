//! BrokerRegistration (API key 62), versions 0 to 4. Generated from `net/schema/broker_registration.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's BrokerRegistration request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BrokerRegistrationRequest {
        /// Every version.
        pub broker_id: i32,
        /// Every version.
        pub cluster_id: Str,
        /// Every version.
        pub incarnation_id: Uuid,
        /// Every version.
        pub listeners: Vec<Listener>,
        /// Every version.
        pub features: Vec<Feature>,
        /// Every version.
        pub rack: Option<Str>,
        /// Version 1 and later.
        pub is_migrating_zk_broker: bool,
        /// Version 2 and later.
        pub log_dirs: Vec<Uuid>,
        /// Version 3 and later.
        pub previous_broker_epoch: i64,
        /// Every version, tag 1000.
        pub in_doubt: Vec<InDoubt>,
    }

    impl Default for BrokerRegistrationRequest {
        fn default() -> Self {
            Self {
                broker_id: 0,
                cluster_id: Str::new(),
                incarnation_id: Uuid::ZERO,
                listeners: Vec::new(),
                features: Vec::new(),
                rack: Some(Str::new()),
                is_migrating_zk_broker: false,
                log_dirs: Vec::new(),
                previous_broker_epoch: -1,
                in_doubt: Vec::new(),
            }
        }
    }

    impl Message for BrokerRegistrationRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.is_migrating_zk_broker = false;
            self.log_dirs.clear();
            self.previous_broker_epoch = -1;
            self.in_doubt.clear();
            self.broker_id = r.i32()?;
            self.cluster_id = r.string()?;
            self.incarnation_id = r.uuid()?;
            r.array_into(&mut self.listeners, |r, x| x.read(r, v))?;
            r.array_into(&mut self.features, |r, x| x.read(r, v))?;
            self.rack = r.nullable_string()?;
            if 1 <= v { self.is_migrating_zk_broker = r.bool()?; }
            if 2 <= v { r.array_into(&mut self.log_dirs, |r, x| { *x = r.uuid()?; Ok(()) })?; }
            if 3 <= v { self.previous_broker_epoch = r.i64()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    1000 => r.array_into(&mut self.in_doubt, |r, x| x.read(r, v))?,
                    _ => return Ok(false),
                }
                Ok(true)
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { broker_id, cluster_id, incarnation_id, listeners, features, rack, is_migrating_zk_broker, log_dirs, previous_broker_epoch, in_doubt } = self;
            w.i32(*broker_id);
            w.string(cluster_id);
            w.uuid(*incarnation_id);
            w.array(listeners, |w, x| x.encode(w, v));
            w.array(features, |w, x| x.encode(w, v));
            w.nullable_string(rack.as_deref());
            if 1 <= v { w.bool(*is_migrating_zk_broker); }
            if 2 <= v { w.array(log_dirs, |w, x| w.uuid(*x)); }
            if 3 <= v { w.i64(*previous_broker_epoch); }
            let _ = in_doubt;
            w.tagged(|tags| {
                let _ = &tags;
                if *in_doubt != Vec::new() { tags.put(1000, |w| w.array(in_doubt, |w, x| x.encode(w, v))); }
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_id = s.i32("broker_id");
            m.cluster_id = s.string("cluster_id");
            m.incarnation_id = s.uuid("incarnation_id");
            m.listeners = (0..s.length("listeners")).map(|_| Message::sample(s, v)).collect();
            m.features = (0..s.length("features")).map(|_| Message::sample(s, v)).collect();
            m.rack = if s.null("rack") { None } else { Some(s.string("rack")) };
            if 1 <= v { m.is_migrating_zk_broker = s.bool("is_migrating_zk_broker"); }
            if 2 <= v { m.log_dirs = (0..s.length("log_dirs")).map(|_| s.uuid("log_dirs")).collect(); }
            if 3 <= v { m.previous_broker_epoch = s.i64("previous_broker_epoch"); }
            m.in_doubt = (0..s.length("in_doubt")).map(|_| Message::sample(s, v)).collect();
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

    /// A part of the request: `InDoubt`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InDoubt {
        /// Every version.
        pub topic_id: Uuid,
        /// Every version.
        pub partitions: Vec<i32>,
        /// Every version.
        pub damaged: Vec<i32>,
    }

    impl Default for InDoubt {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                partitions: Vec::new(),
                damaged: Vec::new(),
            }
        }
    }

    impl Message for InDoubt {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = r.uuid()?;
            r.array_into(&mut self.partitions, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.array_into(&mut self.damaged, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_id, partitions, damaged } = self;
            w.uuid(*topic_id);
            w.array(partitions, |w, x| w.i32(*x));
            w.array(damaged, |w, x| w.i32(*x));
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
            m.damaged = (0..s.length("damaged")).map(|_| s.i32("damaged")).collect();
            m
        }
    }
}
pub use request::BrokerRegistrationRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's BrokerRegistration response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct BrokerRegistrationResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub broker_epoch: i64,
    }

    impl Default for BrokerRegistrationResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                broker_epoch: -1,
            }
        }
    }

    impl Message for BrokerRegistrationResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.broker_epoch = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, broker_epoch } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.i64(*broker_epoch);
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
            m.broker_epoch = s.i64("broker_epoch");
            m
        }
    }
}
pub use response::BrokerRegistrationResponse;
