//! Which variables and settings are meant for a store, by their names: `data/variables.toml`, a file of data.
//!
//! This is the one place that knows it: for files that set variables, and for code that reads them.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::{finding::Store, word};

#[derive(Deserialize)]
struct Data {
    store: Vec<Names>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    store: Store,
    words: Vec<String>,
    heads: Vec<String>,
    tails: HashSet<String>,
    exact: Vec<String>,
    never: Vec<String>,
}

struct Known {
    stores: Vec<Names>,
    words: HashMap<String, Store>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let data = include_str!("../../data/variables.toml");
    let stores = toml::from_str::<Data>(data).expect("a test reads the file").store;
    let words = stores.iter().flat_map(|names| {
        let words = names.words.iter().map(|word| (word.clone(), names.store));
        words.collect::<Vec<_>>()
    });
    Known { words: words.collect(), stores }
});

/// The store for which a variable or a setting of this name is meant, if it is for one.
pub(crate) fn store_of(name: &str) -> Option<Store> {
    let matches = |pattern: &String| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    };
    if KNOWN.stores.iter().any(|names| names.never.iter().any(matches)) {
        return None;
    }
    let exact = KNOWN.stores.iter().find(|names| names.exact.iter().any(matches));
    exact
        .map(|names| names.store)
        .or_else(|| word::words(name).find_map(|word| store_of_word(&word)))
}

fn store_of_word(word: &str) -> Option<Store> {
    KNOWN.words.get(word).copied().or_else(|| {
        let goes_on = |names: &&Names| {
            let mut rests = names.heads.iter().filter_map(|head| word.strip_prefix(&**head));
            rests.any(|rest| names.tails.contains(rest))
        };
        KNOWN.stores.iter().find(goes_on).map(|names| names.store)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_by_their_words() {
        for (name, store) in [
            ("REDIS_URL", Some(Store::Redis)),
            ("APP_REDIS_HOST", Some(Store::Redis)),
            ("REDISHOST", Some(Store::Redis)),
            ("REDISCLOUD_URL", Some(Store::Redis)),
            ("cacheRedisUrl", Some(Store::Redis)),
            ("UPSTASH_REDIS_REST_TOKEN", Some(Store::Redis)),
            ("UPSTASH_VECTOR_REST_URL", None),
            ("KV_REST_API_URL", Some(Store::Redis)),
            ("VALKEY_HOST", Some(Store::Redis)),
            ("spring.data.redis.host", Some(Store::Redis)),
            ("MONGODB_URI", Some(Store::Mongodb)),
            ("MONGOUSER", Some(Store::Mongodb)),
            ("mongoUri", Some(Store::Mongodb)),
            ("REDISTRIBUTE", None),
            ("PREDISPOSED", None),
            ("futureDisabled", None),
            ("DATABASE_URL", None),
            ("MONGOLIA", None),
            ("", None),
        ] {
            assert_eq!(store_of(name), store, "{name}");
        }
    }
}
