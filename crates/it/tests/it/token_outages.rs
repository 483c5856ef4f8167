//! Sessions while PostgreSQL is killed, and verifiers in other processes.

#![expect(clippy::print_stdout, reason = "figures, for who runs it with --nocapture")]
#![expect(clippy::disallowed_methods, reason = "the times of two processes are compared")]

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use nix::sys::signal::{Signal, kill};
use pgstead_it::{LINES, TestDb, TestServer, eventually, is_long, postmaster};
use pgstead_store::{Clock, Db, ManualClock, migrate::migrate};
use pgstead_tokens::{
    Config, Issued, KeyEncryptionKey, NewSession, Rotation, SessionId, Tokens, Verification,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    task::JoinSet,
};

const ISSUER: &str = "https://auth.test";

async fn open(db: &Db) -> Tokens {
    let mut config = Config::new(ISSUER, KeyEncryptionKey::generate());
    config.patience = Duration::from_secs(30);
    Tokens::open(db, config).await.unwrap()
}

/// Clients that ask again when nothing comes back, while PostgreSQL is killed again and again.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_postgresql_logs_nobody_out_and_brings_nothing_back() {
    let server = TestServer::start().await;
    let db = server.db(Duration::from_secs(30)).await;
    migrate(&db, LINES).await.unwrap();
    let tokens = open(&db).await;
    let (refreshed, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for number in 0..32 {
        let client = Client {
            tokens: tokens.clone(),
            user: format!("user {number}"),
            refreshed: Arc::clone(&refreshed),
            failed: Arc::clone(&failed),
            stop: Arc::clone(&stop),
        };
        clients.spawn(client.refresh());
    }
    let mut revokers = JoinSet::new();
    for number in 0..4 {
        revokers.spawn(revoke(tokens.clone(), number, Arc::clone(&stop)));
    }
    for _ in 0..if is_long() { 20 } else { 5 } {
        let before = refreshed.load(Ordering::Relaxed);
        eventually("clients get on", Duration::from_mins(1), async || {
            refreshed.load(Ordering::Relaxed) > before + 300
        })
        .await;
        let killed = postmaster(server.data_dir()).unwrap();
        kill(killed, Signal::SIGKILL).unwrap();
        eventually("PostgreSQL runs again", Duration::from_mins(1), async || {
            postmaster(server.data_dir()).is_some_and(|pid| pid != killed)
        })
        .await;
    }
    let before = refreshed.load(Ordering::Relaxed);
    eventually("clients get on", Duration::from_mins(1), async || {
        refreshed.load(Ordering::Relaxed) > before + 300
    })
    .await;
    stop.store(true, Ordering::Relaxed);
    clients.join_all().await;
    let revoked = revokers.join_all().await.concat();
    println!("{refreshed:?} refreshed, {failed:?} failed, {} revoked", revoked.len());
    assert!(failed.load(Ordering::Relaxed) > 0, "somebody was in the middle of it");
    assert!(revoked.len() > 20, "{}", revoked.len());
    for token in revoked {
        let outcome = tokens.refresh(&token).await.unwrap();
        assert!(matches!(outcome, Rotation::Revoked), "{outcome:?}");
    }
}

