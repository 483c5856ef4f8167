//! The benchmark runs, beside a real Redis, and prints what programs read. How fast anything was is
//! not for a test.

use pgstead_it::{TestDb, cli::pgstead};

#[tokio::test]
async fn every_scenario_is_measured_beside_redis() {
    let db = TestDb::new().await;
    let arguments = ["bench", "limits", "--peer", "redis", "--seconds", "0.2", "--json"];
    let called = pgstead(arguments).env("DATABASE_URL", db.url()).run().await;
    assert_eq!(called.status, 0, "{called:?}");
    let json = called.json();
    for field in ["cpu", "cpus", "memory_gib", "os", "postgresql", "redis"] {
        assert!(!json["machine"][field].is_null(), "{field}: {json}");
    }
    let scenarios = json["scenarios"].as_array().unwrap();
    let names: Vec<&str> = scenarios.iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["exact-c1", "exact-c64", "exact-c1000", "exact-hot", "exact-refused"]);
    for scenario in scenarios {
        assert_eq!(scenario["peer"], "redis");
        for figure in
            ["ops_per_s", "p50_us", "p95_us", "p99_us", "peer_ops_per_s", "peer_p50_us", "ratio"]
        {
            assert!(scenario[figure].as_f64().unwrap() > 0.0, "{figure}: {scenario}");
        }
    }
    let left = "select (select count(*) from pgstead.limits_fast)
                     + (select count(*) from pgstead.limits_durable)";
    let row = db.client().await.query_typed_one(left, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 0, "it leaves nothing behind");
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
