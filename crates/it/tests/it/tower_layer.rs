//! The tower layer, in axum's router and around services that know nothing of axum. Header fields
//! are read as a client reads them, by a parser of structured fields (RFC 9651).

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Path,
    http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode, request::Parts},
    response::IntoResponse as _,
    routing::get,
};
use http_body_util::{BodyExt as _, Full};
use pgstead::{
    limits::{
        Algorithm, Config, Invalid, Limits, OnOutage, Policy, PolicyConfig, Standing, Subject,
    },
    rate_limit::{ClientIp, Headers, Key, MissingKey, OnError, RateLimitLayer, Refusal},
    store::{Clock, Db, ManualClock, migrate::migrate},
};
use pgstead_it::{LINES, TestDb, TestServer, http as socket};
use serde_json::{Value, json};
use sfv::{BareItem, List, ListEntry, Parser};
use tokio::net::TcpListener;
use tower::{Layer as _, Service, ServiceExt as _, service_fn};
use tracing_subscriber::util::SubscriberInitExt as _;

/// A member of `RateLimit` or `RateLimit-Policy`: the policy, and its parameters.
pub(crate) type Quota = (String, Vec<(String, i64)>);

/// The members of a list of quotas, which may stand in several lines.
pub(crate) fn quotas<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Quota> {
    let value = lines.into_iter().collect::<Vec<_>>().join(", ");
    let list: List = Parser::new(&value).parse().unwrap_or_else(|error| panic!("{error}: {value}"));
    let quota = |entry| {
        let ListEntry::Item(item) = entry else { panic!("no item: {value}") };
        let BareItem::String(policy) = item.bare_item else { panic!("no string: {value}") };
        let parameters = item.params.into_iter().map(|(name, value)| match value {
            BareItem::Integer(number) => (name.as_str().to_owned(), number.into()),
            other => panic!("{name} is no integer: {other:?}"),
        });
        (policy.as_str().to_owned(), parameters.collect())
    };
    list.into_iter().map(quota).collect()
}

fn quota(policy: &str, parameters: &[(&str, i64)]) -> Quota {
    let owned = |(name, value): &(&str, i64)| ((*name).to_owned(), *value);
    (policy.to_owned(), parameters.iter().map(owned).collect())
}

/// An answer of a service.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn quotas(&self, name: &str) -> Vec<Quota> {
        quotas(self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map(|value| value.to_str().unwrap());
        assert!(values.next().is_none(), "{name} stands twice: {:?}", self.headers);
        value
    }

    fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Asks a service.
