//! Calls to the coordinator of a group.

use std::{sync::Arc, time::Duration};

use ottla_core::{env::Env, errors::ErrorCode};
use ottla_net::{
    messages::{
        ApiKey,
        generated::find_coordinator::{FindCoordinatorRequest, FindCoordinatorResponse},
    },
    wire::{Message, Str},
};

use crate::{Client, ClientError, check, connection::Connection};

/// The last version of FindCoordinator that asks for one key.
const ONE_KEY: i16 = 3;

impl<E: Env> Client<E> {
    /// Where the coordinator of a group listens.
    ///
    /// # Errors
    /// No broker can be reached, or there is no coordinator now.
    pub async fn find_coordinator(&self, group: &str) -> Result<String, ClientError> {
        let request = FindCoordinatorRequest { key: Str::from(group), key_type: 0, ..Default::default() };
        let connection = self.any().await?;
        let version = connection.version(ApiKey::FindCoordinator)?.min(ONE_KEY);
        let found: FindCoordinatorResponse =
            connection.call_version(ApiKey::FindCoordinator, version, &request).await?;
        check(found.error_code, found.error_message.as_ref())?;
        Ok(format!("{}:{}", found.host, found.port))
    }

    /// Asks the coordinator of a group, in a version of at most `last`.
    ///
    /// # Errors
    /// There is none now, or the call fails.
    pub(crate) async fn ask_coordinator<Q: Message, A: Message>(
        &self,
        group: &str,
        (key, last): (ApiKey, i16),
        request: &Q,
    ) -> Result<A, ClientError> {
        let connection = self.connect(&self.find_coordinator(group).await?).await?;
        let version = connection.version(key)?.min(last);
        connection.call_version(key, version, request).await
    }
}

/// A member's own connection to the coordinator: a join that waits holds up nothing else.
pub(crate) struct Coordinator<E: Env> {
    client: Client<E>,
    group: String,
    connection: Option<Arc<Connection<E>>>,
}

impl<E: Env> Coordinator<E> {
    pub(crate) fn new(client: Client<E>, group: &str) -> Coordinator<E> {
        Coordinator { client, group: group.to_owned(), connection: None }
    }

    /// Asks, and waits for at most `within`; `code` reads the answer's error, which is the caller's to judge. A coordinator that is none any more, or
    /// cannot be reached, is looked for anew by the next call.
    pub(crate) async fn ask<Q: Message, A: Message>(
        &mut self,
        (key, last): (ApiKey, i16),
        request: &Q,
        within: Duration,
        code: impl Fn(&A) -> i16,
    ) -> Result<A, ClientError> {
        let result = self.try_ask((key, last), request, within).await;
        let is_lost = match &result {
            Err(_) => true,
            Ok(answer) => matches!(
                ErrorCode::from_code(code(answer)),
                ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable
            ),
        };
        if let Some(connection) = self.connection.take_if(|_| is_lost) {
            connection.close();
        }
        result
    }

    async fn try_ask<Q: Message, A: Message>(
        &mut self,
        (key, last): (ApiKey, i16),
        request: &Q,
        within: Duration,
    ) -> Result<A, ClientError> {
        let known = self.connection.take().filter(|connection| !connection.is_closed());
        let connection = match known {
            Some(connection) => connection,
            None => {
                let address = self.client.find_coordinator(&self.group).await?;
                Connection::open(self.client.env(), &address, self.client.config()).await?
            }
        };
        self.connection = Some(connection.clone());
        let version = connection.version(key)?.min(last);
        connection.call_within(key, version, request, within).await
    }
}

impl<E: Env> Drop for Coordinator<E> {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.close();
        }
    }
}
