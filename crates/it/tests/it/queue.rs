//! Jobs on pgmq: what the verbs of the queue do, each by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use pgstead_it::TestDb;
use pgstead_queue::{
    Backoff, Config, Counts, Finished, Job, JobId, JobState, NewJob, Outcome, Priority, Queue,
    QueueName, Queues, SendError, Swept, Which, Worker,
};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

const LEASE: Duration = Duration::from_secs(15);

/// Queues that try again at once.
fn config() -> Config {
    let mut config = Config::default();
    config.others.backoff = Backoff::Fixed(Duration::ZERO);
    config
}

fn queues(db: &TestDb) -> Queues {
    Queues::start(db.db(), config()).unwrap()
}

async fn queue(db: &TestDb) -> (Queues, Queue<Value>, QueueName) {
    let queues = queues(db);
    let queue = queues.queue("jobs").await.unwrap();
    let name = queue.name().clone();
    (queues, queue, name)
}

/// A worker that runs until it is told to stop.
struct Running {
    stop: oneshot::Sender<()>,
    worker: JoinHandle<()>,
}

impl Running {
    fn start(worker: Worker) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let worker = tokio::spawn(worker.run(async {
            let _ = stopped.await;
        }));
        Self { stop, worker }
    }

    async fn stop(self) {
        let _ = self.stop.send(());
        self.worker.await.unwrap();
    }
}

/// Runs all that is sent to a queue, and tells what it ran.
fn teller(
    queues: &Queues,
    queue: &Queue<Value>,
    outcome: impl Fn(&Job<Value>) -> Result<Outcome, String> + Send + Sync + 'static,
) -> (Running, mpsc::UnboundedReceiver<(JobId, Value, u32)>) {
    let (tell, told) = mpsc::unbounded_channel();
    let outcome = Arc::new(outcome);
    let worker = Worker::new(queues).handle(queue, move |job: Job<Value>| {
        let (tell, outcome) = (tell.clone(), Arc::clone(&outcome));
        async move {
            tell.send((job.id(), job.payload.clone(), job.attempt())).unwrap();
            outcome(&job)
        }
    });
    (Running::start(worker), told)
}

#[tokio::test]
async fn what_is_sent_is_done_once() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let one = queue.send(&json!({"n": 1})).await.unwrap();
    let (worker, mut told) = teller(&queues, &queue, |_| Ok(Outcome::Done));
    assert_eq!(told.recv().await, Some((one.id, json!({"n": 1}), 1)));
    // While it waits, too; from this driver and from any other.
    let two = queue.send(&json!(2)).await.unwrap();
    assert_eq!(told.recv().await, Some((two.id, json!(2), 1)));
    db.client().await.batch_execute("select pgmq.send('jobs', '3')").await.unwrap();
    assert_eq!(told.recv().await.unwrap().1, json!(3));
    worker.stop().await;
    assert_eq!(queues.count(&name).await.unwrap(), Counts::default());
    assert!(told.recv().await.is_none(), "nothing was done twice");
}

#[tokio::test]
async fn a_job_of_a_transaction_is_one_when_that_commits() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let mut client = db.client().await;
    let job = NewJob::new(&1).unwrap();
    let transaction = client.transaction().await.unwrap();
    queue.send_in(transaction.client(), &job).await.unwrap();
    transaction.rollback().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let sent = queue.send_in(transaction.client(), &job).await.unwrap();
    assert_eq!(queues.claim(&name, 9, LEASE).await.unwrap().len(), 0);
    transaction.commit().await.unwrap();
    let claimed = queues.claim(&name, 9, LEASE).await.unwrap();
    assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [sent.id]);
}