async fn ask<S, B, R>(service: &S, request: Request<B>) -> Answer
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    S::Error: std::fmt::Debug,
    R: HttpBody,
    R::Error: std::fmt::Debug,
{
    let response = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A request for that path with a key.
fn request(path: &str, key: &str) -> Request<Body> {
    Request::get(path).header("x-key", key).body(Body::empty()).unwrap()
}

fn key() -> Key {
    Key::header(HeaderName::from_static("x-key"))
}

/// `api`: 100 a minute, 20 at once. `login`: 5 in 5 minutes. `odd`: 3 in 1.5 s.
fn limits(db: &Db) -> (Arc<Limits>, ManualClock) {
    let mut api = PolicyConfig::new(Algorithm::TokenBucket, 100, Duration::from_mins(1));
    (api.burst, api.on_outage) = (Some(20), Some(OnOutage::Allow));
    let mut login = PolicyConfig::new(Algorithm::FixedWindow, 5, Duration::from_mins(5));
    login.on_outage = Some(OnOutage::Deny);
    let odd = PolicyConfig::new(Algorithm::FixedWindow, 3, Duration::from_millis(1500));
    let policies = [("api", api), ("login", login), ("odd", odd)].map(|(name, mut config)| {
        config.timeout = Duration::from_secs(10);
        Policy::new(name, &config).unwrap()
    });
    let clock = ManualClock::new(Duration::from_hours(400_000));
    let mut config = Config::new(policies);
    config.clock = Clock::Manual(clock.clone());
    (Arc::new(Limits::start(db, config)), clock)
}

fn layer(limits: &Arc<Limits>, policy: &str) -> RateLimitLayer {
    RateLimitLayer::new(Arc::clone(limits), policy, key()).unwrap()
}

/// A router in which everything is there and nothing else is limited.
fn app(layer: RateLimitLayer) -> Router {
    Router::new().fallback(|| async { "done" }).layer(layer)
}

/// Where a key stands.
async fn standing(limits: &Limits, policy: &str, key: &str) -> Standing {
    let subject: Subject = limits.subject(policy, key).unwrap();
    limits.peek(&subject).await.unwrap()
}

#[tokio::test]
async fn a_request_passes_and_then_is_refused() {
    let db = TestDb::new().await;
    let (limits, clock) = limits(db.db());
    let app = app(layer(&limits, "login"));
    for left in (0..5).rev() {
        let answer = ask(&app, request("/", "ann")).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "done"));
        assert_eq!(answer.quotas("ratelimit-policy"), [quota("login", &[("q", 5), ("w", 300)])]);
        assert_eq!(answer.quotas("ratelimit"), [quota("login", &[("r", left), ("t", 300)])]);
        assert_eq!(answer.header("retry-after"), None);
    }
    clock.advance(Duration::from_millis(100_001));
    let refused = ask(&app, request("/", "ann")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.quotas("ratelimit-policy"), [quota("login", &[("q", 5), ("w", 300)])]);
    // 199.999 s, rounded up.
    assert_eq!(refused.quotas("ratelimit"), [quota("login", &[("r", 0), ("t", 200)])]);
    assert_eq!(refused.header("retry-after"), Some("200"));
    let expected = json!({
        "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
        "title": "Request cannot be satisfied as assigned quota has been exceeded",
        "status": 429,
        "detail": "the limit \"login\" is reached; try again in 199999 ms",
        "violated-policies": ["login"],
        "allowed": false,
        "policy": "login",
        "limit": 5,
        "remaining": 0,
        "reset_after_ms": 199_999,
        "retry_after_ms": 199_999,
        "source": "database",
    });
    assert_eq!(refused.json(), expected);
    assert_eq!(ask(&app, request("/", "bob")).await.status, StatusCode::OK, "he is another one");
    clock.advance(Duration::from_mins(5));
    assert_eq!(ask(&app, request("/", "ann")).await.status, StatusCode::OK, "that was long ago");
}

#[tokio::test]
async fn headers_are_of_the_form_that_was_chosen() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    for (headers, structured, x) in [
        (Headers::Structured, true, false),
        (Headers::XRateLimit, false, true),
        (Headers::Both, true, true),
        (Headers::None, false, false),
    ] {
        let app = app(layer(&limits, "odd").headers(headers));
        let key = format!("{headers:?}");
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(ask(&app, request("/", &key)).await);
        }
        for (answer, left) in answers.iter().zip([2, 1, 0, 0]) {
            let (policy, left_) =
                (quota("odd", &[("q", 3)]), quota("odd", &[("r", left), ("t", 2)]));
            let expected = |quota: Quota| if structured { vec![quota] } else { vec![] };
            assert_eq!(answer.quotas("ratelimit-policy"), expected(policy), "{headers:?}");
            assert_eq!(answer.quotas("ratelimit"), expected(left_), "{headers:?}");
            let expected = |value: &str| x.then(|| value.to_owned());
            for (name, value) in [
                ("x-ratelimit-limit", "3"),
                ("x-ratelimit-remaining", &left.to_string()),
                ("x-ratelimit-reset", "2"),
            ] {
                assert_eq!(answer.header(name).map(str::to_owned), expected(value), "{headers:?}");
            }
        }
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses, [200, 200, 200, 429]);
        assert_eq!(answers[3].header("retry-after"), Some("2"), "{headers:?}");
    }
}

