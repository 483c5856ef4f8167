//! `pgstead bench limits`

mod flexible;
mod library;
mod peers;
mod scripts;

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use serde::Serialize;

use self::{
    flexible::Flexible,
    library::{Checks, Library, Pairs},
    peers::Peers,
    scripts::Scripted,
};
use super::{
    Options,
    load::{self, Sample, Side, take_turns},
    report::{Machine, Measure, Report, Scenario},
};
use crate::{
    cmd::Global,
    config::Config,
    database::Database,
    output::{Outcome, Progress},
};

/// Who is measured beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Redis,
    RedisGcra,
    RateLimiterFlexibleRedis,
    RateLimiterFlexiblePostgres,
}

impl super::Peer for Peer {
    const ALL: &'static [Self] = &[
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

/// Keys that are called for at random.
const KEYS: usize = 10_000;
/// Users of a team.
const TEAM_SIZE: usize = 10;
const WINDOW: Duration = Duration::from_hours(24);

/// What is asked, and by how many at once.
struct Case {
    name: &'static str,
    callers: u32,
    keys: Keys,
    ours: Ours,
    theirs: Theirs,
}

/// How pgstead is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ours {
    /// A check at a time.
    Fast,
    /// The same, of a durable policy.
    Durable,
    /// The same, of a policy that leases.
    Leased,
    /// A user's limit and his team's in one call, all or nothing.
    Both,
}

/// How a peer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theirs {
    /// A check at a time.
    One,
    /// A user's limit and his team's in one call, all or nothing.
    Both,
}

/// Which keys are asked for.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Keys {
    /// Any of them.
    Uniform,
    /// One.
    Hot,
    /// Any of them; nine in ten times of the policy that refuses.
    MostlyRefused,
    /// Any of them, of the policy that refuses.
    Refused,
}

/// Of all peers, as far as they have such a thing.
const CASES: [Case; 9] = [
    Case::exact("exact-c1", 1, Keys::Uniform),
    Case::exact("exact-c64", 64, Keys::Uniform),
    Case::exact("exact-c1000", 1000, Keys::Uniform),
    Case::exact("exact-hot", 64, Keys::Hot),
    Case::exact("exact-refused", 64, Keys::MostlyRefused),
    Case { ours: Ours::Durable, ..Case::exact("durable-c64", 64, Keys::Uniform) },
    Case { ours: Ours::Both, theirs: Theirs::Both, ..Case::exact("multi-c64", 64, Keys::Uniform) },
    Case { ours: Ours::Leased, ..Case::exact("leased-c64", 64, Keys::Uniform) },
    Case::exact("cached-refusal", 64, Keys::Refused),
];

/// A policy, and whether it grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    /// Never passed while it is measured.
    Open,
    /// Passed before it is measured.
    Closed,
}

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Target {
    gate: Gate,
    /// Below [`KEYS`].
    key: usize,
}

/// What was made for each key beforehand, so that no call has to.
struct PerKey<T> {
    open: Vec<T>,
    closed: Vec<T>,
}

impl Case {
    /// A check at a time of a fast policy, of a peer too.
    const fn exact(name: &'static str, callers: u32, keys: Keys) -> Self {
        Self { name, callers, keys, ours: Ours::Fast, theirs: Theirs::One }
    }
}

impl Keys {
    /// What a number stands for. `flexible/main.mjs` says the same.
    #[expect(clippy::cast_possible_truncation, reason = "it is below the number of keys")]
    fn of(self, number: u64) -> Target {
        let key = |number: u64| (number % KEYS as u64) as usize;
        match self {
            Self::Uniform => Target { gate: Gate::Open, key: key(number) },
            Self::Hot => Target { gate: Gate::Open, key: 0 },
            Self::MostlyRefused if number.is_multiple_of(10) => {
                Target { gate: Gate::Open, key: key(number / 10) }
            }
            Self::MostlyRefused => Target { gate: Gate::Closed, key: key(number / 10) },
            Self::Refused => Target { gate: Gate::Closed, key: key(number) },
        }
    }

    fn reach(self, gate: Gate) -> bool {
        match self {
            Self::Uniform | Self::Hot => gate == Gate::Open,
            Self::MostlyRefused => true,
            Self::Refused => gate == Gate::Closed,
        }
    }
}

impl Gate {
    /// How much is granted in a window.
    const fn limit(self) -> u64 {
        match self {
            Self::Open => 1_000_000_000,
            Self::Closed => 1,
        }
    }
}

impl<T> PerKey<T> {
    fn new(of: impl Fn(Target) -> Result<T>) -> Result<Self> {
        let all = |gate| (0..KEYS).map(|key| of(Target { gate, key })).collect::<Result<_>>();
        Ok(Self { open: all(Gate::Open)?, closed: all(Gate::Closed)? })
    }

    fn all(&self, gate: Gate) -> &[T] {
        match gate {
            Gate::Open => &self.open,
            Gate::Closed => &self.closed,
        }
    }

    fn get(&self, target: Target) -> &T {
        &self.all(target.gate)[target.key]
    }
}

/// One of those who take turns.
enum Turn<'a> {
    Checks(Arc<Checks>),
    Pairs(Arc<Pairs>),
    Scripted(Arc<Scripted>),
    Flexible(&'a mut Flexible, &'static Case),
}

impl Side for Turn<'_> {
    async fn round(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        match self {
            Self::Checks(arm) => load::run(arm, callers, time).await,
            Self::Pairs(arm) => load::run(arm, callers, time).await,
            Self::Scripted(arm) => load::run(arm, callers, time).await,
            Self::Flexible(node, case) => node.round(case, time).await,
        }
    }
}

pub(super) async fn run(
    options: &Options<Peer>,
    global: &Global,
    config: &Config,
) -> Result<Outcome> {
    let round = options.round()?;
    let cases = options.select(&CASES, |case| case.name)?;
    let wanted = options.wanted()?;
    let database = Database::open(global, config).await?;
    let mut peers = Peers::default();
    let started = peers.start(&wanted, config, &database, &cases).await;
    let measured = match started {
        Ok(()) => measure(&database, &mut peers, &cases, round).await,
        Err(error) => Err(error),
    };
    // What they have left in the database goes before the database does.
    let stopped = peers.stop().await;
    database.close().await;
    let report = measured?;
    stopped?;
    report.print(global.json)?;
    Ok(Outcome::Done)
}

async fn measure(
    database: &Database,
    peers: &mut Peers,
    cases: &[&'static Case],
    round: Duration,
) -> Result<Report> {
    let client = database.db.client().await?;
    let version = client.query_typed_one("show server_version", &[]).await?.try_get(0)?;
    drop(client);
    let mut machine = Machine::here(version);
    peers.describe(&mut machine);
    let library = Library::start(database)?;
    if cases.iter().any(|case| case.keys.reach(Gate::Closed)) {
        library.close_the_closed().await?;
    }
    let progress = Progress::default();
    let mut scenarios = Vec::new();
    for case in cases {
        progress.show(&format!("measuring {}", case.name));
        let (names, turns): (Vec<_>, Vec<_>) = peers.turns(case).await?.into_iter().unzip();
        let mut sides = vec![library.turn(case)?];
        sides.extend(turns);
        let samples = take_turns(&mut sides, case.callers, round).await?;
        let (ours, theirs) = samples.split_first().expect("the first side is ours");
        let peers = names.into_iter().zip(theirs.iter().map(Vec::as_slice));
        scenarios.extend(Scenario::beside_each(case.name, Measure::Speed, ours, peers));
    }
    progress.clear();
    library.clean_up().await?;
    Ok(Report { machine, scenarios })
}
