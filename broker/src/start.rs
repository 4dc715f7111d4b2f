//! Starting and stopping: what happens in which order.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use ottla_core::{
    config::{BrokerConfig, parse_properties},
    env::{
        Disk, Env, Incoming, Listener, Network,
        disk::{read_file, replace_file},
    },
    group::consumer::Migration,
    log::{Log, LogConfig, unsynced::UNSYNCED_FILE},
    types::{NodeId, Offset, TopicName, Uuid},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Broker, Settings,
    connection::{Connection, Origin},
    fetch_session::FetchSessions,
    fetcher::{Fetchers, ReplicationSettings},
    flusher::Flusher,
    groups::{GroupStats, Groups},
    in_sync::InSync,
    lifecycle::Identity,
    metrics::{Metrics, Refusal},
    partition::{Offline, Partition},
    peers::Peers,
    quorum::{self, METADATA_TOPIC, Quorum},
    replica_manager::{CLEAN_FILE, Checkpoints, ReplicaManager, directory},
    sync_state::SyncState,
    topology::{Audience, ListenerSpec, Topology, address},
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

/// The session of groups of the consumer protocol lies between its bounds, and there is such a policy of migration.
fn check_groups(config: &BrokerConfig) -> Result<(), StartError> {
    let policy = config.get("group.consumer.migration.policy").unwrap_or_default();
    if Migration::of(policy).is_none() {
        return Err(StartError::Refused(format!(
            "group.consumer.migration.policy: «{policy}» is none: give bidirectional, upgrade, downgrade or disabled"
        )));
    }
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

/// A node on its way up: what it has opened so far.
struct Opened<E: Env> {
    config: Arc<BrokerConfig>,
    topology: Topology,
    directory: Directory,
    disk: E::Disk,
    flusher: Arc<Flusher<E>>,
    checkpoints: Checkpoints,
    metadata: Arc<Partition<E>>,
    found: quorum::snapshots::Found,
    state: ottla_core::raft::ElectionState,
}

/// Checks the settings, opens the directory and the metadata log.
async fn open<E: Env>(env: &E, config: BrokerConfig) -> Result<Opened<E>, StartError> {
    let config = Arc::new(config);
    let topology = Topology::read(&config)?;
    let dirs = config.log_dirs();
    let [dir] = &dirs[..] else {
        return Err(StartError::Refused(format!(
            "log.dirs: {} directories are given; this release keeps its logs in one",
            dirs.len()
        )));
    };
    check_groups(&config)?;
    let disk = env.open_disk(dir).map_err(|e| StartError::disk(&format!("opening log.dirs {dir}"), e))?;
    disk.lock(".lock").map_err(|e| match e.kind() {
        io::ErrorKind::WouldBlock => StartError::Refused(format!(
            "log.dirs: {dir} is in use by another process: stop it, or give another directory"
        )),
        _ => StartError::disk(&format!("locking {dir}"), e),
    })?;
    let given = given_cluster(&config)?;
    let directory = open_directory(env, &disk, &topology, dir, given).await?;
    let (sync_state, believed) =
        SyncState::open(&disk).map_err(|e| StartError::disk("opening the sync state", e))?;
    let checkpoints = Checkpoints::read(&disk, !believed, env.boot_id())?;
    if checkpoints.clean {
        let removed = disk.remove(CLEAN_FILE).and_then(|()| match disk.remove(UNSYNCED_FILE) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        });
        removed.map_err(|e| StartError::disk("removing the marker of a clean stop", e))?;
        sync_state.sync(&[], &[""]).await.map_err(|e| StartError::disk("syncing the log directory", e))?;
    }
    let flusher = Flusher::new(env.clone(), disk.clone(), sync_state);
    env.spawn("flusher", flusher.clone().run());
    let state = quorum::election_state::<E>(&disk)?;
    let (metadata, found) = open_metadata(env, &disk, &flusher, &config, &checkpoints).await?;
    Ok(Opened { config, topology, directory, disk, flusher, checkpoints, metadata, found, state })
}

