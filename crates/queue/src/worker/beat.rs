//! Keeps the claims of jobs that run, and lets go of those that have lapsed.

use std::sync::Arc;

use pgstead_store::{Chain, Result, within};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tracing::{debug, warn};

use super::{beat_every, held::Held};
use crate::{
    Queues,
    claim::{Claim, On},
    extend::extend,
    turns,
};

/// So many claims are prolonged by one statement.
const AT_ONCE: usize = 1000;

/// Gives signs of life until the worker has stopped, and sees to it that it does.
pub(crate) async fn beat(queues: Queues, held: Arc<Held>) {
    let every = beat_every(held.options.lease);
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut cut_off_at = None;
    let mut heal_at = Instant::now();
    loop {
        let stopped = held.stopping().is_cancelled();
        if stopped && cut_off_at.is_none() {
            cut_off_at = Some(Instant::now() + held.options.stop_within);
        }
        tokio::select! {
            _ = ticks.tick() => {}
            () = held.stopping().cancelled(), if !stopped => continue,
            () = sleep_until(cut_off_at.unwrap_or_else(Instant::now)), if stopped && !held.over().is_cancelled() => {
                held.cut_off();
                continue;
            }
            () = held.gone().cancelled() => return,
        }
        let now = Instant::now();
        for claims in held.to_extend(now).chunks(AT_ONCE) {
            let extended = within(every, prolong(&queues, &held, claims)).await;
            if let Err(error) = extended {
                debug!(queue = %held.queue, error = %Chain(&error), "claims could not be prolonged");
            }
        }
        if heal_at <= now {
            heal_at = now + held.options.lease;
            if let Err(error) = within(every, heal(&queues, &held)).await {
                debug!(queue = %held.queue, error = %Chain(&error), "turns could not be looked after");
            }
        }
        let lapsed = held.lapse(Instant::now());
        if lapsed > 0 {
            warn!(queue = %held.queue, lapsed, "claims lapsed while their jobs ran: others may be given them");
        }
    }
}

async fn heal(queues: &Queues, held: &Held) -> Result<()> {
    let client = queues.db().client().await?;
    if turns::heal(&mut On::Client(&client), held.texts).await? {
        queues.wakes().wake(&held.queue);
    }
    Ok(())
}

async fn prolong(queues: &Queues, held: &Held, claims: &[Claim]) -> Result<()> {
    let client = queues.db().client().await?;
    let began = Instant::now();
    let extended = extend(&mut On::Client(&client), held.texts, claims, held.options.lease).await?;
    held.extended(began, claims, &extended);
    Ok(())
}
