//! Permits: so many at a time, each for as long as it is held.

use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};

use futures_util::future::join_all;
use pgstead_store::{Chain, Parameter, Result, tokio_postgres::types::Type};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout_at},
};
use tracing::debug;

use crate::{
    Algorithm, Inner, Invalid, Limits, OnOutage, Policy, Source, Standing, Subject,
    arithmetic::State,
    ask::is_outage,
    handle::Handle,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb},
};

pub(crate) static PERMITS: Sql = Sql::new(include_str!("../sql/permits.sql"));

/// What came of an attempt to get a permit.
#[derive(Debug)]
#[non_exhaustive]
pub enum Acquisition {
    /// Here it is.
    Acquired(Permit),
    /// All are out.
    Refused {
        /// When one is free at the latest, if its holder gives no more sign of life. One that is
        /// released is free sooner.
        retry_after: Duration,
        /// How many are left: none.
        standing: Standing,
    },
}

/// A permit, for as long as this lives.
///
/// It is prolonged by itself. Dropping it releases it soon, and [`release`](Self::release) at
/// once. A process that is killed holds its permits until their time has run out.
#[derive(Debug)]
pub struct Permit {
    inner: Weak<Inner>,
    id: PermitId,
    standing: Standing,
    lost: watch::Receiver<bool>,
    is_released: bool,
}

/// What stands for a permit, as text `policy.key.id`, in base 62: for a holder elsewhere, who
/// prolongs it and releases it by this. Who knows it can do both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermitId(Handle);

/// The text is no [`PermitId`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPermit;

/// When to try again while PostgreSQL is away.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The permits that this process holds.
#[derive(Debug, Default)]
pub(crate) struct Held {
    permits: Mutex<HashMap<Key, HeldPermit>>,
    /// Where those that were dropped are released.
    releases: OnceLock<mpsc::UnboundedSender<PermitId>>,
}

#[derive(Clone, Debug)]
struct HeldPermit {
    policy: Arc<Policy>,
    key: Key,
    /// Before it was prolonged for the last time.
    renewed: Instant,
    lost: watch::Sender<bool>,
}

/// The permits of a key: of a policy that gives out permits.
#[derive(Clone, Debug)]
pub struct Permits {
    pub(crate) subject: Subject,
}

/// What came of an attempt to get a permit for a holder elsewhere.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Loan {
    /// Here it is.
    Lent {
        /// What stands for it.
        id: PermitId,
        /// How many are left.
        standing: Standing,
    },
    /// All are out.
    Refused {
        /// As of [`Acquisition::Refused`].
        retry_after: Duration,
        /// How many are left: none.
        standing: Standing,
    },
}

impl Subject {
    /// Its permits.
    pub fn permits(self) -> Result<Permits, Invalid> {
        if self.policy().algorithm() == Algorithm::Concurrency {
            Ok(Permits { subject: self })
        } else {
            Err(Invalid::NoPermits { policy: self.policy().name().to_owned() })
        }
    }
}

impl Limits {
    /// Gets one of the key's permits, if not all are out, and prolongs it until it is dropped.
    ///
    /// When PostgreSQL does not answer, the policy's outage rule decides: a permit that `allow`
    /// gives is not counted. Neither is one that a policy in shadow mode would have refused.
    pub async fn acquire(&self, permits: &Permits) -> Result<Acquisition> {
        let subject = &permits.subject;
        let policy = self.policy_of(subject).into_owned();
        let began = Instant::now();
        let (sender, lost) = watch::channel(false);
        let Asked { id, decision, standing } = self.ask_for_permit(&policy, subject).await?;
        let is_counted = match decision {
            Decided::Counted => {
                let key = subject.key;
                let held = HeldPermit { policy, key, renewed: began, lost: sender };
                self.inner.permits.lock().insert(id.0.id, held);
                true
            }
            Decided::Uncounted => false,
            Decided::Refused { retry_after } => {
                return Ok(Acquisition::Refused { retry_after, standing });
            }
        };
        let inner = Arc::downgrade(&self.inner);
        Ok(Acquisition::Acquired(Permit { inner, id, standing, lost, is_released: !is_counted }))
    }

    /// Gets a permit for a holder elsewhere, who [renews](Self::renew_permit) it himself before
    /// the policy's time is over, and [releases](Self::release_permit) it.
    pub async fn lend(&self, permits: &Permits) -> Result<Loan> {
        let policy = self.policy_of(&permits.subject).into_owned();
        let Asked { id, decision, standing } =
            self.ask_for_permit(&policy, &permits.subject).await?;
        Ok(match decision {
            Decided::Counted | Decided::Uncounted => Loan::Lent { id, standing },
            Decided::Refused { retry_after } => Loan::Refused { retry_after, standing },
        })
    }

