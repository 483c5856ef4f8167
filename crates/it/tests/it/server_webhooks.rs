//! Webhooks over HTTP and on the command line: what programs rely on.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use pgstead_it::{
    LINES, TestDb,
    cli::pgstead,
    eventually,
    http::{Response, request, send},
    sink::Sink,
};
use pgstead_limits::{Config as LimitsConfig, Limits};
use pgstead_queue::{Config as QueuesConfig, Queues};
use pgstead_server::{
    App,
    keys::{self, Scope},
    serve,
};
use pgstead_store::{KeyEncryptionKey, tokio_postgres::types::Type};
use pgstead_webhooks::{QUEUE, Received, Receiver, Scheme, Source, Webhooks};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::webhooks::{local, quick};

/// A server of the test's own, which sends webhooks, and receives those of `github`.
struct Server {
    address: SocketAddr,
    key: String,
    queues: Queues,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

const SECRET: &str = "It's a Secret to Everybody";
const SIGNED: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

impl Server {
    async fn open(db: &TestDb) -> Self {
        let limits = Arc::new(Limits::start(db.db(), LimitsConfig::new([])));
        let mut config = QueuesConfig::default();
        config.queues.insert(QUEUE.parse().unwrap(), quick());
        let queues = Queues::start_with(db.db(), config, limits.hub()).unwrap();
        let kek = KeyEncryptionKey::generate();
        let webhooks = Webhooks::start(db.db(), &queues, kek, local()).await.unwrap();
        let queue = "github".parse().unwrap();
        let source = Source::new(Scheme::GitHub, vec![SECRET.to_owned()], queue);
        let sources = [("github".to_owned(), source)];
        let receiver = Receiver::new(db.db(), &queues, sources).unwrap();
        let scopes = [Scope::Webhooks];
        let (_, secret) = keys::create(&*db.client().await, "test", &scopes).await.unwrap();
        let app = App::load(db.db().clone(), limits, None, queues.clone(), LINES).await.unwrap();
        let app = app.webhooks(webhooks).receiver(receiver);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move { drop(stopped.await) };
        let serving = tokio::spawn(async move { serve(app, listener, until).await.unwrap() });
        Self { address, key: secret.reveal().to_owned(), queues, stop, serving }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Response {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let path = format!("/v1/webhooks{path}");
        request(self.address, method, &path, Some(&self.key), &body).await
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.ask("GET", path, &Value::Null).await;
        assert_eq!(response.status, 200, "{response:?}");
        response.json()
    }

    async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        let response = self.ask("POST", path, &body).await;
        assert_eq!(response.status, status, "{response:?}");
        if response.body.is_empty() { Value::Null } else { response.json() }
    }

    /// As somebody who can sign, and no more.
    async fn receive(&self, path: &str, head: &str, body: &str) -> Response {
        let length = body.len();
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\
             {head}\r\n\r\n{body}"
        );
        send(self.address, &text).await
    }

    async fn stop(self) {
        self.stop.send(()).expect("it serves");
        self.serving.await.unwrap();
    }
}

