use std::time::Duration;

use moka::future::Cache;
use sqlx::PgPool;
use uuid::Uuid;

#[derive(Clone, Debug, serde::Serialize, sqlx::FromRow)]
pub struct Lot {
    pub id: Uuid,
    pub title: String,
    pub reserve_cents: i64,
    pub redis_key: Option<String>,
}

#[derive(Clone)]
pub struct Catalogue {
    pg: PgPool,
    cache: Cache<Uuid, Lot>,
}

impl Catalogue {
    pub fn new(pg: PgPool) -> Self {
        let cache = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(30)).build();
        Self { pg, cache }
    }

    pub async fn lot(&self, id: Uuid) -> sqlx::Result<Option<Lot>> {
        if let Some(lot) = self.cache.get(&id).await {
            return Ok(Some(lot));
        }
        let lot: Option<Lot> = sqlx::query_as("SELECT id, title, reserve_cents, redis_key FROM lots WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pg)
            .await?;
        if let Some(lot) = &lot {
            self.cache.insert(id, lot.clone()).await;
        }
        Ok(lot)
    }

    /// Commission is redistributed among the sellers of a shared lot.
    pub fn redistribute(cents: u64, shares: &[u64]) -> Vec<u64> {
        let total: u64 = shares.iter().sum::<u64>().max(1);
        shares.iter().map(|share| cents * share / total).collect()
    }
}