    /// Prolongs a permit. Whether it was still there: one that was not may be somebody else's now.
    pub async fn renew_permit(&self, permit: &PermitId) -> Result<bool> {
        self.about_permit(permit, Verb::Renew { permit: permit.0.id }).await
    }

    /// Takes a permit back. Whether its policy is there; doing it twice does no more.
    pub async fn release_permit(&self, permit: &PermitId) -> Result<bool> {
        self.inner.permits.lock().remove(&permit.0.id);
        self.about_permit(permit, Verb::Release { permit: permit.0.id }).await
    }

    async fn about_permit(&self, permit: &PermitId, verb: Verb) -> Result<bool> {
        match self.policy(permit.policy()) {
            Some(policy) if policy.algorithm() == Algorithm::Concurrency => {
                Ok(self.inner.ask(&policy, permit.0.key, verb).await?.granted)
            }
            _ => Ok(false),
        }
    }

    async fn ask_for_permit(&self, policy: &Arc<Policy>, subject: &Subject) -> Result<Asked> {
        let (key, id) = (subject.key, Key::random());
        let terms = policy.timeless_terms();
        let answer = self.inner.ask(policy, key, Verb::Acquire { permit: id }).await;
        let (decision, standing) = match answer {
            Ok(answer) => {
                let retry_after = answer.retry_after(terms, 1);
                let decision = match answer.granted {
                    true => Decided::Counted,
                    false if policy.is_shadow() => Decided::Uncounted,
                    false => Decided::Refused { retry_after },
                };
                (decision, answer.standing(terms, Source::Database))
            }
            Err(error) if is_outage(&error) => {
                let rule = policy.on_outage();
                let (retry_after, source) = (RETRY_AFTER, Source::Outage(rule));
                let decision = match rule {
                    OnOutage::Allow => Decided::Uncounted,
                    _ => Decided::Refused { retry_after },
                };
                (decision, Standing { remaining: 0, reset_after: retry_after, source })
            }
            Err(error) => return Err(error),
        };
        let id = PermitId(Handle { policy: policy.name().into(), key, id });
        Ok(Asked { id, decision, standing })
    }
}

/// What came of asking for a permit.
struct Asked {
    id: PermitId,
    decision: Decided,
    standing: Standing,
}

enum Decided {
    Counted,
    /// It may be had, but PostgreSQL does not know of it.
    Uncounted,
    Refused {
        retry_after: Duration,
    },
}

impl Permit {
    /// What stands for it.
    #[must_use]
    pub fn id(&self) -> &PermitId {
        &self.id
    }

    /// How many were left when it was acquired.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Ends when the permit has been lost: it could not be prolonged in time, its key was reset, or
    /// a crash of PostgreSQL has emptied a table that is not durable. What it was for should end.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        if lost.wait_for(|lost| *lost).await.is_err() {
            // Nobody prolongs it: it was never recorded, or it has been released.
            std::future::pending::<()>().await;
        }
    }

    /// Releases it, and waits until somebody else can have it.
    pub async fn release(mut self) -> Result<()> {
        self.is_released = true;
        if let Some(inner) = self.inner.upgrade() {
            Limits { inner }.release_permit(&self.id).await?;
        }
        Ok(())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.is_released {
            return;
        }
        if let Some(inner) = self.inner.upgrade() {
            inner.permits.lock().remove(&self.id.0.id);
            if let Some(releases) = inner.permits.releases.get() {
                // Without a keeper nobody is there any more to release it: it runs out.
                let _ = releases.send(self.id.clone());
            }
        }
    }
}

