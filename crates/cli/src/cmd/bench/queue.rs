//! `pgstead bench queue`

mod elsewhere;
mod jobs;
mod library;
mod peers;
mod raw;

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use pgstead_store::Pooled;

use self::{elsewhere::Elsewhere, jobs::Jobs, library::Library, peers::Peers, raw::Raw};
use super::{
    Group, Options, Wanted,
    load::{ROUNDS, Sample, Side, take_turns},
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
    BullmqRedis,
    BullmqPostgres,
    PgmqRaw,
    GraphileWorker,
}

impl super::Peer for Peer {
    const ALL: &'static [Self] =
        &[Self::BullmqRedis, Self::BullmqPostgres, Self::PgmqRaw, Self::GraphileWorker];
    const GROUPS: &'static [Group<Self>] = &[Group {
        name: "bullmq",
        help: "bullmq-redis and bullmq-postgres",
        peers: &[Self::BullmqRedis, Self::BullmqPostgres],
    }];

    fn name(self) -> &'static str {
        match self {
            Self::BullmqRedis => "bullmq-redis",
            Self::BullmqPostgres => "bullmq-postgres",
            Self::PgmqRaw => "pgmq-raw",
            Self::GraphileWorker => "graphile-worker",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::BullmqRedis => {
                "The Node package on a redis-server that is started for it; npm fetches it the \
                 first time"
            }
            Self::BullmqPostgres => "The same package on its PostgreSQL backend",
            Self::PgmqRaw => "pgmq's own functions, over as many connections as pgstead has",
            Self::GraphileWorker => "The Node package of that name, with its batches",
        }
    }
}

/// Jobs of a batch.
const BATCH: u64 = 1000;
/// Jobs that a worker does at once.
const CONCURRENCY: u32 = 64;
/// Jobs that are there at least when a worker begins.
const LEAST_BACKLOG: u64 = 2000;
/// Jobs that are not to be done yet.
const DELAYED: u64 = 200_000;
/// For how long there is nothing to do before there is a job.
const GAP: Duration = Duration::from_millis(50);
/// Rounds in the beginning and in the end that are compared.
const FEW: usize = ROUNDS as usize / 3;

/// What is done, by how many callers or how many jobs at once.
struct Case {
    name: &'static str,
    callers: u32,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Send,
    SendBatches,
    Work,
    PickUp,
    /// Work, while there are jobs that are not to be done yet.
    WorkBehindDelayed,
    /// Work, while somebody holds a transaction open.
    WorkBehindHeld,
}

const CASES: [Case; 7] = [
    Case { name: "send-c64", callers: 64, what: What::Send },
    Case { name: "send-c1000", callers: 1000, what: What::Send },
    Case { name: "send-batch", callers: 4, what: What::SendBatches },
    Case { name: "work-c64", callers: CONCURRENCY, what: What::Work },
    Case { name: "pickup-idle", callers: CONCURRENCY, what: What::PickUp },
    Case { name: "work-behind-delayed", callers: CONCURRENCY, what: What::WorkBehindDelayed },
    Case { name: "work-behind-held", callers: CONCURRENCY, what: What::WorkBehindHeld },
];

/// With whom ours is compared that is ours too.
const NOTHING_DELAYED: &str = "nothing-delayed";
const AT_FIRST: &str = "at-first";

/// One of those who take turns.
enum Turn<'a> {
    Ours(Jobs<Library>, &'static Case),
    Raw(Jobs<Raw>, &'static Case),
    Node(&'a mut Elsewhere, &'static Case),
}

/// Does the same to whichever it is.
macro_rules! whichever {
    ($turn:expr, $jobs:ident, $case:ident => $do:expr) => {
        match $turn {
            Turn::Ours($jobs, $case) => $do,
            Turn::Raw($jobs, $case) => $do,
            Turn::Node($jobs, $case) => $do,
        }
    };
}

impl Side for Turn<'_> {
    async fn round(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        whichever!(self, jobs, case => match case.what {
            What::Send => jobs.send(callers, time).await,
            What::SendBatches => jobs.send_batches(callers, time).await,
            What::Work | What::WorkBehindDelayed | What::WorkBehindHeld => {
                jobs.work(callers, time).await
            }
            What::PickUp => jobs.pick_up(callers, time).await,
        })
    }
}

