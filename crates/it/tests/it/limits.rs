//! The verbs, as a caller in Rust has them.

use std::{cell::Cell, future::poll_fn, sync::Arc, task::Poll, time::Duration};

use pgstead_it::TestDb;
use pgstead_limits::{
    Algorithm, Config, Decision, Invalid, Limits, Policy, PolicyConfig, Source, Standing,
};
use pgstead_store::{Clock, Lanes, ManualClock};
use proptest::{
    prelude::*,
    test_runner::{Config as Cases, TestRunner},
};
use tokio::{runtime::Builder, task::JoinSet};

const SECOND: Duration = Duration::from_secs(1);
const NANOSECOND: Duration = Duration::from_nanos(1);

fn policies() -> Vec<Policy> {
    let mut bucket = PolicyConfig::new(Algorithm::TokenBucket, 10, 10 * SECOND);
    bucket.burst = Some(5);
    let window = PolicyConfig::new(Algorithm::FixedWindow, 5, 10 * SECOND);
    let (mut durable_bucket, mut durable_window) = (bucket.clone(), window.clone());
    (durable_bucket.durable, durable_window.durable) = (true, true);
    [
        ("bucket", bucket),
        ("window", window),
        ("durable-bucket", durable_bucket),
        ("durable-window", durable_window),
    ]
    .into_iter()
    .map(|(name, config)| Policy::new(name, &config).unwrap())
    .collect()
}

/// The limits of a test, at a time that stands.
fn limits(db: &TestDb) -> (Arc<Limits>, ManualClock) {
    let clock = ManualClock::new(Duration::from_hours(400_000));
    let mut config = Config::new(policies());
    config.clock = Clock::Manual(clock.clone());
    (Arc::new(Limits::start(db.db(), config)), clock)
}

async fn check(limits: &Limits, policy: &str, key: &str, cost: u64) -> Decision {
    let check = limits.subject(policy, key).unwrap().costing(cost).unwrap();
    limits.check(&check).await.unwrap()
}

async fn remaining(limits: &Limits, policy: &str, key: &str) -> (u64, Duration) {
    let standing = limits.peek(&limits.subject(policy, key).unwrap()).await.unwrap();
    assert_eq!(standing.source, Source::Database);
    (standing.remaining, standing.reset_after)
}

fn allowed(decision: Decision) -> (u64, Duration) {
    match decision {
        Decision::Allow(Standing { remaining, reset_after, .. }) => (remaining, reset_after),
        refused => panic!("{refused:?}"),
    }
}

fn refused(decision: Decision) -> (Duration, u64) {
    match decision {
        Decision::Deny { retry_after, standing } => (retry_after, standing.remaining),
        allowed => panic!("{allowed:?}"),
    }
}

/// An upsert leaves its transaction in the `xmax` of the row that it has updated, an update does not.
#[tokio::test]
async fn a_key_with_a_row_that_has_enough_is_only_updated() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(&db);
    let client = db.client().await;
    for policy in ["bucket", "window", "durable-bucket", "durable-window"] {
        let table = if policy.starts_with("durable") { "durable" } else { "fast" };
        let is_upserted = async || {
            let rows = format!("select xmax::text <> '0' from pgstead.limits_{table}");
            client.query_one(&rows, &[]).await.unwrap().get::<_, bool>(0)
        };
        client.batch_execute(&format!("truncate pgstead.limits_{table}")).await.unwrap();
        assert_eq!(allowed(check(&limits, policy, "a", 1).await).0, 4);
        assert_eq!(allowed(check(&limits, policy, "a", 1).await).0, 3);
        assert!(!is_upserted().await, "{policy}: there is enough");
        assert_eq!(refused(check(&limits, policy, "a", 4).await).1, 3);
        assert!(is_upserted().await, "{policy}: there is too little");
    }
}

