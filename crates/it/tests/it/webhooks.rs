//! Webhooks that are sent: signed, tried again, recorded, replayed.

use std::{
    collections::BTreeSet,
    num::NonZeroU32,
    time::{Duration, SystemTime},
};

use pgstead_it::{
    TestDb, eventually,
    sink::{Sink, Taken},
};
use pgstead_queue::{Backoff, Config as QueuesConfig, Options, Queues, Which};
use pgstead_store::KeyEncryptionKey;
use pgstead_webhooks::{
    Attempt, Attempts, Changes, Config, Created, DeliveryState, EndpointError, EndpointId, Failure,
    InvalidEndpoint, NewEndpoint, NewEvent, PublishError, QUEUE, Rate, Reason, Receipt, Receiver,
    Replay, Scheme, SignatureKind, Source, Webhooks, options,
};
use serde_json::{Value, json, value::to_raw_value};
use tokio::{sync::oneshot, task::JoinHandle};

/// Webhooks of the test's own, which are sent.
pub(crate) struct Desk {
    pub(crate) db: TestDb,
    pub(crate) queues: Queues,
    pub(crate) webhooks: Webhooks,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// What failed is tried again at once, and three times.
pub(crate) fn quick() -> Options {
    let mut options = options();
    options.backoff = Backoff::Fixed(Duration::ZERO);
    options.max_attempts = 3;
    options.poll = Duration::from_hours(1);
    options
}

pub(crate) fn local() -> Config {
    let mut config = Config::default();
    config.allow = vec!["127.0.0.0/8".parse().unwrap()];
    config.deadline = Duration::from_secs(20);
    config.breaker.failures = 1000;
    config
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::open_with(quick(), local()).await
    }

    pub(crate) async fn open_with(options: Options, config: Config) -> Self {
        let db = TestDb::new().await;
        let mut queues = QueuesConfig::default();
        queues.queues.insert(QUEUE.parse().unwrap(), options);
        let queues = Queues::start(db.db(), queues).unwrap();
        let kek = KeyEncryptionKey::generate();
        let webhooks = Webhooks::start(db.db(), &queues, kek, config).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move { drop(stopped.await) };
        let of = webhooks.clone();
        let running = tokio::spawn(async move { of.run(until).await });
        Self { db, queues, webhooks, stop, running }
    }

    pub(crate) async fn create(&self, url: &str) -> Created {
        self.webhooks.create(&NewEndpoint::new(url)).await.unwrap()
    }

    pub(crate) async fn publish(&self, kind: &str, payload: Value) -> String {
        self.webhooks.publish(event(kind, &payload)).await.unwrap().id
    }

    /// The state of an event's only delivery, when it is over.
    async fn outcome(&self, id: &str) -> DeliveryState {
        let mut state = DeliveryState::Pending;
        eventually("the delivery is over", Duration::from_mins(1), async || {
            let event = self.webhooks.event(id).await.unwrap().unwrap();
            state = event.deliveries[0].state;
            state != DeliveryState::Pending
        })
        .await;
        state
    }

    /// Attempts at an endpoint, the oldest first.
    async fn attempts(&self, endpoint: EndpointId) -> Vec<Attempt> {
        let which = Attempts::OfEndpoint(endpoint);
        let mut attempts = self.webhooks.attempts(which, None, 1000).await.unwrap();
        attempts.reverse();
        attempts
    }

    async fn count(&self, sql: &str) -> i64 {
        self.db.client().await.query_typed_one(sql, &[]).await.unwrap().get(0)
    }

    /// The time by PostgreSQL, since 1970.
    async fn now(&self) -> Duration {
        let row = self.db.client().await.query_typed_one("select now()", &[]).await.unwrap();
        row.get::<_, SystemTime>(0).duration_since(SystemTime::UNIX_EPOCH).unwrap()
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.running.await.unwrap();
    }
}

