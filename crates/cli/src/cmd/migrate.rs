//! `pgstead migrate`

use anyhow::Result;
use clap::Args;
use pgstead_queue::{Config as QueuesConfig, QueueName, Queues};
use pgstead_server::HOUSEKEEPING;
use pgstead_store::{
    Db,
    migrate::{Pending, migrate, pending},
};
use pgstead_webhooks::QUEUE;
use serde::Serialize;

use super::Global;
use crate::{
    config::Config,
    database::{Database, MIGRATIONS, install, to_install},
    output::{Outcome, say, say_json},
};

/// All migrations are one transaction; pgmq, on which the queues are, is installed before it, and the
/// queues of the housekeeping and of webhooks made after it. `serve` runs them too, so this is for databases whose
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
    /// The version of pgmq that was installed, or would be.
    pgmq: Option<String>,
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
        let done = self.ask(&database.db).await;
        database.close().await;
        let (pgmq, migrations) = done?;
        if global.json {
            let of = |Pending { line, name, sql, .. }| Migration { line, name, sql };
            let migrations = migrations.into_iter().map(of).collect();
            say_json(&Document { applied: !self.dry_run, pgmq, migrations })?;
        } else if migrations.is_empty() && pgmq.is_none() {
            say("The database is up to date.");
        } else {
            match pgmq {
                Some(version) if self.dry_run => {
                    say(&format!(
                        "-- pgmq: its installer would bring {version} into the schema pgmq\n"
                    ));
                }
                Some(version) => say(&format!("pgmq: {version}")),
                None => {}
            }
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

    async fn ask(&self, db: &Db) -> Result<(Option<String>, Vec<Pending>)> {
        if self.dry_run {
            return Ok((to_install(db).await?, pending(db, MIGRATIONS).await?));
        }
        // One that is too new is said before anything is changed.
        pending(db, MIGRATIONS).await?;
        let done = (install(db).await?, migrate(db, MIGRATIONS).await?);
        // Here it is the owner who does it, as a rule: the role of `serve` need not be able to.
        let housekeeping = QueueName::new(HOUSEKEEPING)?;
        let queues = Queues::start(db, QueuesConfig::default())?;
        for queue in [housekeeping, QueueName::new(QUEUE)?] {
            queues.ensure(&queue).await?;
        }
        Ok(done)
    }
}
