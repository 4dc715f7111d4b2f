//! What an idle broker takes, and how fast one starts: memory, CPU and context switches with 1,000 and 10,000
//! partitions of one record each, and the time from the start of the process to its first acknowledged
//! produce. The reference is an idle process of this program that only listens.
//! `cargo bench -p ottla-broker --bench idle` (about five minutes)
#![allow(clippy::disallowed_methods)]

mod process;

use std::{
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use process::{Server, ask, assert_accepted, batch, directory, median, produce};

const WINDOW: Duration = Duration::from_secs(60);
/// The default checkpoint is due within a minute after the last record.
const SETTLE: Duration = Duration::from_secs(65);
const STARTS: usize = 7;

fn main() {
    if std::env::args().any(|a| a == "--listen") {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        println!("{}", listener.local_addr().expect("it is bound"));
        return listener.incoming().for_each(drop);
    }
    println!(
        "{:<18} {:>12} {:>16} {:>22} {:>14}",
        "partitions", "resident MB", "CPU ms / 60 s", "switches / 60 s", "start ms"
    );
    let listening = Server::reference("--listen", "");
    thread::sleep(Duration::from_secs(1));
    row("none: a listener", &idle(&listening), None);
    drop(listening);
    let record = batch(100, 0).0;
    for partitions in [1_000, 10_000] {
        let server = Server::broker(directory(), &[], partitions);
        let mut stream = TcpStream::connect(&server.address).expect("it listens");
        (0..partitions as i32).for_each(|p| assert_accepted(&ask(&mut stream, &produce(p, &record))));
        drop(stream);
        thread::sleep(SETTLE);
        let measured = idle(&server);
        let mut dir = server.terminate();
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            let began = Instant::now();
            let server = Server::broker(dir, &[], 0);
            let mut stream = TcpStream::connect(&server.address).expect("it listens");
            assert_accepted(&ask(&mut stream, &produce(0, &record)));
            starts.push(began.elapsed().as_secs_f64() * 1e3);
            dir = server.terminate();
        }
        row(&partitions.to_string(), &measured, Some(median(&mut starts)));
    }
}

/// Megabytes resident, CPU milliseconds and context switches of a quiet minute.
fn idle(server: &Server) -> (f64, f64, u64) {
    let (cpu, switches) = (server.cpu(), switches(server));
    thread::sleep(WINDOW);
    (
        field(&server.proc("status"), "VmRSS:") as f64 / 1e3,
        (server.cpu() - cpu) * 1e3,
        self::switches(server) - switches,
    )
}

/// Context switches of all threads, voluntary and not.
fn switches(server: &Server) -> u64 {
    let tasks = format!("/proc/{}/task", server.id());
    let statuses = std::fs::read_dir(tasks).expect("the process lives").map(|task| {
        std::fs::read_to_string(task.expect("it is listed").path().join("status")).unwrap_or_default()
    });
    statuses.map(|s| field(&s, "voluntary_ctxt_switches:") + field(&s, "nonvoluntary_ctxt_switches:")).sum()
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|l| l.strip_prefix(name));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

fn row(name: &str, (resident, cpu, switches): &(f64, f64, u64), start: Option<f64>) {
    let start = start.map_or("-".into(), |ms| format!("{ms:.0}"));
    println!("{name:<18} {resident:>12.1} {cpu:>16.0} {switches:>22} {start:>14}");
}