pub(crate) fn event(kind: &str, payload: &Value) -> NewEvent {
    NewEvent::new(kind, to_raw_value(payload).unwrap()).unwrap()
}

/// Verifies a request as its receiver does, with our own other half.
pub(crate) async fn verified(desk: &Desk, secret: &str, taken: &Taken) -> Receipt {
    let source = Source::new(Scheme::Standard, vec![secret.to_owned()], "in".parse().unwrap());
    let sources = [("test".to_owned(), source)];
    let receiver = Receiver::new(desk.db.db(), &desk.queues, sources).unwrap();
    let fields = taken.headers.iter();
    let fields = fields.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    receiver.receive("test", &fields.collect(), taken.body.as_bytes()).await.unwrap()
}

#[tokio::test]
async fn what_is_published_arrives_byte_for_byte_and_signed() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let mut endpoint = NewEndpoint::new(sink.url("/ok?a=b"));
    endpoint.signatures = SignatureKind::ALL.into();
    endpoint.headers = [("Authorization".to_owned(), "Bearer theirs".to_owned())].into();
    let created = desk.webhooks.create(&endpoint).await.unwrap();
    let payload = r#"{ "b":1,"a":"ü\u0000", "n": 1.10 }"#;
    let raw = serde_json::value::RawValue::from_string(payload.to_owned()).unwrap();
    let published = desk.webhooks.publish(NewEvent::new("order.paid", raw).unwrap()).await.unwrap();
    assert_eq!((published.is_new, published.deliveries), (true, 1));
    let taken = sink.next().await;
    assert_eq!((taken.path.as_str(), taken.body.as_str()), ("/ok?a=b", payload));
    let header = |name: &str| taken.headers.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!(header("webhook-id"), published.id);
    assert_eq!(header("webhook-type"), "order.paid");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("authorization"), "Bearer theirs");
    assert!(header("user-agent").starts_with("pgstead/"));
    assert_eq!(header("webhook-signature").split(' ').count(), 2);
    assert!(header("x-hub-signature-256").starts_with("sha256="));
    for (kind, secret) in &created.secrets {
        if *kind != SignatureKind::Hub {
            let receipt = verified(&desk, secret.reveal(), &taken).await;
            assert!(
                matches!(receipt, Receipt::Accepted(_) | Receipt::Duplicate(_)),
                "{kind}: {receipt:?}"
            );
        }
    }
    assert_eq!(desk.outcome(&published.id).await, DeliveryState::Delivered);
    let attempts = desk.attempts(created.id).await;
    let [attempt] = &attempts[..] else { panic!("{attempts:?}") };
    assert_eq!((attempt.number, attempt.status, &attempt.failure), (1, Some(200), &None));
    assert_eq!((&*attempt.body, attempt.request_id.as_deref()), ("taken", Some("theirs")));
    assert_eq!(attempt.id.to_string(), header("x-request-id"));
    let event = desk.webhooks.event(&published.id).await.unwrap().unwrap();
    assert_eq!((event.payload.get(), &*event.kind), (payload, "order.paid"));
    // Nothing of a secret is in the tables in clear.
    let secret = created.secrets[0].1.reveal();
    let client = desk.db.client().await;
    let sql = "select (to_jsonb(e) || to_jsonb(s))::text from pgstead.webhook_endpoints e
               join pgstead.webhook_secrets s on s.endpoint = e.id";
    let rows = client.query_typed(sql, &[]).await.unwrap();
    for row in rows {
        let text: String = row.get(0);
        assert!(!text.contains(secret) && !text.contains("Bearer theirs"));
    }
    desk.stop().await;
}

