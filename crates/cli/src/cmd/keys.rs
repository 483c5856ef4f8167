//! `pgstead keys`

use anyhow::Result;
use clap::Subcommand;
use comfy_table::{Table, presets::NOTHING};
use pgstead_server::keys::{self, Key, Scope};
use serde::Serialize;

use super::Global;
use crate::{
    config::Config,
    database::Database,
    output::{Outcome, say, say_json},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Create a key and print it; it cannot be had again
    Create {
        /// What it is for, in your words
        #[arg(long, default_value = "")]
        name: String,
        /// What it may be used for: limits, tokens, queues, webhooks or admin
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_delimiter = ',')]
        scopes: Vec<Scope>,
    },
    /// List the keys
    List,
    /// Revoke a key; exit status 1 if there is no such key, or it is revoked already
    Revoke {
        /// Its id, as `list` shows it
        id: String,
    },
}

#[derive(Serialize)]
struct Created<'a> {
    id: &'a str,
    key: &'a str,
}

#[derive(Serialize)]
struct Revoked {
    revoked: bool,
}

#[derive(Serialize)]
struct Listed {
    keys: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    created_at: String,
    revoked_at: Option<String>,
}

impl Keys {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        let database = Database::open(global, config).await?;
        let outcome = self.ask(&database, global).await;
        database.close().await;
        outcome
    }

    async fn ask(self, database: &Database, global: &Global) -> Result<Outcome> {
        let client = database.db.client().await?;
        match self {
            Self::Create { name, scopes } => {
                let (id, secret) = keys::create(&client, &name, &scopes).await?;
                if global.json {
                    say_json(&Created { id: &id, key: secret.reveal() })?;
                } else {
                    say(secret.reveal());
                }
                Ok(Outcome::Done)
            }
            Self::List => {
                let keys: Vec<Entry> = keys::list(&client).await?.into_iter().map(entry).collect();
                if global.json {
                    say_json(&Listed { keys })?;
                } else {
                    say(&table(&keys));
                }
                Ok(Outcome::Done)
            }
            Self::Revoke { id } => {
                let revoked = keys::revoke(&client, &id).await?;
                if global.json {
                    say_json(&Revoked { revoked })?;
                } else if revoked {
                    say("Revoked.");
                } else {
                    say(&format!("There is no key {id:?} that could be revoked."));
                }
                Ok(if revoked { Outcome::Done } else { Outcome::No })
            }
        }
    }
}

fn entry(Key { id, name, scopes, created_at, revoked_at, .. }: Key) -> Entry {
    let scopes = scopes.into_iter().map(Scope::as_str).collect();
    Entry { id, name, scopes, created_at, revoked_at }
}

fn table(keys: &[Entry]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["ID", "NAME", "SCOPES", "CREATED", "REVOKED"]);
    for key in keys {
        let revoked = key.revoked_at.as_deref().unwrap_or_default();
        table.add_row([&key.id, &key.name, &key.scopes.join(", "), &key.created_at, revoked]);
    }
    table.trim_fmt()
}
