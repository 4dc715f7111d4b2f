//! Drawn cases of the APIs of groups: a group that works, one with a static member, one that only has offsets, and one
//! of the consumer protocol. That one has two members at most: who of many gets what is left to each server.
//!
//! Whoever joins a group that works makes it wait for those who do not join again: rebalance time-outs are short,
//! session time-outs longer than any case.

use std::collections::BTreeSet;

use crate::{
    draw::Draw,
    value::{Parser, Value},
};

/// The APIs of groups.
pub const APIS: &[&str] = &[
    "OffsetCommit",
    "OffsetFetch",
    "OffsetDelete",
    "FindCoordinator",
    "JoinGroup",
    "SyncGroup",
    "Heartbeat",
    "LeaveGroup",
    "DescribeGroups",
    "ListGroups",
    "DeleteGroups",
    "ConsumerGroupHeartbeat",
    "ConsumerGroupDescribe",
];

/// A consumer's subscription to a topic `t`, version 1 without data and partitions.
const SUBSCRIPTION: &str = "x\"00010000000100017400000000 00000000\"";

fn parse(text: &str) -> Value {
    Parser::new(text).value().expect("the tables are legal")
}

fn join(group: &str, fields: &str, version: i16, take: &str) -> String {
    let metadata = SUBSCRIPTION.replace(' ', "");
    format!(
        "s JoinGroup {version} {{group_id: \"{group}\", session_timeout_ms: 60000, rebalance_timeout_ms: 250, {fields}protocol_type: \"consumer\", protocols: [{{name: \"range\", metadata: {metadata}}}]}}\n  {take}member = member_id\n  {take}generation = generation_id"
    )
}

fn sync(group: &str, take: &str) -> String {
    format!(
        "s SyncGroup 3 {{group_id: \"{group}\", generation_id: ${take}generation, member_id: ${take}member, assignments: [{{member_id: ${take}member, assignment: x\"0001\"}}]}}"
    )
}

/// A member of the consumer protocol joins.
fn consume(group: &str, member: &str, fields: &str, take: &str) -> String {
    format!(
        "s ConsumerGroupHeartbeat 1 {{group_id: \"{group}\", member_id: \"{member}\", member_epoch: 0, {fields}rebalance_timeout_ms: 60000, subscribed_topic_names: [\"~a\"], topic_partitions: []}}\n  {take}epoch = member_epoch"
    )
}

/// The groups that a case works on.
pub fn setup() -> Vec<String> {
    let commit = |group: &str, who: &str| {
        format!(
            "s OffsetCommit 7 {{group_id: \"{group}\", {who}, topics: [{{name: \"~a\", partitions: [{{partition_index: 0, committed_offset: 3, committed_leader_epoch: 0, committed_metadata: \"m\"}}]}}]}}"
        )
    };
    vec![
        join("~g", "member_id: \"\", ", 3, ""),
        sync("~g", ""),
        join("~s", "member_id: \"\", group_instance_id: \"~i\", ", 5, "static"),
        sync("~s", "static"),
        commit("~g", "generation_id_or_member_epoch: $generation, member_id: $member"),
        commit("~e", "generation_id_or_member_epoch: -1, member_id: \"\""),
        consume("~c", "~x", "", ""),
        consume("~d", "~y", "instance_id: \"~i\", ", "static"),
    ]
}

/// Something else happens in between.
pub fn change(draw: &mut Draw) -> String {
    match draw.below(9) {
        0 => join("~g", "member_id: \"\", ", 3, ""),
        1 => join("~g", "member_id: $member, ", 3, ""),
        2 => "s LeaveGroup 0 {group_id: \"~g\", member_id: $member}".into(),
        6 => consume("~c", "~y", "", "other"),
        7 => "s ConsumerGroupHeartbeat 1 {group_id: \"~c\", member_id: \"~x\", member_epoch: $epoch, topic_partitions: []}\n  epoch = member_epoch".into(),
        8 => "s ConsumerGroupHeartbeat 1 {group_id: \"~d\", member_id: \"~y\", member_epoch: -2, instance_id: \"~i\"}".into(),
        3 => "s DeleteGroups 0 {groups_names: [\"~e\"]}".into(),
        _ => sync("~g", ""),
    }
}

