//! Makes the tokens of a session.

use std::time::Duration;

use aws_lc_rs::rand;

use crate::{
    Tokens,
    claims::{Grant, Head, payload},
    keyring::Secrets,
    lanes::Live,
    secret::{Refresh, Secret},
    session::{SessionId, since_epoch},
};

/// A session's tokens.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Issued {
    /// Whose session.
    pub user: String,
    /// Which.
    pub session: SessionId,
    /// A JWT, for whoever verifies it.
    pub access_token: Secret,
    /// How long that is good, in whole seconds.
    pub expires_in: Duration,
    /// Gets the next tokens, once.
    pub refresh_token: Secret,
    /// When the session ends at the latest, since 1970.
    pub session_expires_at: Duration,
    grant: Option<Box<str>>,
}

const SECOND_NS: i64 = 1_000_000_000;

/// What stands in every access token of a process.
#[derive(Debug)]
pub(crate) struct Terms {
    pub(crate) issuer: String,
    pub(crate) audience: Option<String>,
    pub(crate) access_ttl: Duration,
}

/// Mints tokens for sessions that are kept elsewhere, with keys that nobody else has: to measure such a
/// place beside ours.
#[derive(Debug)]
pub struct Minter {
    terms: Terms,
    secrets: Secrets,
}

impl Minter {
    /// With new keys, which are gone when it is.
    #[must_use]
    pub fn ephemeral(issuer: &str) -> Self {
        let access_ttl = Duration::from_mins(10);
        let terms = Terms { issuer: issuer.to_owned(), audience: None, access_ttl };
        Self { terms, secrets: Secrets::ephemeral() }
    }

    /// Which token of which session a refresh token is, if it was minted here.
    #[must_use]
    pub fn read(&self, refresh_token: &str) -> Option<(SessionId, u32)> {
        let refresh = self.secrets.read(refresh_token)?;
        Some((refresh.session, refresh.number))
    }

    /// The tokens of a session of that user, of which that refresh token is the good one now.
    #[must_use]
    pub fn mint(
        &self,
        session: SessionId,
        number: u32,
        user: &str,
        now: Duration,
        expires_at: Duration,
    ) -> Issued {
        let ns = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
        let live = Live {
            session: session.0,
            number: number.cast_signed(),
            user: user.into(),
            tenant: None,
            grant: None,
            epoch: 0,
            expires_at_ns: ns(expires_at),
            now_ns: ns(now),
        };
        mint(&self.terms, &self.secrets, &live)
    }
}

impl Tokens {
    pub(crate) fn mint(&self, live: &Live) -> Issued {
        mint(&self.inner.terms, &self.secrets(), live)
    }
}

fn mint(terms: &Terms, secrets: &Secrets, live: &Live) -> Issued {
    let session = SessionId(live.session);
    let ttl_s = i64::try_from(terms.access_ttl.as_secs()).unwrap_or(i64::MAX);
    let now_s = live.now_ns / SECOND_NS;
    // None outlives its session.
    let expires_at_s = (now_s + ttl_s).min(live.expires_at_ns / SECOND_NS);
    let mut jti = [0; 16];
    rand::fill(&mut jti).expect("the system has randomness");
    let head = Head {
        issuer: &terms.issuer,
        user: &live.user,
        tenant: live.tenant.as_deref(),
        session: live.session,
        jti: u128::from_be_bytes(jti),
        issued_at_s: now_s,
        expires_at_s,
        epoch: live.epoch,
    };
    let grant = live.grant.as_deref().unwrap_or("{}");
    let payload = payload(&head, terms.audience.as_deref(), grant);
    let (kid, key) = &secrets.prover;
    let number = u32::try_from(live.number).expect("tokens are counted from 0");
    Issued {
        user: live.user.to_string(),
        session,
        access_token: Secret::new(secrets.signer.sign(&payload)),
        expires_in: Duration::from_secs((expires_at_s - now_s).max(0).unsigned_abs()),
        refresh_token: Refresh { session, kid: *kid, number }.write(key),
        session_expires_at: since_epoch(live.expires_at_ns),
        grant: live.grant.clone(),
    }
}

impl Issued {
    /// What the access token says beside whose it is and until when.
    #[must_use]
    pub fn grant(&self) -> Grant {
        self.grant.as_deref().map(Grant::from_stored).unwrap_or_default()
    }
}
