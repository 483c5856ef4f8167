//! What goes on beside the calls, until the last clone of [`Limits`](crate::Limits) is dropped.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::future::join_all;
use pgstead_store::{Chain, Event, Subscription};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tracing::{debug, warn};

use crate::{
    Inner, Limits,
    notices::{CHANNEL, Heard, Waiting, send_all},
    permit::PermitId,
};

/// How long policies that another process has stored may go unnoticed here, if its notice is lost.
const POLICIES_EVERY: Duration = Duration::from_secs(2);
/// How often leases and permits are looked at.
const HOLDINGS_EVERY: Duration = Duration::from_millis(250);
/// How often it is looked whether there is anything to sweep.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Permits that are released side by side.
const AT_ONCE: usize = 1000;
/// After that many looks, what is rarely there is looked for.
const RARELY: u32 = 600;

/// Starts the tasks. Each ends when there is nobody left to keep house for.
pub(crate) fn start(inner: &Arc<Inner>, notices: Waiting, sweeps: bool) {
    let db = inner.db.clone();
    tokio::spawn(send_all(db, notices));
    tokio::spawn(release_dropped(Arc::downgrade(inner), inner.permits.releases()));
    tokio::spawn(listen(Arc::downgrade(inner), inner.hub.subscribe(CHANNEL)));
    tokio::spawn(keep_leases(Arc::downgrade(inner)));
    tokio::spawn(keep_permits(Arc::downgrade(inner)));
    if sweeps {
        tokio::spawn(sweep(Arc::downgrade(inner)));
    }
}

async fn release_dropped(inner: Weak<Inner>, mut dropped: mpsc::UnboundedReceiver<PermitId>) {
    let mut permits = Vec::new();
    while dropped.recv_many(&mut permits, AT_ONCE).await > 0 {
        let Some(inner) = inner.upgrade() else { return };
        let released = permits.drain(..).map(|permit| Arc::clone(&inner).release_dropped(permit));
        join_all(released).await;
    }
}

/// Hears what other processes tell, and reads the policies now and then without being told.
async fn listen(inner: Weak<Inner>, mut subscription: Subscription) {
    let mut read_at = Instant::now();
    loop {
        let Some(limits) = inner.upgrade().map(|inner| Limits { inner }) else { return };
        if read_at <= Instant::now() {
            read_at = Instant::now() + POLICIES_EVERY;
            if let Err(error) = limits.reload_policies().await {
                // The callers hear of it themselves.
                debug!(error = %Chain(&error), "the policies could not be read");
            }
        }
        limits.inner.denied.set_listening(limits.inner.hub.is_listening());
        drop(limits);
        let Some(event) = next(&mut subscription, read_at).await else { continue };
        let Some(inner) = inner.upgrade() else { return };
        match event {
            Event::Resync => {
                inner.all_begin_anew();
                read_at = Instant::now();
            }
            Event::Notified(payload) => match Heard::read(&payload) {
                Some(Heard::More(keys)) => {
                    for key in keys {
                        inner.denied.forget(key);
                    }
                }
                Some(Heard::AllMore) => inner.denied.forget_all(),
                Some(Heard::Anew(keys)) => {
                    for key in keys {
                        inner.begins_anew(key);
                    }
                }
                Some(Heard::AllAnew) => inner.all_begin_anew(),
                Some(Heard::Policies) => read_at = Instant::now(),
                None => {}
            },
        }
    }
}

/// The next event, if it comes before then.
async fn next(subscription: &mut Subscription, until: Instant) -> Option<Event> {
    timeout(until.saturating_duration_since(Instant::now()), subscription.next()).await.ok()
}

/// Gives idle leases back.
async fn keep_leases(inner: Weak<Inner>) {
    let mut ticks = interval(HOLDINGS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.tops.tick();
        let idle = inner.leases.take_idle(Instant::now());
        inner.return_leases(idle).await;
    }
}

/// Prolongs permits. They are asked for side by side, so that none waits for another.
async fn keep_permits(inner: Weak<Inner>) {
    let mut ticks = interval(HOLDINGS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.renew_permits().await;
    }
}

async fn sweep(inner: Weak<Inner>) {
    let mut looks = 0_u32;
    loop {
        sleep(SWEEP_EVERY).await;
        loop {
            let Some(inner) = inner.upgrade() else { return };
            if looks.is_multiple_of(RARELY)
                && let Err(error) = inner.forget_steps().await
            {
                debug!(error = %Chain(&error), "used time steps could not be swept");
            }
            looks = looks.wrapping_add(1);
            match inner.sweep_due().await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if error.is_unavailable() || error.is_timeout() => break,
                Err(error) => {
                    warn!(error = %Chain(&error), "what has expired could not be swept");
                    break;
                }
            }
        }
    }
}
