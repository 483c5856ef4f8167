//! `kill -9` of the server and of PostgreSQL: what was durable is exact.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use nix::sys::signal::{Signal, kill};
use pgstead_it::{cli::pgstead, eventually, http, postmaster};
use tempfile::TempDir;
use tokio::task::JoinSet;

const CONFIG: &str = "\
[limits.kept]
algorithm = \"fixed-window\"
limit = 1000000
per = \"1d\"
durable = true
timeout = \"60s\"

[limits.fast]
algorithm = \"token-bucket\"
limit = 1000
per = \"1d\"
timeout = \"60s\"
";

fn serve(data_dir: &Path) -> pgstead_it::cli::Call {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir"];
    pgstead(arguments.map(Into::into).into_iter().chain([data_dir.as_os_str().to_owned()]))
        .configured(CONFIG)
}

/// 16 clients count as fast as they can until somebody dies. What was answered with 200 was
/// counted; of what was sent and never answered, each may have been.
#[tokio::test]
async fn a_killed_server_leaves_no_postgresql_and_exact_durable_counters() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let service = serve(&data_dir).serve().await;
    let key = service.admin_key.clone().expect("the first start prints a key");
    let address = service.address;
    let (acknowledged, unanswered) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for _ in 0..16 {
        let (acknowledged, unanswered, stop, key) =
            (acknowledged.clone(), unanswered.clone(), stop.clone(), key.clone());
        clients.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let call = count(address, &key).await;
                match call {
                    Some(200) => acknowledged.fetch_add(1, Ordering::Relaxed),
                    Some(status) => panic!("{status}"),
                    None => unanswered.fetch_add(1, Ordering::Relaxed),
                };
                if call.is_none() {
                    return;
                }
            }
        });
    }
    eventually("something was counted", Duration::from_mins(1), async || {
        acknowledged.load(Ordering::Relaxed) > 500
    })
    .await;
    let postgres = postmaster(&data_dir).unwrap();
    service.kill().await;
    stop.store(true, Ordering::Relaxed);
    clients.join_all().await;
    eventually("PostgreSQL stopped", Duration::from_secs(5), async || {
        kill(postgres, None).is_err()
    })
    .await;

    let service = serve(&data_dir).serve().await;
    assert_eq!(service.admin_key, None, "the key is printed once");
    let peek = http::request(service.address, "GET", "/v1/limits/kept/keys/all", Some(&key), "");
    let counted = 1_000_000 - peek.await.json()["remaining"].as_u64().unwrap();
    let (acknowledged, unanswered) =
        (acknowledged.load(Ordering::Relaxed), unanswered.load(Ordering::Relaxed));
    assert!(
        (acknowledged..=acknowledged + unanswered).contains(&counted),
        "{counted} counted, {acknowledged} acknowledged, {unanswered} unanswered"
    );
    assert_eq!(service.stop().await, 0);
    assert!(postmaster(&data_dir).is_none(), "it stopped with its last user");
}

/// Counts one, and gives the status; `None` where the server died on the way.
async fn count(address: std::net::SocketAddr, key: &str) -> Option<u16> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let body = r#"{"key":"all"}"#;
    let request = format!(
        "POST /v1/limits/kept/check HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         connection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let status = String::from_utf8(answer).ok()?;
    status.split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_killed_postgresql_comes_back_with_what_was_durable() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let service = serve(&data_dir).serve().await;
    let key = service.admin_key.clone().unwrap();
    let address = service.address;
    let post = async |policy: &str| {
        let path = format!("/v1/limits/{policy}/check");
        http::request(address, "POST", &path, Some(&key), r#"{"key":"all","cost":10}"#).await
    };
    for _ in 0..3 {
        assert_eq!(post("kept").await.status, 200);
        assert_eq!(post("fast").await.status, 200);
    }
    let killed = postmaster(&data_dir).unwrap();
    kill(killed, Signal::SIGKILL).unwrap();
    // What is asked meanwhile is decided by the policy's rule; it serves again by itself.
    eventually("PostgreSQL runs again", Duration::from_secs(30), async || {
        postmaster(&data_dir).is_some_and(|pid| pid != killed)
            && post("kept").await.json()["source"] == "database"
    })
    .await;
    let remaining = async |policy: &str| {
        let path = format!("/v1/limits/{policy}/keys/all");
        let standing = http::request(address, "GET", &path, Some(&key), "").await;
        standing.json()["remaining"].as_u64().unwrap()
    };
    let kept = remaining("kept").await;
    assert_eq!((1_000_000 - kept) % 10, 0);
    assert!(kept <= 1_000_000 - 40, "what was durable is kept: {kept}");
    assert_eq!(remaining("fast").await, 1000, "what was not is forgotten");
    assert_eq!(service.stop().await, 0);
}