type ListenerOf<E> = <<E as Env>::Network as Network>::Listener;

impl<E: Env> Broker<E> {
    /// Opens the data directory, recovers it, joins the quorum and the cluster, and listens. In a cluster it waits
    /// for a majority of the voters.
    ///
    /// # Errors
    /// The directory belongs to another process, node or cluster; a setting cannot be; the disk or the
    /// network refuses.
    pub async fn start(env: E, config: BrokerConfig) -> Result<Running<E>, StartError> {
        let opened = open(&env, config).await?;
        let Opened { config, topology, directory, disk, flusher, checkpoints, metadata, found, state } =
            opened;
        let stopping = CancellationToken::new();
        let parts = quorum::Parts {
            env: env.clone(),
            disk: disk.clone(),
            topology: &topology,
            directory: directory.id,
            cluster_id: directory.cluster,
            partition: metadata.clone(),
            found,
            state,
            stopping: stopping.clone(),
        };
        let quorum = Quorum::new(parts, &config)?;
        let replicas = ReplicaManager::new(
            (env.clone(), topology.node),
            quorum.published().clone(),
            disk.clone(),
            config.clone(),
            (flusher.clone(), metadata),
            &checkpoints,
        );
        let (listeners, ports) = listen(&env, &topology).await?;
        let http = listen_http(&env, &config).await?;
        let slots = config.number("max.incremental.fetch.session.cache.slots") as usize;
        let broker = Arc::new(Broker {
            env: env.clone(),
            disk: disk.clone(),
            node: topology.node,
            inter_broker: topology.inter_broker.clone(),
            broker_epoch: (-1).into(),
            is_leaving: false.into(),
            replication: ReplicationSettings::new(&config),
            fetchers: Fetchers::default(),
            in_sync: InSync::default(),
            peers: Peers::new(env.clone()),
            taken_in: tokio::sync::Mutex::default(),
            replicas,
            quorum,
            sessions: Mutex::new(FetchSessions::new(slots)),
            groups: Groups::new(&config),
            producer_ids: tokio::sync::Mutex::new(0..0),
            connections: Mutex::new(BTreeMap::new()),
            settings: Settings::new(&config),
            metrics: Metrics::new(),
            stopping,
            config: config.clone(),
        });
        let connections = tokio_util::task::TaskTracker::new();
        let mut for_clients = Vec::new();
        for (listener, spec) in listeners.into_iter().zip(&topology.listeners) {
            if spec.audience == Audience::Controllers {
                broker.spawn_accept(listener, spec, &connections);
            } else {
                for_clients.push((listener, spec));
            }
        }
        let served = broker.serve(
            &topology,
            &directory,
            (&ports, for_clients, http),
            (&checkpoints, &flusher),
            &connections,
        );
        if let Err(e) = served.await {
            // Nothing that was begun goes on.
            broker.end();
            return Err(e);
        }
        broker.spawn_housekeeping(&flusher);
        let addresses =
            topology.listeners.iter().zip(&ports).map(|(s, port)| address(&s.host, *port)).collect();
        Ok(Running { broker, addresses, disk, flusher, connections })
    }

