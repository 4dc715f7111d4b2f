//! The durability contract of [`super::disk`] as one suite, for every disk there is: the one in memory, the
//! simulated one, and real file systems whose power is really cut. What production relies on must hold on all
//! of them; what the simulator calls legal must contain what they really do. And what a receiver relies on that waits
//! for many bytes, for every network.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::{
    Chunk, Env, Incoming, Listener, Network, OutQueue, Stream,
    disk::{Disk, File, OpenMode, read_file, replace_file},
    until,
};

/// What happened to the machine between two looks at the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The process ended.
    Process,
    /// The power went.
    Power,
}

/// Works on an empty disk, lets `strike` bring the loss about, and judges what is left. `strike` is given the
/// last handle of the disk and returns a new one.
///
/// # Panics
/// The disk breaks the contract, or refuses.
pub async fn check<D: Disk>(disk: D, loss: Loss, strike: impl AsyncFnOnce(D) -> D) {
    prepare(&disk).await;
    let disk = strike(disk).await;
    judge(&disk, loss);
}

/// Sends to itself, and judges what a receiver gets that waits for many bytes: nothing before they are there, then all of
/// them; what there is once it waits for less; and the end.
///
/// # Panics
/// The network breaks the contract, or refuses.
pub async fn check_stream<E: Env>(env: &E, host: &str) {
    let judged = until(env.sleep(Duration::from_secs(30)), judge_stream(env.network(), host)).await;
    judged.expect("who waits for bytes that are there is woken");
}

async fn judge_stream<N: Network>(network: &N, host: &str) {
    let (there, here) = connected(network, host).await;
    let (other_there, other_here) = connected(network, host).await;
    // What was sent to the one before has been seen once the other is woken.
    let is_silent = async || {
        send(&other_there, 1).await;
        receive(&other_here, 1, |_| 1).await;
        until(std::future::ready(()), here.recv(&mut BytesMut::with_capacity(1), 1)).await.is_none()
    };
    send(&there, 100_000).await;
    receive(&here, 100_000, |left| left).await;
    here.set_low_water(100_000);
    send(&there, 30_000).await;
    assert!(is_silent().await, "30,000 bytes wake who waits for 100,000");
    send(&there, 70_000).await;
    receive(&here, 100_000, |left| left).await;
    here.set_low_water(100_000);
    send(&there, 40_000).await;
    assert!(is_silent().await, "40,000 bytes wake who waits for 100,000");
    receive(&here, 40_000, |_| 1).await;
    here.set_low_water(100_000);
    send(&there, 10).await;
    drop(there);
    let mut rest = BytesMut::with_capacity(100);
    while 0 < here.recv(&mut rest, 100).await.expect(REFUSED) {}
    assert_eq!(rest.len(), 10, "the last bytes before the end");
}

/// Both ends of a connection.
async fn connected<N: Network>(network: &N, host: &str) -> (N::Stream, N::Stream) {
    let mut listener = network.listen(&format!("{host}:0")).await.expect(REFUSED);
    let there = network.connect(&format!("{host}:{}", listener.port())).await.expect(REFUSED);
    let here = listener.accept().await.expect(REFUSED).open().expect(REFUSED);
    (there, here)
}

async fn send<S: Stream>(stream: &S, count: usize) {
    let mut queue = OutQueue::default();
    queue.push(Chunk::Bytes(bytes(b'x', count)));
    stream.send(&mut queue).await.expect(REFUSED);
}

/// Receives so many bytes, and has room for one more, so that what is there is known to be all.
async fn receive(stream: &impl Stream, count: usize, low_water: impl Fn(usize) -> usize) {
    let mut left = count;
    while 0 < left {
        stream.set_low_water(low_water(left));
        let room = left + 1;
        let taken = stream.recv(&mut BytesMut::with_capacity(room), room).await.expect(REFUSED);
        assert!(0 < taken && taken <= left, "{taken} bytes came of {left} that are left of {count}");
        left -= taken;
    }
}

const REFUSED: &str = "nothing is refused here";

fn bytes(letter: u8, count: usize) -> Bytes {
    vec![letter; count].into()
}

async fn make_dir<D: Disk>(disk: &D, dir: &str) {
    disk.create_dir(dir).expect(REFUSED);
    disk.sync(&[], &[""]).await.expect(REFUSED);
}

/// Makes a file whose contents and name are durable.
async fn make_file<D: Disk>(disk: &D, path: &str, contents: Bytes) -> D::File {
    let file = disk.open(path, OpenMode::Create).expect(REFUSED);
    disk.submit(&file, 0, &mut vec![contents]).await.expect(REFUSED);
    disk.sync(std::slice::from_ref(&file), &[super::disk::parent(path)]).await.expect(REFUSED);
    file
}

