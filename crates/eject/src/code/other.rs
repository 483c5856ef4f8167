//! Python, Go, Rust, Ruby, Java, Kotlin, PHP, C#, and what scripts and a few others say.
//!
//! A file that has a word about a store is parsed when it is read. Of all others only the words are kept, as numbers:
//! who may use a wrapper is told by them, and is parsed when the files are linked.

mod condition;
mod global;
mod import;
mod judge;
mod known;
mod language;
mod line;
mod manifest;
mod needle;
mod plain;
mod reach;
mod rename;
mod resolve;
mod source;
mod spread;
#[cfg(test)]
mod tests;
mod words;

use std::path::Path;

use self::{
    judge::{Around, Judged},
    language::Language,
    words::Words,
};
use crate::{
    catalogue::Package,
    file::File,
    finding::{Purpose, RelativePath, Sighting},
    prose,
};

/// What one file says.
#[derive(Debug)]
pub(crate) struct Module {
    /// Nothing of a file that is not code of one of the languages.
    language: Option<Language>,
    words: Words,
    /// What it takes in, as far as a light reading sees it; of those that were parsed, all of it.
    imports: Vec<import::Import>,
    /// What is known of those that were parsed.
    judged: Option<Box<Judged>>,
    /// What a line tells without a grammar.
    lines: Vec<Sighting>,
    /// The path that `go.mod` declares, the name that `Cargo.toml` declares.
    declares: Option<String>,
    /// What a manifest says by the extras of packages: `celery[redis]`.
    told: Vec<&'static Package>,
    /// Crates that a manifest gives another name: that name, and the crate's.
    renames: Vec<(String, String)>,
}

impl Module {
    fn plain(file: &File) -> Self {
        Self {
            language: None,
            words: Words::default(),
            imports: Vec::new(),
            judged: None,
            lines: Vec::new(),
            declares: manifest::declares(file),
            told: manifest::told(file),
            renames: manifest::renames(file),
        }
    }
}

/// Files of configuration above this size are data.
const LARGEST_SETTING: usize = 512 << 10;

/// Files of code above this size are made by machines.
const LARGEST_CODE: usize = 4 << 20;

/// What the words of a name or of a key say that something is for, and which word says so.
pub(crate) fn purpose_of(name: &str) -> Option<(Purpose, String)> {
    known::purpose_of(name)
}

/// Whether a file is a script of a shell, whose variables are told line by line.
pub(crate) fn is_shell(file: &File) -> bool {
    line::is_script(file)
}

/// What a command is mostly for; nothing of what is none.
pub(crate) fn usual_purpose_of(command: &str) -> Option<Purpose> {
    known::command(command)
}

/// Reads a file; nothing of one in which nothing matters.
pub(crate) fn read(file: &File) -> Result<Option<Module>, String> {
    let Some(language) = Language::of(file) else {
        let lines = line::read(file);
        let is_setting = line::is_setting(file) && file.text.len() <= LARGEST_SETTING;
        let plain = Module::plain(file);
        if !is_setting && lines.is_empty() && plain.told.is_empty() {
            return Ok(None);
        }
        let words = if is_setting { Words::of_setting(&file.text) } else { Words::default() };
        return Ok(Some(Module { words, lines, ..plain }));
    };
    if prose::is_migration(&file.path) {
        return Ok(None);
    }
    if file.text.len() > LARGEST_CODE {
        return Err("it is too large to have been written by people; it was not parsed".to_owned());
    }
    let judged = needle::is_in(file, language)
        .then(|| judge::read(file, language, Around::default()))
        .flatten();
    let imports = match judged {
        Some(_) => Vec::new(),
        None => import::light(language, &file.text),
    };
    let words = Words::of_code(&file.text);
    let judged = judged.map(Box::new);
    let language = Some(language);
    Ok(Some(Module { language, words, imports, judged, ..Module::plain(file) }))
}

/// Puts files together.
pub(crate) fn link(
    root: &Path,
    modules: Vec<(RelativePath, Module)>,
    depth: usize,
) -> Vec<(RelativePath, Sighting)> {
    let mut tree = resolve::Tree::new(root, modules);
    rename::read(&mut tree);
    global::read(&mut tree);
    condition::settle(&mut tree);
    spread::spread(&mut tree, depth);
    reach::mark_unused(&mut tree);
    tree.into_sightings()
}
