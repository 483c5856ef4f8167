use std::time::Duration;

use moka::future::Cache;

pub struct Pages {
    cache: Cache<String, String>,
}

impl Pages {
    pub fn new() -> Self {
        Self { cache: Cache::builder().max_capacity(1_000).time_to_live(Duration::from_secs(30)).build() }
    }

    pub async fn get(&self, slug: &str) -> String {
        self.cache.get_with(slug.to_owned(), async { format!("<h1>{slug}</h1>") }).await
    }
}
