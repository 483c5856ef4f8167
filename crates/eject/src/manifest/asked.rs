//! A package that a manifest asks for, or that a lock file holds.

use std::ops::Range;

use crate::{
    catalogue::{self, Ecosystem, Role},
    finding::{Kind, Life, Purpose, Sighting, Store},
    word,
};

/// As what a package is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Production has it.
    Live,
    /// Development and tests alone have it; a sentence says why that is known.
    Development(&'static str),
    /// Nobody has it as long as nobody asks for it; a sentence says why.
    Dormant(&'static str),
}

/// Who makes sightings of one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) ecosystem: Ecosystem,
    pub(super) kind: Kind,
}

impl Asker {
    pub(super) fn manifest(ecosystem: Ecosystem) -> Self {
        Self { ecosystem, kind: Kind::Package }
    }

    pub(super) fn lock(ecosystem: Ecosystem) -> Self {
        Self { ecosystem, kind: Kind::LockedPackage }
    }

    /// A package from a registry: one of the catalogue, or one that is named for a store.
    pub(super) fn package(self, name: &str, span: Range<usize>, usage: &Use) -> Option<Sighting> {
        let known = catalogue::package(self.ecosystem, name);
        let package = known.or_else(|| catalogue::named(self.ecosystem, name))?;
        if package.is_quiet {
            return None;
        }
        Some(self.sighting(package, name, span, usage))
    }

    /// A package of the tree's own: its name alone tells nothing.
    pub(super) fn own(self, name: &str, span: Range<usize>, usage: &Use) -> Option<Sighting> {
        let package = catalogue::package(self.ecosystem, name)?;
        (!package.is_quiet).then(|| self.sighting(package, name, span, usage))
    }

    fn sighting(
        self,
        package: &'static catalogue::Package,
        name: &str,
        span: Range<usize>,
        usage: &Use,
    ) -> Sighting {
        let sighting = Sighting::of(self.kind, package, span, name);
        if package.role == Role::Development && !matches!(usage, Use::Dormant(_)) {
            return sighting.life(Life::Test, "it is for tests and development");
        }
        usage.life_of(sighting)
    }

    /// A package with extras or features, of which one may be what brings the store: `celery[redis]`.
    pub(super) fn with_extras(
        self,
        name: &str,
        extras: &[&str],
        span: Range<usize>,
        usage: &Use,
    ) -> Option<Sighting> {
        let told = extras.iter().find_map(|extra| Some((*extra, store_of(extra)?)));
        let found = self.package(name, span.clone(), usage);
        let Some((extra, store)) = told else { return found };
        let found =
            found.unwrap_or_else(|| usage.life_of(Sighting::new(self.kind, store, span, name)));
        let purpose = found.package.map_or(Purpose::Other, |package| package.purpose);
        // What it is for being said, it is no longer to be settled by who uses it.
        Some(found.purpose(purpose, format!("it is asked for with `{extra}`")))
    }
}

impl Use {
    /// A sighting with the life that this gives it.
    fn life_of(&self, sighting: Sighting) -> Sighting {
        match *self {
            Self::Live => sighting,
            Self::Development(why) => sighting.life(Life::Test, why),
            Self::Dormant(why) => sighting.life(Life::Dormant, why),
        }
    }
}

/// The store that an extra or a feature is named for.
fn store_of(extra: &str) -> Option<Store> {
    word::words(extra).find_map(|word| match &*word {
        "redis" | "hiredis" | "valkey" | "keydb" => Some(Store::Redis),
        "mongo" | "mongodb" | "pymongo" => Some(Store::Mongodb),
        _ => None,
    })
}

/// Whether a group of dependencies is of development, by its name.
pub(super) fn is_of_development(group: &str) -> bool {
    const GROUPS: &[&str] = &[
        "bench",
        "ci",
        "coverage",
        "debug",
        "dev",
        "develop",
        "development",
        "doc",
        "docs",
        "e2e",
        "example",
        "examples",
        "format",
        "integration",
        "lint",
        "linting",
        "mypy",
        "pytest",
        "test",
        "testing",
        "tests",
        "tooling",
        "types",
        "typing",
        "unit",
    ];
    word::words(group).any(|word| GROUPS.contains(&&*word))
}
