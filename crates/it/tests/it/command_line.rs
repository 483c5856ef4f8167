//! The command line, as people and scripts meet it.

use std::time::Duration;

use pgstead_it::{
    TestDb,
    cli::{Called, binary, pgstead},
};
use tokio::time::Instant;

const CONFIG: &str = "\
[limits.api]
algorithm = \"token-bucket\"
limit = 2
per = \"1d\"

[limits.login]
algorithm = \"fixed-window\"
limit = 5
per = \"5m\"
durable = true
";

async fn on(db: &TestDb, arguments: &[&str]) -> Called {
    pgstead(arguments).configured(CONFIG).env("DATABASE_URL", db.url()).run().await
}

#[tokio::test]
async fn limits_are_checked_and_the_exit_status_tells() {
    let db = TestDb::new().await;
    let check = ["limits", "check", "api", "user:1"];
    let first = on(&db, &check).await;
    assert_eq!((first.status, first.stderr.as_str()), (0, ""));
    assert!(first.stdout.starts_with("Allowed. 1 of 2 left, all in "), "{first:?}");
    assert_eq!(on(&db, &check).await.status, 0);
    let third = on(&db, &check).await;
    assert_eq!((third.status, third.stderr.as_str()), (1, ""));
    assert!(third.stdout.starts_with("Refused. Try again in "), "{third:?}");

    let refused = on(&db, &["limits", "check", "api", "user:1", "--json"]).await;
    let json = refused.json();
    assert_eq!(
        (refused.status, &json["allowed"], &json["remaining"]),
        (1, &false.into(), &0.into())
    );
    assert!(json["retry_after_ms"].as_u64().unwrap() > 0);

    let peek = on(&db, &["limits", "peek", "login", "a", "--json"]).await;
    assert_eq!(peek.json()["remaining"], 5);
    assert_eq!(on(&db, &["limits", "reset", "api", "user:1"]).await.stdout, "Reset.\n");
    assert_eq!(on(&db, &["limits", "check", "api", "user:1", "--cost", "2"]).await.status, 0);
}

#[tokio::test]
async fn an_unknown_policy_is_told_with_what_may_be_meant() {
    let db = TestDb::new().await;
    let put = ["limits", "put", "webhooks", "--algorithm", "quota", "--limit", "5"];
    assert_eq!(on(&db, &[&put[..], &["--period", "day"]].concat()).await.status, 0);
    for (policy, says) in [
        ("apy", "there is no policy \"apy\"; did you mean \"api\"?"),
        ("webhook", "did you mean \"webhooks\"?"),
        ("zzzzzz", "there are api, login, webhooks"),
    ] {
        let called = on(&db, &["limits", "check", policy, "x"]).await;
        assert_eq!(called.status, 2, "{called:?}");
        assert!(called.stderr.contains(says), "{called:?}");
    }
}

#[tokio::test]
async fn keys_are_refunded_and_blocked() {
    let db = TestDb::new().await;
    let remaining = async || {
        let peek = on(&db, &["limits", "peek", "login", "a", "--json"]).await;
        peek.json()["remaining"].as_u64().unwrap()
    };
    assert_eq!(on(&db, &["limits", "check", "login", "a", "--cost", "5"]).await.status, 0);
    let refund = ["limits", "refund", "login", "a"];
    assert_eq!(on(&db, &refund).await.stdout, "Refunded.\n");
    let refund = on(&db, &[&refund[..], &["--cost", "2", "--json"]].concat()).await;
    assert_eq!(refund.json(), serde_json::json!({"refunded": true}));
    assert_eq!(remaining().await, 3);

    let block = |time| ["limits", "block", "login", "a", "--for", time];
    assert_eq!(on(&db, &block("1h")).await.stdout, "Blocked for 1h.\n");
    let refused = on(&db, &["limits", "check", "login", "a", "--json"]).await;
    let wait = refused.json()["retry_after_ms"].as_u64().unwrap();
    assert!(refused.status == 1 && (3_500_000..=3_600_000).contains(&wait), "{refused:?}");
    assert_eq!(on(&db, &block("0s")).await.stdout, "No longer blocked.\n");
    assert_eq!(on(&db, &["limits", "check", "login", "a"]).await.status, 0);
    assert_eq!(remaining().await, 2);
}