struct Client {
    tokens: Tokens,
    user: String,
    refreshed: Arc<AtomicU64>,
    failed: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Client {
    async fn refresh(self) {
        let new = NewSession::new(&self.user).unwrap();
        let mut token = self.tokens.issue(&new).await.unwrap().refresh_token;
        while !self.stop.load(Ordering::Relaxed) {
            match self.tokens.refresh(token.reveal()).await {
                Ok(Rotation::Rotated(issued) | Rotation::Graced(issued)) => {
                    token = issued.refresh_token;
                    self.refreshed.fetch_add(1, Ordering::Relaxed);
                }
                Ok(other) => panic!("{} was logged out: {other:?}", self.user),
                Err(error) => {
                    assert!(error.is_unavailable() || error.is_timeout(), "{error:?}");
                    self.failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}

/// Begins sessions and ends them, one way or the other. The refresh tokens of those of which it was
/// told that they are over.
async fn revoke(tokens: Tokens, number: u32, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut over = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let user = format!("leaver {number} {}", over.len());
        let Ok(issued) = tokens.issue(&NewSession::new(&user).unwrap()).await else { continue };
        let told = if over.len() % 2 == 0 {
            tokens.revoke(issued.session).await.is_ok()
        } else {
            tokens.revoke_user(&user).await.is_ok()
        };
        if told {
            over.push(issued.refresh_token.reveal().to_owned());
        }
    }
    over
}

/// Another process, which has no key but the public ones.
struct Watcher {
    _process: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watcher {
    async fn start(url: &str, poll_ms: u32, staleness_ms: u32, pooler: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_watcher"))
            .args([url, &poll_ms.to_string(), &staleness_ms.to_string(), pooler])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdin = process.stdin.take().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut watcher = Self { _process: process, stdin, lines };
        assert_eq!(watcher.line().await, "ready");
        watcher
    }

    async fn line(&mut self) -> String {
        self.lines.next_line().await.unwrap().expect("it lives")
    }

    async fn watch(&mut self, token: &str) {
        self.stdin.write_all(format!("{token}\n").as_bytes()).await.unwrap();
        assert_eq!(self.line().await, "valid");
    }

    /// What it says in the end, and how many ms after that.
    async fn verdict(&mut self, since_ns: u128) -> (String, f64) {
        let line = self.line().await;
        let (verdict, at_ns) = line.split_once(' ').unwrap();
        let at_ns: u128 = at_ns.parse().unwrap();
        let took = u64::try_from(at_ns.saturating_sub(since_ns)).unwrap();
        (verdict.to_owned(), Duration::from_nanos(took).as_secs_f64() * 1e3)
    }
}

fn now_ns() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos()
}

/// By a notification, though the poll would take a minute.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_revoked_here_is_refused_there_at_once() {
    revoked_here_refused_there("notified", 60_000, "none").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_revoked_here_is_refused_there_after_a_poll() {
    revoked_here_refused_there("polled", 200, "transaction").await;
}

async fn revoked_here_refused_there(how: &str, poll_ms: u32, pooler: &str) {
    let db = TestDb::new().await;
    let tokens = open(db.db()).await;
    let mut watcher = Watcher::start(db.url(), poll_ms, 2 * poll_ms, pooler).await;
    let mut took = Vec::new();
    for number in 0..if is_long() { 1000 } else { 50 } {
        let user = format!("user {number}");
        let issued = tokens.issue(&NewSession::new(&user).unwrap()).await.unwrap();
        watcher.watch(issued.access_token.reveal()).await;
        tokens.revoke_user(&user).await.unwrap();
        let (verdict, ms) = watcher.verdict(now_ns()).await;
        assert_eq!(verdict, "revoked");
        took.push(ms);
    }
    took.sort_by(f64::total_cmp);
    let (p50, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!("{how}: refused after p50 {p50:.1} ms, p99 {p99:.1} ms, of {}", took.len());
    // A machine that does nothing else is asked to be quick.
    let promised_ms = if pooler == "none" { 100.0 } else { f64::from(poll_ms) + 100.0 };
    assert!(!is_long() || p99 <= promised_ms, "p99 {p99:.1} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verifier_that_hears_nothing_lets_nobody_in() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(30)).await;
    migrate(&db, LINES).await.unwrap();
    let tokens = open(&db).await;
    let issued = tokens.issue(&NewSession::new("ada").unwrap()).await.unwrap();
    let token = issued.access_token.reveal().to_owned();
    let mut watcher = Watcher::start(server.url(), 50, 500, "none").await;
    watcher.watch(&token).await;
    server.stop().await;
    assert_eq!(watcher.verdict(now_ns()).await.0, "stale");
    // One that is not to fail closed goes by what it knew.
    assert!(matches!(tokens.verify(&token), Verification::Valid(_)));
    server.start_again().await;
    eventually("it hears again", Duration::from_mins(1), async || {
        tokens.refresh(issued.refresh_token.reveal()).await.is_ok()
    })
    .await;
    // It lets her in again as soon as it hears; what was revoked meanwhile it knows then.
    let mut watcher = Watcher::start(server.url(), 50, 500, "none").await;
    watcher.watch(&token).await;
    let session: SessionId = issued.session;
    assert!(tokens.revoke(session).await.unwrap());
    assert_eq!(watcher.verdict(now_ns()).await.0, "revoked");
}

/// To say of a token that it is not there to be revoked, or that it is worth nothing, takes knowing it.
#[tokio::test]
async fn who_hears_nothing_says_nothing_of_a_token() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let mut config = Config::new(ISSUER, KeyEncryptionKey::generate());
    config.patience = Duration::from_secs(1);
    config.verifier.poll = Duration::from_millis(50);
    config.verifier.max_staleness = Some(Duration::from_millis(500));
    let tokens = Tokens::open(&db, config).await.unwrap();
    let issued = tokens.issue(&NewSession::new("ada").unwrap()).await.unwrap();
    let token = issued.access_token.reveal();
    server.stop().await;
    eventually("nobody is let in", Duration::from_mins(1), async || {
        tokens.verify(token) == Verification::Stale
    })
    .await;
    assert!(tokens.revoke_token(token).await.unwrap_err().is_unavailable());
    assert!(tokens.inspect(token).await.unwrap_err().is_unavailable());
}

/// A response that was lost with PostgreSQL is asked for again when that is back, however long it takes.
#[tokio::test]
async fn an_outage_that_is_longer_than_the_grace_logs_nobody_out() {
    let mut server = TestServer::start().await;
    let db = server.db(Duration::from_secs(1)).await;
    migrate(&db, LINES).await.unwrap();
    let clock = ManualClock::new(Duration::from_hours(490_896));
    let mut config = Config::new(ISSUER, KeyEncryptionKey::generate());
    config.patience = Duration::from_secs(1);
    config.verifier.clock = Clock::Manual(clock.clone());
    config.verifier.poll = Duration::from_millis(50);
    config.verifier.max_staleness = Some(Duration::from_millis(500));
    let tokens = Tokens::open(&db, config).await.unwrap();
    let log_in = async || tokens.issue(&NewSession::new("ada").unwrap()).await.unwrap();
    let (lost, old) = (log_in().await, log_in().await);
    let refresh = async |token: &Issued| tokens.refresh(token.refresh_token.reveal()).await;
    let Rotation::Rotated(_) = refresh(&old).await.unwrap() else { panic!("it was good") };
    clock.advance(Duration::from_mins(1));
    // It hears of that.
    tokens.import(&[]).await.unwrap();
    let Rotation::Rotated(next) = refresh(&lost).await.unwrap() else { panic!("it was good") };
    server.stop().await;
    eventually("nobody is let in", Duration::from_mins(1), async || {
        tokens.verify(next.access_token.reveal()) == Verification::Stale
    })
    .await;
    clock.advance(Duration::from_mins(9));
    server.start_again().await;
    let mut again = None;
    eventually("it answers", Duration::from_mins(1), async || {
        again = refresh(&lost).await.ok();
        again.is_some()
    })
    .await;
    let Some(Rotation::Graced(again)) = again else { panic!("{again:?}") };
    assert_eq!(again.refresh_token, next.refresh_token);
    // What had been used long before is as suspicious as ever.
    assert!(matches!(refresh(&old).await.unwrap(), Rotation::Reused { .. }));
    eventually("it hears", Duration::from_mins(1), async || {
        matches!(tokens.verify(next.access_token.reveal()), Verification::Valid(_))
    })
    .await;
    clock.advance(Duration::from_secs(10));
    assert!(matches!(refresh(&lost).await.unwrap(), Rotation::Reused { .. }));
}
