//! Where PostgreSQL is, for whoever has to go there with another driver.

use std::{fmt, path::PathBuf};

use tokio_postgres::config::{Host, SslMode};

use crate::config::{HostConfig, Verify};

/// The server that takes writes now, past a pooler: for a tool with a driver of its own.
#[derive(Clone)]
#[non_exhaustive]
pub struct Target {
    /// A name, an address, or the directory of a Unix socket.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who connects.
    pub user: String,
    /// What proves it.
    pub password: Option<String>,
    /// Which database, if not the user's own.
    pub database: Option<String>,
    /// How far the server is trusted.
    pub trust: Trust,
    /// A file of PEM certificates, if not the system's.
    pub root_certificates: Option<PathBuf>,
}

/// How far a server is trusted, as libpq's `sslmode` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// `disable`
    Plain,
    /// `prefer`
    Prefer,
    /// `require`
    Encrypted,
    /// `verify-ca`
    Issuer,
    /// `verify-full`
    IssuerAndName,
}

impl Target {
    pub(crate) fn new(host: &HostConfig, verify: Verify, roots: Option<PathBuf>) -> Self {
        let postgres = &host.postgres;
        let named = match postgres.get_hosts().first() {
            Some(Host::Tcp(name)) => Some(name.clone()),
            Some(Host::Unix(directory)) => Some(directory.display().to_string()),
            None => None,
        };
        let address = postgres.get_hostaddrs().first().map(ToString::to_string);
        let trust = match (verify, postgres.get_ssl_mode()) {
            (Verify::Issuer, _) => Trust::Issuer,
            (Verify::IssuerAndName, _) => Trust::IssuerAndName,
            (Verify::No, SslMode::Disable) => Trust::Plain,
            (Verify::No, SslMode::Require) => Trust::Encrypted,
            (Verify::No, _) => Trust::Prefer,
        };
        let password = postgres.get_password().map(String::from_utf8_lossy);
        Self {
            host: named.or(address).unwrap_or_default(),
            port: postgres.get_ports().first().copied().unwrap_or(5432),
            user: postgres.get_user().unwrap_or_default().to_owned(),
            password: password.map(std::borrow::Cow::into_owned),
            database: postgres.get_dbname().map(str::to_owned),
            trust,
            root_certificates: roots,
        }
    }
}

impl fmt::Debug for Target {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("database", &self.database)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}
