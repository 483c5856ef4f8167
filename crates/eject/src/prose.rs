//! Words about a store: where they stand in a text, and what prose tells of it.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use crate::{
    file::{File, folder_of},
    finding::{Kind, Life, Sighting, Store},
    life,
};

/// The words in lower case. Those that mean much else, `dragonfly`, `garnet`, `lettuce`, are none.
const WORDS: &[(&str, Store)] = &[
    ("redis", Store::Redis),
    ("rediss", Store::Redis),
    ("ioredis", Store::Redis),
    ("aioredis", Store::Redis),
    ("predis", Store::Redis),
    ("phpredis", Store::Redis),
    ("hiredis", Store::Redis),
    ("fakeredis", Store::Redis),
    ("redisson", Store::Redis),
    ("redlock", Store::Redis),
    ("jedis", Store::Redis),
    ("redigo", Store::Redis),
    ("bullmq", Store::Redis),
    ("valkey", Store::Redis),
    ("iovalkey", Store::Redis),
    ("keydb", Store::Redis),
    ("dragonflydb", Store::Redis),
    ("sidekiq", Store::Redis),
    ("resque", Store::Redis),
    ("mongo", Store::Mongodb),
    ("mongodb", Store::Mongodb),
    ("mongoose", Store::Mongodb),
    ("mongoid", Store::Mongodb),
    ("mongosh", Store::Mongodb),
    ("pymongo", Store::Mongodb),
];

/// Forms that are neither lower case, nor upper case, nor with one capital in front.
const SPELLED: &[&str] =
    &["BullMQ", "KeyDB", "MongoDB", "DragonflyDB", "ioRedis", "IORedis", "PyMongo"];

/// Endings of files that are text for people, where their folder says that they tell what was.
const TOLD: &[&str] = &[
    "md", "mdx", "markdown", "rst", "adoc", "asciidoc", "txt", "html", "htm", "org", "textile",
    "sql", "tex", "wiki", "rdoc", "pod",
];

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // One word may be within another, and only the other is a word there: all are looked at.
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS.iter().map(|(word, _)| word))
        .expect("a few words fit")
});

/// The places where a word of a store stands: which, from where to where.
pub(crate) fn mentions(text: &str) -> impl Iterator<Item = (Store, Range<usize>)> + '_ {
    FINDER.find_overlapping_iter(text).filter_map(move |found| {
        let (_, store) = WORDS[found.pattern().as_usize()];
        is_word(text, &found.range()).then_some((store, found.range()))
    })
}

/// Whether letters are a word and not part of another: `Redis` in `getRedisClient` is, and in
/// `Redistributable` is not.
fn is_word(text: &str, span: &Range<usize>) -> bool {
    let word = &text[span.clone()];
    let is_upper = word.chars().all(char::is_uppercase);
    let is_lower = word.chars().all(char::is_lowercase);
    let is_capital =
        word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
    if !(is_upper || is_lower || is_capital || SPELLED.contains(&word)) {
        return false;
    }
    let before = text[..span.start].chars().next_back().filter(|c| c.is_alphabetic());
    let after = text[span.end..].chars().next().filter(|c| c.is_alphabetic());
    let starts = match before {
        None => true,
        Some(before) => is_capital && before.is_lowercase(),
    };
    let ends = match after {
        None => true,
        Some(after) if is_upper => after == 's',
        Some(after) => after.is_uppercase(),
    };
    starts && ends
}

/// The store that a text mentions: Redis where it mentions several.
pub(crate) fn mention(text: &str) -> Option<(Store, Range<usize>)> {
    foremost(mentions(text))
}

fn foremost(
    mentions: impl Iterator<Item = (Store, Range<usize>)>,
) -> Option<(Store, Range<usize>)> {
    let mut first = None;
    for (store, span) in mentions {
        if store == Store::Redis {
            return Some((store, span));
        }
        first = first.or(Some((store, span)));
    }
    first
}

/// Whether a word is a part of a name: `redis_key`.
fn is_in_name(text: &str, span: &Range<usize>) -> bool {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    before.ends_with('_') || after.starts_with('_')
}

/// Whether a file is a migration that was applied: in a folder of them, and not of tests.
pub(crate) fn is_migration(path: &str) -> bool {
    let folder = folder_of(path);
    let is_code = [".py", ".php", ".rb", ".sql", ".go", ".java", ".kt", ".cs", ".rs"];
    folder.split('/').any(|part| part.eq_ignore_ascii_case("migrations"))
        && is_code.iter().any(|end| path.ends_with(end))
        && life::of(path).0 == Life::Historical
}

/// What a text for people tells: one mention. Nothing of another file.
pub(crate) fn read(file: &File) -> Vec<Sighting> {
    let extension = file.extension().to_lowercase();
    let is_told =
        TOLD.contains(&&*extension) || !file.name().contains('.') || is_migration(&file.path);
    if !is_told || life::of(&file.path).0 != Life::Historical {
        return Vec::new();
    }
    let is_migration = is_migration(&file.path);
    // A column that is called so is none.
    let is_said = |span: &Range<usize>| !is_migration || !is_in_name(&file.text, span);
    let all = mentions(&file.text).filter(|(_, span)| is_said(span));
    let found = foremost(all).map(|(store, span)| {
        let word = file.text[span.clone()].to_owned();
        Sighting::new(Kind::Mention, store, span, &word)
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(path: &str, text: &str) -> Vec<Sighting> {
        read(&File::new(path.into(), text.into()))
    }

    #[test]
    fn words_are_whole_whatever_joins_them() {
        for text in [
            "Redis",
            "the redis.",
            "REDIS_URL",
            "ioredis",
            "getRedisClient",
            "BullMQ",
            "x-redis-y",
            "Redis7",
            "redis://h",
            "MongoDB",
            "mongoose",
            "RedisStore",
            "RedisURL",
            "rediss://h",
            "mongoDbUri",
        ] {
            assert!(mention(text).is_some(), "{text}");
        }
        for text in [
            "redistribute",
            "Redistributable",
            "REDISTRIBUTE",
            "futureDisabled",
            "predisposed",
            "expiredIs",
            "credist",
            "humongous",
            "rediscover",
            "REDISCOVER",
            "éredis",
        ] {
            assert!(mention(text).is_none(), "{text}");
        }
    }

    #[test]
    fn prose_is_one_mention_and_code_is_none() {
        let found = read_as("README.md", "To rediscover.\nNeeds MongoDB, Redis and Redis.");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].store, &*found[0].name), (Store::Redis, "Redis"));
        assert_eq!(read_as("db/migrations/0001.sql", "-- was in redis").len(), 1);
        assert!(read_as("db/migrations/0002.sql", "alter table t add redis_key text;").is_empty());
        assert_eq!(read_as("CHANGELOG", "Redis").len(), 1);
        assert!(read_as("db/schema.sql", "-- was in redis").is_empty());
        assert!(read_as("requirements.txt", "redis==5").is_empty());
    }
}
