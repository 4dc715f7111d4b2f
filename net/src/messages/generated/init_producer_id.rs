//! InitProducerId (API key 22), versions 0 to 6. Generated from `net/schema/init_producer_id.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's InitProducerId request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InitProducerIdRequest {
        /// Every version.
        pub transactional_id: Option<Str>,
        /// Every version.
        pub transaction_timeout_ms: i32,
        /// Version 3 and later.
        pub producer_id: i64,
        /// Version 3 and later.
        pub producer_epoch: i16,
        /// Version 6 and later.
        pub enable2_pc: bool,
        /// Version 6 and later.
        pub keep_prepared_txn: bool,
    }

    impl Default for InitProducerIdRequest {
        fn default() -> Self {
            Self {
                transactional_id: Some(Str::new()),
                transaction_timeout_ms: 0,
                producer_id: -1,
                producer_epoch: -1,
                enable2_pc: false,
                keep_prepared_txn: false,
            }
        }
    }

    impl Message for InitProducerIdRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.producer_id = -1;
            self.producer_epoch = -1;
            self.enable2_pc = false;
            self.keep_prepared_txn = false;
            self.transactional_id = r.nullable_string()?;
            self.transaction_timeout_ms = r.i32()?;
            if 3 <= v { self.producer_id = r.i64()?; }
            if 3 <= v { self.producer_epoch = r.i16()?; }
            if 6 <= v { self.enable2_pc = r.bool()?; }
            if 6 <= v { self.keep_prepared_txn = r.bool()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, transaction_timeout_ms, producer_id, producer_epoch, enable2_pc, keep_prepared_txn } = self;
            w.nullable_string(transactional_id.as_deref());
            w.i32(*transaction_timeout_ms);
            if 3 <= v { w.i64(*producer_id); }
            if 3 <= v { w.i16(*producer_epoch); }
            if 6 <= v { w.bool(*enable2_pc); }
            if 6 <= v { w.bool(*keep_prepared_txn); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.transactional_id = if s.null("transactional_id") { None } else { Some(s.string("transactional_id")) };
            m.transaction_timeout_ms = s.i32("transaction_timeout_ms");
            if 3 <= v { m.producer_id = s.i64("producer_id"); }
            if 3 <= v { m.producer_epoch = s.i16("producer_epoch"); }
            if 6 <= v { m.enable2_pc = s.bool("enable2_pc"); }
            if 6 <= v { m.keep_prepared_txn = s.bool("keep_prepared_txn"); }
            m
        }
    }
}
pub use request::InitProducerIdRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's InitProducerId response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct InitProducerIdResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub producer_epoch: i16,
        /// Version 6 and later.
        pub ongoing_txn_producer_id: i64,
        /// Version 6 and later.
        pub ongoing_txn_producer_epoch: i16,
    }

    impl Default for InitProducerIdResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                producer_id: -1,
                producer_epoch: 0,
                ongoing_txn_producer_id: -1,
                ongoing_txn_producer_epoch: -1,
            }
        }
    }

    impl Message for InitProducerIdResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.ongoing_txn_producer_id = -1;
            self.ongoing_txn_producer_epoch = -1;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.producer_id = r.i64()?;
            self.producer_epoch = r.i16()?;
            if 6 <= v { self.ongoing_txn_producer_id = r.i64()?; }
            if 6 <= v { self.ongoing_txn_producer_epoch = r.i16()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, producer_id, producer_epoch, ongoing_txn_producer_id, ongoing_txn_producer_epoch } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.i64(*producer_id);
            w.i16(*producer_epoch);
            if 6 <= v { w.i64(*ongoing_txn_producer_id); }
            if 6 <= v { w.i16(*ongoing_txn_producer_epoch); }
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
            m.producer_id = s.i64("producer_id");
            m.producer_epoch = s.i16("producer_epoch");
            if 6 <= v { m.ongoing_txn_producer_id = s.i64("ongoing_txn_producer_id"); }
            if 6 <= v { m.ongoing_txn_producer_epoch = s.i16("ongoing_txn_producer_epoch"); }
            m
        }
    }
}
pub use response::InitProducerIdResponse;
