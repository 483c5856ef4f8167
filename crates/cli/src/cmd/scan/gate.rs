//! Whether what was found is refused: `--deny`, and the baseline of what is known.

use std::{fs, io, path::PathBuf};

use anyhow::{Context as _, Error, Result};
use clap::{Args, ValueEnum};
use pgstead_eject::{Baseline, Finding, Life, Report, report::Selection};

use crate::output::{Outcome, Wrong, tell};

#[derive(Args, Debug)]
pub(super) struct Gate {
    /// Exit with status 1 if there are findings that are not in the baseline
    #[arg(long, value_enum)]
    deny: Option<Deny>,
    /// What is known: a file that --write-baseline writes, to be kept beside the code
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all that was found into the baseline: what has gone goes from it, and what is new is known from now on
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Of uses that live
    Live,
    /// Of uses of any kind, also in tests and documentation
    Any,
}

/// A gate with its baseline.
pub(super) struct Open<'a> {
    gate: &'a Gate,
    selection: &'a Selection,
    baseline: Option<Baseline>,
}

/// What it has found.
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    told: Vec<String>,
}

impl Gate {
    pub(super) fn open<'a>(&'a self, selection: &'a Selection) -> Result<Open<'a>> {
        let is_of_all = selection.store.is_none() && selection.purposes.is_empty();
        if self.write_baseline && !is_of_all {
            return Err(Wrong(
                "a baseline is of all that is found: leave out --store and --purpose".to_owned(),
            )
            .into());
        }
        let baseline = self.baseline.as_ref().map(|file| {
            let place = file.display();
            match fs::read_to_string(file) {
                Ok(text) => Baseline::read(&text)
                    .map(Some)
                    .map_err(|error| Error::new(error).context(Wrong(format!("{place}")))),
                // The first one is yet to be written.
                Err(error) if error.kind() == io::ErrorKind::NotFound && self.write_baseline => {
                    Ok(None)
                }
                Err(error) => Err(Error::new(error).context(Wrong(format!("cannot read {place}")))),
            }
        });
        Ok(Open { gate: self, selection, baseline: baseline.transpose()?.flatten() })
    }
}

impl Open<'_> {
    /// Judges what was found, and writes the baseline if that is asked for.
    pub(super) fn judge(
        &self,
        found: &Report,
        is_denied: impl Fn(&Finding) -> bool,
    ) -> Result<Judged> {
        let known = self.baseline.as_ref().map(|baseline| baseline.compare(found));
        let new: Vec<&Finding> = match &known {
            Some(ratchet) => ratchet.new.clone(),
            None => found.findings.iter().collect(),
        };
        let mut told = Vec::new();
        if let Some(ratchet) = known.as_ref().filter(|ratchet| !ratchet.gone.is_empty()) {
            let gone = ratchet.gone.len();
            told.push(if self.gate.write_baseline {
                format!("{gone} of the baseline are gone, and are taken out of it")
            } else {
                format!(
                    "{gone} of the baseline are gone; take them out of it with --write-baseline"
                )
            });
        }
        if self.gate.write_baseline {
            told.push(self.write(found, new.len())?);
            // What was just written is known.
            return Ok(Judged { outcome: Outcome::Done, told });
        }
        let Some(deny) = self.gate.deny else { return Ok(Judged { outcome: Outcome::Done, told }) };
        let is_refused = |finding: &&&Finding| {
            let lives = deny == Deny::Any || finding.life == Life::Live;
            lives && is_denied(finding) && self.selection.has(finding)
        };
        let refused = new.iter().filter(is_refused).count();
        if refused == 0 {
            return Ok(Judged { outcome: Outcome::Done, told });
        }
        let what = if deny == Deny::Live { "live findings" } else { "findings" };
        let known = known.map_or(0, |ratchet| ratchet.known.len());
        told.push(match &self.gate.baseline {
            Some(file) => {
                format!("denied: {refused} {what} are not in {} ({known} are)", file.display())
            }
            None => format!("denied: {refused} {what}; there is no baseline (--baseline FILE)"),
        });
        Ok(Judged { outcome: Outcome::No, told })
    }

    fn write(&self, found: &Report, new: usize) -> Result<String> {
        let file = self.gate.baseline.as_deref().context("clap requires it")?;
        let baseline = Baseline::of(found);
        let wrong = || Wrong(format!("cannot write {}", file.display()));
        fs::write(file, baseline.write()).with_context(wrong)?;
        Ok(format!("{}: {} findings are known, {new} of them new", file.display(), baseline.len()))
    }
}

impl Judged {
    /// Tells it on standard error, after the answer.
    pub(super) fn tell(&self) {
        for line in &self.told {
            tell(line);
        }
    }
}
