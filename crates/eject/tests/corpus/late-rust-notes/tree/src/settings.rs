use std::env::var;

pub struct Settings {
    pub listen: String,
    pub redis_url: String,
}

impl Settings {
    pub fn from_env() -> Self {
        Self {
            listen: var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned()),
            redis_url: var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1/".to_owned()),
        }
    }
}
