//! Crash images: at a power loss, several legal images of the disk are recovered, and one of them goes on. A bug that needs
//! an unlucky choice of sectors is found without a seed that makes it.

use std::time::Duration;

use ottla_broker::inspect::{RecoveredLog, recover};
use ottla_core::{record::BatchView, types::Offset};
use ottla_sim::{Crash, media::Disks, trace};

use super::{Run, config, invariants::Kept, name};
use crate::{NO_PANIC, plan::Flush, workload::slot};

/// Where images are recovered: a machine that nobody knows.
const IMAGE: &str = "image";

impl Run<'_> {
    /// Recovers some images of a node that is about to lose power. RECOVERY-1: what was kept is there, and nothing else in
    /// its place.
    pub(super) async fn recover_images(&mut self, node: usize) {
        if self.plan.images == 0 || !self.world.is_up(&name(node)) {
            return;
        }
        let kept = match &*self.served[node].lock().expect(NO_PANIC) {
            Some(running) => self.invariants.kept(node, self.incarnations[node], running),
            None => return,
        };
        let images = self.world.crash_images(&name(node), self.plan.images);
        for (number, image) in images.into_iter().enumerate() {
            let again = (number == 0).then(|| image.clone());
            let mut verdict = self.recover_image(node, image, &kept, None).await;
            if let (Ok(()), Some(image)) = (&verdict, again) {
                // Power that goes again while it recovers.
                let after = Duration::from_micros(self.image_draws.below(3_000));
                verdict = self.recover_image(node, image, &kept, Some(after)).await;
            }
            if let Err(why) = verdict {
                self.found.get_or_insert(format!("RECOVERY-1: node {node}, image {number}: {why}"));
            }
        }
    }

    async fn recover_image(
        &mut self,
        node: usize,
        image: Disks,
        kept: &[Kept],
        loses_power: Option<Duration>,
    ) -> Result<(), String> {
        let (world, partitions) =
            (self.world, kept.iter().map(|kept| kept.partition.clone()).collect::<Vec<_>>());
        if !world.nodes().contains(IMAGE) {
            world.boot(IMAGE);
            world.crash(IMAGE, Crash::Power).await;
        }
        world.put_disks(IMAGE, image);
        if let Some(after) = loses_power {
            let (env, config, partitions) = (world.boot(IMAGE), config(self.plan, node), partitions.clone());
            world.spawn(IMAGE, async move { drop(recover(&env, &config, &partitions).await) });
            world.sleep(after).await;
            world.crash(IMAGE, Crash::Power).await;
        }
        let (env, config) = (world.boot(IMAGE), config(self.plan, node));
        let (result, mut taken) = slot();
        world.spawn(IMAGE, async move {
            let recovered = recover(&env, &config, &partitions).await;
            *result.lock().expect(NO_PANIC) = Some(recovered);
        });
        let mut recovered = None;
        for _ in 0..10_000 {
            recovered = taken();
            if recovered.is_some() {
                break;
            }
            world.sleep(Duration::from_millis(1)).await;
        }
        world.crash(IMAGE, Crash::Process).await;
        let recovered = recovered.ok_or("it is not recovered within ten seconds")??;
        let is_durable = self.plan.flush == Flush::Each;
        kept.iter().try_for_each(|kept| is_kept(kept, recovered.get(&kept.partition), is_durable))
    }
}

/// Whether what was kept of a log is in what was recovered.
fn is_kept(kept: &Kept, log: Option<&RecoveredLog>, is_durable: bool) -> Result<(), String> {
    let (topic, index) = &kept.partition;
    let Some(log) = log else {
        let has_any = is_durable && kept.batches.iter().any(|batch| batch.end <= kept.end);
        return if has_any { Err(format!("{topic}-{index} is gone")) } else { Ok(()) };
    };
    let mut lasting = kept.batches.iter().filter(|batch| kept.start <= batch.base && batch.end <= kept.end);
    let lost = lasting.find(|batch| is_durable && (log.end < batch.end || batch.end <= log.start));
    if let Some(batch) = lost {
        let (start, end) = (log.start, log.end);
        return Err(format!("{topic}-{index} goes from {start} to {end}, and {batch:?} was kept"));
    }
    // Where each begins is on disk later than it is known.
    let mut known = kept.batches.iter().skip_while(|batch| batch.end <= log.start);
    let first = kept.batches.first().map_or(Offset(0), |batch| batch.base);
    for bytes in &log.batches {
        let view = BatchView::new(bytes).expect("it is whole");
        let at: Offset = view.base_offset();
        if at < first {
            continue;
        }
        match known.next() {
            Some(batch) if batch.base == at && batch.hash == trace::fnv(bytes) => {}
            Some(batch) if kept.end < batch.end => return Ok(()),
            Some(batch) => {
                return Err(format!("{topic}-{index} has another batch at {at} than {batch:?}"));
            }
            None => return Ok(()),
        }
    }
    Ok(())
}
