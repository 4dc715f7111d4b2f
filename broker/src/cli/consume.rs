//! `ottla consume`: prints records.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use clap::{Args, ValueEnum};
use ottla_client::{
    Client,
    consumer::{Consumer, ConsumerConfig, ConsumerRecord, Position},
    group::{GroupConfig, GroupConsumer, Protocol},
};
use ottla_net::env::TokioEnv;
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct ConsumeArguments {
    #[command(flatten)]
    connect: Connect,
    /// The topic.
    topic: String,
    /// The partition; all if absent.
    #[arg(long, short)]
    partition: Option<i32>,
    /// beginning, latest, an offset, or @ and a time in milliseconds since 1970.
    #[arg(long, default_value = "beginning")]
    from: String,
    /// Waits for more at the end.
    #[arg(long, short)]
    follow: bool,
    /// Ends after so many records.
    #[arg(long, short = 'n')]
    count: Option<u64>,
    /// Reads as a member of this group, and commits what was printed.
    #[arg(long, short, conflicts_with = "partition")]
    group: Option<String>,
    /// How the group shares out: by its members, or by the coordinator (KIP-848).
    #[arg(long, value_enum, default_value_t = GroupProtocol::Classic, requires = "group")]
    group_protocol: GroupProtocol,
    /// What is printed of a record.
    #[arg(long, value_enum, default_value_t = Format::Value)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GroupProtocol {
    /// One of the members assigns.
    Classic,
    /// The coordinator assigns.
    Consumer,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The value.
    Value,
    /// Key, tab, value.
    KeyValue,
    /// Partition, offset, timestamp, key, value.
    Full,
}

fn position(text: &str) -> Result<Position, Failure> {
    let wrong =
        || format!("--from {text}: give beginning, latest, an offset, or @ and milliseconds since 1970");
    Ok(match text {
        "beginning" | "earliest" => Position::Earliest,
        "latest" | "end" => Position::Latest,
        _ => match text.strip_prefix('@') {
            Some(time) => Position::Timestamp(time.parse().map_err(|_| wrong())?),
            None => Position::Offset(text.parse().map_err(|_| wrong())?),
        },
    })
}

pub(super) async fn main(env: TokioEnv, arguments: ConsumeArguments, output: Output) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    let from = position(&arguments.from)?;
    if let Some(group) = &arguments.group {
        return consume_in_group(client, group, from, &arguments, output).await;
    }
    let metadata = client.describe_topics(Some(&[&arguments.topic])).await?;
    let topic = metadata.topics.first().ok_or("the broker did not answer for the topic")?;
    ottla_client::check(topic.error_code, topic.name.as_ref())?;
    let all: Vec<i32> = topic.partitions.iter().map(|p| p.partition_index).collect();
    let partitions = arguments.partition.map_or(all, |p| vec![p]);
    let mut consumer = Consumer::new(client.clone(), ConsumerConfig::default());
    let mut ends = Vec::new();
    for partition in &partitions {
        ends.push(client.list_offset(&arguments.topic, *partition, -1).await?);
        consumer.assign(&arguments.topic, *partition, from).await?;
    }
    let mut left = arguments.count.unwrap_or(u64::MAX);
    let mut out = io::BufWriter::new(io::stdout().lock());
    loop {
        let at_end =
            |(p, end): (&i32, &i64)| consumer.position(&arguments.topic, *p).is_none_or(|at| *end <= at);
        if left == 0 || !arguments.follow && partitions.iter().zip(&ends).all(at_end) {
            break;
        }
        for record in consumer.poll().await? {
            if left == 0 {
                break;
            }
            left -= 1;
            if let Err(e) = print(&mut out, &record, arguments.format, output) {
                // The reader of a pipe has seen enough.
                return if e.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(e.into()) };
            }
        }
        out.flush()?;
    }
    out.flush()?;
    Ok(())
}

/// Reads what the group gives this member, until the ends that there were when it got its partitions.
async fn consume_in_group(
    client: Client<TokioEnv>,
    group: &str,
    from: Position,
    arguments: &ConsumeArguments,
    output: Output,
) -> Result<(), Failure> {
    let protocol = match arguments.group_protocol {
        GroupProtocol::Classic => Protocol::Classic,
        GroupProtocol::Consumer => Protocol::Consumer,
    };
    let config = GroupConfig { from, protocol, ..GroupConfig::new(group, &[&arguments.topic]) };
    let mut consumer = GroupConsumer::new(client.clone(), config, Box::new(|_| {}));
    let mut left = arguments.count.unwrap_or(u64::MAX);
    let mut ends: Option<(i32, BTreeMap<i32, i64>)> = None;
    let mut out = io::BufWriter::new(io::stdout().lock());
    while 0 < left {
        for record in consumer.poll_up_to(usize::try_from(left).unwrap_or(usize::MAX)).await? {
            left -= 1;
            if let Err(e) = print(&mut out, &record, arguments.format, output) {
                // The reader of a pipe has seen enough.
                return if e.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(e.into()) };
            }
        }
        out.flush()?;
        let partitions = consumer.assignment().get(&arguments.topic).cloned().unwrap_or_default();
        let is_known = ends.as_ref().is_some_and(|(generation, _)| *generation == consumer.generation());
        if !consumer.is_in() || arguments.follow {
            continue;
        }
        if !is_known {
            let mut found = BTreeMap::new();
            for partition in &partitions {
                found.insert(*partition, client.list_offset(&arguments.topic, *partition, -1).await?);
            }
            ends = Some((consumer.generation(), found));
        }
        let is_at_end = |(partition, end): (&i32, &i64)| {
            consumer.position(&arguments.topic, *partition).is_none_or(|at| *end <= at)
        };
        if ends.as_ref().is_some_and(|(_, ends)| ends.iter().all(is_at_end)) {
            break;
        }
    }
    consumer.leave().await?;
    Ok(())
}

fn print(out: &mut impl Write, record: &ConsumerRecord, format: Format, output: Output) -> io::Result<()> {
    let (key, value) =
        (record.key.as_deref().unwrap_or_default(), record.value.as_deref().unwrap_or_default());
    if output == Output::Json {
        let text =
            |bytes: &Option<bytes::Bytes>| bytes.as_ref().map(|b| String::from_utf8_lossy(b).into_owned());
        let headers: Vec<_> =
            record.headers.iter().map(|(k, v)| json!([String::from_utf8_lossy(k), text(v)])).collect();
        let line = json!({ "partition": record.partition, "offset": record.offset, "timestamp": record.timestamp, "key": text(&record.key), "value": text(&record.value), "headers": headers });
        return writeln!(out, "{line}");
    }
    match format {
        Format::Value => {}
        Format::KeyValue => {
            out.write_all(key)?;
            out.write_all(b"\t")?;
        }
        Format::Full => {
            write!(out, "{}\t{}\t{}\t", record.partition, record.offset, record.timestamp)?;
            out.write_all(key)?;
            out.write_all(b"\t")?;
        }
    }
    out.write_all(value)?;
    out.write_all(b"\n")
}
