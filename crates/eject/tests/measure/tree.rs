//! Trees to scan: copies of the corpus in temporary folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// How the files of a copy are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Variant {
    /// As they are.
    Plain,
    /// With `\r\n` at the end of lines.
    Windows,
    /// With a byte order mark.
    Marked,
}

/// A copy of a project.
pub(crate) struct Project(TempDir);

impl Project {
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The corpus.
pub(crate) struct Projects;

/// The folder of a project: of the corpus, or of those that nothing was mended by.
pub(crate) fn folder_of(name: &str) -> PathBuf {
    let of_corpus = folder(CORPUS).join(name);
    if of_corpus.exists() { of_corpus } else { folder(UNSEEN).join(name) }
}

const CORPUS: &str = "tests/corpus";
const UNSEEN: &str = "tests/unseen";

fn folder(which: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(which)
}

impl Projects {
    /// All projects, or the one that the environment asks for.
    pub(crate) fn names() -> Vec<String> {
        let wanted = std::env::var("PGSTEAD_TEST_PROJECT").ok();
        let mut names = Self::names_in(CORPUS);
        names.retain(|name| wanted.as_ref().is_none_or(|wanted| name == wanted));
        assert!(!names.is_empty(), "no project {wanted:?}");
        names
    }

    /// Those that nothing was mended by.
    pub(crate) fn unseen() -> Vec<String> {
        Self::names_in(UNSEEN)
    }

    fn names_in(which: &str) -> Vec<String> {
        let projects = fs::read_dir(folder(which)).unwrap().map(|entry| entry.unwrap());
        let projects = projects.filter(|entry| entry.path().join("expected.toml").exists());
        let names = projects.map(|entry| entry.file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// A copy of a project in a folder of its own.
    pub(crate) fn copy(name: &str, variant: Variant) -> Project {
        let folder = TempDir::with_prefix("pgstead-corpus-").unwrap();
        copy(&folder_of(name).join("tree"), folder.path(), variant);
        Project(folder)
    }

    /// An empty folder.
    pub(crate) fn empty() -> Project {
        Project(TempDir::with_prefix("pgstead-corpus-").unwrap())
    }
}

fn copy(from: &Path, to: &Path, variant: Variant) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to, variant);
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        let text = match variant {
            Variant::Plain => text,
            Variant::Windows => text.replace('\n', "\r\n"),
            // A script's first line is read by the kernel, which knows no mark.
            Variant::Marked if text.starts_with("#!") => text,
            Variant::Marked => format!("\u{feff}{text}"),
        };
        fs::write(to, text).unwrap();
    }
}
