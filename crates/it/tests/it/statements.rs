//! Guards over every `.sql` file: it is used, it prepares, and it goes by the index it names.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use pgstead_it::{Admin, TestDb};
use pgstead_store::{Clock, ManualClock};
use pgstead_tokens::{Config, KeyEncryptionKey, Tokens};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below a directory with that ending.
fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

fn all() -> Vec<&'static str> {
    [
        pgstead_limits::statements(),
        pgstead_queue::statements(),
        pgstead_server::statements(),
        vec![pgstead_store::days::PARTITIONS],
        pgstead_tokens::statements(),
        pgstead_webhooks::statements(),
    ]
    .concat()
}

#[test]
fn every_sql_file_is_a_statement_or_a_migration() {
    let migrations: Vec<&str> = pgstead_it::LINES
        .iter()
        .flat_map(|line| line.migrations.iter().map(|(_, sql)| *sql))
        .collect();
    let known = [all(), migrations].concat();
    let mut files = files(&crates(), "sql");
    // What is scanned in tests is others' SQL.
    let is_others = |part: &OsStr| part == "corpus" || part == "unseen";
    files.retain(|file| !file.components().any(|part| is_others(part.as_os_str())));
    assert!(files.len() > 8, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(known.contains(&text.as_str()), "{} is not used", file.display());
        assert!(text.starts_with("-- "), "{} does not say what it is for", file.display());
    }
}

