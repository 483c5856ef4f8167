//! Migrations: each crate's own numbered line, all of them in one transaction under one lock.

use std::{error, fmt};

use futures_util::StreamExt as _;
use refinery_core::{
    Migration, Runner,
    traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio_postgres::{Client, Row, Transaction, types::Type};
use tracing::info;

use crate::{
    error::{Error, Kind, Result},
    pool::{Db, log},
};

/// The oldest PostgreSQL that pgstead works with, as `server_version_num` gives it.
pub(crate) const OLDEST_SERVER: i32 = 140_000;

/// Held while migrations run, so that of many processes that start together one migrates and the
/// others wait. Any number will do, as long as it stays.
const LOCK: i64 = 0x7067_7374_6561_6401;

/// The migrations of one crate: `V1__name` and its SQL, forward only.
///
/// What has been applied stands in the table `pgstead.migrations_<name>`.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The crate's word, for example `limits`.
    pub name: &'static str,
    /// File stem (`V1__limits`) and text, in the order of their numbers.
    pub migrations: &'static [(&'static str, &'static str)],
}

/// A migration that the database has not got yet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pending {
    /// The line that it belongs to.
    pub line: &'static str,
    /// File stem, for example `V1__limits`.
    pub name: &'static str,
    /// Its SQL.
    pub sql: &'static str,
}

/// What [`migrate`] would do. Changes nothing, and needs no right but to read.
pub async fn pending(db: &Db, lines: &[Line]) -> Result<Vec<Pending>> {
    let mut client = client(db).await?;
    let transaction = client.transaction().await?;
    missing(&transaction, lines).await
}

/// Whether the database has every migration of this build, as an error if it has not.
pub async fn verify(db: &Db, lines: &[Line]) -> Result<()> {
    let pending = pending(db, lines).await?;
    let Some(first) = pending.first() else {
        return Ok(());
    };
    let build = lines.iter().find(|line| line.name == first.line).map_or(0, Line::version);
    let absent = pending.iter().filter(|pending| pending.line == first.line).count();
    let database = build - i32::try_from(absent).unwrap_or(build);
    Err(Error::new(Kind::SchemaOlder { line: first.line, database, build }))
}

/// Brings the database to this build's version and says what was done.
///
/// All lines are one transaction: killed anywhere, the database is as it was. A database that has
/// migrations which this build does not know is refused.
pub async fn migrate(db: &Db, lines: &[Line]) -> Result<Vec<Pending>> {
    let mut client = client(db).await?;
    let transaction = client.transaction().await?;
    if missing(&transaction, lines).await?.is_empty() {
        return Ok(Vec::new());
    }
    take_lock(&transaction).await?;
    // Another process may have been here while this one waited.
    let pending = missing(&transaction, lines).await?;
    if !exists(&transaction, "pg_namespace where nspname = 'pgstead'").await? {
        transaction.batch_execute("create schema pgstead").await?;
    }
    for line in lines {
        line.runner()?
            .run_async(&mut InTransaction(&transaction))
            .await
            .map_err(|cause| line.failed(cause))?;
    }
    transaction.commit().await?;
    Ok(pending)
}

async fn client(db: &Db) -> Result<Client> {
    let (client, messages) = db.direct().await?;
    tokio::spawn(messages.for_each(|message| async { log(message) }));
    Ok(client)
}

async fn take_lock(transaction: &Transaction<'_>) -> Result<()> {
    // A migration takes as long as it takes, whatever the role's settings say.
    transaction
        .batch_execute(
            "set local statement_timeout = 0;
             set local lock_timeout = 0;
             set local idle_in_transaction_session_timeout = 0",
        )
        .await?;
    let free = transaction
        .query_typed_one("select pg_try_advisory_xact_lock($1)", &[(&LOCK, Type::INT8)])
        .await?;
    if !free.try_get::<_, bool>(0)? {
        info!("waiting for another process that migrates this database");
        transaction.query_typed("select pg_advisory_xact_lock($1)", &[(&LOCK, Type::INT8)]).await?;
    }
    Ok(())
}

