//! What is known of packages: `data/packages.toml`, a file of data.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::finding::{Purpose, Store};

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ecosystem {
    Npm,
    Cargo,
    Pypi,
    Go,
    Gem,
    Maven,
    Packagist,
    Nuget,
}

/// What a package does with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// It speaks to the store and nothing else: what for is told by who uses it.
    Client,
    /// It does something for which it needs the store.
    Library,
    /// It may use the store and may use something else: it counts where it is told to
    /// (`rate-limiter-flexible` with `RateLimiterRedis`, `celery` with a broker).
    Optional,
    /// Types alone, mocks and tools of development.
    Development,
}

/// A package of the catalogue.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    /// As its registry spells it. A `*` at the end stands for any rest.
    pub(crate) name: String,
    pub(crate) ecosystem: Ecosystem,
    pub(crate) store: Store,
    pub(crate) role: Role,
    pub(crate) purpose: Purpose,
    /// What it is, in a few words.
    pub(crate) what: String,
    /// What of pgstead, or of the language, replaces it.
    pub(crate) replacement: String,
    /// Under which names code imports it, where that is not its own name (`redis` for `redis-py`).
    #[serde(default)]
    pub(crate) imports: Vec<String>,
    /// What of it needs the store, for `role = "optional"`: names that are imported or constructed.
    #[serde(default)]
    pub(crate) only: Vec<String>,
}

#[derive(Deserialize)]
struct Data {
    package: Vec<Package>,
}

/// All packages, in the order of the file.
static PACKAGES: LazyLock<Vec<Package>> = LazyLock::new(|| {
    let data = include_str!("../data/packages.toml");
    toml::from_str::<Data>(data).expect("a test reads the file").package
});

type Index = HashMap<(Ecosystem, &'static str), &'static Package>;

static BY_NAME: LazyLock<Index> = LazyLock::new(|| {
    let exact = PACKAGES.iter().filter(|package| !package.name.ends_with('*'));
    exact.map(|package| ((package.ecosystem, package.name.as_str()), package)).collect()
});

/// The package by its name in its registry.
pub(crate) fn package(ecosystem: Ecosystem, name: &str) -> Option<&'static Package> {
    BY_NAME.get(&(ecosystem, name)).copied().or_else(|| {
        PACKAGES.iter().find(|package| {
            let start = package.name.strip_suffix('*');
            package.ecosystem == ecosystem && start.is_some_and(|start| name.starts_with(start))
        })
    })
}

/// All packages of an ecosystem.
pub(crate) fn packages(ecosystem: Ecosystem) -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().filter(move |package| package.ecosystem == ecosystem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_by_name_and_by_beginning() {
        let found = |name| package(Ecosystem::Npm, name).map(|package| package.name.as_str());
        assert_eq!(found("ioredis"), Some("ioredis"));
        assert_eq!(found("@redis/client"), Some("@redis/*"));
        assert_eq!(found("redistribute"), None);
        assert_eq!(package(Ecosystem::Pypi, "ioredis"), None);
    }

    #[test]
    fn each_package_stands_there_once() {
        let mut seen = std::collections::HashSet::new();
        for package in PACKAGES.iter() {
            assert!(seen.insert((package.ecosystem, &package.name)), "{package:?} is there twice");
        }
    }
}
