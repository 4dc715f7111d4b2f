//! `ottla produce`: a record for each line of standard input.

use std::{io::BufRead, time::Duration};

use bytes::Bytes;
use clap::Args;
use ottla_client::producer::{Producer, ProducerConfig, ProducerRecord};
use ottla_core::record::Codec;
use ottla_net::env::TokioEnv;
use serde_json::json;

use super::{Connect, Failure, Output};

#[derive(Args)]
pub(super) struct ProduceArguments {
    #[command(flatten)]
    connect: Connect,
    /// The topic.
    topic: String,
    /// The partition; by the key if absent.
    #[arg(long, short)]
    partition: Option<i32>,
    /// What separates key and value in a line.
    #[arg(long, short)]
    key_separator: Option<String>,
    /// none, gzip, snappy, lz4 or zstd.
    #[arg(long, default_value = "none")]
    compression: String,
    /// 0, 1 or all.
    #[arg(long, default_value = "all")]
    acks: String,
}

/// A codec by its name.
pub(super) fn codec(name: &str) -> Result<Codec, Failure> {
    Codec::ALL
        .into_iter()
        .find(|c| c.name() == name)
        .ok_or_else(|| format!("--compression {name}: give none, gzip, snappy, lz4 or zstd").into())
}

/// The wire's number for `--acks`.
pub(super) fn acks(text: &str) -> Result<i16, Failure> {
    match text {
        "all" | "-1" => Ok(-1),
        "0" => Ok(0),
        "1" => Ok(1),
        other => Err(format!("--acks {other}: give 0, 1 or all").into()),
    }
}

pub(super) async fn main(env: TokioEnv, arguments: ProduceArguments, output: Output) -> Result<(), Failure> {
    let acks = acks(&arguments.acks)?;
    let config = ProducerConfig {
        acks,
        codec: codec(&arguments.compression)?,
        idempotent: acks == -1,
        linger: Duration::from_millis(5),
        delivery_timeout: Duration::from_secs(30),
        ..ProducerConfig::default()
    };
    let producer = Producer::new(arguments.connect.client(&env), config);
    let mut reports = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (key, value) = match &arguments.key_separator {
            Some(separator) => {
                let (key, value) = line
                    .split_once(separator.as_str())
                    .ok_or_else(|| format!("the line «{line}» has no «{separator}»"))?;
                (Some(Bytes::from(key.to_owned())), Bytes::from(value.to_owned()))
            }
            None => (None, Bytes::from(line)),
        };
        let record = ProducerRecord {
            topic: arguments.topic.clone(),
            partition: arguments.partition,
            key,
            value: Some(value),
            ..ProducerRecord::default()
        };
        reports.push(producer.send(record).await?);
    }
    let count = reports.len();
    for report in reports {
        report.await??;
    }
    match output {
        Output::Text => println!("{count} records written to {}", arguments.topic),
        Output::Json => println!("{}", json!({ "topic": arguments.topic, "records": count })),
    }
    Ok(())
}
