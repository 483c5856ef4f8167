//! Verifies access tokens, without asking anybody.
//!
//! A verifier has the keys, and what was revoked while tokens from before may still be good. Both are
//! in PostgreSQL; a notification says when to read on, a poll does so without one, and after the
//! connection was lost all is read anew.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use pgstead_store::{
    Db, Hub, Result,
    tokio_postgres::{Row, types::Type},
    within,
};
use quick_cache::sync::Cache;
use tokio::{sync::Notify, time::Instant};
use uuid::Uuid;

use crate::{
    claims::Claims,
    config::{LONGEST_GRACE, VerifierConfig},
    jwt::Token,
    keeper,
    key::{Jwk, KeyId},
    keyring::{OpenError, Published, Read},
    session::{SessionId, since_epoch},
    silence::Silence,
};

pub(crate) const REVOCATIONS: &str = include_str!("../sql/revocations.sql");
/// Where revocations and new keys are told of.
pub(crate) const CHANNEL: &str = "pgstead_tokens";

/// What an access token is worth.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub enum Verification {
    /// It is good, and says this.
    Valid(Arc<Claims>),
    /// It was good until a while ago.
    Expired,
    /// Its session, its user, its tenant or everybody was revoked.
    Revoked,
    /// It is none of ours, or for somebody else.
    Invalid,
    /// It may have been revoked: PostgreSQL has not answered for
    /// [`max_staleness`](VerifierConfig::max_staleness).
    Stale,
}

/// Verifies access tokens without asking anybody. Cheap to clone; what it does in the background ends
/// with the last clone.
#[derive(Clone, Debug)]
pub struct Verifier {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    config: VerifierConfig,
    published: ArcSwap<Published>,
    revoked: RwLock<Revoked>,
    /// [`Revoked::reading`], to be looked at without the lock.
    reading: AtomicI64,
    /// When what is known now was true at the latest, in ms since `born`.
    fresh_ms: AtomicI64,
    born: Instant,
    /// What PostgreSQL's clock said when this was `born`, in ns since 1970.
    born_at_ns: AtomicI64,
    silence: Mutex<Silence>,
    has_imported: AtomicBool,
    seen: Cache<Box<str>, Arc<Seen>, quick_cache::UnitWeighter, foldhash::quality::RandomState>,
    /// Have the keeper look now.
    pub(crate) look: Arc<Notify>,
}

/// A token whose signature was found good.
#[derive(Debug)]
struct Seen {
    claims: Arc<Claims>,
    kid: KeyId,
    /// As of which reading it is known to be none of what was revoked.
    checked: AtomicI64,
}

/// What was revoked, and by which number.
#[derive(Debug, Default)]
struct Revoked {
    sessions: HashMap<Uuid, i64>,
    users: HashMap<Box<str>, i64>,
    tenants: HashMap<Box<str>, i64>,
    everybody: i64,
    /// The last that is known.
    revision: i64,
    /// When that was, in ns since 1970, if it was still in the log. In a database that was put back to
    /// an earlier time a number comes again, with another revocation, and this tells them apart.
    revised_at_ns: Option<i64>,
    /// How often there was something new. Not the revision, which may come again.
    reading: i64,
}

impl Verifier {
    /// Reads keys and revocations, and keeps them up to date as long as it is there.
    pub async fn open(db: &Db, config: VerifierConfig) -> std::result::Result<Self, OpenError> {
        config.validate()?;
        let read = Read::from(db, config.clock.now_ns()).await?;
        let verifier = Self::new(config, read.published());
        verifier.read(db, true).await?;
        let hub = Hub::start(db);
        verifier.follow(db, &hub, None);
        Ok(verifier)
    }

