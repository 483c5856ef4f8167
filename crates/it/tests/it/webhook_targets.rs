//! What webhooks are not sent to: nothing is even connected to.

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use pgstead_it::{eventually, sink::Sink};
use pgstead_webhooks::{
    Attempts, Changes, Config, EndpointError, EndpointId, InvalidEndpoint, InvalidUrl, NewEndpoint,
    Resolve,
};
use serde_json::json;

use crate::webhooks::{Desk, event, local, quick};

/// Names and what they stand for, each time that somebody asks.
#[derive(Debug)]
struct Names {
    of: fn(&str, usize) -> Vec<&'static str>,
    asked: AtomicUsize,
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let times = self.asked.fetch_add(1, Ordering::Relaxed);
        let addresses = (self.of)(name, times);
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        std::future::ready(Ok(addresses)).boxed()
    }
}

fn config(allow: &[&str], of: fn(&str, usize) -> Vec<&'static str>) -> Config {
    let mut config = local();
    config.allow = allow.iter().map(|net| net.parse().unwrap()).collect();
    config.resolver = Arc::new(Names { of, asked: AtomicUsize::new(0) });
    config
}

/// How the only attempt at a new event went.
async fn attempted(desk: &Desk, endpoint: EndpointId) -> Option<String> {
    let before = Attempts::OfEndpoint(endpoint);
    let count = desk.webhooks.attempts(before, None, 100).await.unwrap().len();
    desk.webhooks.publish(event("a", &json!(1))).await.unwrap();
    let mut failure = None;
    eventually("it was attempted", Duration::from_mins(1), async || {
        let attempts = desk.webhooks.attempts(before, None, 100).await.unwrap();
        if let Some(attempt) = attempts.first().filter(|_| attempts.len() > count) {
            failure = Some(attempt.failure.clone());
        }
        failure.is_some()
    })
    .await;
    failure.flatten()
}

fn once() -> pgstead_queue::Options {
    let mut options = quick();
    options.max_attempts = 1;
    options
}

/// Every range, in every form that an address has in a URL.
#[tokio::test]
async fn no_endpoint_has_a_forbidden_address() {
    let desk = Desk::open_with(once(), config(&[], |_, _| vec![])).await;
    for host in [
        "0.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::]",
        "[fc00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
    ] {
        let url = format!("http://{host}/");
        let created = desk.webhooks.create(&NewEndpoint::new(&url)).await;
        let Err(EndpointError::Invalid(invalid)) = created else { panic!("{url}: {created:?}") };
        assert_eq!(invalid, InvalidEndpoint::Url(InvalidUrl::Forbidden), "{url}");
    }
    let id = desk.create("https://example.com/").await.id;
    let mut to = Changes::default();
    to.url = Some("http://127.0.0.1/".to_owned());
    assert!(desk.webhooks.change(id, &to).await.is_err(), "nor is it changed to one");
    desk.stop().await;
}

/// What was allowed once and is in the table need not be now.
#[tokio::test]
async fn an_address_is_looked_at_again_when_it_is_sent_to() {
    let desk = Desk::open_with(once(), config(&[], |_, _| vec![])).await;
    let sink = Sink::open().await;
    let id = desk.create("https://example.com/").await.id;
    let url = sink.url("/ok");
    let change = format!("update pgstead.webhook_endpoints set url = '{url}'");
    desk.db.client().await.batch_execute(&change).await.unwrap();
    assert_eq!(attempted(&desk, id).await.as_deref(), Some("forbidden"));
    assert_eq!(sink.connections(), 0);
    desk.stop().await;
}

