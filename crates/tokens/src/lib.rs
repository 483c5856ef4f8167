//! Sessions with refresh tokens and instantly revocable access tokens, on PostgreSQL.
//!
//! A session begins with a pair of tokens: an access token, which is a JWT that anybody with the public
//! keys can verify, and a refresh token, which gets the next pair and is then used up. All processes
//! that share a database share the sessions.
//!
//! ```no_run
//! use pgstead_store::{Db, migrate::migrate};
//! use pgstead_tokens::{Config, KeyEncryptionKey, NewSession, Rotation, Tokens, Verification};
//!
//! # async fn example(kek: KeyEncryptionKey) -> Result<(), Box<dyn std::error::Error>> {
//! let db = Db::connect(&pgstead_store::Config::new("postgres://app@localhost/app")).await?;
//! migrate(&db, &[pgstead_tokens::MIGRATIONS]).await?;
//! let tokens = Tokens::open(&db, Config::new("https://auth.example.com", kek)).await?;
//!
//! let issued = tokens.issue(&NewSession::new("ada")?.tenant("acme")?).await?;
//! if let Verification::Valid(claims) = tokens.verify(issued.access_token.reveal()) {
//!     println!("{} is logged in", claims.user);
//! }
//! match tokens.refresh(issued.refresh_token.reveal()).await? {
//!     Rotation::Rotated(next) | Rotation::Graced(next) => println!("{:?}", next.session),
//!     Rotation::Reused { user, .. } => println!("somebody has stolen a token of {user}"),
//!     _ => println!("log in again"),
//! }
//! tokens.revoke_user("ada").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//!
//! - Of the tokens of a session one is good at any moment. Of two who present it at once one rotates
//!   it, and the other gets the same successor within the [`grace`](Config::grace). Who presents an
//!   older one has it from somebody else: the session ends (RFC 9700, 4.14.2).
//! - A response that was lost, and a commit that was lost in a failover, log nobody out.
//! - Nothing that the database holds can be used by who steals it: refresh tokens are proven by a MAC
//!   and not stored, and the keys are sealed by a [`KeyEncryptionKey`] that is kept elsewhere.
//! - What is revoked is refused by every [`Verifier`] as soon as a notification arrives, else within
//!   its [`poll`](VerifierConfig::poll), and nobody asks PostgreSQL for that per request.
//! - Time is PostgreSQL's. A verifier has it from there as well, and needs its own clock only to tell
//!   how long ago it was told.
//!
//! # What there is
//!
//! [`issue`](Tokens::issue), [`refresh`](Tokens::refresh), [`verify`](Tokens::verify),
//! [`revoke`](Tokens::revoke) and its kin, [`sessions`](Tokens::sessions) of a user,
//! [`inspect`](Tokens::inspect), [`events`](Tokens::events), [`import`](Tokens::import) from another
//! system, [`keys`](Tokens::keys) and [`rotate_keys`](Tokens::rotate_keys). [`Verifier`] is for
//! processes that only verify: it needs the database and no secret.

mod claims;
mod config;
mod events;
mod exchange;
mod import;
mod inspect;
mod issue;
mod jwt;
mod keeper;
mod key;
mod keyring;
mod lanes;
mod mint;
mod revoke;
mod rotate;
mod secret;
mod session;
mod silence;
mod sweep;
mod verify;

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use pgstead_store::{
    Clock, Coalescer, Db, Hub, Result, migrate::Line, tokio_postgres::types::Type,
};
pub use pgstead_store::{InvalidKey, KeyEncryptionKey};

pub use crate::{
    claims::{Claims, Grant, InvalidGrant, LARGEST_CLAIMS, RESERVED},
    config::{Config, InvalidConfig, VerifierConfig},
    events::{Event, Events},
    import::Imported,
    inspect::{Inspection, MOST_LISTED},
    key::{Algorithm, Jwk, KeyId, UnknownAlgorithm},
    keyring::{KeyInfo, KeyState, OpenError},
    mint::{Issued, Minter},
    rotate::Rotation,
    secret::{PREFIX, Secret},
    session::{Device, InvalidSessionId, LONGEST_NAME, NewSession, Session, SessionId},
    sweep::Swept,
    verify::{Verification, Verifier},
};
use crate::{
    key::Purpose,
    keyring::Secrets,
    lanes::{Answer, Ask, Lanes, Lifetimes},
    mint::Terms,
};

/// The tables.
pub const MIGRATIONS: Line = Line {
    name: "tokens",
    migrations: &[
        ("V1__tokens", include_str!("../migrations/V1__tokens.sql")),
        ("V2__imported_tokens_epoch", include_str!("../migrations/V2__imported_tokens_epoch.sql")),
    ],
};

const OPEN: &str = include_str!("../sql/open.sql");

