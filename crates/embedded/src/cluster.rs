//! Starts a cluster or joins the one that runs, and leaves it.

use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::MetadataExt as _,
    process::{Command, Stdio},
    time::Duration,
};

use tokio::time::{Instant, sleep};
use tokio_postgres::{NoTls, error::SqlState};
use tracing::{debug, info};

use crate::{
    Config, Progress,
    binaries::Binaries,
    error::{Error, Kind, Result},
    keeper::{Use, last_words, plain_environment},
    layout::{Layout, ROLE},
    privileges::{Reach, RunAs},
    stale,
};

/// The database that the cluster is there for.
const DATABASE: &str = "pgstead";
/// How long PostgreSQL may take until it answers. While it recovers from a crash it says so and may
/// take as long as it takes.
const SILENCE: Duration = Duration::from_mins(1);
/// How often it is asked.
const ASK_EVERY: Duration = Duration::from_millis(10);
/// Appended to `postgresql.conf` when the cluster is made.
const SETTINGS: &str = include_str!("settings.conf");

/// A running PostgreSQL, and our use of it: it stops with its last user, however he ends.
#[derive(Debug)]
pub struct Cluster {
    layout: Layout,
    usage: Use,
    users_lock: File,
}

/// Starts the cluster in the data directory, or joins the one that runs there.
///
/// A directory without a cluster gets one. Needs a tokio runtime.
pub async fn start(config: &Config) -> Result<Cluster> {
    let layout = Layout::at(&config.data_dir)?;
    let start_lock = layout.start_lock()?;
    until_locked(|| start_lock.try_lock(), config).await?;
    // Whoever was the last to leave has it for himself until PostgreSQL has stopped.
    let users_lock = layout.users_lock()?;
    until_locked(|| users_lock.try_lock_shared(), config).await?;
    let user = RunAs::choose()?;
    let log_length = fs::metadata(layout.log()).map_or(0, |log| log.size());
    let give_up = Instant::now() + SILENCE;
    let usage = loop {
        if let Some(usage) = Use::join(&layout)? {
            if let Some(usage) = ready(&layout, usage, give_up).await? {
                break usage;
            }
            // It was about to stop.
        } else {
            let usage = begin(config, &layout, &user).await?;
            if let Some(usage) = ready(&layout, usage, give_up).await? {
                break usage;
            }
            let last = last_words(&layout, log_length);
            // A crash may have left backends that have not noticed yet.
            if !last.contains("still in use") || Instant::now() > give_up {
                return Err(Kind::Ended { log: layout.log(), last }.into());
            }
        }
        sleep(ASK_EVERY).await;
    };
    drop(start_lock);
    Ok(Cluster { layout, usage, users_lock })
}

impl Cluster {
    /// The URL of its database. It has one role, a superuser without a password: the socket is in a
    /// directory that only the user who runs it can enter.
    #[must_use]
    pub fn url(&self) -> String {
        self.layout.url(DATABASE)
    }

    /// Ceases to use it. If nobody else does, waits until it has stopped.
    pub async fn stop(self) {
        let Self { layout, usage, users_lock } = self;
        let mut gone = usage.leave();
        // Nobody else has it if we can have it alone.
        if users_lock.unlock().is_err() || users_lock.try_lock().is_err() {
            debug!("others still use the embedded PostgreSQL");
            return;
        }
        let began = Instant::now();
        while !gone(&layout) && began.elapsed() < SILENCE {
            sleep(Duration::from_millis(5)).await;
        }
        debug!(after = ?began.elapsed(), "the embedded PostgreSQL has stopped");
    }
}

/// Waits for a lock without holding up the runtime.
async fn until_locked(
    mut attempt: impl FnMut() -> Result<(), TryLockError>,
    config: &Config,
) -> Result<()> {
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => sleep(ASK_EVERY).await,
            Err(TryLockError::Error(cause)) => {
                return Err(Error::path("lock a file in", &config.data_dir)(cause));
            }
        }
    }
}

/// Makes a cluster where there is none, and has it kept.
async fn begin(config: &Config, layout: &Layout, user: &RunAs) -> Result<Use> {
    let version = layout.version()?;
    let binaries = Binaries::find(config, version.as_deref()).await?;
    let programs = binaries.directory();
    if !user.may_enter(programs) {
        return Err(user.unreachable(programs));
    }
    layout.remove_unfinished()?;
    if version.is_none() {
        (config.progress)(Progress::Creating { version: binaries.major.clone() });
        create(layout, user, &binaries).await?;
    }
    stale::clear(layout).await?;
    layout.make_socket_dir(user)?;
    info!(version = binaries.major, data_dir = %layout.cluster().display(), "starting PostgreSQL");
    Use::start(layout, user, &binaries)
}

/// Makes the cluster under another name: one that was interrupted is none.
async fn create(layout: &Layout, user: &RunAs, binaries: &Binaries) -> Result<()> {
    let fresh = layout.fresh_cluster(user)?;
    let reach = Reach::to(&fresh, user)?;
    let program = binaries.initdb();
    let mut initdb = Command::new(&program);
    initdb
        .arg("-D")
        .arg(reach.path())
        .args(["-U", ROLE, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-instructions"])
        .stdin(Stdio::null());
    plain_environment(&mut initdb);
    user.apply(&mut initdb);
    reach.apply(&mut initdb);
    let output = tokio::process::Command::from(initdb)
        .output()
        .await
        .map_err(|cause| Kind::Run { program: program.clone(), cause })?;
    if !output.status.success() {
        // Nothing of use in it, and the message says why.
        let _ = fs::remove_dir_all(&fresh);
        let told = [output.stdout, output.stderr].concat();
        let output = String::from_utf8_lossy(&told).into_owned();
        return Err(Kind::Failed { program, output }.into());
    }
    let settings = fresh.join("postgresql.conf");
    let standard = fs::read_to_string(&settings).map_err(Error::path("read", &settings))?;
    fs::write(&settings, standard + SETTINGS).map_err(Error::path("write", &settings))?;
    let cluster = layout.cluster();
    // An empty directory may stand there: `version` has looked.
    let _ = fs::remove_dir(&cluster);
    fs::rename(&fresh, &cluster).map_err(Error::path("create", cluster))
}

/// Waits until the database answers. `None` when the keeper has gone.
async fn ready(layout: &Layout, mut usage: Use, give_up: Instant) -> Result<Option<Use>> {
    loop {
        match ask(layout).await {
            // A watcher that was killed notices nobody; PostgreSQL is there all the same.
            Ok(()) if usage.is_noticed() || Instant::now() > give_up => return Ok(Some(usage)),
            Ok(()) => {}
            Err(error) => debug!(%error, "PostgreSQL is not ready"),
        }
        if !usage.is_kept() {
            return Ok(None);
        }
        if Instant::now() > give_up && !layout.cluster().join("postmaster.pid").exists() {
            return Err(Kind::Silent { log: layout.log(), after: SILENCE }.into());
        }
        sleep(ASK_EVERY).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "a private socket: no TLS, one host, our timeout")]
async fn ask(layout: &Layout) -> Result<(), tokio_postgres::Error> {
    match tokio_postgres::connect(&layout.url(DATABASE), NoTls).await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_DATABASE) => {
            let (client, connection) =
                tokio_postgres::connect(&layout.url("postgres"), NoTls).await?;
            let driving = tokio::spawn(connection);
            let created = client.batch_execute(&format!("create database {DATABASE}")).await;
            driving.abort();
            created
        }
        Err(error) => Err(error),
    }
}
