//! Takes turns at a queue on a connection.

use std::{mem, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use pgstead_store::{Chain, Result, Session};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{debug, warn};

use super::{
    held::{Admitted, Ended, Held, Plan},
    run,
};
use crate::{
    Admission, Claimed, Gate, Pass, Queues,
    claim::{self, Looked, On, Turn},
    cursor::From,
    end::{self, End},
    finish::poisonous,
    turns,
};

/// The pause after PostgreSQL could not be reached, doubled up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Takes turns until the worker is told to stop and nothing is left to tell.
pub(crate) async fn fetch(queues: Queues, held: Arc<Held>, index: usize) {
    let mut session = None;
    let mut pause = PAUSE.0;
    let mut woken = Box::pin(queues.wakes().woken(&held.queue));
    loop {
        // Whatever changes from here on is not slept through.
        let changed = held.changed();
        let before = mem::replace(&mut woken, Box::pin(queues.wakes().woken(&held.queue)));
        // What was sent since, while a turn was under way or something else changed, may have come too late.
        if index == 0 && before.now_or_never().is_some() {
            held.want();
        }
        match held.plan() {
            Plan::Over => {
                held.gone().cancel();
                return;
            }
            Plan::Wait { until } => {
                tokio::select! {
                    () = changed => {}
                    () = woken.as_mut(), if index == 0 => {}
                    // The first one keeps the time for all.
                    () = sleep_until(until), if index == 0 => {}
                    () = held.stopping().cancelled(), if !held.stopping().is_cancelled() => {}
                    // Another one has seen to the rest.
                    () = held.gone().cancelled() => return,
                }
            }
            Plan::Turn { ended, most: planned, from } => {
                let passes = admit(&held, planned).await;
                let most = passes.as_ref().map_or(planned, Vec::len);
                if most == 0 && ended.is_empty() {
                    continue;
                }
                match turn(&queues, &held, &mut session, &ended, most, from, passes).await {
                    Ok(()) => pause = PAUSE.0,
                    Err(error) => {
                        session = None;
                        held.failed(most, ended);
                        if pause == PAUSE.0 {
                            warn!(queue = %held.queue, error = %Chain(&error), "the worker lost PostgreSQL");
                        }
                        if gives_up(&held) {
                            held.gone().cancel();
                            return;
                        }
                        sleep(pause).await;
                        pause = (pause * 2).min(PAUSE.1);
                    }
                }
            }
        }
    }
}

/// While it stops it does not wait for a PostgreSQL that is away: others get the jobs when their claims
/// lapse.
fn gives_up(held: &Held) -> bool {
    held.stopping().is_cancelled() && held.over().is_cancelled()
}

/// Tells what has ended and claims; what comes after that is not undone by an error.
async fn turn(
    queues: &Queues,
    held: &Arc<Held>,
    session: &mut Option<Session>,
    ended: &[Ended],
    most: usize,
    from: From,
    passes: Option<Vec<Box<dyn Pass>>>,
) -> Result<()> {
    let on_session = if let Some(session) = session {
        session
    } else {
        let mut opened = queues.db().session().await?;
        opened.commit_hastily().await?;
        session.insert(opened)
    };
    let mut on = On::Session(on_session);
    let began = Instant::now();
    let (told, mut looked) = tell(&mut on, held, ended, most, from).await?;
    if told < ended.len() {
        let lost = ended.len() - told;
        warn!(queue = %held.queue, lost, "claims had lapsed when their jobs ended: those may run twice");
    }
    if most > 0 {
        held.looked(from, looked.due_at, looked.now, began.elapsed());
    }
    let is_full = most > 0 && looked.claimed.len() >= most;
    held.told(ended);
    held.owe(ended.iter().filter_map(|ended| ended.group.clone()));
    let arranged = arrange(&mut on, held, &mut looked.claimed).await;
    let mut passes = passes.unwrap_or_default().into_iter();
    let admitted = looked.claimed.into_iter().map(|job| (job, passes.next().into_iter().collect()));
    let mut admitted: Vec<Admitted> = admitted.collect();
    let arranged = match arranged {
        Ok(()) => admit_groups(&mut on, held, &mut admitted).await,
        failed => failed,
    };
    held.took(began, most, admitted, is_full);
    run::start(queues, held);
    let mut after = arranged;
    if after.is_ok() {
        after = pass(&mut on, queues, held).await;
    }
    if after.is_ok() && most > 0 && held.asks_due() {
        after = ask_due(&mut on, held).await;
    }
    if let Err(error) = after {
        debug!(queue = %held.queue, error = %Chain(&error), "a connection broke between two turns");
        *session = None;
    }
    Ok(())
}

/// As many passes as there may be jobs, where a gate is asked.
async fn admit(held: &Held, most: usize) -> Option<Vec<Box<dyn Pass>>> {
    let gate = held.options.gate.as_ref()?;
    if most == 0 {
        return Some(Vec::new());
    }
    let Admission { passes, retry_after } = ask(held, &**gate, None, most).await;
    if passes.len() < most {
        // Another worker may give back what it has taken and had no job for.
        held.bar(most - passes.len(), retry_after.min(held.options.poll));
    }
    Some(passes)
}

/// Leaves the jobs of groups that their gate lets through, and puts off the others.
async fn admit_groups(on: &mut On<'_>, held: &Held, claimed: &mut Vec<Admitted>) -> Result<()> {
    let Some(gate) = &held.options.group_gate else { return Ok(()) };
    let mut barred = Vec::new();
    for (job, mut passes) in mem::take(claimed) {
        if let Some(group) = job.group() {
            let admission = ask(held, &**gate, Some(&group), 1).await;
            if admission.passes.is_empty() {
                // Rounded up: a moment too early it would be refused once more.
                let delay_ms = claim::milliseconds(admission.retry_after).saturating_add(1);
                barred.push((job.claim(), End::Retry { delay_ms, error: None }));
                continue;
            }
            passes.extend(admission.passes);
        }
        claimed.push((job, passes));
    }
    barred.sort_unstable_by_key(|(claim, _)| *claim);
    if barred.is_empty() {
        return Ok(());
    }
    end::end(on, &held.queue, held.texts, &barred).await?;
    held.forget_due();
    Ok(())
}

/// A gate that does not answer lets nobody through for a while.
async fn ask(held: &Held, gate: &dyn Gate, group: Option<&str>, most: usize) -> Admission {
    match gate.ask(&held.queue, group, most).await {
        Ok(admission) => admission,
        Err(error) => {
            warn!(queue = %held.queue, error = %Chain(&error), "whether jobs may run could not be asked");
            Admission { passes: Vec::new(), retry_after: PAUSE.1 }
        }
    }
}

/// How many ends were told, and what was claimed.
async fn tell(
    on: &mut On<'_>,
    held: &Held,
    ended: &[Ended],
    most: usize,
    from: From,
) -> Result<(usize, Looked)> {
    let (mut done, mut others) = (Vec::with_capacity(ended.len()), Vec::new());
    for ended in ended {
        match &ended.end {
            End::Done => done.push(ended.claim),
            end => others.push((ended.claim, end.clone())),
        }
    }
    let mut told = 0;
    if !others.is_empty() {
        told = end::end(on, &held.queue, held.texts, &others).await?.len();
    }
    let turn = Turn { done: &done, most, lease: held.options.lease, from };
    let looked = claim::turn(on, &held.queue, held.texts, &turn).await?;
    told += looked.removed.len();
    Ok((told, looked))
}

/// Buries poison, and leaves of the groups those whose turn it is.
async fn arrange(on: &mut On<'_>, held: &Held, claimed: &mut Vec<Claimed>) -> Result<()> {
    let poison = poisonous(claimed, &held.options);
    if !poison.is_empty() {
        let count = poison.len();
        warn!(queue = %held.queue, count, "jobs were claimed too often: they are dead letters");
        end::end(on, &held.queue, held.texts, &poison).await?;
    }
    turns::take(on, &held.queue, claimed, held.options.group_concurrency).await
}

/// Passes the turn on in groups of which jobs have gone.
async fn pass(on: &mut On<'_>, queues: &Queues, held: &Held) -> Result<()> {
    let owed = held.owed();
    if owed.is_empty() {
        return Ok(());
    }
    let passed = turns::pass(on, &held.queue, &owed, held.options.group_concurrency).await;
    match passed {
        Ok(true) => queues.wakes().wake(&held.queue),
        Ok(false) => {}
        Err(_) => held.owe(owed),
    }
    passed.map(|_| ())
}

async fn ask_due(on: &mut On<'_>, held: &Held) -> Result<()> {
    let rows = on.run(held.texts.next_due, &[]).await?;
    let due_ms: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    // Rounded up: looked for too early it would not be found.
    held.due_in(due_ms.map(|ms| Duration::from_millis(ms.max(0).unsigned_abs() + 1)));
    Ok(())
}