/// What each behaviour of an endpoint comes to: the state of the delivery, the attempts, and how each failed.
#[tokio::test]
async fn an_endpoint_that_misbehaves_is_treated_as_it_should_be() {
    let mut config = local();
    config.deadline = Duration::from_millis(300);
    let desk = Desk::open_with(quick(), config).await;
    let mut sink = Sink::open().await;
    let redirect = format!("/redirect?to={}", sink.url("/secret"));
    for (path, failure, status, count) in [
        ("/status/500", Failure::Status, Some(500), 3),
        ("/status/404", Failure::Status, Some(404), 3),
        ("/hang", Failure::Timeout, None, 3),
        ("/drip", Failure::Timeout, Some(200), 3),
        ("/close", Failure::Closed, Some(200), 3),
        (&redirect, Failure::Redirect, Some(307), 3),
        ("/gone", Failure::Status, Some(410), 1),
    ] {
        let endpoint = desk.create(&sink.url(path)).await.id;
        let id = desk.publish("order.paid", json!({ "to": path })).await;
        assert_eq!(desk.outcome(&id).await, DeliveryState::Failed, "{path}");
        let attempts = desk.attempts(endpoint).await;
        let seen: Vec<_> = attempts
            .iter()
            .map(|attempt| (attempt.number, attempt.failure.as_deref(), attempt.status))
            .collect();
        let expected: Vec<_> =
            (1..=count).map(|number| (number, Some(failure.as_str()), status)).collect();
        assert_eq!(seen, expected, "{path}");
        let listed = desk.webhooks.attempts(Attempts::Failed(endpoint), None, 10).await.unwrap();
        assert_eq!(listed.len(), seen.len());
        desk.webhooks.remove(endpoint).await.unwrap();
    }
    assert!(sink.so_far().iter().all(|taken| taken.path != "/secret"), "nobody follows");
    // What was given up is a dead letter, but for what was refused for good.
    let queue = QUEUE.parse().unwrap();
    let all = || desk.queues.dead(&queue, None, 100);
    eventually("all are buried", Duration::from_secs(20), async || all().await.unwrap().len() == 6)
        .await;
    assert_eq!(all().await.unwrap()[0].errors.get().matches("redirect: 307").count(), 3);
    desk.stop().await;
}

#[tokio::test]
async fn a_body_is_read_and_kept_up_to_16_kilobytes() {
    let desk = Desk::open().await;
    let sink = Sink::open().await;
    let endpoint = desk.create(&sink.url("/large")).await.id;
    let id = desk.publish("a", json!(1)).await;
    assert_eq!(desk.outcome(&id).await, DeliveryState::Delivered);
    assert_eq!(desk.attempts(endpoint).await[0].body, "x".repeat(16 * 1024));
    desk.stop().await;
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    desk.create(&sink.url("/ok")).await;
    for n in 0..20 {
        let id = desk.publish("a", json!(n)).await;
        sink.next().await;
        assert_eq!(desk.outcome(&id).await, DeliveryState::Delivered);
    }
    assert_eq!(sink.connections(), 1);
    desk.stop().await;
}

#[tokio::test]
async fn one_that_answers_410_is_disabled_and_says_so() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let gone = desk.create(&sink.url("/gone")).await.id;
    let mut watcher = NewEndpoint::new(sink.url("/ok"));
    watcher.types = vec!["pgstead.*".to_owned()];
    desk.webhooks.create(&watcher).await.unwrap();
    desk.publish("a", json!(1)).await;
    assert_eq!(sink.next().await.path, "/gone");
    let told = sink.next().await;
    let told: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["type"], "pgstead.endpoint.disabled");
    assert_eq!(told["data"]["endpoint"], gone.to_string());
    assert_eq!(told["data"]["reason"], "gone");
    let endpoint = desk.webhooks.endpoint(gone).await.unwrap().unwrap();
    assert_eq!(endpoint.disabled.unwrap().1, Reason::Gone);
    let published = desk.webhooks.publish(event("b", &json!(2))).await.unwrap();
    assert_eq!(published.deliveries, 0, "nothing is sent to it, nor to who wants none of it");
    desk.stop().await;
}

