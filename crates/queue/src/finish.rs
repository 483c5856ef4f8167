//! Claims of those who are no [`Worker`](crate::Worker): over HTTP, say.

use std::time::{Duration, SystemTime};

use pgstead_store::Result;
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    Claimed, JobId, Options, QueueName, Queues,
    claim::{self, Claim, On, Turn},
    end::{self, End, kept},
    extend,
    texts::Texts,
    turns,
};

/// What came of a job.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is done, and this came of it, which is kept for a while.
    Result(Value),
    /// It is to be tried again after that time. This attempt does not count.
    RetryAfter(Duration),
    /// It has failed for that reason. It is tried again after that time instead of the queue's
    /// [backoff](Options::backoff), unless this was its last attempt.
    Failed {
        /// Why.
        error: String,
        /// In how long.
        retry_after: Duration,
    },
    /// It is not to be tried again, for that reason, and that is no failure.
    Discard(String),
}

/// How a job ended that was claimed with [`Queues::claim`].
#[derive(Clone, Debug)]
pub struct Finished {
    /// Which job.
    pub id: JobId,
    /// Its [`attempt`](Claimed::attempt) when it was claimed.
    pub attempt: u32,
    /// What came of it, or why it failed.
    pub outcome: std::result::Result<Outcome, String>,
}

/// What a look has found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) jobs: Vec<Claimed>,
    /// When their claims lapse, by PostgreSQL's clock.
    pub(crate) until: SystemTime,
    /// There may be more, and not all that was claimed need be among the jobs.
    pub(crate) is_full: bool,
}

impl Queues {
    /// Claims jobs, at most `most` and 1000. Who claims has to [finish](Self::finish) or
    /// [extend](Self::extend) within the lease, or others are given them.
    ///
    /// Jobs that were claimed too often already become dead letters and are not given to anybody.
    pub async fn claim(
        &self,
        queue: &QueueName,
        most: usize,
        lease: Duration,
    ) -> Result<Vec<Claimed>> {
        Ok(self.look(queue, most, lease).await?.jobs)
    }

    /// Claims what is there now.
    pub(crate) async fn look(
        &self,
        queue: &QueueName,
        most: usize,
        lease: Duration,
    ) -> Result<Found> {
        let (texts, options) = (Texts::of(queue), self.options(queue));
        let client = self.db().client().await?;
        let mut on = On::Client(&client);
        let from = self.cursor(queue, |cursor| cursor.next(Instant::now()));
        let began = Instant::now();
        let most = most.min(1000);
        let turn = Turn { done: &[], most, lease, from };
        let mut looked = claim::turn(&mut on, queue, texts, &turn).await?;
        self.cursor(queue, |cursor| {
            cursor.found(from, looked.due_at, looked.now, began.elapsed());
        });
        let is_full = most > 0 && looked.claimed.len() >= most;
        let poison = poisonous(&mut looked.claimed, options);
        if !poison.is_empty() {
            end::end(&mut on, queue, texts, &poison).await?;
        }
        turns::take(&mut on, queue, &mut looked.claimed, options.group_concurrency).await?;
        Ok(Found { jobs: looked.claimed, until: looked.now + lease, is_full })
    }

    /// Ends claims. Says which jobs it has ended: the claims of the others had lapsed.
    pub async fn finish(&self, queue: &QueueName, finished: &[Finished]) -> Result<Vec<JobId>> {
        let (texts, options) = (Texts::of(queue), self.options(queue));
        let mut done = Vec::new();
        let mut others = Vec::new();
        for one in finished {
            let read_ct = i32::try_from(one.attempt).unwrap_or(i32::MAX);
            let claim = Claim { id: one.id.0, read_ct };
            match end_of(options, one.attempt, one.outcome.clone()) {
                End::Done => done.push(claim),
                end => others.push((claim, end)),
            }
        }
        done.sort_unstable();
        done.dedup();
        others.sort_by_key(|(claim, _)| *claim);
        let client = self.db().client().await?;
        let mut on = On::Client(&client);
        // Which groups they are of is known before they are gone, and not after.
        let claims: Vec<Claim> =
            done.iter().copied().chain(others.iter().map(|(claim, _)| *claim)).collect();
        let groups = turns::groups_of(&mut on, texts, &claims).await?;
        let mut ended = Vec::new();
        if !done.is_empty() {
            let from = Turn::nothing(&done, options.lease);
            ended = claim::turn(&mut on, queue, texts, &from).await?.removed;
        }
        if !others.is_empty() {
            ended.extend(end::end(&mut on, queue, texts, &others).await?);
        }
        let passed = !groups.is_empty()
            && turns::pass(&mut on, queue, &groups, options.group_concurrency).await?;
        // Whoever waits for what was put back has to know when it is due.
        if passed || others.iter().any(|(_, end)| matches!(end, End::Retry { .. })) {
            self.wakes().wake(queue);
        }
        Ok(ended.into_iter().map(JobId).collect())
    }

    /// Has claims, each a job and its [`attempt`](Claimed::attempt), last for so long from now. Says which
    /// jobs still are the caller's.
    pub async fn extend(
        &self,
        queue: &QueueName,
        claims: &[(JobId, u32)],
        lease: Duration,
    ) -> Result<Vec<JobId>> {
        let mut claims: Vec<Claim> = claims
            .iter()
            .map(|(id, attempt)| Claim {
                id: id.0,
                read_ct: i32::try_from(*attempt).unwrap_or(i32::MAX),
            })
            .collect();
        claims.sort_unstable();
        claims.dedup();
        let client = self.db().client().await?;
        let mut on = On::Client(&client);
        let extended = extend::extend(&mut on, Texts::of(queue), &claims, lease).await?;
        Ok(extended.into_iter().map(JobId).collect())
    }
}

/// How the claim ends of a job of which that came at that attempt.
pub(crate) fn end_of(
    options: &Options,
    attempt: u32,
    outcome: std::result::Result<Outcome, String>,
) -> End {
    match outcome {
        Ok(Outcome::Done) => End::Done,
        Ok(Outcome::Result(result)) => End::Concluded { result: Some(result), discarded: false },
        Ok(Outcome::RetryAfter(delay)) => {
            End::Retry { delay_ms: claim::milliseconds(delay), error: None }
        }
        Ok(Outcome::Discard(reason)) => {
            End::Concluded { result: Some(kept(&reason).into()), discarded: true }
        }
        Ok(Outcome::Failed { error, .. }) | Err(error) if attempt >= options.max_attempts => {
            End::Dead { error: kept(&error) }
        }
        Ok(Outcome::Failed { error, retry_after }) => {
            End::Retry { delay_ms: claim::milliseconds(retry_after), error: Some(kept(&error)) }
        }
        Err(error) => {
            let delay = options.backoff.after(attempt, chance());
            End::Retry { delay_ms: claim::milliseconds(delay), error: Some(kept(&error)) }
        }
    }
}

/// Takes out those that were claimed more often than they may be: nobody who had them has come to an
/// end with them.
pub(crate) fn poisonous(claimed: &mut Vec<Claimed>, options: &Options) -> Vec<(Claim, End)> {
    let most = options.max_attempts;
    let is_poison = |job: &mut Claimed| job.attempt > most;
    let poison = claimed.extract_if(.., is_poison).map(|job| {
        let error = format!(
            "it was claimed {most} times and the last of its workers never ended it: it crashed, or \
             took longer than its claim lasted",
        );
        (job.claim(), End::Dead { error })
    });
    let mut poison: Vec<(Claim, End)> = poison.collect();
    poison.sort_by_key(|(claim, _)| *claim);
    poison
}

/// Between 0 and 1.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX)
}
