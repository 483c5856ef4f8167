// Was taken out of main.rs with 0.8: the pages are cached by the CDN.
use redis::{aio::ConnectionManager, AsyncCommands};

pub struct PageCache {
    manager: ConnectionManager,
}

impl PageCache {
    pub async fn page(&mut self, path: &str) -> Option<String> {
        self.manager.get(format!("cache:page:{path}")).await.ok()
    }

    pub async fn keep(&mut self, path: &str, html: &str) {
        let _: Result<(), _> = self.manager.set_ex(format!("cache:page:{path}"), html, 30).await;
    }
}
