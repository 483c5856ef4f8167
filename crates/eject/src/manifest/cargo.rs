//! `Cargo.toml` and `Cargo.lock`.

use super::{
    asked::{Asker, Use},
    python_lock::packages,
};
use crate::{
    catalogue::Ecosystem,
    document::{self, Node, Pair},
    file::File,
    finding::{Kind, Sighting},
};

const ASKER: Asker = Asker { ecosystem: Ecosystem::Cargo, kind: Kind::Package };

/// Reads `Cargo.toml`: all its tables of dependencies, also those of targets and of the workspace.
pub(super) fn manifest(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::toml(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let mut found = tables(root);
    for target in root.get("target").into_iter().flat_map(Node::pairs) {
        found.extend(tables(target.value));
    }
    found.extend(root.get("workspace").into_iter().flat_map(tables));
    for source in root.get("patch").into_iter().flat_map(Node::pairs) {
        found.extend(source.value.pairs().filter_map(|pair| dependency(pair, &Use::Live)));
    }
    Ok(found)
}

fn tables(node: Node<'_>) -> Vec<Sighting> {
    const DEVELOPMENT: Use = Use::Development("it is a development dependency");
    let sections = [
        ("dependencies", Use::Live),
        ("build-dependencies", Use::Live),
        ("build_dependencies", Use::Live),
        ("dev-dependencies", DEVELOPMENT),
        ("dev_dependencies", DEVELOPMENT),
    ];
    let found = sections.into_iter().flat_map(|(section, usage)| {
        let asked = node.get(section).into_iter().flat_map(Node::pairs);
        asked.filter_map(move |pair| dependency(pair, &usage))
    });
    found.collect()
}

fn dependency(pair: Pair<'_>, usage: &Use) -> Option<Sighting> {
    let says = |key| pair.value.get(key).and_then(Node::text);
    let name = says("package").unwrap_or(pair.key);
    if says("path").is_some() && says("version").is_none() {
        return ASKER.own(name, pair.span(), usage);
    }
    let features = pair.value.get("features").into_iter().flat_map(Node::items);
    let features: Vec<_> = features.filter_map(Node::text).collect();
    // The workspace says where it is from, and most that is named for a store there is the tree's own.
    if pair.value.get("workspace").is_some() && features.is_empty() {
        return ASKER.own(name, pair.span(), usage);
    }
    ASKER.with_extras(name, &features, pair.span(), usage)
}

/// Reads `Cargo.lock`; members of the workspace have no source.
pub(super) fn lock(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Cargo);
    let foreign = packages(file).filter(|package| package.source.is_some());
    let found = foreign.filter_map(|package| asker.package(package.name, package.span, &Use::Live));
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    #[test]
    fn all_tables_ask() {
        let text = r#"
[dependencies]
redis = { version = "1", optional = true }
cache = { package = "fred", version = "10" } # a name of its own
redistribute = "1"
my-redis = { path = "../my-redis" }
cached = { version = "1", features = ["redis_store"] }
apalis = "0.6"

[dependencies.deadpool-redis]
version = "1"

[target.'cfg(unix)'.dev-dependencies]
redis-test = "1"

[workspace.dependencies]
bb8-redis.workspace = true
our-redis.workspace = true
"#;
        let file = File::new("Cargo.toml".into(), text.into());
        let found = manifest(&file).unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|found| {
                (
                    file.line_of(found.span.start) + 1,
                    found.name.as_str(),
                    found.life.as_ref().map(|(life, _)| *life),
                    found.purpose.is_some(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (3, "redis", None, false),
                (4, "fred", None, false),
                (7, "cached", None, true),
                (8, "apalis", None, false),
                (10, "deadpool-redis", None, false),
                (14, "redis-test", Some(Life::Test), false),
                (17, "bb8-redis", None, false),
            ]
        );
    }

    #[test]
    fn a_lock_names_what_comes_from_elsewhere() {
        let text = "version = 4\n\n[[package]]\nname = \"redis\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\ndependencies = [\n \"deadpool-redis\",\n]\n\n[[package]]\nname = \"my-redis\"\nversion = \"0.1.0\"\n";
        let file = File::new("Cargo.lock".into(), text.into());
        let found = lock(&file).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].span.clone()], "name = \"redis\"");
    }
}
