//! Guards the check of time-based one-time passwords (RFC 6238).
//!
//! A password of six digits is guessed in a million tries at most, so that tries have to be few.
//! They are counted BEFORE the password is checked: who checks first and counts afterwards lets as
//! many guesses through as are sent at once. They are counted for the account, and for the address
//! they come from, which may try many accounts. A success forgets the account's tries. A time step
//! is used once: who has seen a password typed in cannot type it in again. While PostgreSQL does not
//! answer, nobody gets in.
//!
//! ```no_run
//! # async fn example(limits: pgstead_limits::Limits) -> Result<(), Box<dyn std::error::Error>> {
//! use pgstead_limits::totp::{Guard, Verification, totp_rs};
//!
//! // Both policies are durable, and the account's has a lockout.
//! let guard = Guard::new(&limits, "totp", Some("totp-address"))?;
//! // The user's, from where it is kept encrypted.
//! let secret = totp_rs::Secret::try_from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")?;
//! let totp = totp_rs::Builder::new().with_secret(secret).build()?;
//!
//! match guard.verify(&totp, "user:42", Some("203.0.113.7"), "123456").await? {
//!     Verification::Verified => println!("welcome"),
//!     Verification::Wrong { remaining } => println!("wrong; {remaining} more tries"),
//!     Verification::Replayed => println!("this code has been used; wait for the next"),
//!     Verification::LockedOut { retry_after } => println!("not before {retry_after:?}"),
//!     _ => println!("try again later"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The example `login` of the crate `pgstead` has a whole login step.

use std::{fmt, sync::Arc, time::Duration};

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type, within};
pub use totp_rs;
use totp_rs::Totp;

use crate::{
    Algorithm, Check, Decision, Invalid, Limits, OnOutage, Policy, Source,
    ask::is_outage,
    check_all::{Current, Decided},
    notices::Notice,
};

pub(crate) const USE_STEP: &str = include_str!("../sql/totp_use_step.sql");

/// Guards the check of one-time passwords.
#[derive(Clone, Debug)]
pub struct Guard {
    limits: Limits,
    account: Arc<str>,
    address: Option<Arc<str>>,
}

/// Why it would be no guard.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidGuard {
    /// There is no policy of that name.
    UnknownPolicy {
        /// The name.
        name: String,
    },
    /// The policy lets guesses through.
    Unsafe {
        /// Its name.
        policy: String,
        /// What it has to be.
        must: &'static str,
    },
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// The password is right, and now used.
    Verified,
    /// It is not. The attempt has been counted.
    Wrong {
        /// How many more there are.
        remaining: u64,
    },
    /// It is right, but one of its time step, or of a later one, has been used already. The
    /// attempt has been counted.
    Replayed,
    /// Nothing was looked at: there were too many attempts.
    LockedOut {
        /// How long it stays so.
        retry_after: Duration,
    },
    /// PostgreSQL does not answer: whether the password is right is not said.
    Unavailable,
}

impl Guard {
    /// A guard by a policy for accounts and, if there is one, another for addresses.
    ///
    /// Both have to be durable, to refuse in an outage, and to do more than watch; they are
    /// different, and give out no permits.
    pub fn new(
        limits: &Limits,
        account: &str,
        address: Option<&str>,
    ) -> Result<Self, InvalidGuard> {
        for name in [Some(account), address].into_iter().flatten() {
            let Some(policy) = limits.policy(name) else {
                return Err(InvalidGuard::UnknownPolicy { name: name.to_owned() });
            };
            if let Some(must) = lacks(&policy) {
                return Err(InvalidGuard::Unsafe { policy: name.to_owned(), must });
            }
        }
        if address == Some(account) {
            let must = "be another than the account's";
            return Err(InvalidGuard::Unsafe { policy: account.to_owned(), must });
        }
        let address = address.map(Arc::from);
        Ok(Self { limits: limits.clone(), account: account.into(), address })
    }

    /// Counts the attempt, and checks the password if there may be one.
    ///
    /// `account` and `address` are keys of the guard's policies; without a policy for addresses, or
    /// without an address, only the account is counted for. An error is a fault that waiting does
    /// not cure, or a key that is none ([`InvalidAttempt`]).
    pub async fn verify(
        &self,
        totp: &Totp,
        account: &str,
        address: Option<&str>,
        password: &str,
    ) -> Result<Verification, InvalidAttempt> {
        let account = self.attempt(&self.account, account)?;
        let address = match (&self.address, address) {
            (Some(policy), Some(address)) => Some(self.attempt(policy, address)?),
            _ => None,
        };
        let attempts: Vec<&Attempt> =
            [Some(&account), address.as_ref()].into_iter().flatten().collect();
        let counted = match self.count(&attempts).await? {
            Ok(counted) => counted,
            Err(refused) => return Ok(refused),
        };
        let now_s = (counted.now_ns / 1_000_000_000).max(0).unsigned_abs();
        let Some(step) = totp.check(password, now_s) else {
            return Ok(Verification::Wrong { remaining: counted.remaining });
        };
        match self.use_step(totp, step, &account, address.as_ref()).await {
            Ok(true) => Ok(Verification::Verified),
            Ok(false) => Ok(Verification::Replayed),
            Err(error) if is_outage(&error) => Ok(Verification::Unavailable),
            Err(error) => Err(error.into()),
        }
    }

