//! Several processes take from one key, and some are killed with -9: never is more granted than
//! the limit. It is counted from outside, by what the processes have written down.

#![expect(clippy::print_stdout, reason = "figures, for who runs it with --nocapture")]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use pgstead_it::{TestDb, is_long};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::{Instant, sleep_until},
};

const SECOND_NS: i128 = 1_000_000_000;
/// As `load` has them.
const LIMIT: usize = 600;
const BURST: i128 = 200;
const QUOTA: usize = 20_000;
const PERMITS: i32 = 8;
/// How long the processes take, and into how many parts that is divided by the death of one.
const PARTS: u32 = 6;

#[tokio::test]
async fn a_token_bucket_grants_no_more_than_burst_and_refill() {
    bucket("token-bucket").await;
}

#[tokio::test]
async fn a_leased_token_bucket_grants_no_more_than_burst_and_refill() {
    bucket("leased-token-bucket").await;
}

#[tokio::test]
async fn a_fixed_window_grants_no_more_than_its_limit() {
    windows("fixed-window").await;
}

#[tokio::test]
async fn a_leased_fixed_window_grants_no_more_than_its_limit() {
    windows("leased-fixed-window").await;
}

#[tokio::test]
async fn a_sliding_window_grants_no_more_than_its_limit() {
    windows("sliding-window").await;
}

#[tokio::test]
async fn a_leased_sliding_window_grants_no_more_than_its_limit() {
    windows("leased-sliding-window").await;
}

#[tokio::test]
async fn a_quota_grants_no_more_than_its_limit() {
    quota("quota").await;
}

#[tokio::test]
async fn a_leased_quota_grants_no_more_than_its_limit() {
    quota("leased-quota").await;
}

#[tokio::test]
async fn no_more_permits_are_out_than_there_are() {
    let histories = rampage("concurrency").await;
    // One that was held when its holder was killed was held until his last word at least.
    let mut changes = Vec::new();
    for history in histories {
        let last = history.iter().filter_map(|line| line.rsplit(' ').next()).next_back();
        let last: i128 = last.map_or(0, |last| last.parse().unwrap());
        let mut held: HashMap<&str, i128> = HashMap::new();
        for line in &history {
            let [word, permit, since] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{line}");
            };
            let since: i128 = since.parse().unwrap();
            if word == "held" {
                held.insert(permit, since);
            } else {
                changes.push((held.remove(permit).unwrap(), 1));
                changes.push((since, -1));
            }
        }
        for since in held.into_values() {
            changes.extend([(since, 1), (last.max(since), -1)]);
        }
    }
    changes.sort_unstable();
    let (mut out, mut most) = (0, 0);
    for (_, change) in &changes {
        out += change;
        most = most.max(out);
    }
    assert!(changes.len() > 200, "it has been busy: {}", changes.len());
    assert!(most <= PERMITS, "{most} permits were out at once");
}

/// A grant: when it was asked for, when it was there, and when its window was said to end.
#[derive(Clone, Copy, Debug)]
struct Grant {
    asked: i128,
    granted: i128,
    ends: i128,
}

/// In no time more is granted than the burst and what refills in that time.
async fn bucket(policy: &str) {
    let mut grants = grants(policy).await;
    grants.sort_by_key(|grant| grant.granted);
    let (first, last) = (grants[0].asked, grants[grants.len() - 1].granted);
    for length in [SECOND_NS / 100, SECOND_NS / 10, SECOND_NS, 3 * SECOND_NS, last - first] {
        let most = BURST + i128::try_from(LIMIT).unwrap() * length / SECOND_NS + 1;
        // Those that were asked for and granted within the time were granted in it.
        let mut begins: Vec<i128> = grants.iter().map(|grant| grant.asked).collect();
        begins.sort_unstable();
        for begin in begins.iter().step_by(7) {
            let from = grants.partition_point(|grant| grant.granted < *begin);
            let to = grants.partition_point(|grant| grant.granted <= begin + length);
            let within = grants[from..to].iter().filter(|grant| grant.asked >= *begin).count();
            let within = i128::try_from(within).unwrap();
            assert!(within <= most, "{policy}: {within} in {length} ns, {most} are allowed");
        }
    }
    println!("{policy}: {} granted in {} ms", grants.len(), (last - first) / 1_000_000);
}

/// In no window more is granted than the limit.
async fn windows(policy: &str) {
    let grants = grants(policy).await;
    // When a window ends is known but for the time that the answer took: where that was a quarter
    // of a window or more, it is not clear which one it was.
    let clear = |grant: &&Grant| grant.granted - grant.asked < SECOND_NS / 4;
    let mut ends: Vec<i128> = grants.iter().filter(clear).map(|grant| grant.ends).collect();
    ends.sort_unstable();
    let mut windows: BTreeMap<i128, usize> = BTreeMap::new();
    let mut window = ends[0];
    for (at, end) in ends.iter().enumerate() {
        if at > 0 && end - ends[at - 1] > SECOND_NS / 4 {
            window = *end;
        }
        *windows.entry(window).or_default() += 1;
    }
    assert!(windows.len() > 1, "{policy}: {windows:?}");
    assert!(windows.values().all(|granted| *granted <= LIMIT), "{policy}: {windows:?}");
    println!("{policy}: {:?}", windows.values().collect::<Vec<_>>());
}

async fn quota(policy: &str) {
    let granted = grants(policy).await.len();
    assert!(granted > 100 && granted <= QUOTA, "{policy}: {granted}");
    println!("{policy}: {granted}");
}

async fn grants(policy: &str) -> Vec<Grant> {
    let histories = rampage(policy).await;
    let grant = |line: &String| {
        let words: Vec<&str> = line.split(' ').collect();
        let ["grant", asked, granted, ends] = words[..] else { panic!("{line}") };
        let [asked, granted, ends] = [asked, granted, ends].map(|word| word.parse().unwrap());
        Grant { asked, granted, ends }
    };
    histories.iter().flatten().map(grant).collect()
}

/// Four processes take for a while; now and then one is killed and another takes its place. What
/// each has written down.
async fn rampage(policy: &str) -> Vec<Vec<String>> {
    let db = TestDb::new().await;
    let directory = TempDir::new().unwrap();
    let time = Duration::from_secs(if is_long() { 60 } else { 3 });
    let file = |number: usize| directory.path().join(number.to_string());
    let mut files: Vec<PathBuf> = (0..4).map(file).collect();
    let mut processes = Vec::new();
    for file in &files {
        processes.push(start(db.url(), policy, file).await);
    }
    let began = Instant::now();
    for part in 1..=PARTS {
        sleep_until(began + time * part / PARTS).await;
        let at = part as usize % processes.len();
        // `kill -9`, and nothing that it could do about it.
        processes[at].kill().await.unwrap();
        if part < PARTS {
            files.push(file(files.len()));
            processes[at] = start(db.url(), policy, &files[files.len() - 1]).await;
        }
    }
    for mut process in processes {
        process.kill().await.unwrap();
    }
    files.iter().map(|file| lines(file)).collect()
}

/// Its whole lines.
fn lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(str::to_owned).collect()
}

async fn start(url: &str, policy: &str, file: &Path) -> Child {
    let mut process = Command::new(env!("CARGO_BIN_EXE_load"))
        .args([url, policy, "16"])
        .arg(file)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut ready = String::new();
    let stdout = process.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut ready).await.unwrap();
    assert_eq!(ready, "ready\n");
    process
}
