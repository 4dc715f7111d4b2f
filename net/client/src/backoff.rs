//! Pauses between tries.

use std::time::Duration;

use ottla_core::{env::Env, types::Mono};

use crate::ClientConfig;

/// Each pause is twice as long as the one before, up to a longest one (KIP-580). The first are short: who is asked while a
/// partition gets another leader is refused for some milliseconds.
#[derive(Clone, Debug)]
pub struct Backoff {
    first: Duration,
    next: Duration,
    longest: Duration,
}

impl Backoff {
    /// The pauses of a client.
    pub fn new(config: &ClientConfig) -> Backoff {
        let (first, longest) = (config.retry_backoff, config.retry_backoff_max);
        Backoff { first, next: first, longest }
    }

    /// The next pause, a fifth longer or shorter as `random` has it: those who were refused together do not come together.
    pub fn pause(&mut self, random: u64) -> Duration {
        let pause = self.next.min(self.longest);
        self.next = 2 * pause;
        pause * (80 + (random % 41) as u32) / 100
    }

    /// Waits for the next pause, but not past `deadline`.
    pub async fn wait<E: Env>(&mut self, env: &E, deadline: Mono) {
        let pause = self.pause(env.random_u64());
        env.sleep_until(deadline.min(env.now() + pause)).await;
    }

    /// A try succeeded.
    pub fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut config = ClientConfig::new("");
        (config.retry_backoff, config.retry_backoff_max) =
            (Duration::from_millis(10), Duration::from_millis(35));
        let mut backoff = Backoff::new(&config);
        let mut pauses = |random: u64| [(); 4].map(|()| backoff.pause(random).as_micros());
        assert_eq!(pauses(20), [10_000, 20_000, 35_000, 35_000]);
        backoff.reset();
        assert_eq!(backoff.pause(0).as_micros(), 8_000);
        assert_eq!(backoff.pause(40).as_micros(), 24_000);
    }
}
