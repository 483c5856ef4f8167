//! What there is beside check, peek and reset; and what a process hears of the others.

use std::{sync::Arc, time::Duration};

use pgstead_it::{TestDb, eventually};
use pgstead_limits::{
    Acquisition, Algorithm, By, Check, Config, Decision, Lease, Limits, Loan, OnOutage, Origin,
    Period, Policy, PolicyConfig, Reservation, ReservationId, Settlement, Source, Subject,
    totp::{Guard, InvalidGuard, Verification, totp_rs},
};
use pgstead_store::{Clock, ManualClock};
use tokio::task::JoinSet;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
/// How long what one process does may take to arrive at another, on a machine that has much to do.
const SOON: Duration = Duration::from_secs(20);

fn fixed(limit: u64) -> PolicyConfig {
    PolicyConfig::new(Algorithm::FixedWindow, limit, HOUR)
}

fn named(policies: Vec<(&str, PolicyConfig)>) -> Config {
    Config::new(policies.into_iter().map(|(name, config)| Policy::new(name, &config).unwrap()))
}

/// Limits of one process, by PostgreSQL's clock.
fn process(db: &TestDb, policies: Vec<(&str, PolicyConfig)>) -> Limits {
    Limits::start(db.db(), named(policies))
}

/// Limits at a time that stands: 2026-11-01, midnight UTC.
fn standing(db: &TestDb, policies: Vec<(&str, PolicyConfig)>) -> (Limits, ManualClock) {
    let clock = ManualClock::new(Duration::from_hours(24 * 20_758));
    let mut config = named(policies);
    (config.clock, config.sweeps) = (Clock::Manual(clock.clone()), false);
    (Limits::start(db.db(), config), clock)
}

fn subject(limits: &Limits, policy: &str, key: &str) -> Subject {
    limits.subject(policy, key).unwrap()
}

fn costing(limits: &Limits, policy: &str, key: &str, cost: u64) -> Check {
    subject(limits, policy, key).costing(cost).unwrap()
}

async fn check(limits: &Limits, policy: &str, key: &str, cost: u64) -> Decision {
    limits.check(&costing(limits, policy, key, cost)).await.unwrap()
}

async fn left(limits: &Limits, policy: &str, key: &str) -> u64 {
    limits.peek(&subject(limits, policy, key)).await.unwrap().remaining
}

async fn reserved(limits: &Limits, policy: &str, cost: u64) -> ReservationId {
    match limits.reserve(&costing(limits, policy, "a", cost), MINUTE).await.unwrap() {
        Reservation::Reserved { id, .. } => id,
        refused => panic!("{refused:?}"),
    }
}

#[tokio::test]
async fn several_are_taken_from_together_or_not_at_all() {
    let db = TestDb::new().await;
    let mut durable = PolicyConfig::new(Algorithm::TokenBucket, 3, HOUR);
    durable.durable = true;
    let quota = PolicyConfig::quota(4, Period::Month);
    let sliding = PolicyConfig::new(Algorithm::SlidingWindow, 9, HOUR);
    let (limits, _clock) = standing(
        &db,
        vec![("user", fixed(5)), ("team", durable), ("month", quota), ("slide", sliding)],
    );
    let all = |cost| {
        let limits = limits.clone();
        async move {
            let checks =
                ["user", "team", "month", "slide"].map(|name| costing(&limits, name, "a", cost));
            limits.check_all(&checks).await.unwrap()
        }
    };
    assert!(all(2).await.is_allowed());
    let refused = all(2).await;
    assert!(!refused.is_allowed());
    let each: Vec<bool> = refused.iter().map(Decision::is_allowed).collect();
    assert_eq!(each, [true, false, true, true], "{refused:?}");
    assert_eq!(refused.retry_after(), Some(20 * MINUTE));
    for (policy, expected) in [("user", 3), ("team", 1), ("month", 2), ("slide", 7)] {
        assert_eq!(left(&limits, policy, "a").await, expected, "{policy}: nothing of it was taken");
    }
    assert!(all(1).await.is_allowed());
    // One key twice in a call is both of it.
    let twice = ["slide", "slide"].map(|name| costing(&limits, name, "b", 5));
    assert!(!limits.check_all(&twice).await.unwrap().is_allowed());
    assert_eq!(left(&limits, "slide", "b").await, 9);
    assert!(limits.check_all(&[]).await.unwrap().is_allowed());
}

