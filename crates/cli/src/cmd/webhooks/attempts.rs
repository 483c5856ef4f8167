//! `pgstead webhooks attempts`

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use pgstead_server::{AttemptsResponse, instant};
use pgstead_webhooks::{AttemptId, Attempts as Which, EndpointId, Webhooks};

use crate::{
    cmd::Global,
    output::{Outcome, duration, say, say_json},
};

#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("of").required(true)))]
pub(crate) struct Attempts {
    /// At that endpoint
    #[arg(long, value_name = "ID", group = "of")]
    endpoint: Option<EndpointId>,
    /// At that event
    #[arg(long, value_name = "ID", group = "of")]
    event: Option<String>,
    /// Those alone that failed
    #[arg(long, requires = "endpoint")]
    failed: bool,
    /// At most so many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    most: u32,
    /// Those before this one: the last one of the page before
    #[arg(long, value_name = "ID")]
    before: Option<AttemptId>,
}

impl Attempts {
    pub(super) async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let which = match (self.endpoint, &self.event) {
            (Some(endpoint), _) if self.failed => Which::Failed(endpoint),
            (Some(endpoint), _) => Which::OfEndpoint(endpoint),
            (None, event) => {
                let Some(event) = webhooks.event(event.as_deref().unwrap_or_default()).await?
                else {
                    if !global.json {
                        say("There is no such event: it was never, or too long ago.");
                    }
                    return Ok(Outcome::No);
                };
                Which::OfEvent(event.number)
            }
        };
        let attempts = webhooks.attempts(which, self.before, self.most).await?;
        if global.json {
            say_json(&AttemptsResponse::new(attempts, self.most))?;
            return Ok(Outcome::Done);
        }
        let mut table = Table::new();
        table
            .load_style(NOTHING)
            .set_header(["ID", "AT", "EVENT", "ENDPOINT", "NUMBER", "TOOK", "STATUS", "ERROR"]);
        for attempt in attempts {
            table.add_row([
                attempt.id.to_string(),
                instant(attempt.at).to_string(),
                attempt.event.to_string(),
                attempt.endpoint.to_string(),
                attempt.number.to_string(),
                duration(attempt.took),
                attempt.status.map(|status| status.to_string()).unwrap_or_default(),
                attempt.failure.unwrap_or_default(),
            ]);
        }
        say(&table.trim_fmt());
        Ok(Outcome::Done)
    }
}
