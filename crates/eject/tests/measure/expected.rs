//! What people say is right: `expected.toml`.

use std::{collections::BTreeMap, fs, path::Path};

use pgstead_eject::{Kind, Life, Purpose, Store};
use serde::Deserialize;

use crate::tree;

/// What is to be found in a project.
#[derive(Debug)]
pub(crate) struct Expected {
    /// By file.
    pub(crate) files: BTreeMap<String, OfFile>,
}

/// What is to be found in a file.
#[derive(Debug, Default)]
pub(crate) struct OfFile {
    /// The life of all in it, where at least one thing is to be found.
    pub(crate) life: Option<Life>,
    /// Places.
    pub(crate) entries: Vec<Entry>,
    /// Lines that may be reported or not: those beside a place that already tells of them.
    pub(crate) neutral: Vec<u32>,
}

/// One place that is to be found.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Any of these lines will do.
    pub(crate) lines: Vec<u32>,
    pub(crate) life: Life,
    pub(crate) store: Store,
    /// Any of these.
    pub(crate) kinds: Vec<Kind>,
    /// Any of these; none where it cannot be judged.
    pub(crate) purposes: Vec<Purpose>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileData {
    life: Option<Life>,
    #[serde(default)]
    live: Vec<EntryData>,
    #[serde(default)]
    test: Vec<EntryData>,
    #[serde(default)]
    dormant: Vec<EntryData>,
    #[serde(default)]
    historical: Vec<EntryData>,
    #[serde(default)]
    neutral: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryData {
    at: OneOrMore<String>,
    kind: OneOrMore<Kind>,
    purpose: Option<OneOrMore<Purpose>>,
    store: Option<Store>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

impl Expected {
    /// Of a project, whose tree gives the lines.
    pub(crate) fn read(project: &str, root: &Path) -> Self {
        let path = tree::folder_of(project).join("expected.toml");
        let text = fs::read_to_string(&path).unwrap();
        let data: BTreeMap<String, FileData> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let files = data.into_iter().map(|(path, data)| {
            let text = fs::read_to_string(root.join(&path))
                .unwrap_or_else(|error| panic!("{project}: {path} is expected: {error}"));
            let of_file = of_file(&format!("{project}/{path}"), data, &text);
            (path, of_file)
        });
        Self { files: files.collect() }
    }
}

fn of_file(what: &str, data: FileData, text: &str) -> OfFile {
    let lines: Vec<_> = text.lines().collect();
    let entry = |life, data: EntryData| Entry {
        lines: data.at.into_vec().iter().map(|needle| line_of(what, &lines, needle)).collect(),
        life,
        store: data.store.unwrap_or(Store::Redis),
        kinds: data.kind.into_vec(),
        purposes: data.purpose.map(OneOrMore::into_vec).unwrap_or_default(),
    };
    let mut entries = Vec::new();
    for (life, of_life) in [
        (Life::Live, data.live),
        (Life::Test, data.test),
        (Life::Dormant, data.dormant),
        (Life::Historical, data.historical),
    ] {
        entries.extend(of_life.into_iter().map(|data| entry(life, data)));
    }
    let neutral = data.neutral.iter().flat_map(|neutral| neutral_lines(what, &lines, neutral));
    OfFile { life: data.life, entries, neutral: neutral.collect() }
}

/// All lines that are this and nothing else, or else the one that holds it.
fn neutral_lines(what: &str, lines: &[&str], neutral: &str) -> Vec<u32> {
    let whole = (1..).zip(lines).filter(|(_, line)| line.trim() == neutral);
    let whole: Vec<u32> = whole.map(|(at, _)| at).collect();
    if whole.is_empty() { vec![line_of(what, lines, neutral)] } else { whole }
}

/// The line that holds a needle; with `before » needle` the first that does behind the one that holds `before`.
fn line_of(what: &str, lines: &[&str], needle: &str) -> u32 {
    let only = |needle: &str| {
        let mut found = (0..lines.len()).filter(|&at| lines[at].contains(needle));
        let first = found.next().unwrap_or_else(|| panic!("{what} has no line with {needle}"));
        assert_eq!(found.next(), None, "{what} has more than one line with {needle}");
        first
    };
    let index = match needle.split_once(" » ") {
        None => only(needle),
        Some((before, needle)) => {
            let mut behind = only(before) + 1..lines.len();
            let found = behind.find(|&at| lines[at].contains(needle));
            found.unwrap_or_else(|| panic!("{what} has no line with {needle} behind {before}"))
        }
    };
    u32::try_from(index + 1).unwrap()
}
