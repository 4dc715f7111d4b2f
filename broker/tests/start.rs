//! Whom a directory and an id belong to: the real binary, as an operator starts it.
#![allow(clippy::disallowed_methods)]

mod nodes;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Command,
};

use nodes::{Node, port};

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

/// What the command line tool says; it must succeed.
fn says(arguments: &[&str]) -> String {
    let out =
        Command::new(env!("CARGO_BIN_EXE_ottla")).args(arguments).output().expect("the binary is built");
    let (said, complaint) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "ottla {arguments:?}: {said}{complaint}");
    said.into_owned()
}

/// Nodes that are told addresses only find each other, form a quorum, and let a fourth in; one whose disk is lost votes
/// no more until it is let in again.
#[test]
fn a_quorum_is_found_by_addresses_and_its_voters_come_and_go() {
    let parent = tempfile::tempdir().expect("a directory");
    let ports: Vec<(u16, u16)> = (0..4).map(|_| (port(), port())).collect();
    let servers: Vec<String> = ports[..3].iter().map(|(_, at)| format!("127.0.0.1:{at}")).collect();
    let settings = |node: usize| {
        let (clients, controllers) = ports[node - 1];
        vec![
            format!("node.id={node}"),
            format!("controller.quorum.bootstrap.servers={}", servers.join(",")),
            format!("listeners=PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controllers}"),
            format!("log.dirs={}", parent.path().join(format!("n{node}")).display()),
            "broker.session.timeout.ms=1000".to_owned(),
            "broker.heartbeat.interval.ms=200".to_owned(),
        ]
    };
    let mut nodes: Vec<Node> = (1..=3).map(|node| Node::start(&settings(node))).collect();
    nodes.iter_mut().for_each(Node::serves);
    let at = format!("127.0.0.1:{}", ports[1].0);
    let quorum = || -> serde_json::Value {
        serde_json::from_str(&says(&["quorum", "-b", &at, "--output", "json"])).expect("it is JSON")
    };
    let role = |node: u64| -> Vec<String> {
        let nodes = quorum()["nodes"].as_array().expect("a list").clone();
        let of = nodes.iter().filter(|n| n["node"] == node);
        of.map(|n| n["role"].as_str().expect("a role").to_owned()).collect()
    };
    assert_eq!([1, 2, 3].map(role), [["voter"], ["voter"], ["voter"]], "{}", quorum());

    let mut fourth = Node::start(&settings(4));
    fourth.serves();
    assert_eq!(role(4), ["observer"]);
    let said = says(&["quorum", "-b", &at, "add", &format!("4@127.0.0.1:{}", ports[3].1)]);
    assert!(said.starts_with("node 4 votes"), "{said}");
    assert_eq!(role(4), ["voter"]);

    // A disk is lost. The node is there again, and so is what it had; it votes only once it is let in again.
    let lost = nodes.remove(0);
    drop(lost);
    std::fs::remove_dir_all(parent.path().join("n1")).expect("it is there");
    let first = loop {
        // Until its session is over, the cluster takes it for another one with its id.
        let mut first = Node::start(&settings(1));
        let out = first.0.stdout.take().expect("it is piped");
        if BufReader::new(out).lines().map_while(Result::ok).any(|l| l.starts_with("ottla serves")) {
            break first;
        }
        let said = first.refuses();
        assert!(said.contains("node.id: another broker with id 1"), "{said}");
    };
    assert_eq!(role(1), ["voter", "observer"], "{}", quorum());
    says(&["quorum", "-b", &at, "remove", "1"]);
    let address = format!("1@127.0.0.1:{}", ports[0].1);
    says(&["quorum", "-b", &at, "add", &address]);
    assert_eq!(role(1), ["voter"], "{}", quorum());
    drop((first, nodes, fourth));
}
