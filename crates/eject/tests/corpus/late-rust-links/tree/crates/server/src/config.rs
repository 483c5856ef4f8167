use std::net::SocketAddr;

use clap::{Args, Parser, ValueEnum};

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    Memory,
    Redis,
}

#[derive(Debug, Parser)]
#[command(name = "links", version)]
pub struct Config {
    #[arg(long, env = "LISTEN", default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,

    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,

    #[arg(long, env = "LINK_STORE", value_enum, default_value = "redis")]
    pub store: Kind,

    #[command(flatten)]
    pub redis: RedisArgs,
}

#[derive(Debug, Args)]
pub struct RedisArgs {
    /// Address of the server.
    #[arg(long, env = "REDIS_URL", default_value = "redis://127.0.0.1:6379", hide_env_values = true)]
    pub redis_url: String,

    #[arg(long, env = "REDIS_POOL_SIZE", default_value_t = 6)]
    pub redis_pool_size: usize,
}