/// Many at once, of pairs that overlap: what each got is what is gone.
#[tokio::test]
async fn calls_that_share_keys_are_granted_as_far_as_there_is() {
    let db = TestDb::new().await;
    let limits = process(&db, vec![("user", fixed(3)), ("all", fixed(20))]);
    let mut callers = JoinSet::new();
    for number in 0..60 {
        let limits = limits.clone();
        callers.spawn(async move {
            let user = format!("user:{}", number % 10);
            let checks =
                [costing(&limits, "user", &user, 1), costing(&limits, "all", "everybody", 1)];
            (user, limits.check_all(&checks).await.unwrap().is_allowed())
        });
    }
    let granted: Vec<String> = callers
        .join_all()
        .await
        .into_iter()
        .filter(|(_, allowed)| *allowed)
        .map(|it| it.0)
        .collect();
    assert_eq!(granted.len(), 20);
    assert_eq!(left(&limits, "all", "everybody").await, 0);
    for number in 0..10 {
        let user = format!("user:{number}");
        let of_user = granted.iter().filter(|granted| **granted == user).count() as u64;
        assert_eq!(left(&limits, "user", &user).await, 3 - of_user);
    }
}

#[tokio::test]
async fn a_quota_goes_by_the_calendar_of_its_zone() {
    let db = TestDb::new().await;
    let mut day = PolicyConfig::quota(2, Period::Day);
    day.zone = Some("America/New_York".to_owned());
    let (limits, clock) = standing(&db, vec![("day", day)]);
    // On the first of November 2026 clocks go back there: it has 25 hours, and began four hours
    // after midnight UTC. It is still the last of October.
    let decision = check(&limits, "day", "a", 2).await;
    assert_eq!(decision.standing().reset_after, 4 * HOUR);
    clock.advance(4 * HOUR);
    let decision = check(&limits, "day", "a", 2).await;
    assert!(decision.is_allowed());
    assert_eq!(decision.standing().reset_after, 25 * HOUR);
    clock.advance((25 * HOUR).saturating_sub(SECOND));
    assert_eq!(check(&limits, "day", "a", 1).await.retry_after(), Some(SECOND));
    clock.advance(SECOND);
    assert_eq!(check(&limits, "day", "a", 1).await.standing().reset_after, 24 * HOUR);
}

#[tokio::test]
async fn what_was_reserved_is_settled_by_what_was_used() {
    let db = TestDb::new().await;
    let mut bucket = PolicyConfig::new(Algorithm::TokenBucket, 10, 10 * SECOND);
    bucket.durable = true;
    let (limits, clock) = standing(&db, vec![("bucket", bucket), ("window", fixed(10))]);
    for policy in ["bucket", "window"] {
        let id = reserved(&limits, policy, 8).await;
        assert_eq!(left(&limits, policy, "a").await, 2);
        let again: ReservationId = id.to_string().parse().unwrap();
        let Settlement::Settled(standing) = limits.settle(&again, 3).await.unwrap() else {
            panic!("it is there");
        };
        assert_eq!(standing.remaining, 7);
        assert_eq!(limits.settle(&id, 3).await.unwrap(), Settlement::Unknown, "once");
        // More than was thought, and more than there is.
        let id = reserved(&limits, policy, 1).await;
        limits.settle(&id, 20).await.unwrap();
        assert_eq!(left(&limits, policy, "a").await, 0);
        let refused = check(&limits, policy, "a", 1).await;
        assert!(!refused.is_allowed());
    }
    // The bucket owes 13 and refills one a second.
    clock.advance(13 * SECOND);
    assert_eq!(left(&limits, "bucket", "a").await, 0);
    clock.advance(SECOND);
    assert_eq!(left(&limits, "bucket", "a").await, 1);
}