#[tokio::test]
async fn one_that_has_failed_for_days_is_disabled() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let failing = desk.create(&sink.url("/status/503")).await.id;
    let mut watcher = NewEndpoint::new(sink.url("/ok"));
    watcher.types = vec!["pgstead.endpoint.*".to_owned()];
    desk.webhooks.create(&watcher).await.unwrap();
    let id = desk.publish("a", json!(1)).await;
    assert_eq!(desk.outcome(&id).await, DeliveryState::Failed);
    let found = async || desk.webhooks.endpoint(failing).await.unwrap().unwrap();
    assert!(found().await.failing_since.is_some() && found().await.disabled.is_none());
    let earlier = "update pgstead.webhook_endpoints
                   set failing_since = now() - interval '121 h' where failing_since is not null";
    desk.db.client().await.batch_execute(earlier).await.unwrap();
    sink.so_far();
    desk.publish("b", json!(2)).await;
    loop {
        let taken = sink.next().await;
        if taken.path == "/ok" {
            assert!(taken.body.contains(r#""reason":"failing""#), "{}", taken.body);
            break;
        }
    }
    assert_eq!(found().await.disabled.unwrap().1, Reason::Failing);
    // With a clean record it goes on.
    assert!(desk.webhooks.enable(failing).await.unwrap());
    assert!(found().await.disabled.is_none() && found().await.failing_since.is_none());
    desk.stop().await;
}

#[tokio::test]
async fn a_success_ends_a_failure() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let endpoint = desk.create(&sink.url("/once-500")).await.id;
    let id = desk.publish("a", json!(1)).await;
    assert_eq!(desk.outcome(&id).await, DeliveryState::Delivered);
    assert_eq!((sink.next().await.body, sink.next().await.body), ("1".into(), "1".into()));
    let attempts = desk.attempts(endpoint).await;
    let seen: Vec<_> = attempts.iter().map(|it| (it.number, it.status)).collect();
    assert_eq!(seen, [(1, Some(500)), (2, Some(200))]);
    assert_eq!(desk.webhooks.endpoint(endpoint).await.unwrap().unwrap().failing_since, None);
    desk.stop().await;
}

#[tokio::test]
async fn one_that_asks_for_time_is_left_alone() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    desk.create(&sink.url("/busy")).await;
    let id = desk.publish("a", json!(1)).await;
    sink.next().await;
    let later = "select count(*) from pgmq.q_webhooks where vt > now() + interval '100 s'";
    eventually("it waits", Duration::from_secs(20), async || desk.count(later).await == 1).await;
    let delivery = &desk.webhooks.event(&id).await.unwrap().unwrap().deliveries[0];
    let ahead = delivery.next_at.unwrap().duration_since(delivery.changed_at).unwrap();
    assert_eq!(ahead, Duration::from_mins(2), "Retry-After, and not the schedule");
    // What is published meanwhile waits, too, without being tried.
    desk.publish("b", json!(2)).await;
    eventually("both wait", Duration::from_secs(20), async || desk.count(later).await == 2).await;
    assert!(sink.so_far().is_empty());
    desk.stop().await;
}

#[tokio::test]
async fn one_that_fails_again_and_again_is_left_alone() {
    let mut config = local();
    config.breaker.failures = 5;
    config.breaker.pause = Duration::from_hours(1);
    config.breaker.longest_pause = Duration::from_hours(1);
    let mut options = quick();
    options.max_attempts = 1000;
    let desk = Desk::open_with(options, config).await;
    let mut sink = Sink::open().await;
    let mut endpoint = NewEndpoint::new(sink.url("/status/500"));
    endpoint.concurrency = 1;
    desk.webhooks.create(&endpoint).await.unwrap();
    for n in 0..10 {
        desk.publish("a", json!(n)).await;
    }
    let later = "select count(*) from pgmq.q_webhooks where vt > now() + interval '50 min'";
    eventually("all wait", Duration::from_secs(20), async || desk.count(later).await == 10).await;
    assert_eq!(sink.so_far().len(), 5);
    // Others do not notice.
    desk.create(&sink.url("/ok")).await;
    desk.publish("b", json!(1)).await;
    assert_eq!(sink.next().await.path, "/ok");
    desk.stop().await;
}

