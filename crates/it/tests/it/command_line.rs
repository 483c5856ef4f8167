//! The command line, as people and scripts meet it.

use std::time::Duration;

use pgstead_it::{
    TestDb,
    cli::{Called, pgstead},
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
async fn what_is_wrong_with_the_question_is_said_without_a_database() {
    for (arguments, says) in [
        (&["limits", "check", "apy", "x"][..], "did you mean \"api\"?"),
        (&["limits", "check", "zzzzzz", "x"], "there are api, login"),
        (&["limits", "check", "api"], "Usage"),
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
    let dry = on(&db, &["migrate", "--dry-run", "--json"]).await.json();
    assert_eq!(
        (dry["applied"].as_bool(), dry["migrations"].as_array().unwrap().len()),
        (Some(false), 3)
    );
    assert_eq!(
        on(&db, &["migrate"]).await.stdout,
        "limits: V1__limits\nlimits: V2__limits_whole\nserver: V1__keys\n"
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
    for word in ["serve", "migrate", "limits", "keys", "bench", "completions", "Exit status"] {
        assert!(help.stdout.contains(word), "{word}");
    }
}
