//! One of several processes that take from one key at once.
//!
//! `hammer URL POLICY TASKS`: each task takes 1 from the key `hot` until it is refused. It waits for
//! a line on standard input first, so that all processes begin together, and prints how often it
//! was granted.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]

use std::{io, sync::Arc, time::Duration};

use pgstead_limits::{Algorithm, Config, Decision, Limits, Policy, PolicyConfig, Source};
use pgstead_store::Db;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, policy, tasks] = arguments.as_slice() else {
        panic!("hammer URL POLICY TASKS");
    };
    let db = Db::connect(&pgstead_store::Config::new(url)).await.expect("PostgreSQL answers");
    let limits = Arc::new(Limits::start(&db, Config::new(policies())));
    println!("ready");
    io::stdin().read_line(&mut String::new()).expect("somebody tells us to begin");
    let mut callers = JoinSet::new();
    for _ in 0..tasks.parse::<usize>().expect("a number") {
        let (limits, policy) = (Arc::clone(&limits), policy.clone());
        callers.spawn(async move {
            let check = limits.subject(&policy, "hot").unwrap().costing(1).unwrap();
            let mut granted = 0_u64;
            loop {
                let decision = limits.check(&check).await.expect("PostgreSQL answers");
                let by_rule = matches!(decision.standing().source, Source::Outage(_));
                assert!(!by_rule, "PostgreSQL answers: {decision:?}");
                match decision {
                    Decision::Allow(_) => granted += 1,
                    _ => return granted,
                }
            }
        });
    }
    println!("{}", callers.join_all().await.into_iter().sum::<u64>());
}

/// A thousand of each, which time does not give back while the test runs.
fn policies() -> [Policy; 2] {
    let day = Duration::from_hours(24);
    let policy = |name, algorithm| {
        let mut config = PolicyConfig::new(algorithm, 1000, 20 * day);
        config.timeout = Duration::from_mins(1);
        Policy::new(name, &config).expect("the policy is valid")
    };
    [policy("token-bucket", Algorithm::TokenBucket), policy("fixed-window", Algorithm::FixedWindow)]
}
