//! What a key and its value say, in whatever form a file writes them: `data/settings.toml`, a file of data.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use super::{address, variable};
use crate::{
    finding::{Kind, Purpose, Store},
    word,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    ends: Vec<String>,
    parts: Vec<String>,
    choices: Vec<String>,
    leads: Vec<String>,
    classes: Vec<String>,
    variables: Vec<String>,
    installs: Vec<String>,
    services: Vec<String>,
    firewalls: Vec<String>,
    commands: Vec<String>,
    scripts: Vec<String>,
    passes: Vec<String>,
    purposes: HashMap<String, Purpose>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let data = include_str!("../../data/settings.toml");
    toml::from_str(data).expect("a test reads the file")
});

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) kind: Kind,
    pub(super) store: Store,
    /// Whether the value is an address of the machine itself or of a neighbour.
    pub(super) is_local: bool,
}

/// Whether a name is written as those of environment variables are: `REDIS_URL`, and `ConnectionStrings__Redis` of .NET.
pub(crate) fn is_variable(name: &str) -> bool {
    let is_word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if name.contains("__") && name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return name.split("__").all(is_word);
    }
    let mut letters = name.bytes();
    letters.next().is_some_and(|first| first.is_ascii_uppercase() || first == b'_')
        && letters.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && name.len() > 1
}

/// What a key with a value that is text says of a store, if it says anything.
pub(super) fn of(key: &str, value: &str) -> Option<Said> {
    let address = address::find(value);
    let is_local = address.as_ref().is_some_and(|address| address.is_local);
    let said = |kind, store| Some(Said { kind, store, is_local });
    if is_variable(key) {
        let by_name = variable::store_of(key).or_else(|| chosen(key, value));
        let by_value = || address.map(|address| address.store).or_else(|| referred(value));
        return said(Kind::VariableSet, by_name.or_else(by_value)?);
    }
    if let Some(address) = address.filter(|address| address.is_certain) {
        return said(Kind::ConnectionString, address.store);
    }
    if let Some(store) = variable::store_of(key) {
        let is_setting = ends(key) || address::find(value).is_some();
        return is_setting.then_some(()).and_then(|()| said(Kind::Setting, store));
    }
    said(Kind::Setting, chosen(key, value).or_else(|| service(value))?)
}

/// The store of a secret or a variable of a workflow that a value is: `${{ secrets.CACHE_REDIS }}`.
fn referred(value: &str) -> Option<Store> {
    let inner = value.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let name = ["secrets.", "vars.", "env."].iter().find_map(|of| inner.strip_prefix(of))?;
    variable::store_of(name)
}

/// Whether a key of such a name leads to a server: `host`, `url`.
pub(super) fn leads(key: &str) -> bool {
    word::words(last(key)).any(|word| DATA.leads.contains(&word))
}

/// Whether the value of a key of such a name is the name of a variable: `urlFromEnv`.
pub(crate) fn names_variables(key: &str) -> bool {
    word::words(key).any(|word| DATA.variables.contains(&word))
}

/// Whether the text of a key is the command line of a program: `startCommand`.
pub(super) fn is_command(key: &str) -> bool {
    DATA.commands.contains(&plain(last(key)))
}

/// Whether the text of a key is a line of a script, or several: `before_script`.
pub(super) fn is_script(key: &str) -> bool {
    DATA.scripts.contains(&plain(key))
}

/// Whether a list under a key is one of the names of variables: `passEnv`.
pub(super) fn passes_on(key: &str) -> bool {
    DATA.passes.contains(&plain(key))
}

/// A key in small letters, without signs.
fn plain(key: &str) -> String {
    key.to_ascii_lowercase().replace(['-', '_'], "")
}

/// Whether a key is a module of Ansible that installs or starts what it is given the name of: `ansible.builtin.apt`.
pub(super) fn manages(key: &str) -> bool {
    installs(key) || is_last(&DATA.services, key)
}

/// Whether a key is a module of Ansible that installs packages.
pub(super) fn installs(key: &str) -> bool {
    is_last(&DATA.installs, key)
}

/// Whether a key is a module of Ansible that lets somebody through to a port: `community.general.ufw`.
pub(super) fn lets_through(key: &str) -> bool {
    is_last(&DATA.firewalls, key)
}

fn is_last(known: &[String], key: &str) -> bool {
    known.iter().any(|one| one == last(key))
}

