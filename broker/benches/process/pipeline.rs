//! Replication without a broker: three processes of plain loops that move the same bytes over the same sockets to as
//! many files, check what three brokers check, the sum of the bytes, and answer when all have written.

use std::{
    fs::File,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::FileExt,
    thread,
};

use super::Server;

const FOLLOWER: &str = "--pipeline-follower";
const LEADER: &str = "--pipeline-leader";

/// Serves as one of the processes if the command line says so.
pub(crate) fn serve() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name| arguments.iter().position(|a| a == name).map(|at| arguments[at + 1].as_str());
    match (value(LEADER), value(FOLLOWER)) {
        (Some(value), _) => leader(value),
        (None, Some(value)) => follower(value.parse().expect("a frame's size")),
        (None, None) => return false,
    }
    // What a thread used can be read only while it lives.
    thread::park();
    true
}

/// The leader and its two followers.
pub(crate) fn start(frame_bytes: usize) -> [Server; 3] {
    let followers = [(); 2].map(|()| Server::reference(FOLLOWER, &frame_bytes.to_string()));
    let value = format!("{frame_bytes},{},{}", followers[0].address, followers[1].address);
    let leader = Server::reference(LEADER, &value);
    let [first, second] = followers;
    [leader, first, second]
}

fn accept() -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("it is bound"));
    let (stream, _) = listener.accept().expect("somebody comes");
    stream.set_nodelay(true).expect("it is a socket");
    stream
}

fn follower(frame_bytes: usize) {
    let mut leader = accept();
    let file = File::create("replica").expect("it is made");
    let (mut frame, mut at) = (vec![0; frame_bytes], 0);
    while leader.read_exact(&mut frame).is_ok() {
        std::hint::black_box(ottla_core::record::crc32c(&frame));
        file.write_all_at(&frame, at).expect("it is written");
        at += frame_bytes as u64;
        leader.write_all(&[1]).expect("it reads");
    }
}

fn leader(value: &str) {
    let mut values = value.split(',');
    let frame_bytes: usize = values.next().and_then(|v| v.parse().ok()).expect("a frame's size");
    let followers: Vec<TcpStream> = values.map(|at| TcpStream::connect(at).expect("it listens")).collect();
    let mut client = accept();
    let mut answers = client.try_clone().expect("a second handle");
    let mut acknowledged: Vec<_> =
        followers.iter().map(|f| f.try_clone().expect("a second handle")).collect();
    thread::spawn(move || {
        let answer = [&60i32.to_be_bytes()[..], &[0; 60]].concat();
        while acknowledged.iter_mut().all(|follower| follower.read_exact(&mut [0]).is_ok()) {
            if answers.write_all(&answer).is_err() {
                break;
            }
        }
        thread::park();
    });
    let file = File::options().create(true).truncate(true).read(true).write(true).open("log").expect("made");
    let (mut frame, mut end) = (vec![0; frame_bytes], 0);
    while client.read_exact(&mut frame).is_ok() {
        std::hint::black_box(ottla_core::record::crc32c(&frame));
        file.write_all_at(&frame, end).expect("it is written");
        for follower in &followers {
            let mut at = end;
            while at < end + frame_bytes as u64 {
                let left = (end + frame_bytes as u64 - at) as usize;
                rustix::fs::sendfile(follower, &file, Some(&mut at), left).expect("it reads");
            }
        }
        end += frame_bytes as u64;
    }
}
