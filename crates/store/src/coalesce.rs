//! Concurrent calls, merged into one statement.
//!
//! A call hands its [`Work::Ask`] to a lane and waits. The lane, a task with a session of its own,
//! takes everything that waits, sorts it by row and runs ONE statement for all of it; while that
//! runs, the next callers gather. There is no timer: a lone call costs one round trip, and under
//! load one statement, and one fsync, is shared by hundreds of calls.
//!
//! - **Order.** Asks of a flush are sorted by row and, within a row, by arrival. Every process
//!   locks rows in that one order, so no two of them wait for each other in a circle.
//! - **Lanes.** A row's hash chooses its lane, so a process does not fight itself for a row. One
//!   lane is used as long as it keeps up; more are opened when a flush grows past
//!   [`SPREAD_AT`] asks and closed to new asks when flushes are small again.
//! - **Back-pressure.** A lane's queue is bounded. When it is full, calls wait to get in.
//! - **Patience.** Every call says how long it will wait, and is answered by then, come what may.
//!   What its statement did or will do is then not known.
//! - **Cancellation.** A caller that goes away takes its ask with it as long as that has not been
//!   sent; it never takes the others'.
//! - **Failure.** A failed flush answers everybody in it with the same error and costs the lane
//!   its session. The lane opens another for the next ask; while PostgreSQL cannot be reached it
//!   tries at most once per pause (50 ms, doubled up to 1 s) and answers at once in between.

mod lane;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{Instant, timeout_at},
};

use crate::{
    error::{Error, Kind, Result},
    session::Wait,
};
use lane::{Caller, Entry, Lane};

/// What lanes do with what callers ask.
pub trait Work: Send + Sync + 'static {
    /// What a caller asks.
    type Ask: Send + Sync + 'static;
    /// What it is told.
    type Answer: Send + 'static;
    /// What a lane keeps from flush to flush: as a rule [`Session`](crate::Session).
    type Session: Send;

    /// The row that the ask touches. Asks of one row share a lane and stand together in a flush.
    fn row(&self, ask: &Self::Ask) -> u128;

    /// Opens a lane's session.
    fn open(&self) -> impl Future<Output = Result<Self::Session>> + Send;

    /// Does what is asked, and answers each ask, in their order.
    ///
    /// The asks are sorted by [`row`](Self::row) and within a row by arrival. `wait` says whether
    /// there is enough to spare to look out for the answer. It may be dropped before it ends; the
    /// session is dropped with it then.
    fn flush(
        &self,
        session: &mut Self::Session,
        asks: &[Self::Ask],
        wait: Wait,
    ) -> impl Future<Output = Result<Vec<Self::Answer>>> + Send;

    /// Ends when the session has been lost while nothing was asked of it.
    fn lost(&self, session: &mut Self::Session) -> impl Future<Output = ()> + Send;
}

/// How many lanes there are, and their bounds.
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    /// The most lanes, each with a connection of its own once it is used. 1 to 64. Default: 2.
    pub count: usize,
    /// The most asks of one flush. At least 1. Default: 1000.
    pub batch: usize,
    /// The most asks that wait in one lane, beside those of its flush. At least 1.
    /// Default: 8192.
    pub queue: usize,
    /// When a flush is given up and its session with it. Default: 10 s.
    pub give_up: Duration,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { count: 2, batch: 1000, queue: 8192, give_up: Duration::from_secs(10) }
    }
}

/// A flush with as many asks brings another lane into use.
pub const SPREAD_AT: usize = 24;

/// The lanes of one kind of work.
///
/// Dropping it lets the lanes answer what has been asked and then end.
pub struct Coalescer<W: Work> {
    work: Arc<W>,
    lanes: Vec<mpsc::Sender<Entry<W>>>,
    in_use: Arc<AtomicUsize>,
}

impl<W: Work> Coalescer<W> {
    /// Starts the lanes' tasks in the current runtime. They connect when they are first needed.
    #[must_use]
    pub fn start(work: W, lanes: Lanes) -> Self {
        let work = Arc::new(work);
        let in_use = Arc::new(AtomicUsize::new(1));
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let lane = |index| {
            let (sender, inbox) = mpsc::channel(lanes.queue.max(1));
            let (work, in_use) = (Arc::clone(&work), Arc::clone(&in_use));
            tokio::spawn(Lane::new(work, lanes, index, in_use, inbox, processors).run());
            sender
        };
        let senders = (0..lanes.count.clamp(1, 64)).map(lane).collect();
        Self { work, lanes: senders, in_use }
    }

    /// Has `ask` done in the next flush of its lane, and answers within `patience`.
    pub async fn ask(&self, ask: W::Ask, patience: Duration) -> Result<W::Answer> {
        let deadline = Instant::now() + patience;
        let (answer, answered) = oneshot::channel();
        let lane = &self.lanes[self.lane_of(self.work.row(&ask))];
        let entry = Entry { ask, caller: Caller { answer, deadline, patience } };
        match lane.try_send(entry) {
            Ok(()) => {}
            Err(TrySendError::Closed(_)) => return Err(Error::new(Kind::Closed)),
            Err(TrySendError::Full(entry)) => match timeout_at(deadline, lane.send(entry)).await {
                Ok(Ok(())) => {}
                Ok(Err(_closed)) => return Err(Error::new(Kind::Closed)),
                Err(_elapsed) => return Err(Error::new(Kind::Patience { after: patience })),
            },
        }
        // The lane keeps the deadline: a timer for each call would cost a tenth of the throughput.
        answered.await.unwrap_or_else(|_dropped| Err(Error::new(Kind::Closed)))
    }

    fn lane_of(&self, row: u128) -> usize {
        let in_use = self.in_use.load(Ordering::Relaxed);
        // Rows may be numbered one after another: Fibonacci hashing spreads them all the same.
        #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
        let hash = (row as u64 ^ (row >> 64) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        usize::try_from(hash).unwrap_or(0) % in_use
    }
}

impl<W: Work> fmt::Debug for Coalescer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coalescer")
            .field("lanes", &self.lanes.len())
            .field("in_use", &self.in_use)
            .finish_non_exhaustive()
    }
}