    pub(crate) fn new(config: VerifierConfig, published: Published) -> Self {
        let seen = Cache::with(
            config.remembered.max(1),
            config.remembered.max(1) as u64,
            quick_cache::UnitWeighter,
            foldhash::quality::RandomState::default(),
            quick_cache::sync::DefaultLifecycle::default(),
        );
        let inner = Inner {
            config,
            published: ArcSwap::from_pointee(published),
            revoked: RwLock::default(),
            reading: AtomicI64::new(0),
            fresh_ms: AtomicI64::new(0),
            born: Instant::now(),
            born_at_ns: AtomicI64::new(0),
            silence: Mutex::new(Silence::NONE),
            has_imported: AtomicBool::new(false),
            seen,
            look: Arc::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What a token is worth. Nobody is asked, and nothing waits.
    pub fn verify(&self, token: &str) -> Verification {
        let inner = &*self.inner;
        if inner.is_stale() {
            return Verification::Stale;
        }
        let seen = match inner.seen.get(token) {
            Some(seen) => seen,
            None => match inner.look_at(token) {
                Some(seen) => seen,
                None => return Verification::Invalid,
            },
        };
        if inner.now() >= seen.claims.expires_at + inner.config.leeway {
            inner.seen.remove(token);
            return Verification::Expired;
        }
        if inner.is_revoked(&seen) {
            return Verification::Revoked;
        }
        Verification::Valid(Arc::clone(&seen.claims))
    }

    /// What a token says that is ours, for whomever, and has not expired. Whether it was revoked is not
    /// looked at.
    pub(crate) fn claims_of(&self, token: &str) -> Option<Arc<Claims>> {
        let inner = &*self.inner;
        let claims = match inner.seen.get(token) {
            Some(seen) => Arc::clone(&seen.claims),
            None => Arc::new(inner.open(token)?.0),
        };
        (inner.now() < claims.expires_at + inner.config.leeway).then_some(claims)
    }

    pub(crate) fn session_of(&self, token: &str) -> Option<SessionId> {
        self.claims_of(token).map(|claims| claims.session)
    }

    /// The public keys, for verifiers without pgstead: a JWK Set (RFC 7517) has these as `keys`.
    #[must_use]
    pub fn jwks(&self) -> Vec<Jwk> {
        self.inner.published.load().jwks()
    }

    /// Who signs.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.inner.config.issuer
    }

    /// How long ago that what it knows was true.
    #[must_use]
    pub fn staleness(&self) -> Duration {
        self.inner.staleness()
    }

    /// Keeps it up to date.
    pub(crate) fn follow(&self, db: &Db, hub: &Hub, tokens: Option<Weak<crate::Inner>>) {
        let subscription = hub.subscribe(CHANNEL);
        let verifier = Arc::downgrade(&self.inner);
        tokio::spawn(keeper::follow(verifier, db.clone(), subscription, tokens));
    }

    /// When PostgreSQL did not answer.
    pub(crate) fn silence(&self) -> Silence {
        *self.inner.silence()
    }

    pub(crate) fn has_imported(&self) -> bool {
        self.inner.has_imported.load(Ordering::Relaxed)
    }

    /// Something has just changed.
    pub(crate) fn look(&self) {
        self.inner.look.notify_one();
    }

    pub(crate) fn publish(&self, published: Published) {
        self.inner.publish(published);
    }

    pub(crate) async fn read(&self, db: &Db, all: bool) -> Result<bool> {
        self.inner.read(db, all).await
    }
}

impl Inner {
    /// Verifies the signature and what does not change while the token lives.
    fn look_at(&self, text: &str) -> Option<Arc<Seen>> {
        let (claims, kid) = self.open(text)?;
        if !self.config.audience.as_ref().is_none_or(|here| claims.grant.is_for(here)) {
            return None;
        }
        let checked = AtomicI64::new(i64::MIN);
        let seen = Arc::new(Seen { claims: Arc::new(claims), kid, checked });
        if self.now() < seen.claims.expires_at + self.config.leeway {
            self.seen.insert(text.into(), Arc::clone(&seen));
        }
        Some(seen)
    }

    /// What a token says that we have signed, and with which key.
    fn open(&self, text: &str) -> Option<(Claims, KeyId)> {
        let token = Token::read(text)?;
        let published = self.published.load();
        let Some(key) = published.keys.get(&token.kid) else {
            // It may be one that was made a moment ago.
            self.look.notify_one();
            return None;
        };
        let (claims, issuer) = Claims::read(&token.verify(key)?)?;
        (issuer == self.config.issuer).then_some((claims, token.kid))
    }

