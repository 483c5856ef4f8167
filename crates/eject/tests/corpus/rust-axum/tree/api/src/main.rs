mod cache;
mod limits;
mod text;

use std::sync::Arc;

use axum::{Router, routing::get};
use tower_sessions_redis_store::{RedisStore, fred::prelude::*};

use crate::{cache::Cache, limits::allow};

#[tokio::main]
async fn main() {
    let pool = deadpool_redis::Config::from_url(std::env::var("REDIS_URL").unwrap());
    let pool = pool.create_pool(Some(deadpool_redis::Runtime::Tokio1)).unwrap();
    let fred = Pool::new(Config::default(), None, None, None, 6).unwrap();
    let sessions = RedisStore::new(fred);
    let cache = Arc::new(Cache::new(pool.clone()));
    let app = Router::new().route("/", get(move || async move {
        if allow(&pool, "ip").await { cache.page("/").await } else { text::title("429") }
    }));
    let _ = (app, sessions);
}
