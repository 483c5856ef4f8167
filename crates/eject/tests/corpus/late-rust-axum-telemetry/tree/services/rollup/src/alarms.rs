//! Alarms of the old controllers come by a stream.

use std::collections::HashMap;

use fred::clients::RedisClient;
use fred::prelude::*;
use fred::types::{Builder, ReconnectPolicy, XReadResponse};

type Entry = XReadResponse<String, String, String, String>;

pub async fn tail(url: String) -> Result<(), RedisError> {
    let client: RedisClient = Builder::from_config(RedisConfig::from_url(&url)?)
        .set_policy(ReconnectPolicy::new_exponential(0, 100, 30_000, 2))
        .build()?;
    client.init().await?;
    let _: Result<(), _> = client.xgroup_create("alarms", "rollup", "$", true).await;
    loop {
        let entries: Entry = client.xreadgroup_map("rollup", "rollup-1", Some(50), Some(5_000), false, "alarms", ">").await?;
        for (id, fields) in entries.get("alarms").into_iter().flatten() {
            note(fields);
            client.xack::<i64, _, _, _>("alarms", "rollup", id.as_str()).await?;
        }
    }
}

fn note(fields: &HashMap<String, String>) {
    tracing::info!(turbine = ?fields.get("turbine"), code = ?fields.get("code"), "alarm");
}
