//! ListTransactions (API key 66), versions 0 to 2. Generated from `net/schema/list_transactions.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's ListTransactions request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListTransactionsRequest {
        /// Every version.
        pub state_filters: Vec<Str>,
        /// Every version.
        pub producer_id_filters: Vec<i64>,
        /// Version 1 and later.
        pub duration_filter: i64,
        /// Version 2 and later.
        pub transactional_id_pattern: Option<Str>,
    }

    impl Default for ListTransactionsRequest {
        fn default() -> Self {
            Self {
                state_filters: Vec::new(),
                producer_id_filters: Vec::new(),
                duration_filter: -1,
                transactional_id_pattern: None,
            }
        }
    }

    impl Message for ListTransactionsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.duration_filter = -1;
            self.transactional_id_pattern = None;
            r.array_into(&mut self.state_filters, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.producer_id_filters, |r, x| { *x = r.i64()?; Ok(()) })?;
            if 1 <= v { self.duration_filter = r.i64()?; }
            if 2 <= v { self.transactional_id_pattern = r.nullable_string()?; }
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { state_filters, producer_id_filters, duration_filter, transactional_id_pattern } = self;
            w.array(state_filters, |w, x| w.string(x));
            w.array(producer_id_filters, |w, x| w.i64(*x));
            if 1 <= v { w.i64(*duration_filter); }
            if 2 <= v { w.nullable_string(transactional_id_pattern.as_deref()); }
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.state_filters = (0..s.length("state_filters")).map(|_| s.string("state_filters")).collect();
            m.producer_id_filters = (0..s.length("producer_id_filters")).map(|_| s.i64("producer_id_filters")).collect();
            if 1 <= v { m.duration_filter = s.i64("duration_filter"); }
            if 2 <= v { m.transactional_id_pattern = if s.null("transactional_id_pattern") { None } else { Some(s.string("transactional_id_pattern")) }; }
            m
        }
    }
}
pub use request::ListTransactionsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's ListTransactions response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListTransactionsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub unknown_state_filters: Vec<Str>,
        /// Every version.
        pub transaction_states: Vec<TransactionState>,
    }

    impl Default for ListTransactionsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                unknown_state_filters: Vec::new(),
                transaction_states: Vec::new(),
            }
        }
    }

    impl Message for ListTransactionsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            r.array_into(&mut self.unknown_state_filters, |r, x| { *x = r.string()?; Ok(()) })?;
            r.array_into(&mut self.transaction_states, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { throttle_time_ms, error_code, unknown_state_filters, transaction_states } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.array(unknown_state_filters, |w, x| w.string(x));
            w.array(transaction_states, |w, x| x.encode(w, v));
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
            m.unknown_state_filters = (0..s.length("unknown_state_filters")).map(|_| s.string("unknown_state_filters")).collect();
            m.transaction_states = (0..s.length("transaction_states")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `TransactionState`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TransactionState {
        /// Every version.
        pub transactional_id: Str,
        /// Every version.
        pub producer_id: i64,
        /// Every version.
        pub transaction_state: Str,
    }

    impl Default for TransactionState {
        fn default() -> Self {
            Self {
                transactional_id: Str::new(),
                producer_id: 0,
                transaction_state: Str::new(),
            }
        }
    }

    impl Message for TransactionState {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.transactional_id = r.string()?;
            self.producer_id = r.i64()?;
            self.transaction_state = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { transactional_id, producer_id, transaction_state } = self;
            w.string(transactional_id);
            w.i64(*producer_id);
            w.string(transaction_state);
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
            m.transaction_state = s.string("transaction_state");
            m
        }
    }
}
pub use response::ListTransactionsResponse;
