//! No bytes can reach a panic, or make the decoder take more memory than they have.

use bytes::{Bytes, BytesMut};
use ottla_net::{
    header::is_flexible,
    messages::{ApiKey, Request, Response},
    wire::{Reader, Writer},
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_decode_or_fail(key in 0..ApiKey::ALL.len(), version in 0..20i16, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let key = ApiKey::ALL[key];
        let (min, max) = key.spec().versions;
        let version = version.clamp(min, max);
        let reader = || Reader::new(Bytes::from(bytes.clone()), is_flexible(key, version));
        if let Ok(request) = Request::decode(key, version, &mut reader()) {
            // What could be read can be written.
            request.encode(version, &mut Writer::new(&mut BytesMut::new(), is_flexible(key, version)));
        }
        if let Ok(response) = Response::decode(key, version, &mut reader()) {
            response.encode(version, &mut Writer::new(&mut BytesMut::new(), is_flexible(key, version)));
        }
    }
}
