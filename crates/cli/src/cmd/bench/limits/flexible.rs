//! The peers on Node: rate-limiter-flexible, in a process of its own.

use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{Case, Gate, KEYS, Keys, Ours, WINDOW};
use crate::cmd::bench::{
    load::Sample,
    node::{Installed, Node, PATIENCE, Program, Round},
};

pub(super) const PROGRAM: Program = Program {
    script: include_str!("flexible/main.mjs"),
    package: include_str!("flexible/package.json"),
    lock: include_str!("flexible/package-lock.json"),
};

/// Where the library keeps its counters.
#[derive(Clone, Copy, Serialize)]
#[serde(tag = "store", rename_all = "kebab-case")]
pub(super) enum Store<'a> {
    Redis { url: &'a str },
    Postgres { url: &'a str },
}

/// The process.
pub(super) struct Flexible {
    process: Node,
    pub(super) versions: Versions,
}

#[derive(Debug, Deserialize)]
pub(super) struct Versions {
    pub(super) node: String,
    pub(super) flexible: String,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Order<'a> {
    /// Makes the limiters, and asks each key once.
    Begin {
        #[serde(flatten)]
        store: Store<'a>,
        keys: usize,
        window_s: u64,
        open_limit: u64,
        closed_limit: u64,
        /// Whether the one that refuses is needed.
        closes: bool,
    },
    Round {
        keys: Keys,
        durable: bool,
        callers: u32,
        ms: f64,
    },
}

impl Flexible {
    /// Starts it, with limiters that have been asked for each key once.
    pub(super) async fn start(
        installed: &Installed,
        store: Store<'_>,
        cases: &[&Case],
    ) -> Result<Self> {
        let mut process = Node::start("rate-limiter-flexible", installed)?;
        let begin = Order::Begin {
            store,
            keys: KEYS,
            window_s: WINDOW.as_secs(),
            open_limit: Gate::Open.limit(),
            closed_limit: Gate::Closed.limit(),
            closes: cases.iter().any(|case| case.keys.reach(Gate::Closed)),
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

    pub(super) async fn round(&mut self, case: &Case, time: Duration) -> Result<Sample> {
        let round = Order::Round {
            keys: case.keys,
            durable: case.ours == Ours::Durable,
            callers: case.callers,
            ms: time.as_secs_f64() * 1000.0,
        };
        self.process.tell::<Round>(&round, time + PATIENCE).await?.sample()
    }

    /// Ends it, and waits until it has put away what it has made.
    pub(super) async fn stop(self) -> Result<()> {
        self.process.stop().await
    }
}
