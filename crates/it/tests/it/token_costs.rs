//! What sessions cost PostgreSQL: rows, WAL, and dead rows that are never made.

use std::{
    io::{self, Read as _},
    time::Duration,
};

use pgstead_it::{Admin, LINES, TestDb, TestServer, is_long};
use pgstead_store::{Clock, Db, ManualClock, migrate::migrate};
use pgstead_tokens::{Config, KeyEncryptionKey, NewSession, Rotation, Tokens};
use tokio::{task::JoinSet, time::Instant};

async fn open(db: &Db, change: impl FnOnce(&mut Config)) -> Tokens {
    let mut config = Config::new("https://auth.test", KeyEncryptionKey::generate());
    change(&mut config);
    Tokens::open(db, config).await.unwrap()
}

async fn number(admin: &Admin, sql: &str) -> i64 {
    admin.client().query_one(sql, &[]).await.unwrap().get(0)
}

/// How many refresh at once.
const CLIENTS: usize = 256;

/// Each client has its share of the sessions, from all over the table, and refreshes one after
/// another.
async fn refresh(tokens: &Tokens, sessions: Vec<String>, times: usize) -> Vec<String> {
    let mut shares = vec![Vec::new(); CLIENTS.min(sessions.len())];
    let count = shares.len();
    // A prime, so that neighbours are not refreshed at the same time.
    for index in 0..sessions.len() {
        shares[index % count].push(sessions[index * 7919 % sessions.len()].clone());
    }
    let mut clients = JoinSet::new();
    for mut share in shares {
        let tokens = tokens.clone();
        clients.spawn(async move {
            for _ in 0..times {
                for token in &mut share {
                    let Rotation::Rotated(next) = tokens.refresh(token).await.unwrap() else {
                        panic!("it is presented once");
                    };
                    next.refresh_token.reveal().clone_into(token);
                }
            }
            share
        });
    }
    clients.join_all().await.concat()
}

async fn issue(tokens: &Tokens, count: usize) -> Vec<String> {
    let mut issued = JoinSet::new();
    for _ in 0..count {
        let tokens = tokens.clone();
        issued.spawn(async move {
            let issued = tokens.issue(&NewSession::new("ada").unwrap()).await.unwrap();
            issued.refresh_token.reveal().to_owned()
        });
    }
    issued.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refresh_is_a_hot_update_of_little_wal() {
    // WAL is counted for a whole cluster.
    let server = TestServer::start().await;
    let db = server.db(Duration::from_secs(30)).await;
    migrate(&db, LINES).await.unwrap();
    let tokens = open(&db, |_| {}).await;
    let admin = Admin::connect(server.url()).await;
    // A page is written to the WAL as a whole when it is first changed after a checkpoint.
    let first = issue(&tokens, 10_000).await;
    let first = refresh(&tokens, first, 1).await;
    let updates = "select coalesce(sum(n_tup_upd), 0)::bigint, \
                   coalesce(sum(n_tup_hot_upd), 0)::bigint \
                   from pg_stat_user_tables where relname like 'sessions%'";
    let wal = "select (pg_current_wal_insert_lsn() - '0/0')::bigint";
    let before = number(&admin, wal).await;
    let times = 2;
    let first = refresh(&tokens, first, times).await;
    let bytes = number(&admin, wal).await - before;
    let refreshes = i64::try_from(first.len() * times).unwrap();
    println!("{} bytes of WAL a refresh", bytes / refreshes);
    assert!(bytes / refreshes <= 350, "{} bytes of WAL a refresh", bytes / refreshes);
    // Its lanes' connections tell what they have done when they end.
    drop(tokens);
    let all = refreshes + i64::try_from(first.len()).unwrap();
    pgstead_it::eventually("it is told", Duration::from_secs(30), async || {
        number(&admin, updates).await >= all
    })
    .await;
    let row = admin.client().query_one(updates, &[]).await.unwrap();
    let counted: (i64, i64) = (row.get(0), row.get(1));
    assert_eq!(counted, (all, all), "every update is HOT");
}

#[tokio::test(flavor = "multi_thread")]
async fn to_revoke_many_is_to_write_one_row() {
    let db = TestDb::new().await;
    let tokens = open(db.db(), |_| {}).await;
    let admin = Admin::connect(db.url()).await;
    let token = issue(&tokens, 1).await.remove(0);
    let sessions = many();
    multiply(&admin, sessions).await;
    let state = "select (select count(*) from pgstead.token_epochs), \
                 (select count(*) from pgstead.token_revocations), \
                 (select count(*) from pgstead.sessions where revoked_at_ns is not null), \
                 (select max(age(xmin)) from pgstead.sessions)::bigint";
    for (what, epochs) in [("a user", 1_i64), ("everybody", 2)] {
        let before = Instant::now();
        if what == "a user" {
            tokens.revoke_user("ada").await.unwrap();
        } else {
            tokens.revoke_everybody().await.unwrap();
        }
        println!("{what} with {sessions} sessions revoked in {:?}", before.elapsed());
        let row = admin.client().query_one(state, &[]).await.unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (epochs, epochs));
        assert_eq!(row.get::<_, i64>(2), 0, "no session was touched");
        assert!(matches!(tokens.refresh(&token).await.unwrap(), Rotation::Revoked));
    }
    assert_eq!(tokens.sessions("ada").await.unwrap(), []);
}

