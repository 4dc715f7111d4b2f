//! Pauses between tries.

use std::time::Duration;

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

    /// The next pause.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next.min(self.longest);
        self.next = 2 * pause;
        pause
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
        let mut pauses = || [(); 4].map(|()| backoff.pause().as_millis());
        assert_eq!(pauses(), [10, 20, 35, 35]);
        backoff.reset();
        assert_eq!(backoff.pause().as_millis(), 10);
    }
}
