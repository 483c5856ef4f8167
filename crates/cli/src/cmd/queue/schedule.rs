//! `pgstead queue schedules`, `schedule` and `unschedule`

use std::time::{Duration, SystemTime};

use anyhow::{Error, Result};
use clap::{Args, ValueEnum};
use comfy_table::{Table, presets::NOTHING};
use humantime::parse_duration;
use jiff::Timestamp;
use pgstead_queue::{
    InvalidJob, Misfire, NewJob, Priority, QueueName, Queues, ScheduleError, ScheduleInfo,
    ScheduleName, When,
};
use pgstead_server::{ScheduleResponse, SchedulesResponse, instant, nearest};
use serde::Serialize;
use serde_json::value::RawValue;

use super::tell;
use crate::{
    cmd::Global,
    output::{Outcome, Wrong, duration, say, say_json},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pgstead queue schedule report mail '{\"report\":1}' --cron '30 2 * * *' --zone Europe/Berlin
  pgstead queue schedule poll feeds null --every 30s --misfire skip
  pgstead queue schedule launch mail '{\"launch\":1}' --at 2026-12-01T09:00:00Z")]
pub(crate) struct Schedule {
    /// Its name, 1 to 100 of a-z, 0-9, _, - and .
    name: String,
    /// Where it sends; made if it is not there
    queue: String,
    /// What it sends, as JSON
    payload: String,
    /// At the times of a pattern of five fields, or six with seconds
    #[arg(long, value_name = "PATTERN", required_unless_present_any = ["every", "at"])]
    cron: Option<String>,
    /// By whose clock the pattern is read [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "cron")]
    zone: Option<String>,
    /// At whole multiples of that since 1970, such as 30s
    #[arg(long, value_name = "TIME", value_parser = parse_duration, conflicts_with = "cron")]
    every: Option<Duration>,
    /// Once, at that instant
    #[arg(long, value_name = "INSTANT", conflicts_with_all = ["cron", "every"])]
    at: Option<Timestamp>,
    /// What becomes of ticks that are more than a minute late
    #[arg(long, value_enum, default_value = "run-once")]
    misfire: OnMisfire,
    /// Which ticks are run all the same: those that are no older
    #[arg(long, value_name = "TIME", value_parser = parse_duration,
        required_if_eq("misfire", "catch-up"))]
    catch_up: Option<Duration>,
    /// 1 runs first, 4 last
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    priority: u8,
    /// Jobs of a group run one after another, in the order of sending
    #[arg(long)]
    group: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnMisfire {
    Skip,
    RunOnce,
    CatchUp,
}

#[derive(Args, Debug)]
pub(crate) struct Unschedule {
    /// Its name
    name: String,
}

#[derive(Serialize)]
struct Removed {
    removed: bool,
}

impl Schedule {
    pub(super) async fn put(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let name = ScheduleName::new(&self.name).map_err(wrong)?;
        let queue = QueueName::new(&self.queue).map_err(wrong)?;
        let (schedule, job) = (self.schedule()?, self.job()?);
        let changed = match queues.schedule(&name, &queue, &schedule, &job).await {
            Ok(changed) => changed,
            Err(ScheduleError::Store(error)) => return Err(error.into()),
            Err(invalid) => return Err(wrong(invalid)),
        };
        let found = queues.find_schedule(&name).await?;
        if global.json {
            say_json(&found.map(ScheduleResponse::new))?;
            return Ok(Outcome::Done);
        }
        let next_at = found.and_then(|info| info.next_at);
        let is_as = if changed { "Put" } else { "As it was" };
        match next_at {
            Some(next_at) => say(&format!("{is_as}. It ticks next at {}.", instant(next_at))),
            None => say(&format!("{is_as}. It does not tick any more.")),
        }
        Ok(Outcome::Done)
    }

    fn schedule(&self) -> Result<pgstead_queue::Schedule> {
        let schedule = match (&self.cron, self.every, self.at) {
            (Some(pattern), ..) => {
                let zone = self.zone.as_deref().unwrap_or("UTC");
                pgstead_queue::Schedule::cron(pattern, zone)
            }
            (None, Some(period), _) => pgstead_queue::Schedule::every(period),
            (None, None, at) => {
                let at = at.map_or(SystemTime::UNIX_EPOCH, SystemTime::from);
                pgstead_queue::Schedule::once_at(at)
            }
        };
        let misfire = match self.misfire {
            OnMisfire::Skip => Misfire::Skip,
            OnMisfire::RunOnce => Misfire::RunOnce,
            OnMisfire::CatchUp => Misfire::CatchUp(self.catch_up.unwrap_or_default()),
        };
        schedule.and_then(|schedule| schedule.misfire(misfire)).map_err(wrong)
    }

    fn job(&self) -> Result<NewJob> {
        let payload = RawValue::from_string(self.payload.clone())
            .map_err(|error| Wrong(format!("the payload is no JSON: {error}")))?;
        let build = || {
            let job = NewJob::from_json(payload)?;
            let job = job.priority(Priority::of_level(self.priority).unwrap_or_default());
            match &self.group {
                Some(group) => job.group(group),
                None => Ok(job),
            }
        };
        build().map_err(|invalid: InvalidJob| wrong(invalid))
    }
}

impl Unschedule {
    pub(super) async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let there_is = match ScheduleName::new(&self.name) {
            Ok(name) => queues.unschedule(&name).await?,
            Err(_none_has_such_a_name) => false,
        };
        if there_is {
            return tell(&Removed { removed: true }, "Removed.", global);
        }
        let all = queues.schedules().await?;
        let hint = match nearest(&self.name, all.iter().map(|info| info.name.as_str())) {
            Some(meant) => format!("; did you mean {meant:?}?"),
            None => ".".to_owned(),
        };
        let text = format!("There is no schedule {:?}{hint}", self.name);
        tell(&Removed { removed: false }, &text, global)?;
        Ok(Outcome::No)
    }
}

pub(super) async fn list(queues: &Queues, global: &Global) -> Result<Outcome> {
    let all = queues.schedules().await?;
    if global.json {
        say_json(&SchedulesResponse::new(all))?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header([
        "SCHEDULE",
        "QUEUE",
        "WHEN",
        "LAST",
        "NEXT",
        "PAUSED SINCE",
    ]);
    let shown = |at: Option<SystemTime>| at.map(|at| instant(at).to_string()).unwrap_or_default();
    for info in &all {
        table.add_row([
            info.name.to_string(),
            info.queue.to_string(),
            when(info),
            shown(info.last_at),
            shown(info.next_at),
            shown(info.paused_at),
        ]);
    }
    say(&table.trim_fmt());
    Ok(Outcome::Done)
}

fn when(info: &ScheduleInfo) -> String {
    match info.schedule.when() {
        When::Cron { pattern, zone } => format!("{pattern} {zone}"),
        When::Every(period) => format!("every {}", duration(period)),
        When::OnceAt(at) => format!("once at {}", instant(at)),
        // There are no others.
        _ => String::new(),
    }
}

fn wrong(invalid: impl std::fmt::Display) -> Error {
    Error::new(Wrong(invalid.to_string()))
}