#[tokio::test]
async fn events_come_one_after_another_where_they_have_to() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let mut endpoint = NewEndpoint::new(sink.url("/once-500"));
    endpoint.fifo = true;
    desk.webhooks.create(&endpoint).await.unwrap();
    let events: Vec<NewEvent> = (0..30).map(|n| event("a", &json!(n))).collect();
    desk.webhooks.publish_all(events).await.unwrap();
    let mut came = Vec::new();
    for _ in 0..31 {
        came.push(sink.next().await.body.parse::<u64>().unwrap());
    }
    let expected: Vec<u64> = [0].into_iter().chain(0..30).collect();
    assert_eq!(came, expected, "the first one is tried again before the second one");
    desk.stop().await;
}

#[tokio::test]
async fn a_rate_is_kept() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let mut endpoint = NewEndpoint::new(sink.url("/ok"));
    let per = Duration::from_secs(1);
    endpoint.rate = Some(Rate { count: NonZeroU32::new(50).unwrap(), per });
    desk.webhooks.create(&endpoint).await.unwrap();
    let events: Vec<NewEvent> = (0..60).map(|n| event("a", &json!(n))).collect();
    desk.webhooks.publish_all(events).await.unwrap();
    let first = sink.next().await.at;
    let mut last = first;
    for _ in 1..60 {
        last = sink.next().await.at;
    }
    // 59 gaps of 20 ms; the first request may have been underway for a moment.
    assert!(last - first >= Duration::from_secs(1), "{:?}", last - first);
    desk.stop().await;
}

#[tokio::test]
async fn an_id_is_published_once() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    desk.create(&sink.url("/ok")).await;
    let calls = (0..20).map(|n| {
        let webhooks = desk.webhooks.clone();
        tokio::spawn(async move {
            let event = event("a", &json!(n)).id("order-42").unwrap();
            webhooks.publish(event).await.unwrap()
        })
    });
    let mut new = 0;
    for call in calls.collect::<Vec<_>>() {
        let published = call.await.unwrap();
        assert_eq!(published.id, "order-42");
        new += u64::from(published.is_new);
    }
    assert_eq!(new, 1);
    let again = event("a", &json!("again")).id("order-42").unwrap();
    let other = event("a", &json!("other"));
    let both = desk.webhooks.publish_all(vec![again.clone(), other, again]).await.unwrap();
    let seen: Vec<_> = both.iter().map(|one| (one.is_new, one.deliveries)).collect();
    assert_eq!(seen, [(false, 0), (true, 1), (false, 0)]);
    let bodies: BTreeSet<String> = [sink.next().await.body, sink.next().await.body].into();
    assert!(bodies.contains("\"other\""));
    assert_eq!(desk.count("select count(*) from pgstead.webhook_events").await, 2);
    desk.stop().await;
}

#[tokio::test]
async fn publishing_is_part_of_the_callers_transaction() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    desk.create(&sink.url("/ok")).await;
    let mut client = desk.db.client().await;
    for commits in [false, true] {
        let transaction = client.transaction().await.unwrap();
        let events = [event("a", &json!(commits)).id("x").unwrap()];
        let published = desk.webhooks.publish_in(transaction.client(), &events).await.unwrap();
        assert!(published[0].is_new, "what was rolled back was never there");
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        desk.webhooks.wake();
    }
    assert_eq!(sink.next().await.body, "true");
    assert_eq!(desk.outcome("x").await, DeliveryState::Delivered);
    assert!(sink.so_far().is_empty());
    desk.stop().await;
}

