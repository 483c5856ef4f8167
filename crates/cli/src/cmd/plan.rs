//! `pgstead plan`

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Error, Result};
use clap::{Args, ValueEnum};
use pgstead_eject::plan::{self, Invalid, Options, Prices, Rule};

use super::{
    Global,
    scan::{Tree, write},
};
use crate::output::{Outcome, Wrong, say};

/// Write the plan for moving a tree off Redis. It asks no database, and changes nothing.
#[derive(Args, Debug)]
pub(crate) struct Plan {
    #[command(flatten)]
    tree: Tree,
    /// In which form; `--json` is the same as `--format json`
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Into a file instead of to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Numbers of your own for the work, above those of `data/effort.toml`
    #[arg(long, value_name = "FILE")]
    effort: Option<PathBuf>,
    /// Prices of your own, above those of `data/prices.toml`
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Print the JSON Schema of `--format json`, and plan nothing
    #[arg(long)]
    schema: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Markdown,
    /// For programs; its schema is printed by --schema
    Json,
}

impl Plan {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome> {
        if self.schema {
            say(plan::SCHEMA.trim_end());
            return Ok(Outcome::Done);
        }
        let mut options = Options::default();
        if let Some(file) = &self.effort {
            options.rule = read(file, Rule::with)?;
        }
        if let Some(file) = &self.prices {
            options.prices = read(file, Prices::with)?;
        }
        let found = self.tree.scan()?;
        options.infrastructure = plan::infrastructure(&self.tree.path, &found, &options.prices);
        let planned = plan::plan(&found, &options);
        let is_json = global.json || self.format == Format::Json;
        let text = if is_json {
            serde_json::to_string_pretty(&planned)?
        } else {
            plan::markdown(&planned)
        };
        write(self.out.as_deref(), &text)?;
        Ok(Outcome::Done)
    }
}

fn read<T>(file: &PathBuf, parse: impl Fn(&str) -> Result<T, Invalid>) -> Result<T> {
    let place = file.display();
    let text = fs::read_to_string(file).with_context(|| Wrong(format!("cannot read {place}")))?;
    parse(&text).map_err(|error| Error::new(error).context(Wrong(format!("{place}"))))
}