#[tokio::test]
async fn batches_are_sent_whole_and_answered_in_order() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let key = Duration::from_mins(1);
    let jobs = (0..500)
        .map(|n| {
            let job = NewJob::new(&n).unwrap();
            if n % 100 == 7 { job.dedup("same", key).unwrap() } else { job }
        })
        .collect();
    let sent = queue.send_all(jobs).await.unwrap();
    let claimed = queues.claim(&name, 1000, LEASE).await.unwrap();
    assert_eq!(claimed.len(), 496, "of five with the same key one was sent");
    for job in claimed {
        let n: usize = job.payload().parse().unwrap();
        assert_eq!(sent[n].id, job.id, "{n}");
        assert!(sent[n].is_new);
    }
    let of_key: Vec<_> = (0..5).map(|n| sent[n * 100 + 7]).collect();
    assert!(of_key.iter().all(|sent| sent.id == of_key[0].id));
    assert_eq!(of_key.iter().filter(|sent| sent.is_new).count(), 1);
}

#[tokio::test]
async fn what_is_too_large_is_not_sent() {
    let db = TestDb::new().await;
    let mut config = config();
    config.largest_payload = 10;
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<String> = queues.queue("jobs").await.unwrap();
    let refused = queue.send(&"0123456789".to_owned()).await.unwrap_err();
    assert!(matches!(refused, SendError::Invalid(_)));
    assert_eq!(
        refused.to_string(),
        "the payload has 12 bytes, and at most 10 are taken; send where it is instead, or raise \
         largest_payload"
    );
    queue.send(&"01234567".to_owned()).await.unwrap();
}

#[tokio::test]
async fn a_key_lets_one_job_through_until_its_time_is_over() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let job = || NewJob::new(&1).unwrap().dedup("invoice 7", Duration::from_mins(1)).unwrap();
    let sent = futures_util::future::join_all((0..50).map(|_| queue.send_job(job()))).await;
    let sent: Vec<_> = sent.into_iter().map(Result::unwrap).collect();
    assert_eq!(sent.iter().filter(|sent| sent.is_new).count(), 1);
    assert!(sent.iter().all(|one| one.id == sent[0].id));
    assert_eq!(queues.count(&name).await.unwrap().ready, 1);
    let client = db.client().await;
    client.batch_execute("update pgstead.queue_dedup set expires_at = now()").await.unwrap();
    assert!(queue.send_job(job()).await.unwrap().is_new);
    assert_eq!(queues.count(&name).await.unwrap().ready, 2);
}

#[tokio::test]
async fn what_is_urgent_comes_first() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let all = [Priority::Lowest, Priority::Low, Priority::Normal, Priority::Urgent];
    for priority in all {
        for n in 0..2 {
            let payload = json!([priority.level(), n]);
            queue.send_job(NewJob::new(&payload).unwrap().priority(priority)).await.unwrap();
        }
    }
    let mut order = Vec::new();
    loop {
        let claimed = queues.claim(&name, 3, LEASE).await.unwrap();
        if claimed.is_empty() {
            break;
        }
        order.extend(claimed.iter().map(|job| job.payload().to_owned()));
    }
    assert_eq!(
        order,
        ["[1, 0]", "[1, 1]", "[2, 0]", "[2, 1]", "[3, 0]", "[3, 1]", "[4, 0]", "[4, 1]"]
    );
}

#[tokio::test]
async fn a_job_that_is_delayed_runs_when_it_is_due() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let hour = Duration::from_hours(1);
    let far = queue.send_job(NewJob::new(&1).unwrap().delay(hour).unwrap()).await.unwrap();
    let (worker, mut told) = teller(&queues, &queue, |_| Ok(Outcome::Done));
    // Less than a poll away: it was told when the next one is due.
    let soon = Duration::from_millis(300);
    let near = queue.send_job(NewJob::new(&2).unwrap().delay(soon).unwrap()).await.unwrap();
    assert_eq!(told.recv().await.unwrap().0, near.id);
    worker.stop().await;
    let counts = queues.count(&name).await.unwrap();
    assert_eq!((counts.ready, counts.delayed), (0, 1));
    assert_eq!(queues.find(&name, far.id).await.unwrap().unwrap().state, JobState::Delayed);
}

