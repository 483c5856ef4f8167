use std::sync::Arc;

use gale_store::Latest;
use redis::aio::ConnectionManager;

use crate::jobs::Alarms;

#[derive(Clone)]
pub struct AppState {
    pub latest: Arc<dyn Latest>,
    pub redis: ConnectionManager,
    pub alarms: Alarms,
}
