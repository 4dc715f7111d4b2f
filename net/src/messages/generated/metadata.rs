//! Metadata (API key 3), versions 0 to 13. Generated from `net/schema/metadata.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's Metadata request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MetadataRequest {
        /// Every version.
        pub topics: Option<Vec<MetadataRequestTopic>>,
        /// Version 4 and later.
        pub allow_auto_topic_creation: bool,
        /// Versions 8 to 10.
        pub include_cluster_authorized_operations: bool,
        /// Version 8 and later.
        pub include_topic_authorized_operations: bool,
    }

    impl Default for MetadataRequest {
        fn default() -> Self {
            Self {
                topics: Some(Vec::new()),
                allow_auto_topic_creation: true,
                include_cluster_authorized_operations: false,
                include_topic_authorized_operations: false,
            }
        }
    }

    impl Message for MetadataRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.allow_auto_topic_creation = true;
            self.include_cluster_authorized_operations = false;
            self.include_topic_authorized_operations = false;
            self.topics = if 1 <= v { r.nullable_array(|r| Ok(Message::decode(r, v)?))? } else { Some(r.nullable_array(|r| Ok(Message::decode(r, v)?))?.ok_or(DecodeError::Length(-1))?) };
            if 4 <= v { self.allow_auto_topic_creation = r.bool()?; }
            if (8..=10).contains(&v) { self.include_cluster_authorized_operations = r.bool()?; }
            if 8 <= v { self.include_topic_authorized_operations = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topics, allow_auto_topic_creation, include_cluster_authorized_operations, include_topic_authorized_operations } = self;
            if 1 <= v { w.nullable_array(topics.as_deref(), |w, x| x.encode(w, v)) } else { w.array(topics.as_deref().unwrap_or_default(), |w, x| x.encode(w, v)) };
            if 4 <= v { w.bool(*allow_auto_topic_creation); }
            if (8..=10).contains(&v) { w.bool(*include_cluster_authorized_operations); }
            if 8 <= v { w.bool(*include_topic_authorized_operations); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topics = if 1 <= v && s.null("topics") { None } else { Some((0..s.length("topics")).map(|_| Message::sample(s, v)).collect()) };
            if 4 <= v { m.allow_auto_topic_creation = s.bool("allow_auto_topic_creation"); }
            if (8..=10).contains(&v) { m.include_cluster_authorized_operations = s.bool("include_cluster_authorized_operations"); }
            if 8 <= v { m.include_topic_authorized_operations = s.bool("include_topic_authorized_operations"); }
            m
        }
    }

    /// A part of the request: `MetadataRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MetadataRequestTopic {
        /// Version 10 and later.
        pub topic_id: Uuid,
        /// Every version.
        pub name: Option<Str>,
    }

    impl Default for MetadataRequestTopic {
        fn default() -> Self {
            Self {
                topic_id: Uuid::ZERO,
                name: Some(Str::new()),
            }
        }
    }

    impl Message for MetadataRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = Uuid::ZERO;
            if 10 <= v { self.topic_id = r.uuid()?; }
            self.name = if 10 <= v { r.nullable_string()? } else { Some(r.string()?) };
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_id, name } = self;
            if 10 <= v { w.uuid(*topic_id); }
            if 10 <= v { w.nullable_string(name.as_deref()) } else { w.string(name.as_deref().unwrap_or_default()) };
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 10 <= v { m.topic_id = s.uuid("topic_id"); }
            m.name = if 10 <= v && s.null("name") { None } else { Some(s.string("name")) };
            m
        }
    }
}
pub use request::MetadataRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's Metadata response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MetadataResponse {
        /// Version 3 and later.
        pub throttle_time_ms: i32,
        /// Every version.
        pub brokers: Vec<MetadataResponseBroker>,
        /// Version 2 and later.
        pub cluster_id: Option<Str>,
        /// Version 1 and later.
        pub controller_id: i32,
        /// Every version.
        pub topics: Vec<MetadataResponseTopic>,
        /// Versions 8 to 10.
        pub cluster_authorized_operations: i32,
        /// Version 13 and later.
        pub error_code: i16,
    }

    impl Default for MetadataResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                brokers: Vec::new(),
                cluster_id: None,
                controller_id: -1,
                topics: Vec::new(),
                cluster_authorized_operations: -2147483648,
                error_code: 0,
            }
        }
    }

    impl Message for MetadataResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = 0;
            self.cluster_id = None;
            self.controller_id = -1;
            self.cluster_authorized_operations = -2147483648;
            self.error_code = 0;
            if 3 <= v { self.throttle_time_ms = r.i32()?; }
            r.array_into(&mut self.brokers, |r, x| x.read(r, v))?;
            if 2 <= v { self.cluster_id = r.nullable_string()?; }
            if 1 <= v { self.controller_id = r.i32()?; }
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            if (8..=10).contains(&v) { self.cluster_authorized_operations = r.i32()?; }
            if 13 <= v { self.error_code = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, brokers, cluster_id, controller_id, topics, cluster_authorized_operations, error_code } = self;
            if 3 <= v { w.i32(*throttle_time_ms); }
            w.array(brokers, |w, x| x.encode(w, v));
            if 2 <= v { w.nullable_string(cluster_id.as_deref()); }
            if 1 <= v { w.i32(*controller_id); }
            w.array(topics, |w, x| x.encode(w, v));
            if (8..=10).contains(&v) { w.i32(*cluster_authorized_operations); }
            if 13 <= v { w.i16(*error_code); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.throttle_time_ms = s.i32("throttle_time_ms"); }
            m.brokers = (0..s.length("brokers")).map(|_| Message::sample(s, v)).collect();
            if 2 <= v { m.cluster_id = if s.null("cluster_id") { None } else { Some(s.string("cluster_id")) }; }
            if 1 <= v { m.controller_id = s.i32("controller_id"); }
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            if (8..=10).contains(&v) { m.cluster_authorized_operations = s.i32("cluster_authorized_operations"); }
            if 13 <= v { m.error_code = s.i16("error_code"); }
            m
        }
    }

    /// A part of the response: `MetadataResponseBroker`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MetadataResponseBroker {
        /// Every version.
        pub node_id: i32,
        /// Every version.
        pub host: Str,
        /// Every version.
        pub port: i32,
        /// Version 1 and later.
        pub rack: Option<Str>,
    }

    impl Default for MetadataResponseBroker {
        fn default() -> Self {
            Self {
                node_id: 0,
                host: Str::new(),
                port: 0,
                rack: None,
            }
        }
    }

    impl Message for MetadataResponseBroker {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.rack = None;
            self.node_id = r.i32()?;
            self.host = r.string()?;
            self.port = r.i32()?;
            if 1 <= v { self.rack = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { node_id, host, port, rack } = self;
            w.i32(*node_id);
            w.string(host);
            w.i32(*port);
            if 1 <= v { w.nullable_string(rack.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.node_id = s.i32("node_id");
            m.host = s.string("host");
            m.port = s.i32("port");
            if 1 <= v { m.rack = if s.null("rack") { None } else { Some(s.string("rack")) }; }
            m
        }
    }

    /// A part of the response: `MetadataResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MetadataResponseTopic {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub name: Option<Str>,
        /// Version 10 and later.
        pub topic_id: Uuid,
        /// Version 1 and later.
        pub is_internal: bool,
        /// Every version.
        pub partitions: Vec<MetadataResponsePartition>,
        /// Version 8 and later.
        pub topic_authorized_operations: i32,
    }

    impl Default for MetadataResponseTopic {
        fn default() -> Self {
            Self {
                error_code: 0,
                name: Some(Str::new()),
                topic_id: Uuid::ZERO,
                is_internal: false,
                partitions: Vec::new(),
                topic_authorized_operations: -2147483648,
            }
        }
    }

    impl Message for MetadataResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_id = Uuid::ZERO;
            self.is_internal = false;
            self.topic_authorized_operations = -2147483648;
            self.error_code = r.i16()?;
            self.name = if 12 <= v { r.nullable_string()? } else { Some(r.string()?) };
            if 10 <= v { self.topic_id = r.uuid()?; }
            if 1 <= v { self.is_internal = r.bool()?; }
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            if 8 <= v { self.topic_authorized_operations = r.i32()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, name, topic_id, is_internal, partitions, topic_authorized_operations } = self;
            w.i16(*error_code);
            if 12 <= v { w.nullable_string(name.as_deref()) } else { w.string(name.as_deref().unwrap_or_default()) };
            if 10 <= v { w.uuid(*topic_id); }
            if 1 <= v { w.bool(*is_internal); }
            w.array(partitions, |w, x| x.encode(w, v));
            if 8 <= v { w.i32(*topic_authorized_operations); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.name = if 12 <= v && s.null("name") { None } else { Some(s.string("name")) };
            if 10 <= v { m.topic_id = s.uuid("topic_id"); }
            if 1 <= v { m.is_internal = s.bool("is_internal"); }
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            if 8 <= v { m.topic_authorized_operations = s.i32("topic_authorized_operations"); }
            m
        }
    }

    /// A part of the response: `MetadataResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MetadataResponsePartition {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub leader_id: i32,
        /// Version 7 and later.
        pub leader_epoch: i32,
        /// Every version.
        pub replica_nodes: Vec<i32>,
        /// Every version.
        pub isr_nodes: Vec<i32>,
        /// Version 5 and later.
        pub offline_replicas: Vec<i32>,
    }

    impl Default for MetadataResponsePartition {
        fn default() -> Self {
            Self {
                error_code: 0,
                partition_index: 0,
                leader_id: 0,
                leader_epoch: -1,
                replica_nodes: Vec::new(),
                isr_nodes: Vec::new(),
                offline_replicas: Vec::new(),
            }
        }
    }

    impl Message for MetadataResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.leader_epoch = -1;
            self.offline_replicas.clear();
            self.error_code = r.i16()?;
            self.partition_index = r.i32()?;
            self.leader_id = r.i32()?;
            if 7 <= v { self.leader_epoch = r.i32()?; }
            r.array_into(&mut self.replica_nodes, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.array_into(&mut self.isr_nodes, |r, x| { *x = r.i32()?; Ok(()) })?;
            if 5 <= v { r.array_into(&mut self.offline_replicas, |r, x| { *x = r.i32()?; Ok(()) })?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, partition_index, leader_id, leader_epoch, replica_nodes, isr_nodes, offline_replicas } = self;
            w.i16(*error_code);
            w.i32(*partition_index);
            w.i32(*leader_id);
            if 7 <= v { w.i32(*leader_epoch); }
            w.array(replica_nodes, |w, x| w.i32(*x));
            w.array(isr_nodes, |w, x| w.i32(*x));
            if 5 <= v { w.array(offline_replicas, |w, x| w.i32(*x)); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.partition_index = s.i32("partition_index");
            m.leader_id = s.i32("leader_id");
            if 7 <= v { m.leader_epoch = s.i32("leader_epoch"); }
            m.replica_nodes = (0..s.length("replica_nodes")).map(|_| s.i32("replica_nodes")).collect();
            m.isr_nodes = (0..s.length("isr_nodes")).map(|_| s.i32("isr_nodes")).collect();
            if 5 <= v { m.offline_replicas = (0..s.length("offline_replicas")).map(|_| s.i32("offline_replicas")).collect(); }
            m
        }
    }
}
pub use response::MetadataResponse;