/// What an answer of an API leaves for later requests.
pub fn takes(api: &str, draw: &mut Draw) -> Vec<(String, String)> {
    let take = |name: &str, path: &str| (name.to_owned(), path.to_owned());
    match api {
        "JoinGroup" if draw.one_in(2) => {
            vec![take("member", "member_id"), take("generation", "generation_id")]
        }
        "ConsumerGroupHeartbeat" if draw.one_in(3) => vec![take("epoch", "member_epoch")],
        _ => Vec::new(),
    }
}

/// A value for a field.
pub fn primitive(draw: &mut Draw, api: &str, field: &str) -> Option<Value> {
    let texts = |draw: &mut Draw, from: &[&str]| Value::Text(draw.pick(from).into());
    let int = |draw: &mut Draw, from: &[i64]| Value::Int(draw.pick(from));
    Some(match (api, field) {
        // Members of both protocols in one group are not in this release (a script asks for one).
        ("JoinGroup", "group_id") => texts(draw, &["~g", "~g", "~g", "~s", "~s", "~e", "~none", "~new", ""]),
        ("ConsumerGroupHeartbeat", "group_id") => {
            texts(draw, &["~c", "~c", "~c", "~c", "~d", "~d", "~none", "~g", "~e", ""])
        }
        ("ConsumerGroupHeartbeat", "member_id") => texts(draw, &["~x", "~x", "~x", "~y", "~y", ""]),
        ("ConsumerGroupHeartbeat", "rebalance_timeout_ms") => int(draw, &[60_000, -1, -1]),
        (_, "subscribed_topic_names") => texts(draw, &["~a", "~a", "~a", "~none"]),
        (_, "subscribed_topic_regex") => texts(draw, &["", "", "["]),
        (_, "server_assignor") => texts(draw, &["uniform", "range", "range", "sticky"]),
        (_, "instance_id") => texts(draw, &["~i", "~i", "~j", ""]),
        (_, "group_ids") => texts(draw, &["~c", "~c", "~d", "~d", "~e", "~g", "~none", ""]),
        ("ConsumerGroupHeartbeat", "member_epoch") => {
            parse(draw.pick(&["$epoch", "$epoch", "$staticepoch", "0", "0", "-1", "-2", "1", "9", "-3"]))
        }
        (_, "group_id" | "groups" | "groups_names" | "key" | "coordinator_keys") => {
            texts(draw, &["~g", "~g", "~g", "~g", "~s", "~s", "~e", "~c", "~c", "~none", "~new", ""])
        }
        (_, "key_type") => int(draw, &[0, 0, 0, 0, 9, -1]),
        (_, "member_id") => {
            let known =
                ["$member", "$member", "$member", "$staticmember", "\"\"", "\"\"", "\"~x\"", "\"~x\""];
            parse(draw.pick(&known))
        }
        (_, "group_instance_id") => texts(draw, &["~i", "~i", "~j", ""]),
        (_, "generation_id" | "generation_id_or_member_epoch") => parse(draw.pick(&[
            "$generation",
            "$generation",
            "$staticgeneration",
            "$epoch",
            "$epoch",
            "-1",
            "0",
            "7",
        ])),
        (_, "session_timeout_ms") => int(draw, &[60_000, 60_000, 60_000, 60_000, 5_999, 1_800_001]),
        (_, "rebalance_timeout_ms") => Value::Int(250),
        (_, "protocol_type") => texts(draw, &["consumer", "consumer", "consumer", "consumer", "connect", ""]),
        ("JoinGroup", "name") => texts(draw, &["range", "range", "range", "roundrobin", ""]),
        (_, "protocol_name") => texts(draw, &["range", "range", "range", "other"]),
        (_, "metadata") => {
            let subscription = SUBSCRIPTION.replace(' ', "");
            parse(draw.pick(&[subscription.as_str(), "x\"0102\"", "x\"\""]))
        }
        (_, "assignment") => parse(draw.pick(&["x\"0001\"", "x\"\"", "x\"ff\""])),
        (_, "reason") => texts(draw, &["r", ""]),
        (_, "committed_offset") => int(draw, &[0, 1, 5, -1, i64::MAX]),
        (_, "committed_leader_epoch") => int(draw, &[-1, 0, 3]),
        (_, "committed_metadata") => {
            let long = "x".repeat(5_000);
            texts(draw, &["", "m", "ü", long.as_str()])
        }
        (_, "retention_time_ms") => int(draw, &[-1, -1, 1_000_000]),
        (_, "member_epoch") => parse(draw.pick(&["-1", "-1", "$epoch", "0", "1"])),
        (_, "states_filter") => texts(draw, &["Stable", "stable", "Empty", "PreparingRebalance", "nonsense"]),
        (_, "types_filter") => texts(draw, &["classic", "Classic", "consumer", "nonsense"]),
        _ => return None,
    })
}

