//! The tower layer that lets requests with a good access token pass.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use axum::{Extension, Router, body::Body, http::Request, response::Response, routing::get};
use http_body_util::BodyExt as _;
use insta::assert_snapshot;
use pgstead::{
    require_token::{RequireToken, Token},
    tokens::{Claims, Config, Grant, KeyEncryptionKey, NewSession, Tokens},
};
use pgstead_it::{LINES, TestDb, TestServer, eventually};
use pgstead_store::{Clock, ManualClock, migrate::migrate};
use tower::ServiceExt as _;

const START: Duration = Duration::from_hours(490_896);

async fn open(db: &TestDb, change: impl FnOnce(&mut Config)) -> Tokens {
    let mut config = Config::new("https://auth.test", KeyEncryptionKey::generate());
    change(&mut config);
    Tokens::open(db.db(), config).await.unwrap()
}

async fn log_in(tokens: &Tokens, audience: &[&str], scopes: &[&str]) -> String {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let grant = Grant { audience: own(audience), scopes: own(scopes), ..Grant::default() };
    let new = NewSession::new("ada").unwrap().grant(&grant).unwrap();
    tokens.issue(&new).await.unwrap().access_token.reveal().to_owned()
}

fn router(layer: RequireToken) -> Router {
    let me = |Token(claims): Token| async move { format!("hello, {}", claims.user) };
    let anybody = |claims: Option<Extension<Arc<Claims>>>| async move {
        claims.map_or("hello, whoever".to_owned(), |claims| format!("hello, {}", claims.user))
    };
    Router::new().route("/me", get(me)).route("/anybody", get(anybody)).layer(layer)
}

