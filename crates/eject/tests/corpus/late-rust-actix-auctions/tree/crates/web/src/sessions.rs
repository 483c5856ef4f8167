use actix_session::{
    config::{PersistentSession, TtlExtensionPolicy},
    storage::RedisSessionStore,
    SessionMiddleware,
};
use actix_web::cookie::{time::Duration, Key, SameSite};

pub async fn store(url: &str) -> anyhow::Result<RedisSessionStore> {
    RedisSessionStore::builder(url)
        .cache_keygen(|id| format!("auctions:session:{id}"))
        .build()
        .await
        .map_err(|e| e.context("sessions"))
}

pub fn key(secret: &str) -> Key {
    Key::derive_from(secret.as_bytes())
}

pub fn middleware(store: RedisSessionStore, key: Key) -> SessionMiddleware<RedisSessionStore> {
    SessionMiddleware::builder(store, key)
        .cookie_name("hammer".into())
        .cookie_same_site(SameSite::Lax)
        .session_lifecycle(
            PersistentSession::default()
                .session_ttl(Duration::days(14))
                .session_ttl_extension_policy(TtlExtensionPolicy::OnEveryRequest),
        )
        .build()
}
