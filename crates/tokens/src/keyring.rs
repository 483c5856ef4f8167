//! The keys of a process: read from the database, made where there are none, rotated.
//!
//! Of each algorithm there is one key that is used, one that is next, and those that were retired. The
//! next is published from the beginning, so that every verifier has it long before it signs.

use std::{collections::HashMap, error, fmt, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use pgstead_store::{
    Db, Error, KeyEncryptionKey, Result,
    tokio_postgres::{Row, types::Type},
};

use crate::{
    Tokens,
    jwt::Signer,
    key::{self, Algorithm, Jwk, KeyId, Purpose, SigningKey, VerifyingKey, proving},
    secret::Refresh,
    session::since_epoch,
};

pub(crate) const LIST: &str = include_str!("../sql/keys_list.sql");
pub(crate) const CREATE: &str = include_str!("../sql/keys_create.sql");
pub(crate) const ROTATE: &str = include_str!("../sql/keys_rotate.sql");

/// How long a retired key is published after the last token that it has signed has expired.
const MARGIN_NS: i64 = 120_000_000_000;

/// A key, without its secret part.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyInfo {
    /// Names it in tokens.
    pub id: KeyId,
    /// `EdDSA`, `ES256` or `RS256`: it signs access tokens. `HS256`: it proves refresh tokens.
    pub algorithm: &'static str,
    /// Where it stands.
    pub state: KeyState,
    /// When it was made, since 1970.
    pub created_at: Duration,
    /// From when on it was used.
    pub activated_at: Option<Duration>,
    /// Until when it was used.
    pub retired_at: Option<Duration>,
}

/// Where a key stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyState {
    /// It is published, and will be used after the one that is.
    Next,
    /// It is used.
    Current,
    /// It is not used any more, and what it has made is still good.
    Retired,
}

/// The keys that sign and prove, which a process has that makes tokens.
#[derive(Debug)]
pub(crate) struct Secrets {
    pub(crate) signer: Signer,
    /// With what refresh tokens are made.
    pub(crate) prover: (KeyId, hmac::Key),
    /// With what they are looked at.
    pub(crate) proving: HashMap<KeyId, hmac::Key>,
}

/// The keys that verify.
#[derive(Debug, Default)]
pub(crate) struct Published {
    pub(crate) keys: HashMap<KeyId, VerifyingKey>,
    /// In the order in which they are published: the newest first.
    order: Vec<KeyId>,
    /// Of which change of the keys this is.
    pub(crate) revision: i64,
    /// When one of them is not to verify any more, in ns since 1970, if that is known.
    pub(crate) until_ns: Option<i64>,
}

/// Why there are no keys.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration is wrong.
    Config(crate::InvalidConfig),
    /// The database could not be asked.
    Store(Error),
    /// There is no key of an algorithm that is used: somebody has removed it.
    Missing {
        /// The algorithm.
        algorithm: &'static str,
    },
    /// The keys in the database were sealed by another key-encryption key.
    Sealed {
        /// The key that could not be opened.
        key: KeyId,
        /// What tells the key-encryption key that sealed it from others.
        by: String,
        /// And the one that was tried.
        tried: String,
    },
}

impl Secrets {
    /// Keys that nobody else has.
    pub(crate) fn ephemeral() -> Self {
        let (algorithm, kid) = (Algorithm::default(), KeyId::random());
        let made = Purpose::Sign(algorithm).generate();
        let key = SigningKey::read(algorithm, &made.secret).expect("it has just been made");
        let prover = proving(&Purpose::Prove.generate().secret);
        Self {
            signer: Signer::new(algorithm, kid, key),
            prover: (kid, prover.clone()),
            proving: HashMap::from([(kid, prover)]),
        }
    }

    /// What a refresh token says, if one of these keys has proven it.
    pub(crate) fn read(&self, token: &str) -> Option<Refresh> {
        let (refresh, mac) = Refresh::read(token)?;
        refresh.is_proven(self.proving.get(&refresh.kid)?, &mac).then_some(refresh)
    }
}

/// A row.
struct Stored {
    kid: KeyId,
    purpose: Purpose,
    serial: i64,
    public: Option<Vec<u8>>,
    sealed: Vec<u8>,
    sealed_by: String,
    created_at_ns: i64,
    activated_at_ns: Option<i64>,
    retired_at_ns: Option<i64>,
}

/// The keys as they stand in the database.
pub(crate) struct Read {
    stored: Vec<Stored>,
    now_ns: i64,
    revision: i64,
    access_ttl_ns: i64,
}

impl Tokens {
    /// The keys, the newest of each algorithm first.
    pub async fn keys(&self) -> Result<Vec<KeyInfo>> {
        let read = Read::from(&self.inner.db, self.now_ns()).await?;
        Ok(read.stored.iter().map(Stored::info).collect())
    }

