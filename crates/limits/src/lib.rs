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
//!     Decision::Deny { retry_after, .. } => println!("not before {retry_after:?}"),
//!     allowed => println!("{} left", allowed.standing().remaining),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What there is
//!
//! - [`check`](Limits::check) takes from one key, [`check_all`](Limits::check_all) from several or
//!   from none; [`peek`](Limits::peek) looks, [`reset`](Limits::reset) forgets,
//!   [`refund`](Limits::refund) gives back, [`block`](Limits::block) shuts.
//! - [`reserve`](Limits::reserve) takes on an estimate, and [`settle`](Limits::settle) says what it
//!   really was.
//! - [`acquire`](Limits::acquire) gets one of a number of permits for as long as it is held.
//! - [`totp`] guards the check of one-time passwords.
//! - [`store_policy`](Limits::store_policy) changes the policies of all processes while they run.
//! - [`top`](Limits::top) tells which keys are called for most.
//!
//! # What is exact
//!
//! A grant is made by one statement over the row of the key, in PostgreSQL's own time: at no moment
//! more has been granted than the policy allows, over any number of processes, and nothing that
//! could have been granted is refused. Checks that wait at the same time share a statement (see
//! [`Coalescer`]); each is answered for itself.
//!
//! A key that was refused is refused from memory until its time has come, or until another process
//! gives it something back. A policy with a [`Lease`] is granted from memory: never more than the
//! limit either, but somebody may be refused what another process still holds.
//!
//! A policy that is not durable lives in an UNLOGGED table: a crash of PostgreSQL empties it, and
//! every key begins anew. A durable one survives; it costs an fsync, shared by all that wait.
//!
//! # When PostgreSQL is away
//!
//! A check waits at most for the policy's timeout; after a few that waited in vain, none waits any
//! more until PostgreSQL answers one that tries. Then the outage rule decides, and the
//! [`Decision`] says so in its [`Source`].

pub mod arithmetic;
mod ask;
mod block;
mod calendar;
mod check;
mod check_all;
mod decision;
mod denied;
mod habit;
mod handle;
mod keeper;
mod lanes;
mod lapse;
mod lease;
mod notices;
mod outage;
mod peek;
mod penalty;
mod permit;
mod policies;
mod policy;
mod refund;
mod reserve;
mod reset;
mod settle;
mod subject;
mod sweep;
mod take;
mod top;
pub mod totp;

use std::sync::Arc;

use pgstead_store::{Clock, Coalescer, Db, Hub, Lanes, migrate::Line};

pub use crate::{
    calendar::Period,
    decision::{Decision, Decisions, Source, Standing},
    permit::{Acquisition, InvalidPermit, Loan, Permit, PermitId, Permits},
    policies::Origin,
    policy::{Algorithm, InvalidPolicy, Lease, OnOutage, Policy, PolicyConfig, UnknownWord, Word},
    reserve::{InvalidReservation, Reservation, ReservationId},
    settle::Settlement,
    subject::{Check, Invalid, LONGEST_KEY, Subject},
    sweep::Swept,
    top::{By, Called},
};
use crate::{
    denied::DeniedKeys, lanes::Storage, lease::Leases, notices::Notices, outage::Outages,
    permit::Held, policies::Policies, top::Tops,
};

/// The tables.
pub const MIGRATIONS: Line = Line {
    name: "limits",
    migrations: &[
        ("V1__limits", include_str!("../migrations/V1__limits.sql")),
        ("V2__limits_whole", include_str!("../migrations/V2__limits_whole.sql")),
    ],
};

