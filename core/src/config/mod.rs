//! Settings: Kafka's names, checked when they are read, with one place that says which are honoured.

pub mod kafka;

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::{limits::STRING_LENGTH_MAX_BYTES, log::LogConfig};

/// The type of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Boolean,
    String,
    Int,
    Short,
    Long,
    Double,
    List,
    Class,
    Password,
}

/// What a value must be beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Check {
    Any,
    AtLeast(i64),
    Between(i64, i64),
    OneOf(&'static [&'static str]),
    /// A list of one or more of these.
    SomeOf(&'static [&'static str]),
    /// A gzip level: 1 to 9, or -1.
    Level,
}

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Kafka's name.
    pub name: &'static str,
    /// The type.
    pub kind: Kind,
    /// The default; `None` is null.
    pub default: Option<&'static str>,
    /// The check.
    pub check: Check,
    /// It can change while the broker runs.
    pub dynamic: bool,
    /// For a topic's setting: the broker's settings that give its default.
    pub synonyms: &'static [&'static str],
}

/// A value that a setting cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The setting.
    pub name: String,
    /// What is wrong and how to mend it.
    pub why: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.why)
    }
}

impl std::error::Error for ConfigError {}

impl Setting {
    /// Checks a value.
    ///
    /// # Errors
    /// A sentence that names the setting, the value and what is allowed.
    pub fn check(&self, value: &str) -> Result<(), ConfigError> {
        let fail = |why: String| Err(ConfigError { name: self.name.into(), why });
        let number = match self.kind {
            Kind::Boolean if !matches!(value.to_ascii_lowercase().as_str(), "true" | "false") => {
                return fail(format!("«{value}» is neither true nor false"));
            }
            Kind::Int => value.parse::<i32>().map(i64::from).map(Some).map_err(|_| "a 32-bit number"),
            Kind::Short => value.parse::<i16>().map(i64::from).map(Some).map_err(|_| "a 16-bit number"),
            Kind::Long => value.parse::<i64>().map(Some).map_err(|_| "a 64-bit number"),
            Kind::Double => value.parse::<f64>().map(|v| Some(v as i64)).map_err(|_| "a number"),
            Kind::Boolean | Kind::String | Kind::List | Kind::Class | Kind::Password => Ok(None),
        };
        let number = match number {
            Ok(number) => number,
            Err(wanted) => return fail(format!("«{value}» is not {wanted}")),
        };
        match (self.check, number) {
            (Check::AtLeast(min), Some(n)) if n < min => {
                fail(format!("{n} is too small: give {min} or more"))
            }
            (Check::Between(min, max), Some(n)) if n < min || max < n => {
                fail(format!("{n} is out of range: give {min} to {max}"))
            }
            (Check::Level, Some(n)) if n != -1 && !(1..=9).contains(&n) => {
                fail(format!("{n} is out of range: give 1 to 9, or -1"))
            }
            (Check::SomeOf(_), _) if value.trim().is_empty() => fail("give at least one".into()),
            (Check::OneOf(allowed) | Check::SomeOf(allowed), _) => {
                let wrong = |v: &str| !allowed.contains(&v);
                let found = match self.kind {
                    // A list may be empty.
                    Kind::List => value.split(',').map(str::trim).find(|v| wrong(v) && !value.is_empty()),
                    _ => Some(value).filter(|v| wrong(v)),
                };
                found.map_or(Ok(()), |v| fail(format!("«{v}» is none of {}", allowed.join(", "))))
            }
            _ => Ok(()),
        }
    }
}

/// Ottla's own settings of the broker.
pub const OTTLA_BROKER: &[Setting] = &[
    // What Kafka gives when it formats; empty lets the quorum draw one.
    Setting {
        name: "cluster.id",
        kind: Kind::String,
        default: Some(""),
        check: Check::Any,
        dynamic: false,
        synonyms: &[],
    },
    Setting {
        name: "ottla.cores",
        kind: Kind::Int,
        default: Some("0"),
        check: Check::Between(0, 1024),
        dynamic: false,
        synonyms: &[],
    },
    // Groups of the whole broker: a partition of their topic takes its share.
    Setting {
        name: "ottla.groups.max",
        kind: Kind::Int,
        default: Some("200000"),
        check: Check::AtLeast(1),
        dynamic: false,
        synonyms: &[],
    },
    // Where the operator's HTTP endpoints listen; empty is nowhere.
    Setting {
        name: "ottla.http.listener",
        kind: Kind::String,
        default: Some("127.0.0.1:9644"),
        check: Check::Any,
        dynamic: false,
        synonyms: &[],
    },
    Setting {
        name: "ottla.validate.compressed",
        kind: Kind::Boolean,
        default: Some("false"),
        check: Check::Any,
        dynamic: false,
        synonyms: &[],
    },
];

