use axum::extract::FromRef;
use redis::aio::ConnectionManager;

use crate::local::Titles;
use crate::{drafts::Drafts, feed::Feed};

#[derive(Clone)]
pub struct AppState {
    pub redis: ConnectionManager,
    pub feed: Feed,
    pub drafts: Drafts,
    pub titles: Titles,
}

impl FromRef<AppState> for ConnectionManager {
    fn from_ref(state: &AppState) -> Self {
        state.redis.clone()
    }
}

impl FromRef<AppState> for Feed {
    fn from_ref(state: &AppState) -> Self {
        state.feed.clone()
    }
}

impl FromRef<AppState> for Drafts {
    fn from_ref(state: &AppState) -> Self {
        state.drafts.clone()
    }
}
