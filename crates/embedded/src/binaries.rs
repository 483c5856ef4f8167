//! The programs of PostgreSQL: this machine's own, or else a package that npm brings.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;
use tracing::debug;

use crate::{
    Config, Source,
    error::{Kind, Result},
    npm,
};

/// A directory with `initdb` and `postgres`.
#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    directory: PathBuf,
    /// `15` of 15.18.
    pub(crate) major: String,
}

impl Binaries {
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.directory.join("postgres")
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.directory.join("initdb")
    }

    /// The newest that is there, or the one of that version.
    pub(crate) async fn find(config: &Config, version: Option<&str>) -> Result<Self> {
        let fits = |found: &Self| version.is_none_or(|version| found.major == version);
        let mut found = match &config.source {
            Source::Auto => on_this_machine(config.path.as_deref()).await,
            Source::Package => Vec::new(),
            Source::Directory(directory) => vec![Self::in_directory(directory).await?],
        };
        if let Some(index) = found.iter().position(fits) {
            return Ok(found.swap_remove(index));
        }
        let majors: BTreeSet<String> = found.iter().map(|found| found.major.clone()).collect();
        let missing = |needs: &str| Kind::Version {
            data: config.data_dir.join("data"),
            needs: needs.to_owned(),
            found: majors.iter().cloned().collect(),
        };
        match (version, &config.source) {
            (Some(needs), Source::Directory(_)) => Err(missing(needs).into()),
            (Some(needs), _) if needs != npm::MAJOR => Err(missing(needs).into()),
            _ => Self::in_directory(&npm::fetch(config).await?).await,
        }
    }

    async fn in_directory(directory: &Path) -> Result<Self> {
        let postgres = directory.join("postgres");
        let output = Command::new(&postgres)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|cause| Kind::Run { program: postgres.clone(), cause })?;
        let told = String::from_utf8_lossy(&output.stdout);
        match major(&told) {
            Some(major) if output.status.success() => {
                Ok(Self { directory: directory.to_owned(), major })
            }
            _ => {
                let output = String::from_utf8_lossy(&output.stderr).into_owned() + &told;
                Err(Kind::Failed { program: postgres, output }.into())
            }
        }
    }
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` is of 15, `… 19beta1` of 19.
fn major(told: &str) -> Option<String> {
    let version = told.split_once("(PostgreSQL) ")?.1;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// Those that work, in the order in which they are taken.
async fn on_this_machine(path: Option<&OsStr>) -> Vec<Binaries> {
    let mut directories: Vec<PathBuf> =
        path.map(std::env::split_paths).into_iter().flatten().collect();
    directories.extend(told_by_pg_config(path).await);
    directories.extend(in_the_usual_places());
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for directory in directories {
        let complete = ["postgres", "initdb"].iter().all(|name| directory.join(name).is_file());
        if !complete || !seen.insert(directory.clone()) {
            continue;
        }
        match Binaries::in_directory(&directory).await {
            Ok(binaries) => found.push(binaries),
            Err(error) => debug!(%error, "a PostgreSQL that does not run was passed over"),
        }
    }
    found
}

async fn told_by_pg_config(path: Option<&OsStr>) -> Option<PathBuf> {
    let mut command = Command::new("pg_config");
    command.arg("--bindir").stdin(Stdio::null());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = command.output().await.ok()?;
    let told = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(told.trim()))
}

/// Where packages put them outside of `PATH`, the newest version of each first.
fn in_the_usual_places() -> Vec<PathBuf> {
    [
        // Debian, Ubuntu
        ("/usr/lib/postgresql", "bin"),
        // Red Hat, SUSE
        ("/usr", "bin"),
        // Homebrew on both kinds of Mac
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        // Postgres.app
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ]
    .into_iter()
    .flat_map(|(parent, below)| {
        let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
        let mut versions: Vec<(u32, PathBuf)> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let digits = name
                    .strip_prefix("postgresql@")
                    .or_else(|| name.strip_prefix("pgsql-"))
                    .unwrap_or(&name);
                Some((digits.split('.').next()?.parse().ok()?, entry.path().join(below)))
            })
            .collect();
        versions.sort_unstable_by(|one, other| other.cmp(one));
        versions.into_iter().map(|(_, directory)| directory)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn a_major_version_is_read() {
        let of = |told| major(told).unwrap_or_default();
        assert_eq!(of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), "15");
        assert_eq!(of("postgres (PostgreSQL) 19beta1\n"), "19");
        assert_eq!(of("postgres 15\n"), "");
    }
}
