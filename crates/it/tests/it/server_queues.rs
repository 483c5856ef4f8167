//! The queues over HTTP: what a worker in any language relies on.

use std::{collections::HashSet, fmt::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use insta::assert_snapshot;
use pgstead_it::{
    Admin, LINES, TestDb, eventually,
    http::{Response, request, send},
};
use pgstead_limits::{Config as LimitsConfig, Limits};
use pgstead_queue::{Backoff, Config, Finished, NewJob, Outcome, Queue, Queues, Which};
use pgstead_server::{
    App,
    keys::{self, Scope},
    serve,
};
use pgstead_store::Db;
use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::{JoinHandle, JoinSet},
};

/// A server of the test's own.
struct Desk {
    address: SocketAddr,
    key: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

/// Whoever waits is woken or not at all; what failed is tried again at once.
fn config() -> Config {
    let mut config = Config::default();
    config.others.poll = Duration::from_hours(1);
    config.others.backoff = Backoff::Fixed(Duration::ZERO);
    config.others.max_attempts = 2;
    config
}

impl Desk {
    async fn open(db: &TestDb) -> Self {
        Self::open_with(db, config(), Scope::Queues).await
    }

    async fn open_with(db: &TestDb, config: Config, scope: Scope) -> Self {
        let limits = Arc::new(Limits::start(db.db(), LimitsConfig::new([])));
        let queues = Queues::start_with(db.db(), config, limits.hub()).unwrap();
        let (_, secret) = keys::create(&*db.client().await, "test", &[scope]).await.unwrap();
        let app = App::load(db.db().clone(), limits, None, queues, LINES).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move { drop(stopped.await) };
        let serving = tokio::spawn(async move { serve(app, listener, until).await.unwrap() });
        Self { address, key: secret.reveal().to_owned(), stop, serving }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Response {
        request(self.address, method, &format!("/v1/queues{path}"), Some(&self.key), body).await
    }

    async fn get(&self, path: &str) -> Response {
        self.ask("GET", path, "").await
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        self.ask("POST", path, &body.to_string()).await
    }

    /// Sends a job and gives its number.
    async fn send(&self, queue: &str, job: &Value) -> i64 {
        let sent = self.post(&format!("/{queue}/jobs"), job).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        sent.json()["jobs"][0]["id"].as_i64().unwrap()
    }

    async fn claim(&self, queue: &str, body: &Value) -> Vec<Value> {
        let claimed = self.post(&format!("/{queue}/claim"), body).await;
        assert_eq!(claimed.status, 200, "{claimed:?}");
        claimed.json()["jobs"].as_array().unwrap().clone()
    }

    async fn finish(&self, queue: &str, body: &Value) -> Value {
        let finished = self.post(&format!("/{queue}/finish"), body).await;
        assert_eq!(finished.status, 200, "{finished:?}");
        finished.json()
    }

    /// A claim that waits, in a task.
    fn wait(&self, queue: &str, body: Value) -> JoinHandle<Response> {
        let (address, key) = (self.address, self.key.clone());
        let path = format!("/v1/queues/{queue}/claim");
        tokio::spawn(
            async move { request(address, "POST", &path, Some(&key), &body.to_string()).await },
        )
    }

    async fn stop(self) {
        self.stop.send(()).expect("it serves");
        self.serving.await.unwrap();
    }
}

/// Until somebody has found nothing, and has asked when there will be something.
async fn waits(db: &TestDb) {
    // Past the pool of the server, where this would be the last statement of a connection.
    let admin = Admin::connect(db.url()).await;
    let sql = "select count(*) > 0 from pg_stat_activity
               where datname = current_database() and query like '-- When the next job is due%q_mail%'";
    eventually("somebody waits for jobs", Duration::from_secs(20), async || {
        let waits: bool = admin.client().query_typed_one(sql, &[]).await.unwrap().get(0);
        if !waits {
            // Its connection may have been used for something else since: whoever waits asks again when he is told.
            let tell = "select pg_notify('pgstead_queue', 'mail')";
            admin.client().query_typed(tell, &[]).await.unwrap();
        }
        waits
    })
    .await;
}

/// As it is shown, without what differs from run to run.
fn shown(mut response: Response) -> String {
    fn hide(value: &mut Value) {
        match value {
            Value::Array(all) => all.iter_mut().for_each(hide),
            Value::Object(members) => {
                for (name, value) in members {
                    let is_time = name == "at" || name.ends_with("_at") || name.ends_with("_until");
                    if (is_time && value.is_string()) || name == "oldest_ready_ms" {
                        *value = "…".into();
                    }
                    hide(value);
                }
            }
            _ => {}
        }
    }
    let mut body = response.json();
    hide(&mut body);
    response.body = body.to_string();
    response.shown()
}

fn told(response: &Response) -> (u16, String) {
    assert_eq!(response.header("content-type"), Some("application/problem+json"), "{response:?}");
    (response.status, response.json()["detail"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_job_is_sent_claimed_and_finished() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let job = json!({
        "payload": {"to": "ada"}, "priority": 1, "group": "g", "headers": {"trace": "t"},
    });
    assert_snapshot!(shown(desk.post("/mail/jobs", &job).await), @r#"
    201
    content-type: application/json

    {
      "jobs": [
        {
          "id": 1,
          "new": true
        }
      ]
    }
    "#);
    assert_snapshot!(shown(desk.post("/mail/claim", &json!({})).await), @r#"
    200
    content-type: application/json

    {
      "jobs": [
        {
          "attempt": 1,
          "enqueued_at": "…",
          "group": "g",
          "headers": {
            "trace": "t",
            "x-pgmq-group": "g",
            "x-pgstead-priority": "1"
          },
          "id": 1,
          "lease_until": "…",
          "payload": {
            "to": "ada"
          },
          "priority": 1
        }
      ]
    }
    "#);
    let path = "/mail/jobs/1";
    let progress = desk.post(&format!("{path}/progress"), &json!({"progress": 0.5})).await;
    assert_eq!(progress.status, 204);
    assert_eq!(desk.post(&format!("{path}/logs"), &json!({"line": "half"})).await.status, 204);
    assert_snapshot!(shown(desk.get(path).await), @r#"
    200
    content-type: application/json

    {
      "attempts": 1,
      "ended_at": null,
      "enqueued_at": "…",
      "errors": null,
      "headers": {
        "trace": "t",
        "x-pgmq-group": "g",
        "x-pgstead-priority": "1"
      },
      "id": 1,
      "payload": {
        "to": "ada"
      },
      "progress": {
        "at": "…",
        "progress": 0.5
      },
      "result": null,
      "state": "claimed"
    }
    "#);
    let done = json!({"done": [{"id": 1, "attempt": 1, "result": {"sent": true}}]});
    assert_eq!(desk.finish("mail", &done).await, json!({"ended": [1], "lost": []}));
    assert_eq!(desk.finish("mail", &done).await, json!({"ended": [], "lost": [1]}));
    let found = desk.get(path).await.json();
    assert_eq!((&found["state"], &found["result"]), (&json!("done"), &json!({"sent": true})));
    let logs = desk.get(&format!("{path}/logs")).await.json();
    assert_eq!(logs["lines"][0]["line"], "half");
    assert_snapshot!(shown(desk.get("/mail").await), @r#"
    200
    content-type: application/json

    {
      "claimed": 0,
      "created_at": "…",
      "dead": 0,
      "delayed": 0,
      "oldest_ready_ms": "…",
      "paused_at": null,
      "queue": "mail",
      "ready": 0
    }
    "#);
}

#[tokio::test]
async fn jobs_are_sent_together_and_once_for_a_key() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let dedup = json!({"key": "k", "for_ms": 60_000});
    let jobs = json!({"jobs": [
        {"payload": null},
        {"payload": 2, "delay_ms": 3_600_000},
        {"payload": 3, "dedup": dedup},
    ]});
    let first = desk.post("/mail/jobs", &jobs).await.json();
    let new = |at: usize| &first["jobs"][at]["new"];
    assert_eq!([new(0), new(1), new(2)], [true, true, true]);
    let again = desk.post("/mail/jobs", &json!({"payload": 4, "dedup": dedup})).await.json();
    assert_eq!(
        (&again["jobs"][0]["id"], &again["jobs"][0]["new"]),
        (&first["jobs"][2]["id"], &json!(false))
    );
    let claimed = desk.claim("mail", &json!({"max": 10})).await;
    let payloads: Vec<&Value> = claimed.iter().map(|job| &job["payload"]).collect();
    assert_eq!(payloads, [&Value::Null, &json!(3)]);
    let counts = desk.get("/mail").await.json();
    assert_eq!((&counts["claimed"], &counts["delayed"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn a_payload_is_not_altered() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let payload = r#"{"n": 12345678901234567890.12345678901234567890, "s": "\u00e9 \\ud800 é"}"#;
    let sent = desk.ask("POST", "/mail/jobs", &format!(r#"{{"payload":{payload}}}"#)).await;
    assert_eq!(sent.status, 201, "{sent:?}");
    let claimed = desk.post("/mail/claim", &json!({})).await;
    // As jsonb writes it: the same document.
    let kept = r#""payload":{"n": 12345678901234567890.12345678901234567890, "s": "é \\ud800 é"}"#;
    assert!(claimed.body.contains(kept), "{claimed:?}");
}

#[tokio::test]
async fn what_postgresql_cannot_keep_is_refused_and_harms_no_other() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let refused = [r#""\u0000""#, r#""\ud800""#, "1e99999", "[1e-99999]", &deep];
    for payload in refused {
        let body = format!(r#"{{"jobs":[{{"payload":1}},{{"payload":{payload}}}]}}"#);
        let response = desk.ask("POST", "/mail/jobs", &body).await;
        assert_eq!(response.status, 400, "{payload}: {response:?}");
        let (field, pointer) = (&response.json()["field"], &response.json()["pointer"]);
        assert_eq!((field, pointer), (&json!("payload"), &json!("#/jobs/1")), "{response:?}");
    }
    desk.send("mail", &json!({"payload": 1})).await;
    assert_eq!(desk.claim("mail", &json!({"max": 9})).await.len(), 1);
    for (path, body) in [
        ("finish", json!({"done": [{"id": 1, "attempt": 1, "result": "\0"}]})),
        ("jobs/1/progress", json!({"progress": ["\0"]})),
    ] {
        let response = desk.post(&format!("/mail/{path}"), &body).await;
        assert_eq!(response.status, 400, "{response:?}");
    }
    // What is only told is kept as far as it can be.
    assert_eq!(desk.post("/mail/jobs/1/logs", &json!({"line": "a\0b"})).await.status, 204);
    let failed = json!({"failed": [{"id": 1, "attempt": 1, "error": "a\0b"}]});
    assert_eq!(desk.finish("mail", &failed).await["ended"], json!([1]));
}

#[tokio::test]
async fn whoever_waits_is_woken_by_a_send_to_another_server() {
    let db = TestDb::new().await;
    let (here, there) = (Desk::open(&db).await, Desk::open(&db).await);
    there.send("mail", &json!({"payload": 1})).await;
    assert_eq!(here.claim("mail", &json!({})).await.len(), 1);
    let waiting = here.wait("mail", json!({"wait_ms": 30_000}));
    waits(&db).await;
    let id = there.send("mail", &json!({"payload": 2})).await;
    assert_eq!(waiting.await.unwrap().json()["jobs"][0]["id"], id);
}

#[tokio::test]
async fn whoever_waits_finds_what_nobody_told_of() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.poll = Duration::from_millis(50);
    let desk = Desk::open_with(&db, config, Scope::Queues).await;
    // A queue that pgmq has made, and jobs that come through no pgstead.
    let client = db.client().await;
    client.batch_execute("select pgmq.create('mail')").await.unwrap();
    let waiting: Vec<_> = (0..3).map(|_| desk.wait("mail", json!({"wait_ms": 30_000}))).collect();
    let send = "select pgmq.send('mail', to_jsonb(n)) from generate_series(1, 3) n";
    client.batch_execute(send).await.unwrap();
    let mut ids = HashSet::new();
    for waiting in waiting {
        let response = waiting.await.unwrap();
        ids.insert(response.json()["jobs"][0]["id"].as_i64().unwrap());
    }
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn a_claim_that_is_never_finished_comes_back_after_its_lease() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let id = desk.send("mail", &json!({"payload": 1})).await;
    let first = desk.claim("mail", &json!({"lease_ms": 200})).await;
    assert_eq!((&first[0]["id"], &first[0]["attempt"]), (&json!(id), &json!(1)));
    let second = desk.claim("mail", &json!({"lease_ms": 60_000, "wait_ms": 30_000})).await;
    assert_eq!((&second[0]["id"], &second[0]["attempt"]), (&json!(id), &json!(2)));
    // Whoever had it first has it no more, and can neither keep nor end it.
    let extended = desk.post("/mail/extend", &json!({"jobs": [{"id": id, "attempt": 1}]})).await;
    assert_eq!(extended.json(), json!({"extended": [], "lost": [id]}));
    let late = json!({"done": [{"id": id, "attempt": 1}]});
    assert_eq!(desk.finish("mail", &late).await, json!({"ended": [], "lost": [id]}));
    let body = json!({"jobs": [{"id": id, "attempt": 2}], "lease_ms": 1000});
    assert_eq!(
        desk.post("/mail/extend", &body).await.json(),
        json!({"extended": [id], "lost": []})
    );
    let done = json!({"done": [{"id": id, "attempt": 2}]});
    assert_eq!(desk.finish("mail", &done).await, json!({"ended": [id], "lost": []}));
    assert_eq!(desk.get(&format!("/mail/jobs/{id}")).await.status, 404, "it had nothing to say");
}

#[tokio::test]
async fn whoever_waits_gets_what_falls_due() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let id = desk.send("mail", &json!({"payload": 1, "delay_ms": 150})).await;
    let claimed = desk.claim("mail", &json!({"wait_ms": 30_000})).await;
    assert_eq!(claimed[0]["id"], id);
    let waiting = desk.wait("mail", json!({"wait_ms": 30_000}));
    waits(&db).await;
    // Put back by somebody else, for a while.
    let failed =
        json!({"failed": [{"id": id, "attempt": 1, "error": "no", "retry_after_ms": 100}]});
    assert_eq!(desk.finish("mail", &failed).await["ended"], json!([id]));
    let again = waiting.await.unwrap().json();
    assert_eq!((&again["jobs"][0]["id"], &again["jobs"][0]["attempt"]), (&json!(id), &json!(2)));
    let errors = &again["jobs"][0]["headers"]["x-pgstead-errors"];
    assert_eq!(errors[0]["error"], "no");
}

#[tokio::test]
async fn a_server_that_stops_lets_nobody_wait() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    desk.send("mail", &json!({"payload": 1, "delay_ms": 3_600_000})).await;
    let waiting = desk.wait("mail", json!({"wait_ms": 30_000}));
    waits(&db).await;
    desk.stop().await;
    let response = waiting.await.unwrap();
    assert_eq!((response.status, response.json()), (200, json!({"jobs": []})));
}

#[tokio::test]
async fn a_client_that_goes_away_takes_no_job_along() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    desk.send("mail", &json!({"payload": 1, "delay_ms": 3_600_000})).await;
    let mut stream = TcpStream::connect(desk.address).await.unwrap();
    let (key, body) = (&desk.key, r#"{"wait_ms":30000}"#);
    let text = format!(
        "POST /v1/queues/mail/claim HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    waits(&db).await;
    drop(stream);
    // The server hears of that before it answers this.
    assert_eq!(desk.get("/mail").await.status, 200);
    let id = desk.send("mail", &json!({"payload": 2})).await;
    let claimed = desk.claim("mail", &json!({"wait_ms": 5000})).await;
    assert_eq!((&claimed[0]["id"], &claimed[0]["attempt"]), (&json!(id), &json!(1)));
}

#[tokio::test]
async fn jobs_fail_are_released_and_given_up() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    for n in 1..=3 {
        desk.send("mail", &json!({"payload": n})).await;
    }
    desk.claim("mail", &json!({"max": 3})).await;
    let ends = json!({
        "failed": [{"id": 1, "attempt": 1, "error": "first"}],
        "released": [{"id": 2, "attempt": 1}],
        "discarded": [{"id": 3, "attempt": 1, "reason": "no such user"}],
    });
    assert_eq!(desk.finish("mail", &ends).await, json!({"ended": [1, 3, 2], "lost": []}));
    // Sent again, after an answer that was lost.
    assert_eq!(desk.finish("mail", &ends).await, json!({"ended": [], "lost": [1, 3, 2]}));
    let extend = json!({"jobs": [{"id": 1, "attempt": 1}]});
    assert_eq!(desk.post("/mail/extend", &extend).await.json()["lost"], json!([1]));
    let claimed = desk.claim("mail", &json!({"max": 3})).await;
    let attempts: Vec<_> = claimed.iter().map(|job| (&job["id"], &job["attempt"])).collect();
    assert_eq!(
        attempts,
        [(&json!(1), &json!(2)), (&json!(2), &json!(1))],
        "a release does not count"
    );
    let found = desk.get("/mail/jobs/3").await.json();
    assert_eq!((&found["state"], &found["result"]), (&json!("discarded"), &json!("no such user")));
    // The last attempt that it has.
    let failed =
        json!({"failed": [{"id": 1, "attempt": 2, "error": "second", "retry_after_ms": 5}]});
    desk.finish("mail", &failed).await;
    let dead = desk.get("/mail/dead").await.json();
    let errors: Vec<_> = dead["dead"][0]["errors"].as_array().unwrap().iter().collect();
    assert_eq!((&errors[0]["error"], &errors[1]["error"]), (&json!("first"), &json!("second")));
    assert_eq!(errors.len(), 2);
    assert_eq!(desk.get("/mail/jobs/1").await.json()["state"], "dead");
}

#[tokio::test]
async fn dead_letters_are_paged_redriven_and_removed() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.max_attempts = 1;
    let desk = Desk::open_with(&db, config, Scope::Queues).await;
    let jobs: Vec<Value> = (1..=7).map(|n| json!({"payload": n})).collect();
    desk.post("/mail/jobs", &json!({"jobs": jobs})).await;
    let failed: Vec<Value> = (desk.claim("mail", &json!({"max": 7})).await.iter())
        .map(|job| json!({"id": job["id"], "attempt": 1, "error": "no"}))
        .collect();
    desk.finish("mail", &json!({"failed": failed})).await;
    let mut seen = Vec::new();
    let mut path = "/mail/dead?most=3".to_owned();
    loop {
        let page = desk.get(&path).await.json();
        seen.extend(page["dead"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        let Some(before) = page["before"].as_i64() else { break };
        path = format!("/mail/dead?most=3&before={before}");
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    let redrive = desk.post("/mail/dead/redrive", &json!({"ids": [2, 4, 99]})).await;
    assert_eq!(redrive.json(), json!({"redriven": 2}));
    let claimed = desk.claim("mail", &json!({"max": 9})).await;
    let payloads: Vec<_> = claimed.iter().map(|job| (&job["payload"], &job["attempt"])).collect();
    assert_eq!(payloads, [(&json!(2), &json!(1)), (&json!(4), &json!(1))]);
    assert_eq!(desk.ask("DELETE", "/mail/dead/1", "").await.status, 204);
    let again = desk.ask("DELETE", "/mail/dead/1", "").await;
    assert_eq!(told(&again), (404, "there is no such dead letter".to_owned()));
    let slowly = desk.post("/mail/dead/redrive", &json!({"all": true, "per_second": 1})).await;
    assert_eq!(slowly.json(), json!({"redriven": 4}));
    let counts = desk.get("/mail").await.json();
    let waiting = counts["ready"].as_u64().unwrap() + counts["delayed"].as_u64().unwrap();
    assert_eq!((&counts["dead"], waiting), (&json!(0), 4), "{counts}");
    assert_eq!(desk.ask("DELETE", "/mail/jobs", "").await.json(), json!({"purged": 4}));
    assert_eq!(desk.ask("DELETE", "/mail/dead", "").await.json(), json!({"purged": 0}));
    assert_eq!(desk.get("/mail").await.json()["claimed"], 2, "they are whoever's has claimed them");
}

#[tokio::test]
async fn a_paused_queue_gives_out_nothing_until_it_goes_on() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    let id = desk.send("mail", &json!({"payload": 1})).await;
    assert_eq!(desk.ask("POST", "/mail/pause", "").await.status, 204);
    assert_eq!(desk.claim("mail", &json!({})).await, [Value::Null; 0]);
    let listed = desk.get("").await.json();
    assert!(listed["queues"][0]["paused_at"].is_string(), "{listed}");
    let waiting = desk.wait("mail", json!({"wait_ms": 30_000}));
    waits(&db).await;
    assert_eq!(desk.ask("POST", "/mail/resume", "").await.status, 204);
    assert_eq!(waiting.await.unwrap().json()["jobs"][0]["id"], id);
}

#[tokio::test]
async fn a_group_runs_in_order_and_one_at_a_time() {
    let db = TestDb::new().await;
    let (here, there) = (Desk::open(&db).await, Desk::open(&db).await);
    for n in 1..=3 {
        here.send("mail", &json!({"payload": n, "group": "g"})).await;
    }
    let mut order = Vec::new();
    for desk in [&here, &there, &here] {
        let claimed = desk.claim("mail", &json!({"max": 10, "wait_ms": 30_000})).await;
        assert_eq!(claimed.len(), 1, "{claimed:?}");
        order.push(claimed[0]["payload"].as_i64().unwrap());
        assert_eq!(there.claim("mail", &json!({"max": 10})).await.len(), 0, "one at a time");
        let done = json!({"done": [{"id": claimed[0]["id"], "attempt": claimed[0]["attempt"]}]});
        assert_eq!(desk.finish("mail", &done).await["ended"], json!([claimed[0]["id"]]));
    }
    assert_eq!(order, [1, 2, 3]);
}

#[tokio::test]
async fn a_send_with_an_idempotency_key_is_done_once() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    // More than other routes take.
    let body = json!({"payload": "x".repeat(200_000)}).to_string();
    let text = format!(
        "POST /v1/queues/mail/jobs HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         authorization: Bearer {}\r\nidempotency-key: a\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        desk.key,
        body.len()
    );
    let first = send(desk.address, &text).await;
    let second = send(desk.address, &text).await;
    assert_eq!((first.status, second.status, &first.body), (201, 201, &second.body), "{second:?}");
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(desk.claim("mail", &json!({"max": 9})).await.len(), 1);
}

#[tokio::test]
async fn an_unknown_queue_is_told_with_what_may_be_meant() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    desk.send("mail", &json!({"payload": 1})).await;
    let claim = json!({"jobs": [{"id": 1, "attempt": 1}]});
    for (method, path, body) in [
        ("GET", "/mial", Value::Null),
        ("POST", "/mial/claim", json!({})),
        ("POST", "/mial/finish", json!({"done": [{"id": 1, "attempt": 1}]})),
        ("POST", "/mial/extend", claim),
        ("POST", "/mial/pause", Value::Null),
        ("POST", "/mial/resume", Value::Null),
        ("DELETE", "/mial/jobs", Value::Null),
        ("GET", "/mial/jobs/1", Value::Null),
        ("GET", "/mial/jobs/1/logs", Value::Null),
        ("POST", "/mial/jobs/1/logs", json!({"line": "x"})),
        ("POST", "/mial/jobs/1/progress", json!({"progress": 1})),
        ("GET", "/mial/dead", Value::Null),
        ("POST", "/mial/dead/redrive", json!({"all": true})),
        ("DELETE", "/mial/dead", Value::Null),
        ("DELETE", "/mial/dead/1", Value::Null),
    ] {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = desk.ask(method, path, &body).await;
        let detail = "there is no queue \"mial\"; did you mean \"mail\"?".to_owned();
        assert_eq!(told(&response), (404, detail), "{method} {path}");
    }
    let far = desk.get("/reports").await;
    let detail = "there is no queue \"reports\": the first job that is sent makes it".to_owned();
    assert_eq!(told(&far), (404, detail));
    assert_eq!(told(&desk.get("/MAIL").await).0, 404);
    let listed = desk.get("").await;
    assert!(!listed.body.contains("mial") && listed.body.contains("mail"), "nothing was made");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "mistakes, and what is said of each")]
async fn what_cannot_be_asked_is_told_by_its_member() {
    let db = TestDb::new().await;
    let desk = Desk::open(&db).await;
    desk.send("mail", &json!({"payload": 1})).await;
    let mut shown = String::new();
    for (path, body) in [
        ("Mail/jobs", r#"{"payload":1}"#),
        ("mail/jobs", "{}"),
        ("mail/jobs", "[]"),
        ("mail/jobs", r#"{"jobs":[1]}"#),
        ("mail/jobs", r#"{"payload":1,"jobs":[]}"#),
        ("mail/jobs", r#"{"jobs":[]}"#),
        ("mail/jobs", r#"{"jobs":[{"payload":1},{}]}"#),
        ("mail/jobs", r#"{"payload":1,"priority":5}"#),
        ("mail/jobs", r#"{"payload":1,"delay_ms":-1}"#),
        ("mail/jobs", r#"{"payload":1,"delay_ms":99999999999999}"#),
        ("mail/jobs", r#"{"payload":1,"group":""}"#),
        ("mail/jobs", r#"{"payload":1,"dedup":{"key":"k"}}"#),
        ("mail/jobs", r#"{"payload":1,"dedup":{"key":"k","for_ms":0}}"#),
        ("mail/jobs", r#"{"payload":1,"headers":{"x-pgstead-errors":[]}}"#),
        ("mail/jobs", r#"{"payload":1,"headers":{"trace":"\u0000"}}"#),
        ("mail/jobs", r#"{"payload":1,"prioritty":1}"#),
        ("mail/jobs", r#"{"payload":}"#),
        ("mail/claim", r#"{"max":0}"#),
        ("mail/claim", r#"{"max":1001}"#),
        ("mail/claim", r#"{"lease_ms":1}"#),
        ("mail/claim", r#"{"wait_ms":30001}"#),
        ("mail/claim", r#"{"wait":1}"#),
        ("mail/finish", "{}"),
        ("mail/finish", r#"{"done":[{"id":1}]}"#),
        ("mail/finish", r#"{"done":[{"id":1,"attempt":0}]}"#),
        ("mail/finish", r#"{"done":[{"id":1,"attempt":1},{"id":1,"attempt":1}]}"#),
        ("mail/finish", r#"{"failed":[{"id":1,"attempt":1}]}"#),
        ("mail/finish", r#"{"released":[{"id":1,"attempt":1,"retry_after_ms":99999999999999}]}"#),
        ("mail/extend", r#"{"jobs":[]}"#),
        ("mail/extend", r#"{"jobs":[{"id":"1","attempt":1}]}"#),
        ("mail/jobs/1/progress", "{}"),
        ("mail/jobs/1/logs", r#"{"line":1}"#),
        ("mail/jobs/one/logs", r#"{"line":"x"}"#),
        ("mail/dead/redrive", "{}"),
        ("mail/dead/redrive", r#"{"ids":[1],"all":true}"#),
        ("mail/dead/redrive", r#"{"all":true,"per_second":0}"#),
    ] {
        let response = desk.ask("POST", &format!("/{path}"), body).await;
        let (status, detail) = told(&response);
        let field = response.json()["field"].as_str().unwrap_or("-").to_owned();
        writeln!(shown, "{path} {body}\n  {status} {field} {detail}").unwrap();
    }
    for path in
        ["mail/dead?most=0", "mail/dead?before=x", "mail/jobs/1/logs?most=1001", "mail/jobs/x"]
    {
        let (status, detail) = told(&desk.get(&format!("/{path}")).await);
        writeln!(shown, "{path}\n  {status} {detail}").unwrap();
    }
    assert_snapshot!(shown, @r#"
    Mail/jobs {"payload":1}
      400 queue "Mail" is no name of a queue: 1 to 47 of a-z, 0-9, _ and -, the first a letter
    mail/jobs {}
      400 payload payload must be given
    mail/jobs []
      400 - the body is not valid: invalid length 0, expected an object at line 1 column 2
    mail/jobs {"jobs":[1]}
      400 - the body is not valid: jobs[0]: invalid type: integer `1`, expected an object at line 1 column 10
    mail/jobs {"payload":1,"jobs":[]}
      400 jobs jobs must stand alone
    mail/jobs {"jobs":[]}
      400 jobs jobs must have 1 to 1000 elements
    mail/jobs {"jobs":[{"payload":1},{}]}
      400 payload payload must be given
    mail/jobs {"payload":1,"priority":5}
      400 priority priority must be 1 to 4
    mail/jobs {"payload":1,"delay_ms":-1}
      400 - the body is not valid: delay_ms: invalid value: integer `-1`, expected u64 at line 1 column 26
    mail/jobs {"payload":1,"delay_ms":99999999999999}
      400 delay_ms a job is delayed by at most 366 days
    mail/jobs {"payload":1,"group":""}
      400 group a group is 1 to 255 bytes, none of them NUL
    mail/jobs {"payload":1,"dedup":{"key":"k"}}
      400 - the body is not valid: dedup: missing field `for_ms` at line 1 column 32
    mail/jobs {"payload":1,"dedup":{"key":"k","for_ms":0}}
      400 dedup.for_ms a dedup key counts for more than 0 and at most 366 days
    mail/jobs {"payload":1,"headers":{"x-pgstead-errors":[]}}
      400 headers the header "x-pgstead-errors" is pgstead's own: say it as an option of the job
    mail/jobs {"payload":1,"headers":{"trace":"\u0000"}}
      400 headers the payload or a header has the character U+0000, which PostgreSQL cannot keep
    mail/jobs {"payload":1,"prioritty":1}
      400 - the body is not valid: prioritty: unknown field `prioritty`, expected one of `jobs`, `payload`, `delay_ms`, `priority`, `group`, `dedup`, `headers` at line 1 column 24
    mail/jobs {"payload":}
      400 - the body is not valid: payload: expected value at line 1 column 12
    mail/claim {"max":0}
      400 max max must be 1 to 1000
    mail/claim {"max":1001}
      400 max max must be 1 to 1000
    mail/claim {"lease_ms":1}
      400 lease_ms lease_ms must be 100 to 43200000
    mail/claim {"wait_ms":30001}
      400 wait_ms wait_ms must be at most 30000
    mail/claim {"wait":1}
      400 - the body is not valid: wait: unknown field `wait`, expected one of `max`, `lease_ms`, `wait_ms` at line 1 column 7
    mail/finish {}
      400 - there must be 1 to 1000 jobs
    mail/finish {"done":[{"id":1}]}
      400 - the body is not valid: done[0]: missing field `attempt` at line 1 column 17
    mail/finish {"done":[{"id":1,"attempt":0}]}
      400 - the body is not valid: done[0].attempt: invalid value: integer `0`, expected a nonzero u32 at line 1 column 28
    mail/finish {"done":[{"id":1,"attempt":1},{"id":1,"attempt":1}]}
      400 - the job 1 stands there twice
    mail/finish {"failed":[{"id":1,"attempt":1}]}
      400 - the body is not valid: failed[0]: missing field `error` at line 1 column 31
    mail/finish {"released":[{"id":1,"attempt":1,"retry_after_ms":99999999999999}]}
      400 retry_after_ms retry_after_ms must be at most 31622400000
    mail/extend {"jobs":[]}
      400 - there must be 1 to 1000 jobs
    mail/extend {"jobs":[{"id":"1","attempt":1}]}
      400 - the body is not valid: jobs[0].id: invalid type: string "1", expected i64 at line 1 column 18
    mail/jobs/1/progress {}
      400 - the body is not valid: missing field `progress` at line 1 column 2
    mail/jobs/1/logs {"line":1}
      400 - the body is not valid: line: invalid type: integer `1`, expected a string at line 1 column 9
    mail/jobs/one/logs {"line":"x"}
      404 - nothing is known of such a job: it ended without a result, or long ago, or never was
    mail/dead/redrive {}
      400 ids ids must be given, or all be true
    mail/dead/redrive {"ids":[1],"all":true}
      400 ids ids must be given, or all be true
    mail/dead/redrive {"all":true,"per_second":0}
      400 - the body is not valid: per_second: invalid value: integer `0`, expected a nonzero u32 at line 1 column 26
    mail/dead?most=0
      400 most must be 1 to 1000
    mail/dead?before=x
      400 the query is not valid: before: invalid digit found in string
    mail/jobs/1/logs?most=1001
      400 most must be 1 to 1000
    mail/jobs/x
      404 nothing is known of such a job: it ended without a result, or long ago, or never was
    "#);
    assert_eq!(desk.get("/mail").await.json()["ready"], 1, "nothing was done");
    assert_eq!(desk.ask("PUT", "/mail/claim", "").await.status, 405);
    let large = json!({"payload": "x".repeat(1024 * 1024)});
    let (status, detail) = told(&desk.post("/mail/jobs", &large).await);
    assert_eq!(status, 413);
    assert!(detail.starts_with("the payload has 1048578 bytes, and at most 1048576"), "{detail}");
    let large = json!({"line": "x".repeat(100_000)});
    assert_eq!(told(&desk.post("/mail/jobs/1/logs", &large).await).0, 413);
}

#[tokio::test]
async fn the_scope_is_queues() {
    let db = TestDb::new().await;
    let desk = Desk::open_with(&db, config(), Scope::Limits).await;
    let refused = desk.get("").await;
    assert_eq!(told(&refused), (403, "the API key has not the scope queues".to_owned()));
    let nobody = request(desk.address, "POST", "/v1/queues/mail/claim", None, "{}").await;
    assert_eq!(nobody.status, 401);
}

/// Nothing but requests: what a shell script with curl would do.
async fn work(desk: Arc<Desk>, fails: fn(&Value) -> bool) -> Vec<i64> {
    let mut worked = Vec::new();
    loop {
        let claim = json!({"max": 4, "lease_ms": 30_000, "wait_ms": 30_000});
        let jobs = desk.claim("mail", &claim).await;
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for job in &jobs {
            let (id, attempt) = (&job["id"], &job["attempt"]);
            if job["payload"] == "stop" {
                let done = json!({"done": [{"id": id, "attempt": attempt}]});
                desk.finish("mail", &done).await;
                // What else it has is somebody else's.
                let others = jobs.iter().filter(|other| other["id"] != *id);
                let others: Vec<Value> =
                    others.map(|job| json!({"id": job["id"], "attempt": job["attempt"]})).collect();
                if !others.is_empty() {
                    desk.finish("mail", &json!({"released": others})).await;
                }
                return worked;
            }
            if fails(job) {
                failed.push(json!({"id": id, "attempt": attempt, "error": "not yet"}));
            } else {
                worked.push(job["payload"].as_i64().unwrap());
                done.push(json!({"id": id, "attempt": attempt}));
            }
        }
        let ended = desk.finish("mail", &json!({"done": done, "failed": failed})).await;
        assert_eq!(ended["lost"], json!([]));
    }
}

#[tokio::test]
async fn workers_in_any_language_do_each_job_once() {
    let db = TestDb::new().await;
    let desks = [Arc::new(Desk::open(&db).await), Arc::new(Desk::open(&db).await)];
    desks[0].send("mail", &json!({"payload": 0})).await;
    let mut workers = JoinSet::new();
    for desk in [&desks[0], &desks[1], &desks[1]] {
        // Each third fails the first time.
        let fails = |job: &Value| job["attempt"] == 1 && job["payload"].as_i64().unwrap() % 3 == 0;
        workers.spawn(work(Arc::clone(desk), fails));
    }
    for batch in 0..10 {
        let jobs: Vec<Value> = (1..=10).map(|n| json!({"payload": batch * 10 + n})).collect();
        desks[batch % 2].post("/mail/jobs", &json!({"jobs": jobs})).await;
    }
    eventually("all are done", Duration::from_secs(30), async || {
        let counts = desks[0].get("/mail").await.json();
        ["ready", "delayed", "claimed"].iter().all(|kind| counts[kind] == 0)
    })
    .await;
    for _ in 0..3 {
        desks[0].send("mail", &json!({"payload": "stop"})).await;
    }
    let mut worked: Vec<i64> = workers.join_all().await.concat();
    worked.sort_unstable();
    assert_eq!(worked, (0..=100).collect::<Vec<i64>>());
    assert_eq!(desks[0].get("/mail").await.json()["dead"], 0);
}

#[tokio::test]
async fn a_role_that_may_only_use_the_tables_can_work_at_queues_that_are_there() {
    let db = TestDb::new().await;
    let owners = Queues::start(db.db(), config()).unwrap();
    owners.queue::<Value>("mail").await.unwrap();
    let admin = Admin::connect(db.url()).await;
    let role = format!("{}_app", db.name());
    admin
        .execute(&format!(
            "create role {role} login;
             grant usage on schema pgstead, pgmq to {role};
             grant select, insert, update, delete on all tables in schema pgstead, pgmq to {role};
             grant usage on all sequences in schema pgmq to {role}"
        ))
        .await;
    let url = db.url().replacen("pgstead@", &format!("{role}@"), 1);
    let as_role = Db::connect(&pgstead_store::Config::new(url)).await.unwrap();
    assert_eq!(pgstead_queue::install(&as_role).await.unwrap(), None);
    let mut config = config();
    config.others.max_attempts = 1;
    let queues = Queues::start(&as_role, config).unwrap();
    let name = "mail".parse().unwrap();
    assert!(queues.is_there(&name).await.unwrap());
    let queue: Queue<Value> = queues.open(name).await.unwrap();
    let name = queue.name();
    queue.send(&json!(1)).await.unwrap();
    let once = NewJob::new(&2).unwrap().dedup("k", Duration::from_mins(1)).unwrap();
    queue.send_job(once.group("g").unwrap()).await.unwrap();
    let claimed = queues.claim(name, 9, Duration::from_mins(1)).await.unwrap();
    assert_eq!(claimed.len(), 2);
    let finished = claimed.iter().enumerate().map(|(at, job)| Finished {
        id: job.id,
        attempt: job.attempt,
        outcome: if at == 0 { Err("no".to_owned()) } else { Ok(Outcome::Result(json!(1))) },
    });
    assert_eq!(queues.finish(name, &finished.collect::<Vec<_>>()).await.unwrap().len(), 2);
    queues.log(name, claimed[0].id, "line").await.unwrap();
    queues.progress(name, claimed[0].id, &json!(1)).await.unwrap();
    assert_eq!(queues.redrive(name, &Which::All, None).await.unwrap(), 1);
    queues.pause(name).await.unwrap();
    queues.resume(name).await.unwrap();
    queues.sweep().await.unwrap();
    assert_eq!(queues.purge(name).await.unwrap(), 1);
    // A new one is the owner's to make.
    assert!(queues.queue::<Value>("other").await.is_err());
    drop((queue, queues, as_role));
    admin.execute(&format!("drop owned by {role}; drop role {role}")).await;
}
