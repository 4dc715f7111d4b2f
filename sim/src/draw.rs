//! Random draws keyed by purpose: (seed, domain, entity, n) for the n-th draw of an entity, so that one
//! concern does not shift another.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// Draws of one run.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    seed: u64,
}

impl Draws {
    /// The draws of a seed.
    pub fn new(seed: u64) -> Draws {
        Draws { seed }
    }

    /// Sixty-four bits for the `n`-th draw of `entity` in `domain`.
    pub fn bits(&self, domain: &str, entity: u64, n: u64) -> u64 {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&crate::trace::fnv(domain.as_bytes()).to_le_bytes());
        key[16..24].copy_from_slice(&entity.to_le_bytes());
        key[24..].copy_from_slice(&n.to_le_bytes());
        ChaCha8Rng::from_seed(key).next_u64()
    }

    /// A stream of draws for one purpose.
    pub fn stream(&self, domain: &'static str, entity: u64) -> Stream {
        Stream { draws: *self, domain, entity, n: 0 }
    }
}

/// The draws of one entity, one after the other.
#[derive(Clone, Debug)]
pub struct Stream {
    draws: Draws,
    domain: &'static str,
    entity: u64,
    n: u64,
}

impl Stream {
    /// The next sixty-four bits.
    pub fn bits(&mut self) -> u64 {
        self.n += 1;
        self.draws.bits(self.domain, self.entity, self.n)
    }

    /// A number below `bound`.
    ///
    /// # Panics
    /// `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.bits() % bound
    }

    /// A number from `from` to `to`, both included.
    pub fn range(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to - from + 1)
    }

    /// True with a probability of `per_million` in a million. Nothing is drawn where there is no chance.
    pub fn chance(&mut self, per_million: u64) -> bool {
        per_million != 0 && self.below(1_000_000) < per_million
    }
}