#[tokio::test]
async fn every_statement_prepares_on_the_migrated_schema() {
    let db = TestDb::new().await;
    let client = db.client().await;
    client.batch_execute(QUEUE).await.unwrap();
    client.batch_execute("select pgstead.ensure_queue('webhooks')").await.unwrap();
    for sql in all() {
        client.prepare(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

#[tokio::test]
async fn every_statement_goes_by_the_index_it_names() {
    let db = TestDb::new().await;
    let admin = Admin::connect(db.url()).await;
    // With a table of one page any plan would be right; and a plan for any parameters is asked for.
    let columns = [
        ("limits", "key, spent_from, spent_to, asked_at_ns", "0, 0, 0"),
        (
            "reservations",
            "id, key, units, unit, taken_to, expires_at_ns",
            "gen_random_uuid(), 1, 1, 1, n",
        ),
        ("permits", "key, ids, expire_at_ns, asked_at_ns", "'{}', '{}', 0"),
    ];
    for storage in ["fast", "durable"] {
        for (table, columns, values) in columns {
            let fill =
                format!("select gen_random_uuid(), {values} from generate_series(1, 20000) n");
            let table = format!("pgstead.{table}_{storage}");
            admin
                .execute(&format!("insert into {table} ({columns}) {fill}; analyze {table}"))
                .await;
        }
    }
    fill_sessions(&db, &admin).await;
    fill_queue(&admin).await;
    fill_webhooks(&admin).await;
    admin.execute("set plan_cache_mode = force_generic_plan").await;
    for sql in all() {
        let Some((_, named)) = sql.split_once("Index: ") else { continue };
        let named = named.split('.').next().unwrap().replace("\n--", "");
        let named: Vec<&str> = named.split(", ").map(str::trim).collect();
        admin.execute(&format!("prepare guarded as {sql}")).await;
        let parameters = (1..=20).filter(|n| sql.contains(&format!("${n}"))).count();
        let nulls = vec!["null"; parameters].join(", ");
        let nulls = if nulls.is_empty() { nulls } else { format!("({nulls})") };
        let explain = format!("explain (verbose) execute guarded{nulls}");
        let rows = admin.client().simple_query(&explain).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        // Of a partition by its table's: `sessions_p20544_pkey` is `sessions_pkey`.
        let plan = plan.join("\n").replace(&format!("_p{DAY}"), "");
        for index in named {
            assert!(plan.contains(index), "{index}: {sql}\n{plan}");
        }
        // Tables of a handful of rows are read as a whole.
        let scans = plan.matches("Seq Scan on pgstead.").count();
        let of_few =
            ["limits_sweeps", "token_state", "token_keys", "token_events", "queues", "schedules"]
                .map(|few| plan.matches(&format!("Seq Scan on pgstead.{few}")).count());
        let of_few: usize = of_few.iter().sum();
        assert_eq!(scans, of_few, "{sql}\n{plan}");
        admin.execute("deallocate guarded").await;
    }
}

/// The statements over a queue are over this one.
const QUEUE: &str = "select pgstead.ensure_queue('jobs')";

/// Jobs of all kinds, and what is beside them.
async fn fill_queue(admin: &Admin) {
    let numbers = "from generate_series(1, 20000) n";
    let fills = [
        format!("insert into pgmq.q_jobs (vt, message) select now(), '1' {numbers}"),
        format!(
            "insert into pgmq.q_jobs (vt, message, headers)
             select now(), '1', jsonb_build_object('x-pgstead-priority', '1') {numbers}"
        ),
        format!(
            "insert into pgmq.q_jobs (vt, message, headers)
             select now(), '1', jsonb_build_object('x-pgmq-group', 'g' || n) {numbers}"
        ),
        // Those of a group that wait for their turn.
        format!(
            "insert into pgmq.q_jobs (vt, message, headers)
             select 'infinity', '1', jsonb_build_object('x-pgmq-group', 'g' || n % 10) {numbers}"
        ),
        format!(
            "insert into pgstead.queue_dead select 'jobs' || n % 200, n, now(), now(), 1, null, null, '[]' {numbers}"
        ),
        format!("insert into pgstead.queue_dedup select 'jobs', n, n, now() {numbers}"),
        format!("insert into pgstead.queue_results select 'jobs', n, now(), 1, false {numbers}"),
        format!("insert into pgstead.queue_progress select 'jobs', n, now(), '1' {numbers}"),
        format!("insert into pgstead.queues (name) select 'q' || n {numbers}"),
        format!("insert into pgmq.a_jobs (msg_id, vt, message) select n, now(), '1' {numbers}"),
        format!(
            "insert into pgstead.schedules (name, queue, message, every_ms, misfire, next_at)
             select n, 'jobs', '1', 1000, 'skip', now() {numbers}"
        ),
        format!("insert into pgstead.queue_logs select 'jobs', n, now(), 'line' {numbers}"),
    ];
    admin.execute(QUEUE).await;
    for fill in fills {
        admin.execute(&fill).await;
    }
    // Those alone: of tables that are empty it would be known that they are.
    let tables = "pgmq.q_jobs, pgmq.a_jobs, pgstead.queues, pgstead.schedules, pgstead.queue_dead, \
                  pgstead.queue_dedup, pgstead.queue_results, pgstead.queue_progress, pgstead.queue_logs";
    admin.execute(&format!("analyze {tables}")).await;
}

/// Endpoints, events, deliveries and attempts, in partitions of one day.
async fn fill_webhooks(admin: &Admin) {
    admin.execute("select pgstead.ensure_queue('webhooks')").await;
    for table in ["webhook_events", "webhook_deliveries", "webhook_attempts"] {
        let parent = format!("pgstead.{table}");
        admin.execute(&format!("create table {parent}_p{DAY} partition of {parent} default")).await;
    }
    // Two of its indexes have the same columns.
    let failed =
        "webhook_attempts_p20544_endpoint_id_idx1 rename to webhook_attempts_p20544_failed";
    admin.execute(&format!("alter index pgstead.{failed}")).await;
    let numbers = "from generate_series(1, 20000) n";
    let id = "lpad(to_hex(n), 32, '0')::uuid";
    let fills = [
        format!(
            "webhook_endpoints (id, tenant, url, types, patterns, header_names, fifo, concurrency)
             select {id}, 'tenant ' || n, '', '{{*}}', '{{%}}', '{{}}', false, 1 {numbers}"
        ),
        format!("webhook_secrets select {id}, {id}, 'v1', null, '', '' {numbers}"),
        format!("webhook_rates select {id}, now() {numbers}"),
        format!("webhook_events select {id}, null, 'a', 'tenant ' || n % 100, '1' {numbers}"),
        format!("webhook_event_keys select 'key ' || n, {id} {numbers}"),
        format!(
            "webhook_deliveries select {id}, {id},
             case when n % 100 = 0 then 'failed' else 'delivered' end {numbers}"
        ),
        format!(
            "webhook_attempts select {id}, {id}, lpad(to_hex(n % 1000), 32, '0')::uuid, 1, now(), 1, 200,
             case when n % 100 = 0 then 'status' end, null, '' {numbers}"
        ),
    ];
    for fill in fills {
        admin.execute(&format!("insert into pgstead.{fill}")).await;
    }
    let tables = "endpoints, secrets, rates, events, event_keys, deliveries, attempts";
    for table in tables.split(", ") {
        admin.execute(&format!("analyze pgstead.webhook_{table}")).await;
    }
}

/// A day, counted from 1970.
const DAY: i64 = 20_544;

/// Sessions and what is beside them, in partitions of one day.
async fn fill_sessions(db: &TestDb, admin: &Admin) {
    // Sessions of two weeks have a partition for each day.
    let two_weeks_before = Duration::from_hours(24) * u32::try_from(DAY - 14).unwrap();
    let clock = ManualClock::new(two_weeks_before);
    let mut config = Config::new("https://auth.test", KeyEncryptionKey::generate());
    config.absolute_ttl = Duration::from_hours(14 * 24);
    config.idle_ttl = config.absolute_ttl;
    config.verifier.clock = Clock::Manual(clock);
    let _tokens = Tokens::open(db.db(), config).await.unwrap();
    let numbers = "from generate_series(1, 20000) n";
    let sid = format!("('{DAY:04x}' || lpad(to_hex(n), 28, '0'))::uuid");
    let fills = [
        format!("sessions select {sid}, 0, 0, 0, 0, 0, null, 0, 'user ' || n {numbers}"),
        format!("session_devices select {sid}, 'label' {numbers}"),
        format!("token_epochs select 'user', 'user ' || n, 1, n {numbers}"),
        format!("token_revocations select n, 'user', 'user ' || n, n {numbers}"),
        format!(
            "imported_tokens select int8send(n), n, null, 'user ' || n, null, null, 0 {numbers}"
        ),
    ];
    for fill in fills {
        admin.execute(&format!("insert into pgstead.{fill}")).await;
    }
    // Of the three days around it there is nothing to plan.
    for day in DAY + 1..=DAY + 3 {
        for table in ["sessions", "session_devices"] {
            admin.execute(&format!("drop table pgstead.{table}_p{day}")).await;
        }
    }
    for table in ["sessions", "session_devices", "token_epochs", "token_revocations"] {
        admin.execute(&format!("analyze pgstead.{table}")).await;
    }
    admin.execute("analyze pgstead.imported_tokens").await;
}
