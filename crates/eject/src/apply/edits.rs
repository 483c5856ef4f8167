//! What is to be done to a tree: all of it is known before the first byte is written.

use std::fmt;

use crate::finding::Place;

/// The edits of a tree, what they leave to people, and the commands that belong to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edits {
    /// Files that are changed, by path.
    pub changed: Vec<Changed>,
    /// Files that are deleted, by path.
    pub deleted: Vec<Deleted>,
    /// What is left alone, by place: why, and what a person is to do.
    pub left: Vec<Left>,
    /// Commands that are run after the files were written: they bring lock files after their manifests.
    pub commands: Vec<Command>,
}

impl Edits {
    /// Whether nothing is written and nothing is run.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.deleted.is_empty() && self.commands.is_empty()
    }
}

/// A file that is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Relative to the root, with `/` between names.
    pub path: String,
    /// All of it as it is; a file that is another by then is not written.
    pub before: String,
    /// All of it as it will be.
    pub after: String,
}

/// A file that is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Relative to the root, with `/` between names.
    pub path: String,
    /// All of it as it is; a file that is another by then is not deleted.
    pub before: String,
    /// Why nobody needs it, in a sentence.
    pub why: String,
}

/// What is left to a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// Where.
    pub place: Place,
    /// Why it is left, and what to do: sentences.
    pub what_to_do: String,
}

/// A command of a package manager.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Command {
    /// The folder that it is run in, relative to the root; `.` for the root.
    pub folder: String,
    /// The program.
    pub program: String,
    /// What it is called with.
    pub arguments: Vec<String>,
    /// The file that it brings after the manifest, relative to the root.
    pub lock: String,
}

impl fmt::Display for Command {
    /// As it is typed into a shell at the root.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.arguments.iter().map(|word| quoted(word)).collect();
        let (program, words) = (&self.program, words.join(" "));
        if self.folder == "." {
            return write!(f, "{program} {words}");
        }
        write!(f, "(cd {} && {program} {words})", quoted(&self.folder))
    }
}

fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:@+,^".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
