//! Floods of keys, and a PostgreSQL that hangs for long under load: memory is bounded, and nobody
//! waits longer than he said he would.

use std::{process::Stdio, time::Duration};

use nix::sys::signal::Signal;
use pgstead_it::{Admin, LINES, TestDb, TestServer, eventually, is_long};
use pgstead_limits::{Config, Limits};
use pgstead_store::migrate::migrate;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

const MIB: i64 = 1024;

#[tokio::test]
async fn a_flood_of_keys_takes_little_memory_and_the_sweep_takes_it_back() {
    let keys: u64 = if is_long() { 5_000_000 } else { 100_000 };
    let db = TestDb::new().await;
    let (_process, mut lines) = start(db.url(), "flood", keys);
    let grown: i64 = line(&mut lines).await.parse().unwrap();
    println!("{keys} keys: {grown} KiB more");
    assert!(grown < 100 * MIB, "{keys} keys: {grown} KiB");
    let admin = Admin::connect(db.url()).await;
    let count = async |of: &str| {
        let row = admin.client().query_one(&format!("select {of}"), &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    let rows = "count(*) from pgstead.limits_fast";
    let before = count(rows).await;
    assert!(before >= 2 * keys.cast_signed(), "{before} rows of {keys} keys");
    let limits = Limits::start(db.db(), Config::new([]));
    // The last windows end a second after their first grant.
    eventually("all of it is swept", Duration::from_mins(5), async || {
        limits.sweep().await.unwrap();
        count(rows).await == 0
    })
    .await;
    // What is dead is given back to the system, as autovacuum does by and by.
    admin.execute("vacuum pgstead.limits_fast").await;
    let bytes = count("pg_relation_size('pgstead.limits_fast')").await;
    assert!(bytes <= 64 * 8192, "{bytes} bytes are left of the table");
}

#[tokio::test]
async fn nobody_waits_for_a_postgresql_that_hangs() {
    let seconds = if is_long() { 20 } else { 3 };
    let server = TestServer::start().await;
    let db = server.db(Duration::from_secs(5)).await;
    migrate(&db, LINES).await.unwrap();
    drop(db);
    let (_process, mut lines) = start(server.url(), "hang", seconds);
    assert_eq!(line(&mut lines).await, "ready");
    server.signal_all(Signal::SIGSTOP);
    let told = line(&mut lines).await;
    server.signal_all(Signal::SIGCONT);
    let told: Vec<i64> = told.split(' ').map(|number| number.parse().unwrap()).collect();
    let [longest_ms, grown, by_rule] = told[..] else { panic!("{told:?}") };
    println!(
        "{seconds} s: the longest wait was {longest_ms} ms, {grown} KiB more, {by_rule} by rule"
    );
    assert!(by_rule > 1000, "they were decided: {by_rule}");
    // Half a second is what they said; the rest is for a machine that has much to do.
    assert!(longest_ms < 2500, "{longest_ms} ms");
    assert!(grown < 20 * MIB, "{grown} KiB");
    assert_eq!(line(&mut lines).await, "exact");
}

fn start(url: &str, what: &str, number: u64) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_pressure"))
        .args([url, what, &number.to_string()])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let stdout = process.stdout.take().unwrap();
    (process, BufReader::new(stdout).lines())
}

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    lines.next_line().await.unwrap().expect("it has not died")
}
