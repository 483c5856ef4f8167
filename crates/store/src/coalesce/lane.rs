//! A lane: gathers, flushes, tells, and keeps everybody's deadline meanwhile.

use std::{
    any::Any,
    mem,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, Sleep, sleep},
};

use super::{Lanes, SPREAD_AT, Work};
use crate::{
    error::{Error, Kind, Result},
    session::{EAGER, Wait},
};

/// Flushes with as few asks, one after another, take a lane out of use.
const GATHER_AT: usize = SPREAD_AT / 4;
const GATHER_AFTER: u32 = 64;
/// Up to so many asks in the only lane in use, its flush is waited for [`Wait::Eagerly`].
const LOOK_AT: usize = 8;
/// After so many answers in a row that were looked for in vain, so many are slept for.
const VAIN: u32 = 8;
const SLEEPS: u32 = 64;
/// How long a flush may take before its lane looks at clocks, and how often it does then: the
/// least patience that is kept to the point.
pub(super) const TICK: Duration = Duration::from_millis(5);
/// The pause after a session could not be opened, doubled up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// An ask and who asked.
pub(super) struct Entry<W: Work> {
    pub(super) ask: W::Ask,
    pub(super) caller: Caller<W::Answer>,
}

pub(super) struct Caller<A> {
    pub(super) answer: oneshot::Sender<Result<A>>,
    pub(super) deadline: Instant,
    pub(super) patience: Duration,
}

/// A task with a session of its own.
pub(super) struct Lane<W: Work> {
    work: Arc<W>,
    bounds: Lanes,
    queue: Queue<W>,
    session: Option<W::Session>,
    /// No session can be had before this instant, and why.
    barred: Option<(Instant, Error)>,
    /// How long it will be barred the next time.
    pause: Duration,
    /// Ticks from flush to flush: a timer for each would wake a sleeping worker each time.
    clock: Pin<Box<Sleep>>,

    /// Its place among the lanes.
    index: usize,
    in_use: Arc<AtomicUsize>,
    small_flushes: u32,
    processors: usize,
    /// Answers in a row that were looked for in vain.
    vain: u32,
    /// For how many flushes it is not worth looking.
    sleeps: u32,
}

/// Those who wait for the next flush.
struct Queue<W: Work> {
    inbox: mpsc::Receiver<Entry<W>>,
    /// Taken from the inbox, in the order of arrival.
    waiting: Vec<Entry<W>>,
}

/// Those of a flush: what is asked, by row, and beside each ask who asked, until he is answered.
struct Batch<W: Work> {
    asks: Vec<W::Ask>,
    callers: Vec<Option<Caller<W::Answer>>>,
}

impl<W: Work> Lane<W> {
    pub(super) fn new(
        work: Arc<W>,
        bounds: Lanes,
        index: usize,
        in_use: Arc<AtomicUsize>,
        inbox: mpsc::Receiver<Entry<W>>,
        processors: usize,
    ) -> Self {
        Self {
            work,
            bounds,
            queue: Queue { inbox, waiting: Vec::new() },
            session: None,
            barred: None,
            pause: PAUSE.0,
            clock: Box::pin(sleep(TICK)),
            index,
            in_use,
            small_flushes: 0,
            processors,
            vain: 0,
            sleeps: 0,
        }
    }

    pub(super) async fn run(mut self) {
        while self.gather().await {
            let mut batch = self.queue.take(&*self.work, self.bounds.batch);
            let flushed = batch.asks.len();
            if flushed == 0 {
                continue;
            }
            let answers = match self.barred() {
                Some(error) => Err(error),
                None => self.flush(&mut batch).await,
            };
            batch.tell(answers);
            self.spread_or_gather(flushed);
            if flushed > 1 {
                // Those who have just been answered may ask again at once: let them into the next
                // flush, which is larger for it.
                tokio::task::yield_now().await;
            }
        }
    }

