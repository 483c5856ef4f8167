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
mod listen;
mod migrate;
mod oracle;
mod outages;
mod pooler;
mod server;
mod server_limits;
mod statements;
mod tls;
mod tower_layer;
mod tower_load;
