//! Ottla's Kafka client: producer, consumer, admin calls; generic over the environment, so that it serves
//! the command line, the side systems and the simulator alike.
//!
//! [`Client`] knows the cluster and its connections; [`producer::Producer`] and [`consumer::Consumer`]
//! stand on it.

pub mod admin;
pub mod assignor;
pub mod backoff;
pub mod cluster_admin;
pub mod connection;
pub mod consumer;
mod coordinator;
pub mod group;
pub mod group_admin;
pub mod partitioner;
pub mod producer;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    types::{Mono, Uuid},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::metadata::{MetadataRequest, MetadataResponse, request::MetadataRequestTopic},
    },
    wire::{Message, Str},
};

use backoff::Backoff;
use connection::Connection;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// No broker could be reached.
    Connect(String),
    /// The connection ended before the answer came: the request may or may not have been served.
    Disconnected,
    /// No answer came in time: the request may or may not have been served.
    Timeout,
    /// The broker answered with an error.
    Broker(ErrorCode, String),
    /// The broker answered with bytes that are no answer.
    Decode,
    /// The broker does not serve what is asked.
    Unsupported(ApiKey),
}

impl ClientError {
    /// Whether the same call may succeed later.
    pub fn is_retriable(&self) -> bool {
        match self {
            ClientError::Connect(_) | ClientError::Disconnected | ClientError::Timeout => true,
            ClientError::Broker(code, _) => code.is_retriable(),
            ClientError::Decode | ClientError::Unsupported(_) => false,
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Connect(why) => write!(f, "no broker can be reached: {why}"),
            ClientError::Disconnected => write!(f, "the connection ended before the answer came"),
            ClientError::Timeout => write!(f, "no answer came in time"),
            ClientError::Broker(code, message) if message.is_empty() => write!(f, "{code}"),
            ClientError::Broker(code, message) => write!(f, "{message} [{code}]"),
            ClientError::Decode => write!(f, "the broker's answer cannot be decoded"),
            ClientError::Unsupported(api) => write!(f, "the broker does not serve {}", api.spec().name),
        }
    }
}

impl std::error::Error for ClientError {}

/// Fails with the broker's code unless that is none.
///
/// # Errors
/// The code and the message.
pub fn check(code: i16, message: Option<&Str>) -> Result<(), ClientError> {
    match ErrorCode::from_code(code) {
        ErrorCode::None => Ok(()),
        code => Err(ClientError::Broker(code, message.map(Str::to_string).unwrap_or_default())),
    }
}

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// `host:port` of some brokers.
    pub bootstrap: Vec<String>,
    /// What the client calls itself.
    pub client_id: String,
    /// Longest wait for an answer.
    pub request_timeout: Duration,
    /// The first wait between two tries.
    pub retry_backoff: Duration,
    /// The longest.
    pub retry_backoff_max: Duration,
}

impl ClientConfig {
    /// A client of the brokers at `bootstrap`, comma-separated.
    pub fn new(bootstrap: &str) -> ClientConfig {
        ClientConfig {
            bootstrap: bootstrap.split(',').map(|s| s.trim().to_owned()).collect(),
            client_id: "ottla-client".into(),
            request_timeout: Duration::from_secs(30),
            retry_backoff: Duration::from_millis(10),
            retry_backoff_max: Duration::from_secs(1),
        }
    }
}

/// A topic as the cluster described it last.
#[derive(Clone, Debug, Default)]
pub struct TopicInfo {
    /// Its id.
    pub id: Uuid,
    /// Leader and leader epoch of each partition.
    pub leaders: Vec<(i32, i32)>,
}

#[derive(Default)]
struct Cluster {
    brokers: BTreeMap<i32, String>,
    topics: BTreeMap<String, TopicInfo>,
    /// Topics of which something is not so any more: they are asked for before they are used, and what is known of
    /// them is what an answer must not go back behind.
    doubtful: BTreeSet<String>,
}

/// A client of a cluster. Cloning is cheap.
#[derive(Clone)]
pub struct Client<E: Env>(Arc<Inner<E>>);

