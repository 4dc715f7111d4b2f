//! `ottla bench`: how fast a broker is, with a progress line and a table at the end.

use std::{io::Write, time::Duration};

use bytes::Bytes;
use clap::{Args, Subcommand};
use hdrhistogram::Histogram;
use ottla_client::{
    consumer::{Consumer, ConsumerConfig, Position},
    producer::{Producer, ProducerConfig, ProducerRecord},
};
use ottla_core::{env::Env, types::Mono};
use ottla_net::env::TokioEnv;
use serde_json::json;

use super::{Connect, Failure, Output, produce};

#[derive(Args)]
pub(super) struct BenchArguments {
    #[command(flatten)]
    connect: Connect,
    #[command(subcommand)]
    what: What,
    /// The topic.
    #[arg(long, default_value = "ottla-bench", global = true)]
    topic: String,
    /// How many records.
    #[arg(long, short = 'n', default_value_t = 1_000_000, global = true)]
    records: u64,
    /// Bytes of a value.
    #[arg(long, default_value_t = 100, global = true)]
    size: usize,
    /// none, gzip, snappy, lz4 or zstd.
    #[arg(long, default_value = "none", global = true)]
    compression: String,
    /// 0, 1 or all.
    #[arg(long, default_value = "all", global = true)]
    acks: String,
    /// Records a second, for latency.
    #[arg(long, default_value_t = 500, global = true)]
    rate: u64,
}

#[derive(Subcommand, Clone, Copy, PartialEq, Eq)]
enum What {
    /// Writes as fast as it can.
    Produce,
    /// Reads as fast as it can.
    Consume,
    /// Writes at a fixed rate, and measures from when a record was due to its acknowledgement.
    Latency,
}

struct Tally {
    began: Mono,
    records: u64,
    bytes: u64,
    /// Microseconds.
    latencies: Histogram<u64>,
    printed: Mono,
}

impl Tally {
    fn new(now: Mono) -> Result<Tally, Failure> {
        Ok(Tally { began: now, records: 0, bytes: 0, latencies: Histogram::new(3)?, printed: now })
    }

    fn add(&mut self, now: Mono, bytes: u64, latency: Option<Duration>) {
        self.records += 1;
        self.bytes += bytes;
        if let Some(latency) = latency {
            self.latencies.record(latency.as_micros() as u64).expect("the histogram grows");
        }
        if Duration::from_secs(1) <= now.since(self.printed) {
            self.printed = now;
            let seconds = now.since(self.began).as_secs_f64();
            eprint!("\r{} records, {:.1} MB/s   ", self.records, self.bytes as f64 / seconds / 1e6);
            // A progress line that cannot be shown is no loss.
            let _ = std::io::stderr().flush();
        }
    }

    fn print(&self, now: Mono, output: Output) {
        let seconds = now.since(self.began).as_secs_f64();
        let (mb, records) = (self.bytes as f64 / seconds / 1e6, self.records as f64 / seconds);
        let ms = |quantile: f64| self.latencies.value_at_quantile(quantile) as f64 / 1e3;
        let max = self.latencies.max() as f64 / 1e3;
        let has_latency = !self.latencies.is_empty();
        match output {
            Output::Json => {
                let mut table = json!({ "records": self.records, "bytes": self.bytes, "seconds": seconds, "mb_per_s": mb, "records_per_s": records });
                if has_latency {
                    table["latency_ms"] =
                        json!({ "p50": ms(0.5), "p99": ms(0.99), "p99.9": ms(0.999), "max": max });
                }
                println!("{table}");
            }
            Output::Text => {
                eprintln!();
                println!(
                    "{:>12} {:>10} {:>12} {:>9} {:>9} {:>9} {:>9}",
                    "records", "MB/s", "records/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms"
                );
                if has_latency {
                    println!(
                        "{:>12} {mb:>10.1} {records:>12.0} {:>9.3} {:>9.3} {:>9.3} {max:>9.3}",
                        self.records,
                        ms(0.5),
                        ms(0.99),
                        ms(0.999)
                    );
                } else {
                    println!(
                        "{:>12} {mb:>10.1} {records:>12.0} {:>9} {:>9} {:>9} {:>9}",
                        self.records, "-", "-", "-", "-"
                    );
                }
            }
        }
    }
}

