//! Drops a day of sessions that is over.

use std::time::Duration;

use anyhow::{Result, ensure};
use pgstead_store::{Clock, ManualClock};
use pgstead_tokens::{Config, NewSession, Tokens};
use tokio::time::Instant;

use super::{
    DEAD,
    library::{ISSUER, Library},
};
use crate::cmd::bench::load::{Sample, histogram};

pub(super) struct Cleanup<'a> {
    library: &'a Library,
}

/// Whoever began then has ended two weeks ago, and so has everybody whose session is in the same
/// partition.
const AGO: Duration = Duration::from_hours(104 * 24);
/// So many sessions more of the one that is over.
const MULTIPLY: &str = "insert into pgstead.sessions \
    select (left(sid::text, 18) || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid, used_at_ns, \
    idle_until_ns, epoch, expires_at_ns, created_at_ns, null, gen, 'user:' || n \
    from pgstead.sessions, generate_series(1, ";

impl<'a> Cleanup<'a> {
    pub(super) fn new(library: &'a Library) -> Self {
        Self { library }
    }

    pub(super) async fn round(&self) -> Result<Sample> {
        let Library { db, kek, tokens, now, .. } = self.library;
        let mut config = Config::new(ISSUER, kek.clone());
        config.verifier.clock = Clock::Manual(ManualClock::new(now.saturating_sub(AGO)));
        let before = Tokens::open(db, config).await?;
        let session = before.issue(&NewSession::new("user:0")?).await?.session;
        let multiply = format!("{MULTIPLY}{DEAD}) as n where sid = '{session}'");
        let client = db.client().await?;
        client.batch_execute(&multiply).await.map_err(pgstead_store::Error::from)?;
        drop((before, client));
        let began = Instant::now();
        let swept = tokens.keep_house().await?;
        let sample = once(began.elapsed());
        ensure!(swept.dropped > 0, "pgstead: nothing was dropped");
        Ok(sample)
    }
}

/// What took so long was done once.
pub(super) fn once(took: Duration) -> Sample {
    let mut latency_ns = histogram();
    latency_ns.saturating_record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    Sample { ops_per_s: 1.0 / took.as_secs_f64(), latency_ns }
}
