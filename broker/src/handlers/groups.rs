//! FindCoordinator, JoinGroup, SyncGroup, Heartbeat, LeaveGroup.

use std::sync::Arc;

use bytes::Bytes;
use ottla_core::{
    controller::Image,
    env::Env,
    errors::ErrorCode,
    group::{
        messages::{Answer, Identity, Join, Joined, Request, Sync, Synced},
        partition_of,
    },
    limits::MEMBER_ID_NAME_MAX_BYTES,
    types::Uuid,
};
use ottla_net::{
    header::RequestHeader,
    messages::generated::{
        find_coordinator::{FindCoordinatorRequest, FindCoordinatorResponse, response::Coordinator},
        heartbeat::{HeartbeatRequest, HeartbeatResponse},
        join_group::{JoinGroupRequest, JoinGroupResponse, response::JoinGroupResponseMember},
        leave_group::{LeaveGroupRequest, LeaveGroupResponse, response::MemberResponse},
        sync_group::{SyncGroupRequest, SyncGroupResponse},
    },
    wire::Str,
};

use super::{message, metadata::host};
use crate::{Broker, groups::OFFSETS_TOPIC};

const GROUP: i8 = 0;
const TRANSACTION: i8 = 1;
const SHARE: i8 = 2;

/// Who sent a request, as groups show it.
pub(super) struct Client<'a> {
    pub(super) header: &'a RequestHeader,
    pub(super) host: &'a str,
}

/// A string of a request that is kept: it does not hold on to the frame that it came in.
pub(super) fn kept(value: &Option<Str>) -> Option<String> {
    value.as_ref().map(Str::to_string)
}

fn kept_bytes(value: &Bytes) -> Bytes {
    Bytes::copy_from_slice(value)
}

impl<E: Env> Broker<E> {
    /// Asks the coordinator of a group.
    ///
    /// # Errors
    /// It cannot answer now.
    pub(super) async fn ask_group(&self, group: &str, request: Request) -> Result<Answer, ErrorCode> {
        self.coordinator(group)?.ask(request).await
    }

    /// Asks with the topics as they are once it is this request's turn: no request is older than the one before it.
    async fn ask_group_with(
        &self,
        group: &str,
        make: impl FnOnce(Arc<Image>) -> Request,
    ) -> Result<Answer, ErrorCode> {
        self.coordinator(group)?.ask_with(|| make(self.quorum.image())).await
    }

    pub(super) async fn find_coordinator(
        &self,
        request: &FindCoordinatorRequest,
        version: i16,
        listener: &str,
    ) -> FindCoordinatorResponse {
        let mut response = FindCoordinatorResponse::default();
        let keys = if version < 4 { std::slice::from_ref(&request.key) } else { &request.coordinator_keys };
        for key in keys {
            let found = self.find_one(key, request.key_type, version, listener).await;
            response.coordinators.push(found);
        }
        if version < 4 {
            let found = response.coordinators.remove(0);
            (response.node_id, response.host, response.port) = (found.node_id, found.host, found.port);
            response.error_code = found.error_code;
            // Its versions have a message for success too.
            response.error_message = found.error_message.or_else(|| message("NONE"));
        }
        response
    }

    async fn find_one(&self, key: &Str, key_type: i8, version: i16, listener: &str) -> Coordinator {
        let refused = |code: ErrorCode, why: &str| Coordinator {
            key: key.clone(),
            node_id: -1,
            port: -1,
            error_code: code.code(),
            error_message: message(why),
            ..Default::default()
        };
        match key_type {
            GROUP => {}
            TRANSACTION => {
                return refused(ErrorCode::UnsupportedVersion, "Transactions are not in this release.");
            }
            SHARE if 6 <= version => {
                return refused(ErrorCode::UnsupportedVersion, "Share groups are not in this release.");
            }
            _ => return refused(ErrorCode::InvalidRequest, ""),
        }
        if let Err(code) = self.ensure_offsets_topic().await {
            return refused(code, "The coordinator is not available.");
        }
        let image = self.quorum.image();
        let partitions = image.topic(OFFSETS_TOPIC).map_or(&[][..], |topic| &topic.partitions);
        let leader = match partitions.len() {
            0 => None,
            count => partitions[partition_of(key, count as i32) as usize].leader,
        };
        let Some(broker) = leader.and_then(|leader| image.broker(leader)).filter(|b| !b.is_fenced) else {
            return refused(ErrorCode::CoordinatorNotAvailable, "The coordinator is not available.");
        };
        let (host, port) = host(broker, listener);
        Coordinator {
            key: key.clone(),
            node_id: broker.node.0,
            host,
            port,
            error_code: 0,
            error_message: (4 <= version).then(Str::new),
        }
    }

