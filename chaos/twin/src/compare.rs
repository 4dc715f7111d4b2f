//! Two answers side by side. What a server draws itself is renamed by first appearance; of a message's text
//! only its presence counts; nothing else is left out.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    batch,
    case::{Action, Case},
    connection::Answer,
    value::Value,
};

/// A difference between two answers to one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The step.
    pub step: usize,
    /// The API that was asked; empty for bytes.
    pub api: String,
    /// Its version.
    pub version: i16,
    /// The request's body.
    pub request: Value,
    /// Where in the answer: field names, indexes of lists left out.
    pub path: String,
    /// What the reference says there.
    pub reference: String,
    /// What the other says.
    pub other: String,
}

/// The id that cases write for a topic that does not exist.
const NOBODYS_ID: [u8; 16] = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef_u128.to_be_bytes();

/// Settings whose values are addresses and directories.
const OWN_SETTINGS: &[&str] =
    &["advertised.listeners", "controller.quorum.voters", "listeners", "log.dir", "log.dirs"];

/// Names for what one server drew in one case, by class.
#[derive(Default)]
struct Names(BTreeMap<&'static str, BTreeMap<String, usize>>);

impl Names {
    fn of(&mut self, class: &'static str, value: &Value) -> Value {
        let known = self.0.entry(class).or_default();
        let next = known.len();
        let number = *known.entry(value.to_string()).or_insert(next);
        Value::Text(format!("{class} #{number}"))
    }

    fn normal(&mut self, field: &str, value: &Value, prefix: &str) -> Value {
        match (field, value) {
            ("topic_id", Value::Uuid(id)) if *id != [0; 16] && *id != NOBODYS_ID => self.of("topic", value),
            ("cluster_id", Value::Text(_)) => self.of("cluster", value),
            ("producer_id", Value::Int(0..)) => self.of("producer", value),
            ("session_id", Value::Int(1..)) => self.of("session", value),
            // A member's id, unless a case made it up.
            ("member_id" | "leader", Value::Text(id)) if !id.is_empty() && !is_given(id, prefix) => {
                self.of("member", value)
            }
            ("host", Value::Text(text)) if !text.is_empty() => Value::Text("a host".into()),
            ("port", Value::Int(1..)) => Value::Text("a port".into()),
            ("error_message" | "batch_index_error_message", Value::Text(_)) => Value::Text("a text".into()),
            ("log_append_time_ms", Value::Int(0..)) => Value::Text("a time".into()),
            // A time that the server took; those that cases draw lie far from now.
            ("timestamp" | "last_fetch_timestamp" | "last_caught_up_timestamp", Value::Int(time))
                if is_now(*time) =>
            {
                Value::Text("a time".into())
            }
            ("responses", Value::List(items)) if has_topic_twice(items) => {
                // Kafka answers a topic that is asked for in many pieces in other pieces: what is said counts.
                let of = |item: &Value| match item.get("partitions") {
                    Some(Value::List(partitions)) => partitions.clone(),
                    _ => Vec::new(),
                };
                let mut said: Vec<Value> = Vec::new();
                for item in items {
                    let topic = ["topic", "topic_id"].map(|f| item.get(f).map(|v| self.normal(f, v, prefix)));
                    let topic = Value::Text(format!("{topic:?}"));
                    for partition in of(item) {
                        let partition = self.normal("partitions", &partition, prefix);
                        said.push(Value::List(vec![topic.clone(), partition]));
                    }
                }
                said.sort_by_key(Value::to_string);
                Value::List(said)
            }
            ("records", Value::Bytes(bytes)) => {
                let batches = batch::describe(bytes);
                self.normal("batches", &batches, prefix)
            }
            (_, Value::Struct(fields)) => {
                // Where a broker listens and keeps its files is its own.
                let own = value.get("name").and_then(Value::text);
                let is_own = own.is_some_and(|name| OWN_SETTINGS.contains(&name));
                // How far a quorum's log is, and in which epoch, tells of what its brokers went through.
                let is_quorum = ["current_voters", "log_end_offset"].iter().any(|f| value.get(f).is_some());
                let is_stamped = value.get("attributes").and_then(Value::int).is_some_and(|a| a & 8 != 0);
                let fields = fields.iter().map(|(name, value)| match name.as_str() {
                    "high_watermark" | "leader_epoch" | "log_end_offset"
                        if is_quorum && value.int().is_some_and(|v| 0 < v) =>
                    {
                        (name.clone(), Value::Text("a place".into()))
                    }
                    "max_timestamp" if is_stamped => (name.clone(), Value::Text("a time".into())),
                    "value" if is_own && *value != Value::Null => {
                        (name.clone(), Value::Text("an address".into()))
                    }
                    _ => (name.clone(), self.normal(name, value, prefix)),
                });
                Value::Struct(fields.collect())
            }
            // Groups of other runs may still be about to end.
            ("groups", Value::List(items))
                if items.iter().any(|i| i.get("group_type").is_some())
                    || items.iter().any(|i| i.get("protocol_type").is_some()) =>
            {
                let group =
                    |i: &Value| i.get("group_id").and_then(Value::text).unwrap_or_default().to_owned();
                let mut mine: Vec<&Value> = items.iter().filter(|i| group(i).starts_with(prefix)).collect();
                mine.sort_by_key(|i| group(i));
                let mine = mine.into_iter().map(|i| self.normal("group", i, prefix));
                Value::List(mine.collect())
            }
            (_, Value::List(items)) => {
                // First appearances are those of the list by name: its order is compared by itself.
                let name = |at: &usize| {
                    let parts = ["name", "group_id", "group_instance_id", "metadata", "member_metadata"];
                    parts.map(|part| items[*at].get(part).map(Value::to_string))
                };
                let mut order: Vec<usize> = (0..items.len()).collect();
                order.sort_by_key(name);
                let mut normal = vec![Value::Null; items.len()];
                for at in order {
                    normal[at] = self.normal(field, &items[at], prefix);
                }
                let is_deleted = field == "responses" && items.iter().all(|i| i.get("error_code").is_some());
                if is_deleted || field == "subscribed_topic_names" {
                    // Kafka shuffles what it deleted, and what members read.
                    normal.sort_by_key(Value::to_string);
                }
                Value::List(normal)
            }
            (_, Value::Text(text)) => Value::Text(text.replace(prefix, "~")),
            _ => value.clone(),
        }
    }
}

/// What names the topic of a fetch's answer.
fn topic_key(item: &Value) -> String {
    format!("{:?} {:?}", item.get("topic"), item.get("topic_id"))
}

/// Whether an answer to a fetch has a topic more than once.
fn has_topic_twice(items: &[Value]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    items.iter().any(|item| item.get("partitions").is_some() && !seen.insert(topic_key(item)))
}

/// Whether a case gave a member this id.
fn is_given(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| matches!(rest, "x" | "y"))
}

