//! Installs pgmq, by its own installer.

use std::{error, fmt, str::FromStr as _};

use pgmq::{
    PgmqError,
    install::{Version, install_sql_from_embedded},
};
use pgstead_store::{Db, Error, Result, Target, Trust};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};

pub(crate) const INSTALLED: &str = include_str!("../sql/installed.sql");
pub(crate) const BROUGHT_BEFORE: &str = include_str!("../sql/brought.sql");

/// What the installer of this build installs.
const BROUGHT: Version = Version { major: 1, minor: 11, patch: 1 };
/// Older ones lack a column that is needed.
const OLDEST: Version = Version { major: 1, minor: 10, patch: 1 };

/// pgmq cannot be used in this database.
#[derive(Debug)]
#[non_exhaustive]
pub enum InstallError {
    /// It is there, and too old; by its version.
    TooOld {
        /// What is there.
        installed: String,
        /// Whether it is there as an extension, which `alter extension pgmq update` brings forward.
        is_extension: bool,
    },
    /// PostgreSQL did not answer, or refused.
    Store(Error),
    /// pgmq's installer failed.
    Installer(PgmqError),
}

/// Has pgmq be there, and says which version was installed, if none was there.
///
/// One that is there already is used as it is: as an extension, or however it came. What this installer
/// brought earlier is brought forward. The role needs the right to create a schema in the database.
pub async fn install(db: &Db) -> Result<Option<String>, InstallError> {
    let Some(version) = to_install(db).await? else { return Ok(None) };
    let target = db.primary().await.map_err(InstallError::Store)?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options(&target))
        .await
        .map_err(|error| InstallError::Installer(error.into()))?;
    let installed = install_sql_from_embedded(&pool).await;
    pool.close().await;
    installed.map_err(InstallError::Installer)?;
    Ok(Some(version))
}

/// Which version [`install`] would install, if it would.
pub async fn to_install(db: &Db) -> Result<Option<String>, InstallError> {
    let there = look(db).await.map_err(InstallError::Store)?;
    if let Some(installed) = there.extension {
        return match Version::from_str(&installed) {
            Ok(version) if version < OLDEST => {
                Err(InstallError::TooOld { installed, is_extension: true })
            }
            _ => Ok(None),
        };
    }
    let newest = there.brought.iter().filter_map(|version| Version::from_str(version).ok()).max();
    let is_new_enough = match &newest {
        Some(newest) => *newest >= BROUGHT,
        // It came in some other way.
        None => there.at_all,
    };
    Ok((!is_new_enough).then(|| BROUGHT.to_string()))
}

/// Which pgmq is there.
struct There {
    extension: Option<String>,
    brought: Vec<String>,
    at_all: bool,
}

async fn look(db: &Db) -> Result<There> {
    let client = db.client().await?;
    let row = client.query_typed_one(INSTALLED, &[]).await?;
    let mut brought = Vec::new();
    if row.try_get(1)? {
        for row in client.query_typed(BROUGHT_BEFORE, &[]).await? {
            brought.push(row.try_get(0)?);
        }
    }
    Ok(There { extension: row.try_get(0)?, brought, at_all: row.try_get(2)? })
}

/// The same server, for the other driver.
fn options(target: &Target) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&target.host)
        .port(target.port)
        .username(&target.user)
        .application_name("pgstead");
    if let Some(password) = &target.password {
        options = options.password(password);
    }
    if let Some(database) = &target.database {
        options = options.database(database);
    }
    if let Some(roots) = &target.root_certificates {
        options = options.ssl_root_cert(roots);
    }
    options.ssl_mode(match target.trust {
        Trust::Plain => PgSslMode::Disable,
        Trust::Prefer => PgSslMode::Prefer,
        Trust::Encrypted => PgSslMode::Require,
        Trust::Issuer => PgSslMode::VerifyCa,
        Trust::IssuerAndName => PgSslMode::VerifyFull,
    })
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooOld { installed, is_extension } => {
                write!(f, "pgmq {installed} is too old, and {OLDEST} or later is needed: ")?;
                f.write_str(if *is_extension {
                    "run `alter extension pgmq update`"
                } else {
                    "bring it forward in the way it was installed"
                })
            }
            Self::Store(error) => error.fmt(f),
            Self::Installer(_) => f.write_str("pgmq could not be installed"),
        }
    }
}

impl error::Error for InstallError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::TooOld { .. } => None,
            Self::Store(error) => error.source(),
            Self::Installer(error) => Some(error),
        }
    }
}