/// Kafka fails over a member that takes an instance late (a script asks it): from there on the groups would differ.
pub fn takes_no_instance_late(body: &mut Value) {
    let is_dynamic = body.get("member_id") == Some(&Value::Variable("member".into()));
    if let Some(instance) = body.get_mut("group_instance_id").filter(|_| is_dynamic) {
        *instance = Value::Null;
    }
}

/// Kafka never answers a member that names a protocol twice: its count of who speaks what is wrong from there on.
pub fn name_each_protocol_once(body: &mut Value) {
    let mut seen = BTreeSet::new();
    if let Some(Value::List(protocols)) = body.get_mut("protocols") {
        protocols.retain(|p| seen.insert(p.get("name").map(Value::to_string)));
    }
}

/// The first version of JoinGroup takes the session's time for the rebalance's too: whoever joined beside others
/// would wait for a minute. So it joins a group of its own, or is refused.
pub fn join_alone(body: &mut Value, n: usize) {
    let is_refused = n.is_multiple_of(2);
    let (field, value) = match is_refused {
        true => ("session_timeout_ms", Value::Int(5_999)),
        false => ("group_id", Value::Text(format!("~alone{n}"))),
    };
    if let Some(field) = body.get_mut(field) {
        *field = value;
    }
}

/// What is said in a join is all said, mostly, so that not everything is refused; a server that draws ids draws them in
/// groups of their own, which have one member.
pub fn join_consumers(draw: &mut Draw, body: &mut Value, n: usize) {
    let is_text = |body: &Value, field: &str, text: &str| body.get(field).and_then(Value::text) == Some(text);
    if is_text(body, "member_id", "")
        && !is_text(body, "group_id", "")
        && let Some(group) = body.get_mut("group_id")
    {
        *group = Value::Text(format!("~alone{n}"));
    }
    if body.get("member_epoch").and_then(Value::int) != Some(0) {
        return;
    }
    // Groups that move between the protocols while they work are not in this release (a script asks for one).
    if is_text(body, "group_id", "~g")
        && let Some(group) = body.get_mut("group_id")
    {
        *group = Value::Text("~c".into());
    }
    // Kafka loses count of a member that takes an instance late, or takes another: each is static always, or never.
    let is_static = is_text(body, "group_id", "~d") && is_text(body, "member_id", "~y");
    if !is_text(body, "instance_id", "")
        && let Some(instance) = body.get_mut("instance_id")
    {
        *instance = if is_static { Value::Text("~i".into()) } else { Value::Null };
    }
    if draw.one_in(4) {
        return;
    }
    let whole = [
        ("rebalance_timeout_ms", Value::Int(60_000)),
        ("subscribed_topic_names", Value::List(vec![Value::Text("~a".into())])),
        ("topic_partitions", Value::List(Vec::new())),
    ];
    for (field, value) in whole {
        if let Some(field) = body.get_mut(field) {
            *field = value;
        }
    }
}
