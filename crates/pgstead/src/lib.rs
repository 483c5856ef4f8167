//! PostgreSQL in Redis's stead: what a Rust program adds.
//!
//! - [`limits`]: exact rate limits, shared by all processes that share a database.
//! - [`rate_limit`]: the same as a tower layer, for axum and any HTTP service.
//! - [`tokens`]: sessions, their refresh tokens, and access tokens that can be revoked at once.
//! - [`require_token`]: what verifies those, as a tower layer.
//! - [`queue`]: jobs on pgmq, and who works at them.
//! - [`job_limits`]: rate limits for those.
//! - [`webhooks`]: sent, signed, tried again and recorded; and received.
//! - [`store`]: connections to PostgreSQL and migrations, which the others stand on.
//!
//! ```no_run
//! use std::time::Duration;
//! use pgstead::{
//!     limits::{self, Algorithm, Config, Decision, Limits, Policy, PolicyConfig},
//!     store::{self, Db, migrate::migrate},
//! };
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let db = Db::connect(&store::Config::new("postgres://app@localhost/app")).await?;
//! migrate(&db, &[limits::MIGRATIONS]).await?;
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
//! # Features
//!
//! - `axum` (default): keys from the path of a route, and the client's address as axum's server
//!   tells it. Without it the layer depends on `http` and tower's two traits.

mod body;
pub mod job_limits;
mod problem;
pub mod rate_limit;
pub mod require_token;

pub use pgstead_limits as limits;
pub use pgstead_queue as queue;
pub use pgstead_store as store;
pub use pgstead_tokens as tokens;
pub use pgstead_webhooks as webhooks;

pub use crate::problem::Problem;
