//! Who this node is and where it listens, from Kafka's settings.

use ottla_core::{
    config::BrokerConfig,
    controller::records::Endpoint,
    raft::{Voter, VoterEndpoint, VoterSet},
    types::NodeId,
};

use crate::StartError;

/// For whom a listener is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Clients.
    Clients,
    /// Clients, and the other brokers, which fetch here.
    Brokers,
    /// The nodes of the cluster, as the quorum and the controller.
    Controllers,
}

/// One of `listeners`.
#[derive(Clone, Debug)]
pub(crate) struct ListenerSpec {
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) audience: Audience,
}

/// What a node is in its cluster.
#[derive(Clone, Debug)]
pub(crate) struct Topology {
    pub(crate) node: NodeId,
    pub(crate) is_broker: bool,
    /// It may vote, and lead the quorum.
    pub(crate) is_controller: bool,
    /// It is alone: no other node is to join.
    pub(crate) is_standalone: bool,
    pub(crate) listeners: Vec<ListenerSpec>,
    /// The voters of a new quorum, and where their controllers listen; none where they are to be found by `bootstrap`.
    pub(crate) voters: VoterSet,
    /// Where nodes of the quorum listen, whoever they are.
    pub(crate) bootstrap: Vec<String>,
    /// Where this node's own controller listens, as others reach it.
    pub(crate) controller: Vec<VoterEndpoint>,
    /// The listener on which brokers reach each other.
    pub(crate) inter_broker: String,
}

fn refused<T>(why: impl Into<String>) -> Result<T, StartError> {
    Err(StartError::Refused(why.into()))
}

/// Host and port of an address; IPv6 hosts stand in brackets.
pub(crate) fn address(host: &str, port: u16) -> String {
    let host = if host.is_empty() { "0.0.0.0" } else { host };
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Kafka's names of listeners have a security protocol each; this release has one.
fn check_protocol(config: &BrokerConfig, setting: &str, item: &str, name: &str) -> Result<(), StartError> {
    let map = config.list("listener.security.protocol.map");
    let given = map.iter().filter_map(|entry| entry.split_once(':')).find(|(listener, _)| *listener == name);
    let protocol = match given {
        Some((_, protocol)) => protocol,
        None if config.given("listener.security.protocol.map").is_none() => "PLAINTEXT",
        None => {
            return refused(format!(
                "listener.security.protocol.map: it does not name {name}, which {setting} has: add {name}:PLAINTEXT"
            ));
        }
    };
    if protocol == "PLAINTEXT" {
        return Ok(());
    }
    refused(format!(
        "{setting}: «{item}» names a listener of security protocol {protocol}: only PLAINTEXT works yet"
    ))
}

fn parse_listeners(config: &BrokerConfig, setting: &str) -> Result<Vec<(String, String, u16)>, StartError> {
    let parse = |item: &String| {
        let form = || StartError::Refused(format!("{setting}: «{item}» is not of the form NAME://host:port"));
        let (name, address) = item.split_once("://").ok_or_else(form)?;
        let (host, port) = address.rsplit_once(':').ok_or_else(form)?;
        check_protocol(config, setting, item, name)?;
        let port: u16 = port.parse().map_err(|_| form())?;
        Ok((name.to_owned(), host.trim_matches(['[', ']']).to_owned(), port))
    };
    config.list(setting).iter().map(parse).collect()
}

/// Host and port, if a text is of that form.
fn host_and_port(address: &str) -> Option<(String, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0 && !host.is_empty())?;
    Some((host.trim_matches(['[', ']']).to_owned(), port))
}

fn parse_voters(config: &BrokerConfig) -> Result<VoterSet, StartError> {
    let listener = config.list("controller.listener.names").first().cloned().unwrap_or_default();
    let mut voters = VoterSet::default();
    for item in config.list("controller.quorum.voters") {
        let wrong = || {
            StartError::Refused(format!("controller.quorum.voters: «{item}» is not of the form id@host:port"))
        };
        let (id, address) = item.split_once('@').ok_or_else(wrong)?;
        let id: i32 = id.parse().ok().filter(|id| 0 <= *id).ok_or_else(wrong)?;
        let (host, port) = host_and_port(address).ok_or_else(wrong)?;
        if voters.get(NodeId(id)).is_some() {
            return refused(format!("controller.quorum.voters: node {id} is named twice"));
        }
        let endpoints = vec![VoterEndpoint { listener: listener.clone(), host, port }];
        voters = voters.with(NodeId(id), Voter { endpoints, ..Voter::default() });
    }
    Ok(voters)
}

