//! Starting and stopping: what happens in which order.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_core::{
    config::{BrokerConfig, parse_properties},
    controller::records::{Endpoint, Record, RegisterBroker},
    env::{
        Disk, Env, Incoming, Listener, Network,
        disk::{read_file, replace_file},
    },
    log::{Log, LogConfig},
    types::{LeaderEpoch, NodeId, TopicName, Uuid},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Broker, Settings,
    connection::Connection,
    fetch_session::FetchSessions,
    flusher::Flusher,
    groups::{GroupStats, Groups},
    metrics::{Metrics, Refusal},
    partition::{Offline, Partition},
    quorum::{self, METADATA_TOPIC, Quorum},
    replica_manager::{CLEAN_FILE, Checkpoints, ReplicaManager, directory},
    sync_state::SyncState,
};

/// Why a broker did not start.
#[derive(Debug)]
pub enum StartError {
    /// What lies on the disk or in the settings forbids it; the sentence says how to mend it.
    Refused(String),
    /// The world failed while we were `doing` this.
    Failed {
        /// The step.
        doing: String,
        /// The answer.
        source: io::Error,
    },
}

impl StartError {
    pub(crate) fn disk(doing: &str, source: io::Error) -> StartError {
        StartError::Failed { doing: doing.to_owned(), source }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Refused(why) => f.write_str(why),
            StartError::Failed { doing, source } => write!(f, "{doing} failed: {source}"),
        }
    }
}

impl std::error::Error for StartError {}

/// A running broker.
pub struct Running<E: Env> {
    /// The broker.
    pub broker: Arc<Broker<E>>,
    /// Where it listens: host and port of each listener.
    pub addresses: Vec<String>,
    disk: E::Disk,
    flusher: Arc<Flusher<E>>,
    connections: tokio_util::task::TaskTracker,
}

/// One of `listeners`.
struct ListenerSpec {
    name: String,
    host: String,
    port: u16,
}

fn parse_listeners(setting: &str, items: &[String]) -> Result<Vec<ListenerSpec>, StartError> {
    let wrong = |item: &str, why: &str| StartError::Refused(format!("{setting}: «{item}» {why}"));
    let parse = |item: &String| {
        let form = || wrong(item, "is not of the form NAME://host:port");
        let (name, address) = item.split_once("://").ok_or_else(form)?;
        let (host, port) = address.rsplit_once(':').ok_or_else(form)?;
        if name != "PLAINTEXT" {
            return Err(wrong(
                item,
                "names a listener that this release does not serve: only PLAINTEXT works yet",
            ));
        }
        let port = port.parse().map_err(|_| form())?;
        Ok(ListenerSpec { name: name.into(), host: host.trim_matches(['[', ']']).into(), port })
    };
    let specs: Vec<ListenerSpec> = items.iter().map(parse).collect::<Result<_, _>>()?;
    if specs.is_empty() {
        return Err(StartError::Refused(format!(
            "{setting}: give at least one listener, as PLAINTEXT://127.0.0.1:9092"
        )));
    }
    Ok(specs)
}

/// The session of groups of the consumer protocol lies between its bounds.
fn check_group_sessions(config: &BrokerConfig) -> Result<(), StartError> {
    let [min, max, session] = ["min.session", "max.session", "session"]
        .map(|name| config.number(&format!("group.consumer.{name}.timeout.ms")));
    if (min..=max).contains(&session) {
        return Ok(());
    }
    Err(StartError::Refused(format!(
        "group.consumer.session.timeout.ms: {session} is not between group.consumer.min.session.timeout.ms, {min}, \
         and group.consumer.max.session.timeout.ms, {max}: change one of them"
    )))
}

