//! `[webhooks]` and `[webhooks.in.<source>]`.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::{Error, Result};
use ipnet::IpNet;
use pgstead_queue::{QueueName, Queues};
use pgstead_store::{Db, KeyEncryptionKey};
use pgstead_webhooks::{
    Config as WebhooksConfig, Dedupe, Encoding, Receiver, Scheme, Source, StartError, Webhooks,
};
use serde::Deserialize;

use crate::{
    config::Config,
    database::Database,
    output::Wrong,
    policy::optional_duration,
    tokens::{self, Hidden},
};

/// `[webhooks]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WebhooksKeys {
    /// In bytes of JSON.
    largest_payload: Option<usize>,
    #[serde(deserialize_with = "optional_duration")]
    deadline: Option<Duration>,
    https_only: Option<bool>,
    /// Networks that are sent to although they are private.
    allow: Vec<IpNet>,
    #[serde(deserialize_with = "optional_duration")]
    disable_after: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    overlap: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    keep: Option<Duration>,
    breaker_failures: Option<u32>,
    #[serde(deserialize_with = "optional_duration")]
    breaker_pause: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    breaker_longest_pause: Option<Duration>,
    /// 32 bytes in base64, unless it is that of the tokens.
    key_encryption_key: Option<Hidden>,
    /// A file with that.
    key_encryption_key_file: Option<PathBuf>,
    /// Who sends webhooks.
    #[serde(rename = "in")]
    sources: BTreeMap<String, SourceKeys>,
}

