//! AlterUserScramCredentials (API key 51), versions 0 to 0. Generated from `net/schema/alter_user_scram_credentials.api` by `cargo codegen`.

use super::prelude::*;

/// The request and its structs.
pub mod request {
    use super::*;

    /// Kafka's AlterUserScramCredentials request.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterUserScramCredentialsRequest {
        /// Every version.
        pub deletions: Vec<ScramCredentialDeletion>,
        /// Every version.
        pub upsertions: Vec<ScramCredentialUpsertion>,
    }

    impl Default for AlterUserScramCredentialsRequest {
        fn default() -> Self {
            Self {
                deletions: Vec::new(),
                upsertions: Vec::new(),
            }
        }
    }

    impl Message for AlterUserScramCredentialsRequest {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            r.array_into(&mut self.deletions, |r, x| x.read(r, v))?;
            r.array_into(&mut self.upsertions, |r, x| x.read(r, v))?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { deletions, upsertions } = self;
            w.array(deletions, |w, x| x.encode(w, v));
            w.array(upsertions, |w, x| x.encode(w, v));
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.deletions = (0..s.length("deletions")).map(|_| Message::sample(s, v)).collect();
            m.upsertions = (0..s.length("upsertions")).map(|_| Message::sample(s, v)).collect();
            m
        }
    }

    /// A part of the request: `ScramCredentialDeletion`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ScramCredentialDeletion {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub mechanism: i8,
    }

    impl Default for ScramCredentialDeletion {
        fn default() -> Self {
            Self {
                name: Str::new(),
                mechanism: 0,
            }
        }
    }

    impl Message for ScramCredentialDeletion {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.mechanism = r.i8()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, mechanism } = self;
            w.string(name);
            w.i8(*mechanism);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.mechanism = s.i8("mechanism");
            m
        }
    }

    /// A part of the request: `ScramCredentialUpsertion`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ScramCredentialUpsertion {
        /// Every version.
        pub name: Str,
        /// Every version.
        pub mechanism: i8,
        /// Every version.
        pub iterations: i32,
        /// Every version.
        pub salt: Bytes,
        /// Every version.
        pub salted_password: Bytes,
    }

    impl Default for ScramCredentialUpsertion {
        fn default() -> Self {
            Self {
                name: Str::new(),
                mechanism: 0,
                iterations: 0,
                salt: Bytes::new(),
                salted_password: Bytes::new(),
            }
        }
    }

    impl Message for ScramCredentialUpsertion {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.name = r.string()?;
            self.mechanism = r.i8()?;
            self.iterations = r.i32()?;
            self.salt = r.bytes()?;
            self.salted_password = r.bytes()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { name, mechanism, iterations, salt, salted_password } = self;
            w.string(name);
            w.i8(*mechanism);
            w.i32(*iterations);
            w.bytes(salt);
            w.bytes(salted_password);
            w.tagged(|tags| {
                let _ = &tags;
            });
        }

        #[cfg(feature = "sample")]
        fn sample(s: &mut dyn Sampler, v: i16) -> Self {
            let _ = (&s, v);
            let mut m = Self::default();
            m.name = s.string("name");
            m.mechanism = s.i8("mechanism");
            m.iterations = s.i32("iterations");
            m.salt = s.bytes("salt");
            m.salted_password = s.bytes("salted_password");
            m
        }
    }
}
pub use request::AlterUserScramCredentialsRequest;

/// The response and its structs.
pub mod response {
    use super::*;

    /// Kafka's AlterUserScramCredentials response.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterUserScramCredentialsResponse {
        /// Every version.
        pub throttle_time_ms: i32,
        /// Every version.
        pub results: Vec<AlterUserScramCredentialsResult>,
    }

    impl Default for AlterUserScramCredentialsResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: 0,
                results: Vec::new(),
            }
        }
    }

    impl Message for AlterUserScramCredentialsResponse {
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

    /// A part of the response: `AlterUserScramCredentialsResult`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AlterUserScramCredentialsResult {
        /// Every version.
        pub user: Str,
        /// Every version.
        pub error_code: i16,
        /// Every version.
        pub error_message: Option<Str>,
    }

    impl Default for AlterUserScramCredentialsResult {
        fn default() -> Self {
            Self {
                user: Str::new(),
                error_code: 0,
                error_message: Some(Str::new()),
            }
        }
    }

    impl Message for AlterUserScramCredentialsResult {
        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {
            let _ = v;
            self.user = r.string()?;
            self.error_code = r.i16()?;
            self.error_message = r.nullable_string()?;
            r.tagged(|tag, r| {
                let _ = &r;
                match tag {
                    _ => return Ok(false),
                }
            })
        }

        fn encode(&self, w: &mut Writer<'_>, v: i16) {
            let _ = v;
            let Self { user, error_code, error_message } = self;
            w.string(user);
            w.i16(*error_code);
            w.nullable_string(error_message.as_deref());
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
            m
        }
    }
}
pub use response::AlterUserScramCredentialsResponse;
