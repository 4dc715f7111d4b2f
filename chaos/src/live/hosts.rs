//! Hosts that are network namespaces, around a router that drops what is blocked. It takes root and iproute2, and leaves
//! nothing behind.

use std::{collections::BTreeMap, process::Command};

const ROUTER: &str = "ottla-chaos";

/// A link that packets come in by, and where they go: a node, or the clients.
type Way = (Option<usize>, Option<usize>);

pub(super) struct Hosts {
    nodes: usize,
    /// How many faults block each way.
    blocks: BTreeMap<Way, u32>,
}

/// Runs `ip` with these words.
fn ip(words: &str) -> Result<(), String> {
    let output = Command::new("ip").args(words.split_whitespace()).output();
    let output = output.map_err(|e| format!("ip does not run: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {words}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// The same in the router.
fn route(words: &str) -> Result<(), String> {
    ip(&format!("-n {ROUTER} {words}"))
}

/// The router's link to a node or to the clients.
fn link(to: Option<usize>) -> String {
    format!("ottla-c{}", to.unwrap_or(0))
}

/// The net behind it.
fn net(to: Option<usize>) -> String {
    format!("10.78.{}.0/24", to.unwrap_or(0))
}

impl Hosts {
    /// Makes hosts for so many nodes.
    ///
    /// # Errors
    /// It may not, or there are some already.
    pub(super) fn new(nodes: usize) -> Result<Hosts, String> {
        ip(&format!("netns add {ROUTER}")).map_err(|why| {
            format!("{why}: hosts take root, and one run of them at a time; without --hosts no link is cut")
        })?;
        // From here on, what is there goes when this is dropped.
        let hosts = Hosts { nodes, blocks: BTreeMap::new() };
        route("link set lo up")?;
        ip(&format!("netns exec {ROUTER} sysctl -qw net.ipv4.ip_forward=1"))?;
        for node in 1..=nodes {
            let name = Hosts::name(node);
            ip(&format!("netns add {name}"))?;
            ip(&format!(
                "link add {} netns {ROUTER} type veth peer name eth0 netns {name}",
                link(Some(node))
            ))?;
            hosts.connect(Some(node))?;
            ip(&format!("-n {name} addr add {}/24 dev eth0", Hosts::address(node)))?;
            ip(&format!("-n {name} link set eth0 up"))?;
            ip(&format!("-n {name} link set lo up"))?;
            ip(&format!("-n {name} route add default via 10.78.{node}.1"))?;
        }
        ip(&format!("link add {} netns {ROUTER} type veth peer name {ROUTER}", link(None)))?;
        hosts.connect(None)?;
        ip(&format!("addr add 10.78.0.2/24 dev {ROUTER}"))?;
        ip(&format!("link set {ROUTER} up"))?;
        for node in 1..=nodes {
            ip(&format!("route add {} via 10.78.0.1", net(Some(node))))?;
        }
        Ok(hosts)
    }

    fn connect(&self, to: Option<usize>) -> Result<(), String> {
        route(&format!("addr add 10.78.{}.1/24 dev {}", to.unwrap_or(0), link(to)))?;
        route(&format!("link set {} up", link(to)))
    }

    pub(super) fn name(node: usize) -> String {
        format!("{ROUTER}-{node}")
    }

    pub(super) fn address(node: usize) -> String {
        format!("10.78.{node}.2")
    }

    /// Drops what goes one way, silently, or lets it through again.
    pub(super) fn block(
        &mut self,
        from: Option<usize>,
        to: Option<usize>,
        is_blocked: bool,
    ) -> Result<(), String> {
        let count = self.blocks.entry((from, to)).or_default();
        let before = *count;
        *count = if is_blocked { before + 1 } else { before.saturating_sub(1) };
        match (before, *count) {
            (0, 1) => rule("add", (from, to)),
            (1, 0) => rule("del", (from, to)),
            _ => Ok(()),
        }
    }

    pub(super) fn heal(&mut self) -> Result<(), String> {
        let mut blocked = std::mem::take(&mut self.blocks).into_iter().filter(|(_, count)| 0 < *count);
        blocked.try_for_each(|(way, _)| rule("del", way))
    }
}

fn rule(what: &str, (from, to): Way) -> Result<(), String> {
    route(&format!("rule {what} priority 100 iif {} to {} blackhole", link(from), net(to)))
}

impl Drop for Hosts {
    fn drop(&mut self) {
        // The links go with the namespaces.
        for name in (1..=self.nodes).map(Hosts::name).chain([ROUTER.to_owned()]) {
            let _ = ip(&format!("netns del {name}"));
        }
    }
}
