//! `pgstead tokens`, as a person and a script run it.

use std::fs;

use pgstead_it::{
    TestDb,
    cli::{Call, Called, pgstead},
};
use tempfile::TempDir;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn tokens(db: &TestDb, words: &[&str]) -> Call {
    let arguments = ["tokens", "--database-url", db.url()].into_iter();
    pgstead(arguments.chain(words.iter().copied()))
        .configured("[tokens]\nissuer = \"https://auth.test\"\n")
        .env("PGSTEAD_TOKENS_KEY_ENCRYPTION_KEY", KEY)
}

async fn json(db: &TestDb, arguments: &[&str]) -> serde_json::Value {
    let arguments = [&["--json"], arguments].concat();
    tokens(db, &arguments).run().await.json()
}

/// No secret in what people read when something goes wrong.
fn is_discreet(called: &Called, secrets: &[&str]) -> bool {
    secrets.iter().all(|secret| !called.stderr.contains(secret))
}

#[tokio::test]
async fn a_session_is_issued_refreshed_inspected_and_revoked() {
    let db = TestDb::new().await;
    let issue = ["issue", "ada", "--tenant", "acme", "--scope", "read,write", "--label", "laptop"];
    let issued = json(&db, &issue).await;
    let first = issued["refresh_token"].as_str().unwrap();
    let access = issued["access_token"].as_str().unwrap();
    assert_eq!(json(&db, &["inspect", access]).await["scope"], "read write");
    let refreshed = json(&db, &["refresh", first]).await;
    let second = refreshed["refresh_token"].as_str().unwrap();
    // At once again: the same successor.
    assert_eq!(json(&db, &["refresh", first]).await["refresh_token"], second);
    assert_eq!(json(&db, &["list", "ada"]).await["sessions"][0]["device"]["label"], "laptop");
    let kinds = json(&db, &["events", "--user", "ada"]).await["events"].as_array().unwrap().len();
    assert!(kinds >= 2, "{kinds}");
    assert_eq!(json(&db, &["revoke", "--user", "ada"]).await["revoked"], true);
    for arguments in [["refresh", second], ["inspect", access], ["revoke", second]] {
        let called = tokens(&db, &arguments).run().await;
        assert_eq!((called.status, called.stderr.as_str()), (1, ""), "{arguments:?}: {called:?}");
    }
    assert_eq!(json(&db, &["refresh", second]).await["error"], "revoked");
    assert_eq!(tokens(&db, &["refresh", "garbage"]).run().await.status, 1);
}

#[tokio::test]
async fn keys_are_listed_and_rotated() {
    let db = TestDb::new().await;
    let listed = json(&db, &["keys", "list"]).await;
    assert_eq!(listed["keys"].as_array().unwrap().len(), 4);
    assert!(!listed.to_string().contains("sealed"));
    let rotated = json(&db, &["keys", "rotate"]).await;
    let states = |state: &str| {
        let keys = rotated["keys"].as_array().unwrap().iter();
        keys.filter(|key| key["state"] == state).count()
    };
    assert_eq!([states("next"), states("current"), states("retired")], [2, 2, 2]);
    let published = json(&db, &["keys", "jwks"]).await;
    assert_eq!(published["keys"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn tokens_of_another_system_are_imported_all_or_none_of_a_file() {
    let db = TestDb::new().await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("tokens.jsonl");
    let path = file.to_str().unwrap();
    let good = r#"{"token":"legacy-secret","user":"ada","expires_at":"2100-01-01T00:00:00Z"}"#;
    fs::write(&file, format!("{good}\n\n{{\"token\":\"other-secret\",\"usr\":1}}\n")).unwrap();
    let called = tokens(&db, &["import", path]).run().await;
    assert_eq!(called.status, 2, "{called:?}");
    assert!(called.stderr.contains("tokens.jsonl:3: "), "{called:?}");
    assert!(is_discreet(&called, &["legacy-secret", "other-secret"]), "{called:?}");
    assert_eq!(json(&db, &["refresh", "legacy-secret"]).await["error"], "unknown");
    fs::write(&file, good.replace("2100-01-01T00:00:00Z", "soon")).unwrap();
    let called = tokens(&db, &["import", path]).run().await;
    let told = "tokens.jsonl:1: expires_at is \"soon\", and has to be like ";
    assert!(called.status == 2 && called.stderr.contains(told), "{called:?}");
    fs::write(&file, good).unwrap();
    assert_eq!(json(&db, &["import", path]).await["imported"], 1);
    assert_eq!(json(&db, &["import", path]).await["imported"], 0);
    assert!(json(&db, &["refresh", "legacy-secret"]).await["refresh_token"].is_string());
}

#[tokio::test]
async fn what_is_wrong_is_told_and_what_to_do() {
    let db = TestDb::new().await;
    assert_eq!(tokens(&db, &["issue", "ada"]).run().await.status, 0);
    let other = "ISECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let wrong = tokens(&db, &["keys", "list"]).env("PGSTEAD_TOKENS_KEY_ENCRYPTION_KEY", other);
    let without = pgstead(["tokens", "keys", "list", "--database-url", db.url()]);
    let typo = pgstead(["tokens", "keys", "list"]).configured("[tokens]\ngrce = \"1s\"\n");
    let short = tokens(&db, &["keys", "list"]).env("PGSTEAD_TOKENS_KEY_ENCRYPTION_KEY", "secret");
    let bounds = pgstead(["tokens", "keys", "list"]).configured("[tokens]\ngrace = \"1h\"\n");
    for (call, told) in [
        (wrong, "the key-encryption key does not open the key "),
        (without, "tokens need a key-encryption key"),
        (typo, "did you mean `grace`?"),
        (short, "a key-encryption key is 32 bytes in base64"),
        (bounds, "tokens.grace must be at most 5 minutes"),
        (tokens(&db, &["issue", ""]), "user must have 1 to 256 bytes"),
        (tokens(&db, &["list", ""]), "user must have 1 to 256 bytes"),
        (tokens(&db, &["revoke", "--user", ""]), "user must have 1 to 256 bytes"),
        (tokens(&db, &["revoke", "--tenant", ""]), "tenant must have 1 to 256 bytes"),
        (tokens(&db, &["events", "--since", "yesterday"]), "a time is like 90m or 2days"),
        (tokens(&db, &["issue", "ada", "--claims", "[]"]), "--claims is no JSON object"),
    ] {
        let called = call.run().await;
        assert_eq!(called.status, 2, "{called:?}");
        assert!(called.stderr.contains(told), "{told}: {called:?}");
        assert!(is_discreet(&called, &[KEY, other]), "{called:?}");
    }
}