    /// Retires the keys that are used, both that which signs access tokens and that which proves
    /// refresh tokens, and uses the next. What was made with them stays good until it expires.
    /// Answers with the ids of those that are used now.
    pub async fn rotate_keys(&self) -> std::result::Result<Vec<KeyId>, OpenError> {
        let read = Read::from(&self.inner.db, self.now_ns()).await?;
        let mut used = Vec::new();
        for purpose in [Purpose::Sign(self.inner.algorithm), Purpose::Prove] {
            let current = read.current(purpose).ok_or_else(|| missing(purpose))?;
            let next = Fresh::seal(purpose, &self.inner.kek);
            let client = self.inner.db.client().await?;
            let parameters = [
                (&purpose.as_str() as _, Type::TEXT),
                (&current.serial as _, Type::INT8),
                (&next.kid as _, Type::INT8),
                (&next.public as _, Type::BYTEA),
                (&next.sealed as _, Type::BYTEA),
                (&self.inner.kek.fingerprint() as _, Type::TEXT),
                (&self.now_ns() as _, Type::INT8),
            ];
            let row = client.query_typed_opt(ROTATE, &parameters).await.map_err(Error::from)?;
            // Somebody else has rotated it at this moment: it was, and that is what was asked for.
            if let Some(row) = row {
                used.push(id(row.try_get(0).map_err(Error::from)?));
            }
        }
        self.read_keys().await?;
        Ok(used)
    }

    /// Reads the keys anew.
    pub(crate) async fn read_keys(&self) -> std::result::Result<(), OpenError> {
        let inner = &self.inner;
        let read = Read::from(&inner.db, self.now_ns()).await?;
        inner.secrets.store(Arc::new(read.secrets(Purpose::Sign(inner.algorithm), &inner.kek)?));
        self.verifier().publish(read.published());
        Ok(())
    }
}

/// Makes keys where there are none yet, and reads them.
pub(crate) async fn open(
    db: &Db,
    now_ns: Option<i64>,
    algorithm: Purpose,
    kek: &KeyEncryptionKey,
) -> std::result::Result<(Secrets, Published), OpenError> {
    let mut read = Read::from(db, now_ns).await?;
    let absent: Vec<Purpose> = [algorithm, Purpose::Prove]
        .into_iter()
        .filter(|purpose| read.current(*purpose).is_none())
        .collect();
    if !absent.is_empty() {
        create(db, now_ns, &absent, kek).await?;
        read = Read::from(db, now_ns).await?;
    }
    Ok((read.secrets(algorithm, kek)?, read.published()))
}

/// Two of each: one to use, and the next.
async fn create(
    db: &Db,
    now_ns: Option<i64>,
    purposes: &[Purpose],
    kek: &KeyEncryptionKey,
) -> Result<()> {
    let (mut kids, mut algorithms, mut serials) = (Vec::new(), Vec::new(), Vec::new());
    let (mut publics, mut sealeds) = (Vec::new(), Vec::new());
    for purpose in purposes {
        for serial in [1_i64, 2] {
            let fresh = Fresh::seal(*purpose, kek);
            kids.push(fresh.kid);
            algorithms.push(purpose.as_str());
            serials.push(serial);
            publics.push(fresh.public);
            sealeds.push(fresh.sealed);
        }
    }
    let parameters = [
        (&kids as _, Type::INT8_ARRAY),
        (&algorithms as _, Type::TEXT_ARRAY),
        (&serials as _, Type::INT8_ARRAY),
        (&publics as _, Type::BYTEA_ARRAY),
        (&sealeds as _, Type::BYTEA_ARRAY),
        (&kek.fingerprint() as _, Type::TEXT),
        (&now_ns as _, Type::INT8),
    ];
    db.client().await?.query_typed(CREATE, &parameters).await?;
    Ok(())
}

/// A new key, as it is stored.
struct Fresh {
    kid: i64,
    public: Option<Vec<u8>>,
    sealed: Vec<u8>,
}

impl Fresh {
    fn seal(purpose: Purpose, kek: &KeyEncryptionKey) -> Self {
        let kid = KeyId::random();
        let made = purpose.generate();
        let sealed =
            key::seal(kek, purpose, kid, &made.secret).expect("a key of 256 bits seals anything");
        Self { kid: kid.0.into(), public: made.public, sealed }
    }
}

impl Read {
    pub(crate) async fn from(db: &Db, now_ns: Option<i64>) -> Result<Self> {
        let rows = db.client().await?.query_typed(LIST, &[(&now_ns, Type::INT8)]).await?;
        let first = rows.first().expect("the state is one row");
        let (now_ns, revision, access_ttl_ns) =
            (first.try_get(9)?, first.try_get(10)?, first.try_get(11)?);
        let mut stored = Vec::new();
        for row in &rows {
            stored.extend(Stored::read(row)?);
        }
        Ok(Self { stored, now_ns, revision, access_ttl_ns })
    }

    fn current(&self, purpose: Purpose) -> Option<&Stored> {
        self.stored
            .iter()
            .find(|key| key.purpose == purpose && key.info().state == KeyState::Current)
    }