    pub(super) async fn join_group(
        &self,
        request: &JoinGroupRequest,
        client: &Client<'_>,
        version: i16,
    ) -> JoinGroupResponse {
        let client_id = kept(&client.header.client_id).unwrap_or_default();
        let name = request.group_instance_id.as_deref().unwrap_or(&client_id);
        let name = &name[..name.floor_char_boundary(MEMBER_ID_NAME_MAX_BYTES)];
        let mut join = Join {
            member: request.member_id.to_string(),
            instance: kept(&request.group_instance_id),
            new_id: format!("{name}-{}", Uuid::from_random(|| self.env.random_u64()).hyphenated()),
            client_host: format!("/{}", client.host),
            client_id,
            session_timeout_ms: request.session_timeout_ms,
            // The first version has one time-out for both.
            rebalance_timeout_ms: match version {
                0 => request.session_timeout_ms,
                _ => request.rebalance_timeout_ms,
            },
            protocol_type: request.protocol_type.to_string(),
            protocols: request
                .protocols
                .iter()
                .map(|p| (p.name.to_string(), kept_bytes(&p.metadata)))
                .collect(),
            knows_member_ids: 4 <= version,
            skips_assignment: 9 <= version,
            image: Arc::default(),
        };
        let group = request.group_id.to_string();
        let make = |image| {
            join.image = image;
            Request::Join(group, join)
        };
        let joined = match self.ask_group_with(&request.group_id, make).await {
            Ok(Answer::Join(joined)) => joined,
            other => Joined::refused(unanswered(other), &request.member_id),
        };
        // None and a protocol without a name are the same on the wire: null, where versions have one.
        let protocol_name = match joined.protocol {
            Some(name) if !name.is_empty() => Some(Str::from(name)),
            _ => (version < 7).then(Str::new),
        };
        JoinGroupResponse {
            throttle_time_ms: 0,
            error_code: joined.code.code(),
            generation_id: joined.generation,
            protocol_type: joined.protocol_type.map(Str::from),
            protocol_name,
            leader: Str::from(joined.leader),
            skip_assignment: joined.skip_assignment,
            member_id: Str::from(joined.member),
            members: joined
                .members
                .into_iter()
                .map(|(id, instance, metadata)| JoinGroupResponseMember {
                    member_id: Str::from(id),
                    group_instance_id: instance.map(Str::from),
                    metadata,
                })
                .collect(),
        }
    }

    pub(super) async fn sync_group(&self, request: &SyncGroupRequest, version: i16) -> SyncGroupResponse {
        // From version 5 on both must be said.
        let is_said = request.protocol_type.is_some() && request.protocol_name.is_some();
        if 5 <= version && !is_said {
            let code = ErrorCode::InconsistentGroupProtocol.code();
            return SyncGroupResponse { error_code: code, ..SyncGroupResponse::default() };
        }
        let mut sync = Sync {
            generation: request.generation_id,
            member: request.member_id.to_string(),
            instance: kept(&request.group_instance_id),
            protocol_type: kept(&request.protocol_type),
            protocol: kept(&request.protocol_name),
            assignments: request
                .assignments
                .iter()
                .map(|a| (a.member_id.to_string(), kept_bytes(&a.assignment)))
                .collect(),
            image: Arc::default(),
        };
        let group = request.group_id.to_string();
        let make = |image| {
            sync.image = image;
            Request::Sync(group, sync)
        };
        let synced = match self.ask_group_with(&request.group_id, make).await {
            Ok(Answer::Sync(synced)) => synced,
            other => Synced::refused(unanswered(other)),
        };
        SyncGroupResponse {
            throttle_time_ms: 0,
            error_code: synced.code.code(),
            protocol_type: synced.protocol_type.map(Str::from),
            protocol_name: synced.protocol.map(Str::from),
            assignment: synced.assignment,
        }
    }

    pub(super) async fn heartbeat_group(&self, request: &HeartbeatRequest) -> HeartbeatResponse {
        let who = Identity {
            member: request.member_id.to_string(),
            instance: kept(&request.group_instance_id),
            generation: request.generation_id,
        };
        let group = request.group_id.to_string();
        let make = |image| Request::Heartbeat(group, who, image);
        let code = match self.ask_group_with(&request.group_id, make).await {
            Ok(Answer::Heartbeat(code)) => code,
            other => unanswered(other),
        };
        HeartbeatResponse { throttle_time_ms: 0, error_code: code.code() }
    }

    pub(super) async fn leave_group(&self, request: &LeaveGroupRequest, version: i16) -> LeaveGroupResponse {
        let members: Vec<(String, Option<String>)> = if version < 3 {
            vec![(request.member_id.to_string(), None)]
        } else {
            let member = |m: &ottla_net::messages::generated::leave_group::request::MemberIdentity| {
                (m.member_id.to_string(), kept(&m.group_instance_id))
            };
            request.members.iter().map(member).collect()
        };
        let mut response = LeaveGroupResponse::default();
        let asked = Request::Leave(request.group_id.to_string(), members.clone());
        let codes = match self.ask_group(&request.group_id, asked).await {
            Ok(Answer::Leave(ErrorCode::None, codes)) => codes,
            Ok(Answer::Leave(code, _)) => {
                response.error_code = code.code();
                return response;
            }
            other => {
                response.error_code = unanswered(other).code();
                return response;
            }
        };
        if version < 3 {
            response.error_code = codes.first().copied().unwrap_or(ErrorCode::None).code();
            return response;
        }
        response.members = members
            .into_iter()
            .zip(codes)
            .map(|((member, instance), code)| MemberResponse {
                member_id: Str::from(member),
                group_instance_id: instance.map(Str::from),
                error_code: code.code(),
            })
            .collect();
        response
    }
}

/// Why there is no answer of the kind that was asked for.
pub(super) fn unanswered(answer: Result<Answer, ErrorCode>) -> ErrorCode {
    answer.err().unwrap_or(ErrorCode::UnknownServerError)
}
