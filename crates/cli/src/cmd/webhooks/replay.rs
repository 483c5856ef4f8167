//! `pgstead webhooks replay`

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use humantime::parse_duration;
use jiff::Timestamp;
use pgstead_webhooks::{AttemptId, EndpointId, Replay as What, Webhooks};
use serde::Serialize;

use super::known;
use crate::{
    cmd::Global,
    output::{Outcome, Wrong, say, say_json},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pgstead webhooks replay ep_… --since 6h
  pgstead webhooks replay ep_… --since 2026-11-28T00:00:00Z --missed
  pgstead webhooks replay --attempt att_…")]
pub(crate) struct Replay {
    /// To which endpoint, as ep_…
    #[arg(required_unless_present = "attempt", conflicts_with = "attempt", requires = "since")]
    endpoint: Option<EndpointId>,
    /// What was published since then: an instant, or how long ago, such as 6h
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<Since>,
    /// All that it wants and never got, and not only what has failed
    #[arg(long, requires = "endpoint")]
    missed: bool,
    /// What that attempt was at, as att_…
    #[arg(long, value_name = "ID")]
    attempt: Option<AttemptId>,
}

#[derive(Clone, Copy, Debug)]
enum Since {
    At(Timestamp),
    Ago(Duration),
}

#[derive(Serialize)]
struct Replayed {
    deliveries: u64,
}

fn since(text: &str) -> Result<Since, String> {
    if let Ok(at) = text.parse() {
        return Ok(Since::At(at));
    }
    parse_duration(text)
        .map(Since::Ago)
        .map_err(|_| "write for example 2026-11-28T00:00:00Z or 6h".to_owned())
}

impl Replay {
    pub(super) async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let deliveries = match (self.attempt, self.endpoint, self.since) {
            (Some(attempt), ..) => u64::from(webhooks.replay_attempt(attempt).await?),
            (None, Some(endpoint), Some(since)) => {
                known(webhooks, endpoint).await?;
                let what = if self.missed { What::Missed } else { What::Failed };
                let since = match since {
                    Since::At(at) => at.into(),
                    Since::Ago(time) => webhooks.ago(time).await?,
                };
                webhooks.replay(endpoint, what, since).await?
            }
            _ => {
                return Err(
                    Wrong("name an endpoint with --since, or an --attempt".to_owned()).into()
                );
            }
        };
        if global.json {
            say_json(&Replayed { deliveries })?;
        } else {
            say(&match deliveries {
                0 => "There was nothing to send again.".to_owned(),
                1 => "1 delivery is on its way again.".to_owned(),
                count => format!("{count} deliveries are on their way again."),
            });
        }
        Ok(if deliveries > 0 { Outcome::Done } else { Outcome::No })
    }
}
