//! Processes work at a queue, and some are killed with -9; so is PostgreSQL. What they have written down is
//! held against what was sent: every job that was acknowledged is done, nothing else is, and those of a
//! group in their order.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use nix::sys::signal::{Signal, kill};
use pgstead_it::{Admin, LINES, TestDb, TestServer, eventually, is_long, postmaster};
use pgstead_queue::{Config, JobId, NewJob, Queue, QueueName, Queues};
use pgstead_store::{Db, migrate::migrate};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};

const PROCESSES: usize = 4;
const GROUPS: u64 = 12;

/// One who works.
struct Process(Child);

impl Process {
    async fn start(
        url: &str,
        lease: Duration,
        concurrency: usize,
        hold: &str,
        file: &Path,
    ) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_queue_worker"))
            .args([url, &lease.as_millis().to_string(), &concurrency.to_string(), hold])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("ready"));
        Self(process)
    }

    async fn kill(mut self) {
        self.0.kill().await.unwrap();
    }

    async fn stop(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().await.unwrap().success());
    }
}

/// What was sent, as far as the sender knows.
#[derive(Default)]
struct Sends {
    next: AtomicU64,
    acknowledged: Mutex<HashSet<u64>>,
    unanswered: AtomicU64,
}

/// Sends jobs one after another until it is told to stop: of a group of its own, or without one.
async fn send(queue: Queue<u64>, sends: Arc<Sends>, group: Option<String>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        let number = sends.next.fetch_add(1, Ordering::Relaxed);
        let mut job = NewJob::new(&number).unwrap();
        if let Some(group) = &group {
            job = job.group(group).unwrap();
        }
        match queue.send_job(job).await {
            Ok(_) => _ = sends.acknowledged.lock().unwrap().insert(number),
            Err(_) => _ = sends.unanswered.fetch_add(1, Ordering::Relaxed),
        }
    }
}

/// What somebody has written down.
#[derive(Debug)]
struct Line {
    what: String,
    number: u64,
    id: i64,
    group: String,
    at_ns: u128,
}

fn read(directory: &Path) -> Vec<Line> {
    let mut lines = Vec::new();
    for file in fs::read_dir(directory).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let [what, number, id, group, _attempt, at_ns] =
                line.split(' ').collect::<Vec<_>>()[..]
            else {
                panic!("{line}");
            };
            lines.push(Line {
                what: what.to_owned(),
                number: number.parse().unwrap(),
                id: id.parse().unwrap(),
                group: group.to_owned(),
                at_ns: at_ns.parse().unwrap(),
            });
        }
    }
    lines.sort_by_key(|line| line.at_ns);
    lines
}

/// Holds what was written down against what was sent. How many jobs were done more than once.
fn check(lines: &[Line], sends: &Sends, dead: &HashSet<u64>) -> usize {
    let mut done: HashMap<u64, Vec<&Line>> = HashMap::new();
    for line in lines.iter().filter(|line| line.what == "done") {
        done.entry(line.number).or_default().push(line);
    }
    let acknowledged = sends.acknowledged.lock().unwrap();
    let lost: Vec<_> =
        acknowledged.iter().filter(|n| !done.contains_key(n) && !dead.contains(n)).collect();
    assert!(lost.is_empty(), "{} jobs were acknowledged and never done: {lost:?}", lost.len());
    let sent = sends.next.load(Ordering::Relaxed);
    assert!(lines.iter().all(|line| line.number < sent), "what was not sent was done");
    let unknown = done.keys().filter(|n| !acknowledged.contains(n)).count() as u64;
    assert!(unknown <= sends.unanswered.load(Ordering::Relaxed));
    // Of a group a job begins when the one before it has been done.
    let mut groups: BTreeMap<&str, BTreeMap<i64, u64>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.group != "-") {
        groups.entry(&line.group).or_default().insert(line.id, line.number);
    }
    let mut begun: HashMap<i64, u128> = HashMap::new();
    for line in lines.iter().filter(|line| line.what == "begin") {
        begun.entry(line.id).or_insert(line.at_ns);
    }
    for (group, jobs) in &groups {
        for ((_, before), (id, _)) in jobs.iter().zip(jobs.iter().skip(1)) {
            if dead.contains(before) {
                continue;
            }
            let was_done = done[before][0].at_ns;
            assert!(begun[id] > was_done, "{group}: job {id} began before {before} was done");
        }
    }
    done.values().filter(|times| times.len() > 1).count()
}

