//! Differences that are meant: what Kafka does, what Ottla does, and why. `docs/differences.md` is made from
//! this list, and an entry that no longer occurs fails the run, so that the list cannot rot.

use crate::{compare::Difference, value::Value};

/// A difference that is meant.
pub struct Meant {
    /// Its id.
    pub id: &'static str,
    /// What Kafka does.
    pub kafka: &'static str,
    /// What Ottla does.
    pub ottla: &'static str,
    /// Why.
    pub why: &'static str,
    /// Whether a difference is this one.
    pub matches: fn(&Difference) -> bool,
}

fn asks(d: &Difference, api: &str) -> bool {
    d.api == api
}

/// Whether a batch was refused with `code` that Kafka stored.
fn is_stricter(d: &Difference, code: &str) -> bool {
    asks(d, "Produce") && d.path.ends_with("error_code") && d.reference == "0" && d.other == code
}

/// Whether a request has a text that leaves no place for words around it.
fn quotes_at_length(request: &Value) -> bool {
    let mut found = false;
    request.walk(&mut |v| found |= v.text().is_some_and(|text| 32_000 < text.len()));
    found
}

fn mentions(value: &Value, wanted: &Value) -> bool {
    let mut found = false;
    value.walk(&mut |v| found |= v == wanted);
    found
}

