//! PostgreSQL goes away while limits are asked for.

use std::{sync::Arc, time::Duration};

use nix::sys::signal::Signal;
use pgstead_it::{LINES, TestServer, eventually};
use pgstead_limits::{Algorithm, Config, Decision, Limits, OnOutage, Policy, PolicyConfig, Source};
use pgstead_store::{migrate::migrate, tokio_postgres::error::SqlState};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

const TIMEOUT: Duration = Duration::from_millis(200);
/// How late an answer may be on a machine that has much to do.
const SLACK: Duration = Duration::from_secs(5);

fn policies() -> Vec<Policy> {
    let policy = |name, rule, durable| {
        let mut config = PolicyConfig::new(Algorithm::FixedWindow, 50, Duration::from_hours(1));
        (config.on_outage, config.durable, config.timeout) = (Some(rule), durable, TIMEOUT);
        Policy::new(name, &config).unwrap()
    };
    vec![
        policy("deny", OnOutage::Deny, false),
        policy("allow", OnOutage::Allow, false),
        policy("local", OnOutage::Local, false),
        policy("durable", OnOutage::Deny, true),
    ]
}

async fn check(limits: &Limits, policy: &str) -> Decision {
    let check = limits.subject(policy, "user:1").unwrap().costing(1).unwrap();
    limits.check(&check).await.unwrap()
}

/// Every rule decides, in time, and says so; a crowd does not wait one after another.
async fn decided_by_their_rules(limits: &Arc<Limits>) {
    let mut crowd = JoinSet::new();
    for number in 0..100 {
        let limits = Arc::clone(limits);
        let policy = ["deny", "allow", "local", "durable"][number % 4];
        crowd.spawn(async move {
            let decision = timeout(TIMEOUT + SLACK, check(&limits, policy)).await;
            (policy, decision.expect("it is decided within the policy's timeout"))
        });
    }
    let decisions = crowd.join_all().await;
    let granted = |name: &str| {
        let of_it = decisions.iter().filter(|(policy, _)| *policy == name);
        of_it.filter(|(_, decision)| decision.is_allowed()).count()
    };
    // A tenth of the limit is this process's own.
    assert_eq!((granted("deny"), granted("durable"), granted("allow")), (0, 0, 25));
    assert!(granted("local") <= 5, "{}", granted("local"));
    for (policy, decision) in &decisions {
        let Source::Outage(rule) = decision.standing().source else {
            panic!("{policy}: {decision:?}");
        };
        assert!(*policy == "durable" || rule.to_string() == *policy, "{policy}: {decision:?}");
    }
}

/// The limits are exact again without anybody's doing.
async fn exact_again(limits: &Limits) {
    eventually("PostgreSQL decides again", Duration::from_secs(20), async || {
        check(limits, "allow").await.standing().source == Source::Database
            && check(limits, "durable").await.standing().source == Source::Database
    })
    .await;
}

#[tokio::test]
async fn a_postgresql_that_hangs_holds_nobody_up() {
    let server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let limits = Arc::new(Limits::start(&db, Config::new(policies())));
    assert_eq!(check(&limits, "durable").await.standing().source, Source::Database);
    assert_eq!(check(&limits, "allow").await.standing().source, Source::Database);
    server.signal_all(Signal::SIGSTOP);
    let began = Instant::now();
    decided_by_their_rules(&limits).await;
    decided_by_their_rules(&limits).await;
    let took = began.elapsed();
    server.signal_all(Signal::SIGCONT);
    assert!(took < 2 * (TIMEOUT + SLACK), "{took:?}");
    exact_again(&limits).await;
}

#[tokio::test]
async fn a_postgresql_that_is_gone_is_found_again() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let limits = Arc::new(Limits::start(&db, Config::new(policies())));
    for _ in 0..7 {
        assert!(check(&limits, "durable").await.is_allowed());
    }
    server.stop().await;
    decided_by_their_rules(&limits).await;
    // As long as the issue of an operator takes: the lanes try, and are refused, all the while.
    if pgstead_it::is_long() {
        tokio::time::sleep(Duration::from_secs(30)).await;
        decided_by_their_rules(&limits).await;
    }
    server.start_again().await;
    exact_again(&limits).await;
    let subject = limits.subject("durable", "user:1").unwrap();
    let left = limits.peek(&subject).await.unwrap().remaining;
    // Seven before and at least one since: nothing durable was lost, nothing decided by a rule
    // was counted.
    assert!((1..=42).contains(&left), "{left}");
}

#[tokio::test]
async fn a_database_without_the_tables_is_an_error_and_no_outage() {
    let db = pgstead_it::TestDb::empty().await;
    let limits = Limits::start(db.db(), Config::new(policies()));
    let check = limits.subject("allow", "user:1").unwrap().costing(1).unwrap();
    let error = limits.check(&check).await.unwrap_err();
    assert!(!error.is_unavailable() && !error.is_timeout(), "{error:?}");
    assert_eq!(error.sql_state(), Some(&SqlState::UNDEFINED_TABLE));
    // With them it works, in the same process.
    migrate(db.db(), LINES).await.unwrap();
    assert!(limits.check(&check).await.unwrap().is_allowed());
}

#[tokio::test]
async fn connections_that_are_cut_are_opened_again() {
    let db = pgstead_it::TestDb::new().await;
    let limits = Limits::start(db.db(), Config::new(policies()));
    for _ in 0..5 {
        exact_again(&limits).await;
        db.end_connections().await;
    }
    exact_again(&limits).await;
    eventually("the pool has noticed", Duration::from_secs(10), async || {
        db.client().await.simple_query("select 1").await.is_ok()
    })
    .await;
}