fn parse_bootstrap(config: &BrokerConfig) -> Result<Vec<String>, StartError> {
    let servers = config.list("controller.quorum.bootstrap.servers");
    match servers.iter().find(|server| host_and_port(server).is_none()) {
        None => Ok(servers),
        Some(wrong) => {
            refused(format!("controller.quorum.bootstrap.servers: «{wrong}» is not of the form host:port"))
        }
    }
}

/// Where this node's controller is reached: as advertised, or as the voters name it, or where it listens.
fn own_controller(
    config: &BrokerConfig,
    listeners: &[ListenerSpec],
    voters: &VoterSet,
    node: NodeId,
) -> Result<Vec<VoterEndpoint>, StartError> {
    let Some(spec) = listeners.iter().find(|l| l.audience == Audience::Controllers) else {
        return Ok(Vec::new());
    };
    let advertised = parse_listeners(config, "advertised.listeners")?;
    let advertised = advertised.into_iter().find(|(name, ..)| *name == spec.name);
    let named = voters.get(node).map(|voter| voter.endpoints.clone()).unwrap_or_default();
    match advertised {
        Some((listener, host, port)) => Ok(vec![VoterEndpoint { listener, host, port }]),
        None if !named.is_empty() => Ok(named),
        None if matches!(spec.host.as_str(), "" | "0.0.0.0" | "::") => refused(format!(
            "advertised.listeners: give the address at which other nodes reach {}, as the listener is bound to all",
            spec.name
        )),
        None => {
            let (listener, host, port) = (spec.name.clone(), spec.host.clone(), spec.port);
            Ok(vec![VoterEndpoint { listener, host, port }])
        }
    }
}

impl Topology {
    /// Reads the settings.
    ///
    /// # Errors
    /// They do not fit each other; the sentence names the setting.
    pub(crate) fn read(config: &BrokerConfig) -> Result<Topology, StartError> {
        let node = NodeId(config.number("node.id") as i32);
        let roles = config.list("process.roles");
        let has = |role: &str| roles.iter().any(|r| r == role);
        let voters = parse_voters(config)?;
        let controllers = config.list("controller.listener.names");
        let is_controllers = |name: &str| controllers.iter().any(|c| c == name);
        let parsed = parse_listeners(config, "listeners")?;
        // A voter alone that nobody can reach as one needs nobody.
        let is_alone = voters.is_empty() || voters.len() == 1 && voters.get(node).is_some();
        let bootstrap = parse_bootstrap(config)?;
        let is_standalone =
            is_alone && bootstrap.is_empty() && !parsed.iter().any(|(name, ..)| is_controllers(name));
        let (is_broker, is_controller) = (has("broker"), has("controller"));
        if !is_broker && !is_controller {
            return refused("process.roles: give broker, controller, or both");
        }
        if is_standalone && !is_controller {
            return refused(
                "controller.quorum.bootstrap.servers: a node that is no controller needs some, or controller.quorum.voters: \
                 give them",
            );
        }
        if !voters.is_empty() && is_controller != voters.get(node).is_some() {
            return refused(format!(
                "controller.quorum.voters: node {node} {} it, and process.roles {} controller: change one of them{}",
                if is_controller { "is not in" } else { "is in" },
                if is_controller { "has" } else { "lacks" },
                if is_controller {
                    ", or give controller.quorum.bootstrap.servers instead, and add it later"
                } else {
                    ""
                },
            ));
        }
        let inter_broker = match config.get("inter.broker.listener.name") {
            Some(name) => name.to_owned(),
            None => "PLAINTEXT".to_owned(),
        };
        if parsed.is_empty() {
            return refused("listeners: give at least one listener, as PLAINTEXT://127.0.0.1:9092");
        }
        let audience = |name: &str| match name {
            name if is_controllers(name) => Audience::Controllers,
            name if name == inter_broker && !is_standalone => Audience::Brokers,
            _ => Audience::Clients,
        };
        let listeners: Vec<ListenerSpec> = parsed
            .into_iter()
            .map(|(name, host, port)| ListenerSpec { audience: audience(&name), name, host, port })
            .collect();
        let listens = |audience: Audience| listeners.iter().any(|l| l.audience == audience);
        if !is_standalone && is_controller != listens(Audience::Controllers) {
            let names = controllers.join(",");
            return refused(if is_controller {
                format!(
                    "listeners: a controller needs one that controller.listener.names ({names}) names, as CONTROLLER://host:9093"
                )
            } else {
                format!(
                    "listeners: a node that is no controller has none that controller.listener.names ({names}) names"
                )
            });
        }
        if !is_standalone && is_broker && !listens(Audience::Brokers) {
            return refused(format!(
                "inter.broker.listener.name: no listener has the name {inter_broker}: add it to listeners, or name another"
            ));
        }
        let controller = own_controller(config, &listeners, &voters, node)?;
        let voters = match () {
            // It is the first of a quorum, or has formed one before.
            () if voters.is_empty() && bootstrap.is_empty() => {
                let endpoints = controller.clone();
                voters.with(node, Voter { endpoints, ..Voter::default() })
            }
            () => voters,
        };
        Ok(Topology {
            node,
            is_broker,
            is_controller,
            is_standalone,
            listeners,
            voters,
            bootstrap,
            controller,
            inter_broker,
        })
    }