struct Inner<E: Env> {
    env: E,
    config: ClientConfig,
    cluster: Mutex<Cluster>,
    connections: Mutex<BTreeMap<String, Arc<Connection<E>>>>,
    /// One connect to an address at a time.
    turns: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

const NO_PANIC: &str = "no task panics under the lock";

impl<E: Env> Client<E> {
    /// A client; it connects when it is first used.
    pub fn new(env: E, config: ClientConfig) -> Client<E> {
        let (cluster, connections, turns) = (Mutex::default(), Mutex::default(), Mutex::default());
        Client(Arc::new(Inner { env, config, cluster, connections, turns }))
    }

    /// The environment.
    pub fn env(&self) -> &E {
        &self.0.env
    }

    /// The configuration.
    pub fn config(&self) -> &ClientConfig {
        &self.0.config
    }

    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.0.cluster.lock().expect(NO_PANIC)
    }

    /// The connection to an address, made if there is none that lives.
    async fn connect(&self, address: &str) -> Result<Arc<Connection<E>>, ClientError> {
        let known = |client: &Self| {
            let connections = client.0.connections.lock().expect(NO_PANIC);
            connections.get(address).filter(|c| !c.is_closed()).cloned()
        };
        if let Some(connection) = known(self) {
            return Ok(connection);
        }
        let turn = self.0.turns.lock().expect(NO_PANIC).entry(address.to_owned()).or_default().clone();
        let _turn = turn.lock().await;
        if let Some(connection) = known(self) {
            return Ok(connection);
        }
        let connection = Connection::open(&self.0.env, address, &self.0.config).await?;
        self.0.connections.lock().expect(NO_PANIC).insert(address.to_owned(), connection.clone());
        Ok(connection)
    }

    /// A connection to any broker that can be reached.
    async fn any(&self) -> Result<Arc<Connection<E>>, ClientError> {
        let mut addresses: Vec<String> = self.cluster().brokers.values().cloned().collect();
        addresses.extend(self.0.config.bootstrap.iter().cloned());
        // Any will do, and not always the same: one that is cut off from the others knows nothing new. Those that are
        // connected come first.
        let start = (self.0.env.random_u64() % addresses.len().max(1) as u64) as usize;
        addresses.rotate_left(start);
        {
            let connections = self.0.connections.lock().expect(NO_PANIC);
            addresses.sort_by_key(|address| connections.get(address).is_none_or(|c| c.is_closed()));
        }
        let mut last = ClientError::Connect("no address is given".into());
        for address in addresses {
            match self.connect(&address).await {
                Ok(connection) => return Ok(connection),
                Err(e) => last = e,
            }
        }
        Err(last)
    }

    /// Asks any broker.
    ///
    /// # Errors
    /// None can be reached, or the call fails.
    pub async fn call<Q: Message, A: Message>(&self, key: ApiKey, request: &Q) -> Result<A, ClientError> {
        self.any().await?.call(key, request).await
    }

    /// The connection to the leader of a partition, with what is known of its topic.
    pub(crate) async fn leader(
        &self,
        topic: &str,
        partition: i32,
    ) -> Result<(Arc<Connection<E>>, TopicInfo), ClientError> {
        let leader = self.leader_of(topic, partition, (Uuid::ZERO, -1)).await?;
        let info = self.topic(topic).await?;
        let connected = match self.address_of(leader) {
            Ok(address) => self.connect(&address).await,
            Err(e) => Err(e),
        };
        if connected.is_err() {
            self.forget(topic);
        }
        Ok((connected?, info))
    }

