//! `pgstead`: the service, and the tools around it.

mod api;
mod cmd;
mod config;
mod database;
mod output;
mod policy;
mod queues;
mod tokens;
mod webhooks;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = cmd::Arguments::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| {
            let outcome = runtime.block_on(cmd::run(arguments));
            // A name that nobody resolves is given up, but not by the C library, which goes on.
            runtime.shutdown_background();
            outcome
        });
    match outcome {
        Ok(output::Outcome::Done) => ExitCode::SUCCESS,
        Ok(output::Outcome::No) => ExitCode::from(1),
        Err(error) => output::fail(&error),
    }
}
