//! BrokerRegistration, BrokerHeartbeat, AlterPartition, AllocateProducerIds, UnregisterBroker, Envelope: what brokers
//! ask the active controller.

use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{
    controller::{
        self, Refusal,
        brokers::{self, Heartbeat, HeartbeatReply, Registration},
        elections::{Proposal, propose},
        partitions::allows_unclean,
        records::Endpoint,
    },
    env::Env,
    errors::ErrorCode,
    limits::PRODUCER_ID_BLOCK,
    types::NodeId,
};
use ottla_net::messages::{
    ApiKey,
    generated::{
        allocate_producer_ids::{AllocateProducerIdsRequest, AllocateProducerIdsResponse},
        alter_partition::{AlterPartitionRequest, AlterPartitionResponse, request, response},
        broker_heartbeat::{BrokerHeartbeatRequest, BrokerHeartbeatResponse},
        broker_registration::{BrokerRegistrationRequest, BrokerRegistrationResponse},
        envelope::{EnvelopeRequest, EnvelopeResponse},
        unregister_broker::{UnregisterBrokerRequest, UnregisterBrokerResponse},
    },
};
use tokio::sync::Notify;

use super::{Reply, message};
use crate::{Broker, connection::Origin};

impl<E: Env> Broker<E> {
    pub(crate) async fn broker_registration(
        &self,
        request: &BrokerRegistrationRequest,
    ) -> BrokerRegistrationResponse {
        let mut response = BrokerRegistrationResponse::default();
        let ours = self.quorum.cluster_id().map(|id| id.to_string());
        // Who does not know the cluster yet learns it from the log.
        if !request.cluster_id.is_empty() && ours.is_none() {
            response.error_code = ErrorCode::NotController.code();
            return response;
        }
        if !request.cluster_id.is_empty() && ours.as_deref() != Some(&*request.cluster_id) {
            response.error_code = ErrorCode::InconsistentClusterId.code();
            return response;
        }
        let endpoint =
            |l: &ottla_net::messages::generated::broker_registration::request::Listener| Endpoint {
                listener: l.name.to_string(),
                host: l.host.to_string(),
                port: l.port.into(),
                security_protocol: l.security_protocol.into(),
            };
        let registration = Registration {
            node: request.broker_id,
            incarnation: request.incarnation_id,
            endpoints: request.listeners.iter().map(endpoint).collect(),
            rack: request.rack.as_ref().map(ToString::to_string),
            directories: request.log_dirs.clone(),
            previous_epoch: request.previous_broker_epoch,
            in_doubt: request.in_doubt.iter().map(|d| (d.topic_id, d.partitions.clone())).collect(),
            damaged: request.in_doubt.iter().map(|d| (d.topic_id, d.damaged.clone())).collect(),
        };
        let (now, unclean) = (self.env.now(), self.quorum.unclean());
        let decided = self.quorum.command(|image, sessions, next| {
            match brokers::register(image, sessions, now, &registration, next, unclean) {
                Ok((records, epoch)) => (records, Ok(epoch)),
                Err(refusal) => (Vec::new(), Err(refusal)),
            }
        });
        match decided.await {
            Ok(Ok(epoch)) => response.broker_epoch = epoch,
            Ok(Err(Refusal { code, message })) => {
                tracing::warn!("a broker is refused: {message}");
                response.error_code = code.code();
            }
            Err(code) => response.error_code = code.code(),
        }
        response
    }

    pub(crate) async fn broker_heartbeat(
        &self,
        request: &BrokerHeartbeatRequest,
        origin: &Origin,
    ) -> BrokerHeartbeatResponse {
        let beat = Heartbeat {
            node: NodeId(request.broker_id),
            epoch: request.broker_epoch,
            metadata_offset: request.current_metadata_offset,
            wants_fence: request.want_fence,
            wants_shutdown: request.want_shut_down,
        };
        let (now, unclean) = (self.env.now(), self.quorum.unclean());
        let decided = self.quorum.command(|image, sessions, end| {
            match brokers::heartbeat(image, sessions, now, &beat, end, unclean) {
                Ok((records, reply)) => (records, Ok(reply)),
                Err(code) => (Vec::new(), Err(code)),
            }
        });
        let mut response = BrokerHeartbeatResponse::default();
        match decided.await.and_then(|reply| reply) {
            Ok(HeartbeatReply { is_caught_up, is_fenced, should_shut_down }) => {
                origin.is_of_broker(beat.node);
                (response.is_caught_up, response.is_fenced) = (is_caught_up, is_fenced);
                response.should_shut_down = should_shut_down;
            }
            Err(code) => response.error_code = code.code(),
        }
        response
    }

