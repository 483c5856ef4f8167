//! What a PostgreSQL that was not stopped has left behind.

use std::{fs, io, os::unix::fs::MetadataExt as _, path::Path, time::Duration};

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use crate::{
    error::{Error, Result},
    layout::Layout,
};

/// How long a postmaster without a keeper may take to stop before it is told so more sharply.
const STOPPING: Duration = Duration::from_secs(30);

/// Makes way for a new postmaster. Called with nobody using the cluster, by the one who holds the
/// start lock.
///
/// PostgreSQL refuses to start when its pid file names a process that is there, whatever process:
/// after a reboot, or in a container, any may have got the number.
pub(crate) async fn clear(layout: &Layout) -> Result<()> {
    let cluster = layout.cluster();
    let pid_file = cluster.join("postmaster.pid");
    if let Some(pid) = read_pid(&pid_file)? {
        if is_postmaster_of(pid, &cluster) {
            info!(pid = pid.as_raw(), "stopping a PostgreSQL that nobody keeps");
            stop(pid, &cluster).await?;
        }
        remove(&pid_file)?;
    }
    remove(&layout.socket())?;
    remove(&layout.socket().with_extension("5432.lock"))
}

/// The first line of the file; `None` without a file, or with something else there.
fn read_pid(path: &Path) -> Result<Option<Pid>> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
            // An illegible file is as stale as can be.
            Ok(Some(pid.filter(|pid| *pid > 0).map_or(Pid::from_raw(0), Pid::from_raw)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::path("read", path)(error)),
    }
}

/// Whether the process is a postmaster that works in that directory.
#[cfg(target_os = "linux")]
fn is_postmaster_of(pid: Pid, cluster: &Path) -> bool {
    let identity = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    // A postmaster's working directory is its cluster.
    let works_in = identity(Path::new(&format!("/proc/{pid}/cwd")));
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    works_in.is_some() && works_in == identity(cluster) && name.trim() == "postgres"
}

/// Whether the process is a postmaster that works in that directory.
#[cfg(not(target_os = "linux"))]
fn is_postmaster_of(pid: Pid, cluster: &Path) -> bool {
    let output = std::process::Command::new("ps")
        .args(["-o", "command=", "-p", &pid.to_string()])
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    output.contains("postgres") && output.contains(&*cluster.to_string_lossy())
}

async fn stop(pid: Pid, cluster: &Path) -> Result<()> {
    let give_up = Instant::now() + STOPPING;
    let mut signal = Signal::SIGINT;
    loop {
        match kill(pid, signal) {
            Ok(()) => {}
            Err(Errno::ESRCH) => return Ok(()),
            Err(errno) => return Err(Error::path("stop PostgreSQL in", cluster)(errno.into())),
        }
        sleep(Duration::from_millis(20)).await;
        if !is_postmaster_of(pid, cluster) {
            return Ok(());
        }
        if signal == Signal::SIGINT && Instant::now() > give_up {
            warn!(pid = pid.as_raw(), "PostgreSQL does not stop: it will have to recover");
            signal = Signal::SIGQUIT;
        }
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::path("remove", path)(error))
        }
        _ => Ok(()),
    }
}
