//! The database of a command: the one that was named, or the embedded one.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use etcetera::BaseStrategy as _;
use pgstead_embedded::{Cluster, Source};
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
pub(crate) const MIGRATIONS: &[Line] = &[pgstead_limits::MIGRATIONS, pgstead_server::MIGRATIONS];

/// A database, and our use of the embedded one if it is that.
pub(crate) struct Database {
    pub(crate) db: Db,
    /// Where it is, for other programs. It may hold a password.
    pub(crate) url: String,
    cluster: Option<Cluster>,
}

impl Database {
    /// Connects, and brings the database to this version.
    pub(crate) async fn open(global: &Global, config: &Config) -> Result<Self> {
        let database = Self::connect(global, config).await?;
        for applied in migrate(&database.db, MIGRATIONS).await? {
            info!(line = applied.line, migration = applied.name, "migrated");
        }
        Ok(database)
    }

    /// Connects to the database as it is.
    pub(crate) async fn connect(global: &Global, config: &Config) -> Result<Self> {
        let mut settings = config.database.clone();
        let cluster = if let Some(url) = &config.database_url {
            settings.url.clone_from(url);
            None
        } else {
            let cluster = start_embedded(global, config).await?;
            settings.url = cluster.url();
            settings.direct_url = None;
            Some(cluster)
        };
        Ok(Self { db: Db::connect(&settings).await?, url: settings.url, cluster })
    }

    /// Whether it is the embedded one.
    pub(crate) fn is_embedded(&self) -> bool {
        self.cluster.is_some()
    }

    /// Leaves the embedded PostgreSQL, and waits until it has stopped if nobody else uses it.
    pub(crate) async fn close(self) {
        let Self { db, cluster, .. } = self;
        drop(db);
        if let Some(cluster) = cluster {
            cluster.stop().await;
        }
    }
}

async fn start_embedded(global: &Global, config: &Config) -> Result<Cluster> {
    let data_dir = match global.data_dir.as_ref().or(config.embedded.data_dir.as_ref()) {
        Some(data_dir) => data_dir.clone(),
        None => directories()?.data_dir().join("pgstead"),
    };
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
