//! The embedded cluster: who uses it, who is killed, what lies in its way.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use pgstead_embedded::{Config, Source, start};
use pgstead_it::{Admin, eventually, path, postmaster};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
    task::JoinSet,
};

/// A data directory below one that only its owner can enter.
fn data_dir() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    (directory, data_dir)
}

fn config(data_dir: &Path) -> Config {
    let mut config = Config::new(data_dir);
    config.path = path();
    config
}

/// A process that uses a cluster.
struct User {
    process: Child,
    stdout: BufReader<ChildStdout>,
}

impl User {
    fn begin(data_dir: &Path) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_cluster_user")), data_dir)
    }

    fn spawn(mut command: Command, data_dir: &Path) -> Self {
        command.arg(data_dir).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        Self { process, stdout }
    }

    async fn up(data_dir: &Path) -> Self {
        let mut user = Self::begin(data_dir);
        assert_eq!(user.told().await, "up");
        user
    }

    async fn told(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }

    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn leave(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().await.unwrap().success());
    }
}

async fn gone(pid: Pid) {
    eventually("PostgreSQL stopped", Duration::from_secs(5), async || kill(pid, None).is_err())
        .await;
}

async fn answers(data_dir: &Path) {
    // Joining is what any other process would do.
    let cluster = start(&config(data_dir)).await.unwrap();
    Admin::connect(&cluster.url()).await.execute("select 1").await;
    cluster.stop().await;
}

