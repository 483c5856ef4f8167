//! The benchmark runs, beside real peers, and prints what programs read. How fast anything was is
//! not for a test.

use std::{os::unix::fs::symlink, time::Duration};

use pgstead_it::{TestDb, cli::pgstead, eventually, path};
use serde_json::Value;
use tempfile::TempDir;

const SCENARIOS: [&str; 9] = [
    "exact-c1",
    "exact-c64",
    "exact-c1000",
    "exact-hot",
    "exact-refused",
    "durable-c64",
    "multi-c64",
    "leased-c64",
    "cached-refusal",
];

/// The scenarios' names with their peers, after a look at the figures.
fn measured(json: &Value) -> Vec<(&str, &str)> {
    let scenarios = json["scenarios"].as_array().unwrap();
    for scenario in scenarios {
        for figure in
            ["ops_per_s", "p50_us", "p95_us", "p99_us", "peer_ops_per_s", "peer_p50_us", "ratio"]
        {
            assert!(scenario[figure].as_f64().unwrap() > 0.0, "{figure}: {scenario}");
        }
    }
    scenarios.iter().map(|s| (s["name"].as_str().unwrap(), s["peer"].as_str().unwrap())).collect()
}

/// Counters and tables that somebody has left behind.
async fn left(db: &TestDb) -> i64 {
    let left = "select (select count(*) from pgstead.limits_fast)
                     + (select count(*) from pgstead.limits_durable)
                     + (select count(*) from pg_namespace where nspname = 'pgstead_bench_flexible')";
    db.client().await.query_typed_one(left, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn every_scenario_is_measured_beside_each_peer() {
    let db = TestDb::new().await;
    let arguments = [
        "bench",
        "limits",
        "--peer",
        "redis",
        "--peer",
        "redis-gcra",
        "--seconds",
        "0.1",
        "--json",
    ];
    let called = pgstead(arguments).env("DATABASE_URL", db.url()).run().await;
    assert_eq!(called.status, 0, "{called:?}");
    let json = called.json();
    for field in ["cpu", "cpus", "memory_gib", "os", "postgresql", "redis"] {
        assert!(!json["machine"][field].is_null(), "{field}: {json}");
    }
    // Several at once is a script of its own, which `redis` alone has.
    let expected: Vec<_> = SCENARIOS
        .iter()
        .flat_map(|name| [(*name, "redis"), (*name, "redis-gcra")])
        .filter(|pair| *pair != ("multi-c64", "redis-gcra"))
        .collect();
    assert_eq!(measured(&json), expected);
    let ours = |at: usize| json["scenarios"][at]["ops_per_s"].as_f64();
    assert_eq!(ours(0), ours(1), "our side is measured once for both");
    assert_eq!(left(&db).await, 0);
}

#[tokio::test]
async fn without_a_peer_there_is_no_ratio() {
    let db = TestDb::new().await;
    let arguments = ["bench", "limits", "--seconds", "0.1", "--only", "c1", "--json"];
    let json = pgstead(arguments).env("DATABASE_URL", db.url()).run().await.json();
    let scenario = &json["scenarios"][0];
    assert!(scenario["ops_per_s"].as_f64().unwrap() > 0.0);
    assert!(scenario["peer"].is_null() && scenario["ratio"].is_null());
}

/// npm fetches the packages the first time, and needs a registry for it.
#[tokio::test]
async fn rate_limiter_flexible_is_measured_on_both_of_its_stores() {
    let db = TestDb::new().await;
    let peers = ["rate-limiter-flexible-redis", "rate-limiter-flexible-postgres"];
    // Those in which something is refused, and those that are durable or leased.
    let arguments = [
        "bench",
        "limits",
        "--peer",
        &peers.join(","),
        "--seconds",
        "0.1",
        "--only",
        "d",
        "--json",
    ];
    let called = pgstead(arguments).env("DATABASE_URL", db.url()).run().await;
    assert_eq!(called.status, 0, "{called:?}");
    let json = called.json();
    let names = ["exact-refused", "durable-c64", "leased-c64", "cached-refusal"];
    let expected: Vec<_> = names.iter().flat_map(|name| peers.map(|peer| (*name, peer))).collect();
    assert_eq!(measured(&json), expected);
    assert_eq!(json["machine"]["rate_limiter_flexible"], "11.4.0");
    assert!(json["machine"]["node"].is_string(), "{json}");
    assert_eq!(left(&db).await, 0);
}

/// It has a table of each kind, and both go when the benchmark is killed, and so does its process.
#[tokio::test]
async fn rate_limiter_flexible_does_not_outlive_the_benchmark() {
    let db = TestDb::new().await;
    let arguments = ["bench", "limits", "--peer", "rate-limiter-flexible-postgres"];
    let call = pgstead(arguments).env("DATABASE_URL", db.url());
    let (mut benchmark, _directory) = call.spawn();
    let client = db.client().await;
    let number = async |sql| client.query_typed_one(sql, &[]).await.unwrap().get::<_, i64>(0);
    let tables = "select count(*) from pg_class
                  where relnamespace::regnamespace::text = 'pgstead_bench_flexible'
                    and (relname, relpersistence) in (('fast', 'u'), ('durable', 'p'))";
    let connections = "select count(*) from pg_stat_activity
                       where datname = current_database() and application_name = 'pgstead-bench'";
    eventually("it has its tables", Duration::from_mins(1), async || number(tables).await == 2)
        .await;
    assert!(number(connections).await > 0);
    benchmark.kill().await.unwrap();
    eventually("it has gone", Duration::from_secs(10), async || {
        number(tables).await + number(connections).await == 0
    })
    .await;
}

#[tokio::test]
async fn without_node_it_is_said_what_to_install_and_the_others_are_measured() {
    let db = TestDb::new().await;
    let programs = TempDir::new().unwrap();
    let path = path().unwrap();
    let redis = std::env::split_paths(&path).map(|directory| directory.join("redis-server"));
    symlink(
        redis.into_iter().find(|file| file.is_file()).unwrap(),
        programs.path().join("redis-server"),
    )
    .unwrap();
    let beside = |peer| {
        let only = ["--seconds", "0.1", "--only", "hot", "--json"];
        let call = pgstead(["bench", "limits", "--peer", peer].into_iter().chain(only));
        call.env("DATABASE_URL", db.url()).env("PATH", programs.path())
    };
    let named = beside("rate-limiter-flexible-redis").run().await;
    assert_eq!(named.status, 2, "{named:?}");
    assert!(named.stderr.contains("`node` is not on PATH"), "{named:?}");
    let all = beside("all").run().await;
    assert_eq!(all.status, 0, "{all:?}");
    assert!(all.stderr.contains("warning: there is no rate-limiter-flexible-postgres"), "{all:?}");
    assert_eq!(measured(&all.json()), [("exact-hot", "redis"), ("exact-hot", "redis-gcra")]);
}

/// Those that need no crowd of sessions: the others take half a minute to begin.
#[tokio::test]
async fn sessions_are_measured_in_a_database_of_their_own() {
    let db = TestDb::new().await;
    let bench = async |only: &str| {
        let arguments = ["bench", "tokens", "--peer", "redis", "--seconds", "0.1", "--json"];
        let arguments = arguments.into_iter().chain(["--only", only]);
        let called = pgstead(arguments).env("DATABASE_URL", db.url()).run().await;
        assert_eq!(called.status, 0, "{called:?}");
        called.json()
    };
    let verified = bench("verify").await;
    assert_eq!(measured(&verified), [("verify-new", "ed25519"), ("verify-seen", "redis")]);
    assert_eq!(measured(&bench("revoke").await), [("revoke-user", "redis")]);
    let left = "select count(*) from pg_database where datname like 'pgstead\\_bench\\_tokens\\_%'";
    let left: i64 = db.client().await.query_typed_one(left, &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
    let other = ["bench", "tokens", "--peer", "redis-gcra"];
    let called = pgstead(other).env("DATABASE_URL", db.url()).run().await;
    assert_eq!(called.status, 2, "{called:?}");
    assert!(called.stderr.contains("[possible values: redis, all, none]"), "{called:?}");
}

/// npm fetches the packages the first time, and needs a registry for it.
#[tokio::test]
async fn jobs_are_sent_and_done_beside_each_peer() {
    let db = TestDb::new().await;
    let bench = async |peers: &str, only: &str| {
        let arguments = ["bench", "queue", "--seconds", "0.1", "--json"];
        let arguments = arguments.into_iter().chain(["--peer", peers, "--only", only]);
        let called = pgstead(arguments).env("DATABASE_URL", db.url()).run().await;
        assert_eq!(called.status, 0, "{called:?}");
        called.json()
    };
    let peers = ["bullmq-redis", "bullmq-postgres", "pgmq-raw", "graphile-worker"];
    let json = bench("bullmq,pgmq-raw,graphile-worker", "send-c64").await;
    assert_eq!(measured(&json), peers.map(|peer| ("send-c64", peer)));
    for field in ["redis", "node", "bullmq", "graphile_worker"] {
        assert!(json["machine"][field].is_string(), "{field}: {json}");
    }
    // Who does jobs waits for more of them than this build would send in a minute: each is measured
    // by a person, and here one of each kind.
    let json = bench("pgmq-raw", "pickup-idle").await;
    assert_eq!(measured(&json), [("pickup-idle", "pgmq-raw")]);
    let left = "select count(*) from pg_database where datname like 'pgstead\\_bench\\_queue\\_%'";
    let left: i64 = db.client().await.query_typed_one(left, &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

#[tokio::test]
async fn webhooks_are_measured_from_publication_to_receipt() {
    let db = TestDb::new().await;
    let arguments = ["bench", "webhooks", "--seconds", "0.5", "--json"];
    let called = pgstead(arguments).env("DATABASE_URL", db.url()).run().await;
    assert_eq!(called.status, 0, "{called:?}");
    let json = called.json();
    let scenarios = json["scenarios"].as_array().unwrap();
    let names: Vec<&str> = scenarios.iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["publish-50", "publish-200", "publish-flat"]);
    for scenario in scenarios {
        assert!(scenario["p95_us"].as_f64().unwrap() > 0.0, "{scenario}");
    }
}
