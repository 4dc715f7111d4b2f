//! librdkafka, which nobody here wrote, against the real broker on real files and sockets.
#![allow(clippy::disallowed_methods)]

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use ottla_broker::real;
use ottla_core::config::BrokerConfig;
use ottla_net::env::TokioEnv;
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    consumer::{BaseConsumer, Consumer},
    producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer},
};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A broker in this process, on a port of its own.
struct Served {
    address: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    fn start(dir: &TempDir) -> Served {
        let mut config = BrokerConfig::default();
        config.set("log.dirs", dir.path().to_str().unwrap()).unwrap();
        config.set("listeners", "PLAINTEXT://127.0.0.1:0").unwrap();
        config.set("socket.request.max.bytes", "10000000").unwrap();
        let (addresses, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            TokioEnv::run(2, async |env| {
                let running = real::start(env, config).await.unwrap();
                addresses.send(running.addresses[0].clone()).unwrap();
                stopped.await.unwrap();
                real::stop(running).await;
            });
        });
        Served { address: address.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.thread.take().unwrap().join().unwrap();
    }

    fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &self.address)
            .set("group.id", "none")
            .set("enable.auto.commit", "false");
        config
    }

    fn produce(&self, topic: &str, codec: &str, count: usize) {
        let mut config = self.client();
        config.set("enable.idempotence", "true").set("compression.type", codec);
        let producer: ThreadedProducer<DefaultProducerContext> = config.create().unwrap();
        for n in 0..count {
            let (key, value) = (format!("key-{n}"), value(n));
            producer
                .send(BaseRecord::to(topic).partition(0).key(&key).payload(&value))
                .map_err(|(e, _)| e)
                .unwrap();
        }
        producer.flush(Duration::from_secs(30)).unwrap();
    }

    fn consume(&self, topic: &str, from: Offset, count: usize) -> Vec<(i64, Vec<u8>)> {
        let consumer: BaseConsumer = self.client().create().unwrap();
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(topic, 0, from).unwrap();
        consumer.assign(&assignment).unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut records = Vec::new();
        while records.len() < count && Instant::now() < deadline {
            if let Some(message) = consumer.poll(Duration::from_millis(200)) {
                let message = message.unwrap();
                records.push((message.offset(), message.payload().unwrap_or_default().to_vec()));
            }
        }
        records
    }
}

fn value(n: usize) -> String {
    format!("value-{n}-{}", "x".repeat(n % 300))
}

#[test]
fn every_codec_goes_in_and_comes_out_across_a_restart() {
    let dir = TempDir::new().unwrap();
    let codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
    let served = Served::start(&dir);
    for codec in codecs {
        served.produce(codec, codec, 2_000);
    }
    served.stop();
    assert!(dir.path().join(".kafka_cleanshutdown").exists());
    let served = Served::start(&dir);
    for codec in codecs {
        let records = served.consume(codec, Offset::Beginning, 2_000);
        assert_eq!(records.len(), 2_000, "{codec}");
        for (n, (offset, payload)) in records.iter().enumerate() {
            assert_eq!((*offset, &payload[..]), (n as i64, value(n).as_bytes()), "{codec}");
        }
        assert_eq!(served.consume(codec, Offset::Offset(1_990), 10)[0].0, 1_990);
    }
    served.stop();
}

#[test]
fn topics_are_made_described_and_deleted() {
    let dir = TempDir::new().unwrap();
    let served = Served::start(&dir);
    let admin: AdminClient<DefaultClientContext> = served.client().create().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(10)));
        let topic = NewTopic::new("made", 3, TopicReplication::Fixed(1)).set("retention.ms", "1000");
        assert_eq!(admin.create_topics([&topic], &options).await.unwrap()[0], Ok("made".into()));
        let again = admin.create_topics([&topic], &options).await.unwrap();
        assert_eq!(again[0].as_ref().unwrap_err().1, rdkafka::types::RDKafkaErrorCode::TopicAlreadyExists);
        let wrong = NewTopic::new("a/b", 1, TopicReplication::Fixed(1));
        let refused = admin.create_topics([&wrong], &options).await.unwrap();
        assert_eq!(refused[0].as_ref().unwrap_err().1, rdkafka::types::RDKafkaErrorCode::InvalidTopic);
        let metadata = admin.inner().fetch_metadata(Some("made"), Duration::from_secs(10)).unwrap();
        assert_eq!(metadata.topics()[0].partitions().len(), 3);
        assert_eq!(admin.delete_topics(&["made"], &options).await.unwrap()[0], Ok("made".into()));
    });
    served.stop();
}

