//! What a token is worth, and which sessions there are.

use std::sync::Arc;

use pgstead_store::{Result, tokio_postgres::types::Type, within};

use crate::{
    Tokens,
    claims::Claims,
    rotate::CLASSIFY,
    session::{Session, SessionId, check_name},
};

pub(crate) const LIST: &str = include_str!("../sql/list.sql");

/// The most sessions that are listed of a user.
pub const MOST_LISTED: i64 = 1000;

/// What a token is worth at this moment, by the database and not by memory (RFC 7662).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Inspection {
    /// An access token that is good.
    Access(Arc<Claims>),
    /// A refresh token that would be rotated, or answered with the tokens that were made of it.
    Refresh(Box<Session>),
    /// Anything else: expired, revoked, used, or none of ours.
    Inactive,
}

impl Tokens {
    /// The sessions of a user that live, those used last first; [`MOST_LISTED`] at most.
    pub async fn sessions(&self, user: &str) -> Result<Vec<Session>> {
        if check_name("user", user).is_err() {
            return Ok(Vec::new());
        }
        within(self.inner.patience, async {
            let client = self.inner.db.client().await?;
            let parameters = [
                (&user as _, Type::TEXT),
                (&self.now_ns() as _, Type::INT8),
                (&MOST_LISTED as _, Type::INT8),
            ];
            let rows = client.query_typed(LIST, &parameters).await?;
            rows.iter().map(Session::read).collect()
        })
        .await
    }

    /// How a session stands that lives; without its device.
    pub async fn session(&self, session: SessionId) -> Result<Option<Session>> {
        Ok(self.standing(session).await?.map(|(session, ..)| session))
    }

    /// What a token is worth. Nothing is used up by it.
    pub async fn inspect(&self, token: &str) -> Result<Inspection> {
        let Some(refresh) = self.read_refresh(token) else {
            let Some(claims) = self.verifier().claims_of(token) else {
                return Ok(Inspection::Inactive);
            };
            // Not what is known here of revocations: that may be old.
            let lives = self.standing(claims.session).await?.is_some();
            return Ok(if lives { Inspection::Access(claims) } else { Inspection::Inactive });
        };
        let Some((session, number, used_ns)) = self.standing(refresh.session).await? else {
            return Ok(Inspection::Inactive);
        };
        let presented = i64::from(refresh.number);
        let is_good = presented >= number
            || (presented + 1 == number && used_ns < self.inner.lifetimes.grace_ns);
        Ok(if is_good { Inspection::Refresh(Box::new(session)) } else { Inspection::Inactive })
    }

    /// A session that lives, the number of its good token, and how long ago the one before was used.
    async fn standing(&self, session: SessionId) -> Result<Option<(Session, i64, i64)>> {
        within(self.inner.patience, async {
            let client = self.inner.db.client().await?;
            let parameters =
                [(&vec![session.0] as _, Type::UUID_ARRAY), (&self.now_ns() as _, Type::INT8)];
            let row = client.query_typed_one(CLASSIFY, &parameters).await?;
            let Some(number) = row.try_get::<_, Option<i32>>(1)? else { return Ok(None) };
            let (now_ns, used_at_ns): (i64, i64) = (row.try_get(7)?, row.try_get(8)?);
            let (idle_until_ns, is_revoked): (i64, bool) = (row.try_get(9)?, row.try_get(10)?);
            if is_revoked || idle_until_ns <= now_ns {
                return Ok(None);
            }
            let since_ns = self.verifier().silence().over_ns(used_at_ns, now_ns);
            let used_ns = now_ns.saturating_sub(since_ns).max(0);
            Ok(Some((Session::read(&row)?, number.into(), used_ns)))
        })
        .await
    }
}
