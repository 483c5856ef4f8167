//! The `pgstead` binary, as a person or a script runs it.

use std::{
    ffi::OsStr,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{self, Output, Stdio},
    sync::OnceLock,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// The binary of this source.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build(&["--package", "pgstead-cli"]).join("pgstead"))
}

/// The example of the facade.
pub fn example() -> &'static Path {
    static EXAMPLE: OnceLock<PathBuf> = OnceLock::new();
    EXAMPLE.get_or_init(|| {
        // Of the whole workspace, so that it is the one that `cargo test --workspace` has built.
        build(&["--workspace", "--example", "rate_limit"]).join("examples/rate_limit")
    })
}

/// Builds what is named, and says where it is. It is Cargo's business: mostly there is nothing to
/// do.
fn build(what: &[&str]) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "Cargo says which Cargo runs us")]
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = process::Command::new(cargo);
    build.args(["build", "--quiet"]).args(what);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    assert!(build.status().expect("cargo runs").success(), "{what:?} is built");
    let tests = std::env::current_exe().expect("the tests are a file");
    // target/debug/deps/it-…
    tests.ancestors().nth(2).expect("it lies in Cargo's target directory").to_owned()
}

/// A call of a program in an empty directory, with nothing of ours in its environment.
pub struct Call {
    command: Command,
    directory: TempDir,
}

/// What came of it.
#[derive(Debug)]
pub struct Called {
    /// The exit status.
    pub status: i32,
    /// What programs read.
    pub stdout: String,
    /// What people read.
    pub stderr: String,
}

/// How long any command may take here.
const LONGEST: Duration = Duration::from_mins(3);

/// Prepares a call.
pub fn pgstead(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Call {
    call(binary(), arguments)
}

/// Prepares a call of that program.
pub fn call(program: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Call {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory.path()).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in
        ["DATABASE_URL", "RUST_BACKTRACE", "CARGO", "CARGO_MANIFEST_DIR", "PGSTEAD_TEST_LONG"]
    {
        command.env_remove(name);
    }
    Call { command, directory }
}

impl Call {
    /// With that `pgstead.toml`.
    #[must_use]
    pub fn configured(self, toml: &str) -> Self {
        std::fs::write(self.directory.path().join("pgstead.toml"), toml).unwrap();
        self
    }

    /// With that variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end.
    pub async fn run(mut self) -> Called {
        let output = timeout(LONGEST, self.command.output()).await.expect("it ends").unwrap();
        let Output { status, stdout, stderr } = output;
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        let status = status.code().expect("it exits by itself");
        Called { status, stdout: text(stdout), stderr: text(stderr) }
    }

    /// Starts it, in a directory that goes with the second.
    #[must_use]
    pub fn spawn(mut self) -> (Child, TempDir) {
        (self.command.spawn().unwrap(), self.directory)
    }

    /// Runs `serve` until it serves.
    /// Runs a server until it serves.
    pub async fn serve(mut self) -> Service {
        let mut child = self.command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut admin_key = None;
        let address = loop {
            let Some(line) = timeout(LONGEST, lines.next_line()).await.expect("it starts").unwrap()
            else {
                let mut stderr = String::new();
                let errors = child.stderr.as_mut().expect("it is piped");
                errors.read_to_string(&mut stderr).await.unwrap();
                panic!("it ended: {stderr}");
            };
            if let Some(key) = line.strip_prefix("Admin key, shown this once: ") {
                admin_key = Some(key.to_owned());
            }
            if let Some((_, address)) = line.split_once(" serves http://") {
                break address.parse().unwrap();
            }
        };
        // Nobody reads its log, which must not fill the pipe.
        let mut log = child.stderr.take().expect("it is piped");
        tokio::spawn(async move { tokio::io::copy(&mut log, &mut tokio::io::sink()).await });
        Service { child, address, admin_key, _stdout: lines, _directory: self.directory }
    }
}

impl Called {
    /// Standard output as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A server, which ends with the test.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it printed at its first start.
    pub admin_key: Option<String>,
    _stdout: Lines<BufReader<ChildStdout>>,
    _directory: TempDir,
}

impl Service {
    /// Its process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        let pid = self.child.id().expect("it runs");
        Pid::from_raw(i32::try_from(pid).expect("a pid is an i32"))
    }

    /// Kills it: it gets no chance to say goodbye.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it runs");
    }

    /// Stops it as an operator does, and gives its exit status.
    pub async fn stop(mut self) -> i32 {
        kill(self.pid(), Signal::SIGTERM).expect("it runs");
        let ended = timeout(LONGEST, self.child.wait()).await.expect("it ends");
        ended.unwrap().code().expect("it exits by itself")
    }
}
