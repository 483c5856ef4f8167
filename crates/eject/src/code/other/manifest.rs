//! What code has to know of manifests: under which name a folder is imported, and what is said of a package there alone.

use std::sync::LazyLock;

use regex::Regex;

use super::judge::may_be_told;
use crate::{
    catalogue::{self, Ecosystem, Package},
    file::File,
};

/// A package of Python with extras: `celery[redis]`, `celery = { extras = ["redis"] }`.
static EXTRAS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?m)^[^#\n]*?\b(?P<name>[A-Za-z][\w.-]*)\s*"#,
        r#"(?:\[(?P<of>[\w\s,-]*)\]|"?\s*=\s*\{[^}\n]*\bextras\s*=\s*\[(?P<list>[^\]\n]*)\])"#
    ))
    .expect("it is valid")
});

/// The name under which the code of a folder is imported, where a manifest says it.
pub(super) fn declares(file: &File) -> Option<String> {
    match file.name() {
        "go.mod" => {
            let mut lines = file.text.trim_start_matches('\u{feff}').lines();
            let path = lines.find_map(|line| line.trim().strip_prefix("module "))?;
            Some(path.split("//").next()?.trim().trim_matches('"').to_owned())
        }
        "Cargo.toml" => {
            let manifest = table(file)?;
            let of = |table: &str| manifest.get(table)?.get("name")?.as_str();
            Some(of("lib").or_else(|| of("package"))?.replace('-', "_"))
        }
        _ => None,
    }
}

/// The packages that are told by their extras to be on the store.
pub(super) fn told(file: &File) -> Vec<&'static Package> {
    let name = file.name();
    let is_list = |part: &str| part.starts_with("requirements");
    let is_manifest = matches!(name, "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile")
        || is_list(name)
        || matches!(file.extension(), "txt" | "in") && file.folder().split('/').any(is_list);
    if !is_manifest {
        return Vec::new();
    }
    let found = EXTRAS.captures_iter(&file.text).filter_map(|found| {
        let extras = found.name("of").or(found.name("list"))?.as_str();
        let is_told = extras
            .split(',')
            .any(|extra| matches!(extra.trim().trim_matches(['"', '\'']), "redis" | "valkey"));
        catalogue::package(Ecosystem::Pypi, &found["name"])
            .filter(|package| is_told && may_be_told(package))
    });
    found.collect()
}

/// `queue = { package = "apalis-redis" }`: the crates that code knows by another name.
pub(super) fn renames(file: &File) -> Vec<(String, String)> {
    if file.name() != "Cargo.toml" || !file.text.contains("package") {
        return Vec::new();
    }
    let Some(manifest) = table(file) else { return Vec::new() };
    let mut found = Vec::new();
    tables(&manifest, &mut found);
    found
}

/// A manifest of Cargo, if it is one.
fn table(file: &File) -> Option<toml::Table> {
    file.text.trim_start_matches('\u{feff}').parse().ok()
}

fn tables(table: &toml::Table, found: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let Some(inner) = value.as_table() else { continue };
        if !key.ends_with("dependencies") {
            tables(inner, found);
            continue;
        }
        for (alias, dependency) in inner {
            let package = dependency.get("package").and_then(toml::Value::as_str);
            let known = package.filter(|of| catalogue::package(Ecosystem::Cargo, of).is_some());
            let plain = |name: &str| name.replace('-', "_");
            found.extend(known.map(|of| (plain(alias), plain(of))).filter(|(a, of)| a != of));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<&'static str> {
        let file = File::new(path.into(), text.into());
        told(&file).into_iter().map(|package| package.name.as_str()).collect()
    }

    #[test]
    fn extras_tell_which_store_a_queue_is_on() {
        assert_eq!(
            names("pyproject.toml", "dependencies = [\n  \"celery[redis]>=5\",\n]"),
            ["celery"]
        );
        assert_eq!(
            names("Pipfile", "celery = {extras = [\"redis\"], version = \"*\"}"),
            ["celery"]
        );
        assert_eq!(
            names("requirements/jobs.txt", "# dramatiq[redis]\ncelery[msgpack, redis]"),
            ["celery"]
        );
        assert_eq!(names("requirements.txt", "celery[sqs]\nhealth[redis]\ncelery"), [""; 0]);
        assert_eq!(names("notes.txt", "celery[redis]"), [""; 0]);
    }

    #[test]
    fn crates_may_be_called_otherwise() {
        let text = "[dependencies]\njobs-x = { package = \"apalis-redis\", version = \"1\" }\n\
                    redis = { package = \"redis\" }\ny = { package = \"serde\" }\n";
        let file = File::new("a/Cargo.toml".into(), text.into());
        assert_eq!(renames(&file), [("jobs_x".to_owned(), "apalis_redis".to_owned())]);
    }
}
