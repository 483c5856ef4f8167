//! `pgstead webhooks endpoints`

use std::{collections::BTreeMap, num::NonZeroU32, time::Duration};

use anyhow::Result;
use clap::{Args, Subcommand};
use comfy_table::{Table, presets::NOTHING};
use humantime::parse_duration;
use pgstead_server::{
    EndpointResponse, EndpointsResponse, PublishedResponse, SecretResponse, instant,
};
use pgstead_webhooks::{Changes, EndpointId, NewEndpoint, Rate, Secret, SignatureKind, Webhooks};
use serde::Serialize;

use super::{known, of_endpoint, of_event};
use crate::{
    cmd::Global,
    output::{Outcome, Wrong, say, say_json},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Endpoints {
    /// List them
    List {
        /// Of that tenant
        #[arg(long)]
        tenant: Option<String>,
        /// Those after it
        #[arg(long, value_name = "ID")]
        after: Option<EndpointId>,
        /// At most so many
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
        most: u32,
    },
    /// Create one, and print its secrets, this once
    Create(Box<Create>),
    /// Show one; exit status 2 if there is none
    Show(Target),
    /// Change one
    Change(Box<Change>),
    /// Remove one, with its secrets
    Remove(Target),
    /// Send to one again
    Enable(Target),
    /// Send nothing to one any more
    Disable(Target),
    /// Give one a new secret, and print it, this once
    Rotate(Rotate),
    /// Send a test event to one
    Test(Target),
}

#[derive(Args, Debug)]
pub(crate) struct Target {
    /// Which, as ep_…
    id: EndpointId,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pgstead webhooks endpoints create https://example.com/webhooks
  pgstead webhooks endpoints create https://example.com/x --type 'order.*' --type user.created \\
      --tenant acme --rate 10/1s --fifo
  pgstead webhooks endpoints create https://example.com/x --signature v1a --header 'X-Team=blue'")]
pub(crate) struct Create {
    /// Where it is
    url: String,
    #[command(flatten)]
    options: Options,
    /// Whose it is: it gets the events of that tenant alone
    #[arg(long)]
    tenant: Option<String>,
    /// One event after another, in the order of their publication
    #[arg(long)]
    fifo: bool,
    /// How its requests are signed: v1, v1a, hub; repeated or with commas
    #[arg(long = "signature", value_name = "KIND", value_delimiter = ',', default_value = "v1")]
    signatures: Vec<SignatureKind>,
}

/// What is there to be said of an endpoint at any time.
#[derive(Args, Debug)]
struct Options {
    /// What it is, in words
    #[arg(long)]
    description: Option<String>,
    /// Which types of events it gets, with * for anything; repeated or with commas [default: all]
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,
    /// A header to send along, as name=value; repeated
    #[arg(long = "header", value_name = "NAME=VALUE")]
    headers: Vec<String>,
    /// How many requests at once, of each process
    #[arg(long, value_name = "N")]
    concurrency: Option<u32>,
    /// How many requests in a time, such as 10/1s
    #[arg(long, value_name = "N/TIME", value_parser = rate)]
    rate: Option<Rate>,
}

#[derive(Args, Debug)]
pub(crate) struct Change {
    /// Which, as ep_…
    id: EndpointId,
    /// Where it is
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    options: Options,
    /// Whether it gets one event after another
    #[arg(long)]
    fifo: Option<bool>,
    /// As many requests in a time as there are events
    #[arg(long, conflicts_with = "rate")]
    no_rate: bool,
    /// No headers any more
    #[arg(long, conflicts_with = "headers")]
    no_headers: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Rotate {
    /// Which, as ep_…
    id: EndpointId,
    /// Of which kind: v1, v1a, hub
    #[arg(long, default_value = "v1")]
    kind: SignatureKind,
    /// How long the one before goes on to sign
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    overlap: Option<Duration>,
}

#[derive(Serialize)]
struct Done {
    done: bool,
}

fn rate(text: &str) -> Result<Rate, String> {
    let parsed = text.split_once('/').and_then(|(count, per)| {
        let count: NonZeroU32 = count.trim().parse().ok()?;
        Some(Rate { count, per: parse_duration(per.trim()).ok()? })
    });
    parsed.ok_or_else(|| "write for example 10/1s".to_owned())
}

impl Endpoints {
    pub(super) async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        match self {
            Self::List { tenant, after, most } => {
                list(webhooks, tenant.as_deref(), after, most, global).await
            }
            Self::Create(create) => create.ask(webhooks, global).await,
            Self::Show(Target { id }) => show(webhooks, id, global).await,
            Self::Change(change) => change.ask(webhooks, global).await,
            Self::Remove(Target { id }) => done(webhooks.remove(id).await?, "Removed.", global),
            Self::Enable(Target { id }) => done(webhooks.enable(id).await?, "Enabled.", global),
            Self::Disable(Target { id }) => {
                known(webhooks, id).await?;
                webhooks.disable(id).await?;
                done(true, "Disabled.", global)
            }
            Self::Rotate(rotate) => rotate.ask(webhooks, global).await,
            Self::Test(Target { id }) => test(webhooks, id, global).await,
        }
    }
}

async fn list(
    webhooks: &Webhooks,
    tenant: Option<&str>,
    after: Option<EndpointId>,
    most: u32,
    global: &Global,
) -> Result<Outcome> {
    let endpoints = webhooks.endpoints(tenant, after, most).await?;
    if global.json {
        say_json(&EndpointsResponse::new(endpoints, most))?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["ID", "URL", "TENANT", "TYPES", "STATE"]);
    for endpoint in endpoints {
        let state = match (endpoint.disabled, endpoint.failing_since) {
            (Some((since, reason)), _) => {
                format!("disabled ({}) since {}", reason.as_str(), instant(since))
            }
            (None, Some(since)) => format!("failing since {}", instant(since)),
            (None, None) => "enabled".to_owned(),
        };
        table.add_row([
            endpoint.id.to_string(),
            endpoint.url,
            endpoint.tenant.unwrap_or_default(),
            endpoint.types.join(", "),
            state,
        ]);
    }
    say(&table.trim_fmt());
    Ok(Outcome::Done)
}

async fn show(webhooks: &Webhooks, id: EndpointId, global: &Global) -> Result<Outcome> {
    let endpoint = known(webhooks, id).await?;
    if global.json {
        say_json(&EndpointResponse::new(endpoint))?;
        return Ok(Outcome::Done);
    }
    say(&format!("URL:         {}", endpoint.url));
    if let Some(tenant) = &endpoint.tenant {
        say(&format!("Tenant:      {tenant}"));
    }
    if let Some(description) = &endpoint.description {
        say(&format!("Description: {description}"));
    }
    say(&format!("Types:       {}", endpoint.types.join(", ")));
    if !endpoint.headers.is_empty() {
        say(&format!("Headers:     {}", endpoint.headers.join(", ")));
    }
    for signature in &endpoint.signatures {
        let key = signature.public_key.as_deref().unwrap_or("a secret");
        let until = signature.expires_at.map(|at| format!(", until {}", instant(at)));
        say(&format!("Signed with: {} {key}{}", signature.kind, until.unwrap_or_default()));
    }
    say(&format!("At once:     {}", if endpoint.fifo { 1 } else { endpoint.concurrency }));
    if let Some(Rate { count, per }) = endpoint.rate {
        say(&format!("Rate:        {count} in {}", humantime::format_duration(per)));
    }
    if let Some((since, reason)) = endpoint.disabled {
        say(&format!("Disabled:    {}, since {}", reason.as_str(), instant(since)));
    }
    if let Some(since) = endpoint.failing_since {
        say(&format!("Failing:     since {}", instant(since)));
    }
    Ok(Outcome::Done)
}

async fn test(webhooks: &Webhooks, id: EndpointId, global: &Global) -> Result<Outcome> {
    known(webhooks, id).await?;
    let Some(published) = webhooks.test(id).await.map_err(of_event)? else {
        return Ok(Outcome::No);
    };
    let is_sent = published.deliveries > 0;
    if global.json {
        say_json(&PublishedResponse::one(published))?;
    } else if is_sent {
        say(&format!("{} is on its way.", published.id));
    } else {
        say("Nothing is sent: the endpoint is disabled.");
    }
    Ok(if is_sent { Outcome::Done } else { Outcome::No })
}

impl Create {
    async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let Self { url, options, tenant, fifo, signatures } = self;
        let mut endpoint = NewEndpoint::new(url);
        endpoint.tenant = tenant;
        endpoint.fifo = fifo;
        endpoint.signatures = signatures.into_iter().collect();
        endpoint.headers = headers(&options.headers)?;
        endpoint.description = options.description;
        endpoint.types = options.types;
        endpoint.concurrency = options.concurrency.unwrap_or(endpoint.concurrency);
        endpoint.rate = options.rate;
        let created = webhooks.create(&endpoint).await.map_err(of_endpoint)?;
        if global.json {
            let endpoint = known(webhooks, created.id).await?;
            say_json(&EndpointResponse::new(endpoint).with_secrets(&created.secrets))?;
            return Ok(Outcome::Done);
        }
        say(&created.id.to_string());
        for (kind, secret) in &created.secrets {
            tell(*kind, secret);
        }
        Ok(Outcome::Done)
    }
}

impl Change {
    async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let Self { id, url, options, fifo, no_rate, no_headers } = self;
        let mut changes = Changes::default();
        changes.url = url;
        changes.description = options.description;
        changes.types = (!options.types.is_empty()).then_some(options.types);
        if no_headers || !options.headers.is_empty() {
            changes.headers = Some(headers(&options.headers)?);
        }
        changes.fifo = fifo;
        changes.concurrency = options.concurrency;
        changes.rate = if no_rate { Some(None) } else { options.rate.map(Some) };
        done(webhooks.change(id, &changes).await.map_err(of_endpoint)?, "Changed.", global)
    }
}

