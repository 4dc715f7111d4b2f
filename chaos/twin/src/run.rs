//! Runs a case against one broker.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use ottla_codegen::schema::{self, Api};

use crate::{
    brokers::Broker,
    case::{Action, Case, Wait},
    compare::error_codes,
    connection::{Answer, Connection},
    value::Value,
};

/// The schemas of all APIs, by name.
pub type Apis = BTreeMap<String, Api>;

/// Reads the project's schemas.
///
/// # Errors
/// The file that cannot be read.
pub fn apis() -> Result<Apis, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../net/schema");
    let mut apis = Apis::new();
    for entry in std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let api = schema::parse(stem, &text).map_err(|e| format!("{}: {e}", path.display()))?;
        apis.insert(api.name.clone(), api);
    }
    Ok(apis)
}

/// What an answer says of a group that is not there.
const GROUP_ID_NOT_FOUND: i16 = 69;

/// Longest wait for Kafka's metadata to reach every part of it.
const SETTLED: Duration = Duration::from_secs(20);

/// Longest time between the end of a process's connections and its own.
const DYING: Duration = Duration::from_millis(300);

/// Keeps two runs of a case side by side: timers of groups run on while requests are made, so that the slower broker
/// would meet another state.
#[derive(Default)]
pub struct Pace {
    done: Mutex<[usize; 2]>,
    moved: Condvar,
}

impl Pace {
    /// One of the two runs.
    pub fn side(&self, side: usize) -> Side<'_> {
        Side { pace: self, side }
    }
}

/// A run that is kept beside another; its end lets the other go on alone.
pub struct Side<'a> {
    pace: &'a Pace,
    side: usize,
}

impl Side<'_> {
    /// Waits until the other run has come as far.
    fn reached(&self, step: usize) {
        let mut done = self.pace.done.lock().expect("no run panics under the lock");
        done[self.side] = step;
        self.pace.moved.notify_all();
        while done[1 - self.side] < step {
            done = self.pace.moved.wait(done).expect("no run panics under the lock");
        }
    }
}

impl Drop for Side<'_> {
    fn drop(&mut self) {
        if let Ok(mut done) = self.pace.done.lock() {
            done[self.side] = usize::MAX;
            self.pace.moved.notify_all();
        }
    }
}

/// Changes an answer: the API, the request, the answer.
pub type Tamper = Box<dyn FnMut(&str, &Value, &mut Value) + Send>;

/// A broker that is asked.
pub struct Target<'a> {
    /// Where it listens.
    pub address: String,
    apis: &'a Apis,
    control: Connection,
    /// The process, if it is ours.
    broker: Option<Broker>,
    /// A mistake that is planted, to see that it is found.
    pub tamper: Option<Tamper>,
}

