//! WriteTxnMarkers (API key 27), versions 1 to 2. Generated from `net/schema/write_txn_markers.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's WriteTxnMarkers request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WriteTxnMarkersRequest {
        /// Every version.
        pub markers: Vec<WritableTxnMarker>,
    }

    impl Default for WriteTxnMarkersRequest {
        fn default() -> Self {
            Self {
                markers: Vec::new(),
            }
        }
    }

    impl Message for WriteTxnMarkersRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.markers, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { markers } = self;
            w.array(markers, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.markers = (0..s.length("markers")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `WritableTxnMarker`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WritableTxnMarker {
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i16,
        /// Every version.
        pub transaction_result: bool,
        /// Every version.
        pub topics: Vec<WritableTxnMarkerTopic>,
        /// Every version.
        pub coordinator_epoch: i32,
        /// Version 2 and later.
        pub transaction_version: i8,
    }

    impl Default for WritableTxnMarker {
        fn default() -> Self {
            Self {
                producer_id: 0,
                producer_epoch: 0,
                transaction_result: false,
                topics: Vec::new(),
                coordinator_epoch: 0,
                transaction_version: 0,
            }
        }
    }

    impl Message for WritableTxnMarker {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transaction_version = 0;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i16()?;
            self.transaction_result = r.bool()?;
            r.array_into(&mut self.topics, |r, x| x.read(r, v))?;
            self.coordinator_epoch = r.i32()?;
            if 2 <= v { self.transaction_version = r.i8()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { producer_id, producer_epoch, transaction_result, topics, coordinator_epoch, transaction_version } = self;
            w.i64(*producer_id);
            w.i16(*producer_epoch);
            w.bool(*transaction_result);
            w.array(topics, |w, x| x.encode(w, v));
            w.i32(*coordinator_epoch);
            if 2 <= v { w.i8(*transaction_version); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.producer_id = s.i64("producer_id");
            m.producer_epoch = s.i16("producer_epoch");
            m.transaction_result = s.bool("transaction_result");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m.coordinator_epoch = s.i32("coordinator_epoch");
            if 2 <= v { m.transaction_version = s.i8("transaction_version"); }
            m
        }
    }

    /// A part of the request: `WritableTxnMarkerTopic`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WritableTxnMarkerTopic {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partition_indexes: Vec<i32>,
    }

    impl Default for WritableTxnMarkerTopic {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partition_indexes: Vec::new(),
            }
        }
    }

    impl Message for WritableTxnMarkerTopic {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.array_into(&mut self.partition_indexes, |r, x| { *x = r.i32()?; Ok(()) })?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, partition_indexes } = self;
            w.string(name);
            w.array(partition_indexes, |w, x| w.i32(*x));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.partition_indexes = (0..s.length("partition_indexes")).map(|_| s.i32("partition_indexes")).collect();
            m
        }
    }
}
pub use request::WriteTxnMarkersRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's WriteTxnMarkers response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WriteTxnMarkersResponse {
        /// Every version.
        pub markers: Vec<WritableTxnMarkerResult>,
    }

    impl Default for WriteTxnMarkersResponse {
        fn default() -> Self {
            Self {
                markers: Vec::new(),
            }
        }
    }

    impl Message for WriteTxnMarkersResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.markers, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { markers } = self;
            w.array(markers, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.markers = (0..s.length("markers")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `WritableTxnMarkerResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WritableTxnMarkerResult {
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub topics: Vec<WritableTxnMarkerTopicResult>,
    }

    impl Default for WritableTxnMarkerResult {
        fn default() -> Self {
            Self {
                producer_id: 0,
                topics: Vec::new(),
            }
        }
    }

    impl Message for WritableTxnMarkerResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.producer_id = r.i64()?;
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
            let Self { producer_id, topics } = self;
            w.i64(*producer_id);
            w.array(topics, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.producer_id = s.i64("producer_id");
            m.topics = (0..s.length("topics")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `WritableTxnMarkerTopicResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WritableTxnMarkerTopicResult {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub partitions: Vec<WritableTxnMarkerPartitionResult>,
    }

    impl Default for WritableTxnMarkerTopicResult {
        fn default() -> Self {
            Self {
                name: Str::new(),
                partitions: Vec::new(),
            }
        }
    }

    impl Message for WritableTxnMarkerTopicResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
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
            let Self { name, partitions } = self;
            w.string(name);
            w.array(partitions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
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

    /// A part of the response: `WritableTxnMarkerPartitionResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WritableTxnMarkerPartitionResult {
        /// Every version.
        pub partition_index: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for WritableTxnMarkerPartitionResult {
        fn default() -> Self {
            Self {
                partition_index: 0,
                error_code: 0,
            }
        }
    }

    impl Message for WritableTxnMarkerPartitionResult {
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
pub use response::WriteTxnMarkersResponse;
