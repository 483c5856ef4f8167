//! What is done to this repository.
//!
//! `cargo xtask test` is the one test command: it sets up what the tests need, then checks the
//! form, the lints, the tests, and the documentation with its examples.

#![expect(clippy::print_stderr, reason = "a person reads it")]
#![expect(clippy::disallowed_methods, reason = "no library: it reads the environment and a clock")]

mod setup;

use std::{
    env,
    ffi::OsString,
    process::{Command, ExitCode},
    time::Instant,
};

const USAGE: &str = "\
usage: cargo xtask test [--long]

  Sets up what the tests need (as root on Debian by itself; else it says what to install), then
  runs rustfmt, clippy, all tests, rustdoc and the examples in the documentation.

  --long   lets the tests that kill processes and break connections run for minutes, not seconds";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let long = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => false,
        ["test", "--long"] => true,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if let Err(missing) = setup::everything() {
        eprintln!("xtask: {missing}");
        return ExitCode::from(2);
    }
    match STEPS.iter().find(|step| !run(step, long)) {
        None => ExitCode::SUCCESS,
        Some(failed) => {
            eprintln!("xtask: `cargo {}` failed", failed.join(" "));
            ExitCode::FAILURE
        }
    }
}

/// Cheap ones first. Warnings are errors in all of them (see [`run`]).
const STEPS: [&[&str]; 5] = [
    &["fmt", "--all", "--check"],
    &["clippy", "--workspace", "--all-targets", "--quiet"],
    &["test", "--workspace", "--all-targets", "--quiet"],
    &["test", "--workspace", "--doc", "--quiet"],
    &["doc", "--workspace", "--no-deps", "--quiet"],
];

fn run(step: &[&str], long: bool) -> bool {
    let shown = step.join(" ");
    eprintln!("xtask: cargo {shown}");
    let began = Instant::now();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(step);
    match step[0] {
        // As flags of clippy alone: in RUSTFLAGS they would have everything built once more.
        "clippy" => _ = command.args(["--", "-Dwarnings"]),
        "doc" => _ = command.env("RUSTDOCFLAGS", "-Dwarnings"),
        _ => {}
    }
    if long {
        command.env("PGSTEAD_TEST_LONG", "1");
    }
    let passed = command.status().is_ok_and(|status| status.success());
    eprintln!("xtask: cargo {shown}: {:.0} s", began.elapsed().as_secs_f64());
    passed
}
