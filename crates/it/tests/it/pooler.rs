//! Behind a real PgBouncer in transaction mode.

use std::{sync::Arc, time::Duration};

use pgstead_it::{LINES, TestServer, cli::pgstead, eventually, pgbouncer::PgBouncer};
use pgstead_limits::{Algorithm, Config as LimitsConfig, Limits, Policy, PolicyConfig, Source};
use pgstead_store::{Config, Db, Event, Hub, Pooler, migrate::migrate};
use pgstead_tokens::{
    Config as TokensConfig, KeyEncryptionKey, NewSession, Rotation, Tokens, Verification, Verifier,
    VerifierConfig,
};
use tokio::{task::JoinSet, time::timeout};

fn config(server: &TestServer, pgbouncer: &PgBouncer) -> Config {
    let mut config = Config::new(pgbouncer.url("pgstead"));
    config.pooler = Pooler::Transaction;
    config.direct_url = Some(server.url().to_owned());
    config
}

/// Clients share two connections, so that one who relied on a session would meet another's.
#[tokio::test]
async fn limits_are_exact() {
    let server = TestServer::start().await;
    let pgbouncer = PgBouncer::start(&server, 2).await;
    let config = config(&server, &pgbouncer);
    migrate(&Db::connect(&config).await.unwrap(), LINES).await.unwrap();
    let policy = |name, algorithm| {
        let mut policy = PolicyConfig::new(algorithm, 1000, Duration::from_hours(24 * 300));
        policy.timeout = Duration::from_mins(1);
        Policy::new(name, &policy).unwrap()
    };
    let policies =
        [policy("bucket", Algorithm::TokenBucket), policy("window", Algorithm::FixedWindow)];
    // Several `Limits` with connections of their own, as several processes have.
    let mut callers = JoinSet::new();
    for _ in 0..6 {
        let db = Db::connect(&config).await.unwrap();
        let limits = Arc::new(Limits::start(&db, LimitsConfig::new(policies.clone())));
        for number in 0..40 {
            let limits = Arc::clone(&limits);
            let name = ["bucket", "window"][number % 2];
            callers.spawn(async move {
                let mut granted = [0_u64; 2];
                for _ in 0..10 {
                    let check = limits.subject(name, "hot").unwrap().costing(1).unwrap();
                    let decision = limits.check(&check).await.unwrap();
                    let by_rule = matches!(decision.standing().source, Source::Outage(_));
                    assert!(!by_rule, "{decision:?}");
                    granted[number % 2] += u64::from(decision.is_allowed());
                    limits.peek(check.subject()).await.unwrap();
                }
                granted
            });
        }
    }
    let granted = callers.join_all().await;
    let sum = |at: usize| granted.iter().map(|granted| granted[at]).sum::<u64>();
    assert_eq!((sum(0), sum(1)), (1000, 1000), "of 1200 of each");
}

#[tokio::test]
async fn notifications_come_past_it() {
    let server = TestServer::start().await;
    let pgbouncer = PgBouncer::start(&server, 2).await;
    let db = Db::connect(&config(&server, &pgbouncer)).await.unwrap();
    assert!(db.listens());
    let hub = Hub::start(&db);
    let mut events = hub.subscribe("pgstead_test");
    assert_eq!(timeout(Duration::from_secs(10), events.next()).await, Ok(Event::Resync));
    db.client().await.unwrap().batch_execute("notify pgstead_test, 'hello'").await.unwrap();
    let told = timeout(Duration::from_secs(10), events.next()).await;
    assert_eq!(told, Ok(Event::Notified("hello".into())));
}

#[tokio::test]
async fn without_a_direct_url_nothing_is_listened_for() {
    let server = TestServer::start().await;
    let pgbouncer = PgBouncer::start(&server, 2).await;
    // As Prisma writes it.
    let db = Db::connect(&Config::new(pgbouncer.url("pgstead?pgbouncer=true"))).await.unwrap();
    assert!(!db.listens());
    migrate(&db, LINES).await.unwrap();
    assert!(migrate(&db, LINES).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_benchmark_runs_without_an_error() {
    let server = TestServer::start().await;
    let pgbouncer = PgBouncer::start(&server, 4).await;
    let database = format!(
        "[database]\nurl = \"{}\"\ndirect_url = \"{}\"\npooler = \"transaction\"\n",
        pgbouncer.url("pgstead"),
        server.url(),
    );
    let arguments = ["bench", "limits", "--seconds", "0.3", "--json"];
    let called = pgstead(arguments).configured(&database).run().await;
    assert_eq!(called.status, 0, "{called:?}");
    assert!(!called.stderr.contains("WARN"), "{called:?}");
    assert_eq!(called.json()["scenarios"].as_array().unwrap().len(), 9);
}

/// Through the pooler and without notifications: what is revoked is known after a poll.
#[tokio::test]
async fn sessions_are_refreshed_and_revoked() {
    let server = TestServer::start().await;
    let pgbouncer = PgBouncer::start(&server, 2).await;
    let mut config = config(&server, &pgbouncer);
    migrate(&Db::connect(&config).await.unwrap(), LINES).await.unwrap();
    config.direct_url = None;
    let db = Db::connect(&config).await.unwrap();
    let mut config = TokensConfig::new("https://auth.test", KeyEncryptionKey::generate());
    config.verifier.poll = Duration::from_millis(50);
    let tokens = Tokens::open(&db, config).await.unwrap();
    let other = Verifier::open(&db, VerifierConfig::new("https://auth.test")).await.unwrap();
    let mut clients = JoinSet::new();
    for number in 0..20 {
        let tokens = tokens.clone();
        clients.spawn(async move {
            let new = NewSession::new(&format!("user {number}")).unwrap();
            let mut issued = tokens.issue(&new).await.unwrap();
            for _ in 0..20 {
                let rotation = tokens.refresh(issued.refresh_token.reveal()).await.unwrap();
                let Rotation::Rotated(next) = rotation else { panic!("{rotation:?}") };
                issued = *next;
            }
            issued
        });
    }
    let last = clients.join_all().await.remove(0);
    let access = last.access_token.reveal();
    assert!(matches!(other.verify(access), Verification::Valid(_)));
    tokens.revoke_user(&last.user).await.unwrap();
    eventually("it is known", Duration::from_secs(20), async || {
        other.verify(access) == Verification::Revoked
    })
    .await;
    let rotation = tokens.refresh(last.refresh_token.reveal()).await.unwrap();
    assert!(matches!(rotation, Rotation::Revoked), "{rotation:?}");
}
