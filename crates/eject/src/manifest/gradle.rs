//! Builds of Gradle, in Groovy and in Kotlin; its catalogs of versions, its lock files; and sbt.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use regex::Regex;

use super::asked::{Asker, Use};
use crate::{
    catalogue::{self, Ecosystem, Package, Role},
    document::{self, Node},
    file::File,
    finding::{Kind, RelativePath, Sighting},
    word,
};

/// How the names of catalogs of versions end.
pub(super) const CATALOG: &str = ".versions.toml";

const ASKER: Asker = Asker { ecosystem: Ecosystem::Maven, kind: Kind::Package };

const DEVELOPMENT: Use = Use::Development("its configuration is of tests or development");

/// `configuration("group:artifact:1")`, `configuration group: 'g', name: 'a'`, `configuration(libs.some.alias)`.
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"^\s*"?(?P<configuration>\w+)"?\s*[\s(]\s*"#,
        r#"(?:(?:platform|enforcedPlatform|project\.dependencies\.platform)\s*\(\s*)?"#,
        r#"(?:["'](?P<group>[\w.-]+):(?P<artifact>[\w.-]+)(?::[^"']*)?["']"#,
        r#"|group\s*[:=]\s*["'](?P<map_group>[\w.-]+)["']\s*,\s*name\s*[:=]\s*["'](?P<map_artifact>[\w.-]+)["']"#,
        r#"|(?P<alias>libs\.[\w.]+))"#,
    ))
    .expect("it is valid")
});

fn of_configuration(configuration: &str) -> Use {
    let is_development = word::words(configuration)
        .any(|word| matches!(&*word, "test" | "tests" | "development" | "jmh" | "benchmark"));
    if is_development { DEVELOPMENT } else { Use::Live }
}

/// Reads a build of Gradle, line by line.
pub(super) fn build(file: &File) -> Result<Vec<Sighting>, String> {
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let Some(asked) = ASKED
            .captures(line.trim_start_matches('\u{feff}'))
            .filter(|_| !line.trim_start().starts_with("//"))
        else {
            continue;
        };
        let start = span.start + line.len() - line.trim_start().len();
        let span = start..start + line.trim().len();
        let usage = of_configuration(&asked["configuration"]);
        let part = |name| asked.name(name).map(|part| part.as_str());
        let named = part("group").zip(part("artifact"));
        let named = named.or_else(|| part("map_group").zip(part("map_artifact")));
        found.extend(match (named, part("alias")) {
            (Some((group, artifact)), _) => {
                ASKER.package(&format!("{group}:{artifact}"), span, &usage)
            }
            (None, Some(alias)) => {
                let package = of_alias(alias);
                let is_open = package.is_none();
                let mut sighting =
                    package.or_else(any).and_then(|name| ASKER.package(name, span, &usage));
                if let Some(sighting) = &mut sighting {
                    alias.clone_into(&mut sighting.name);
                    sighting.is_open = is_open;
                }
                sighting
            }
            (None, None) => None,
        });
    }
    Ok(found)
}

/// Any package of the language: it stands for what an alias means until its catalog is read.
fn any() -> Option<&'static str> {
    let mut packages = catalogue::packages(Ecosystem::Maven);
    packages.find(|package| package.role == Role::Client).map(|package| package.name.as_str())
}

/// The aliases of catalogs, for those builds that ask by them. Who asks by an alias of nothing asks for another package.
pub(super) fn settle(sightings: &mut BTreeMap<RelativePath, Vec<Sighting>>) {
    let mut aliases: HashMap<String, &'static Package> = HashMap::new();
    let is_alias = |found: &Sighting| found.is_open && found.kind == Kind::Package;
    let catalogs = sightings.iter_mut().filter(|(path, _)| path.ends_with(CATALOG));
    for (_, found) in catalogs {
        for alias in found.extract_if(.., |found| is_alias(found)) {
            aliases.extend(alias.package.map(|package| (alias.name, package)));
        }
    }
    for found in sightings.values_mut() {
        found.retain_mut(|sighting| {
            // What an alias is called says less than its catalog.
            let is_asked = sighting.name.starts_with("libs.");
            let Some(&package) = aliases.get(&sighting.name).filter(|_| is_asked) else {
                return !is_alias(sighting);
            };
            (sighting.package, sighting.store) = (Some(package), package.store);
            sighting.is_open = false;
            true
        });
    }
}