/// Ottla's own settings of a topic.
pub const OTTLA_TOPIC: &[Setting] = &[Setting {
    name: "ottla.validate.compressed",
    kind: Kind::Boolean,
    default: Some("false"),
    check: Check::Any,
    dynamic: true,
    synonyms: &["ottla.validate.compressed"],
}];

/// Settings whose default in Ottla is not Kafka's.
const DEFAULTS: &[(&str, &str)] = &[
    // Acknowledged means synced, unless somebody asks for the page cache.
    ("log.flush.interval.messages", "1"),
    ("log.dirs", "./ottla-data"),
    ("listeners", "PLAINTEXT://127.0.0.1:9092"),
    ("node.id", "1"),
    ("process.roles", "broker,controller"),
    ("controller.listener.names", "CONTROLLER"),
];

/// The broker's settings that Ottla honours. All others of Kafka's are accepted and named in a warning.
pub const HONOURED: &[&str] = &[
    "advertised.listeners",
    "auto.create.topics.enable",
    "broker.heartbeat.interval.ms",
    "broker.id",
    "broker.rack",
    "broker.session.timeout.ms",
    "compression.type",
    "connections.max.idle.ms",
    "controller.listener.names",
    "controller.quorum.auto.join.enable",
    "controller.quorum.bootstrap.servers",
    "controller.quorum.election.timeout.ms",
    "controller.quorum.fetch.timeout.ms",
    "controller.quorum.voters",
    "default.replication.factor",
    "delete.topic.enable",
    "fetch.max.bytes",
    "group.consumer.assignment.interval.ms",
    "group.consumer.assignors",
    "group.consumer.heartbeat.interval.ms",
    "group.consumer.max.session.timeout.ms",
    "group.consumer.max.size",
    "group.consumer.migration.policy",
    "group.consumer.min.session.timeout.ms",
    "group.consumer.session.timeout.ms",
    "group.initial.rebalance.delay.ms",
    "group.max.session.timeout.ms",
    "group.max.size",
    "group.min.session.timeout.ms",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "listeners",
    "log.cleanup.policy",
    "log.dir",
    "log.dirs",
    "log.flush.interval.messages",
    "log.flush.offset.checkpoint.interval.ms",
    "log.index.interval.bytes",
    "log.index.size.max.bytes",
    "log.message.timestamp.after.max.ms",
    "log.message.timestamp.before.max.ms",
    "log.message.timestamp.type",
    "log.retention.bytes",
    "log.retention.check.interval.ms",
    "log.retention.hours",
    "log.retention.minutes",
    "log.retention.ms",
    "log.roll.hours",
    "log.roll.ms",
    "log.segment.bytes",
    "log.segment.delete.delay.ms",
    "max.connections",
    "max.connections.per.ip",
    "max.incremental.fetch.session.cache.slots",
    "message.max.bytes",
    "metadata.log.max.record.bytes.between.snapshots",
    "metadata.log.max.snapshot.interval.ms",
    "metadata.log.segment.bytes",
    "metadata.log.segment.ms",
    "metadata.max.retention.bytes",
    "metadata.max.retention.ms",
    "min.insync.replicas",
    "node.id",
    "num.partitions",
    "offset.metadata.max.bytes",
    "offsets.retention.check.interval.ms",
    "offsets.retention.minutes",
    "offsets.topic.num.partitions",
    "offsets.topic.replication.factor",
    "offsets.topic.segment.bytes",
    "process.roles",
    "producer.id.expiration.ms",
    "replica.fetch.max.bytes",
    "replica.fetch.min.bytes",
    "replica.fetch.response.max.bytes",
    "replica.fetch.wait.max.ms",
    "replica.lag.time.max.ms",
    "replica.socket.timeout.ms",
    "socket.request.max.bytes",
    "unclean.leader.election.enable",
];

/// The topic's settings that are kept but have no effect yet.
pub const TOPIC_NOT_HONOURED: &[&str] = &[
    "compression.gzip.level",
    "compression.lz4.level",
    "compression.zstd.level",
    "delete.retention.ms",
    "flush.ms",
    "follower.replication.throttled.replicas",
    "leader.replication.throttled.replicas",
    "local.retention.bytes",
    "local.retention.ms",
    "max.compaction.lag.ms",
    "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms",
    "preallocate",
    "remote.log.copy.disable",
    "remote.log.delete.on.disable",
    "remote.storage.enable",
    "segment.jitter.ms",
];

/// Finds a broker's setting.
pub fn broker_setting(name: &str) -> Option<&'static Setting> {
    kafka::BROKER.iter().chain(OTTLA_BROKER).find(|s| s.name == name)
}

