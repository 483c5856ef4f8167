//! `pgstead bench limits`

use std::{sync::Arc, time::Duration};

use anyhow::{Result, ensure};
use pgstead_limits::{Algorithm, Config as LimitsConfig, Limits, Policy, PolicyConfig};

use super::{
    Options, Peer, ROUNDS,
    load::{self, Arm, Sample},
    redis::{Connection, Redis},
    report::{Machine, Report, Scenario},
};
use crate::{
    cmd::Global,
    config::Config,
    database::Database,
    output::{Outcome, Progress, Wrong},
};

/// Keys that are called for at random.
const KEYS: u64 = 10_000;
/// Never passed while it is measured.
const OPEN: &str = "pgstead-bench-open";
/// Passed before it is measured.
const CLOSED: &str = "pgstead-bench-closed";
const WINDOW_MS: u64 = 24 * 60 * 60 * 1000;
const OPEN_LIMIT: u64 = 1_000_000_000;
const CLOSED_LIMIT: u64 = 1;

/// What is asked, and by how many at once.
struct Case {
    name: &'static str,
    callers: u32,
    keys: Keys,
}

#[derive(Clone, Copy)]
enum Keys {
    /// Any of them.
    Uniform,
    /// One.
    Hot,
    /// Any of them; nine in ten times a policy that refuses.
    MostlyRefused,
}

const CASES: [Case; 5] = [
    Case { name: "exact-c1", callers: 1, keys: Keys::Uniform },
    Case { name: "exact-c64", callers: 64, keys: Keys::Uniform },
    Case { name: "exact-c1000", callers: 1000, keys: Keys::Uniform },
    Case { name: "exact-hot", callers: 64, keys: Keys::Hot },
    Case { name: "exact-refused", callers: 64, keys: Keys::MostlyRefused },
];

impl Keys {
    /// The policy and key of a number, and whether it is refused.
    fn of(self, number: u64) -> (&'static str, String, bool) {
        let key = |number: u64| format!("user:{}", number % KEYS);
        match self {
            Self::Uniform => (OPEN, key(number), false),
            Self::Hot => (OPEN, "user:hot".to_owned(), false),
            Self::MostlyRefused if number.is_multiple_of(10) => (OPEN, key(number / 10), false),
            Self::MostlyRefused => (CLOSED, key(number / 10), true),
        }
    }
}

struct Ours {
    limits: Arc<Limits>,
    keys: Keys,
}

impl Arm for Ours {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        let (policy, key, refused) = self.keys.of(number);
        let check = self.limits.subject(policy, &key)?.costing(1)?;
        let decision = self.limits.check(&check).await?;
        ensure!(decision.is_allowed() != refused, "{policy} {key}: {decision:?}");
        Ok(())
    }
}

struct Theirs {
    redis: Arc<Redis>,
    keys: Keys,
}

impl Arm for Theirs {
    type Caller = Connection;

    fn caller(&self) -> Connection {
        self.redis.connection()
    }

    async fn call(&self, redis: &mut Connection, number: u64) -> Result<()> {
        let (policy, key, refused) = self.keys.of(number);
        let key = format!("{policy}:{key}");
        let count = redis.count(&key, WINDOW_MS).await?;
        let limit = if policy == OPEN { OPEN_LIMIT } else { CLOSED_LIMIT };
        ensure!((count > limit) == refused, "{key}: {count}");
        Ok(())
    }
}

pub(super) async fn run(options: &Options, global: &Global, config: &Config) -> Result<Outcome> {
    let round = options.round()?;
    let cases: Vec<&Case> = CASES.iter().filter(|case| case.name.contains(&options.only)).collect();
    if cases.is_empty() {
        let names = CASES.map(|case| case.name).join(", ");
        return Err(
            Wrong(format!("no scenario has {:?} in its name: {names}", options.only)).into()
        );
    }
    let redis = match options.peer {
        Peer::Redis => Some(Arc::new(Redis::start().await?)),
        Peer::None => None,
    };
    let database = Database::open(global, config).await?;
    let measured = measure(&database, redis, &cases, round).await;
    database.close().await;
    measured?.print(global.json)?;
    Ok(Outcome::Done)
}

