//! What lies where in a data directory.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::{ffi::OsStrExt as _, fs::OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sha2::{Digest as _, Sha256};

use crate::{
    error::{Error, Kind, Result},
    privileges::RunAs,
};

/// The port that names the socket; nothing listens on it.
const PORT: u16 = 5432;
/// The longest path of a socket (`sun_path`, without its NUL), on Linux. macOS has a few less.
const LONGEST_SOCKET: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A data directory:
///
/// - `data/`, the cluster, and `data.init.…`, one that is being made;
/// - `run/`, the socket, unless its path would be too long for one;
/// - `postgres.log`;
/// - `users`, the FIFO that everybody who uses the cluster holds open, and `users.lock`, which they
///   share;
/// - `start.lock`, held by the one who starts it.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    socket_dir: PathBuf,
}

impl Layout {
    pub(crate) fn at(data_dir: &Path) -> Result<Self> {
        fs::create_dir_all(data_dir).map_err(Error::path("create", data_dir))?;
        let root = fs::canonicalize(data_dir).map_err(Error::path("find", data_dir))?;
        let socket_dir = socket_dir(&root);
        Ok(Self { root, socket_dir })
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    pub(crate) fn users(&self) -> PathBuf {
        self.root.join("users")
    }

    pub(crate) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.socket_dir.join(format!(".s.PGSQL.{PORT}"))
    }

    /// A database of the cluster, for libpq and its like.
    pub(crate) fn url(&self, database: &str) -> String {
        let host = percent_encode(self.socket_dir.as_os_str().as_bytes(), NON_ALPHANUMERIC);
        format!("postgres://{ROLE}@{host}:{PORT}/{database}")
    }

    /// Makes the directory of the socket. A directory in `/tmp` could have been put there by
    /// somebody else, who would then be our server: it has to be ours.
    pub(crate) fn make_socket_dir(&self, user: &RunAs) -> Result<()> {
        use std::os::unix::fs::MetadataExt as _;
        if let Ok(found) = fs::symlink_metadata(&self.socket_dir) {
            let owner = match user {
                RunAs::Ourselves => nix::unistd::geteuid(),
                RunAs::Other(user) => user.uid,
            };
            let ours = found.is_dir() && (found.uid() == owner.as_raw() || is_root(&found));
            if !ours {
                let foreign = io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "it is there already and belongs to another user",
                );
                return Err(Error::path("use", &self.socket_dir)(foreign));
            }
        }
        user.own(&self.socket_dir)
    }

    /// Held while a cluster is started, by one at a time.
    pub(crate) fn start_lock(&self) -> Result<File> {
        self.lock_file("start.lock")
    }

    /// Shared by all who use the cluster.
    pub(crate) fn users_lock(&self) -> Result<File> {
        self.lock_file("users.lock")
    }

    fn lock_file(&self, name: &str) -> Result<File> {
        let path = self.root.join(name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        options.open(&path).map_err(Error::path("open", path))
    }

    /// The log, to append to. One that has grown large makes room for a new one.
    pub(crate) fn open_log(&self) -> Result<File> {
        const LARGE: u64 = 16 * 1024 * 1024;
        let path = self.log();
        if fs::metadata(&path).is_ok_and(|found| found.len() > LARGE) {
            fs::rename(&path, path.with_extension("log.old"))
                .map_err(Error::path("rename", &path))?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true).mode(0o600);
        options.open(&path).map_err(Error::path("open", path))
    }

    /// A new directory to make a cluster in.
    pub(crate) fn fresh_cluster(&self, user: &RunAs) -> Result<PathBuf> {
        let fresh = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.root)
            .map_err(Error::path("create a directory in", &self.root))?
            .keep();
        user.own(&fresh)?;
        Ok(fresh)
    }

    /// Removes what interrupted attempts to make a cluster have left behind.
    pub(crate) fn remove_unfinished(&self) -> Result<()> {
        let entries = fs::read_dir(&self.root).map_err(Error::path("read", &self.root))?;
        for entry in entries.flatten() {
            if entry.file_name().as_bytes().starts_with(UNFINISHED.as_bytes()) {
                // An initdb whose parent was killed may write there a moment longer; the next start
                // finds what is left.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        Ok(())
    }

    /// The major version that made the cluster, as `PG_VERSION` names it; `None` without one.
    pub(crate) fn version(&self) -> Result<Option<String>> {
        let cluster = self.cluster();
        match fs::read_to_string(cluster.join("PG_VERSION")) {
            Ok(version) => Ok(Some(version.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match fs::read_dir(&cluster).map(|mut entries| entries.next().is_none()) {
                    Ok(false) => Err(Kind::NotACluster { path: cluster }.into()),
                    _ => Ok(None),
                }
            }
            Err(error) => Err(Error::path("read", cluster.join("PG_VERSION"))(error)),
        }
    }
}

/// How the name of a cluster begins that is still being made.
const UNFINISHED: &str = "data.init.";
/// The superuser of the cluster.
pub(crate) const ROLE: &str = "pgstead";

fn is_root(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.uid() == 0
}

fn socket_dir(root: &Path) -> PathBuf {
    let beside = root.join("run");
    // PostgreSQL also makes a `.lock` beside the socket, but only the socket's path is bounded.
    let length = beside.join(format!(".s.PGSQL.{PORT}")).as_os_str().len();
    if length <= LONGEST_SOCKET {
        return beside;
    }
    // Everybody who uses this data directory comes to the same name.
    let hash = Sha256::digest(root.as_os_str().as_bytes());
    let (half, _) = hash.split_at(size_of::<u64>());
    let number = u64::from_be_bytes(half.try_into().expect("it was split there"));
    Path::new("/tmp").join(format!("pgstead-{number:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_is_never_too_long() {
        let short = Path::new("/var/lib/pgstead");
        assert_eq!(socket_dir(short), short.join("run"));
        let long = PathBuf::from("/").join("d".repeat(200));
        let instead = socket_dir(&long);
        assert!(instead.join(".s.PGSQL.5432").as_os_str().len() <= LONGEST_SOCKET);
        assert_eq!(instead, socket_dir(&long));
        assert_ne!(instead, socket_dir(&long.join("x")));
    }

    #[test]
    fn a_url_carries_any_path() {
        let layout = Layout { root: "/x".into(), socket_dir: "/a b/c,d?e%".into() };
        let config: tokio_postgres::Config = layout.url("postgres").parse().unwrap();
        let host = tokio_postgres::config::Host::Unix("/a b/c,d?e%".into());
        assert_eq!(config.get_hosts(), [host]);
    }
}
