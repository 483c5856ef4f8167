//! `pgstead tokens keys`

use std::time::Duration;

use anyhow::{Error, Result};
use clap::Subcommand;
use comfy_table::{Table, presets::NOTHING};
use jiff::Timestamp;
use pgstead_server::timestamp;
use pgstead_tokens::{Jwk, KeyInfo, OpenError, Tokens as Engine};
use serde::Serialize;

use crate::{
    cmd::Global,
    output::{Outcome, say, say_json},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// List the keys, without their secret parts
    List,
    /// Use the next keys; what was made with those before stays good until it expires
    Rotate,
    /// Print the public keys, as `/.well-known/jwks.json` has them
    Jwks,
}

#[derive(Serialize)]
struct Document {
    keys: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    kid: String,
    algorithm: &'static str,
    state: &'static str,
    created_at: Timestamp,
    activated_at: Option<Timestamp>,
    retired_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

impl Keys {
    pub(super) async fn ask(self, tokens: &Engine, global: &Global) -> Result<Outcome> {
        match self {
            Self::Jwks => {
                say_json(&JwkSet { keys: tokens.verifier().jwks() })?;
                return Ok(Outcome::Done);
            }
            Self::Rotate => {
                tokens.rotate_keys().await.map_err(|error| match error {
                    OpenError::Store(error) => error.into(),
                    wrong => Error::new(wrong),
                })?;
            }
            Self::List => {}
        }
        let keys: Vec<Entry> = tokens.keys().await?.iter().map(entry).collect();
        if global.json {
            say_json(&Document { keys })?;
        } else {
            say(&table(&keys));
        }
        Ok(Outcome::Done)
    }
}

fn entry(key: &KeyInfo) -> Entry {
    let at = |time: Option<Duration>| time.map(timestamp);
    Entry {
        kid: key.id.to_string(),
        algorithm: key.algorithm,
        state: key.state.as_str(),
        created_at: timestamp(key.created_at),
        activated_at: at(key.activated_at),
        retired_at: at(key.retired_at),
    }
}

fn table(keys: &[Entry]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["KEY", "ALGORITHM", "STATE", "USED SINCE", "UNTIL"]);
    for key in keys {
        let text = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let (since, until) = (text(key.activated_at), text(key.retired_at));
        table.add_row([key.kid.as_str(), key.algorithm, key.state, &since, &until]);
    }
    table.trim_fmt()
}
