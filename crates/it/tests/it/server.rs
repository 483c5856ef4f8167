//! The HTTP API, as bytes on a socket.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use insta::assert_snapshot;
use pgstead_it::{
    LINES, TestDb, TestServer, eventually,
    http::{Response, request, send},
};
use pgstead_limits::{Algorithm, Config, Limits, OnOutage, Policy, PolicyConfig};
use pgstead_queue::Queues;
use pgstead_server::{
    App,
    keys::{self, Scope},
    serve,
};
use pgstead_store::{Clock, Db, ManualClock, migrate::migrate};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

/// A server of the test's own.
pub(crate) struct Api {
    pub(crate) address: SocketAddr,
    /// With the scope `limits`.
    pub(crate) key: String,
    pub(crate) clock: ManualClock,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Api {
    /// One at a time that stands.
    async fn start(db: &Db) -> Self {
        let mut api = PolicyConfig::new(Algorithm::TokenBucket, 100, Duration::from_mins(1));
        api.burst = Some(20);
        let mut login = PolicyConfig::new(Algorithm::FixedWindow, 5, Duration::from_mins(5));
        (login.durable, login.timeout) = (true, Duration::from_millis(500));
        let mut odd = PolicyConfig::new(Algorithm::FixedWindow, 3, Duration::from_millis(1500));
        (odd.on_outage, odd.timeout) = (Some(OnOutage::Allow), Duration::from_millis(500));
        let policies = [("api", api), ("login", login), ("odd", odd)]
            .map(|(name, config)| Policy::new(name, &config).unwrap());
        Self::start_with(db, policies).await
    }

    /// One with these policies, at a time that stands.
    pub(crate) async fn start_with(db: &Db, policies: impl IntoIterator<Item = Policy>) -> Self {
        let clock = ManualClock::new(Duration::from_hours(400_000));
        let mut config = Config::new(policies);
        config.clock = Clock::Manual(clock.clone());
        Self::serve(db, config, clock).await
    }

    /// One with these policies, in PostgreSQL's time.
    pub(crate) async fn start_now(db: &Db, policies: impl IntoIterator<Item = Policy>) -> Self {
        Self::serve(db, Config::new(policies), ManualClock::new(Duration::ZERO)).await
    }

    async fn serve(db: &Db, config: Config, clock: ManualClock) -> Self {
        let limits = Arc::new(Limits::start(db, config));
        let (_, secret) =
            keys::create(&db.client().await.unwrap(), "test", &[Scope::Limits]).await.unwrap();
        let queues =
            Queues::start_with(db, pgstead_queue::Config::default(), limits.hub()).unwrap();
        let app = App::load(db.clone(), limits, None, queues, LINES).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move { drop(stopped.await) };
        let serving = tokio::spawn(async move { serve(app, listener, until).await.unwrap() });
        Self { address, key: secret.reveal().to_owned(), clock, stop: Some(stop), serving }
    }

    /// Stops it in good order.
    pub(crate) async fn stop(mut self) {
        self.stop.take().expect("it serves").send(()).expect("it serves");
        self.serving.await.unwrap();
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Response {
        request(self.address, method, path, Some(&self.key), body).await
    }

    async fn check(&self, policy: &str, body: &str) -> Response {
        self.ask("POST", &format!("/v1/limits/{policy}/check"), body).await
    }
}

#[tokio::test]
async fn a_check_is_allowed_and_then_refused() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    assert_snapshot!(api.check("api", r#"{"key":"user:42"}"#).await.shown(), @r##"
    200
    content-type: application/json
    ratelimit-policy: "api";q=100;w=60
    ratelimit: "api";r=19;t=1

    {
      "allowed": true,
      "limit": 100,
      "policy": "api",
      "remaining": 19,
      "reset_after_ms": 600,
      "source": "database"
    }
    "##);
    assert_snapshot!(api.check("api", r#"{"key":"user:42","cost":20}"#).await.shown(), @r##"
    429
    content-type: application/problem+json
    ratelimit-policy: "api";q=100;w=60
    ratelimit: "api";r=19;t=1
    retry-after: 1

    {
      "allowed": false,
      "detail": "the limit \"api\" is reached; try again in 600 ms",
      "limit": 100,
      "policy": "api",
      "remaining": 19,
      "reset_after_ms": 600,
      "retry_after_ms": 600,
      "source": "database",
      "status": 429,
      "title": "Request cannot be satisfied as assigned quota has been exceeded",
      "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
      "violated-policies": [
        "api"
      ]
    }
    "##);
    api.check("login", r#"{"key":"a@b.c","cost":5}"#).await;
    api.clock.advance(Duration::from_millis(1));
    assert_snapshot!(api.check("login", r#"{"key":"a@b.c"}"#).await.shown(), @r##"
    429
    content-type: application/problem+json
    ratelimit-policy: "login";q=5;w=300
    ratelimit: "login";r=0;t=300
    retry-after: 300

    {
      "allowed": false,
      "detail": "the limit \"login\" is reached; try again in 299999 ms",
      "limit": 5,
      "policy": "login",
      "remaining": 0,
      "reset_after_ms": 299999,
      "retry_after_ms": 299999,
      "source": "database",
      "status": 429,
      "title": "Request cannot be satisfied as assigned quota has been exceeded",
      "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
      "violated-policies": [
        "login"
      ]
    }
    "##);
    // A window that is no whole number of seconds is left out of the header.
    assert_snapshot!(api.check("odd", r#"{"key":"x"}"#).await.shown(), @r##"
    200
    content-type: application/json
    ratelimit-policy: "odd";q=3
    ratelimit: "odd";r=2;t=2

    {
      "allowed": true,
      "limit": 3,
      "policy": "odd",
      "remaining": 2,
      "reset_after_ms": 1500,
      "source": "database"
    }
    "##);
}

#[tokio::test]
async fn a_key_is_looked_at_and_reset() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    api.check("login", r#"{"key":"a/b c?é","cost":3}"#).await;
    let path = "/v1/limits/login/keys/a%2Fb%20c%3F%C3%A9";
    assert_snapshot!(api.ask("GET", path, "").await.shown(), @r##"
    200
    content-type: application/json

    {
      "limit": 5,
      "policy": "login",
      "remaining": 2,
      "reset_after_ms": 300000,
      "source": "database"
    }
    "##);
    assert_snapshot!(api.ask("DELETE", path, "").await.shown(), @"204");
    assert_eq!(api.ask("GET", path, "").await.json()["remaining"], 5);
}

#[tokio::test]
async fn the_policies_are_listed() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    assert_snapshot!(api.ask("GET", "/v1/limits", "").await.shown(), @r##"
    200
    content-type: application/json

    {
      "policies": [
        {
          "algorithm": "token-bucket",
          "burst": 20,
          "count_denied": false,
          "durable": false,
          "lease": "off",
          "limit": 100,
          "lockout_ms": [],
          "name": "api",
          "on_outage": "local",
          "origin": "configured",
          "per_ms": 60000,
          "shadow": false,
          "timeout_ms": 1000
        },
        {
          "algorithm": "fixed-window",
          "count_denied": false,
          "durable": true,
          "lease": "off",
          "limit": 5,
          "lockout_ms": [],
          "name": "login",
          "on_outage": "deny",
          "origin": "configured",
          "per_ms": 300000,
          "shadow": false,
          "timeout_ms": 500
        },
        {
          "algorithm": "fixed-window",
          "count_denied": false,
          "durable": false,
          "lease": "off",
          "limit": 3,
          "lockout_ms": [],
          "name": "odd",
          "on_outage": "allow",
          "origin": "configured",
          "per_ms": 1500,
          "shadow": false,
          "timeout_ms": 500
        }
      ]
    }
    "##);
}

#[tokio::test]
async fn bad_input_is_a_problem_and_takes_nothing() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    let long = format!(r#"{{"key":"{}"}}"#, "k".repeat(1025));
    let huge = format!(r#"{{"key":"{}"}}"#, "k".repeat(100_000));
    let mut shown = String::new();
    for body in [
        r#"{"key":"user:42","cost":0}"#,
        r#"{"key":"user:42","cost":-1}"#,
        r#"{"key":"user:42","cost":21}"#,
        r#"{"key":"user:42","cost":1.5}"#,
        r#"{"key":"user:42","cost":99999999999999999999}"#,
        r#"{"key":"user:42","costs":1}"#,
        r#"{"key":""}"#,
        r#"{"key":42}"#,
        r#"{"key":"user:42""#,
        "{}",
        "",
        &long,
        &huge,
    ] {
        let response = api.check("api", body).await;
        assert!((400..500).contains(&response.status), "{response:?}");
        assert_eq!(response.header("content-type"), Some("application/problem+json"));
        let detail = response.json()["detail"].as_str().unwrap().to_owned();
        let asked: String = body.chars().take(50).collect();
        shown +=
            &[asked.as_str(), "\n  ", &response.status.to_string(), " ", &detail, "\n"].concat();
    }
    assert_snapshot!(shown, @r##"
    {"key":"user:42","cost":0}
      400 the cost is 0; it has to be at least 1
    {"key":"user:42","cost":-1}
      400 the body is not valid: cost: invalid value: integer `-1`, expected u64 at line 1 column 26
    {"key":"user:42","cost":21}
      400 the cost is 21, and the policy never grants more than 20 at once
    {"key":"user:42","cost":1.5}
      400 the body is not valid: cost: invalid type: floating point `1.5`, expected u64 at line 1 column 27
    {"key":"user:42","cost":99999999999999999999}
      400 the body is not valid: cost: invalid type: floating point `1e+20`, expected u64 at line 1 column 44
    {"key":"user:42","costs":1}
      400 the body is not valid: costs: unknown field `costs`, expected `key` or `cost` at line 1 column 24
    {"key":""}
      400 the key is empty
    {"key":42}
      400 the body is not valid: key: invalid type: integer `42`, expected a string at line 1 column 9
    {"key":"user:42"
      400 the body is not valid: EOF while parsing an object at line 1 column 16
    {}
      400 the body is not valid: missing field `key` at line 1 column 2

      415 the body has to be JSON, with Content-Type: application/json
    {"key":"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
      400 the key has 1025 bytes; at most 1024 are allowed
    {"key":"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
      413 the body is too large
    "##);
    let peek = api.ask("GET", "/v1/limits/api/keys/user:42", "").await;
    assert_eq!(peek.json()["remaining"], 20, "nothing was taken");
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    assert_snapshot!(api.check("apy", r#"{"key":"x"}"#).await.shown(), @r##"
    404
    content-type: application/problem+json

    {
      "detail": "there is no policy \"apy\"; did you mean \"api\"?",
      "status": 404,
      "title": "Not Found"
    }
    "##);
    assert_snapshot!(api.ask("GET", "/v1/limit", "").await.shown(), @r##"
    404
    content-type: application/problem+json

    {
      "detail": "there is nothing at /v1/limit",
      "status": 404,
      "title": "Not Found"
    }
    "##);
    assert_snapshot!(api.ask("PATCH", "/v1/limits/api/keys/x", "").await.shown(), @r##"
    405
    content-type: application/problem+json
    allow: GET,HEAD,DELETE

    {
      "detail": "/v1/limits/api/keys/x is not for PATCH",
      "status": 405,
      "title": "Method Not Allowed"
    }
    "##);
}

#[tokio::test]
async fn who_has_no_key_gets_nothing() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    let body = r#"{"key":"x"}"#;
    let check = "/v1/limits/api/check";
    assert_snapshot!(request(api.address, "POST", check, None, body).await.shown(), @r##"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="pgstead"

    {
      "detail": "send an API key as Authorization: Bearer pgs_key_…",
      "status": 401,
      "title": "Unauthorized"
    }
    "##);
    let client = db.client().await;
    let unknown = keys::create(&client, "gone", &[Scope::Limits]).await.unwrap();
    keys::revoke(&client, &unknown.0).await.unwrap();
    let revoked = unknown.1.reveal();
    // The server hears of it a moment later.
    eventually("the key is refused", Duration::from_secs(10), async || {
        request(api.address, "POST", check, Some(revoked), body).await.status == 401
    })
    .await;
    assert_snapshot!(request(api.address, "POST", check, Some(revoked), body).await.shown(), @r##"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="pgstead", error="invalid_token"

    {
      "detail": "the API key is unknown or revoked",
      "status": 401,
      "title": "Unauthorized"
    }
    "##);
    let (_, queues) = keys::create(&client, "queues", &[Scope::Queues]).await.unwrap();
    let wrong = Some(queues.reveal());
    assert_snapshot!(request(api.address, "POST", check, wrong, body).await.shown(), @r##"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="pgstead", error="insufficient_scope", scope="limits"

    {
      "detail": "the API key has not the scope limits",
      "status": 403,
      "title": "Forbidden"
    }
    "##);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(request(api.address, "GET", path, None, "").await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_request_has_an_id() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    let id = api.ask("GET", "/healthz", "").await.header("x-request-id").unwrap().to_owned();
    assert!(id.len() > 15, "{id}");
    let own = "GET /healthz HTTP/1.1\r\nhost: x\r\nx-request-id: mine\r\nconnection: close\r\n\r\n";
    assert_eq!(send(api.address, own).await.header("x-request-id"), Some("mine"));
}

/// A body of 100 kB that never ends, a head that never ends: neither keeps the server.
#[tokio::test]
async fn what_is_not_http_is_refused() {
    let db = TestDb::new().await;
    let api = Api::start(db.db()).await;
    let response = send(api.address, "nonsense\r\n\r\n").await;
    assert_eq!(response.status, 400);
    let key = &api.key;
    let chunked = format!(
        "POST /v1/limits/api/check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n20000\r\n{}",
        "k".repeat(0x20000)
    );
    assert_eq!(send(api.address, &chunked).await.status, 413);
}

#[tokio::test]
async fn requests_that_are_under_way_end_before_it_stops() {
    let db = TestDb::new().await;
    let mut api = Api::start(db.db()).await;
    let body = r#"{"key":"x"}"#;
    let mut stream = TcpStream::connect(api.address).await.unwrap();
    let head = format!(
        "POST /v1/limits/api/check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        api.key,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // It has begun to read the request: it says so.
    let mut told = [0; 25];
    stream.read_exact(&mut told).await.unwrap();
    assert!(told.starts_with(b"HTTP/1.1 100 Continue"), "{}", String::from_utf8_lossy(&told));
    api.stop.take().unwrap().send(()).unwrap();
    eventually("it no longer listens", Duration::from_secs(10), async || {
        TcpStream::connect(api.address).await.is_err()
    })
    .await;
    assert!(!api.serving.is_finished());
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    api.serving.await.unwrap();
}

#[tokio::test]
async fn without_postgresql_the_rules_answer_and_readiness_says_so() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let api = Api::start(&db).await;
    assert_eq!(api.check("login", r#"{"key":"x"}"#).await.status, 200);
    server.stop().await;
    assert_snapshot!(api.check("login", r#"{"key":"x"}"#).await.shown(), @r##"
    429
    content-type: application/problem+json
    ratelimit-policy: "login";q=5;w=300
    ratelimit: "login";r=0;t=1
    retry-after: 1

    {
      "allowed": false,
      "detail": "the limit \"login\" cannot be looked up now; try again in 1000 ms",
      "limit": 5,
      "policy": "login",
      "remaining": 0,
      "reset_after_ms": 1000,
      "retry_after_ms": 1000,
      "source": "outage-deny",
      "status": 429,
      "title": "Request cannot be satisfied due to temporary server capacity constraints",
      "type": "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity",
      "violated-policies": [
        "login"
      ]
    }
    "##);
    assert_snapshot!(api.check("odd", r#"{"key":"x"}"#).await.shown(), @r##"
    200
    content-type: application/json
    ratelimit-policy: "odd";q=3
    ratelimit: "odd";r=0;t=1

    {
      "allowed": true,
      "limit": 3,
      "policy": "odd",
      "remaining": 0,
      "reset_after_ms": 1000,
      "source": "outage-allow"
    }
    "##);
    assert_snapshot!(api.ask("GET", "/v1/limits/login/keys/x", "").await.shown(), @r##"
    503
    content-type: application/problem+json
    retry-after: 1

    {
      "detail": "the database does not answer; try again",
      "status": 503,
      "title": "Service Unavailable"
    }
    "##);
    assert_snapshot!(api.ask("GET", "/readyz", "").await.shown(), @r##"
    503
    content-type: application/problem+json
    retry-after: 1

    {
      "detail": "the database does not answer; try again",
      "status": 503,
      "title": "Service Unavailable"
    }
    "##);
    assert_eq!(api.ask("GET", "/healthz", "").await.status, 200, "the process itself is well");
    server.start_again().await;
    eventually("PostgreSQL decides again", Duration::from_secs(20), async || {
        api.check("login", r#"{"key":"x"}"#).await.status == 200
            && api.ask("GET", "/readyz", "").await.status == 200
    })
    .await;
}