/// What time has given back of a reservation is not given back once more.
#[tokio::test]
async fn a_bucket_gets_nothing_back_twice() {
    let db = TestDb::new().await;
    let bucket = PolicyConfig::new(Algorithm::TokenBucket, 10, 10 * SECOND);
    let (limits, clock) = standing(&db, vec![("bucket", bucket)]);
    for settles in [true, false] {
        clock.advance(HOUR);
        let id = reserved(&limits, "bucket", 10).await;
        clock.advance(10 * SECOND);
        assert!(check(&limits, "bucket", "a", 10).await.is_allowed(), "it has refilled");
        if settles {
            limits.settle(&id, 0).await.unwrap();
            assert!(!check(&limits, "bucket", "a", 1).await.is_allowed());
            continue;
        }
        clock.advance(50 * SECOND);
        assert!(check(&limits, "bucket", "a", 10).await.is_allowed());
        assert_eq!(limits.sweep().await.unwrap().lapsed, 1);
        assert!(!check(&limits, "bucket", "a", 1).await.is_allowed());
    }
}

#[tokio::test]
async fn what_is_not_settled_lapses() {
    let db = TestDb::new().await;
    let (limits, clock) = standing(&db, vec![("window", fixed(10)), ("other", fixed(10))]);
    let id = reserved(&limits, "window", 8).await;
    let refused = check(&limits, "window", "a", 5).await;
    assert_eq!(refused.retry_after(), Some(MINUTE), "that is when it lapses");
    clock.advance(MINUTE);
    // Whoever comes then gets it, though nothing was swept.
    assert!(check(&limits, "window", "a", 5).await.is_allowed());
    assert_eq!(limits.settle(&id, 1).await.unwrap(), Settlement::Unknown);
    assert_eq!(left(&limits, "window", "a").await, 5);
    // A reset voids it: it does not give back what was not taken since.
    let id = reserved(&limits, "other", 8).await;
    limits.reset(&subject(&limits, "other", "a")).await.unwrap();
    assert!(check(&limits, "other", "a", 6).await.is_allowed());
    assert_eq!(limits.settle(&id, 0).await.unwrap(), Settlement::Unknown);
    assert_eq!(left(&limits, "other", "a").await, 4);
    // And the sweep finds those for whom nobody comes.
    reserved(&limits, "other", 2).await;
    clock.advance(MINUTE);
    assert_eq!(limits.sweep().await.unwrap().lapsed, 1);
    assert_eq!(left(&limits, "other", "a").await, 4);
}

#[tokio::test]
async fn a_lockout_grows_and_is_made_good_by_quiet() {
    let db = TestDb::new().await;
    let mut login = PolicyConfig::new(Algorithm::FixedWindow, 2, MINUTE);
    (login.durable, login.lockout) = (true, vec![15 * MINUTE, HOUR]);
    let (limits, clock) = standing(&db, vec![("login", login)]);
    let lock_out = async || {
        assert!(check(&limits, "login", "a", 2).await.is_allowed());
        check(&limits, "login", "a", 1).await.retry_after().unwrap()
    };
    assert_eq!(lock_out().await, 15 * MINUTE);
    clock.advance((15 * MINUTE).saturating_sub(SECOND));
    assert_eq!(check(&limits, "login", "a", 1).await.retry_after(), Some(SECOND));
    clock.advance(SECOND);
    assert_eq!(lock_out().await, HOUR, "the second is longer");
    clock.advance(HOUR);
    assert_eq!(lock_out().await, HOUR, "and the last one stays");
    // An hour of quiet after it makes one good, another hour the other.
    clock.advance(3 * HOUR);
    assert_eq!(lock_out().await, 15 * MINUTE);
    limits.reset(&subject(&limits, "login", "a")).await.unwrap();
    assert_eq!(lock_out().await, 15 * MINUTE, "a reset forgets all of it");
}

#[tokio::test]
async fn what_is_refused_counts_where_the_policy_says_so() {
    let db = TestDb::new().await;
    let mut strict = PolicyConfig::new(Algorithm::TokenBucket, 10, 10 * SECOND);
    strict.count_denied = true;
    let (limits, _clock) = standing(&db, vec![("strict", strict)]);
    assert!(check(&limits, "strict", "a", 10).await.is_allowed());
    assert_eq!(check(&limits, "strict", "a", 1).await.retry_after(), Some(SECOND));
    assert_eq!(check(&limits, "strict", "a", 1).await.retry_after(), Some(2 * SECOND));
    for _ in 0..30 {
        assert!(!check(&limits, "strict", "a", 5).await.is_allowed());
    }
    // No more than twice the limit, whoever hammers.
    assert_eq!(check(&limits, "strict", "a", 1).await.retry_after(), Some(11 * SECOND));
}