#[tokio::test]
async fn a_bucket_refills_evenly() {
    let db = TestDb::new().await;
    let (limits, clock) = limits(&db);
    for policy in ["bucket", "durable-bucket"] {
        assert_eq!(allowed(check(&limits, policy, "a", 3).await), (2, 3 * SECOND));
        assert_eq!(refused(check(&limits, policy, "a", 3).await), (SECOND, 2));
        assert_eq!(allowed(check(&limits, policy, "a", 2).await), (0, 5 * SECOND));
        clock.advance(SECOND.saturating_sub(NANOSECOND));
        let (wait, left) = refused(check(&limits, policy, "a", 1).await);
        assert_eq!((wait, left), (NANOSECOND, 0));
        clock.advance(wait);
        assert_eq!(allowed(check(&limits, policy, "a", 1).await), (0, 5 * SECOND));
        clock.advance(Duration::from_hours(1));
        assert_eq!(remaining(&limits, policy, "a").await, (5, Duration::ZERO));
    }
}

#[tokio::test]
async fn a_window_begins_with_its_first_grant_and_ends_at_once() {
    let db = TestDb::new().await;
    let (limits, clock) = limits(&db);
    for policy in ["window", "durable-window"] {
        assert_eq!(allowed(check(&limits, policy, "a", 2).await), (3, 10 * SECOND));
        clock.advance(4 * SECOND);
        assert_eq!(refused(check(&limits, policy, "a", 4).await), (6 * SECOND, 3));
        assert_eq!(allowed(check(&limits, policy, "a", 3).await), (0, 6 * SECOND));
        clock.advance((6 * SECOND).saturating_sub(NANOSECOND));
        refused(check(&limits, policy, "a", 1).await);
        clock.advance(NANOSECOND);
        assert_eq!(allowed(check(&limits, policy, "a", 5).await), (0, 10 * SECOND));
    }
}

#[tokio::test]
async fn a_clock_that_steps_back_gives_nothing_and_takes_little() {
    let db = TestDb::new().await;
    let (limits, clock) = limits(&db);
    allowed(check(&limits, "window", "a", 5).await);
    allowed(check(&limits, "bucket", "a", 5).await);
    clock.turn_back(Duration::from_hours(1));
    assert_eq!(refused(check(&limits, "window", "a", 1).await), (10 * SECOND, 0));
    let (wait, _) = refused(check(&limits, "bucket", "a", 1).await);
    assert!(wait > 3600 * SECOND, "{wait:?}");
    clock.advance(10 * SECOND);
    assert_eq!(allowed(check(&limits, "window", "a", 1).await).0, 4);
}

#[tokio::test]
async fn peek_takes_nothing_and_reset_gives_everything_back() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(&db);
    for policy in ["bucket", "window", "durable-bucket", "durable-window"] {
        assert_eq!(remaining(&limits, policy, "a").await, (5, Duration::ZERO));
        allowed(check(&limits, policy, "a", 4).await);
        allowed(check(&limits, policy, "b", 2).await);
        for _ in 0..3 {
            assert_eq!(remaining(&limits, policy, "a").await.0, 1);
        }
        let subject = limits.subject(policy, "a").unwrap();
        limits.reset(&subject).await.unwrap();
        limits.reset(&subject).await.unwrap();
        assert_eq!(remaining(&limits, policy, "a").await, (5, Duration::ZERO));
        assert_eq!(remaining(&limits, policy, "b").await.0, 3, "another key is left alone");
    }
}

#[tokio::test]
async fn policies_share_no_key() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(&db);
    allowed(check(&limits, "bucket", "a", 5).await);
    assert_eq!(allowed(check(&limits, "window", "a", 1).await).0, 4);
    assert_eq!(allowed(check(&limits, "durable-bucket", "a", 1).await).0, 4);
}

