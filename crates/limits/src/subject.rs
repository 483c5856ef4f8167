//! Whom a verb is about, and what it costs.

use std::{borrow::Cow, fmt, sync::Arc};

use crate::{Algorithm, Limits, Policy, lanes::Key};

/// One key of one policy. It can be kept and used again: a policy that is changed meanwhile is
/// looked up anew.
#[derive(Clone, Debug)]
pub struct Subject {
    /// As it was when the subject was made.
    policy: Arc<Policy>,
    /// Which version of the policies that was.
    version: u64,
    pub(crate) key: Key,
    /// As it was given, for those who ask which keys are called for most.
    pub(crate) text: Arc<str>,
}

/// A cost that a key is asked to bear. It has been checked that the policy can grant it at all.
#[derive(Clone, Debug)]
pub struct Check {
    pub(crate) subject: Subject,
    pub(crate) cost: u64,
}

/// Why nothing was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalid {
    /// There is no policy of that name.
    UnknownPolicy {
        /// The name.
        name: String,
    },
    /// A key has at least one byte.
    EmptyKey,
    /// A key has at most [`LONGEST_KEY`] bytes.
    LongKey {
        /// How many it had.
        bytes: usize,
    },
    /// A check costs at least 1; to look without taking is to peek.
    ZeroCost,
    /// It costs more than the policy can ever grant at once.
    CostAboveCapacity {
        /// What it would cost.
        cost: u64,
        /// The burst of the token bucket, or the limit of the window.
        capacity: u64,
    },
    /// The policy gives out permits, which are acquired and released.
    NeedsPermit {
        /// The policy.
        policy: String,
    },
    /// The policy gives out no permits.
    NoPermits {
        /// The policy.
        policy: String,
    },
}

/// The most bytes of a key.
pub const LONGEST_KEY: usize = 1024;

impl Limits {
    /// One key of one policy.
    pub fn subject(&self, policy: &str, key: &str) -> Result<Subject, Invalid> {
        let policies = self.inner.policies.load();
        let Some(policy) = policies.get(policy) else {
            return Err(Invalid::UnknownPolicy { name: policy.to_owned() });
        };
        match key.len() {
            0 => Err(Invalid::EmptyKey),
            1..=LONGEST_KEY => Ok(Subject {
                policy: Arc::clone(policy),
                version: policies.version,
                key: policy.key(key),
                text: key.into(),
            }),
            bytes => Err(Invalid::LongKey { bytes }),
        }
    }

    /// The policy of a subject as it is now. One that has been removed stays as it was, and so does
    /// one that counted and gives out permits now, or the other way round: a check that was made
    /// before is none of it.
    pub(crate) fn policy_of<'a>(&self, subject: &'a Subject) -> Cow<'a, Arc<Policy>> {
        if self.inner.policies.version() == subject.version {
            return Cow::Borrowed(&subject.policy);
        }
        let gives_permits = |policy: &Policy| policy.algorithm() == Algorithm::Concurrency;
        match self.inner.policies.load().get(subject.policy.name()) {
            Some(policy) if gives_permits(policy) == gives_permits(&subject.policy) => {
                Cow::Owned(Arc::clone(policy))
            }
            _ => Cow::Borrowed(&subject.policy),
        }
    }
}

impl Subject {
    /// The policy, as it was when the subject was made.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A check that costs so much.
    pub fn costing(self, cost: u64) -> Result<Check, Invalid> {
        let capacity = self.policy.capacity();
        match cost {
            _ if self.policy.algorithm() == Algorithm::Concurrency => {
                Err(Invalid::NeedsPermit { policy: self.policy.name().to_owned() })
            }
            0 => Err(Invalid::ZeroCost),
            cost if cost > capacity => Err(Invalid::CostAboveCapacity { cost, capacity }),
            cost => Ok(Check { subject: self, cost }),
        }
    }
}

impl Check {
    /// Whom it asks.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What it costs.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.cost
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPolicy { name } => write!(f, "there is no policy {name:?}"),
            Self::EmptyKey => f.write_str("the key is empty"),
            Self::LongKey { bytes } => {
                write!(f, "the key has {bytes} bytes; at most {LONGEST_KEY} are allowed")
            }
            Self::ZeroCost => f.write_str("the cost is 0; it has to be at least 1"),
            Self::CostAboveCapacity { cost, capacity } => write!(
                f,
                "the cost is {cost}, and the policy never grants more than {capacity} at once",
            ),
            Self::NeedsPermit { policy } => {
                write!(f, "the policy {policy:?} gives out permits: acquire one and release it")
            }
            Self::NoPermits { policy } => {
                write!(f, "the policy {policy:?} gives out no permits: it is no concurrency limit")
            }
        }
    }
}

impl std::error::Error for Invalid {}
