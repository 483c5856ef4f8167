//! The verbs of the limits over HTTP, beyond the check of one key.

use std::{fmt::Write as _, time::Duration};

use insta::assert_snapshot;
use pgstead_it::{
    TestDb,
    cli::pgstead,
    eventually,
    http::{Response, request},
};
use pgstead_limits::{Algorithm, Lease, Policy, PolicyConfig};
use pgstead_server::keys::{self, Scope};
use serde_json::{Value, json};

use crate::server::Api;

const HOUR: Duration = Duration::from_hours(1);

fn policy(name: &str, algorithm: Algorithm, limit: u64) -> Policy {
    Policy::new(name, &PolicyConfig::new(algorithm, limit, HOUR)).unwrap()
}

fn policies() -> Vec<Policy> {
    let mut watched = PolicyConfig::new(Algorithm::FixedWindow, 1, HOUR);
    watched.shadow = true;
    let mut slots = PolicyConfig::new(Algorithm::Concurrency, 2, Duration::from_secs(30));
    slots.durable = true;
    vec![
        policy("address", Algorithm::FixedWindow, 10),
        policy("user", Algorithm::SlidingWindow, 4),
        policy("llm", Algorithm::TokenBucket, 1000),
        Policy::new("watched", &watched).unwrap(),
        Policy::new("slots", &slots).unwrap(),
    ]
}

async fn post(api: &Api, path: &str, body: &Value) -> Response {
    api.ask("POST", &format!("/v1/limits/{path}"), &body.to_string()).await
}

async fn remaining(api: &Api, policy: &str, key: &str) -> u64 {
    let peek = api.ask("GET", &format!("/v1/limits/{policy}/keys/{key}"), "").await;
    peek.json()["remaining"].as_u64().unwrap()
}

/// A key with the scope `admin`.
async fn admin(db: &TestDb) -> String {
    let client = db.client().await;
    let (_, secret) = keys::create(&client, "admin", &[Scope::Admin]).await.unwrap();
    secret.reveal().to_owned()
}