/// Every statement: for tests that prepare them all and read their plans.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    vec![
        OPEN,
        events::SQL,
        exchange::SQL,
        exchange::EXCHANGED,
        import::SQL,
        inspect::LIST,
        issue::SQL,
        keyring::LIST,
        keyring::CREATE,
        keyring::ROTATE,
        revoke::SESSIONS,
        revoke::ALL,
        rotate::SQL,
        rotate::CLASSIFY,
        sweep::PRUNE,
        verify::REVOCATIONS,
    ]
}

/// Sessions and their tokens. Cheap to clone; what it does in the background ends with the last
/// clone.
#[derive(Clone, Debug)]
pub struct Tokens {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    db: Db,
    lanes: Coalescer<Lanes>,
    verifier: Verifier,
    secrets: ArcSwap<Secrets>,
    kek: KeyEncryptionKey,
    algorithm: Algorithm,
    terms: Terms,
    lifetimes: Lifetimes,
    keep_events: Duration,
    patience: Duration,
    clock: Clock,
}

impl Tokens {
    /// Reads the keys, makes them if there are none, and makes the partitions of the coming days. The
    /// tables have to be there.
    pub async fn open(db: &Db, config: Config) -> std::result::Result<Self, OpenError> {
        let hub = Hub::start(db);
        Self::open_with(db, config, &hub).await
    }

    /// The same, for somebody who listens already.
    pub async fn open_with(
        db: &Db,
        config: Config,
        hub: &Hub,
    ) -> std::result::Result<Self, OpenError> {
        config.validate()?;
        let ns = |time: Duration| i64::try_from(time.as_nanos()).expect("it is within its bounds");
        let lifetimes = Lifetimes {
            idle_ns: ns(config.idle_ttl),
            absolute_ns: ns(config.absolute_ttl),
            grace_ns: ns(config.grace),
        };
        let clock = config.verifier.clock.clone();
        let client = db.client().await?;
        let access_ttl_ns = ns(config.access_ttl);
        let noted = client.query_typed(OPEN, &[(&access_ttl_ns, Type::INT8)]).await;
        noted.map_err(pgstead_store::Error::from)?;
        drop(client);
        let sign = Purpose::Sign(config.algorithm);
        let (secrets, published) = keyring::open(db, clock.now_ns(), sign, &config.kek).await?;
        let terms = Terms {
            issuer: config.verifier.issuer.clone(),
            audience: config.verifier.audience.clone(),
            access_ttl: config.access_ttl,
        };
        let verifier = Verifier::new(config.verifier, published);
        verifier.read(db, true).await?;
        let lanes =
            Lanes { db: db.clone(), clock: clock.clone(), lifetimes, verifier: verifier.clone() };
        let inner = Inner {
            db: db.clone(),
            lanes: Coalescer::start(lanes, config.lanes),
            verifier,
            secrets: ArcSwap::from_pointee(secrets),
            kek: config.kek,
            algorithm: config.algorithm,
            terms,
            lifetimes,
            keep_events: config.keep_events,
            patience: config.patience,
            clock,
        };
        let tokens = Self { inner: Arc::new(inner) };
        if config.keeps_house {
            tokens.keep_house().await?;
            tokio::spawn(keeper::sweep(Arc::downgrade(&tokens.inner)));
        }
        tokens.inner.verifier.follow(db, hub, Some(Arc::downgrade(&tokens.inner)));
        Ok(tokens)
    }

    /// What an access token is worth. Nobody is asked, and nothing waits.
    pub fn verify(&self, token: &str) -> Verification {
        self.inner.verifier.verify(token)
    }

    /// What verifies, for those who do only that.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.inner.verifier
    }

    /// The time, since 1970, by PostgreSQL.
    pub async fn now(&self) -> Result<Duration> {
        let (now_ns, _) = sweep::read(&*self.inner.db.client().await?, self.now_ns()).await?;
        Ok(session::since_epoch(now_ns))
    }

    /// Encrypts an answer that has tokens in it, to keep it. AES-256-GCM.
    #[must_use]
    pub fn seal(&self, answer: &[u8]) -> Vec<u8> {
        let sealed = key::seal(&self.inner.kek, Purpose::Keep, KeyId(0), answer);
        sealed.expect("a key of 256 bits seals anything")
    }

    /// What [`seal`](Self::seal) has encrypted with this key-encryption key, else nothing.
    #[must_use]
    pub fn unseal(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let opened = key::open(&self.inner.kek, Purpose::Keep, KeyId(0), sealed);
        opened.ok().map(|answer| answer.to_vec())
    }

    async fn ask(&self, ask: Ask) -> Result<Answer> {
        let answer = self.inner.lanes.ask(ask.clone(), self.inner.patience).await?;
        let Answer::Undone(error) = answer else { return Ok(answer) };
        if lanes::is_unplaced(&error) {
            self.keep_house().await?;
        }
        match self.inner.lanes.ask(ask, self.inner.patience).await? {
            Answer::Undone(error) => Err(error),
            answer => Ok(answer),
        }
    }

    fn now_ns(&self) -> Option<i64> {
        self.inner.clock.now_ns()
    }

    fn secrets(&self) -> arc_swap::Guard<Arc<Secrets>> {
        self.inner.secrets.load()
    }
}
