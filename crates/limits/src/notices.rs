//! What a process tells the others: which keys may be granted again, and that policies changed.
//!
//! A notice is a hint and may be lost; what it would have told is known after a while without it.
//! NOTIFY takes a lock of the whole database at commit, so that notices are gathered, and sent
//! every ten milliseconds at most.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use pgstead_store::{Chain, Db, Error, tokio_postgres::types::Type};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{sleep, timeout},
};
use tracing::debug;

use crate::lanes::Key;

pub(crate) const NOTIFY: &str = include_str!("../sql/notify.sql");

/// Where they are heard.
pub(crate) const CHANNEL: &str = "pgstead_limits";
/// How long notices are gathered after one was sent.
const GATHER: Duration = Duration::from_millis(10);
/// How long who leaves waits for what he has to tell.
const FLUSH: Duration = Duration::from_secs(5);
/// So many keys fit into the 8000 bytes of a notification.
const MOST_KEYS: usize = 300;
/// Notices that wait to be sent. With one more, all keys are meant.
const MOST_WAITING: usize = 4096;

/// What is told.
#[derive(Debug)]
pub(crate) enum Notice {
    /// The key has been given something back.
    More(Key),
    /// The key was reset or blocked: what was leased of it is void.
    Anew(Key),
    /// The stored policies have changed.
    Policies,
    /// Tell me when all that was told before has been sent.
    Flush(oneshot::Sender<()>),
}

/// What was heard.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    More(Vec<Key>),
    Anew(Vec<Key>),
    /// Any key, of either.
    AllMore,
    AllAnew,
    Policies,
}

/// Where notices are put.
#[derive(Debug)]
pub(crate) struct Notices {
    sender: mpsc::Sender<Notice>,
    /// There were too many.
    overflowed: Arc<AtomicBool>,
}

/// Where they arrive.
pub(crate) struct Waiting {
    receiver: mpsc::Receiver<Notice>,
    overflowed: Arc<AtomicBool>,
}

impl Notices {
    pub(crate) fn new() -> (Self, Waiting) {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let overflowed = Arc::<AtomicBool>::default();
        (Self { sender, overflowed: Arc::clone(&overflowed) }, Waiting { receiver, overflowed })
    }

    /// Has it told soon.
    pub(crate) fn send(&self, notice: Notice) {
        if let Err(TrySendError::Full(_)) = self.sender.try_send(notice) {
            self.overflowed.store(true, Ordering::Release);
        }
    }

    /// Waits until all that was put here has been sent, or could not be, or for a while.
    pub(crate) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        let flushed = async {
            if self.sender.send(Notice::Flush(done)).await.is_ok() {
                // It ends without a word when the sender does.
                let _ = is_done.await;
            }
        };
        if timeout(FLUSH, flushed).await.is_err() {
            debug!("notices were not sent in time: others will know in a while");
        }
    }
}

/// Sends what is put there, until nobody can put anything there any more.
pub(crate) async fn send_all(db: Db, mut waiting: Waiting) {
    let mut notices = Vec::new();
    while waiting.receiver.recv_many(&mut notices, MOST_WAITING).await > 0 {
        let (mut more, mut anew, mut flushed) = (Vec::new(), Vec::new(), Vec::new());
        let mut policies = false;
        for notice in notices.drain(..) {
            match notice {
                Notice::More(key) => more.push(key),
                Notice::Anew(key) => anew.push(key),
                Notice::Policies => policies = true,
                Notice::Flush(done) => flushed.push(done),
            }
        }
        if policies {
            send(&db, Heard::Policies).await;
        }
        if waiting.overflowed.swap(false, Ordering::AcqRel) {
            send(&db, Heard::AllAnew).await;
            (more, anew) = (Vec::new(), Vec::new());
        }
        anew.sort_unstable();
        anew.dedup();
        for some in anew.chunks(MOST_KEYS) {
            send(&db, Heard::Anew(some.to_vec())).await;
        }
        more.sort_unstable();
        more.dedup();
        match more.len() {
            0 => {}
            1..=MOST_KEYS => send(&db, Heard::More(more)).await,
            _ => send(&db, Heard::AllMore).await,
        }
        let at_once = !flushed.is_empty();
        // Who does not wait any more does not hear it.
        for done in flushed {
            let _ = done.send(());
        }
        if !at_once {
            sleep(GATHER).await;
        }
    }
}

async fn send(db: &Db, heard: Heard) {
    let payload = heard.to_payload();
    let sent = async {
        let parameters = [(&CHANNEL as _, Type::TEXT), (&payload as _, Type::TEXT)];
        db.client().await?.query_typed(NOTIFY, &parameters).await?;
        Ok::<(), Error>(())
    };
    if let Err(error) = sent.await {
        debug!(error = %Chain(&error), "a notice was not sent: others will know in a while");
    }
}

impl Heard {
    fn to_payload(&self) -> String {
        let listed = |word: &str, keys: &[Key]| {
            let keys: Vec<String> = keys.iter().map(|key| base62::encode(key.0)).collect();
            format!("{word}:{}", keys.join(","))
        };
        match self {
            Self::Policies => "policies".to_owned(),
            Self::AllMore => "more".to_owned(),
            Self::AllAnew => "anew".to_owned(),
            Self::More(keys) => listed("more", keys),
            Self::Anew(keys) => listed("anew", keys),
        }
    }

    /// What a payload says; one of a newer pgstead that says something else is no news here.
    pub(crate) fn read(payload: &str) -> Option<Self> {
        let keys = |keys: &str| -> Option<Vec<Key>> {
            keys.split(',').map(|key| base62::decode(key).ok().map(Key)).collect()
        };
        match payload.split_once(':') {
            None if payload == "policies" => Some(Self::Policies),
            None if payload == "more" => Some(Self::AllMore),
            None if payload == "anew" => Some(Self::AllAnew),
            Some(("more", listed)) => Some(keys(listed).map_or(Self::AllMore, Self::More)),
            Some(("anew", listed)) => Some(keys(listed).map_or(Self::AllAnew, Self::Anew)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_is_heard() {
        let most = Heard::Anew(vec![Key(u128::MAX); MOST_KEYS]);
        assert!(most.to_payload().len() < 8000);
        let others = [Heard::More(vec![Key(0)]), Heard::AllMore, Heard::AllAnew, Heard::Policies];
        for heard in others.into_iter().chain([most]) {
            assert_eq!(Heard::read(&heard.to_payload()), Some(heard));
        }
        assert_eq!(Heard::read("more:!"), Some(Heard::AllMore));
        assert_eq!(Heard::read("something new"), None);
    }
}
