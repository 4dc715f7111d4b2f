//! The broker in the production environment. Generic code is compiled where its types are chosen: that is here, once,
//! for the binary and for whatever else serves real clients.

use std::{future::Future, pin::Pin};

use ottla_core::config::BrokerConfig;
use ottla_net::env::TokioEnv;

use crate::{Broker, Running, StartError};

/// What is still to come. Boxed, so that whoever waits for it does not compile it too.
type Coming<T> = Pin<Box<dyn Future<Output = T>>>;

/// Starts a broker.
///
/// # Errors
/// As [`Broker::start`].
pub fn start(env: TokioEnv, config: BrokerConfig) -> Coming<Result<Running<TokioEnv>, StartError>> {
    Box::pin(Broker::start(env, config))
}

/// Stops it, as [`Running::stop`] does.
pub fn stop(running: Running<TokioEnv>) -> Coming<()> {
    Box::pin(running.stop())
}