/// The store of a service or a class that a value names: `cache.adapter.redis_tag_aware`,
/// `Symfony\\Component\\Cache\\Adapter\\RedisAdapter`, `django_redis.cache.RedisCache`.
pub(super) fn service(value: &str) -> Option<Store> {
    let value = value.trim().trim_matches(['"', '\'']);
    let is_reference = value.starts_with('@');
    let value = value.trim_matches(['@', '\\']);
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let parts: Vec<_> = value.split(['.', '\\', ':']).filter(|part| !part.is_empty()).collect();
    let (last, before) = parts.split_last()?;
    let is_class = last.starts_with(|c: char| c.is_ascii_uppercase());
    if !parts.iter().all(|part| is_part(part))
        || before.is_empty() && !(is_class && last.contains('_'))
    {
        return None;
    }
    // A service of a bundle or of a module is known by where it is: `@redis.factory`, `@snc_redis.default`.
    let store = variable::store_of(last).or_else(|| {
        before.first().filter(|_| is_reference).and_then(|bundle| variable::store_of(bundle))
    })?;
    if is_reference && before.first().is_some_and(|bundle| variable::store_of(bundle).is_some()) {
        return Some(store);
    }
    // A host is not named so: what is before or in the last part says what kind of thing it is.
    let mut words = parts.iter().flat_map(|part| word::words(part));
    words.any(|word| DATA.classes.contains(&word)).then_some(store)
}

/// The part of a key behind its last dot or colon.
fn last(key: &str) -> &str {
    key.rsplit(['.', ':']).next().unwrap_or(key)
}

/// Whether a key says by its end that it is a setting: `redisHost`.
pub(crate) fn ends(key: &str) -> bool {
    word::words(last(key)).any(|word| DATA.ends.contains(&word))
}

/// The store that a value chooses: `store-type: redis`.
pub(crate) fn chosen(key: &str, value: &str) -> Option<Store> {
    let value = value.trim().trim_matches(['"', '\'']);
    let is_name = value.len() < 48 && !value.contains([' ', '/', '$', '{', ':']);
    let chooses = || word::words(last(key)).any(|word| DATA.choices.contains(&word));
    (is_name && !value.is_empty() && chooses()).then(|| variable::store_of(value)).flatten()
}

/// Whether a map under a key that is named for a store is a setting of it, by the keys in it.
pub(crate) fn is_map_of(mut keys: impl Iterator<Item = String>) -> bool {
    keys.any(|key| DATA.parts.contains(&plain(&key)))
}

/// What a store is for by the words of a key.
pub(crate) fn purpose(key: &str) -> Option<(Purpose, String)> {
    let word = word::words(key).find(|word| DATA.purposes.contains_key(word))?;
    Some((DATA.purposes[&word], format!("its name says `{word}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_a_value_say_it_together() {
        use Kind::{ConnectionString, Setting, VariableSet};
        for (key, value, kind) in [
            ("REDIS_URL", "", Some(VariableSet)),
            ("CELERY_BROKER_URL", "redis://x", Some(VariableSet)),
            ("CELERY_BROKER_URL", "amqp://x", None),
            ("CACHE_HOST", "cache:6379", Some(VariableSet)),
            ("QUEUE_CONNECTION", "redis", Some(VariableSet)),
            ("QUEUE_CONNECTION", "database", None),
            ("Type", "AWS::Redis::X", None),
            ("REDISTRIBUTE", "1", None),
            ("url", "rediss://x", Some(ConnectionString)),
            ("spring.data.redis.host", "localhost", Some(Setting)),
            ("redisPort", "6379", Some(Setting)),
            ("redis", "Redis is a database", None),
            ("redis", "localhost:6379", Some(Setting)),
            ("cache.type", "redis", Some(Setting)),
            ("store-type", "redis", Some(Setting)),
            ("adapter", "redis_cache_store", Some(Setting)),
            ("type", "state.redis", Some(Setting)),
            ("type", "a mention of redis", None),
            ("title", "redis", None),
            ("app", "cache.adapter.redis_tag_aware", Some(Setting)),
            ("backend_name", "Magento\\Framework\\Cache\\Backend\\Redis", Some(Setting)),
            ("id", "Cm_Cache_Backend_Redis", Some(Setting)),
            ("BACKEND", "django_redis.cache.RedisCache", Some(VariableSet)),
            ("app", "cache.adapter.system", None),
            ("name", "redis-cache", None),
            ("host", "redis-cache.default.svc", None),
            ("file", "cache/redis-store.js", None),
            ("ConnectionStrings__Redis", "x", Some(VariableSet)),
            ("Redis__init__", "x", None),
            ("predis.host", "x", None),
        ] {
            assert_eq!(of(key, value).map(|said| said.kind), kind, "{key}={value}");
        }
    }

    #[test]
    fn words_of_a_key_say_what_for() {
        assert_eq!(purpose("SESSION_REDIS_URL").unwrap().0, Purpose::Session);
        assert_eq!(purpose("REDIS_URL"), None);
    }
}
