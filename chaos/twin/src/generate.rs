//! Cases drawn from the schemas: small domains for each field, by its name; what exists and what does not,
//! legal numbers and others, null, empty, duplicate and long arrays; over topics that the case itself makes.

use std::collections::BTreeSet;

use ottla_codegen::schema::{Api, Field, Struct, Type};

use crate::{
    case::{Action, Case, Step, Wait},
    codec::{self, Codec},
    draw::Draw,
    groups,
    value::{Parser, Value},
};

/// How many drawn requests a case has.
pub const REQUESTS: usize = 40;

/// Items of a long array.
const LONG_ARRAY: usize = 100;

const TOPICS: &[&str] = &["~a", "~a", "~a", "~a", "~b", "~none", "", ".", "~bad/x", "~ü"];
/// How many letters a long name has behind the prefix of its run: a legal one, one above Kafka's 249, and the
/// longest that the wire format had before its compact strings.
const LONG_NAMES: &[usize] = &[230, 250, 32_700];
const INTEGERS: &[i64] = &[0, 1, -1, 2, 100, -2];
const SEQUENCE: &[&str] = &[
    "batch(pid=$pid, epoch=0, seq=0)",
    "batch(pid=$pid, epoch=0, seq=0)",
    "batch(pid=$pid, epoch=0, seq=1)",
    "batch(pid=$pid, epoch=0, seq=2, records=2)",
];
const BATCHES: &[&str] = &[
    "batch()",
    "batch(records=3)",
    "batch(records=2, codec=\"gzip\")",
    "batch(records=2, codec=\"snappy\")",
    "batch(records=2, codec=\"lz4\")",
    "batch(records=2, codec=\"zstd\")",
    "batch(records=2, key=null, value=null, headers=2)",
    "batch(pid=$pid, epoch=0, seq=0)",
    "batch(pid=$pid, epoch=0, seq=1)",
    "batch(pid=$pid, epoch=0, seq=2, records=2)",
    "batch(pid=$pid, epoch=0, seq=7)",
    "batch(pid=$pid, epoch=1, seq=0)",
    "batch(pid=$pid, epoch=0)",
    "batch(pid=424242, epoch=3, seq=5)",
    "batch(crc=1)",
    "batch(magic=1)",
    "batch(magic=3)",
    "batch(count=2)",
    "batch(count=0)",
    "batch(count=-1)",
    "batch(last_delta=3)",
    "batch(records=3, last_delta=1)",
    "batch(base=77)",
    "batch(leader_epoch=5)",
    "batch(times=2)",
    "batch(times=0)",
    "batch(cut=5)",
    "batch(length=10)",
    "batch(tail=\"xyz\")",
    "batch(time=-1)",
    "batch(time=-9223372036854775808)",
    "batch(time=9223372036854775807)",
    "batch(records=3, step=-5)",
    "batch(records=3, step=7, max_time=1)",
    "batch(bits=8)",
    "batch(bits=16)",
    "batch(bits=32)",
    "batch(bits=64)",
    "batch(bits=128)",
    "batch(bits=256)",
    "batch(size=2000000)",
    "batch(size=900000, codec=\"zstd\")",
    "batch(records=2, codec=\"gzip\", count=3)",
    "batch(records=2, codec=\"lz4\", last_delta=7)",
    "batch(codec=\"gzip\", payload=x\"\")",
    "batch(codec=\"snappy\", payload=x\"ffffffff0f4c00\")",
    "batch(codec=\"lz4\", payload=x\"0102030405\")",
    "batch(codec=\"zstd\", payload=x\"28b52ffd\")",
    "batch(codec=\"zstd\", bits=5)",
    "batch(payload=x\"\")",
    "batch(payload=x\"ffffffff0f\")",
    "batch(payload=x\"12000000026b04763001\")",
    "batch(count=2147483647, last_delta=2147483646)",
    "batch(last_delta=2147483647)",
    "batch(pid=$pid, epoch=0, seq=-1)",
    "batch(pid=$pid, epoch=-1, seq=0)",
    "batch(pid=-5, epoch=0, seq=0)",
    "batch(pid=$pid, epoch=32767, seq=2147483647)",
    "x\"\"",
    "x\"00\"",
];
const CONFIGS: &[(&str, &str)] = &[
    ("retention.ms", "1000"),
    ("retention.ms", "x"),
    ("cleanup.policy", "compact"),
    ("cleanup.policy", "compact,delete"),
    ("cleanup.policy", "none"),
    ("segment.bytes", "14"),
    ("segment.bytes", "2000000"),
    ("message.timestamp.type", "LogAppendTime"),
    ("max.message.bytes", "1000"),
    ("nonsense", "1"),
    ("min.insync.replicas", "1"),
];