async fn measure(
    database: &Database,
    redis: Option<Arc<Redis>>,
    cases: &[&Case],
    round: Duration,
) -> Result<Report> {
    let client = database.db.client().await?;
    let version = client.query_typed_one("show server_version", &[]).await?.try_get(0)?;
    let mut machine = Machine::here(version);
    machine.redis = redis.as_ref().map(|redis| redis.version.clone());
    let policies = [(OPEN, OPEN_LIMIT), (CLOSED, CLOSED_LIMIT)].map(|(name, limit)| {
        Policy::new(
            name,
            &PolicyConfig::new(Algorithm::FixedWindow, limit, Duration::from_millis(WINDOW_MS)),
        )
    });
    let [open, closed] = policies;
    let limits = Arc::new(Limits::start(&database.db, LimitsConfig::new([open?, closed?])));
    let progress = Progress::default();
    let mut scenarios = Vec::new();
    for case in cases {
        progress.show(&format!("measuring {}", case.name));
        close_the_closed(&limits, redis.as_deref(), case.keys).await?;
        let ours = Arc::new(Ours { limits: Arc::clone(&limits), keys: case.keys });
        let theirs = redis.clone().map(|redis| Arc::new(Theirs { redis, keys: case.keys }));
        let (ours, theirs) = take_turns(&ours, theirs.as_ref(), case.callers, round).await?;
        let peer = theirs.as_deref().map(|theirs| ("redis", theirs));
        scenarios.push(Scenario::of(case.name, &ours, peer));
    }
    progress.clear();
    clean_up(&limits).await?;
    Ok(Report { machine, scenarios })
}

/// Round by round, the sides taking turns at being the first, after a round that does not count.
async fn take_turns<A: Arm, B: Arm>(
    ours: &Arc<A>,
    theirs: Option<&Arc<B>>,
    callers: u32,
    round: Duration,
) -> Result<(Vec<Sample>, Option<Vec<Sample>>)> {
    let (mut our_samples, mut their_samples) = (Vec::new(), Vec::new());
    for turn in 0..=ROUNDS {
        let mut sides = [true, false];
        if turn % 2 == 1 {
            sides.reverse();
        }
        for is_ours in sides {
            if is_ours {
                our_samples.push(load::run(ours, callers, round).await?);
            } else if let Some(theirs) = theirs {
                their_samples.push(load::run(theirs, callers, round).await?);
            }
        }
        if turn == 0 {
            our_samples.clear();
            their_samples.clear();
        }
    }
    Ok((our_samples, theirs.map(|_| their_samples)))
}

/// Takes what there is from every key of the policy that refuses.
async fn close_the_closed(limits: &Arc<Limits>, redis: Option<&Redis>, keys: Keys) -> Result<()> {
    if !matches!(keys, Keys::MostlyRefused) {
        return Ok(());
    }
    for number in 0..KEYS {
        // Numbers that end in 1 are refused ones.
        let (policy, key, _) = keys.of(number * 10 + 1);
        let check = limits.subject(policy, &key)?.costing(CLOSED_LIMIT)?;
        limits.check(&check).await?;
        if let Some(redis) = redis {
            redis.connection().count(&format!("{policy}:{key}"), WINDOW_MS).await?;
        }
    }
    Ok(())
}

/// Leaves the tables as they were.
async fn clean_up(limits: &Arc<Limits>) -> Result<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for part in 0..100 {
        let limits = Arc::clone(limits);
        tasks.spawn(async move {
            for number in (0..KEYS).filter(|number| number % 100 == part) {
                for policy in [OPEN, CLOSED] {
                    limits.reset(&limits.subject(policy, &format!("user:{number}"))?).await?;
                }
            }
            anyhow::Ok(())
        });
    }
    tasks.spawn({
        let limits = Arc::clone(limits);
        async move { Ok(limits.reset(&limits.subject(OPEN, "user:hot")?).await?) }
    });
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}