    pub(crate) async fn alter_partition(
        &self,
        request: &AlterPartitionRequest,
        version: i16,
    ) -> AlterPartitionResponse {
        let mut response = AlterPartitionResponse::default();
        let from = NodeId(request.broker_id);
        let unclean_default = self.quorum.unclean();
        let decided = self.quorum.command(|image, _, _| {
            if image.broker(from).is_none_or(|b| b.epoch != request.broker_epoch) {
                return (Vec::new(), Err(ErrorCode::StaleBrokerEpoch));
            }
            // Each is judged by what the ones before it have decided.
            let (mut image, mut records, mut topics) = (image.clone(), Vec::new(), Vec::new());
            for topic in &request.topics {
                let mut partitions = Vec::new();
                for asked in &topic.partitions {
                    let proposal = proposal(topic.topic_id, asked, version);
                    let unclean =
                        image.topic_by_id(topic.topic_id).is_some_and(|t| allows_unclean(t, unclean_default));
                    let outcome = propose(&image, from, &proposal, unclean);
                    if let Ok(Some(record)) = &outcome {
                        image.replay(record);
                        records.push(record.clone());
                    }
                    let mut answer = response::PartitionData {
                        partition_index: asked.partition_index,
                        ..Default::default()
                    };
                    match (outcome, image.partition(topic.topic_id, asked.partition_index)) {
                        (Err(code), _) => answer.error_code = code.code(),
                        (Ok(_), Some(p)) => {
                            answer.leader_id = p.leader.map_or(-1, |id| id.0);
                            answer.leader_epoch = p.leader_epoch.0;
                            answer.isr = p.in_sync.clone();
                            answer.partition_epoch = p.partition_epoch;
                        }
                        (Ok(_), None) => answer.error_code = ErrorCode::UnknownTopicOrPartition.code(),
                    }
                    partitions.push(answer);
                }
                topics.push(response::TopicData { topic_id: topic.topic_id, partitions });
            }
            (records, Ok(topics))
        });
        match decided.await.and_then(|topics| topics) {
            Ok(topics) => response.topics = topics,
            Err(code) => response.error_code = code.code(),
        }
        response
    }

    pub(crate) async fn allocate_producer_ids(
        &self,
        request: &AllocateProducerIdsRequest,
    ) -> AllocateProducerIdsResponse {
        let mut response = AllocateProducerIdsResponse::default();
        let from = NodeId(request.broker_id);
        let decided = self.quorum.command(|image, _, _| {
            if image.broker(from).is_none_or(|b| b.epoch != request.broker_epoch) {
                return (Vec::new(), Err(ErrorCode::StaleBrokerEpoch));
            }
            let (first, record) = controller::allocate_producer_ids(image);
            (vec![record], Ok(first.0))
        });
        match decided.await.and_then(|first| first) {
            Ok(first) => {
                (response.producer_id_start, response.producer_id_len) = (first, PRODUCER_ID_BLOCK as i32);
            }
            Err(code) => response.error_code = code.code(),
        }
        response
    }

    pub(super) async fn unregister_broker(
        &self,
        request: &UnregisterBrokerRequest,
    ) -> UnregisterBrokerResponse {
        let mut response = UnregisterBrokerResponse::default();
        let unclean = self.quorum.unclean();
        let decided = self.quorum.command(|image, _, _| {
            match brokers::unregister(image, NodeId(request.broker_id), unclean) {
                Ok(records) => (records, Ok(())),
                Err(refusal) => (Vec::new(), Err(refusal)),
            }
        });
        match decided.await {
            Ok(Ok(())) => {}
            Ok(Err(refusal)) => {
                response.error_code = refusal.code.code();
                response.error_message = message(refusal.message);
            }
            Err(code) => response.error_code = code.code(),
        }
        response
    }

    /// What a client asked another node, which is not the controller.
    pub(super) async fn envelope(
        self: &Arc<Self>,
        request: &EnvelopeRequest,
        origin: &Origin,
        signal: &Arc<Notify>,
    ) -> EnvelopeResponse {
        let mut response = EnvelopeResponse::default();
        if !self.quorum.is_active() {
            response.error_code = ErrorCode::NotController.code();
            return response;
        }
        let mut reply = Reply::default();
        let inner = request.request_data.clone();
        let key = ottla_net::header::peek(&inner).map(|(key, ..)| key);
        let is_forwarded = key.is_some_and(|key| super::FORWARDED.iter().any(|api| *api as i16 == key));
        if !is_forwarded {
            response.error_code = ErrorCode::InvalidRequest.code();
            return response;
        }
        match Box::pin(self.handle(inner, &origin.forwarded(), signal, &mut reply)).await {
            Ok(()) => response.response_data = Some(Bytes::copy_from_slice(&reply.out[4..])),
            Err(_) => response.error_code = ErrorCode::InvalidRequest.code(),
        }
        response
    }
}

fn proposal(topic: ottla_core::types::Uuid, asked: &request::PartitionData, version: i16) -> Proposal {
    let in_sync = if version < 3 {
        asked.new_isr.iter().map(|node| (*node, -1)).collect()
    } else {
        asked.new_isr_with_epochs.iter().map(|state| (state.broker_id, state.broker_epoch)).collect()
    };
    Proposal {
        topic,
        index: asked.partition_index,
        leader_epoch: asked.leader_epoch,
        partition_epoch: asked.partition_epoch,
        in_sync,
    }
}

/// The APIs of [`super::FORWARDED`] that a node asks its controller in the name of clients.
pub(super) fn is_forwarded(key: ApiKey) -> bool {
    super::FORWARDED.contains(&key)
}
