//! One of several processes that refresh the same sessions at once.
//!
//! `refresher URL KEK SECONDS GRACE_MS`: reads sessions from standard input, a line each with its class,
//! its number and its first token, then a line `go`. Sixteen tasks use them: four have a session of
//! their own (`lone`), four are the tabs of one browser (`tabs`), and eight share theirs with the other
//! processes (`shared`). Responses are dropped, calls are given up on the way, and now and then an old
//! token is presented. A session that is over is followed by the next of its class.
//!
//! What has happened is printed, a line each: session, when it was asked and answered in ns, the
//! token, the outcome, the next token.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]
#![expect(clippy::disallowed_methods, reason = "the times of several processes are compared")]

use std::{
    io::{self, BufRead as _, Write as _},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pgstead_store::Db;
use pgstead_tokens::{Config, Rotation, Tokens};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

/// A session as the tasks of this process know it.
struct Jar {
    number: String,
    first: String,
    newest: Mutex<String>,
}

#[derive(Clone)]
struct Desk {
    tokens: Tokens,
    ends_at: Instant,
    history: Arc<Mutex<Vec<String>>>,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, kek, seconds, grace_ms] = arguments.as_slice() else {
        panic!("refresher URL KEK SECONDS GRACE_MS");
    };
    let db = Db::connect(&pgstead_store::Config::new(url)).await.expect("PostgreSQL answers");
    let mut config = Config::new("https://auth.test", kek.parse().expect("a key"));
    config.grace = Duration::from_millis(grace_ms.parse().expect("a number"));
    let tokens = Tokens::open(&db, config).await.expect("there are keys");
    println!("ready");
    let (mut lone, mut tabs, mut shared) = (Vec::new(), Vec::new(), Vec::new());
    for told in io::stdin().lock().lines() {
        let told = told.unwrap();
        let [class, number, first] = told.split(' ').collect::<Vec<_>>()[..] else { break };
        let (number, first) = (number.to_owned(), first.to_owned());
        let jar = Arc::new(Jar { number, newest: Mutex::new(first.clone()), first });
        match class {
            "lone" => lone.push(jar),
            "tabs" => tabs.push(jar),
            _ => shared.push(jar),
        }
    }
    let ends_at = Instant::now() + Duration::from_secs(seconds.parse().expect("a number"));
    let desk = Desk { tokens, ends_at, history: Arc::default() };
    let mut tasks = JoinSet::new();
    for jar in lone {
        tasks.spawn(desk.clone().use_up(vec![jar], 0));
    }
    for _ in 0..4 {
        tasks.spawn(desk.clone().use_up(tabs.clone(), 200));
    }
    for _ in 0..8 {
        tasks.spawn(desk.clone().use_up(shared.clone(), 100));
    }
    tasks.join_all().await;
    let mut stdout = io::stdout().lock();
    for line in &*desk.history.lock().unwrap() {
        writeln!(stdout, "{line}").unwrap();
    }
}

impl Desk {
    /// Uses one session after another until each is over. One in so many times it presents the first
    /// token; never if that is 0.
    async fn use_up(self, jars: Vec<Arc<Jar>>, replay_one_in: u32) {
        for jar in jars {
            while Instant::now() < self.ends_at {
                sleep(Duration::from_micros(random(4000).into())).await;
                let replays = replay_one_in > 0 && random(replay_one_in) == 0;
                let token =
                    if replays { jar.first.clone() } else { jar.newest.lock().unwrap().clone() };
                if self.present(&jar, &token).await {
                    break;
                }
            }
        }
    }

    /// Presents a token, more than once if nothing comes back. Whether the session is over.
    async fn present(&self, jar: &Jar, token: &str) -> bool {
        loop {
            let began = now_ns();
            let patience = match random(4) {
                0 => Duration::from_micros(random(3000).into()),
                _ => Duration::from_mins(1),
            };
            let answer = timeout(patience, self.tokens.refresh(token)).await;
            let (outcome, next) = match answer {
                Err(_given_up) => ("given-up", None),
                Ok(rotation) => match rotation.expect("PostgreSQL answers") {
                    Rotation::Rotated(issued) => ("rotated", Some(issued)),
                    Rotation::Graced(issued) => ("graced", Some(issued)),
                    Rotation::Reused { .. } => ("reused", None),
                    Rotation::Revoked => ("revoked", None),
                    other => panic!("{other:?}"),
                },
            };
            let next = next.map(|issued| issued.refresh_token.reveal().to_owned());
            let (number, ended) = (&jar.number, now_ns());
            let line = format!(
                "{number} {began} {ended} {token} {outcome} {}",
                next.as_deref().unwrap_or("-")
            );
            self.history.lock().unwrap().push(line);
            // Some responses never arrive: whoever waits for one asks again.
            if outcome == "given-up" || (next.is_some() && random(4) == 0) {
                sleep(Duration::from_micros(random(2000).into())).await;
                continue;
            }
            let Some(next) = next else { return true };
            let mut newest = jar.newest.lock().unwrap();
            // Somebody else may have got on meanwhile.
            if *newest == token {
                *newest = next;
            }
            return false;
        }
    }
}

fn now_ns() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos()
}

fn random(below: u32) -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap();
    u32::from_be_bytes(bytes) % below
}
