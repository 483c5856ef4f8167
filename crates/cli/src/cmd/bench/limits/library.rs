//! pgstead's side: the library, in this process.

use std::sync::Arc;

use anyhow::{Result, ensure};
use pgstead_limits::{Algorithm, Check, Config, Limits, Policy, PolicyConfig};
use tokio::task::JoinSet;

use super::{Gate, KEYS, Keys, Ours, PerKey, WINDOW};
use crate::{cmd::bench::load::Arm, database::Database};

const OPEN: &str = "pgstead-bench-open";
const CLOSED: &str = "pgstead-bench-closed";
const DURABLE: &str = "pgstead-bench-durable";

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

impl Library {
    pub(super) fn start(database: &Database) -> Result<Self> {
        let policy = |name, gate: Gate, durable| {
            let mut config = PolicyConfig::new(Algorithm::FixedWindow, gate.limit(), WINDOW);
            config.durable = durable;
            Policy::new(name, &config)
        };
        let policies = [
            policy(OPEN, Gate::Open, false)?,
            policy(CLOSED, Gate::Closed, false)?,
            policy(DURABLE, Gate::Open, true)?,
        ];
        Ok(Self { limits: Arc::new(Limits::start(&database.db, Config::new(policies))) })
    }

    /// Checks of a scenario, made beforehand.
    pub(super) fn checks(&self, ours: Ours, keys: Keys) -> Result<Arc<Checks>> {
        let open = match ours {
            Ours::Fast => OPEN,
            Ours::Durable => DURABLE,
        };
        let per_key = PerKey::new(|target| {
            let policy = if target.gate == Gate::Open { open } else { CLOSED };
            self.check(policy, target.key)
        })?;
        Ok(Arc::new(Checks { limits: Arc::clone(&self.limits), per_key, keys }))
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
        self.each(&[OPEN, CLOSED, DURABLE], |limits, check| async move {
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
