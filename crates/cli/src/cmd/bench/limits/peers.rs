//! Who is measured beside pgstead.

use std::sync::Arc;

use anyhow::{Context as _, Result};

use super::{
    Case, Peer, Theirs, Turn,
    flexible::{Flexible, PROGRAM, Store},
    scripts::{Script, Scripted},
};
use crate::{
    cmd::bench::{
        Peer as _, Wanted,
        node::{self, Installed},
        redis::{Keep, Redis},
        report::Machine,
    },
    config::Config,
    database::{self, Database},
    output::{Progress, warn},
};

/// The peers, ready to be asked, and what they stand on.
#[derive(Default)]
pub(super) struct Peers {
    running: Vec<(Peer, Running)>,
    redis: Option<Arc<Redis>>,
    installed: Option<Arc<Installed>>,
}

enum Running {
    Script(Arc<Redis>, Script),
    Flexible(Box<Flexible>),
}

impl Running {
    async fn flexible(installed: &Installed, store: Store<'_>, cases: &[&Case]) -> Result<Self> {
        Ok(Self::Flexible(Box::new(Flexible::start(installed, store, cases).await?)))
    }
}

impl Peers {
    /// Starts them. Who was named has to be there; of all, those are who can.
    pub(super) async fn start(
        &mut self,
        wanted: &Wanted<Peer>,
        config: &Config,
        database: &Database,
        cases: &[&Case],
    ) -> Result<()> {
        let progress = Progress::default();
        for &peer in wanted.peers() {
            progress.show(&format!("starting {}", peer.name()));
            let started = self.start_one(peer, config, database, cases).await;
            progress.clear();
            match started.with_context(|| format!("there is no {}", peer.name())) {
                Ok(running) => self.running.push((peer, running)),
                Err(error) if matches!(wanted, Wanted::All) => warn(&format!("{error:#}")),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn start_one(
        &mut self,
        peer: Peer,
        config: &Config,
        database: &Database,
        cases: &[&Case],
    ) -> Result<Running> {
        Ok(match peer {
            Peer::Redis => Running::Script(self.redis().await?, Script::Count),
            Peer::RedisGcra => Running::Script(self.redis().await?, Script::Gcra),
            Peer::RateLimiterFlexibleRedis => {
                let redis = self.redis().await?;
                let store = Store::Redis { url: redis.url() };
                let installed = self.installed(config).await?;
                Running::flexible(&installed, store, cases).await?
            }
            Peer::RateLimiterFlexiblePostgres => {
                let store = Store::Postgres { url: node::database_url(&database.url)? };
                let installed = self.installed(config).await?;
                Running::flexible(&installed, store, cases).await?
            }
        })
    }

    /// One server for all who need one.
    async fn redis(&mut self) -> Result<Arc<Redis>> {
        if let Some(redis) = &self.redis {
            return Ok(Arc::clone(redis));
        }
        Ok(Arc::clone(self.redis.insert(Arc::new(Redis::start(Keep::Nothing).await?))))
    }

    async fn installed(&mut self, config: &Config) -> Result<Arc<Installed>> {
        if let Some(installed) = &self.installed {
            return Ok(Arc::clone(installed));
        }
        let installed = PROGRAM.installed(&database::cache_dir()?, config.path.as_deref()).await?;
        Ok(Arc::clone(self.installed.insert(Arc::new(installed))))
    }

    /// The turns of a scenario: of those who have such a thing.
    pub(super) async fn turns(
        &mut self,
        case: &'static Case,
    ) -> Result<Vec<(&'static str, Turn<'_>)>> {
        let mut turns = Vec::new();
        for (peer, running) in &mut self.running {
            let turn = match (running, case.theirs) {
                (Running::Script(redis, script), Theirs::One) => {
                    Turn::Scripted(Scripted::prepare(redis, *script, case.keys).await?)
                }
                (Running::Script(redis, Script::Count), Theirs::Both) => {
                    Turn::Scripted(Scripted::prepare(redis, Script::Both, case.keys).await?)
                }
                (Running::Flexible(node), Theirs::One) => Turn::Flexible(node, case),
                (Running::Script(..) | Running::Flexible(_), Theirs::Both) => continue,
            };
            turns.push((peer.name(), turn));
        }
        Ok(turns)
    }

    /// Says what was measured.
    pub(super) fn describe(&self, machine: &mut Machine) {
        machine.redis = self.redis.as_ref().map(|redis| redis.version.clone());
        for (_, running) in &self.running {
            if let Running::Flexible(node) = running {
                machine.node = Some(node.versions.node.clone());
                machine.rate_limiter_flexible = Some(node.versions.flexible.clone());
            }
        }
    }

    /// Ends them, and waits for what they have to put away. All are ended, whatever one says.
    pub(super) async fn stop(self) -> Result<()> {
        let mut stopped = Ok(());
        for (_, running) in self.running {
            if let Running::Flexible(node) = running {
                stopped = stopped.and(node.stop().await);
            }
        }
        stopped
    }
}
