//! `pgstead webhooks publish` and `event`

use std::io::{self, Read as _};

use anyhow::{Context as _, Result};
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use pgstead_server::{EventResponse, PublishedResponse, instant};
use pgstead_webhooks::{NewEvent, Webhooks};
use serde_json::value::RawValue;

use super::of_event;
use crate::{
    cmd::Global,
    output::{Outcome, Wrong, say, say_json},
};

#[derive(Args, Debug)]
pub(crate) struct Publish {
    /// What kind of event it is, such as order.paid
    #[arg(value_name = "TYPE")]
    kind: String,
    /// What receivers get, as JSON, or - to read it from standard input
    payload: String,
    /// By that id it is published once
    #[arg(long)]
    id: Option<String>,
    /// For the endpoints of that tenant alone
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Which {
    /// Its id
    id: String,
}

impl Publish {
    pub(super) async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let published = webhooks.publish(self.event()?).await.map_err(of_event)?;
        if global.json {
            say_json(&PublishedResponse::one(published))?;
            return Ok(Outcome::Done);
        }
        say(&match (published.is_new, published.deliveries) {
            (false, _) => format!("{} was published before.", published.id),
            (true, 1) => format!("{} is sent to 1 endpoint.", published.id),
            (true, count) => format!("{} is sent to {count} endpoints.", published.id),
        });
        Ok(Outcome::Done)
    }

    fn event(&self) -> Result<NewEvent> {
        let payload = if self.payload == "-" {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.with_context(|| Wrong("cannot read standard input".to_owned()))?;
            text
        } else {
            self.payload.clone()
        };
        let payload = RawValue::from_string(payload)
            .map_err(|error| Wrong(format!("the payload is no JSON: {error}")))?;
        let build = || {
            let mut event = NewEvent::new(&self.kind, payload)?;
            if let Some(id) = &self.id {
                event = event.id(id)?;
            }
            match &self.tenant {
                Some(tenant) => event.tenant(tenant),
                None => Ok(event),
            }
        };
        Ok(build().map_err(|invalid| Wrong(invalid.to_string()))?)
    }
}

impl Which {
    pub(super) async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let Some(event) = webhooks.event(&self.id).await? else {
            if !global.json {
                say("There is no such event: it was never, or too long ago.");
            }
            return Ok(Outcome::No);
        };
        if global.json {
            say_json(&EventResponse::new(event))?;
            return Ok(Outcome::Done);
        }
        say(&format!("{} of {}", event.kind, instant(event.published_at)));
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(["ENDPOINT", "STATE", "ATTEMPTS", "NEXT"]);
        for delivery in &event.deliveries {
            table.add_row([
                delivery.endpoint.to_string(),
                delivery.state.as_str().to_owned(),
                delivery.attempts.to_string(),
                delivery.next_at.map(|at| instant(at).to_string()).unwrap_or_default(),
            ]);
        }
        say(&table.trim_fmt());
        Ok(Outcome::Done)
    }
}
