//! Request and response headers.

use ottla_core::limits::STRING_LENGTH_MAX_BYTES;

use crate::{
    messages::ApiKey,
    wire::{DecodeError, Reader, Str, Writer},
};

/// The header of a request, before its key and version were judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHeader {
    /// The API's key.
    pub api_key: i16,
    /// The version of the API.
    pub api_version: i16,
    /// What the response must repeat.
    pub correlation_id: i32,
    /// What the client calls itself.
    pub client_id: Option<Str>,
}

/// The first eight bytes of a request: enough to refuse it.
pub fn peek(frame: &[u8]) -> Option<(i16, i16, i32)> {
    let bytes: &[u8; 8] = frame.first_chunk()?;
    let short = |at: usize| i16::from_be_bytes([bytes[at], bytes[at + 1]]);
    Some((short(0), short(2), i32::from_be_bytes(*bytes[4..].first_chunk()?)))
}

/// Whether an API is known, and its messages are flexible in a version.
pub fn api(key: i16) -> Option<ApiKey> {
    ApiKey::ALL.into_iter().find(|api| *api as i16 == key)
}

/// Whether version `version` of an API has compact and tagged fields.
pub fn is_flexible(key: ApiKey, version: i16) -> bool {
    key.spec().flexible.is_some_and(|first| first <= version)
}

impl RequestHeader {
    /// Reads a header; its client id is never compact, whatever the body is (KIP-482).
    ///
    /// # Errors
    /// The bytes are no header.
    pub fn decode(r: &mut Reader, flexible: bool) -> Result<RequestHeader, DecodeError> {
        r.set_flexible(false);
        let header = RequestHeader {
            api_key: r.i16()?,
            api_version: r.i16()?,
            correlation_id: r.i32()?,
            client_id: r.nullable_string()?,
        };
        r.set_flexible(flexible);
        r.tagged(|_, _| Ok(false))?;
        Ok(header)
    }

    /// Writes the header.
    pub fn encode(&self, w: &mut Writer<'_>, flexible: bool) {
        w.set_flexible(false);
        w.i16(self.api_key);
        w.i16(self.api_version);
        w.i32(self.correlation_id);
        let client_id = self.client_id.as_deref().filter(|id| id.len() <= STRING_LENGTH_MAX_BYTES);
        w.nullable_string(client_id);
        w.set_flexible(flexible);
        w.no_tags();
    }
}

/// Writes the header of a response. ApiVersions always has the oldest: its reader does not know yet what
/// the broker speaks (KIP-511).
pub fn encode_response_header(w: &mut Writer<'_>, key: ApiKey, version: i16, correlation_id: i32) {
    w.i32(correlation_id);
    let flexible = is_flexible(key, version);
    w.set_flexible(flexible && key != ApiKey::ApiVersions);
    w.no_tags();
    w.set_flexible(flexible);
}
