//! A process that verifies access tokens and makes none.
//!
//! `watcher URL POLL_MS STALENESS_MS POOLER`: for each token of standard input, a line each, it prints
//! every verdict that is not that before it: `valid`, then the verdict that follows with when that was,
//! in ns since 1970. With POOLER `transaction` it hears no notifications.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]
#![expect(clippy::disallowed_methods, reason = "the times of several processes are compared")]

use std::{
    io::{self, BufRead as _},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pgstead_store::{Config, Db, Pooler};
use pgstead_tokens::{Verification, Verifier, VerifierConfig};
use tokio::time::sleep;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, poll_ms, staleness_ms, pooler] = arguments.as_slice() else {
        panic!("watcher URL POLL_MS STALENESS_MS POOLER");
    };
    let mut database = Config::new(url);
    if pooler == "transaction" {
        database.pooler = Pooler::Transaction;
    }
    let db = Db::connect(&database).await.expect("PostgreSQL answers");
    let ms = |text: &str| Duration::from_millis(text.parse().expect("a number"));
    let mut config = VerifierConfig::new("https://auth.test");
    config.poll = ms(poll_ms);
    config.max_staleness = Some(ms(staleness_ms));
    let verifier = Verifier::open(&db, config).await.expect("there are keys");
    println!("ready");
    for token in io::stdin().lock().lines() {
        let token = token.unwrap();
        assert!(matches!(verifier.verify(&token), Verification::Valid(_)), "{token}");
        println!("valid");
        let verdict = loop {
            match verifier.verify(&token) {
                Verification::Valid(_) => sleep(Duration::from_millis(1)).await,
                Verification::Revoked => break "revoked",
                Verification::Stale => break "stale",
                other => panic!("{other:?}"),
            }
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        println!("{verdict} {}", now.as_nanos());
    }
}