/// The processes that hold the cluster's FIFO, beside ours and those: its keeper and his heir.
fn keepers(data_dir: &Path, users: &[&User]) -> Vec<Pid> {
    let users: Vec<u32> = users.iter().filter_map(|user| user.process.id()).collect();
    let fifo = fs::canonicalize(data_dir.join("users")).unwrap();
    let holds = |pid: u32| {
        let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        files.into_iter().any(|file| fs::read_link(file.path()).is_ok_and(|to| to == fifo))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| *pid != std::process::id() && !users.contains(pid) && holds(*pid))
        .map(|pid| Pid::from_raw(i32::try_from(pid).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_user_who_is_killed_leaves_no_postgresql() {
    let (_directory, data_dir) = data_dir();
    for _ in 0..3 {
        let user = User::up(&data_dir).await;
        let postgres = postmaster(&data_dir).unwrap();
        user.kill().await;
        gone(postgres).await;
    }
}

#[tokio::test]
async fn it_stops_with_its_last_user() {
    let (_directory, data_dir) = data_dir();
    let (one, two) = (User::up(&data_dir).await, User::up(&data_dir).await);
    let postgres = postmaster(&data_dir).unwrap();
    one.kill().await;
    answers(&data_dir).await;
    assert_eq!(postmaster(&data_dir), Some(postgres), "it is the same cluster");
    two.leave().await;
    assert!(kill(postgres, None).is_err(), "who leaves last waits for it to stop");
}

#[tokio::test]
async fn postgresql_that_is_killed_is_started_again() {
    let (_directory, data_dir) = data_dir();
    let user = User::up(&data_dir).await;
    let postgres = postmaster(&data_dir).unwrap();
    kill(postgres, Signal::SIGKILL).unwrap();
    eventually("it runs again", Duration::from_secs(20), async || {
        postmaster(&data_dir).is_some_and(|pid| pid != postgres && kill(pid, None).is_ok())
    })
    .await;
    answers(&data_dir).await;
    user.leave().await;
    assert_eq!(postmaster(&data_dir), None);
}

#[tokio::test]
async fn a_keeper_who_is_killed_is_not_missed() {
    let (_directory, data_dir) = data_dir();
    let user = User::up(&data_dir).await;
    let postgres = postmaster(&data_dir).unwrap();
    let keepers = keepers(&data_dir, &[&user]);
    assert!(!keepers.is_empty());
    kill(keepers[0], Signal::SIGKILL).unwrap();
    answers(&data_dir).await;
    user.leave().await;
    gone(postgres).await;
}

#[tokio::test]
async fn postgresql_that_was_left_by_all_is_taken_over() {
    let (_directory, data_dir) = data_dir();
    let user = User::up(&data_dir).await;
    let orphan = postmaster(&data_dir).unwrap();
    for keeper in keepers(&data_dir, &[&user]) {
        kill(keeper, Signal::SIGKILL).unwrap();
    }
    user.kill().await;
    let user = User::up(&data_dir).await;
    user.leave().await;
    gone(orphan).await;
    assert_eq!(postmaster(&data_dir), None);
}

#[tokio::test]
async fn a_pid_that_another_process_has_got_is_no_obstacle() {
    let (_directory, data_dir) = data_dir();
    User::up(&data_dir).await.leave().await;
    // As after a power cut: the files are there, and another process has the number.
    let mut other = Command::new("sleep").arg("600").kill_on_drop(true).spawn().unwrap();
    let pid = other.id().unwrap();
    let file = data_dir.join("data/postmaster.pid");
    fs::write(&file, format!("{pid}\n{}\n1\n5432\n\n\n", data_dir.display())).unwrap();
    fs::write(data_dir.join("run/.s.PGSQL.5432.lock"), format!("{pid}\n")).unwrap();
    let owner = fs::metadata(data_dir.join("data")).unwrap();
    chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    answers(&data_dir).await;
    assert!(other.try_wait().unwrap().is_none(), "it was left alone");
}

#[tokio::test]
async fn many_that_start_together_share_one() {
    let (_directory, data_dir) = data_dir();
    let mut starts = JoinSet::new();
    for _ in 0..6 {
        let data_dir = data_dir.clone();
        starts.spawn(async move { User::up(&data_dir).await });
    }
    let users = starts.join_all().await;
    let postgres = postmaster(&data_dir).unwrap();
    for user in users {
        assert!(kill(postgres, None).is_ok());
        user.leave().await;
    }
    assert!(kill(postgres, None).is_err());
}

/// Killed at any moment of a start, the first and later ones: the next start works, and nothing is
/// left behind.
#[tokio::test]
async fn a_start_that_is_killed_leaves_nothing() {
    let times = if pgstead_it::is_long() { 60 } else { 8 };
    let (_directory, data_dir) = data_dir();
    for number in 0..times {
        let user = User::begin(&data_dir);
        tokio::time::sleep(Duration::from_millis(number * 131 % 1000)).await;
        user.kill().await;
        if number % 4 == 3 {
            answers(&data_dir).await;
        }
    }
    answers(&data_dir).await;
    let left: Vec<String> = fs::read_dir(&data_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("data."))
        .collect();
    assert_eq!(left, [""; 0]);
    assert_eq!(postmaster(&data_dir), None);
}

#[tokio::test]
async fn a_path_that_is_too_long_for_a_socket_is_no_obstacle() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("long/".repeat(20)).join("data");
    let cluster = start(&config(&data_dir)).await.unwrap();
    Admin::connect(&cluster.url()).await.execute("select 1").await;
    cluster.stop().await;
}

/// As root, which runs PostgreSQL as another user, and as an ordinary user, who runs it himself. One
/// without a name cannot: `initdb` needs it.
#[tokio::test]
async fn any_user_with_a_name_can_have_one() {
    if !geteuid().is_root() {
        // Whoever runs the tests is tested by all the others.
        return;
    }
    let told = async |uid: u32| {
        let directory = TempDir::new().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        chown(directory.path(), Some(uid), Some(uid)).unwrap();
        // Where the tests are built may be closed to it.
        let program = directory.path().join("cluster_user");
        fs::copy(env!("CARGO_BIN_EXE_cluster_user"), &program).unwrap();
        let mut command = Command::new(program);
        command.uid(uid).gid(uid).current_dir("/");
        let mut user = User::spawn(command, &directory.path().join("data"));
        let told = user.told().await;
        user.leave().await;
        told
    };
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    assert_eq!(told(nobody.uid.as_raw()).await, "up");
    let nameless = told(54321).await;
    assert!(nameless.contains("54321 has no name on this machine"), "{nameless}");
}

#[tokio::test]
async fn the_npm_package_serves_where_there_is_no_postgresql() {
    let (directory, data_dir) = data_dir();
    let mut config = config(&data_dir);
    config.source = Source::Package;
    config.cache_dir = directory.path().join("cache");
    // Whom PostgreSQL runs as gets to it.
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let cluster = start(&config).await.unwrap();
    let admin = Admin::connect(&cluster.url()).await;
    let row = admin.client().query_typed_one("show server_version", &[]).await.unwrap();
    assert!(row.get::<_, String>(0).starts_with("18."), "{row:?}");
    drop(admin);
    cluster.stop().await;
    // It is fetched once: the second start needs no npm.
    config.path = None;
    start(&config).await.unwrap().stop().await;
}

#[tokio::test]
async fn without_postgresql_and_npm_it_says_what_to_install() {
    let (_directory, data_dir) = data_dir();
    let mut config = Config::new(&data_dir);
    config.source = Source::Package;
    config.path = Some("/nowhere".into());
    let error = start(&config).await.unwrap_err().to_string();
    assert!(error.contains("npm") && error.contains("PostgreSQL"), "{error}");
    config.source = Source::Directory("/nowhere".into());
    let error = start(&config).await.unwrap_err().to_string();
    assert!(error.contains("/nowhere"), "{error}");
}

#[tokio::test]
async fn a_cluster_of_another_version_is_refused_and_left_alone() {
    let (_directory, data_dir) = data_dir();
    User::up(&data_dir).await.leave().await;
    let version = data_dir.join("data/PG_VERSION");
    fs::write(&version, "9\n").unwrap();
    let error = start(&config(&data_dir)).await.unwrap_err().to_string();
    assert!(error.contains("was made by PostgreSQL 9"), "{error}");
    assert_eq!(fs::read_to_string(&version).unwrap(), "9\n");
}
