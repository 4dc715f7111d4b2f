//! One handler for each API: a request in, a response out. Files are named as the families of messages.

mod alter_configs;
mod cluster;
mod configs;
mod consumer_groups;
mod fetch;
mod group_admin;
mod group_offsets;
mod groups;
mod metadata;
mod offsets;
mod placement;
mod quorum;
mod topics;
mod voters;

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use ottla_core::{env::Env, errors::ErrorCode};
use ottla_net::{
    header::{RequestHeader, api, encode_response_header, is_flexible, peek},
    messages::{ApiKey, generated as m},
    wire::{Message, Reader, Str, Writer},
};
use tokio::sync::Notify;

use self::{fetch::FetchBuffers, groups::Client};
use crate::{
    Broker,
    connection::{Close, Origin},
    metrics::Refusal,
    peers::Lane,
    topology::Audience,
};

/// What this release serves: exactly what ApiVersions tells.
pub(crate) const SERVED: &[(ApiKey, i16, i16)] = &[
    // Clients that are still in use turn compression off if the minimum is above 0 (KAFKA-18659); versions
    // below 3 are refused all the same.
    (ApiKey::Produce, 0, 13),
    (ApiKey::Fetch, 4, 18),
    (ApiKey::ListOffsets, 1, 11),
    (ApiKey::Metadata, 0, 13),
    (ApiKey::OffsetCommit, 2, 10),
    (ApiKey::OffsetFetch, 1, 10),
    (ApiKey::FindCoordinator, 0, 6),
    (ApiKey::JoinGroup, 0, 9),
    (ApiKey::Heartbeat, 0, 4),
    (ApiKey::LeaveGroup, 0, 5),
    (ApiKey::SyncGroup, 0, 5),
    (ApiKey::DescribeGroups, 0, 6),
    (ApiKey::ListGroups, 0, 5),
    (ApiKey::ApiVersions, 0, 4),
    (ApiKey::CreateTopics, 2, 7),
    (ApiKey::DeleteTopics, 1, 6),
    (ApiKey::DeleteRecords, 0, 2),
    (ApiKey::InitProducerId, 0, 5),
    (ApiKey::OffsetForLeaderEpoch, 2, 4),
    (ApiKey::DescribeConfigs, 1, 4),
    (ApiKey::AlterConfigs, 0, 2),
    (ApiKey::CreatePartitions, 0, 3),
    (ApiKey::DeleteGroups, 0, 2),
    (ApiKey::OffsetDelete, 0, 0),
    (ApiKey::DescribeCluster, 0, 2),
    (ApiKey::UnregisterBroker, 0, 0),
    (ApiKey::ConsumerGroupHeartbeat, 0, 1),
    (ApiKey::ConsumerGroupDescribe, 0, 1),
    (ApiKey::ElectLeaders, 0, 2),
    (ApiKey::IncrementalAlterConfigs, 0, 1),
    (ApiKey::AlterPartitionReassignments, 0, 1),
    (ApiKey::ListPartitionReassignments, 0, 0),
    (ApiKey::DescribeQuorum, 0, 2),
    (ApiKey::AddRaftVoter, 0, 1),
    (ApiKey::RemoveRaftVoter, 0, 0),
];

/// What the nodes of a cluster ask each other, on the listeners of controllers.
pub(crate) const SERVED_TO_NODES: &[(ApiKey, i16, i16)] = &[
    (ApiKey::Fetch, 17, 18),
    (ApiKey::ApiVersions, 0, 4),
    (ApiKey::CreateTopics, 2, 7),
    (ApiKey::Vote, 0, 2),
    (ApiKey::BeginQuorumEpoch, 0, 1),
    (ApiKey::EndQuorumEpoch, 0, 1),
    (ApiKey::AlterPartition, 2, 3),
    (ApiKey::Envelope, 0, 0),
    (ApiKey::BrokerRegistration, 0, 4),
    (ApiKey::BrokerHeartbeat, 0, 2),
    (ApiKey::UnregisterBroker, 0, 0),
    (ApiKey::AllocateProducerIds, 0, 0),
    (ApiKey::FetchSnapshot, 0, 1),
    (ApiKey::DescribeCluster, 1, 2),
    (ApiKey::DescribeQuorum, 0, 2),
    (ApiKey::AddRaftVoter, 0, 1),
    (ApiKey::RemoveRaftVoter, 0, 0),
    (ApiKey::UpdateRaftVoter, 0, 0),
];