/// Sends bytes and tells whether the broker closes the connection without a word.
fn is_closed(served: &Served, bytes: &[u8]) -> bool {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(bytes).unwrap();
    matches!(stream.read(&mut [0; 100]), Ok(0))
        || matches!(stream.read(&mut [0; 1]), Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset)
}

/// A frame with a header of the old kind and no client id.
fn frame(key: i16, version: i16, body: &[u8]) -> Vec<u8> {
    let header =
        [&key.to_be_bytes()[..], &version.to_be_bytes(), &7i32.to_be_bytes(), &(-1i16).to_be_bytes()]
            .concat();
    [&((header.len() + body.len()) as i32).to_be_bytes()[..], &header, body].concat()
}

#[test]
fn what_is_no_request_ends_the_connection_and_harms_nobody() {
    let dir = TempDir::new().unwrap();
    let served = Served::start(&dir);
    served.produce("kept", "none", 100);
    for length in [-1i32, 0, i32::MIN, i32::MAX, 10_000_001] {
        assert!(is_closed(&served, &length.to_be_bytes()), "a length of {length}");
    }
    assert!(is_closed(&served, &frame(200, 0, &[])), "an unknown key");
    assert!(is_closed(&served, &frame(52, 0, &[0; 20])), "a key of controllers");
    assert!(is_closed(&served, &frame(0, 2, &[0; 20])), "an old Produce");
    assert!(is_closed(&served, &frame(18, 99, &[])), "an unknown version with an old header");
    assert!(is_closed(&served, &frame(3, 1, &[0x7f, 0xff, 0xff, 0xff])), "an array beyond the frame");
    assert!(is_closed(&served, &frame(3, 1, &[0, 0, 0, 1, 0x7f, 0xff])), "a string beyond the frame");
    // An unknown version of ApiVersions with a new header learns what is served.
    let mut stream = TcpStream::connect(&served.address).unwrap();
    stream.write_all(&frame(18, 99, &[0])).unwrap();
    let mut answer = [0; 20];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0, 0, 0, 16, 0, 0, 0, 7, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]);
    assert_eq!(served.consume("kept", Offset::Beginning, 100).len(), 100);
    served.stop();
}

/// A client that leaves in the middle of a change once left a record in the metadata log that the image
/// lacked: the topic was made a second time, and the log could not be replayed.
#[test]
fn a_client_that_leaves_in_the_middle_of_a_change_breaks_nothing() {
    let dir = TempDir::new().unwrap();
    let served = Served::start(&dir);
    for n in 0..20 {
        let name = format!("left-{n:02}");
        // CreateTopics, version 2: one topic, one partition, one replica, no assignments, no settings.
        let mut body = 1i32.to_be_bytes().to_vec();
        body.extend((name.len() as i16).to_be_bytes());
        body.extend(name.as_bytes());
        body.extend(
            [&1i32.to_be_bytes()[..], &1i16.to_be_bytes(), &[0; 8], &30_000i32.to_be_bytes(), &[0]].concat(),
        );
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.write_all(&frame(19, 2, &body)).unwrap();
        drop(stream);
        served.produce(&name, "none", 1);
    }
    served.stop();
    let served = Served::start(&dir);
    assert_eq!(served.consume("left-19", Offset::Beginning, 1).len(), 1);
    served.stop();
}
