//! Nodes that are processes.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{Options, hosts::Hosts};
use crate::{plan::Plan, run::settings};

pub(super) struct Nodes {
    plan: Plan,
    binary: PathBuf,
    dir: PathBuf,
    hosts: Option<Hosts>,
    /// Of each node: its address for clients, and that for controllers.
    places: BTreeMap<usize, (String, String)>,
    processes: BTreeMap<usize, Child>,
    /// Processes that ended as nobody told them to.
    ended: Vec<String>,
}

impl Nodes {
    pub(super) fn new(plan: &Plan, options: &Options) -> Result<Nodes, String> {
        let dir = options.dir.join("nodes");
        let failed = |e| format!("{}: {e}", dir.display());
        if dir.exists() {
            fs::remove_dir_all(&dir).map_err(failed)?;
        }
        fs::create_dir_all(&dir).map_err(failed)?;
        let hosts = if options.hosts { Some(Hosts::new(plan.nodes)?) } else { None };
        let place = |node: usize| -> Result<(String, String), String> {
            match &hosts {
                Some(_) => Ok(["9092", "9093"].map(|port| format!("{}:{port}", Hosts::address(node))).into()),
                None => Ok((free_address()?, free_address()?)),
            }
        };
        let places = (1..=plan.nodes).map(|node| Ok((node, place(node)?)));
        let places = places.collect::<Result<_, String>>()?;
        let (plan, binary) = (plan.clone(), options.binary.clone());
        Ok(Nodes { plan, binary, dir, hosts, places, processes: BTreeMap::new(), ended: Vec::new() })
    }

    pub(super) fn bootstrap(&self) -> String {
        self.places.values().map(|(clients, _)| clients.as_str()).collect::<Vec<_>>().join(",")
    }

    pub(super) fn start(&mut self, node: usize) -> Result<(), String> {
        if self.is_up(node) {
            return Ok(());
        }
        let mut command = match &self.hosts {
            Some(_) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", &Hosts::name(node)]).arg(&self.binary);
                command
            }
            None => Command::new(&self.binary),
        };
        command.arg("serve");
        let mut all = settings(&self.plan, node, |node| self.places[&node].clone());
        all.push(("log.dirs", self.dir.join(format!("node-{node}")).display().to_string()));
        for (name, value) in all {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        let file = self.dir.join(format!("node-{node}.log"));
        let log = OpenOptions::new().create(true).append(true).open(&file);
        let log = log.map_err(|e| format!("{}: {e}", file.display()))?;
        let errors = log.try_clone().map_err(|e| format!("{}: {e}", file.display()))?;
        let child = command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn();
        let child = child.map_err(|e| format!("{} does not start: {e}", self.binary.display()))?;
        self.processes.insert(node, child);
        Ok(())
    }

    pub(super) fn is_up(&mut self, node: usize) -> bool {
        let Some(child) = self.processes.get_mut(&node) else { return false };
        let Ok(Some(status)) = child.try_wait() else { return true };
        self.processes.remove(&node);
        // Who stops when it is told to ends well.
        if !status.success() {
            self.ended
                .push(format!("PANIC: the process of node {node} ended by itself: {status}; see its log"));
        }
        false
    }

    /// The processes that ended as nobody told them to, as violations.
    pub(super) fn ended(&mut self) -> Vec<String> {
        for node in 1..=self.plan.nodes {
            self.is_up(node);
        }
        std::mem::take(&mut self.ended)
    }

    /// Ends a process at once.
    pub(super) fn kill(&mut self, node: usize) {
        if !self.is_up(node) {
            return;
        }
        if let Some(mut child) = self.processes.remove(&node) {
            // It may end by itself just now.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Tells a process to stop.
    pub(super) fn terminate(&self, node: usize) {
        self.signal(node, Signal::TERM);
    }

    pub(super) fn pause(&self, node: usize, is_paused: bool) {
        self.signal(node, if is_paused { Signal::STOP } else { Signal::CONT });
    }

    fn signal(&self, node: usize, signal: Signal) {
        let pid = self.processes.get(&node).and_then(|child| Pid::from_raw(child.id() as i32));
        if let Some(pid) = pid {
            // Who is gone hears nothing.
            let _ = kill_process(pid, signal);
        }
    }

    pub(super) fn block(&mut self, from: usize, to: usize, is_blocked: bool) -> Result<(), String> {
        match &mut self.hosts {
            Some(hosts) => hosts.block(Some(from), Some(to), is_blocked),
            None => Err("links are cut between hosts only".into()),
        }
    }

    pub(super) fn block_clients(
        &mut self,
        node: usize,
        (out, inn): (bool, bool),
        is_blocked: bool,
    ) -> Result<(), String> {
        let Some(hosts) = &mut self.hosts else { return Err("links are cut between hosts only".into()) };
        if out {
            hosts.block(Some(node), None, is_blocked)?;
        }
        if inn {
            hosts.block(None, Some(node), is_blocked)?;
        }
        Ok(())
    }

    pub(super) fn heal(&mut self) -> Result<(), String> {
        self.hosts.as_mut().map_or(Ok(()), Hosts::heal)
    }

    /// Ends all processes.
    pub(super) fn end(&mut self) {
        (1..=self.plan.nodes).for_each(|node| self.kill(node));
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.end();
    }
}

/// An address of this machine that nobody listens on.
fn free_address() -> Result<String, String> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    bound.map(|address| address.to_string()).map_err(|e| format!("no port is free: {e}"))
}
