//! What was measured, for people and for programs.

use std::{fs, thread};

use anyhow::Result;
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use hdrhistogram::Histogram;
use serde::Serialize;

use super::load::Sample;
use crate::output::{say, say_json};

#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) machine: Machine,
    pub(super) scenarios: Vec<Scenario>,
}

/// What it ran on: no number means anything without it.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    cpu: String,
    cpus: usize,
    memory_gib: u64,
    os: String,
    pub(super) postgresql: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redis: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) node: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rate_limiter_flexible: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bullmq: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) graphile_worker: Option<String>,
}

/// One side of ours, and one peer beside it if there is one.
#[derive(Debug, Serialize)]
pub(super) struct Scenario {
    name: &'static str,
    ops_per_s: f64,
    p50_us: f64,
    p95_us: f64,
    p99_us: f64,
    #[serde(flatten)]
    peer: Option<Beside>,
}

/// What of two sides is compared. Above 1, ours is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// How much is done in a second, round by round.
    Speed,
    /// How long it takes half of the calls.
    Latency,
}

/// The peer's side of a scenario.
#[derive(Debug, Serialize)]
struct Beside {
    peer: &'static str,
    peer_ops_per_s: f64,
    peer_p50_us: f64,
    ratio: f64,
}

impl Machine {
    pub(super) fn here(postgresql: String) -> Self {
        let line = |path: &str, name: &str| {
            let text = fs::read_to_string(path).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let kilobytes = line("/proc/meminfo", "MemTotal");
        let kilobytes: u64 =
            kilobytes.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0);
        Self {
            cpu: line("/proc/cpuinfo", "model name"),
            cpus: thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kilobytes.div_ceil(1024 * 1024),
            os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            postgresql,
            redis: None,
            node: None,
            rate_limiter_flexible: None,
            bullmq: None,
            graphile_worker: None,
        }
    }
}

impl Machine {
    /// What the peers stand on.
    fn others(&self) -> [(&'static str, &Option<String>); 5] {
        let Self { redis, node, rate_limiter_flexible, bullmq, graphile_worker, .. } = self;
        [
            ("Redis", redis),
            ("Node", node),
            ("rate-limiter-flexible", rate_limiter_flexible),
            ("BullMQ", bullmq),
            ("graphile-worker", graphile_worker),
        ]
    }
}

impl Scenario {
    /// Of rounds in which all sides took their turn: one for each peer, or one alone.
    pub(super) fn beside_each<'a>(
        name: &'static str,
        measure: Measure,
        ours: &[Sample],
        peers: impl IntoIterator<Item = (&'static str, &'a [Sample])>,
    ) -> Vec<Self> {
        let scenarios: Vec<_> =
            peers.into_iter().map(|peer| Self::of(name, measure, ours, Some(peer))).collect();
        if scenarios.is_empty() { vec![Self::of(name, measure, ours, None)] } else { scenarios }
    }

    fn of(
        name: &'static str,
        measure: Measure,
        ours: &[Sample],
        peer: Option<(&'static str, &[Sample])>,
    ) -> Self {
        let latency = merged(ours);
        let speeds = |samples: &[Sample]| samples.iter().map(|s| s.ops_per_s).collect::<Vec<_>>();
        let p50_us = quantile_us(&latency, 0.5);
        let beside = peer.map(|(peer, theirs)| {
            let peer_p50_us = quantile_us(&merged(theirs), 0.5);
            let rounds = ours.iter().zip(theirs);
            let ratio = match measure {
                Measure::Speed => {
                    median(rounds.map(|(our, their)| our.ops_per_s / their.ops_per_s).collect())
                }
                Measure::Latency => peer_p50_us / p50_us,
            };
            let peer_ops_per_s = median(speeds(theirs)).round();
            Beside { peer, peer_ops_per_s, peer_p50_us, ratio: rounded(ratio) }
        });
        Self {
            name,
            ops_per_s: median(speeds(ours)).round(),
            p50_us,
            p95_us: quantile_us(&latency, 0.95),
            p99_us: quantile_us(&latency, 0.99),
            peer: beside,
        }
    }
}

fn merged(samples: &[Sample]) -> Histogram<u64> {
    let mut all = super::load::histogram();
    for sample in samples {
        all.add(&sample.latency_ns).expect("the histograms have the same bounds");
    }
    all
}

#[expect(clippy::cast_precision_loss, reason = "microseconds with two digits")]
fn quantile_us(latency_ns: &Histogram<u64>, quantile: f64) -> f64 {
    rounded(latency_ns.value_at_quantile(quantile) as f64 / 1000.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl Report {
    pub(super) fn print(&self, as_json: bool) -> Result<()> {
        if as_json {
            return say_json(self);
        }
        let Machine { cpu, cpus, memory_gib, os, postgresql, .. } = &self.machine;
        let others: String = self
            .machine
            .others()
            .iter()
            .filter_map(|(name, version)| Some(format!(", {name} {}", version.as_ref()?)))
            .collect();
        say(&format!("{cpus} × {cpu}, {memory_gib} GiB, {os}, PostgreSQL {postgresql}{others}\n"));
        let mut table = Table::new();
        table.load_style(NOTHING);
        let mut header = vec!["scenario", "per s", "p50 µs", "p95 µs", "p99 µs"];
        if self.scenarios.iter().any(|scenario| scenario.peer.is_some()) {
            header.extend(["peer", "per s", "p50 µs", "ratio"]);
        }
        table.set_header(header);
        for (at, column) in table.column_iter_mut().enumerate() {
            if !matches!(at, 0 | PEER_COLUMN) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut last = "";
        for scenario in &self.scenarios {
            // Beside several peers it is the same measurement.
            let mut row = if scenario.name == last {
                vec![String::new(); PEER_COLUMN]
            } else {
                let Scenario { name, ops_per_s, p50_us, p95_us, p99_us, .. } = scenario;
                let latencies = [p50_us, p95_us, p99_us].map(|us| shown(*us));
                let mut row = vec![(*name).to_owned(), format!("{ops_per_s:.0}")];
                row.extend(latencies);
                row
            };
            last = scenario.name;
            if let Some(Beside { peer, peer_ops_per_s, peer_p50_us, ratio }) = &scenario.peer {
                row.push((*peer).to_owned());
                row.push(format!("{peer_ops_per_s:.0}"));
                row.push(shown(*peer_p50_us));
                row.push(format!("{ratio:.2}"));
            }
            table.add_row(row);
        }
        say(&table.trim_fmt());
        Ok(())
    }
}

/// Where the peers' side of the table begins.
const PEER_COLUMN: usize = 5;

/// Microseconds: from memory an answer takes a fraction of one.
fn shown(us: f64) -> String {
    if us < 10.0 { format!("{us:.2}") } else { format!("{us:.1}") }
}