#[tokio::test]
async fn a_policy_in_shadow_mode_reports_and_lets_through() {
    let db = TestDb::new().await;
    let mut shadow = fixed(1);
    shadow.shadow = true;
    let (limits, _clock) = standing(&db, vec![("shadow", shadow), ("real", fixed(5))]);
    assert!(matches!(check(&limits, "shadow", "a", 1).await, Decision::Allow(_)));
    let watched = check(&limits, "shadow", "a", 1).await;
    assert!(watched.is_allowed() && watched.retry_after() == Some(HOUR), "{watched:?}");
    let both = ["shadow", "real"].map(|name| costing(&limits, name, "a", 1));
    assert!(limits.check_all(&both).await.unwrap().is_allowed());
    assert_eq!(left(&limits, "real", "a").await, 4);
}

#[tokio::test]
async fn permits_are_given_out_and_come_back() {
    let db = TestDb::new().await;
    let config = PolicyConfig::new(Algorithm::Concurrency, 2, MINUTE);
    let limits = process(&db, vec![("jobs", config), ("window", fixed(1))]);
    let permits = subject(&limits, "jobs", "a").permits().unwrap();
    let acquire = async || limits.acquire(&permits).await.unwrap();
    let Acquisition::Acquired(first) = acquire().await else { panic!("there are two") };
    let Acquisition::Acquired(second) = acquire().await else { panic!("there is one more") };
    assert_eq!(second.standing().remaining, 0);
    let Acquisition::Refused { retry_after, .. } = acquire().await else { panic!("all are out") };
    assert!(retry_after <= MINUTE && retry_after > Duration::ZERO);
    first.release().await.unwrap();
    let Acquisition::Acquired(third) = acquire().await else { panic!("one came back") };
    // Dropped, as when its holder panics.
    drop((second, third));
    eventually("both come back", SOON, async || left(&limits, "jobs", "a").await == 2).await;
    // One that is lent is prolonged and released by its name.
    let Loan::Lent { id, .. } = limits.lend(&permits).await.unwrap() else { panic!("it is free") };
    let named = id.to_string().parse().unwrap();
    assert!(limits.renew_permit(&named).await.unwrap());
    assert!(limits.release_permit(&named).await.unwrap());
    assert!(!limits.renew_permit(&named).await.unwrap());
    assert!(subject(&limits, "jobs", "a").costing(1).is_err());
    assert!(subject(&limits, "window", "a").permits().is_err());
}

#[tokio::test]
async fn a_permit_whose_holder_is_silent_is_free_again_and_who_loses_one_is_told() {
    let db = TestDb::new().await;
    let config = || PolicyConfig::new(Algorithm::Concurrency, 1, MINUTE);
    let (limits, clock) = standing(&db, vec![("jobs", config())]);
    let permits = subject(&limits, "jobs", "a").permits().unwrap();
    let Loan::Lent { id, .. } = limits.lend(&permits).await.unwrap() else { panic!("it is free") };
    clock.advance(MINUTE.saturating_sub(SECOND));
    assert!(limits.renew_permit(&id).await.unwrap());
    clock.advance(MINUTE.saturating_sub(SECOND));
    assert!(matches!(limits.lend(&permits).await.unwrap(), Loan::Refused { .. }));
    clock.advance(SECOND);
    assert!(matches!(limits.lend(&permits).await.unwrap(), Loan::Lent { .. }));
    assert!(!limits.renew_permit(&id).await.unwrap(), "it is somebody else's");
    // By a real clock, with a holder who is there: it is taken from him, and he is told.
    let mut short = config();
    short.per = SECOND;
    let limits = process(&db, vec![("short", short)]);
    let permits = subject(&limits, "short", "a").permits().unwrap();
    let Acquisition::Acquired(permit) = limits.acquire(&permits).await.unwrap() else {
        panic!("it is free");
    };
    limits.reset(&subject(&limits, "short", "a")).await.unwrap();
    tokio::time::timeout(SOON, permit.lost()).await.expect("its holder is told");
}

