//! `ottla cluster`: a local cluster of several processes, and how a cluster stands.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use clap::{Args, Subcommand};
use ottla_client::Client;
use ottla_core::env::{Env, until};
use ottla_net::env::TokioEnv;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::{Connect, Failure, Output};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ClusterArguments {
    #[command(subcommand)]
    command: Option<ClusterCommand>,
    #[command(flatten)]
    local: Local,
}

#[derive(Subcommand)]
enum ClusterCommand {
    /// Shows the brokers of a cluster, what they lead and hold, and what is amiss.
    Status {
        #[command(flatten)]
        connect: Connect,
    },
}

/// A cluster on this machine.
#[derive(Args)]
struct Local {
    /// How many nodes; each is broker and controller.
    #[arg(long, default_value_t = 3)]
    nodes: u16,
    /// The first node's port for clients; the others have the next ones, and controllers those 10000 above.
    #[arg(long, default_value_t = 9092)]
    port: u16,
    /// Where the nodes keep their data, one directory each.
    #[arg(long, default_value = "./ottla-cluster")]
    dir: PathBuf,
    /// A setting of every node, as name=value.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
}

pub(super) async fn main(env: TokioEnv, arguments: ClusterArguments, output: Output) -> Result<(), Failure> {
    match arguments.command {
        Some(ClusterCommand::Status { connect }) => {
            let status = Status::ask(&connect.client(&env)).await?;
            match output {
                Output::Text => print!("{}", status.text()),
                Output::Json => println!("{}", status.json()),
            }
            Ok(())
        }
        None => arguments.local.run(&env).await,
    }
}

impl Local {
    fn client_port(&self, node: u16) -> u16 {
        self.port + node - 1
    }

    fn controller_port(&self, node: u16) -> u16 {
        self.client_port(node) + 10_000
    }

    /// Starts a node as a process of its own; what it says goes to a file.
    fn start(&self, node: u16) -> Result<Child, Failure> {
        let dir = self.dir.join(format!("node-{node}"));
        std::fs::create_dir_all(&dir).map_err(|e| format!("--dir: {}: {e}", dir.display()))?;
        let log = std::fs::File::create(self.dir.join(format!("node-{node}.log")))?;
        let voters: Vec<String> =
            (1..=self.nodes).map(|n| format!("{n}@127.0.0.1:{}", self.controller_port(n))).collect();
        let replicas = self.nodes.min(3);
        let own = [
            format!("node.id={node}"),
            format!("controller.quorum.voters={}", voters.join(",")),
            format!(
                "listeners=PLAINTEXT://127.0.0.1:{},CONTROLLER://127.0.0.1:{}",
                self.client_port(node),
                self.controller_port(node)
            ),
            format!("log.dirs={}", dir.display()),
            format!("default.replication.factor={replicas}"),
            format!("min.insync.replicas={}", replicas.min(2)),
            "ottla.http.listener=".to_owned(),
        ];
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve");
        own.iter().chain(&self.settings).for_each(|setting| {
            command.arg("--set").arg(setting);
        });
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Ok(command.spawn()?)
    }

    async fn run(&self, env: &TokioEnv) -> Result<(), Failure> {
        if self.nodes == 0 || u16::MAX - 10_000 < self.port.saturating_add(self.nodes) {
            return Err("--nodes and --port: the ports do not fit".into());
        }
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut nodes = Nodes(BTreeMap::new());
        for node in 1..=self.nodes {
            nodes.0.insert(node, self.start(node)?);
        }
        let addresses: Vec<String> =
            (1..=self.nodes).map(|node| format!("127.0.0.1:{}", self.client_port(node))).collect();
        let bootstrap = addresses.join(",");
        println!(
            "{} nodes serve Kafka clients on {bootstrap}, data and logs in {}",
            self.nodes,
            self.dir.display()
        );
        let connect = Connect { bootstrap };
        let client = connect.client(env);
        let watched = async {
            let stop = until(async { interrupt.recv().await.unwrap_or(()) }, terminate.recv());
            until(
                async { stop.await.unwrap_or(Some(())).unwrap_or(()) },
                self.watch(env, &client, &mut nodes),
            )
            .await
        };
        let ended = watched.await;
        nodes.stop(env).await;
        ended.unwrap_or(Ok(()))
    }

    /// Shows how the cluster stands, again and again on a terminal, once elsewhere; until a node ends by itself.
    async fn watch(
        &self,
        env: &TokioEnv,
        client: &Client<TokioEnv>,
        nodes: &mut Nodes,
    ) -> Result<(), Failure> {
        let is_terminal = std::io::stdout().is_terminal();
        let mut lines = 0;
        let mut shown = false;
        loop {
            env.sleep(Duration::from_millis(500)).await;
            if let Some(node) = nodes.ended()? {
                let log = self.dir.join(format!("node-{node}.log"));
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                let last = said.lines().rev().find(|line| line.starts_with("ottla: ")).unwrap_or_default();
                return Err(format!("node {node} has ended: {last} (see {})", log.display()).into());
            }
            let Ok(status) = Status::ask(client).await else { continue };
            let active = status.brokers.values().filter(|broker| !broker.is_fenced).count();
            if !is_terminal && (shown || active < usize::from(self.nodes)) {
                continue;
            }
            let text = status.text();
            if is_terminal && 0 < lines {
                print!("\x1b[{lines}A\x1b[J");
            }
            print!("{text}");
            std::io::stdout().flush()?;
            (lines, shown) = (text.lines().count(), true);
        }
    }
}

