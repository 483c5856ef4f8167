mod catalogue;
mod rate_limit;
mod routes;
mod sessions;
mod settings;

use std::sync::Arc;

use actix_web::{middleware::Logger, web, App, HttpServer};
use anyhow::Context;
use apalis_redis::RedisStorage;
use auctions_store::{connect, BidStore, MemoryBids, RedisBids};
use sqlx::postgres::PgPoolOptions;

use crate::catalogue::Catalogue;
use crate::rate_limit::RateLimit;
use crate::settings::{Backend, Settings};

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::read().context("the settings")?;
    let pg = PgPoolOptions::new().max_connections(16).connect_lazy(&settings.database.url)?;
    let pool = connect(&settings.redis.url, settings.redis.pool_size)?;

    let bids: Arc<dyn BidStore> = match settings.bids.backend {
        Backend::Redis => Arc::new(RedisBids::new(pool.clone())),
        Backend::Memory => Arc::new(MemoryBids::default()),
    };
    let limit = RateLimit::new(pool.clone(), 30, 60);
    let client = redis::Client::open(settings.redis.url.as_str()).context("the address of Redis")?;
    let jobs = RedisStorage::<routes::lots::Close>::new(apalis_redis::connect(settings.redis.url.clone()).await?);
    let sessions = sessions::store(&settings.redis.url).await?;
    let key = sessions::key(&settings.http.secret);
    let catalogue = Catalogue::new(pg.clone());

    let bind = (settings.http.host.clone(), settings.http.port);
    HttpServer::new(move || {
        App::new()
            .wrap(sessions::middleware(sessions.clone(), key.clone()))
            .wrap(Logger::default())
            .app_data(web::Data::from(bids.clone()))
            .app_data(web::Data::new(limit.clone()))
            .app_data(web::Data::new(client.clone()))
            .app_data(web::Data::new(jobs.clone()))
            .app_data(web::Data::new(pool.clone()))
            .app_data(web::Data::new(catalogue.clone()))
            .configure(routes::configure)
    })
    .bind(bind)?
    .run()
    .await?;
    Ok(())
}