fn parse(text: &str) -> Value {
    Parser::new(text).value().expect("the tables are legal")
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn long_name(draw: &mut Draw) -> String {
    format!("~{}", "x".repeat(draw.pick(LONG_NAMES)))
}

/// A case that asks one API at one version.
pub fn case(api: &Api, version: i16, seed: u64) -> Case {
    let mut draw = Draw::new(seed ^ (u64::from(api.key as u16) << 40) ^ ((version as u64) << 56));
    let mut case = Case { title: format!("{} {version}, seed {seed}", api.name), ..Case::default() };
    setup(&mut case, api, version, &mut draw);
    for n in 0..REQUESTS {
        if draw.one_in(4) {
            match groups::APIS.contains(&api.name.as_str()) {
                true => case.extend(&groups::change(&mut draw)),
                false => change(&mut case, &mut draw),
            }
        }
        let drawn = Drawn { codec: Codec::new(api, &api.request, version), api, version };
        let mut body = drawn.body(&mut draw, drawn.codec.top(), 0);
        if api.name == "Produce" {
            name_each_partition_once(&mut body);
        }
        if api.name == "JoinGroup" {
            groups::name_each_protocol_once(&mut body);
            groups::takes_no_instance_late(&mut body);
        }
        if api.name == "JoinGroup" && version == 0 {
            groups::join_alone(&mut body, n);
        }
        if let Some(Value::List(resources)) = body.get_mut("resources").filter(|_| api.name == "AlterConfigs")
        {
            // Kafka leaves some requests with more than one, or with a setting that stands twice, without an answer.
            resources.truncate(1);
            for resource in resources {
                let mut seen = BTreeSet::new();
                if let Some(Value::List(configs)) = resource.get_mut("configs") {
                    configs.retain(|config| seen.insert(config.get("name").map(Value::to_string)));
                }
            }
        }
        if let Some(Value::List(groups)) = body.get_mut("group_ids") {
            // Kafka shuffles them: each once, so that the answers can be told apart.
            let mut seen = BTreeSet::new();
            groups.retain(|group| seen.insert(group.to_string()));
        }
        if api.name == "ConsumerGroupHeartbeat" {
            groups::join_consumers(&mut draw, &mut body, n);
        }
        let silent = api.name == "Produce" && body.get("acks") == Some(&Value::Int(0));
        let wait = if silent { Wait::Never } else { Wait::Now };
        let take = if groups::APIS.contains(&api.name.as_str()) {
            groups::takes(&api.name, &mut draw)
        } else if api.name == "Fetch" && 7 <= version && draw.one_in(3) {
            vec![("session".to_owned(), "session_id".to_owned())]
        } else {
            Vec::new()
        };
        case.steps.push(Step {
            on: "a".into(),
            action: Action::Ask { api: api.name.clone(), version, body, wait, take },
        });
        if alters_configs(api) {
            case.extend("s DescribeConfigs 4 {resources: [{resource_type: 2, resource_name: \"~a\", configuration_keys: null}]}");
        }
    }
    case
}

fn alters_configs(api: &Api) -> bool {
    matches!(api.name.as_str(), "AlterConfigs" | "IncrementalAlterConfigs")
}

/// Every batch of the table for a plain and for a compacted topic, on topics that stay: what lies in the files
/// afterwards is compared.
pub fn batches() -> Case {
    let mut case = Case { title: "every kind of batch".into(), is_kept: true, ..Case::default() };
    case.extend(
        "s InitProducerId 4 {transactional_id: null, transaction_timeout_ms: 60000}\n  pid = producer_id",
    );
    for (topic, policy) in [("plain", "delete"), ("compact", "compact")] {
        case.extend(&format!(
            "s CreateTopics 7 {{topics: [{{name: \"~{topic}\", num_partitions: 2, replication_factor: 1, configs: [{{name: \"cleanup.policy\", value: \"{policy}\"}}, {{name: \"retention.ms\", value: \"-1\"}}]}}]}}"
        ));
        for (n, batch) in BATCHES.iter().enumerate() {
            let index = n % 2;
            case.extend(&format!(
                "s Produce 9 {{acks: -1, timeout_ms: 30000, topic_data: [{{name: \"~{topic}\", partition_data: [{{index: {index}, records: {batch}}}]}}]}}"
            ));
        }
        for index in [0, 1] {
            case.extend(&format!(
                "s Fetch 11 {{max_wait_ms: 0, topics: [{{topic: \"~{topic}\", partitions: [{{partition: {index}, fetch_offset: 0, partition_max_bytes: 10000000}}]}}]}}"
            ));
        }
    }
    case
}

fn setup(case: &mut Case, api: &Api, version: i16, draw: &mut Draw) {
    let mut line = |text: String| case.extend(&text);
    let policy = ["delete", "delete", "delete", "compact"][draw.below(4)];
    line(format!(
        "s CreateTopics 7 {{topics: [{{name: \"~a\", num_partitions: 2, replication_factor: 1, configs: [{{name: \"cleanup.policy\", value: \"{policy}\"}}, {{name: \"retention.ms\", value: \"-1\"}}]}}, {{name: \"~b\", num_partitions: 1, replication_factor: 1, configs: [{{name: \"retention.ms\", value: \"-1\"}}]}}], timeout_ms: 30000}}\n  ida = topics[0].topic_id\n  idb = topics[1].topic_id"
    ));
    if groups::APIS.contains(&api.name.as_str()) {
        groups::setup().into_iter().for_each(&mut line);
    }
    if matches!(api.name.as_str(), "Produce" | "Fetch" | "ListOffsets") {
        line(
            "s InitProducerId 4 {transactional_id: null, transaction_timeout_ms: 60000}\n  pid = producer_id"
                .into(),
        );
    }
    for _ in 0..draw.below(4) {
        let time = 1_700_000_000_000i64 + draw.below(5) as i64 * 10;
        let (records, codec) = (1 + draw.below(3), ["none", "none", "lz4"][draw.below(3)]);
        line(format!(
            "s Produce 9 {{acks: -1, timeout_ms: 30000, topic_data: [{{name: \"~a\", partition_data: [{{index: 0, records: batch(records={records}, time={time}, step=3, codec=\"{codec}\")}}]}}]}}"
        ));
    }
    if api.name == "Fetch" && 7 <= version {
        let topic = if version < 13 { "topic: \"~a\"" } else { "topic_id: $ida" };
        line(format!(
            "a Fetch {version} {{max_wait_ms: 0, session_epoch: 0, topics: [{{{topic}, partitions: [{{partition: 0, fetch_offset: 0, partition_max_bytes: 1000}}]}}]}}\n  session = session_id"
        ));
    }
}

/// Something else happens in between.
fn change(case: &mut Case, draw: &mut Draw) {
    let changes = [
        "s DeleteRecords 2 {topics: [{name: \"~a\", partitions: [{partition_index: 0, offset: 2}]}], timeout_ms: 30000}",
        "s DeleteRecords 2 {topics: [{name: \"~a\", partitions: [{partition_index: 0, offset: -1}]}], timeout_ms: 30000}",
        "s Produce 9 {acks: -1, timeout_ms: 30000, topic_data: [{name: \"~a\", partition_data: [{index: 0, records: batch(records=2, time=1700000000025)}]}]}",
        "s Produce 9 {acks: -1, timeout_ms: 30000, topic_data: [{name: \"~b\", partition_data: [{index: 0, records: batch()}]}]}",
        "s CreatePartitions 3 {topics: [{name: \"~b\", count: 2, assignments: null}], timeout_ms: 30000}",
    ];
    case.extend(draw.pick(&changes));
}

impl Case {
    fn extend(&mut self, lines: &str) {
        let more = Case::parse(lines).expect("the generator writes legal lines");
        self.steps.extend(more.steps);
    }
}

/// Of a partition that stands twice in one produce request Kafka stores the last that it can read, and answers
/// with the error of any that it cannot.
fn name_each_partition_once(body: &mut Value) {
    let mut seen = BTreeSet::new();
    let Some(Value::List(topics)) = body.get_mut("topic_data") else { return };
    for topic in topics {
        let key = topic.get("name").or(topic.get("topic_id")).map_or_else(String::new, Value::to_string);
        if let Some(Value::List(partitions)) = topic.get_mut("partition_data") {
            partitions.retain(|p| seen.insert((key.clone(), p.get("index").and_then(Value::int))));
        }
    }
}

/// What is drawn for.
struct Drawn<'a> {
    codec: Codec<'a>,
    api: &'a Api,
    version: i16,
}

