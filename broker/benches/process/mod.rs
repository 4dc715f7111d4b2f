//! Server processes that benchmarks and tests look at from outside, and raw requests to send them.
// Each benchmark and test is a crate of its own and uses a part.
#![allow(dead_code)]

pub(crate) mod pipeline;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use ottla_core::record::{BatchBuilder, Codec};

/// A server process and its address. It ends with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) dir: Option<tempfile::TempDir>,
}

pub(crate) fn directory() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory")
}

impl Server {
    /// A broker with the default settings but those given, and a topic `bench` if it is to have partitions.
    pub(crate) fn broker(dir: tempfile::TempDir, settings: &[(&str, &str)], partitions: usize) -> Server {
        Server::broker_with(dir, settings, partitions, None)
    }

    /// The same with at most so many descriptors.
    pub(crate) fn broker_with(
        dir: tempfile::TempDir,
        settings: &[(&str, &str)],
        partitions: usize,
        descriptors: Option<u32>,
    ) -> Server {
        let limit = descriptors.map_or(String::new(), |n| format!("ulimit -n {n}; "));
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}exec \"$@\""), "sh", env!("CARGO_BIN_EXE_ottla")]);
        command.args([
            "serve",
            "--set",
            "listeners=PLAINTEXT://127.0.0.1:0",
            "--set",
            "ottla.http.listener=",
        ]);
        command.arg("--set").arg(format!("log.dirs={}", dir.path().join("data").display()));
        for (name, value) in settings {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        let (child, line) = start(&mut command);
        let address = line
            .split(' ')
            .find(|w| w.starts_with("127."))
            .expect("an address")
            .trim_end_matches(',')
            .to_owned();
        if 0 < partitions {
            let created = Command::new(env!("CARGO_BIN_EXE_ottla"))
                .args(["topic", "-b", &address, "create", "bench", "-p", &partitions.to_string()])
                .output();
            assert!(created.expect("the command runs").status.success());
        }
        Server { child, address, dir: Some(dir) }
    }

    /// A node of a cluster, with all of its settings but the directory; it serves once others have come.
    pub(crate) fn node(dir: tempfile::TempDir, settings: &[(String, String)]) -> Starting {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
        command.args(["serve", "--set", "ottla.http.listener="]);
        command.arg("--set").arg(format!("log.dirs={}", dir.path().join("data").display()));
        for (name, value) in settings {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        Starting { child, dir }
    }

    /// This program again, as the reference that `argument` names.
    pub(crate) fn reference(argument: &str, value: &str) -> Server {
        let dir = directory();
        let mut command = Command::new(std::env::current_exe().expect("our own path"));
        command.args([argument, value]).current_dir(dir.path());
        let (child, address) = start(&mut command);
        Server { child, address, dir: Some(dir) }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A file of the process in /proc.
    pub(crate) fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("the process lives")
    }

    /// CPU seconds that the process has used, as the scheduler counts them for each thread: its figures in
    /// `stat` are ticks of 10 ms.
    pub(crate) fn cpu(&self) -> f64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("the process lives");
        let nanoseconds = tasks.map(|task| {
            let path = task.expect("it is listed").path().join("schedstat");
            let line = std::fs::read_to_string(path).unwrap_or_default();
            line.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default()
        });
        nanoseconds.sum::<f64>() / 1e9
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal)
            .expect("it lives");
    }

    /// Waits for its end and returns its directory.
    pub(crate) fn into_directory(mut self) -> tempfile::TempDir {
        self.child.wait().expect("it ends");
        self.dir.take().expect("it has one until it ends")
    }

    /// Ends it cleanly.
    pub(crate) fn terminate(self) -> tempfile::TempDir {
        self.signal(rustix::process::Signal::TERM);
        self.into_directory()
    }
}

/// A node on its way up.
pub(crate) struct Starting {
    child: Child,
    dir: tempfile::TempDir,
}

