//! `pgstead apply`

use std::{fmt::Write as _, path::PathBuf};

use anyhow::{Error, Result};
use clap::Args;
use pgstead_eject::{
    Place,
    apply::{self, Command, Edits, Outcome as Ended, WriteOptions, Written},
};
use serde::Serialize;

use super::{
    Global,
    scan::{Tree, write},
    schema::PRISMA,
};
use crate::output::{Outcome, Wrong, say, say_json, tell};

/// Remove from a tree what can be removed without a person.
///
/// Without --write nothing is changed: the changes are shown as a diff. What is left to a person is listed with what to do.
#[derive(Args, Debug)]
pub(crate) struct Apply {
    #[command(flatten)]
    tree: Tree,
    /// Make the changes; git has to hold the tree as it is
    #[arg(long)]
    write: bool,
    /// Write although git could not bring everything back
    #[arg(long, requires = "write")]
    allow_dirty: bool,
    /// The diff into a file, for `git apply`; it has lines as they are, with their secrets
    #[arg(long, value_name = "FILE", conflicts_with = "write")]
    patch: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document<'a> {
    written: bool,
    changed: Vec<&'a str>,
    deleted: Vec<DeletedDocument<'a>>,
    left: Vec<LeftDocument<'a>>,
    commands: Vec<CommandDocument>,
}

#[derive(Serialize)]
struct DeletedDocument<'a> {
    path: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct LeftDocument<'a> {
    #[serde(flatten)]
    place: &'a Place,
    what_to_do: &'a str,
}

#[derive(Serialize)]
struct CommandDocument {
    command: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
}

impl Apply {
    pub(crate) fn run(self, global: &Global) -> Result<Outcome> {
        let root = &self.tree.path;
        let found = self.tree.scan()?;
        let mut options = apply::Options::default();
        options.models = Some(PRISMA.to_owned());
        let edits = apply::preview(root, &found, &options).map_err(of_tree)?;
        if let Some(file) = &self.patch {
            write(Some(file), edits.unified_diff().trim_end_matches('\n'))?;
        }
        let mut how = WriteOptions::default();
        how.unguarded = self.allow_dirty;
        let written = if self.write {
            Some(apply::write(root, &edits, &how).map_err(of_tree)?)
        } else {
            None
        };
        if global.json {
            say_json(&document(&edits, written.as_ref()))?;
        } else {
            self.show(&edits, written.as_ref());
        }
        let failed = written.iter().flat_map(|written| &written.commands);
        let has_failed = failed.into_iter().any(|(_, ended)| is_failure(ended));
        Ok(if has_failed { Outcome::No } else { Outcome::Done })
    }

    fn show(&self, edits: &Edits, written: Option<&Written>) {
        if written.is_none() && self.patch.is_none() {
            // A terminal and the log of a build are read by people who need not know passwords.
            let diff = edits.masked_diff();
            if !diff.is_empty() {
                say(diff.trim_end());
                say("");
            }
        }
        say(&summary(edits, written));
        if written.is_none() && !edits.is_empty() {
            tell("nothing was changed; --write does it");
        }
    }
}

/// What is wrong with the tree is wrong use: it has changes, or is not in git.
fn of_tree(error: apply::Error) -> Error {
    let hint = if error.is_unguarded() {
        "; commit them first, or say --allow-dirty"
    } else if error.is_outdated() {
        "; call it again"
    } else {
        ""
    };
    let told = Wrong(format!("nothing was written: {error}{hint}"));
    match std::error::Error::source(&error) {
        Some(_) => Error::new(error).context(told),
        None => Error::new(told),
    }
}

fn is_failure(ended: &Ended) -> bool {
    !matches!(ended, Ended::Done | Ended::Missing)
}

fn document<'a>(edits: &'a Edits, written: Option<&Written>) -> Document<'a> {
    let (deleted, left) = (edits.deleted.iter(), edits.left.iter());
    let (changed, commands) = (edits.changed.iter(), edits.commands.iter());
    Document {
        written: written.is_some(),
        changed: changed.map(|file| file.path.as_str()).collect(),
        deleted: deleted.map(|file| DeletedDocument { path: &file.path, why: &file.why }).collect(),
        left: left
            .map(|left| LeftDocument { place: &left.place, what_to_do: &left.what_to_do })
            .collect(),
        commands: commands
            .map(|command| CommandDocument {
                command: command.to_string(),
                outcome: ended(written, command).map(|ended| match ended {
                    Ended::Done => "done",
                    Ended::Missing => "missing",
                    Ended::TimedOut => "timed_out",
                    _ => "failed",
                }),
            })
            .collect(),
    }
}

fn ended<'w>(written: Option<&'w Written>, command: &Command) -> Option<&'w Ended> {
    let mut all = written?.commands.iter();
    all.find(|(ran, _)| ran == command).map(|(_, ended)| ended)
}

fn summary(edits: &Edits, written: Option<&Written>) -> String {
    let mut told = String::new();
    for file in &edits.deleted {
        let done = if written.is_some() { "deleted" } else { "to delete" };
        let _ = writeln!(told, "{done} {}: {}", file.path, file.why);
    }
    for command in &edits.commands {
        let _ = match ended(written, command) {
            None => writeln!(told, "to run: {command}"),
            Some(Ended::Done) => writeln!(told, "ran: {command}"),
            Some(Ended::Missing) => {
                writeln!(told, "run yourself, since {} is not here: {command}", command.program)
            }
            Some(Ended::TimedOut) => writeln!(told, "run yourself, it took too long: {command}"),
            Some(Ended::Failed(why)) => writeln!(told, "run yourself, it failed: {command}\n{why}"),
            Some(_) => writeln!(told, "run yourself: {command}"),
        };
    }
    if !edits.left.is_empty() {
        told.push_str("Left to you:\n");
        for left in &edits.left {
            let _ = writeln!(told, "  {}  {}", left.place, left.what_to_do);
        }
    }
    let (changed, deleted) = (edits.changed.len(), edits.deleted.len());
    let verb = if written.is_some() { "were" } else { "are to be" };
    let left = edits.left.len();
    let _ = write!(
        told,
        "Files that {verb} changed: {changed}, deleted: {deleted}. Places that are left to you: {left}."
    );
    told
}