/// Every statement, as it is for the fast table and for the durable one: for tests that prepare
/// them all and read their plans.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let both = |sql: &'static lanes::Sql| [Storage::Fast, Storage::Durable].map(|on| sql.on(on));
    let of_a_storage = [
        &check::TOKEN_BUCKET,
        &check::FIXED_WINDOW,
        &check::SLIDING_WINDOW,
        &check::KNOWN_BUCKET,
        &check::KNOWN_WINDOW,
        &block::BLOCK,
        &lapse::LAPSE,
        &lease::RETURN_LEASE,
        &peek::PEEK,
        &peek::PEEK_PERMITS,
        &penalty::COUNT_DENIED,
        &penalty::LOCK_OUT,
        &permit::PERMITS,
        &refund::REFUND,
        &reset::RESET,
        &settle::SETTLE,
        &sweep::SWEEP,
        &sweep::SWEEP_PERMITS,
        &take::ENSURE,
    ];
    let others = [
        take::TAKE.on(Storage::Fast),
        notices::NOTIFY,
        policies::STORE_POLICY,
        policies::REMOVE_POLICY,
        policies::READ_POLICIES,
        sweep::SWEEP_TOTP,
        totp::USE_STEP,
    ];
    of_a_storage.into_iter().flat_map(both).chain(others).collect()
}

/// Which limits there are.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The policies. Of two with one name the later counts, and one that is stored in PostgreSQL
    /// counts before either.
    pub policies: Vec<Policy>,
    /// The lanes of each storage, fast and durable, and of the verbs that take from several keys.
    pub lanes: Lanes,
    /// Whose time it is.
    pub clock: Clock,
    /// Whether this process takes part in the sweep of what has expired. Of those that run, one
    /// is enough. Default: true.
    pub sweeps: bool,
}

impl Config {
    /// The defaults, for these policies.
    pub fn new(policies: impl IntoIterator<Item = Policy>) -> Self {
        let policies = policies.into_iter().collect();
        Self { policies, lanes: Lanes::default(), clock: Clock::Database, sweeps: true }
    }
}

/// The limits of a database. Clones are the same limits.
#[derive(Clone, Debug)]
pub struct Limits {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Clock,
    policies: Policies,
    fast: Side,
    durable: Side,
    several: Coalescer<take::Lanes>,
    denied: DeniedKeys,
    leases: Leases,
    permits: Held,
    notices: Notices,
    tops: Tops,
    hub: Hub,
}

/// What one storage has to itself: an fsync of the durable side holds up nobody on the fast one.
#[derive(Debug)]
struct Side {
    lanes: Coalescer<lanes::Lanes>,
    outages: Outages,
}

impl Limits {
    /// Starts in the current runtime. Connections are opened when they are first needed.
    ///
    /// Beside the calls, tasks keep house until the last clone is dropped: they listen to other
    /// processes, give idle leases back, prolong permits, and sweep what has expired.
    #[must_use]
    pub fn start(db: &Db, config: Config) -> Self {
        let Config { policies, lanes, clock, sweeps } = config;
        let side = |storage| Side {
            lanes: Coalescer::start(lanes::Lanes::new(db.clone(), storage, clock.clone()), lanes),
            outages: Outages::new(),
        };
        let (notices, to_send) = Notices::new();
        let inner = Arc::new(Inner {
            policies: Policies::new(policies),
            fast: side(Storage::Fast),
            durable: side(Storage::Durable),
            // Its statement costs much to begin with and little for each call more: one lane takes
            // more of them at a time, and none waits for a row of another's.
            several: Coalescer::start(
                take::Lanes::new(db.clone(), clock.clone()),
                Lanes { count: 1, ..lanes },
            ),
            denied: DeniedKeys::new(clock.clone()),
            leases: Leases::new(clock.clone()),
            permits: Held::default(),
            notices,
            tops: Tops::default(),
            hub: Hub::start(db),
            db: db.clone(),
            clock,
        });
        keeper::start(&inner, to_send, sweeps);
        Self { inner }
    }

    /// The connection that listens, for whoever else in the process has something to hear.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// Gives back what this process holds, leases and permits, and tells the others what they have
    /// to hear. Without PostgreSQL that takes seconds, or as long as the policies of the permits have
    /// patience. Afterwards, drop it.
    pub async fn close(&self) {
        self.inner.release_all_permits().await;
        self.inner.end_leasing().await;
        self.inner.notices.flush().await;
    }
}

impl Inner {
    fn side(&self, storage: Storage) -> &Side {
        match storage {
            Storage::Fast => &self.fast,
            Storage::Durable => &self.durable,
        }
    }
}

impl Policy {
    fn storage(&self) -> Storage {
        if self.is_durable() { Storage::Durable } else { Storage::Fast }
    }
}