#[tokio::test]
async fn what_others_wrote_stays() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let own = [
        ("ratelimit-policy", "\"upstream\";q=9;w=1"),
        ("ratelimit", "\"upstream\";r=8;t=1"),
        ("retry-after", "77"),
    ];
    let app = Router::new()
        .route("/own", get(move || async move { (own, "done") }))
        .fallback(|| async { "done" })
        .layer(layer(&limits, "login").headers(Headers::Both))
        .layer(layer(&limits, "api").headers(Headers::Both));
    let answer = ask(&app, request("/own", "ann")).await;
    let policies = [
        quota("upstream", &[("q", 9), ("w", 1)]),
        quota("login", &[("q", 5), ("w", 300)]),
        quota("api", &[("q", 100), ("w", 60)]),
    ];
    assert_eq!(answer.quotas("ratelimit-policy"), policies);
    let left = [
        quota("upstream", &[("r", 8), ("t", 1)]),
        quota("login", &[("r", 4), ("t", 300)]),
        quota("api", &[("r", 19), ("t", 1)]),
    ];
    assert_eq!(answer.quotas("ratelimit"), left);
    assert_eq!(answer.header("retry-after"), Some("77"));
    // Of what is no list, the inner limit's stays: one limit's, and not a mixture.
    let x = |answer: &Answer| {
        ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
            .map(|name| answer.header(name).unwrap().to_owned())
    };
    assert_eq!(x(&answer), ["5", "4", "300"]);
    for _ in 0..4 {
        ask(&app, request("/", "ann")).await;
    }
    let refused = ask(&app, request("/", "ann")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json()["violated-policies"], json!(["login"]));
    let policies: Vec<String> = refused.quotas("ratelimit").into_iter().map(|(of, _)| of).collect();
    assert_eq!(policies, ["login", "api"]);
    assert_eq!(x(&refused), ["5", "0", "300"]);
    assert_eq!(refused.header("retry-after"), Some("300"));
}

#[tokio::test]
async fn a_refusal_is_as_it_was_written() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let layer = layer(&limits, "login").cost(|request| match request.uri.path() {
        "/all" => 5,
        "/more" => 6,
        _ => 1,
    });
    let written = layer.clone().on_refusal(|refusal, request| match refusal {
        Refusal::Limited(limited) => {
            let waits = limited.retry_after().as_secs();
            let left = limited.standing().remaining;
            let text = format!("{} of {}: {left}, {waits}", request.uri, limited.policy().name());
            (StatusCode::IM_A_TEAPOT, [("retry-after", "1000"), ("x-own", "yes")], text)
                .into_response()
        }
        other => (StatusCode::BAD_GATEWAY, other.problem().into_response()).into_response(),
    });
    let app = app(written);
    assert_eq!(ask(&app, request("/all", "ann")).await.status, StatusCode::OK);
    let refused = ask(&app, request("/", "ann")).await;
    assert_eq!(refused.status, StatusCode::IM_A_TEAPOT);
    assert_eq!(refused.body, "/ of login: 0, 300");
    assert_eq!(refused.header("x-own"), Some("yes"));
    assert_eq!(refused.header("retry-after"), Some("1000"), "it was said, and stays");
    assert_eq!(refused.quotas("ratelimit"), [quota("login", &[("r", 0), ("t", 300)])]);
    let refused = ask(&app, request("/more", "ann")).await;
    assert_eq!(refused.status, StatusCode::BAD_GATEWAY, "other refusals are written too");
    assert_eq!(refused.json()["status"], 413);
    // Without axum a body is a string.
    let plain = layer.on_refusal(|_, _| Response::new("no".to_owned()));
    let refused = ask(&self::app(plain), request("/", "ann")).await;
    assert_eq!((refused.status, refused.body.as_str()), (StatusCode::OK, "no"));
}

