//! What a server has at hand.

use std::sync::Arc;

use pgstead_limits::Limits;
use pgstead_store::{
    Db, Result,
    migrate::{Line, verify},
};

use crate::{idempotency, keys::Keyring};

/// What a server has at hand. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) limits: Arc<Limits>,
    pub(crate) keyring: Arc<Keyring>,
}

impl App {
    /// Reads what it needs from the database, once it has seen that this has the migrations.
    pub async fn load(db: Db, limits: Arc<Limits>, migrations: &[Line]) -> Result<Self> {
        verify(&db, migrations).await?;
        // From the first request on the stored policies count.
        limits.reload_policies().await?;
        let keyring = Arc::new(Keyring::load(&db).await?);
        Ok(Self { db, limits, keyring })
    }

    /// What runs beside the requests, as long as they are served.
    pub(crate) async fn run(&self) {
        tokio::join!(self.keyring.run(self.limits.hub()), idempotency::sweep(&self.db));
    }
}
