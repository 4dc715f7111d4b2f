//! Whom a directory and an id belong to: the real binary, as an operator starts it.
#![allow(clippy::disallowed_methods)]

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A node's process, which ends with the test.
struct Node(Child);

impl Node {
    fn start(settings: &[String]) -> Node {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ottla"));
        command.arg("serve").args(["--set", "ottla.http.listener=", "--set", "ottla.cores=1"]);
        settings.iter().for_each(|setting| {
            command.arg("--set").arg(setting);
        });
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Node(command.spawn().expect("the binary is built"))
    }

    /// Returns once it says that it serves.
    fn serves(&mut self) {
        let out = self.0.stdout.take().expect("it is piped");
        let line = BufReader::new(out).lines().map_while(Result::ok).find(|l| l.starts_with("ottla serves"));
        assert!(line.is_some(), "it does not serve: {}", self.refuses());
    }

    fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it is there");
        assert!(self.0.wait().expect("it ends").success(), "a clean stop");
    }

    /// Waits for its end, which is no success, and returns what it says.
    fn refuses(&mut self) -> String {
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

fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port()
}

fn alone(dir: &Path, more: &[&str]) -> Vec<String> {
    let own = [format!("log.dirs={}", dir.display()), "listeners=PLAINTEXT://127.0.0.1:0".to_owned()];
    own.into_iter().chain(more.iter().map(|s| (*s).to_owned())).collect()
}

#[test]
fn a_directory_belongs_to_one_cluster_and_one_node() {
    const OWN: &str = "cluster.id=AAECAwQFBgcICQoLDA0ODw";
    const OTHER: &str = "cluster.id=DwECAwQFBgcICQoLDA0ODw";
    let parent = tempfile::tempdir().expect("a directory");
    let dir = parent.path().join("data");
    let mut node = Node::start(&alone(&dir, &[OWN]));
    node.serves();
    node.stop();
    let kept = std::fs::read_to_string(dir.join("meta.properties")).expect("it is formatted");
    assert!(kept.contains(OWN), "{kept}");

    for (settings, culprits) in [
        (&[OTHER][..], &["cluster.id: ", "AAECAwQFBgcICQoLDA0ODw", "DwECAwQFBgcICQoLDA0ODw"][..]),
        (&["cluster.id=mine"], &["cluster.id: ", "«mine»"]),
        (&["node.id=2"], &["node.id: ", "belongs to node 1, not 2"]),
    ] {
        let said = Node::start(&alone(&dir, settings)).refuses();
        assert!(culprits.iter().all(|culprit| said.contains(culprit)), "{settings:?}: {said}");
    }
    assert_eq!(std::fs::read_to_string(dir.join("meta.properties")).expect("it is there"), kept);
    let mut node = Node::start(&alone(&dir, &[]));
    node.serves();
    node.stop();
}

#[test]
fn a_second_node_with_an_id_is_refused() {
    let parent = tempfile::tempdir().expect("a directory");
    let ports: Vec<(u16, u16)> = (0..5).map(|_| (port(), port())).collect();
    let voter = |n: usize| format!("{n}@127.0.0.1:{}", ports[n - 1].1);
    let voters = format!("controller.quorum.voters={},{},{}", voter(1), voter(2), voter(3));
    let settings = |n: usize, roles: &str, listeners: String, dir: &str| {
        vec![
            format!("node.id={n}"),
            format!("process.roles={roles}"),
            voters.clone(),
            format!("listeners={listeners}"),
            format!("log.dirs={}", parent.path().join(dir).display()),
        ]
    };
    let mut nodes: Vec<Node> = (1..=3)
        .map(|n| {
            let (client, controller) = ports[n - 1];
            let listeners = format!("PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}");
            Node::start(&settings(n, "broker,controller", listeners, &format!("node-{n}")))
        })
        .collect();
    nodes.iter_mut().for_each(Node::serves);
    let broker = |at: usize, dir: &str| {
        Node::start(&settings(4, "broker", format!("PLAINTEXT://127.0.0.1:{}", ports[at].0), dir))
    };
    let mut first = broker(3, "first");
    first.serves();
    let said = broker(4, "second").refuses();
    assert!(said.contains("node.id: another broker with id 4 is running"), "{said}");
    first.stop();
    nodes.into_iter().for_each(Node::stop);
}