    /// The leader of a partition; it is asked for if none is known, or only one of an epoch before `since`, which counts
    /// for the topic of that id alone, or for any if that is zero.
    pub(crate) async fn leader_of(
        &self,
        topic: &str,
        partition: i32,
        since: (Uuid, i32),
    ) -> Result<i32, ClientError> {
        let find = |client: &Self| {
            let cluster = client.cluster();
            let info = cluster.topics.get(topic).filter(|_| !cluster.doubtful.contains(topic))?;
            let (leader, epoch) = *info.leaders.get(usize::try_from(partition).ok()?)?;
            let is_of = since.0 == Uuid::ZERO || since.0 == info.id;
            // Brokers before Kafka 2.1 tell no epochs.
            let is_earlier = is_of && (0..since.1).contains(&epoch);
            Some(Some(leader).filter(|_| 0 <= leader && !is_earlier))
        };
        if find(self).flatten().is_none() {
            self.refresh(&[topic]).await?;
        }
        let failed = |code| ClientError::Broker(code, format!("{topic}-{partition}"));
        let found = find(self).ok_or_else(|| failed(ErrorCode::UnknownTopicOrPartition))?;
        found.ok_or_else(|| failed(ErrorCode::LeaderNotAvailable))
    }

    fn address_of(&self, broker: i32) -> Result<String, ClientError> {
        let unknown = || ClientError::Connect(format!("broker {broker} is not known"));
        self.cluster().brokers.get(&broker).cloned().ok_or_else(unknown)
    }

    /// A connection of its own to a broker.
    pub(crate) async fn open_to(&self, broker: i32) -> Result<Arc<Connection<E>>, ClientError> {
        Connection::open(&self.0.env, &self.address_of(broker)?, &self.0.config).await
    }

    /// Asks every broker of the cluster, one after the other.
    pub(crate) async fn call_all<Q: Message, A: Message>(
        &self,
        key: ApiKey,
        request: &Q,
    ) -> Result<Vec<A>, ClientError> {
        let metadata = self.describe_topics(Some(&[])).await?;
        self.take_in(&metadata);
        let mut answers = Vec::new();
        for broker in &metadata.brokers {
            let address = format!("{}:{}", broker.host, broker.port);
            answers.push(self.connect(&address).await?.call(key, request).await?);
        }
        Ok(answers)
    }

    /// What is known of a topic is not so any more: its leader answered that it is none.
    pub(crate) fn forget(&self, topic: &str) {
        self.cluster().doubtful.insert(topic.to_owned());
    }

    /// The leader and the leader epoch of a partition, as far as they are known.
    pub(crate) fn leadership(&self, topic: &str, partition: i32) -> Option<(i32, i32)> {
        let cluster = self.cluster();
        cluster.topics.get(topic)?.leaders.get(usize::try_from(partition).ok()?).copied()
    }

    /// A broker that does not lead a partition told who does, and where that one listens (KIP-951).
    pub(crate) fn told_leader(
        &self,
        (topic, partition): (&str, i32),
        (leader, epoch): (i32, i32),
        address: String,
    ) {
        let mut cluster = self.cluster();
        let index = usize::try_from(partition).unwrap_or(usize::MAX);
        let known = cluster.topics.get_mut(topic).and_then(|topic| topic.leaders.get_mut(index));
        if let Some(known) = known.filter(|known| 0 <= leader && known.1 < epoch) {
            *known = (leader, epoch);
            cluster.brokers.insert(leader, address);
        }
    }

    /// The leader of a partition, which was the one of `before`, has refused or is gone: says whether another is known by
    /// now, or is once somebody is asked. Then there is nothing to wait for.
    pub(crate) async fn has_new_leader(
        &self,
        topic: &str,
        partition: i32,
        before: Option<(i32, i32)>,
    ) -> bool {
        let is_new = || {
            let now = self.leadership(topic, partition);
            now.is_some_and(|(leader, epoch)| 0 <= leader && before.is_some_and(|known| known.1 < epoch))
        };
        if is_new() {
            return true;
        }
        self.forget(topic);
        self.refresh(&[topic]).await.is_ok() && is_new()
    }

    /// After a failure that another try may mend, who leads is to be found out anew.
    pub(crate) fn doubt<T>(&self, topic: &str, result: Result<T, ClientError>) -> Result<T, ClientError> {
        if result.as_ref().is_err_and(ClientError::is_retriable) {
            self.forget(topic);
        }
        result
    }

    /// The id of a topic, as far as it is known.
    pub(crate) fn topic_id(&self, topic: &str) -> Option<Uuid> {
        self.cluster().topics.get(topic).map(|info| info.id)
    }

