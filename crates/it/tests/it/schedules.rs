//! Schedules: one job a tick, whoever runs them and whatever happens. Time passes by being written into
//! the table.

use std::{
    collections::BTreeMap,
    process::Stdio,
    time::{Duration, SystemTime},
};

use futures_util::future::join_all;
use pgstead_it::{TestDb, cli::pgstead, eventually, http::request, is_long};
use pgstead_queue::{
    Config, Counts, InvalidSchedule, Job, JobState, Misfire, NewJob, Outcome, Priority, Queue,
    QueueName, Queues, Schedule, ScheduleError, ScheduleInfo, ScheduleName, Ticked, Worker,
};
use pgstead_server::keys::{self, Scope};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::{mpsc, oneshot},
};

use crate::server::Api;

const HOUR: Duration = Duration::from_hours(1);

struct Desk {
    db: TestDb,
    queues: Queues,
    name: ScheduleName,
    queue: QueueName,
}

impl Desk {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let queues = Queues::start(db.db(), Config::default()).unwrap();
        let name = ScheduleName::new("report").unwrap();
        Self { db, queues, name, queue: QueueName::new("jobs").unwrap() }
    }

    async fn put(&self, schedule: &Schedule, payload: &str) -> bool {
        let job = NewJob::new(payload).unwrap();
        self.queues.schedule(&self.name, &self.queue, schedule, &job).await.unwrap()
    }

    async fn found(&self) -> ScheduleInfo {
        self.queues.find_schedule(&self.name).await.unwrap().unwrap()
    }

    async fn execute(&self, sql: &str) {
        self.db.client().await.batch_execute(sql).await.unwrap();
    }

    /// So much time passes, as far as schedules can tell.
    async fn pass(&self, time: &str) {
        let sql = format!(
            "update pgstead.schedules
             set next_at = next_at - interval '{time}', last_at = last_at - interval '{time}'"
        );
        self.execute(&sql).await;
    }

    /// How many jobs a tick sends.
    async fn tick(&self) -> u64 {
        self.queues.tick().await.unwrap().sent
    }

    /// What was sent: payloads, and of which ticks.
    async fn sent(&self) -> Vec<(String, Option<String>)> {
        let client = self.db.client().await;
        let sql = "select message #>> '{}', headers ->> 'x-pgstead-tick' from pgmq.q_jobs order by msg_id";
        let rows = client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}

fn hourly(misfire: Misfire) -> Schedule {
    Schedule::every(HOUR).unwrap().misfire(misfire).unwrap()
}

