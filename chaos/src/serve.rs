//! The broker in the simulated environment. Generic code is compiled where its types are chosen: that is in this crate,
//! and not in every test of it again.

use std::{future::Future, pin::Pin};

use ottla_broker::Broker;
use ottla_core::config::BrokerConfig;
use ottla_sim::SimEnv;

/// Serves until its node goes down.
///
/// # Panics
/// The broker does not start.
pub fn serve(env: SimEnv, config: BrokerConfig) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async {
        let _running = Broker::start(env, config).await.expect("it starts");
        std::future::pending::<()>().await;
    })
}
