//! A process under pressure, which tells how much memory it took and how long it waited.
//!
//! - `pressure URL flood KEYS` asks twice about each of so many keys, of which the second time is
//!   refused, and once about as many of a policy that leases. It prints by how many KiB it has grown.
//! - `pressure URL hang SECONDS` has a crowd ask for that long. It prints `ready` when PostgreSQL has
//!   decided for everybody once; at the end the longest wait in ms, by how many KiB it has grown
//!   since it was ready, how many were decided by a rule, and whether PostgreSQL decides again.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use pgstead_limits::{
    Algorithm, Config, Lease, Limits, OnOutage, Policy, PolicyConfig, Source, Word,
};
use pgstead_store::Db;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// Who asks at once.
const CROWD: u64 = 256;
/// What memory is measured against: caches of the allocator and of the runtime are filled then.
const WARM_UP: u64 = 2_000;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, what, number] = arguments.as_slice() else {
        panic!("pressure URL flood|hang NUMBER");
    };
    let db = Db::connect(&pgstead_store::Config::new(url)).await.expect("PostgreSQL answers");
    let number = number.parse().expect("a number");
    match what.as_str() {
        "flood" => flood(&db, number).await,
        "hang" => hang(&db, Duration::from_secs(number)).await,
        _ => panic!("flood or hang"),
    }
}

async fn flood(db: &Db, keys: u64) {
    let second = Duration::from_secs(1);
    let mut config = PolicyConfig::new(Algorithm::FixedWindow, 1, second);
    config.timeout = 60 * second;
    let closing = Policy::new("closing", &config).unwrap();
    (config.limit, config.lease) = (1_000_000, Lease::Auto);
    let leased = Policy::new("leased", &config).unwrap();
    let mut config = Config::new([closing, leased]);
    // The table grows as large as it can; the test sweeps it.
    config.sweeps = false;
    let limits = Limits::start(db, config);
    ask_about(&limits, 0..WARM_UP).await;
    let before = resident_kib();
    ask_about(&limits, WARM_UP..WARM_UP + keys).await;
    println!("{}", resident_kib() - before);
}

async fn ask_about(limits: &Limits, keys: std::ops::Range<u64>) {
    let next = Arc::new(AtomicU64::new(keys.start));
    let mut crowd = JoinSet::new();
    for _ in 0..CROWD {
        let (limits, next, end) = (limits.clone(), Arc::clone(&next), keys.end);
        crowd.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return;
                }
                let key = format!("somebody-with-a-long-name:{number}");
                for policy in ["closing", "closing", "leased"] {
                    let check = limits.subject(policy, &key).unwrap().costing(1).unwrap();
                    limits.check(&check).await.unwrap();
                }
            }
        });
    }
    crowd.join_all().await;
}

async fn hang(db: &Db, time: Duration) {
    let policies = OnOutage::ALL.iter().map(|rule| {
        let mut config = PolicyConfig::new(Algorithm::TokenBucket, 1000, Duration::from_secs(1));
        (config.on_outage, config.timeout) = (Some(*rule), Duration::from_millis(500));
        Policy::new(&rule.to_string(), &config).unwrap()
    });
    let limits = Limits::start(db, Config::new(policies));
    let asked = |number: u64| {
        let rule = OnOutage::ALL[usize::try_from(number).unwrap() % OnOutage::ALL.len()];
        limits.subject(&rule.to_string(), &format!("user:{number}")).unwrap().costing(1).unwrap()
    };
    for number in 0..CROWD {
        let decision = limits.check(&asked(number)).await.unwrap();
        assert_eq!(decision.standing().source, Source::Database);
    }
    let before = resident_kib();
    println!("ready");
    let end = Instant::now() + time;
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let (limits, check) = (limits.clone(), asked(number));
        crowd.spawn(async move {
            let (mut longest, mut by_rule) = (Duration::ZERO, 0_u64);
            while Instant::now() < end {
                let began = Instant::now();
                let decision = limits.check(&check).await.unwrap();
                longest = longest.max(began.elapsed());
                by_rule += u64::from(matches!(decision.standing().source, Source::Outage(_)));
                sleep(Duration::from_millis(1)).await;
            }
            (longest, by_rule)
        });
    }
    let told = crowd.join_all().await;
    let longest = told.iter().map(|(longest, _)| longest.as_millis()).max().unwrap();
    let by_rule: u64 = told.iter().map(|(_, by_rule)| by_rule).sum();
    println!("{longest} {} {by_rule}", resident_kib() - before);
    // Whoever reads this has let PostgreSQL go on.
    loop {
        let decision = limits.check(&asked(0)).await.unwrap();
        if decision.standing().source == Source::Database {
            println!("exact");
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
}

fn resident_kib() -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    resident.split_whitespace().next().unwrap().parse().unwrap()
}
