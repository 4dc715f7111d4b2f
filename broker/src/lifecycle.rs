//! A broker in its cluster: it registers, is heard of, and stops without leaving anybody waiting.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use ottla_client::ClientError;
use ottla_core::{
    controller::records::Endpoint,
    env::{
        Env,
        disk::{read_file, replace_file},
        until,
    },
    errors::ErrorCode,
    types::{Offset, Uuid},
};
use ottla_net::{
    messages::{
        ApiKey,
        generated::{
            broker_heartbeat::{BrokerHeartbeatRequest, BrokerHeartbeatResponse},
            broker_registration::{
                BrokerRegistrationRequest, BrokerRegistrationResponse,
                request::{InDoubt, Listener},
            },
        },
    },
    wire::{Message, Str},
};

use crate::{Broker, StartError, connection::Origin, peers::Lane};

/// The file of the broker epoch that the directory was served in last.
const EPOCH_FILE: &str = "broker-epoch";
/// The pause between two questions to a controller that is not there.
const BACKOFF: Duration = Duration::from_millis(50);
/// How often a broker looks whether the controller is still the one that has heard of it.
const LOOK: Duration = Duration::from_millis(10);
/// How long the controller has for an answer.
const WITHIN: Duration = Duration::from_secs(5);

/// Who a broker says it is.
pub(crate) struct Identity {
    pub(crate) incarnation: Uuid,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) directory: Uuid,
    /// Partitions whose copy it does not trust, by topic; known once it has opened them.
    pub(crate) in_doubt: BTreeMap<Uuid, Doubted>,
}

/// Partitions of a topic whose copy a broker does not trust.
#[derive(Default)]
pub(crate) struct Doubted {
    pub(crate) partitions: Vec<i32>,
    /// Those of them that it cannot open.
    pub(crate) damaged: Vec<i32>,
}

impl<E: Env> Broker<E> {
    /// Asks the active controller, wherever it is.
    ///
    /// # Errors
    /// Nobody is known to be it, or it does not answer.
    pub(crate) async fn ask_controller<Q: Message, A: Message>(
        &self,
        key: ApiKey,
        request: &Q,
        lane: Lane,
    ) -> Result<A, ClientError> {
        let not_known = || ClientError::Broker(ErrorCode::NotController, "nobody leads the quorum".into());
        let address = self.quorum.leader_address().ok_or_else(not_known)?;
        self.peers.ask((&address, lane), key, request, WITHIN).await
    }

    async fn register_once(&self, request: &BrokerRegistrationRequest) -> Result<i64, ErrorCode> {
        let response: BrokerRegistrationResponse = if self.quorum.is_active() {
            self.broker_registration(request).await
        } else {
            let asked = self.ask_controller(ApiKey::BrokerRegistration, request, Lane::Broker).await;
            asked.map_err(|_| ErrorCode::NotController)?
        };
        match ErrorCode::from_code(response.error_code) {
            ErrorCode::None => Ok(response.broker_epoch),
            code => Err(code),
        }
    }

    /// Registers, again and again until the controller lets it in, and waits until that is known here. Who is registered
    /// already says only what it doubts.
    ///
    /// # Errors
    /// The cluster is another, or another process has this node's id.
    pub(crate) async fn register(&self, identity: &Identity) -> Result<(), StartError> {
        let previous =
            read_file(&self.disk, EPOCH_FILE).map_err(|e| StartError::disk("reading broker-epoch", e))?;
        let previous = previous.and_then(|bytes| String::from_utf8(bytes).ok()?.trim().parse().ok());
        let listener = |e: &Endpoint| Listener {
            name: Str::from(e.listener.clone()),
            host: Str::from(e.host.clone()),
            port: e.port as u16,
            security_protocol: e.security_protocol as i16,
        };
        let in_doubt = |(topic_id, doubted): (&Uuid, &Doubted)| InDoubt {
            topic_id: *topic_id,
            partitions: doubted.partitions.clone(),
            damaged: doubted.damaged.clone(),
        };
        let mut request = BrokerRegistrationRequest {
            broker_id: self.node.0,
            incarnation_id: identity.incarnation,
            listeners: identity.endpoints.iter().map(listener).collect(),
            rack: self.config.get("broker.rack").map(|rack| Str::from(rack.to_owned())),
            log_dirs: vec![identity.directory],
            previous_broker_epoch: previous.unwrap_or(-1),
            in_doubt: identity.in_doubt.iter().map(in_doubt).collect(),
            ..Default::default()
        };
        let mut said = ErrorCode::None;
        let epoch = loop {
            let cluster = self.quorum.cluster_id().map(|id| id.to_string());
            request.cluster_id = Str::from(cluster.unwrap_or_default());
            match self.register_once(&request).await {
                Ok(epoch) => break epoch,
                Err(ErrorCode::InconsistentClusterId) => {
                    return Err(StartError::Refused(format!(
                        "controller.quorum.voters: the cluster there is not {}, to which log.dirs belongs: give the \
                         voters of that cluster, or an empty directory",
                        request.cluster_id
                    )));
                }
                Err(ErrorCode::DuplicateBrokerRegistration) => {
                    return Err(StartError::Refused(format!(
                        "node.id: another broker with id {} is running with another log directory: stop it, or give \
                         this one an id of its own",
                        self.node
                    )));
                }
                Err(code) => {
                    if std::mem::replace(&mut said, code) != code {
                        tracing::info!("waiting for the controller to let this broker in: {code}");
                    }
                }
            }
            if self.stopping.is_cancelled() {
                return Err(StartError::Refused("it was told to stop before it could register".into()));
            }
            self.env.sleep(BACKOFF).await;
        };
        // Before it serves anything: what it holds from now on is of this epoch.
        let written = replace_file(&self.disk, EPOCH_FILE, format!("{epoch}\n").into()).await;
        written.map_err(|e| StartError::disk("writing broker-epoch", e))?;
        self.broker_epoch.store(epoch, Ordering::Relaxed);
        let registered = async { self.quorum.reached(Offset(epoch + 1)).await };
        self.stopping.run_until_cancelled(registered).await;
        Ok(())
    }

