//! `pgstead bench tokens`

mod cleanup;
mod library;
mod peers;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::Result;

use self::{
    cleanup::Cleanup,
    library::{Issue, Library, Refresh, RevokeUser, Verify},
    peers::{BareCurve, Blacklist, Elsewhere, IssueElsewhere, RefreshElsewhere, RevokeElsewhere},
};
use super::{
    Options, Wanted,
    load::{self, Sample, Side, take_turns},
    redis::{Keep, Redis},
    report::{Machine, Measure, Report, Scenario},
    scratch::Scratch,
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
}

impl super::Peer for Peer {
    const ALL: &'static [Self] = &[Self::Redis];

    fn name(self) -> &'static str {
        "redis"
    }

    fn help(self) -> &'static str {
        "A redis-server that is started for it: the same rotation in Lua, over one multiplexed \
         connection"
    }
}

/// Sessions that are refreshed at random.
const SESSIONS: usize = 100_000;
/// Over so many days they end, as those of users who came in one after another.
const DAYS: u32 = 30;
/// Sessions of a day that is over.
const DEAD: usize = 100_000;
/// What is verified.
const TOKENS: usize = 1000;

/// What is done, and by how many at once.
struct Case {
    name: &'static str,
    callers: u32,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Issue,
    Refresh,
    VerifyNew,
    VerifySeen,
    RevokeUser,
    Cleanup,
}

const CASES: [Case; 8] = [
    Case { name: "issue-c256", callers: 256, what: What::Issue },
    Case { name: "refresh-c1", callers: 1, what: What::Refresh },
    Case { name: "refresh-c256", callers: 256, what: What::Refresh },
    Case { name: "refresh-c1000", callers: 1000, what: What::Refresh },
    Case { name: "verify-new", callers: 1, what: What::VerifyNew },
    Case { name: "verify-seen", callers: 1, what: What::VerifySeen },
    Case { name: "revoke-user", callers: 64, what: What::RevokeUser },
    Case { name: "cleanup", callers: 1, what: What::Cleanup },
];

/// One of those who take turns.
enum Turn<'a> {
    Issue(Arc<Issue>),
    Refresh(Arc<Refresh>),
    Verify(Arc<Verify>),
    RevokeUser(Arc<RevokeUser>),
    Cleanup(Cleanup<'a>),
    IssueElsewhere(Arc<IssueElsewhere>),
    RefreshElsewhere(Arc<RefreshElsewhere>),
    RevokeElsewhere(Arc<RevokeElsewhere>),
    Blacklist(Arc<Blacklist>),
    BareCurve(Arc<BareCurve>),
    Unlink(peers::Unlink),
}

impl Side for Turn<'_> {
    async fn round(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        match self {
            Self::Issue(arm) => load::run(arm, callers, time).await,
            Self::Refresh(arm) => {
                arm.slots.share_among(callers);
                load::run(arm, callers, time).await
            }
            Self::Verify(arm) => load::run(arm, callers, time).await,
            Self::RevokeUser(arm) => load::run(arm, callers, time).await,
            Self::IssueElsewhere(arm) => load::run(arm, callers, time).await,
            Self::RefreshElsewhere(arm) => {
                arm.slots.share_among(callers);
                load::run(arm, callers, time).await
            }
            Self::RevokeElsewhere(arm) => load::run(arm, callers, time).await,
            Self::Blacklist(arm) => load::run(arm, callers, time).await,
            Self::BareCurve(arm) => load::run(arm, callers, time).await,
            Self::Cleanup(cleanup) => cleanup.round().await,
            Self::Unlink(unlink) => unlink.round().await,
        }
    }
}

/// The good refresh tokens, of which each caller has a share of his own.
struct Slots {
    tokens: Vec<Mutex<Box<str>>>,
    callers: AtomicU32,
    next: AtomicU32,
}

/// The share of one caller.
#[derive(Clone, Copy)]
struct Share {
    first: usize,
    step: usize,
}

