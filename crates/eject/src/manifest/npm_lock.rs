//! Lock files of npm, pnpm, yarn and bun: one sighting for each package and version that is locked.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    asked::{Asker, Use},
    npm::split,
};
use crate::{
    catalogue::{self, Ecosystem},
    document::{self, Node, Pair},
    file::File,
    finding::{Kind, Life, Sighting},
};

const ASKER: Asker = Asker { ecosystem: Ecosystem::Npm, kind: Kind::LockedPackage };

const DEVELOPMENT: Use = Use::Development("development dependencies alone ask for it");

const PEER: Use = Use::Dormant("it is an optional peer, and nothing asks for it");

/// What is locked, by name and version: each once, with the life of the copy that lives most.
#[derive(Default)]
struct Locked {
    found: Vec<Sighting>,
    at: HashMap<(String, String), usize>,
}

impl Locked {
    fn add(&mut self, name: &str, version: &str, span: Range<usize>, usage: &Use) {
        let Some(sighting) = ASKER.package(name, span, usage) else { return };
        let key = (name.to_owned(), version.to_owned());
        let Some(&at) = self.at.get(&key) else {
            self.at.insert(key, self.found.len());
            self.found.push(sighting);
            return;
        };
        let rank = |sighting: &Sighting| match sighting.life {
            None => 0,
            Some((Life::Test, _)) => 1,
            Some(_) => 2,
        };
        let before = &mut self.found[at];
        if rank(&sighting) < rank(before) {
            before.life = sighting.life;
        }
    }

    /// With optional peers that are not locked: each once.
    fn with_peers(mut self, peers: Vec<(&str, Range<usize>)>) -> Vec<Sighting> {
        let mut known: HashSet<_> = self.at.into_keys().map(|(name, _)| name).collect();
        for (name, span) in peers {
            if known.insert(name.to_owned()) {
                self.found.extend(ASKER.package(name, span, &PEER));
            }
        }
        self.found
    }
}

fn is_set(node: Node<'_>, flag: &str) -> bool {
    node.get(flag).and_then(Node::text) == Some("true")
}