impl Drawn<'_> {
    fn body(&self, draw: &mut Draw, definition: &Struct, depth: usize) -> Value {
        let fields = definition.fields.iter().filter(|f| self.codec.has(f));
        Value::Struct(fields.map(|f| (f.name.clone(), self.field(draw, f, depth))).collect())
    }

    fn field(&self, draw: &mut Draw, field: &Field, depth: usize) -> Value {
        if self.codec.may_be_null(field) && self.is_null(draw, field) {
            return Value::Null;
        }
        match &field.ty {
            Type::Array(inner) => {
                let counts: &[usize] = if depth == 0 { &[0, 1, 1, 1, 2, 3] } else { &[0, 1, 1, 1, 1, 2] };
                let count = if matches!(field.name.as_str(), "assignments") {
                    draw.below(6) / 4
                } else if depth == 0 && draw.one_in(50) {
                    LONG_ARRAY
                } else {
                    draw.pick(counts)
                };
                let mut items: Vec<Value> =
                    (0..count).map(|_| self.item(draw, field, inner, depth)).collect();
                // The same again.
                if let Some(first) = items.first().cloned().filter(|_| draw.one_in(12)) {
                    items.push(first);
                }
                Value::List(items)
            }
            Type::Struct(_) => match self.codec.inner(&field.ty) {
                Some(definition) if !draw.one_in(3) => self.body(draw, definition, depth + 1),
                _ => codec::default(field),
            },
            Type::Primitive(name) => self.primitive(draw, &field.name, name),
        }
    }

    fn item(&self, draw: &mut Draw, field: &Field, ty: &Type, depth: usize) -> Value {
        match (ty, self.codec.inner(ty)) {
            (_, Some(definition)) => self.body(draw, definition, depth + 1),
            (Type::Primitive(name), None) => self.primitive(draw, &field.name, name),
            _ => Value::Null,
        }
    }

    fn is_null(&self, draw: &mut Draw, field: &Field) -> bool {
        match field.name.as_str() {
            // Kafka stores what says that it is transactional: from there on the logs would differ.
            "transactional_id" => self.api.name == "Produce" || !draw.one_in(8),
            "records" => false,
            "topics" | "configuration_keys" => draw.one_in(6),
            // A topic is named by its name or by its id.
            "name" => 12 <= self.version && draw.one_in(2),
            _ => draw.one_in(3),
        }
    }

    fn primitive(&self, draw: &mut Draw, field: &str, ty: &str) -> Value {
        let int = |draw: &mut Draw, from: &[i64]| Value::Int(draw.pick(from));
        if groups::APIS.contains(&self.api.name.as_str())
            && let Some(value) = groups::primitive(draw, &self.api.name, field)
        {
            return value;
        }
        match (field, ty) {
            // An idempotent producer goes on, or says the same again.
            ("records", _) if draw.one_in(3) => parse(draw.pick(SEQUENCE)),
            ("records", _) => {
                // In an old request a codec that nobody knows makes Kafka fail over all of it.
                let batch = draw.pick(BATCHES);
                let is_fatal = self.version < 7 && batch.contains("bits=5");
                parse(if is_fatal { BATCHES[0] } else { batch })
            }
            ("topic_id", _) => {
                let ids = [
                    "$ida",
                    "$ida",
                    "$ida",
                    "$idb",
                    "uuid\"0123456789abcdef0123456789abcdef\"",
                    "uuid\"00000000000000000000000000000000\"",
                ];
                // Kafka fails over two topics without an id in one fetch.
                let count = if self.api.name == "Fetch" { ids.len() - 1 } else { ids.len() };
                parse(draw.pick(&ids[..count]))
            }
            (_, "uuid") => Value::Uuid([0; 16]),
            ("client_software_name" | "client_software_version", _) => {
                text(draw.pick(&["twin", "1.0", "a-b.c", "", " ", "a b", "-a", "ü"]))
            }
            ("transactional_id", _) => text(draw.pick(&["", "~tx"])),
            ("resource_name", _) => text(draw.pick(&["~a", "~a", "~none", "1", "1", "2", "", "~bad/x"])),
            ("configuration_keys", _) => text(draw.pick(CONFIGS).0),
            ("rack_id" | "rack", _) => text(draw.pick(&["", "r"])),
            ("name" | "topic" | "topic_names" | "topics", "string") if self.api.name == "CreateTopics" => {
                let long = long_name(draw);
                text(draw.pick(&[
                    "~a",
                    "~new",
                    "~new",
                    "~new2",
                    "",
                    ".",
                    "..",
                    "~b/c",
                    "~ü",
                    "~a.b",
                    "~a_b",
                    long.as_str(),
                ]))
            }
            ("name", "string") if alters_configs(self.api) => text(draw.pick(CONFIGS).0),
            ("value", _) if alters_configs(self.api) => text(draw.pick(CONFIGS).1),
            ("config_operation", _) => int(draw, &[0, 0, 0, 1, 2, 3]),
            // What a broker is told stays with it.
            ("resource_type", _) if alters_configs(self.api) => int(draw, &[2, 2, 2, 2, 99, 0]),
            ("name", "string") if self.api.name == "DescribeConfigs" => text("retention.ms"),
            ("name", "string") if self.api.name == "Produce" && draw.one_in(25) => {
                text("__transaction_state")
            }
            (_, "string") if draw.one_in(25) => text(&long_name(draw)),
            (_, "string") => text(draw.pick(TOPICS)),
            ("value", _) => text("1"),
            ("max_wait_ms", _) => int(draw, &[0, 0, 0, 20, -1]),
            ("timeout_ms" | "timeout", _) => int(draw, &[30_000, 30_000, 30_000, 30_000, 0, -1]),
            ("min_bytes", _) => int(draw, &[0, 1, 1, -1, 100_000]),
            ("max_bytes" | "partition_max_bytes", _) => int(draw, &[1_000_000, 1_000_000, 100, 0, 1, -1]),
            ("isolation_level", _) => int(draw, &[0, 0, 0, 1, 1, 5]),
            ("session_id", _) => parse(draw.pick(&["0", "0", "$session", "$session", "12345"])),
            ("session_epoch", _) => int(draw, &[-1, -1, 0, 1, 2, 3, -5]),
            ("replica_id", _) => int(draw, &[-1, -1, -1, -1, -1, -2, 1, 5]),
            ("acks", _) => int(draw, &[-1, -1, -1, -1, -1, 1, 1, 1, 0, 2, -2]),
            ("partition" | "partition_index" | "index" | "partitions", _) => {
                int(draw, &[0, 0, 0, 0, 1, 2, -1, 99])
            }
            ("fetch_offset" | "offset", _) => int(draw, &[0, 0, 1, 2, 3, 5, -1, -2, 100, i64::MAX]),
            ("log_start_offset", _) => Value::Int(-1),
            ("current_leader_epoch" | "leader_epoch", _) => int(draw, &[-1, -1, -1, 0, 0, 1, 99, -2]),
            ("last_fetched_epoch", _) => int(draw, &[-1, -1, -1, 0, 5]),
            ("timestamp", _) => int(
                draw,
                &[
                    -1,
                    -2,
                    -3,
                    -4,
                    -5,
                    -6,
                    -7,
                    0,
                    1_700_000_000_000,
                    1_700_000_000_021,
                    1_800_000_000_000,
                    i64::MIN,
                    i64::MAX,
                ],
            ),
            ("num_partitions", _) => int(draw, &[1, 1, 2, 3, -1, 0, -2, 20_000]),
            ("count", _) => int(draw, &[1, 2, 3, 3, 4, 0, -1]),
            ("replication_factor", _) => int(draw, &[1, 1, 1, -1, 0, 2, -2]),
            // Of the two brokers that there are, none is taken out of its cluster.
            ("broker_id", _) if self.api.name == "UnregisterBroker" => int(draw, &[2, 77, -1]),
            ("broker_ids" | "replicas", _) => int(draw, &[1, 1, 1, 2, -1]),
            ("election_type", _) => int(draw, &[0, 0, 0, 1, 1, 2, -1]),
            ("topic_name", _) if !draw.one_in(3) => text("__cluster_metadata"),
            ("resource_type", _) => int(draw, &[2, 2, 2, 4, 4, 99, 0]),
            ("endpoint_type", _) => int(draw, &[1, 1, 1, 2, 9]),
            ("transaction_timeout_ms", _) => int(draw, &[60_000, 0, -1]),
            ("producer_id", _) => int(draw, &[-1, -1, -1, 5]),
            ("producer_epoch", _) => int(draw, &[-1, -1, -1, 0]),
            ("high_watermark", _) => Value::Int(i64::MAX),
            ("include_topic_authorized_operations" | "include_cluster_authorized_operations", _) => {
                Value::Bool(draw.one_in(3))
            }
            (_, "bool") => Value::Bool(draw.one_in(2)),
            (_, "bytes") => Value::Bytes(Vec::new()),
            (_, "f64") => Value::Float(0.0),
            _ => int(draw, INTEGERS),
        }
    }
}