async fn prepare<D: Disk>(disk: &D) {
    make_dir(disk, "synced").await;
    let file = disk.open("synced/f", OpenMode::Create).expect(REFUSED);
    let slices = || vec![bytes(b'a', 600), bytes(b'b', 1), bytes(b'c', 10_000)];
    disk.submit(&file, 0, &mut slices()).await.expect(REFUSED);
    disk.sync(std::slice::from_ref(&file), &["synced"]).await.expect(REFUSED);

    make_dir(disk, "entry").await;
    let file = disk.open("entry/f", OpenMode::Create).expect(REFUSED);
    disk.submit(&file, 0, &mut vec![bytes(b'a', 5_000)]).await.expect(REFUSED);
    disk.sync(&[file], &[]).await.expect(REFUSED);

    make_dir(disk, "overwritten").await;
    let file = make_file(disk, "overwritten/f", bytes(b'a', 8_192)).await;
    disk.submit(&file, 1_000, &mut vec![bytes(b'b', 2_000)]).await.expect(REFUSED);
    disk.submit(&file, 8_192, &mut vec![bytes(b'b', 4_096)]).await.expect(REFUSED);

    make_dir(disk, "replaced").await;
    replace_file(disk, "replaced/f", bytes(b'a', 3_000)).await.expect(REFUSED);
    replace_file(disk, "replaced/f", bytes(b'b', 2_000)).await.expect(REFUSED);

    make_dir(disk, "renamed").await;
    make_file(disk, "renamed/old", bytes(b'a', 700)).await;
    disk.rename("renamed/old", "renamed/new").expect(REFUSED);

    make_dir(disk, "moved").await;
    make_file(disk, "moved/old", bytes(b'a', 700)).await;
    disk.rename("moved/old", "moved/new").expect(REFUSED);
    disk.sync(&[], &["moved"]).await.expect(REFUSED);

    make_dir(disk, "removed").await;
    make_file(disk, "removed/f", bytes(b'a', 700)).await;
    make_file(disk, "removed/g", bytes(b'a', 700)).await;
    disk.remove("removed/f").expect(REFUSED);
    disk.sync(&[], &["removed"]).await.expect(REFUSED);
    disk.remove("removed/g").expect(REFUSED);

    make_dir(disk, "cut").await;
    let file = make_file(disk, "cut/f", bytes(b'a', 8_192)).await;
    file.set_len(5_000).expect(REFUSED);
    disk.sync(std::slice::from_ref(&file), &[]).await.expect(REFUSED);
    file.set_len(6_000).expect(REFUSED);
    disk.sync(&[file], &[]).await.expect(REFUSED);

    // A sync covers what was submitted before it was called, awaited or not, and syncs are done in order.
    make_dir(disk, "pipelined").await;
    let file = disk.open("pipelined/f", OpenMode::Create).expect(REFUSED);
    drop(disk.submit(&file, 0, &mut vec![bytes(b'a', 4_000)]));
    let first = disk.sync(std::slice::from_ref(&file), &["pipelined"]);
    drop(disk.submit(&file, 4_000, &mut vec![bytes(b'b', 4_000)]));
    let second = disk.sync(std::slice::from_ref(&file), &[]);
    second.await.expect(REFUSED);
    drop(first);

    disk.create_dir("made").expect(REFUSED);
    make_file(disk, "made/f", bytes(b'a', 700)).await;
}

fn judge<D: Disk>(disk: &D, loss: Loss) {
    let read = |path: &str| read_file(disk, path).expect("a file that is there can be read");
    let power = loss == Loss::Power;
    let is = |path: &str, contents: &[u8]| {
        let found = read(path).unwrap_or_else(|| panic!("{path} was synced, and is gone"));
        assert!(found == contents, "{path} was synced, and has changed");
    };
    let is_or_gone = |path: &str, contents: &[u8]| {
        let found = read(path);
        assert!(found.as_deref().is_none_or(|found| found == contents), "{path} has changed");
        assert!(power || found.is_some(), "{path} is gone without a power loss");
        found.is_some()
    };

    is("synced/f", &[&[b'a'; 600][..], b"b", &[b'c'; 10_000]].concat());
    is_or_gone("entry/f", &[b'a'; 5_000]);

    let found = read("overwritten/f").expect("it was synced");
    assert!(8_192 <= found.len(), "the synced part of a file was cut off");
    assert!(power || found.len() == 12_288, "a completed write is gone without a power loss");
    for (at, byte) in found.iter().enumerate() {
        let legal: &[u8] = match at {
            1_000..3_000 if power => b"ab",
            0..1_000 | 3_000..8_192 => b"a",
            8_192.. if power => b"b\0",
            _ => b"b",
        };
        assert!(legal.contains(byte), "byte {at} is {byte}, of {} bytes", found.len());
    }

    is("replaced/f", &[b'b'; 2_000]);

    let (old, new) = (read("renamed/old"), read("renamed/new"));
    assert!(power || old.is_none(), "a rename is undone without a power loss");
    let both = [old, new];
    assert_eq!(both.iter().flatten().count(), 1, "a rename is neither done nor undone");
    assert!(both.iter().flatten().all(|found| found[..] == [b'a'; 700]), "a rename changed the contents");

    is("moved/new", &[b'a'; 700]);
    assert_eq!(read("moved/old"), None, "a durable rename left its old name");
    assert_eq!(read("removed/f"), None, "a durable removal is undone");
    if power {
        is_or_gone("removed/g", &[b'a'; 700]);
    } else {
        assert_eq!(read("removed/g"), None, "a removal is undone without a power loss");
    }
    is("cut/f", &[&[b'a'; 5_000][..], &[0; 1_000]].concat());
    is("pipelined/f", &[[b'a'; 4_000], [b'b'; 4_000]].concat());
    is_or_gone("made/f", &[b'a'; 700]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{mem::MemDisk, ready};

    #[test]
    fn the_disk_in_memory_keeps_the_contract() {
        for loss in [Loss::Process, Loss::Power] {
            let strike = async |disk: MemDisk| match loss {
                Loss::Process => disk,
                Loss::Power => disk.after_power_loss(),
            };
            let mut checked = Box::pin(check(MemDisk::default(), loss, strike));
            assert_eq!(ready(&mut checked), Some(()), "nothing waits in memory");
        }
    }
}