/// Finds a topic's setting.
pub fn topic_setting(name: &str) -> Option<&'static Setting> {
    kafka::TOPIC.iter().chain(OTTLA_TOPIC).find(|s| s.name == name)
}

/// Checks a topic's setting and its value.
///
/// # Errors
/// There is no such setting, or it cannot have that value.
pub fn check_topic(name: &str, value: &str) -> Result<(), ConfigError> {
    known_topic_setting(name)?.check(value)?;
    if name == "compression.type" && value != "producer" {
        let why = "Ottla stores batches as they are sent: only «producer» works yet".into();
        return Err(ConfigError { name: name.into(), why });
    }
    Ok(())
}

fn known_topic_setting(name: &str) -> Result<&'static Setting, ConfigError> {
    let unknown = || ConfigError { name: name.into(), why: format!("Unknown topic config name: {name}") };
    topic_setting(name).ok_or_else(unknown)
}

/// The broker's settings: what was given, over the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerConfig(BTreeMap<String, String>);

impl BrokerConfig {
    /// Takes a setting. Later calls win.
    ///
    /// # Errors
    /// Neither Kafka nor Ottla has such a setting, or it cannot have that value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ConfigError> {
        let Some(setting) = broker_setting(name) else {
            let accepted = ["listener.name.", "rsm.config.", "rlmm.config."];
            if matches!(name, "super.users" | "allow.everyone.if.no.acl.found")
                || accepted.iter().any(|p| name.starts_with(p))
            {
                self.0.insert(name.into(), value.into());
                return Ok(());
            }
            let why = format!(
                "there is no such setting{}",
                nearest(name).map_or(String::new(), |n| format!("; did you mean «{n}»?"))
            );
            return Err(ConfigError { name: name.into(), why });
        };
        setting.check(value.trim())?;
        if STRING_LENGTH_MAX_BYTES < value.len() {
            let why = format!("{} bytes are more than a value has: {STRING_LENGTH_MAX_BYTES}", value.len());
            return Err(ConfigError { name: name.into(), why });
        }
        if name == "compression.type" {
            check_topic(name, value.trim())?;
        }
        self.0.insert(name.into(), value.trim().into());
        Ok(())
    }

    /// The names of Kafka's settings that were given and have no effect.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|n| {
            !HONOURED.contains(n)
                && !n.starts_with("ottla.")
                && !DEFAULTS.iter().any(|(name, value)| name == n && self.0[*n] == *value)
        })
    }

    /// Whether a value was given.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value in force; `None` is null.
    pub fn get(&self, name: &str) -> Option<&str> {
        let own = || DEFAULTS.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
        // Two names for one number.
        let other = || match name {
            "broker.id" => self.given("node.id"),
            "node.id" => self.given("broker.id"),
            _ => None,
        };
        self.given(name).or_else(other).or_else(own).or_else(|| default_of(name))
    }

    /// The value as a number.
    ///
    /// # Panics
    /// The setting has neither a value nor a default, or is not a number: a mistake of the caller.
    pub fn number(&self, name: &str) -> i64 {
        self.optional_number(name).unwrap_or_else(|| panic!("{name} is a number"))
    }

    /// The value as a number; `None` is null.
    pub fn optional_number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// The value as a truth.
    pub fn boolean(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| v.eq_ignore_ascii_case("true"))
    }

    /// The value as a list.
    pub fn list(&self, name: &str) -> Vec<String> {
        let items = self.get(name).unwrap_or_default().split(',').map(str::trim);
        items.filter(|i| !i.is_empty()).map(str::to_owned).collect()
    }

    /// The directory of the logs: `log.dirs`, or else `log.dir` where only that was given.
    pub fn log_dirs(&self) -> Vec<String> {
        let only_dir = self.given("log.dirs").is_none() && self.given("log.dir").is_some();
        self.list(if only_dir { "log.dir" } else { "log.dirs" })
    }

    /// What a topic's setting is unless the topic says otherwise, and the broker's setting that gave it.
    pub fn topic_default(&self, setting: &Setting) -> (String, Option<&'static str>) {
        for synonym in setting.synonyms {
            let scale = match *synonym {
                "log.retention.minutes" => 60_000,
                "log.retention.hours" | "log.roll.hours" | "log.roll.jitter.hours" => 3_600_000,
                _ => 1,
            };
            let given =
                self.given(synonym).or_else(|| DEFAULTS.iter().find(|(n, _)| n == synonym).map(|(_, v)| *v));
            if let Some(value) = given {
                let scaled = value
                    .parse::<i64>()
                    .ok()
                    .filter(|n| scale != 1 && 0 <= *n)
                    .map(|n| (n * scale).to_string());
                return (scaled.unwrap_or_else(|| value.to_owned()), Some(synonym));
            }
        }
        (setting.default.unwrap_or_default().to_owned(), None)
    }

    /// The log settings of a topic with these overrides.
    pub fn log_config(&self, overrides: &BTreeMap<String, String>) -> Arc<LogConfig> {
        let text = |name: &str| {
            let setting = topic_setting(name).expect("the table has it");
            overrides.get(name).cloned().unwrap_or_else(|| self.topic_default(setting).0)
        };
        let number = |name: &str| text(name).parse::<i64>().expect("it was checked");
        let policy = text("cleanup.policy");
        let has = |p: &str| policy.split(',').any(|x| x.trim() == p);
        Arc::new(LogConfig {
            segment_bytes: number("segment.bytes") as u64,
            segment_ms: number("segment.ms"),
            segment_index_bytes: number("segment.index.bytes") as u64,
            index_interval_bytes: number("index.interval.bytes") as u64,
            retention_ms: Some(number("retention.ms")).filter(|ms| 0 <= *ms),
            retention_bytes: u64::try_from(number("retention.bytes")).ok(),
            delete: has("delete"),
            compact: has("compact"),
            max_message_bytes: number("max.message.bytes") as usize,
            log_append_time: text("message.timestamp.type") == "LogAppendTime",
            timestamp_before_max_ms: number("message.timestamp.before.max.ms"),
            timestamp_after_max_ms: number("message.timestamp.after.max.ms"),
            flush_messages: number("flush.messages") as u64,
            min_insync_replicas: number("min.insync.replicas") as usize,
            validate_compressed: text("ottla.validate.compressed").eq_ignore_ascii_case("true"),
            file_delete_delay_ms: number("file.delete.delay.ms") as u64,
        })
    }
}