    /// Waits until somebody waits. False when nobody can any more.
    async fn gather(&mut self) -> bool {
        let Self { work, queue, session, bounds, .. } = self;
        queue.drain(bounds.batch);
        while queue.waiting.is_empty() {
            let lost = async {
                match session.as_mut() {
                    Some(session) => work.lost(session).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                received = queue.inbox.recv_many(&mut queue.waiting, bounds.batch) => {
                    if received == 0 {
                        return false;
                    }
                }
                () = lost => *session = None,
            }
        }
        true
    }

    fn barred(&self) -> Option<Error> {
        match &self.barred {
            Some((until, error)) if Instant::now() < *until => Some(error.clone()),
            _ => None,
        }
    }

    async fn flush(&mut self, batch: &mut Batch<W>) -> Result<Vec<W::Answer>> {
        let began = Instant::now();
        let mut opened = self.session.is_some();
        let wait = self.wait(batch.asks.len());
        let Self { work, queue, session, bounds, clock, .. } = &mut *self;
        let Batch { asks, callers } = batch;
        let answers = {
            let flushing = async {
                let session = match session {
                    Some(session) => session,
                    None => session.insert(work.open().await?),
                };
                opened = true;
                let answers = work.flush(session, asks, wait).await?;
                assert_eq!(answers.len(), asks.len(), "an answer for each ask");
                Ok(answers)
            };
            let flushing = pin!(AssertUnwindSafe(flushing).catch_unwind());
            match attend(flushing, clock.as_mut(), began + bounds.give_up, callers, queue).await {
                Some(Ok(answers)) => answers,
                Some(Err(panic)) => Err(panicked(&*panic)),
                None => Err(Error::new(Kind::Patience { after: bounds.give_up })),
            }
        };
        match &answers {
            Ok(_) => self.pause = PAUSE.0,
            Err(error) => {
                self.session = None;
                if !opened {
                    self.barred = Some((Instant::now() + self.pause, error.clone()));
                    self.pause = (self.pause * 2).min(PAUSE.1);
                }
            }
        }
        if wait == Wait::Eagerly {
            self.vain = if began.elapsed() < EAGER { 0 } else { self.vain + 1 };
            if self.vain == VAIN {
                (self.vain, self.sleeps) = (0, SLEEPS);
            }
        }
        answers
    }

    /// With one lane in use and a small flush, the machine has nothing better to do than to look
    /// for the answer. With one processor, looking would keep PostgreSQL from giving it; and one
    /// that takes its time is not waited for in this way.
    fn wait(&mut self, asks: usize) -> Wait {
        let idle = asks <= LOOK_AT && self.in_use.load(Ordering::Relaxed) == 1;
        if !idle || self.processors == 1 {
            return Wait::Sleep;
        }
        match self.sleeps.checked_sub(1) {
            None => Wait::Eagerly,
            Some(fewer) => {
                self.sleeps = fewer;
                Wait::Sleep
            }
        }
    }

    fn spread_or_gather(&mut self, flushed: usize) {
        if flushed >= SPREAD_AT {
            let wanted = (self.index + 2).min(self.bounds.count);
            self.in_use.fetch_max(wanted, Ordering::Relaxed);
        }
        self.small_flushes = if flushed <= GATHER_AT { self.small_flushes + 1 } else { 0 };
        if self.index > 0 && self.small_flushes >= GATHER_AFTER {
            self.small_flushes = 0;
            // Only the last lane in use goes; when it is another, that one will.
            let (last, fewer) = (self.index + 1, self.index);
            let _ = self.in_use.compare_exchange(last, fewer, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

impl<W: Work> Queue<W> {
    /// Takes what is in the inbox, until so much waits.
    fn drain(&mut self, most: usize) {
        let room = most.saturating_sub(self.waiting.len());
        if room > 0 {
            // What is there is there now; nobody waits for more.
            let _ = self.inbox.recv_many(&mut self.waiting, room).now_or_never();
        }
    }

    /// Takes the next batch.
    fn take(&mut self, work: &W, most: usize) -> Batch<W> {
        self.turn_away_due(Instant::now());
        let mut batch = mem::take(&mut self.waiting);
        if batch.len() > most {
            self.waiting = batch.split_off(most);
        }
        batch.sort_by_key(|entry| work.row(&entry.ask));
        let (asks, callers) =
            batch.into_iter().map(|entry| (entry.ask, Some(entry.caller))).unzip();
        Batch { asks, callers }
    }

    /// Drops those who have gone away and answers those whose patience has ended.
    fn turn_away_due(&mut self, now: Instant) {
        let due =
            |entry: &mut Entry<W>| entry.caller.answer.is_closed() || entry.caller.deadline <= now;
        for entry in self.waiting.extract_if(.., due) {
            // Who has gone away does not hear it.
            entry.caller.turn_away();
        }
    }
}

/// Waits for the flush and, when it takes long, keeps everybody's deadlines meanwhile: those of
/// its own callers and of those who wait behind it. `None` when it is to be given up.
async fn attend<W: Work, T>(
    mut flushing: Pin<&mut impl Future<Output = T>>,
    mut clock: Pin<&mut Sleep>,
    give_up: Instant,
    callers: &mut [Option<Caller<W::Answer>>],
    queue: &mut Queue<W>,
) -> Option<T> {
    let began = Instant::now();
    let first = callers.iter().flatten().map(|caller| caller.deadline).min();
    let at_the_latest = (began + TICK).min(first.unwrap_or(give_up));
    if !(began..=at_the_latest).contains(&clock.deadline()) {
        clock.as_mut().reset(at_the_latest);
    }
    loop {
        tokio::select! {
            biased;
            done = flushing.as_mut() => return Some(done),
            () = clock.as_mut() => {}
        }
        let now = Instant::now();
        if now >= give_up {
            return None;
        }
        for caller in callers.iter_mut() {
            if let Some(due) = caller.take_if(|caller| caller.deadline <= now) {
                due.turn_away();
            }
        }
        loop {
            queue.drain(queue.inbox.max_capacity());
            queue.turn_away_due(now);
            if queue.inbox.is_empty() || queue.waiting.len() >= queue.inbox.max_capacity() {
                break;
            }
        }
        let behind = queue.waiting.iter().map(|entry| &entry.caller);
        let deadlines = callers.iter().flatten().chain(behind).map(|caller| caller.deadline);
        clock.as_mut().reset(deadlines.fold(give_up.min(now + TICK), Instant::min));
    }
}

impl<W: Work> Batch<W> {
    /// Each his own answer, or all of them the same error.
    fn tell(self, answers: Result<Vec<W::Answer>>) {
        match answers {
            Ok(answers) => {
                for (caller, answer) in self.callers.into_iter().zip(answers) {
                    if let Some(caller) = caller {
                        caller.tell(Ok(answer));
                    }
                }
            }
            Err(error) => {
                for caller in self.callers.into_iter().flatten() {
                    caller.tell(Err(error.clone()));
                }
            }
        }
    }
}

impl<A> Caller<A> {
    fn tell(self, answer: Result<A>) {
        // It may have gone away.
        let _ = self.answer.send(answer);
    }

    fn turn_away(self) {
        let after = self.patience;
        self.tell(Err(Error::new(Kind::Patience { after })));
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let message = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::caused(Kind::Panicked, message)
}