#[tokio::test]
async fn costs_are_taken_and_what_is_skipped_is_not() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let cost = |request: &Parts| {
        let cost = request.uri.query().and_then(|query| query.strip_prefix("cost="));
        cost.map_or(1, |cost| cost.parse().unwrap())
    };
    let layer = layer(&limits, "api")
        .cost(cost)
        .skip(|request| request.method == Method::OPTIONS)
        .skip(|request| request.uri.path() == "/healthz");
    let app = app(layer);
    let options = || {
        let options = Request::options("/").header("x-key", "ann");
        options.body(Body::empty()).unwrap()
    };
    for (request, status, left) in [
        (request("/", "ann"), 200, 19),
        (request("/?cost=5", "ann"), 200, 14),
        // To wait helps, and what was refused has taken nothing.
        (request("/?cost=15", "ann"), 429, 14),
        // To wait does not help.
        (request("/?cost=21", "ann"), 413, 14),
        (request("/?cost=18446744073709551615", "ann"), 413, 14),
        (request("/?cost=0", "ann"), 200, 14),
        (request("/healthz?cost=5", "ann"), 200, 14),
        (options(), 200, 14),
        (request("/?cost=14", "ann"), 200, 0),
        (request("/healthz", "ann"), 200, 0),
        (request("/", "ann"), 429, 0),
    ] {
        let (uri, method) = (request.uri().clone(), request.method().clone());
        let answer = ask(&app, request).await;
        assert_eq!(answer.status, status, "{method} {uri}");
        assert_eq!(standing(&limits, "api", "ann").await.remaining, left, "{method} {uri}");
        let is_counted = matches!(uri.query(), None | Some("cost=5" | "cost=15" | "cost=14"))
            && uri.path() == "/"
            && method == Method::GET;
        assert_eq!(answer.headers.contains_key("ratelimit"), is_counted, "{method} {uri}");
        if status == 413 {
            assert_eq!(answer.header("retry-after"), None);
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.ends_with("the policy never grants more than 20 at once"), "{detail}");
        }
    }
}

#[tokio::test]
async fn a_request_without_a_key_is_treated_as_was_said() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let without = || Request::get("/").body(Body::empty()).unwrap();
    let empty = || request("/", "");

    let refusing = app(layer(&limits, "login"));
    for request in [without(), empty()] {
        let refused = ask(&refusing, request).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let detail = "the request does not say whom it is to be counted for";
        assert_eq!(refused.json()["detail"], detail);
        assert_eq!(refused.header("ratelimit"), None);
    }

    let skipping = app(layer(&limits, "login").missing_key(MissingKey::Skip));
    for _ in 0..10 {
        let passed = ask(&skipping, without()).await;
        assert_eq!((passed.status, passed.header("ratelimit")), (StatusCode::OK, None));
    }

    let everybody = MissingKey::Shared("everybody".to_owned());
    let sharing = app(layer(&limits, "login").missing_key(everybody));
    for left in (0..5).rev() {
        let passed = ask(&sharing, if left % 2 == 0 { without() } else { empty() }).await;
        assert_eq!(passed.quotas("ratelimit"), [quota("login", &[("r", left), ("t", 300)])]);
    }
    assert_eq!(ask(&sharing, without()).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(standing(&limits, "login", "everybody").await.remaining, 0);
    assert_eq!(ask(&sharing, request("/", "ann")).await.status, StatusCode::OK);
    // A key that cannot be one is not missing, or who makes it longer would pass.
    for app in [&refusing, &skipping, &sharing] {
        let refused = ask(app, request("/", &"k".repeat(1025))).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let detail = "the key has 1025 bytes; at most 1024 are allowed";
        assert_eq!(refused.json()["detail"], detail);
    }
}

#[tokio::test]
async fn an_unknown_policy_is_found_when_the_layer_is_made() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let made = RateLimitLayer::new(limits, "apy", key());
    assert_eq!(made.unwrap_err(), Invalid::UnknownPolicy { name: "apy".to_owned() });
}

