//! PostgreSQL as pgstead uses it, without a word of what for.
//!
//! A [`Db`] is opened from a [`Config`]. It gives out
//!
//! - pooled connections ([`Db::client`]) for ordinary statements. A function that runs one takes
//!   `&tokio_postgres::Client`, which a pooled connection, one of your own and
//!   `transaction.client()` all are, and runs it with `query_typed`: one round trip, right behind
//!   every pooler;
//! - [`Session`]s for those who keep a connection, above all the lanes of a [`Coalescer`], which
//!   merge what many callers ask into one statement;
//! - and, past a pooler, the connections that [`migrate`](migrate::migrate) and the listening
//!   [`Hub`] need.
//!
//! Tables of which a day at a time is over are partitioned by [`days`].
//! What must not be read in the database is sealed by a [`KeyEncryptionKey`].
//! Whatever fails is an [`Error`].

mod coalesce;
mod config;
pub mod days;
mod error;
mod listen;
pub mod migrate;
mod pool;
mod seal;
mod session;
mod socket;
mod target;
mod time;
mod tls;

pub use crate::{
    coalesce::{Coalescer, Lanes, Work},
    config::{Config, Pooler},
    error::{Chain, Error, Result},
    listen::{Event, Hub, Subscription},
    pool::{Db, Pooled},
    seal::{InvalidKey, KeyEncryptionKey, Unopened},
    session::{EAGER, Parameter, Query, Session, Wait},
    target::{Target, Trust},
    time::{Clock, ManualClock, within},
};
pub use tokio_postgres;