async fn dead(queues: &Queues) -> HashSet<u64> {
    let name = QueueName::new("jobs").unwrap();
    let dead = queues.dead(&name, None, 1000).await.unwrap();
    dead.iter().map(|job| job.payload.as_ref().unwrap().get().parse().unwrap()).collect()
}

async fn drained(queues: &Queues) {
    let name = QueueName::new("jobs").unwrap();
    // Those who send are quicker than those who work at groups, one job after another.
    let patience = Duration::from_mins(if is_long() { 10 } else { 2 });
    eventually("all is done", patience, async || {
        let Ok(counts) = queues.count(&name).await else { return false };
        counts.ready + counts.delayed + counts.claimed == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_fault_each_job_is_done_once_and_those_of_a_group_in_order() {
    let db = TestDb::new().await;
    let queues = Queues::start(db.db(), Config::default()).unwrap();
    let seconds = if is_long() { 60 } else { 3 };
    let directory = TempDir::new().unwrap();
    let sends = Arc::<Sends>::default();
    let mut processes = Vec::new();
    let senders = senders(&queues, &sends).await;
    for process in 0..PROCESSES {
        let file = directory.path().join(process.to_string());
        let lease = Duration::from_secs(15);
        processes.push(Process::start(db.url(), lease, 16, "run", &file).await);
    }
    sleep_until(Instant::now() + Duration::from_secs(seconds)).await;
    senders.stop().await;
    drained(&queues).await;
    for process in processes {
        process.stop().await;
    }
    let lines = read(directory.path());
    let twice = check(&lines, &sends, &dead(&queues).await);
    let failed = lines.iter().filter(|line| line.what == "failed").count();
    let count = sends.acknowledged.lock().unwrap().len();
    println!("{count} jobs were sent, {failed} attempts failed, {twice} were done twice");
    assert!(failed > 0 && count > 100);
    assert_eq!(twice, 0);
    assert_eq!(sends.unanswered.load(Ordering::Relaxed), 0);
}

struct Senders {
    tasks: JoinSet<()>,
    stop: Arc<AtomicBool>,
}

async fn senders(queues: &Queues, sends: &Arc<Sends>) -> Senders {
    let queue: Queue<u64> = queues.queue("jobs").await.unwrap();
    let (mut tasks, stop) = (JoinSet::new(), Arc::<AtomicBool>::default());
    for sender in 0..2 * GROUPS {
        let group = (sender < GROUPS).then(|| format!("group-{sender}"));
        tasks.spawn(send(queue.clone(), Arc::clone(sends), group, Arc::clone(&stop)));
    }
    Senders { tasks, stop }
}

impl Senders {
    async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.tasks.join_all().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_killed_no_job_is_lost_and_none_of_a_group_overtakes() {
    let server = TestServer::start().await;
    let db = server.db(Duration::from_secs(30)).await;
    prepare(&db).await;
    let mut config = Config::default();
    config.patience = Duration::from_secs(5);
    let queues = Queues::start(&db, config).unwrap();
    let directory = TempDir::new().unwrap();
    let sends = Arc::<Sends>::default();
    let senders = senders(&queues, &sends).await;
    let mut files = (0..).map(|number| directory.path().join(format!("{number}")));
    let lease = Duration::from_secs(2);
    let start = async |file: PathBuf| Process::start(server.url(), lease, 16, "run", &file).await;
    let mut processes = Vec::new();
    for _ in 0..PROCESSES {
        processes.push(start(files.next().unwrap()).await);
    }
    let ends_at = Instant::now() + Duration::from_secs(if is_long() { 60 } else { 8 });
    let (mut killed, mut crashes, mut cut) = (0, 0, 0);
    while Instant::now() < ends_at {
        sleep_until(Instant::now() + Duration::from_millis(700)).await;
        match (killed + crashes + cut) % 4 {
            0 | 2 => {
                processes.remove(0).kill().await;
                killed += 1;
                processes.push(start(files.next().unwrap()).await);
            }
            1 => {
                let old = postmaster(server.data_dir()).unwrap();
                kill(old, Signal::SIGKILL).unwrap();
                crashes += 1;
                eventually("PostgreSQL runs again", Duration::from_mins(1), async || {
                    postmaster(server.data_dir()).is_some_and(|pid| pid != old)
                })
                .await;
            }
            _ => {
                let admin = Admin::connect(server.url()).await;
                admin
                    .execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity
                         where datname is not null and pid <> pg_backend_pid()",
                    )
                    .await;
                cut += 1;
            }
        }
    }
    senders.stop().await;
    drained(&queues).await;
    for process in processes {
        process.stop().await;
    }
    let twice = check(&read(directory.path()), &sends, &dead(&queues).await);
    println!(
        "{} jobs were acknowledged and {} not answered; {killed} workers and {crashes} times \
         PostgreSQL were killed, {cut} times all connections cut; {twice} jobs were done twice",
        sends.acknowledged.lock().unwrap().len(),
        sends.unanswered.load(Ordering::Relaxed),
    );
    assert!(killed > 1 && crashes > 0 && cut > 0);
}

async fn prepare(db: &Db) {
    pgstead_queue::install(db).await.unwrap();
    migrate(db, LINES).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_held_runs_elsewhere_within_two_leases() {
    let db = TestDb::new().await;
    let queues = Queues::start(db.db(), Config::default()).unwrap();
    let queue: Queue<u64> = queues.queue("jobs").await.unwrap();
    let jobs = (0..1000_u64).map(|n| NewJob::new(&n).unwrap()).collect();
    queue.send_all(jobs).await.unwrap();
    let directory = TempDir::new().unwrap();
    let (first, second) = (directory.path().join("first"), directory.path().join("second"));
    let lease = Duration::from_secs(5);
    let begun = |file: &Path| -> HashSet<i64> {
        let lines = fs::read_to_string(file).unwrap_or_default();
        lines.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok()).collect()
    };
    let holder = Process::start(db.url(), lease, 1000, "hold", &first).await;
    eventually("one holds all", Duration::from_mins(1), async || begun(&first).len() == 1000).await;
    let other = Process::start(db.url(), lease, 1000, "hold", &second).await;
    holder.kill().await;
    let killed_at = Instant::now();
    let all = timeout(
        2 * lease,
        eventually("another runs all", 4 * lease, async || begun(&second).len() == 1000),
    );
    assert!(all.await.is_ok(), "within two leases {} ran elsewhere", begun(&second).len());
    println!(
        "1000 jobs ran elsewhere {:?} after the kill, of a lease of {lease:?}",
        killed_at.elapsed()
    );
    other.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_idle_queues_ask_seldom_and_jobs_are_found_at_once() {
    use pgstead_queue::{Job, Outcome, Worker};
    let db = TestDb::new().await;
    let queues = Queues::start(db.db(), Config::default()).unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut worker = Worker::new(&queues);
    let mut all = Vec::new();
    for number in 0..10 {
        let queue: Queue<u64> = queues.queue(&format!("idle-{number}")).await.unwrap();
        let tell = tell.clone();
        worker = worker.handle(&queue, move |job: Job<u64>| {
            let told = tell.send(job.id());
            async move { told.map(|()| Outcome::Done).map_err(|error| error.to_string()) }
        });
        all.push(queue);
    }
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(worker.run(async {
        let _ = stopped.await;
    }));
    let done: JobId = all[9].send(&1).await.unwrap().id;
    assert_eq!(told.recv().await, Some(done));
    let admin = Admin::connect(db.url()).await;
    let transactions = async || {
        let count = "select xact_commit from pg_stat_database where datname = current_database()";
        admin.client().query_one(count, &[]).await.unwrap().get::<_, i64>(0)
    };
    let seconds = if is_long() { 60 } else { 6 };
    let before = transactions().await;
    sleep_until(Instant::now() + Duration::from_secs(seconds)).await;
    let asked = transactions().await - before;
    println!("ten idle queues: {asked} transactions in {seconds} s");
    // Of those before some are counted late: sessions tell what they did once a second at most.
    let late = if is_long() { 0 } else { 80 };
    let most = late + i64::try_from(1000 * seconds / 60).unwrap();
    assert!(asked < most, "{asked} in {seconds} s");
    let _ = stop.send(());
    worker.await.unwrap();
}
