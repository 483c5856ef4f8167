//! What a server has at hand.

use std::sync::Arc;

use pgstead_limits::Limits;
use pgstead_store::{Db, Hub, Result, migrate::Line};

use crate::keys::Keyring;

/// What a server has at hand. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) limits: Arc<Limits>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) migrations: &'static [Line],
    hub: Hub,
}

impl App {
    /// Reads what it needs from the database, which has to have the migrations.
    pub async fn load(db: Db, limits: Arc<Limits>, migrations: &'static [Line]) -> Result<Self> {
        let keyring = Arc::new(Keyring::load(&db).await?);
        let hub = Hub::start(&db);
        Ok(Self { db, limits, keyring, migrations, hub })
    }

    /// What runs beside the requests, as long as they are served.
    pub(crate) async fn run(&self) {
        self.keyring.run(&self.hub).await;
    }
}
