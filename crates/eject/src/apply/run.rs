//! Runs a command of a package manager to its end, or to the end of its time.

use std::{
    io::{self, Read},
    path::Path,
    process::{self, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{edits::Command, write::Outcome};

/// How much of what a command says is told.
const TOLD: usize = 2000;

/// How often it is looked whether a command has ended.
const LOOK: Duration = Duration::from_millis(50);

pub(super) fn run(root: &Path, command: &Command, timeout: Duration) -> Outcome {
    let mut process = process::Command::new(&command.program);
    process.args(&command.arguments).current_dir(root.join(&command.folder));
    process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = match process.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Outcome::Missing,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let (said, hears) = mpsc::channel();
    if let Some(mut stderr) = child.stderr.take() {
        thread::spawn(move || {
            let mut all = Vec::new();
            let _ = stderr.read_to_end(&mut all);
            let _ = said.send(String::from_utf8_lossy(&all).into_owned());
        });
    }
    let mut waited = Duration::ZERO;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if waited >= timeout => {
                let _ = child.kill();
                let _ = child.wait();
                return Outcome::TimedOut;
            }
            Ok(None) => {
                thread::sleep(LOOK);
                waited += LOOK;
            }
            Err(error) => return Outcome::Failed(error.to_string()),
        }
    };
    if status.success() {
        return Outcome::Done;
    }
    // What it has started may hold its output open for longer than it lives.
    let said = hears.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    let said = said.trim();
    let start = said.char_indices().rev().nth(TOLD).map_or(0, |(at, _)| at);
    Outcome::Failed(format!("{status}: {}", &said[start..]))
}