/// Whether a timestamp lies within an hour of now.
fn is_now(time_ms: i64) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64);
    now.abs_diff(time_ms) < 3_600_000
}

/// Compares the answers of two runs of a case; `names` are the prefixes that the runs had.
pub fn compare(
    case: &Case,
    reference: &[Option<Answer>],
    other: &[Option<Answer>],
    names: (&str, &str),
) -> Vec<Difference> {
    let (mut ours, mut theirs) = (Names::default(), Names::default());
    let mut differences = Vec::new();
    for (step, (a, b)) in reference.iter().zip(other).enumerate() {
        let (Some(a), Some(b)) = (a, b) else { continue };
        let (api, version, request) = match &case.steps[step].action {
            Action::Ask { api, version, body, .. } => (api.clone(), *version, body.clone()),
            Action::Wait => owner(case, step),
            Action::Raw(_) => (String::new(), -1, Value::Null),
        };
        let mut add = |path: String, reference: String, other: String| {
            let (api, request) = (api.clone(), request.clone());
            differences.push(Difference { step, api, version, request, path, reference, other });
        };
        match (a, b) {
            (Answer::Reply(a, a_ms), Answer::Reply(b, b_ms)) => {
                let (a, b) = (ours.normal("", a, names.0), theirs.normal("", b, names.1));
                difference(&a, &b, "", &mut add);
                let waits = request.get("max_wait_ms").and_then(Value::int).unwrap_or(0);
                // A long poll ends when its time is over, or at once.
                if 300 <= waits && (waits as u64 / 2 <= *a_ms) != (waits as u64 / 2 <= *b_ms) {
                    add("the time it took".into(), format!("{a_ms} ms"), format!("{b_ms} ms"));
                }
            }
            // What neither could read is a mistake of the instrument, and shown.
            (a @ Answer::Undecodable(_), b) => add("the answer".into(), kind(a), kind(b)),
            (a, b) if kind(a) != kind(b) => add("the answer".into(), kind(a), kind(b)),
            _ => {}
        }
    }
    differences
}