/// `group:artifact` of a library of a catalog.
fn module(library: Node<'_>) -> Option<String> {
    let says = |key| library.get(key).and_then(Node::text);
    match (library.text().or(says("module")), says("group"), says("name")) {
        (Some(module), ..) => Some(module.split(':').take(2).collect::<Vec<_>>().join(":")),
        (None, Some(group), Some(name)) => Some(format!("{group}:{name}")),
        _ => None,
    }
}

/// The package for which an alias of a catalog is named: `libs.spring.boot.starter.data.redis`, `libs.jedis`.
fn of_alias(alias: &str) -> Option<&'static str> {
    let said: Vec<_> = alias.split('.').skip(1).collect();
    let said = said.join("-");
    let named = catalogue::packages(Ecosystem::Maven).find(|package| {
        let artifact = package.name.rsplit(':').next().unwrap_or_default();
        artifact == said || said == "lettuce" && artifact == "lettuce-core"
    });
    let by_word = || {
        let package = catalogue::named(Ecosystem::Maven, &said)?;
        let store = package.store;
        catalogue::packages(Ecosystem::Maven).find(|package| package.store == store)
    };
    named.or_else(by_word).map(|package| package.name.as_str())
}

/// Reads a catalog of versions.
pub(super) fn versions(file: &File) -> Result<Vec<Sighting>, String> {
    let document = document::toml(&file.text)?;
    let libraries = document.root().and_then(|root| root.get("libraries"));
    let found = libraries
        .into_iter()
        .flat_map(Node::pairs)
        .filter_map(|pair| ASKER.package(&module(pair.value)?, pair.span(), &Use::Live));
    let mut found: Vec<_> = found.collect();
    // Under which names builds ask for it: each sign in between is a dot there.
    let accessor = |start: &str, key: &str| format!("{start}{}", key.replace(['-', '_'], "."));
    let package = |library: Node<'_>| ASKER.package(&module(library)?, library.span(), &Use::Live);
    let libraries = document.root().and_then(|root| root.get("libraries"));
    let mut open = |sighting: Option<Sighting>, name: String| {
        let Some(mut sighting) = sighting else { return };
        (sighting.name, sighting.is_open) = (name, true);
        found.push(sighting);
    };
    for pair in libraries.into_iter().flat_map(Node::pairs) {
        open(package(pair.value), accessor("libs.", pair.key));
    }
    let bundles = document.root().and_then(|root| root.get("bundles"));
    for pair in bundles.into_iter().flat_map(Node::pairs) {
        let mut brought = pair.value.items().filter_map(Node::text);
        let brought = brought.find_map(|alias| package(libraries?.get(alias)?));
        open(brought, accessor("libs.bundles.", pair.key));
    }
    Ok(found)
}

/// Reads `gradle.lockfile`: `group:artifact:version=configurations`.
pub(super) fn lock(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Maven);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let span = file.line(index);
        let Some((module, configurations)) = file.text[span.clone()].split_once('=') else {
            continue;
        };
        let Some((name, _)) = module.rsplit_once(':').filter(|_| seen.insert(module)) else {
            continue;
        };
        let mut each = configurations.split(',');
        let is_development = each.all(|one| of_configuration(one) == DEVELOPMENT);
        let usage = if is_development { DEVELOPMENT } else { Use::Live };
        found.extend(asker.package(name, span, &usage));
    }
    Ok(found)
}