impl Held {
    /// Where those that are dropped arrive.
    pub(crate) fn releases(&self) -> mpsc::UnboundedReceiver<PermitId> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.releases.set(sender).expect("there is one keeper");
        receiver
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, HeldPermit>> {
        self.permits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Releases one that was dropped.
    pub(crate) async fn release_dropped(self: Arc<Self>, permit: PermitId) {
        let limits = Limits { inner: self };
        if let Err(error) = limits.release_permit(&permit).await {
            debug!(error = %Chain(&error), "a permit was not released: it runs out by itself");
        }
    }

    /// Prolongs the permits of which a third of the time is over.
    pub(crate) async fn renew_permits(self: &Arc<Self>) {
        let now = Instant::now();
        let is_due = |held: &HeldPermit| now - held.renewed >= held.policy.per() / 3;
        let due: Vec<(Key, HeldPermit)> = {
            let held = self.permits.lock();
            held.iter()
                .filter(|(_, held)| is_due(held))
                .map(|(id, held)| (*id, held.clone()))
                .collect()
        };
        join_all(due.into_iter().map(|(id, held)| self.renew_one(id, held))).await;
    }

    async fn renew_one(&self, id: Key, held: HeldPermit) {
        let began = Instant::now();
        // By the policy as it is now; one that is no more stays as it was.
        let policy = self.policies.load().get(held.policy.name()).cloned();
        let policy = policy.filter(|policy| policy.algorithm() == Algorithm::Concurrency);
        let policy = policy.unwrap_or_else(|| Arc::clone(&held.policy));
        // Not a moment longer than it is ours for sure.
        let ends = held.renewed + held.policy.per();
        let renewal = self.ask(&policy, held.key, Verb::Renew { permit: id });
        let is_lost = match timeout_at(ends, renewal).await {
            Ok(Ok(answer)) => !answer.granted,
            Ok(Err(error)) => {
                debug!(error = %Chain(&error), "a permit could not be prolonged");
                Instant::now() >= ends
            }
            Err(_elapsed) => true,
        };
        let mut permits = self.permits.lock();
        if is_lost {
            if permits.remove(&id).is_some() {
                held.lost.send_replace(true);
            }
        } else if let Some(known) = permits.get_mut(&id) {
            known.renewed = known.renewed.max(began);
        }
    }

    /// Releases all that this process holds.
    pub(crate) async fn release_all_permits(self: &Arc<Self>) {
        let all: Vec<(Key, HeldPermit)> = self.permits.lock().drain().collect();
        let released = all.into_iter().map(|(id, held)| {
            let handle = Handle { policy: held.policy.name().into(), key: held.key, id };
            Arc::clone(self).release_dropped(PermitId(handle))
        });
        join_all(released).await;
    }
}

/// Does and answers what is to be done with permits.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let (mut keys, mut capacities, mut ttls) = (Vec::<Key>::new(), Vec::new(), Vec::new());
    let (mut ids, mut keys_of, mut verbs) = (Vec::new(), Vec::new(), Vec::new());
    let mut asked_at = Vec::new();
    for (at, ask) in asks.iter().enumerate() {
        let (id, verb) = match ask.verb {
            Verb::Acquire { permit } => (permit, "acquire"),
            Verb::Renew { permit } => (permit, "renew"),
            Verb::Release { permit } => (permit, "release"),
            _ => continue,
        };
        let (capacity, ttl) = (ask.terms.capacity, ask.terms.window.length_ns().unwrap_or(0));
        if keys.last() != Some(&ask.key) {
            keys.push(ask.key);
            capacities.push(capacity);
            ttls.push(ttl);
        } else if let (Verb::Acquire { .. }, Some(most), Some(longest)) =
            (ask.verb, capacities.last_mut(), ttls.last_mut())
        {
            // Who wants one knows the policy best.
            (*most, *longest) = (capacity, ttl);
        }
        ids.push(id);
        keys_of.push(ask.key);
        verbs.push(verb);
        asked_at.push((at, keys.len() - 1, id, verb));
    }
    if keys.is_empty() {
        return Ok(());
    }
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 7] = [
        (&keys, Type::UUID_ARRAY),
        (&capacities, Type::INT8_ARRAY),
        (&ttls, Type::INT8_ARRAY),
        (&ids, Type::UUID_ARRAY),
        (&keys_of, Type::UUID_ARRAY),
        (&verbs, Type::TEXT_ARRAY),
        (&now_ns, Type::INT8),
    ];
    let rows = statements.run(&[(&PERMITS, &parameters)]).await?;
    for (at, row, id, verb) in asked_at {
        let row = &rows[0][row];
        let (out, count): (Vec<Key>, i32) = (row.try_get(0)?, row.try_get(1)?);
        let state = State {
            spent_to: i64::from(count),
            window_ends_ns: row.try_get(3)?,
            ..State::default()
        };
        let granted = verb == "release" || out.contains(&id);
        answers[at] = Some(Answer { granted, held: Some(state), now_ns: row.try_get(2)? });
    }
    Ok(())
}

impl PermitId {
    /// The name of its policy.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.0.policy
    }
}

impl fmt::Display for PermitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PermitId {
    type Err = InvalidPermit;

    fn from_str(text: &str) -> Result<Self, InvalidPermit> {
        Handle::read(text).map(Self).ok_or(InvalidPermit)
    }
}

impl fmt::Display for InvalidPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no id of a permit")
    }
}

impl std::error::Error for InvalidPermit {}