/// The nodes' processes; they end with this one.
struct Nodes(BTreeMap<u16, Child>);

impl Nodes {
    fn ended(&mut self) -> Result<Option<u16>, Failure> {
        for (node, child) in &mut self.0 {
            if child.try_wait()?.is_some() {
                return Ok(Some(*node));
            }
        }
        Ok(None)
    }

    /// Stops them cleanly, one after the other.
    async fn stop(&mut self, env: &TokioEnv) {
        for child in self.0.values_mut() {
            let pid = rustix::process::Pid::from_child(child);
            // One that has ended already is fine.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            for _ in 0..200 {
                if !matches!(child.try_wait(), Ok(None)) {
                    break;
                }
                env.sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for child in self.0.values_mut() {
            // Those that were stopped are gone.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A broker of the cluster.
#[derive(Default)]
struct BrokerStatus {
    address: String,
    rack: String,
    is_fenced: bool,
    leads: usize,
    holds: usize,
    in_sync: usize,
}

/// How a cluster stands.
struct Status {
    cluster: String,
    controller: i32,
    brokers: BTreeMap<i32, BrokerStatus>,
    topics: usize,
    partitions: usize,
    without_leader: usize,
    under_replicated: usize,
}

impl Status {
    async fn ask(client: &Client<TokioEnv>) -> Result<Status, Failure> {
        let cluster = client.describe_cluster().await?;
        let quorum = client.describe_quorum().await?;
        let metadata = client.describe_topics(None).await?;
        let leader = quorum.topics.first().and_then(|t| t.partitions.first()).map_or(-1, |p| p.leader_id);
        let broker =
            |b: &ottla_net::messages::generated::describe_cluster::response::DescribeClusterBroker| {
                let status = BrokerStatus {
                    address: format!("{}:{}", b.host, b.port),
                    rack: b.rack.as_ref().map(ToString::to_string).unwrap_or_default(),
                    is_fenced: b.is_fenced,
                    ..BrokerStatus::default()
                };
                (b.broker_id, status)
            };
        let mut status = Status {
            cluster: cluster.cluster_id.to_string(),
            controller: leader,
            brokers: cluster.brokers.iter().map(broker).collect(),
            topics: metadata.topics.len(),
            partitions: 0,
            without_leader: 0,
            under_replicated: 0,
        };
        for p in metadata.topics.iter().flat_map(|t| &t.partitions) {
            status.partitions += 1;
            status.without_leader += usize::from(p.leader_id < 0);
            status.under_replicated += usize::from(p.isr_nodes.len() < p.replica_nodes.len());
            for node in &p.replica_nodes {
                let Some(broker) = status.brokers.get_mut(node) else { continue };
                broker.holds += 1;
                broker.leads += usize::from(p.leader_id == *node);
                broker.in_sync += usize::from(p.isr_nodes.contains(node));
            }
        }
        Ok(status)
    }

    fn text(&self) -> String {
        let mut text = format!("cluster {}, controller {}\n", self.cluster, self.controller);
        let mut line = |cells: [&str; 7]| {
            let [node, state, address, rack, leads, holds, in_sync] = cells;
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{node:>5}  {state:<7} {address:<24} {rack:<10} {leads:>7} {holds:>9} {in_sync:>8}"
            );
        };
        line(["NODE", "STATE", "ADDRESS", "RACK", "LEADS", "REPLICAS", "IN SYNC"]);
        for (node, b) in &self.brokers {
            let state = if b.is_fenced { "fenced" } else { "active" };
            let (leads, holds, in_sync) = (b.leads.to_string(), b.holds.to_string(), b.in_sync.to_string());
            line([&node.to_string(), state, &b.address, &b.rack, &leads, &holds, &in_sync]);
        }
        let _ = writeln!(
            text,
            "{} topics, {} partitions, {} without a leader, {} under-replicated",
            self.topics, self.partitions, self.without_leader, self.under_replicated
        );
        text
    }

    fn json(&self) -> serde_json::Value {
        let broker = |(node, b): (&i32, &BrokerStatus)| {
            json!({ "node": node, "address": b.address, "rack": b.rack, "fenced": b.is_fenced, "leads": b.leads,
                    "replicas": b.holds, "in_sync": b.in_sync })
        };
        json!({ "cluster": self.cluster, "controller": self.controller,
                "brokers": self.brokers.iter().map(broker).collect::<Vec<_>>(), "topics": self.topics,
                "partitions": self.partitions, "without_leader": self.without_leader,
                "under_replicated": self.under_replicated })
    }
}
