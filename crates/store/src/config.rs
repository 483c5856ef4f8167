//! Where PostgreSQL is and how to behave towards it.

use std::{fmt, path::PathBuf, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::error::{Error, Kind, Result};

/// Where PostgreSQL is and how to behave towards it.
///
/// ```
/// let mut config = pgstead_store::Config::new("postgres://app@db1,db2/app?sslmode=verify-full");
/// config.max_connections = 20;
/// config.validate().unwrap();
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// `postgres://user:password@host:port,host:port/database?options`, or `key=value` pairs as
    /// libpq takes them.
    ///
    /// - Of several hosts the one that takes writes is used, and found again after a failover.
    /// - `sslmode` is `disable`, `prefer` (the default), `require`, `verify-ca` or `verify-full`
    ///   and means what it means to libpq: only the last two verify the certificate, against
    ///   `sslrootcert` (a file of PEM certificates) or else the system's roots.
    /// - `pgbouncer=true` is read as `pooler = "transaction"`. What only Prisma's driver
    ///   understands (`schema`, `connection_limit`, `pool_timeout`, …) is skipped.
    pub url: String,
    /// The server itself, where [`url`](Self::url) is a transaction pooler: migrations and
    /// LISTEN go here. Default: none. Without one a pooled process does not listen but polls.
    pub direct_url: Option<String>,
    /// What stands between this process and PostgreSQL. Default: [`Pooler::None`].
    pub pooler: Pooler,
    /// The most connections of the pool, 1 to 1000. Default: 10. Each coalescing lane and the
    /// listener have one of their own beside it.
    pub max_connections: usize,
    /// How long connecting may take, over all hosts together; `connect_timeout` in the URL is
    /// per host and wins. 100 ms to 60 s. Default: 5 s.
    pub connect_timeout: Duration,
}

/// What stands between this process and PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pooler {
    /// A session is ours: statements are prepared once per connection.
    #[default]
    None,
    /// PgBouncer or its like in transaction mode: every statement stands for itself, in one round
    /// trip and without a name.
    Transaction,
}