/// The status, and what went wrong.
fn told(response: &Response) -> (u16, String) {
    assert_eq!(response.header("content-type"), Some("application/problem+json"), "{response:?}");
    (response.status, response.json()["detail"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn several_checks_are_all_or_nothing() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let both = |cost: u64| {
        json!({"checks": [
            {"policy": "address", "key": "192.0.2.1"},
            {"policy": "user", "key": "42", "cost": cost},
        ]})
    };
    let granted = post(&api, "check", &both(3)).await;
    assert_snapshot!(granted.shown(), @r##"
    200
    content-type: application/json
    ratelimit-policy: "address";q=10;w=3600
    ratelimit: "address";r=9;t=3600

    {
      "allowed": true,
      "checks": [
        {
          "allowed": true,
          "limit": 10,
          "policy": "address",
          "remaining": 9,
          "reset_after_ms": 3600000,
          "source": "database"
        },
        {
          "allowed": true,
          "limit": 4,
          "policy": "user",
          "remaining": 1,
          "reset_after_ms": 7200000,
          "source": "database"
        }
      ]
    }
    "##);
    assert_eq!(granted.list("ratelimit"), ["\"address\";r=9;t=3600", "\"user\";r=1;t=7200"]);
    let refused = post(&api, "check", &both(2)).await;
    assert_snapshot!(refused.shown(), @r##"
    429
    content-type: application/problem+json
    ratelimit-policy: "address";q=10;w=3600
    ratelimit: "address";r=9;t=3600
    retry-after: 4800

    {
      "allowed": false,
      "checks": [
        {
          "allowed": true,
          "limit": 10,
          "policy": "address",
          "remaining": 9,
          "reset_after_ms": 3600000,
          "source": "database"
        },
        {
          "allowed": false,
          "limit": 4,
          "policy": "user",
          "remaining": 1,
          "reset_after_ms": 7200000,
          "retry_after_ms": 4800000,
          "source": "database"
        }
      ],
      "detail": "the limit \"user\" is reached; try again in 4800000 ms",
      "limit": 4,
      "policy": "user",
      "remaining": 1,
      "reset_after_ms": 7200000,
      "retry_after_ms": 4800000,
      "source": "database",
      "status": 429,
      "title": "Request cannot be satisfied as assigned quota has been exceeded",
      "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
      "violated-policies": [
        "user"
      ]
    }
    "##);
    assert_eq!(refused.list("ratelimit-policy").len(), 2);
    assert_eq!(remaining(&api, "address", "192.0.2.1").await, 9, "nothing was taken");
    assert_eq!(post(&api, "check", &both(1)).await.status, 200, "what is left is granted");
}

#[tokio::test]
async fn checks_of_one_key_are_added_up() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let twice = |key: &str, cost: u64| {
        let one = json!({"policy": "address", "key": key, "cost": cost});
        json!({"checks": [one, one]})
    };
    let granted = post(&api, "check", &twice("a", 4)).await;
    assert_eq!((granted.status, remaining(&api, "address", "a").await), (200, 2));
    assert_eq!(granted.json()["checks"].as_array().unwrap().len(), 2);
    // Each would be granted alone.
    let refused = post(&api, "check", &twice("a", 2)).await;
    assert_eq!((refused.status, remaining(&api, "address", "a").await), (429, 2));
    assert_eq!(refused.list("ratelimit").len(), 1);
    let never = post(&api, "check", &twice("b", 6)).await;
    assert_eq!(
        told(&never),
        (400, "the cost is 12, and the policy never grants more than 10 at once".to_owned())
    );
}

#[tokio::test]
async fn checks_that_cannot_be_asked_take_nothing() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let good = json!({"policy": "address", "key": "a"});
    for (bad, status, detail) in [
        (json!({"policy": "adress", "key": "a"}), 404, "did you mean \"address\"?"),
        (json!({"policy": "user", "key": ""}), 400, "the key is empty"),
        (json!({"policy": "user", "key": "a", "cost": 0}), 400, "the cost is 0"),
        (json!({"policy": "slots", "key": "a"}), 400, "gives out permits"),
    ] {
        let response = post(&api, "check", &json!({"checks": [good, bad]})).await;
        assert_eq!(response.status, status, "{response:?}");
        assert!(response.json()["detail"].as_str().unwrap().contains(detail), "{response:?}");
        assert_eq!(response.json()["pointer"], "#/checks/1");
    }
    for count in [0, 33] {
        let checks: Vec<&Value> = vec![&good; count];
        let response = post(&api, "check", &json!({"checks": checks})).await;
        assert_eq!(told(&response), (400, "checks must have 1 to 32 elements".to_owned()));
    }
    assert_eq!(remaining(&api, "address", "a").await, 10);
    let most: Vec<Value> =
        (0..32).map(|key| json!({"policy": "address", "key": key.to_string()})).collect();
    assert_eq!(post(&api, "check", &json!({"checks": most})).await.status, 200);
}

#[tokio::test]
async fn a_key_is_refunded_and_blocked() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    post(&api, "address/check", &json!({"key": "a", "cost": 10})).await;
    let refused = post(&api, "address/check", &json!({"key": "a"})).await;
    assert_eq!(refused.status, 429);
    assert_snapshot!(post(&api, "address/refund", &json!({"key": "a", "cost": 4})).await.shown(), @"204");
    assert_eq!(post(&api, "address/check", &json!({"key": "a"})).await.status, 200);
    assert_eq!(remaining(&api, "address", "a").await, 3);

    let block = "address/keys/a/block";
    assert_snapshot!(post(&api, block, &json!({"for_ms": 90_000})).await.shown(), @r##"
    200
    content-type: application/json

    {
      "limit": 10,
      "policy": "address",
      "remaining": 0,
      "reset_after_ms": 3600000,
      "source": "database"
    }
    "##);
    let refused = post(&api, "address/check", &json!({"key": "a"})).await;
    assert_eq!((refused.status, &refused.json()["retry_after_ms"]), (429, &json!(90_000)));
    assert_eq!(post(&api, block, &json!({"for_ms": 0})).await.json()["remaining"], 3);
    assert_eq!(post(&api, "address/check", &json!({"key": "a"})).await.status, 200);

    let permits = "the policy \"slots\" gives out permits: acquire one and release it";
    for path in ["slots/check", "slots/refund", "slots/keys/a/block"] {
        let body = if path.ends_with("block") { json!({"for_ms": 1}) } else { json!({"key": "a"}) };
        assert_eq!(told(&post(&api, path, &body).await), (400, permits.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn an_estimate_is_reserved_and_settled() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let reserve = |estimate: u64| json!({"key": "u", "estimate": estimate, "ttl_ms": 60_000});
    let reserved = post(&api, "llm/reserve", &reserve(800)).await;
    assert_eq!(reserved.status, 201);
    let mut shown = reserved.json();
    let id = shown["reservation"].take().as_str().unwrap().to_owned();
    assert!(id.starts_with("llm."), "{id}");
    assert_eq!(
        shown,
        json!({
            "reservation": null, "lapses_after_ms": 60_000, "allowed": true, "policy": "llm",
            "limit": 1000, "remaining": 200, "reset_after_ms": 2_880_000, "source": "database",
        })
    );
    assert_eq!(reserved.header("ratelimit"), Some("\"llm\";r=200;t=2880"));
    let refused = post(&api, "llm/reserve", &reserve(300)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    assert_eq!(refused.json()["violated-policies"], json!(["llm"]));

    let settle = format!("reservations/{id}/settle");
    let settled = post(&api, &settle, &json!({"actual": 100})).await;
    assert_eq!((settled.status, &settled.json()["remaining"]), (200, &json!(900)));
    let unknown = (404, "there is no such reservation to settle".to_owned());
    assert_eq!(told(&post(&api, &settle, &json!({"actual": 100})).await), unknown);
    let none = post(&api, "reservations/llm.a.b/settle", &json!({"actual": 1})).await;
    assert_eq!(told(&none), unknown);
    let nonsense = post(&api, "reservations/nonsense/settle", &json!({"actual": 1})).await;
    assert_eq!(told(&nonsense), unknown);

    // What is not settled lapses, and is there again.
    assert_eq!(post(&api, "llm/reserve", &reserve(900)).await.status, 201);
    api.clock.advance(Duration::from_secs(61));
    assert_eq!(post(&api, "llm/reserve", &reserve(900)).await.status, 201);
}

#[tokio::test]
async fn a_permit_is_acquired_renewed_and_released() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let acquire = async || post(&api, "slots/permits", &json!({"key": "job"})).await;
    let first = acquire().await;
    let mut shown = first.json();
    let id = shown["permit"].take().as_str().unwrap().to_owned();
    assert_eq!(
        (first.status, shown),
        (
            201,
            json!({
                "permit": null, "expires_after_ms": 30_000, "policy": "slots", "limit": 2,
                "remaining": 1, "reset_after_ms": 30_000, "source": "database",
            })
        )
    );
    api.clock.advance(Duration::from_secs(20));
    assert_eq!(acquire().await.status, 201);
    assert_snapshot!(acquire().await.shown(), @r##"
    429
    content-type: application/problem+json
    retry-after: 10

    {
      "allowed": false,
      "detail": "the limit \"slots\" is reached; try again in 10000 ms",
      "limit": 2,
      "policy": "slots",
      "remaining": 0,
      "reset_after_ms": 10000,
      "retry_after_ms": 10000,
      "source": "database",
      "status": 429,
      "title": "Request cannot be satisfied as assigned quota has been exceeded",
      "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
      "violated-policies": [
        "slots"
      ]
    }
    "##);

    let permit = format!("/v1/limits/permits/{id}");
    assert_snapshot!(api.ask("PUT", &permit, "").await.shown(), @"204");
    api.clock.advance(Duration::from_secs(20));
    assert_eq!(acquire().await.status, 429, "the first was renewed");
    for _ in 0..2 {
        assert_eq!(api.ask("DELETE", &permit, "").await.shown(), "204");
    }
    assert_eq!(
        told(&api.ask("PUT", &permit, "").await),
        (404, "there is no such permit: it ran out or was released".to_owned())
    );
    assert_eq!(acquire().await.status, 201);
    assert_eq!(api.ask("DELETE", "/v1/limits/permits/nonsense", "").await.status, 404);
    let window = post(&api, "address/permits", &json!({"key": "a"})).await;
    assert_eq!(
        told(&window),
        (400, "the policy \"address\" gives out no permits: it is no concurrency limit".to_owned())
    );
}

#[tokio::test]
async fn a_policy_that_only_watches_refuses_nothing() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    assert!(post(&api, "watched/check", &json!({"key": "a"})).await.json()["shadowed"].is_null());
    assert_snapshot!(post(&api, "watched/check", &json!({"key": "a"})).await.shown(), @r##"
    200
    content-type: application/json
    ratelimit-policy: "watched";q=1;w=3600
    ratelimit: "watched";r=0;t=3600

    {
      "allowed": true,
      "limit": 1,
      "policy": "watched",
      "remaining": 0,
      "reset_after_ms": 3600000,
      "retry_after_ms": 3600000,
      "shadowed": true,
      "source": "database"
    }
    "##);
    let together = json!({"checks": [
        {"policy": "watched", "key": "a"}, {"policy": "address", "key": "a"},
    ]});
    let response = post(&api, "check", &together).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.json()["checks"][0]["shadowed"], true);
    assert_eq!(remaining(&api, "address", "a").await, 9, "the others count");
    let reserved = post(&api, "watched/reserve", &json!({"key": "a", "estimate": 1})).await;
    assert_eq!((reserved.status, &reserved.json()["reservation"]), (200, &Value::Null));
}

#[tokio::test]
async fn policies_are_stored_shown_and_removed() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let admin = admin(&db).await;
    let ask = async |method: &str, path: &str, body: &Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let path = format!("/v1/limits/{path}");
        request(api.address, method, &path, Some(&admin), &body).await
    };
    let login = json!({
        "algorithm": "fixed-window", "limit": 5, "per_ms": 300_000, "durable": true,
        "lockout_ms": [900_000, 3_600_000], "count_denied": true, "timeout_ms": 250,
    });
    assert_snapshot!(ask("PUT", "login", &login).await.shown(), @r##"
    201
    content-type: application/json

    {
      "algorithm": "fixed-window",
      "count_denied": true,
      "durable": true,
      "lease": "off",
      "limit": 5,
      "lockout_ms": [
        900000,
        3600000
      ],
      "name": "login",
      "on_outage": "deny",
      "origin": "stored",
      "per_ms": 300000,
      "shadow": false,
      "timeout_ms": 250
    }
    "##);
    assert_eq!(ask("PUT", "login", &login).await.status, 200, "there was one");
    assert_eq!(ask("GET", "login", &Value::Null).await.json()["origin"], "stored");
    assert_eq!(post(&api, "login/check", &json!({"key": "a"})).await.json()["remaining"], 4);

    let quota = json!({
        "algorithm": "quota", "limit": 7, "period": "month", "zone": "Europe/Berlin",
    });
    let stored = ask("PUT", "tenant", &quota).await;
    assert_eq!(stored.status, 201);
    let stored = stored.json();
    assert_eq!((&stored["zone"], &stored["per_ms"]), (&json!("Europe/Berlin"), &Value::Null));
    // What was answered can be stored again.
    let bucket = json!({"algorithm": "token-bucket", "limit": 7, "per_ms": 1000, "lease": "auto"});
    assert_eq!(ask("PUT", "address", &bucket).await.json()["burst"], 7);
    assert_eq!(ask("GET", "address", &Value::Null).await.json()["algorithm"], "token-bucket");
    assert_eq!(ask("DELETE", "address", &Value::Null).await.status, 204);
    let configured = ask("GET", "address", &Value::Null).await.json();
    assert_eq!(
        (&configured["algorithm"], &configured["origin"]),
        (&json!("fixed-window"), &json!("configured"))
    );
    assert_eq!(
        told(&ask("DELETE", "address", &Value::Null).await),
        (404, "the policy \"address\" is configured and not stored".to_owned())
    );
    assert_eq!(ask("DELETE", "nobody", &Value::Null).await.status, 404);
    assert_eq!(ask("GET", "nobody", &Value::Null).await.status, 404);
    let names: Vec<Value> = ask("GET", "", &Value::Null).await.json()["policies"]
        .as_array()
        .map(|all| all.iter().map(|policy| policy["name"].clone()).collect())
        .unwrap_or_default();
    assert_eq!(names, [""; 0], "there is no trailing slash");
}

#[tokio::test]
async fn a_policy_that_is_none_is_refused_with_its_member() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let admin = admin(&db).await;
    let mut shown = String::new();
    for (name, change) in [
        ("a", json!({"limit": 0})),
        ("a", json!({"per_ms": 0})),
        ("a", json!({"per_ms": null})),
        ("a", json!({"period": "day"})),
        ("a", json!({"per_ms": null, "algorithm": "quota"})),
        ("a", json!({"per_ms": null, "algorithm": "quota", "period": "day", "zone": "Mars"})),
        ("a", json!({"algorithm": "leaky-bucket"})),
        ("a", json!({"timeout_ms": 1})),
        ("a", json!({"lockout_ms": [0]})),
        ("a", json!({"durable": true, "lease": "auto"})),
        ("a", json!({"brust": 1})),
        ("A", json!({})),
        ("permits", json!({})),
    ] {
        let mut body = json!({"algorithm": "fixed-window", "limit": 1, "per_ms": 1000});
        for (member, value) in change.as_object().unwrap() {
            body[member] = value.clone();
        }
        // Where in the body it is wrong is told.
        body.sort_all_objects();
        let path = format!("/v1/limits/{name}");
        let response = request(api.address, "PUT", &path, Some(&admin), &body.to_string()).await;
        let json = response.json();
        writeln!(shown, "{} {} {}", response.status, json["field"], told(&response).1).unwrap();
    }
    assert_snapshot!(shown, @r##"
    400 "limit" limit must be 1 to 1000000000000
    400 "per_ms" per_ms must be 1ms to 366d
    400 "per_ms" per_ms must be given
    400 "per_ms" per_ms must not stand beside period
    400 "period" period must be given for a quota
    400 "zone" zone must be a time zone of the IANA database
    400 null the body is not valid: algorithm: unknown word "leaky-bucket"; there are token-bucket, fixed-window, sliding-window, quota, concurrency at line 1 column 27
    400 "timeout_ms" timeout_ms must be 10ms to 60s
    400 "lockout_ms" lockout_ms must have steps of 1ms to 366d
    400 "lease" lease must be off for a policy that is durable, has permits, a lockout, or counts what it denies
    400 null the body is not valid: brust: unknown field `brust`, expected one of `algorithm`, `limit`, `per_ms`, `period`, `zone`, `burst`, `durable`, `on_outage`, `timeout_ms`, `lease`, `lockout_ms`, `count_denied`, `shadow` at line 1 column 35
    400 "name" name must be 1 to 64 of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit
    400 "name" name must not be one of check, permits, reservations
    "##);
    assert_eq!(api.ask("GET", "/v1/limits/a", "").await.status, 404, "nothing was stored");
}

#[tokio::test]
async fn who_is_no_admin_changes_no_policy() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), policies()).await;
    let body = json!({"algorithm": "fixed-window", "limit": 1, "per_ms": 1000}).to_string();
    for (method, body) in [("PUT", body.as_str()), ("DELETE", "")] {
        let response = api.ask(method, "/v1/limits/address", body).await;
        assert_eq!(told(&response), (403, "the API key has not the scope admin".to_owned()));
        assert!(response.header("www-authenticate").unwrap().contains("scope=\"admin\""));
    }
    assert_eq!(api.ask("GET", "/v1/limits/address", "").await.json()["limit"], 10);
}

#[tokio::test]
async fn a_stored_policy_counts_in_every_process() {
    let db = TestDb::new().await;
    let api = Api::start_now(db.db(), policies()).await;
    let admin = admin(&db).await;
    let other = pgstead(["serve", "--listen", "127.0.0.1:0"]).env("DATABASE_URL", db.url());
    let other = other.serve().await;
    let path = "/v1/limits/sign-up";
    let ask = async |method: &str, body: &str| {
        request(other.address, method, path, Some(&admin), body).await
    };
    let body = json!({"algorithm": "fixed-window", "limit": 3, "per_ms": 60_000}).to_string();
    assert_eq!(ask("GET", "").await.status, 404);
    request(api.address, "PUT", path, Some(&admin), &body).await;
    eventually("the other server knows it", Duration::from_secs(10), async || {
        ask("GET", "").await.status == 200
    })
    .await;
    // And a command, which has no configuration at all, stores another in its place.
    let put = ["limits", "put", "sign-up", "--algorithm", "fixed-window", "--limit", "9"];
    let put = pgstead(put.into_iter().chain(["--per", "1m"])).env("DATABASE_URL", db.url());
    assert_eq!(put.run().await.stdout, "Stored.\n");
    for server in [api.address, other.address] {
        eventually("both servers know it", Duration::from_secs(10), async || {
            let shown = request(server, "GET", path, Some(&admin), "").await;
            shown.status == 200 && shown.json()["limit"] == 9
        })
        .await;
    }
    assert_eq!(ask("DELETE", "").await.status, 204);
    eventually("the first server forgets it", Duration::from_secs(10), async || {
        api.ask("GET", path, "").await.status == 404
    })
    .await;
    assert_eq!(other.stop().await, 0);
}

#[tokio::test]
async fn the_keys_that_are_called_for_most_are_told() {
    let db = TestDb::new().await;
    let api = Api::start_now(db.db(), policies()).await;
    for (key, times) in [("a", 2), ("b", 6), ("c", 1)] {
        for _ in 0..times {
            post(&api, "user/check", &json!({"key": key})).await;
        }
    }
    let top = async |query: &str| api.ask("GET", &format!("/v1/limits/user/top{query}"), "").await;
    assert_eq!(
        top("").await.json(),
        json!({"policy": "user", "by": "calls", "keys": [
            {"key": "b", "times": 6}, {"key": "a", "times": 2}, {"key": "c", "times": 1},
        ]})
    );
    assert_eq!(top("?by=refusals&most=1").await.json()["keys"], json!([{"key": "b", "times": 2}]));
    assert_eq!(told(&top("?most=0").await), (400, "most must be 1 to 512".to_owned()));
    assert_eq!(top("?by=costs").await.status, 400);
    assert_eq!(api.ask("GET", "/v1/limits/usr/top", "").await.status, 404);

    let server = format!("http://{}", api.address);
    let arguments = ["limits", "top", "user", "--most", "2", "--server", &server];
    let by_hand = pgstead(arguments).env("PGSTEAD_API_KEY", &api.key).run().await;
    assert_eq!(
        (by_hand.status, by_hand.stdout.as_str(), by_hand.stderr.as_str()),
        (0, " TIMES  KEY\n 6      b\n 2      a\n", "")
    );
    let json = pgstead(arguments.into_iter().chain(["--json", "--by", "refusals"]));
    let json = json.env("PGSTEAD_API_KEY", &api.key).run().await.json();
    assert_eq!(json["keys"], json!([{"key": "b", "times": 2}]));
    let without = pgstead(arguments).run().await;
    assert_eq!(without.status, 2);
    assert!(without.stderr.contains("PGSTEAD_API_KEY"), "{without:?}");
    let nobody = ["limits", "top", "user", "--server", "http://127.0.0.1:1"];
    let nobody = pgstead(nobody).run().await;
    assert_eq!(nobody.status, 3, "{nobody:?}");
    assert!(nobody.stderr.contains("127.0.0.1:1"), "{nobody:?}");
}

#[tokio::test]
async fn a_server_that_stops_gives_back_what_it_had_leased() {
    let db = TestDb::new().await;
    let mut leased = PolicyConfig::new(Algorithm::FixedWindow, 100_000, HOUR);
    leased.lease = Lease::Auto;
    let leased = Policy::new("leased", &leased).unwrap();
    let api = Api::start_now(db.db(), [leased.clone()]).await;
    let mut taken = 0;
    eventually("it grants from memory", Duration::from_secs(20), async || {
        let check = post(&api, "leased/check", &json!({"key": "a"})).await;
        taken += 1;
        check.json()["source"] == "lease"
    })
    .await;
    let asked_for = async |api: &Api| remaining(api, "leased", "a").await;
    assert!(asked_for(&api).await < 100_000 - taken, "more than was asked for is taken");
    api.stop().await;
    let next = Api::start_now(db.db(), [leased]).await;
    assert_eq!(asked_for(&next).await, 100_000 - taken);
}

/// Words of the routes stand where names of policies do.
#[tokio::test]
async fn policies_are_reached_whatever_their_names() {
    let db = TestDb::new().await;
    let names = ["top", "keys", "refund", "reserve", "settle", "block"];
    let policies = names.map(|name| policy(name, Algorithm::FixedWindow, 5));
    let api = Api::start_with(db.db(), policies).await;
    for name in names {
        assert_eq!(post(&api, &format!("{name}/check"), &json!({"key": name})).await.status, 200);
        assert_eq!(remaining(&api, name, name).await, 4);
        assert_eq!(api.ask("GET", &format!("/v1/limits/{name}/top"), "").await.status, 200);
        assert_eq!(api.ask("GET", &format!("/v1/limits/{name}"), "").await.json()["limit"], 5);
    }
}