    /// Takes part in the quorum, joins the cluster, and lets clients in.
    #[allow(clippy::type_complexity)]
    async fn serve(
        self: &Arc<Self>,
        topology: &Topology,
        directory: &Directory,
        (ports, for_clients, http): (
            &[u16],
            Vec<(ListenerOf<E>, &ListenerSpec)>,
            Option<(ListenerOf<E>, String)>,
        ),
        (checkpoints, flusher): (&Checkpoints, &Arc<Flusher<E>>),
        connections: &tokio_util::task::TaskTracker,
    ) -> Result<(), StartError> {
        let env = &self.env;
        env.spawn("metadata", self.clone().run_metadata());
        env.spawn("quorum", self.quorum.clone().run());
        env.spawn("controller", self.clone().run_controller());
        let joined = async {
            if topology.is_broker {
                self.join(topology, directory.id, ports, checkpoints, flusher).await?;
            }
            self.keep_cluster_id(topology, directory).await
        };
        let ended =
            || Err(StartError::Refused("the metadata log cannot be read or written: see the log".into()));
        self.quorum.ended.run_until_cancelled(joined).await.unwrap_or_else(ended)?;
        if let Some((listener, host)) = http {
            env.spawn("accept-http", self.clone().accept_http(listener, host));
        }
        for (listener, spec) in for_clients {
            self.spawn_accept(listener, spec, connections);
        }
        if topology.is_broker {
            self.wait_until_active().await?;
            env.spawn("heartbeats", self.clone().run_heartbeats());
        }
        Ok(())
    }

    /// Ends what this node does with others.
    fn end(&self) {
        self.stopping.cancel();
        self.fetchers.stop();
        self.peers.close();
        self.quorum.close();
    }

    /// Registers, opens what the metadata gives to this broker, and begins to replicate.
    async fn join(
        self: &Arc<Self>,
        topology: &Topology,
        directory: Uuid,
        ports: &[u16],
        checkpoints: &Checkpoints,
        flusher: &Arc<Flusher<E>>,
    ) -> Result<(), StartError> {
        let endpoints = topology.endpoints(&self.config, ports)?;
        let incarnation = Uuid::from_random(|| self.env.random_u64());
        let mut identity = Identity { incarnation, endpoints, directory, in_doubt: BTreeMap::new() };
        self.register(&identity).await?;
        let (opened, report) = self.open_replicas(checkpoints).await?;
        // Before a damaged copy is begun anew: an empty one looks sound.
        identity.in_doubt = self.replicas.in_doubt(checkpoints);
        if !identity.in_doubt.is_empty() {
            let count: usize = identity.in_doubt.values().map(|doubted| doubted.partitions.len()).sum();
            tracing::warn!("{count} copies are in doubt");
            self.register(&identity).await?;
        }
        flusher.settled_doubts().await;
        self.serve_replicas(&opened).await;
        // Where a copy could not be opened the cache is believed from the next start on, once that copy was fetched anew.
        if self.replicas.all().iter().all(|p| p.offline().is_none()) {
            let noted = flusher.believe_cache().await;
            noted.map_err(|e| StartError::disk("writing the sync state", e))?;
        }
        // What was read now would be read again after the next crash, until a checkpoint covers it.
        flusher.count(report.scanned_bytes);
        self.env.spawn("in-sync", self.clone().run_in_sync());
        self.env.spawn("watch-followers", self.clone().watch_followers());
        self.start_coordinators();
        Ok(())
    }

    /// Writes down to which cluster the directory belongs, once that is known.
    async fn keep_cluster_id(&self, topology: &Topology, directory: &Directory) -> Result<(), StartError> {
        if directory.is_kept {
            return Ok(());
        }
        self.quorum.reached(Offset(1)).await;
        while self.quorum.cluster_id().is_none() && !self.stopping.is_cancelled() {
            self.env.sleep(Duration::from_millis(10)).await;
        }
        let text = meta_properties(self.quorum.cluster_id(), topology.node, directory.id);
        let written = replace_file(&self.disk, META_FILE, text.into()).await;
        written.map_err(|e| StartError::disk("writing meta.properties", e))
    }

    fn spawn_accept(
        self: &Arc<Self>,
        listener: ListenerOf<E>,
        spec: &ListenerSpec,
        tracker: &tokio_util::task::TaskTracker,
    ) {
        let listener_name: Arc<str> = spec.name.as_str().into();
        let accept = self.clone().accept(listener, (listener_name, spec.audience), tracker.clone());
        self.env.spawn("accept", accept);
    }