/// The migrations that are not there yet, by the lines' order and then their numbers.
async fn missing(transaction: &Transaction<'_>, lines: &[Line]) -> Result<Vec<Pending>> {
    let mut pending = Vec::new();
    for line in lines {
        let applied = if has_history(transaction, line).await? {
            line.runner()?
                .get_applied_migrations_async(&mut InTransaction(transaction))
                .await
                .map_err(|cause| line.failed(cause))?
        } else {
            Vec::new()
        };
        line.compare(&applied)?;
        for (name, sql) in line.migrations.iter().skip(applied.len()) {
            pending.push(Pending { line: line.name, name, sql });
        }
    }
    Ok(pending)
}

async fn has_history(transaction: &Transaction<'_>, line: &Line) -> Result<bool> {
    let named = format!("schemaname = 'pgstead' and tablename = '{}'", line.history());
    exists(transaction, &format!("pg_tables where {named}")).await
}

/// Asks the catalog as a table. `to_regclass` and its like may answer from what this session knew
/// before it waited for the lock.
async fn exists(transaction: &Transaction<'_>, rows: &str) -> Result<bool> {
    let sql = format!("select exists (select from pg_catalog.{rows})");
    Ok(transaction.query_typed_one(&sql, &[]).await?.try_get(0)?)
}

impl Line {
    fn history(&self) -> String {
        format!("migrations_{}", self.name)
    }

    /// The number of its last migration.
    fn version(&self) -> i32 {
        i32::try_from(self.migrations.len()).unwrap_or(i32::MAX)
    }

    fn runner(&self) -> Result<Runner> {
        let migrations: Vec<Migration> = self
            .migrations
            .iter()
            .map(|(name, sql)| Migration::unapplied(name, sql))
            .collect::<Result<_, _>>()
            .map_err(|cause| self.failed(cause))?;
        let mut runner = Runner::new(&migrations);
        runner.set_migration_table_name(format!("pgstead.{}", self.history()));
        Ok(runner)
    }

    /// The applied ones have to be the first of ours, unchanged.
    fn compare(&self, applied: &[Migration]) -> Result<()> {
        let database = applied.last().map_or(0, Migration::version);
        let build = self.version();
        if database > build {
            return Err(Error::new(Kind::SchemaNewer { line: self.name, database, build }));
        }
        let ours = self.runner()?;
        for (applied, ours) in applied.iter().zip(ours.get_migrations()) {
            if applied != ours {
                let changed = Changed { ours: ours.to_string(), theirs: applied.to_string() };
                return Err(Error::caused(Kind::Migration { line: self.name }, changed));
            }
        }
        Ok(())
    }

    fn failed(&self, cause: refinery_core::Error) -> Error {
        Error::caused(Kind::Migration { line: self.name }, cause)
    }
}

/// A migration was edited after it had been applied.
#[derive(Debug)]
struct Changed {
    ours: String,
    theirs: String,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ours, theirs } = self;
        if ours == theirs {
            return write!(f, "{ours} has been changed since it was applied to this database");
        }
        write!(f, "the database has {theirs} where this build has {ours}")
    }
}

impl error::Error for Changed {}

/// Lets refinery work within a transaction of ours: its own would end our lock.
struct InTransaction<'a>(&'a Transaction<'a>);

impl AsyncTransaction for InTransaction<'_> {
    type Error = tokio_postgres::Error;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> Result<usize, Self::Error> {
        let mut count = 0;
        for query in queries {
            self.0.batch_execute(query).await?;
            count += 1;
        }
        Ok(count)
    }
}

impl AsyncQuery<Vec<Migration>> for InTransaction<'_> {
    async fn query<'a>(&'a mut self, query: &'a str) -> Result<Vec<Migration>, Self::Error> {
        let rows = self.0.query_typed(query, &[]).await?;
        rows.iter().map(applied).collect()
    }
}

/// A row of the history, whose instant and checksum refinery keeps as text.
fn applied(row: &Row) -> Result<Migration, tokio_postgres::Error> {
    let applied_on: &str = row.try_get("applied_on")?;
    let applied_on = OffsetDateTime::parse(applied_on, &Rfc3339);
    let checksum = row.try_get::<_, &str>("checksum")?.parse();
    Ok(Migration::applied(
        row.try_get("version")?,
        row.try_get("name")?,
        // Shown, never compared.
        applied_on.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        // No build has this checksum: an illegible one counts as changed.
        checksum.unwrap_or(0),
    ))
}

impl AsyncMigrate for InTransaction<'_> {}