    /// What is known of a topic, unless that is doubtful.
    fn known(&self, topic: &str) -> Option<TopicInfo> {
        let cluster = self.cluster();
        cluster.topics.get(topic).filter(|_| !cluster.doubtful.contains(topic)).cloned()
    }

    /// What is known of a topic, asked for if nothing is.
    ///
    /// # Errors
    /// No broker can be reached, or the topic does not exist.
    pub async fn topic(&self, topic: &str) -> Result<TopicInfo, ClientError> {
        if self.known(topic).is_none() {
            self.refresh(&[topic]).await?;
        }
        self.known(topic)
            .ok_or_else(|| ClientError::Broker(ErrorCode::UnknownTopicOrPartition, topic.to_owned()))
    }

    /// Asks for topics anew; the broker may create those that do not exist.
    ///
    /// # Errors
    /// No broker can be reached, or a topic does not exist.
    pub async fn refresh(&self, topics: &[&str]) -> Result<MetadataResponse, ClientError> {
        let names = topics
            .iter()
            .map(|name| MetadataRequestTopic { name: Some(Str::from(*name)), topic_id: Uuid::ZERO });
        let request = MetadataRequest {
            topics: Some(names.collect()),
            allow_auto_topic_creation: true,
            ..Default::default()
        };
        let response: MetadataResponse = self.call(ApiKey::Metadata, &request).await?;
        self.take_in(&response);
        match response.topics.iter().find(|t| t.error_code != 0) {
            Some(topic) => check(topic.error_code, topic.name.as_ref()).map(|()| response.clone()),
            None => Ok(response),
        }
    }

    /// The name of a topic, asked for if it is not known; `None` if there is none of that id.
    ///
    /// # Errors
    /// No broker can be reached.
    pub async fn topic_name(&self, id: Uuid) -> Result<Option<String>, ClientError> {
        let find = |client: &Self| {
            let cluster = client.cluster();
            let found = cluster.topics.iter().find(|(_, topic)| topic.id == id);
            found.map(|(name, _)| name.clone())
        };
        if let Some(name) = find(self) {
            return Ok(Some(name));
        }
        let topics = Some(vec![MetadataRequestTopic { name: None, topic_id: id }]);
        let request = MetadataRequest { topics, ..Default::default() };
        let response: MetadataResponse = self.call(ApiKey::Metadata, &request).await?;
        self.take_in(&response);
        Ok(find(self))
    }

    fn take_in(&self, response: &MetadataResponse) {
        let mut cluster = self.cluster();
        cluster.brokers =
            response.brokers.iter().map(|b| (b.node_id, format!("{}:{}", b.host, b.port))).collect();
        for topic in &response.topics {
            let Some(name) = &topic.name else { continue };
            cluster.doubtful.remove(&**name);
            if topic.error_code != 0 {
                cluster.topics.remove(&**name);
                continue;
            }
            let mut leaders = vec![(-1, -1); topic.partitions.len()];
            for p in &topic.partitions {
                if let Some(slot) = usize::try_from(p.partition_index).ok().and_then(|i| leaders.get_mut(i)) {
                    *slot = (p.leader_id, p.leader_epoch);
                }
            }
            // A broker that is behind must not bring an earlier leader back.
            if let Some(known) = cluster.topics.get(&**name).filter(|known| known.id == topic.topic_id) {
                for (slot, known) in leaders.iter_mut().zip(&known.leaders) {
                    if slot.1 < known.1 {
                        *slot = *known;
                    }
                }
            }
            cluster.topics.insert(name.to_string(), TopicInfo { id: topic.topic_id, leaders });
        }
    }

    /// Tries a call again while it fails with what may pass, until `deadline`.
    ///
    /// # Errors
    /// The last failure.
    pub async fn retry<T, F>(&self, deadline: Mono, mut call: impl FnMut() -> F) -> Result<T, ClientError>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        let mut backoff = Backoff::new(&self.0.config);
        loop {
            match call().await {
                Err(e) if e.is_retriable() && self.0.env.now() < deadline => {
                    backoff.wait(&self.0.env, deadline).await;
                }
                result => return result,
            }
        }
    }
}