/// What the active controller decides: another node passes it on.
pub(crate) const FORWARDED: &[ApiKey] = &[
    ApiKey::CreateTopics,
    ApiKey::DeleteTopics,
    ApiKey::CreatePartitions,
    ApiKey::AlterConfigs,
    ApiKey::IncrementalAlterConfigs,
    ApiKey::UnregisterBroker,
    ApiKey::ElectLeaders,
    ApiKey::AlterPartitionReassignments,
    ApiKey::ListPartitionReassignments,
    ApiKey::DescribeQuorum,
    ApiKey::AddRaftVoter,
    ApiKey::RemoveRaftVoter,
];

/// What is served to those who use a listener.
pub(crate) fn served(audience: Audience) -> &'static [(ApiKey, i16, i16)] {
    match audience {
        Audience::Clients | Audience::Brokers => SERVED,
        Audience::Controllers => SERVED_TO_NODES,
    }
}

/// Where a handler leaves its answer, and what a connection's handlers reuse.
pub(crate) struct Reply<E: Env> {
    /// The bytes, length first.
    pub(crate) out: BytesMut,
    /// Ranges of files that belong between them.
    pub(crate) regions: Vec<(usize, E::Region)>,
    /// What fetches reuse.
    pub(crate) fetch: FetchBuffers<E>,
}

impl<E: Env> Default for Reply<E> {
    fn default() -> Self {
        Reply { out: BytesMut::new(), regions: Vec::new(), fetch: FetchBuffers::default() }
    }
}