#[tokio::test]
async fn parts_of_the_path_are_keys() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let of = |name: &str| {
        RateLimitLayer::new(Arc::clone(&limits), "login", Key::path_param(name)).unwrap()
    };
    let team = Key::all([Key::path_param("team"), Key::path_param("user")]);
    let both = RateLimitLayer::new(Arc::clone(&limits), "login", team).unwrap();
    let handler = |Path(path): Path<Vec<(String, String)>>| async move { format!("{path:?}") };
    let users = Router::new()
        .route("/users/{user}", get(handler).layer(both))
        .route("/none", get(|| async { "done" }));
    let app = Router::new().nest("/teams/{team}", users).layer(of("team"));
    for (path, status) in [
        ("/teams/red/users/ann", 200),
        ("/teams/r%65d/users/b%2Cob", 200),
        ("/teams/red/none", 200),
        ("/teams/%FF/none", 400),
        ("/teams", 400),
    ] {
        assert_eq!(ask(&app, request(path, "")).await.status, status, "{path}");
    }
    assert_eq!(standing(&limits, "login", "red").await.remaining, 2);
    assert_eq!(standing(&limits, "login", "red,ann").await.remaining, 4);
    assert_eq!(standing(&limits, "login", r"red,b\,ob").await.remaining, 4);
}

/// Serves on a socket, where somebody is connected.
async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

async fn forwarded(address: SocketAddr, x_forwarded_for: &str) -> socket::Response {
    let head = format!("GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    socket::send(address, &format!("{head}x-forwarded-for: {x_forwarded_for}\r\n\r\n")).await
}

#[tokio::test]
async fn a_client_is_whoever_is_connected() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let of = |client_ip| {
        RateLimitLayer::new(Arc::clone(&limits), "login", Key::client_ip(client_ip)).unwrap()
    };
    let direct = serve(app(of(ClientIp::new()))).await;
    for spoofed in 1..=5 {
        assert_eq!(forwarded(direct, &format!("192.0.2.{spoofed}")).await.status, 200);
    }
    let refused = forwarded(direct, "192.0.2.6").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("300")));

    let local: ipnet::IpNet = "127.0.0.0/8".parse().unwrap();
    let proxied = serve(app(of(ClientIp::new().trusted_proxies([local])))).await;
    for _ in 0..5 {
        assert_eq!(forwarded(proxied, "6.6.6.6, 203.0.113.7, 127.0.0.9").await.status, 200);
    }
    assert_eq!(forwarded(proxied, "203.0.113.8, 203.0.113.7").await.status, 429);
    assert_eq!(forwarded(proxied, "203.0.113.7, 203.0.113.8").await.status, 200);
    assert_eq!(standing(&limits, "login", "203.0.113.7").await.remaining, 0);
    assert_eq!(standing(&limits, "login", "203.0.113.8").await.remaining, 4);
}

