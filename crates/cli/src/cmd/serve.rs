//! `pgstead serve`

use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use pgstead_limits::{Config as LimitsConfig, Limits};
use pgstead_server::{App, keys};
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
    let limits = Arc::new(Limits::start(db, LimitsConfig::new(config.policies.clone())));
    if database.is_embedded()
        && let Some(secret) = keys::create_first(&*db.client().await?).await?
    {
        say(&format!("Admin key, shown this once: {}", secret.reveal()));
    }
    let app = App::load(db.clone(), limits, MIGRATIONS).await?;
    let address = listener.local_addr()?;
    say(&format!("pgstead {} serves http://{address}", env!("CARGO_PKG_VERSION")));
    info!(%address, policies = config.policies.len(), embedded = database.is_embedded(), "serving");
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
