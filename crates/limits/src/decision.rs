//! What was decided, and where a key stands.

use std::{fmt, time::Duration};

use crate::{OnOutage, arithmetic::Terms, lanes::Answer};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The cost has been taken.
    Allow(Standing),
    /// Nothing has been taken.
    Deny {
        /// After this time the same check is granted, if nobody else takes from the key.
        retry_after: Duration,
        /// Where the key stands.
        standing: Standing,
    },
    /// Nothing has been taken, and the policy would have refused: but it only watches
    /// ([`shadow`](crate::PolicyConfig::shadow)).
    Shadowed {
        /// As of [`Deny`](Self::Deny).
        retry_after: Duration,
        /// Where the key stands.
        standing: Standing,
    },
}

/// What was decided about several checks at once: all of them or none.
///
/// When one is refused, nothing has been taken of any: those that are allowed in here would have
/// been granted alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisions(pub(crate) Vec<Decision>);

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// How much can be taken now. Of [`Source::Lease`], as far as this process knows.
    pub remaining: u64,
    /// How long until the key is as if nothing had been taken.
    pub reset_after: Duration,
    /// Who says so.
    pub source: Source,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// PostgreSQL: exact, over all processes.
    Database,
    /// This process, from what it had taken from PostgreSQL before.
    Lease,
    /// This process, which remembers that PostgreSQL has refused and when it will grant again.
    Cache,
    /// The policy's rule for when PostgreSQL does not answer.
    Outage(OnOutage),
}

impl Decision {
    pub(crate) fn of(answer: &Answer, terms: &Terms, units: i64, source: Source) -> Self {
        let standing = answer.standing(terms, source);
        if answer.granted {
            Self::Allow(standing)
        } else {
            Self::Deny { retry_after: answer.retry_after(terms, units), standing }
        }
    }

    /// The same, by a policy that only watches.
    pub(crate) fn shadowed(self) -> Self {
        match self {
            Self::Deny { retry_after, standing } => Self::Shadowed { retry_after, standing },
            other => other,
        }
    }

    /// Whether to let it through: the cost has been taken, or the policy only watches.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        !matches!(self, Self::Deny { .. })
    }

    /// Where the key stands after it.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        match self {
            Self::Allow(standing)
            | Self::Deny { standing, .. }
            | Self::Shadowed { standing, .. } => standing,
        }
    }

    /// After which time the same is granted; `None` if it has been.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Allow(_) => None,
            Self::Deny { retry_after, .. } | Self::Shadowed { retry_after, .. } => {
                Some(*retry_after)
            }
        }
    }
}

impl Decisions {
    /// Whether to let it through: no check was refused.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.0.iter().all(Decision::is_allowed)
    }

    /// After which time all of it is granted; `None` if it has been.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.iter().filter(|one| !one.is_allowed()).filter_map(Decision::retry_after).max()
    }

    /// What was decided about each check, in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Decision> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Decisions {
    type Item = &'a Decision;
    type IntoIter = std::slice::Iter<'a, Decision>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database"),
            Self::Lease => f.write_str("lease"),
            Self::Cache => f.write_str("cache"),
            Self::Outage(rule) => write!(f, "outage-{rule}"),
        }
    }
}