#[tokio::test]
async fn an_endpoint_is_created_shown_changed_and_removed() {
    let db = TestDb::new().await;
    let server = Server::open(&db).await;
    let body = json!({
        "url": "https://example.com/hooks", "types": ["order.*"], "tenant": "acme",
        "headers": { "Authorization": "Bearer secret" }, "signatures": ["v1", "v1a"],
        "rate": { "count": 10, "per_ms": 1000 }, "description": "theirs",
    });
    let created = server.post("/endpoints", body, 201).await;
    let secrets = created["secrets"].as_array().unwrap();
    assert!(secrets[0]["secret"].as_str().unwrap().starts_with("whsec_"), "{secrets:?}");
    assert!(secrets[1]["secret"].as_str().unwrap().starts_with("whpk_"), "{secrets:?}");
    let id = created["id"].as_str().unwrap();
    let path = format!("/endpoints/{id}");
    let shown = server.get(&path).await;
    assert!(shown.get("secrets").is_none(), "they are shown once");
    assert_eq!(shown["headers"], json!(["authorization"]));
    assert_eq!(shown["rate"], json!({ "count": 10, "per_ms": 1000 }));
    assert_eq!((&shown["tenant"], &shown["types"]), (&json!("acme"), &json!(["order.*"])));
    let body = json!({ "rate": null, "types": [], "description": null, "concurrency": 3 });
    let changed = server.ask("PATCH", &path, &body).await.json();
    assert_eq!((&changed["rate"], &changed["types"]), (&Value::Null, &json!(["*"])));
    assert_eq!((&changed["description"], &changed["concurrency"]), (&Value::Null, &json!(3)));
    assert_eq!(changed["headers"], json!(["authorization"]), "what is not named stays");
    let rotated = server.post(&format!("{path}/rotate-secret"), json!({}), 201).await;
    assert_eq!(rotated["kind"], "v1");
    assert_eq!(server.get(&path).await["signatures"].as_array().unwrap().len(), 3);
    server.post(&format!("{path}/disable"), Value::Null, 204).await;
    assert_eq!(server.get(&path).await["disabled_because"], "request");
    server.post(&format!("{path}/enable"), Value::Null, 204).await;
    let listed = server.get("/endpoints?tenant=acme").await;
    assert_eq!(listed["endpoints"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/endpoints?tenant=x").await["endpoints"], json!([]));
    assert_eq!(server.ask("DELETE", &path, &Value::Null).await.status, 204);
    assert_eq!(server.ask("DELETE", &path, &Value::Null).await.status, 404);
    assert_eq!(server.ask("GET", "/endpoints/ep_x", &Value::Null).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_place() {
    let db = TestDb::new().await;
    let server = Server::open(&db).await;
    let wrong = async |path: &str, body: Value| {
        let response = server.ask("POST", path, &body).await;
        let problem = response.json();
        format!("{} {}: {}", response.status, problem["field"], problem["detail"])
    };
    let endpoint = |more: Value| {
        let mut body = json!({ "url": "https://example.com/" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (told, path, body) in [
        ("400 \"url\": \"this is no URL", "/endpoints", json!({ "url": "x" })),
        (
            "400 \"url\": \"nothing is sent to this address",
            "/endpoints",
            json!({ "url": "http://10.0.0.1/" }),
        ),
        (
            "400 \"types\": \"\\\"a b\\\" is no type",
            "/endpoints",
            endpoint(json!({ "types": ["a b"] })),
        ),
        (
            "400 \"headers\": \"the header \\\"Host\\\"",
            "/endpoints",
            endpoint(json!({ "headers": { "Host": "x" } })),
        ),
        (
            "400 \"signatures\": \"\\\"v9\\\" is no kind",
            "/endpoints",
            endpoint(json!({ "signatures": ["v9"] })),
        ),
        (
            "400 \"concurrency\": \"concurrency must be 1 to 1000",
            "/endpoints",
            endpoint(json!({ "concurrency": 0 })),
        ),
        ("400 \"type\": \"type must be given", "/events", json!({ "payload": 1 })),
        (
            "400 \"type\": \"\\\"pgstead.x\\\" is no type",
            "/events",
            json!({ "type": "pgstead.x", "payload": 1 }),
        ),
        ("400 \"id\": \"an id has", "/events", json!({ "type": "a", "payload": 1, "id": "a.b" })),
        (
            "413 \"payload\": \"the payload has 262154 bytes",
            "/events",
            json!({ "type": "a", "payload": "x".repeat(256 * 1024 + 8) }),
        ),
        ("400 \"events\": \"events must have 1 to 1000", "/events", json!({ "events": [] })),
    ] {
        let is = wrong(path, body).await;
        assert!(is.starts_with(told), "{told}: {is}");
    }
    let path = "/v1/webhooks/endpoints";
    assert_eq!(request(server.address, "GET", path, None, "").await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn events_are_published_once_and_their_attempts_listed() {
    let db = TestDb::new().await;
    let server = Server::open(&db).await;
    let mut sink = Sink::open().await;
    let created = server.post("/endpoints", json!({ "url": sink.url("/ok") }), 201).await;
    let endpoint = created["id"].as_str().unwrap();
    let body = json!({ "type": "order.paid", "payload": { "n": 1 }, "id": "order-1" });
    let expected = json!({ "id": "order-1", "new": true, "deliveries": 1 });
    assert_eq!(server.post("/events", body.clone(), 201).await, expected);
    assert_eq!(server.post("/events", body, 201).await["new"], false);
    let several = json!({ "events": [
        { "type": "a", "payload": null }, { "type": "b", "payload": [1] },
    ] });
    let published = server.post("/events", several, 201).await;
    assert_eq!(published["events"].as_array().unwrap().len(), 2);
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(sink.next().await.body);
    }
    bodies.sort();
    assert_eq!(bodies, ["[1]", "null", r#"{"n":1}"#]);
    let path = format!("/endpoints/{endpoint}/attempts");
    eventually("all are recorded", Duration::from_secs(20), async || {
        server.get(&path).await["attempts"].as_array().unwrap().len() == 3
    })
    .await;
    let page = server.get(&format!("{path}?most=2")).await;
    let before = page["before"].as_str().unwrap();
    let rest = server.get(&format!("{path}?most=2&before={before}")).await;
    assert_eq!((rest["attempts"].as_array().unwrap().len(), &rest["before"]), (1, &Value::Null));
    assert_eq!(server.get(&format!("{path}?failed=true")).await["attempts"], json!([]));
    let event = server.get("/events/order-1").await;
    assert_eq!(event["deliveries"][0]["state"], "delivered");
    let attempts = server.get("/events/order-1/attempts").await;
    let attempt = &attempts["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["body"]), (&json!(200), &json!("taken")));
    let id = attempt["id"].as_str().unwrap();
    server.post(&format!("/attempts/{id}/replay"), Value::Null, 202).await;
    assert_eq!(sink.next().await.body, r#"{"n":1}"#);
    server.post(&format!("/endpoints/{endpoint}/test"), Value::Null, 201).await;
    assert_eq!(sink.next().await.headers["webhook-type"], "pgstead.test");
    let since = json!({ "since": "2020-01-01T00:00:00Z" });
    let replayed = server.post(&format!("/endpoints/{endpoint}/replay"), since, 200).await;
    assert_eq!(replayed, json!({ "deliveries": 0 }));
    server.stop().await;
}

#[tokio::test]
async fn the_answer_with_a_secret_in_it_is_repeated_and_not_kept_in_clear() {
    let db = TestDb::new().await;
    let server = Server::open(&db).await;
    let body = json!({ "url": "https://example.com/" }).to_string();
    let head = format!(
        "authorization: Bearer {}\r\ncontent-type: application/json\r\nidempotency-key: one",
        server.key
    );
    let first = server.receive("/v1/webhooks/endpoints", &head, &body).await;
    let again = server.receive("/v1/webhooks/endpoints", &head, &body).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!((first.json(), again.header("idempotency-replayed")), (again.json(), Some("true")));
    let secret = first.json()["secrets"][0]["secret"].as_str().unwrap().to_owned();
    let kept = "select count(*), count(*) filter (where position($1 in body) > 0)
                  from pgstead.server_idempotency";
    let secret = secret.as_bytes();
    let row = db.client().await.query_typed_one(kept, &[(&secret, Type::BYTEA)]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 0));
    server.stop().await;
}

#[tokio::test]
async fn a_webhook_of_somebody_else_becomes_one_job() {
    let db = TestDb::new().await;
    let server = Server::open(&db).await;
    let (path, body) = ("/v1/webhooks/in/github", "Hello, World!");
    let head = |signed: &str| {
        format!("x-hub-signature-256: {signed}\r\nx-github-delivery: 42\r\nx-github-event: push")
    };
    let first = server.receive(path, &head(SIGNED), body).await;
    assert_eq!((first.status, &first.json()["new"]), (200, &json!(true)), "{first:?}");
    let again = server.receive(path, &head(SIGNED), body).await;
    assert_eq!((again.status, &again.json()["new"]), (200, &json!(false)));
    for (head, body, status) in [
        (head(SIGNED), "Hello, World?", 401),
        (head(&SIGNED.replace('7', "8")), body, 401),
        (String::from("x-github-delivery: 42"), body, 401),
        (format!("x-hub-signature-256: {SIGNED}"), body, 400),
    ] {
        let refused = server.receive(path, &head, body).await;
        assert_eq!(refused.status, status, "{refused:?}");
        assert!(!refused.body.contains(SECRET));
    }
    let unknown = server.receive("/v1/webhooks/in/gitlab", &head(SIGNED), body).await;
    assert_eq!(unknown.status, 404);
    let counts =
        json!({ "sources": { "github": { "accepted": 1, "duplicates": 1, "refused": 4 } } });
    assert_eq!(server.get("/in").await, counts);
    let queue = "github".parse().unwrap();
    let jobs = server.queues.claim(&queue, 10, Duration::from_secs(10)).await.unwrap();
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    let received: Received = serde_json::from_str(job.payload()).unwrap();
    assert_eq!((&*received.source, received.id.as_deref()), ("github", Some("42")));
    assert_eq!(received.base64.as_deref(), Some("SGVsbG8sIFdvcmxkIQ=="));
    assert_eq!(received.headers["x-github-event"], "push");
    assert!(!received.headers.contains_key("x-hub-signature-256"));
    server.stop().await;
}

#[tokio::test]
async fn the_command_line_does_what_the_routes_do() {
    let directory = tempfile::TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let config = "[webhooks]\nallow = [\"127.0.0.0/8\"]\n";
    let run = async |words: &[&str]| {
        let data_dir = ["--data-dir".into(), data_dir.clone().into_os_string()];
        let words = words.iter().map(Into::into).chain(data_dir);
        pgstead(words).configured(config).run().await
    };
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir"].map(Into::into);
    let serving = pgstead(arguments.into_iter().chain([data_dir.clone().into_os_string()]));
    let service = serving.configured(config).serve().await;
    let mut sink = Sink::open().await;
    let url = sink.url("/ok");
    let created = run(&["webhooks", "endpoints", "create", &url, "--type", "a.*", "--json"]).await;
    let created = created.json();
    let id = created["id"].as_str().unwrap();
    assert!(created["secrets"][0]["secret"].as_str().unwrap().starts_with("whsec_"));
    let published = run(&["webhooks", "publish", "a.b", "{\"n\":1}", "--id", "x"]).await;
    assert_eq!(published.stdout, "x is sent to 1 endpoint.\n", "{published:?}");
    assert_eq!(sink.next().await.body, "{\"n\":1}", "the server was told");
    let again = run(&["webhooks", "publish", "a.b", "1", "--id", "x"]).await;
    assert_eq!(again.stdout, "x was published before.\n");
    eventually("it is recorded", Duration::from_mins(1), async || {
        let attempts = run(&["webhooks", "attempts", "--endpoint", id, "--json"]).await;
        attempts.json()["attempts"].as_array().unwrap().len() == 1
    })
    .await;
    let event = run(&["webhooks", "event", "x"]).await;
    assert!(event.stdout.contains("delivered"), "{event:?}");
    let unknown = run(&["webhooks", "event", "y"]).await;
    assert_eq!((unknown.status, &*unknown.stderr), (1, ""));
    let replayed = run(&["webhooks", "replay", id, "--since", "1h"]).await;
    assert_eq!((replayed.status, &*replayed.stdout), (1, "There was nothing to send again.\n"));
    let wrong = run(&["webhooks", "endpoints", "create", "http://10.0.0.1/"]).await;
    assert_eq!(wrong.status, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("webhooks.allow"), "{wrong:?}");
    let gone = run(&["webhooks", "endpoints", "remove", id]).await;
    assert_eq!((gone.status, &*gone.stdout), (0, "Removed.\n"));
    assert_eq!(run(&["webhooks", "endpoints", "show", id]).await.status, 2);
    assert_eq!(service.stop().await, 0);
}