#[tokio::test]
async fn what_another_process_gives_back_is_granted_here_at_once() {
    let db = TestDb::new().await;
    let (here, there) =
        (process(&db, vec![("api", fixed(5))]), process(&db, vec![("api", fixed(5))]));
    assert!(check(&here, "api", "a", 5).await.is_allowed());
    let refuse = async || check(&here, "api", "a", 1).await.standing().source;
    assert_eq!(refuse().await, Source::Database);
    eventually("it is refused from memory", SOON, async || refuse().await == Source::Cache).await;
    // So that nothing but the notice can have told this process, a refusal is believed for ten
    // seconds; each of these has a fraction of that.
    let soon = Duration::from_secs(5);
    let granted = async || check(&here, "api", "a", 1).await.is_allowed();
    there.refund(&costing(&there, "api", "a", 1)).await.unwrap();
    eventually("the refund arrives", soon, granted).await;
    refuse().await;
    there.reset(&subject(&there, "api", "a")).await.unwrap();
    eventually("the reset arrives", soon, granted).await;
    there.block(&subject(&there, "api", "a"), HOUR).await.unwrap();
    assert!(!granted().await);
    there.block(&subject(&there, "api", "a"), Duration::ZERO).await.unwrap();
    eventually("the block is lifted", soon, granted).await;
    // A raised limit, which the other process stores for all.
    assert!(check(&there, "api", "b", 5).await.is_allowed());
    assert!(!check(&here, "api", "b", 1).await.is_allowed());
    there.store_policy(&Policy::new("api", &fixed(6)).unwrap()).await.unwrap();
    eventually("the raised limit arrives", soon, async || {
        check(&here, "api", "b", 1).await.is_allowed()
    })
    .await;
}

#[tokio::test]
async fn stored_policies_stand_above_configured_ones_in_every_process() {
    let db = TestDb::new().await;
    let (here, there) =
        (process(&db, vec![("api", fixed(5))]), process(&db, vec![("api", fixed(5))]));
    let known = |name: &str| there.policies().into_iter().find(|(policy, _)| policy.name() == name);
    let mut stored = PolicyConfig::quota(7, Period::Week);
    (stored.zone, stored.durable) = (Some("Asia/Tokyo".to_owned()), true);
    (stored.lockout, stored.shadow) = (vec![MINUTE, HOUR], true);
    stored.on_outage = Some(OnOutage::Allow);
    let new = Policy::new("new", &stored).unwrap();
    here.store_policy(&new).await.unwrap();
    assert!(here.policy("new").is_some(), "where it was stored it counts at once");
    eventually("it is there", SOON, async || known("new").is_some()).await;
    let (policy, origin) = known("new").unwrap();
    assert_eq!((policy.config(), origin), (new.config(), Origin::Stored));
    here.store_policy(&Policy::new("api", &fixed(9)).unwrap()).await.unwrap();
    let kept = subject(&there, "api", "kept");
    eventually("it counts", SOON, async || left(&there, "api", "a").await == 9).await;
    let kept = there.peek(&kept).await.unwrap();
    assert_eq!(kept.remaining, 9, "a subject that was made before goes by it too");
    assert!(here.remove_policy("api").await.unwrap());
    assert!(!here.remove_policy("api").await.unwrap());
    eventually("the configured one counts again", SOON, async || {
        left(&there, "api", "a").await == 5
    })
    .await;
    assert_eq!(known("api").unwrap().1, Origin::Configured);
}

