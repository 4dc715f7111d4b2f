//! AddOffsetsToTxn (API key 25), versions 0 to 4. Generated from `net/schema/add_offsets_to_txn.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AddOffsetsToTxn request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddOffsetsToTxnRequest {
        /// Every version.
        pub transactional_id: Str,
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i16,
        /// Every version.
        pub group_id: Str,
    }

    impl Default for AddOffsetsToTxnRequest {
        fn default() -> Self {
            Self {
                transactional_id: Str::new(),
                producer_id: 0,
                producer_epoch: 0,
                group_id: Str::new(),
            }
        }
    }

    impl Message for AddOffsetsToTxnRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactional_id = r.string()?;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i16()?;
            self.group_id = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, producer_id, producer_epoch, group_id } = self;
            w.string(transactional_id);
            w.i64(*producer_id);
            w.i16(*producer_epoch);
            w.string(group_id);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.transactional_id = s.string("transactional_id");
            m.producer_id = s.i64("producer_id");
            m.producer_epoch = s.i16("producer_epoch");
            m.group_id = s.string("group_id");
            m
        }
    }
}
pub use request::AddOffsetsToTxnRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AddOffsetsToTxn response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AddOffsetsToTxnResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
    }

    impl Default for AddOffsetsToTxnResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
            }
        }
    }

    impl Message for AddOffsetsToTxnResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
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
            let Self { throttle_time_ms, error_code } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
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
            m
        }
    }
}
pub use response::AddOffsetsToTxnResponse;
