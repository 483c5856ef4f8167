//! Webhooks: sent to endpoints, signed, tried again, recorded; and received from others.
//!
//! An event is published in one transaction, which may be the caller's, and becomes a delivery for each
//! endpoint that wants it: a job of the queue [`QUEUE`]. What is sent is signed as Standard Webhooks 1.0 says.
//!
//! ```no_run
//! use pgstead_queue::{Config as QueuesConfig, Queues};
//! use pgstead_store::{Db, KeyEncryptionKey};
//! use pgstead_webhooks::{Config, NewEndpoint, NewEvent, QUEUE, Webhooks, options};
//!
//! # async fn example(db: Db, kek: KeyEncryptionKey, stop: impl Future<Output = ()>) -> Result<(), Box<dyn std::error::Error>> {
//! let mut queues = QueuesConfig::default();
//! queues.queues.insert(QUEUE.parse()?, options());
//! let webhooks = Webhooks::start(&db, &Queues::start(&db, queues)?, kek, Config::default()).await?;
//!
//! let mut endpoint = NewEndpoint::new("https://example.com/webhooks");
//! endpoint.types = vec!["order.*".to_owned()];
//! let created = webhooks.create(&endpoint).await?;
//! for (kind, secret) in &created.secrets {
//!     println!("{kind}: {}", secret.reveal());
//! }
//!
//! let payload = serde_json::value::to_raw_value(&serde_json::json!({ "order": 42 }))?;
//! webhooks.publish(NewEvent::new("order.paid", payload)?.id("order-42-paid")?).await?;
//! webhooks.run(stop).await;
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//!
//! - An event whose publication was acknowledged reaches each endpoint that wanted it at least once, or its
//!   delivery is marked as failed or missed, and can be [replayed](Webhooks::replay). It may come more than
//!   once, and in another order unless the endpoint is [`fifo`](NewEndpoint::fifo): receivers go by `webhook-id`.
//! - Every attempt is recorded. What its endpoint is resolved to is not.
//! - An endpoint that hangs or fails takes nothing from the others.
//! - Nothing is sent to addresses that are private, unless that is [allowed](Config::allow).
//! - Secrets and header fields of endpoints are sealed by a key that is not in the database.

mod config;
mod deliver;
mod desk;
mod endpoint;
mod exchange;
mod guard;
mod id;
mod publish;
mod receive;
mod record;
mod replay;
mod sign;
mod sweep;
mod traffic;

use std::{error, fmt, sync::Arc};

use pgstead_queue::{OpenError, Queue, Queues};
use pgstead_store::{Coalescer, Db, KeyEncryptionKey, Lanes as Bounds, migrate::Line};

pub use crate::{
    config::{Breaker, Config, InvalidConfig, QUEUE, options},
    endpoint::{
        Changes, Created, DISABLED, Endpoint, EndpointError, InvalidEndpoint, MOST_LISTED,
        NewEndpoint, Rate, Reason, Signature,
    },
    exchange::{Failure, LARGEST_BODY},
    guard::{InvalidUrl, LONGEST_URL, Resolve, SystemResolver},
    id::{AttemptId, EndpointId, EventId, InvalidId},
    publish::{EventType, InvalidEvent, MOST_PUBLISHED, NewEvent, PublishError, Published, TEST},
    receive::{
        Counts, Dedupe, Encoding, InvalidSource, Receipt, Received, Receiver, Refusal, Scheme,
        Source,
    },
    record::{Attempt, Attempts, DeliveryInfo, DeliveryState, Event, MOST_ATTEMPTS},
    replay::Replay,
    sign::{InvalidSecret, Secret, SignatureKind, UnknownSignature},
    sweep::Swept,
};
use crate::{deliver::Delivery, desk::Desk, exchange::Client, guard::Guard, traffic::Traffic};

