//! `pgstead bench`

mod limits;
mod load;
mod redis;
mod report;

use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};

use super::Global;
use crate::{
    config::Config,
    output::{Outcome, Wrong},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Rate-limit checks: one at a time, many at once, one hot key, nine of ten refused
    Limits(Options),
}

/// What every benchmark takes.
///
/// pgstead and its peer take turns in short rounds, so that whatever else the machine does meets
/// both; the ratio is the median of the rounds.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Measure this beside it, on the same machine, by the same callers
    #[arg(long, value_enum, default_value_t = Peer::None)]
    peer: Peer,
    /// How long to measure each scenario and side
    #[arg(long, value_name = "S", default_value_t = 5.0)]
    seconds: f64,
    /// Only the scenarios whose names contain this
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Peer {
    /// A redis-server that is started for it: INCRBY and PEXPIRE in one Lua script, over one
    /// multiplexed connection
    Redis,
    /// Nothing
    None,
}

/// How many turns pgstead and its peer take.
const ROUNDS: u32 = 11;

impl Options {
    fn round(&self) -> Result<Duration> {
        let seconds = Duration::try_from_secs_f64(self.seconds);
        match seconds {
            Ok(seconds) if seconds >= Duration::from_millis(100) => Ok(seconds / ROUNDS),
            _ => Err(Wrong("--seconds has to be at least 0.1".to_owned()).into()),
        }
    }
}

impl Bench {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        match self {
            Self::Limits(options) => limits::run(&options, global, config).await,
        }
    }
}