#[tokio::test]
async fn a_job_that_is_sent_while_another_ends_is_not_slept_through() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.poll = Duration::from_hours(1);
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<Value> = queues.queue("jobs").await.unwrap();
    let (worker, mut told) = teller(&queues, &queue, |_| Ok(Outcome::Done));
    for n in 0..500 {
        queue.send(&json!(n)).await.unwrap();
        let found = tokio::time::timeout(Duration::from_secs(30), told.recv()).await;
        assert!(found.is_ok(), "job {n} was not found without a look");
    }
    worker.stop().await;
}

#[tokio::test]
async fn what_fails_is_tried_again_and_then_a_dead_letter() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.max_attempts = 3;
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<Value> = queues.queue("jobs").await.unwrap();
    let name = queue.name();
    let sent = queue.send(&json!("x")).await.unwrap();
    let (worker, mut told) = teller(&queues, &queue, |job| match job.attempt() {
        2 => panic!("so {}", "sorry"),
        n => Err(format!("failed the {n}. time")),
    });
    for attempt in 1..=3 {
        assert_eq!(told.recv().await.unwrap().2, attempt);
    }
    worker.stop().await;
    let dead = queues.dead(name, None, 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].id, dead[0].attempts), (sent.id, 3));
    assert_eq!(dead[0].payload.as_ref().unwrap().get(), "\"x\"");
    let errors: Vec<Value> = serde_json::from_str(dead[0].errors.get()).unwrap();
    let errors: Vec<_> =
        errors.iter().map(|error| (error["attempt"].as_u64(), error["error"].as_str())).collect();
    assert_eq!(
        errors,
        [
            (Some(1), Some("failed the 1. time")),
            (Some(2), Some("it panicked: so sorry")),
            (Some(3), Some("failed the 3. time")),
        ]
    );
    assert_eq!(queues.count(name).await.unwrap().dead, 1);
    assert_eq!(queues.redrive(name, &Which::These(vec![sent.id]), None).await.unwrap(), 1);
    let (worker, mut told) = teller(&queues, &queue, |_| Ok(Outcome::Result(json!({"ok": true}))));
    let (again, payload, attempt) = told.recv().await.unwrap();
    assert_eq!((payload, attempt), (json!("x"), 1));
    worker.stop().await;
    let found = queues.find(name, again).await.unwrap().unwrap();
    assert_eq!(found.state, JobState::Done);
    assert_eq!(found.result.unwrap().get(), r#"{"ok": true}"#);
}

#[tokio::test]
async fn a_payload_of_another_type_is_a_dead_letter_at_once() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let sent = queue.send(&json!({"to": 7})).await.unwrap();
    let texts: Queue<String> = queues.queue("jobs").await.unwrap();
    let worker = Worker::new(&queues)
        .handle(&texts, async |_: Job<String>| -> Result<_, String> { unreachable!() });
    let worker = Running::start(worker);
    let dead = loop {
        let dead = queues.dead(&name, None, 1).await.unwrap();
        if !dead.is_empty() {
            break dead;
        }
        tokio::task::yield_now().await;
    };
    worker.stop().await;
    assert_eq!(dead[0].id, sent.id);
    assert!(dead[0].errors.get().contains("the payload is not what this queue's jobs have"));
}

