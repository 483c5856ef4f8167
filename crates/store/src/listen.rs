//! One connection that listens, for everybody in the process.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use tokio::{
    sync::{broadcast, mpsc},
    time::{Instant, sleep},
};
use tokio_postgres::{AsyncMessage, Client, Notification};
use tracing::{debug, info, warn};

use crate::{
    error::{Chain, Error, Kind, Result},
    pool::{Db, Messages, log},
    time::within,
};

/// One connection that listens, for everybody in the process.
///
/// A notification is a hint: PostgreSQL does not keep them for a listener that is away, and a
/// transaction pooler drops them. So a subscriber reads the truth from a table at each
/// [`Event::Resync`], and now and then without one.
///
/// The connection is opened at the first subscription, opened again when it breaks, and closed
/// with the last of the hub's handles and subscriptions.
#[derive(Clone)]
pub struct Hub {
    channels: Channels,
    /// Full means that the listener has been poked already; closed, that there is none.
    poke: mpsc::Sender<()>,
    listening: Arc<AtomicBool>,
}

/// What a subscriber is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody notified the channel, with this payload.
    Notified(Arc<str>),
    /// Something may have been missed: listening began, began again, or the subscriber was too
    /// slow. What it knows has to be read anew.
    Resync,
}

/// A channel as one subscriber sees it.
pub struct Subscription {
    events: broadcast::Receiver<Event>,
    /// Keeps the listener there.
    _hub: Hub,
}

type Channels = Arc<Mutex<HashMap<&'static str, Channel>>>;

struct Channel {
    events: broadcast::Sender<Event>,
    /// Somebody subscribed since the listener looked.
    fresh: bool,
}

/// How many notifications a slow subscriber may be behind before it is told to resync.
const BACKLOG: usize = 1024;
/// How long the connection may be silent before it is asked for a sign of life.
const SILENCE: Duration = Duration::from_secs(30);
/// How long that sign may take.
const SIGN: Duration = Duration::from_secs(5);
/// The pause before the connection is opened again, doubled up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

impl Hub {
    /// Starts the listener's task. Where nothing would arrive ([`Db::listens`]) none is started,
    /// and subscriptions stay silent.
    #[must_use]
    pub fn start(db: &Db) -> Self {
        let (poke, pokes) = mpsc::channel(1);
        let (channels, listening) = (Channels::default(), Arc::<AtomicBool>::default());
        if db.listens() {
            let listener = Listener {
                db: db.clone(),
                channels: Arc::clone(&channels),
                pokes,
                listening: Arc::clone(&listening),
            };
            tokio::spawn(listener.run());
        } else {
            info!("behind a transaction pooler without a direct URL: polling, not listening");
        }
        Self { channels, poke, listening }
    }

    /// Whether there is a connection that listens now, as far as is known: one that has gone silent
    /// is found out within a minute.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    /// Hears what `channel` is notified of, a [`Event::Resync`] first.
    #[must_use]
    pub fn subscribe(&self, channel: &'static str) -> Subscription {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let channel = channels
            .entry(channel)
            .or_insert_with(|| Channel { events: broadcast::channel(BACKLOG).0, fresh: true });
        channel.fresh = true;
        let events = channel.events.subscribe();
        // Poked already, or not listening: both are as they should be.
        let _ = self.poke.try_send(());
        Subscription { events, _hub: self.clone() }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("listens", &!self.poke.is_closed()).finish_non_exhaustive()
    }
}

impl Subscription {
    /// The next event. Pending for ever where nothing can arrive.
    pub async fn next(&mut self) -> Event {
        match self.events.recv().await {
            Ok(event) => event,
            Err(broadcast::error::RecvError::Lagged(_)) => Event::Resync,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

struct Listener {
    db: Db,
    channels: Channels,
    pokes: mpsc::Receiver<()>,
    listening: Arc<AtomicBool>,
}

impl Listener {
    async fn run(mut self) {
        // Nobody subscribed: no connection.
        let mut wanted = self.pokes.recv().await;
        let mut pause = PAUSE.0;
        while wanted.is_some() {
            let began = Instant::now();
            let ended = self.listen().await;
            self.listening.store(false, Ordering::Release);
            match ended {
                Ok(()) => return,
                Err(error) => {
                    warn!(error = %Chain(&error), "the listener lost PostgreSQL");
                }
            }
            pause = if began.elapsed() > SILENCE { PAUSE.0 } else { (pause * 2).min(PAUSE.1) };
            wanted = tokio::select! {
                // A poke is looked at as soon as there is a connection again.
                () = sleep(pause) => Some(()),
                None = self.pokes.recv() => None,
            };
        }
    }

    /// Listens until the last handle is gone (`Ok`) or the connection is (`Err`).
    async fn listen(&mut self) -> Result<()> {
        let (client, messages) = self.db.direct().await?;
        let mut notifications = forward(messages);
        let mut listening = HashSet::new();
        // After a reconnection everybody may have missed something.
        self.mark_all_fresh();
        self.listen_to_fresh(&client, &mut listening).await?;
        debug!(channels = ?listening, "listening");
        self.listening.store(true, Ordering::Release);
        loop {
            tokio::select! {
                poked = self.pokes.recv() => match poked {
                    Some(()) => self.listen_to_fresh(&client, &mut listening).await?,
                    None => return Ok(()),
                },
                notification = notifications.recv() => match notification {
                    Some(notification) => self.tell(&notification),
                    None => return Err(Error::new(Kind::ListenerLost)),
                },
                () = sleep(SILENCE) => sign_of_life(&client).await?,
            }
        }
    }

    fn mark_all_fresh(&self) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.values_mut().for_each(|channel| channel.fresh = true);
    }

    async fn listen_to_fresh(
        &self,
        client: &Client,
        listening: &mut HashSet<&'static str>,
    ) -> Result<()> {
        let fresh: Vec<(&'static str, broadcast::Sender<Event>)> = {
            let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = channels.iter_mut().filter(|(_, channel)| channel.fresh);
            fresh
                .map(|(name, channel)| {
                    channel.fresh = false;
                    (*name, channel.events.clone())
                })
                .collect()
        };
        for (channel, events) in fresh {
            if listening.insert(channel) {
                client.batch_execute(&format!("listen \"{channel}\"")).await?;
            }
            // Without a receiver there is nobody to tell.
            let _ = events.send(Event::Resync);
        }
        Ok(())
    }

    fn tell(&self, notification: &Notification) {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(notification.channel()) {
            let _ = channel.events.send(Event::Notified(notification.payload().into()));
        }
    }
}

/// A half-open connection says nothing and never will.
async fn sign_of_life(client: &Client) -> Result<()> {
    within(SIGN, async { Ok(client.batch_execute("").await?) }).await
}

/// Drives the connection until it ends or nobody wants its notifications any more.
fn forward(mut messages: Messages) -> mpsc::UnboundedReceiver<Notification> {
    let (send, receive) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(notification)) => {
                    if send.send(notification).is_err() {
                        return;
                    }
                }
                other => log(other),
            }
        }
    });
    receive
}