    fn spawn_housekeeping(self: &Arc<Self>, flusher: &Arc<Flusher<E>>) {
        let ms = |name: &str| Duration::from_millis(self.config.number(name).max(1) as u64);
        let interval = ms("log.flush.offset.checkpoint.interval.ms");
        self.env.spawn("checkpoints", flusher.clone().run_checkpoints(interval));
        let (broker, interval) = (self.clone(), ms("log.retention.check.interval.ms"));
        self.env.spawn("retention", async move {
            loop {
                broker.env.sleep(interval).await;
                broker.replicas.retain().await;
                broker.snapshot_metadata().await;
            }
        });
    }

    async fn accept<L: Listener>(
        self: Arc<Self>,
        mut listener: L,
        (name, audience): (Arc<str>, Audience),
        tracker: tokio_util::task::TaskTracker,
    ) where
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
            let origin = Origin::new(host.clone(), name.clone(), audience);
            self.env.spawn_on(core, "connection", async move {
                if let Ok(stream) = incoming.open() {
                    Connection::new(broker.clone(), stream, origin).run().await;
                }
                broker.leave(&host);
                drop(token);
            });
        }
    }
}

/// Binds the listeners; returns their real ports too.
async fn listen<E: Env>(env: &E, topology: &Topology) -> Result<(Vec<ListenerOf<E>>, Vec<u16>), StartError> {
    let mut listeners = Vec::new();
    for spec in &topology.listeners {
        let at = address(&spec.host, spec.port);
        let listener = env.network().listen(&at).await;
        listeners.push(
            listener.map_err(|e| StartError::disk(&format!("listening on {at} (setting listeners)"), e))?,
        );
    }
    let ports = listeners.iter().map(Listener::port).collect();
    Ok((listeners, ports))
}

/// Binds the operator's endpoints. Where nobody asked for them and another process has the port, the broker
/// serves without.
async fn listen_http<E: Env>(
    env: &E,
    config: &BrokerConfig,
) -> Result<Option<(ListenerOf<E>, String)>, StartError> {
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
        // Where there is nobody else to lead, there is nobody to tell.
        if 0 <= self.broker.epoch() && 1 < self.broker.quorum.image().brokers().count() {
            self.broker.leave_cluster(LEAVE_MAX).await;
        }
        self.broker.quorum.resign_and_wait().await;
        self.broker.end();
        self.connections.close();
        self.connections.wait().await;
        let all = self.broker.replicas.checkpoint_all();
        all.iter().for_each(|p| p.finish());
        self.flusher.checkpoint().await;
        let starts = self.flusher.checkpoint_starts().await;
        let clean = starts && all.iter().all(|p| p.offline().is_none() && p.is_checkpointed());
        if clean && let Err(e) = replace_file(&self.disk, CLEAN_FILE, "{\"version\":0}".into()).await {
            tracing::error!("leaving the marker of a clean stop failed: {e}");
        }
        tracing::info!(clean, "stopped");
    }
}

/// Longest that a stop waits for the controller.
const LEAVE_MAX: Duration = Duration::from_secs(5);
const META_FILE: &str = "meta.properties";

/// To whom a directory belongs.
struct Directory {
    /// The cluster, if it is known.
    cluster: Option<Uuid>,
    /// That is written down there.
    is_kept: bool,
    /// Its own id.
    id: Uuid,
}

fn meta_properties(cluster: Option<Uuid>, node: NodeId, directory: Uuid) -> String {
    let cluster = cluster.map_or(String::new(), |id| format!("cluster.id={id}\n"));
    format!("version=1\n{cluster}node.id={node}\ndirectory.id={directory}\n")
}

/// The cluster that this node is to belong to, if its settings say so.
fn given_cluster(config: &BrokerConfig) -> Result<Option<Uuid>, StartError> {
    let given = config.get("cluster.id").unwrap_or_default();
    if given.is_empty() {
        return Ok(None);
    }
    match given.parse() {
        Ok(id) if id != Uuid::ZERO => Ok(Some(id)),
        _ => Err(StartError::Refused(format!(
            "cluster.id: «{given}» is no id: give 16 bytes in URL-safe base64 without padding, as kafka-storage \
             random-uuid prints them, or none"
        ))),
    }
}

