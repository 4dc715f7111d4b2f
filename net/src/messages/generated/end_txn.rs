//! EndTxn (API key 26), versions 0 to 5. Generated from `net/schema/end_txn.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's EndTxn request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EndTxnRequest {
        /// Every version.
        pub transactional_id: Str,
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i16,
        /// Every version.
        pub committed: bool,
    }

    impl Default for EndTxnRequest {
        fn default() -> Self {
            Self {
                transactional_id: Str::new(),
                producer_id: 0,
                producer_epoch: 0,
                committed: false,
            }
        }
    }

    impl Message for EndTxnRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactional_id = r.string()?;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i16()?;
            self.committed = r.bool()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, producer_id, producer_epoch, committed } = self;
            w.string(transactional_id);
            w.i64(*producer_id);
            w.i16(*producer_epoch);
            w.bool(*committed);
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
            m.committed = s.bool("committed");
            m
        }
    }
}
pub use request::EndTxnRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's EndTxn response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EndTxnResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Version 5 and later.
        pub producer_id: i64,
        /// Version 5 and later.
        pub producer_epoch: i16,
    }

    impl Default for EndTxnResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                producer_id: -1,
                producer_epoch: -1,
            }
        }
    }

    impl Message for EndTxnResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.producer_id = -1;
            self.producer_epoch = -1;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            if 5 <= v { self.producer_id = r.i64()?; }
            if 5 <= v { self.producer_epoch = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, producer_id, producer_epoch } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            if 5 <= v { w.i64(*producer_id); }
            if 5 <= v { w.i16(*producer_epoch); }
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
            if 5 <= v { m.producer_id = s.i64("producer_id"); }
            if 5 <= v { m.producer_epoch = s.i16("producer_epoch"); }
            m
        }
    }
}
pub use response::EndTxnResponse;