    fn is_revoked(&self, seen: &Seen) -> bool {
        let reading = self.reading.load(Ordering::Acquire);
        if seen.checked.load(Ordering::Relaxed) == reading {
            return false;
        }
        let revoked = self.revoked.read().unwrap_or_else(PoisonError::into_inner);
        let is_revoked = revoked.has(&seen.claims);
        if !is_revoked {
            seen.checked.store(revoked.reading, Ordering::Relaxed);
        }
        is_revoked
    }

    fn is_stale(&self) -> bool {
        self.config.max_staleness.is_some_and(|most| self.staleness() > most)
    }

    fn staleness(&self) -> Duration {
        let fresh_ms = self.fresh_ms.load(Ordering::Acquire);
        let fresh = Duration::from_millis(u64::try_from(fresh_ms).unwrap_or_default());
        self.born.elapsed().saturating_sub(fresh)
    }

    pub(crate) fn poll(&self) -> Duration {
        self.config.poll
    }

    pub(crate) fn now_ns(&self) -> Option<i64> {
        self.config.clock.now_ns()
    }

    /// The time by PostgreSQL, as of the last reading: this machine's clock only says how long ago
    /// that was.
    fn now(&self) -> Duration {
        match self.config.clock.now_ns() {
            Some(now_ns) => since_epoch(now_ns),
            None => since_epoch(self.born_at_ns.load(Ordering::Relaxed)) + self.born.elapsed(),
        }
    }

    pub(crate) fn publish(&self, published: Published) {
        let published = Arc::new(published);
        self.published.store(Arc::clone(&published));
        // What a key has made that is gone is not remembered either.
        self.seen.retain(|_, seen| published.keys.contains_key(&seen.kid));
    }

    /// Reads what was revoked since, or all of it. Whether the keys have to be read: they have changed or
    /// may have, or the time of one is over.
    pub(crate) async fn read(&self, db: &Db, all: bool) -> Result<bool> {
        let began = self.born.elapsed();
        let began_ms = i64::try_from(began.as_millis()).unwrap_or(i64::MAX);
        let (known, known_at_ns) = {
            let revoked = self.revoked.read().unwrap_or_else(PoisonError::into_inner);
            (revoked.revision, revoked.revised_at_ns)
        };
        let from = if all { i64::MIN } else { known };
        let answer: Result<Vec<Row>> = within(self.patience(), async {
            let client = db.client().await?;
            let parameters = [(&from as _, Type::INT8), (&self.now_ns() as _, Type::INT8)];
            Ok(client.query_typed(REVOCATIONS, &parameters).await?)
        })
        .await;
        if answer.as_ref().is_err_and(|error| error.is_unavailable() || error.is_timeout()) {
            self.silence().unheard(i64::try_from(LONGEST_GRACE.as_nanos()).unwrap_or(i64::MAX));
        }
        let rows = answer?;
        let first = rows.first().expect("the state is one row");
        let (revision, keys_revision): (i64, i64) = (first.try_get(0)?, first.try_get(1)?);
        let (has_imported, oldest): (bool, i64) = (first.try_get(2)?, first.try_get(3)?);
        let (mut news, mut revised_at_ns) = (Vec::with_capacity(rows.len()), None);
        let mut was_put_back = revision < known;
        for row in &rows {
            let Some(id) = row.try_get::<_, Option<i64>>(5)? else { continue };
            let at_ns: i64 = row.try_get(8)?;
            if id == revision {
                revised_at_ns = Some(at_ns);
            }
            if all || id > known {
                news.push((id, row.try_get::<_, &str>(6)?, row.try_get::<_, &str>(7)?));
            } else {
                was_put_back |= known_at_ns.is_some_and(|known_at_ns| known_at_ns != at_ns);
            }
        }
        if !all && was_put_back {
            return Box::pin(self.read(db, true)).await;
        }
        // It was read a little later than it was asked: rather that than a token that lives too long.
        let now_ns: i64 = first.try_get(4)?;
        let old_ns = i64::try_from(began.as_nanos()).unwrap_or(i64::MAX);
        self.born_at_ns.store(now_ns.saturating_sub(old_ns), Ordering::Relaxed);
        self.silence().heard(now_ns);
        {
            let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
            if all {
                *revoked = Revoked { reading: revoked.reading, ..Revoked::default() };
            }
            if all || !news.is_empty() {
                revoked.reading += 1;
            }
            for (id, scope, subject) in news {
                revoked.add(id, scope, subject);
            }
            revoked.forget(oldest);
            (revoked.revision, revoked.revised_at_ns) = (revision, revised_at_ns);
            self.reading.store(revoked.reading, Ordering::Release);
        }
        self.has_imported.store(has_imported, Ordering::Relaxed);
        self.fresh_ms.fetch_max(began_ms, Ordering::AcqRel);
        let published = self.published.load();
        let is_over = published.until_ns.is_some_and(|until_ns| until_ns < now_ns);
        Ok(all || is_over || published.revision != keys_revision)
    }

