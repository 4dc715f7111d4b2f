//! DescribeDelegationToken (API key 41), versions 1 to 3. Generated from `net/schema/describe_delegation_token.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeDelegationToken request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeDelegationTokenRequest {
        /// Every version.
        pub owners: Option<Vec<DescribeDelegationTokenOwner>>,
    }

    impl Default for DescribeDelegationTokenRequest {
        fn default() -> Self {
            Self {
                owners: Some(Vec::new()),
            }
        }
    }

    impl Message for DescribeDelegationTokenRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.owners = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { owners } = self;
            w.nullable_array(owners.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.owners = if s.null("owners") { None } else { Some((0..s.length("owners")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the request: `DescribeDelegationTokenOwner`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeDelegationTokenOwner {
        /// Every version.
        pub principal_type: Str,
        /// Every version.
        pub principal_name: Str,
    }

    impl Default for DescribeDelegationTokenOwner {
        fn default() -> Self {
            Self {
                principal_type: Str::new(),
                principal_name: Str::new(),
            }
        }
    }

    impl Message for DescribeDelegationTokenOwner {
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
pub use request::DescribeDelegationTokenRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeDelegationToken response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeDelegationTokenResponse {
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub tokens: Vec<DescribedDelegationToken>,
        /// Every version.
        pub throttle_time_ms: i32,
    }

    impl Default for DescribeDelegationTokenResponse {
        fn default() -> Self {
            Self {
                error_code: 0,
                tokens: Vec::new(),
                throttle_time_ms: 0,
            }
        }
    }

    impl Message for DescribeDelegationTokenResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.error_code = r.i16()?;
            r.array_into(&mut self.tokens, |r, x| x.read(r, v))?;
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
            let Self { error_code, tokens, throttle_time_ms } = self;
            w.i16(*error_code);
            w.array(tokens, |w, x| x.encode(w, v));
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
            m.tokens = (0..s.length("tokens")).map(|_| Message::sample(s, v)).collect();
            m.throttle_time_ms = s.i32("throttle_time_ms");
            m
        }
    }

    /// A part of the response: `DescribedDelegationToken`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribedDelegationToken {
        /// Every version.
        pub principal_type: Str,
        /// Every version.
        pub principal_name: Str,
        /// Version 3 and later.
        pub token_requester_principal_type: Str,
        /// Version 3 and later.
        pub token_requester_principal_name: Str,
        /// Every version.
        pub issue_timestamp: i64,
        /// Every version.
        pub expiry_timestamp: i64,
        /// Every version.
        pub max_timestamp: i64,
        /// Every version.
        pub token_id: Str,
        /// Every version.
        pub hmac: Bytes,
        /// Every version.
        pub renewers: Vec<DescribedDelegationTokenRenewer>,
    }

    impl Default for DescribedDelegationToken {
        fn default() -> Self {
            Self {
                principal_type: Str::new(),
                principal_name: Str::new(),
                token_requester_principal_type: Str::new(),
                token_requester_principal_name: Str::new(),
                issue_timestamp: 0,
                expiry_timestamp: 0,
                max_timestamp: 0,
                token_id: Str::new(),
                hmac: Bytes::new(),
                renewers: Vec::new(),
            }
        }
    }

    impl Message for DescribedDelegationToken {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.token_requester_principal_type = Str::new();
            self.token_requester_principal_name = Str::new();
            self.principal_type = r.string()?;
            self.principal_name = r.string()?;
            if 3 <= v { self.token_requester_principal_type = r.string()?; }
            if 3 <= v { self.token_requester_principal_name = r.string()?; }
            self.issue_timestamp = r.i64()?;
            self.expiry_timestamp = r.i64()?;
            self.max_timestamp = r.i64()?;
            self.token_id = r.string()?;
            self.hmac = r.bytes()?;
            r.array_into(&mut self.renewers, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { principal_type, principal_name, token_requester_principal_type, token_requester_principal_name, issue_timestamp, expiry_timestamp, max_timestamp, token_id, hmac, renewers } = self;
            w.string(principal_type);
            w.string(principal_name);
            if 3 <= v { w.string(token_requester_principal_type); }
            if 3 <= v { w.string(token_requester_principal_name); }
            w.i64(*issue_timestamp);
            w.i64(*expiry_timestamp);
            w.i64(*max_timestamp);
            w.string(token_id);
            w.bytes(hmac);
            w.array(renewers, |w, x| x.encode(w, v));
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
            if 3 <= v { m.token_requester_principal_type = s.string("token_requester_principal_type"); }
            if 3 <= v { m.token_requester_principal_name = s.string("token_requester_principal_name"); }
            m.issue_timestamp = s.i64("issue_timestamp");
            m.expiry_timestamp = s.i64("expiry_timestamp");
            m.max_timestamp = s.i64("max_timestamp");
            m.token_id = s.string("token_id");
            m.hmac = s.bytes("hmac");
            m.renewers = (0..s.length("renewers")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribedDelegationTokenRenewer`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribedDelegationTokenRenewer {
        /// Every version.
        pub principal_type: Str,
        /// Every version.
        pub principal_name: Str,
    }

    impl Default for DescribedDelegationTokenRenewer {
        fn default() -> Self {
            Self {
                principal_type: Str::new(),
                principal_name: Str::new(),
            }
        }
    }

    impl Message for DescribedDelegationTokenRenewer {
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
pub use response::DescribeDelegationTokenResponse;
