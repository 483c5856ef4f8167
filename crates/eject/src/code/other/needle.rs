//! Whether a file is worth a parser.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{import::light, known, language::Language};
use crate::{
    catalogue::{self, Ecosystem},
    file::File,
};

/// Names shorter than this stand in too many words; they are looked for in imports alone.
const SHORTEST: usize = 5;

/// Words of a store, and of what may be on one.
const WORDS: &[&str] = &["redis", "valkey", "keydb", "mongo", ":6379", ":27017"];

type Finders = HashMap<Ecosystem, (AhoCorasick, Vec<String>)>;

static FINDERS: LazyLock<Finders> = LazyLock::new(|| {
    let all: HashSet<_> = Language::ALL.into_iter().map(Language::ecosystem).collect();
    all.into_iter().map(|ecosystem| (ecosystem, finder(ecosystem))).collect()
});

/// What finds the names of an ecosystem's packages, and the names that are too short for it.
fn finder(ecosystem: Ecosystem) -> (AhoCorasick, Vec<String>) {
    let imports = catalogue::packages(ecosystem).flat_map(|package| &package.imports);
    let names = imports.map(|name| name.trim_end_matches(['*', '.', '/', ':', '\\']).to_owned());
    let (long, short): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| name.len() >= SHORTEST);
    // `A::B` and `A\B` are written with other signs than in the catalogue: the last name is enough.
    let long = long.iter().map(|name| name.rsplit(['.', ':', '\\']).next().unwrap_or(name));
    let long = long.filter(|name| name.len() >= SHORTEST).map(str::to_owned);
    let sent = known::distinctive().map(|command| format!(".{command}("));
    let added = known::extensions().iter().map(|extension| extension.module.clone());
    let words = WORDS.iter().map(|&word| word.to_owned()).chain(long).chain(sent).chain(added);
    let finder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .build(words)
        .expect("a few hundred names fit");
    (finder, short)
}

/// Whether a file has a word about a store, or gives on all that another has.
pub(super) fn is_in(file: &File, language: Language) -> bool {
    let (finder, short) = &FINDERS[&language.ecosystem()];
    finder.is_match(&file.text)
        || gives_all_on(&file.text, language)
        || !short.is_empty()
            && short.iter().any(|name| file.text.contains(&**name))
            && light(language, &file.text).iter().any(|import| {
                short.iter().any(|name| import.full().split(['.', '/']).any(|part| part == name))
            })
}

fn gives_all_on(text: &str, language: Language) -> bool {
    match language {
        Language::Python => text.contains("import *"),
        Language::Rust => text.lines().any(|line| {
            let line = line.trim();
            line.starts_with("pub use ") && line.ends_with("::*;")
        }),
        _ => false,
    }
}
