//! Requests with an `Idempotency-Key`, which are sent again and done once.

use std::{collections::HashSet, time::Duration};

use pgstead_it::{
    Admin, TestDb, eventually,
    http::{Response, send},
};
use pgstead_limits::{Algorithm, Policy, PolicyConfig};
use pgstead_server::keys::{self, Scope};
use pgstead_store::tokio_postgres::types::Type;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, task::JoinSet};

use crate::server::Api;

async fn start(db: &TestDb) -> Api {
    let mut config = PolicyConfig::new(Algorithm::FixedWindow, 10, Duration::from_hours(1));
    // Somebody holds it up here, and that is no outage.
    config.timeout = Duration::from_mins(1);
    Api::start_now(db.db(), [Policy::new("llm", &config).unwrap()]).await
}

fn text(api: &Api, path: &str, key: &str, body: &Value) -> String {
    let (body, authorization) = (body.to_string(), &api.key);
    let length = body.len();
    format!(
        "POST /v1/limits/{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         authorization: Bearer {authorization}\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

async fn post(api: &Api, path: &str, key: &str, body: &Value) -> Response {
    send(api.address, &text(api, path, key, body)).await
}

fn estimate(estimate: u64) -> Value {
    json!({"key": "u", "estimate": estimate})
}

async fn remaining(api: &Api) -> u64 {
    api.ask("GET", "/v1/limits/llm/keys/u", "").await.json()["remaining"].as_u64().unwrap()
}

/// Nobody takes from a limit until it ends.
async fn hold_up(db: &TestDb) -> Admin {
    let holder = Admin::connect(db.url()).await;
    holder.execute("begin; lock table pgstead.limits_fast").await;
    holder
}

async fn count(db: &TestDb, which: &str) -> i64 {
    let sql = format!("select count(*) from pgstead.server_idempotency where {which}");
    db.client().await.query_typed_one(&sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn what_is_sent_again_is_answered_the_same_and_done_once() {
    let db = TestDb::new().await;
    let api = start(&db).await;
    let first = post(&api, "llm/reserve", "a", &estimate(4)).await;
    // As the draft writes it.
    let again = post(&api, "llm/reserve", "\"a\"", &estimate(4)).await;
    assert_eq!((first.status, again.status, &again.body), (201, 201, &first.body));
    assert_eq!(again.header("ratelimit"), first.header("ratelimit"));
    assert_eq!(again.header("content-type"), Some("application/json"));
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        (None, Some("true"))
    );
    assert_eq!(remaining(&api).await, 6);
    let other = post(&api, "llm/reserve", "b", &estimate(4)).await;
    assert_ne!(other.json()["reservation"], first.json()["reservation"]);
    for _ in 0..3 {
        let refund = post(&api, "llm/refund", "a", &json!({"key": "u", "cost": 3})).await;
        assert_eq!((refund.status, refund.body.as_str()), (204, ""), "another path has its own");
    }
    assert_eq!(remaining(&api).await, 5);
}

#[tokio::test]
async fn a_key_is_for_one_request_and_one_client() {
    let db = TestDb::new().await;
    let mut api = start(&db).await;
    assert_eq!(post(&api, "llm/reserve", "a", &estimate(4)).await.status, 201);
    let other = post(&api, "llm/reserve", "a", &estimate(5)).await;
    assert_eq!(other.status, 422, "{other:?}");
    assert_eq!(other.header("content-type"), Some("application/problem+json"));
    for wrong in ["", "\"\"", "é", &"k".repeat(256)] {
        assert_eq!(post(&api, "llm/reserve", wrong, &estimate(4)).await.status, 400, "{wrong}");
    }
    assert_eq!(remaining(&api).await, 6);
    let client = db.client().await;
    let (_, secret) = keys::create(&client, "another", &[Scope::Limits]).await.unwrap();
    secret.reveal().clone_into(&mut api.key);
    let of_another = post(&api, "llm/reserve", "a", &estimate(5)).await;
    assert_eq!((of_another.status, remaining(&api).await), (201, 1));
}

#[tokio::test]
async fn what_created_nothing_is_not_remembered() {
    let db = TestDb::new().await;
    let api = start(&db).await;
    assert_eq!(post(&api, "llm/check", "x", &json!({"key": "u", "cost": 9})).await.status, 200);
    assert_eq!(post(&api, "llm/reserve", "a", &estimate(4)).await.status, 429);
    assert_eq!(post(&api, "llm/reserve", "b", &estimate(11)).await.status, 400);
    assert_eq!(count(&db, "true").await, 0);
    assert_eq!(api.ask("DELETE", "/v1/limits/llm/keys/u", "").await.status, 204);
    assert_eq!(post(&api, "llm/reserve", "a", &estimate(4)).await.status, 201);
}

#[tokio::test]
async fn one_that_is_under_way_is_told_to_wait() {
    let db = TestDb::new().await;
    let api = start(&db).await;
    let holder = hold_up(&db).await;
    let request = text(&api, "llm/reserve", "a", &estimate(4));
    let address = api.address;
    let first = tokio::spawn(async move { send(address, &request).await });
    eventually("the first is under way", Duration::from_secs(20), async || {
        count(&db, "status is null").await == 1
    })
    .await;
    let second = post(&api, "llm/reserve", "a", &estimate(4)).await;
    assert_eq!((second.status, second.header("retry-after")), (409, Some("1")), "{second:?}");
    holder.execute("rollback").await;
    let first = first.await.unwrap();
    let third = post(&api, "llm/reserve", "a", &estimate(4)).await;
    assert_eq!((first.status, third.status, &third.body), (201, 201, &first.body));
    assert_eq!(remaining(&api).await, 6);
}

#[tokio::test]
async fn many_at_once_are_done_once() {
    let db = TestDb::new().await;
    let api = start(&db).await;
    let mut clients = JoinSet::new();
    for _ in 0..20 {
        let (address, request) = (api.address, text(&api, "llm/reserve", "a", &estimate(1)));
        clients.spawn(async move { send(address, &request).await });
    }
    let answers = clients.join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)), "{answers:?}");
    let created: HashSet<&str> =
        answers.iter().filter(|answer| answer.status == 201).map(|one| one.body.as_str()).collect();
    assert_eq!(created.len(), 1, "{answers:?}");
    let first = |answer: &&Response| {
        answer.status == 201 && answer.header("idempotency-replayed").is_none()
    };
    assert_eq!(answers.iter().filter(first).count(), 1);
    assert_eq!(remaining(&api).await, 9);
}

