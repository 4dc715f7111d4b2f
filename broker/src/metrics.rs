//! What the broker counts, in Prometheus' words; and why it refuses.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use ottla_core::types::Mono;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// Why the broker refused something that a peer sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A frame's length is not positive, or above `socket.request.max.bytes`.
    FrameLength,
    /// A frame is too short for a request's header.
    FrameTooShort,
    /// A request has a key that is not served.
    UnknownApi,
    /// A request has a version that is not served.
    UnknownVersion,
    /// A request is none of its API and version.
    Undecodable,
    /// A request arrives too slowly.
    TooSlow,
    /// The peer does not read its answers.
    Unread,
    /// A produce request without acknowledgement failed: closing is the only way to tell.
    Unacknowledged,
    /// `max.connections` or `max.connections.per.ip` is reached.
    TooManyConnections,
    /// Accepting more connections would leave too few descriptors for the logs.
    NoDescriptors,
    /// A record batch breaks the format's rules or the topic's.
    Batch,
}

impl Refusal {
    /// The value of the label `reason`.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Refusal::FrameLength => "frame_too_big",
            Refusal::FrameTooShort => "frame_too_short",
            Refusal::UnknownApi => "unknown_api",
            Refusal::UnknownVersion => "unknown_version",
            Refusal::Undecodable => "undecodable",
            Refusal::TooSlow => "too_slow",
            Refusal::Unread => "unread",
            Refusal::Unacknowledged => "unacknowledged",
            Refusal::TooManyConnections => "too_many_connections",
            Refusal::NoDescriptors => "no_descriptors",
            Refusal::Batch => "batch",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    reason: &'static str,
}

/// The broker's counters.
pub(crate) struct Metrics {
    registry: Registry,
    refused: Family<RefusalLabels, Counter>,
    /// Open connections.
    pub(crate) connections: Gauge,
    /// Partitions that this broker holds.
    pub(crate) partitions: Gauge,
    /// Those whose log is offline.
    pub(crate) partitions_offline: Gauge,
    /// When each peer's refusals were last logged.
    logged: Mutex<BTreeMap<String, Mono>>,
}

/// A peer's refusals are logged at most once in this time.
const LOG_INTERVAL: Duration = Duration::from_secs(1);
/// Peers whose last refusal is remembered.
const LOGGED_PEERS_MAX: usize = 1_024;

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let mut registry = Registry::with_prefix("ottla");
        let refused = Family::<RefusalLabels, Counter>::default();
        registry.register("refused", "What peers sent and the broker refused", refused.clone());
        let mut gauge = |name, help| {
            let gauge = Gauge::default();
            registry.register(name, help, Gauge::clone(&gauge));
            gauge
        };
        let connections = gauge("connections", "Open connections");
        let partitions = gauge("partitions", "Partitions that this broker holds");
        let partitions_offline = gauge("partitions_offline", "Partitions whose log is offline");
        Metrics { registry, refused, connections, partitions, partitions_offline, logged: Mutex::default() }
    }

    /// Counts refusals.
    pub(crate) fn refused(&self, refusal: Refusal, count: u64) {
        if 0 < count {
            self.refused.get_or_create(&RefusalLabels { reason: refusal.reason() }).inc_by(count);
        }
    }

    /// Whether a refusal of this peer may be logged now: each peer's at most once a second.
    pub(crate) fn may_log(&self, host: &str, now: Mono) -> bool {
        let mut logged = self.logged.lock().expect("a panic under a lock ends the process");
        let is_old = |at: &Mono| LOG_INTERVAL <= now.since(*at);
        if logged.get(host).is_some_and(|at| !is_old(at)) {
            return false;
        }
        if LOGGED_PEERS_MAX <= logged.len() {
            logged.retain(|_, at| !is_old(at));
        }
        if LOGGED_PEERS_MAX <= logged.len() {
            return false;
        }
        logged.insert(host.to_owned(), now);
        true
    }

    /// All counters in Prometheus' text format.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        text::encode(&mut out, &self.registry).expect("writing to memory does not fail");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_by_reason_and_logged_once_a_second_for_each_peer() {
        let metrics = Metrics::new();
        metrics.refused(Refusal::TooSlow, 2);
        metrics.refused(Refusal::Batch, 0);
        let text = metrics.text();
        assert!(text.contains("ottla_refused_total{reason=\"too_slow\"} 2"), "{text}");
        assert!(!text.contains("batch"), "{text}");
        let second = 1_000_000_000;
        assert!(metrics.may_log("a", Mono(0)) && metrics.may_log("b", Mono(1)));
        assert!(!metrics.may_log("a", Mono(second - 1)) && metrics.may_log("a", Mono(second)));
        (0..2_000).for_each(|n| _ = metrics.may_log(&format!("peer-{n}"), Mono(second)));
        assert!(metrics.logged.lock().unwrap().len() <= LOGGED_PEERS_MAX);
    }
}
