use config::{Config, ConfigError, Environment, File};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    pub http: Http,
    pub database: Address,
    pub redis: Pooled,
    pub bids: Bids,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Http {
    pub host: String,
    pub port: u16,
    pub secret: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    pub url: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Pooled {
    pub url: String,
    pub pool_size: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Bids {
    pub backend: Backend,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    Redis,
    Memory,
}

impl Settings {
    pub fn read() -> Result<Self, ConfigError> {
        Config::builder()
            .add_source(File::with_name("config/default"))
            .add_source(File::with_name("config/local").required(false))
            .add_source(Environment::with_prefix("AUCTIONS").separator("__"))
            .build()?
            .try_deserialize()
    }
}
