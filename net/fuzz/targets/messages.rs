//! Any bytes as any message: they are decoded or refused, and what was decoded can be written and read again.
#![no_main]

use bytes::{Bytes, BytesMut};
use libfuzzer_sys::fuzz_target;
use ottla_net::{
    header::{RequestHeader, is_flexible},
    messages::{ApiKey, Request, Response},
    wire::{Reader, Writer},
};

fuzz_target!(|input: (u8, u8, Vec<u8>)| {
    let (key, version, bytes) = input;
    let key = ApiKey::ALL[usize::from(key) % ApiKey::ALL.len()];
    let (min, max) = key.spec().versions;
    let version = min + i16::from(version) % (max - min + 1);
    let flexible = is_flexible(key, version);
    let reader = || Reader::new(Bytes::from(bytes.clone()), flexible);
    drop(RequestHeader::decode(&mut reader(), flexible));
    if let Ok(request) = Request::decode(key, version, &mut reader()) {
        let mut out = BytesMut::new();
        request.encode(version, &mut Writer::new(&mut out, flexible));
        let again = Request::decode(key, version, &mut Reader::new(out.freeze(), flexible));
        assert!(again.is_ok(), "what was written cannot be read");
    }
    if let Ok(response) = Response::decode(key, version, &mut reader()) {
        let mut out = BytesMut::new();
        response.encode(version, &mut Writer::new(&mut out, flexible));
        let again = Response::decode(key, version, &mut Reader::new(out.freeze(), flexible));
        assert!(again.is_ok(), "what was written cannot be read");
    }
});
