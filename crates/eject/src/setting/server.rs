//! What servers are called, as containers, charts, infrastructure and commands: `data/servers.toml`, a file of data.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    finding::{Purpose, Store},
    word,
};

#[derive(Deserialize)]
struct Data {
    runners: Vec<String>,
    installers: Vec<String>,
    setters: Vec<String>,
    store: Vec<Names>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    store: Store,
    words: Vec<String>,
    images: Vec<String>,
    charts: Vec<String>,
    resources: Vec<String>,
    commands: Vec<String>,
    workers: Vec<String>,
    clouds: Vec<String>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let data = include_str!("../../data/servers.toml");
    toml::from_str(data).expect("a test reads the file")
});

fn find(matches: impl Fn(&Names) -> bool) -> Option<Store> {
    DATA.store.iter().find(|names| matches(names)).map(|names| names.store)
}

/// Whether a program runs what is named behind it.
pub(super) fn runs_another(word: &str) -> bool {
    DATA.runners.iter().any(|runner| runner == word)
}

/// Whether what is named behind a word is installed.
pub(super) fn installs(word: &str) -> bool {
    DATA.installers.iter().any(|installer| installer == word)
}

/// What sets the variables that are named behind it.
pub(super) fn setters() -> impl Iterator<Item = &'static str> {
    DATA.setters.iter().map(String::as_str)
}

/// The store whose server a cloud's own tool is asked for.
pub(super) fn of_cloud(command: &str) -> Option<Store> {
    find(|names| names.clouds.iter().any(|pattern| follows(command, pattern)))
}

/// Whether the words of a pattern follow one another in a command, but for options; of three the last comes anywhere.
fn follows(command: &str, pattern: &str) -> bool {
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    for (index, wanted) in pattern.split(' ').enumerate() {
        let mut is_of_option = false;
        let found = words.by_ref().find(|word| {
            let is_one =
                fits(word, wanted) || index > 1 && word.split('=').any(|of| fits(of, wanted));
            let is_passed = index > 1 || index == 1 && (is_of_option || word.starts_with('-'));
            is_of_option = word.starts_with('-') && !word.contains('=');
            is_one || !is_passed
        });
        let is_it = |word: &str| word.split('=').any(|of| fits(of, wanted));
        if !found.is_some_and(is_it) {
            return false;
        }
    }
    true
}

/// Whether a word is one of a pattern: `horizon:*`.
fn fits(word: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (_, Some(start)) => word.starts_with(start),
        _ => word == pattern,
    }
}

/// The store that a word of a name tells of: of a container, a volume, a secret, a file.
pub(super) fn of_name(name: &str) -> Option<Store> {
    find(|names| word::words(name).any(|word| names.words.contains(&word)))
}

/// The store of which an image is a server, or something that goes with it (an exporter, a browser).
pub(super) fn of_image(image: &str) -> Option<Store> {
    let path = image_path(image);
    let last = path.rsplit('/').next().unwrap_or(&path);
    let named = |name: &String| path == *name || path.ends_with(&format!("/{name}"));
    find(|names| names.images.iter().any(named)).or_else(|| of_name(last))
}

/// The path of an image without registry variables, tag and digest: `${REGISTRY:-docker.io}/bitnami/redis:${TAG}`.
pub(super) fn image_path(image: &str) -> String {
    let mut bare = String::new();
    let mut rest = image.trim();
    // What a variable holds is not known; what it holds if unset is.
    while let Some((before, inner)) = rest.split_once("${") {
        bare.push_str(before);
        let (variable, after) = inner.split_once('}').unwrap_or((inner, ""));
        if let Some((_, default)) = variable.split_once(":-") {
            bare.push_str(default);
        }
        rest = after;
    }
    bare.push_str(rest);
    let bare = bare.split('@').next().unwrap_or(&bare);
    let bare = bare.strip_prefix("docker://").unwrap_or(bare);
    let end = match (bare.rfind(':'), bare.rfind('/')) {
        (Some(colon), Some(slash)) if colon < slash => bare.len(),
        (Some(colon), _) => colon,
        (None, _) => bare.len(),
    };
    bare[..end].to_owned()
}

