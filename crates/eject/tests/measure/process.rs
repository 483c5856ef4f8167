//! Scans in a process of their own: what overflows a stack or takes much memory is seen from outside.

use std::{env, fs, path::Path, process::Command, time::Instant};

use pgstead_eject::{Options, Report, scan};

/// How the child is told which tree to scan.
const TREE: &str = "PGSTEAD_TEST_TREE";

/// A child that wants more is broken, and must not take the machine with it.
const MEMORY_KB: u32 = 6 << 20;

/// What a scan in another process came to.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    pub(crate) seconds: f64,
    /// The most memory that was resident at once, in bytes.
    pub(crate) peak: u64,
}

/// Scans a tree in a process of its own, which must end well.
pub(crate) fn scan_apart(tree: &Path) -> Outcome {
    let written = tree.with_extension("report.json");
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY_KB}; exec \"$0\" \"$@\"")])
        .arg(env::current_exe().unwrap())
        .args(["--exact", "process::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(TREE, tree)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {said}{complained}", output.status);
    let figure = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse::<f64>().unwrap()
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a size")]
    let peak = figure("peak") as u64;
    let report = serde_json::from_slice(&fs::read(&written).unwrap()).unwrap();
    fs::remove_file(written).unwrap();
    Outcome { report, seconds: figure("seconds"), peak }
}

#[test]
#[ignore = "it is the other process of `scan_apart`"]
fn child() {
    let Some(tree) = env::var_os(TREE) else { return };
    let tree = Path::new(&tree);
    let began = Instant::now();
    let report = scan(tree, &Options::default(), &|_| {}).unwrap();
    let seconds = began.elapsed().as_secs_f64();
    // Before the report is written, which takes memory that is the test's and not the scan's.
    let peak = peak();
    fs::write(tree.with_extension("report.json"), serde_json::to_vec(&report).unwrap()).unwrap();
    println!("\nseconds {seconds}\npeak {peak}");
}

/// Of this process; 0 where the system does not tell.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}
