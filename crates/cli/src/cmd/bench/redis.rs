//! The peer: a Redis of our own, asked as a careful team would ask it.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use redis::{Client, Script, aio::MultiplexedConnection};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

/// Ends the server when our end of the pipe closes, however that comes about.
const UNTIL_WE_GO: &str = "\
    exec 3<&0 </dev/null\n\
    \"$@\" 3<&- & server=$!\n\
    read -r _ <&3\n\
    kill \"$server\"\n\
    wait \"$server\"";

/// Counts, and begins a window with the first count, in one step.
const COUNT: &str = "\
    local count = redis.call('INCRBY', KEYS[1], ARGV[1])\n\
    if count == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end\n\
    return count";

/// The connection that all callers share.
pub(super) struct Connection {
    connection: MultiplexedConnection,
    count: Arc<Script>,
}

/// A running redis-server.
pub(super) struct Redis {
    connection: MultiplexedConnection,
    count: Arc<Script>,
    pub(super) version: String,
    _server: Child,
    _directory: TempDir,
}

impl Redis {
    /// Starts one on a free port of loopback. It is as its documentation would have a cache: no
    /// snapshots and no log, which would only make it slower.
    pub(super) async fn start() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let server = Command::new("/bin/sh")
            .args(["-c", UNTIL_WE_GO, "redis-for-pgstead-bench", "redis-server"])
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--loglevel", "warning"])
            .arg("--dir")
            .arg(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run /bin/sh")?;
        let client = Client::open(format!("redis://127.0.0.1:{port}"))?;
        let mut connection = connect(&client).await?;
        let info: String = redis::cmd("INFO").arg("server").query_async(&mut connection).await?;
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
        let version = version.unwrap_or_default().to_owned();
        let count = Arc::new(Script::new(COUNT));
        Ok(Self { connection, count, version, _server: server, _directory: directory })
    }

    /// The one connection, as one caller has it.
    pub(super) fn connection(&self) -> Connection {
        Connection { connection: self.connection.clone(), count: Arc::clone(&self.count) }
    }
}

impl Connection {
    /// Counts one for the key, and says how many there are now.
    pub(super) async fn count(&mut self, key: &str, window_ms: u64) -> Result<u64> {
        let mut call = self.count.key(key);
        Ok(call.arg(1).arg(window_ms).invoke_async(&mut self.connection).await?)
    }
}

async fn connect(client: &Client) -> Result<MultiplexedConnection> {
    let began = Instant::now();
    loop {
        match client.get_multiplexed_async_connection().await {
            Ok(connection) => return Ok(connection),
            Err(_) if began.elapsed() < Duration::from_secs(5) => {
                sleep(Duration::from_millis(10)).await;
            }
            Err(error) => bail!(
                "redis-server does not answer ({error}); install it (`apt install redis-server`, \
                 `brew install redis`), or measure with --peer none",
            ),
        }
    }
}
