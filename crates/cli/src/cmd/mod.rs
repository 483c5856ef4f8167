//! The command line: one file for each word.

mod apply;
mod bench;
mod keys;
mod limits;
mod migrate;
mod plan;
mod queue;
mod scan;
mod schema;
mod serve;
mod tokens;
mod verify;
mod webhooks;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use tracing_subscriber::{EnvFilter, fmt::format::FmtSpan};

use crate::{
    config::{Config, Format},
    output::{Outcome, Wrong},
};

/// Rate limits, tokens, queues and webhooks on PostgreSQL, in Redis's stead.
///
/// Without a database it uses one of its own in the data directory, which it makes and runs itself.
#[derive(Debug, Parser)]
#[command(name = "pgstead", version, max_term_width = 100)]
#[command(after_help = "Exit status: 0 done; 1 the answer is no; 2 wrong use or configuration; \
                        3 the database or another service cannot be reached.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The configuration [default: pgstead.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "PGSTEAD_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// PostgreSQL, as postgres://user:password@host:port/database
    #[arg(long, global = true, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Where the embedded PostgreSQL lives [default: the platform's data directory for pgstead]
    #[arg(long, global = true, value_name = "DIR", env = "PGSTEAD_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the HTTP API
    Serve(serve::Serve),
    /// Bring the database to this version
    Migrate(migrate::Migrate),
    /// Rate limits: their keys, and their policies
    #[command(subcommand)]
    Limits(limits::Limits),
    /// Sessions, their tokens, and the keys that those are made with
    #[command(subcommand)]
    Tokens(tokens::Tokens),
    /// Jobs: their queues, and their dead letters
    #[command(subcommand)]
    Queue(queue::Queue),
    /// Webhooks: their endpoints, events, and what came of them
    #[command(subcommand)]
    Webhooks(webhooks::Webhooks),
    /// API keys of the HTTP API
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Print what pgstead keeps in the database, as SQL or as Prisma's models
    Schema(schema::Schema),
    /// Find every use of Redis in a tree of source code
    Scan(scan::Scan),
    /// Write the plan for moving a tree off Redis
    Plan(plan::Plan),
    /// Remove from a tree what can be removed without a person; a preview without --write
    Apply(apply::Apply),
    /// Prove that a tree uses no Redis, and that a server has no users
    Verify(verify::Verify),
    /// Measure pgstead, and what it replaces, on this machine
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Print completions for a shell
    Completions {
        /// For which
        shell: Shell,
    },
}

pub(crate) async fn run(Arguments { global, command }: Arguments) -> Result<Outcome> {
    if let Command::Completions { shell } = command {
        let mut command = Arguments::command();
        clap_complete::generate(shell, &mut command, "pgstead", &mut std::io::stdout());
        return Ok(Outcome::Done);
    }
    // These ask no database, and so need no configuration of one.
    let command = match command {
        Command::Schema(schema) => return Ok(schema.run()),
        Command::Scan(scan) => return scan.run(&global),
        Command::Plan(plan) => return plan.run(&global),
        Command::Apply(apply) => return apply.run(&global),
        Command::Verify(verify) => return verify.run(&global).await,
        command => command,
    };
    let config = Config::load(&global)?;
    log(&config, matches!(command, Command::Serve(_)))?;
    match command {
        Command::Serve(serve) => serve.run(&global, &config).await,
        Command::Migrate(migrate) => migrate.run(&global, &config).await,
        Command::Limits(limits) => limits.run(&global, &config).await,
        Command::Tokens(tokens) => tokens.run(&global, &config).await,
        Command::Queue(queue) => queue.run(&global, &config).await,
        Command::Webhooks(webhooks) => webhooks.run(&global, &config).await,
        Command::Keys(keys) => keys.run(&global, &config).await,
        Command::Bench(bench) => bench.run(&global, &config).await,
        Command::Completions { .. }
        | Command::Schema(_)
        | Command::Scan(_)
        | Command::Plan(_)
        | Command::Apply(_)
        | Command::Verify(_) => unreachable!("they have been done"),
    }
}

/// Logs go to standard error: for a service what happens, for a tool what goes wrong.
fn log(config: &Config, is_service: bool) -> Result<()> {
    let default = if is_service { "info" } else { "warn" };
    let level = config.log.level.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(level)
        .map_err(|error| Wrong(format!("log.level: {error}; it is for example \"info\"")))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE);
    match config.log.format {
        Format::Text => {
            use std::io::IsTerminal as _;
            let colours = std::io::stderr().is_terminal() && !config.no_color;
            subscriber.with_ansi(colours).init();
        }
        Format::Json => subscriber.json().init(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
