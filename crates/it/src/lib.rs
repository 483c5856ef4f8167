//! What the integration tests stand on: databases of their own, and processes to run and to kill.
//!
//! A cluster is started once per run, by pgstead's own means, and stops with the run. Each test has
//! a database of its own, cloned from a template that has the tables.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod cli;
pub mod http;
pub mod pgbouncer;
mod postgres;
pub mod sink;

use std::time::Duration;

use tokio::time::{Instant, sleep};

pub use crate::postgres::{Admin, LINES, TestDb, TestServer, path, postmaster};

/// Waits for what another process does and nobody tells us of. Fails the test when it does not
/// come to pass.
pub async fn eventually(what: &str, within: Duration, mut came_to_pass: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !came_to_pass().await {
        assert!(began.elapsed() < within, "within {within:?} it did not come to pass: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Whether the tests were asked to take minutes (`cargo xtask test --long`).
#[must_use]
pub fn is_long() -> bool {
    #[expect(clippy::disallowed_methods, reason = "how xtask tells the tests")]
    std::env::var_os("PGSTEAD_TEST_LONG").is_some()
}
