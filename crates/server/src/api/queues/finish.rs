//! Ends claims: how each of the jobs went.

use std::{collections::HashSet, num::NonZeroU32, time::Duration};

use axum::{Json as Answer, extract::State};
use pgstead_queue::{Finished, JobId, LONGEST_DELAY, Outcome, unkeepable};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{MOST, known, ms, wrong};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct FinishRequest {
    #[serde(default)]
    done: Vec<DoneRequest>,
    #[serde(default)]
    failed: Vec<FailedRequest>,
    #[serde(default)]
    discarded: Vec<DiscardedRequest>,
    #[serde(default)]
    released: Vec<ReleasedRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct DoneRequest {
    id: i64,
    attempt: NonZeroU32,
    #[serde(default, deserialize_with = "given")]
    result: Option<Value>,
}

/// `null` is a result, too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct FailedRequest {
    id: i64,
    attempt: NonZeroU32,
    error: String,
    retry_after_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct DiscardedRequest {
    id: i64,
    attempt: NonZeroU32,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ReleasedRequest {
    id: i64,
    attempt: NonZeroU32,
    #[serde(default)]
    retry_after_ms: u64,
}

/// Which claims have ended, and which had been lost before.
#[derive(Serialize)]
pub(super) struct FinishResponse {
    ended: Vec<i64>,
    lost: Vec<i64>,
}

pub(super) async fn finish(
    State(app): State<App>,
    Path(queue): Path<String>,
    Json(request): Json<FinishRequest>,
) -> Result<Answer<FinishResponse>, Problem> {
    let finished = request.finished()?;
    let queue = known(&app, &queue).await?;
    let ended = app.queues.finish(&queue, &finished).await?;
    let asked = finished.iter().map(|finished| finished.id);
    let (ended, lost) = split(asked, &ended);
    Ok(Answer(FinishResponse { ended, lost }))
}

/// Those that were, and those that were not, in the order of asking.
pub(super) fn split(
    asked: impl Iterator<Item = JobId>,
    answered: &[JobId],
) -> (Vec<i64>, Vec<i64>) {
    let answered: HashSet<JobId> = answered.iter().copied().collect();
    asked.map(|id| id.0).partition(|id| answered.contains(&JobId(*id)))
}

/// Whether each stands there once: of a job there is one claim at a time.
pub(super) fn is_each_once(ids: impl Iterator<Item = JobId>) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(Problem::bad_request(format!("the job {id} stands there twice")));
        }
    }
    if (1..=MOST).contains(&seen.len()) {
        return Ok(());
    }
    Err(Problem::bad_request(format!("there must be 1 to {MOST} jobs")))
}

impl FinishRequest {
    fn finished(self) -> Result<Vec<Finished>, Problem> {
        let Self { done, failed, discarded, released } = self;
        let mut all = Vec::new();
        let mut add = |id, attempt: NonZeroU32, outcome| {
            all.push(Finished { id: JobId(id), attempt: attempt.get(), outcome });
        };
        for (at, DoneRequest { id, attempt, result }) in done.into_iter().enumerate() {
            if let Some(what) = result.as_ref().and_then(|result| unkeepable(&result.to_string())) {
                let must = format!("not have {what}, which PostgreSQL cannot keep");
                return Err(wrong("result", must).with("pointer", format!("#/done/{at}/result")));
            }
            add(id, attempt, Ok(result.map_or(Outcome::Done, Outcome::Result)));
        }
        for (at, one) in failed.into_iter().enumerate() {
            let FailedRequest { id, attempt, error, retry_after_ms } = one;
            let outcome = match retry_after_ms {
                None => Err(error),
                Some(after_ms) => {
                    let retry_after = delay(after_ms, "failed", at)?;
                    Ok(Outcome::Failed { error, retry_after })
                }
            };
            add(id, attempt, outcome);
        }
        for DiscardedRequest { id, attempt, reason } in discarded {
            add(id, attempt, Ok(Outcome::Discard(reason)));
        }
        for (at, one) in released.into_iter().enumerate() {
            let ReleasedRequest { id, attempt, retry_after_ms } = one;
            let after = delay(retry_after_ms, "released", at)?;
            add(id, attempt, Ok(Outcome::RetryAfter(after)));
        }
        is_each_once(all.iter().map(|finished| finished.id))?;
        Ok(all)
    }
}

fn delay(after_ms: u64, list: &str, at: usize) -> Result<Duration, Problem> {
    let delay = Duration::from_millis(after_ms);
    if delay <= LONGEST_DELAY {
        return Ok(delay);
    }
    let must = format!("be at most {}", ms(LONGEST_DELAY));
    Err(wrong("retry_after_ms", must).with("pointer", format!("#/{list}/{at}/retry_after_ms")))
}