/// `[webhooks.in.<source>]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceKeys {
    scheme: SchemeName,
    /// In the environment, and not in the file, where others may read them.
    #[serde(default)]
    secrets: Vec<Hidden>,
    /// Whose jobs they become, unless it is the source's name.
    queue: Option<String>,
    #[serde(default, deserialize_with = "optional_duration")]
    tolerance: Option<Duration>,
    #[serde(default, deserialize_with = "optional_duration")]
    remember: Option<Duration>,
    dedupe_header: Option<String>,
    dedupe_pointer: Option<String>,
    /// Of `hmac`.
    header: Option<String>,
    encoding: Option<EncodingName>,
    prefix: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum SchemeName {
    Standard,
    Github,
    Stripe,
    Hmac,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EncodingName {
    Hex,
    Base64,
}

/// Those of a source: in the environment the source's name stands before them.
pub(crate) const SOURCE_KEYS: [&str; 10] = [
    "scheme",
    "secrets",
    "queue",
    "tolerance",
    "remember",
    "dedupe_header",
    "dedupe_pointer",
    "header",
    "encoding",
    "prefix",
];
/// Those that are lists in the environment.
pub(crate) const LISTS: [&str; 2] = ["allow", "secrets"];

impl WebhooksKeys {
    /// Whether all is as it has to be, as far as that can be told without a database.
    pub(crate) fn check(&self) -> Result<()> {
        self.config().validate().map_err(|invalid| wrong(&invalid.to_string()))?;
        self.sources().map(|_| ())
    }

    fn config(&self) -> WebhooksConfig {
        let mut config = WebhooksConfig::default();
        let set = |field: &mut Duration, value: Option<Duration>| *field = value.unwrap_or(*field);
        config.largest_payload = self.largest_payload.unwrap_or(config.largest_payload);
        set(&mut config.deadline, self.deadline);
        config.https_only = self.https_only.unwrap_or(config.https_only);
        config.allow.clone_from(&self.allow);
        set(&mut config.disable_after, self.disable_after);
        set(&mut config.overlap, self.overlap);
        set(&mut config.keep, self.keep);
        config.breaker.failures = self.breaker_failures.unwrap_or(config.breaker.failures);
        set(&mut config.breaker.pause, self.breaker_pause);
        set(&mut config.breaker.longest_pause, self.breaker_longest_pause);
        // A server does that in jobs, and a command ends before it comes to it.
        config.keeps_house = false;
        config
    }

    fn sources(&self) -> Result<BTreeMap<String, Source>> {
        let source = |(name, keys): (&String, &SourceKeys)| {
            Ok((name.clone(), keys.source(name).map_err(|text| in_source(name, &text))?))
        };
        self.sources.iter().map(source).collect()
    }
}

impl SourceKeys {
    fn source(&self, name: &str) -> Result<Source, String> {
        let queue = self.queue.as_deref().unwrap_or(name);
        let queue = QueueName::new(queue).map_err(|invalid| format!("queue: {invalid}"))?;
        let of_hmac = self.header.is_some() || self.encoding.is_some() || self.prefix.is_some();
        if of_hmac && self.scheme != SchemeName::Hmac {
            return Err("header, encoding and prefix are for the scheme hmac".to_owned());
        }
        let scheme = match self.scheme {
            SchemeName::Standard => Scheme::Standard,
            SchemeName::Github => Scheme::GitHub,
            SchemeName::Stripe => Scheme::Stripe,
            SchemeName::Hmac => Scheme::Hmac {
                header: self
                    .header
                    .clone()
                    .ok_or("header must say which header has the signature")?
                    .to_ascii_lowercase(),
                encoding: match self.encoding {
                    None | Some(EncodingName::Hex) => Encoding::Hex,
                    Some(EncodingName::Base64) => Encoding::Base64,
                },
                prefix: self.prefix.clone().unwrap_or_default(),
            },
        };
        let secrets = self.secrets.iter().map(|secret| secret.0.to_string()).collect();
        let mut source = Source::new(scheme, secrets, queue);
        source.tolerance = self.tolerance.unwrap_or(source.tolerance);
        source.remember = self.remember.unwrap_or(source.remember);
        match (&self.dedupe_header, &self.dedupe_pointer) {
            (None, None) => {}
            (Some(header), None) => {
                source.dedupe = Some(Dedupe::Header(header.to_ascii_lowercase()));
            }
            (None, Some(pointer)) => source.dedupe = Some(Dedupe::Pointer(pointer.clone())),
            (Some(_), Some(_)) => {
                return Err("name dedupe_header or dedupe_pointer, and not both".to_owned());
            }
        }
        Ok(source)
    }
}

fn wrong(text: &str) -> Error {
    Wrong(format!("the configuration is not valid: webhooks.{text}")).into()
}

fn in_source(name: &str, text: &str) -> Error {
    wrong(&format!("in.{name}: {text}"))
}

/// Webhooks, if there is a key to seal their secrets with.
pub(crate) async fn open(
    database: &Database,
    config: &Config,
    queues: &Queues,
) -> Result<Option<Webhooks>> {
    let Some(kek) = key_encryption_key(database, config)? else { return Ok(None) };
    let started = Webhooks::start(&database.db, queues, kek, config.webhooks.config()).await;
    started.map(Some).map_err(|error| match error {
        StartError::Store(error) => error.into(),
        other => Error::new(Wrong(other.to_string())),
    })
}

fn key_encryption_key(database: &Database, config: &Config) -> Result<Option<KeyEncryptionKey>> {
    let WebhooksKeys { key_encryption_key, key_encryption_key_file, .. } = &config.webhooks;
    let (key, file) = (key_encryption_key.as_ref(), key_encryption_key_file.as_deref());
    match tokens::named_key("webhooks", key, file)? {
        Some(kek) => Ok(Some(kek)),
        None => tokens::key_encryption_key(database, config),
    }
}

/// What there is to do where there is no key.
pub(crate) fn without_key() -> String {
    "webhooks need a key-encryption key, which seals the secrets of their endpoints in the database: set \
     PGSTEAD_WEBHOOKS_KEY_ENCRYPTION_KEY (`openssl rand -base64 32` makes one) or \
     webhooks.key_encryption_key_file; without one that of the tokens is taken"
        .to_owned()
}

/// What receives, if there are sources.
pub(crate) fn receiver(db: &Db, queues: &Queues, config: &Config) -> Result<Option<Receiver>> {
    let sources = config.webhooks.sources()?;
    if sources.is_empty() {
        return Ok(None);
    }
    let receiver = Receiver::new(db, queues, sources);
    receiver.map(Some).map_err(|invalid| wrong(&format!("in.{invalid}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match toml::from_str::<WebhooksKeys>(text) {
            Ok(keys) => keys.check().map_or_else(|error| error.to_string(), |()| String::new()),
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn every_key_of_a_source_is_known_to_the_environment() {
        let unknown = toml::from_str::<SourceKeys>("x = 1").unwrap_err();
        let named = SOURCE_KEYS.map(|key| format!("`{key}`")).join(", ");
        assert!(unknown.message().ends_with(&named), "{}", unknown.message());
    }

    #[test]
    fn every_key_reaches_the_webhooks() {
        let keys: WebhooksKeys = toml::from_str(
            "largest_payload = 1\ndeadline = \"2s\"\nhttps_only = true\nallow = [\"10.0.0.0/8\"]\n\
             disable_after = \"3h\"\noverlap = \"4h\"\nkeep = \"5days\"\nbreaker_failures = 6\n\
             breaker_pause = \"7s\"\nbreaker_longest_pause = \"8s\"\n",
        )
        .unwrap();
        let config = keys.config();
        let (s, h) = (Duration::from_secs, Duration::from_hours);
        assert_eq!((config.largest_payload, config.deadline, config.https_only), (1, s(2), true));
        assert_eq!(config.allow, ["10.0.0.0/8".parse().unwrap()]);
        assert_eq!((config.disable_after, config.overlap, config.keep), (h(3), h(4), h(120)));
        let breaker = config.breaker;
        assert_eq!((breaker.failures, breaker.pause, breaker.longest_pause), (6, s(7), s(8)));
        assert!(keys.check().is_ok());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let source = "[in.a]\nscheme = \"github\"\nsecrets = [\"x\"]\n";
        assert_eq!(told(source), "");
        for (text, message) in [
            ("deadline = \"1h\"", "webhooks.deadline must be 100 ms to 5 min"),
            ("[in.A]\nscheme = \"github\"", "webhooks.in.A: queue: \"A\" is no name of a queue"),
            ("[in.a]\nscheme = \"hmac\"", "in.a: header must say which header has the signature"),
            (&format!("{source}header = \"x\""), "header, encoding and prefix are for the scheme"),
            (&format!("{source}dedupe_header = \"x\"\ndedupe_pointer = \"/x\""), "and not both"),
            ("[in.a]\nscheme = \"gitlab\"", "unknown variant `gitlab`"),
        ] {
            assert!(told(text).contains(message), "{text}: {}", told(text));
        }
    }
}