/// A name, and what it stands for: nothing is connected to unless all of it may be.
#[tokio::test]
async fn a_name_with_a_forbidden_address_is_not_connected_to() {
    let of = |name: &str, _| match name {
        "loopback.test" => vec!["127.0.0.1"],
        "mapped.test" => vec!["::ffff:127.0.0.1"],
        "translated.test" => vec!["64:ff9b::7f00:1"],
        "six.test" => vec!["::1"],
        "metadata.test" => vec!["169.254.169.254"],
        "mixed.test" => vec!["127.0.0.2", "127.0.0.1"],
        "mixed-last.test" => vec!["127.0.0.1", "127.0.0.2"],
        "good.test" => vec!["127.0.0.2"],
        _ => vec![],
    };
    // One address of the loopback stands for the internet here.
    let desk = Desk::open_with(once(), config(&["127.0.0.2/32"], of)).await;
    let private = Sink::open_on("127.0.0.1:0").await;
    let port = private.address.port();
    let mut public = Sink::open_on(&format!("127.0.0.2:{port}")).await;
    for (name, failure) in [
        ("loopback.test", Some("forbidden")),
        ("mapped.test", Some("forbidden")),
        ("translated.test", Some("forbidden")),
        ("six.test", Some("forbidden")),
        ("metadata.test", Some("forbidden")),
        ("mixed.test", Some("forbidden")),
        ("mixed-last.test", Some("forbidden")),
        ("nowhere.test", Some("dns")),
        ("good.test", None),
    ] {
        let id = desk.create(&format!("http://{name}:{port}/ok")).await.id;
        assert_eq!(attempted(&desk, id).await.as_deref(), failure, "{name}");
        desk.webhooks.remove(id).await.unwrap();
    }
    assert_eq!((private.connections(), public.so_far().len()), (0, 1));
    // Nobody is told where a name leads.
    let told = "select count(*) from pgstead.webhook_attempts a
                where to_jsonb(a)::text ~ '127\\.0\\.0|169\\.254|::1'";
    let row = desk.db.client().await.query_typed_one(told, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
    desk.stop().await;
}

/// The first time it is good, and after that it is not.
#[tokio::test]
async fn a_name_that_changes_is_looked_at_each_time() {
    let of = |_: &str, times| vec![if times == 0 { "127.0.0.2" } else { "127.0.0.1" }];
    let desk = Desk::open_with(once(), config(&["127.0.0.2/32"], of)).await;
    let private = Sink::open_on("127.0.0.1:0").await;
    let port = private.address.port();
    let public = Sink::open_on(&format!("127.0.0.2:{port}")).await;
    // The connection is closed with the response, so that the next one is another one.
    let id = desk.create(&format!("http://changing.test:{port}/close")).await.id;
    assert_eq!(attempted(&desk, id).await.as_deref(), Some("closed"));
    assert_eq!(attempted(&desk, id).await.as_deref(), Some("forbidden"));
    assert_eq!((private.connections(), public.connections()), (0, 1));
    desk.stop().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed_to_where_nothing_is_sent() {
    let of = |_: &str, _| vec!["127.0.0.2"];
    let desk = Desk::open_with(once(), config(&["127.0.0.2/32"], of)).await;
    let private = Sink::open_on("127.0.0.1:0").await;
    let public = Sink::open_on("127.0.0.2:0").await;
    let to = private.url("/secret");
    let port = public.address.port();
    let id = desk.create(&format!("http://public.test:{port}/redirect?to={to}")).await.id;
    assert_eq!(attempted(&desk, id).await.as_deref(), Some("redirect"));
    assert_eq!((private.connections(), public.connections()), (0, 1));
    desk.stop().await;
}

#[tokio::test]
async fn nothing_is_sent_without_encryption_where_that_was_said() {
    let mut only = local();
    only.https_only = true;
    let desk = Desk::open_with(once(), only).await;
    let sink = Sink::open().await;
    let created = desk.webhooks.create(&NewEndpoint::new(sink.url("/ok"))).await;
    assert!(created.unwrap_err().to_string().contains("https"));
    // A certificate is asked for, and what answers without one gets nothing.
    let id = desk.create(&format!("https://{}/ok", sink.address)).await.id;
    assert_eq!(attempted(&desk, id).await.as_deref(), Some("tls"));
    desk.stop().await;
}
