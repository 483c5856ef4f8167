use anyhow::Result;
use lapin::{options::BasicPublishOptions, BasicProperties, Channel, Connection, ConnectionProperties};

use crate::Event;

pub struct Warehouse(Channel);

impl Warehouse {
    pub async fn connect(url: &str) -> Result<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default()).await?;
        Ok(Self(connection.create_channel().await?))
    }

    pub async fn publish(&self, event: &Event) -> Result<()> {
        let body = serde_json::to_vec(event)?;
        self.0.basic_publish("", "warehouse", BasicPublishOptions::default(), &body, BasicProperties::default()).await?;
        Ok(())
    }
}
