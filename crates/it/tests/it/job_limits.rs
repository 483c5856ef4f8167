//! Rates and permits for jobs, over all workers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use pgstead::{
    job_limits::{JobPermits, JobRate},
    limits::{Algorithm, Config as LimitsConfig, Limits, Policy, PolicyConfig},
    queue::{Config, Gate, Job, NewJob, Outcome, Queue, QueueName, Queues, Worker},
};
use pgstead_it::TestDb;
use tokio::{sync::mpsc, task::JoinHandle};

const DAY: Duration = Duration::from_hours(24);

fn limits(db: &TestDb, algorithm: Algorithm, limit: u64) -> Arc<Limits> {
    let policy = Policy::new("jobs", &PolicyConfig::new(algorithm, limit, DAY)).unwrap();
    Arc::new(Limits::start(db.db(), LimitsConfig::new([policy])))
}

/// A worker that tells what it runs, and the most that ran at once anywhere.
fn worker(
    queues: &Queues,
    queue: &Queue<u64>,
    tell: mpsc::UnboundedSender<(u64, Option<String>)>,
    running: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
) -> JoinHandle<()> {
    let worker = Worker::new(queues).handle(queue, move |job: Job<u64>| {
        let (tell, running, most) = (tell.clone(), Arc::clone(&running), Arc::clone(&most));
        async move {
            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            running.fetch_sub(1, Ordering::SeqCst);
            tell.send((job.payload, job.group())).map_err(|error| error.to_string())?;
            Ok::<_, String>(Outcome::Done)
        }
    });
    tokio::spawn(worker.run(std::future::pending()))
}

#[tokio::test]
async fn a_rate_lets_as_many_jobs_begin_as_it_grants_and_takes_nothing_for_none() {
    let db = TestDb::new().await;
    let limits = limits(&db, Algorithm::FixedWindow, 7);
    let mut config = Config::default();
    config.others.gate = Some(Arc::new(JobRate::new(Arc::clone(&limits), "jobs").unwrap()));
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<u64> = queues.queue("mail").await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let workers: Vec<_> = (0..2)
        .map(|_| worker(&queues, &queue, tell.clone(), Arc::default(), Arc::default()))
        .collect();
    // They wait at an empty queue, and give back what they took for that.
    let jobs = |count: u64| (0..count).map(|n| NewJob::new(&n).unwrap()).collect::<Vec<_>>();
    queue.send_all(jobs(5)).await.unwrap();
    for _ in 0..5 {
        told.recv().await.unwrap();
    }
    queue.send_all(jobs(10)).await.unwrap();
    for _ in 0..2 {
        told.recv().await.unwrap();
    }
    // The window is used up: the others wait, unclaimed.
    let subject = limits.subject("jobs", "mail").unwrap();
    pgstead_it::eventually("all is taken", Duration::from_secs(30), async || {
        limits.peek(&subject).await.unwrap().remaining == 0
    })
    .await;
    pgstead_it::eventually("the others wait unclaimed", Duration::from_secs(30), async || {
        let counts = queues.count(queue.name()).await.unwrap();
        (counts.ready, counts.claimed) == (8, 0)
    })
    .await;
    assert!(told.try_recv().is_err());
    workers.iter().for_each(JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn permits_let_so_many_jobs_run_at_once_over_all_workers() {
    let db = TestDb::new().await;
    let limits = limits(&db, Algorithm::Concurrency, 3);
    let mut config = Config::default();
    config.others.gate = Some(Arc::new(JobPermits::new(limits, "jobs").unwrap()));
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<u64> = queues.queue("mail").await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let (running, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let workers: Vec<_> = (0..2)
        .map(|_| worker(&queues, &queue, tell.clone(), Arc::clone(&running), Arc::clone(&most)))
        .collect();
    queue.send_all((0..40).map(|n| NewJob::new(&n).unwrap()).collect()).await.unwrap();
    for _ in 0..40 {
        told.recv().await.unwrap();
    }
    assert!((1..=3).contains(&most.load(Ordering::SeqCst)), "{most:?} ran at once");
    workers.iter().for_each(JoinHandle::abort);
}

#[tokio::test]
async fn a_group_has_a_rate_of_its_own() {
    let db = TestDb::new().await;
    let limits = limits(&db, Algorithm::FixedWindow, 2);
    let mut config = Config::default();
    config.others.group_gate = Some(Arc::new(JobRate::new(limits, "jobs").unwrap()));
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<u64> = queues.queue("mail").await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let worker = worker(&queues, &queue, tell, Arc::default(), Arc::default());
    let group = |n: u64| NewJob::new(&n).unwrap().group(&format!("g{}", n % 2)).unwrap();
    queue.send_all((0..8).map(group).collect()).await.unwrap();
    queue.send(&100).await.unwrap();
    let mut ran = Vec::new();
    for _ in 0..5 {
        ran.push(told.recv().await.unwrap().0);
    }
    ran.sort_unstable();
    assert_eq!(ran, [0, 1, 2, 3, 100]);
    let name = QueueName::new("mail").unwrap();
    pgstead_it::eventually("the others wait", Duration::from_secs(30), async || {
        queues.count(&name).await.unwrap().claimed == 0
    })
    .await;
    assert!(told.try_recv().is_err());
    worker.abort();
}

#[tokio::test]
async fn a_gate_needs_a_policy_of_its_kind() {
    let db = TestDb::new().await;
    let counts = limits(&db, Algorithm::FixedWindow, 2);
    assert!(JobPermits::new(Arc::clone(&counts), "jobs").is_err());
    assert!(JobRate::new(Arc::clone(&counts), "no-such").is_err());
    let gate: Arc<dyn Gate> = Arc::new(JobRate::new(counts, "jobs").unwrap());
    let name = QueueName::new("mail").unwrap();
    assert_eq!(gate.ask(&name, Some("g"), 100).await.unwrap().passes.len(), 2);
}
