//! `pgstead migrate`

use anyhow::Result;
use clap::Args;
use pgstead_store::migrate::{Pending, migrate, pending};
use serde::Serialize;

use super::Global;
use crate::{
    config::Config,
    database::{Database, MIGRATIONS},
    output::{Outcome, say, say_json},
};

/// All migrations are one transaction. `serve` runs them too, so this is for databases whose
/// everyday role may not change the schema, and for looking first.
#[derive(Args, Debug)]
pub(crate) struct Migrate {
    /// Print the SQL, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Document {
    applied: bool,
    migrations: Vec<Migration>,
}

#[derive(Serialize)]
struct Migration {
    line: &'static str,
    name: &'static str,
    sql: &'static str,
}

impl Migrate {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        let database = Database::connect(global, config).await?;
        let migrations = if self.dry_run {
            pending(&database.db, MIGRATIONS).await
        } else {
            migrate(&database.db, MIGRATIONS).await
        };
        database.close().await;
        let migrations = migrations?;
        if global.json {
            let of = |Pending { line, name, sql, .. }| Migration { line, name, sql };
            let migrations = migrations.into_iter().map(of).collect();
            say_json(&Document { applied: !self.dry_run, migrations })?;
        } else if migrations.is_empty() {
            say("The database is up to date.");
        } else {
            for Pending { line, name, sql, .. } in migrations {
                if self.dry_run {
                    say(&format!("-- {line}: {name}\n{sql}"));
                } else {
                    say(&format!("{line}: {name}"));
                }
            }
        }
        Ok(Outcome::Done)
    }
}
