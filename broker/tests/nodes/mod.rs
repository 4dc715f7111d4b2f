//! Nodes as processes of their own, for tests.
// Each test is a crate of its own and uses a part.
#![allow(dead_code)]

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// A node's process, which ends with the test.
pub(crate) struct Node(pub(crate) Child);

impl Node {
    pub(crate) fn start(settings: &[String]) -> Node {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
        command.arg("serve").args(["--set", "ottla.http.listener=", "--set", "ottla.cores=1"]);
        settings.iter().for_each(|setting| {
            command.arg("--set").arg(setting);
        });
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Node(command.spawn().expect("the binary is built"))
    }

    /// Returns once it says that it serves.
    pub(crate) fn serves(&mut self) {
        let out = self.0.stdout.take().expect("it is piped");
        let line = BufReader::new(out).lines().map_while(Result::ok).find(|l| l.starts_with("ottla serves"));
        assert!(line.is_some(), "it does not serve: {}", self.refuses());
    }

    pub(crate) fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it is there");
        assert!(self.0.wait().expect("it ends").success(), "a clean stop");
    }

    /// Waits for its end, which is no success, and returns what it says.
    pub(crate) fn refuses(&mut self) -> String {
        let mut said = String::new();
        self.0.stderr.take().expect("it is piped").read_to_string(&mut said).expect("it is text");
        assert!(!self.0.wait().expect("it ends").success(), "it is refused: {said}");
        said
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // One that has ended already is fine.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that is free now.
pub(crate) fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port()
}