    /// Where others reach this node's listeners, but for its controller's: `advertised.listeners`, or else the
    /// listeners with their real ports.
    ///
    /// # Errors
    /// A listener is bound to all addresses, and none is advertised for it.
    pub(crate) fn endpoints(
        &self,
        config: &BrokerConfig,
        ports: &[u16],
    ) -> Result<Vec<Endpoint>, StartError> {
        let advertised = parse_listeners(config, "advertised.listeners")?;
        let mut endpoints = Vec::new();
        for (spec, port) in self.listeners.iter().zip(ports) {
            if spec.audience == Audience::Controllers {
                continue;
            }
            let (host, port) = match advertised.iter().find(|(name, ..)| *name == spec.name) {
                Some((_, host, port)) => (host.clone(), *port),
                None if matches!(spec.host.as_str(), "" | "0.0.0.0" | "::") => {
                    return refused(
                        "advertised.listeners: give the address that clients shall use, as the listener is bound to all",
                    );
                }
                None => (spec.host.clone(), *port),
            };
            let listener = spec.name.clone();
            endpoints.push(Endpoint { listener, host, port: port.into(), security_protocol: 0 });
        }
        if let Some((name, ..)) =
            advertised.iter().find(|(name, ..)| !self.listeners.iter().any(|l| l.name == *name))
        {
            return refused(format!("advertised.listeners: listeners has none of the name {name}"));
        }
        Ok(endpoints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Topology, String> {
        let mut config = BrokerConfig::default();
        settings.iter().for_each(|(name, value)| config.set(name, value).expect("it is legal by itself"));
        Topology::read(&config).map_err(|e| e.to_string())
    }

    const VOTERS: (&str, &str) = ("controller.quorum.voters", "1@a:9093,2@b:9093,3@c:9093");
    const BOTH: (&str, &str) = ("listeners", "PLAINTEXT://a:9092,CONTROLLER://a:9093");

    #[test]
    fn a_node_knows_its_place() {
        let alone = read(&[]).unwrap();
        assert!(alone.is_standalone && alone.listeners[0].audience == Audience::Clients);
        let both = read(&[VOTERS, BOTH]).unwrap();
        let audiences: Vec<Audience> = both.listeners.iter().map(|l| l.audience).collect();
        assert_eq!(audiences, [Audience::Brokers, Audience::Controllers]);
        assert_eq!(both.voters.address(NodeId(3)).as_deref(), Some("c:9093"));
        assert_eq!(both.controller[0].address(), "a:9093");
        let found = read(&[("controller.quorum.bootstrap.servers", "a:9093,b:9093"), BOTH]).unwrap();
        assert!(found.voters.is_empty() && found.bootstrap.len() == 2 && !found.is_standalone);
        let first = read(&[BOTH]).unwrap();
        assert!(!first.is_standalone && first.voters.address(NodeId(1)).as_deref() == Some("a:9093"));
        let broker = read(&[VOTERS, ("node.id", "7"), ("process.roles", "broker")]).unwrap();
        assert!(broker.is_broker);
    }

    #[test]
    fn settings_that_do_not_fit_are_named() {
        let refused = |settings: &[(&str, &str)], name: &str| {
            let why = read(settings).unwrap_err();
            assert!(why.starts_with(name), "{why}");
        };
        refused(&[("listeners", "PLAINTEXT:9092")], "listeners");
        refused(&[("listeners", "SSL://a:9092")], "listeners");
        refused(&[("controller.quorum.voters", "a:9093")], "controller.quorum.voters");
        refused(&[("controller.quorum.voters", "1@a:9093,1@b:9093")], "controller.quorum.voters");
        refused(&[VOTERS, ("node.id", "7")], "controller.quorum.voters");
        refused(&[VOTERS], "listeners");
        refused(&[("process.roles", "broker")], "controller.quorum.bootstrap.servers");
        refused(&[("controller.quorum.bootstrap.servers", "a"), BOTH], "controller.quorum.bootstrap.servers");
        refused(&[VOTERS, BOTH, ("inter.broker.listener.name", "INTERNAL")], "inter.broker.listener.name");
        refused(
            &[VOTERS, BOTH, ("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT")],
            "listener.security",
        );
    }
}