#[tokio::test]
async fn a_lease_is_granted_from_memory_and_given_back() {
    let db = TestDb::new().await;
    for algorithm in [Algorithm::TokenBucket, Algorithm::FixedWindow, Algorithm::SlidingWindow] {
        let mut leased = PolicyConfig::new(algorithm, 100_000, HOUR);
        leased.lease = Lease::Auto;
        let name = algorithm.to_string();
        let limits = process(&db, vec![(&name, leased.clone())]);
        let mut granted = 0;
        eventually("it is granted from memory", SOON, async || {
            let decision = check(&limits, &name, "a", 1).await;
            assert!(decision.is_allowed());
            granted += 1;
            decision.standing().source == Source::Lease
        })
        .await;
        assert!(left(&limits, &name, "a").await < 100_000 - granted, "more is taken than granted");
        limits.close().await;
        let other = process(&db, vec![(&name, leased)]);
        let left = left(&other, &name, "a").await;
        // A bucket takes back its last piece only: if a check came to PostgreSQL after the lease did,
        // what is left of the lease is left to time, as when its process is killed.
        let given_back = if algorithm == Algorithm::TokenBucket {
            (99_000..=100_000).contains(&left)
        } else {
            left == 100_000 - granted
        };
        assert!(given_back, "{name}: {left} left of 100000, {granted} granted");
        // Who does not ask any more gives it back by and by.
        for _ in 0..100 {
            assert!(check(&other, &name, "b", 1).await.is_allowed());
        }
        eventually("an idle lease is given back", SOON, async || {
            let standing = other.peek(&subject(&other, &name, "b")).await.unwrap();
            standing.remaining >= 100_000 - 100
        })
        .await;
    }
}

/// Whatever else is asked of a key in the same flush, a check goes by its own policy.
#[tokio::test]
async fn verbs_of_one_key_at_the_same_time_do_not_meddle() {
    let db = TestDb::new().await;
    let mut leased = PolicyConfig::new(Algorithm::FixedWindow, 1_000_000, HOUR);
    leased.lease = Lease::Auto;
    let limits = process(&db, vec![("leased", leased)]);
    for round in 0..20 {
        let mut callers = JoinSet::new();
        for number in 0..40 {
            let limits = limits.clone();
            callers.spawn(async move {
                let one = costing(&limits, "leased", "a", 1);
                match number % 8 {
                    0 => limits.refund(&one).await.unwrap(),
                    // Gives back what is leased, in the flush of the others.
                    1 => limits.block(one.subject(), Duration::ZERO).await.map(drop).unwrap(),
                    2 => drop(limits.peek(one.subject()).await.unwrap()),
                    _ => {
                        let decision = limits.check(&one).await.unwrap();
                        assert!(decision.is_allowed(), "{round}: {decision:?}");
                    }
                }
            });
        }
        callers.join_all().await;
    }
    let row = db
        .client()
        .await
        .query_one("select count(*) from pgstead.limits_fast where window_ends_ns is null", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), 0, "it is a window, and stays one");
}

#[tokio::test]
async fn the_keys_that_are_called_for_most_are_known() {
    let db = TestDb::new().await;
    let limits = process(&db, vec![("api", fixed(3))]);
    for number in 0..2000 {
        check(&limits, "api", &format!("rare:{number}"), 1).await;
        if number % 10 == 0 {
            check(&limits, "api", "hot", 1).await;
        }
        if number % 20 == 0 {
            check(&limits, "api", "warm", 1).await;
        }
    }
    let top = |by| limits.top("api", by, 2).iter().map(|it| it.key.to_string()).collect::<Vec<_>>();
    assert_eq!(top(By::Calls), ["hot", "warm"]);
    assert_eq!(top(By::Refusals), ["hot", "warm"]);
    assert!(limits.top("api", By::Calls, 1000).len() <= 512, "it is bounded");
    assert!(limits.top("none", By::Calls, 2).is_empty());
}

fn totp_policies() -> Vec<(&'static str, PolicyConfig)> {
    let mut account = PolicyConfig::new(Algorithm::FixedWindow, 3, 5 * MINUTE);
    (account.durable, account.lockout) = (true, vec![15 * MINUTE, HOUR]);
    let mut address = fixed(8);
    address.durable = true;
    vec![("totp", account), ("totp-address", address), ("fast", fixed(3))]
}

fn totp() -> totp_rs::Totp {
    let secret = totp_rs::Secret::try_from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap();
    totp_rs::Builder::new().with_secret(secret).build().unwrap()
}

