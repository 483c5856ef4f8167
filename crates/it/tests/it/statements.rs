//! Guards over every `.sql` file: it is used, it prepares, and it goes by the index it names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use pgstead_it::{Admin, TestDb};

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
    [pgstead_limits::statements(), pgstead_server::statements()].concat()
}

#[test]
fn every_sql_file_is_a_statement_or_a_migration() {
    let migrations: Vec<&str> = pgstead_it::LINES
        .iter()
        .flat_map(|line| line.migrations.iter().map(|(_, sql)| *sql))
        .collect();
    let known = [all(), migrations].concat();
    let files = files(&crates(), "sql");
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
    admin.execute("set plan_cache_mode = force_generic_plan").await;
    for sql in all() {
        let Some((_, named)) = sql.split_once("Index: ") else { continue };
        let named = named.split('.').next().unwrap().replace("\n--", "");
        let named: Vec<&str> = named.split(", ").map(str::trim).collect();
        admin.execute(&format!("prepare guarded as {sql}")).await;
        let parameters = (1..=20).filter(|n| sql.contains(&format!("${n}"))).count();
        let nulls = vec!["null"; parameters].join(", ");
        let explain = format!("explain (verbose) execute guarded({nulls})");
        let rows = admin.client().simple_query(&explain).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        let plan = plan.join("\n");
        for index in named {
            assert!(plan.contains(index), "{index}: {sql}\n{plan}");
        }
        // Tables of a handful of rows are read as a whole.
        let scans = plan.matches("Seq Scan on pgstead.").count();
        let of_few = plan.matches("Seq Scan on pgstead.limits_sweeps").count();
        assert_eq!(scans, of_few, "{sql}\n{plan}");
        admin.execute("deallocate guarded").await;
    }
}
