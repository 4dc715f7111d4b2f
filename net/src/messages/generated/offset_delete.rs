//! OffsetDelete (API key 47), versions 0 to 0. Generated from `net/schema/offset_delete.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's OffsetDelete request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetDeleteRequest {
        /// Every version.
        pub group_id: Str,
        /// Every version.
        pub topics: Vec<OffsetDeleteRequestTopic>,
    }

    impl Default for OffsetDeleteRequest {
        fn default() -> Self {
            Self {
                group_id: Str::new(),
                topics: Vec::new(),
            }
        }
    }

    impl Message for OffsetDeleteRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.group_id = r.string()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { group_id, topics } = self;
            w.string(group_id);
            w.array(topics, |w, x| x.encode(w, v));
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.group_id = s.string("group_id");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `OffsetDeleteRequestTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetDeleteRequestTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<OffsetDeleteRequestPartition>,
    }

    impl Default for OffsetDeleteRequestTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetDeleteRequestTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| x.encode(w, v));
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `OffsetDeleteRequestPartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetDeleteRequestPartition {
        /// Every version.
        pub partition_index: i32,
    }

    impl Default for OffsetDeleteRequestPartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
            }
        }
    }

    impl Message for OffsetDeleteRequestPartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index } = self;
            w.i32(*partition_index);
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m
        }
    }
}
pub use request::OffsetDeleteRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's OffsetDelete response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetDeleteResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub topics: Vec<OffsetDeleteResponseTopic>,
    }

    impl Default for OffsetDeleteResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                throttle_time_ms: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for OffsetDeleteResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            self.throttle_time_ms = r.i32()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, throttle_time_ms, topics } = self;
            w.i16(*error_code);
            w.i32(*throttle_time_ms);
            w.array(topics, |w, x| x.encode(w, v));
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `OffsetDeleteResponseTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetDeleteResponseTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<OffsetDeleteResponsePartition>,
    }

    impl Default for OffsetDeleteResponseTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for OffsetDeleteResponseTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| x.encode(w, v));
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `OffsetDeleteResponsePartition`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OffsetDeleteResponsePartition {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for OffsetDeleteResponsePartition {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
            }
        }
    }

    impl Message for OffsetDeleteResponsePartition {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
            self.error_code = r.i16()?;
            Ok(())
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { partition_index, error_code } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.partition_index = s.i32("partition_index");
            m.error_code = s.i16("error_code");
            m
        }
    }
}
pub use response::OffsetDeleteResponse;
