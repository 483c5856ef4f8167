//! Where the bids are. The trait does not know whether it is Redis or memory that keeps them.

pub mod backend;
mod error;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use backend::MemoryBids;
#[cfg(feature = "redis")]
pub use backend::{connect, RedisBids};
pub use error::StoreError;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bid {
    pub auction: Uuid,
    pub bidder: Uuid,
    pub cents: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Placed {
    Leading { previous: Option<Uuid> },
    TooLow { leading_cents: u64 },
    Closed,
}

#[async_trait]
pub trait BidStore: Send + Sync {
    async fn open(&self, auction: Uuid, reserve_cents: u64, seconds: u64) -> Result<(), StoreError>;
    async fn place(&self, bid: &Bid) -> Result<Placed, StoreError>;
    async fn top(&self, auction: Uuid, count: isize) -> Result<Vec<(Uuid, u64)>, StoreError>;
    async fn forget(&self, auction: Uuid) -> Result<(), StoreError>;
}
