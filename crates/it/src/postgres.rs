//! The cluster of the run, its databases, and clusters to break.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use pgstead_embedded::Cluster;
use pgstead_store::{
    Config, Db, Pooled,
    migrate::{Line, migrate},
    tokio_postgres::Client,
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Every crate's migrations.
pub const LINES: &[Line] = &[
    pgstead_limits::MIGRATIONS,
    pgstead_tokens::MIGRATIONS,
    pgstead_queue::MIGRATIONS,
    pgstead_webhooks::MIGRATIONS,
    pgstead_server::MIGRATIONS,
];

/// The cluster of the run.
struct Shared {
    cluster: Cluster,
    template: String,
}

/// Starts the cluster and makes the template, once.
fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        // Not in the runtime of the test that happens to be the first.
        on_own_runtime(async {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/it");
            let mut config = pgstead_embedded::Config::new(directory);
            config.path = path();
            let cluster = pgstead_embedded::start(&config).await.expect("a cluster for the tests");
            let admin = Admin::connect(&cluster.url()).await;
            admin.drop_leftovers().await;
            let template = format!("it_{}_template", process::id());
            admin.execute(&format!("create database {template}")).await;
            let db = Db::connect(&Config::new(url(&cluster.url(), &template))).await.unwrap();
            pgstead_queue::install(&db).await.expect("pgmq can be installed");
            migrate(&db, LINES).await.expect("the migrations run");
            Shared { cluster, template }
        })
    })
}

/// The `PATH` that programs are looked for on.
#[must_use]
pub fn path() -> Option<std::ffi::OsString> {
    #[expect(clippy::disallowed_methods, reason = "the tests run what is installed")]
    std::env::var_os("PATH")
}

fn on_own_runtime<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let run = || runtime().block_on(work);
    thread::scope(|scope| scope.spawn(run).join()).expect("it does not panic")
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn url(of_cluster: &str, database: &str) -> String {
    let (server, _) = of_cluster.rsplit_once('/').expect("a URL has a database");
    format!("{server}/{database}")
}

/// A database of the test's own. It is dropped with the test.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    url: String,
    db: Db,
}

impl TestDb {
    /// One with the tables.
    pub async fn new() -> Self {
        Self::from_template(&format!("template {}", shared().template)).await
    }

    /// One with nothing in it.
    pub async fn empty() -> Self {
        Self::from_template("").await
    }

    async fn from_template(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let of_cluster = shared().cluster.url();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("it_{}_{number}", process::id());
        let admin = Admin::connect(&of_cluster).await;
        admin.execute(&format!("create database {name} {template}")).await;
        let url = url(&of_cluster, &name);
        let db = Db::connect(&Config::new(&url)).await.expect("it has just been created");
        Self { name, url, db }
    }

    /// It.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection to it.
    pub async fn client(&self) -> Pooled {
        self.db.client().await.expect("the tests' cluster runs")
    }

    /// Ends every other connection to it, as a restart of PostgreSQL would.
    pub async fn end_connections(&self) {
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = ";
        let admin = Admin::connect(&shared().cluster.url()).await;
        admin.execute(&format!("{end}'{}'", self.name)).await;
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let drop = format!("drop database {} with (force)", self.name);
        let of_cluster = shared().cluster.url();
        on_own_runtime(async { Admin::connect(&of_cluster).await.execute(&drop).await });
    }
}

/// A connection to say anything on.
pub struct Admin(Pooled);

impl Admin {
    /// Connects.
    pub async fn connect(url: &str) -> Self {
        let db = Db::connect(&Config::new(url)).await.expect("PostgreSQL answers");
        Self(db.client().await.expect("PostgreSQL answers"))
    }

    /// Says it.
    pub async fn execute(&self, sql: &str) {
        self.0.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The connection.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0
    }

    /// Databases of runs that are no more.
    async fn drop_leftovers(&self) {
        let rows = self.0.query_typed("select datname from pg_database", &[]).await.unwrap();
        for row in rows {
            let name: String = row.get(0);
            let pid = name.strip_prefix("it_").and_then(|rest| rest.split('_').next());
            if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                self.execute(&format!("drop database if exists {name} with (force)")).await;
            }
        }
    }
}

/// A cluster of the test's own, to stop and to kill.
#[derive(Debug)]
pub struct TestServer {
    config: pgstead_embedded::Config,
    cluster: Option<Cluster>,
    url: String,
    _directory: TempDir,
}

impl TestServer {
    /// Starts one, without our tables.
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // A pooler that runs as another user gets to the socket.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut config = pgstead_embedded::Config::new(directory.path().join("data"));
        config.path = path();
        let cluster = pgstead_embedded::start(&config).await.expect("a cluster");
        let url = cluster.url();
        Self { config, cluster: Some(cluster), url, _directory: directory }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to it that gives up after that time.
    pub async fn db(&self, connect_timeout: Duration) -> Db {
        let mut config = Config::new(&self.url);
        config.connect_timeout = connect_timeout;
        Db::connect(&config).await.expect("it runs")
    }

    /// Stops it. Its address stays.
    pub async fn stop(&mut self) {
        self.cluster.take().expect("it runs").stop().await;
    }

    /// Starts it again.
    pub async fn start_again(&mut self) {
        let cluster = pgstead_embedded::start(&self.config).await.expect("it starts again");
        assert_eq!(cluster.url(), self.url, "the address stays");
        self.cluster = Some(cluster);
    }

    /// Its data directory, pgstead's with PostgreSQL's in it.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.config.data_dir
    }

    /// The directory of its socket.
    #[must_use]
    pub fn socket_dir(&self) -> PathBuf {
        self.config.data_dir.join("run")
    }

    /// Its first process.
    #[must_use]
    pub fn postmaster(&self) -> Pid {
        postmaster(&self.config.data_dir).expect("it runs")
    }

    /// Stops every process of it in its tracks, as a machine that hangs; `SIGCONT` lets them go on.
    pub fn signal_all(&self, signal: Signal) {
        let postmaster = self.postmaster();
        for pid in children(postmaster).into_iter().chain([postmaster]) {
            // A backend may just have ended.
            let _ = kill(pid, signal);
        }
    }
}

/// The first process of the cluster in a data directory of pgstead, if it has one.
#[must_use]
pub fn postmaster(data_dir: &Path) -> Option<Pid> {
    let file = fs::read_to_string(data_dir.join("data/postmaster.pid")).ok()?;
    file.lines().next()?.parse().ok().map(Pid::from_raw)
}

/// The processes that it started.
fn children(parent: Pid) -> Vec<Pid> {
    let path = format!("/proc/{parent}/task/{parent}/children");
    let children = fs::read_to_string(path).unwrap_or_default();
    children.split_whitespace().filter_map(|pid| pid.parse().ok().map(Pid::from_raw)).collect()
}