/// Checks to whom the directory belongs, or formats an empty one. A node of a cluster writes the cluster's id down when
/// it has joined.
async fn open_directory<E: Env>(
    env: &E,
    disk: &E::Disk,
    topology: &Topology,
    dir: &str,
    given: Option<Uuid>,
) -> Result<Directory, StartError> {
    let node = topology.node;
    let found = read_file(disk, META_FILE).map_err(|e| StartError::disk("reading meta.properties", e))?;
    let Some(found) = found else {
        let names = disk.list("").map_err(|e| StartError::disk("listing the log directory", e))?;
        if names.iter().any(|n| !n.starts_with('.') && !n.ends_with(".tmp") && n != "lost+found") {
            return Err(StartError::Refused(format!(
                "log.dirs: {dir} is neither empty nor Ottla's (it has no meta.properties): give another directory"
            )));
        }
        let draw = || Uuid::from_random(|| env.random_u64());
        let cluster = topology.is_standalone.then(|| given.unwrap_or_else(draw));
        let directory = Directory { cluster: cluster.or(given), is_kept: cluster.is_some(), id: draw() };
        let text = meta_properties(cluster, node, directory.id);
        let written = replace_file(disk, META_FILE, text.into()).await;
        written.map_err(|e| StartError::disk("formatting the log directory", e))?;
        return Ok(directory);
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
    let cluster = values.get("cluster.id").map(|id| id.parse().map_err(|()| damaged())).transpose()?;
    if let (Some(own), Some(given)) = (cluster, given)
        && own != given
    {
        return Err(StartError::Refused(format!(
            "cluster.id: {dir} belongs to cluster {own}, not {given}: give cluster.id={own}, none, or another directory"
        )));
    }
    let id = value("directory.id")?.parse().map_err(|()| damaged())?;
    Ok(Directory { cluster: cluster.or(given), is_kept: cluster.is_some(), id })
}

async fn open_metadata<E: Env>(
    env: &E,
    disk: &E::Disk,
    flusher: &Arc<Flusher<E>>,
    config: &BrokerConfig,
    checkpoints: &Checkpoints,
) -> Result<(Arc<Partition<E>>, quorum::snapshots::Found), StartError> {
    let dir = directory(METADATA_TOPIC, 0);
    let log_config = config.log_config(&BTreeMap::new());
    // The metadata log always syncs before it counts, and keeps everything that no snapshot covers.
    let log_config = Arc::new(LogConfig {
        flush_messages: 1,
        retention_ms: None,
        retention_bytes: None,
        segment_bytes: config.number("metadata.log.segment.bytes") as u64,
        segment_ms: config.number("metadata.log.segment.ms"),
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
    if log.log_end() < known.log_start && quorum::snapshots::ends_at(disk, known.log_start)? {
        // A crash came before the log began behind the snapshot that was taken: it does now.
        let restarted = log.restart_at(known.log_start, env.wall());
        restarted.map_err(|e| StartError::disk("beginning the metadata log behind a snapshot", e))?;
    }
    let set = log.sync_set().map_err(|e| StartError::disk("opening the metadata log", e))?;
    let dirs: Vec<&str> = set.dirs.iter().map(String::as_str).collect();
    let synced = flusher.sync_opened(&set.files, &dirs).await;
    synced.map_err(|e| StartError::disk("syncing the metadata log", e))?;
    log.synced(&set);
    let found = quorum::snapshots::find(disk, (log.log_start(), log.log_end()))?;
    let topic = TopicName::new(METADATA_TOPIC).expect("it is a legal name");
    let (place, log): (_, Result<_, Offline>) = ((topic, quorum::METADATA_TOPIC_ID, 0), Ok(log));
    Ok((Partition::new(env.clone(), flusher.clone(), place, log, Offset(0)), found))
}
