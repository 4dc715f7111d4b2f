//! AllocateProducerIds (API key 67), versions 0 to 0. Generated from `net/schema/allocate_producer_ids.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AllocateProducerIds request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AllocateProducerIdsRequest {
        /// Every version.
        pub broker_id: i32,
        /// Every version.
        pub broker_epoch: i64,
    }

    impl Default for AllocateProducerIdsRequest {
        fn default() -> Self {
            Self {
                broker_id: 0,
                broker_epoch: -1,
            }
        }
    }

    impl Message for AllocateProducerIdsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.broker_id = r.i32()?;
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
            let Self { broker_id, broker_epoch } = self;
            w.i32(*broker_id);
            w.i64(*broker_epoch);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.broker_id = s.i32("broker_id");
            m.broker_epoch = s.i64("broker_epoch");
            m
        }
    }
}
pub use request::AllocateProducerIdsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AllocateProducerIds response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AllocateProducerIdsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub producer_id_start: i64,
        /// Every version.
        pub producer_id_len: i32,
    }

    impl Default for AllocateProducerIdsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                producer_id_start: 0,
                producer_id_len: 0,
            }
        }
    }

    impl Message for AllocateProducerIdsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.producer_id_start = r.i64()?;
            self.producer_id_len = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, producer_id_start, producer_id_len } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.i64(*producer_id_start);
            w.i32(*producer_id_len);
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
            m.producer_id_start = s.i64("producer_id_start");
            m.producer_id_len = s.i32("producer_id_len");
            m
        }
    }
}
pub use response::AllocateProducerIdsResponse;
