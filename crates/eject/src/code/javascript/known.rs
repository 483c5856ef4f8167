//! What other rooms know, asked in one place.

use crate::{
    catalogue::{self, Ecosystem, Package},
    finding::{Purpose, Store},
    setting::{address, said, variable},
};

/// The store that an environment variable is about, by its name.
pub(super) fn store_of(name: &str) -> Option<Store> {
    variable::store_of(name)
}

/// The store of which a text is an address, and nothing but that.
pub(super) fn address_of(text: &str) -> Option<Store> {
    let is_plain = !text.starts_with(['.', '/', '@', '#']) && !text.contains([' ', '\n']);
    let found = if is_plain { address::find(text)? } else { return None };
    // A scheme alone is what an address is checked for.
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let is_host = rest.starts_with(|first: char| first.is_alphanumeric() || "$:[{".contains(first));
    (found.is_certain && found.span.start == 0 && is_host).then_some(found.store)
}

/// The store that a value of this key chooses: `cacheStore: "redis"`.
pub(super) fn chosen(key: &str, value: &str) -> Option<Store> {
    said::chosen(key, value)
}

/// The store for which a key is named that is no variable: `redis`, `redisUrl`.
pub(super) fn part_of(key: &str) -> Option<Store> {
    if said::is_variable(key) { None } else { store_of(key) }
}

/// Whether a key that is named for a store says by its end that it is a setting of it.
pub(super) fn is_setting(key: &str) -> bool {
    said::ends(key)
}

/// Whether keys of a map that is named for a store are settings of it.
pub(super) fn is_map_of(keys: impl Iterator<Item = String>) -> bool {
    said::is_map_of(keys)
}

/// What a store is for by the words of a key.
pub(super) fn purpose_of(key: &str) -> Option<(Purpose, String)> {
    said::purpose(key)
}

/// Whether the value of a key is the name of a variable.
pub(super) fn names_variables(key: &str) -> bool {
    said::names_variables(key)
}

/// The package that code asks for by a specifier, if the catalogue has it.
pub(super) fn imported(specifier: &str) -> Option<&'static Package> {
    catalogue::imported(Ecosystem::Npm, package_name(specifier)?)
}

/// What the name of a package says that the catalogue does not have.
pub(super) fn named(name: &str) -> Option<&'static Package> {
    const PARTS: &[&str] =
        &["redis", "valkey", "keydb", "dragonfly", "bullmq", "redlock", "jedis", "mongo"];
    // Most names have none of it, and are asked about often.
    let may = PARTS.iter().any(|part| name.contains(part));
    may.then(|| catalogue::named(Ecosystem::Npm, name)).flatten()
}

/// The package of a specifier: without `npm:`, a server that gives packages, a version, and what is behind the name.
pub(super) fn package_name(specifier: &str) -> Option<&str> {
    let specifier = ["npm:", "https://esm.sh/", "https://cdn.skypack.dev/", "https://unpkg.com/"]
        .iter()
        .find_map(|start| specifier.strip_prefix(start))
        .unwrap_or(specifier);
    if specifier.starts_with(['.', '/', '#', '~', '$'])
        || specifier.starts_with("@/")
        || specifier.contains(':')
    {
        return None;
    }
    let scope = if specifier.starts_with('@') { specifier.find('/')? + 1 } else { 0 };
    let end = specifier[scope..].find(['/', '@']).map_or(specifier.len(), |end| scope + end);
    (end > scope).then(|| &specifier[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_all_of_a_text() {
        for text in ["redis://localhost:6379", "rediss://:${}", "x.redis.cache.windows.net:6380"] {
            assert_eq!(address_of(text), Some(Store::Redis), "{text}");
        }
        for text in ["redis://", "Set it to redis://localhost", "postgres://x", "./redis.js"] {
            assert_eq!(address_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_specifier_names_its_package() {
        for (specifier, name) in [
            ("ioredis", Some("ioredis")),
            ("ioredis/built/utils", Some("ioredis")),
            ("@nestjs/bullmq", Some("@nestjs/bullmq")),
            ("@redis/client/dist/x", Some("@redis/client")),
            ("npm:redis@^4", Some("redis")),
            ("https://esm.sh/@upstash/redis@1.2.3/x", Some("@upstash/redis")),
            ("./ioredis", None),
            ("node:fs", None),
            ("@/lib/redis", None),
            ("#redis", None),
        ] {
            assert_eq!(package_name(specifier), name, "{specifier}");
        }
    }
}