/// The tables. pgmq and those of the queue have to be there before.
pub const MIGRATIONS: Line = Line {
    name: "webhooks",
    migrations: &[("V1__webhooks", include_str!("../migrations/V1__webhooks.sql"))],
};

/// Every statement: for tests that prepare them all and read their plans.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    vec![
        deliver::MISS,
        deliver::RATE,
        desk::LOAD,
        desk::RECORD,
        endpoint::CHANGE,
        endpoint::CREATE,
        endpoint::DISABLE,
        endpoint::ENABLE,
        endpoint::LIST,
        endpoint::REMOVE,
        endpoint::ROTATE,
        publish::SQL,
        record::DELIVERIES,
        record::FAILED,
        record::FIND,
        record::OF_ENDPOINT,
        record::OF_EVENT,
        replay::ATTEMPT,
        replay::FAILED,
        replay::MISSED,
        sweep::NOW,
        sweep::PRUNE,
    ]
}

/// As what an answer is sealed.
const ANSWER: &str = "pgstead webhook answer";

/// The webhooks of a database. Cheap to clone; what it does in the background ends with the last clone.
#[derive(Clone, Debug)]
pub struct Webhooks {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    queues: Queues,
    queue: Queue<Delivery>,
    publishes: Coalescer<publish::Lanes>,
    desk: Coalescer<Desk>,
    traffic: Traffic,
    client: Client,
    guard: Guard,
    kek: KeyEncryptionKey,
    config: Config,
}

/// Webhooks cannot be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// They are not configured as they have to be.
    Config(InvalidConfig),
    /// PostgreSQL did not answer, or refused.
    Store(pgstead_store::Error),
}

impl Webhooks {
    /// Starts what publishes and what records, has the queue be there, and the partitions of the coming days.
    /// The tables have to be there. Nothing is delivered before [`run`](Self::run).
    pub async fn start(
        db: &Db,
        queues: &Queues,
        kek: KeyEncryptionKey,
        config: Config,
    ) -> Result<Self, StartError> {
        config.validate().map_err(StartError::Config)?;
        let queue: Queue<Delivery> = queues.queue(QUEUE).await.map_err(|error| match error {
            OpenError::Store(error) => StartError::Store(error),
            other => unreachable!("the queue has a good name: {other}"),
        })?;
        let lanes = publish::Lanes { db: db.clone(), queue: queue.clone() };
        let desk = Desk { db: db.clone(), disable_after: config.disable_after };
        // Of two lanes at once two could each have a row of an endpoint that the other one wants.
        let one = Bounds { count: 1, ..Bounds::default() };
        let guard = Guard::new(&config.allow, config.https_only, Arc::clone(&config.resolver));
        let inner = Inner {
            db: db.clone(),
            queues: queues.clone(),
            queue,
            publishes: Coalescer::start(lanes, Bounds::default()),
            desk: Coalescer::start(desk, one),
            traffic: Traffic::new(config.breaker),
            client: Client::new(guard.clone()),
            guard,
            kek,
            config,
        };
        let webhooks = Self { inner: Arc::new(inner) };
        webhooks.keep_house().await?;
        Ok(webhooks)
    }

    /// Encrypts an answer that has secrets of endpoints in it, to keep it. AES-256-GCM.
    #[must_use]
    pub fn seal(&self, answer: &[u8]) -> Vec<u8> {
        let sealed = self.inner.kek.seal(ANSWER, answer);
        sealed.expect("a key of 256 bits seals anything")
    }

    /// What [`seal`](Self::seal) has encrypted with this key-encryption key, else nothing.
    #[must_use]
    pub fn unseal(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.inner.kek.open(ANSWER, sealed).ok().map(|answer| answer.to_vec())
    }

    /// How they are sent.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("config", &self.config).finish_non_exhaustive()
    }
}

impl From<pgstead_store::Error> for StartError {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(invalid) => write!(f, "the webhooks' configuration: {invalid}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl error::Error for StartError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Config(_) => None,
            Self::Store(error) => error.source(),
        }
    }
}