#[tokio::test]
async fn a_server_that_does_not_say_who_is_connected_is_told() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let log = Log::default();
    let _logging = log.listen();
    let layer = RateLimitLayer::new(limits, "login", Key::client_ip(ClientIp::new())).unwrap();
    let app = app(layer.missing_key(MissingKey::Skip));
    for _ in 0..3 {
        let refused = ask(&app, request("/", "")).await;
        assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(refused.json()["detail"], "see the server's log");
    }
    let log = log.take();
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(log[0].contains("into_make_service_with_connect_info"), "{log:?}");
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_refused_or_passes() {
    let db = TestDb::empty().await;
    let (limits, _clock) = limits(db.db());
    let log = Log::default();
    let _logging = log.listen();
    let refusing = app(layer(&limits, "login"));
    let passing = app(layer(&limits, "login").on_error(OnError::Pass));
    for times in 1..=2 {
        if times == 2 {
            let sql = "alter table pgstead.limits_fast rename to limits_gone";
            db.client().await.batch_execute(sql).await.unwrap();
        }
        for _ in 0..3 {
            let refused = ask(&refusing, request("/", "ann")).await;
            assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
            let expected = json!({
                "title": "Service Unavailable",
                "status": 503,
                "detail": "the limit cannot be looked up",
            });
            assert_eq!(refused.json(), expected);
            let passed = ask(&passing, request("/", "ann")).await;
            assert_eq!((passed.status, passed.header("ratelimit")), (StatusCode::OK, None));
        }
        if times == 1 {
            migrate(db.db(), LINES).await.unwrap();
        } else {
            let sql = "alter table pgstead.limits_gone rename to limits_fast";
            db.client().await.batch_execute(sql).await.unwrap();
        }
        for app in [&refusing, &passing] {
            let passed = ask(app, request("/", "ann")).await;
            assert_eq!(passed.status, StatusCode::OK);
            assert!(passed.headers.contains_key("ratelimit"));
        }
        // Each layer says it once when it begins, and once when it has ended.
        let log = log.take();
        let said: Vec<&str> = log.iter().map(|line| line.trim_start()).collect();
        let of = |what: &str| said.iter().filter(|line| line.contains(what)).count();
        assert_eq!((said.len(), of("cannot be looked up"), of("again")), (4, 2, 2), "{said:?}");
        assert!(said[0].contains("ERROR") && said[0].contains("limits_fast"), "{said:?}");
    }
}

#[tokio::test]
async fn without_postgresql_the_rules_decide() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let (limits, _clock) = limits(&db);
    server.stop().await;
    let refused = ask(&app(layer(&limits, "login")), request("/", "ann")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.quotas("ratelimit"), [quota("login", &[("r", 0), ("t", 1)])]);
    assert_eq!(refused.header("retry-after"), Some("1"));
    let kind = "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";
    assert_eq!(refused.json()["type"], kind);
    let passed = ask(&app(layer(&limits, "api")), request("/", "ann")).await;
    assert_eq!(passed.status, StatusCode::OK);
    assert_eq!(passed.quotas("ratelimit"), [quota("api", &[("r", 0), ("t", 1)])]);
}

/// A service that may only be called when it has said that it is ready.
#[derive(Debug)]
struct Ready(bool);

impl Clone for Ready {
    fn clone(&self) -> Self {
        Self(false)
    }
}

impl Service<Request<Full<Bytes>>> for Ready {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0 = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        assert!(self.0, "it has said that it is ready");
        self.0 = false;
        std::future::ready(Ok(Response::new(request.into_body())))
    }
}

#[tokio::test]
async fn any_service_of_http_is_limited() {
    let db = TestDb::new().await;
    let (limits, _clock) = limits(db.db());
    let mut service = layer(&limits, "odd").layer(Ready(false));
    let request = || {
        let request = Request::post("/").header("x-key", "ann");
        request.body(Full::from("echo")).unwrap()
    };
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let response = service.ready().await.unwrap().call(request()).await.unwrap();
        let status = response.status().as_u16();
        let length = response.body().size_hint().exact().unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(length, body.len() as u64);
        assert_eq!(body == "echo", status == 200);
        statuses.push(status);
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    // Its error is the service's own.
    let failing = service_fn(|_: Request<()>| async { Err::<Response<String>, _>("broken") });
    let request = Request::get("/").header("x-key", "bob").body(()).unwrap();
    let error = layer(&limits, "odd").layer(failing).oneshot(request).await.unwrap_err();
    assert_eq!(error, "broken");
    assert_eq!(standing(&limits, "odd", "bob").await.remaining, 2, "what was taken stays taken");
}

/// What the layer logs in this test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Writes it down, in this thread, until the guard goes.
    fn listen(&self) -> impl Sized {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_env_filter("pgstead::rate_limit=info")
            .with_ansi(false)
            .with_writer(move || log.clone())
            .set_default()
    }

    /// The lines since they were last taken.
    fn take(&self) -> Vec<String> {
        let written = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(written).unwrap().lines().map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
