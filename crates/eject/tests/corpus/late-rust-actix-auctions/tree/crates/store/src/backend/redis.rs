use async_trait::async_trait;
use deadpool_redis::{Config, Connection, Pool, PoolConfig, Runtime};
use redis::{AsyncCommands, Script};
use uuid::Uuid;

use crate::{Bid, BidStore, Placed, StoreError};

const PLACE: &str = include_str!("place_bid.lua");

/// A pool for the address; it is not asked whether anybody answers there.
pub fn connect(url: &str, size: usize) -> Result<Pool, StoreError> {
    let mut config = Config::from_url(url);
    config.pool = Some(PoolConfig::new(size));
    config.create_pool(Some(Runtime::Tokio1)).map_err(|e| StoreError::Unavailable(e.to_string()))
}

pub struct RedisBids {
    pool: Pool,
    place: Script,
}

impl RedisBids {
    pub fn new(pool: Pool) -> Self {
        Self { pool, place: Script::new(PLACE) }
    }

    async fn conn(&self) -> Result<Connection, StoreError> {
        self.pool.get().await.map_err(|e| StoreError::Unavailable(e.to_string()))
    }
}

fn bids(auction: Uuid) -> String {
    format!("auction:{{{auction}}}:bids")
}

fn lot(auction: Uuid) -> String {
    format!("auction:{{{auction}}}:lot")
}

#[async_trait]
impl BidStore for RedisBids {
    async fn open(&self, auction: Uuid, reserve_cents: u64, seconds: u64) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let key = lot(auction);
        let (created,): (bool,) = redis::pipe()
            .atomic()
            .hset_nx(&key, "reserve", reserve_cents)
            .expire(&key, seconds as i64)
            .ignore()
            .query_async(&mut conn)
            .await?;
        tracing_open(auction, created);
        Ok(())
    }

    async fn place(&self, bid: &Bid) -> Result<Placed, StoreError> {
        let mut conn = self.conn().await?;
        let (code, cents, previous): (i64, u64, Option<String>) = self
            .place
            .key(lot(bid.auction))
            .key(bids(bid.auction))
            .arg(bid.bidder.to_string())
            .arg(bid.cents)
            .invoke_async(&mut conn)
            .await?;
        Ok(match code {
            1 => Placed::Leading { previous: previous.and_then(|id| id.parse().ok()) },
            0 => Placed::TooLow { leading_cents: cents },
            _ => Placed::Closed,
        })
    }

    async fn top(&self, auction: Uuid, count: isize) -> Result<Vec<(Uuid, u64)>, StoreError> {
        let rows: Vec<(String, u64)> = self.conn().await?.zrevrange_withscores(bids(auction), 0, count - 1).await?;
        Ok(rows.into_iter().filter_map(|(id, cents)| Some((id.parse().ok()?, cents))).collect())
    }

    async fn forget(&self, auction: Uuid) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let removed: usize = conn.unlink(&[lot(auction), bids(auction)]).await?;
        debug_assert!(removed <= 2);
        Ok(())
    }
}

fn tracing_open(auction: Uuid, created: bool) {
    if !created {
        eprintln!("auction {auction} was open in Redis already");
    }
}
