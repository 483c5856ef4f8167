//! The integration tests: one binary, a file for each room.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod command_line;
mod crashes;
mod embedded;
mod exactness;
mod idempotency;
mod keys;
mod limits;
mod limits_verbs;
mod listen;
mod migrate;
mod oracle;
mod outages;
mod over_admission;
mod pooler;
mod pressure;
mod server;
mod server_limits;
mod statements;
mod tls;
mod tower_layer;
mod tower_load;
