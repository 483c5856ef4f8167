//! Webhooks when processes are killed, and when some endpoints hang.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::Duration,
};

use pgstead_it::{
    cli::{Service, pgstead},
    eventually, http, is_long,
    sink::{Sink, Taken},
};
use pgstead_webhooks::{DeliveryState, NewEndpoint};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};

use crate::webhooks::{Desk, event, local, quick, verified};

async fn serve(data_dir: &Path) -> Service {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir"].map(Into::into);
    let arguments = arguments.into_iter().chain([data_dir.as_os_str().to_owned()]);
    let config = "[webhooks]\nallow = [\"127.0.0.0/8\"]\n\
                  [queues.webhooks]\nbackoff = [\"1ms\"]\nlease = \"1s\"\n";
    pgstead(arguments).configured(config).serve().await
}

async fn post(service: &Service, key: &str, path: &str, body: &Value) -> Value {
    let path = format!("/v1/webhooks{path}");
    let body = body.to_string();
    let answer = http::request(service.address, "POST", &path, Some(key), &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

async fn get(service: &Service, key: &str, path: &str) -> Value {
    let path = format!("/v1/webhooks{path}");
    http::request(service.address, "GET", &path, Some(key), "").await.json()
}

/// `kill -9` of the server in the middle: whatever was published arrives, and is recorded.
#[tokio::test]
async fn a_killed_server_loses_no_delivery() {
    let count = if is_long() { 5000 } else { 1000 };
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let service = serve(&data_dir).await;
    let key = service.admin_key.clone().unwrap();
    let mut sink = Sink::open().await;
    let created = post(&service, &key, "/endpoints", &json!({ "url": sink.url("/ok") })).await;
    let secret = created["secrets"][0]["secret"].as_str().unwrap().to_owned();
    let endpoint = created["id"].as_str().unwrap().to_owned();
    for batch in 0..count / 500 {
        let event = |n: usize| json!({ "type": "a", "payload": n, "id": format!("event-{n}") });
        let events: Vec<Value> = (batch * 500..(batch + 1) * 500).map(event).collect();
        post(&service, &key, "/events", &json!({ "events": events })).await;
    }
    let mut taken: Vec<Taken> = Vec::new();
    while taken.len() < count / 3 {
        taken.push(sink.next().await);
    }
    service.kill().await;
    let service = serve(&data_dir).await;
    let mut ids: HashSet<String> = HashSet::new();
    ids.extend(taken.iter().map(|taken| taken.headers["webhook-id"].clone()));
    while ids.len() < count {
        let next = sink.next().await;
        ids.insert(next.headers["webhook-id"].clone());
        taken.push(next);
    }
    let last = format!("/events/event-{}", count - 1);
    eventually("the last is recorded", Duration::from_mins(1), async || {
        get(&service, &key, &last).await["deliveries"][0]["state"] == "delivered"
    })
    .await;
    // Each has an attempt that succeeded.
    let mut recorded: HashSet<String> = HashSet::new();
    eventually("all are recorded", Duration::from_mins(1), async || {
        recorded.clear();
        let mut path = format!("/endpoints/{endpoint}/attempts?most=1000");
        loop {
            let page = get(&service, &key, &path).await;
            for attempt in page["attempts"].as_array().unwrap() {
                if attempt["error"].is_null() {
                    recorded.insert(attempt["event"].as_str().unwrap().to_owned());
                }
            }
            let Some(before) = page["before"].as_str() else { break };
            path = format!("/endpoints/{endpoint}/attempts?most=1000&before={before}");
        }
        recorded.len() == count
    })
    .await;
    let twice = taken.len() - count;
    println!("{count} events, {twice} of them came twice");
    assert_eq!(service.stop().await, 0);
    // What it was signed with is ours to verify without the server.
    let desk = Desk::open().await;
    for taken in taken.iter().step_by(taken.len() / 50) {
        let receipt = verified(&desk, &secret, taken).await;
        assert!(!matches!(receipt, pgstead_webhooks::Receipt::Refused(_)), "{receipt:?}");
    }
    desk.stop().await;
}

/// Publishes events to endpoints of which some hang. How long each took to arrive at the others.
async fn latencies(events: usize, hanging: usize) -> Vec<Duration> {
    const ENDPOINTS: usize = 20;
    let mut options = quick();
    options.max_attempts = 1000;
    options.backoff = pgstead_queue::Backoff::Fixed(Duration::from_secs(5));
    options.stop_within = Duration::ZERO;
    let mut config = local();
    config.deadline = Duration::from_secs(15);
    config.breaker = pgstead_webhooks::Config::default().breaker;
    let desk = Desk::open_with(options, config).await;
    let mut sink = Sink::open().await;
    let hole = Sink::open().await;
    for n in 0..ENDPOINTS {
        let url = if n < hanging { hole.url("/hang") } else { sink.url("/ok") };
        let mut endpoint = NewEndpoint::new(url);
        endpoint.types = vec![format!("to.{n}")];
        desk.webhooks.create(&endpoint).await.unwrap();
    }
    let mut published: HashMap<usize, Instant> = HashMap::new();
    let arriving = (0..events).filter(|n| n % ENDPOINTS >= hanging).count();
    let webhooks = desk.webhooks.clone();
    let (sender, mut sent) = tokio::sync::mpsc::unbounded_channel();
    let publishing = tokio::spawn(async move {
        // As fast as they can be delivered on a small machine, and no faster.
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        for batch in (0..events).collect::<Vec<_>>().chunks(20) {
            ticks.tick().await;
            let all = batch.iter().map(|n| event(&format!("to.{}", n % ENDPOINTS), &json!(n)));
            let all = all.collect();
            let at = Instant::now();
            for n in batch {
                sender.send((*n, at)).unwrap();
            }
            webhooks.publish_all(all).await.unwrap();
        }
    });
    let mut took = Vec::with_capacity(arriving);
    while took.len() < arriving {
        let taken = timeout(Duration::from_mins(2), sink.next()).await.expect("all arrive");
        let n: usize = taken.body.parse().unwrap();
        while !published.contains_key(&n) {
            let (n, at) = sent.recv().await.unwrap();
            published.insert(n, at);
        }
        took.push(taken.at - published[&n]);
    }
    publishing.await.unwrap();
    desk.stop().await;
    took.sort();
    took
}

/// What hangs takes nothing from the others. The times are printed, and held against each other in long runs.
#[tokio::test]
async fn endpoints_that_hang_do_not_slow_the_others() {
    let events = if is_long() { 10_000 } else { 1000 };
    let p99 = |took: &[Duration]| took[took.len() * 99 / 100];
    let (without, with) = (latencies(events, 0).await, latencies(events, 2).await);
    println!("p99 of {events}: {:?}, and {:?} with two that hang", p99(&without), p99(&with));
    if is_long() {
        assert!(p99(&with) <= p99(&without).mul_f64(1.5).max(Duration::from_millis(20)));
    }
}

/// What a worker held that lost PostgreSQL's connections is delivered all the same.
#[tokio::test]
async fn connections_that_break_lose_no_delivery() {
    let mut options = quick();
    options.lease = Duration::from_secs(1);
    options.poll = Duration::from_millis(200);
    let desk = Desk::open_with(options, local()).await;
    let mut sink = Sink::open().await;
    desk.create(&sink.url("/ok")).await;
    let events: Vec<_> = (0..500).map(|n| event("a", &json!(n))).collect();
    let published = desk.webhooks.publish_all(events).await.unwrap();
    let mut came = HashSet::new();
    while came.len() < 500 {
        came.insert(sink.next().await.body);
        if came.len() == 100 {
            desk.db.end_connections().await;
        }
    }
    eventually("all are recorded", Duration::from_mins(1), async || {
        let client = desk.db.db().client().await;
        let Ok(client) = client else { return false };
        let sql = "select count(*) from pgstead.webhook_deliveries where state = 'delivered'";
        client.query_typed_one(sql, &[]).await.is_ok_and(|row| row.get::<_, i64>(0) == 500)
    })
    .await;
    let last = desk.webhooks.event(&published[499].id).await.unwrap().unwrap();
    assert_eq!(last.deliveries[0].state, DeliveryState::Delivered);
    desk.stop().await;
}
