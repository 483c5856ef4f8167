//! Who is measured beside pgstead.

use std::sync::Arc;

use anyhow::{Context as _, Result};

use super::{
    Case, Peer, Turn,
    elsewhere::{Elsewhere, PROGRAM, Store},
    jobs::Jobs,
    raw::Raw,
};
use crate::{
    cmd::bench::{
        Peer as _, Wanted,
        node::{self, Installed},
        redis::{Keep, Redis},
        report::Machine,
        scratch::Scratch,
    },
    config::Config,
    database,
    output::{Progress, warn},
};

/// Those that do best on each.
const BULLMQ_POOL: u32 = 20;
const GRAPHILE_POOL: u32 = 20;

/// The peers, ready to be measured, and what they stand on.
#[derive(Default)]
pub(super) struct Peers {
    running: Vec<(Peer, Running)>,
    redis: Option<Redis>,
    installed: Option<Installed>,
}

enum Running {
    Raw(Arc<Raw>),
    Node(Box<Elsewhere>),
}

impl Peers {
    /// Starts them. Who was named has to be there; of all, those are who can.
    pub(super) async fn start(
        &mut self,
        wanted: &Wanted<Peer>,
        config: &Config,
        scratch: &Scratch,
    ) -> Result<()> {
        let progress = Progress::default();
        for &peer in wanted.peers() {
            progress.show(&format!("starting {}", peer.name()));
            let started = self.start_one(peer, config, scratch).await;
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
        scratch: &Scratch,
    ) -> Result<Running> {
        let url = &scratch.settings.url;
        let store = match peer {
            Peer::PgmqRaw => {
                return Ok(Running::Raw(Arc::new(Raw::start(&scratch.settings).await?)));
            }
            Peer::BullmqRedis => {
                let redis = Redis::start(Keep::EverySecond).await?;
                Store::BullmqRedis { url: self.redis.insert(redis).url() }
            }
            Peer::BullmqPostgres => {
                Store::BullmqPostgres { url: node::database_url(url)?, pool: BULLMQ_POOL }
            }
            Peer::GraphileWorker => {
                Store::GraphileWorker { url: node::database_url(url)?, pool: GRAPHILE_POOL }
            }
        };
        let installed = if let Some(installed) = &self.installed {
            installed
        } else {
            let cache_dir = database::cache_dir()?;
            let found = PROGRAM.installed(&cache_dir, config.path.as_deref()).await?;
            self.installed.insert(found)
        };
        Ok(Running::Node(Box::new(Elsewhere::start(peer.name(), installed, store).await?)))
    }

    /// The turns of a scenario.
    pub(super) fn turns(&mut self, case: &'static Case) -> Vec<(&'static str, Turn<'_>)> {
        let turns = self.running.iter_mut().map(|(peer, running)| {
            let turn = match running {
                Running::Raw(raw) => Turn::Raw(Jobs::new(Arc::clone(raw)), case),
                Running::Node(node) => Turn::Node(node, case),
            };
            (peer.name(), turn)
        });
        turns.collect()
    }

    /// Says what was measured.
    pub(super) fn describe(&self, machine: &mut Machine) {
        machine.redis = self.redis.as_ref().map(|redis| redis.version.clone());
        for (_, running) in &self.running {
            if let Running::Node(node) = running {
                machine.node = Some(node.versions.node.clone());
                machine.bullmq = machine.bullmq.take().or(node.versions.bullmq.clone());
                let graphile = node.versions.graphile_worker.clone();
                machine.graphile_worker = machine.graphile_worker.take().or(graphile);
            }
        }
    }

    /// Ends them. All are ended, whatever one says.
    pub(super) async fn stop(self) -> Result<()> {
        let mut stopped = Ok(());
        for (_, running) in self.running {
            if let Running::Node(node) = running {
                stopped = stopped.and(node.stop().await);
            }
        }
        stopped
    }
}