#[tokio::test]
async fn what_cannot_be_asked_asks_nothing() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(&db);
    let subject = |policy: &str, key: &str| limits.subject(policy, key);
    let name = "buckets".to_owned();
    assert_eq!(subject("buckets", "a").unwrap_err(), Invalid::UnknownPolicy { name });
    assert_eq!(subject("bucket", "").unwrap_err(), Invalid::EmptyKey);
    let long = "é".repeat(513);
    assert_eq!(subject("bucket", &long).unwrap_err(), Invalid::LongKey { bytes: 1026 });
    assert!(subject("bucket", &long[2..]).is_ok());
    let costing = |cost| subject("bucket", "a").unwrap().costing(cost).map(drop);
    assert_eq!(costing(0), Err(Invalid::ZeroCost));
    assert_eq!(costing(6), Err(Invalid::CostAboveCapacity { cost: 6, capacity: 5 }));
    assert_eq!(costing(5), Ok(()));
}

#[tokio::test]
async fn a_caller_who_goes_away_costs_the_others_nothing() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(&db);
    let mut callers = JoinSet::new();
    for number in 0..200 {
        let limits = Arc::clone(&limits);
        callers.spawn(async move {
            let key = format!("user:{number}");
            let check = limits.subject("window", &key).unwrap().costing(5).unwrap();
            if number % 2 == 0 {
                // Dropped after its first poll, wherever it is then.
                let mut going = Box::pin(limits.check(&check));
                poll_fn(|cx| Poll::Ready(going.as_mut().poll(cx).is_ready())).await;
            } else {
                assert!(limits.check(&check).await.unwrap().is_allowed());
            }
        });
    }
    callers.join_all().await;
    assert_eq!(remaining(&limits, "window", "user:1").await.0, 0);
}

/// Callers of one key with costs of their own, all at once: what is granted is never more than
/// there is, and nobody is refused who would have fitted beside those who were granted.
#[test]
fn costs_that_differ_are_each_all_or_nothing() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(TestDb::new());
    let (limits, _clock) = runtime.block_on(async { limits(&db) });
    let histories = Cell::new(0);
    let costs = prop::collection::vec(1_u64..=5, 1..30);
    TestRunner::new(Cases { cases: 100, failure_persistence: None, ..Cases::default() })
        .run(&costs, |costs| {
            histories.update(|history| history + 1);
            for policy in ["bucket", "window"] {
                let key = format!("mixed:{}", histories.get());
                let decisions = runtime.block_on(all_at_once(&limits, policy, &key, &costs));
                let granted: u64 =
                    decisions.iter().filter(|(_, allowed)| *allowed).map(|(cost, _)| cost).sum();
                let left = runtime.block_on(remaining(&limits, policy, &key)).0;
                prop_assert_eq!(granted + left, 5);
                let cheapest =
                    decisions.iter().filter(|(_, allowed)| !allowed).map(|(cost, _)| *cost).min();
                prop_assert!(
                    cheapest.is_none_or(|cost| cost > left),
                    "{:?} left {}",
                    decisions,
                    left
                );
            }
            Ok(())
        })
        .unwrap();
    let _inside = runtime.enter();
    drop((limits, db));
}

async fn all_at_once(
    limits: &Arc<Limits>,
    policy: &'static str,
    key: &str,
    costs: &[u64],
) -> Vec<(u64, bool)> {
    let mut callers = JoinSet::new();
    for &cost in costs {
        let (limits, key) = (Arc::clone(limits), key.to_owned());
        callers.spawn(async move { (cost, check(&limits, policy, &key, cost).await.is_allowed()) });
    }
    callers.join_all().await
}

/// More callers than the queue holds: they wait to get in, and all are answered.
#[tokio::test]
async fn a_full_queue_holds_callers_back() {
    let db = TestDb::new().await;
    let policy = PolicyConfig::new(Algorithm::FixedWindow, 100, Duration::from_hours(1));
    let mut config = Config::new([Policy::new("crowd", &policy).unwrap()]);
    config.lanes = Lanes { count: 1, batch: 7, queue: 3, ..Lanes::default() };
    let limits = Arc::new(Limits::start(db.db(), config));
    let decisions = all_at_once(&limits, "crowd", "a", &[1; 150]).await;
    assert_eq!(decisions.iter().filter(|(_, allowed)| *allowed).count(), 100);
}
