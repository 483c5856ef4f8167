//! Manifests of npm, pnpm, yarn, bun and Deno.

use std::ops::Range;

use super::asked::{Asker, Use};
use crate::{
    catalogue::Ecosystem,
    document::{self, Node, Pair},
    file::File,
    finding::Sighting,
};

const ASKER: Asker = Asker { ecosystem: Ecosystem::Npm, kind: crate::finding::Kind::Package };

const DEVELOPMENT: Use = Use::Development("it is a development dependency");

/// Reads `package.json`.
pub(super) fn manifest(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::json(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (section, usage) in [
        ("dependencies", Use::Live),
        ("optionalDependencies", Use::Live),
        ("devDependencies", DEVELOPMENT),
    ] {
        let asked = root.get(section).into_iter().flat_map(Node::pairs);
        found.extend(asked.filter_map(|pair| dependency(pair, &usage)));
    }
    found.extend(peers(root));
    for section in ["bundledDependencies", "bundleDependencies"] {
        let names = root.get(section).into_iter().flat_map(Node::items);
        found.extend(names.filter_map(|name| ASKER.package(name.text()?, name.span(), &Use::Live)));
    }
    for way in [&["overrides"][..], &["resolutions"], &["pnpm", "overrides"]] {
        overrides(root.at(way), 0, &mut found);
    }
    catalog(root, &mut found);
    root.get("workspaces").into_iter().for_each(|workspaces| catalog(workspaces, &mut found));
    Ok(found)
}

/// Reads the catalogs and overrides of `pnpm-workspace.yaml`.
pub(super) fn catalogs(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::yaml(&file.text)?;
    let mut found = Vec::new();
    for root in document.roots() {
        catalog(root, &mut found);
        overrides(root.get("overrides"), 0, &mut found);
    }
    Ok(found)
}

/// Reads the imports of `deno.json`, or of an import map.
pub(super) fn deno(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::json(&file.text)?;
    let imports = document.root().and_then(|root| root.get("imports"));
    let pairs = imports.into_iter().flat_map(Node::pairs);
    let found = pairs.filter_map(|pair| {
        let asked = pair.value.text()?;
        let name = asked.strip_prefix("npm:").map(|asked| asked.trim_start_matches('/'));
        let name = name.map(|name| split(name).0).or_else(|| from_network(asked))?;
        ASKER.package(name, pair.span(), &Use::Live)
    });
    Ok(found.collect())
}

/// The package that an address of a network of packages is of.
fn from_network(address: &str) -> Option<&str> {
    let hosts = ["https://esm.sh/", "https://cdn.skypack.dev/", "https://deno.land/x/"];
    let rest = hosts.iter().find_map(|host| address.strip_prefix(host))?;
    let parts = if rest.starts_with('@') { 2 } else { 1 };
    let end = rest.match_indices('/').nth(parts - 1).map_or(rest.len(), |(at, _)| at);
    Some(split(&rest[..end]).0)
}

/// `name@range` is a name and a range.
pub(super) fn split(asked: &str) -> (&str, &str) {
    let from = usize::from(asked.starts_with('@'));
    match asked.get(from..).and_then(|rest| rest.find('@')) {
        Some(at) => (&asked[..from + at], &asked[from + at + 1..]),
        None => (asked, ""),
    }
}

/// A package under its own name, or under another (`"cache": "npm:ioredis@5"`).
fn dependency(pair: Pair<'_>, usage: &Use) -> Option<Sighting> {
    asked(pair.key, pair.value.text().unwrap_or_default(), pair.span(), usage)
}

fn asked(name: &str, range: &str, span: Range<usize>, usage: &Use) -> Option<Sighting> {
    if let Some(alias) = range.strip_prefix("npm:") {
        return ASKER.package(split(alias).0, span, usage);
    }
    let own = ["workspace:", "file:", "link:", "portal:", "./", "../"];
    if own.iter().any(|start| range.starts_with(start)) {
        // What is under a known name in the tree is a fork of it.
        return ASKER.own(name, span, usage);
    }
    ASKER.package(name, span, usage)
}

fn peers(root: Node<'_>) -> impl Iterator<Item = Sighting> {
    let meta = root.get("peerDependenciesMeta");
    let asked = root.get("peerDependencies").into_iter().flat_map(Node::pairs);
    asked.filter_map(move |pair| {
        let is_optional = meta.and_then(|meta| meta.at(&[pair.key, "optional"]));
        let is_optional = is_optional.and_then(Node::text) == Some("true");
        let usage = if is_optional { Use::Dormant("it is an optional peer") } else { Use::Live };
        dependency(pair, &usage)
    })
}

/// Keys are names with versions and ways (`bull>ioredis`, `**/ioredis`, `ioredis@4`); values may hold more of them.
fn overrides(node: Option<Node<'_>>, depth: usize, found: &mut Vec<Sighting>) {
    for pair in node.into_iter().flat_map(Node::pairs) {
        let last = pair.key.rsplit('>').next().unwrap_or_default().trim();
        let (name, _) = split(without_way(last));
        let range = pair.value.text().unwrap_or_default();
        if pair.value.is_map() {
            // `"bull": {"ioredis": "5"}` says something of ioredis; `{".": "4"}` of bull.
            if let Some(own) = pair.value.pair(".") {
                found.extend(ASKER.package(name, own.span(), &Use::Live));
            }
            if depth < 8 {
                overrides(Some(pair.value), depth + 1, found);
            }
        } else if name != "." {
            found.extend(asked(name, range, pair.span(), &Use::Live));
        }
    }
}

/// The last name of `a/b`, `**/b`, `a/**/@scope/b`.
fn without_way(way: &str) -> &str {
    let Some((before, last)) = way.rsplit_once('/') else { return way };
    let scope = before.rsplit('/').next().unwrap_or(before);
    if scope.starts_with('@') { &way[before.len() - scope.len()..] } else { last }
}

/// `catalog` and `catalogs`, of pnpm's workspaces and of bun's.
fn catalog(root: Node<'_>, found: &mut Vec<Sighting>) {
    let named = root.get("catalogs").into_iter().flat_map(Node::pairs).map(|pair| pair.value);
    for catalog in root.get("catalog").into_iter().chain(named) {
        found.extend(catalog.pairs().filter_map(|pair| dependency(pair, &Use::Live)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    fn read(text: &str) -> Vec<(String, usize, Option<Life>)> {
        let file = File::new("package.json".into(), text.into());
        let found = manifest(&file).unwrap().into_iter().map(|found| {
            let life = found.life.as_ref().map(|(life, _)| *life);
            (found.name, file.line_of(found.span.start) + 1, life)
        });
        found.collect()
    }

    #[test]
    fn each_section_says_what_a_package_is_for() {
        let text = r#"{
  "dependencies": {
    "ioredis": "^5", "redistribute": "1",
    "cache": "npm:ioredis@5",
    "@acme/redis": "workspace:*",
    "@acme/redis-tools": "1.0.0"
  },
  "devDependencies": {
    "ioredis-mock": "1",
    "bull": "4"
  },
  "peerDependencies": { "redis": "4",
    "bullmq": "5" },
  "peerDependenciesMeta": { "redis": { "optional": true } },
  "overrides": { "bullmq": { ".": "5",
      "ioredis": "5.4" } },
  "resolutions": { "**/ioredis": "5",
    "x/@redis/client": "1" },
  "bundleDependencies": ["kue"],
  "redis": { "url": "x" }
}"#;
        let name = |name: &str| name.to_owned();
        assert_eq!(
            read(text),
            [
                (name("ioredis"), 3, None),
                (name("ioredis"), 4, None),
                (name("@acme/redis-tools"), 6, None),
                (name("ioredis-mock"), 9, Some(Life::Test)),
                (name("bull"), 10, Some(Life::Test)),
                (name("redis"), 12, Some(Life::Dormant)),
                (name("bullmq"), 13, None),
                (name("kue"), 19, None),
                (name("bullmq"), 15, None),
                (name("ioredis"), 16, None),
                (name("ioredis"), 17, None),
                (name("@redis/client"), 18, None),
            ]
        );
    }

    #[test]
    fn catalogs_and_import_maps_are_manifests() {
        let text = "packages: [a]\ncatalog:\n  ioredis: ^5\ncatalogs:\n  old:\n    'bull': 3\n";
        let file = File::new("pnpm-workspace.yaml".into(), text.into());
        let names: Vec<_> = catalogs(&file).unwrap().into_iter().map(|found| found.name).collect();
        assert_eq!(names, ["ioredis", "bull"]);
        let text = r#"{"imports": {"r": "npm:redis@4", "s": "https://esm.sh/@upstash/redis@1/x", "t": "./redis"}}"#;
        let file = File::new("deno.json".into(), text.into());
        let names: Vec<_> = deno(&file).unwrap().into_iter().map(|found| found.name).collect();
        assert_eq!(names, ["redis", "@upstash/redis"]);
    }
}
