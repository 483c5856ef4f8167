//! One of several processes that work at the same queue.
//!
//! `queue_worker URL LEASE_MS CONCURRENCY HOLD FILE`: runs the jobs of `jobs`, whose payloads are numbers,
//! and writes each down in the file when it begins and when it ends: `begin NUMBER JOB GROUP ATTEMPT NS`
//! and `done …`, `failed …` or `lost …`. A line is one write, so that of one who is killed there are
//! whole lines. One in twenty attempts fails. With `HOLD` as `hold` jobs begin and never end.
//! It ends when standard input does, or is killed.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]
#![expect(clippy::print_stdout, reason = "that is how it tells")]
#![expect(clippy::disallowed_methods, reason = "the times of several processes are compared")]

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pgstead_queue::{Backoff, Config, Job, Outcome, Queue, Queues, Worker};
use pgstead_store::Db;
use tokio::{io::AsyncReadExt as _, time::sleep};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, lease_ms, concurrency, hold, file] = arguments.as_slice() else {
        panic!("queue_worker URL LEASE_MS CONCURRENCY HOLD FILE");
    };
    let mut config = pgstead_store::Config::new(url);
    // It may be recovering.
    config.connect_timeout = Duration::from_mins(1);
    let db = Db::connect(&config).await.expect("PostgreSQL answers");
    let mut config = Config::default();
    config.others.lease = Duration::from_millis(lease_ms.parse().expect("a number"));
    config.others.concurrency = concurrency.parse().expect("a number");
    config.others.backoff = Backoff::Fixed(Duration::from_millis(20));
    config.others.max_attempts = 100;
    let queues = Queues::start(&db, config).expect("it can be like that");
    let queue: Queue<u64> = queues.queue("jobs").await.expect("PostgreSQL answers");
    let file = Arc::new(OpenOptions::new().create(true).append(true).open(file).unwrap());
    let holds = hold == "hold";
    let worker = Worker::new(&queues).handle(&queue, move |job: Job<u64>| {
        let file = Arc::clone(&file);
        async move {
            note(&file, "begin", &job);
            if holds {
                std::future::pending::<()>().await;
            }
            let took = sleep(Duration::from_micros(random(2000).into()));
            tokio::select! {
                () = took => {}
                () = job.cancelled().cancelled() => {
                    note(&file, "lost", &job);
                    return Err("it took too long");
                }
            }
            if random(20) == 0 {
                note(&file, "failed", &job);
                return Err("by chance");
            }
            note(&file, "done", &job);
            Ok(Outcome::Done)
        }
    });
    println!("ready");
    let ended = async {
        // Whatever is said; it ends with it.
        let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
    };
    worker.run(ended).await;
}

fn note(mut file: &File, what: &str, job: &Job<u64>) {
    let at_ns = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let (number, id, attempt) = (job.payload, job.id(), job.attempt());
    let group = job.group().unwrap_or_else(|| "-".to_owned());
    file.write_all(format!("{what} {number} {id} {group} {attempt} {at_ns}\n").as_bytes()).unwrap();
}

fn random(below: u32) -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap();
    u32::from_be_bytes(bytes) % below
}
