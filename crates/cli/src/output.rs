//! What people and programs get to see: the answer on standard output, all else on standard error.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Error;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done. Exit status 0.
    Done,
    /// The answer is no. Exit status 1.
    No,
}

/// Something was asked for that cannot be. Exit status 2.
#[derive(Debug)]
pub(crate) struct Wrong(pub(crate) String);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// Prints a line of the answer.
pub(crate) fn say(line: &str) {
    // Whoever closed the pipe has read enough.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints the answer as one JSON document.
pub(crate) fn say_json(document: &impl Serialize) -> anyhow::Result<()> {
    say(&serde_json::to_string_pretty(document)?);
    Ok(())
}

/// Prints what may be a mistake.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "pgstead: warning: {}", without_passwords(line));
}

/// Prints what belongs beside the answer.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "pgstead: {}", without_passwords(line));
}

/// Prints why a command failed, and says with which status to exit.
pub(crate) fn fail(error: &Error) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "pgstead: {}", message(error));
    ExitCode::from(status(error))
}

/// The error and its causes in one line, without a password.
fn message(error: &Error) -> String {
    let mut message = String::new();
    let mut last = String::new();
    for cause in error.chain() {
        let told = cause.to_string();
        // The driver's names for its kinds of errors say nothing that the cause does not.
        let is_empty = matches!(told.as_str(), "db error" | "error connecting to server");
        if is_empty || last.contains(&told) {
            continue;
        }
        let separator = if message.is_empty() { "" } else { ": " };
        let _ = write!(message, "{separator}{told}");
        last = told;
    }
    without_passwords(&message)
}

/// 2 for what is wrong here, 3 for what cannot be reached.
fn status(error: &Error) -> u8 {
    let of_store = error.chain().find_map(|cause| cause.downcast_ref::<pgstead_store::Error>());
    // What was said about a cause with `context` is no cause itself.
    let wrong_use = error.is::<Wrong>()
        || error.chain().any(|cause| {
            cause.is::<Wrong>()
                || cause.is::<pgstead_limits::Invalid>()
                || cause.is::<pgstead_limits::InvalidPolicy>()
                || cause.is::<pgstead_tokens::InvalidGrant>()
                || cause.is::<pgstead_server::keys::UnknownScope>()
        });
    let is_here = of_store.map_or(wrong_use, pgstead_store::Error::is_config);
    if is_here { 2 } else { 3 }
}

/// Hides what stands for a password in URLs. Nothing that holds one should get here; if it does,
/// this is the last door.
fn without_passwords(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        safe.push_str(before);
        safe.push_str("://");
        let end = after.find(|c: char| c.is_whitespace() || "/?\"'`".contains(c));
        let (authority, remainder) = after.split_at(end.unwrap_or(after.len()));
        match authority.rsplit_once('@') {
            Some((userinfo, host)) => {
                let user = userinfo.split(':').next().unwrap_or_default();
                let _ = write!(safe, "{user}:***@{host}");
            }
            None => safe.push_str(authority),
        }
        rest = remainder;
    }
    safe.push_str(rest);
    safe
}

/// Tells on a terminal, or line by line, what takes its time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Mutex<Option<ProgressBar>>>);

impl Progress {
    pub(crate) fn show(&self, step: &str) {
        if !io::stderr().is_terminal() {
            let _ = writeln!(io::stderr().lock(), "pgstead: {step}");
            return;
        }
        let mut bar = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            bar.set_style(style.expect("the template is valid"));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        bar.set_message(step.to_owned());
    }

    pub(crate) fn clear(&self) {
        if let Some(bar) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

/// Shows on a terminal, and nowhere else, how much of a known number is done.
#[derive(Debug)]
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    /// Nothing is shown before the number is known.
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length().with_message(what);
            let style = ProgressStyle::with_template("{spinner} {pos}/{len} {msg} ({elapsed})");
            bar.set_style(style.expect("the template is valid"));
            bar
        });
        Self(bar)
    }

    pub(crate) fn of(&self, all: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(all);
        }
    }

    pub(crate) fn one_more(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    pub(crate) fn say(&self, what: &'static str) {
        if let Some(bar) = &self.0 {
            bar.set_message(what);
        }
    }

    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A time as people say it: 1.5s, 12m, 3h 20m.
pub(crate) fn duration(duration: Duration) -> String {
    // Two places are enough to know how long to wait.
    let rounded = match duration.as_secs() {
        0 => Duration::from_millis(u64::from(duration.subsec_micros().div_ceil(1000))),
        seconds if seconds < 60 => {
            Duration::from_millis(seconds * 1000 + u64::from(duration.subsec_millis() / 100 * 100))
        }
        seconds => Duration::from_secs(seconds),
    };
    humantime::format_duration(rounded).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden() {
        for (text, safe) in [
            ("no url", "no url"),
            ("at postgres://u:s3cret@h:1/d, and", "at postgres://u:***@h:1/d, and"),
            ("`postgres://u:a@b@h/d`", "`postgres://u:***@h/d`"),
            ("redis://:s3cret@h http://x/y", "redis://:***@h http://x/y"),
            ("postgres://h/d", "postgres://h/d"),
        ] {
            assert_eq!(without_passwords(text), safe);
        }
    }

    #[test]
    fn a_message_is_one_line_of_causes() {
        let error = Error::msg("refused").context("db error").context("cannot reach x");
        assert_eq!(message(&error), "cannot reach x: refused");
    }
}
