use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use tokio::{sync::RwLock, time::Instant};
use uuid::Uuid;

use crate::{Bid, BidStore, Placed, StoreError};

struct Lot {
    reserve: u64,
    ends: Instant,
    bids: BTreeMap<u64, Uuid>,
}

/// The same as on Redis (`ZADD`, `ZREVRANGE`), for one process and for tests.
#[derive(Default)]
pub struct MemoryBids {
    client: RwLock<HashMap<Uuid, Lot>>,
}

#[async_trait]
impl BidStore for MemoryBids {
    async fn open(&self, auction: Uuid, reserve_cents: u64, seconds: u64) -> Result<(), StoreError> {
        let ends = Instant::now() + std::time::Duration::from_secs(seconds);
        let mut conn = self.client.write().await;
        conn.entry(auction).or_insert(Lot { reserve: reserve_cents, ends, bids: BTreeMap::new() });
        Ok(())
    }

    async fn place(&self, bid: &Bid) -> Result<Placed, StoreError> {
        let mut conn = self.client.write().await;
        let Some(lot) = conn.get_mut(&bid.auction).filter(|lot| lot.ends > Instant::now()) else {
            return Ok(Placed::Closed);
        };
        let leading = lot.bids.last_key_value().map(|(cents, bidder)| (*cents, *bidder));
        let floor = leading.map_or(lot.reserve, |(cents, _)| cents + 1);
        if bid.cents < floor {
            return Ok(Placed::TooLow { leading_cents: floor });
        }
        lot.bids.insert(bid.cents, bid.bidder);
        Ok(Placed::Leading { previous: leading.map(|(_, bidder)| bidder) })
    }

    async fn top(&self, auction: Uuid, count: isize) -> Result<Vec<(Uuid, u64)>, StoreError> {
        let conn = self.client.read().await;
        Ok(conn
            .get(&auction)
            .map(|lot| lot.bids.iter().rev().take(count as usize).map(|(c, b)| (*b, *c)).collect())
            .unwrap_or_default())
    }

    async fn forget(&self, auction: Uuid) -> Result<(), StoreError> {
        self.client.write().await.remove(&auction);
        Ok(())
    }
}
