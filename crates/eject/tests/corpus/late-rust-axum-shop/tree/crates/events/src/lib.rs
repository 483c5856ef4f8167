//! Events of orders: on a stream for our own services, on RabbitMQ for the warehouse.

mod stream;
mod warehouse;

use serde::{Deserialize, Serialize};

pub use stream::{EventLog, EventReader};
pub use warehouse::Warehouse;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Placed { order: String, sku: String },
    Cancelled { order: String },
}