impl Starting {
    /// Waits until it serves.
    pub(crate) fn serving(mut self) -> Server {
        let mut line = String::new();
        let out = self.child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let address =
            line.split(' ').find(|w| w.starts_with("127.")).expect("an address").trim_end_matches(',');
        Server { address: address.to_owned(), child: self.child, dir: Some(self.dir) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours, and its data goes with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(command: &mut Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped"))
        .read_line(&mut line)
        .expect("it says where it listens");
    (child, line.trim().to_owned())
}

/// Runs both, in an order that changes from round to round.
pub(crate) fn in_turn<T>(round: usize, a: impl FnOnce() -> T, b: impl FnOnce() -> T) -> (T, T) {
    if round.is_multiple_of(2) {
        let a = a();
        (a, b())
    } else {
        let b = b();
        (a(), b)
    }
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A batch of about `bytes` (one record at least), and how many records it has.
pub(crate) fn batch(record_bytes: usize, bytes: usize) -> (Vec<u8>, usize) {
    let mut builder = BatchBuilder::new(Codec::None);
    let value = vec![b'x'; record_bytes];
    while builder.count() == 0 || builder.size() + record_bytes + 100 < bytes {
        builder.push(-1, None, Some(&value), &[]);
    }
    (builder.build().to_vec(), builder.count() as usize)
}

/// A request with the header of version 1.
pub(crate) fn frame(key: i16, version: i16, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    let header =
        [&key.to_be_bytes()[..], &version.to_be_bytes(), &1i32.to_be_bytes(), &(-1i16).to_be_bytes()]
            .concat();
    [&((header.len() + body.len()) as i32).to_be_bytes()[..], &header, &body].concat()
}

/// A produce request, version 7.
pub(crate) fn produce(partition: i32, batch: &[u8]) -> Vec<u8> {
    let body: [&[u8]; 9] = [
        &(-1i16).to_be_bytes(),
        &(-1i16).to_be_bytes(),
        &30_000i32.to_be_bytes(),
        &1i32.to_be_bytes(),
        b"\x00\x05bench",
        &1i32.to_be_bytes(),
        &partition.to_be_bytes(),
        &(batch.len() as i32).to_be_bytes(),
        batch,
    ];
    frame(0, 7, &body)
}

/// A fetch request, version 4.
pub(crate) fn fetch(partition: i32, offset: i64, max_bytes: i32) -> Vec<u8> {
    let body: [&[u8]; 11] = [
        &(-1i32).to_be_bytes(),
        &500i32.to_be_bytes(),
        &1i32.to_be_bytes(),
        &max_bytes.to_be_bytes(),
        &[0],
        &1i32.to_be_bytes(),
        b"\x00\x05bench",
        &1i32.to_be_bytes(),
        &partition.to_be_bytes(),
        &offset.to_be_bytes(),
        &max_bytes.to_be_bytes(),
    ];
    frame(1, 4, &body)
}

/// Reads one answer; into `answer` as far as that reaches, the rest is dropped.
pub(crate) fn read_answer(stream: &mut impl Read, answer: &mut [u8]) -> usize {
    let mut length = [0; 4];
    stream.read_exact(&mut length).expect("it answers");
    let mut left = u32::from_be_bytes(length) as usize;
    let total = left;
    while 0 < left {
        let part = left.min(answer.len());
        stream.read_exact(&mut answer[..part]).expect("it answers");
        left -= part;
    }
    total
}

/// Sends a request and waits for its answer.
pub(crate) fn ask(stream: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    stream.write_all(request).expect("it reads");
    let mut answer = vec![0; 4096];
    let length = read_answer(stream, &mut answer);
    answer.truncate(length);
    answer
}

/// Asserts that a produce request, version 7, of one partition was accepted.
pub(crate) fn assert_accepted(answer: &[u8]) {
    // Correlation id, one topic by name, one partition with its number, then the error.
    assert_eq!(answer[23..25], [0, 0], "the broker refused");
}
