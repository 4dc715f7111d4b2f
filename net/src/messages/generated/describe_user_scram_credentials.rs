//! DescribeUserScramCredentials (API key 50), versions 0 to 0. Generated from `net/schema/describe_user_scram_credentials.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's DescribeUserScramCredentials request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeUserScramCredentialsRequest {
        /// Every version.
        pub users: Option<Vec<UserName>>,
    }

    impl Default for DescribeUserScramCredentialsRequest {
        fn default() -> Self {
            Self {
                users: Some(Vec::new()),
            }
        }
    }

    impl Message for DescribeUserScramCredentialsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.users = r.nullable_array(|r| Ok(Message::decode(r, v)?))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { users } = self;
            w.nullable_array(users.as_deref(), |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.users = if s.null("users") { None } else { Some((0..s.length("users")).map(|_| Message::sample(s, v)).collect()) };
            m
        }
    }

    /// A part of the request: `UserName`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UserName {
        /// Every version.
        pub name: Str,
    }

    impl Default for UserName {
        fn default() -> Self {
            Self {
                name: Str::new(),
            }
        }
    }

    impl Message for UserName {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name } = self;
            w.string(name);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m
        }
    }
}
pub use request::DescribeUserScramCredentialsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's DescribeUserScramCredentials response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeUserScramCredentialsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub results: Vec<DescribeUserScramCredentialsResult>,
    }

    impl Default for DescribeUserScramCredentialsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                error_code: 0,
                error_message: Some(Str::new()),
                results: Vec::new(),
            }
        }
    }

    impl Message for DescribeUserScramCredentialsResponse {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.throttle_time_ms = r.i32()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
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
            let Self { throttle_time_ms, error_code, error_message, results } = self;
            w.i32(*throttle_time_ms);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
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
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.results = (0..s.length("results")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `DescribeUserScramCredentialsResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct DescribeUserScramCredentialsResult {
        /// Every version.
        pub user: Str,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
        /// Every version.
        pub credential_infos: Vec<CredentialInfo>,
    }

    impl Default for DescribeUserScramCredentialsResult {
        fn default() -> Self {
            Self {
                user: Str::new(),
                error_code: 0,
                error_message: Some(Str::new()),
                credential_infos: Vec::new(),
            }
        }
    }

    impl Message for DescribeUserScramCredentialsResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.user = r.string()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.array_into(&mut self.credential_infos, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { user, error_code, error_message, credential_infos } = self;
            w.string(user);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
            w.array(credential_infos, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.user = s.string("user");
            m.error_code = s.i16("error_code");
            m.error_message = if s.null("error_message") { None } else { Some(s.string("error_message")) };
            m.credential_infos = (0..s.length("credential_infos")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the response: `CredentialInfo`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CredentialInfo {
        /// Every version.
        pub mechanism: i8,
        /// Every version.
        pub iterations: i32,
    }

    impl Default for CredentialInfo {
        fn default() -> Self {
            Self {
                mechanism: 0,
                iterations: 0,
            }
        }
    }

    impl Message for CredentialInfo {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.mechanism = r.i8()?;
            self.iterations = r.i32()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { mechanism, iterations } = self;
            w.i8(*mechanism);
            w.i32(*iterations);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.mechanism = s.i8("mechanism");
            m.iterations = s.i32("iterations");
            m
        }
    }
}
pub use response::DescribeUserScramCredentialsResponse;