impl Slots {
    fn new(tokens: impl IntoIterator<Item = Box<str>>) -> Self {
        let tokens = tokens.into_iter().map(Mutex::new).collect();
        Self { tokens, callers: AtomicU32::new(1), next: AtomicU32::new(0) }
    }

    /// From now on so many callers share them.
    fn share_among(&self, callers: u32) {
        self.callers.store(callers, Ordering::Relaxed);
        self.next.store(0, Ordering::Relaxed);
    }

    fn share(&self) -> Share {
        let first = self.next.fetch_add(1, Ordering::Relaxed) as usize;
        Share { first, step: self.callers.load(Ordering::Relaxed) as usize }
    }

    /// One of the share's, at random.
    fn pick(&self, share: Share, number: u64) -> &Mutex<Box<str>> {
        let mine = (self.tokens.len() - share.first).div_ceil(share.step);
        &self.tokens[share.first + below(number, mine) * share.step]
    }
}

fn take(slot: &Mutex<Box<str>>) -> Box<str> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn put(slot: &Mutex<Box<str>>, token: &str) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = token.into();
}

#[expect(clippy::cast_possible_truncation, reason = "it is below a number of that size")]
fn below(number: u64, count: usize) -> usize {
    (number % count as u64) as usize
}

pub(super) async fn run(
    options: &Options<Peer>,
    global: &Global,
    config: &Config,
) -> Result<Outcome> {
    let round = options.round()?;
    let cases = options.select(&CASES, |case| case.name)?;
    let wanted = options.wanted()?;
    let database = Database::connect(global, config).await?;
    let report = measure_all(&database, config, &wanted, &cases, round).await;
    database.close().await;
    report?.print(global.json)?;
    Ok(Outcome::Done)
}

async fn measure_all(
    database: &Database,
    config: &Config,
    wanted: &Wanted<Peer>,
    cases: &[&'static Case],
    round: Duration,
) -> Result<Report> {
    let redis = if wanted.peers().contains(&Peer::Redis) {
        Some(Arc::new(Redis::start(Keep::Nothing).await?))
    } else {
        None
    };
    let scratch = Scratch::create(database, config, "tokens").await?;
    let measured = measure(&scratch, redis, cases, round).await;
    let dropped = scratch.drop().await;
    let report = measured?;
    dropped?;
    Ok(report)
}

async fn measure(
    scratch: &Scratch,
    redis: Option<Arc<Redis>>,
    cases: &[&'static Case],
    round: Duration,
) -> Result<Report> {
    let client = scratch.db.client().await?;
    let version = client.query_typed_one("show server_version", &[]).await?.try_get(0)?;
    drop(client);
    let mut machine = Machine::here(version);
    machine.redis = redis.as_ref().map(|redis| redis.version.clone());
    let progress = Progress::default();
    progress.show("beginning sessions");
    let library =
        Library::start(&scratch.db, cases.iter().any(|case| case.needs_sessions())).await?;
    let elsewhere = redis.map(|redis| Elsewhere::start(redis, library.now));
    let mut scenarios = Vec::new();
    for case in cases {
        progress.show(&format!("measuring {}", case.name));
        let mut sides = vec![library.turn(case.what).await?];
        let mut name = None;
        if let Some(elsewhere) = &elsewhere {
            let (peer, turn) = elsewhere.turn(case.what, &library).await?;
            name = Some(peer);
            sides.push(turn);
        }
        let samples = take_turns(&mut sides, case.callers, round).await?;
        let (ours, theirs) = samples.split_first().expect("the first side is ours");
        let peers = name.into_iter().zip(theirs.iter().map(Vec::as_slice));
        scenarios.extend(Scenario::beside_each(case.name, Measure::Speed, ours, peers));
    }
    progress.clear();
    Ok(Report { machine, scenarios })
}

impl Case {
    fn needs_sessions(&self) -> bool {
        self.what == What::Refresh
    }
}
