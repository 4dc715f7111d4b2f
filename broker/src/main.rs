//! The `ottla` binary.
#![allow(missing_docs)]
use ottla_broker::Broker;
use ottla_core::config::BrokerConfig;
use ottla_net::env::TokioEnv;

fn main() {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let mut config = BrokerConfig::default();
    for arg in std::env::args().skip(1) {
        let (k, v) = arg.split_once('=').unwrap();
        config.set(k, v).unwrap();
    }
    TokioEnv::run(2, |env| async move {
        let running = Broker::start(env, config).await.unwrap_or_else(|e| { eprintln!("{e}"); std::process::exit(2) });
        println!("listening on {:?}", running.addresses);
        tokio::signal::ctrl_c().await.unwrap();
        running.stop().await;
    });
}
