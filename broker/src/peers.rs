//! Connections to other nodes: one for each purpose, so that a fetch that waits holds up nobody else.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ottla_client::{ClientConfig, ClientError, connection::Connection};
use ottla_core::env::Env;
use ottla_net::{messages::ApiKey, wire::Message};

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// Votes, and who leads.
    Election,
    /// Fetches of the metadata log.
    Metadata,
    /// Heartbeats and what brokers ask the controller.
    Broker,
    /// What clients ask the controller through a broker.
    Forward,
}

/// By address and purpose.
type Connections<E> = BTreeMap<(String, Lane), Arc<Connection<E>>>;

/// The connections of one node.
pub(crate) struct Peers<E: Env> {
    env: E,
    connections: Mutex<Connections<E>>,
    /// This node asks nobody any more.
    is_closed: AtomicBool,
}

/// How a node behaves as a client of others.
pub(crate) fn peer_config(name: &str, within: Duration) -> ClientConfig {
    ClientConfig { client_id: name.to_owned(), request_timeout: within, ..ClientConfig::new("") }
}

impl<E: Env> Peers<E> {
    pub(crate) fn new(env: E) -> Peers<E> {
        Peers { env, connections: Mutex::default(), is_closed: false.into() }
    }

    /// The connection to an address, made if there is none that lives.
    ///
    /// # Errors
    /// It cannot be made in time.
    pub(crate) async fn connection(
        &self,
        address: &str,
        lane: Lane,
        within: Duration,
    ) -> Result<Arc<Connection<E>>, ClientError> {
        let key = (address.to_owned(), lane);
        let known = self.connections.lock().expect(NO_PANIC).get(&key).filter(|c| !c.is_closed()).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Connection::open(&self.env, address, &peer_config("ottla-node", within)).await?;
        if self.is_closed.load(Ordering::SeqCst) {
            made.close();
            return Err(ClientError::Disconnected);
        }
        let old = self.connections.lock().expect(NO_PANIC).insert(key, made.clone());
        if let Some(old) = old {
            old.close();
        }
        Ok(made)
    }

    /// Asks an address in the latest version that both sides know.
    ///
    /// # Errors
    /// It cannot be reached, or does not answer in time.
    pub(crate) async fn ask<Q: Message, A: Message>(
        &self,
        (address, lane): (&str, Lane),
        key: ApiKey,
        request: &Q,
        within: Duration,
    ) -> Result<A, ClientError> {
        let connection = self.connection(address, lane, within).await?;
        let version = connection.version(key)?;
        connection.call_within(key, version, request, within).await
    }

    /// Whether a connection was made and is no more.
    pub(crate) fn is_lost(&self, address: &str, lane: Lane) -> bool {
        let connections = self.connections.lock().expect(NO_PANIC);
        connections.get(&(address.to_owned(), lane)).is_some_and(|c| c.is_closed())
    }

    /// Closes all of them, for good.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        std::mem::take(&mut *self.connections.lock().expect(NO_PANIC)).values().for_each(|c| c.close());
    }
}

const NO_PANIC: &str = "a panic under a lock ends the process";