/// The store of which a chart is a server: `redis`, `bitnami/redis`, `oci://registry/charts/valkey`.
pub(super) fn of_chart(chart: &str) -> Option<Store> {
    let name = chart.trim_end_matches('/').rsplit('/').next().unwrap_or(chart);
    find(|names| names.charts.iter().any(|chart| chart == name)).or_else(|| of_name(name))
}

/// The store that a type of infrastructure is of: `aws_elasticache_cluster`, `Microsoft.Cache/redis@2023-08-01`.
pub(super) fn of_resource(kind: &str) -> Option<Store> {
    let kind = kind.split('@').next().unwrap_or(kind);
    let lower = kind.to_lowercase();
    let matches = |pattern: &String| match pattern.strip_suffix('*') {
        Some(start) => lower.starts_with(start),
        None => lower == *pattern,
    };
    find(|names| names.resources.iter().any(matches)).or_else(|| of_name(kind))
}

/// The first program in a command line that is of a store, and which.
pub(super) fn of_command(line: &str) -> Option<(&str, Store)> {
    let mut programs = words(line).map(|word| word.rsplit('/').next().unwrap_or(word));
    programs.find_map(|program| Some((program, of_program(program, line)?)))
}

/// The words of a command line.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    let words =
        line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '`'));
    words.filter(|word| !word.is_empty())
}

/// The store of a program of a command line.
pub(super) fn of_program(program: &str, line: &str) -> Option<Store> {
    let is_one = |known: &String| match known.split_once(' ') {
        Some((known, given)) => known == program && words(line).any(|word| word == given),
        None => fits(program, known),
    };
    find(|names| names.commands.iter().any(is_one) || names.workers.iter().any(is_one))
}

/// What a store is for by the program that a command line runs.
pub(super) fn purpose_of_command(program: &str) -> Option<(Purpose, String)> {
    let is_one = |worker: &String| fits(program, worker.split(' ').next().unwrap_or(worker));
    let works = |names: &Names| names.workers.iter().any(is_one);
    find(works).map(|_| (Purpose::Queue, format!("`{program}` works off a queue")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_the_last_part_of_their_path() {
        for (image, store) in [
            ("redis", Some(Store::Redis)),
            ("redis:7-alpine@sha256:00", Some(Store::Redis)),
            ("localhost:5000/cache/redis-stack-server", Some(Store::Redis)),
            ("${REGISTRY:-docker.io}/bitnami/redis-sentinel:${V:-7.2}", Some(Store::Redis)),
            ("docker.dragonflydb.io/dragonflydb/dragonfly:v1", Some(Store::Redis)),
            ("d7yio/dragonfly", None),
            ("ghcr.io/microsoft/garnet:1.0", Some(Store::Redis)),
            ("oliver006/redis_exporter", Some(Store::Redis)),
            ("eqalpha/keydb:x86_64_v6", Some(Store::Redis)),
            ("mongo:7", Some(Store::Mongodb)),
            ("example.com/redistribution/registry:2", None),
            ("postgres:16", None),
            ("", None),
        ] {
            assert_eq!(of_image(image), store, "{image}");
        }
    }

    #[test]
    fn charts_infrastructure_and_commands() {
        assert_eq!(of_chart("oci://registry-1.docker.io/bitnamicharts/valkey"), Some(Store::Redis));
        assert_eq!(of_chart("postgresql"), None);
        for (kind, store) in [
            ("aws_elasticache_replication_group", Some(Store::Redis)),
            ("azurerm_redis_cache", Some(Store::Redis)),
            ("scaleway_redis_cluster", Some(Store::Redis)),
            ("Microsoft.Cache/redisEnterprise@2024-01-01", Some(Store::Redis)),
            ("AWS::ElastiCache::ReplicationGroup", Some(Store::Redis)),
            ("aws_docdb_cluster", Some(Store::Mongodb)),
            ("aws_s3_bucket", None),
            ("azurerm_resource_group", None),
        ] {
            assert_eq!(of_resource(kind), store, "{kind}");
        }
        assert_eq!(
            of_command("exec /usr/bin/redis-server --x"),
            Some(("redis-server", Store::Redis))
        );
        assert_eq!(of_command("bundle exec sidekiq -C x"), Some(("sidekiq", Store::Redis)));
        assert_eq!(of_command("node src/redis.js"), None);
    }
}
