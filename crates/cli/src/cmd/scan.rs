//! `pgstead scan`

mod gate;
mod text;
mod tree;

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use pgstead_eject::{
    Purpose, Report, Store,
    report::{self, Selection},
};

pub(super) use self::tree::Tree;
use super::Global;
use crate::output::{Outcome, Wrong, say};

/// Find every use of Redis in a tree of source code. It asks no database, and changes nothing.
#[derive(Args, Debug)]
pub(crate) struct Scan {
    #[command(flatten)]
    tree: Tree,
    /// In which form; `--json` is the same as `--format json`
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Into a file instead of to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Uses of one store alone [default: all, of which only those of Redis are denied]
    #[arg(long, value_enum)]
    store: Option<Stores>,
    /// Uses for these purposes alone
    #[arg(long, value_name = "PURPOSE", value_delimiter = ',', value_parser = purpose)]
    purpose: Vec<Purpose>,
    /// List what tells what was, too: documentation, changelogs, applied migrations
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    gate: gate::Gate,
    /// Print the JSON Schema of `--format json`, and scan nothing
    #[arg(long)]
    schema: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: services, then findings by file
    #[default]
    Text,
    /// The whole report; its schema is printed by --schema
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// For pull requests and wikis
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stores {
    /// Redis, and what speaks its protocol
    Redis,
    /// MongoDB
    Mongodb,
    /// Both
    All,
}

impl Stores {
    fn one(self) -> Option<Store> {
        match self {
            Self::Redis => Some(Store::Redis),
            Self::Mongodb => Some(Store::Mongodb),
            Self::All => None,
        }
    }
}

/// By its word in the outputs, or in the JSON document.
fn purpose(word: &str) -> Result<Purpose, String> {
    let is_it = |purpose: &Purpose| {
        purpose.word() == word || purpose.word().replace('/', "_") == word.replace('-', "_")
    };
    Purpose::ALL.into_iter().find(is_it).ok_or_else(|| {
        let words: Vec<_> = Purpose::ALL.iter().map(|purpose| purpose.word()).collect();
        format!("there are {}", words.join(", "))
    })
}

impl Scan {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome> {
        if self.schema {
            say(report::SCHEMA.trim_end());
            return Ok(Outcome::Done);
        }
        let selection = self.selection();
        // What is wrong with the baseline is said before minutes are spent on a large tree.
        let gate = self.gate.open(&selection)?;
        let found = self.tree.scan()?;
        let outcome = gate.judge(&found, |finding| self.is_denied(finding.store))?;
        self.show(&selection.of(found), global)?;
        outcome.tell();
        Ok(outcome.outcome)
    }

    fn selection(&self) -> Selection {
        let mut selection = Selection::default();
        selection.store = self.store.and_then(Stores::one);
        selection.purposes.clone_from(&self.purpose);
        selection
    }

    /// MongoDB is only reported, unless it is asked for by name.
    fn is_denied(&self, store: Store) -> bool {
        store == Store::Redis || self.store.is_some()
    }

    fn show(&self, report: &Report, global: &Global) -> Result<()> {
        let format = if global.json { Format::Json } else { self.format };
        let text = match format {
            Format::Text => text::report(report, self.all),
            Format::Markdown => report::markdown(report, self.all),
            Format::Json => serde_json::to_string_pretty(report)?,
            Format::Sarif => serde_json::to_string(&report::sarif(report, self.all))?,
        };
        write(self.out.as_deref(), &text)
    }
}

/// To where the answer was asked for.
pub(super) fn write(file: Option<&std::path::Path>, text: &str) -> Result<()> {
    let Some(file) = file else {
        say(text);
        return Ok(());
    };
    let wrong = || Wrong(format!("cannot write {}", file.display()));
    fs::write(file, format!("{text}\n")).with_context(wrong)
}
