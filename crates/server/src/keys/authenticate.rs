//! Tells whose key it is, without asking the database.

use std::{
    collections::HashMap,
    error,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use pgstead_store::{Db, Hub, Result, within};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};
use tracing::warn;

use super::{Hash, Key, Secret, list};

/// The keys that are not revoked, in memory.
///
/// There are few, and each request has one. A revoked key is refused as soon as the notification of
/// it arrives, else within [`POLL`]. While PostgreSQL is away the keys stay as they were last seen,
/// so that the limits' outage rules have somebody to answer.
#[derive(Debug)]
pub struct Keyring {
    db: Db,
    keys: RwLock<Arc<HashMap<Hash, Arc<Key>>>>,
    /// When they were last read; held while they are.
    read_at: Mutex<Option<Instant>>,
}

/// The channel that keys are created and revoked on.
const CHANNEL: &str = "pgstead_keys";
/// How long a change may go unnoticed that no notification told of.
const POLL: Duration = Duration::from_secs(10);
/// How long reading them may take.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// An unknown key may have been created a moment ago: it has the keys read again, at most so often.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Keyring {
    /// Reads the keys.
    pub async fn load(db: &Db) -> Result<Self> {
        let keyring = Self { db: db.clone(), keys: RwLock::default(), read_at: Mutex::default() };
        keyring.read().await?;
        Ok(keyring)
    }

    /// Keeps them up to date until it is dropped.
    pub async fn run(&self, hub: &Hub) {
        let mut changes = hub.subscribe(CHANNEL);
        loop {
            tokio::select! {
                _changed = changes.next() => {}
                () = sleep(POLL) => {}
            }
            if let Err(error) = self.read().await {
                warn!(error = &error as &dyn error::Error, "the API keys cannot be read");
            }
        }
    }

    /// Whose key it is; `None` if nobody's, or of one that was revoked.
    pub async fn authenticate(&self, secret: &Secret) -> Option<Arc<Key>> {
        let hash = secret.hash();
        if let Some(key) = self.find(&hash) {
            return Some(key);
        }
        let read_at = self.read_at.lock().await;
        if read_at.is_none_or(|at| at.elapsed() >= LOOK_AGAIN) {
            drop(read_at);
            // If it fails, `run` says so.
            let _ = self.read().await;
        } else {
            // Whoever held the lock may have just read it.
            drop(read_at);
        }
        self.find(&hash)
    }

    fn find(&self, hash: &Hash) -> Option<Arc<Key>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    async fn read(&self) -> Result<()> {
        let mut read_at = self.read_at.lock().await;
        // What is read now is at least as new as this.
        *read_at = Some(Instant::now());
        let keys = within(READ_WITHIN, async {
            let client = self.db.client().await?;
            list::with_hashes(&client).await
        })
        .await?;
        let live = keys.into_iter().filter(|(_, key)| key.revoked_at.is_none());
        let live = live.map(|(hash, key)| (hash, Arc::new(key))).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
        Ok(())
    }
}
