//! A database for a benchmark alone: keys that are sealed by another key-encryption key would be in
//! its way, and its sessions and jobs in everybody's.

use std::path::Path;

use anyhow::{Context as _, Result};
use pgstead_store::{Db, migrate::migrate};

use crate::{
    config::Config,
    database::{Database, MIGRATIONS},
    output::Wrong,
};

pub(super) struct Scratch {
    pub(super) db: Db,
    /// How it was reached.
    pub(super) settings: pgstead_store::Config,
    name: String,
    /// Where it was created.
    beside: Db,
}

const PREFIX: &str = "pgstead_bench_";

impl Scratch {
    /// One for the benchmark of that word.
    pub(super) async fn create(database: &Database, config: &Config, word: &str) -> Result<Self> {
        let beside = database.db.clone();
        drop_leftovers(&beside).await?;
        let name = format!("{PREFIX}{word}_{}", std::process::id());
        let refused = "the benchmark makes a database of its own, and may not here";
        execute(&beside, &format!("create database {name}"))
            .await
            .with_context(|| Wrong(refused.to_owned()))?;
        let mut settings = config.database.clone();
        settings.url = on_database(&database.url, &name);
        settings.direct_url =
            settings.direct_url.as_deref().map(|direct| on_database(direct, &name));
        if database.is_embedded() {
            settings.direct_url = None;
        }
        let opened = async {
            let db = Db::connect(&settings).await?;
            pgstead_queue::install(&db).await?;
            migrate(&db, MIGRATIONS).await?;
            anyhow::Ok(db)
        };
        match opened.await {
            Ok(db) => Ok(Self { db, settings, name, beside }),
            Err(error) => {
                execute(&beside, &drop_database(&name)).await?;
                Err(error)
            }
        }
    }

    pub(super) async fn drop(self) -> Result<()> {
        let Self { db, name, beside, .. } = self;
        drop(db);
        execute(&beside, &drop_database(&name)).await
    }
}

fn drop_database(name: &str) -> String {
    format!("drop database if exists {name} with (force)")
}

async fn execute(db: &Db, sql: &str) -> Result<()> {
    db.client().await?.batch_execute(sql).await.map_err(pgstead_store::Error::from)?;
    Ok(())
}

/// Databases of benchmarks that were killed on this machine.
async fn drop_leftovers(db: &Db) -> Result<()> {
    let sql = "select datname::text from pg_database where datname like 'pgstead\\_bench\\_%'";
    for row in db.client().await?.query_typed(sql, &[]).await? {
        let name: String = row.try_get(0)?;
        let pid = name.rsplit('_').next().and_then(|pid| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
            execute(db, &drop_database(&name)).await?;
        }
    }
    Ok(())
}

/// The same server, another database of it.
fn on_database(url: &str, name: &str) -> String {
    let (address, query) =
        url.split_once('?').map_or((url, ""), |(address, query)| (address, query));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let server = address[authority..].find('/').map_or(address, |at| &address[..authority + at]);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{server}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::on_database;

    #[test]
    fn another_database_of_the_same_server() {
        for (url, other) in [
            ("postgres://u:p@h:1/d", "postgres://u:p@h:1/x"),
            ("postgres://u@%2Frun/d?sslmode=disable", "postgres://u@%2Frun/x?sslmode=disable"),
            ("postgres://h", "postgres://h/x"),
        ] {
            assert_eq!(on_database(url, "x"), other);
        }
    }
}
