//! Who waits for jobs is told that there are some: here at once, elsewhere by a notification.
//!
//! A notification is a hint, and its queue is read now and then without one. It is sent beside the jobs
//! and not with them: NOTIFY takes a lock of the whole database at commit, which would have every send
//! wait for the disk on its own.

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use pgstead_store::{Chain, Db, Event, Subscription, tokio_postgres::types::Type};
use tokio::{
    sync::{Notify, futures::OwnedNotified},
    time::{sleep, timeout},
};
use tracing::debug;

use crate::QueueName;

pub(crate) const NOTIFY: &str = include_str!("../sql/notify.sql");

/// Where it is heard.
pub(crate) const CHANNEL: &str = "pgstead_queue";
/// How long notices are gathered after some were sent.
const GATHER: Duration = Duration::from_millis(5);
/// How often it is looked whether anybody is left to hear it.
const LOOK: Duration = Duration::from_secs(30);

/// Those who wait, and what is to be told elsewhere.
#[derive(Debug)]
pub(crate) struct Wakes {
    inside: Mutex<Inside>,
    /// There is something to tell.
    untold: Notify,
    /// Tells our own notifications from those of others.
    ours: Box<str>,
    closed: AtomicBool,
}

#[derive(Debug, Default)]
struct Inside {
    waiting: HashMap<QueueName, Arc<Notify>>,
    untold: HashSet<QueueName>,
}

impl Wakes {
    pub(crate) fn new() -> Self {
        let mut ours = [0; 8];
        getrandom::fill(&mut ours).expect("the system has randomness");
        Self {
            inside: Mutex::default(),
            untold: Notify::new(),
            ours: format!("{:016x}", u64::from_be_bytes(ours)).into(),
            closed: AtomicBool::new(false),
        }
    }

    /// There will be nothing to tell any more.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.untold.notify_one();
    }

    /// There is something to do in that queue.
    pub(crate) fn wake(&self, queue: &QueueName) {
        let mut inside = self.inside();
        if let Some(waiting) = inside.waiting.get(queue) {
            waiting.notify_waiters();
        }
        if inside.untold.insert(queue.clone()) {
            self.untold.notify_one();
        }
    }

    /// Ends when there is something to do in that queue, from now on.
    pub(crate) fn woken(&self, queue: &QueueName) -> OwnedNotified {
        let mut inside = self.inside();
        Arc::clone(inside.waiting.entry(queue.clone()).or_default()).notified_owned()
    }

    fn wake_here(&self, heard: Option<&str>) {
        let inside = self.inside();
        for (queue, waiting) in &inside.waiting {
            if heard.is_none_or(|heard| heard == queue.as_str()) {
                waiting.notify_waiters();
            }
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells other processes, until there is nobody left who could have anything to tell.
pub(crate) async fn tell(db: Db, wakes: Weak<Wakes>) {
    loop {
        let Some(here) = wakes.upgrade() else { return };
        let queues = mem::take(&mut here.inside().untold);
        if queues.is_empty() {
            if here.closed.load(Ordering::Acquire) {
                return;
            }
            here.untold.notified().await;
            continue;
        }
        let payloads: Vec<String> =
            queues.iter().map(|queue| format!("{queue} {}", here.ours)).collect();
        drop(here);
        let told = async {
            let parameters = [(&CHANNEL as _, Type::TEXT), (&payloads as _, Type::TEXT_ARRAY)];
            db.client().await?.query_typed(NOTIFY, &parameters).await?;
            Ok::<(), pgstead_store::Error>(())
        };
        if let Err(error) = told.await {
            debug!(error = %Chain(&error), "others will find the jobs when they look");
        }
        sleep(GATHER).await;
    }
}

/// Hears what other processes tell.
pub(crate) async fn hear(wakes: Weak<Wakes>, mut subscription: Subscription) {
    loop {
        let event = timeout(LOOK, subscription.next()).await;
        let Some(here) = wakes.upgrade() else { return };
        let Ok(event) = event else { continue };
        match event {
            Event::Resync => here.wake_here(None),
            Event::Notified(payload) => match payload.split_once(' ') {
                Some((_, from)) if from == &*here.ours => {}
                Some((queue, _)) => here.wake_here(Some(queue)),
                // From a person at psql, say.
                None => here.wake_here(Some(&payload)),
            },
        }
    }
}
