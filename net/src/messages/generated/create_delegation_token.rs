//! CreateDelegationToken (API key 38), versions 1 to 3. Generated from `net/schema/create_delegation_token.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's CreateDelegationToken request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreateDelegationTokenRequest {
        /// Version 3 and later.
        pub owner_principal_type: Option<Str>,
        /// Version 3 and later.
        pub owner_principal_name: Option<Str>,
        /// Every version.
        pub renewers: Vec<CreatableRenewers>,
        /// Every version.
        pub max_lifetime_ms: i64,
    }

    impl Default for CreateDelegationTokenRequest {
        fn default() -> Self {
            Self {
                owner_principal_type: Some(Str::new()),
                owner_principal_name: Some(Str::new()),
                renewers: Vec::new(),
                max_lifetime_ms: 0,
            }
        }
    }

    impl Message for CreateDelegationTokenRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.owner_principal_type = Some(Str::new());
            self.owner_principal_name = Some(Str::new());
            if 3 <= v { self.owner_principal_type = r.nullable_string()?; }
            if 3 <= v { self.owner_principal_name = r.nullable_string()?; }
            r.array_into(&mut self.renewers, |r, x| x.read(r, v))?;
            self.max_lifetime_ms = r.i64()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { owner_principal_type, owner_principal_name, renewers, max_lifetime_ms } = self;
            if 3 <= v { w.nullable_string(owner_principal_type.as_deref()); }
            if 3 <= v { w.nullable_string(owner_principal_name.as_deref()); }
            w.array(renewers, |w, x| x.encode(w, v));
            w.i64(*max_lifetime_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            if 3 <= v { m.owner_principal_type = if s.null("owner_principal_type") { None } else { Some(s.string("owner_principal_type")) }; }
            if 3 <= v { m.owner_principal_name = if s.null("owner_principal_name") { None } else { Some(s.string("owner_principal_name")) }; }
            m.renewers = (0..s.length("renewers")).map(|_| Message::sample(s, v)).collect();
            m.max_lifetime_ms = s.i64("max_lifetime_ms");
            m
        }
    }

    /// A part of the request: `CreatableRenewers`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreatableRenewers {
        /// Every version.
        pub principal_type: Str,
        /// Every version.
        pub principal_name: Str,
    }

    impl Default for CreatableRenewers {
        fn default() -> Self {
            Self {
                principal_type: Str::new(),
                principal_name: Str::new(),
            }
        }
    }

    impl Message for CreatableRenewers {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.principal_type = r.string()?;
            self.principal_name = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { principal_type, principal_name } = self;
            w.string(principal_type);
            w.string(principal_name);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.principal_type = s.string("principal_type");
            m.principal_name = s.string("principal_name");
            m
        }
    }
}
pub use request::CreateDelegationTokenRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's CreateDelegationToken response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CreateDelegationTokenResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub principal_type: Str,
        /// Every version.
        pub principal_name: Str,
        /// Version 3 and later.
        pub token_requester_principal_type: Str,
        /// Version 3 and later.
        pub token_requester_principal_name: Str,
        /// Every version.
        pub issue_timestamp_ms: i64,
        /// Every version.
        pub expiry_timestamp_ms: i64,
        /// Every version.
        pub max_timestamp_ms: i64,
        /// Every version.
        pub token_id: Str,
        /// Every version.
        pub hmac: Bytes,
        /// Every version.
        pub throttle_time_ms: i32,
    }

    impl Default for CreateDelegationTokenResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                principal_type: Str::new(),
                principal_name: Str::new(),
                token_requester_principal_type: Str::new(),
                token_requester_principal_name: Str::new(),
                issue_timestamp_ms: 0,
                expiry_timestamp_ms: 0,
                max_timestamp_ms: 0,
                token_id: Str::new(),
                hmac: Bytes::new(),
                throttle_time_ms: 0,
            }
        }
    }

    impl Message for CreateDelegationTokenResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.token_requester_principal_type = Str::new();
            self.token_requester_principal_name = Str::new();
            self.error_code = r.i16()?;
            self.principal_type = r.string()?;
            self.principal_name = r.string()?;
            if 3 <= v { self.token_requester_principal_type = r.string()?; }
            if 3 <= v { self.token_requester_principal_name = r.string()?; }
            self.issue_timestamp_ms = r.i64()?;
            self.expiry_timestamp_ms = r.i64()?;
            self.max_timestamp_ms = r.i64()?;
            self.token_id = r.string()?;
            self.hmac = r.bytes()?;
            self.throttle_time_ms = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { error_code, principal_type, principal_name, token_requester_principal_type, token_requester_principal_name, issue_timestamp_ms, expiry_timestamp_ms, max_timestamp_ms, token_id, hmac, throttle_time_ms } = self;
            w.i16(*error_code);
            w.string(principal_type);
            w.string(principal_name);
            if 3 <= v { w.string(token_requester_principal_type); }
            if 3 <= v { w.string(token_requester_principal_name); }
            w.i64(*issue_timestamp_ms);
            w.i64(*expiry_timestamp_ms);
            w.i64(*max_timestamp_ms);
            w.string(token_id);
            w.bytes(hmac);
            w.i32(*throttle_time_ms);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.error_code = s.i16("error_code");
            m.principal_type = s.string("principal_type");
            m.principal_name = s.string("principal_name");
            if 3 <= v { m.token_requester_principal_type = s.string("token_requester_principal_type"); }
            if 3 <= v { m.token_requester_principal_name = s.string("token_requester_principal_name"); }
            m.issue_timestamp_ms = s.i64("issue_timestamp_ms");
            m.expiry_timestamp_ms = s.i64("expiry_timestamp_ms");
            m.max_timestamp_ms = s.i64("max_timestamp_ms");
            m.token_id = s.string("token_id");
            m.hmac = s.bytes("hmac");
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m
        }
    }
}
pub use response::CreateDelegationTokenResponse;