#[tokio::test]
async fn a_tick_sends_what_was_said() {
    let desk = Desk::new().await;
    let schedule = Schedule::cron("0 0 0 1 1 *", "Europe/Berlin").unwrap();
    let job = NewJob::new(&json!({"n": 1})).unwrap().priority(Priority::Urgent);
    let job = job.group("reports").unwrap().header("trace", "t".into()).unwrap();
    assert!(desk.queues.schedule(&desk.name, &desk.queue, &schedule, &job).await.unwrap());
    let ticked = desk.queues.tick().await.unwrap();
    assert_eq!(ticked.sent, 0);
    assert!(ticked.next_in.unwrap() <= 24 * 366 * HOUR);
    let next_at = desk.found().await.next_at;
    let long_ago = "update pgstead.schedules set next_at = '2020-01-01 00:00 Europe/Berlin'";
    desk.execute(long_ago).await;
    let due = desk.found().await.next_at;
    assert_eq!(desk.tick().await, 1);
    assert_eq!(desk.tick().await, 0);
    let found = desk.found().await;
    assert_eq!((found.last_at, found.next_at), (due, next_at));
    let claimed = desk.queues.claim(&desk.queue, 9, HOUR).await.unwrap();
    let [claimed] = &claimed[..] else { panic!("{claimed:?}") };
    assert_eq!(claimed.payload(), r#"{"n": 1}"#);
    assert_eq!(claimed.group().as_deref(), Some("reports"));
    assert_eq!(claimed.priority(), Priority::Urgent);
    let headers: Value = serde_json::from_str(claimed.headers().unwrap().get()).unwrap();
    assert_eq!(headers["trace"], "t");
    assert_eq!(headers["x-pgstead-schedule"], "report");
    assert_eq!(headers["x-pgstead-tick"], "2019-12-31T23:00:00.000Z");
    // The next one waits for it: they are of one group.
    desk.execute(long_ago).await;
    assert_eq!(desk.tick().await, 1);
    assert!(desk.queues.claim(&desk.queue, 9, HOUR).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_put_again_changes_nothing_and_what_is_changed_counts() {
    let desk = Desk::new().await;
    assert!(desk.put(&hourly(Misfire::RunOnce), "one").await);
    desk.execute("update pgstead.schedules set next_at = next_at + interval '1 year'").await;
    let next_at = desk.found().await.next_at;
    assert!(!desk.put(&hourly(Misfire::RunOnce), "one").await);
    assert_eq!(desk.found().await.next_at, next_at);
    // What is sent, and what becomes of missed ticks, has nothing to do with when.
    assert!(desk.put(&hourly(Misfire::Skip), "two").await);
    let found = desk.found().await;
    assert_eq!((found.next_at, found.payload.get()), (next_at, "\"two\""));
    assert_eq!(found.schedule.on_misfire(), Misfire::Skip);
    let daily = Schedule::cron("@daily", "UTC").unwrap();
    assert!(desk.put(&daily, "two").await);
    assert!(desk.found().await.next_at < next_at);
    assert_eq!(desk.queues.schedules().await.unwrap().len(), 1);
    assert!(desk.queues.unschedule(&desk.name).await.unwrap());
    assert!(!desk.queues.unschedule(&desk.name).await.unwrap());
    assert_eq!(desk.queues.tick().await.unwrap(), Ticked::default());
    let delayed = NewJob::new("x").unwrap().delay(HOUR).unwrap();
    let refused = desk.queues.schedule(&desk.name, &desk.queue, &daily, &delayed).await;
    assert!(matches!(refused, Err(ScheduleError::Invalid(InvalidSchedule::Job))));
}

#[tokio::test]
async fn after_a_downtime_missed_ticks_go_by_the_rule() {
    let rules = [
        (Misfire::Skip, 0),
        (Misfire::RunOnce, 1),
        // Nine hours and something: the tick of ten hours ago is too old.
        (Misfire::CatchUp(3 * HOUR), 3),
    ];
    for (misfire, jobs) in rules {
        let desk = Desk::new().await;
        let schedule = Schedule::cron("0 * * * *", "UTC").unwrap().misfire(misfire).unwrap();
        desk.put(&schedule, "x").await;
        // Half an hour off, so that no tick is a little late at any time of the day.
        let half_past = "update pgstead.schedules set
            cron = extract(minute from now() + interval '30 minutes')::int || ' * * * *',
            next_at = date_trunc('minute', now() + interval '30 minutes') - interval '10 hours'";
        desk.execute(half_past).await;
        assert_eq!(desk.tick().await, jobs, "{misfire:?}");
        assert_eq!(desk.tick().await, 0, "{misfire:?}");
        let ticks: Vec<_> = desk.sent().await.into_iter().map(|(_, tick)| tick.unwrap()).collect();
        let mut ascending = ticks.clone();
        ascending.sort_unstable();
        ascending.dedup();
        assert_eq!(ticks, ascending, "{misfire:?}");
        assert!(desk.queues.tick().await.unwrap().next_in.unwrap() <= HOUR, "{misfire:?}");
    }
}

#[tokio::test]
async fn once_is_once_however_often_it_is_put() {
    let desk = Desk::new().await;
    let now: SystemTime =
        desk.db.client().await.query_one("select now()", &[]).await.unwrap().get(0);
    let once = Schedule::once_at(now + HOUR).unwrap();
    desk.put(&once, "x").await;
    assert_eq!(desk.tick().await, 0);
    let past = Schedule::once_at(now - HOUR).unwrap();
    assert!(desk.put(&past, "x").await);
    assert_eq!((desk.tick().await, desk.tick().await), (1, 0));
    let found = desk.found().await;
    assert_eq!(found.next_at, None);
    assert!(found.last_at.is_some());
    assert!(!desk.put(&past, "x").await);
    assert_eq!(desk.tick().await, 0);
    // Another instant is another time.
    assert!(desk.put(&Schedule::once_at(now).unwrap(), "x").await);
    assert_eq!(desk.tick().await, 1);
}

#[tokio::test]
async fn a_paused_schedule_does_not_tick_until_it_goes_on() {
    let desk = Desk::new().await;
    desk.put(&hourly(Misfire::RunOnce), "x").await;
    assert!(desk.queues.pause_schedule(&desk.name).await.unwrap());
    desk.pass("10 hours").await;
    assert_eq!(desk.queues.tick().await.unwrap(), Ticked::default());
    // Whatever is put meanwhile.
    desk.put(&hourly(Misfire::RunOnce), "y").await;
    assert_eq!(desk.tick().await, 0);
    assert!(desk.queues.schedule_now(&desk.name).await.unwrap().is_some());
    assert!(desk.queues.resume_schedule(&desk.name).await.unwrap());
    assert_eq!(desk.tick().await, 1);
    let sent = desk.sent().await;
    assert_eq!(sent[0], ("y".to_owned(), None));
    assert!(sent[1].1.is_some());
    let nobody = ScheduleName::new("nobody").unwrap();
    assert!(!desk.queues.pause_schedule(&nobody).await.unwrap());
    assert!(desk.queues.schedule_now(&nobody).await.unwrap().is_none());
}

#[tokio::test]
async fn a_schedule_that_is_edited_while_it_ticks_ticks_as_it_is_then() {
    let desk = Desk::new().await;
    desk.put(&hourly(Misfire::RunOnce), "old").await;
    desk.pass("1 hour").await;
    let due = desk.found().await.next_at.unwrap();
    let mut editor = desk.db.client().await;
    let edit = editor.transaction().await.unwrap();
    let sql = "update pgstead.schedules set message = '\"new\"', revision = default";
    edit.batch_execute(sql).await.unwrap();
    let queues = desk.queues.clone();
    let ticking = tokio::spawn(async move { queues.tick().await.unwrap().sent });
    let waits = "select exists (
        select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
    )";
    eventually("the tick waits for the edit", Duration::from_mins(1), async || {
        desk.db.client().await.query_one(waits, &[]).await.unwrap().get(0)
    })
    .await;
    edit.commit().await.unwrap();
    assert_eq!(ticking.await.unwrap(), 1);
    assert_eq!(desk.sent().await.len(), 1);
    assert_eq!(desk.sent().await[0].0, "new");
    assert_eq!(desk.found().await.last_at, Some(due));
}

#[tokio::test]
async fn of_several_who_edit_at_once_one_is_the_last_and_is_whole() {
    let desk = Desk::new().await;
    let edits = (1..=20_u32).map(|n| {
        let schedule = Schedule::every(HOUR * n).unwrap();
        let desk = &desk;
        async move { desk.put(&schedule, &n.to_string()).await }
    });
    assert!(join_all(edits).await.into_iter().all(|changed| changed));
    let found = desk.found().await;
    let n: u32 = serde_json::from_str::<String>(found.payload.get()).unwrap().parse().unwrap();
    assert_eq!(found.schedule.when(), Schedule::every(HOUR * n).unwrap().when());
    // The next tick is that of what it is, too.
    let hours = found.next_at.unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(hours.as_secs() % (HOUR * n).as_secs(), 0);
}

#[tokio::test]
async fn a_clock_that_steps_back_repeats_no_tick() {
    let desk = Desk::new().await;
    desk.put(&hourly(Misfire::RunOnce), "x").await;
    desk.pass("1 hour").await;
    assert_eq!(desk.tick().await, 1);
    // Ten hours back: what has ticked lies ahead now.
    desk.execute(
        "update pgstead.schedules set
            next_at = next_at + interval '10 hours', last_at = last_at + interval '10 hours'",
    )
    .await;
    let ticked = desk.queues.tick().await.unwrap();
    assert_eq!(ticked.sent, 0);
    assert!(ticked.next_in.unwrap() > 9 * HOUR);
    // Until it is where it was.
    desk.pass("11 hours").await;
    assert_eq!(desk.tick().await, 1);
}

#[tokio::test]
async fn a_queue_that_was_dropped_holds_up_nobody() {
    let desk = Desk::new().await;
    desk.put(&hourly(Misfire::RunOnce), "x").await;
    let (other, gone) = (ScheduleName::new("other").unwrap(), QueueName::new("gone").unwrap());
    let job = NewJob::new("y").unwrap();
    desk.queues.schedule(&other, &gone, &hourly(Misfire::RunOnce), &job).await.unwrap();
    desk.execute("select pgmq.drop_queue('gone')").await;
    desk.pass("1 hour").await;
    assert_eq!(desk.tick().await, 1);
    // And it is there again.
    assert_eq!(desk.tick().await, 1);
    assert_eq!(desk.queues.claim(&gone, 9, HOUR).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_runs_schedules_hears_of_new_ones() {
    let desk = Desk::new().await;
    let jobs: Queue<String> = desk.queues.queue("jobs").await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let worker = Worker::new(&desk.queues).handle(&jobs, move |job: Job<String>| {
        tell.send(job.payload.clone()).unwrap();
        async { Ok::<_, String>(Outcome::Done) }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let queues = desk.queues.clone();
    let running = tokio::spawn(async move {
        queues
            .run_schedules(async {
                let _ = stopped.await;
            })
            .await;
    });
    let (end, ended) = oneshot::channel::<()>();
    let working = tokio::spawn(worker.run(async {
        let _ = ended.await;
    }));
    let past = Schedule::once_at(SystemTime::UNIX_EPOCH).unwrap();
    desk.put(&past, "at once").await;
    assert_eq!(told.recv().await.unwrap(), "at once");
    drop((stop, end));
    running.await.unwrap();
    working.await.unwrap();
}

#[tokio::test]
async fn archives_are_kept_as_long_as_it_is_said() {
    let desk = Desk::new().await;
    desk.queues.ensure(&desk.queue).await.unwrap();
    desk.execute(
        "insert into pgmq.a_jobs (msg_id, vt, message, archived_at)
         select n, now(), '1', now() - n * interval '1 hour' from generate_series(1, 3000) n",
    )
    .await;
    // One that is listed and is not there any more.
    let gone = QueueName::new("gone").unwrap();
    desk.queues.ensure(&gone).await.unwrap();
    desk.execute("select pgmq.drop_queue('gone')").await;
    assert_eq!(desk.queues.sweep().await.unwrap().archived, 0);
    let mut config = Config::default();
    config.keep_archive = Some(HOUR * 100);
    let queues = Queues::start(desk.db.db(), config).unwrap();
    assert_eq!(queues.sweep().await.unwrap().archived, 2901);
}

#[tokio::test]
async fn schedules_are_put_shown_and_removed_over_http() {
    let db = TestDb::new().await;
    let api = Api::start_with(db.db(), []).await;
    let client = db.client().await;
    let (_, key) = keys::create(&client, "queues", &[Scope::Queues]).await.unwrap();
    let key = key.reveal().to_owned();
    let ask = async |method: &str, path: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response =
            request(api.address, method, &format!("/v1/schedules{path}"), Some(&key), &body).await;
        let answer = if response.status == 204 { Value::Null } else { response.json() };
        (response.status, answer)
    };
    let nightly = json!({
        "queue": "mail", "payload": {"report": 1}, "priority": 1, "group": "g",
        "headers": {"trace": "t"}, "cron": "30 2 * * *", "zone": "Europe/Berlin", "misfire": "skip",
    });
    let (status, put) = ask("PUT", "/nightly", nightly.clone()).await;
    assert_eq!(status, 201, "{put}");
    assert_eq!(put["zone"], "Europe/Berlin");
    assert_eq!(put["misfire"], "skip");
    assert_eq!(put["headers"]["x-pgmq-group"], "g");
    assert!(put["next_at"].is_string() && put["last_at"].is_null());
    assert_eq!(ask("PUT", "/nightly", nightly).await, (200, put.clone()));
    assert_eq!(ask("GET", "/nightly", Value::Null).await, (200, put.clone()));
    let (_, all) = ask("GET", "", Value::Null).await;
    assert!(all["schedules"].as_array().unwrap().contains(&put), "{all}");
    let (status, run) = ask("POST", "/nightly/run", Value::Null).await;
    assert_eq!((status, &run["id"]), (201, &json!(1)));
    assert_eq!(ask("POST", "/nightly/pause", Value::Null).await.0, 204);
    assert!(ask("GET", "/nightly", Value::Null).await.1["paused_at"].is_string());
    assert_eq!(ask("POST", "/nightly/resume", Value::Null).await.0, 204);
    let often = json!({
        "queue": "mail", "payload": 1, "every_ms": 60_000, "misfire": "catch-up",
        "catch_up_ms": 3_600_000,
    });
    let (status, often) = ask("PUT", "/nightly", often).await;
    assert_eq!((status, &often["catch_up_ms"]), (200, &json!(3_600_000)));
    assert_eq!(ask("DELETE", "/nightly", Value::Null).await.0, 204);
    assert_eq!(ask("DELETE", "/nightly", Value::Null).await.0, 404);
    for (wrong, field) in [
        (json!({"queue": "mail", "payload": 1}), "cron"),
        (json!({"queue": "mail", "payload": 1, "cron": "61 * * * *"}), "cron"),
        (json!({"queue": "mail", "payload": 1, "cron": "* * * * *", "zone": "Mars"}), "zone"),
        (json!({"queue": "mail", "payload": 1, "every_ms": 5}), "every_ms"),
        (json!({"queue": "mail", "payload": 1, "every_ms": 5000, "misfire": "?"}), "misfire"),
        (json!({"queue": "mail", "payload": 1, "every_ms": 5000, "priority": 5}), "priority"),
        (json!({"queue": "No Queue", "payload": 1, "every_ms": 5000}), "queue"),
    ] {
        let (status, refused) = ask("PUT", "/x", wrong).await;
        assert_eq!((status, refused["field"].as_str()), (400, Some(field)), "{refused}");
    }
    let stranger = request(api.address, "GET", "/v1/schedules", Some(&api.key), "").await;
    assert_eq!(stranger.status, 403);
    api.stop().await;
}

#[tokio::test]
async fn a_server_keeps_house_in_jobs() {
    let desk = Desk::new().await;
    let api = Api::start_with(desk.db.db(), []).await;
    let patience = Duration::from_mins(1);
    eventually("the server puts its schedules", patience, async || {
        desk.queues.schedules().await.unwrap().len() == 3
    })
    .await;
    let names: Vec<String> =
        desk.queues.schedules().await.unwrap().iter().map(|one| one.name.to_string()).collect();
    // It has no tokens.
    assert_eq!(names, ["pgstead.idempotency", "pgstead.limits", "pgstead.queues"]);
    for name in &names {
        let name = ScheduleName::new(name).unwrap();
        assert!(desk.queues.pause_schedule(&name).await.unwrap());
    }
    desk.execute("insert into pgstead.queue_dedup values ('jobs', 'k', 1, now())").await;
    let housekeeping = QueueName::new("pgstead").unwrap();
    let mut jobs = Vec::new();
    for name in names {
        let name = ScheduleName::new(&name).unwrap();
        jobs.push(desk.queues.schedule_now(&name).await.unwrap().unwrap());
    }
    eventually("all is done", patience, async || {
        desk.queues.count(&housekeeping).await.unwrap() == Counts::default()
    })
    .await;
    // What was done is said; of the others there is nothing to say.
    let found = desk.queues.find(&housekeeping, jobs[2]).await.unwrap().unwrap();
    let result: Value = serde_json::from_str(found.result.unwrap().get()).unwrap();
    assert_eq!((found.state, &result["keys"]), (JobState::Done, &json!(1)));
    api.stop().await;
}

/// A process that runs schedules.
async fn ticker(url: &str) -> Child {
    let mut process = Command::new(env!("CARGO_BIN_EXE_ticker"))
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = process.stdout.as_mut().unwrap();
    BufReader::new(stdout).read_line(&mut line).await.unwrap();
    assert_eq!(line.trim_end(), "ready");
    process
}

/// Eight processes, two of which are killed on the way: every tick has one job.
#[tokio::test]
async fn eight_processes_of_which_two_are_killed_send_one_job_a_tick() {
    let desk = Desk::new().await;
    let every_second =
        Schedule::every(Duration::from_secs(1)).unwrap().misfire(Misfire::CatchUp(HOUR)).unwrap();
    desk.put(&every_second, "x").await;
    if !is_long() {
        // All of them at once.
        desk.pass("10 minutes").await;
    }
    let (seconds, patience) = (if is_long() { 60 } else { 600 }, Duration::from_mins(3));
    let first: SystemTime = desk.found().await.next_at.unwrap();
    let mut processes = join_all((0..8).map(|_| ticker(desk.db.url()))).await;
    for part in [3, 2] {
        let until = first + Duration::from_secs(seconds / part);
        eventually("a part of the ticks is done", patience, async || {
            desk.found().await.last_at >= Some(until)
        })
        .await;
        let mut killed = processes.pop().unwrap();
        // On Unix that is SIGKILL.
        killed.kill().await.unwrap();
    }
    eventually("all ticks are done", patience, async || {
        desk.found().await.last_at >= Some(first + Duration::from_secs(seconds))
    })
    .await;
    drop(processes);
    assert!(desk.queues.pause_schedule(&desk.name).await.unwrap());
    let last = desk.found().await.last_at.unwrap();
    let mut jobs: BTreeMap<String, u32> = BTreeMap::new();
    for (_, tick) in desk.sent().await {
        *jobs.entry(tick.unwrap()).or_default() += 1;
    }
    let ticks = last.duration_since(first).unwrap().as_secs() + 1;
    let counts: Vec<u32> = jobs.values().copied().collect();
    println!(
        "{ticks} ticks, {} jobs of {} of them, at most {} a tick; 8 processes, 2 killed",
        counts.iter().sum::<u32>(),
        jobs.len(),
        counts.iter().max().unwrap()
    );
    assert_eq!(jobs.len() as u64, ticks, "none is left out");
    assert!(counts.iter().all(|count| *count == 1), "{jobs:?}");
}

#[tokio::test]
async fn schedules_are_put_listed_and_removed_on_the_command_line() {
    let desk = Desk::new().await;
    let run = async |words: &[&str]| {
        let arguments = ["queue", "--database-url", desk.db.url()].into_iter();
        pgstead(arguments.chain(words.iter().copied())).run().await
    };
    let put = [
        "schedule",
        "report",
        "mail",
        "{\"n\":1}",
        "--cron",
        "30 2 * * *",
        "--zone",
        "Europe/Berlin",
        "--misfire",
        "catch-up",
        "--catch-up",
        "2h",
    ];
    let first = run(&put).await;
    assert_eq!(first.status, 0, "{first:?}");
    assert!(first.stdout.starts_with("Put. It ticks next at "), "{first:?}");
    assert!(run(&put).await.stdout.starts_with("As it was. "));
    let listed = run(&["schedules"]).await.stdout;
    assert!(listed.contains("30 2 * * * Europe/Berlin"), "{listed}");
    let listed = run(&["schedules", "--json"]).await.json();
    assert_eq!(listed["schedules"][0]["catch_up_ms"], 7_200_000);
    let wrong = run(&["schedule", "x", "mail", "1", "--every", "5ms"]).await;
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("every 1 s to 366 days"), "{wrong:?}");
    assert_eq!(run(&["unschedule", "report"]).await.stdout, "Removed.\n");
    let none = run(&["unschedule", "report"]).await;
    assert_eq!((none.status, &*none.stdout), (1, "There is no schedule \"report\".\n"));
}