impl Turn<'_> {
    async fn send_later(&mut self, count: u64) -> Result<()> {
        whichever!(self, jobs, _case => jobs.send_later(count).await)
    }

    /// Every job was done once, or is still there.
    async fn settle(&mut self) -> Result<()> {
        whichever!(self, jobs, _case => jobs.settle().await)
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
    let scratch = Scratch::create(database, config, "queue").await?;
    let mut peers = Peers::default();
    let measured = match peers.start(wanted, config, &scratch).await {
        Ok(()) => measure(&scratch, &mut peers, cases, round).await,
        Err(error) => Err(error),
    };
    // Who is connected to the database goes before it does.
    let stopped = peers.stop().await;
    let dropped = scratch.drop().await;
    let report = measured?;
    stopped.and(dropped)?;
    Ok(report)
}

async fn measure(
    scratch: &Scratch,
    peers: &mut Peers,
    cases: &[&'static Case],
    round: Duration,
) -> Result<Report> {
    let client = scratch.db.client().await?;
    let version = client.query_typed_one("show server_version", &[]).await?.try_get(0)?;
    drop(client);
    let mut machine = Machine::here(version);
    peers.describe(&mut machine);
    let ours = Arc::new(Library::start(&scratch.db, "bench").await?);
    let progress = Progress::default();
    let mut scenarios = Vec::new();
    for case in cases {
        progress.show(&format!("measuring {}", case.name));
        let mut names = Vec::new();
        let mut sides = vec![Turn::Ours(Jobs::new(Arc::clone(&ours)), case)];
        for (name, turn) in peers.turns(case) {
            names.push(name);
            sides.push(turn);
        }
        let mut held = None;
        match case.what {
            What::WorkBehindDelayed => {
                for side in &mut sides {
                    side.send_later(DELAYED).await?;
                }
                let empty = Arc::new(Library::start(&scratch.db, "bench_empty").await?);
                names.push(NOTHING_DELAYED);
                sides.push(Turn::Ours(Jobs::new(empty), case));
            }
            What::WorkBehindHeld => held = Some(hold(scratch).await?),
            _ => {}
        }
        let samples = take_turns(&mut sides, case.callers, round).await?;
        if let Some(held) = held {
            held.batch_execute("rollback").await.map_err(pgstead_store::Error::from)?;
        }
        for side in &mut sides {
            side.settle().await?;
        }
        scenarios.extend(compared(case, &names, &samples));
    }
    progress.clear();
    Ok(Report { machine, scenarios })
}

/// Ours beside each other's.
fn compared(case: &Case, names: &[&'static str], samples: &[Vec<Sample>]) -> Vec<Scenario> {
    let (ours, theirs) = samples.split_first().expect("the first side is ours");
    let theirs = theirs.iter().map(Vec::as_slice);
    let peers = names.iter().copied().zip(theirs);
    let Case { name, what, .. } = *case;
    match what {
        What::PickUp => Scenario::beside_each(name, Measure::Latency, ours, peers),
        What::WorkBehindHeld => {
            // How it was in the beginning is another peer.
            let peers = peers.map(|(peer, theirs)| (peer, &theirs[theirs.len() - FEW..]));
            let peers = peers.chain([(AT_FIRST, &ours[..FEW])]);
            Scenario::beside_each(name, Measure::Speed, &ours[ours.len() - FEW..], peers)
        }
        _ => Scenario::beside_each(name, Measure::Speed, ours, peers),
    }
}

/// Opens a transaction that sees the database as it is now, so that nothing that goes from now on can be
/// cleaned away.
async fn hold(scratch: &Scratch) -> Result<Pooled> {
    let client = scratch.db.client().await?;
    let begin = "begin isolation level repeatable read; select txid_current()";
    client.batch_execute(begin).await.map_err(pgstead_store::Error::from)?;
    Ok(client)
}
