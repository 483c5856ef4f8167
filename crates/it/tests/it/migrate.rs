//! Migrations.

use pgstead_it::{Admin, LINES, TestDb};
use pgstead_store::{
    Config, Db,
    migrate::{Line, migrate, pending, verify},
};
use tokio::task::JoinSet;

const FIRST: (&str, &str) = ("V1__first", "create table pgstead.first (id int)");
const SECOND: (&str, &str) = ("V2__second", "create table pgstead.second (id int)");
const BROKEN: (&str, &str) = ("V2__broken", "create table pgstead.half (id int); select 1 / 0");
const EDITED: (&str, &str) = ("V1__first", "create table pgstead.first (id bigint)");

const fn line(migrations: &'static [(&'static str, &'static str)]) -> Line {
    Line { name: "test", migrations }
}

async fn tables(db: &TestDb) -> Vec<String> {
    let sql = "select table_name::text from information_schema.tables
               where table_schema = 'pgstead' order by 1";
    let rows = db.client().await.query_typed(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn many_that_start_together_migrate_once() {
    let db = TestDb::empty().await;
    let mut starts = JoinSet::new();
    for _ in 0..8 {
        let url = db.url().to_owned();
        starts.spawn(async move {
            let db = Db::connect(&Config::new(url)).await.unwrap();
            migrate(&db, LINES).await.unwrap().len()
        });
    }
    let applied: Vec<usize> = starts.join_all().await;
    let all = LINES.iter().map(|line| line.migrations.len()).sum::<usize>();
    assert_eq!(applied.iter().filter(|count| **count == all).count(), 1, "{applied:?}");
    assert_eq!(applied.iter().sum::<usize>(), all, "{applied:?}");
    verify(db.db(), LINES).await.unwrap();
}

#[tokio::test]
async fn what_would_be_done_is_told_and_not_done() {
    let db = TestDb::empty().await;
    let names: Vec<_> = pending(db.db(), LINES)
        .await
        .unwrap()
        .into_iter()
        .map(|pending| (pending.line, pending.name))
        .collect();
    assert_eq!(
        names,
        [
            ("limits", "V1__limits"),
            ("limits", "V2__limits_whole"),
            ("tokens", "V1__tokens"),
            ("tokens", "V2__imported_tokens_epoch"),
            ("queue", "V1__queue"),
            ("queue", "V2__schedules"),
            ("webhooks", "V1__webhooks"),
            ("server", "V1__keys"),
            ("server", "V2__idempotency"),
        ]
    );
    assert_eq!(tables(&db).await, [""; 0]);
    migrate(db.db(), LINES).await.unwrap();
    assert!(pending(db.db(), LINES).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_later_version_adds_what_it_brings() {
    let db = TestDb::empty().await;
    assert_eq!(migrate(db.db(), &[line(&[FIRST])]).await.unwrap().len(), 1);
    let error = verify(db.db(), &[line(&[FIRST, SECOND])]).await.unwrap_err().to_string();
    assert!(error.contains("test") && error.contains("migrate"), "{error}");
    let applied = migrate(db.db(), &[line(&[FIRST, SECOND])]).await.unwrap();
    assert_eq!(applied[0].name, "V2__second");
    assert_eq!(tables(&db).await, ["first", "migrations_test", "second"]);
}

#[tokio::test]
async fn a_database_that_is_newer_is_refused() {
    let db = TestDb::empty().await;
    migrate(db.db(), &[line(&[FIRST, SECOND])]).await.unwrap();
    for refused in [
        migrate(db.db(), &[line(&[FIRST])]).await.map(drop),
        verify(db.db(), &[line(&[FIRST])]).await,
    ] {
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("newer") && error.contains('2'), "{error}");
    }
}

#[tokio::test]
async fn a_migration_that_was_edited_is_noticed() {
    let db = TestDb::empty().await;
    migrate(db.db(), &[line(&[FIRST])]).await.unwrap();
    let error = migrate(db.db(), &[line(&[EDITED, SECOND])]).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("V1__first"), "{error}: {cause}");
    assert_eq!(tables(&db).await, ["first", "migrations_test"]);
}

#[tokio::test]
async fn one_that_fails_leaves_nothing_of_any() {
    let db = TestDb::empty().await;
    migrate(db.db(), &[line(&[FIRST, BROKEN])]).await.unwrap_err();
    assert_eq!(tables(&db).await, [""; 0]);
    migrate(db.db(), &[line(&[FIRST, SECOND])]).await.unwrap();
}

#[tokio::test]
async fn a_role_that_may_only_use_the_tables_can_serve() {
    let db = TestDb::new().await;
    let admin = Admin::connect(db.url()).await;
    let role = format!("{}_app", db.name());
    admin
        .execute(&format!(
            "create role {role} login;
             grant usage on schema pgstead to {role};
             grant select, insert, update, delete on all tables in schema pgstead to {role}"
        ))
        .await;
    let url = db.url().replacen("pgstead@", &format!("{role}@"), 1);
    let as_role = Db::connect(&Config::new(url)).await.unwrap();
    assert!(migrate(&as_role, LINES).await.unwrap().is_empty(), "nothing is to be done");
    let client = as_role.client().await.unwrap();
    client
        .batch_execute("insert into pgstead.limits_fast values (gen_random_uuid(), 0, 0, 0)")
        .await
        .unwrap();
    drop((client, as_role));
    admin.execute(&format!("drop owned by {role}; drop role {role}")).await;
}
