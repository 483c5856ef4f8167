//! What manifests and lock files say.
//!
//! A manifest is read by the parser of its language; one that cannot be parsed is searched as text, and that is told.
//! What a package's life is can be said in part by the manifest (`devDependencies`) and in part by the code that uses it:
//! [`settle`] puts the two together when all files are read.

mod asked;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod cargo;
mod dotnet;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod go;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod gradle;
mod maven;
mod name;
mod npm;
mod npm_lock;
mod php;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod plain;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod python;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod python_lock;
#[expect(clippy::unnecessary_wraps, reason = "all readers of manifests have one form")]
mod ruby;
mod settle;
mod text;
mod xml;

use std::{collections::HashMap, sync::LazyLock};

use aho_corasick::AhoCorasick;

pub(crate) use self::{name::name, settle::settle};
use crate::{
    catalogue::{self, Ecosystem},
    file::File,
    finding::{Kind, Sighting},
};

type Read = fn(&File) -> Result<Vec<Sighting>, String>;

/// How a file of a name is read.
struct Format {
    ecosystem: Ecosystem,
    kind: Kind,
    read: Read,
}

/// Reads a manifest or a lock file; nothing of another file. With what was wrong with it.
pub(crate) fn read(file: &File) -> (Vec<Sighting>, Option<String>) {
    let Some(format) = format(file) else { return (Vec::new(), None) };
    if !mentions(format.ecosystem, &file.text) {
        return (Vec::new(), None);
    }
    match (format.read)(file) {
        Ok(sightings) => (sightings, None),
        Err(what) => {
            let sightings = text::search(file, format.ecosystem, format.kind);
            (sightings, Some(format!("{what}; it was searched as text")))
        }
    }
}

fn format(file: &File) -> Option<Format> {
    use Ecosystem::{
        Cargo, Cpan, Gem, Go, Hex, Maven, Native, Npm, Nuget, Packagist, Pub, Pypi, Rocks, Swift,
    };
    use Kind::{LockedPackage, Package};
    let (ecosystem, kind, read): (_, _, Read) = match file.name() {
        "package.json" => (Npm, Package, npm::manifest),
        "pnpm-workspace.yaml" => (Npm, Package, npm::catalogs),
        "deno.json" | "deno.jsonc" | "import_map.json" => (Npm, Package, npm::deno),
        "package-lock.json" | "npm-shrinkwrap.json" => (Npm, LockedPackage, npm_lock::npm),
        "pnpm-lock.yaml" => (Npm, LockedPackage, npm_lock::pnpm),
        "yarn.lock" => (Npm, LockedPackage, npm_lock::yarn),
        "bun.lock" => (Npm, LockedPackage, npm_lock::bun),
        "Cargo.toml" => (Cargo, Package, cargo::manifest),
        "Cargo.lock" => (Cargo, LockedPackage, cargo::lock),
        "pyproject.toml" => (Pypi, Package, python::pyproject),
        "Pipfile" => (Pypi, Package, python::pipfile),
        "setup.py" => (Pypi, Package, python::setup_py),
        "setup.cfg" | "tox.ini" => (Pypi, Package, python::setup_cfg),
        "environment.yml" | "environment.yaml" => (Pypi, Package, python::conda),
        "Pipfile.lock" => (Pypi, LockedPackage, python_lock::pipfile),
        "poetry.lock" | "uv.lock" | "pdm.lock" => (Pypi, LockedPackage, python_lock::blocks),
        "go.mod" => (Go, Package, go::manifest),
        "go.sum" => (Go, LockedPackage, go::sum),
        "Gemfile" | "gems.rb" => (Gem, Package, ruby::gemfile),
        "Gemfile.lock" | "gems.locked" => (Gem, LockedPackage, ruby::lock),
        "pom.xml" => (Maven, Package, maven::pom),
        "gradle.lockfile" => (Maven, LockedPackage, gradle::lock),
        "build.sbt" => (Maven, Package, gradle::sbt),
        "composer.json" => (Packagist, Package, php::manifest),
        "composer.lock" => (Packagist, LockedPackage, php::lock),
        "packages.config"
        | "Directory.Packages.props"
        | "Directory.Build.props"
        | "Directory.Build.targets" => (Nuget, Package, dotnet::project),
        "packages.lock.json" => (Nuget, LockedPackage, dotnet::lock),
        "mix.exs" | "rebar.config" => (Hex, Package, plain::hex),
        "mix.lock" | "rebar.lock" => (Hex, LockedPackage, plain::hex_lock),
        "pubspec.yaml" => (Pub, Package, plain::pubspec),
        "pubspec.lock" => (Pub, LockedPackage, plain::pub_lock),
        "Package.swift" => (Swift, Package, plain::swift),
        "Package.resolved" => (Swift, LockedPackage, plain::swift_lock),
        "cpanfile" | "Makefile.PL" | "Build.PL" => (Cpan, Package, plain::cpan),
        "vcpkg.json" | "conanfile.txt" | "conanfile.py" => (Native, Package, plain::native),
        "CMakeLists.txt" | "meson.build" => (Native, Package, plain::builds),
        name if name.ends_with(".cmake") => (Native, Package, plain::builds),
        name if name.ends_with(".rockspec") => (Rocks, Package, plain::rocks),
        name if name.ends_with(".gemspec") => (Gem, Package, ruby::gemspec),
        name if name.ends_with(".versions.toml") => (Maven, Package, gradle::versions),
        name if [".gradle", ".gradle.kts"].iter().any(|end| name.ends_with(end)) => {
            (Maven, Package, gradle::build)
        }
        name if [".csproj", ".fsproj", ".vbproj"].iter().any(|end| name.ends_with(end)) => {
            (Nuget, Package, dotnet::project)
        }
        _ if python::is_requirements(file) => (Pypi, Package, python::requirements),
        _ => return None,
    };
    Some(Format { ecosystem, kind, read })
}

/// Whether a file's bytes hold anything that a package could be called by: most manifests do not, and are not parsed.
fn mentions(ecosystem: Ecosystem, text: &str) -> bool {
    static NEEDLES: LazyLock<HashMap<Ecosystem, AhoCorasick>> = LazyLock::new(|| {
        let each = Ecosystem::ALL.iter().map(|&ecosystem| (ecosystem, needles(ecosystem)));
        each.collect()
    });
    NEEDLES.get(&ecosystem).is_some_and(|needles| needles.is_match(text))
}

fn needles(ecosystem: Ecosystem) -> AhoCorasick {
    let common = ["redis", "mongo", "valkey", "keydb", "dragonfly", "bull", "jedis", "redlock"];
    let mut needles: Vec<_> = common.map(str::to_owned).into();
    // A build may name what it asks for by an alias of its catalog alone.
    if ecosystem == Ecosystem::Maven {
        needles.extend(["libs.".to_owned(), "[libraries]".to_owned()]);
    }
    for package in catalogue::packages(ecosystem) {
        let name = package.name.trim_end_matches(['*', ':']).to_lowercase();
        // What builds write apart: a group and an artifact.
        let name = name.rsplit([':', '/']).next().unwrap_or_default().to_owned();
        if common.iter().any(|common| name.contains(common)) {
            continue;
        }
        needles.push(name.replace('-', "_"));
        needles.push(name);
    }
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(needles);
    automaton.expect("the names are few and short")
}
