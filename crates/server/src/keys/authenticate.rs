//! Tells whose key it is, without asking the database.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use pgstead_store::{Chain, Db, Hub, Result, within};
use tokio::{
    sync::{Mutex, Notify},
    time::{Instant, sleep, sleep_until},
};
use tracing::warn;

use super::{Hash, Key, Secret, list};

/// The keys that are not revoked, in memory.
///
/// There are few, and each request has one. A revoked key is refused as soon as the notification of
/// it arrives, else within ten seconds. While PostgreSQL is away the keys stay as they were last seen,
/// so that the limits' outage rules have somebody to answer.
#[derive(Debug)]
pub struct Keyring {
    db: Db,
    keys: RwLock<Arc<HashMap<Hash, Arc<Key>>>>,
    /// When they were last read; held while they are.
    read_at: Mutex<Option<Instant>>,
    was_read: Notify,
}

/// The channel that keys are created and revoked on.
const CHANNEL: &str = "pgstead_keys";
/// How long a change may go unnoticed that no notification told of.
const POLL: Duration = Duration::from_secs(10);
/// How long reading them may take.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// A key that is not known has the keys read again, at most so often.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Keyring {
    /// Reads the keys.
    pub async fn load(db: &Db) -> Result<Self> {
        let keyring = Self {
            db: db.clone(),
            keys: RwLock::default(),
            read_at: Mutex::default(),
            was_read: Notify::new(),
        };
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
                warn!(error = %Chain(&error), "the API keys cannot be read");
            }
        }
    }

    /// Whose key it is; `None` if nobody's, or of one that was revoked.
    ///
    /// A key that is not known may have been created a moment ago, so it is answered for only when
    /// the keys have been read after it was asked about: at most a second later.
    pub async fn authenticate(&self, secret: &Secret) -> Option<Arc<Key>> {
        let hash = secret.hash();
        let asked_at = Instant::now();
        loop {
            if let Some(key) = self.find(&hash) {
                return Some(key);
            }
            let was_read = self.was_read.notified();
            let read_at = *self.read_at.lock().await;
            let again_at = read_at.map_or(asked_at, |at| at + LOOK_AGAIN);
            if read_at.is_some_and(|at| at >= asked_at) {
                return self.find(&hash);
            }
            if Instant::now() < again_at {
                tokio::select! {
                    () = was_read => {}
                    () = sleep_until(again_at) => {}
                }
            } else if self.read().await.is_err() {
                // `run` says why.
                return self.find(&hash);
            }
        }
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
        self.was_read.notify_waiters();
        Ok(())
    }
}
