//! A lane: takes, flushes, tells, and keeps everybody's deadline meanwhile.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::time::{Instant, Sleep, sleep};

use super::{
    Work,
    queue::{Caller, Entry, Queue, Taken},
};
use crate::{
    error::{Error, Kind, Result},
    session::{EAGER, Wait},
};

/// After so many answers in a row that were looked for in vain, so many are slept for.
const VAIN: u32 = 8;
const SLEEPS: u32 = 64;
/// How long a flush may take before its lane looks at clocks, and how often it does then: the
/// least patience that is kept to the point.
pub(super) const TICK: Duration = Duration::from_millis(5);
/// The pause after a session could not be opened, doubled up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// A task with a session of its own.
pub(super) struct Lane<W: Work> {
    queue: Arc<Queue<W>>,
    /// Its place among the lanes.
    index: usize,
    session: Option<W::Session>,
    /// No session can be had before this instant, and why.
    barred: Option<(Instant, Error)>,
    /// How long it will be barred the next time.
    pause: Duration,
    /// Ticks from flush to flush: a timer for each would wake a sleeping worker each time.
    clock: Pin<Box<Sleep>>,
    processors: usize,
    /// Answers in a row that were looked for in vain.
    vain: u32,
    /// For how many flushes it is not worth looking.
    sleeps: u32,
}

/// Those of a flush: what is asked, by row, and beside each ask who asked, until he is answered.
struct Batch<W: Work> {
    asks: Vec<W::Ask>,
    callers: Vec<Option<Caller<W::Answer>>>,
}

impl<W: Work> Lane<W> {
    pub(super) fn new(queue: Arc<Queue<W>>, index: usize, processors: usize) -> Self {
        Self {
            queue,
            index,
            session: None,
            barred: None,
            pause: PAUSE.0,
            clock: Box::pin(sleep(TICK)),
            processors,
            vain: 0,
            sleeps: 0,
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            let mut batch: Batch<W> = match self.queue.take(self.index) {
                Taken::Batch(entries) => entries.into(),
                Taken::Nothing => {
                    self.sleep().await;
                    continue;
                }
                Taken::Closed => {
                    // One that slept while this one still had something to do may end as well.
                    self.queue.close();
                    return;
                }
            };
            let flushed = batch.asks.len();
            let answers = match self.barred() {
                Some(error) => Err(error),
                None => self.flush(&mut batch).await,
            };
            self.queue.land(self.index, flushed);
            batch.tell(answers);
            if flushed > 1 {
                // Those who have just been answered may ask again at once: let them into the next
                // flush, which is larger for it.
                tokio::task::yield_now().await;
            }
        }
    }

    /// Sleeps until there is something to do.
    async fn sleep(&mut self) {
        let Self { queue, index, session, .. } = self;
        let mut called = pin!(queue.called(*index));
        loop {
            let lost = async {
                match session.as_mut() {
                    Some(session) => queue.work.lost(session).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = called.as_mut() => return,
                () = lost => *session = None,
            }
        }
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
        let wait = self.wait();
        let Self { queue, session, clock, .. } = &mut *self;
        let (work, give_up) = (&queue.work, queue.bounds.give_up);
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
            match attend(flushing, clock.as_mut(), began + give_up, callers, queue).await {
                Some(Ok(answers)) => answers,
                Some(Err(panic)) => Err(panicked(&*panic)),
                None => Err(Error::new(Kind::Patience { after: give_up })),
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

    /// The first lane looks for its answer, so that a thread is awake when it comes: with few asks the machine
    /// has nothing better to do, and with many it would wait for threads to be woken one after the other. The
    /// other lanes sleep, and leave the processors to PostgreSQL. With one processor, looking would keep
    /// PostgreSQL from answering; and one that takes its time is not waited for in this way.
    fn wait(&mut self) -> Wait {
        if self.index > 0 || self.processors == 1 {
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
}

/// Waits for the flush and, when it takes long, keeps everybody's deadlines meanwhile: those of
/// its own callers and of those who wait behind it. `None` when it is to be given up.
async fn attend<W: Work, T>(
    mut flushing: Pin<&mut impl Future<Output = T>>,
    mut clock: Pin<&mut Sleep>,
    give_up: Instant,
    callers: &mut [Option<Caller<W::Answer>>],
    queue: &Queue<W>,
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
        let behind = queue.keep_deadlines(now);
        let deadlines = callers.iter().flatten().map(|caller| caller.deadline).chain(behind);
        clock.as_mut().reset(deadlines.fold(give_up.min(now + TICK), Instant::min));
    }
}

impl<W: Work> From<Vec<Entry<W>>> for Batch<W> {
    fn from(entries: Vec<Entry<W>>) -> Self {
        let (asks, callers) =
            entries.into_iter().map(|entry| (entry.ask, Some(entry.caller))).unzip();
        Self { asks, callers }
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

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let message = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::caused(Kind::Panicked, message)
}