/// The list.
pub const MEANT: &[Meant] = &[
    Meant {
        id: "not-served",
        kafka: "lists every API of a broker in ApiVersions, and the features it has finalized",
        ottla: "lists what it serves, at the versions it serves",
        why: "nothing is advertised that does not work; transactions, security and quotas follow",
        matches: |d| {
            asks(d, "ApiVersions")
                && ["api_keys", "supported_features", "finalized_features", "finalized_features_epoch"]
                    .iter()
                    .any(|p| d.path.starts_with(p))
        },
    },
    Meant {
        id: "own-settings",
        kafka: "has no settings of Ottla's",
        ottla: "lists them beside Kafka's: `cluster.id`, and those whose names begin with `ottla.`",
        why: "what can be set can be seen",
        matches: |d| {
            let is_own = d.path.contains("\"ottla.") || d.path.contains("\"cluster.id\"");
            is_own && d.reference == "not listed"
        },
    },
    Meant {
        id: "elr-default",
        kafka: "lists min.insync.replicas as a dynamic default of the cluster (source 3), which ELR wrote there",
        ottla: "lists it as a default (source 5)",
        why: "eligible leader replicas come with replication",
        matches: |d| {
            let source = d.path.ends_with("config_source") || d.path.ends_with("synonyms.source");
            source && d.reference == "3" && d.other == "5"
                || d.path.ends_with("\"min.insync.replicas\"") && d.reference == "listed"
        },
    },
    Meant {
        id: "order-of-hash-maps",
        kafka: "answers topics, partitions and settings in the order of a hash map",
        ottla: "answers in the order of the request",
        why: "no client relies on an order that Kafka itself does not keep",
        matches: |d| {
            d.path.ends_with("(order)")
                && [
                    "DeleteRecords",
                    "DeleteTopics",
                    "CreatePartitions",
                    "CreateTopics",
                    "Produce",
                    "DescribeConfigs",
                    "DeleteGroups",
                    "JoinGroup",
                    "DescribeGroups",
                    "ConsumerGroupDescribe",
                    "OffsetFetch",
                    "ListOffsets",
                    "ElectLeaders",
                    "Metadata",
                ]
                .contains(&d.api.as_str())
        },
    },
    Meant {
        id: "deleted-timestamps",
        kafka: "finds the largest timestamp (-3) among deleted records until it removes their segments, minutes later",
        ottla: "removes them at once",
        why: "what was deleted is gone",
        matches: |d| {
            asks(d, "ListOffsets")
                && mentions(&d.request, &Value::Int(-3))
                && [".timestamp", ".offset", ".leader_epoch"].iter().any(|end| d.path.ends_with(end))
        },
    },
    Meant {
        id: "isolation-levels",
        kafka: "answers a fetch with an unknown isolation level with its own entries, empty and double ones too",
        ottla: "names each partition once",
        why: "no client sends such a level",
        matches: |d| {
            let level = d.request.get("isolation_level").and_then(Value::int).unwrap_or(0);
            asks(d, "Fetch") && d.path.starts_with("responses") && !matches!(level, 0 | 1)
        },
    },
    Meant {
        id: "no-transactions",
        kafka: "begins a transactional producer, or answers that its coordinator is not there yet",
        ottla: "answers UNSUPPORTED_VERSION (35) to InitProducerId with a transactional id",
        why: "there are no transactions yet, and a client that retries would wait in vain",
        matches: |d| {
            asks(d, "InitProducerId") && d.other == "35"
                || asks(d, "Produce") && matches!(d.other.as_str(), "48" | "120")
        },
    },
    Meant {
        id: "unreadable-records",
        kafka: "answers UNKNOWN_SERVER_ERROR (-1) to compressed records that it cannot read",
        ottla: "answers with the code that names the mistake",
        why: "a client that is told what is wrong does not try again",
        matches: |d| {
            asks(d, "Produce") && d.reference == "-1" && matches!(d.other.as_str(), "2" | "10" | "87")
        },
    },
    Meant {
        id: "null-records",
        kafka: "never answers a produce request whose records are null, and its connection is stuck",
        ottla: "answers INVALID_RECORD (87)",
        why: "a request is answered",
        matches: |d| asks(d, "Produce") && d.reference == "nothing",
    },
    Meant {
        id: "told-why",
        kafka: "refuses records that are not one batch of format 2 without a message",
        ottla: "says what is wrong with them",
        why: "a client that is told why can be mended",
        matches: |d| {
            let is_empty = |path: &str, empty: &str| d.path.ends_with(path) && d.reference == empty;
            asks(d, "Produce") && (is_empty("error_message", "null") || is_empty("record_errors", "[]"))
        },
    },
    Meant {
        id: "no-texts-of-settings",
        kafka: "tells the documentation of settings that is asked for",
        ottla: "answers null",
        why: "the texts are Kafka's; those of Ottla's own settings are in its pages",
        matches: |d| asks(d, "DescribeConfigs") && d.path.ends_with("documentation") && d.other == "null",
    },
    Meant {
        id: "fixed-settings",
        kafka: "lists settings of a broker that can be altered while it runs as such",
        ottla: "lists all settings of a broker as read-only",
        why: "they are: altering them comes later",
        matches: |d| asks(d, "DescribeConfigs") && d.path.ends_with("read_only") && d.other == "true",
    },
    Meant {
        id: "lengths-of-records",
        kafka: "stores compressed records whose own lengths are wrong: it does not read them",
        ottla: "answers INVALID_RECORD (87)",
        why: "a consumer could not read them, nor what lies behind them",
        matches: |d| is_stricter(d, "87") && d.request.to_string().contains("batch(codec=\"gzip\", payload="),
    },
    Meant {
        id: "strict-compression",
        kafka: "stores gzip files with bytes behind their end, LZ4 frames with a wrong checksum, and zstd frames with a window of more than 8 MiB",
        ottla: "answers INVALID_RECORD (87)",
        why: "what is damaged is not stored, and a window is memory that each reader must have",
        matches: |d| is_stricter(d, "87") && d.request.to_string().contains(" payload="),
    },
    Meant {
        id: "long-messages",
        kafka: "answers UNKNOWN_SERVER_ERROR (-1) where its message quotes a name so long that the wire cannot carry it",
        ottla: "answers the code of the mistake, and cuts the message",
        why: "a client that is told what is wrong does not try again",
        matches: |d| d.path.ends_with("error_code") && d.reference == "-1" && quotes_at_length(&d.request),
    },
    Meant {
        id: "decompressed-size",
        kafka: "decompresses a batch to its end, whatever its size",
        ottla: "answers MESSAGE_TOO_LARGE (10) beyond 64 MiB",
        why: "a few kilobytes must not cost a broker gigabytes of work",
        matches: |d| is_stricter(d, "10") && d.request.to_string().contains(" size="),
    },
    Meant {
        id: "late-instance",
        kafka: "answers UNKNOWN_SERVER_ERROR (-1) to a member that joins with the id it was given and a `group.instance.id` that it did not have then",
        ottla: "answers UNKNOWN_MEMBER_ID (25)",
        why: "no member of that instance is known, and its client joins anew",
        matches: |d| asks(d, "JoinGroup") && d.reference == "-1" && d.other == "25",
    },
    Meant {
        id: "nobodys-epoch",
        kafka: "answers UNKNOWN_SERVER_ERROR (-1) to an OffsetFetch with the epoch of a member, but without a member",
        ottla: "answers UNKNOWN_MEMBER_ID (25)",
        why: "a client that is told what is wrong does not try again",
        matches: |d| asks(d, "OffsetFetch") && d.reference == "-1" && d.other == "25",
    },
    Meant {
        id: "regex-at-once",
        kafka: "searches for the topics of a new regular expression after it has answered",
        ottla: "searches before it answers",
        why: "a member gets its partitions one heartbeat earlier",
        matches: |d| {
            asks(d, "ConsumerGroupHeartbeat")
                && d.request
                    .get("subscribed_topic_regex")
                    .and_then(Value::text)
                    .is_some_and(|r| !r.is_empty())
                && (d.path == "member_epoch" || d.path.starts_with("assignment"))
        },
    },
    Meant {
        id: "directories-of-voters",
        kafka: "tells no directories of voters that are given by controller.quorum.voters",
        ottla: "tells the directory of every voter",
        why: "the log names the voters, and an empty disk under an old id is another one (KIP-853)",
        matches: |d| {
            asks(d, "DescribeQuorum")
                && d.path.ends_with(".replica_directory_id")
                && d.reference.contains(&"0".repeat(32))
        },
    },
    Meant {
        id: "offset-deltas",
        kafka: "stores records whose offset deltas do not count up from 0",
        ottla: "answers INVALID_RECORD (87)",
        why: "a consumer could not find such a record by its offset",
        matches: |d| is_stricter(d, "87") && d.request.to_string().contains(" delta="),
    },
];

/// The entry that explains a difference.
pub fn explain(difference: &Difference) -> Option<&'static Meant> {
    MEANT.iter().find(|meant| (meant.matches)(difference))
}

/// The list as a page.
pub fn page() -> String {
    let mut out = String::from("| id | Kafka | Ottla | why |\n|---|---|---|---|\n");
    for meant in MEANT {
        let Meant { id, kafka, ottla, why, matches: _ } = meant;
        out.push_str(&format!("| `{id}` | {kafka} | {ottla} | {why} |\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_of_differences_is_this_list() {
        let page = include_str!("../../../docs/differences.md");
        assert!(
            page.contains(&super::page()),
            "put the output of `cargo twin --page` into docs/differences.md"
        );
    }
}
