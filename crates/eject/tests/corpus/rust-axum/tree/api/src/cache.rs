use deadpool_redis::{Pool, redis::AsyncCommands as _};

use crate::text::title;

pub struct Cache {
    pool: Pool,
}

impl Cache {
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    pub async fn page(&self, path: &str) -> String {
        let mut connection = self.pool.get().await.unwrap();
        let cached: Option<String> = connection.get(format!("cache:page:{path}")).await.unwrap();
        match cached {
            Some(page) => page,
            None => {
                let page = title(path);
                let _: () = connection.set_ex(format!("cache:page:{path}"), &page, 60).await.unwrap();
                page
            }
        }
    }
}
