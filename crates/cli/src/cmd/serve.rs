//! `pgstead serve`

use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use pgstead_limits::{Config as LimitsConfig, Limits};
use pgstead_queue::{QueueName, Queues};
use pgstead_server::{App, HOUSEKEEPING, TOKEN_POLICY, housekeeping_options, keys, token_policy};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing::info;

use super::Global;
use crate::{
    config::Config,
    database::{Database, MIGRATIONS},
    output::{Outcome, Wrong, say},
    tokens, webhooks,
};

/// Serves until it gets SIGINT or SIGTERM, then lets the requests under way end.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Where to listen [default: 127.0.0.1:7070]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

impl Serve {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        // From now on a signal stops us in good order, and not PostgreSQL under us.
        let stop = stop_signal()?;
        let address = self.listen.as_ref().unwrap_or(&config.server.listen);
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| Wrong(format!("cannot listen on {address}")))?;
        let database = Database::open(global, config).await?;
        let served = serve(&database, config, listener, stop).await;
        database.close().await;
        served.map(|()| Outcome::Done)
    }
}

async fn serve(
    database: &Database,
    config: &Config,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let db = &database.db;
    let mut policies = config.policies.clone();
    if !policies.iter().any(|policy| policy.name() == TOKEN_POLICY) {
        policies.push(token_policy());
    }
    let limits = Arc::new(Limits::start(db, LimitsConfig::new(policies)));
    if database.is_embedded()
        && let Some(secret) = keys::create_first(&*db.client().await?).await?
    {
        say(&format!("Admin key, shown this once: {}", secret.reveal()));
    }
    let address = listener.local_addr()?;
    let tokens = tokens::open(database, config, Some((limits.hub(), address))).await?;
    let has_tokens = tokens.is_some();
    let mut of_queues = config.queues.clone();
    let housekeeping = QueueName::new(HOUSEKEEPING)?;
    of_queues.queues.entry(housekeeping).or_insert_with(housekeeping_options);
    let queues = Queues::start_with(db, of_queues, limits.hub())?;
    let webhooks = webhooks::open(database, config, &queues).await?;
    let receiver = webhooks::receiver(db, &queues, config)?;
    let (has_endpoints, has_sources) = (webhooks.is_some(), receiver.is_some());
    let app = App::load(db.clone(), limits, tokens, queues, MIGRATIONS)
        .await?
        .trusted_proxies(&config.server.trusted_proxies);
    let app = webhooks.into_iter().fold(app, App::webhooks);
    let app = receiver.into_iter().fold(app, App::receiver);
    let app = if config.tokens.keeps_house() { app } else { app.without_keeping_tokens() };
    say(&format!("pgstead {} serves http://{address}", env!("CARGO_PKG_VERSION")));
    let (policies, embedded) = (config.policies.len(), database.is_embedded());
    info!(%address, policies, tokens = has_tokens, endpoints = has_endpoints, sources = has_sources, embedded, "serving");
    pgstead_server::serve(app, listener, stop).await?;
    info!("stopped");
    Ok(())
}

fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