#[tokio::test]
async fn events_go_to_those_who_want_them() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    for (path, types, tenant) in [
        ("/ok/all", vec![], None),
        ("/ok/orders", vec!["order.*"], None),
        ("/ok/paid", vec!["*.paid", "user.created"], None),
        ("/ok/exact", vec!["a_b"], None),
        ("/ok/acme", vec![], Some("acme")),
        ("/ok/own", vec!["pgstead.*"], None),
    ] {
        let mut endpoint = NewEndpoint::new(sink.url(path));
        endpoint.types = types.into_iter().map(ToOwned::to_owned).collect();
        endpoint.tenant = tenant.map(ToOwned::to_owned);
        desk.webhooks.create(&endpoint).await.unwrap();
    }
    for (kind, tenant, expected) in [
        ("order.paid", None, vec!["/ok/all", "/ok/orders", "/ok/paid"]),
        ("order", None, vec!["/ok/all"]),
        ("orders.x", None, vec!["/ok/all"]),
        ("axb", None, vec!["/ok/all"]),
        ("a_b", None, vec!["/ok/all", "/ok/exact"]),
        ("order.paid", Some("acme"), vec!["/ok/acme"]),
        ("order.paid", Some("nobody"), vec![]),
    ] {
        let mut event = event(kind, &json!(1));
        if let Some(tenant) = tenant {
            event = event.tenant(tenant).unwrap();
        }
        let published = desk.webhooks.publish(event).await.unwrap();
        assert_eq!(published.deliveries, expected.len() as u64, "{kind}");
        let mut came = BTreeSet::new();
        for _ in &expected {
            came.insert(sink.next().await.path);
        }
        assert_eq!(came, expected.iter().map(ToString::to_string).collect(), "{kind}");
    }
    desk.stop().await;
}

#[tokio::test]
async fn what_was_missed_or_failed_is_sent_again() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let mut failing = NewEndpoint::new(sink.url("/status/500"));
    failing.types = vec!["a.*".to_owned()];
    let endpoint = desk.webhooks.create(&failing).await.unwrap().id;
    let before = SystemTime::UNIX_EPOCH;
    let failed = desk.publish("a.failed", json!("failed")).await;
    assert_eq!(desk.outcome(&failed).await, DeliveryState::Failed);
    desk.webhooks.disable(endpoint).await.unwrap();
    let missed = desk.publish("a.missed", json!("missed")).await;
    desk.publish("b.unwanted", json!("unwanted")).await;
    sink.so_far();
    let mut to = Changes::default();
    to.url = Some(sink.url("/ok"));
    assert!(desk.webhooks.change(endpoint, &to).await.unwrap());
    desk.webhooks.enable(endpoint).await.unwrap();
    let replay = async |what| desk.webhooks.replay(endpoint, what, before).await.unwrap();
    assert_eq!(replay(Replay::Failed).await, 1);
    assert_eq!(sink.next().await.body, "\"failed\"");
    assert_eq!(desk.outcome(&failed).await, DeliveryState::Delivered);
    assert_eq!(replay(Replay::Failed).await, 0);
    assert_eq!(replay(Replay::Missed).await, 1);
    assert_eq!(sink.next().await.body, "\"missed\"");
    assert_eq!(desk.outcome(&missed).await, DeliveryState::Delivered);
    assert_eq!(replay(Replay::Missed).await, 0);
    // One that succeeded, too, if it is asked for.
    let attempt = desk.attempts(endpoint).await.pop().unwrap();
    assert!(desk.webhooks.replay_attempt(attempt.id).await.unwrap());
    assert_eq!(sink.next().await.body, "\"missed\"");
    assert_eq!(desk.outcome(&missed).await, DeliveryState::Delivered);
    // One that was there later gets what was before.
    let later = desk.create(&sink.url("/ok/later")).await.id;
    let sent = desk.webhooks.replay(later, Replay::Missed, before).await.unwrap();
    assert_eq!(sent, 3);
    let mut came = BTreeSet::new();
    for _ in 0..3 {
        came.insert(sink.next().await.body);
    }
    assert_eq!(came, ["\"failed\"", "\"missed\"", "\"unwanted\""].map(ToOwned::to_owned).into());
    let future = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 366 * 100);
    assert_eq!(desk.webhooks.replay(later, Replay::Missed, future).await.unwrap(), 0);
    desk.stop().await;
}

