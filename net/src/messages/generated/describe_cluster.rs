//! DescribeCluster (API key 60), versions 0 to 2. Generated from `net/schema/describe_cluster.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeCluster request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeClusterRequest {
        /// Every version.
        pub include_cluster_authorized_operations: bool,
        /// Version 1 and later.
        pub endpoint_type: i8,
        /// Version 2 and later.
        pub include_fenced_brokers: bool,
    }

    impl Default for DescribeClusterRequest {
        fn default() -> Self {
            Self {
                include_cluster_authorized_operations: false,
                endpoint_type: 1,
                include_fenced_brokers: false,
            }
        }
    }

    impl Message for DescribeClusterRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.endpoint_type = 1;
            self.include_fenced_brokers = false;
            self.include_cluster_authorized_operations = r.bool()?;
            if 1 <= v { self.endpoint_type = r.i8()?; }
            if 2 <= v { self.include_fenced_brokers = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { include_cluster_authorized_operations, endpoint_type, include_fenced_brokers } = self;
            w.bool(*include_cluster_authorized_operations);
            if 1 <= v { w.i8(*endpoint_type); }
            if 2 <= v { w.bool(*include_fenced_brokers); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.include_cluster_authorized_operations = s.bool("include_cluster_authorized_operations");
            if 1 <= v { m.endpoint_type = s.i8("endpoint_type"); }
            if 2 <= v { m.include_fenced_brokers = s.bool("include_fenced_brokers"); }
            m
        }
    }
}
pub use request::DescribeClusterRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeCluster response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeClusterResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Version 1 and later.
        pub endpoint_type: i8,
        /// Every version.
        pub cluster_id: Str,
        /// Every version.
        pub controller_id: i32,
        /// Every version.
        pub brokers: Vec<DescribeClusterBroker>,
        /// Every version.
        pub cluster_authorized_operations: i32,
    }

    impl Default for DescribeClusterResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: None,
                endpoint_type: 1,
                cluster_id: Str::new(),
                controller_id: -1,
                brokers: Vec::new(),
                cluster_authorized_operations: -2147483648,
            }
        }
    }

    impl Message for DescribeClusterResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.endpoint_type = 1;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            if 1 <= v { self.endpoint_type = r.i8()?; }
            self.cluster_id = r.string()?;
            self.controller_id = r.i32()?;
            r.array_into(&mut self.brokers, |r, x| x.read(r, v))?;
            self.cluster_authorized_operations = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, error_message, endpoint_type, cluster_id, controller_id, brokers, cluster_authorized_operations } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            if 1 <= v { w.i8(*endpoint_type); }
            w.string(cluster_id);
            w.i32(*controller_id);
            w.array(brokers, |w, x| x.encode(w, v));
            w.i32(*cluster_authorized_operations);
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
            if 1 <= v { m.endpoint_type = s.i8("endpoint_type"); }
            m.cluster_id = s.string("cluster_id");
            m.controller_id = s.i32("controller_id");
            m.brokers = (0..s.length("brokers")).map(|_| Message::sample(s, v)).collect();
            m.cluster_authorized_operations = s.i32("cluster_authorized_operations");
            m
        }
    }

    /// A part of the response: `DescribeClusterBroker`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeClusterBroker {
        /// Every version.
        pub broker_id: i32,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: i32,
        /// Every version.
        pub rack: Option<Str>,
        /// Version 2 and later.
        pub is_fenced: bool,
    }

    impl Default for DescribeClusterBroker {
        fn default() -> Self {
            Self {
                broker_id: 0,
                host: Str::new(),
                port: 0,
                rack: None,
                is_fenced: false,
            }
        }
    }

    impl Message for DescribeClusterBroker {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.is_fenced = false;
            self.broker_id = r.i32()?;
            self.host = r.string()?;
            self.port = r.i32()?;
            self.rack = r.nullable_string()?;
            if 2 <= v { self.is_fenced = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { broker_id, host, port, rack, is_fenced } = self;
            w.i32(*broker_id);
            w.string(host);
            w.i32(*port);
            w.nullable_string(rack.as_deref());
            if 2 <= v { w.bool(*is_fenced); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_id = s.i32("broker_id");
            m.host = s.string("host");
            m.port = s.i32("port");
            m.rack = if s.null("rack") { None } else { Some(s.string("rack")) };
            if 2 <= v { m.is_fenced = s.bool("is_fenced"); }
            m
        }
    }
}
pub use response::DescribeClusterResponse;