impl<'a> Target<'a> {
    /// Connects to a broker.
    ///
    /// # Errors
    /// It cannot be reached.
    pub fn new(address: &str, apis: &'a Apis) -> Result<Target<'a>, String> {
        let control = Connection::open(address)?;
        Ok(Target { address: address.into(), apis, control, broker: None, tamper: None })
    }

    /// Connects to a broker of ours.
    ///
    /// # Errors
    /// It cannot be reached.
    pub fn of(broker: Broker, apis: &'a Apis) -> Result<Target<'a>, String> {
        let target = Target::new(&broker.address, apis)?;
        Ok(Target { broker: Some(broker), ..target })
    }

    /// Starts a broker of ours again if it has died; returns the end of its log.
    ///
    /// # Errors
    /// It does not start.
    pub fn revive(&mut self) -> Result<Option<String>, String> {
        let Some(broker) = &mut self.broker else { return Ok(None) };
        let epitaph = broker.epitaph();
        if epitaph.is_some() {
            broker.start()?;
        }
        self.control = Connection::open(&self.address)?;
        Ok(epitaph)
    }

    /// Whether the process, if it is ours, has ended; a process that ends closes its connections first.
    pub fn has_died(&mut self) -> bool {
        let Some(broker) = &mut self.broker else { return false };
        let until = Instant::now() + DYING;
        while broker.epitaph().is_none() {
            if until < Instant::now() {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// The process, if it is ours.
    pub fn into_broker(self) -> Option<Broker> {
        self.broker
    }

    /// Asks on a connection of the instrument's own.
    pub fn ask(&mut self, api: &str, version: i16, body: &Value) -> Answer {
        self.control.send(&self.apis[api], version, body, true);
        let answer = self.control.receive();
        if !matches!(answer, Answer::Reply(..))
            && let Ok(control) = Connection::open(&self.address)
        {
            self.control = control;
        }
        answer
    }

    /// What the broker advertises: first and last version of each API, by its name.
    ///
    /// # Errors
    /// It does not answer.
    pub fn advertised(&mut self) -> Result<BTreeMap<String, (i16, i16)>, String> {
        let Answer::Reply(reply, _) = self.ask("ApiVersions", 0, &Value::Struct(Vec::new())) else {
            return Err(format!("{} does not answer ApiVersions", self.address));
        };
        let Some(Value::List(rows)) = reply.get("api_keys") else { return Err("no table of APIs".into()) };
        let int = |row: &Value, name: &str| row.get(name).and_then(Value::int).unwrap_or(-1) as i16;
        let name = |key: i16| self.apis.values().find(|api| api.key == key).map(|api| api.name.clone());
        Ok(rows
            .iter()
            .filter_map(|r| Some((name(int(r, "api_key"))?, (int(r, "min_version"), int(r, "max_version")))))
            .collect())
    }

    /// Runs a case; `name` takes the place of `~` in its texts. One answer for each step that reads one.
    ///
    /// # Errors
    /// The broker is gone: it accepts no connection.
    pub fn run(&mut self, case: &Case, name: &str, side: Side<'_>) -> Result<Vec<Option<Answer>>, String> {
        let mut connections: BTreeMap<&str, Connection> = BTreeMap::new();
        let mut variables: BTreeMap<String, Value> = BTreeMap::new();
        let mut answers = Vec::new();
        let (mut made, mut introduced) = (Vec::new(), BTreeSet::new());
        for (at, step) in case.steps.iter().enumerate() {
            side.reached(at);
            // A client whose connection was closed opens another.
            let is_over = connections.get(step.on.as_str()).is_some_and(Connection::is_over)
                && matches!(step.action, Action::Ask { .. });
            if is_over || !connections.contains_key(step.on.as_str()) {
                connections.insert(&step.on, Connection::open(&self.address)?);
            }
            let connection = connections.get_mut(step.on.as_str()).expect("it was just opened");
            answers.push(match &step.action {
                Action::Raw(bytes) => {
                    connection.raw(bytes);
                    None
                }
                Action::Wait => Some(connection.receive()),
                Action::Ask { api, version, body, wait, take } => {
                    let Some(api) = self.apis.get(api) else { return Err(format!("there is no API {api}")) };
                    let body = resolve(body, name, &variables);
                    if api.name == "ConsumerGroupHeartbeat"
                        && let Some(Value::Text(group)) = body.get("group_id")
                        && introduced.insert(group.clone())
                    {
                        self.introduce(group, name, &made);
                    }
                    connection.send(api, *version, &body, *wait != Wait::Never);
                    match wait {
                        Wait::Later => None,
                        Wait::Never => Some(connection.probe()),
                        Wait::Now => {
                            let mut answer = connection.receive();
                            if let Answer::Reply(reply, _) = &mut answer {
                                if let Some(tamper) = &mut self.tamper {
                                    tamper(&api.name, &body, reply);
                                }
                                for (name, path) in take {
                                    let value = reply.at(path).cloned().unwrap_or(Value::Null);
                                    variables.insert(name.clone(), value);
                                }
                                let names = self.settle(&api.name, *version, &body, reply);
                                made.extend(names.into_iter().filter(|_| api.name == "CreateTopics"));
                            }
                            Some(answer)
                        }
                    }
                }
            });
        }
        drop(side);
        if !case.is_kept {
            self.clean_up(name);
        }
        Ok(answers)
    }

    /// Waits until the topic of committed offsets is there, and every coordinator.
    ///
    /// # Errors
    /// They do not come.
    pub fn ready_for_groups(&mut self) -> Result<(), String> {
        let until = Instant::now() + SETTLED;
        let find = fields(&[("key", Value::Text("twin".into()))]);
        let list = Value::Struct(Vec::new());
        loop {
            let answers = [self.ask("FindCoordinator", 3, &find), self.ask("ListGroups", 0, &list)];
            let is_ready = |answer: &Answer| matches!(answer, Answer::Reply(reply, _) if reply.get("error_code") == Some(&Value::Int(0)));
            let groups = [fields(&[("group_id", Value::Text("twin".into()))])];
            let fetch = fields(&[("groups", Value::List(groups.to_vec()))]);
            let fetched = self.ask("OffsetFetch", 8, &fetch);
            let is_loaded = !error_codes(&fetched).iter().any(|code| *code != 0);
            if answers.iter().all(is_ready) && is_loaded {
                return Ok(());
            }
            if until < Instant::now() {
                return Err(format!("{} has no group coordinator", self.address));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the groups of a run and deletes its topics: what lists all of them stays short.
    pub fn clean_up(&mut self, name: &str) {
        self.clean_up_groups(name);
        let all = Value::Struct(vec![("topics".into(), Value::Null)]);
        let Answer::Reply(reply, _) = self.ask("Metadata", 4, &all) else { return };
        let Some(Value::List(topics)) = reply.get("topics") else { return };
        let mine =
            |t: &Value| t.get("name").cloned().filter(|n| matches!(n, Value::Text(t) if t.starts_with(name)));
        let names: Vec<Value> = topics.iter().filter_map(mine).collect();
        if !names.is_empty() {
            let body = Value::Struct(vec![
                ("topic_names".into(), Value::List(names)),
                ("timeout_ms".into(), Value::Int(30_000)),
            ]);
            self.ask("DeleteTopics", 5, &body);
        }
    }

    fn clean_up_groups(&mut self, name: &str) {
        let text = |v: &Value, field: &str| v.get(field).and_then(Value::text).unwrap_or_default().to_owned();
        let Answer::Reply(reply, _) = self.ask("ListGroups", 0, &Value::Struct(Vec::new())) else { return };
        let Some(Value::List(groups)) = reply.get("groups") else { return };
        let mine = groups.iter().map(|g| text(g, "group_id")).filter(|g| g.starts_with(name));
        let mine: Vec<Value> = mine.map(Value::Text).collect();
        if mine.is_empty() {
            return;
        }
        let mut described = Vec::new();
        for (api, field) in [("DescribeGroups", "groups"), ("ConsumerGroupDescribe", "group_ids")] {
            let groups = fields(&[(field, Value::List(mine.clone()))]);
            let Answer::Reply(reply, _) = self.ask(api, 0, &groups) else { return };
            if let Some(Value::List(groups)) = reply.get("groups") {
                described.extend(groups.iter().cloned());
            }
        }
        for group in &described {
            let Some(Value::List(members)) = group.get("members") else { continue };
            let members = members.iter().map(|m| fields(&[("member_id", Value::Text(text(m, "member_id")))]));
            let leave = fields(&[
                ("group_id", Value::Text(text(group, "group_id"))),
                ("members", Value::List(members.collect())),
            ]);
            self.ask("LeaveGroup", 3, &leave);
        }
        self.ask("DeleteGroups", 0, &fields(&[("groups_names", Value::List(mine))]));
    }

    /// Kafka answers before its metadata has reached every part of the broker: waits until topics that were
    /// made are there with their leaders, topics that were deleted are not, and settings are as they were set. Returns the
    /// topics.
    fn settle(&mut self, api: &str, version: i16, body: &Value, reply: &Value) -> Vec<Value> {
        let texts = |list: Option<&Value>, field: &str| -> Vec<Value> {
            let Some(Value::List(items)) = list else { return Vec::new() };
            items
                .iter()
                .filter(|i| match i.get("error_code").and_then(Value::int) {
                    // A topic that Metadata has just made is not there yet.
                    Some(3 | 5) => api == "Metadata",
                    code => code.is_none_or(|code| code == 0),
                })
                .filter_map(|i| i.get(field).cloned())
                .collect()
        };
        let validate = body.get("validate_only") == Some(&Value::Bool(true));
        let creates = body.get("allow_auto_topic_creation") != Some(&Value::Bool(false)) || version < 4;
        let (names, is_there) = match api {
            "CreateTopics" if !validate => (texts(reply.get("topics"), "name"), true),
            "CreatePartitions" if !validate => (texts(reply.get("results"), "name"), true),
            "DeleteTopics" => (texts(reply.get("responses"), "name"), false),
            "Metadata" if creates => (texts(reply.get("topics"), "name"), true),
            "AlterConfigs" | "IncrementalAlterConfigs" if !validate => {
                self.pass();
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        for name in names.iter().filter(|n| matches!(n, Value::Text(t) if !t.is_empty() && t.len() < 250)) {
            let grown = (api == "CreatePartitions").then(|| asked_count(body, name)).flatten();
            self.wait_for(name, grown, is_there);
        }
        names
    }

    /// Waits until all that was decided so far is known: a topic is made, and when it is there so is what was decided before
    /// it. It is gone again afterwards.
    fn pass(&mut self) {
        let name = Value::Text("twin-passes".into());
        let topic = fields(&[
            ("name", name.clone()),
            ("num_partitions", Value::Int(1)),
            ("replication_factor", Value::Int(1)),
        ]);
        let timeout = ("timeout_ms", Value::Int(30_000));
        self.ask("CreateTopics", 4, &fields(&[("topics", Value::List(vec![topic])), timeout.clone()]));
        self.wait_for(&name, None, true);
        self.ask("DeleteTopics", 4, &fields(&[("topic_names", Value::List(vec![name.clone()])), timeout]));
        self.wait_for(&name, None, false);
    }

    fn wait_for(&mut self, topic: &Value, count: Option<i64>, is_there: bool) {
        let until = Instant::now() + SETTLED;
        while self.is_topic(topic, count) != is_there && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The coordinator of a group hears of new topics later than all others: waits until it gives them to a member
    /// of ours, which then leaves no trace. A group that is there already stays as it is.
    fn introduce(&mut self, group: &str, name: &str, topics: &[Value]) {
        let groups = |field: &str| fields(&[(field, Value::List(vec![Value::Text(group.into())]))]);
        let code = |reply: &Value, path: &str| reply.at(path).and_then(|g| g.get("error_code")?.int());
        let is_classic = match self.ask("DescribeGroups", 6, &groups("groups")) {
            Answer::Reply(reply, _) => code(&reply, "groups[0]") != Some(i64::from(GROUP_ID_NOT_FOUND)),
            _ => true,
        };
        let is_known = match self.ask("ConsumerGroupDescribe", 0, &groups("group_ids")) {
            Answer::Reply(reply, _) => code(&reply, "groups[0]") != Some(i64::from(GROUP_ID_NOT_FOUND)),
            _ => true,
        };
        if is_classic || is_known || topics.is_empty() {
            return;
        }
        let until = Instant::now() + SETTLED;
        let beat = |epoch: i64| {
            fields(&[
                ("group_id", Value::Text(group.into())),
                ("member_id", Value::Text(format!("{name}-introduces"))),
                ("member_epoch", Value::Int(epoch)),
                ("rebalance_timeout_ms", Value::Int(60_000)),
                ("subscribed_topic_names", Value::List(topics.to_vec())),
                ("topic_partitions", Value::List(Vec::new())),
            ])
        };
        while Instant::now() < until {
            let Answer::Reply(reply, _) = self.ask("ConsumerGroupHeartbeat", 1, &beat(0)) else { return };
            match reply.at("assignment").and_then(|a| a.get("topic_partitions")) {
                Some(Value::List(given)) if given.len() == topics.len() => break,
                _ => thread::sleep(Duration::from_millis(5)),
            }
        }
        self.ask("ConsumerGroupHeartbeat", 1, &beat(-1));
        self.ask("DeleteGroups", 0, &groups("groups_names"));
    }

    /// Whether a topic is there, with so many partitions if they are given.
    fn is_topic(&mut self, name: &Value, count: Option<i64>) -> bool {
        let topic = Value::Struct(vec![("name".into(), name.clone())]);
        let body = Value::Struct(vec![
            ("topics".into(), Value::List(vec![topic])),
            ("allow_auto_topic_creation".into(), Value::Bool(false)),
        ]);
        let Answer::Reply(reply, _) = self.ask("Metadata", 4, &body) else { return false };
        let is_zero = |v: &Value| v.get("error_code").and_then(Value::int) == Some(0);
        let Some(topic) = reply.at("topics[0]").filter(|t| is_zero(t)) else { return false };
        let Some(Value::List(partitions)) = topic.get("partitions") else { return false };
        let is_grown = count.is_none_or(|count| partitions.len() as i64 == count);
        is_grown && partitions.iter().all(is_zero) && self.is_led(name, partitions)
    }

    /// Whether the broker serves as the leader of all partitions: that comes later than their metadata.
    fn is_led(&mut self, name: &Value, partitions: &[Value]) -> bool {
        let index = |p: &Value| p.get("partition_index").cloned().unwrap_or(Value::Null);
        let asked = partitions
            .iter()
            .map(|p| fields(&[("partition_index", index(p)), ("timestamp", Value::Int(-1))]));
        let topic = fields(&[("name", name.clone()), ("partitions", Value::List(asked.collect()))]);
        let body = fields(&[("replica_id", Value::Int(-1)), ("topics", Value::List(vec![topic]))]);
        let Answer::Reply(reply, _) = self.ask("ListOffsets", 1, &body) else { return false };
        let mut led = true;
        reply.walk(&mut |v| led &= v.get("error_code").is_none_or(|code| *code == Value::Int(0)));
        led
    }
}

fn fields(fields: &[(&str, Value)]) -> Value {
    Value::Struct(fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect())
}

/// How many partitions a request asks for.
fn asked_count(body: &Value, name: &Value) -> Option<i64> {
    let Some(Value::List(topics)) = body.get("topics") else { return None };
    topics.iter().find(|t| t.get("name") == Some(name))?.get("count")?.int()
}

/// Puts names and variables in their places.
fn resolve(value: &Value, name: &str, variables: &BTreeMap<String, Value>) -> Value {
    let inner = |v: &Value| resolve(v, name, variables);
    let fields = |fields: &[(String, Value)]| fields.iter().map(|(n, v)| (n.clone(), inner(v))).collect();
    match value {
        Value::Text(text) => match text.strip_prefix('~') {
            Some(rest) => Value::Text(format!("{name}{rest}")),
            None => value.clone(),
        },
        Value::Variable(variable) => variables.get(variable).cloned().unwrap_or(Value::Null),
        Value::List(items) => Value::List(items.iter().map(inner).collect()),
        Value::Struct(f) => Value::Struct(fields(f)),
        Value::Batch(f) => Value::Batch(fields(f)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Bytes(_) | Value::Uuid(_) => {
            value.clone()
        }
    }
}