#[tokio::test]
async fn policies_are_listed_stored_and_removed() {
    let db = TestDb::new().await;
    let put = ["limits", "put", "api", "--algorithm", "sliding-window", "--limit", "5"];
    let more = ["--per", "1m", "--durable", "--lockout", "15m,1h", "--shadow"];
    assert_eq!(on(&db, &[&put[..], &more].concat()).await.stdout, "Stored.\n");
    let quota = ["limits", "put", "month", "--algorithm", "quota", "--limit", "1000"];
    let quota = [&quota[..], &["--period", "month", "--zone", "Asia/Tokyo", "--json"]].concat();
    assert_eq!(on(&db, &quota).await.json()["origin"], "stored");
    let listed = on(&db, &["limits", "policies"]).await.stdout;
    assert_eq!(
        listed,
        " NAME   ALGORITHM       LIMIT  PER                  ORIGIN      ALSO\n \
         api    sliding-window  5      1m                   stored      durable; lockout 15m, 1h; shadow\n \
         login  fixed-window    5      5m                   configured  durable\n \
         month  quota           1000   month in Asia/Tokyo  stored\n"
    );
    let listed = on(&db, &["limits", "policies", "--json"]).await.json();
    assert_eq!(listed["policies"][0]["lockout_ms"], serde_json::json!([900_000, 3_600_000]));
    // It only watches.
    assert_eq!(on(&db, &["limits", "check", "api", "a", "--cost", "5"]).await.status, 0);
    let watched = on(&db, &["limits", "check", "api", "a"]).await;
    assert_eq!(watched.status, 0);
    assert!(watched.stdout.starts_with("Allowed: the policy only watches."), "{watched:?}");
    let watched = on(&db, &["limits", "check", "api", "a", "--json"]).await.json();
    assert_eq!((&watched["allowed"], &watched["shadowed"]), (&true.into(), &true.into()));

    let remove = ["limits", "remove", "api"];
    let removed = on(&db, &remove).await;
    assert_eq!(
        (removed.status, removed.stdout.as_str()),
        (0, "Removed. The configured one counts again.\n")
    );
    let again = on(&db, &[&remove[..], &["--json"]].concat()).await;
    assert_eq!((again.status, &again.json()["removed"]), (1, &false.into()));
    assert_eq!(on(&db, &["limits", "remove", "month"]).await.stdout, "Removed.\n");
}

#[tokio::test]
async fn what_has_expired_is_swept() {
    let db = TestDb::new().await;
    db.client()
        .await
        .batch_execute(
            "insert into pgstead.limits_durable
                 (key, spent_from, spent_to, window_ends_ns, asked_at_ns)
             select gen_random_uuid(), 0, 1, 1, 1 from generate_series(1, 3)",
        )
        .await
        .unwrap();
    let swept = on(&db, &["limits", "sweep"]).await;
    assert_eq!(swept.stdout, "Keys removed: 3. Keys that got back what was not settled: 0.\n");
    let swept = on(&db, &["limits", "sweep", "--json"]).await.json();
    assert_eq!(swept, serde_json::json!({"keys": 0, "lapsed": 0}));
}

