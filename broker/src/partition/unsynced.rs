//! Whether a partition acknowledges what no sync has covered, and whether its log can be used at all.

use std::sync::Arc;

use ottla_core::{env::Env, log::LogConfig};

use super::Partition;

impl<E: Env> Partition<E> {
    /// Takes new settings.
    pub(crate) fn set_config(self: &Arc<Self>, config: Arc<LogConfig>) {
        let mut inner = self.lock();
        if let Ok(log) = &mut inner.log {
            log.set_config(config);
        }
        // What did not have to be synced may have to be now.
        self.written(&inner);
    }

    /// Whether it acknowledges what no sync has covered, or may not only because that is not noted.
    pub(crate) fn is_unsynced(&self) -> bool {
        let inner = self.lock();
        inner.log.as_ref().is_ok_and(|log| inner.is_noted || !log.config().sync_each())
    }

    /// Whether it syncs everything only until it is noted that it does not.
    pub(crate) fn waits_for_note(&self) -> bool {
        let inner = self.lock();
        inner.log.as_ref().is_ok_and(|log| !inner.is_noted && !log.config().sync_each())
    }

    /// It is noted.
    pub(crate) fn noted(&self) {
        let mut inner = self.lock();
        inner.is_noted = true;
        inner.advance();
    }

    /// Why the log is offline, if it is.
    pub(crate) fn offline(&self) -> Option<String> {
        self.lock().log.as_ref().err().map(|offline| offline.why.clone())
    }

    /// Whether it could not be opened, and the disk is not known to fail.
    pub(crate) fn is_damaged(&self) -> bool {
        self.lock().log.as_ref().is_err_and(|offline| !offline.is_failing)
    }

    /// Whether the disk has failed it, when it was opened or since.
    pub(crate) fn is_failing(&self) -> bool {
        self.lock().log.as_ref().is_err_and(|offline| offline.is_failing)
    }
}
