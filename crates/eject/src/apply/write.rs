//! Writes edits: each file whole or not at all, and only onto what the edits were made for.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
    time::Duration,
};

use super::{
    Error,
    edits::{Command, Edits},
    run,
};

/// How edits are written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WriteOptions {
    /// Write although git does not hold the tree as it is: it is in no git tree, or has changes that are not committed.
    /// Default: no, so that `git checkout .` brings everything back.
    pub unguarded: bool,
    /// How long a command of a package manager may take. Default 10 minutes.
    pub timeout: Duration,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { unguarded: false, timeout: Duration::from_mins(10) }
    }
}

/// What was written.
#[derive(Debug)]
#[non_exhaustive]
pub struct Written {
    /// How many files were changed.
    pub changed: usize,
    /// How many files were deleted.
    pub deleted: usize,
    /// The commands, and what came of them. A command that failed has changed nothing about the edits: it is to be run by hand.
    pub commands: Vec<(Command, Outcome)>,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It has done its work.
    Done,
    /// Its program is not installed.
    Missing,
    /// It has failed, with what it said last.
    Failed(String),
    /// It took too long and was ended.
    TimedOut,
}

/// Writes the edits under `root`, then runs their commands. All files are checked before the first one is written: one that is
/// another than it was for [`super::preview`] refuses everything. Who is ended half-way leaves whole files, and a second preview finds the rest.
pub fn write(root: &Path, edits: &Edits, options: &WriteOptions) -> Result<Written, Error> {
    if !options.unguarded {
        is_clean(root)?;
    }
    let changed: Vec<_> = edits.changed.iter().map(|file| (&file.path, &file.before)).collect();
    let deleted = edits.deleted.iter().map(|file| (&file.path, &file.before));
    for (path, before) in changed.into_iter().chain(deleted) {
        is_as_before(root, path, before)?;
    }
    // Code goes before its manifests: who is ended in between has a package too many and none too few.
    let (manifests, code): (Vec<_>, Vec<_>) = edits.changed.iter().partition(|file| {
        file.path.ends_with(".json") || file.path.ends_with(".toml") || file.path.ends_with(".mod")
    });
    for file in code.into_iter().chain(manifests) {
        replace(&root.join(&file.path), &file.after)
            .map_err(|error| Error::io(&file.path, error))?;
    }
    for file in &edits.deleted {
        fs::remove_file(root.join(&file.path)).map_err(|error| Error::io(&file.path, error))?;
    }
    let commands = edits
        .commands
        .iter()
        .map(|command| (command.clone(), run::run(root, command, options.timeout)));
    Ok(Written {
        changed: edits.changed.len(),
        deleted: edits.deleted.len(),
        commands: commands.collect(),
    })
}

/// Whether git holds the tree as it is.
fn is_clean(root: &Path) -> Result<(), Error> {
    let mut git = process::Command::new("git");
    git.args(["status", "--porcelain", "--", "."]).current_dir(root);
    let output = git.output().map_err(|error| Error::git(Some(error)))?;
    if !output.status.success() {
        return Err(Error::git(None));
    }
    let told = String::from_utf8_lossy(&output.stdout);
    match told.lines().next() {
        Some(first) => Err(Error::unclean(first.get(3..).unwrap_or(first))),
        None => Ok(()),
    }
}

/// Whether a file, and each folder to it, is what it was: no link, the same bytes.
fn is_as_before(root: &Path, path: &str, before: &str) -> Result<(), Error> {
    let mut whole = PathBuf::from(root);
    for name in path.split('/') {
        whole.push(name);
        let found = fs::symlink_metadata(&whole).map_err(|error| Error::io(path, error))?;
        if found.is_symlink() {
            return Err(Error::link(path));
        }
    }
    let found = fs::read(&whole).map_err(|error| Error::io(path, error))?;
    if found == before.as_bytes() { Ok(()) } else { Err(Error::changed(path)) }
}

/// Replaces a file by one that is complete: by its name there is the old text or the new one, and nothing in between.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let new = path.with_file_name(format!(".{name}.pgstead-new"));
    match fs::remove_file(&new) {
        // Left by who was ended half-way.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let written = write_new(&new, text, path).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

fn write_new(new: &Path, text: &str, old: &Path) -> io::Result<()> {
    let mut file = File::create_new(new)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(fs::metadata(old)?.permissions())?;
    file.sync_all()
}
