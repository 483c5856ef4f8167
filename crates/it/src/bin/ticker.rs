//! One of several processes that run the same schedules.
//!
//! `ticker URL`: runs them until it is killed. Says `ready` when it has begun.

#![expect(clippy::print_stdout, reason = "that is how it tells")]

use pgstead_queue::{Config, Queues};
use pgstead_store::Db;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url] = arguments.as_slice() else { panic!("ticker URL") };
    let db = Db::connect(&pgstead_store::Config::new(url)).await.expect("PostgreSQL answers");
    let queues = Queues::start(&db, Config::default()).expect("the configuration is valid");
    println!("ready");
    queues.run_schedules(std::future::pending()).await;
}