/// Reads `package-lock.json` of any version.
pub(super) fn npm(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::json(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let mut locked = Locked::default();
    let mut peers = Vec::new();
    match root.get("packages") {
        Some(packages) => {
            for pair in packages.pairs() {
                peers.extend(optional_peers(pair.value));
                let Some((_, folder)) = pair.key.rsplit_once("node_modules/") else { continue };
                let name = pair.value.get("name").and_then(Node::text).unwrap_or(folder);
                if !is_set(pair.value, "link") {
                    add(&mut locked, name, pair);
                }
            }
        }
        None => nested(root, 0, &mut locked),
    }
    Ok(locked.with_peers(peers))
}

fn add(locked: &mut Locked, name: &str, pair: Pair<'_>) {
    let version = pair.value.get("version").and_then(Node::text).unwrap_or_default();
    let is = |flag| is_set(pair.value, flag);
    let usage = if is("optional") && is("peer") {
        PEER
    } else if is("extraneous") {
        Use::Dormant("nothing asks for it")
    } else if is("dev") || is("devOptional") {
        DEVELOPMENT
    } else {
        Use::Live
    };
    locked.add(name, version, pair.key_span(), &usage);
}

/// The first version of the format nests what is installed in what.
fn nested(node: Node<'_>, depth: usize, locked: &mut Locked) {
    for pair in node.get("dependencies").into_iter().flat_map(Node::pairs) {
        let version = pair.value.get("version").and_then(Node::text).unwrap_or_default();
        let name = version.strip_prefix("npm:").map_or(pair.key, |alias| split(alias).0);
        add(locked, name, pair);
        if depth < 64 {
            nested(pair.value, depth + 1, locked);
        }
    }
}

/// The names of optional peers that an entry could use, where they are of a store.
fn optional_peers(entry: Node<'_>) -> impl Iterator<Item = (&str, Range<usize>)> {
    let meta = entry.get("peerDependenciesMeta");
    let peers = entry.get("peerDependencies").into_iter().flat_map(Node::pairs);
    peers.filter_map(move |pair| {
        let is_optional = is_set(meta?.get(pair.key)?, "optional");
        let is_known = catalogue::package(Ecosystem::Npm, pair.key).is_some();
        (is_optional && is_known).then(|| (pair.key, pair.span()))
    })
}

/// Reads `pnpm-lock.yaml` of any version.
pub(super) fn pnpm(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::yaml(&file.text)?;
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    let snapshots = root.get("snapshots");
    let by = |sections| snapshots.map(|snapshots| reached(root, snapshots, sections));
    // What nobody is seen to ask for may well be production's: the lock file is cut, or of another version.
    let (live, development) = (by(&LIVE[..]), by(&["devDependencies"]));
    let mut locked = Locked::default();
    let mut peers = Vec::new();
    for pair in root.get("packages").into_iter().flat_map(Node::pairs) {
        peers.extend(optional_peers(pair.value));
        let (name, version) = pnpm_name(pair.key);
        let is_development = match (&live, &development) {
            (Some(live), Some(development)) => {
                !live.contains(pair.key) && development.contains(pair.key)
            }
            _ => is_set(pair.value, "dev"),
        };
        let usage = if is_development { DEVELOPMENT } else { Use::Live };
        locked.add(name, version, pair.key_span(), &usage);
    }
    Ok(locked.with_peers(peers))
}

/// `/@scope/name/1.0.0_peers`, `/name@1.0.0(peers)`, `name@1.0.0` are a name and a version.
fn pnpm_name(key: &str) -> (&str, &str) {
    let bare = key.strip_prefix('/').unwrap_or(key);
    let bare = bare.split('(').next().unwrap_or(bare);
    let (name, version) = match split(bare) {
        (_, "") => bare.rsplit_once('/').unwrap_or((bare, "")),
        named => named,
    };
    (name, version.split('_').next().unwrap_or(version))
}

/// Sections of what production asks for.
const LIVE: [&str; 2] = ["dependencies", "optionalDependencies"];

/// What is reached from sections of the tree's own packages: the ninth version of the format marks nothing.
fn reached(root: Node<'_>, snapshots: Node<'_>, sections: &[&str]) -> HashSet<String> {
    let by_key: HashMap<_, _> = snapshots.pairs().map(|pair| (pair.key, pair.value)).collect();
    let mut waiting = Vec::new();
    for importer in root.get("importers").into_iter().flat_map(Node::pairs) {
        for section in sections {
            for pair in importer.value.get(section).into_iter().flat_map(Node::pairs) {
                let version = pair.value.get("version").and_then(Node::text).unwrap_or_default();
                waiting.push(snapshot(pair.key, version));
            }
        }
    }
    let mut seen = HashSet::new();
    while let Some(key) = waiting.pop() {
        if seen.contains(&key) {
            continue;
        }
        let node = by_key.get(key.as_str());
        let asked = LIVE.iter().filter_map(|section| node?.get(section)).flat_map(Node::pairs);
        waiting.extend(asked.map(|pair| snapshot(pair.key, pair.value.text().unwrap_or_default())));
        seen.insert(key);
    }
    seen.iter().map(|key| key.split('(').next().unwrap_or(key).to_owned()).collect()
}

/// The key of what a package is locked to; under another name it says its own.
fn snapshot(name: &str, version: &str) -> String {
    let bare = version.split('(').next().unwrap_or(version);
    let has_name = bare.get(1..).is_some_and(|rest| rest.contains('@'));
    if has_name { version.to_owned() } else { format!("{name}@{version}") }
}

/// Reads `yarn.lock` of any version.
pub(super) fn yarn(file: &File) -> Result<Vec<Sighting>, String> {
    let mut locked = Locked::default();
    let mut entry: Option<(&str, Range<usize>)> = None;
    for index in 0..file.line_count() {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        if line.starts_with("<<<<<<<") {
            return Err("it has conflicts of a merge".to_owned());
        }
        if let Some(header) = line.strip_suffix(':').filter(|line| !line.starts_with([' ', '#'])) {
            let first = header.trim_matches('"').split(',').next().unwrap_or_default();
            entry = yarn_name(first.trim().trim_matches('"')).map(|name| (name, span));
        } else if let Some(version) = line.strip_prefix("  version") {
            let version = version.trim_matches([' ', ':', '"']);
            if let Some((name, span)) = entry.take() {
                locked.add(name, version, span, &Use::Live);
            }
        }
    }
    Ok(locked.found)
}

/// The package that is asked for by `name@range`, `name@npm:range`, `other@npm:name@range`; none for one of the tree's own.
fn yarn_name(asked: &str) -> Option<&str> {
    let (name, range) = split(asked);
    if ["workspace:", "file:", "link:", "portal:"].iter().any(|own| range.starts_with(own)) {
        return None;
    }
    let alias = range.strip_prefix("npm:").map(split).filter(|(_, range)| !range.is_empty());
    Some(alias.map_or(name, |(name, _)| name))
}

/// Reads `bun.lock`.
pub(super) fn bun(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::json(&file.text)?;
    let packages = document.root().and_then(|root| root.get("packages"));
    let mut locked = Locked::default();
    for pair in packages.into_iter().flat_map(Node::pairs) {
        let Some(asked) = pair.value.items().next().and_then(Node::text) else { continue };
        let (name, version) = split(asked);
        if !version.starts_with("workspace:") {
            locked.add(name, version, pair.key_span(), &Use::Live);
        }
    }
    Ok(locked.found)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = fn(&File) -> Result<Vec<Sighting>, String>;

    fn lines(read: Read, text: &str) -> Vec<String> {
        let file = File::new("lock".into(), text.into());
        let found = read(&file).unwrap().into_iter().map(|found| {
            let life =
                found.life.as_ref().map_or("live".to_owned(), |(life, _)| format!("{life:?}"));
            format!("{} {} {}", file.line_of(found.span.start) + 1, found.name, life.to_lowercase())
        });
        found.collect()
    }

    #[test]
    fn npm_says_of_each_package_who_asks_for_it() {
        let text = r#"{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"bullmq": "5", "ioredis": "5"}},
"node_modules/bullmq": {"version": "5.1.0", "dependencies": {"ioredis": "^5"}},
"node_modules/bullmq/node_modules/ioredis": {"version": "5.4.0"},
"node_modules/ioredis": {"version": "5.4.0", "dev": true},
"node_modules/cache": {"name": "redis", "version": "4.0.0", "optional": true, "peer": true},
"node_modules/ioredis-mock": {"version": "8.0.0", "dev": true},
"node_modules/typeorm": {"version": "1", "peerDependencies": {
"mongodb": "5", "ioredis": "5"}, "peerDependenciesMeta": {"mongodb": {"optional": true}, "ioredis": {"optional": true}}},
"packages/redis": {"name": "@acme/redis", "version": "1.0.0"},
"node_modules/@acme/redis": {"resolved": "packages/redis", "link": true}
}}"#;
        let expected = [
            "3 bullmq live",
            "4 ioredis live",
            "6 redis dormant",
            "7 ioredis-mock test",
            "9 mongodb dormant",
        ];
        assert_eq!(lines(npm, text), expected);
        let text = r#"{"lockfileVersion": 1, "dependencies": {
"bull": {"version": "3.0.0", "requires": {"ioredis": "4"}, "dependencies": {
"ioredis": {"version": "4.0.0", "dev": true}}}}}"#;
        assert_eq!(lines(npm, text), ["2 bull live", "3 ioredis test"]);
    }

    #[test]
    fn pnpm_has_had_three_ways_to_write_a_key() {
        let text = "lockfileVersion: 5.4\npackages:\n  /ioredis/5.3.2:\n    dev: false\n  /@redis/client/1.5.8_x:\n    dev: true\n";
        assert_eq!(lines(pnpm, text), ["3 ioredis live", "5 @redis/client test"]);
        let text = "packages:\n  /ioredis@5.3.2:\n    dev: true\n  '/@redis/client@1.5.8(a@1)':\n    dev: false\n";
        assert_eq!(lines(pnpm, text), ["2 ioredis test", "4 @redis/client live"]);
        let text = "\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      bullmq:
        specifier: ^5
        version: 5.1.0(x@1)
    devDependencies:
      redis:
        specifier: ^4
        version: 4.0.0
packages:
  bullmq@5.1.0:
    resolution: {}
  ioredis@5.4.0:
    resolution: {}
  redis@4.0.0:
    resolution: {}
snapshots:
  bullmq@5.1.0(x@1):
    dependencies:
      ioredis: 5.4.0
  ioredis@5.4.0: {}
  redis@4.0.0: {}
";
        assert_eq!(lines(pnpm, text), ["13 bullmq live", "15 ioredis live", "17 redis test"]);
    }

    #[test]
    fn what_nobody_is_seen_to_ask_for_in_a_pnpm_lock_lives() {
        let text = "lockfileVersion: '9.0'\nimporters:\n  .:\n    devDependencies:\n      ioredis-mock: {specifier: ^8, version: 8.0.0}\n  packages/a:\n    dependencies:\n      ioredis: {specifier: ^5, version: 5.4.1}\npackages:\n  '@ioredis/commands@1.2.0': {}\n  bullmq@5.0.0: {}\n  ioredis@5.4.1: {}\n  redis-parser@3.0.0: {}\nsnapshots:\n  ioredis@5.4.1:\n    dependencies:\n      '@ioredis/commands': 1.2.0\n  ioredis-mock@8.0.0:\n    dependencies:\n      redis-parser: 3.0.0\n";
        assert_eq!(
            lines(pnpm, text),
            [
                "10 @ioredis/commands live",
                "11 bullmq live",
                "12 ioredis live",
                "13 redis-parser test"
            ]
        );
    }

    #[test]
    fn yarn_and_bun_name_what_they_lock() {
        let text = "# yarn lockfile v1\n\nioredis@^5.0.0, ioredis@^5.3.2:\n  version \"5.3.2\"\n  dependencies:\n    redis-parser \"3\"\n\n\"@redis/client@1.5.8\":\r\n  version \"1.5.8\"\n\"cache@npm:bull@3\":\n  version \"3.0.0\"\n";
        assert_eq!(lines(yarn, text), ["3 ioredis live", "8 @redis/client live", "10 bull live"]);
        let text = "__metadata:\n  version: 8\n\n\"ioredis@npm:^5.3.2\":\n  version: 5.3.2\n  resolution: \"ioredis@npm:5.3.2\"\n\n\"@acme/redis@workspace:packages/redis\":\n  version: 0.0.0-use.local\n";
        assert_eq!(lines(yarn, text), ["4 ioredis live"]);
        let text = "{\n\"lockfileVersion\": 1,\n\"packages\": {\n\"ioredis\": [\"ioredis@5.4.1\", \"\", {}, \"x\"],\n\"a/ioredis\": [\"ioredis@5.4.1\", \"\", {}, \"x\"],\n}}";
        assert_eq!(lines(bun, text), ["4 ioredis live"]);
    }
}
