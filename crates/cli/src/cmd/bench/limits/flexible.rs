//! The peers on Node: rate-limiter-flexible, in a process of its own, which is told what to do in
//! lines of JSON.

use std::{
    ffi::{OsStr, OsString},
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, Error, Result, anyhow, bail};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use super::{Case, Gate, KEYS, Keys, Ours, WINDOW};
use crate::{
    cmd::bench::load::{Sample, histogram},
    output::Wrong,
};

const SCRIPT: &str = include_str!("flexible/main.mjs");
const PACKAGE: &str = include_str!("flexible/package.json");
/// The exact version and the checksum of each package, and no word of where they come from: npm
/// knows.
const LOCK: &str = include_str!("flexible/package-lock.json");

/// How much longer than asked for anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The packages, and the script beside them.
pub(super) struct Installed {
    script: PathBuf,
    path: Option<OsString>,
}

/// Where the library keeps its counters.
#[derive(Clone, Copy, Serialize)]
#[serde(tag = "store", rename_all = "kebab-case")]
pub(super) enum Store<'a> {
    Redis { url: &'a str },
    Postgres { url: &'a str },
}

/// The process. It ends when nobody can tell it anything any more, and puts away what it has made.
pub(super) struct Flexible {
    process: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    pub(super) versions: Versions,
}

#[derive(Debug, Deserialize)]
pub(super) struct Versions {
    pub(super) node: String,
    pub(super) flexible: String,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Order<'a> {
    /// Makes the limiters, and asks each key once.
    Begin {
        #[serde(flatten)]
        store: Store<'a>,
        keys: usize,
        window_s: u64,
        open_limit: u64,
        closed_limit: u64,
        /// Whether the one that refuses is needed.
        closes: bool,
    },
    Round {
        keys: Keys,
        durable: bool,
        callers: u32,
        ms: f64,
    },
    /// Puts away what was made.
    End,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer<T> {
    Ok(T),
    Error(String),
}

#[derive(Deserialize)]
struct Round {
    ms: f64,
    /// Nanoseconds, and how many calls took so long.
    latency: Vec<(u64, u64)>,
}

impl Installed {
    /// Finds Node, and has npm bring the packages the first time.
    pub(super) async fn get(cache_dir: &Path, path: Option<&OsStr>) -> Result<Self> {
        let path = path.map(OsStr::to_owned);
        run("node", &["--version"], Path::new("/"), path.as_deref()).await?;
        let mut hasher = DefaultHasher::new();
        [SCRIPT, PACKAGE, LOCK].hash(&mut hasher);
        let installed = cache_dir.join(format!("bench-node-{:016x}", hasher.finish()));
        if !installed.is_dir() {
            install(cache_dir, &installed, path.as_deref()).await?;
        }
        Ok(Self { script: installed.join("main.mjs"), path })
    }
}

async fn install(cache_dir: &Path, installed: &Path, path: Option<&OsStr>) -> Result<()> {
    let making = || format!("cannot install packages in {}", cache_dir.display());
    fs::create_dir_all(cache_dir).with_context(making)?;
    // Beside the place where it will be, so that the last step is a rename.
    let scratch = tempfile::Builder::new().prefix("installing-").tempdir_in(cache_dir);
    let scratch = scratch.with_context(making)?;
    let packages = scratch.path().join("packages");
    fs::create_dir(&packages).with_context(making)?;
    for (name, text) in
        [("main.mjs", SCRIPT), ("package.json", PACKAGE), ("package-lock.json", LOCK)]
    {
        fs::write(packages.join(name), text).with_context(making)?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", &arguments, &packages, path).await?;
    match fs::rename(&packages, installed) {
        // Another process was quicker.
        Err(_) if installed.is_dir() => Ok(()),
        renamed => renamed.with_context(making),
    }
}

/// Runs one of Node's programs to its end.
async fn run(
    program: &str,
    arguments: &[&str],
    directory: &Path,
    path: Option<&OsStr>,
) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory).stdin(Stdio::null()).kill_on_drop(true);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::new(Wrong(format!(
                "`{program}` is not on PATH; install Node 20 or later with npm (`apt install \
                 nodejs npm`, `brew install node`), or measure with another --peer",
            ))));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot run {program}")),
    };
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        bail!("`{program} {}` ended with {}: {}", arguments[0], output.status, told.trim());
    }
    Ok(())
}

impl<'a> Store<'a> {
    pub(super) fn postgres(url: &'a str) -> Result<Self> {
        if !url.contains("://") {
            let wrong = "it needs the database's URL as postgres://…, not as key=value pairs";
            return Err(Wrong(wrong.to_owned()).into());
        }
        Ok(Self::Postgres { url })
    }
}

impl Flexible {
    /// Starts it, with limiters that have been asked for each key once.
    pub(super) async fn start(
        installed: &Installed,
        store: Store<'_>,
        cases: &[&Case],
    ) -> Result<Self> {
        let mut command = Command::new("node");
        command.arg(&installed.script).env("NODE_NO_WARNINGS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(path) = &installed.path {
            command.env("PATH", path);
        }
        let mut process = command.spawn().context("cannot run node")?;
        let commands = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let versions = Versions { node: String::new(), flexible: String::new() };
        let mut this = Self { process, commands, answers, versions };
        let begin = Order::Begin {
            store,
            keys: KEYS,
            window_s: WINDOW.as_secs(),
            open_limit: Gate::Open.limit(),
            closed_limit: Gate::Closed.limit(),
            closes: cases.iter().any(|case| case.keys.reach(Gate::Closed)),
        };
        match this.tell(&begin, PATIENCE).await {
            Ok(versions) => this.versions = versions,
            Err(error) => {
                // That it cannot put away either what it could not make says no more.
                let _ = this.stop().await;
                return Err(error);
            }
        }
        Ok(this)
    }

    pub(super) async fn round(&mut self, case: &Case, time: Duration) -> Result<Sample> {
        let round = Order::Round {
            keys: case.keys,
            durable: case.ours == Ours::Durable,
            callers: case.callers,
            ms: time.as_secs_f64() * 1000.0,
        };
        let Round { ms, latency } = self.tell(&round, time + PATIENCE).await?;
        let mut latency_ns = histogram();
        for (ns, count) in latency {
            latency_ns.record_n(ns.max(1), count)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 operations")]
        let ops_per_s = latency_ns.len() as f64 / (ms / 1000.0);
        Ok(Sample { ops_per_s, latency_ns })
    }

    /// Ends it, and waits until it has put away what it has made.
    pub(super) async fn stop(mut self) -> Result<()> {
        let () = self.tell(&Order::End, PATIENCE).await?;
        drop(self.commands);
        let status = timeout(PATIENCE, self.process.wait()).await??;
        if !status.success() {
            bail!("rate-limiter-flexible ended with {status}");
        }
        Ok(())
    }

    async fn tell<T: DeserializeOwned>(
        &mut self,
        order: &Order<'_>,
        within: Duration,
    ) -> Result<T> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        let asked = async {
            self.commands.write_all(&line).await?;
            self.answers.next_line().await
        };
        let answer =
            timeout(within, asked).await.context("rate-limiter-flexible does not answer")?;
        let answer = answer.context("rate-limiter-flexible cannot be asked")?;
        let answer = answer.ok_or_else(|| anyhow!("rate-limiter-flexible has ended"))?;
        match serde_json::from_str(&answer)? {
            Answer::Ok(told) => Ok(told),
            Answer::Error(error) => bail!("rate-limiter-flexible: {error}"),
        }
    }
}
