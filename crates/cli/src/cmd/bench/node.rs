//! Peers on Node: packages that npm installs, and a process of theirs that is told what to do in lines
//! of JSON.

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
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use super::load::{Sample, histogram};
use crate::output::Wrong;

/// How much longer than asked for anything may take.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// What all scripts use.
const TOLD: &str = include_str!("node/told.mjs");

/// A script and the packages that it needs.
#[derive(Hash)]
pub(super) struct Program {
    pub(super) script: &'static str,
    pub(super) package: &'static str,
    /// The exact version and the checksum of each package, and no word of where they come from: npm
    /// knows.
    pub(super) lock: &'static str,
}

/// The packages, and the script beside them.
pub(super) struct Installed {
    script: PathBuf,
    path: Option<OsString>,
}

/// A process. It ends when nobody can tell it anything any more, and puts away what it has made.
pub(super) struct Node {
    name: &'static str,
    process: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// What a process says of a round.
#[derive(Deserialize)]
pub(super) struct Round {
    ms: f64,
    /// How many were done, where that is not how many were timed.
    count: Option<u64>,
    /// Nanoseconds, and how many calls took so long.
    latency: Vec<(u64, u64)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer<T> {
    Ok(T),
    Error(String),
}

impl Program {
    /// Finds Node, and has npm bring the packages the first time.
    pub(super) async fn installed(
        &self,
        cache_dir: &Path,
        path: Option<&OsStr>,
    ) -> Result<Installed> {
        let path = path.map(OsStr::to_owned);
        run("node", &["--version"], Path::new("/"), path.as_deref()).await?;
        let mut hasher = DefaultHasher::new();
        (TOLD, self).hash(&mut hasher);
        let installed = cache_dir.join(format!("bench-node-{:016x}", hasher.finish()));
        if !installed.is_dir() {
            self.install(cache_dir, &installed, path.as_deref()).await?;
        }
        Ok(Installed { script: installed.join("main.mjs"), path })
    }

    async fn install(
        &self,
        cache_dir: &Path,
        installed: &Path,
        path: Option<&OsStr>,
    ) -> Result<()> {
        let making = || format!("cannot install packages in {}", cache_dir.display());
        fs::create_dir_all(cache_dir).with_context(making)?;
        // Beside the place where it will be, so that the last step is a rename.
        let scratch = tempfile::Builder::new().prefix("installing-").tempdir_in(cache_dir);
        let scratch = scratch.with_context(making)?;
        let packages = scratch.path().join("packages");
        fs::create_dir(&packages).with_context(making)?;
        for (name, text) in [
            ("told.mjs", TOLD),
            ("main.mjs", self.script),
            ("package.json", self.package),
            ("package-lock.json", self.lock),
        ] {
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

/// The database's URL, if it is one that `pg` understands.
pub(super) fn database_url(url: &str) -> Result<&str> {
    if !url.contains("://") {
        let wrong = "it needs the database's URL as postgres://…, not as key=value pairs";
        return Err(Wrong(wrong.to_owned()).into());
    }
    Ok(url)
}

impl Node {
    pub(super) fn start(name: &'static str, installed: &Installed) -> Result<Self> {
        let mut command = Command::new("node");
        command.arg(&installed.script).env("NODE_NO_WARNINGS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(path) = &installed.path {
            command.env("PATH", path);
        }
        let mut process = command.spawn().context("cannot run node")?;
        let commands = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        Ok(Self { name, process, commands, answers })
    }

    pub(super) async fn tell<T: DeserializeOwned>(
        &mut self,
        order: &impl Serialize,
        within: Duration,
    ) -> Result<T> {
        let name = self.name;
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        let asked = async {
            self.commands.write_all(&line).await?;
            self.answers.next_line().await
        };
        let answer =
            timeout(within, asked).await.with_context(|| format!("{name} does not answer"))?;
        let answer = answer.with_context(|| format!("{name} cannot be asked"))?;
        let answer = answer.ok_or_else(|| anyhow!("{name} has ended"))?;
        match serde_json::from_str(&answer)? {
            Answer::Ok(told) => Ok(told),
            Answer::Error(error) => bail!("{name}: {error}"),
        }
    }

    /// Ends it, and waits until it has put away what it has made.
    pub(super) async fn stop(mut self) -> Result<()> {
        let () = self.tell(&json!({ "do": "end" }), PATIENCE).await?;
        drop(self.commands);
        let status = timeout(PATIENCE, self.process.wait()).await??;
        if !status.success() {
            bail!("{} ended with {status}", self.name);
        }
        Ok(())
    }
}

impl Round {
    pub(super) fn sample(self) -> Result<Sample> {
        let mut latency_ns = histogram();
        for (ns, count) in self.latency {
            latency_ns.record_n(ns.max(1), count)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 operations")]
        let ops_per_s = self.count.unwrap_or(latency_ns.len()) as f64 / (self.ms / 1000.0);
        Ok(Sample { ops_per_s, latency_ns })
    }
}
