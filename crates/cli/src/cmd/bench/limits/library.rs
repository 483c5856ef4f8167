//! pgstead's side: the library, in this process.

use std::sync::Arc;

use anyhow::{Result, ensure};
use pgstead_limits::{Algorithm, Check, Config, Lease, Limits, Policy, PolicyConfig};
use tokio::task::JoinSet;

use super::{Case, Gate, KEYS, Keys, Ours, PerKey, TEAM_SIZE, Turn, WINDOW};
use crate::{cmd::bench::load::Arm, database::Database};

const OPEN: &str = "pgstead-bench-open";
const CLOSED: &str = "pgstead-bench-closed";
const DURABLE: &str = "pgstead-bench-durable";
const LEASED: &str = "pgstead-bench-leased";
const TEAM: &str = "pgstead-bench-team";

/// How many ask at once where it is not measured.
const TOGETHER: usize = 100;

/// The limits that are asked.
pub(super) struct Library {
    limits: Arc<Limits>,
}

/// A check at a time.
pub(super) struct Checks {
    limits: Arc<Limits>,
    per_key: PerKey<Check>,
    keys: Keys,
}

/// A user's check and his team's, all or nothing.
pub(super) struct Pairs {
    limits: Arc<Limits>,
    per_key: PerKey<[Check; 2]>,
    keys: Keys,
}

impl Library {
    pub(super) fn start(database: &Database) -> Result<Self> {
        let policy = |name, gate: Gate, durable| {
            let mut config = PolicyConfig::new(Algorithm::FixedWindow, gate.limit(), WINDOW);
            config.durable = durable;
            config.lease = if name == LEASED { Lease::Auto } else { Lease::Off };
            Policy::new(name, &config)
        };
        let policies = [
            policy(OPEN, Gate::Open, false)?,
            policy(CLOSED, Gate::Closed, false)?,
            policy(DURABLE, Gate::Open, true)?,
            policy(LEASED, Gate::Open, false)?,
            policy(TEAM, Gate::Open, false)?,
        ];
        Ok(Self { limits: Arc::new(Limits::start(&database.db, Config::new(policies))) })
    }

    /// What is asked in a scenario, made beforehand.
    pub(super) fn turn(&self, case: &Case) -> Result<Turn<'static>> {
        let (limits, keys) = (Arc::clone(&self.limits), case.keys);
        let open = match case.ours {
            Ours::Fast | Ours::Both => OPEN,
            Ours::Durable => DURABLE,
            Ours::Leased => LEASED,
        };
        let policy = |gate| if gate == Gate::Open { open } else { CLOSED };
        Ok(if case.ours == Ours::Both {
            let per_key = PerKey::new(|target| {
                let team = self.check(TEAM, target.key / TEAM_SIZE)?;
                Ok([self.check(policy(target.gate), target.key)?, team])
            })?;
            Turn::Pairs(Arc::new(Pairs { limits, per_key, keys }))
        } else {
            let per_key = PerKey::new(|target| self.check(policy(target.gate), target.key))?;
            Turn::Checks(Arc::new(Checks { limits, per_key, keys }))
        })
    }

    /// Takes what there is from every key of the policy that refuses.
    pub(super) async fn close_the_closed(&self) -> Result<()> {
        // Of a run that was killed it may have been taken already.
        self.each(&[CLOSED], |limits, check| async move {
            limits.check(&check).await?;
            Ok(())
        })
        .await
    }

    /// Leaves the tables as they were.
    pub(super) async fn clean_up(&self) -> Result<()> {
        // First what is leased: it would be taken from rows that are to go.
        self.limits.close().await;
        self.each(&[OPEN, CLOSED, DURABLE, LEASED, TEAM], |limits, check| async move {
            limits.reset(check.subject()).await
        })
        .await
    }

    fn check(&self, policy: &str, key: usize) -> Result<Check> {
        Ok(self.limits.subject(policy, &format!("user:{key}"))?.costing(1)?)
    }

    /// Does something to every key of the policies.
    async fn each<F>(
        &self,
        policies: &[&str],
        act: impl Fn(Arc<Limits>, Check) -> F + Clone + Send + 'static,
    ) -> Result<()>
    where
        F: Future<Output = pgstead_store::Result<()>> + Send + 'static,
    {
        let mut checks = Vec::new();
        for policy in policies {
            for key in 0..KEYS {
                checks.push(self.check(policy, key)?);
            }
        }
        let mut tasks = JoinSet::new();
        for part in checks.chunks(checks.len().div_ceil(TOGETHER)) {
            let (part, limits, act) = (part.to_vec(), Arc::clone(&self.limits), act.clone());
            tasks.spawn(async move {
                for check in part {
                    act(Arc::clone(&limits), check).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    }
}

impl Arm for Checks {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        let target = self.keys.of(number);
        let decision = self.limits.check(self.per_key.get(target)).await?;
        ensure!(
            decision.is_allowed() == (target.gate == Gate::Open),
            "pgstead: {target:?}: {decision:?}"
        );
        Ok(())
    }
}

impl Arm for Pairs {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        let target = self.keys.of(number);
        let decisions = self.limits.check_all(self.per_key.get(target)).await?;
        ensure!(
            decisions.is_allowed() == (target.gate == Gate::Open),
            "pgstead: {target:?}: {decisions:?}"
        );
        Ok(())
    }
}