/// The default of a broker's setting.
pub fn default_of(name: &str) -> Option<&'static str> {
    broker_setting(name).and_then(|s| s.default)
}

/// The setting whose name is nearest, if one is near.
fn nearest(name: &str) -> Option<&'static str> {
    let all = kafka::BROKER.iter().chain(OTTLA_BROKER).map(|s| s.name);
    all.map(|n| (distance(n, name), n)).min().filter(|(d, _)| *d <= 3).map(|(_, n)| n)
}

/// How many letters must change (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let change = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = change.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Reads the lines of a Java properties file: `name=value`, `#` and `!` begin comments.
///
/// # Errors
/// The number of a line without `=`.
pub fn parse_properties(text: &str) -> Result<Vec<(String, String)>, usize> {
    let lines = text.lines().map(str::trim).enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with(['#', '!']))
        .map(|(number, line)| {
            let (name, value) = line.split_once('=').ok_or(number + 1)?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_our_own_lists_is_in_the_table() {
        for name in HONOURED.iter().chain(DEFAULTS.iter().map(|(n, _)| n)) {
            assert!(broker_setting(name).is_some(), "{name}");
        }
        TOPIC_NOT_HONOURED.iter().for_each(|name| assert!(topic_setting(name).is_some(), "{name}"));
        for setting in kafka::TOPIC.iter().chain(OTTLA_TOPIC) {
            setting.synonyms.iter().for_each(|name| assert!(broker_setting(name).is_some(), "{name}"));
        }
    }

    #[test]
    fn a_wrong_value_is_named_with_its_fix() {
        let mut config = BrokerConfig::default();
        let mut mistake = |name, value| config.set(name, value).unwrap_err().to_string();
        assert_eq!(mistake("num.partitions", "0"), "num.partitions: 0 is too small: give 1 or more");
        assert_eq!(mistake("num.partitions", "x"), "num.partitions: «x» is not a 32-bit number");
        assert_eq!(
            mistake("log.retenion.ms", "1"),
            "log.retenion.ms: there is no such setting; did you mean «log.retention.ms»?"
        );
        assert_eq!(
            mistake("log.cleanup.policy", "delete, burn"),
            "log.cleanup.policy: «burn» is none of compact, delete"
        );
    }

    #[test]
    fn a_topic_takes_its_own_value_then_the_brokers_first_synonym() {
        let mut config = BrokerConfig::default();
        config.set("log.retention.hours", "2").unwrap();
        assert_eq!(config.log_config(&BTreeMap::new()).retention_ms, Some(7_200_000));
        config.set("log.retention.ms", "-1").unwrap();
        assert_eq!(config.log_config(&BTreeMap::new()).retention_ms, None);
        let own = BTreeMap::from([("retention.ms".to_owned(), "5".to_owned())]);
        assert_eq!(config.log_config(&own).retention_ms, Some(5));
        assert!(config.log_config(&own).sync_each());
    }
}
