//! One of several processes that take from one key at once.
//!
//! `hammer URL POLICY TASKS`: each task takes 1 from the key `hot` until it is refused. It waits for
//! a line on standard input first, so that all processes begin together, and prints how often it
//! was granted. `both` takes from the same key of two policies, all or nothing.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]

use std::{io, sync::Arc, time::Duration};

use pgstead_limits::{
    Algorithm, Check, Config, Limits, Period, Policy, PolicyConfig, Source, Standing,
};
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
            let check = |policy| limits.subject(policy, "hot").unwrap().costing(1).unwrap();
            let checks: Vec<Check> = match policy.as_str() {
                "both" => ["fixed-window", "quota"].map(check).into(),
                policy => vec![check(policy)],
            };
            let mut granted = 0_u64;
            while take(&limits, &checks).await {
                granted += 1;
            }
            granted
        });
    }
    println!("{}", callers.join_all().await.into_iter().sum::<u64>());
}

async fn take(limits: &Limits, checks: &[Check]) -> bool {
    let decided = |standing: &Standing| {
        let by_rule = matches!(standing.source, Source::Outage(_));
        assert!(!by_rule, "PostgreSQL answers: {standing:?}");
    };
    if let [check] = checks {
        let decision = limits.check(check).await.expect("PostgreSQL answers");
        decided(decision.standing());
        return decision.is_allowed();
    }
    let decisions = limits.check_all(checks).await.expect("PostgreSQL answers");
    decisions.iter().for_each(|decision| decided(decision.standing()));
    decisions.is_allowed()
}

/// A thousand of each, which time does not give back while the test runs.
fn policies() -> [Policy; 4] {
    let long = Duration::from_hours(24 * 20);
    [
        PolicyConfig::new(Algorithm::TokenBucket, 1000, long),
        PolicyConfig::new(Algorithm::FixedWindow, 1000, long),
        PolicyConfig::new(Algorithm::SlidingWindow, 1000, long),
        PolicyConfig::quota(1000, Period::Month),
    ]
    .map(|mut config| {
        config.timeout = Duration::from_mins(1);
        Policy::new(&config.algorithm.to_string(), &config).expect("the policy is valid")
    })
}
