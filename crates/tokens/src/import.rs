//! Takes over refresh tokens of another system.

use std::time::Duration;

use pgstead_store::{Result, tokio_postgres::types::Type};

use crate::{Tokens, config::LONGEST_SESSION, exchange::sha256, session::NewSession};

pub(crate) const SQL: &str = include_str!("../sql/import.sql");

/// A refresh token of another system, and the session that it is to become.
#[derive(Clone, Debug)]
pub struct Imported {
    hash: [u8; 32],
    session: NewSession,
    expires_at: Duration,
}

impl Imported {
    /// The token itself; only its SHA-256 is kept. `expires_at` is since 1970, and not more than 366
    /// days from when it is imported: what is later is taken for that. What it is to become begins when
    /// it is exchanged, and has no device.
    #[must_use]
    pub fn token(token: &str, session: NewSession, expires_at: Duration) -> Self {
        Self::sha256(sha256(token.as_bytes()), session, expires_at)
    }

    /// A token of which only the SHA-256 is known.
    #[must_use]
    pub fn sha256(hash: [u8; 32], session: NewSession, expires_at: Duration) -> Self {
        Self { hash, session, expires_at }
    }
}

impl Tokens {
    /// Stores refresh tokens of another system, of which each is accepted once. How many were not there
    /// yet. All or nothing; a thousand at a time are a good number.
    ///
    /// Who revokes a user, a tenant or everybody ends what was imported of them before as well.
    ///
    /// Other processes accept them after their next [`poll`](crate::VerifierConfig::poll) at the
    /// latest, if these are the first that were ever imported.
    pub async fn import(&self, imported: &[Imported]) -> Result<u64> {
        let hashes: Vec<&[u8]> = imported.iter().map(|one| &one.hash[..]).collect();
        let users: Vec<&str> = imported.iter().map(|one| &*one.session.user).collect();
        let tenants: Vec<Option<&str>> =
            imported.iter().map(|one| one.session.tenant.as_deref()).collect();
        let grants: Vec<Option<&str>> =
            imported.iter().map(|one| one.session.grant.as_deref()).collect();
        let ns = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
        let expire_at_ns: Vec<i64> = imported.iter().map(|one| ns(one.expires_at)).collect();
        let client = self.inner.db.client().await?;
        let parameters = [
            (&hashes as _, Type::BYTEA_ARRAY),
            (&users as _, Type::TEXT_ARRAY),
            (&tenants as _, Type::TEXT_ARRAY),
            (&grants as _, Type::TEXT_ARRAY),
            (&expire_at_ns as _, Type::INT8_ARRAY),
            (&ns(LONGEST_SESSION) as _, Type::INT8),
            (&self.now_ns() as _, Type::INT8),
        ];
        let rows = client.query_typed(SQL, &parameters).await?;
        self.verifier().read(&self.inner.db, false).await?;
        Ok(rows.len() as u64)
    }
}
