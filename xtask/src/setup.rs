//! What the tests need beside Rust.

use std::{
    env,
    fs::{self, Permissions},
    io::Write as _,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

/// A program, and the Debian package that has it.
struct Tool {
    program: &'static str,
    package: &'static str,
    what_for: &'static str,
}

const TOOLS: [Tool; 6] = [
    Tool { program: "initdb", package: "postgresql", what_for: "the database" },
    Tool { program: "redis-server", package: "redis-server", what_for: "the benchmark's peer" },
    Tool { program: "pgbouncer", package: "pgbouncer", what_for: "a transaction pooler" },
    Tool { program: "npm", package: "npm", what_for: "peers on Node; PostgreSQL where none is" },
    Tool { program: "python3", package: "python3-venv", what_for: "verifiers in Python" },
    Tool { program: "wrk", package: "wrk", what_for: "load" },
];

/// Installs what is missing where it may, else says what to install.
pub(crate) fn everything() -> Result<(), String> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if is_root && find("apt-get").is_some() {
        install(&packages)?;
    }
    match self::missing()[..] {
        [] => Ok(()),
        ref missing => Err(what_to_install(missing)),
    }
}

fn missing() -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| find(tool.program).is_none()).collect()
}

/// Where the program is: on the path, or where Debian keeps PostgreSQL's and the daemons.
fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    env::split_paths(&path)
        .chain(versions.map(|version| version.path().join("bin")))
        .chain(["/usr/sbin".into()])
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}

/// Installs Debian packages. None of them starts its service: the tests start what they need.
fn install(packages: &[&str]) -> Result<(), String> {
    eprintln!("xtask: installing {}", packages.join(" "));
    let _held_back = HeldBack::services()?;
    apt(&["update", "--quiet=2"])?;
    let install = ["install", "--yes", "--quiet=2", "--no-install-recommends"];
    apt(&[&install, packages].concat())
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`apt-get {}` ended with {status}", arguments.join(" "))),
        Err(error) => Err(format!("apt-get cannot be run: {error}")),
    }
}

/// While it lives, Debian starts no service that it installs, unless the machine has a policy of
/// its own.
struct HeldBack {
    made: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl HeldBack {
    fn services() -> Result<Self, String> {
        if Path::new(POLICY).exists() {
            return Ok(Self { made: false });
        }
        let write = || {
            let mut file = fs::File::create_new(POLICY)?;
            file.set_permissions(Permissions::from_mode(0o755))?;
            file.write_all(b"#!/bin/sh\nexit 101\n")
        };
        write().map_err(|error| format!("{POLICY} cannot be written: {error}"))?;
        Ok(Self { made: true })
    }
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        if self.made
            && let Err(error) = fs::remove_file(POLICY)
        {
            eprintln!("xtask: {POLICY} cannot be removed, and no service will start: {error}");
        }
    }
}

fn what_to_install(missing: &[&Tool]) -> String {
    let line = |Tool { program, what_for, .. }: &&Tool| format!("  {program}: {what_for}\n");
    let programs: String = missing.iter().map(line).collect();
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    format!(
        "the tests need programs that are not here:\n\
         {programs}on Debian or Ubuntu: apt-get install {}",
        packages.join(" ")
    )
}