#[tokio::test]
async fn a_delivery_that_waits_when_its_endpoint_is_disabled_is_missed() {
    let mut options = quick();
    options.backoff = Backoff::Fixed(Duration::from_millis(200));
    options.max_attempts = 1000;
    let desk = Desk::open_with(options, local()).await;
    let mut sink = Sink::open().await;
    let endpoint = desk.create(&sink.url("/status/500")).await.id;
    let id = desk.publish("a", json!(1)).await;
    sink.next().await;
    assert!(desk.webhooks.disable(endpoint).await.unwrap());
    assert!(!desk.webhooks.disable(endpoint).await.unwrap(), "it is already");
    assert_eq!(desk.outcome(&id).await, DeliveryState::Missed);
    desk.stop().await;
}

#[tokio::test]
async fn an_endpoint_is_tested_whatever_it_wants() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let mut endpoint = NewEndpoint::new(sink.url("/ok"));
    endpoint.types = vec!["order.paid".to_owned()];
    endpoint.tenant = Some("acme".to_owned());
    let id = desk.webhooks.create(&endpoint).await.unwrap().id;
    let published = desk.webhooks.test(id).await.unwrap().unwrap();
    assert_eq!(published.deliveries, 1);
    assert_eq!(sink.next().await.headers["webhook-type"], "pgstead.test");
    desk.webhooks.disable(id).await.unwrap();
    assert_eq!(desk.webhooks.test(id).await.unwrap().unwrap().deliveries, 0);
    desk.webhooks.remove(id).await.unwrap();
    assert!(desk.webhooks.test(id).await.unwrap().is_none());
    desk.stop().await;
}

#[tokio::test]
async fn a_secret_is_followed_by_another() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let created = desk.create(&sink.url("/ok")).await;
    let first = created.secrets[0].1.reveal();
    let rotate = async |overlap| {
        let rotated =
            desk.webhooks.rotate_secret(created.id, SignatureKind::V1, None, overlap).await;
        rotated.unwrap().unwrap().reveal().to_owned()
    };
    let good = |receipt| matches!(receipt, Receipt::Accepted(_) | Receipt::Duplicate(_));
    let second = rotate(None).await;
    desk.publish("a", json!(1)).await;
    let taken = sink.next().await;
    for secret in [first, &second] {
        assert!(good(verified(&desk, secret, &taken).await));
    }
    let third = rotate(Some(Duration::ZERO)).await;
    desk.publish("a", json!(2)).await;
    let taken = sink.next().await;
    assert!(good(verified(&desk, &third, &taken).await));
    assert!(!good(verified(&desk, &second, &taken).await));
    // The first one's time does not get longer by it.
    let endpoint = desk.webhooks.endpoint(created.id).await.unwrap().unwrap();
    assert!(endpoint.signatures.len() <= 2, "{:?}", endpoint.signatures);
    let brought = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let rotated =
        desk.webhooks.rotate_secret(created.id, SignatureKind::V1, Some(brought), None).await;
    assert_eq!(rotated.unwrap().unwrap().reveal(), brought);
    let wrong = desk.webhooks.rotate_secret(created.id, SignatureKind::V1, Some("x"), None).await;
    assert!(matches!(wrong, Err(EndpointError::Invalid(InvalidEndpoint::Secret(_)))));
    desk.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let mut config = local();
    config.largest_payload = 10;
    let desk = Desk::open_with(quick(), config).await;
    let fits = desk.webhooks.publish(event("a", &json!("12345678"))).await;
    assert!(fits.is_ok());
    let large = desk.webhooks.publish(event("a", &json!("123456789"))).await.unwrap_err();
    assert!(matches!(large, PublishError::Invalid(_)));
    assert!(large.to_string().starts_with("the payload has 11 bytes, and at most 10"), "{large}");
    desk.stop().await;
}

