//! A tree that is searched, and how far that is.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::Args;
use pgstead_eject::{Options, Progress, Report, scan};

use crate::output::{Bar, Wrong};

#[derive(Args, Debug)]
pub(in crate::cmd) struct Tree {
    /// The root of the tree: a repository, or a folder of several
    #[arg(value_name = "PATH", default_value = ".")]
    pub(in crate::cmd) path: PathBuf,
    /// How many of the tree's own modules are followed from a package to who uses it in the end
    #[arg(long, value_name = "N", default_value_t = Options::default().depth)]
    depth: usize,
    /// On how many threads [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

impl Tree {
    /// Searches it, and shows on a terminal how far that is.
    pub(in crate::cmd) fn scan(&self) -> Result<Report> {
        search(&self.path, self.depth, self.threads)
    }
}

fn search(path: &Path, depth: usize, threads: Option<NonZeroUsize>) -> Result<Report> {
    let mut options = Options::default();
    options.depth = depth;
    options.threads = threads.unwrap_or(options.threads);
    let bar = Bar::new("files");
    let found = scan(path, &options, &|progress| match progress {
        Progress::Found(files) => bar.of(files),
        Progress::Linking => bar.say("putting modules together"),
        _ => bar.one_more(),
    });
    bar.clear();
    found.with_context(|| Wrong(format!("there is no tree at {}", path.display())))
}
