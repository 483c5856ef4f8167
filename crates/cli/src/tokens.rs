//! `[tokens]`, and the key-encryption key.

use std::{
    fs,
    io::{self, Write as _},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Error, Result};
use pgstead_store::Hub;
use pgstead_tokens::{Algorithm, Config as TokensConfig, KeyEncryptionKey, OpenError, Tokens};
use serde::{Deserialize, Deserializer, de};
use zeroize::Zeroizing;

use crate::{
    config::Config,
    database::Database,
    output::{Wrong, warn},
    policy::optional_duration,
};

/// `[tokens]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TokensKeys {
    /// Who signs: a URL.
    issuer: Option<String>,
    /// For whom, where a session names nobody.
    audience: Option<String>,
    #[serde(deserialize_with = "algorithm")]
    algorithm: Algorithm,
    #[serde(deserialize_with = "optional_duration")]
    access_ttl: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    idle_ttl: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    absolute_ttl: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    grace: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    keep_events: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    poll: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    max_staleness: Option<Duration>,
    #[serde(deserialize_with = "optional_duration")]
    leeway: Option<Duration>,
    /// Whether it makes and drops partitions. Default: true.
    keep_house: Option<bool>,
    /// 32 bytes in base64. In the environment, and not in the file, where others may read it.
    key_encryption_key: Option<Hidden>,
    /// A file with that.
    key_encryption_key_file: Option<PathBuf>,
}

/// What is not to be printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Hidden(pub(crate) Zeroizing<String>);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// What the embedded database's key-encryption key is called in its data directory.
const KEY_FILE: &str = "tokens.key";

fn algorithm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Algorithm, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

impl TokensKeys {
    /// Whether all is as it has to be, as far as that can be told without a database.
    pub(crate) fn check(&self) -> Result<()> {
        let issuer = self.issuer.clone().unwrap_or_else(|| "http://localhost".to_owned());
        let config = self.config(issuer, KeyEncryptionKey::generate());
        config.validate().map_err(|invalid| {
            Error::new(Wrong(format!("the configuration is not valid: tokens.{invalid}")))
        })
    }

    /// Whether a server looks after the partitions.
    pub(crate) fn keeps_house(&self) -> bool {
        self.keep_house.unwrap_or(true)
    }

    fn config(&self, issuer: String, kek: KeyEncryptionKey) -> TokensConfig {
        let mut config = TokensConfig::new(issuer, kek);
        let set = |field: &mut Duration, value: Option<Duration>| *field = value.unwrap_or(*field);
        set(&mut config.access_ttl, self.access_ttl);
        set(&mut config.idle_ttl, self.idle_ttl);
        set(&mut config.absolute_ttl, self.absolute_ttl);
        set(&mut config.grace, self.grace);
        set(&mut config.keep_events, self.keep_events);
        set(&mut config.verifier.poll, self.poll);
        set(&mut config.verifier.leeway, self.leeway);
        config.verifier.max_staleness = self.max_staleness;
        config.verifier.audience.clone_from(&self.audience);
        config.algorithm = self.algorithm;
        config.keeps_house = self.keeps_house();
        config
    }

    /// The key-encryption key, as far as one is named.
    fn named_key(&self) -> Result<Option<KeyEncryptionKey>> {
        let Self { key_encryption_key, key_encryption_key_file, .. } = self;
        named_key("tokens", key_encryption_key.as_ref(), key_encryption_key_file.as_deref())
    }
}

/// The key-encryption key of a section, as far as one is named.
pub(crate) fn named_key(
    section: &str,
    key: Option<&Hidden>,
    file: Option<&Path>,
) -> Result<Option<KeyEncryptionKey>> {
    let read = |text: &str, place: &str| {
        text.parse().map_err(|invalid| Error::new(Wrong(format!("{place}: {invalid}"))))
    };
    match (key, file) {
        (Some(_), Some(_)) => Err(Wrong(format!(
            "{section}: name key_encryption_key or key_encryption_key_file, and not both"
        ))
        .into()),
        (Some(text), None) => read(&text.0, &format!("{section}.key_encryption_key")).map(Some),
        (None, Some(path)) => {
            let place = path.display().to_string();
            let text = fs::read_to_string(path)
                .map(Zeroizing::new)
                .with_context(|| Wrong(format!("cannot read {place}")))?;
            warn_of_readers(path);
            read(&text, &place).map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// The key-encryption key of the tokens, or the embedded database's own.
pub(crate) fn key_encryption_key(
    database: &Database,
    config: &Config,
) -> Result<Option<KeyEncryptionKey>> {
    match (config.tokens.named_key()?, database.data_dir()) {
        (Some(kek), _) => Ok(Some(kek)),
        (None, Some(data_dir)) => own_key(&data_dir.join(KEY_FILE)).map(Some),
        (None, None) => Ok(None),
    }
}

/// The tokens, if they are configured: by an issuer, or by the embedded database, which has a key of
/// its own. A server says where it listens, and lends its connection that does.
pub(crate) async fn open(
    database: &Database,
    config: &Config,
    server: Option<(&Hub, SocketAddr)>,
) -> Result<Option<Tokens>> {
    let keys = &config.tokens;
    let kek = match key_encryption_key(database, config)? {
        Some(kek) => kek,
        None if keys.issuer.is_none() => return Ok(None),
        None => return Err(Wrong(without_key()).into()),
    };
    let issuer = match &keys.issuer {
        Some(issuer) => issuer.clone(),
        None if database.is_embedded() => match server {
            Some((_, address)) => format!("http://{address}"),
            None => format!("http://{}", config.server.listen),
        },
        None => return Err(Wrong("tokens.issuer is missing".to_owned()).into()),
    };
    let mut tokens = keys.config(issuer, kek);
    // A server does that in jobs.
    tokens.keeps_house &= server.is_none();
    let opened = match server {
        Some((hub, _)) => Tokens::open_with(&database.db, tokens, hub).await,
        None => Tokens::open(&database.db, tokens).await,
    };
    opened.map(Some).map_err(|error| match error {
        OpenError::Store(error) => error.into(),
        wrong => Error::new(Wrong(wrong.to_string())),
    })
}

/// What there is to do where tokens are not configured.
pub(crate) fn without_key() -> String {
    "tokens need a key-encryption key, which seals their keys in the database: set \
     PGSTEAD_TOKENS_KEY_ENCRYPTION_KEY (`openssl rand -base64 32` makes one) or \
     tokens.key_encryption_key_file, and tokens.issuer"
        .to_owned()
}

/// The key of an embedded database, made the first time.
fn own_key(path: &Path) -> Result<KeyEncryptionKey> {
    let place = path.display();
    match fs::read_to_string(path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            text.parse().map_err(|invalid| Error::new(Wrong(format!("{place}: {invalid}"))))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_key(path).with_context(|| Wrong(format!("cannot write {place}")))?;
            own_key(path)
        }
        Err(error) => Err(Error::new(error).context(Wrong(format!("cannot read {place}")))),
    }
}

/// Whole or not at all; of two who make it at once one does.
fn make_key(path: &Path) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(directory)?;
    writeln!(file, "{}", &*KeyEncryptionKey::generate().reveal())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => fs::File::open(directory)?.sync_all(),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

fn warn_of_readers(path: &Path) {
    let others = fs::metadata(path).map(|file| file.permissions().mode() & 0o077);
    if others.is_ok_and(|others| others != 0) {
        warn(&format!("{} can be read by others: chmod 600 it", path.display()));
    }
}
