//! What has happened to sessions and keys.

use std::time::Duration;

use pgstead_store::{Result, tokio_postgres::types::Type, within};

use crate::{
    Tokens,
    session::{SessionId, check_name, since_epoch},
};

pub(crate) const SQL: &str = include_str!("../sql/events.sql");

/// Something that has happened. There is no secret in it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// When, since 1970.
    pub at: Duration,
    /// `issued`, `refreshed`, `reused`, `revoked` or `key-rotated`.
    pub kind: String,
    /// Of one session: which.
    pub session: Option<SessionId>,
    /// Whose it is, where the event says so; a refresh does not.
    pub user: Option<String>,
    /// Of more than one session: `user`, `tenant` or `everybody`.
    pub scope: Option<String>,
    /// Which user or tenant; or the key.
    pub subject: Option<String>,
}

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// Those of this user.
    pub user: Option<String>,
    /// Those of this session.
    pub session: Option<SessionId>,
    /// Not older than this, since 1970.
    pub since: Duration,
}

impl Tokens {
    /// What has happened, the newest first, at most so many.
    pub async fn events(&self, wanted: &Events, most: u32) -> Result<Vec<Event>> {
        if wanted.user.as_ref().is_some_and(|user| check_name("user", user).is_err()) {
            return Ok(Vec::new());
        }
        let since_ns = i64::try_from(wanted.since.as_nanos()).unwrap_or(i64::MAX);
        let session = wanted.session.map(|session| session.0);
        within(self.inner.patience, async {
            let client = self.inner.db.client().await?;
            let parameters = [
                (&since_ns as _, Type::INT8),
                (&wanted.user as _, Type::TEXT),
                (&session as _, Type::UUID),
                (&i64::from(most) as _, Type::INT8),
            ];
            let rows = client.query_typed(SQL, &parameters).await?;
            rows.iter()
                .map(|row| {
                    Ok(Event {
                        at: since_epoch(row.try_get(0)?),
                        kind: row.try_get(1)?,
                        session: row.try_get::<_, Option<_>>(2)?.map(SessionId),
                        user: row.try_get(3)?,
                        scope: row.try_get(4)?,
                        subject: row.try_get(5)?,
                    })
                })
                .collect()
        })
        .await
    }
}
