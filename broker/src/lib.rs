//! The broker: drivers, handlers and wiring, generic over the environment.
//!
//! The way of one record: [`connection`] reads frames, [`produce`] checks batches in place and hands them
//! to their [`partition`], which appends them in one write; the [`flusher`] syncs, followers fetch ([`fetcher`]), the
//! high watermark rises, the connection is told and answers.
//!
//! What a broker is to a partition comes with the [`metadata`], which the [`quorum`] commits.

mod backlog;
pub mod connection;
mod fetch_session;
mod fetcher;
pub mod flusher;
mod groups;
mod handlers;
mod http;
mod in_sync;
pub mod inspect;
mod lifecycle;
mod metadata;
mod metrics;
pub mod partition;
mod peers;
mod produce;
mod quorum;
pub mod real;
pub mod replica_manager;
mod shard;
mod start;
mod sync_state;
mod topology;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64},
    },
    time::Duration,
};

pub use groups::GroupStats;
use ottla_core::{
    config::BrokerConfig,
    controller::Image,
    env::Env,
    errors::ErrorCode,
    types::{NodeId, ProducerId, Uuid},
};
use ottla_net::messages::{
    ApiKey,
    generated::allocate_producer_ids::{AllocateProducerIdsRequest, AllocateProducerIdsResponse},
};
pub use start::{Running, StartError};
use tokio_util::sync::CancellationToken;

use crate::{
    fetch_session::FetchSessions,
    fetcher::{Fetchers, ReplicationSettings},
    groups::Groups,
    in_sync::InSync,
    metrics::{Metrics, Refusal},
    peers::{Lane, Peers},
    quorum::Quorum,
    replica_manager::ReplicaManager,
};

/// A broker that serves.
pub struct Broker<E: Env> {
    pub(crate) env: E,
    pub(crate) disk: E::Disk,
    pub(crate) config: Arc<BrokerConfig>,
    pub(crate) node: NodeId,
    /// The listener on which brokers reach each other.
    pub(crate) inter_broker: String,
    /// Its broker epoch, -1 before it is registered.
    pub(crate) broker_epoch: AtomicI64,
    /// It is about to stop, and asks for nothing else any more.
    pub(crate) is_leaving: AtomicBool,
    pub(crate) replication: ReplicationSettings,
    pub(crate) fetchers: Fetchers<E>,
    pub(crate) in_sync: InSync<E>,
    pub(crate) peers: Peers<E>,
    /// What the replicas have taken in last; nothing before they are opened. Whoever changes what is held here has it.
    pub(crate) taken_in: tokio::sync::Mutex<Option<Arc<Image>>>,
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
    /// The cluster's id; it is known before anybody is served.
    pub(crate) fn cluster_id(&self) -> Uuid {
        self.quorum.cluster_id().unwrap_or(Uuid::ZERO)
    }

    /// A producer id that no other producer has. Ids are taken from the controller in blocks.
    ///
    /// # Errors
    /// The controller does not answer.
    pub(crate) async fn next_producer_id(&self) -> Result<ProducerId, ErrorCode> {
        let mut block = self.producer_ids.lock().await;
        if block.is_empty() {
            let request = AllocateProducerIdsRequest { broker_id: self.node.0, broker_epoch: self.epoch() };
            let response: AllocateProducerIdsResponse = if self.quorum.is_active() {
                self.allocate_producer_ids(&request).await
            } else {
                let asked = self.ask_controller(ApiKey::AllocateProducerIds, &request, Lane::Broker).await;
                asked.map_err(|_| ErrorCode::CoordinatorNotAvailable)?
            };
            match ErrorCode::from_code(response.error_code) {
                ErrorCode::None => {}
                ErrorCode::NotController => return Err(ErrorCode::CoordinatorNotAvailable),
                code => return Err(code),
            }
            let first = response.producer_id_start;
            *block = first..first + i64::from(response.producer_id_len);
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