/// So many more of the sessions that there are.
async fn multiply(admin: &Admin, times: u32) {
    admin
        .execute(&format!(
            "insert into pgstead.sessions \
             select (left(sid::text, 18) || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid, \
             used_at_ns, idle_until_ns, epoch, expires_at_ns, created_at_ns, null, gen, user_id \
             from pgstead.sessions, generate_series(1, {times}) n"
        ))
        .await;
}

fn many() -> u32 {
    if is_long() { 1_000_000 } else { 20_000 }
}

/// How long this file system takes to give back a file as large. PostgreSQL does that when a DROP is
/// done and its locks are released: nobody waits for it but who dropped.
fn give_back(bytes: u64) -> Duration {
    let mut file = tempfile::tempfile().unwrap();
    io::copy(&mut io::repeat(1).take(bytes), &mut file).unwrap();
    file.sync_all().unwrap();
    let began = Instant::now();
    file.set_len(0).unwrap();
    began.elapsed()
}

/// The sessions of a day go with their table, while others are refreshed.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_over_is_dropped_under_load() {
    let db = TestDb::new().await;
    let kek = KeyEncryptionKey::generate();
    let admin = Admin::connect(db.url()).await;
    let now_us = "select (extract(epoch from now()) * 1000000)::bigint";
    let now = Duration::from_micros(number(&admin, now_us).await.unsigned_abs());
    let tokens = open(db.db(), |config| config.kek = kek.clone()).await;
    // Sessions that began so long ago that all have ended that go into a partition with them.
    let then = ManualClock::new(now.checked_sub(Duration::from_hours(104 * 24)).unwrap());
    let before = open(db.db(), |config| {
        config.kek = kek.clone();
        config.verifier.clock = Clock::Manual(then);
    })
    .await;
    let old = issue(&before, 1).await.remove(0);
    drop(before);
    let sessions = many();
    multiply(&admin, sessions).await;
    let partition = "select tableoid::regclass::text, \
                     pg_total_relation_size(tableoid)::bigint from pgstead.sessions limit 1";
    let row = admin.client().query_one(partition, &[]).await.unwrap();
    let (partition, bytes): (String, i64) = (row.get(0), row.get(1));
    // What else is over would be in its time.
    let others = "select inhrelid::regclass::text from pg_inherits \
                  where inhparent = any ('{pgstead.sessions, pgstead.session_devices, \
                                           pgstead.token_events}'::regclass[]) \
                  and substring(inhrelid::regclass::text from '_p([0-9]+)')::bigint < $1 \
                  and inhrelid <> $2::text::regclass";
    let today = i64::try_from(now.as_secs() / 86_400).unwrap();
    for other in admin.client().query(others, &[&today, &partition]).await.unwrap() {
        admin.execute(&format!("drop table {}", other.get::<_, String>(0))).await;
    }
    let first = issue(&tokens, 64).await;
    let load = tokio::spawn({
        let tokens = tokens.clone();
        async move { refresh(&tokens, first, 100).await.len() }
    });
    let bytes = bytes.unsigned_abs();
    let before = give_back(bytes);
    let began = Instant::now();
    let swept = tokens.keep_house().await.unwrap();
    let took = began.elapsed();
    let given_back = before.max(give_back(bytes));
    println!(
        "{} partitions, {sessions} sessions in {} MB, dropped in {took:?}, of which the file system \
         takes {given_back:?} to give a file as large back",
        swept.dropped,
        bytes >> 20,
    );
    assert_eq!(swept.dropped, 1, "{swept:?}");
    // A machine that does nothing else is asked to be quick, but for what its file system needs.
    let ours = took.saturating_sub(given_back);
    assert!(!is_long() || ours < Duration::from_millis(100), "{ours:?} of {took:?}");
    assert!(matches!(tokens.refresh(&old).await.unwrap(), Rotation::Expired));
    assert_eq!(load.await.unwrap(), 64, "nobody was kept from refreshing");
}