#[tokio::test]
async fn handlers_say_what_becomes_of_their_jobs() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let later = queue.send(&json!("later")).await.unwrap();
    let never = queue.send(&json!("never")).await.unwrap();
    let seen = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&seen);
    let (worker, mut told) = teller(&queues, &queue, move |job| {
        if job.payload == json!("never") {
            return Ok(Outcome::Discard("nobody wants it".to_owned()));
        }
        match counted.fetch_add(1, Ordering::Relaxed) {
            0..5 => Ok(Outcome::RetryAfter(Duration::ZERO)),
            _ => Ok(Outcome::Done),
        }
    });
    let mut attempts = Vec::new();
    for _ in 0..7 {
        let (id, _, attempt) = told.recv().await.unwrap();
        if id == later.id {
            attempts.push(attempt);
        }
    }
    worker.stop().await;
    assert_eq!(attempts, [1; 6], "what is asked for is no attempt");
    let found = queues.find(&name, never.id).await.unwrap().unwrap();
    assert_eq!(found.state, JobState::Discarded);
    assert_eq!(found.result.unwrap().get(), "\"nobody wants it\"");
    assert!(queues.find(&name, later.id).await.unwrap().is_none());
}

#[tokio::test]
async fn jobs_of_a_group_run_one_after_another() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let mut jobs = Vec::new();
    for n in 0..300 {
        let group = format!("group {}", n % 7);
        jobs.push(NewJob::new(&json!([n % 7, n])).unwrap().group(&group).unwrap());
    }
    queue.send_all(jobs).await.unwrap();
    let running: Arc<[AtomicU32; 7]> = Arc::default();
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut workers = Vec::new();
    for _ in 0..3 {
        let queues = Queues::start(db.db(), config()).unwrap();
        let (running, tell) = (Arc::clone(&running), tell.clone());
        let worker = Worker::new(&queues).handle(&queue, move |job: Job<Value>| {
            let (running, tell) = (Arc::clone(&running), tell.clone());
            async move {
                let group = usize::try_from(job.payload[0].as_u64().unwrap()).unwrap();
                assert_eq!(running[group].fetch_add(1, Ordering::SeqCst), 0, "one at a time");
                tokio::task::yield_now().await;
                tell.send((group, job.payload[1].as_u64().unwrap())).unwrap();
                running[group].fetch_sub(1, Ordering::SeqCst);
                // Now and then one fails, and the others of its group wait.
                if job.payload[1].as_u64().unwrap() % 50 == 3 && job.attempt() == 1 {
                    return Err("once more".to_owned());
                }
                Ok(Outcome::Done)
            }
        });
        workers.push(Running::start(worker));
    }
    let mut last = [None; 7];
    let mut again = 0;
    for _ in 0..306 {
        let (group, n) = told.recv().await.unwrap();
        assert!(last[group] <= Some(n), "{n} came after {:?}", last[group]);
        again += u32::from(last[group] == Some(n));
        last[group] = Some(n);
    }
    assert_eq!(again, 6);
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(queues.count(&name).await.unwrap(), Counts::default());
}

#[tokio::test]
async fn a_claim_that_is_not_ended_lapses_and_cannot_be_ended_after_that() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let sent = queue.send(&json!(1)).await.unwrap();
    let first = queues.claim(&name, 1, LEASE).await.unwrap();
    assert!(queues.claim(&name, 1, LEASE).await.unwrap().is_empty());
    let extended = queues.extend(&name, &[(sent.id, 1)], LEASE).await.unwrap();
    assert_eq!(extended, [sent.id]);
    db.client().await.batch_execute("update pgmq.q_jobs set vt = now()").await.unwrap();
    let second = queues.claim(&name, 1, LEASE).await.unwrap();
    assert_eq!((first[0].attempt, second[0].attempt), (1, 2));
    let done = |attempt| Finished { id: sent.id, attempt, outcome: Ok(Outcome::Done) };
    assert!(queues.finish(&name, &[done(1)]).await.unwrap().is_empty());
    assert!(queues.extend(&name, &[(sent.id, 1)], LEASE).await.unwrap().is_empty());
    assert_eq!(queues.finish(&name, &[done(2), done(2)]).await.unwrap(), [sent.id]);
}

