//! Exact rate limits on PostgreSQL.
//!
//! A [`Policy`] says how much of what; a check takes a cost from one key of a policy, or says when
//! that will be possible. All processes that share a database share the limits.
//!
//! ```no_run
//! use std::time::Duration;
//! use pgstead_limits::{Algorithm, Config, Decision, Limits, Policy, PolicyConfig};
//! use pgstead_store::{Db, migrate::migrate};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let db = Db::connect(&pgstead_store::Config::new("postgres://app@localhost/app")).await?;
//! migrate(&db, &[pgstead_limits::MIGRATIONS]).await?;
//!
//! let api = PolicyConfig::new(Algorithm::TokenBucket, 100, Duration::from_secs(60));
//! let limits = Limits::start(&db, Config::new([Policy::new("api", &api)?]));
//!
//! let check = limits.subject("api", "user:42")?.costing(1)?;
//! match limits.check(&check).await? {
//!     Decision::Allow(standing) => println!("{} left", standing.remaining),
//!     Decision::Deny { retry_after, .. } => println!("not before {retry_after:?}"),
//!     _ => unreachable!("there is no third"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is exact
//!
//! A grant is made by one statement over the row of the key, in PostgreSQL's own time: at no moment
//! more has been granted than the policy allows, over any number of processes, and nothing that
//! could have been granted is refused. Checks that wait at the same time share a statement (see
//! [`Coalescer`]); each is answered for itself.
//!
//! A policy that is not durable lives in an UNLOGGED table: a crash of PostgreSQL empties it, and
//! every key begins anew. A durable one survives; it costs an fsync, shared by all that wait.
//!
//! # When PostgreSQL is away
//!
//! A check waits at most for the policy's timeout. Then its outage rule decides, and the
//! [`Decision`] says so in its [`Source`].

pub mod arithmetic;
mod check;
mod lanes;
mod outage;
mod peek;
mod policy;
mod reset;

use std::{collections::HashMap, sync::Arc};

use pgstead_store::{Clock, Coalescer, Db, Lanes, migrate::Line};

pub use crate::{
    check::{Check, Decision, Invalid, LONGEST_KEY, Source, Standing, Subject},
    policy::{Algorithm, InvalidPolicy, OnOutage, Policy, PolicyConfig},
};
use crate::{lanes::Storage, outage::Outages};

/// The tables.
pub const MIGRATIONS: Line = Line {
    name: "limits",
    migrations: &[("V1__limits", include_str!("../migrations/V1__limits.sql"))],
};

/// Every statement, as it is for the fast table and for the durable one: for tests that prepare
/// them all and read their plans.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let both = |sql: &'static lanes::Sql| [Storage::Fast, Storage::Durable].map(|on| sql.on(on));
    [&check::TOKEN_BUCKET, &check::FIXED_WINDOW, &peek::PEEK, &reset::RESET]
        .into_iter()
        .flat_map(both)
        .collect()
}

/// Which limits there are.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The policies. Of two with one name the later counts.
    pub policies: Vec<Policy>,
    /// The lanes of each storage, fast and durable.
    pub lanes: Lanes,
    /// Whose time it is.
    pub clock: Clock,
}

impl Config {
    /// The defaults, for these policies.
    pub fn new(policies: impl IntoIterator<Item = Policy>) -> Self {
        let policies = policies.into_iter().collect();
        Self { policies, lanes: Lanes::default(), clock: Clock::Database }
    }
}

/// The limits of a database.
#[derive(Debug)]
pub struct Limits {
    policies: HashMap<Box<str>, Arc<Policy>>,
    fast: Side,
    durable: Side,
}

/// What one storage has to itself: an fsync of the durable side holds up nobody on the fast one.
#[derive(Debug)]
struct Side {
    lanes: Coalescer<lanes::Lanes>,
    outages: Outages,
}

impl Limits {
    /// Starts in the current runtime. Connections are opened when they are first needed.
    #[must_use]
    pub fn start(db: &Db, config: Config) -> Self {
        let Config { policies, lanes, clock } = config;
        let side = |storage| Side {
            lanes: Coalescer::start(lanes::Lanes::new(db.clone(), storage, clock.clone()), lanes),
            outages: Outages::new(),
        };
        let named = |policy: Policy| (policy.name().into(), Arc::new(policy));
        Self {
            policies: policies.into_iter().map(named).collect(),
            fast: side(Storage::Fast),
            durable: side(Storage::Durable),
        }
    }

    /// The policies, by name.
    #[must_use]
    pub fn policies(&self) -> Vec<&Policy> {
        let mut policies: Vec<&Policy> = self.policies.values().map(Arc::as_ref).collect();
        policies.sort_by_key(|policy| policy.name());
        policies
    }

    fn side(&self, policy: &Policy) -> &Side {
        if policy.is_durable() { &self.durable } else { &self.fast }
    }
}
