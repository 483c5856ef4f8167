//! The policies: those of the configuration, and those that were stored while processes ran.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Client, Row, types::Type},
};
use tracing::{error, info};

use crate::{Limits, Policy, PolicyConfig, notices::Notice, policy::ns};

pub(crate) const STORE_POLICY: &str = include_str!("../sql/store_policy.sql");
pub(crate) const REMOVE_POLICY: &str = include_str!("../sql/remove_policy.sql");
pub(crate) const READ_POLICIES: &str = include_str!("../sql/read_policies.sql");

/// Where a policy comes from. A stored one stands above a configured one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The configuration of this process.
    Configured,
    /// PostgreSQL, for all processes.
    Stored,
}

/// The policies of a process, which can be changed while it runs.
#[derive(Debug)]
pub(crate) struct Policies {
    configured: Vec<Arc<Policy>>,
    current: ArcSwap<Book>,
    /// Of `current`, so that a subject sees in a moment whether it is of today.
    version: AtomicU64,
    /// Those that could not be read, so that each is complained of once. Held while what is stored
    /// is read and taken over, so that nobody puts back what was read before.
    unreadable: tokio::sync::Mutex<Vec<String>>,
}

/// The policies as they are for a while.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) version: u64,
    by_name: HashMap<Box<str>, (Arc<Policy>, Origin)>,
}

impl Policies {
    pub(crate) fn new(configured: Vec<Policy>) -> Self {
        let configured: Vec<Arc<Policy>> = configured.into_iter().map(Arc::new).collect();
        let policies = Self {
            configured,
            current: ArcSwap::default(),
            version: AtomicU64::new(0),
            unreadable: tokio::sync::Mutex::default(),
        };
        policies.replace(Vec::new());
        policies
    }

    pub(crate) fn load(&self) -> arc_swap::Guard<Arc<Book>> {
        self.current.load()
    }

    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Takes over what is stored now. Whether that is anything new.
    fn replace(&self, stored: Vec<Policy>) -> bool {
        let named = |policy: Arc<Policy>, origin| (policy.name().into(), (policy, origin));
        let configured = self.configured.iter().cloned();
        let by_name: HashMap<Box<str>, (Arc<Policy>, Origin)> = configured
            .map(|policy| named(policy, Origin::Configured))
            .chain(stored.into_iter().map(|policy| named(Arc::new(policy), Origin::Stored)))
            .collect();
        let before = self.current.load();
        let same = before.version > 0
            && before.by_name.len() == by_name.len()
            && by_name.iter().all(|(name, (policy, origin))| {
                before.by_name.get(name).is_some_and(|(known, from)| {
                    from == origin && known.config() == policy.config()
                })
            });
        if same {
            return false;
        }
        let version = before.version + 1;
        self.current.store(Arc::new(Book { version, by_name }));
        self.version.store(version, Ordering::Release);
        true
    }
}

impl Book {
    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Policy>> {
        self.by_name.get(name).map(|(policy, _)| policy)
    }
}

impl Limits {
    /// The policies, by name.
    #[must_use]
    pub fn policies(&self) -> Vec<(Arc<Policy>, Origin)> {
        let mut policies: Vec<_> = self.inner.policies.load().by_name.values().cloned().collect();
        policies.sort_by(|(one, _), (other, _)| one.name().cmp(other.name()));
        policies
    }