impl Rotate {
    async fn ask(self, webhooks: &Webhooks, global: &Global) -> Result<Outcome> {
        let Self { id, kind, overlap } = self;
        let rotated = webhooks.rotate_secret(id, kind, None, overlap).await;
        let Some(secret) = rotated.map_err(of_endpoint)? else { return unknown(id) };
        if global.json {
            say_json(&SecretResponse::new(kind, &secret))?;
        } else {
            tell(kind, &secret);
        }
        Ok(Outcome::Done)
    }
}

fn tell(kind: SignatureKind, secret: &Secret) {
    let what = match kind {
        SignatureKind::V1a => "its public key",
        _ => "the secret, shown this once",
    };
    say(&format!("{kind}, {what}: {}", secret.reveal()));
}

fn headers(given: &[String]) -> Result<BTreeMap<String, String>> {
    let pair = |text: &String| {
        let (name, value) = text
            .split_once('=')
            // It may hold a secret.
            .ok_or_else(|| Wrong("a --header is not name=value".to_owned()))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    given.iter().map(pair).collect()
}

fn done(is_there: bool, text: &str, global: &Global) -> Result<Outcome> {
    if !is_there {
        return Err(Wrong("there is no such endpoint".to_owned()).into());
    }
    if global.json {
        say_json(&Done { done: true })?;
    } else {
        say(text);
    }
    Ok(Outcome::Done)
}

fn unknown(id: EndpointId) -> Result<Outcome> {
    Err(Wrong(format!("there is no endpoint {id}")).into())
}
