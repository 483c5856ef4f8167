//! `pgstead schema`: what it prints is what there is.

use std::collections::BTreeMap;

use pgstead_it::{Admin, TestDb, cli::pgstead};

/// Every column of a database: table, column, type, and whether it may be null.
async fn columns(admin: &Admin) -> Vec<(String, String, String, bool)> {
    let sql = "select table_name::text, column_name::text, udt_name::text, is_nullable = 'YES' \
               from information_schema.columns \
               where table_schema = 'pgstead' and table_name not like 'migrations_%' \
               order by table_name, ordinal_position";
    let rows = admin.client().query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

async fn printed(format: &str) -> String {
    let called = pgstead(["schema", "--format", format]).run().await;
    assert_eq!((called.status, called.stderr.as_str()), (0, ""));
    called.stdout
}

#[tokio::test]
async fn the_sql_makes_what_migrate_makes() {
    let (migrated, empty) = (TestDb::new().await, TestDb::empty().await);
    let by_hand = Admin::connect(empty.url()).await;
    by_hand.execute(&printed("sql").await).await;
    let migrated = Admin::connect(migrated.url()).await;
    assert_eq!(columns(&by_hand).await, columns(&migrated).await);
    let indexes = "select string_agg(indexdef, chr(10) order by indexdef) from pg_indexes \
                   where schemaname = 'pgstead' and tablename not like 'migrations_%'";
    let of = async |admin: &Admin| -> String {
        admin.client().query_one(indexes, &[]).await.unwrap().get(0)
    };
    assert_eq!(of(&by_hand).await, of(&migrated).await);
}

/// The columns of each model, as PostgreSQL has them.
fn models(schema: &str) -> BTreeMap<String, Vec<(String, String, bool)>> {
    let mut models = BTreeMap::new();
    for model in schema.split("\nmodel ").skip(1) {
        let (_, table) = model.split_once("@@map(\"").unwrap();
        let (table, _) = table.split_once('"').unwrap();
        let fields = model.lines().skip(1).map(str::trim);
        let fields = fields.take_while(|line| !line.is_empty() && *line != "}");
        let fields = fields.filter(|line| !line.starts_with("//"));
        models.insert(table.to_owned(), fields.map(field).collect());
    }
    models
}

fn field(line: &str) -> (String, String, bool) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (name, kind) = (words[0], words[1]);
    let is_null = kind.ends_with('?');
    let is_uuid = line.contains("@db.Uuid");
    let kind = match kind.trim_end_matches('?') {
        "String" if is_uuid => "uuid",
        "String" => "text",
        "BigInt" => "int8",
        "BigInt[]" => "_int8",
        "Int" => "int4",
        "Boolean" => "bool",
        "Bytes" => "bytea",
        "DateTime" => "timestamptz",
        other => panic!("{other}: {line}"),
    };
    (name.to_owned(), kind.to_owned(), is_null)
}

#[tokio::test]
async fn the_models_of_prisma_are_the_tables() {
    let db = TestDb::new().await;
    let columns = columns(&Admin::connect(db.url()).await).await;
    let models = models(&printed("prisma").await);
    assert!(models.len() >= 8, "{models:?}");
    for (table, fields) in models {
        let of_it = columns.iter().filter(|(name, ..)| *name == table);
        let of_it: Vec<_> = of_it
            .map(|(_, column, kind, is_null)| (column.clone(), kind.clone(), *is_null))
            .collect();
        assert_eq!(fields, of_it, "{table}");
    }
}
