//! A Redis of our own, asked as a careful team would ask it.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use redis::{Client, aio::MultiplexedConnection};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

/// Ends the server when our end of the pipe closes, however that comes about.
const UNTIL_WE_GO: &str = "\
    command -v \"$1\" >/dev/null || exit\n\
    exec 3<&0 </dev/null\n\
    \"$@\" 3<&- & server=$!\n\
    read -r _ <&3\n\
    kill \"$server\"\n\
    wait \"$server\"";

/// A running redis-server.
pub(super) struct Redis {
    connection: MultiplexedConnection,
    url: String,
    pub(super) version: String,
    _server: Child,
    _directory: TempDir,
}

/// What it keeps on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing, as its documentation would have a cache.
    Nothing,
    /// A log that is flushed every second, as BullMQ's documentation would have it.
    EverySecond,
}

impl Keep {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Nothing => &["--appendonly", "no"],
            Self::EverySecond => &["--appendonly", "yes", "--appendfsync", "everysec"],
        }
    }
}

impl Redis {
    /// Starts one on a free port of loopback. It makes no snapshots, which would only make it slower.
    pub(super) async fn start(keep: Keep) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut server = Command::new("/bin/sh")
            .args(["-c", UNTIL_WE_GO, "redis-for-pgstead-bench", "redis-server"])
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"])
            .args(keep.arguments())
            .arg("--dir")
            .arg(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run /bin/sh")?;
        let url = format!("redis://127.0.0.1:{port}");
        let mut connection = connect(&Client::open(url.as_str())?, &mut server).await?;
        let info: String = redis::cmd("INFO").arg("server").query_async(&mut connection).await?;
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
        let version = version.unwrap_or_default().to_owned();
        Ok(Self { connection, url, version, _server: server, _directory: directory })
    }

    /// The one connection, as one caller has it.
    pub(super) fn connection(&self) -> MultiplexedConnection {
        self.connection.clone()
    }

    /// Where it listens, for others.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Has it keep a script, and gives the script's hash.
    pub(super) async fn load(&self, script: &str) -> Result<String> {
        let mut load = redis::cmd("SCRIPT");
        load.arg("LOAD").arg(script);
        Ok(load.query_async(&mut self.connection()).await?)
    }
}

async fn connect(client: &Client, server: &mut Child) -> Result<MultiplexedConnection> {
    let began = Instant::now();
    loop {
        match client.get_multiplexed_async_connection().await {
            Ok(connection) => return Ok(connection),
            Err(_) if began.elapsed() < Duration::from_secs(5) && server.try_wait()?.is_none() => {
                sleep(Duration::from_millis(10)).await;
            }
            Err(error) => bail!(
                "redis-server does not answer ({error}); install it (`apt install redis-server`, \
                 `brew install redis`), or measure with another --peer",
            ),
        }
    }
}
