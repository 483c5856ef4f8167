//! The modules of the Node package that stand in for libraries on Redis: `data/standins.toml`.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use super::{draft::Draft, javascript};
use crate::{finding::Life, life};

/// The Node package that has the modules.
pub(super) const PACKAGE: &str = "pgstead";

/// A module that stands in for a library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StandIn {
    /// What it stands in for.
    pub(super) library: String,
    /// What is imported instead.
    pub(super) module: String,
    /// The names that it has.
    exports: Vec<String>,
    /// Names of the library that do without Redis.
    #[serde(default)]
    stays: Vec<String>,
    /// Whether all uses in a tree must change at once.
    #[serde(default)]
    pub(super) together: bool,
    /// Packages that take the library's own objects.
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    class: Vec<Class>,
}

/// Classes whose options hand over a client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    names: Vec<String>,
    /// Which argument has the options, from 0.
    pub(super) at: usize,
    /// The options that may hold an object of the library.
    #[serde(default)]
    pub(super) wraps: Vec<String>,
    /// The options that are dropped.
    pub(super) drops: Vec<String>,
}

/// What becomes of a name that is imported from a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The stand-in has it.
    Moves,
    /// It does without Redis.
    Stays,
    /// Nothing stands in for it.
    Unknown,
}

impl StandIn {
    pub(super) fn name(&self, name: &str) -> Name {
        match name {
            _ if self.exports.iter().any(|export| export == name) => Name::Moves,
            _ if self.stays.iter().any(|stays| stays == name) => Name::Stays,
            _ => Name::Unknown,
        }
    }

    pub(super) fn class(&self, name: &str) -> Option<&Class> {
        self.class.iter().find(|class| class.names.iter().any(|known| known == name))
    }

    /// Whether the name alone says that Redis is used: a class whose options have a client.
    pub(super) fn needs_store(&self, name: &str) -> bool {
        self.class(name).is_some()
    }

    /// Whether all of the library is about Redis.
    pub(super) fn is_all_of_it(&self) -> bool {
        self.stays.is_empty()
    }

    /// Whether a package takes the library's own objects.
    pub(super) fn is_taken_by(&self, package: &str) -> bool {
        self.unless.iter().any(|taker| match taker.strip_suffix('*') {
            Some(start) => package.starts_with(start),
            None => taker == package,
        })
    }
}

/// The code that runs and imports a stand-in after the edits.
pub(super) fn asking(draft: &Draft<'_>) -> BTreeSet<String> {
    static IMPORT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"['"]pgstead/[a-z-]+['"]"#).expect("it is valid"));
    let libraries = STAND_INS.iter().flat_map(|stand_in| draft.mentions.of(&stand_in.library));
    let files: BTreeSet<_> = libraries.chain(draft.mentions.of(PACKAGE)).collect();
    let asking = files.into_iter().filter(|path| {
        let runs = life::of(path).0 == Life::Live && javascript::is_code(path);
        runs && draft.after(path).is_some_and(|text| IMPORT.is_match(&text))
    });
    asking.map(ToString::to_string).collect()
}

#[derive(Deserialize)]
struct Data {
    module: Vec<StandIn>,
}

static STAND_INS: LazyLock<Vec<StandIn>> = LazyLock::new(|| {
    let data = include_str!("../../data/standins.toml");
    toml::from_str::<Data>(data).expect("a test reads the file").module
});

/// What stands in for a library.
pub(super) fn of(library: &str) -> Option<&'static StandIn> {
    STAND_INS.iter().find(|module| module.library == library)
}

/// All of them.
pub(super) fn all() -> &'static [StandIn] {
    &STAND_INS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_exported_and_no_name_both_moves_and_stays() {
        assert_eq!(all().len(), 4);
        for module in all() {
            assert_eq!(module.module, format!("{PACKAGE}/{}", module.library));
            assert!(module.stays.iter().all(|name| !module.exports.contains(name)));
            for class in &module.class {
                assert!(class.names.iter().all(|name| module.exports.contains(name)), "{class:?}");
            }
        }
    }
}
