//! `[queue]` and `[queues.<name>]`.

use std::{collections::BTreeMap, fmt, time::Duration};

use anyhow::{Error, Result};
use pgstead_queue::{Backoff, Config, InvalidConfig, Options, QueueName};
use pgstead_webhooks::{QUEUE, options};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    output::Wrong,
    policy::{duration, optional_duration},
};

/// `[queue]`: what holds for all queues.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct QueueKeys {
    /// In bytes of JSON.
    largest_payload: Option<usize>,
    #[serde(deserialize_with = "optional_duration")]
    keep_results: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    keep_dead: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    keep_archive: Option<Duration>,
}

/// `[queues.<name>]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OptionsKeys {
    concurrency: Option<usize>,
    group_concurrency: Option<u32>,
    max_attempts: Option<u32>,
    #[serde(deserialize_with = "optional_backoff")]
    backoff: Option<Backoff>,
    #[serde(deserialize_with = "optional_duration")]
    lease: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    poll: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    stop_within: Option<Duration>,
}

/// Those of a queue: in the environment the queue's name stands before them, and may itself have a `_`.
pub(crate) const KEYS: [&str; 7] =
    ["concurrency", "group_concurrency", "max_attempts", "backoff", "lease", "poll", "stop_within"];
/// Those that are lists in the environment.
pub(crate) const LISTS: [&str; 1] = ["backoff"];

/// How the queues behave, checked.
pub(crate) fn config(of_all: &QueueKeys, queues: &BTreeMap<String, OptionsKeys>) -> Result<Config> {
    let mut config = Config::default();
    let set = |field: &mut Duration, value: Option<Duration>| *field = value.unwrap_or(*field);
    config.largest_payload = of_all.largest_payload.unwrap_or(config.largest_payload);
    set(&mut config.keep_results, of_all.keep_results);
    set(&mut config.keep_dead, of_all.keep_dead);
    config.keep_archive = of_all.keep_archive.or(config.keep_archive);
    config.validate().map_err(|invalid| wrong("queue", invalid))?;
    let deliveries = QueueName::new(QUEUE).expect("it is a good name");
    config.queues.insert(deliveries, options());
    for (name, keys) in queues {
        let queue = QueueName::new(name).map_err(|invalid| {
            Wrong(format!("the configuration is not valid: queues: {invalid}"))
        })?;
        let base = if name == QUEUE { options() } else { Options::default() };
        let options = keys.options(base);
        options.validate().map_err(|invalid| wrong(&format!("queues.{name}"), invalid))?;
        config.queues.insert(queue, options);
    }
    Ok(config)
}

fn wrong(section: &str, invalid: InvalidConfig) -> Error {
    Wrong(format!("the configuration is not valid: {section}.{invalid}")).into()
}

impl OptionsKeys {
    fn options(&self, mut options: Options) -> Options {
        let set = |field: &mut Duration, value: Option<Duration>| *field = value.unwrap_or(*field);
        options.concurrency = self.concurrency.unwrap_or(options.concurrency);
        options.group_concurrency = self.group_concurrency.unwrap_or(options.group_concurrency);
        options.max_attempts = self.max_attempts.unwrap_or(options.max_attempts);
        if let Some(backoff) = &self.backoff {
            options.backoff = backoff.clone();
        }
        set(&mut options.lease, self.lease);
        set(&mut options.poll, self.poll);
        set(&mut options.stop_within, self.stop_within);
        options
    }
}

/// A list of durations, or the first and the longest of those that double.
fn optional_backoff<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Backoff>, D::Error> {
    deserializer.deserialize_any(OfBackoff).map(Some)
}

struct OfBackoff;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Exponential {
    #[serde(deserialize_with = "optional_duration")]
    first: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    longest: Option<Duration>,
}

impl<'de> Visitor<'de> for OfBackoff {
    type Value = Backoff;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of durations, or a table with `first` and `longest`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Backoff, A::Error> {
        let mut times = Vec::new();
        while let Some(text) = seq.next_element::<String>()? {
            times.push(duration(&text)?);
        }
        if times.is_empty() {
            return Err(de::Error::custom("backoff must have a duration at least"));
        }
        Ok(Backoff::List(times.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Backoff, A::Error> {
        let Exponential { first, longest } =
            Exponential::deserialize(MapAccessDeserializer::new(map))?;
        let Backoff::Exponential { first: default_first, longest: default_longest } =
            Backoff::DEFAULT
        else {
            unreachable!("the default doubles")
        };
        let (first, longest) = (first.unwrap_or(default_first), longest.unwrap_or(default_longest));
        if first > longest {
            return Err(de::Error::custom("backoff.first must be at most backoff.longest"));
        }
        Ok(Backoff::Exponential { first, longest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Result<Options, String> {
        let keys: OptionsKeys = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let all = BTreeMap::from([("mail".to_owned(), keys)]);
        let config = config(&QueueKeys::default(), &all).map_err(|error| error.to_string())?;
        Ok(config.options(&QueueName::new("mail").unwrap()).clone())
    }

    #[test]
    fn every_key_of_a_queue_is_known_to_the_environment() {
        let all = "concurrency = 1\ngroup_concurrency = 1\nmax_attempts = 1\nbackoff = []\n\
                   lease = \"1s\"\npoll = \"1s\"\nstop_within = \"1s\"\n";
        let table: toml::Table = toml::from_str(all).unwrap();
        assert!(KEYS.iter().all(|key| table.contains_key(*key)));
        assert_eq!(table.len(), KEYS.len());
        let unknown = toml::from_str::<OptionsKeys>("x = 1").unwrap_err();
        let named = KEYS.map(|key| format!("`{key}`")).join(", ");
        assert!(unknown.message().ends_with(&named), "{}", unknown.message());
    }

    #[test]
    fn every_key_reaches_the_queue() {
        let options = options(
            "concurrency = 2\ngroup_concurrency = 3\nmax_attempts = 4\nbackoff = [\"5s\", \"1m\"]\n\
             lease = \"7s\"\npoll = \"8s\"\nstop_within = \"9s\"\n",
        )
        .unwrap();
        let s = Duration::from_secs;
        assert_eq!(
            (options.concurrency, options.group_concurrency, options.max_attempts),
            (2, 3, 4)
        );
        assert_eq!([1, 2, 3].map(|n| options.backoff.after(n, 0.0)), [s(5), s(60), s(60)]);
        assert_eq!((options.lease, options.poll, options.stop_within), (s(7), s(8), s(9)));
    }

    #[test]
    fn a_backoff_doubles_or_is_a_list() {
        let s = Duration::from_secs;
        let doubled = options("backoff = { first = \"2s\", longest = \"5s\" }").unwrap().backoff;
        assert_eq!([1, 2, 3].map(|n| doubled.after(n, 0.0)), [s(2), s(4), s(5)]);
        for (text, message) in [
            ("backoff = []", "backoff must have a duration at least"),
            (
                "backoff = { frist = \"1s\" }",
                "unknown field `frist`, expected `first` or `longest`",
            ),
            ("backoff = { first = \"2h\" }", "backoff.first must be at most backoff.longest"),
            (
                "backoff = 5",
                "invalid type: integer `5`, expected a list of durations, or a table with `first` \
                 and `longest`",
            ),
            (
                "backoff = [\"soon\"]",
                "\"soon\" is no duration; write for example \"10s\" or \"1m\"",
            ),
            (
                "concurrency = 0",
                "the configuration is not valid: queues.mail.concurrency must be 1 to 10,000",
            ),
        ] {
            assert_eq!(options(text).unwrap_err(), message);
        }
    }
}