impl Config {
    /// The defaults, for a server at `url`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            direct_url: None,
            pooler: Pooler::None,
            max_connections: 10,
            connect_timeout: Duration::from_secs(5),
        }
    }

    /// Whether every field is within its bounds and the URLs can be read. Nothing is connected to.
    pub fn validate(&self) -> Result<()> {
        if !(1..=1000).contains(&self.max_connections) {
            return Err(Error::config("max_connections", "it must be 1 to 1000"));
        }
        let bounds = Duration::from_millis(100)..=Duration::from_mins(1);
        if !bounds.contains(&self.connect_timeout) {
            return Err(Error::config("connect_timeout", "it must be 100 ms to 60 s"));
        }
        Url::parse("url", &self.url)?;
        if let Some(direct) = &self.direct_url {
            Url::parse("direct_url", direct)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Config {
    /// Without the URLs, which hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("pooler", &self.pooler)
            .field("max_connections", &self.max_connections)
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

/// A database URL, split into what the driver understands and what is ours to do.
#[derive(Clone)]
pub(crate) struct Url {
    pub(crate) postgres: tokio_postgres::Config,
    pub(crate) verify: Verify,
    pub(crate) root_certificates: Option<PathBuf>,
    /// The URL said `pgbouncer=true`.
    pub(crate) says_pooler: bool,
}

/// How far the server's certificate is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verify {
    /// Not verified: the line is private against who listens, not against who answers.
    No,
    /// Issued by a trusted authority, to whomever.
    Issuer,
    /// Issued by a trusted authority to this host name.
    IssuerAndName,
}

/// Understood by Prisma's and other drivers, without meaning here.
const FOREIGN: [&str; 8] = [
    "schema",
    "connection_limit",
    "pool_timeout",
    "socket_timeout",
    "statement_cache_size",
    "sslaccept",
    "sslidentity",
    "sslpassword",
];

impl Url {
    pub(crate) fn parse(setting: &'static str, text: &str) -> Result<Self> {
        let mut verify = Verify::No;
        let mut root_certificates = None;
        let mut says_pooler = false;
        let mut rest = Vec::new();
        let (base, query) = match text.split_once('?') {
            Some((base, query)) if is_url(text) => (base, query),
            _ => (text, ""),
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').unwrap_or((pair, "")) {
                ("sslmode", "verify-ca") => verify = Verify::Issuer,
                ("sslmode", "verify-full") => verify = Verify::IssuerAndName,
                ("sslrootcert", "system") => {}
                ("sslrootcert", path) => {
                    let path = percent_decode_str(path).decode_utf8_lossy();
                    root_certificates = Some(PathBuf::from(path.as_ref()));
                }
                ("pgbouncer", flag) => says_pooler = flag == "true",
                (name, _) if FOREIGN.contains(&name) => {}
                _ => rest.push(pair),
            }
        }
        if verify != Verify::No {
            rest.push("sslmode=require");
        } else if root_certificates.is_some() && rest.contains(&"sslmode=require") {
            // As libpq has it: a root certificate is not given for nothing.
            verify = Verify::Issuer;
        }
        let plain =
            if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut postgres: tokio_postgres::Config =
            plain.parse().map_err(|cause: tokio_postgres::Error| Error::config(setting, cause))?;
        if postgres.get_hosts().is_empty() && postgres.get_hostaddrs().is_empty() {
            return Err(Error::config(setting, "it names no host"));
        }
        if postgres.get_application_name().is_none() {
            postgres.application_name("pgstead");
        }
        Ok(Self { postgres, verify, root_certificates, says_pooler })
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// One host of a URL, with all else that the URL says.
#[derive(Clone, Debug)]
pub(crate) struct HostConfig {
    pub(crate) name: String,
    pub(crate) postgres: tokio_postgres::Config,
    /// Where it listens, if that is on this machine and which of several hosts it is need not be
    /// asked.
    pub(crate) socket: Option<PathBuf>,
}

impl Url {
    /// Each host by itself, so that each gets its own share of the time and its own message.
    pub(crate) fn hosts(&self) -> Vec<HostConfig> {
        let all = &self.postgres;
        let count = all.get_hosts().len().max(all.get_hostaddrs().len());
        (0..count).map(|index| host(all, index, count)).collect()
    }
}

fn host(all: &tokio_postgres::Config, index: usize, count: usize) -> HostConfig {
    let ports = all.get_ports();
    let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
    let mut this = without_hosts(all);
    this.port(port);
    if count > 1 && all.get_target_session_attrs() == TargetSessionAttrs::Any {
        this.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    let address = all.get_hostaddrs().get(index).copied();
    if let Some(address) = address {
        this.hostaddr(address);
    }
    let mut socket = None;
    let name = match (all.get_hosts().get(index), address) {
        (Some(Host::Tcp(host)), _) => {
            this.host(host);
            format!("{host}:{port}")
        }
        (Some(Host::Unix(directory)), _) => {
            // As libpq has it: nobody listens in between.
            this.host_path(directory).ssl_mode(SslMode::Disable);
            let path = directory.join(format!(".s.PGSQL.{port}"));
            let name = path.display().to_string();
            if this.get_target_session_attrs() == TargetSessionAttrs::Any {
                socket = Some(path);
            }
            name
        }
        (None, Some(address)) => format!("{address}:{port}"),
        (None, None) => unreachable!("the index is below the number of hosts or addresses"),
    };
    HostConfig { name, postgres: this, socket }
}

/// The driver's configuration can gain hosts but not lose them.
fn without_hosts(all: &tokio_postgres::Config) -> tokio_postgres::Config {
    // A peer that vanished is to be noticed within a minute and not after two hours.
    let idle = all.get_keepalives_idle().min(Duration::from_secs(30));
    let interval = all.get_keepalives_interval().unwrap_or(Duration::from_secs(10));
    let unacknowledged = all.get_tcp_user_timeout().copied().unwrap_or(Duration::from_secs(30));
    let mut this = tokio_postgres::Config::new();
    this.ssl_mode(all.get_ssl_mode())
        .ssl_negotiation(all.get_ssl_negotiation())
        .channel_binding(all.get_channel_binding())
        .target_session_attrs(all.get_target_session_attrs())
        .keepalives(all.get_keepalives())
        .keepalives_idle(idle)
        .keepalives_interval(interval)
        .keepalives_retries(all.get_keepalives_retries().unwrap_or(3))
        .tcp_user_timeout(unacknowledged);
    if let Some(user) = all.get_user() {
        this.user(user);
    }
    if let Some(password) = all.get_password() {
        this.password(password);
    }
    if let Some(dbname) = all.get_dbname() {
        this.dbname(dbname);
    }
    if let Some(options) = all.get_options() {
        this.options(options);
    }
    if let Some(application_name) = all.get_application_name() {
        this.application_name(application_name);
    }
    if let Some(&timeout) = all.get_connect_timeout() {
        this.connect_timeout(timeout);
    }
    this
}

impl Kind {
    /// Whether this is about the setting of that name; for tests of the messages.
    #[cfg(test)]
    fn is_about(&self, name: &str) -> bool {
        matches!(self, Self::Config { setting } if *setting == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Url {
        Url::parse("url", text).unwrap()
    }

    #[test]
    fn sslmode_means_what_libpq_means() {
        for (mode, ssl, verify) in [
            ("disable", SslMode::Disable, Verify::No),
            ("prefer", SslMode::Prefer, Verify::No),
            ("require", SslMode::Require, Verify::No),
            ("verify-ca", SslMode::Require, Verify::Issuer),
            ("verify-full", SslMode::Require, Verify::IssuerAndName),
        ] {
            let url = parse(&format!("postgres://u@h/d?sslmode={mode}&connect_timeout=3"));
            assert_eq!(url.postgres.get_ssl_mode(), ssl);
            assert_eq!(url.verify, verify);
            assert_eq!(url.postgres.get_connect_timeout(), Some(&Duration::from_secs(3)));
        }
    }

    #[test]
    fn a_url_written_for_prisma_is_understood() {
        let url = parse("postgresql://u:p@h:6432/d?schema=app&pgbouncer=true&connection_limit=1");
        assert!(url.says_pooler);
        assert_eq!(url.postgres.get_dbname(), Some("d"));
        assert_eq!(url.postgres.get_ports(), [6432]);
    }

    #[test]
    fn a_root_certificate_is_a_path() {
        let url = parse("postgres://u@h/d?sslmode=verify-ca&sslrootcert=%2Fetc%2Fca%20x.pem");
        assert_eq!(url.root_certificates, Some(PathBuf::from("/etc/ca x.pem")));
        assert_eq!(parse("postgres://u@h/d?sslrootcert=system").root_certificates, None);
    }

    #[test]
    fn hosts_are_named_with_their_ports() {
        let names =
            |text: &str| parse(text).hosts().into_iter().map(|h| h.name).collect::<Vec<_>>();
        assert_eq!(names("postgres://u@a:1,b/d"), ["a:1", "b:5432"]);
        assert_eq!(names("host=a,b port=9 user=u"), ["a:9", "b:9"]);
        assert_eq!(names("postgres://u@%2Frun%2Fpg/d"), ["/run/pg/.s.PGSQL.5432"]);
        assert_eq!(names("host=x hostaddr=10.0.0.1 port=6 user=u"), ["x:6"]);
    }

    #[test]
    fn of_several_hosts_the_one_that_takes_writes() {
        let attrs = |text: &str| parse(text).hosts()[0].postgres.get_target_session_attrs();
        assert_eq!(attrs("postgres://u@a/d"), TargetSessionAttrs::Any);
        assert_eq!(attrs("postgres://u@a,b/d"), TargetSessionAttrs::ReadWrite);
        let read_only = "postgres://u@a,b/d?target_session_attrs=read-only";
        assert_eq!(attrs(read_only), TargetSessionAttrs::ReadOnly);
    }

    #[test]
    fn what_is_wrong_is_named_and_the_password_is_not() {
        for (text, says) in [
            ("postgres://u:s3cret@h:port/d", "invalid connection string"),
            ("postgres://u:s3cret@h/d?sslmode=maybe", "invalid connection string"),
            ("postgres://u:s3cret@/d", "it names no host"),
            ("mysql://u:s3cret@h/d", "invalid connection string"),
        ] {
            let error = Url::parse("direct_url", text).err().expect(text);
            assert!(error.is_config());
            let told = format!("{error}: {}", std::error::Error::source(&error).unwrap());
            assert!(told.starts_with("direct_url is not valid: "), "{told}");
            assert!(told.contains(says), "{text}: {told}");
            assert!(!format!("{told} {error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn bounds_are_checked() {
        let mut config = Config::new("postgres://u@h/d");
        assert!(config.validate().is_ok());
        assert!(!format!("{config:?}").contains("postgres://"));
        config.max_connections = 0;
        assert!(config.validate().unwrap_err().kind().is_about("max_connections"));
        config.max_connections = 1;
        config.connect_timeout = Duration::from_secs(61);
        assert!(config.validate().unwrap_err().kind().is_about("connect_timeout"));
    }
}
