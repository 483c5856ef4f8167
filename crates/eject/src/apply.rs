//! Takes Redis out of a tree, as far as that is safe.
//!
//! [`preview`] says what would be done and touches nothing: what each file would be, which files go, which commands bring lock files
//! after their manifests, and what is left to people, with the place and what to do. [`write()`] does it.
//!
//! Two rules make an edit safe. All that it takes out is something that was found, or was there for that alone. And nothing goes that
//! something lives by: a package while any code imports it, a variable while any code reads it, a server while any code needs it; which is asked of the
//! tree as it would be after the edits, and of the words in it, so that who was not understood is not ignored.
//!
//! Tests are not edited. A package that tests alone still need stays for development. What tells what was is never edited, and neither is what
//! git does not track. Infrastructure is not edited either: to destroy data is a person's decision.

mod chart;
mod comment;
mod container;
mod cut;
mod diff;
mod draft;
mod edits;
mod error;
mod intact;
mod javascript;
mod json;
mod left;
mod list;
mod lock;
mod mention;
mod module;
mod need;
mod package;
mod prisma;
mod run;
mod standin;
mod toml;
mod variable;
mod write;
mod yaml;

use std::{path::Path, thread};

pub use self::{
    edits::{Changed, Command, Deleted, Edits, Left},
    error::Error,
    write::{Outcome, WriteOptions, Written, write},
};
use crate::{finding::Report, walk};
use draft::Draft;

/// How edits are made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The models of pgstead's tables for Prisma, as `pgstead schema --format prisma` prints them; they are added to the schemas of
    /// services that use a stand-in. Default: none are added.
    pub models: Option<String>,
    /// The version of the Node package `pgstead` that manifests ask for. Default: `^` and this crate's own.
    pub version: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { models: None, version: concat!("^", env!("CARGO_PKG_VERSION")).to_owned() }
    }
}

/// The edits of the tree under `root` by what a scan of it found. Nothing is written.
pub fn preview(root: &Path, report: &Report, options: &Options) -> Result<Edits, Error> {
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let walked = walk::walk(root, threads).map_err(Error::walk)?;
    let mut draft = Draft::new(root, report, options, walked.files);
    module::apply(&mut draft);
    javascript::apply(&mut draft);
    package::apply(&mut draft);
    variable::apply(&mut draft);
    container::apply(&mut draft);
    chart::apply(&mut draft);
    prisma::apply(&mut draft);
    lock::apply(&mut draft);
    left::apply(&mut draft);
    Ok(draft.finish())
}