#[tokio::test]
async fn a_job_that_nobody_survives_is_a_dead_letter() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.max_attempts = 2;
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<Value> = queues.queue("jobs").await.unwrap();
    queue.send(&json!(1)).await.unwrap();
    let client = db.client().await;
    for _ in 0..2 {
        assert_eq!(queues.claim(queue.name(), 1, LEASE).await.unwrap().len(), 1);
        client.batch_execute("update pgmq.q_jobs set vt = now()").await.unwrap();
    }
    assert!(queues.claim(queue.name(), 1, LEASE).await.unwrap().is_empty());
    let dead = queues.dead(queue.name(), None, 1).await.unwrap();
    assert!(dead[0].errors.get().contains("it was claimed 2 times"), "{:?}", dead[0]);
}

#[tokio::test]
async fn a_queue_that_is_paused_gives_nothing() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    queues.pause(&name).await.unwrap();
    queue.send(&json!(1)).await.unwrap();
    assert!(queues.claim(&name, 1, LEASE).await.unwrap().is_empty());
    assert!(queues.list().await.unwrap()[0].paused_at.is_some());
    let (worker, mut told) = teller(&queues, &queue, |_| Ok(Outcome::Done));
    queues.resume(&name).await.unwrap();
    assert_eq!(told.recv().await.unwrap().1, json!(1));
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_that_stops_gives_back_what_it_has_not_begun() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.concurrency = 2;
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<Value> = queues.queue("jobs").await.unwrap();
    let jobs = (0..20).map(|n| NewJob::new(&n).unwrap()).collect();
    queue.send_all(jobs).await.unwrap();
    let (begun, mut begins) = mpsc::unbounded_channel();
    let end = Arc::new(tokio::sync::Semaphore::new(0));
    let ends = Arc::clone(&end);
    let worker = Worker::new(&queues).handle(&queue, move |_: Job<Value>| {
        let (begun, ends) = (begun.clone(), Arc::clone(&ends));
        async move {
            begun.send(()).unwrap();
            ends.acquire().await.unwrap().forget();
            Ok::<_, String>(Outcome::Done)
        }
    });
    let worker = Running::start(worker);
    begins.recv().await.unwrap();
    begins.recv().await.unwrap();
    let stopping = tokio::spawn(worker.stop());
    // What waited is there for others while two still run.
    let name = queue.name();
    loop {
        let counts = queues.count(name).await.unwrap();
        assert!(counts.claimed >= 2);
        if counts.ready == 18 {
            break;
        }
        tokio::task::yield_now().await;
    }
    end.add_permits(2);
    stopping.await.unwrap();
    let counts = queues.count(name).await.unwrap();
    assert_eq!((counts.ready, counts.claimed), (18, 0));
    let claimed = queues.claim(name, 100, LEASE).await.unwrap();
    assert!(claimed.iter().all(|job| job.attempt == 1), "who has not begun has not tried");
}

#[tokio::test]
async fn a_job_that_goes_on_keeps_its_claim_and_one_that_loses_it_learns_that() {
    let db = TestDb::new().await;
    let mut config = config();
    config.others.lease = Duration::from_millis(200);
    let queues = Queues::start(db.db(), config).unwrap();
    let queue: Queue<Value> = queues.queue("jobs").await.unwrap();
    let sent = queue.send(&json!(1)).await.unwrap();
    let (begun, mut begins) = mpsc::unbounded_channel();
    let worker = Worker::new(&queues).handle(&queue, move |job: Job<Value>| {
        let begun = begun.clone();
        async move {
            begun.send(job.attempt()).unwrap();
            if job.attempt() == 1 {
                job.cancelled().cancelled().await;
            }
            Ok::<_, String>(Outcome::Done)
        }
    });
    let worker = Running::start(worker);
    assert_eq!(begins.recv().await, Some(1));
    let client = db.client().await;
    let until = "select vt from pgmq.q_jobs";
    let vt =
        async || client.query_one(until, &[]).await.unwrap().get::<_, std::time::SystemTime>(0);
    // Prolonged twice.
    for _ in 0..2 {
        let before = vt().await;
        while vt().await == before {
            tokio::task::yield_now().await;
        }
    }
    // Somebody else takes it.
    client.batch_execute("update pgmq.q_jobs set vt = now(), read_ct = 7").await.unwrap();
    assert_eq!(begins.recv().await, Some(8));
    worker.stop().await;
    assert!(queues.find(queue.name(), sent.id).await.unwrap().is_none());
}

