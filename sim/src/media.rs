//! Disks as things: they are copied, taken out of one machine and put into another.

use crate::{
    image::{DiskFaults, DiskState},
    trace::fnv,
    world::{Counts, Crash, State, World},
};

/// Disks that are in no machine.
#[derive(Clone)]
pub struct Disks {
    /// By what they are opened as.
    disks: Vec<(String, DiskState)>,
}

/// The disks of a node, taken out of the world's.
fn take(state: &mut State, node: &str) -> Disks {
    let prefix = format!("{node}:");
    let (own, others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut state.disks).into_iter().partition(|(path, _)| path.starts_with(&prefix));
    state.disks = others.into_iter().collect();
    Disks { disks: own.into_iter().map(|(path, disk)| (path[prefix.len()..].to_owned(), disk)).collect() }
}

fn put(state: &mut State, node: &str, disks: Disks) {
    let named = disks.disks.into_iter().map(|(path, disk)| (format!("{node}:{path}"), disk));
    state.disks.extend(named);
}

impl World {
    /// What a power loss at this moment could leave of a node's disks: as many of the legal images as are asked for, each
    /// drawn anew. The disks themselves stay as they are. [`crate::image`] says what is legal.
    pub fn crash_images(&self, name: &str, count: u64) -> Vec<Disks> {
        let now = self.now_ns();
        let mut state = self.state();
        let prefix = format!("{name}:");
        let own: Vec<(String, DiskState)> = state
            .disks
            .iter()
            .filter(|(path, _)| path.starts_with(&prefix))
            .map(|(path, disk)| (path[prefix.len()..].to_owned(), disk.clone()))
            .collect();
        state.images += 1;
        let (draws, number) = (state.draws, state.images);
        let image = |n: u64| {
            let mut disks = own.clone();
            for (path, disk) in &mut disks {
                let entity = fnv(format!("{name}:{path}").as_bytes()) ^ (number << 8 | n);
                disk.crash_draws = draws.stream("crash image", entity);
                // Whatever ails the disk is not what is looked at.
                (disk.faults, disk.failed_for) = (DiskFaults::default(), None);
                disk.crash(Crash::Power, now, &mut Counts::default());
            }
            Disks { disks }
        };
        (0..count).map(image).collect()
    }

    /// A copy of a node's disks, as one that is made block by block while the node goes on.
    pub fn copy_disks(&self, name: &str) -> Disks {
        self.crash_images(name, 1).swap_remove(0)
    }

    /// Puts these disks into a node, in the place of its own.
    ///
    /// # Panics
    /// The node is up.
    pub fn put_disks(&self, name: &str, disks: Disks) {
        assert!(!self.is_up(name), "{name} is taken down before its disks are changed");
        let now = self.now_ns();
        let mut state = self.state();
        take(&mut state, name);
        put(&mut state, name, disks);
        state.trace.add(now, name, format_args!("other disks are put in"));
    }

    /// Puts the disks of each of two nodes into the other one.
    ///
    /// # Panics
    /// One of them is up.
    pub fn swap_disks(&self, one: &str, other: &str) {
        for name in [one, other] {
            assert!(!self.is_up(name), "{name} is taken down before its disks are changed");
        }
        let now = self.now_ns();
        let mut state = self.state();
        let (ones, others) = (take(&mut state, one), take(&mut state, other));
        put(&mut state, one, others);
        put(&mut state, other, ones);
        state.trace.add(now, one, format_args!("its disks and those of {other} change places"));
    }
}
