//! ListGroups, DescribeGroups, DeleteGroups.

use std::collections::BTreeSet;

use ottla_core::{
    env::Env,
    errors::ErrorCode,
    group::messages::{Answer, Described, Listed, Request},
    limits::GROUP_ANSWER_MAX_BYTES,
};
use ottla_net::{
    messages::generated::{
        delete_groups::{DeleteGroupsRequest, DeleteGroupsResponse, response::DeletableGroupResult},
        describe_groups::{
            DescribeGroupsRequest, DescribeGroupsResponse,
            response::{DescribedGroup, DescribedGroupMember},
        },
        list_groups::{ListGroupsRequest, ListGroupsResponse, response::ListedGroup},
    },
    wire::Str,
};

use super::{groups::unanswered, message};
use crate::Broker;

/// What everybody may do with a group where nothing is forbidden, one bit for each of Kafka's operations: read (3),
/// delete (6), describe (8), describe and alter configurations (10, 11).
pub(super) const GROUP_OPERATIONS: i32 = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;
/// The first version that has an error for a group that is not there.
const NOT_FOUND_SINCE: i16 = 6;

/// Whether a filter lets a value through; none at all lets everything through.
fn passes(filter: &[Str], value: &str) -> bool {
    filter.is_empty() || filter.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
}

impl<E: Env> Broker<E> {
    pub(super) async fn list_groups(&self, request: &ListGroupsRequest) -> ListGroupsResponse {
        let mut response = ListGroupsResponse::default();
        for driver in self.start_coordinators() {
            let listed = match driver.ask(Request::List).await {
                Ok(Answer::Groups(listed)) => listed,
                other => {
                    return ListGroupsResponse {
                        error_code: unanswered(other).code(),
                        ..ListGroupsResponse::default()
                    };
                }
            };
            let wanted = |group: &Listed| {
                passes(&request.states_filter, group.state) && passes(&request.types_filter, group.kind)
            };
            response.groups.extend(listed.into_iter().filter(wanted).map(|group| ListedGroup {
                group_id: Str::from(group.group),
                protocol_type: Str::from(group.protocol_type),
                group_state: Str::from(group.state.to_owned()),
                group_type: Str::from(group.kind.to_owned()),
            }));
        }
        response
    }

    pub(super) async fn describe_groups(
        &self,
        request: &DescribeGroupsRequest,
        version: i16,
    ) -> DescribeGroupsResponse {
        let mut response = DescribeGroupsResponse::default();
        let mut bytes = 0;
        for name in &request.groups {
            let asked = Request::Describe(name.to_string());
            let mut group = DescribedGroup { group_id: name.clone(), ..Default::default() };
            if GROUP_ANSWER_MAX_BYTES < bytes {
                group.error_code = ErrorCode::MessageTooLarge.code();
                response.groups.push(group);
                continue;
            }
            match self.ask_group(name, asked).await {
                Ok(Answer::Group(Ok(found))) => {
                    group.group_state = Str::from(found.state.name().to_owned());
                    group.protocol_type = Str::from(found.protocol_type);
                    group.protocol_data = Str::from(found.protocol);
                    group.members = found.members.into_iter().map(member).collect();
                }
                Ok(Answer::Group(Err(is_other))) => {
                    group.group_state = Str::from("Dead".to_owned());
                    if NOT_FOUND_SINCE <= version {
                        group.error_code = ErrorCode::GroupIdNotFound.code();
                        let what = if is_other { "is not a classic group" } else { "not found" };
                        group.error_message = message(format!("Group {name} {what}."));
                    }
                }
                other => group.error_code = unanswered(other).code(),
            }
            if request.include_authorized_operations && group.error_code == 0 {
                group.authorized_operations = GROUP_OPERATIONS;
            }
            let of = |m: &DescribedGroupMember| m.member_metadata.len() + m.member_assignment.len();
            bytes += group.members.iter().map(of).sum::<usize>();
            response.groups.push(group);
        }
        response
    }

    pub(super) async fn delete_groups(&self, request: &DeleteGroupsRequest) -> DeleteGroupsResponse {
        let mut response = DeleteGroupsResponse::default();
        let mut seen = BTreeSet::new();
        for name in request.groups_names.iter().filter(|name| seen.insert((*name).clone())) {
            let code = match self.ask_group(name, Request::Delete(name.to_string())).await {
                Ok(Answer::Delete(code)) => code,
                other => unanswered(other),
            };
            response.results.push(DeletableGroupResult { group_id: name.clone(), error_code: code.code() });
        }
        response
    }
}

fn member(member: Described) -> DescribedGroupMember {
    DescribedGroupMember {
        member_id: Str::from(member.id),
        group_instance_id: member.instance.map(Str::from),
        client_id: Str::from(member.client_id),
        client_host: Str::from(member.client_host),
        member_metadata: member.metadata,
        member_assignment: member.assignment,
    }
}
