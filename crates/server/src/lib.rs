//! The HTTP API of pgstead.
//!
//! [`App`] is what a server has at hand, [`router`] its routes, and [`serve`] listens. Whatever is
//! refused or fails is a problem document (RFC 9457, `application/problem+json`).

mod api;
mod app;
mod auth;
mod error;
mod housekeeping;
mod idempotency;
pub mod keys;
mod nearest;
mod router;
mod serve;
mod words;

use pgstead_store::migrate::Line;

pub use crate::{
    api::{
        limits::{PoliciesResponse, PolicyResponse, RESERVED_NAMES},
        oauth::{TOKEN_POLICY, introspection, token_policy},
        queues::{
            CountsResponse, DeadResponse, JobResponse, LogsResponse, QueuesResponse, SentResponse,
            instant,
        },
        schedules::{ScheduleResponse, SchedulesResponse},
        sessions::{IssuedResponse, SessionResponse, SessionsResponse, timestamp},
        webhooks::{
            AttemptsResponse, EndpointResponse, EndpointsResponse, EventResponse,
            PublishedResponse, SecretResponse,
        },
    },
    app::App,
    housekeeping::{HOUSEKEEPING, options as housekeeping_options},
    nearest::nearest,
    router::router,
    serve::serve,
    words::{optional_word, word},
};

/// The tables.
pub const MIGRATIONS: Line = Line {
    name: "server",
    migrations: &[
        ("V1__keys", include_str!("../migrations/V1__keys.sql")),
        ("V2__idempotency", include_str!("../migrations/V2__idempotency.sql")),
    ],
};

/// Every statement: for tests that prepare them all.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    vec![
        idempotency::BEGIN,
        idempotency::END,
        idempotency::FORGET,
        idempotency::SWEEP,
        include_str!("../sql/keys_create.sql"),
        include_str!("../sql/keys_list.sql"),
        include_str!("../sql/keys_revoke.sql"),
    ]
}
