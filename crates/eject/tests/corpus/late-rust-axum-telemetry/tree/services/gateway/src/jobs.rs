use apalis::prelude::*;
use apalis_redis::{Config, RedisStorage};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alarm {
    pub turbine: String,
    pub code: u16,
}

pub type Alarms = RedisStorage<Alarm>;

pub async fn storage(url: &str) -> anyhow::Result<Alarms> {
    let conn = apalis_redis::connect(url).await?;
    Ok(RedisStorage::new_with_config(conn, Config::default().set_namespace("gale::alarms")))
}

pub async fn raise(alarms: &mut Alarms, alarm: Alarm) -> anyhow::Result<()> {
    alarms.push(alarm).await?;
    Ok(())
}

pub async fn waiting(alarms: &mut Alarms) -> anyhow::Result<i64> {
    Ok(alarms.len().await?)
}