    /// Tells the controller that this broker is there, once.
    pub(crate) async fn heartbeat(
        &self,
        wants_fence: bool,
        wants_shutdown: bool,
    ) -> Result<BrokerHeartbeatResponse, ErrorCode> {
        let request = BrokerHeartbeatRequest {
            broker_id: self.node.0,
            broker_epoch: self.epoch(),
            // The last record that is taken in here.
            current_metadata_offset: self.quorum.applied().0 - 1,
            want_fence: wants_fence,
            want_shut_down: wants_shutdown,
            ..Default::default()
        };
        let response: BrokerHeartbeatResponse = if self.quorum.is_active() {
            self.broker_heartbeat(&request, &Origin::internal()).await
        } else {
            let asked = self.ask_controller(ApiKey::BrokerHeartbeat, &request, Lane::Broker).await;
            asked.map_err(|_| ErrorCode::NotController)?
        };
        match ErrorCode::from_code(response.error_code) {
            ErrorCode::None => Ok(response),
            code => Err(code),
        }
    }

    /// A broker whose disk fails leads nothing, until an operator has begun it anew.
    fn wants_fence(&self) -> bool {
        let is_one_of_many = 1 < self.quorum.image().brokers().count();
        is_one_of_many && self.replicas.all().iter().any(|partition| partition.is_failing())
    }

    /// Waits until the controller lets this broker serve, unless its disk fails.
    ///
    /// # Errors
    /// The controller does not know this registration any more.
    pub(crate) async fn wait_until_active(&self) -> Result<(), StartError> {
        while !self.stopping.is_cancelled() {
            let wants_fence = self.wants_fence();
            match self.heartbeat(wants_fence, false).await {
                Ok(response) if wants_fence || !response.is_fenced => return Ok(()),
                Err(ErrorCode::StaleBrokerEpoch | ErrorCode::BrokerIdNotRegistered) => {
                    return Err(StartError::Refused(format!(
                        "node.id: the controller has let go of broker {}, or lets another in with this id: start it again",
                        self.node
                    )));
                }
                _ => self.env.sleep(BACKOFF / 5).await,
            }
        }
        Ok(())
    }

    /// Is heard of for as long as it serves: at once where the controller is another, and again at each interval.
    pub(crate) async fn run_heartbeats(self: Arc<Self>) {
        let interval =
            Duration::from_millis(self.config.number("broker.heartbeat.interval.ms").max(1) as u64);
        while !self.stopping.is_cancelled() {
            let beat = self.heartbeat(self.wants_fence(), self.is_leaving.load(Ordering::Relaxed)).await;
            let was_heard = beat.is_ok();
            let pause = match beat {
                Ok(_) => interval,
                Err(ErrorCode::StaleBrokerEpoch | ErrorCode::BrokerIdNotRegistered) => {
                    tracing::error!("the controller does not know this broker any more: restart it");
                    interval
                }
                Err(_) => BACKOFF,
            };
            let led_by = self.quorum.leader();
            let changed = async {
                // A new controller hears of this broker at once, and so does one whose connection was lost since.
                while self.quorum.leader() == led_by && !(was_heard && self.peers_lost(Lane::Broker)) {
                    self.env.sleep(LOOK).await;
                }
            };
            until(self.env.sleep(pause), changed).await;
        }
    }

    /// Whether the connection to the controller was lost.
    fn peers_lost(&self, lane: Lane) -> bool {
        let address = self.quorum.leader_address();
        !self.quorum.is_active() && address.is_some_and(|address| self.peers.is_lost(&address, lane))
    }

    /// Gives up what it leads, and waits until everybody knows; for at most `within`.
    pub(crate) async fn leave_cluster(&self, within: Duration) {
        self.is_leaving.store(true, Ordering::Relaxed);
        let left = async {
            loop {
                match self.heartbeat(false, true).await {
                    Ok(response) if response.should_shut_down => return,
                    Err(ErrorCode::StaleBrokerEpoch | ErrorCode::BrokerIdNotRegistered) => return,
                    _ => self.env.sleep(BACKOFF / 10).await,
                }
            }
        };
        if until(self.env.sleep(within), left).await.is_none() {
            tracing::warn!("the controller did not let this broker go in time: it stops all the same");
        }
    }

    /// The broker epoch, -1 before it is registered.
    pub(crate) fn epoch(&self) -> i64 {
        self.broker_epoch.load(Ordering::Relaxed)
    }
}