    fn secrets(
        &self,
        sign: Purpose,
        kek: &KeyEncryptionKey,
    ) -> std::result::Result<Secrets, OpenError> {
        let Purpose::Sign(algorithm) = sign else { unreachable!("it signs") };
        let signing = self.current(sign).ok_or_else(|| missing(sign))?;
        let secret = signing.open(kek)?;
        let key = SigningKey::read(algorithm, &secret).map_err(|_| signing.unopened(kek))?;
        let signer = Signer::new(algorithm, signing.kid, key);
        let mut all = HashMap::new();
        for key in self.stored.iter().filter(|key| key.purpose == Purpose::Prove) {
            all.insert(key.kid, proving(&key.open(kek)?));
        }
        let current = self.current(Purpose::Prove).ok_or_else(|| missing(Purpose::Prove))?;
        let prover = (current.kid, all[&current.kid].clone());
        Ok(Secrets { signer, prover, proving: all })
    }

    /// What verifies: all that have signed something which may still be good, and those that will.
    pub(crate) fn published(&self) -> Published {
        let mut published = Published { revision: self.revision, ..Published::default() };
        for key in &self.stored {
            let Purpose::Sign(algorithm) = key.purpose else { continue };
            let until_ns =
                key.retired_at_ns.map(|at_ns| at_ns.saturating_add(self.access_ttl_ns + MARGIN_NS));
            let is_over = until_ns.is_some_and(|until_ns| until_ns < self.now_ns);
            let public = key.public.as_deref().unwrap_or_default();
            if let Some(read) = VerifyingKey::read(algorithm, key.kid, public).filter(|_| !is_over)
            {
                let first = published.until_ns.into_iter().chain(until_ns).min();
                published.until_ns = first;
                published.order.push(key.kid);
                published.keys.insert(key.kid, read);
            }
        }
        published
    }
}

impl Published {
    /// A JWK Set (RFC 7517).
    pub(crate) fn jwks(&self) -> Vec<Jwk> {
        self.order.iter().map(|kid| self.keys[kid].jwk.clone()).collect()
    }
}

fn missing(purpose: Purpose) -> OpenError {
    OpenError::Missing { algorithm: purpose.as_str() }
}

fn id(kid: i64) -> KeyId {
    KeyId(u32::try_from(kid).unwrap_or_default())
}

impl Stored {
    /// None is there where the state stands alone, or where a newer pgstead has an algorithm of its own.
    fn read(row: &Row) -> Result<Option<Self>> {
        let (Some(kid), Some(algorithm)) = (row.try_get(0)?, row.try_get::<_, Option<&str>>(1)?)
        else {
            return Ok(None);
        };
        let Some(purpose) = Purpose::read(algorithm) else { return Ok(None) };
        Ok(Some(Self {
            kid: id(kid),
            purpose,
            serial: row.try_get(2)?,
            public: row.try_get(3)?,
            sealed: row.try_get(4)?,
            sealed_by: row.try_get(5)?,
            created_at_ns: row.try_get(6)?,
            activated_at_ns: row.try_get(7)?,
            retired_at_ns: row.try_get(8)?,
        }))
    }

    fn open(
        &self,
        kek: &KeyEncryptionKey,
    ) -> std::result::Result<zeroize::Zeroizing<Vec<u8>>, OpenError> {
        key::open(kek, self.purpose, self.kid, &self.sealed).map_err(|_| self.unopened(kek))
    }

    fn unopened(&self, kek: &KeyEncryptionKey) -> OpenError {
        OpenError::Sealed { key: self.kid, by: self.sealed_by.clone(), tried: kek.fingerprint() }
    }

    fn info(&self) -> KeyInfo {
        let state = match (self.activated_at_ns, self.retired_at_ns) {
            (_, Some(_)) => KeyState::Retired,
            (Some(_), None) => KeyState::Current,
            (None, None) => KeyState::Next,
        };
        KeyInfo {
            id: self.kid,
            algorithm: self.purpose.as_str(),
            state,
            created_at: since_epoch(self.created_at_ns),
            activated_at: self.activated_at_ns.map(since_epoch),
            retired_at: self.retired_at_ns.map(since_epoch),
        }
    }
}

impl KeyState {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<crate::InvalidConfig> for OpenError {
    fn from(invalid: crate::InvalidConfig) -> Self {
        Self::Config(invalid)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(invalid) => write!(f, "the tokens' configuration: {invalid}"),
            Self::Store(_) => f.write_str("the tokens' keys cannot be read"),
            Self::Missing { algorithm } => write!(
                f,
                "pgstead.token_keys has no {algorithm} key that is used: start again to make one",
            ),
            Self::Sealed { key, by, tried } => write!(
                f,
                "the key-encryption key does not open the key {key}: it was sealed by {by}, and this \
                 is {tried}; configure the one that was used before",
            ),
        }
    }
}

impl error::Error for OpenError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Config(_) | Self::Missing { .. } | Self::Sealed { .. } => None,
        }
    }
}
