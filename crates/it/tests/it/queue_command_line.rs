//! `pgstead queue`, as a person and a script run it.

use std::time::Duration;

use pgstead_it::{
    TestDb,
    cli::{Call, Called, pgstead},
    http::request,
};
use pgstead_queue::{Config, Finished, JobId, Queue, QueueName, Queues};
use pgstead_server::keys::{self, Scope};
use serde_json::{Value, json};

fn queue(db: &TestDb, words: &[&str]) -> Call {
    let arguments = ["queue", "--database-url", db.url()].into_iter();
    pgstead(arguments.chain(words.iter().copied()))
        .configured("[queue]\nlargest_payload = 100\n[queues.mail]\nmax_attempts = 1\n")
}

async fn run(db: &TestDb, words: &[&str]) -> Called {
    queue(db, words).run().await
}

/// The answer to a program, and nothing on standard error.
async fn ask(db: &TestDb, words: &[&str]) -> Value {
    let called = run(db, &[words, &["--json"]].concat()).await;
    assert_eq!((called.status, called.stderr.as_str()), (0, ""), "{words:?}: {called:?}");
    called.json()
}

/// Claims all and has them fail for good.
async fn bury(queues: &Queues, name: &QueueName, error: &str) {
    let claimed = queues.claim(name, 100, Duration::from_mins(1)).await.unwrap();
    let finished: Vec<Finished> = claimed
        .iter()
        .map(|job| Finished { id: job.id, attempt: job.attempt, outcome: Err(error.to_owned()) })
        .collect();
    queues.finish(name, &finished).await.unwrap();
}

async fn queues(db: &TestDb) -> (Queues, QueueName) {
    let mut config = Config::default();
    config.others.max_attempts = 1;
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<Value> = queues.queue("mail").await.unwrap();
    let name = queue.name().clone();
    (queues, name)
}