#[tokio::test]
async fn jobs_say_how_far_they_are() {
    let db = TestDb::new().await;
    let (queues, queue, name) = queue(&db).await;
    let sent = queue.send(&json!(1)).await.unwrap();
    let (done, is_done) = oneshot::channel();
    let done = std::sync::Mutex::new(Some(done));
    let worker = Worker::new(&queues).handle(&queue, move |job: Job<Value>| {
        let done = done.lock().unwrap().take();
        async move {
            job.progress(&json!(0.5)).await.unwrap();
            job.log("half\0way").await.unwrap();
            job.log("there").await.unwrap();
            done.unwrap().send(()).unwrap();
            Ok::<_, String>(Outcome::Result(json!([])))
        }
    });
    let worker = Running::start(worker);
    is_done.await.unwrap();
    worker.stop().await;
    let found = queues.find(&name, sent.id).await.unwrap().unwrap();
    assert_eq!(found.progress.unwrap().0.get(), "0.5");
    let lines = queues.logs(&name, sent.id, 10).await.unwrap();
    let lines: Vec<_> = lines.iter().map(|(_, line)| line.as_str()).collect();
    assert_eq!(lines, ["half\u{fffd}way", "there"]);
}

#[tokio::test]
async fn what_was_kept_long_enough_goes() {
    let db = TestDb::new().await;
    let (queues, _, name) = queue(&db).await;
    let old = "now() - interval '31 days'";
    db.client()
        .await
        .batch_execute(&format!(
            "insert into pgstead.queue_dedup select 'jobs', n, n, now() from generate_series(1, 2500) n;
             insert into pgstead.queue_dedup values ('jobs', 'new', 1, now() + interval '1 hour');
             insert into pgstead.queue_results values ('jobs', 1, {old}, 1, false), ('jobs', 2, now(), 1, false);
             insert into pgstead.queue_logs values ('jobs', 1, {old}, 'line');
             insert into pgstead.queue_progress values ('jobs', 1, {old}, '1');
             insert into pgstead.queue_dead values ('jobs', 1, {old}, {old}, 1, null, null, '[]'),
                ('jobs', 2, now(), now(), 1, null, null, '[]')"
        ))
        .await
        .unwrap();
    let swept = queues.sweep().await.unwrap();
    assert_eq!((swept.keys, swept.results, swept.reports, swept.dead), (2500, 1, 2, 1));
    assert_eq!(queues.sweep().await.unwrap(), Swept::default());
    assert_eq!(queues.dead(&name, None, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn pgmq_is_installed_once_and_known_again() {
    let db = TestDb::empty().await;
    assert_eq!(pgstead_queue::install(db.db()).await.unwrap().as_deref(), Some("1.11.1"));
    assert_eq!(pgstead_queue::install(db.db()).await.unwrap(), None);
    let client = db.client().await;
    let row =
        client.query_one("select max(version) from pgmq.__pgmq_migrations", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "1.11.1");
}

#[tokio::test]
async fn without_pgmq_it_is_said_what_to_do() {
    let db = TestDb::empty().await;
    pgstead_store::migrate::migrate(db.db(), &[pgstead_queue::MIGRATIONS]).await.unwrap();
    let queues = queues(&db);
    let error = queues.queue::<Value>("jobs").await.unwrap_err();
    let error = pgstead_store::Chain(&error).to_string();
    assert!(error.contains("pgmq is not installed in this database"), "{error}");
}
