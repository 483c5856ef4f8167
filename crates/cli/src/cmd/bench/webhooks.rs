//! `pgstead bench webhooks`: from the publication of an event to its receipt.

mod library;
mod sink;

use std::time::Duration;

use anyhow::Result;

use self::library::Library;
use super::{
    Options,
    load::{Sample, Side, take_turns},
    report::{Machine, Measure, Report, Scenario},
    scratch::Scratch,
};
use crate::{
    cmd::Global,
    config::Config,
    database::Database,
    output::{Outcome, Progress},
};

/// Nobody is measured beside it: none of those who do this can be started here with what npm brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {}

impl super::Peer for Peer {
    const ALL: &'static [Self] = &[];

    fn name(self) -> &'static str {
        match self {}
    }

    fn help(self) -> &'static str {
        match self {}
    }
}

/// Endpoints, of which one in a hundred fails.
const ENDPOINTS: u64 = 100;
/// Those who publish, and wait for the receipt, flat out.
const CALLERS: u32 = 64;

struct Case {
    name: &'static str,
    pace: Pace,
}

#[derive(Clone, Copy, Debug)]
enum Pace {
    /// So many in a second, whatever becomes of them.
    PerSecond(u32),
    /// As fast as they are received.
    Flat,
}

const CASES: [Case; 3] = [
    Case { name: "publish-50", pace: Pace::PerSecond(50) },
    Case { name: "publish-200", pace: Pace::PerSecond(200) },
    Case { name: "publish-flat", pace: Pace::Flat },
];

/// Ours, at a pace.
struct Turn<'a> {
    library: &'a Library,
    pace: Pace,
}

impl Side for Turn<'_> {
    async fn round(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        match self.pace {
            Pace::PerSecond(rate) => self.library.paced(rate, time).await,
            Pace::Flat => self.library.flat(callers, time).await,
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
    options.wanted()?;
    let database = Database::connect(global, config).await?;
    let report = measure_all(&database, config, &cases, round).await;
    database.close().await;
    report?.print(global.json)?;
    Ok(Outcome::Done)
}

async fn measure_all(
    database: &Database,
    config: &Config,
    cases: &[&'static Case],
    round: Duration,
) -> Result<Report> {
    let scratch = Scratch::create(database, config, "webhooks").await?;
    let measured = measure(&scratch, cases, round).await;
    let dropped = scratch.drop().await;
    let report = measured?;
    dropped?;
    Ok(report)
}

async fn measure(scratch: &Scratch, cases: &[&'static Case], round: Duration) -> Result<Report> {
    let client = scratch.db.client().await?;
    let version = client.query_typed_one("show server_version", &[]).await?.try_get(0)?;
    drop(client);
    let library = Library::start(&scratch.db).await?;
    let progress = Progress::default();
    let mut scenarios = Vec::new();
    for case in cases {
        progress.show(&format!("measuring {}", case.name));
        let mut sides = [Turn { library: &library, pace: case.pace }];
        let samples = take_turns(&mut sides, CALLERS, round).await?;
        let (ours, nobody) = (&samples[0], std::iter::empty());
        scenarios.extend(Scenario::beside_each(case.name, Measure::Latency, ours, nobody));
    }
    progress.clear();
    library.stop().await;
    Ok(Report { machine: Machine::here(version), scenarios })
}
