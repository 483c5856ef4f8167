//! One of several processes that take from one key for as long as they live.
//!
//! `load URL POLICY TASKS FILE`: each task takes 1 from the key `hot` again and again, or holds a
//! permit of it for a moment. Every grant is a line of FILE, written before the next is asked for:
//!
//! - `grant ASKED GRANTED ENDS`: between which instants it was granted, and when the window ends in
//!   which it was, as far as can be said, in ns since 1970;
//! - `held PERMIT SINCE` and `free PERMIT SINCE`: the permit is held from then on, or no longer.
//!
//! What was granted and not written when the process is killed is missing: a test that counts must
//! only count what there is at least.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]
#![expect(clippy::disallowed_methods, reason = "several processes write down one machine's time")]

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pgstead_limits::{
    Acquisition, Algorithm, Check, Config, Decision, Lease, Limits, Period, Permits, Policy,
    PolicyConfig,
};
use pgstead_store::Db;
use tokio::{task::JoinSet, time::sleep};

/// So long a permit is held, and who was refused waits.
const MOMENT: Duration = Duration::from_millis(2);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, name, tasks, file] = arguments.as_slice() else {
        panic!("load URL POLICY TASKS FILE");
    };
    let db = Db::connect(&pgstead_store::Config::new(url)).await.expect("PostgreSQL answers");
    let limits = Limits::start(&db, Config::new([policy(name)]));
    let file = Arc::new(OpenOptions::new().create(true).append(true).open(file).unwrap());
    let subject = limits.subject(name, "hot").unwrap();
    println!("ready");
    let mut callers = JoinSet::new();
    for _ in 0..tasks.parse::<usize>().expect("a number") {
        let (limits, file, subject) = (limits.clone(), Arc::clone(&file), subject.clone());
        if name == "concurrency" {
            callers.spawn(hold(limits, subject.permits().unwrap(), file));
        } else {
            callers.spawn(take(limits, subject.costing(1).unwrap(), file));
        }
    }
    callers.join_all().await;
}

async fn take(limits: Limits, check: Check, file: Arc<File>) {
    loop {
        let asked = now_ns();
        let decision = limits.check(&check).await.expect("PostgreSQL answers");
        let granted = now_ns();
        if let Decision::Allow(standing) = decision {
            let ends = asked + standing.reset_after.as_nanos();
            write(&file, &format!("grant {asked} {granted} {ends}\n"));
        } else {
            sleep(MOMENT).await;
        }
    }
}

async fn hold(limits: Limits, permits: Permits, file: Arc<File>) {
    loop {
        match limits.acquire(&permits).await.expect("PostgreSQL answers") {
            Acquisition::Acquired(permit) => {
                let id = permit.id().to_string();
                write(&file, &format!("held {id} {}\n", now_ns()));
                sleep(MOMENT).await;
                write(&file, &format!("free {id} {}\n", now_ns()));
                permit.release().await.expect("PostgreSQL answers");
            }
            _ => sleep(MOMENT).await,
        }
    }
}

/// A line, in one piece whoever else writes.
fn write(mut file: &File, line: &str) {
    file.write_all(line.as_bytes()).expect("the disk has room");
}

fn now_ns() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_nanos()
}

/// Of each algorithm one, exact or `leased-`.
fn policy(name: &str) -> Policy {
    let second = Duration::from_secs(1);
    let (algorithm, lease) = match name.strip_prefix("leased-") {
        Some(algorithm) => (algorithm, Lease::Auto),
        None => (name, Lease::Off),
    };
    let mut config = match algorithm.parse().expect("an algorithm") {
        Algorithm::Quota => PolicyConfig::quota(20_000, Period::Month),
        Algorithm::Concurrency => PolicyConfig::new(Algorithm::Concurrency, 8, second),
        algorithm => PolicyConfig::new(algorithm, 600, second),
    };
    if config.algorithm == Algorithm::TokenBucket {
        config.burst = Some(200);
    }
    (config.lease, config.timeout) = (lease, 60 * second);
    Policy::new(name, &config).expect("the policy is valid")
}
