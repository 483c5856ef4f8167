//! What goes on beside the calls, until the last clone is dropped.

use std::{
    error::Error,
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::FutureExt as _;
use pgstead_store::{Chain, Db, Event, Subscription};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{info, warn};

use crate::{Inner, Tokens, keyring::Read, verify::Inner as Verifying};

/// How often partitions are looked after.
const SWEEP_EVERY: Duration = Duration::from_mins(10);
/// A key that nobody knows has the keys read, at most so often.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How soon it is tried again after PostgreSQL did not answer, if the poll is not sooner.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// Keeps a verifier up to date. Of one that belongs to somebody who makes tokens, his keys too.
pub(crate) async fn follow(
    verifier: Weak<Verifying>,
    db: Db,
    mut subscription: Subscription,
    tokens: Option<Weak<Inner>>,
) {
    let Some(look) = verifier.upgrade().map(|here| Arc::clone(&here.look)) else { return };
    let (mut is_away, mut all) = (false, true);
    loop {
        let Some(here) = verifier.upgrade() else { return };
        let began = Instant::now();
        let read = read(&here, &db, all, tokens.as_ref()).await;
        match &read {
            Ok(()) if is_away => info!("PostgreSQL answers again: it is known what is revoked"),
            Err(error) if !is_away => {
                warn!(error = %Chain(&**error), "it cannot be read what is revoked");
            }
            _ => {}
        }
        is_away = read.is_err();
        all &= is_away;
        let pause = if is_away { here.poll().min(TRY_AGAIN) } else { here.poll() };
        drop(here);
        let asked = async {
            look.notified().await;
            sleep_until(began + LOOK_AGAIN.min(pause)).await;
        };
        tokio::select! {
            event = subscription.next() => all |= event == Event::Resync,
            () = asked => {}
            () = sleep_until(began + pause) => {}
        }
        // A storm of notifications is one.
        while let Some(event) = subscription.next().now_or_never() {
            all |= event == Event::Resync;
        }
    }
}

async fn read(
    verifier: &Verifying,
    db: &Db,
    all: bool,
    tokens: Option<&Weak<Inner>>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let keys_have_changed = verifier.read(db, all).await?;
    if !keys_have_changed {
        return Ok(());
    }
    match tokens.map(Weak::upgrade) {
        None => verifier.publish(Read::from(db, verifier.now_ns()).await?.published()),
        Some(Some(inner)) => Tokens { inner }.read_keys().await?,
        Some(None) => {}
    }
    Ok(())
}

/// Looks after the partitions now and then.
pub(crate) async fn sweep(inner: Weak<Inner>) {
    loop {
        sleep(SWEEP_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        match (Tokens { inner }).keep_house().await {
            Ok(swept) if swept.dropped > 0 => {
                info!(dropped = swept.dropped, "partitions of sessions that are over were dropped");
            }
            Ok(_) => {}
            Err(error) if error.is_unavailable() || error.is_timeout() => {}
            Err(error) => {
                warn!(error = %Chain(&error), "the partitions of sessions cannot be kept");
            }
        }
    }
}
