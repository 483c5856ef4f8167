//! The facade's example under load: what it refuses, it refuses as it should, all of it.

use std::{collections::BTreeMap, net::SocketAddr, path::Path, time::Duration};

use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::{Request, client::conn::http1::handshake};
use hyper_util::rt::TokioIo;
use pgstead_it::{
    TestDb,
    cli::{Service, call, example},
};
use tokio::{
    net::TcpStream,
    process::Command,
    task::JoinSet,
    time::{Instant, timeout},
};

use super::tower_layer::quotas;

/// The example, which believes what those on this machine say of whom they forward.
async fn serve(db: &TestDb) -> Service {
    let arguments = ["--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1/32"];
    call(example(), arguments).env("DATABASE_URL", db.url()).serve().await
}

/// Requests on one connection, one after the other, all of one client. Counts those that passed.
async fn client(address: SocketAddr, client_ip: String, requests: usize) -> i64 {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut passed = 0;
    for _ in 0..requests {
        let request = Request::get("/").header("host", "x").header("x-forwarded-for", &client_ip);
        let request = request.body(Body::empty()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let header = |name: &str| {
            let mut values = head.headers.get_all(name).iter();
            let value = values.next().map(|value| value.to_str().unwrap());
            assert!(values.next().is_none(), "{name} stands twice: {head:?}");
            value
        };
        let policy = quotas([header("ratelimit-policy").unwrap()]);
        let expected = vec![("q".to_owned(), 60), ("w".to_owned(), 60)];
        assert_eq!(policy, [("clients".to_owned(), expected)]);
        let [(of, parameters)] = &quotas([header("ratelimit").unwrap()])[..] else {
            panic!("one member: {head:?}");
        };
        let [(r, left), (t, reset)] = &parameters[..] else {
            panic!("two parameters: {head:?}");
        };
        assert_eq!((of.as_str(), r.as_str(), t.as_str()), ("clients", "r", "t"));
        assert!((1..=20).contains(reset), "{head:?}");
        // The older form says the same.
        let number = |name| header(name).map(|value| value.parse::<i64>().unwrap());
        assert_eq!(number("x-ratelimit-limit"), Some(60));
        assert_eq!(number("x-ratelimit-remaining"), Some(*left));
        assert_eq!(number("x-ratelimit-reset"), Some(*reset));
        match head.status.as_u16() {
            200 => {
                passed += 1;
                assert!((0..20).contains(left), "{head:?}");
                assert_eq!((header("retry-after"), &body[..]), (None, &b"hello\n"[..]));
            }
            429 => {
                // One comes each second.
                assert_eq!((*left, header("retry-after")), (0, Some("1")), "{head:?}");
                assert_eq!(header("content-type"), Some("application/problem+json"));
                let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(problem["violated-policies"], serde_json::json!(["clients"]));
                let wait_ms = problem["retry_after_ms"].as_u64().unwrap();
                assert!((1..=1000).contains(&wait_ms), "{problem}");
            }
            other => panic!("{other}: {head:?}"),
        }
    }
    passed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_says_when_to_come_back() {
    let db = TestDb::new().await;
    let service = serve(&db).await;
    // Two connections for each of 32 clients.
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for number in 0..64 {
        let client_ip = format!("203.0.113.{}", number / 2);
        let (address, name) = (service.address, client_ip.clone());
        clients.spawn(async move { (name, client(address, client_ip, 100).await) });
    }
    let mut passed = BTreeMap::<String, i64>::new();
    while let Some(done) = clients.join_next().await {
        let (name, count) = done.unwrap();
        *passed.entry(name).or_default() += count;
    }
    // 20 at once, and one each second since: never more, whoever shares the address.
    let most = 21 + i64::try_from(began.elapsed().as_secs()).unwrap();
    assert_eq!(passed.len(), 32);
    for (name, count) in passed {
        assert!((20..=most).contains(&count), "{name}: {count} of 200, at most {most}");
    }
}

#[tokio::test]
async fn wrk_gets_nothing_but_answers() {
    let db = TestDb::new().await;
    let service = serve(&db).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/refusals.lua");
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "2", "--connections", "64", "--duration", "2s", "--script"]);
    wrk.arg(script).arg(format!("http://{}/", service.address)).kill_on_drop(true);
    let output = timeout(Duration::from_mins(2), wrk.output()).await.unwrap().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    let (mut answers, mut refused, mut summary) = (0, 0, None);
    for line in printed.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["answer", count, status, policy, ratelimit, retry_after, kind] => {
                let count: u64 = count.parse().unwrap();
                answers += count;
                assert_eq!(quotas([policy])[0].1[..], [("q".into(), 60), ("w".into(), 60)]);
                let parameters = &quotas([ratelimit])[0].1;
                let left = parameters.iter().find(|(name, _)| name == "r").unwrap().1;
                match status {
                    "200" => assert_eq!(retry_after, "-", "{line}"),
                    "429" => {
                        refused += count;
                        assert_eq!((left, retry_after), (0, "1"), "{line}");
                        assert_eq!(kind, "application/problem+json");
                    }
                    _ => panic!("{line}"),
                }
            }
            ["summary", requests, errors] => {
                summary = Some((requests.parse::<u64>().unwrap(), errors.parse::<u64>().unwrap()));
            }
            _ => {}
        }
    }
    let (requests, errors) = summary.expect("the script ran to its end");
    assert_eq!(errors, 0, "{printed}");
    assert!(answers >= requests, "every answer was looked at: {printed}");
    assert!(refused > 0, "{printed}");
}