#[tokio::test]
async fn attempts_are_listed_page_by_page() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    let endpoint = desk.create(&sink.url("/ok")).await.id;
    for n in 0..7 {
        let id = desk.publish("a", json!(n)).await;
        sink.next().await;
        assert_eq!(desk.outcome(&id).await, DeliveryState::Delivered);
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let which = Attempts::OfEndpoint(endpoint);
        let page = desk.webhooks.attempts(which, before, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        seen.extend(page.iter().map(|attempt| attempt.id));
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted_by(|one, next| one > next));
    let number = desk.attempts(endpoint).await[0].event;
    let of_event = desk.webhooks.attempts(Attempts::OfEvent(number), None, 10).await.unwrap();
    assert_eq!(of_event.len(), 1);
    desk.stop().await;
}

#[tokio::test]
async fn days_are_made_ahead_and_dropped() {
    let desk = Desk::open().await;
    let sink = Sink::open().await;
    desk.create(&sink.url("/ok")).await;
    let named = event("a", &json!(1)).id("named").unwrap();
    desk.webhooks.publish(named).await.unwrap();
    assert_eq!(desk.outcome("named").await, DeliveryState::Delivered);
    assert_eq!(desk.webhooks.keep_house().await.unwrap().made, 0, "they were made at the start");
    let now = desk.now().await;
    let at = |days: u64| {
        let time = now + Duration::from_hours(24 * days);
        Some(i64::try_from(time.as_nanos()).unwrap())
    };
    let kept = desk.webhooks.keep_house_at(at(30)).await.unwrap();
    assert_eq!((kept.dropped > 0, kept.forgotten), (true, 0), "yesterday's are gone");
    assert!(desk.webhooks.event("named").await.unwrap().is_some());
    let swept = desk.webhooks.keep_house_at(at(33)).await.unwrap();
    assert_eq!(swept.forgotten, 1);
    assert!(desk.webhooks.event("named").await.unwrap().is_none());
    let left = desk.count(
        "select (select count(*) from pgstead.webhook_events)
              + (select count(*) from pgstead.webhook_deliveries)
              + (select count(*) from pgstead.webhook_attempts)
              + (select count(*) from pgstead.webhook_event_keys)",
    );
    assert_eq!(left.await, 0);
    desk.stop().await;
}

#[tokio::test]
async fn another_key_opens_nothing_and_says_so() {
    let desk = Desk::open().await;
    let mut sink = Sink::open().await;
    desk.create(&sink.url("/ok")).await;
    let id = desk.publish("a", json!(1)).await;
    sink.next().await;
    assert_eq!(desk.outcome(&id).await, DeliveryState::Delivered);
    let Desk { db, queues, webhooks, stop, running } = desk;
    stop.send(()).unwrap();
    running.await.unwrap();
    drop(webhooks);
    let kek = KeyEncryptionKey::generate();
    let webhooks = Webhooks::start(db.db(), &queues, kek, local()).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let until = async move { drop(stopped.await) };
    let of = webhooks.clone();
    let running = tokio::spawn(async move { of.run(until).await });
    let desk = Desk { db, queues, webhooks, stop, running };
    let id = desk.publish("b", json!(2)).await;
    let later = "select count(*) from pgmq.q_webhooks where vt > now() + interval '30 s'";
    eventually("it waits", Duration::from_secs(20), async || desk.count(later).await == 1).await;
    let delivery = &desk.webhooks.event(&id).await.unwrap().unwrap().deliveries[0];
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Pending, 0));
    assert!(sink.so_far().is_empty(), "nothing is sent unsigned");
    let queue = QUEUE.parse().unwrap();
    let redriven = desk.queues.redrive(&queue, &Which::All, None).await.unwrap();
    assert_eq!(redriven, 0, "it is no dead letter");
    desk.stop().await;
}
