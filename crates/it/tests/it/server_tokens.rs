//! The routes of sessions and of OAuth, over real connections.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use base64ct::{Base64, Encoding as _};
use insta::assert_snapshot;
use pgstead_it::{
    Admin, LINES, TestDb, TestServer,
    http::{self, Response, post_form},
};
use pgstead_limits::{Algorithm, Config as LimitsConfig, Limits, Policy, PolicyConfig};
use pgstead_queue::Queues;
use pgstead_server::{
    App,
    keys::{self, Scope},
    serve,
};
use pgstead_store::{Clock, Db, ManualClock, migrate::migrate};
use pgstead_tokens::{Config, KeyEncryptionKey, Tokens};
use tokio::net::TcpListener;

/// 2026-01-01T00:00:00Z
const START: Duration = Duration::from_hours(490_896);

/// A server with sessions, whose clock stands, and a key with each scope.
struct Desk {
    address: SocketAddr,
    key: String,
    limits_key: String,
    clock: ManualClock,
}

impl Desk {
    async fn open(db: &Db) -> Self {
        Self::open_with(db, 600).await
    }

    async fn open_with(db: &Db, requests: u64) -> Self {
        Self::open_as(db, requests, "https://auth.test").await
    }

    async fn open_as(db: &Db, requests: u64, issuer: &str) -> Self {
        let policy = PolicyConfig::new(Algorithm::FixedWindow, requests, Duration::from_hours(1));
        let policy = Policy::new(pgstead_server::TOKEN_POLICY, &policy).unwrap();
        let limits = Arc::new(Limits::start(db, LimitsConfig::new([policy])));
        let clock = ManualClock::new(START);
        let mut config = Config::new(issuer, KeyEncryptionKey::generate());
        config.verifier.clock = Clock::Manual(clock.clone());
        config.patience = Duration::from_secs(1);
        let tokens = Tokens::open_with(db, config, limits.hub()).await.unwrap();
        let client = db.client().await.unwrap();
        let (_, key) = keys::create(&client, "tokens", &[Scope::Tokens]).await.unwrap();
        let (_, limits_key) = keys::create(&client, "limits", &[Scope::Limits]).await.unwrap();
        drop(client);
        let queues =
            Queues::start_with(db, pgstead_queue::Config::default(), limits.hub()).unwrap();
        let app = App::load(db.clone(), limits, Some(tokens), queues, LINES).await.unwrap();
        let address = listen(app).await;
        let [key, limits_key] = [key, limits_key].map(|key| key.reveal().to_owned());
        Self { address, key, limits_key, clock }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Response {
        http::request(self.address, method, path, Some(&self.key), body).await
    }

    /// The tokens of a session of Ada's: access and refresh.
    async fn log_in(&self) -> (String, String) {
        let begun = self.ask("POST", "/v1/sessions", r#"{"user":"ada","tenant":"acme"}"#).await;
        assert_eq!(begun.status, 201, "{begun:?}");
        tokens(&begun)
    }

    async fn refresh(&self, token: &str) -> Response {
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        post_form(self.address, "/oauth/token", None, &form).await
    }

    async fn introspect(&self, authorization: Option<&str>, form: &str) -> Response {
        post_form(self.address, "/oauth/introspect", authorization, form).await
    }

    async fn is_active(&self, token: &str) -> bool {
        let bearer = format!("Bearer {}", self.key);
        let told = self.introspect(Some(&bearer), &format!("token={token}")).await;
        told.json()["active"].as_bool().unwrap()
    }
}

async fn listen(app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(app, listener, std::future::pending()));
    address
}

fn tokens(response: &Response) -> (String, String) {
    let json = response.json();
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

/// With what is random left out, and with what keeps it out of caches.
fn shown(response: &Response) -> String {
    let mut shown = response.shown();
    for name in ["cache-control", "pragma"] {
        if let Some(value) = response.header(name) {
            shown = shown.replacen('\n', &format!("\n{name}: {value}\n"), 1);
        }
    }
    let is_random = |line: &str| {
        let random = ["access_token", "refresh_token", "id", "jti", "sid", "x", "kid"];
        random.iter().any(|name| line.trim_start().starts_with(&format!("\"{name}\": \"")))
    };
    let clean = |line: &str| match line.split_once(": ") {
        Some((head, tail)) if is_random(line) => {
            format!("{head}: …{}", if tail.ends_with(',') { "," } else { "" })
        }
        _ => line.to_owned(),
    };
    shown.lines().map(clean).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_session_is_begun_listed_and_ended() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let body = r#"{"user":"ada","tenant":"acme","audience":["api"],"scopes":["read","write"],
                   "claims":{"role":"admin"},"device":{"label":"laptop","address":"192.0.2.1"}}"#;
    let begun = desk.ask("POST", "/v1/sessions", body).await;
    assert_snapshot!(shown(&begun), @r#"
    201
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "access_token": …,
      "expires_in_ms": 600000,
      "refresh_token": …,
      "session": {
        "expires_at": "2026-04-01T00:00:00Z",
        "id": …,
        "user": "ada"
      },
      "token_type": "Bearer"
    }
    "#);
    assert_snapshot!(shown(&desk.ask("GET", "/v1/users/ada/sessions", "").await), @r#"
    200
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "sessions": [
        {
          "audience": [
            "api"
          ],
          "claims": {
            "role": "admin"
          },
          "created_at": "2026-01-01T00:00:00Z",
          "device": {
            "address": "192.0.2.1",
            "label": "laptop"
          },
          "expires_at": "2026-04-01T00:00:00Z",
          "id": …,
          "idle_until": "2026-01-31T00:00:00Z",
          "scopes": [
            "read",
            "write"
          ],
          "tenant": "acme",
          "used_at": "2026-01-01T00:00:00Z",
          "user": "ada"
        }
      ]
    }
    "#);
    let session = begun.json()["session"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/sessions/{session}");
    assert_eq!(desk.ask("GET", &path, "").await.json()["user"], "ada");
    assert_eq!(desk.ask("DELETE", &path, "").await.status, 204);
    assert_snapshot!(shown(&desk.ask("DELETE", &path, "").await), @r#"
    404
    pragma: no-cache
    cache-control: no-store
    content-type: application/problem+json

    {
      "detail": "there is no such session: it has ended, or never was",
      "status": 404,
      "title": "Not Found"
    }
    "#);
    assert_eq!(desk.ask("GET", &path, "").await.status, 404);
    assert_eq!(desk.ask("DELETE", "/v1/sessions/x", "").await.status, 404);
    assert_eq!(
        desk.ask("GET", "/v1/users/ada/sessions", "").await.json()["sessions"],
        serde_json::json!([])
    );
    assert_snapshot!(shown(&desk.refresh(&tokens(&begun).1).await), @r#"
    400
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "error": "invalid_grant",
      "error_description": "the session of the refresh token was revoked"
    }
    "#);
}

#[tokio::test]
async fn many_are_revoked_by_one_request() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    for path in ["/v1/users/ada/sessions", "/v1/tenants/acme/sessions", "/v1/sessions"] {
        let (access, refresh) = desk.log_in().await;
        assert!(desk.is_active(&access).await && desk.is_active(&refresh).await);
        assert_eq!(desk.ask("DELETE", path, "").await.status, 204);
        assert!(!desk.is_active(&access).await && !desk.is_active(&refresh).await, "{path}");
        assert_eq!(desk.refresh(&refresh).await.json()["error"], "invalid_grant");
    }
    // A name was left out where a path is put together.
    for path in ["/v1/users//sessions", "/v1/tenants//sessions"] {
        assert_eq!(desk.ask("DELETE", path, "").await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn who_may_not_and_what_cannot_be_is_refused() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let body = r#"{"user":"ada"}"#;
    let without = http::request(desk.address, "POST", "/v1/sessions", None, body).await;
    assert_eq!(without.status, 401);
    let other =
        http::request(desk.address, "POST", "/v1/sessions", Some(&desk.limits_key), body).await;
    assert_snapshot!(shown(&other), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="pgstead", error="insufficient_scope", scope="tokens"

    {
      "detail": "the API key has not the scope tokens",
      "status": 403,
      "title": "Forbidden"
    }
    "#);
    for (body, field) in [
        (r#"{"user":""}"#, "user"),
        (r#"{"user":"ada","tenant":"a\u0000"}"#, "tenant"),
        (r#"{"user":"ada","scopes":["a b"]}"#, "scopes"),
        (r#"{"user":"ada","claims":{"exp":1}}"#, "claims"),
    ] {
        let refused = desk.ask("POST", "/v1/sessions", body).await;
        assert_eq!((refused.status, refused.json()["field"].as_str()), (400, Some(field)));
    }
    assert_eq!(desk.ask("POST", "/v1/sessions", r#"{"usr":"ada"}"#).await.status, 400);
}

#[tokio::test]
async fn a_session_is_begun_once_and_its_tokens_are_not_kept_in_clear() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let body = r#"{"user":"ada"}"#;
    let request = format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {}\r\n\
         idempotency-key: once\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        desk.key,
        body.len()
    );
    let first = http::send(desk.address, &request).await;
    let again = http::send(desk.address, &request).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.json(), again.json());
    let admin = Admin::connect(db.url()).await;
    let kept = "select body from pgstead.server_idempotency";
    let kept: Vec<u8> = admin.client().query_one(kept, &[]).await.unwrap().get(0);
    let (access, refresh) = tokens(&first);
    for token in [access, refresh] {
        let token = &token.as_bytes()[..20];
        assert!(!kept.windows(token.len()).any(|part| part == token));
    }
}

#[tokio::test]
async fn a_refresh_token_is_used_as_rfc_6749_says() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let body = r#"{"user":"ada","scopes":["read","write"]}"#;
    let (_, first) = tokens(&desk.ask("POST", "/v1/sessions", body).await);
    let refreshed = desk.refresh(&first).await;
    assert_snapshot!(shown(&refreshed), @r#"
    200
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "access_token": …,
      "expires_in": 600,
      "refresh_token": …,
      "scope": "read write",
      "token_type": "Bearer"
    }
    "#);
    let (_, second) = tokens(&refreshed);
    // Its response may have been lost.
    assert_eq!(tokens(&desk.refresh(&first).await).1, second);
    desk.clock.advance(Duration::from_mins(1));
    assert_snapshot!(shown(&desk.refresh(&first).await), @r#"
    400
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "error": "invalid_grant",
      "error_description": "the refresh token had been used before; its session is over"
    }
    "#);
    assert_eq!(desk.refresh(&second).await.status, 400);
    let (_, idle) = desk.log_in().await;
    desk.clock.advance(Duration::from_hours(31 * 24));
    assert_snapshot!(shown(&desk.refresh(&idle).await), @r#"
    400
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "error": "invalid_grant",
      "error_description": "the refresh token has expired"
    }
    "#);
    assert_snapshot!(shown(&desk.refresh("garbage").await), @r#"
    400
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "error": "invalid_grant",
      "error_description": "this is no refresh token of this server"
    }
    "#);
}

#[tokio::test]
async fn what_is_no_token_request_is_told_by_its_name() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    for (form, error) in [
        ("", "invalid_request"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=", "invalid_request"),
        ("refresh_token=x", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x&refresh_token=y", "invalid_request"),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=x&client_id=y", "invalid_grant"),
    ] {
        let refused = post_form(desk.address, "/oauth/token", None, form).await;
        assert_eq!(refused.status, 400, "{form}");
        assert_eq!(refused.json()["error"], error, "{form}");
        assert_eq!(refused.header("cache-control"), Some("no-store"));
    }
    let json = http::request(desk.address, "POST", "/oauth/token", None, "{}").await;
    assert_eq!((json.status, json.json()["error"].as_str()), (400, Some("invalid_request")));
    assert_eq!(http::request(desk.address, "GET", "/oauth/token", None, "").await.status, 405);
}

/// RFC 6749, 6. A request that is refused uses up nothing.
#[tokio::test]
async fn no_more_than_was_granted_can_be_asked_for() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let refresh = async |token: &str, scope: &str| {
        let form = format!("grant_type=refresh_token&refresh_token={token}&scope={scope}");
        post_form(desk.address, "/oauth/token", None, &form).await
    };
    let body = r#"{"user":"ada","scopes":["read","write"]}"#;
    let (_, first) = tokens(&desk.ask("POST", "/v1/sessions", body).await);
    assert_snapshot!(shown(&refresh(&first, "read+admin").await), @r#"
    400
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "error": "invalid_scope",
      "error_description": "no other scope was granted than read write"
    }
    "#);
    desk.clock.advance(Duration::from_mins(1));
    let refreshed = refresh(&first, "read").await;
    assert_eq!(refreshed.json()["scope"], "read write", "it is told what it is in fact");
    let (_, bare) = desk.log_in().await;
    let refused = refresh(&bare, "admin").await;
    assert_eq!((refused.status, &refused.json()["error"]), (400, &"invalid_scope".into()));
    assert_eq!(refresh(&bare, "").await.status, 200);
    assert_eq!(refresh("garbage", "read").await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn the_token_endpoint_is_limited_by_address() {
    let db = TestDb::new().await;
    let desk = Desk::open_with(db.db(), 2).await;
    let (_, first) = desk.log_in().await;
    let (_, second) = tokens(&desk.refresh(&first).await);
    assert_eq!(desk.refresh("garbage").await.status, 400);
    let limited = desk.refresh(&second).await;
    assert_eq!(limited.status, 429);
    assert!(limited.header("retry-after").is_some());
    assert_eq!(limited.header("cache-control"), Some("no-store"));
    let revoked = post_form(desk.address, "/oauth/revoke", None, "token=garbage").await;
    assert_eq!(revoked.status, 429, "out of the same policy");
}

#[tokio::test]
async fn a_token_of_either_kind_is_revoked_as_rfc_7009_says() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    for which in [0, 1] {
        let (access, refresh) = desk.log_in().await;
        let token = [&access, &refresh][which];
        let form = format!("token={token}&token_type_hint=whatever");
        for _ in 0..2 {
            let revoked = post_form(desk.address, "/oauth/revoke", None, &form).await;
            assert_eq!((revoked.status, revoked.body.as_str()), (200, ""));
        }
        assert!(!desk.is_active(&access).await && !desk.is_active(&refresh).await);
    }
    let unknown = post_form(desk.address, "/oauth/revoke", None, "token=garbage").await;
    assert_eq!(unknown.status, 200);
    assert_snapshot!(shown(&post_form(desk.address, "/oauth/revoke", None, "").await), @r#"
    400
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "error": "invalid_request",
      "error_description": "the parameter token is missing"
    }
    "#);
}

#[tokio::test]
async fn a_token_is_introspected_as_rfc_7662_says() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let body = r#"{"user":"ada","tenant":"acme","audience":["api","web"],"scopes":["read"],
                   "claims":{"role":"admin"}}"#;
    let (access, refresh) = tokens(&desk.ask("POST", "/v1/sessions", body).await);
    let bearer = format!("Bearer {}", desk.key);
    let access_told = desk.introspect(Some(&bearer), &format!("token={access}")).await;
    assert_snapshot!(shown(&access_told), @r#"
    200
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "active": true,
      "aud": [
        "api",
        "web"
      ],
      "exp": 1767226200,
      "iat": 1767225600,
      "iss": "https://auth.test",
      "jti": …,
      "role": "admin",
      "scope": "read",
      "sid": …,
      "sub": "ada",
      "tenant": "acme",
      "token_type": "Bearer"
    }
    "#);
    let basic = format!("Basic {}", Base64::encode_string(format!("x:{}", desk.key).as_bytes()));
    let refresh_told = desk.introspect(Some(&basic), &format!("token={refresh}")).await;
    assert_snapshot!(shown(&refresh_told), @r#"
    200
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "active": true,
      "aud": [
        "api",
        "web"
      ],
      "exp": 1769817600,
      "iat": 1767225600,
      "iss": "https://auth.test",
      "role": "admin",
      "scope": "read",
      "sid": …,
      "sub": "ada",
      "tenant": "acme",
      "token_type": "refresh_token"
    }
    "#);
    let post = format!("token={access}&client_id=x&client_secret={}", desk.key);
    assert_eq!(desk.introspect(None, &post).await.json(), access_told.json());
    let inactive = desk.introspect(Some(&bearer), "token=garbage").await;
    assert_snapshot!(shown(&inactive), @r#"
    200
    pragma: no-cache
    cache-control: no-store
    content-type: application/json

    {
      "active": false
    }
    "#);
    let nobody = desk.introspect(None, &format!("token={access}")).await;
    assert_snapshot!(shown(&nobody), @r#"
    401
    pragma: no-cache
    cache-control: no-store
    content-type: application/json
    www-authenticate: Basic realm="pgstead"

    {
      "error": "invalid_client",
      "error_description": "send an API key with the scope tokens: as a bearer token, or as the secret of a client"
    }
    "#);
    let limits = format!("Bearer {}", desk.limits_key);
    assert_eq!(desk.introspect(Some(&limits), &format!("token={access}")).await.status, 403);
    desk.clock.advance(Duration::from_mins(11));
    assert!(!desk.is_active(&access).await && desk.is_active(&refresh).await);
}

#[tokio::test]
async fn keys_and_metadata_are_public() {
    let db = TestDb::new().await;
    let desk = Desk::open(db.db()).await;
    let get = async |path: &str| http::request(desk.address, "GET", path, None, "").await;
    assert_snapshot!(shown(&get("/.well-known/jwks.json").await), @r#"
    200
    cache-control: public, max-age=300
    content-type: application/json

    {
      "keys": [
        {
          "alg": "EdDSA",
          "crv": "Ed25519",
          "kid": …,
          "kty": "OKP",
          "use": "sig",
          "x": …
        },
        {
          "alg": "EdDSA",
          "crv": "Ed25519",
          "kid": …,
          "kty": "OKP",
          "use": "sig",
          "x": …
        }
      ]
    }
    "#);
    assert_snapshot!(shown(&get("/.well-known/oauth-authorization-server").await), @r#"
    200
    content-type: application/json

    {
      "grant_types_supported": [
        "refresh_token"
      ],
      "introspection_endpoint": "https://auth.test/oauth/introspect",
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post"
      ],
      "issuer": "https://auth.test",
      "jwks_uri": "https://auth.test/.well-known/jwks.json",
      "response_types_supported": [],
      "revocation_endpoint": "https://auth.test/oauth/revoke",
      "revocation_endpoint_auth_methods_supported": [
        "none"
      ],
      "token_endpoint": "https://auth.test/oauth/token",
      "token_endpoint_auth_methods_supported": [
        "none"
      ]
    }
    "#);
}

/// RFC 8414, 3.1
#[tokio::test]
async fn the_metadata_of_an_issuer_with_a_path_are_where_clients_look_for_them() {
    let db = TestDb::new().await;
    let desk = Desk::open_as(db.db(), 600, "https://auth.test/of/acme/").await;
    let get = async |path: &str| {
        let path = format!("/.well-known/oauth-authorization-server{path}");
        http::request(desk.address, "GET", &path, None, "").await
    };
    let found = get("/of/acme").await;
    assert_eq!(found.status, 200, "{found:?}");
    assert_eq!(found.json()["issuer"], "https://auth.test/of/acme/");
    assert_eq!(found.json()["token_endpoint"], "https://auth.test/of/acme/oauth/token");
    assert_eq!(get("/of").await.status, 404);
    assert_eq!(get("").await.status, 200);
}

#[tokio::test]
async fn without_a_database_it_is_said_that_it_may_be_tried_again() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let desk = Desk::open(&db).await;
    let (_, refresh) = desk.log_in().await;
    server.stop().await;
    let refused = desk.refresh(&refresh).await;
    assert_snapshot!(shown(&refused), @r#"
    503
    pragma: no-cache
    cache-control: no-store
    content-type: application/json
    retry-after: 1

    {
      "error": "temporarily_unavailable",
      "error_description": "the database does not answer; try again"
    }
    "#);
    // What is made up is not asked for.
    assert_eq!(desk.refresh("garbage").await.status, 400);
    let revoked = post_form(desk.address, "/oauth/revoke", None, &format!("token={refresh}")).await;
    assert_eq!(revoked.status, 503);
}

#[tokio::test]
async fn a_server_without_tokens_says_what_to_configure() {
    let db = TestDb::new().await;
    let limits = Arc::new(Limits::start(db.db(), LimitsConfig::new([])));
    let queues =
        Queues::start_with(db.db(), pgstead_queue::Config::default(), limits.hub()).unwrap();
    let app = App::load(db.db().clone(), limits, None, queues, LINES).await.unwrap();
    let address = listen(app).await;
    let form = "grant_type=refresh_token&refresh_token=x";
    assert_snapshot!(shown(&post_form(address, "/oauth/token", None, form).await), @r#"
    404
    pragma: no-cache
    cache-control: no-store
    content-type: application/problem+json

    {
      "detail": "this server has no tokens: configure [tokens]",
      "status": 404,
      "title": "Not Found"
    }
    "#);
    assert_eq!(http::request(address, "GET", "/.well-known/jwks.json", None, "").await.status, 404);
}