pub(super) async fn main(env: TokioEnv, arguments: BenchArguments, output: Output) -> Result<(), Failure> {
    match arguments.what {
        What::Produce | What::Latency => write(env, &arguments, output).await,
        What::Consume => read(env, &arguments, output).await,
    }
}

async fn write(env: TokioEnv, arguments: &BenchArguments, output: Output) -> Result<(), Failure> {
    let paced = arguments.what == What::Latency;
    let acks = produce::acks(&arguments.acks)?;
    let config = ProducerConfig {
        acks,
        codec: produce::codec(&arguments.compression)?,
        idempotent: acks == -1,
        linger: if paced { Duration::ZERO } else { Duration::from_millis(5) },
        batch_bytes: 512 * 1024,
        ..ProducerConfig::default()
    };
    let producer = Producer::new(arguments.connect.client(&env), config);
    let value = Bytes::from(vec![b'x'; arguments.size]);
    let mut tally = Tally::new(env.now())?;
    let mut waiting = std::collections::VecDeque::new();
    let step = Duration::from_nanos(1_000_000_000 / arguments.rate.max(1));
    for number in 0..arguments.records {
        let mut due = env.now();
        if paced {
            due = tally.began + step * number as u32;
            while env.now() < due {
                settle(&env, &mut waiting, &mut tally, arguments.size, false).await?;
                env.sleep_until(due.min(env.now() + Duration::from_micros(500))).await;
            }
        }
        let record = ProducerRecord {
            topic: arguments.topic.clone(),
            value: Some(value.clone()),
            ..ProducerRecord::default()
        };
        waiting.push_back((due, producer.send(record).await?));
        if number % 256 == 0 {
            settle(&env, &mut waiting, &mut tally, arguments.size, false).await?;
        }
    }
    settle(&env, &mut waiting, &mut tally, arguments.size, true).await?;
    tally.print(env.now(), output);
    Ok(())
}

type Waiting = std::collections::VecDeque<(Mono, ottla_client::producer::DeliveryReport)>;

/// Takes in the reports that are there, or all of them.
async fn settle(
    env: &TokioEnv,
    waiting: &mut Waiting,
    tally: &mut Tally,
    size: usize,
    all: bool,
) -> Result<(), Failure> {
    while let Some((due, report)) = waiting.front_mut() {
        let result = if all {
            report.await?
        } else {
            match report.try_recv() {
                Ok(result) => result,
                Err(_) => break,
            }
        };
        result?;
        let now = env.now();
        tally.add(now, size as u64, Some(now.since(*due)));
        waiting.pop_front();
    }
    Ok(())
}

async fn read(env: TokioEnv, arguments: &BenchArguments, output: Output) -> Result<(), Failure> {
    let client = arguments.connect.client(&env);
    let topic = client.topic(&arguments.topic).await?;
    let mut consumer = Consumer::new(client.clone(), ConsumerConfig::default());
    let mut available = 0;
    for partition in 0..topic.leaders.len() as i32 {
        let start = client.list_offset(&arguments.topic, partition, -2).await?;
        available += (client.list_offset(&arguments.topic, partition, -1).await? - start) as u64;
        consumer.assign(&arguments.topic, partition, Position::Earliest).await?;
    }
    let mut tally = Tally::new(env.now())?;
    while tally.records < arguments.records.min(available) {
        for record in consumer.poll().await? {
            let bytes =
                record.key.as_ref().map_or(0, Bytes::len) + record.value.as_ref().map_or(0, Bytes::len);
            tally.add(env.now(), bytes as u64, None);
        }
    }
    tally.print(env.now(), output);
    Ok(())
}