    fn attempt(&self, policy: &str, key: &str) -> Result<Attempt, InvalidAttempt> {
        let subject = self.limits.subject(policy, key)?;
        let policy = self.limits.policy_of(&subject).into_owned();
        // One that has been stored since the guard was made is looked at again.
        if let Some(must) = lacks(&policy) {
            let policy = policy.name().to_owned();
            return Err(InvalidAttempt::Guard(InvalidGuard::Unsafe { policy, must }));
        }
        Ok(Attempt { check: subject.costing(1)?, policy })
    }

    /// Takes one of each, or says why not.
    async fn count(&self, attempts: &[&Attempt]) -> Result<Result<Counted, Verification>> {
        let currents: Vec<Current<'_>> =
            attempts.iter().map(|Attempt { check, policy }| (check, Arc::clone(policy))).collect();
        let currents: Vec<&Current<'_>> = currents.iter().collect();
        let Decided { each, now_ns } = self.limits.inner.decide_all(&currents).await?;
        if each.iter().any(|one| matches!(one.standing().source, Source::Outage(_))) {
            return Ok(Err(Verification::Unavailable));
        }
        let refused = each.iter().filter_map(Decision::retry_after).max();
        let remaining = each.iter().map(|one| one.standing().remaining).min();
        Ok(match (refused, remaining, now_ns) {
            (None, Some(remaining), Some(now_ns)) => Ok(Counted { remaining, now_ns }),
            (refused, ..) => {
                Err(Verification::LockedOut { retry_after: refused.unwrap_or_default() })
            }
        })
    }

    /// Whether the step had not been used.
    async fn use_step(
        &self,
        totp: &Totp,
        step: u64,
        account: &Attempt,
        address: Option<&Attempt>,
    ) -> Result<bool> {
        let inner = &self.limits.inner;
        let key = account.check.subject.key;
        let address_key = address.map(|address| address.check.subject.key);
        let address_units = address.map_or(0, |address| address.policy.timeless_terms().units(1));
        let steps = i64::try_from(step).unwrap_or(i64::MAX);
        // One step more than the last at which it would be accepted.
        let last = step.saturating_add(u64::from(totp.skew()) + 2);
        let expires_at_ns = last.saturating_mul(totp.step()).saturating_mul(1_000_000_000);
        let expires_at_ns = i64::try_from(expires_at_ns).unwrap_or(i64::MAX);
        let now_ns = inner.clock.now_ns();
        let parameters: [Parameter<'_>; 6] = [
            (&key, Type::UUID),
            (&steps, Type::INT8),
            (&expires_at_ns, Type::INT8),
            (&address_key, Type::UUID),
            (&address_units, Type::INT8),
            (&now_ns, Type::INT8),
        ];
        let used = within(account.policy.timeout(), async {
            Ok(inner.db.client().await?.query_typed(USE_STEP, &parameters).await?)
        });
        let used = !used.await?.is_empty();
        if used {
            inner.begins_anew(key);
            inner.notices.send(Notice::Anew(key));
            if let Some(address) = address_key {
                inner.given_back(address);
            }
        }
        Ok(used)
    }
}

/// A key that is tried, with its policy as it is now.
struct Attempt {
    check: Check,
    policy: Arc<Policy>,
}

/// An attempt that was counted.
struct Counted {
    remaining: u64,
    now_ns: i64,
}

/// What a policy has to be to guard anything.
fn lacks(policy: &Policy) -> Option<&'static str> {
    if !policy.is_durable() {
        Some("be durable")
    } else if policy.on_outage() != OnOutage::Deny {
        Some("have on_outage = deny")
    } else if policy.is_shadow() {
        Some("not be in shadow mode")
    } else if policy.algorithm() == Algorithm::Concurrency {
        Some("count attempts, and not give out permits")
    } else {
        None
    }
}

/// Why an attempt could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidAttempt {
    /// The account or the address is no key.
    Key(Invalid),
    /// A policy has been changed, and lets guesses through now.
    Guard(InvalidGuard),
    /// It could not be found out, and waiting does not help.
    Store(pgstead_store::Error),
}

impl fmt::Display for InvalidGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPolicy { name } => write!(f, "there is no policy {name:?}"),
            Self::Unsafe { policy, must } => {
                write!(f, "the policy {policy:?} must {must} to guard one-time passwords")
            }
        }
    }
}

impl std::error::Error for InvalidGuard {}

impl fmt::Display for InvalidAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(invalid) => invalid.fmt(f),
            Self::Guard(invalid) => invalid.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for InvalidAttempt {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl From<Invalid> for InvalidAttempt {
    fn from(invalid: Invalid) -> Self {
        Self::Key(invalid)
    }
}

impl From<pgstead_store::Error> for InvalidAttempt {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}
