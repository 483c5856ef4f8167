//! The peers on Node: BullMQ and graphile-worker, each in a process of its own.

use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{BATCH, GAP, LEAST_BACKLOG};
use crate::cmd::bench::{
    load::Sample,
    node::{Installed, Node, PATIENCE, Program, Round},
};

pub(super) const PROGRAM: Program = Program {
    script: include_str!("elsewhere/main.mjs"),
    package: include_str!("elsewhere/package.json"),
    lock: include_str!("elsewhere/package-lock.json"),
};

/// Whose queue, and where it is.
#[derive(Clone, Copy, Serialize)]
#[serde(tag = "store", rename_all = "kebab-case")]
pub(super) enum Store<'a> {
    BullmqRedis {
        url: &'a str,
    },
    BullmqPostgres {
        url: &'a str,
        /// The most connections.
        pool: u32,
    },
    GraphileWorker {
        url: &'a str,
        pool: u32,
    },
}

/// The process.
pub(super) struct Elsewhere {
    process: Node,
    pub(super) versions: Versions,
}

#[derive(Debug, Deserialize)]
pub(super) struct Versions {
    pub(super) node: String,
    pub(super) bullmq: Option<String>,
    pub(super) graphile_worker: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Order<'a> {
    Begin {
        #[serde(flatten)]
        store: Store<'a>,
        batch: u64,
        least_backlog: u64,
        gap_ms: u128,
    },
    Send {
        callers: u32,
        ms: f64,
    },
    SendBatches {
        callers: u32,
        ms: f64,
    },
    Work {
        callers: u32,
        ms: f64,
    },
    PickUp {
        callers: u32,
        ms: f64,
    },
    SendLater {
        count: u64,
    },
    Settle,
}

impl Elsewhere {
    pub(super) async fn start(
        name: &'static str,
        installed: &Installed,
        store: Store<'_>,
    ) -> Result<Self> {
        let mut process = Node::start(name, installed)?;
        let begin = Order::Begin {
            store,
            batch: BATCH,
            least_backlog: LEAST_BACKLOG,
            gap_ms: GAP.as_millis(),
        };
        match process.tell(&begin, PATIENCE).await {
            Ok(versions) => Ok(Self { process, versions }),
            Err(error) => {
                // That it cannot put away either what it could not make says no more.
                let _ = process.stop().await;
                Err(error)
            }
        }
    }

    pub(super) async fn send(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        self.round(Order::Send { callers, ms: ms(time) }, time).await
    }

    pub(super) async fn send_batches(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        self.round(Order::SendBatches { callers, ms: ms(time) }, time).await
    }

    pub(super) async fn work(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        self.round(Order::Work { callers, ms: ms(time) }, time).await
    }

    pub(super) async fn pick_up(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        self.round(Order::PickUp { callers, ms: ms(time) }, time).await
    }

    pub(super) async fn send_later(&mut self, count: u64) -> Result<()> {
        self.process.tell(&Order::SendLater { count }, 5 * PATIENCE).await
    }

    pub(super) async fn settle(&mut self) -> Result<()> {
        self.process.tell(&Order::Settle, PATIENCE).await
    }

    /// Ends it, and waits until it has put away what it has made.
    pub(super) async fn stop(self) -> Result<()> {
        self.process.stop().await
    }

    /// Beside what is measured it sends, and looks whether all is there.
    async fn round(&mut self, order: Order<'_>, time: Duration) -> Result<Sample> {
        self.process.tell::<Round>(&order, 4 * time + 2 * PATIENCE).await?.sample()
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
