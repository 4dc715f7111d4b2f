//! The image of what is committed: replayed here, waited for, and replaced by a snapshot's.

use std::sync::{Arc, atomic::Ordering};

use ottla_core::{
    controller::{Image, records::Record},
    env::Env,
    errors::ErrorCode,
    record::{BatchView, batch::records},
    types::{LeaderEpoch, Offset, Timestamp},
};
use tokio::sync::Notify;

use super::{NO_PANIC, Quorum, Replayed};

/// What has come in.
pub(crate) enum Committed {
    /// Records.
    Records(Vec<Record>),
    /// Another image: a snapshot's.
    Image,
}

impl<E: Env> Quorum<E> {
    /// Waits until everything below `end` is taken in here, for as long as this node leads `epoch`.
    pub(super) async fn taken_in(&self, end: Offset, epoch: LeaderEpoch) -> Result<(), ErrorCode> {
        let signal = Arc::new(Notify::new());
        loop {
            {
                let mut applied = self.applied.lock().expect(NO_PANIC);
                if end <= applied.end {
                    return Ok(());
                }
                applied.waiting.push(signal.clone());
            }
            let leads = self.controls() == Some(epoch);
            if !leads || self.is_over() {
                return Err(ErrorCode::NotController);
            }
            signal.notified().await;
        }
    }

    /// Waits until everything below `end` is taken in here, whoever leads.
    pub(crate) async fn reached(&self, end: Offset) {
        let signal = Arc::new(Notify::new());
        loop {
            {
                let mut applied = self.applied.lock().expect(NO_PANIC);
                if end <= applied.end {
                    return;
                }
                applied.waiting.push(signal.clone());
            }
            signal.notified().await;
        }
    }

    /// Waits until something is committed that is not in the image, replays it, and publishes the image; or until the
    /// image is another snapshot's. One task does this, and says [`Quorum::took_in`] after each.
    ///
    /// # Errors
    /// The log cannot be read, or holds what this release does not know.
    pub(crate) async fn next_committed(&self) -> Result<(Committed, Offset), String> {
        loop {
            let before = self.replayed.lock().expect(NO_PANIC).clone();
            if self.is_installed.swap(false, Ordering::SeqCst) {
                return Ok((Committed::Image, before.end));
            }
            let to = self.raft.lock().expect(NO_PANIC).high_watermark();
            if before.end < to {
                match self.replay(&before, to) {
                    Ok((records, after)) => {
                        let mut replayed = self.replayed.lock().expect(NO_PANIC);
                        // A snapshot may have come meanwhile.
                        if replayed.end == before.end {
                            *replayed = after.clone();
                            self.published.publish(after.image);
                            return Ok((Committed::Records(records), to));
                        }
                        continue;
                    }
                    // The log begins behind a snapshot by now, which is about to be gone by.
                    Err(_) if before.end < self.log_start() => {}
                    Err(why) => return Err(why),
                }
            }
            self.committed.notified().await;
        }
    }

    fn replay(&self, before: &Replayed, to: Offset) -> Result<(Vec<Record>, Replayed), String> {
        let (mut records, mut unreadable) = (Vec::new(), None);
        let mut after = Replayed { end: to, ..before.clone() };
        let read = self.partition.read_between(before.end, to, |batch| {
            after.bytes += batch.len() as u64;
            after.last = BatchView::new(batch).map_or(after.last, |view| Timestamp(view.max_timestamp()));
            match records_of(batch) {
                Ok(more) => records.extend(more),
                Err(why) => unreadable = unreadable.take().or(Some(why)),
            }
        });
        read.map_err(|code| format!("the metadata log cannot be read: {code}"))?;
        unreadable.map_or(Ok(()), Err)?;
        let mut image = Image::clone(&before.image);
        records.iter().for_each(|record| image.replay(record));
        self.check_cluster(&image)?;
        after.image = Arc::new(image);
        Ok((records, after))
    }

    /// Whether an image is of this node's cluster; a node that knows none yet is of that one.
    pub(super) fn check_cluster(&self, image: &Image) -> Result<(), String> {
        let Some(id) = image.cluster_id() else { return Ok(()) };
        let own = self.cluster_id.lock().expect(NO_PANIC).replace(id).unwrap_or(id);
        if own == id {
            return Ok(());
        }
        *self.cluster_id.lock().expect(NO_PANIC) = Some(own);
        Err(format!("the metadata log is of cluster {id}, and this node of {own}"))
    }

    /// Goes by the image of a snapshot, which ends later.
    pub(super) fn replace_image(&self, end: Offset, image: Image, last: Timestamp) {
        let image = Arc::new(image);
        let mut replayed = self.replayed.lock().expect(NO_PANIC);
        assert!(replayed.end <= end, "RAFT-5: a snapshot ends before what was committed here");
        *replayed = Replayed { end, image: image.clone(), last, bytes: 0 };
        self.published.publish(image);
    }

    /// Everything below is taken in by the replicas too.
    pub(crate) fn took_in(&self, end: Offset) {
        self.applied.lock().expect(NO_PANIC).end = end;
        self.wake_waiting();
    }
}

/// The records of a batch of the metadata log; none in one that only begins an epoch.
pub(super) fn records_of(batch: &[u8]) -> Result<Vec<Record>, String> {
    let view = BatchView::new(batch).ok_or("a metadata batch is cut off")?;
    if view.is_control() {
        return Ok(Vec::new());
    }
    records(view.payload()).map(|record| Record::decode(record.value.unwrap_or_default())).collect()
}