/// Status, the header fields that matter, and body.
async fn ask(router: &Router, path: &str, authorization: &[&str]) -> String {
    let mut request = Request::get(path);
    for value in authorization {
        request = request.header("authorization", *value);
    }
    let response: Response =
        router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let mut told = format!("{}\n", response.status());
    for name in ["www-authenticate", "cache-control", "retry-after"] {
        if let Some(value) = response.headers().get(name) {
            writeln!(told, "{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    let body = response.into_body().collect().await.unwrap().to_bytes();
    told + std::str::from_utf8(&body).unwrap()
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[tokio::test]
async fn a_request_with_a_good_token_passes_and_its_claims_with_it() {
    let db = TestDb::new().await;
    let tokens = open(&db, |_| {}).await;
    let router = router(RequireToken::new(tokens.verifier().clone()));
    let token = log_in(&tokens, &[], &[]).await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let told = ask(&router, "/me", &[&format!("{scheme} {token}")]).await;
        assert_eq!(told, "200 OK\nhello, ada");
    }
}

#[tokio::test]
async fn a_request_without_one_is_told_to_send_one() {
    let db = TestDb::new().await;
    let tokens = open(&db, |_| {}).await;
    let layer = RequireToken::new(tokens.verifier().clone()).realm("library").realm("a\"b");
    let router = router(layer);
    let token = bearer(&log_in(&tokens, &[], &[]).await);
    assert_snapshot!(ask(&router, "/me", &[]).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="library"
    cache-control: no-store
    {"title":"Unauthorized","status":401,"detail":"send an access token as Authorization: Bearer …"}
    "#);
    assert_eq!(ask(&router, "/me", &["Basic YTpi"]).await, ask(&router, "/me", &[]).await);
    assert_snapshot!(ask(&router, "/me", &["Bearer"]).await, @r#"
    400 Bad Request
    www-authenticate: Bearer realm="library", error="invalid_request", error_description="there has to be one Authorization header, with one bearer token"
    cache-control: no-store
    {"title":"Bad Request","status":400,"detail":"there has to be one Authorization header, with one bearer token"}
    "#);
    let malformed = ask(&router, "/me", &["Bearer"]).await;
    for authorization in [&[&*token, &*token][..], &["Bearer a b"], &["Bearer a,b"], &["bearer  "]]
    {
        assert_eq!(ask(&router, "/me", authorization).await, malformed, "{authorization:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused() {
    let db = TestDb::new().await;
    let clock = ManualClock::new(START);
    let tokens = open(&db, |config| {
        config.verifier.clock = Clock::Manual(clock.clone());
    })
    .await;
    let router = router(RequireToken::new(tokens.verifier().clone()).audience("library"));
    let good = log_in(&tokens, &["library", "museum"], &[]).await;
    let elsewhere = log_in(&tokens, &["museum"], &[]).await;
    assert!(ask(&router, "/me", &[&bearer(&good)]).await.starts_with("200"));
    assert_snapshot!(ask(&router, "/me", &[&bearer(&elsewhere)]).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="pgstead", error="invalid_token", error_description="the access token is for somebody else"
    cache-control: no-store
    {"title":"Unauthorized","status":401,"detail":"the access token is for somebody else"}
    "#);
    assert_snapshot!(ask(&router, "/me", &["Bearer garbage"]).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="pgstead", error="invalid_token", error_description="the access token is not valid"
    cache-control: no-store
    {"title":"Unauthorized","status":401,"detail":"the access token is not valid"}
    "#);
    tokens.revoke_user("ada").await.unwrap();
    eventually("it is known", Duration::from_secs(20), async || {
        !ask(&router, "/me", &[&bearer(&good)]).await.starts_with("200")
    })
    .await;
    assert_snapshot!(ask(&router, "/me", &[&bearer(&good)]).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="pgstead", error="invalid_token", error_description="the access token was revoked"
    cache-control: no-store
    {"title":"Unauthorized","status":401,"detail":"the access token was revoked"}
    "#);
    let next = log_in(&tokens, &["library"], &[]).await;
    assert!(ask(&router, "/me", &[&bearer(&next)]).await.starts_with("200"));
    clock.advance(Duration::from_mins(11));
    assert_snapshot!(ask(&router, "/me", &[&bearer(&next)]).await, @r#"
    401 Unauthorized
    www-authenticate: Bearer realm="pgstead", error="invalid_token", error_description="the access token has expired"
    cache-control: no-store
    {"title":"Unauthorized","status":401,"detail":"the access token has expired"}
    "#);
}

#[tokio::test]
async fn every_scope_is_required() {
    let db = TestDb::new().await;
    let tokens = open(&db, |_| {}).await;
    let layer = RequireToken::new(tokens.verifier().clone()).scope("read").scope("write");
    let router = router(layer);
    let some = log_in(&tokens, &[], &["read"]).await;
    let all = log_in(&tokens, &[], &["write", "read", "admin"]).await;
    assert_snapshot!(ask(&router, "/me", &[&bearer(&some)]).await, @r#"
    403 Forbidden
    www-authenticate: Bearer realm="pgstead", error="insufficient_scope", error_description="the access token has not the scope read write", scope="read write"
    cache-control: no-store
    {"title":"Forbidden","status":403,"detail":"the access token has not the scope read write"}
    "#);
    assert_eq!(ask(&router, "/me", &[&bearer(&all)]).await, "200 OK\nhello, ada");
}

#[tokio::test]
async fn where_a_token_is_optional_a_bad_one_is_refused() {
    let db = TestDb::new().await;
    let tokens = open(&db, |_| {}).await;
    let router = router(RequireToken::new(tokens.verifier().clone()).optional());
    let token = bearer(&log_in(&tokens, &[], &[]).await);
    assert_eq!(ask(&router, "/anybody", &[]).await, "200 OK\nhello, whoever");
    assert_eq!(ask(&router, "/anybody", &[&token]).await, "200 OK\nhello, ada");
    assert!(ask(&router, "/anybody", &["Bearer x"]).await.starts_with("401"));
    // A handler that has to have one says so in the log.
    assert_snapshot!(ask(&router, "/me", &[]).await, @r#"
    500 Internal Server Error
    {"title":"Internal Server Error","status":500,"detail":"see the server's log"}
    "#);
}

#[tokio::test]
async fn a_verifier_that_hears_nothing_lets_nobody_in() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(30)).await;
    migrate(&db, LINES).await.unwrap();
    let mut config = Config::new("https://auth.test", KeyEncryptionKey::generate());
    config.verifier.poll = Duration::from_millis(50);
    config.verifier.max_staleness = Some(Duration::from_millis(500));
    let tokens = Tokens::open(&db, config).await.unwrap();
    let router = router(RequireToken::new(tokens.verifier().clone()));
    let token = bearer(&log_in(&tokens, &[], &[]).await);
    server.stop().await;
    eventually("nobody is let in", Duration::from_secs(20), async || {
        !ask(&router, "/me", &[&token]).await.starts_with("200")
    })
    .await;
    assert_snapshot!(ask(&router, "/me", &[&token]).await, @r#"
    503 Service Unavailable
    cache-control: no-store
    retry-after: 1
    {"title":"Service Unavailable","status":503,"detail":"it is not known what was revoked; try again"}
    "#);
    server.start_again().await;
    eventually("she is let in", Duration::from_secs(20), async || {
        ask(&router, "/me", &[&token]).await.starts_with("200")
    })
    .await;
}

/// As Wycheproof has them: nothing but what was minted is let in.
#[tokio::test]
async fn malformed_and_confused_tokens_are_refused() {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let db = TestDb::new().await;
    let tokens = open(&db, |_| {}).await;
    let router = router(RequireToken::new(tokens.verifier().clone()));
    let token = log_in(&tokens, &[], &[]).await;
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!("{token}");
    };
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let text = String::from_utf8(Base64UrlUnpadded::decode_vec(header).unwrap()).unwrap();
    let keys = serde_json::to_value(tokens.verifier().jwks()).unwrap();
    let other_kid = keys[0]["kid"].as_str().unwrap();
    let kid = text.split('"').nth(11).unwrap();
    let mut wrong = vec![
        format!("{}.{payload}.{signature}", encode(&text.replace("EdDSA", "none"))),
        format!("{}.{payload}.", encode(&text.replace("EdDSA", "none"))),
        format!("{}.{payload}.{signature}", encode(&text.replace("EdDSA", "HS256"))),
        format!("{}.{payload}.{signature}", encode(&text.replace("EdDSA", "ES256"))),
        format!("{}.{payload}.{signature}", encode(&text.replace(kid, other_kid))),
        format!("{}.{payload}.{signature}", encode(&text.replace(kid, "zzzzzz"))),
        format!("{header}.{}.{signature}", encode("{\"sub\":\"root\"}")),
        format!("{header}.{payload}.{}", "A".repeat(86)),
        format!("{header}.{}.{signature}", "A".repeat(20_000)),
        format!("{token}."),
        format!("{token}="),
        format!(".{token}"),
    ];
    wrong.extend((0..token.len()).map(|end| token[..end].to_owned()).skip(1));
    for wrong in wrong {
        let told = ask(&router, "/me", &[&bearer(&wrong)]).await;
        assert!(told.starts_with("401"), "{wrong}: {told}");
    }
    assert!(ask(&router, "/me", &[&bearer(&token)]).await.starts_with("200"));
}
