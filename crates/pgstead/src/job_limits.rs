//! Rate limits for jobs: gates of a queue that hold for all its workers together.
//!
//! ```no_run
//! use std::{sync::Arc, time::Duration};
//! use pgstead::{
//!     job_limits::{JobPermits, JobRate},
//!     limits::{Algorithm, Config, Limits, Policy, PolicyConfig},
//!     queue,
//!     store::Db,
//! };
//!
//! # async fn example(db: Db) -> Result<(), Box<dyn std::error::Error>> {
//! let rate = PolicyConfig::new(Algorithm::TokenBucket, 50, Duration::from_secs(1));
//! let at_once = PolicyConfig::new(Algorithm::Concurrency, 8, Duration::from_secs(60));
//! let policies = [Policy::new("mails", &rate)?, Policy::new("mails-at-once", &at_once)?];
//! let limits = Arc::new(Limits::start(&db, Config::new(policies)));
//!
//! let mut config = queue::Config::default();
//! config.others.gate = Some(Arc::new(JobRate::new(Arc::clone(&limits), "mails")?));
//! config.others.group_gate = Some(Arc::new(JobPermits::new(limits, "mails-at-once")?));
//! # Ok(())
//! # }
//! ```
//!
//! The key of a check is the queue's name, or the queue's and the group's with a slash in between.

use std::{fmt, sync::Arc, time::Duration};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, join_all},
};
use tokio::runtime::Handle;
use tracing::{debug, warn};

use crate::{
    limits::{Acquisition, Check, Invalid, Limits, Permit, Subject},
    queue::{Admission, Gate, Pass, QueueName},
    store::{Chain, Result},
};

/// When a gate is asked again whose policy is not there.
const SHUT_FOR: Duration = Duration::from_secs(5);
/// When it is looked again for a permit that somebody releases.
const LOOK_FOR_PERMIT: Duration = Duration::from_millis(50);

/// Lets as many jobs begin as a policy grants: a token bucket, a window or a quota. A job costs 1.
pub struct JobRate {
    limits: Arc<Limits>,
    policy: Box<str>,
}

/// Lets as many jobs run at once as a policy of the algorithm `concurrency` has permits. That of a worker
/// that was killed is free again after the policy's time.
pub struct JobPermits {
    limits: Arc<Limits>,
    policy: Box<str>,
}

impl JobRate {
    /// By the policy of that name, which has to be there and to count.
    pub fn new(limits: Arc<Limits>, policy: &str) -> std::result::Result<Self, Invalid> {
        limits.subject(policy, "any")?.costing(1)?;
        Ok(Self { limits, policy: policy.into() })
    }

    async fn admit(&self, key: &str, most: usize) -> Result<Admission> {
        let subject = match self.limits.subject(&self.policy, key) {
            Ok(subject) => subject,
            Err(invalid) => return Ok(shut(&self.policy, &invalid)),
        };
        let left = self.limits.peek(&subject).await?.remaining;
        // With nothing left one is asked for, to be told when there will be.
        let wanted = u64::try_from(most).unwrap_or(u64::MAX).min(left).max(1);
        let check = match subject.costing(wanted) {
            Ok(check) => check,
            Err(invalid) => return Ok(shut(&self.policy, &invalid)),
        };
        let decision = self.limits.check(&check).await?;
        if !decision.is_allowed() {
            let retry_after = decision.retry_after().unwrap_or(SHUT_FOR);
            return Ok(Admission { passes: Vec::new(), retry_after });
        }
        let one = check.subject().clone().costing(1).ok();
        let pass = |_| -> Box<dyn Pass> {
            Box::new(RatePass { limits: Arc::clone(&self.limits), taken: one.clone() })
        };
        // If these are fewer than were asked for, it is asked at once when there is more.
        Ok(Admission { passes: (0..wanted).map(pass).collect(), retry_after: Duration::ZERO })
    }
}

impl JobPermits {
    /// By the policy of that name, which has to be there and to be of permits.
    pub fn new(limits: Arc<Limits>, policy: &str) -> std::result::Result<Self, Invalid> {
        limits.subject(policy, "any")?.permits()?;
        Ok(Self { limits, policy: policy.into() })
    }

    async fn admit(&self, key: &str, most: usize) -> Result<Admission> {
        let permits = match self.limits.subject(&self.policy, key).and_then(Subject::permits) {
            Ok(permits) => permits,
            Err(invalid) => return Ok(shut(&self.policy, &invalid)),
        };
        let mut admission = Admission::default();
        // Those of a flush share a statement.
        for acquired in join_all((0..most).map(|_| self.limits.acquire(&permits))).await {
            match acquired? {
                Acquisition::Acquired(permit) => admission.passes.push(Box::new(Held(permit))),
                // One that is released is free sooner than is told.
                _refused => admission.retry_after = LOOK_FOR_PERMIT,
            }
        }
        Ok(admission)
    }
}

/// What was taken from a rate for a job, and goes back if there was none.
struct RatePass {
    limits: Arc<Limits>,
    taken: Option<Check>,
}

/// A permit, which is released when the job has ended.
struct Held(#[expect(dead_code, reason = "it is held")] Permit);

impl Pass for RatePass {
    fn use_up(&mut self) {
        self.taken = None;
    }
}

impl Drop for RatePass {
    fn drop(&mut self) {
        let Some(taken) = self.taken.take() else { return };
        // Without a runtime the process ends; the rate is a little lower once.
        let Ok(runtime) = Handle::try_current() else { return };
        let limits = Arc::clone(&self.limits);
        runtime.spawn(async move {
            if let Err(error) = limits.refund(&taken).await {
                debug!(error = %Chain(&error), "what a job did not use was not given back");
            }
        });
    }
}

impl Pass for Held {
    fn use_up(&mut self) {}
}

impl Gate for JobRate {
    fn ask<'a>(
        &'a self,
        queue: &'a QueueName,
        group: Option<&'a str>,
        most: usize,
    ) -> BoxFuture<'a, Result<Admission>> {
        async move { self.admit(&key(queue, group), most).await }.boxed()
    }
}

impl Gate for JobPermits {
    fn ask<'a>(
        &'a self,
        queue: &'a QueueName,
        group: Option<&'a str>,
        most: usize,
    ) -> BoxFuture<'a, Result<Admission>> {
        async move { self.admit(&key(queue, group), most).await }.boxed()
    }
}

fn key(queue: &QueueName, group: Option<&str>) -> String {
    match group {
        Some(group) => format!("{queue}/{group}"),
        None => queue.to_string(),
    }
}

/// Nobody is let through by a policy that is not there any more.
fn shut(policy: &str, invalid: &Invalid) -> Admission {
    warn!(policy, %invalid, "jobs wait: their policy cannot be asked");
    Admission { passes: Vec::new(), retry_after: SHUT_FOR }
}

impl fmt::Debug for JobRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobRate").field(&self.policy).finish()
    }
}

impl fmt::Debug for JobPermits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobPermits").field(&self.policy).finish()
    }
}
