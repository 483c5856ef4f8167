use figment::{providers::{Env, Format, Toml}, Figment};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Config {
    pub listen: String,
    pub database_url: String,
    pub redis: deadpool_redis::Config,
    pub cache_url: Option<String>,
    pub sessions: Sessions,
}

#[derive(Deserialize)]
pub struct Sessions {
    pub redis_url: String,
    pub idle_minutes: i64,
}

impl Config {
    pub fn load() -> Result<Self, figment::Error> {
        Figment::new()
            .merge(Toml::file("config/default.toml"))
            .merge(Toml::file("/etc/shop/shop.toml"))
            .merge(Env::prefixed("SHOP_").split("__"))
            .extract()
    }
}
