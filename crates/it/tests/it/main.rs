//! The integration tests: one binary, a file for each room.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod command_line;
mod crashes;
mod eject;
mod embedded;
mod exactness;
mod idempotency;
mod interop;
mod job_limits;
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
mod queue;
mod queue_command_line;
mod queue_histories;
mod require_token;
mod schedules;
mod schema;
mod server;
mod server_limits;
mod server_queues;
mod server_tokens;
mod server_webhooks;
mod statements;
mod tls;
mod token_costs;
mod token_histories;
mod token_outages;
mod tokens;
mod tokens_command_line;
mod tower_layer;
mod tower_load;
mod webhook_crashes;
mod webhook_targets;
mod webhooks;