    /// A policy by its name.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<Arc<Policy>> {
        self.inner.policies.load().get(name).cloned()
    }

    /// A policy by its name, and where it comes from.
    #[must_use]
    pub fn policy_with_origin(&self, name: &str) -> Option<(Arc<Policy>, Origin)> {
        self.inner.policies.load().by_name.get(name).cloned()
    }

    /// Stores a policy for all processes, in the place of one that has its name.
    ///
    /// It counts in this process at once, in those that listen within moments, and in all others
    /// within two seconds. What keys have taken stays as far as the new policy's algorithm and
    /// storage are the old one's. Whether none of its name was stored before.
    pub async fn store_policy(&self, policy: &Policy) -> Result<bool> {
        let client = self.inner.db.client().await?;
        let is_new = store(&client, policy).await?;
        drop(client);
        self.inner.notices.send(Notice::Policies);
        self.reload_policies().await?;
        Ok(is_new)
    }

    /// Removes a stored policy; a configured one of its name counts again. Whether there was one.
    pub async fn remove_policy(&self, name: &str) -> Result<bool> {
        let client = self.inner.db.client().await?;
        let removed = client.query_typed(REMOVE_POLICY, &[(&name, Type::TEXT)]).await?;
        drop(client);
        self.inner.notices.send(Notice::Policies);
        self.reload_policies().await?;
        Ok(!removed.is_empty())
    }

    /// Reads the stored policies now, instead of when the next look is due.
    pub async fn reload_policies(&self) -> Result<()> {
        let policies = &self.inner.policies;
        let mut complained = policies.unreadable.lock().await;
        let client = self.inner.db.client().await?;
        let rows = client.query_typed(READ_POLICIES, &[]).await?;
        drop(client);
        let mut stored = Vec::with_capacity(rows.len());
        let mut unreadable = Vec::new();
        for row in &rows {
            let name: String = row.try_get(0)?;
            match read(&name, row)? {
                Ok(policy) => stored.push(policy),
                Err(wrong) => unreadable.push(format!("{name}: {wrong}")),
            }
        }
        // A policy that a newer pgstead has stored is not ours to guess.
        for wrong in unreadable.iter().filter(|wrong| !complained.contains(wrong)) {
            error!(%wrong, "a stored policy cannot be read and does not count here");
        }
        *complained = unreadable;
        let has_changed = policies.replace(stored);
        drop(complained);
        if has_changed {
            info!(stored = rows.len(), "the policies have changed");
            // What they were taken by may be another policy now.
            self.inner.return_leases(self.inner.leases.take_all()).await;
        }
        Ok(())
    }
}

async fn store(client: &Client, policy: &Policy) -> Result<bool> {
    let config = policy.config();
    let bigint = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let lockout_ns: Vec<i64> = config.lockout.iter().map(|step| ns(*step)).collect();
    let parameters: [Parameter<'_>; 14] = [
        (&policy.name(), Type::TEXT),
        (&config.algorithm.to_string(), Type::TEXT),
        (&bigint(config.limit), Type::INT8),
        (&ns(config.per), Type::INT8),
        (&config.period.map(|period| period.to_string()), Type::TEXT),
        (&config.zone, Type::TEXT),
        (&config.burst.map(bigint), Type::INT8),
        (&config.durable, Type::BOOL),
        (&config.on_outage.map(|rule| rule.to_string()), Type::TEXT),
        (&ns(config.timeout), Type::INT8),
        (&config.lease.to_string(), Type::TEXT),
        (&lockout_ns, Type::INT8_ARRAY),
        (&config.count_denied, Type::BOOL),
        (&config.shadow, Type::BOOL),
    ];
    Ok(client.query_typed_one(STORE_POLICY, &parameters).await?.try_get(0)?)
}

/// Why a row is no policy that this version knows.
struct Unreadable(String);

fn read(name: &str, row: &Row) -> Result<Result<Policy, Unreadable>> {
    let duration = |ns: i64| Duration::from_nanos(ns.max(0).unsigned_abs());
    let amount = |value: i64| value.max(0).unsigned_abs();
    let (algorithm, per_ns): (String, i64) = (row.try_get(1)?, row.try_get(3)?);
    let (period, on_outage): (Option<String>, Option<String>) = (row.try_get(4)?, row.try_get(8)?);
    let (limit, timeout_ns, lease): (i64, i64, String) =
        (row.try_get(2)?, row.try_get(9)?, row.try_get(10)?);
    let lockout_ns: Vec<i64> = row.try_get(11)?;
    let (zone, burst, durable) =
        (row.try_get(5)?, row.try_get::<_, Option<i64>>(6)?, row.try_get(7)?);
    let (count_denied, shadow) = (row.try_get(12)?, row.try_get(13)?);
    let config = || {
        let config = PolicyConfig {
            algorithm: algorithm.parse()?,
            limit: amount(limit),
            per: duration(per_ns),
            period: period.as_deref().map(str::parse).transpose()?,
            zone,
            burst: burst.map(amount),
            durable,
            on_outage: on_outage.as_deref().map(str::parse).transpose()?,
            timeout: duration(timeout_ns),
            lease: lease.parse()?,
            lockout: lockout_ns.into_iter().map(duration).collect(),
            count_denied,
            shadow,
        };
        Ok::<_, crate::UnknownWord>(config)
    };
    let config = match config() {
        Ok(config) => config,
        Err(unknown) => return Ok(Err(Unreadable(unknown.to_string()))),
    };
    Ok(Policy::new(name, &config).map_err(|invalid| Unreadable(invalid.to_string())))
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configured => "configured",
            Self::Stored => "stored",
        })
    }
}
