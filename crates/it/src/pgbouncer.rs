//! A real PgBouncer in transaction mode.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{TestServer, postgres::path};

/// A real PgBouncer in transaction mode before a cluster. It ends with the test.
#[derive(Debug)]
pub struct PgBouncer {
    _process: Child,
    directory: TempDir,
}

impl PgBouncer {
    /// Starts one with so many connections to the server for each database, so that clients share
    /// them.
    pub async fn start(server: &TestServer, connections: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket_dir = server.socket_dir();
        // PgBouncer refuses to be root; who owns PostgreSQL's socket can get to it.
        let owner = fs::metadata(&socket_dir).unwrap();
        std::os::unix::fs::chown(directory.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let user = nix::unistd::User::from_uid(owner.uid().into()).unwrap().expect("it has a name");
        let is_root = nix::unistd::geteuid().is_root();
        let run_as = if is_root { format!("user = {}", user.name) } else { String::new() };
        let ini = format!(
            "[databases]\n\
             * = user=pgstead host={host}\n\
             [pgbouncer]\n\
             {run_as}\n\
             listen_addr =\n\
             unix_socket_dir = {own}\n\
             auth_type = any\n\
             pool_mode = transaction\n\
             default_pool_size = {connections}\n\
             max_client_conn = 200\n\
             pidfile =\n",
            host = socket_dir.display(),
            own = directory.path().display(),
        );
        let file = directory.path().join("pgbouncer.ini");
        fs::write(&file, ini).unwrap();
        let mut process = Command::new("/usr/sbin/pgbouncer")
            .arg(&file)
            .env("PATH", path().unwrap_or_default())
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo xtask test installs PgBouncer");
        let mut log = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let up = async {
            let mut told = String::new();
            while let Some(line) = log.next_line().await.unwrap() {
                if line.contains("process up") {
                    return;
                }
                told = told + &line + "\n";
            }
            panic!("PgBouncer did not start: {told}");
        };
        timeout(Duration::from_secs(10), up).await.expect("PgBouncer starts");
        tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        Self { _process: process, directory }
    }

    /// The database of that name, through it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let host = self.directory.path().display().to_string().replace('/', "%2F");
        format!("postgres://pgstead@{host}:6432/{database}")
    }
}
