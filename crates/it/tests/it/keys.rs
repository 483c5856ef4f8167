//! API keys.

use std::{sync::Arc, time::Duration};

use pgstead_it::{TestDb, eventually};
use pgstead_server::keys::{self, Keyring, Scope, Secret};
use pgstead_store::Hub;

#[tokio::test]
async fn a_key_works_until_it_is_revoked_in_every_process() {
    let db = TestDb::new().await;
    let client = db.client().await;
    let keyring = Arc::new(Keyring::load(db.db()).await.unwrap());
    let hub = Hub::start(db.db());
    let running = tokio::spawn({
        let (keyring, hub) = (Arc::clone(&keyring), hub.clone());
        async move { keyring.run(&hub).await }
    });
    let (id, secret) = keys::create(&client, "for a test", &[Scope::Limits]).await.unwrap();
    let key = keyring.authenticate(&secret).await.expect("a new key works at once");
    assert!(key.permits(Scope::Limits) && !key.permits(Scope::Admin));
    assert_eq!((key.id.as_str(), key.name.as_str()), (id.as_str(), "for a test"));
    assert!(keys::revoke(&client, &id).await.unwrap());
    assert!(!keys::revoke(&client, &id).await.unwrap(), "it is revoked already");
    eventually("the key is refused", Duration::from_secs(5), async || {
        keyring.authenticate(&secret).await.is_none()
    })
    .await;
    running.abort();
}

#[tokio::test]
async fn only_its_hash_is_stored() {
    let db = TestDb::new().await;
    let client = db.client().await;
    let (_, secret) = keys::create(&client, "x", &[Scope::Admin]).await.unwrap();
    let row = client
        .query_typed_one("select string_agg(k::text, '') from pgstead.server_keys as k", &[])
        .await
        .unwrap();
    let stored: String = row.get(0);
    assert!(!stored.contains(&secret.reveal()[8..]), "{stored}");
}

#[tokio::test]
async fn the_first_key_is_created_once() {
    let db = TestDb::new().await;
    let client = db.client().await;
    let first = keys::create_first(&client).await.unwrap();
    assert!(first.is_some());
    assert!(keys::create_first(&client).await.unwrap().is_none());
    assert!(keys::revoke(&client, "first").await.unwrap());
    assert!(keys::create_first(&client).await.unwrap().is_none(), "not even when it is revoked");
    assert_eq!(keys::list(&client).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_key_is_refused_without_the_database() {
    assert!(Secret::parse("pgs_key_0000000000000000000000000000").is_none());
    assert!(Secret::parse("").is_none());
}