/// Reads `build.sbt`: `"group" %% "artifact" % "version" % Test`.
pub(super) fn sbt(file: &File) -> Result<Vec<Sighting>, String> {
    static MODULE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?m)^[^\n"]*"([\w.-]+)"\s*%{1,3}\s*"([\w.-]+)"[^\n]*$"#).expect("it is valid")
    });
    let modules = MODULE.captures_iter(&file.text).filter_map(|module| {
        let line = module.get(0)?;
        if line.as_str().trim_start().starts_with("//") {
            return None;
        }
        let is_test = line.as_str().contains("% Test") || line.as_str().contains("\"test\"");
        let usage = if is_test { DEVELOPMENT } else { Use::Live };
        let (group, artifact) = (module.get(1)?, module.get(2)?);
        let name = format!("{}:{}", group.as_str(), artifact.as_str());
        ASKER.package(&name, group.start()..artifact.end(), &usage)
    });
    Ok(modules.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    fn told(read: fn(&File) -> Result<Vec<Sighting>, String>, text: &str) -> Vec<String> {
        let file = File::new("x".into(), text.into());
        let found = read(&file).unwrap().into_iter().filter(|found| !found.is_open).map(|found| {
            let life = if matches!(found.life, Some((Life::Test, _))) { " test" } else { "" };
            format!("{} {}{life}", file.line_of(found.span.start) + 1, found.name)
        });
        found.collect()
    }

    #[test]
    fn groovy_and_kotlin_ask_in_several_ways() {
        let text = "dependencies {\n  implementation 'redis.clients:jedis:5.1.0'\n  implementation(\"org.redisson:redisson:3.27\")\n  // implementation 'io.lettuce:lettuce-core:6'\n  testImplementation(\"it.ozimov:embedded-redis:0.7\")\n  compile group: 'io.lettuce', name: 'lettuce-core', version: '6'\n  implementation(libs.spring.boot.starter.data.redis)\n  api(libs.okhttp)\n  implementation(platform(\"org.acme:redistribute:1\"))\n  testImplementation 'redis.clients:jedis:5'\n}\n";
        assert_eq!(
            told(build, text),
            [
                "2 redis.clients:jedis",
                "3 org.redisson:redisson",
                "5 it.ozimov:embedded-redis test",
                "6 io.lettuce:lettuce-core",
                "7 libs.spring.boot.starter.data.redis",
                "10 redis.clients:jedis test",
            ]
        );
    }

    #[test]
    fn aliases_are_what_their_catalog_says() {
        let file = |path: &str, text: &str| File::new(path.into(), text.into());
        let catalog = "[libraries]\nkv-client = \"redis.clients:jedis:5\"\nweb = \"io.ktor:ktor:3\"\nkept-redis = \"org.springframework.session:spring-session-data-redis:3\"\n[bundles]\nmy-storage = [\"web\", \"kv-client\"]\nplain = [\"web\"]\n";
        let asked = "dependencies {\n  implementation(libs.kv.client)\n  implementation(libs.bundles.my.storage)\n  implementation(libs.bundles.plain)\n  implementation(libs.web)\n  implementation(libs.kept.redis)\n}\n";
        let catalog = file("gradle/libs.versions.toml", catalog);
        let asked = file("build.gradle.kts", asked);
        let mut all = BTreeMap::from([
            (catalog.path.clone(), versions(&catalog).unwrap()),
            (asked.path.clone(), build(&asked).unwrap()),
        ]);
        settle(&mut all);
        let names = |path: &RelativePath| -> Vec<_> {
            all[path].iter().map(|found| found.name.clone()).collect()
        };
        let kept = "org.springframework.session:spring-session-data-redis";
        assert_eq!(names(&catalog.path), ["redis.clients:jedis", kept]);
        let names = names(&asked.path);
        assert_eq!(names, ["libs.kv.client", "libs.bundles.my.storage", "libs.kept.redis"]);
        // The catalog says of which package, where the name of the alias only has the word.
        let package = all[&asked.path][2].package.map(|package| &*package.name);
        assert_eq!(package, Some(kept));
    }

    #[test]
    fn catalogs_locks_and_sbt() {
        let text = "[versions]\njedis = \"5\"\n[libraries]\njedis = { module = \"redis.clients:jedis\", version.ref = \"jedis\" }\nlettuce = { group = \"io.lettuce\", name = \"lettuce-core\", version = \"6\" }\nredisson = \"org.redisson:redisson:3\"\n";
        assert_eq!(
            told(versions, text),
            ["4 redis.clients:jedis", "5 io.lettuce:lettuce-core", "6 org.redisson:redisson"]
        );
        let text = "# x\nredis.clients:jedis:5.1.0=compileClasspath,testRuntimeClasspath\nio.lettuce:lettuce-core:6=testCompileClasspath\nempty=\n";
        assert_eq!(told(lock, text), ["2 redis.clients:jedis", "3 io.lettuce:lettuce-core test"]);
        let text = "libraryDependencies ++= Seq(\n  \"net.debasishg\" %% \"redisclient\" % \"3.42\",\n  // \"redis.clients\" % \"jedis\" % \"5\",\n  \"redis.clients\" % \"jedis\" % \"5\" % Test\n)\n";
        assert_eq!(told(sbt, text), ["2 net.debasishg:redisclient", "4 redis.clients:jedis test"]);
    }
}
