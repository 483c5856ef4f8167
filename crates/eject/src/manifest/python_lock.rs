//! Lock files of Python's tools, and the form that several tools write: `[[package]]` tables of TOML, one key in a line.

use std::ops::Range;

use super::asked::{Asker, Use, is_of_development};
use crate::{catalogue::Ecosystem, document, file::File, finding::Sighting};

const DEVELOPMENT: Use = Use::Development("groups of development alone ask for it");

/// A `[[package]]` of a lock file.
pub(super) struct Locked<'f> {
    pub(super) name: &'f str,
    /// The line of the name.
    pub(super) span: Range<usize>,
    /// Where it comes from; tools leave it out, or say a path, for what is the tree's own.
    pub(super) source: Option<&'f str>,
    /// `category` or `groups`, as it is written.
    groups: Option<&'f str>,
}

/// The packages of a lock file. Read by line, since they are written by tools and are large.
pub(super) fn packages(file: &File) -> impl Iterator<Item = Locked<'_>> {
    let mut in_package = false;
    let mut current: Option<Locked<'_>> = None;
    let mut index = 0;
    std::iter::from_fn(move || {
        while index < file.line_count() {
            let span = file.line(index);
            let line = &file.text[span.clone()];
            index += 1;
            if line.starts_with('[') {
                in_package = line.starts_with("[[package]]");
                if in_package && current.is_some() {
                    return current.take();
                }
            } else if in_package && let Some((key, value)) = line.split_once(" = ") {
                let text = value.trim_matches(['"', ' ']);
                match (key, &mut current) {
                    ("name", _) => {
                        current = Some(Locked { name: text, span, source: None, groups: None });
                    }
                    ("source", Some(package)) => package.source = Some(value),
                    ("category" | "groups", Some(package)) => package.groups = Some(value),
                    _ => {}
                }
            }
        }
        current.take()
    })
}

/// Reads `poetry.lock`, `uv.lock`, `pdm.lock`.
pub(super) fn blocks(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Pypi);
    let own = ["editable", "virtual", "directory"];
    let is_own = |package: &Locked<'_>| {
        package.source.is_some_and(|source| own.iter().any(|kind| source.contains(kind)))
    };
    let found = packages(file).filter(|package| !is_own(package)).filter_map(|package| {
        let usage = match package.groups {
            Some(groups) if is_development(groups) => DEVELOPMENT,
            _ => Use::Live,
        };
        asker.package(package.name, package.span, &usage)
    });
    Ok(found.collect())
}

/// `"dev"` or `["dev", "test"]`: all of them are of development.
fn is_development(groups: &str) -> bool {
    let mut names = groups.split('"').skip(1).step_by(2).peekable();
    names.peek().is_some() && names.all(is_of_development)
}

/// Reads `Pipfile.lock`.
pub(super) fn pipfile(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Pypi);
    let document = document::json(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for section in root.pairs().filter(|section| section.key != "_meta") {
        let usage = if is_of_development(section.key) { DEVELOPMENT } else { Use::Live };
        let pairs = section.value.pairs().filter(|pair| pair.value.get("path").is_none());
        found.extend(pairs.filter_map(|pair| asker.package(pair.key, pair.key_span(), &usage)));
    }
    // The same in two sections is locked once, and what production has lives.
    let live: Vec<_> =
        found.iter().filter(|found| found.life.is_none()).map(|found| found.name.clone()).collect();
    found.retain(|found: &Sighting| found.life.is_none() || !live.contains(&found.name));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    fn told(found: &[Sighting]) -> Vec<(&str, Option<Life>)> {
        let told = found
            .iter()
            .map(|found| (found.name.as_str(), found.life.as_ref().map(|(life, _)| *life)));
        told.collect()
    }

    #[test]
    fn each_tool_says_its_groups_in_its_way() {
        let text = "[[package]]\nname = \"redis\"\nversion = \"5\"\ncategory = \"main\"\n\n[package.dependencies]\nname = \"hiredis\"\n\n[[package]]\nname = \"fakeredis\"\ngroups = [\"dev\"]\n\n[[package]]\nname = \"rq\"\nversion = \"1\"\ngroups = [\"dev\", \"test\"]\n\n[[package]]\nname = \"redis-app\"\nsource = { editable = \".\" }\n\n[[package]]\nname = \"arq\"\nsource = { registry = \"x\" }\n";
        let file = File::new("uv.lock".into(), text.into());
        let expected = [
            ("redis", None),
            ("fakeredis", Some(Life::Test)),
            ("rq", Some(Life::Test)),
            ("arq", None),
        ];
        assert_eq!(told(&blocks(&file).unwrap()), expected);
        let text = r#"{"_meta": {"redis": 1}, "default": {"redis": {"version": "==5"}}, "develop": {"redis": {}, "rq": {}}}"#;
        let file = File::new("Pipfile.lock".into(), text.into());
        assert_eq!(told(&pipfile(&file).unwrap()), [("redis", None), ("rq", Some(Life::Test))]);
    }
}
