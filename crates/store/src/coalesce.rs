//! Concurrent calls, merged into one statement.
//!
//! A call hands its [`Work::Ask`] to a lane and waits. The lane, a task with a session of its own,
//! takes everything that waits, sorts it by row and runs ONE statement for all of it; while that
//! runs, the next callers gather. There is no timer: a lone call costs one round trip, and under
//! load one statement, and one fsync, is shared by hundreds of calls.
//!
//! - **Order.** Asks of a flush are sorted by row and, within a row, by arrival. Every process
//!   locks rows in that one order, so no two of them wait for each other in a circle.
//! - **Lanes.** A lane that is free takes its share of all that waits, so none is idle while another
//!   has too much to do. A row is in one lane at a time: a process does not fight itself for it. One
//!   lane is awake as long as few ask, more are called as more do.
//! - **Back-pressure.** The queue is bounded. When it is full, calls wait to get in.
//! - **Patience.** Every call says how long it will wait, and is answered by then, come what may.
//!   What its statement did or will do is then not known.
//! - **Cancellation.** A caller that goes away takes its ask with it as long as that has not been
//!   sent; it never takes the others'.
//! - **Failure.** A failed flush answers everybody in it with the same error and costs the lane
//!   its session. The lane opens another for the next ask; while PostgreSQL cannot be reached it
//!   tries at most once per pause (50 ms, doubled up to 1 s) and answers at once in between.

mod lane;
mod queue;
#[cfg(test)]
mod tests;

use std::{fmt, num::NonZeroUsize, sync::Arc, thread, time::Duration};

use tokio::{sync::oneshot, time::Instant};

use crate::{
    error::{Error, Kind, Result},
    session::Wait,
};
use lane::Lane;
use queue::{Caller, Entry, Queue};

/// What lanes do with what callers ask.
pub trait Work: Send + Sync + 'static {
    /// What a caller asks.
    type Ask: Send + Sync + 'static;
    /// What it is told.
    type Answer: Send + 'static;
    /// What a lane keeps from flush to flush: as a rule [`Session`](crate::Session).
    type Session: Send;

    /// The row that the ask touches. Asks of one row are in one lane at a time and stand together
    /// in its flush.
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
    /// The most asks that wait until a lane takes note of them, at least 1; as many again, or a
    /// batch if that is more, wait until they are sent. Default: 8192.
    pub queue: usize,
    /// When a flush is given up and its session with it. Default: 10 s.
    pub give_up: Duration,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { count: 2, batch: 1000, queue: 8192, give_up: Duration::from_secs(10) }
    }
}

/// The lanes of one kind of work.
///
/// Dropping it lets the lanes answer what has been asked and then end.
pub struct Coalescer<W: Work> {
    queue: Arc<Queue<W>>,
}

impl<W: Work> Coalescer<W> {
    /// Starts the lanes' tasks in the current runtime. They connect when they are first needed.
    #[must_use]
    pub fn start(work: W, lanes: Lanes) -> Self {
        let Lanes { count, batch, queue, give_up } = lanes;
        let (count, batch, queue) = (count.clamp(1, 64), batch.max(1), queue.max(1));
        let queue = Arc::new(Queue::new(work, Lanes { count, batch, queue, give_up }));
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        for index in 0..count {
            tokio::spawn(Lane::new(Arc::clone(&queue), index, processors).run());
        }
        Self { queue }
    }

    /// Has `ask` done in one of the next flushes, and answers within `patience`.
    ///
    /// It is put in line at once, and not when it is first polled: what a caller waits with is small then.
    pub fn ask(
        &self,
        ask: W::Ask,
        patience: Duration,
    ) -> impl Future<Output = Result<W::Answer>> + Send + use<'_, W> {
        let deadline = Instant::now() + patience;
        let (answer, answered) = oneshot::channel();
        let put = self.queue.put(Entry { ask, caller: Caller { answer, deadline, patience } });
        async move {
            put.await?;
            // The lanes keep the deadline: a timer for each call would cost a tenth of the throughput.
            answered.await.unwrap_or_else(|_dropped| Err(Error::new(Kind::Closed)))
        }
    }
}

impl<W: Work> Drop for Coalescer<W> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl<W: Work> fmt::Debug for Coalescer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coalescer").field("lanes", &self.queue.bounds).finish_non_exhaustive()
    }
}