#[tokio::test]
async fn jobs_are_sent_looked_at_and_purged() {
    let db = TestDb::new().await;
    let first = run(&db, &["send", "mail", r#"{"to":"ada"}"#]).await;
    assert_eq!(
        (first.status, first.stdout.as_str(), first.stderr.as_str()),
        (0, "Sent as 1.\n", "")
    );
    let options = ["--delay", "1h", "--priority", "3", "--group", "g", "--header", "trace=t"];
    let dedup = ["--dedup", "k", "--dedup-for", "1day"];
    let send = [&["send", "mail", "2"][..], &options, &dedup].concat();
    assert_eq!(ask(&db, &send).await, json!({"jobs": [{"id": 2, "new": true}]}));
    assert_eq!(ask(&db, &send).await, json!({"jobs": [{"id": 2, "new": false}]}));
    assert_eq!(run(&db, &send).await.stdout, "Not sent: 2 has the same key.\n");

    let peeked = ask(&db, &["peek", "mail"]).await;
    assert_eq!(peeked["jobs"][0]["payload"], json!({"to": "ada"}));
    assert_eq!(peeked["jobs"][1]["state"], "delayed");
    let headers = json!({"trace": "t", "x-pgmq-group": "g", "x-pgstead-priority": "3"});
    assert_eq!(peeked["jobs"][1]["headers"], headers);
    let peeked = run(&db, &["peek", "mail", "--most", "1"]).await.stdout;
    assert!(peeked.starts_with(" ID  STATE  ATTEMPTS  SENT "), "{peeked}");
    assert!(peeked.contains(r#"{"to": "ada"}"#) && peeked.lines().count() == 2, "{peeked}");
    assert_eq!(ask(&db, &["peek", "mail", "--after", "1"]).await["jobs"][0]["id"], 2);

    let listed = ask(&db, &["list"]).await;
    let mail = &listed["queues"][0];
    assert_eq!(
        (&mail["ready"], &mail["delayed"], &mail["dead"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let listed = run(&db, &["list"]).await.stdout;
    assert!(listed.starts_with(" QUEUE  READY  DELAYED  CLAIMED  DEAD  OLDEST READY"), "{listed}");

    let found = ask(&db, &["find", "mail", "1"]).await;
    assert_eq!((&found["state"], &found["attempts"]), (&json!("ready"), &json!(0)));
    let found = run(&db, &["find", "mail", "1"]).await.stdout;
    assert!(found.contains("state") && found.contains("ready"), "{found}");
    let unknown = run(&db, &["find", "mail", "99"]).await;
    assert_eq!((unknown.status, unknown.stderr.as_str()), (1, ""));
    assert!(unknown.stdout.starts_with("Nothing is known of 99"), "{unknown:?}");

    assert_eq!(run(&db, &["purge", "mail"]).await.stdout, "Removed: 2.\n");
    assert_eq!(ask(&db, &["purge", "mail"]).await, json!({"purged": 0}));
}

#[tokio::test]
async fn dead_letters_are_listed_redriven_and_purged() {
    let db = TestDb::new().await;
    let (queues, name) = queues(&db).await;
    let queue: Queue<Value> = queues.open(name.clone()).await.unwrap();
    for n in 1..=4 {
        queue.send(&json!({"n": n})).await.unwrap();
    }
    bury(&queues, &name, "no such\nuser").await;
    queues.log(&name, JobId(1), "a line").await.unwrap();
    let listed = run(&db, &["dead", "mail", "--most", "2"]).await.stdout;
    assert!(listed.starts_with(" ID  DIED "), "{listed}");
    assert!(listed.contains(r"no such\nuser") && listed.lines().count() == 3, "{listed}");
    let page = ask(&db, &["dead", "mail", "--most", "2"]).await;
    assert_eq!((&page["dead"][0]["id"], &page["before"]), (&json!(4), &json!(3)));
    let page = ask(&db, &["dead", "mail", "--most", "2", "--before", "3"]).await;
    assert_eq!((&page["dead"][1]["id"], &page["before"]), (&json!(1), &json!(1)));
    assert_eq!(ask(&db, &["logs", "mail", "1"]).await["lines"][0]["line"], "a line");
    assert!(run(&db, &["logs", "mail", "1"]).await.stdout.ends_with(" a line\n"));

    assert_eq!(run(&db, &["redrive", "mail", "1"]).await.stdout, "Tried again: 1.\n");
    let none = run(&db, &["redrive", "mail", "1"]).await;
    assert_eq!((none.status, none.stdout.as_str()), (1, "Tried again: 0.\n"));
    assert_eq!(ask(&db, &["purge", "mail", "--dead", "2"]).await, json!({"purged": 1}));
    assert_eq!(run(&db, &["purge", "mail", "--dead", "2"]).await.status, 1);
    let slowly = ask(&db, &["redrive", "mail", "--all", "--per-second", "1"]).await;
    assert_eq!(slowly, json!({"redriven": 2}));
    assert_eq!(ask(&db, &["redrive", "mail", "--all"]).await, json!({"redriven": 0}));
    let mail = &ask(&db, &["list"]).await["queues"][0];
    let waiting = mail["ready"].as_u64().unwrap() + mail["delayed"].as_u64().unwrap();
    assert_eq!((&mail["dead"], waiting), (&json!(0), 3));
    assert_eq!(ask(&db, &["purge", "mail", "--dead"]).await, json!({"purged": 0}));
}

#[tokio::test]
async fn a_queue_is_paused_and_goes_on() {
    let db = TestDb::new().await;
    let (queues, name) = queues(&db).await;
    let queue: Queue<Value> = queues.open(name.clone()).await.unwrap();
    queue.send(&json!(1)).await.unwrap();
    assert_eq!(run(&db, &["pause", "mail"]).await.stdout, "Paused.\n");
    let lease = Duration::from_mins(1);
    assert!(queues.claim(&name, 1, lease).await.unwrap().is_empty());
    assert!(ask(&db, &["list"]).await["queues"][0]["paused_at"].is_string());
    assert_eq!(ask(&db, &["resume", "mail"]).await, json!({"paused": false}));
    assert_eq!(queues.claim(&name, 1, lease).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_command_sends_wakes_who_waits_at_a_server() {
    let db = TestDb::new().await;
    let (_queues, _name) = queues(&db).await;
    let (_, secret) = keys::create(&*db.client().await, "test", &[Scope::Queues]).await.unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--database-url", db.url()];
    // It would find it by itself in an hour.
    let server = pgstead(serve).configured("[queues.mail]\npoll = \"1h\"\n").serve().await;
    let (address, key) = (server.address, secret.reveal().to_owned());
    let waiting = tokio::spawn(async move {
        let claim = r#"{"wait_ms":30000}"#;
        request(address, "POST", "/v1/queues/mail/claim", Some(&key), claim).await
    });
    assert_eq!(run(&db, &["send", "mail", "1"]).await.status, 0);
    assert_eq!(waiting.await.unwrap().json()["jobs"][0]["payload"], 1);
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn what_is_wrong_is_told_and_what_to_do() {
    let db = TestDb::new().await;
    queues(&db).await;
    let large = format!("\"{}\"", "x".repeat(100));
    for (words, told) in [
        (&["send", "Mail", "1"][..], "\"Mail\" is no name of a queue"),
        (&["send", "mail", "{"], "the payload is no JSON"),
        (&["send", "mail", r#""\u0000""#], "the character U+0000"),
        (&["send", "mail", &large], "the payload has 102 bytes, and at most 100 are taken"),
        (&["send", "mail", "1", "--priority", "5"], "--priority"),
        (&["send", "mail", "1", "--dedup", "k"], "--dedup-for"),
        (&["send", "mail", "1", "--header", "x"], "is not name=value"),
        (&["send", "mail", "1", "--header", "x-pgstead-errors=1"], "is pgstead's own"),
        (&["peek", "mial"], "there is no queue \"mial\"; did you mean \"mail\"?"),
        (&["dead", "zzzzzz"], "there are mail"),
        (&["pause", "MAIL"], "there is no queue \"MAIL\""),
        (&["redrive", "mail"], "--all"),
        (&["redrive", "mail", "1", "--all"], "cannot be used"),
        (&["purge", "mail", "1"], "--dead"),
        (&["peek", "mail", "--most", "0"], "--most"),
    ] {
        let called = run(&db, words).await;
        assert_eq!(called.status, 2, "{words:?}: {called:?}");
        assert!(called.stderr.contains(told), "{words:?}: {called:?}");
    }
    let typo = pgstead(["queue", "list"]).configured("[queues.mail]\nconcurency = 1\n").run().await;
    assert_eq!(typo.status, 2, "{typo:?}");
    assert!(typo.stderr.contains("did you mean `concurrency`?"), "{typo:?}");
    let bounds =
        pgstead(["queue", "list"]).configured("[queues.mail]\nlease = \"1ms\"\n").run().await;
    assert!(bounds.stderr.contains("queues.mail.lease must be 100 ms to 12 h"), "{bounds:?}");
    let away = ["queue", "list", "--database-url", "postgres://u:s3cret@127.0.0.1:1/d"];
    let away = pgstead(away).run().await;
    assert_eq!(away.status, 3, "{away:?}");
    assert!(!away.stderr.contains("s3cret"), "{away:?}");
    let help = pgstead(["queue", "send", "--help"]).run().await;
    assert!(help.stdout.contains("Examples:") && help.stdout.contains("--dedup-for"), "{help:?}");
}