fn address(host: &str, port: u16) -> String {
    let host = if host.is_empty() { "0.0.0.0" } else { host };
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

impl<E: Env> Broker<E> {
    /// Opens the data directory, recovers it, joins the quorum and listens.
    ///
    /// # Errors
    /// The directory belongs to another process, node or cluster; a setting cannot be; the disk or the
    /// network refuses.
    pub async fn start(env: E, config: BrokerConfig) -> Result<Running<E>, StartError> {
        let config = Arc::new(config);
        let node = NodeId(config.number("node.id") as i32);
        let specs = parse_listeners("listeners", &config.list("listeners"))?;
        let dirs = config.log_dirs();
        let [dir] = &dirs[..] else {
            return Err(StartError::Refused(format!(
                "log.dirs: {} directories are given; this release keeps its logs in one",
                dirs.len()
            )));
        };
        check_group_sessions(&config)?;
        let disk = env.open_disk(dir).map_err(|e| StartError::disk(&format!("opening log.dirs {dir}"), e))?;
        disk.lock(".lock").map_err(|e| match e.kind() {
            io::ErrorKind::WouldBlock => StartError::Refused(format!(
                "log.dirs: {dir} is in use by another process: stop it, or give another directory"
            )),
            _ => StartError::disk(&format!("locking {dir}"), e),
        })?;
        let cluster_id = open_directory(&env, &disk, node, dir).await?;

        let (sync_state, believed) =
            SyncState::open(&disk).await.map_err(|e| StartError::disk("opening the sync state", e))?;
        let checkpoints = Checkpoints::read(&disk, !believed)?;
        if checkpoints.clean {
            let removed = disk.remove(CLEAN_FILE);
            removed.map_err(|e| StartError::disk("removing the marker of a clean stop", e))?;
            disk.sync(&[], &[""]).await.map_err(|e| StartError::disk("syncing the log directory", e))?;
        }
        let flusher = Flusher::new(env.clone(), disk.clone(), sync_state);
        env.spawn("flusher", flusher.clone().run());
        let state = quorum::election_state::<E>(&disk)?;
        let metadata = open_metadata(&env, &disk, &flusher, &config, &checkpoints, state.epoch).await?;
        let replicas = ReplicaManager::new(
            env.clone(),
            disk.clone(),
            config.clone(),
            flusher.clone(),
            metadata.clone(),
            &checkpoints,
        );
        let quorum = Quorum::start(env.clone(), node, &disk, metadata, state).await?;

        let mut listeners = Vec::new();
        for spec in &specs {
            let at = address(&spec.host, spec.port);
            let listener = env.network().listen(&at).await;
            listeners.push(
                listener
                    .map_err(|e| StartError::disk(&format!("listening on {at} (setting listeners)"), e))?,
            );
        }
        let http = listen_http(&env, &config).await?;
        let ports: Vec<u16> = listeners.iter().map(Listener::port).collect();
        let endpoints = endpoints(&config, &specs, &ports)?;
        let incarnation = Uuid::from_random(|| env.random_u64());
        let record = RegisterBroker {
            node: node.0,
            incarnation: incarnation.0.to_vec(),
            endpoints,
            rack: config.get("broker.rack").map(str::to_owned),
        };
        let registered = quorum.command(&replicas, |_| (vec![Record::RegisterBroker(record)], ())).await;
        registered
            .map_err(|code| StartError::Refused(format!("the metadata log cannot be written: {code}")))?;
        let image = quorum.image();
        let report = replicas.open_all(&image, &checkpoints).await?;
        if replicas.all().iter().all(|p| p.offline().is_none()) {
            let noted = flusher.believe_cache().await;
            noted.map_err(|e| StartError::disk("writing the sync state", e))?;
        }
        // What was read now would be read again after the next crash, until a checkpoint covers it.
        flusher.count(report.scanned_bytes);

        let slots = config.number("max.incremental.fetch.session.cache.slots") as usize;
        let broker = Arc::new(Broker {
            env: env.clone(),
            node,
            cluster_id,
            replicas,
            quorum,
            sessions: Mutex::new(FetchSessions::new(slots)),
            groups: Groups::new(&config),
            producer_ids: tokio::sync::Mutex::new(0..0),
            connections: Mutex::new(BTreeMap::new()),
            settings: Settings::new(&config),
            metrics: Metrics::new(),
            stopping: CancellationToken::new(),
            config,
        });
        let connections = tokio_util::task::TaskTracker::new();
        broker.start_coordinators();
        broker.spawn_housekeeping(&flusher);
        let addresses = specs.iter().zip(&ports).map(|(s, port)| address(&s.host, *port)).collect();
        if let Some((listener, host)) = http {
            env.spawn("accept-http", broker.clone().accept_http(listener, host));
        }
        for listener in listeners {
            env.spawn("accept", broker.clone().accept(listener, connections.clone()));
        }
        Ok(Running { broker, addresses, disk, flusher, connections })
    }

    fn spawn_housekeeping(self: &Arc<Self>, flusher: &Arc<Flusher<E>>) {
        let ms = |name: &str| Duration::from_millis(self.config.number(name).max(1) as u64);
        let replicas = self.replicas.clone();
        let interval = ms("log.flush.offset.checkpoint.interval.ms");
        self.env.spawn(
            "checkpoints",
            flusher.clone().run_checkpoints(interval, move || replicas.checkpoint_all()),
        );
        let (broker, interval) = (self.clone(), ms("log.retention.check.interval.ms"));
        self.env.spawn("retention", async move {
            loop {
                broker.env.sleep(interval).await;
                broker.replicas.retain().await;
            }
        });
    }

    async fn accept<L: Listener>(self: Arc<Self>, mut listener: L, tracker: tokio_util::task::TaskTracker)
    where
        L::Stream: ottla_core::env::Stream<Region = E::Region>,
    {
        let mut core = 0;
        loop {
            let Some(accepted) = self.stopping.run_until_cancelled(listener.accept()).await else { return };
            let incoming = match accepted {
                Ok(incoming) => incoming,
                Err(e) => {
                    // Out of descriptors, or the peer was gone before it was accepted.
                    self.metrics.refused(Refusal::NoDescriptors, 1);
                    if self.metrics.may_log("", self.env.now()) {
                        tracing::warn!("accepting a connection failed: {e}");
                    }
                    self.env.sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let host = incoming.peer_host();
            if !self.admit(&host) {
                self.refuse(&host, Refusal::TooManyConnections);
                continue;
            }
            core += 1;
            let broker = self.clone();
            let token = tracker.token();
            self.env.spawn_on(core, "connection", async move {
                if let Ok(stream) = incoming.open() {
                    Connection::new(broker.clone(), stream, host.clone()).run().await;
                }
                broker.leave(&host);
                drop(token);
            });
        }
    }
}

type HttpListener<E> = <<E as Env>::Network as Network>::Listener;

/// Binds the operator's endpoints. Where nobody asked for them and another process has the port, the broker
/// serves without.
async fn listen_http<E: Env>(
    env: &E,
    config: &BrokerConfig,
) -> Result<Option<(HttpListener<E>, String)>, StartError> {
    const SETTING: &str = "ottla.http.listener";
    let at = config.get(SETTING).unwrap_or_default();
    if at.is_empty() {
        return Ok(None);
    }
    let Some((host, _)) = at.rsplit_once(':') else {
        return Err(StartError::Refused(format!("{SETTING}: «{at}» is not of the form host:port")));
    };
    match env.network().listen(at).await {
        Ok(listener) => Ok(Some((listener, host.trim_matches(['[', ']']).to_owned()))),
        Err(e) if e.kind() == io::ErrorKind::AddrInUse && config.given(SETTING).is_none() => {
            tracing::warn!("{SETTING}: {at} is in use; there are no metrics: give another address, or none");
            Ok(None)
        }
        Err(e) => Err(StartError::disk(&format!("listening on {at} (setting {SETTING})"), e)),
    }
}

impl<E: Env> Running<E> {
    /// What happened in the groups since the start.
    pub fn group_stats(&self) -> GroupStats {
        self.broker.group_stats()
    }

    /// Compares each group coordinator with the replay of its log.
    ///
    /// # Errors
    /// They differ.
    pub async fn verify_groups(&self) -> Result<(), String> {
        self.broker.verify_groups().await
    }

    /// Stops cleanly: answers what is in flight, makes everything durable, leaves the marker.
    pub async fn stop(self) {
        self.broker.stopping.cancel();
        self.connections.close();
        self.connections.wait().await;
        let all = self.broker.replicas.checkpoint_all();
        all.iter().for_each(|p| p.finish());
        self.flusher.checkpoint(&all).await;
        let starts = self.flusher.checkpoint_starts(&all).await;
        let clean = starts && all.iter().all(|p| p.offline().is_none() && p.is_checkpointed());
        if clean && let Err(e) = replace_file(&self.disk, CLEAN_FILE, "{\"version\":0}".into()).await {
            tracing::error!("leaving the marker of a clean stop failed: {e}");
        }
        tracing::info!(clean, "stopped");
    }
}

/// Checks to whom the directory belongs, or formats an empty one; returns the cluster's id.
async fn open_directory<E: Env>(
    env: &E,
    disk: &E::Disk,
    node: NodeId,
    dir: &str,
) -> Result<Uuid, StartError> {
    const META_FILE: &str = "meta.properties";
    let found = read_file(disk, META_FILE).map_err(|e| StartError::disk("reading meta.properties", e))?;
    let Some(found) = found else {
        let names = disk.list("").map_err(|e| StartError::disk("listing the log directory", e))?;
        if names.iter().any(|n| !n.starts_with('.') && !n.ends_with(".tmp") && n != "lost+found") {
            return Err(StartError::Refused(format!(
                "log.dirs: {dir} is neither empty nor Ottla's (it has no meta.properties): give another directory"
            )));
        }
        let draw = || Uuid::from_random(|| env.random_u64());
        let (cluster, directory) = (draw(), draw());
        let text = format!("version=1\ncluster.id={cluster}\nnode.id={node}\ndirectory.id={directory}\n");
        let written = replace_file(disk, META_FILE, text.into()).await;
        written.map_err(|e| StartError::disk("formatting the log directory", e))?;
        return Ok(cluster);
    };
    let damaged = || {
        StartError::Refused(format!("{dir}/{META_FILE} is damaged: restore it, or give another directory"))
    };
    let text = String::from_utf8(found).map_err(|_| damaged())?;
    let values: BTreeMap<String, String> =
        parse_properties(&text).map_err(|_| damaged())?.into_iter().collect();
    let value = |name: &str| values.get(name).cloned().ok_or_else(damaged);
    if value("version")? != "1" {
        return Err(StartError::Refused(format!(
            "{dir} was written by another release (meta.properties version {})",
            value("version")?
        )));
    }
    if value("node.id")? != node.to_string() {
        return Err(StartError::Refused(format!(
            "node.id: {dir} belongs to node {}, not {node}: give node.id={0} or another directory in log.dirs",
            value("node.id")?
        )));
    }
    value("cluster.id")?.parse().map_err(|()| damaged())
}

async fn open_metadata<E: Env>(
    env: &E,
    disk: &E::Disk,
    flusher: &Arc<Flusher<E>>,
    config: &BrokerConfig,
    checkpoints: &Checkpoints,
    epoch: LeaderEpoch,
) -> Result<Arc<Partition<E>>, StartError> {
    let dir = directory(METADATA_TOPIC, 0);
    let log_config = config.log_config(&BTreeMap::new());
    // The metadata log always syncs before it counts, and keeps everything.
    let log_config = Arc::new(LogConfig {
        flush_messages: 1,
        retention_ms: None,
        retention_bytes: None,
        ..(*log_config).clone()
    });
    let known = checkpoints.known(METADATA_TOPIC, 0);
    let log = if disk.list(&dir).is_ok() {
        Log::open(disk.clone(), &dir, log_config, known, env.wall())
            .map(|(log, _)| log)
            .map_err(|e| e.to_string())
    } else if 0 < known.recovery_point.0 {
        Err(format!("{dir} is missing"))
    } else {
        Log::create(disk.clone(), &dir, log_config, known.log_start, env.wall()).map_err(|e| e.to_string())
    };
    let mut log =
        log.map_err(|why| StartError::Refused(format!("the metadata log cannot be opened: {why}")))?;
    let set = log.sync_set().map_err(|e| StartError::disk("opening the metadata log", e))?;
    let dirs: Vec<&str> = set.dirs.iter().map(String::as_str).collect();
    disk.sync(&set.files, &dirs).await.map_err(|e| StartError::disk("syncing the metadata log", e))?;
    log.synced(&set);
    let topic = TopicName::new(METADATA_TOPIC).expect("it is a legal name");
    let log: Result<_, Offline> = Ok(log);
    Ok(Partition::new(env.clone(), flusher.clone(), (topic, Uuid::ZERO, 0), log, epoch))
}

/// Where clients are told to connect: `advertised.listeners`, or else the listeners with their real ports.
fn endpoints(
    config: &BrokerConfig,
    specs: &[ListenerSpec],
    ports: &[u16],
) -> Result<Vec<Endpoint>, StartError> {
    let advertised = config.list("advertised.listeners");
    if !advertised.is_empty() {
        let specs = parse_listeners("advertised.listeners", &advertised)?;
        return Ok(specs
            .into_iter()
            .map(|s| Endpoint { listener: s.name, host: s.host, port: s.port.into() })
            .collect());
    }
    let endpoint = |(spec, port): (&ListenerSpec, &u16)| {
        if matches!(spec.host.as_str(), "" | "0.0.0.0" | "::") {
            return Err(StartError::Refused("advertised.listeners: give the address that clients shall use, as the listener is bound to all".into()));
        }
        Ok(Endpoint { listener: spec.name.clone(), host: spec.host.clone(), port: (*port).into() })
    };
    specs.iter().zip(ports).map(endpoint).collect()
}