#[tokio::test]
async fn one_time_passwords_are_counted_before_they_are_checked_and_used_once() {
    let db = TestDb::new().await;
    let (limits, clock) = standing(&db, totp_policies());
    let guard = Guard::new(&limits, "totp", Some("totp-address")).unwrap();
    let totp = totp();
    let now = || u64::try_from(clock.now_ns()).unwrap() / 1_000_000_000;
    let verify = async |account: &str, password: &str| {
        guard.verify(&totp, account, Some("203.0.113.7"), password).await.unwrap()
    };
    assert_eq!(verify("a", "000000").await, Verification::Wrong { remaining: 2 });
    let password = totp.generate(now()).to_string();
    assert_eq!(verify("a", &password).await, Verification::Verified);
    assert_eq!(verify("a", &password).await, Verification::Replayed);
    assert_eq!(verify("a", "not one").await, Verification::Wrong { remaining: 1 });
    assert_eq!(verify("a", "000000").await, Verification::Wrong { remaining: 0 });
    // The right one does not help any more.
    clock.advance(MINUTE);
    let password = totp.generate(now()).to_string();
    let Verification::LockedOut { retry_after } = verify("a", &password).await else {
        panic!("there were three wrong ones");
    };
    assert_eq!(retry_after, 15 * MINUTE);
    clock.advance(retry_after);
    assert_eq!(verify("a", &totp.generate(now()).to_string()).await, Verification::Verified);
    // Many accounts from one address: the success above gave back only itself.
    for account in 0..4 {
        let wrong = verify(&account.to_string(), "000000").await;
        assert!(matches!(wrong, Verification::Wrong { .. }), "{wrong:?}");
    }
    let blocked = verify("another", "000000").await;
    assert!(matches!(blocked, Verification::LockedOut { .. }), "{blocked:?}");
    // A week later it has been swept, and a password of today is none of then.
    clock.advance(Duration::from_hours(168));
    limits.sweep().await.unwrap();
    assert!(matches!(verify("a", &password).await, Verification::Wrong { .. }));
}

/// As many guesses at once as somebody can send: three of them are looked at.
#[tokio::test]
async fn parallel_guesses_are_no_more_than_the_limit() {
    let db = TestDb::new().await;
    let guards: Vec<Guard> =
        (0..3).map(|_| Guard::new(&process(&db, totp_policies()), "totp", None).unwrap()).collect();
    let totp = Arc::new(totp());
    let mut guesses = JoinSet::new();
    for number in 0..90 {
        let (guard, totp) = (guards[number % 3].clone(), Arc::clone(&totp));
        guesses.spawn(async move { guard.verify(&totp, "a", None, "000000").await.unwrap() });
    }
    let outcomes = guesses.join_all().await;
    let wrong = outcomes.iter().filter(|it| matches!(it, Verification::Wrong { .. })).count();
    let locked = outcomes.iter().filter(|it| matches!(it, Verification::LockedOut { .. })).count();
    assert_eq!((wrong, locked), (3, 87));
}

#[tokio::test]
async fn a_password_is_used_once_whoever_comes_at_the_same_time() {
    let db = TestDb::new().await;
    let mut policies = totp_policies();
    policies[0].1.limit = 100;
    let (limits, clock) = standing(&db, policies);
    let guard = Guard::new(&limits, "totp", None).unwrap();
    let totp = Arc::new(totp());
    let password =
        totp.generate(u64::try_from(clock.now_ns()).unwrap() / 1_000_000_000).to_string();
    let mut attempts = JoinSet::new();
    for _ in 0..20 {
        let (guard, totp, password) = (guard.clone(), Arc::clone(&totp), password.clone());
        attempts.spawn(async move { guard.verify(&totp, "a", None, &password).await.unwrap() });
    }
    let outcomes = attempts.join_all().await;
    let verified = outcomes.iter().filter(|it| **it == Verification::Verified).count();
    assert_eq!(verified, 1, "{outcomes:?}");
}

#[tokio::test]
async fn what_would_guard_nothing_is_no_guard() {
    let db = TestDb::new().await;
    let limits = process(&db, totp_policies());
    let wrong = |account, address| Guard::new(&limits, account, address).unwrap_err().to_string();
    assert_eq!(wrong("none", None), "there is no policy \"none\"");
    assert_eq!(
        wrong("fast", None),
        "the policy \"fast\" must be durable to guard one-time passwords"
    );
    assert!(wrong("totp", Some("totp")).contains("another than the account's"));
    let unknown = Guard::new(&limits, "totp", Some("x")).unwrap_err();
    assert_eq!(unknown, InvalidGuard::UnknownPolicy { name: "x".to_owned() });
}
