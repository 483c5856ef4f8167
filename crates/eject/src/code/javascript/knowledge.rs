//! What is known beforehand: `data/javascript.toml`.

use std::{collections::HashSet, sync::LazyLock};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::{finding::Purpose, word};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Knowledge {
    pub(super) chains: HashSet<String>,
    pub(super) batches: HashSet<String>,
    pub(super) rooms: HashSet<String>,
    pub(super) not_commands: HashSet<String>,
    pub(super) jobs: HashSet<String>,
    connection_names: HashSet<String>,
    pub(super) connection_keys: HashSet<String>,
    pub(super) job_methods: HashSet<String>,
    pub(super) job_takers: HashSet<String>,
    pub(super) client_takers: HashSet<String>,
    pub(super) each: HashSet<String>,
    pub(super) passing: HashSet<String>,
    pub(super) handed: Vec<Handed>,
    pub(super) methods: HashSet<String>,
    pub(super) keyed: HashSet<String>,
    pub(super) registers: HashSet<String>,
    pub(super) options: HashSet<String>,
    pub(super) prefixes: HashSet<String>,
    pub(super) container_gets: HashSet<String>,
    pub(super) container_puts: HashSet<String>,
    pub(super) container_binds: HashSet<String>,
    pub(super) connection_options: HashSet<String>,
    pub(super) package_keys: HashSet<String>,
    pub(super) package_lists: HashSet<String>,
    pub(super) makes_nothing: HashSet<String>,
    pub(super) transparent: HashSet<String>,
    pub(super) interop: HashSet<String>,
    pub(super) gives_constructor: HashSet<String>,
    pub(super) decorations: Vec<Decoration>,
    pub(super) injections: HashSet<String>,
    pub(super) subscriptions: HashSet<String>,
    pub(super) command: Vec<Commands>,
    key: Vec<Words>,
    name: Vec<Words>,
    pub(super) constructor: Vec<Constructors>,
    entry: Vec<Paths>,
}

impl Knowledge {
    /// Whether what has such a name may say which server to connect to.
    pub(super) fn names_connection(&self, name: &str) -> bool {
        word::words(name).any(|word| self.connection_names.contains(&word))
    }
}

/// What methods of a client give that sends commands itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Handed {
    pub(super) purpose: Purpose,
    pub(super) methods: HashSet<String>,
    pub(super) class: String,
}

/// A plugin that puts a client on the server under a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decoration {
    pub(super) package: String,
    pub(super) property: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commands {
    pub(super) names: HashSet<String>,
    pub(super) purpose: Purpose,
    pub(super) score: u32,
    pub(super) why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(rename = "words")]
    list: Vec<String>,
    purpose: Purpose,
    score: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Constructors {
    pub(super) names: HashSet<String>,
    pub(super) purpose: Purpose,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paths {
    package: String,
    paths: String,
}

/// Words that tell a purpose, as one expression.
pub(super) struct Telling {
    pub(super) words: Regex,
    pub(super) purpose: Purpose,
    pub(super) score: u32,
}

/// Paths below a manifest's folder that a framework loads by itself.
pub(super) struct Entry {
    /// The package that brings the framework; a `*` at its end stands for any rest, and an empty one for any manifest.
    pub(super) package: &'static str,
    pub(super) paths: Regex,
}

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/javascript.toml")).expect("a test reads the file")
});

static KEYS: LazyLock<Vec<Telling>> = LazyLock::new(|| {
    // A key's words are parted by what is no letter, or by a capital.
    telling(&KNOWLEDGE.key, |word| {
        let rest = if word.ends_with('*') { "" } else { "(?:[^a-z]|$)" };
        let word = regex::escape(word.trim_end_matches('*')).replace(r"\*", "[_:-]?");
        format!("(?:^|[^a-z]){word}{rest}")
    })
});

static NAMES: LazyLock<Vec<Telling>> = LazyLock::new(|| telling(&KNOWLEDGE.name, regex::escape));

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entries = KNOWLEDGE.entry.iter().map(|entry| Entry {
        package: &entry.package,
        paths: Regex::new(&entry.paths).expect("a test reads the file"),
    });
    entries.collect()
});

fn telling(words: &[Words], pattern: impl Fn(&str) -> String) -> Vec<Telling> {
    let telling = words.iter().map(|entry| {
        let words: Vec<_> = entry.list.iter().map(|word| pattern(word)).collect();
        Telling {
            words: RegexBuilder::new(&words.join("|"))
                .case_insensitive(true)
                .build()
                .expect("a test reads the file"),
            purpose: entry.purpose,
            score: entry.score,
        }
    });
    telling.collect()
}

pub(super) fn knowledge() -> &'static Knowledge {
    &KNOWLEDGE
}

/// What the words of keys tell.
pub(super) fn keys() -> &'static [Telling] {
    &KEYS
}

/// What names of functions and files tell.
pub(super) fn names() -> &'static [Telling] {
    &NAMES
}

/// Where frameworks look for modules.
pub(super) fn entries() -> &'static [Entry] {
    &ENTRIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_valid() {
        assert!(!knowledge().methods.is_empty());
        assert!(!keys().is_empty() && !names().is_empty() && !entries().is_empty());
    }

    #[test]
    fn keys_tell_by_whole_words() {
        let told = |key: &str| {
            let telling = keys().iter().find(|telling| telling.words.is_match(key));
            telling.map(|telling| telling.purpose)
        };
        assert_eq!(told("refresh:…"), Some(Purpose::Tokens));
        assert_eq!(told("rl:api:"), Some(Purpose::Limits));
        assert_eq!(told("sess:"), Some(Purpose::Session));
        assert_eq!(told("world:"), None);
        assert_eq!(told("block:"), None);
    }
}