/// The request that a later `wait` reads the answer of: the last one of the connection that was not waited for.
fn owner(case: &Case, step: usize) -> (String, i16, Value) {
    let on = &case.steps[step].on;
    let asked = case.steps[..step].iter().rev().filter(|s| s.on == *on).find_map(|s| match &s.action {
        Action::Ask { api, version, body, .. } => Some((api.clone(), *version, body.clone())),
        Action::Wait | Action::Raw(_) => None,
    });
    asked.unwrap_or((String::new(), -1, Value::Null))
}

fn kind(answer: &Answer) -> String {
    match answer {
        Answer::Reply(..) => "a response".into(),
        other => other.to_string(),
    }
}

fn difference(a: &Value, b: &Value, path: &str, add: &mut impl FnMut(String, String, String)) {
    match (a, b) {
        (Value::Struct(a_fields), Value::Struct(b_fields)) => {
            let code = |v: &Value| v.get("error_code").cloned();
            if code(a) != code(b) {
                // What stands beside an error code follows from it.
                let text = |v: &Value| code(v).map_or_else(String::new, |code| code.to_string());
                let path = if path.is_empty() { String::new() } else { format!("{path}.") };
                return add(format!("{path}error_code"), text(a), text(b));
            }
            let (a, b) = (a_fields, b_fields);
            for ((name, a), (_, b)) in a.iter().zip(b) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                difference(a, b, &path, add);
            }
        }
        (Value::List(a), Value::List(b)) if is_reordered(a, b) => {
            add(format!("{path} (order)"), keys(a).join(", "), keys(b).join(", "));
            for item in a {
                let same = b.iter().find(|i| key(i) == key(item)).expect("both have the same keys");
                difference(item, same, path, add);
            }
        }
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| difference(a, b, path, add));
        }
        (Value::List(a), Value::List(b))
            if [a, b].iter().all(|l| l.iter().all(|i| i.get("name").is_some())) =>
        {
            let names =
                |list: &[Value]| list.iter().filter_map(|i| i.get("name").cloned()).collect::<Vec<_>>();
            let (a_names, b_names) = (names(a), names(b));
            let lacks = |list: &[Value], other: &[Value]| {
                list.iter().filter(|n| !other.contains(n)).cloned().collect::<Vec<_>>()
            };
            for name in lacks(&a_names, &b_names) {
                add(format!("{path} {name}"), "listed".into(), "not listed".into());
            }
            for name in lacks(&b_names, &a_names) {
                add(format!("{path} {name}"), "not listed".into(), "listed".into());
            }
            for item in a {
                if let Some(same) = b.iter().find(|i| i.get("name") == item.get("name")) {
                    difference(item, same, path, add);
                }
            }
        }
        (a, b) if a != b => add(path.to_owned(), a.to_string(), b.to_string()),
        _ => {}
    }
}

/// What names an item of a list.
fn key(item: &Value) -> Option<String> {
    if let Some(name @ Value::Text(_)) = item.get("name") {
        return Some(name.to_string());
    }
    let names =
        ["name", "topic", "topic_id", "partition_index", "index", "partition", "group_id", "member_id"];
    let found: Vec<String> = names.iter().filter_map(|n| item.get(n).map(Value::to_string)).collect();
    (!found.is_empty()).then(|| found.join(" "))
}

fn keys(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(key).collect()
}

/// Whether two lists have the same items by name, each once, in another order.
fn is_reordered(a: &[Value], b: &[Value]) -> bool {
    let (a_keys, b_keys) = (keys(a), keys(b));
    let sorted = |keys: &[String]| keys.iter().cloned().collect::<std::collections::BTreeSet<_>>();
    a_keys.len() == a.len()
        && a_keys != b_keys
        && sorted(&a_keys).len() == a.len()
        && b.len() == a.len()
        && sorted(&a_keys) == sorted(&b_keys)
}

/// Error codes in an answer, wherever they stand.
pub fn error_codes(answer: &Answer) -> Vec<i64> {
    let mut codes = Vec::new();
    if let Answer::Reply(value, _) = answer {
        value.walk(&mut |v| codes.extend(v.get("error_code").and_then(Value::int)));
    }
    codes
}
