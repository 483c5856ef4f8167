//! The one error type of the libraries.

use std::{error, fmt, sync::Arc, time::Duration};

use tokio_postgres::error::SqlState;

/// Why something could not be found out or done.
///
/// A refusal (a limit is passed, a token is unknown) is not an error but an answer; see the
/// outcome enums of the crates. An `Error` is cheap to clone, because a failed flush gives the
/// same one to every caller that waited for it. Its message names hosts and ports and never a
/// password; the cause is in [`source`](error::Error::source).
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    kind: Kind,
    cause: Option<Box<dyn error::Error + Send + Sync>>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// A connection setting that cannot be right.
    Config { setting: &'static str },
    /// No connection to the named hosts.
    Connect { target: Arc<str> },
    /// No connection to the named hosts within the time.
    ConnectTimeout { target: Arc<str>, after: Duration },
    /// All pooled connections stayed in use.
    PoolTimeout { after: Duration },
    /// The caller's patience ended before the database answered.
    Patience { after: Duration },
    /// The statement failed, or the connection under it.
    Query,
    /// The database has migrations that this build does not know.
    SchemaNewer { line: &'static str, database: i32, build: i32 },
    /// Migrations are missing in the database.
    SchemaOlder { line: &'static str, database: i32, build: i32 },
    /// A migration could not be applied, or differs from the one applied before.
    Migration { line: &'static str },
    /// The server is older than what the statements need.
    ServerTooOld { version: i32 },
    /// The connection that listened has ended.
    ListenerLost,
    /// The coalescer was closed.
    Closed,
    /// The work of a lane panicked; its message went to the panic hook.
    Panicked,
}

/// The result of the libraries.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Arc::new(Inner { kind, cause: None }))
    }

    pub(crate) fn caused(
        kind: Kind,
        cause: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner { kind, cause: Some(cause.into()) }))
    }

    pub(crate) fn config(
        setting: &'static str,
        cause: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self::caused(Kind::Config { setting }, cause)
    }

    /// The database cannot be used now, and may be again without anything being changed here: it
    /// is unreachable, starting, stopping, failing over, out of connections, or too slow.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self.0.kind {
            Kind::Connect { .. }
            | Kind::ConnectTimeout { .. }
            | Kind::PoolTimeout { .. }
            | Kind::Patience { .. }
            | Kind::ListenerLost
            | Kind::Closed => true,
            Kind::Query => match self.sql_state() {
                Some(state) => is_transient(state),
                None => self.pg().is_some_and(is_io),
            },
            _ => false,
        }
    }

    /// Time ran out. Whether the statement took effect is not known.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::ConnectTimeout { .. } | Kind::PoolTimeout { .. } | Kind::Patience { .. }
        ) || self.sql_state() == Some(&SqlState::QUERY_CANCELED)
    }

    /// Another transaction was in the way (serialization failure, deadlock, unique violation).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let conflicts = [
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            &SqlState::UNIQUE_VIOLATION,
        ];
        self.sql_state().is_some_and(|state| conflicts.contains(&state))
    }

    /// A setting is wrong, the schema and this build do not fit each other, or the server is too
    /// old: trying again will not help.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Config { .. }
                | Kind::SchemaNewer { .. }
                | Kind::SchemaOlder { .. }
                | Kind::Migration { .. }
                | Kind::ServerTooOld { .. }
        )
    }

    /// The error code that PostgreSQL gave, where it was PostgreSQL that refused.
    #[must_use]
    pub fn sql_state(&self) -> Option<&SqlState> {
        self.pg().and_then(tokio_postgres::Error::code)
    }

    #[cfg(test)]
    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    fn pg(&self) -> Option<&tokio_postgres::Error> {
        let cause: &(dyn error::Error + 'static) = self.0.cause.as_deref()?;
        cause.downcast_ref()
    }
}

/// States in which the same statement may succeed a moment later on the same or another server.
fn is_transient(state: &SqlState) -> bool {
    let transient = [
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::TOO_MANY_CONNECTIONS,
        &SqlState::QUERY_CANCELED,
        // A primary that became a standby under us.
        &SqlState::READ_ONLY_SQL_TRANSACTION,
        &SqlState::IDLE_SESSION_TIMEOUT,
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    transient.contains(&state) || state.code().starts_with("08")
}

/// The connection broke: neither a refusal of the server nor a mistake in our use of the driver.
fn is_io(error: &tokio_postgres::Error) -> bool {
    error.is_closed()
        || error::Error::source(error).is_some_and(<dyn error::Error>::is::<std::io::Error>)
}

impl From<tokio_postgres::Error> for Error {
    fn from(cause: tokio_postgres::Error) -> Self {
        Self::caused(Kind::Query, cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Config { setting } => write!(f, "{setting} is not valid"),
            Kind::Connect { target } => write!(f, "cannot connect to PostgreSQL at {target}"),
            Kind::ConnectTimeout { target, after } => {
                write!(f, "PostgreSQL at {target} did not answer within {after:?}")
            }
            Kind::PoolTimeout { after } => {
                write!(f, "no pooled connection became free within {after:?}")
            }
            Kind::Patience { after } => {
                write!(f, "the database did not answer within {after:?}")
            }
            Kind::Query => f.write_str("the statement failed"),
            Kind::SchemaNewer { line, database, build } => write!(
                f,
                "the database was migrated by a newer pgstead: its {line} schema is at version \
                 {database}, and this build knows up to {build}; run the newer pgstead",
            ),
            Kind::SchemaOlder { line, database, build } => write!(
                f,
                "the database is not migrated: its {line} schema is at version {database}, and \
                 this build needs {build}; run `pgstead migrate`",
            ),
            Kind::Migration { line } => write!(f, "the {line} schema cannot be migrated"),
            Kind::ServerTooOld { version } => write!(
                f,
                "PostgreSQL {} is too old; pgstead needs version {} or later",
                version / 10_000,
                crate::migrate::OLDEST_SERVER / 10_000,
            ),
            Kind::ListenerLost => f.write_str("the listening connection ended"),
            Kind::Closed => f.write_str("pgstead is shutting down"),
            Kind::Panicked => f.write_str("a flush panicked"),
        }
    }
}

/// An error and its causes in one line, for a log.
#[derive(Clone, Copy, Debug)]
pub struct Chain<'a>(pub &'a dyn error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(this) = cause {
            write!(f, ": {this}")?;
            cause = this.source();
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", &self.0.kind).field("cause", &self.0.cause).finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}
