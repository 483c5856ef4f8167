mod memory;
#[cfg(feature = "redis")]
mod redis;

pub use memory::MemoryBids;
#[cfg(feature = "redis")]
pub use self::redis::{connect, RedisBids};
