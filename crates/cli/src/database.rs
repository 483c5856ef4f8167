//! The database of a command: the one that was named, or the embedded one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Error, Result};
use etcetera::BaseStrategy as _;
use pgstead_embedded::{Cluster, Source};
use pgstead_queue::InstallError;
use pgstead_store::{
    Db,
    migrate::{Line, migrate},
};
use tracing::info;

use crate::{
    cmd::Global,
    config::Config,
    output::{Progress, Wrong},
};

/// Every crate's migrations, in the order in which they run.
pub(crate) const MIGRATIONS: &[Line] = &[
    pgstead_limits::MIGRATIONS,
    pgstead_tokens::MIGRATIONS,
    pgstead_queue::MIGRATIONS,
    pgstead_webhooks::MIGRATIONS,
    pgstead_server::MIGRATIONS,
];

/// A database, and our use of the embedded one if it is that.
pub(crate) struct Database {
    pub(crate) db: Db,
    /// Where it is, for other programs. It may hold a password.
    pub(crate) url: String,
    embedded: Option<(Cluster, PathBuf)>,
}

impl Database {
    /// Connects, and brings the database to this version.
    pub(crate) async fn open(global: &Global, config: &Config) -> Result<Self> {
        let database = Self::connect(global, config).await?;
        if let Some(version) = install(&database.db).await? {
            info!(version, "installed pgmq");
        }
        for applied in migrate(&database.db, MIGRATIONS).await? {
            info!(line = applied.line, migration = applied.name, "migrated");
        }
        Ok(database)
    }

    /// Connects to the database as it is.
    pub(crate) async fn connect(global: &Global, config: &Config) -> Result<Self> {
        let mut settings = config.database.clone();
        let embedded = if let Some(url) = &config.database_url {
            settings.url.clone_from(url);
            None
        } else {
            let data_dir = data_dir(global, config)?;
            let cluster = start_embedded(data_dir.clone(), config).await?;
            settings.url = cluster.url();
            settings.direct_url = None;
            Some((cluster, data_dir))
        };
        Ok(Self { db: Db::connect(&settings).await?, url: settings.url, embedded })
    }

    /// Whether it is the embedded one.
    pub(crate) fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Where the embedded one lives, if it is that.
    pub(crate) fn data_dir(&self) -> Option<&Path> {
        self.embedded.as_ref().map(|(_, data_dir)| data_dir.as_path())
    }

    /// Leaves the embedded PostgreSQL, and waits until it has stopped if nobody else uses it.
    pub(crate) async fn close(self) {
        let Self { db, embedded, .. } = self;
        drop(db);
        if let Some((cluster, _)) = embedded {
            cluster.stop().await;
        }
    }
}

/// Has pgmq be there, and says which version was installed, if none was there.
pub(crate) async fn install(db: &Db) -> Result<Option<String>> {
    pgstead_queue::install(db).await.map_err(not_installed)
}

/// Which version would be.
pub(crate) async fn to_install(db: &Db) -> Result<Option<String>> {
    pgstead_queue::to_install(db).await.map_err(not_installed)
}

fn not_installed(error: InstallError) -> Error {
    match error {
        InstallError::Store(error) => error.into(),
        InstallError::TooOld { .. } => Wrong(error.to_string()).into(),
        error => error.into(),
    }
}

fn data_dir(global: &Global, config: &Config) -> Result<PathBuf> {
    Ok(match global.data_dir.as_ref().or(config.embedded.data_dir.as_ref()) {
        Some(data_dir) => data_dir.clone(),
        None => directories()?.data_dir().join("pgstead"),
    })
}

async fn start_embedded(data_dir: PathBuf, config: &Config) -> Result<Cluster> {
    let mut embedded = pgstead_embedded::Config::new(data_dir);
    embedded.cache_dir = cache_dir()?;
    embedded.source = match config.embedded.postgres.as_deref() {
        None | Some("auto") => Source::Auto,
        Some("package") => Source::Package,
        Some(directory) => Source::Directory(directory.into()),
    };
    embedded.path = config.path.clone();
    let progress = Progress::default();
    let shown = progress.clone();
    embedded.progress = std::sync::Arc::new(move |step| shown.show(&step.to_string()));
    let started = pgstead_embedded::start(&embedded).await;
    progress.clear();
    Ok(started?)
}

/// Where what was fetched is kept. Root's own directories are closed to whom it runs as then.
pub(crate) fn cache_dir() -> Result<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let home = directories().map(|directories| directories.cache_dir());
    let is_roots = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if is_roots {
        return Ok("/var/cache/pgstead".into());
    }
    Ok(home?.join("pgstead"))
}

fn directories() -> Result<impl etcetera::BaseStrategy> {
    etcetera::base_strategy::choose_native_strategy()
        .context(Wrong("there is no home directory; name a --data-dir".to_owned()))
}
