//! `pgstead webhooks`

mod attempts;
mod endpoints;
mod publish;
mod replay;

use anyhow::{Error, Result};
use clap::Subcommand;
use pgstead_queue::Queues;
use pgstead_webhooks::{EndpointError, EndpointId, PublishError, QUEUE, Webhooks as Engine};

use super::Global;
use crate::{
    config::Config,
    database::Database,
    output::{Outcome, Wrong},
    webhooks,
};

#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  pgstead webhooks endpoints create https://example.com/webhooks --type 'order.*'
  pgstead webhooks publish order.paid '{\"order\":42}' --id order-42-paid
  pgstead webhooks attempts --endpoint ep_… --failed
  pgstead webhooks replay ep_… --since 6h")]
pub(crate) enum Webhooks {
    /// Where events are sent
    #[command(subcommand)]
    Endpoints(endpoints::Endpoints),
    /// Publish an event
    Publish(publish::Publish),
    /// Tell what is known of an event, and where it was sent; exit status 1 if nothing
    Event(publish::Which),
    /// List the requests that were made, the newest first
    Attempts(attempts::Attempts),
    /// Send again what has failed, or what an endpoint has missed
    Replay(replay::Replay),
}

impl Webhooks {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        let database = Database::open(global, config).await?;
        let outcome = self.ask(&database, global, config).await;
        database.close().await;
        outcome
    }

    async fn ask(self, database: &Database, global: &Global, config: &Config) -> Result<Outcome> {
        let queues = Queues::start(&database.db, config.queues.clone())?;
        let Some(engine) = webhooks::open(database, config, &queues).await? else {
            return Err(Wrong(webhooks::without_key()).into());
        };
        let outcome = match self {
            Self::Endpoints(endpoints) => endpoints.ask(&engine, global).await,
            Self::Publish(publish) => publish.ask(&engine, global).await,
            Self::Event(which) => which.ask(&engine, global).await,
            Self::Attempts(attempts) => attempts.ask(&engine, global).await,
            Self::Replay(replay) => replay.ask(&engine, global).await,
        }?;
        // This process ends before it would have told the servers.
        queues.announce(&QUEUE.parse()?).await?;
        Ok(outcome)
    }
}

/// What was asked for cannot be, or PostgreSQL cannot be asked.
fn of_endpoint(error: EndpointError) -> Error {
    match error {
        EndpointError::Store(error) => error.into(),
        other => Wrong(other.to_string()).into(),
    }
}

fn of_event(error: PublishError) -> Error {
    match error {
        PublishError::Store(error) => error.into(),
        other => Wrong(other.to_string()).into(),
    }
}

/// An endpoint that there is.
async fn known(engine: &Engine, id: EndpointId) -> Result<pgstead_webhooks::Endpoint> {
    let found = engine.endpoint(id).await?;
    found.ok_or_else(|| Wrong(format!("there is no endpoint {id}")).into())
}