impl<E: Env> Reply<E> {
    /// Writes a frame: length, header, and the body that `body` writes.
    pub(crate) fn frame(
        &mut self,
        key: ApiKey,
        version: i16,
        correlation_id: i32,
        body: impl FnOnce(&mut Writer<'_>),
    ) {
        let start = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        let mut w = Writer::new(&mut self.out, false);
        encode_response_header(&mut w, key, version, correlation_id);
        body(&mut w);
        self.seal(start, 0);
    }

    /// Sets the length of the frame that begins at `start`; `more` bytes of it lie in files.
    pub(crate) fn seal(&mut self, start: usize, more: u64) {
        let length = (self.out.len() - start - 4) as i32 + more as i32;
        self.out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
}

/// How long a request looks for a controller.
const FORWARD_MAX: Duration = Duration::from_secs(10);
const FORWARD_BACKOFF: Duration = Duration::from_millis(50);

/// A request with its header read.
pub(crate) struct Request {
    pub(crate) header: RequestHeader,
    pub(crate) version: i16,
    body: Reader,
}

impl Request {
    /// Reads the body.
    fn body<T: Message>(&self) -> Result<T, Close> {
        let mut message = T::default();
        self.read(&mut message).map(|()| message)
    }

    /// Reads the body over an earlier one.
    fn read<T: Message>(&self, message: &mut T) -> Result<(), Close> {
        message.read(&mut self.body.clone(), self.version).map_err(|_| Close::Refused(Refusal::Undecodable))
    }
}

impl<E: Env> Broker<E> {
    /// Handles one request that is not Produce.
    pub(crate) async fn handle(
        self: &Arc<Self>,
        frame: Bytes,
        origin: &Origin,
        signal: &Arc<Notify>,
        reply: &mut Reply<E>,
    ) -> Result<(), Close> {
        let (key, version, correlation_id) = peek(&frame).ok_or(Close::Refused(Refusal::FrameTooShort))?;
        let rows = if origin.is_forwarded { SERVED } else { served(origin.audience) };
        let found = api(key).and_then(|key| rows.iter().find(|row| row.0 == key));
        let Some((key, min, max)) = found.copied() else {
            return Err(Close::Refused(Refusal::UnknownApi));
        };
        let known = (min..=max).contains(&version) && key != ApiKey::Produce;
        let mut body = Reader::new(frame.clone(), false);
        if key == ApiKey::ApiVersions && !known {
            // The client learns what it may ask with instead, if its header is the one of new versions (KIP-511).
            let header = RequestHeader::decode(&mut body, true);
            header.map_err(|_| Close::Refused(Refusal::UnknownVersion))?;
            reply.frame(key, 0, correlation_id, |w| metadata::unsupported_api_versions().encode(w, 0));
            return Ok(());
        }
        if !known {
            return Err(Close::Refused(Refusal::UnknownVersion));
        }
        let header = RequestHeader::decode(&mut body, is_flexible(key, version));
        let header = header.map_err(|_| Close::Refused(Refusal::Undecodable))?;
        if cluster::is_forwarded(key) && !origin.is_forwarded && !self.quorum.is_active() {
            return self.forward(key, version, &header, frame, reply).await;
        }
        let request = Request { header, version, body };
        self.dispatch(key, &request, origin, signal, reply).await
    }

    /// Passes a request on to the active controller, wherever it is by then, and its answer back.
    async fn forward(
        &self,
        key: ApiKey,
        version: i16,
        header: &RequestHeader,
        frame: Bytes,
        reply: &mut Reply<E>,
    ) -> Result<(), Close> {
        let request = m::envelope::EnvelopeRequest {
            request_data: frame,
            request_principal: None,
            client_host_address: Bytes::new(),
        };
        let deadline = self.env.now() + FORWARD_MAX;
        while self.env.now() < deadline && !self.stopping.is_cancelled() {
            let asked = self.ask_controller(ApiKey::Envelope, &request, Lane::Forward).await;
            let answer: m::envelope::EnvelopeResponse = match asked {
                Ok(answer) => answer,
                Err(_) => {
                    self.env.sleep(FORWARD_BACKOFF).await;
                    continue;
                }
            };
            match (ErrorCode::from_code(answer.error_code), answer.response_data) {
                (ErrorCode::None, Some(data)) => {
                    reply.out.extend_from_slice(&(data.len() as i32).to_be_bytes());
                    reply.out.extend_from_slice(&data);
                    return Ok(());
                }
                (ErrorCode::NotController, _) => self.env.sleep(FORWARD_BACKOFF).await,
                _ => return Err(Close::Refused(Refusal::Undecodable)),
            }
        }
        tracing::warn!("{key:?} {version} of {:?} was not answered by any controller", header.client_id);
        Err(Close::Done)
    }

    async fn dispatch(
        self: &Arc<Self>,
        key: ApiKey,
        r: &Request,
        origin: &Origin,
        signal: &Arc<Notify>,
        reply: &mut Reply<E>,
    ) -> Result<(), Close> {
        let (v, id, listener) = (r.version, r.header.correlation_id, &*origin.listener);
        let client = Client { header: &r.header, host: &origin.host };
        match key {
            ApiKey::Fetch if origin.audience == Audience::Controllers => {
                answer(reply, key, v, id, &self.metadata_fetch(&r.body()?, signal).await)
            }
            ApiKey::Fetch => self.fetch(r, origin, signal, reply).await,
            ApiKey::ListOffsets => answer(reply, key, v, id, &self.list_offsets(&r.body()?, v)),
            ApiKey::Metadata => answer(reply, key, v, id, &self.metadata(&r.body()?, v, listener).await),
            ApiKey::OffsetCommit => answer(reply, key, v, id, &self.offset_commit(&r.body()?, v).await),
            ApiKey::OffsetFetch => answer(reply, key, v, id, &self.offset_fetch(&r.body()?, v).await),
            ApiKey::FindCoordinator => {
                answer(reply, key, v, id, &self.find_coordinator(&r.body()?, v, listener).await)
            }
            ApiKey::JoinGroup => answer(reply, key, v, id, &self.join_group(&r.body()?, &client, v).await),
            ApiKey::ConsumerGroupHeartbeat => {
                answer(reply, key, v, id, &self.consumer_group_heartbeat(&r.body()?, &client, v).await)
            }
            ApiKey::ConsumerGroupDescribe => {
                answer(reply, key, v, id, &self.consumer_group_describe(&r.body()?).await)
            }
            ApiKey::SyncGroup => answer(reply, key, v, id, &self.sync_group(&r.body()?, v).await),
            ApiKey::Heartbeat => answer(reply, key, v, id, &self.heartbeat_group(&r.body()?).await),
            ApiKey::LeaveGroup => answer(reply, key, v, id, &self.leave_group(&r.body()?, v).await),
            ApiKey::DescribeGroups => answer(reply, key, v, id, &self.describe_groups(&r.body()?, v).await),
            ApiKey::ListGroups => answer(reply, key, v, id, &self.list_groups(&r.body()?).await),
            ApiKey::DeleteGroups => answer(reply, key, v, id, &self.delete_groups(&r.body()?).await),
            ApiKey::OffsetDelete => answer(reply, key, v, id, &self.offset_delete(&r.body()?).await),
            ApiKey::ApiVersions => {
                answer(reply, key, v, id, &self.api_versions(&r.body()?, v, origin.audience))
            }
            ApiKey::CreateTopics => answer(reply, key, v, id, &self.create_topics(&r.body()?, v).await),
            ApiKey::DeleteTopics => answer(reply, key, v, id, &self.delete_topics(&r.body()?, v).await),
            ApiKey::DeleteRecords => answer(reply, key, v, id, &self.delete_records(&r.body()?).await),
            ApiKey::InitProducerId => answer(reply, key, v, id, &self.init_producer_id(&r.body()?).await),
            ApiKey::OffsetForLeaderEpoch => {
                answer(reply, key, v, id, &self.offset_for_leader_epoch(&r.body()?))
            }
            ApiKey::DescribeConfigs => answer(reply, key, v, id, &self.describe_configs(&r.body()?)),
            ApiKey::AlterConfigs => answer(reply, key, v, id, &self.alter_configs(&r.body()?).await),
            ApiKey::IncrementalAlterConfigs => {
                answer(reply, key, v, id, &self.incremental_alter_configs(&r.body()?).await)
            }
            ApiKey::CreatePartitions => answer(reply, key, v, id, &self.create_partitions(&r.body()?).await),
            ApiKey::DescribeCluster if origin.audience == Audience::Controllers => {
                answer(reply, key, v, id, &self.describe_controllers(&r.body()?))
            }
            ApiKey::DescribeCluster => {
                answer(reply, key, v, id, &self.describe_cluster(&r.body()?, listener))
            }
            ApiKey::ElectLeaders => answer(reply, key, v, id, &self.elect_leaders(&r.body()?, v).await),
            ApiKey::AlterPartitionReassignments => {
                answer(reply, key, v, id, &self.alter_partition_reassignments(&r.body()?).await)
            }
            ApiKey::ListPartitionReassignments => {
                answer(reply, key, v, id, &self.list_partition_reassignments(&r.body()?).await)
            }
            ApiKey::DescribeQuorum => answer(reply, key, v, id, &self.describe_quorum(&r.body()?)),
            ApiKey::AddRaftVoter => answer(reply, key, v, id, &self.add_raft_voter(&r.body()?).await),
            ApiKey::RemoveRaftVoter => answer(reply, key, v, id, &self.remove_raft_voter(&r.body()?).await),
            ApiKey::UnregisterBroker => answer(reply, key, v, id, &self.unregister_broker(&r.body()?).await),
            _ => self.dispatch_to_nodes(key, r, origin, signal, reply).await,
        }
    }

    /// What only the nodes of the cluster ask.
    async fn dispatch_to_nodes(
        self: &Arc<Self>,
        key: ApiKey,
        r: &Request,
        origin: &Origin,
        signal: &Arc<Notify>,
        reply: &mut Reply<E>,
    ) -> Result<(), Close> {
        let (v, id) = (r.version, r.header.correlation_id);
        match key {
            ApiKey::Vote => answer(reply, key, v, id, &self.vote(&r.body()?).await),
            ApiKey::BeginQuorumEpoch => answer(reply, key, v, id, &self.begin_quorum_epoch(&r.body()?)),
            ApiKey::EndQuorumEpoch => answer(reply, key, v, id, &self.end_quorum_epoch(&r.body()?)),
            ApiKey::FetchSnapshot => answer(reply, key, v, id, &self.fetch_snapshot(&r.body()?)),
            ApiKey::UpdateRaftVoter => answer(reply, key, v, id, &self.update_raft_voter(&r.body()?).await),
            ApiKey::BrokerRegistration => {
                answer(reply, key, v, id, &self.broker_registration(&r.body()?).await)
            }
            ApiKey::BrokerHeartbeat => {
                answer(reply, key, v, id, &self.broker_heartbeat(&r.body()?, origin).await)
            }
            ApiKey::AlterPartition => answer(reply, key, v, id, &self.alter_partition(&r.body()?, v).await),
            ApiKey::AllocateProducerIds => {
                answer(reply, key, v, id, &self.allocate_producer_ids(&r.body()?).await)
            }
            ApiKey::Envelope => answer(reply, key, v, id, &self.envelope(&r.body()?, origin, signal).await),
            _ => Err(Close::Refused(Refusal::UnknownApi)),
        }
    }

    async fn init_producer_id(
        &self,
        request: &m::init_producer_id::InitProducerIdRequest,
    ) -> m::init_producer_id::InitProducerIdResponse {
        let mut response = m::init_producer_id::InitProducerIdResponse::default();
        let result = match request.transactional_id.as_deref() {
            // An epoch is one of a producer id, and the other way round.
            _ if (request.producer_id == -1) != (request.producer_epoch == -1) => {
                Err(ErrorCode::InvalidRequest)
            }
            None => self.next_producer_id().await,
            Some("") => Err(ErrorCode::InvalidRequest),
            // Transactions are not in this release; a client that retries would wait in vain.
            Some(_) => Err(ErrorCode::UnsupportedVersion),
        };
        (response.producer_id, response.producer_epoch) = (-1, -1);
        match result {
            Ok(id) => (response.producer_id, response.producer_epoch) = (id.0, 0),
            Err(code) => response.error_code = code.code(),
        }
        response
    }
}

fn answer<E: Env>(
    reply: &mut Reply<E>,
    key: ApiKey,
    version: i16,
    correlation_id: i32,
    response: &impl Message,
) -> Result<(), Close> {
    reply.frame(key, version, correlation_id, |w| response.encode(w, version));
    Ok(())
}

/// A string of the response, where one is there.
fn text(value: impl Into<String>) -> Option<Str> {
    Some(Str::from(value.into()))
}

/// Longest message of a response: one may quote names as long as the wire can carry.
const MESSAGE_MAX_BYTES: usize = 1_000;

/// A message of the response, cut where it is too long to be read.
fn message(why: impl Into<String>) -> Option<Str> {
    let mut why = why.into();
    if MESSAGE_MAX_BYTES < why.len() {
        why.truncate(why.floor_char_boundary(MESSAGE_MAX_BYTES));
        why.push('…');
    }
    text(why)
}