    fn silence(&self) -> MutexGuard<'_, Silence> {
        self.silence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who waits longer for an answer than what is known may be old gets it too late.
    pub(crate) fn patience(&self) -> Duration {
        (2 * self.config.poll).max(Duration::from_secs(2))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever keeps it up to date sees that it is gone.
        self.look.notify_one();
    }
}

impl Revoked {
    fn add(&mut self, id: i64, scope: &str, subject: &str) {
        match scope {
            "session" => {
                if let Ok(session) = Uuid::try_parse(subject) {
                    self.sessions.insert(session, id);
                }
            }
            "user" => drop(self.users.insert(subject.into(), id)),
            "tenant" => drop(self.tenants.insert(subject.into(), id)),
            // What a newer pgstead may revoke besides: rather too much than too little.
            _ => self.everybody = self.everybody.max(id),
        }
    }

    /// Those before are of interest to nobody any more.
    fn forget(&mut self, oldest: i64) {
        self.sessions.retain(|_, id| *id >= oldest);
        self.users.retain(|_, id| *id >= oldest);
        self.tenants.retain(|_, id| *id >= oldest);
    }

    fn has(&self, claims: &Claims) -> bool {
        let is_after = |id: Option<&i64>| id.is_some_and(|id| *id > claims.epoch);
        self.everybody > claims.epoch
            || self.sessions.contains_key(&claims.session.0)
            || is_after(self.users.get(&*claims.user))
            || claims.tenant.as_deref().is_some_and(|tenant| is_after(self.tenants.get(tenant)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        claims::{Head, payload},
        jwt::Signer,
        key::{Algorithm, Purpose, SigningKey, VerifyingKey},
    };

    /// Whatever the clock of this machine says.
    #[tokio::test]
    async fn a_token_expires_by_the_clock_of_the_database() {
        let (algorithm, kid) = (Algorithm::Ed25519, KeyId(1));
        let made = Purpose::Sign(algorithm).generate();
        let public = VerifyingKey::read(algorithm, kid, &made.public.unwrap()).unwrap();
        let key = SigningKey::read(algorithm, &made.secret).unwrap();
        let mut published = Published::default();
        published.keys.insert(kid, public);
        let verifier = Verifier::new(VerifierConfig::new("https://auth.test"), published);
        let head = Head {
            issuer: "https://auth.test",
            user: "ada",
            tenant: None,
            session: Uuid::from_u128(1),
            jti: 1,
            issued_at_s: 1_000_000,
            expires_at_s: 1_000_600,
            epoch: 0,
        };
        let token = Signer::new(algorithm, kid, key).sign(&payload(&head, None, "{}"));
        let at = |seconds: i64| {
            verifier.inner.born_at_ns.store(seconds * 1_000_000_000, Ordering::Relaxed);
            verifier.verify(&token)
        };
        assert!(matches!(at(1_000_000), Verification::Valid(_)));
        assert!(matches!(at(1_000_595), Verification::Valid(_)));
        assert_eq!(at(1_000_611), Verification::Expired);
        assert!(matches!(at(1_000_000), Verification::Valid(_)), "it was put back");
    }
}