#[tokio::test]
async fn a_client_that_goes_away_gets_its_answer_when_it_comes_back() {
    let db = TestDb::new().await;
    let api = start(&db).await;
    let holder = hold_up(&db).await;
    let mut stream = TcpStream::connect(api.address).await.unwrap();
    let request = text(&api, "llm/reserve", "a", &estimate(4));
    stream.write_all(request.as_bytes()).await.unwrap();
    eventually("it is under way", Duration::from_secs(20), async || {
        count(&db, "status is null").await == 1
    })
    .await;
    drop(stream);
    holder.execute("rollback").await;
    eventually("it is done", Duration::from_secs(20), async || {
        count(&db, "status = 201").await == 1
    })
    .await;
    let again = post(&api, "llm/reserve", "a", &estimate(4)).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(remaining(&api).await, 6);
}

#[tokio::test]
async fn what_is_past_its_time_is_done_anew_and_swept() {
    let db = TestDb::new().await;
    let api = start(&db).await;
    let client = db.client().await;
    let pass = "update pgstead.server_idempotency set until = now() - interval '1 second'";
    let first = post(&api, "llm/reserve", "a", &estimate(1)).await;
    client.batch_execute(pass).await.unwrap();
    let anew = post(&api, "llm/reserve", "a", &estimate(2)).await;
    assert_eq!((anew.status, anew.header("idempotency-replayed")), (201, None));
    assert_ne!(anew.json()["reservation"], first.json()["reservation"]);
    // Of an attempt that did not end as well: its process may have died.
    client.batch_execute(pass).await.unwrap();
    let died = "update pgstead.server_idempotency set status = null, headers = null, body = null";
    client.batch_execute(died).await.unwrap();
    assert_eq!(post(&api, "llm/reserve", "a", &estimate(2)).await.status, 201);
    assert_eq!(post(&api, "llm/reserve", "b", &estimate(2)).await.status, 201);

    let sweep = pgstead_server::statements();
    let sweep = sweep.iter().find(|sql| sql.starts_with("-- Removes what is past")).unwrap();
    let swept = async || -> i64 {
        client.query_typed_one(sweep, &[(&1000_i32, Type::INT4)]).await.unwrap().get(0)
    };
    assert_eq!(swept().await, 0);
    client.batch_execute(pass).await.unwrap();
    assert_eq!((swept().await, count(&db, "true").await), (2, 0));
}
