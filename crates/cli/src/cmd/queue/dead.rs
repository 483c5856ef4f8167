//! `pgstead queue dead`, `redrive` and `purge`

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use pgstead_queue::{DeadLetter, JobId, Queues, Which};
use pgstead_server::{DeadResponse, instant};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{ids, known, short};
use crate::{
    cmd::Global,
    output::{Outcome, say, say_json},
};

#[derive(Args, Debug)]
pub(crate) struct Dead {
    /// Of which queue
    queue: String,
    /// At most so many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    most: u16,
    /// Those with a number below this one: the last one of the page before
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pgstead queue redrive mail 17 23
  pgstead queue redrive mail --all --per-second 50")]
#[command(group(clap::ArgGroup::new("which").required(true)))]
pub(crate) struct Redrive {
    /// Of which queue
    queue: String,
    /// These
    #[arg(group = "which")]
    ids: Vec<i64>,
    /// All of them
    #[arg(long, group = "which")]
    all: bool,
    /// No more of them are due in a second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    per_second: Option<u32>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pgstead queue purge mail
  pgstead queue purge mail --dead
  pgstead queue purge mail --dead 17 23")]
pub(crate) struct Purge {
    /// Of which queue
    queue: String,
    /// The dead letters, and not the jobs that wait
    #[arg(long)]
    dead: bool,
    /// Only these dead letters
    #[arg(requires = "dead")]
    ids: Vec<i64>,
}

#[derive(Serialize)]
struct Redriven {
    redriven: u64,
}

#[derive(Serialize)]
struct Purged {
    purged: u64,
}

impl Dead {
    pub(super) async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let queue = known(queues, &self.queue).await?;
        let most = self.most.into();
        let letters = queues.dead(&queue, self.before.map(JobId), most).await?;
        if global.json {
            say_json(&DeadResponse::new(letters, most))?;
            return Ok(Outcome::Done);
        }
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(["ID", "DIED", "ATTEMPTS", "LAST ERROR", "PAYLOAD"]);
        for letter in &letters {
            table.add_row([
                letter.id.to_string(),
                instant(letter.died_at).to_string(),
                letter.attempts.to_string(),
                short(&last_error(letter)),
                short(letter.payload.as_deref().map_or("", RawValue::get)),
            ]);
        }
        say(&table.trim_fmt());
        Ok(Outcome::Done)
    }
}

fn last_error(letter: &DeadLetter) -> String {
    #[derive(Deserialize)]
    struct OneError {
        error: String,
    }
    let errors: Vec<OneError> = serde_json::from_str(letter.errors.get()).unwrap_or_default();
    errors.into_iter().last().map(|last| last.error).unwrap_or_default()
}

impl Redrive {
    pub(super) async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let queue = known(queues, &self.queue).await?;
        let which = if self.all { Which::All } else { Which::These(ids(&self.ids)) };
        let redriven = queues.redrive(&queue, &which, self.per_second).await?;
        queues.announce(&queue).await?;
        if global.json {
            say_json(&Redriven { redriven })?;
        } else {
            say(&format!("Tried again: {redriven}."));
        }
        Ok(if redriven == 0 && !self.all { Outcome::No } else { Outcome::Done })
    }
}

impl Purge {
    pub(super) async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let queue = known(queues, &self.queue).await?;
        let purged = match (self.dead, &self.ids[..]) {
            (false, _) => queues.purge(&queue).await?,
            (true, []) => queues.purge_dead(&queue, &Which::All).await?,
            (true, some) => queues.purge_dead(&queue, &Which::These(ids(some))).await?,
        };
        if global.json {
            say_json(&Purged { purged })?;
        } else {
            say(&format!("Removed: {purged}."));
        }
        Ok(if purged == 0 && !self.ids.is_empty() { Outcome::No } else { Outcome::Done })
    }
}
