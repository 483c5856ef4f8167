use std::env;

use config::{Config, Environment, File};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
pub struct Redis {
    pub url: String,
    #[serde(default = "eight")]
    pub pool: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    pub per_second: u32,
    pub burst: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Nats {
    pub url: String,
    pub subject: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    pub hours: i64,
    pub cookie: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    pub listen: String,
    pub redis: Redis,
    pub session: Session,
    pub nats: Nats,
    pub limits: Limits,
}

fn eight() -> usize {
    8
}

impl Settings {
    pub fn load() -> anyhow::Result<Self> {
        let name = env::var("GALE_ENV").unwrap_or_else(|_| "default".into());
        let mut builder = Config::builder()
            .add_source(File::with_name("config/default"))
            .add_source(File::with_name(&format!("config/{name}")).required(false))
            .add_source(Environment::with_prefix("GALE").separator("__"));
        // the secret of ElastiCache is mounted apart from the address
        if let Ok(url) = env::var("REDIS_TLS_URL") {
            builder = builder.set_override("redis.url", url)?;
        }
        Ok(builder.build()?.try_deserialize()?)
    }
}
