//! AlterReplicaLogDirs (API key 34), versions 1 to 2. Generated from `net/schema/alter_replica_log_dirs.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AlterReplicaLogDirs request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterReplicaLogDirsRequest {
        /// Every version.
        pub dirs: Vec<AlterReplicaLogDir>,
    }

    impl Default for AlterReplicaLogDirsRequest {
        fn default() -> Self {
            Self {
                dirs: Vec::new(),
            }
        }
    }

    impl Message for AlterReplicaLogDirsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.dirs, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { dirs } = self;
            w.array(dirs, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.dirs = (0..s.length("dirs")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AlterReplicaLogDir`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterReplicaLogDir {
        /// Every version.
        pub path: Str,
        /// Every version.
        pub topics: Vec<AlterReplicaLogDirTopic>,
    }

    impl Default for AlterReplicaLogDir {
        fn default() -> Self {
            Self {
                path: Str::new(),
                topics: Vec::new(),
            }
        }
    }

    impl Message for AlterReplicaLogDir {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.path = r.string()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { path, topics } = self;
            w.string(path);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.path = s.string("path");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `AlterReplicaLogDirTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterReplicaLogDirTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<i32>,
    }

    impl Default for AlterReplicaLogDirTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for AlterReplicaLogDirTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.array_into(&mut self.partitions, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partitions = (0..s.length("partitions")).map(|_| s.i32("partitions")).collect();
            m
        }
    }
}
pub use request::AlterReplicaLogDirsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AlterReplicaLogDirs response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterReplicaLogDirsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub results: Vec<AlterReplicaLogDirTopicResult>,
    }

    impl Default for AlterReplicaLogDirsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for AlterReplicaLogDirsResponse {
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

    /// A part of the response: `AlterReplicaLogDirTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterReplicaLogDirTopicResult {
        /// Every version.
        pub topic_name: Str,
        /// Every version.
        pub partitions: Vec<AlterReplicaLogDirPartitionResult>,
    }

    impl Default for AlterReplicaLogDirTopicResult {
        fn default() -> Self {
            Self {
                topic_name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for AlterReplicaLogDirTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.topic_name = r.string()?;
            r.array_into(&mut self.partitions, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { topic_name, partitions } = self;
            w.string(topic_name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.topic_name = s.string("topic_name");
            m.partitions = (0..s.length("partitions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `AlterReplicaLogDirPartitionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterReplicaLogDirPartitionResult {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for AlterReplicaLogDirPartitionResult {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
            }
        }
    }

    impl Message for AlterReplicaLogDirPartitionResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.partition_index = r.i32()?;
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
            let Self { partition_index, error_code } = self;
            w.i32(*partition_index);
            w.i16(*error_code);
            w.tagged(|tags| {
                let _ = &tags;
            });
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
pub use response::AlterReplicaLogDirsResponse;
