//! Which files mention a word: what a package, a variable or a module is looked for in before it is taken away.
//! It is found in one pass over the tree, without knowing what kind of file it is: who is not understood is not ignored.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use super::standin;
use crate::{
    catalogue::{self, Ecosystem},
    finding::{Kind, Life, RelativePath, Report, Store},
};

/// The words that edits may have to ask about, and the files that have them.
#[derive(Debug, Default)]
pub(super) struct Mentions(HashMap<String, Vec<RelativePath>>);

impl Mentions {
    pub(super) fn find(root: &Path, files: &[RelativePath], report: &Report) -> Self {
        let words: Vec<_> = words(report).into_iter().collect();
        let Ok(automaton) = AhoCorasick::new(&words) else { return Self::default() };
        let found = files.par_iter().map(|path| {
            let Ok(bytes) = fs::read(root.join(&**path)) else { return Vec::new() };
            let is_text = !bytes.iter().take(8 << 10).any(|&byte| byte == 0);
            let mut seen = BTreeSet::new();
            if is_text {
                // Words stand within each other: `redis` in `ioredis`.
                let found = automaton.find_overlapping_iter(&bytes);
                seen.extend(found.map(|found| found.pattern().as_usize()));
            }
            seen.into_iter().map(|word| (word, path.clone())).collect()
        });
        let mut mentions: HashMap<String, Vec<RelativePath>> = HashMap::new();
        for (word, path) in found.flatten_iter().collect::<Vec<_>>() {
            mentions.entry(words[word].clone()).or_default().push(path);
        }
        Self(mentions)
    }

    /// The files that have the word somewhere, as they are before the edits.
    pub(super) fn of(&self, word: &str) -> &[RelativePath] {
        self.0.get(word).map_or(&[], Vec::as_slice)
    }
}

fn words(report: &Report) -> BTreeSet<String> {
    let mut words = BTreeSet::from([standin::PACKAGE.to_owned()]);
    words.extend(standin::all().iter().map(|stand_in| stand_in.library.clone()));
    for finding in &report.findings {
        if finding.store != Store::Redis || finding.life == Life::Historical {
            continue;
        }
        let path = &finding.place.path;
        match finding.kind {
            Kind::Package | Kind::Import => {
                words.insert(finding.name.clone());
                words
                    .extend(finding.name.rsplit_once(':').map(|(_, artifact)| artifact.to_owned()));
                for ecosystem in Ecosystem::ALL {
                    let package = catalogue::package(ecosystem, &finding.name);
                    words.extend(package.into_iter().flat_map(|package| package.imports.clone()));
                }
            }
            Kind::VariableSet => _ = words.insert(finding.name.clone()),
            _ => {}
        }
        words.insert(stem(path).to_owned());
        words.insert(path.rsplit('/').next().unwrap_or(path).to_owned());
    }
    words.retain(|word| !word.is_empty());
    words
}

/// By what word a module is asked for: its name without its ending, its folder's name where it is the folder's index.
pub(super) fn stem(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    match stem {
        "index" | "__init__" | "mod" => parts.next().unwrap_or(stem),
        // Go asks for folders.
        _ if name.ends_with(".go") => parts.next().unwrap_or(stem),
        _ => stem,
    }
}
