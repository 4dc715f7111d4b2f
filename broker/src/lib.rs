//! The broker: drivers, handlers and wiring, generic over the environment.
//!
//! The way of one record: [`connection`] reads frames, [`produce`] checks batches in place and hands them
//! to their [`partition`], which appends them in one write; the [`flusher`] syncs, the high watermark
//! rises, the connection is told and answers.

mod backlog;
pub mod connection;
mod fetch_session;
pub mod flusher;
mod groups;
mod handlers;
mod http;
mod metrics;
pub mod partition;
mod produce;
mod quorum;
pub mod replica_manager;
mod shard;
mod start;
mod sync_state;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

pub use groups::GroupStats;
use ottla_core::{
    config::BrokerConfig,
    env::Env,
    errors::ErrorCode,
    limits::PRODUCER_ID_BLOCK,
    types::{NodeId, ProducerId, Uuid},
};
pub use start::{Running, StartError};
use tokio_util::sync::CancellationToken;

use crate::{
    fetch_session::FetchSessions,
    groups::Groups,
    metrics::{Metrics, Refusal},
    quorum::Quorum,
    replica_manager::ReplicaManager,
};

/// A broker that serves.
pub struct Broker<E: Env> {
    pub(crate) env: E,
    pub(crate) config: Arc<BrokerConfig>,
    pub(crate) node: NodeId,
    pub(crate) cluster_id: Uuid,
    pub(crate) replicas: Arc<ReplicaManager<E>>,
    pub(crate) quorum: Arc<Quorum<E>>,
    pub(crate) sessions: Mutex<FetchSessions>,
    pub(crate) groups: Groups<E>,
    producer_ids: tokio::sync::Mutex<std::ops::Range<i64>>,
    /// Open connections by the peer's host.
    connections: Mutex<BTreeMap<String, usize>>,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) stopping: CancellationToken,
}

/// The settings that every request or connection asks for, as numbers.
pub(crate) struct Settings {
    pub(crate) fetch_max_bytes: u64,
    pub(crate) frame_max_bytes: usize,
    pub(crate) connection_idle_max: Duration,
    connections_max: usize,
    connections_per_host_max: usize,
}

impl Settings {
    fn new(config: &BrokerConfig) -> Settings {
        let number = |name: &str| u64::try_from(config.number(name)).unwrap_or_default();
        let count = |name: &str| usize::try_from(config.number(name)).unwrap_or_default();
        Settings {
            fetch_max_bytes: number("fetch.max.bytes"),
            frame_max_bytes: count("socket.request.max.bytes"),
            connection_idle_max: Duration::from_millis(number("connections.max.idle.ms").max(1)),
            connections_max: count("max.connections"),
            connections_per_host_max: count("max.connections.per.ip"),
        }
    }
}

impl<E: Env> Broker<E> {
    /// A producer id that no other producer has. Ids are taken from the metadata log in blocks.
    ///
    /// # Errors
    /// The metadata log cannot be written.
    pub(crate) async fn next_producer_id(&self) -> Result<ProducerId, ErrorCode> {
        let mut block = self.producer_ids.lock().await;
        if block.is_empty() {
            let decide = |image: &_| {
                let (first, record) = ottla_core::controller::allocate_producer_ids(image);
                (vec![record], first.0)
            };
            let first = self.quorum.command(&self.replicas, decide).await?;
            *block = first..first + PRODUCER_ID_BLOCK;
        }
        Ok(ProducerId(block.next().expect("the block is not empty")))
    }

    /// Lets a connection in, unless there are too many.
    fn admit(&self, host: &str) -> bool {
        let mut connections = self.connections.lock().expect("a panic under a lock ends the process");
        let all: usize = connections.values().sum();
        let mine = connections.entry(host.to_owned()).or_default();
        let is_full = self.settings.connections_max <= all || self.settings.connections_per_host_max <= *mine;
        if !is_full {
            *mine += 1;
            self.metrics.connections.inc();
        } else if *mine == 0 {
            connections.remove(host);
        }
        !is_full
    }

    /// Counts a refusal, and logs it unless the same peer's last one is fresh.
    pub(crate) fn refuse(&self, host: &str, refusal: Refusal) {
        self.metrics.refused(refusal, 1);
        if self.metrics.may_log(host, self.env.now()) {
            tracing::warn!(host, reason = refusal.reason(), "refused");
        }
    }

    fn leave(&self, host: &str) {
        let mut connections = self.connections.lock().expect("a panic under a lock ends the process");
        if let Some(mine) = connections.get_mut(host) {
            self.metrics.connections.dec();
            *mine -= 1;
            if *mine == 0 {
                connections.remove(host);
            }
        }
    }
}
