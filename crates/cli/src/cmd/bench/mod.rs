//! `pgstead bench`

mod limits;
mod load;
mod redis;
mod report;

use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum, builder::PossibleValue};

use super::Global;
use crate::{
    config::Config,
    output::{Outcome, Wrong},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Rate-limit checks: one at a time, many at once, one hot key, nine of ten refused, durable
    Limits(Options),
}

/// What every benchmark takes.
///
/// pgstead and its peers take turns in short rounds, so that whatever else the machine does meets
/// all of them; the ratio is the median of the rounds.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Measure these beside it, on the same machine; several with commas, or repeated
    #[arg(long = "peer", value_enum, value_name = "PEER", value_delimiter = ',',
          default_values_t = [Choice::None])]
    peers: Vec<Choice>,
    /// How long to measure each scenario and side
    #[arg(long, value_name = "S", default_value_t = 5.0)]
    seconds: f64,
    /// Only the scenarios whose names contain this
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

/// Who is measured beside pgstead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Peer {
    Redis,
    RedisGcra,
    RateLimiterFlexibleRedis,
    RateLimiterFlexiblePostgres,
}

/// One of them, or how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    One(Peer),
    All,
    None,
}

/// Who is to be measured beside pgstead.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// These, without whom there is no benchmark.
    Named(Vec<Peer>),
    /// Whoever can be, on this machine.
    All,
}

impl Peer {
    const ALL: [Self; 4] = [
        Self::Redis,
        Self::RedisGcra,
        Self::RateLimiterFlexibleRedis,
        Self::RateLimiterFlexiblePostgres,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::RedisGcra => "redis-gcra",
            Self::RateLimiterFlexibleRedis => "rate-limiter-flexible-redis",
            Self::RateLimiterFlexiblePostgres => "rate-limiter-flexible-postgres",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Redis => {
                "A redis-server that is started for it: INCRBY and PEXPIRE in one Lua script, over \
                 one multiplexed connection"
            }
            Self::RedisGcra => "The same server and connection: a token bucket (GCRA) in Lua",
            Self::RateLimiterFlexibleRedis => {
                "The Node package on that server, with ioredis; npm fetches it the first time"
            }
            Self::RateLimiterFlexiblePostgres => {
                "The Node package on the database that pgstead uses, with pg"
            }
        }
    }
}

impl ValueEnum for Choice {
    fn value_variants<'a>() -> &'a [Self] {
        const {
            let [a, b, c, d] = Peer::ALL;
            &[Self::One(a), Self::One(b), Self::One(c), Self::One(d), Self::All, Self::None]
        }
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::One(peer) => PossibleValue::new(peer.name()).help(peer.help()),
            Self::All => PossibleValue::new("all").help("All of these that this machine can run"),
            Self::None => PossibleValue::new("none").help("Nobody"),
        })
    }
}

impl Wanted {
    fn peers(&self) -> &[Peer] {
        match self {
            Self::Named(peers) => peers,
            Self::All => &Peer::ALL,
        }
    }
}

impl Options {
    fn round(&self) -> Result<Duration> {
        let seconds = Duration::try_from_secs_f64(self.seconds);
        match seconds {
            Ok(seconds) if seconds >= Duration::from_millis(100) => Ok(seconds / load::ROUNDS),
            _ => Err(Wrong("--seconds has to be at least 0.1".to_owned()).into()),
        }
    }

    fn wanted(&self) -> Result<Wanted> {
        match self.peers[..] {
            [Choice::All] => return Ok(Wanted::All),
            [Choice::None] => return Ok(Wanted::Named(Vec::new())),
            _ => {}
        }
        let mut named = Vec::new();
        for choice in &self.peers {
            match choice {
                Choice::One(peer) if named.contains(peer) => {}
                Choice::One(peer) => named.push(*peer),
                Choice::All | Choice::None => {
                    return Err(Wrong("--peer all and --peer none stand alone".to_owned()).into());
                }
            }
        }
        Ok(Wanted::Named(named))
    }
}

impl Bench {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        match self {
            Self::Limits(options) => limits::run(&options, global, config).await,
        }
    }
}