#[tokio::test]
async fn what_is_wrong_with_the_question_is_said_without_a_database() {
    for (arguments, says) in [
        (&["limits", "check", "api"][..], "Usage"),
        (&["limits", "block", "api", "x", "--for", "soon"], "--for"),
        (&["limits", "put", "a", "--algorithm", "quota", "--limit", "1"], "period must be given"),
        (&["limits", "put", "a", "--algorithm", "leaky", "--limit", "1"], "sliding-window"),
        (
            &["limits", "put", "A", "--algorithm", "fixed-window", "--limit", "1", "--per", "1m"],
            "limits.A: name must be",
        ),
        (
            &["limits", "put", "check", "--algorithm", "quota", "--limit", "1", "--period", "day"],
            "name must not be one of check",
        ),
        (&["limits", "top", "api", "--server", "https://localhost"], "begin with http://"),
        (&["limits", "top", "api", "--most", "0"], "--most"),
        (&["limit"], "limits"),
        (&["serve", "--listen", "nonsense"], "cannot listen on nonsense"),
        (&["keys", "create", "--scope", "limit"], "\"limit\" is no scope"),
        (&["bench", "limits", "--seconds", "0"], "--seconds"),
        (&["bench", "limits", "--peer", "memcached"], "rate-limiter-flexible-postgres"),
        (&["bench", "limits", "--peer", "redis,all"], "stand alone"),
    ] {
        // Nobody listens there, which would be another exit status.
        let url = "postgres://u:s3cret@127.0.0.1:1/d";
        let called = pgstead(arguments).configured(CONFIG).env("DATABASE_URL", url).run().await;
        assert_eq!(called.status, 2, "{arguments:?}: {called:?}");
        assert!(called.stderr.contains(says), "{arguments:?}: {called:?}");
        assert!(!called.stderr.contains("s3cret"), "{called:?}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_without_its_password() {
    // It is not the time to build it that is taken.
    binary();
    // Refused at once; and from a network that answers nothing, given up.
    for (url, at) in [
        ("postgres://u:s3cret@127.0.0.1:1/d", "127.0.0.1:1"),
        ("postgres://u:s3cret@127.0.0.1:1,127.0.0.1:2/d", "127.0.0.1:2"),
        ("postgres://u:s3cret@nowhere.invalid:5433/d", "nowhere.invalid:5433"),
        ("postgres://u:s3cret@192.0.2.1:5434/d", "192.0.2.1:5434"),
        ("postgres://u@%2Fnowhere/d", "/nowhere/.s.PGSQL.5432"),
    ] {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
            let began = Instant::now();
            let arguments = [command, &["--database-url", url]].concat();
            let called = pgstead(arguments).configured(CONFIG).run().await;
            assert_eq!(called.status, 3, "{called:?}");
            assert!(called.stderr.contains(at), "{called:?}");
            assert!(!called.stderr.contains("s3cret"), "{called:?}");
            assert!(!called.stderr.contains("backtrace"), "{called:?}");
            assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        }
    }
}

#[tokio::test]
async fn a_configuration_that_is_wrong_says_where_and_what_was_meant() {
    for (toml, says) in [
        (
            "[limits.api]\nalgorithm = \"token-bucket\"\nlimit = 1\nper = \"1m\"\nburts = 2\n",
            &["5:1", "burts", "burst"][..],
        ),
        ("[sever]\n", &["sever", "server"]),
        (
            "[limits.api]\nalgorithm = \"leaky\"\nlimit = 1\nper = \"1m\"\n",
            &["2:13", "leaky", "token-bucket"],
        ),
        (
            "[limits.permits]\nalgorithm = \"concurrency\"\nlimit = 1\nper = \"1m\"\n",
            &["limits.permits", "name must not be one of"],
        ),
        (
            "[limits.api]\nalgorithm = \"token-bucket\"\nlimit = 0\nper = \"1m\"\n",
            &["limits.api", "limit must be 1 to"],
        ),
        (
            "[limits.api]\nalgorithm = \"token-bucket\"\nlimit = 1\nper = \"soon\"\n",
            &["4:7", "soon"],
        ),
        ("[limits.\n", &["1:"]),
        ("[database]\nurl = \"mysql://u:s3cret@h/d\"\n", &["url"]),
    ] {
        let called = pgstead(["serve", "--listen", "127.0.0.1:0"]).configured(toml).run().await;
        assert_eq!(called.status, 2, "{toml}: {called:?}");
        for said in says {
            assert!(called.stderr.contains(said), "{toml}: {said}: {called:?}");
        }
        assert!(!called.stderr.contains("s3cret"), "{called:?}");
    }
}

#[tokio::test]
async fn migrations_are_printed_and_run() {
    let db = TestDb::empty().await;
    let dry = on(&db, &["migrate", "--dry-run"]).await;
    assert_eq!(dry.status, 0);
    assert!(dry.stdout.contains("create unlogged table pgstead.limits_fast"), "{dry:?}");
    let pgmq = "-- pgmq: its installer would bring 1.11.1 into the schema pgmq\n";
    assert!(dry.stdout.starts_with(pgmq), "{dry:?}");
    let dry = on(&db, &["migrate", "--dry-run", "--json"]).await.json();
    assert_eq!(
        (dry["applied"].as_bool(), dry["migrations"].as_array().unwrap().len()),
        (Some(false), 9)
    );
    assert_eq!(dry["pgmq"], "1.11.1");
    assert_eq!(
        on(&db, &["migrate"]).await.stdout,
        "pgmq: 1.11.1\nlimits: V1__limits\nlimits: V2__limits_whole\ntokens: V1__tokens\n\
         tokens: V2__imported_tokens_epoch\nqueue: V1__queue\nqueue: V2__schedules\n\
         webhooks: V1__webhooks\nserver: V1__keys\nserver: V2__idempotency\n"
    );
    assert_eq!(on(&db, &["migrate"]).await.stdout, "The database is up to date.\n");
    db.client()
        .await
        .batch_execute(
            "insert into pgstead.migrations_limits (version, name, applied_on, checksum)
             values (3, 'later', '2026-01-01T00:00:00Z', '1')",
        )
        .await
        .unwrap();
    for command in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let newer = on(&db, command).await;
        assert_eq!(newer.status, 2, "{newer:?}");
        assert!(newer.stderr.contains("newer"), "{newer:?}");
    }
}

#[tokio::test]
async fn keys_are_created_listed_and_revoked() {
    let db = TestDb::new().await;
    let created =
        on(&db, &["keys", "create", "--scope", "limits,queues", "--name", "ci", "--json"]).await;
    let created = created.json();
    assert!(created["key"].as_str().unwrap().starts_with("pgs_key_"));
    let id = created["id"].as_str().unwrap();
    let listed = on(&db, &["keys", "list"]).await.stdout;
    assert!(listed.contains(id) && listed.contains("limits, queues") && listed.contains("ci"));
    assert_eq!(on(&db, &["keys", "revoke", id]).await.status, 0);
    assert_eq!(on(&db, &["keys", "revoke", id]).await.status, 1);
    let listed = on(&db, &["keys", "list", "--json"]).await.json();
    assert!(listed["keys"][0]["revoked_at"].is_string());
}

#[tokio::test]
async fn completions_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let called = pgstead(["completions", shell]).run().await;
        assert_eq!(called.status, 0);
        assert!(called.stdout.contains("migrate"), "{shell}");
    }
}

#[tokio::test]
async fn help_names_every_command_and_the_exit_status() {
    let help = pgstead(["--help"]).run().await;
    assert_eq!(help.status, 0);
    for word in
        ["serve", "migrate", "limits", "queue", "keys", "bench", "completions", "Exit status"]
    {
        assert!(help.stdout.contains(word), "{word}");
    }
}
