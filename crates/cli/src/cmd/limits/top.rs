//! `pgstead limits top`: only a process that serves knows which keys it is asked about.

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pgstead_limits::By;
use serde::{Deserialize, Serialize};

use crate::{
    api::Api,
    cmd::Global,
    config::Config,
    output::{Outcome, say, say_json},
    policy::one_of,
};

/// Asks a running server with the key in `PGSTEAD_API_KEY`. What it answers is what that process
/// has counted of late.
#[derive(Args, Debug)]
pub(crate) struct Top {
    /// A policy
    policy: String,
    /// What keys are ordered by
    #[arg(long, default_value_t, value_parser = one_of::<By>())]
    by: By,
    /// How many keys
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=512))]
    most: u16,
    /// The server [default: where the configuration has it listen]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Document {
    policy: String,
    by: String,
    keys: Vec<Called>,
}

#[derive(Deserialize, Serialize)]
struct Called {
    key: String,
    times: u64,
}

impl Top {
    pub(super) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        let Self { policy, by, most, server } = self;
        let server = server.unwrap_or_else(|| format!("http://{}", config.server.listen));
        let api = Api::at(&server, config.api_key.as_deref())?;
        let policy = utf8_percent_encode(&policy, NON_ALPHANUMERIC);
        let path = format!("/v1/limits/{policy}/top?by={by}&most={most}");
        let document: Document = api.get(&path).await?;
        if global.json {
            say_json(&document)?;
            return Ok(Outcome::Done);
        }
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(["TIMES", "KEY"]);
        for Called { key, times } in &document.keys {
            table.add_row([times.to_string(), key.escape_debug().to_string()]);
        }
        say(&table.trim_fmt());
        Ok(Outcome::Done)
    }
}
