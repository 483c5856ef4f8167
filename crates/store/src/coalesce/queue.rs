//! Who waits and what is under way: which lane takes what, and when.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::SeqCst, fence},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{Instant, timeout_at},
};

use super::{Lanes, Work};
use crate::error::{Error, Kind, Result};

/// So many asks, waiting or under way, are worth another lane.
const SHARE: usize = 6;
/// After a lane was called in vain, so many flushes end before another is called.
const VAIN_FOR: u32 = 16;

/// An ask and who asked.
pub(super) struct Entry<W: Work> {
    pub(super) ask: W::Ask,
    pub(super) caller: Caller<W::Answer>,
}

/// Who asked, and until when he waits.
pub(super) struct Caller<A> {
    pub(super) answer: oneshot::Sender<Result<A>>,
    pub(super) deadline: Instant,
    pub(super) patience: Duration,
}

/// What the callers and the lanes share.
pub(super) struct Queue<W: Work> {
    pub(super) work: W,
    pub(super) bounds: Lanes,
    sender: mpsc::Sender<Entry<W>>,
    inside: Mutex<Inside<W>>,
    /// How many have left the inbox and are not answered yet.
    held: AtomicUsize,
    /// A bit for each lane that sleeps until it is called.
    asleep: AtomicU64,
    calls: Box<[Notify]>,
    /// For how many flushes it is no use to call anybody: what waits is for rows that are under way,
    /// as when all want the same.
    in_vain: AtomicU32,
    closed: AtomicBool,
}

struct Inside<W: Work> {
    inbox: mpsc::Receiver<Entry<W>>,
    /// Taken from the inbox, in the order of arrival.
    waiting: VecDeque<Entry<W>>,
    /// Which rows each lane is at, in their order.
    under_way: Vec<Vec<u128>>,
}

/// What there is to do for a lane.
pub(super) enum Taken<W: Work> {
    /// These, in the order of their rows.
    Batch(Vec<Entry<W>>),
    /// Nothing, until it is called.
    Nothing,
    /// Nothing any more.
    Closed,
}

impl<W: Work> Queue<W> {
    pub(super) fn new(work: W, bounds: Lanes) -> Self {
        let (sender, inbox) = mpsc::channel(bounds.queue);
        let under_way = (0..bounds.count).map(|_| Vec::new()).collect();
        Self {
            work,
            bounds,
            sender,
            inside: Mutex::new(Inside { inbox, waiting: VecDeque::new(), under_way }),
            held: AtomicUsize::new(0),
            asleep: AtomicU64::new(0),
            calls: (0..bounds.count).map(|_| Notify::new()).collect(),
            in_vain: AtomicU32::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// Puts an ask where the lanes find it: at once, or as soon as there is room.
    pub(super) fn put(
        &self,
        entry: Entry<W>,
    ) -> impl Future<Output = Result<()>> + Send + use<'_, W> {
        let Caller { deadline, patience, .. } = entry.caller;
        // What only those need who wait for room is in boxes: the future of each call would have room for
        // all of it.
        let put = self.sender.try_send(entry).map_err(Box::new);
        if put.is_ok() {
            self.call();
        }
        async move {
            let Err(refused) = put else { return Ok(()) };
            match Box::pin(timeout_at(deadline, self.sender.reserve())).await {
                Ok(Ok(room)) => room.send(refused.into_inner()),
                Ok(Err(_closed)) => return Err(Error::new(Kind::Closed)),
                Err(_elapsed) => return Err(Error::new(Kind::Patience { after: patience })),
            }
            self.call();
            Ok(())
        }
    }

    /// Calls a lane if there is work for one more than are awake.
    fn call(&self) {
        // Either we see here that a lane went to sleep, or it sees what was put before this.
        fence(SeqCst);
        let asleep = self.asleep.load(SeqCst);
        let awake = self.bounds.count - asleep.count_ones() as usize;
        let is_vain = awake > 0 && self.in_vain.load(SeqCst) > 0;
        if is_vain || asleep == 0 || awake >= self.wanted() {
            return;
        }
        // Always the same one first: the others' sessions are for when there is more to do.
        let lane = asleep.trailing_zeros();
        if self.wake(lane as usize) {
            self.calls[lane as usize].notify_one();
        }
    }

    /// Whether it was asleep.
    fn wake(&self, lane: usize) -> bool {
        self.asleep.fetch_and(!(1 << lane), SeqCst) & (1 << lane) != 0
    }

    /// How many lanes are at work.
    fn awake(&self) -> usize {
        self.bounds.count - self.asleep.load(SeqCst).count_ones() as usize
    }

    /// How many lanes should be.
    fn wanted(&self) -> usize {
        (self.outstanding() / SHARE).clamp(1, self.bounds.count)
    }

    /// How many wait or are under way.
    fn outstanding(&self) -> usize {
        self.held.load(SeqCst) + self.sender.max_capacity() - self.sender.capacity()
    }

    /// Sleeps until the lane is called.
    pub(super) async fn called(&self, lane: usize) {
        self.calls[lane].notified().await;
    }

    /// Takes a lane's share of what waits, without the rows that another lane is at.
    pub(super) fn take(&self, lane: usize) -> Taken<W> {
        self.wake(lane);
        let mut inside = self.inside();
        loop {
            self.drain(&mut inside);
            self.turn_away_due(&mut inside, Instant::now());
            let wanted = self.wanted();
            if !inside.waiting.is_empty() && self.awake() <= wanted {
                let share = self.outstanding().div_ceil(wanted).min(self.bounds.batch);
                let batch = inside.pick(&self.work, lane, share, self.bounds.batch);
                if !batch.is_empty() {
                    let more = !inside.waiting.is_empty();
                    drop(inside);
                    if more {
                        self.call();
                    }
                    return Taken::Batch(batch);
                }
                self.in_vain.store(VAIN_FOR, SeqCst);
            }
            self.asleep.fetch_or(1 << lane, SeqCst);
            fence(SeqCst);
            let arrived = !inside.inbox.is_empty() && inside.waiting.is_empty();
            if arrived && self.wake(lane) {
                continue;
            }
            let is_over = self.closed.load(SeqCst) && inside.waiting.is_empty();
            return if is_over { Taken::Closed } else { Taken::Nothing };
        }
    }

    /// The lane is done with its rows, and so many asks can be answered.
    pub(super) fn land(&self, lane: usize, asks: usize) {
        let mut inside = self.inside();
        inside.under_way[lane].clear();
        self.held.fetch_sub(asks, SeqCst);
        let _ = self.in_vain.fetch_update(SeqCst, SeqCst, |flushes| flushes.checked_sub(1));
    }

    /// Answers those whose patience has ended, and says when the next one's will.
    pub(super) fn keep_deadlines(&self, now: Instant) -> Option<Instant> {
        let mut inside = self.inside();
        self.drain(&mut inside);
        self.turn_away_due(&mut inside, now);
        inside.waiting.iter().map(|entry| entry.caller.deadline).min()
    }

    /// Lets the lanes end when they have done what there is.
    pub(super) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.calls.iter().for_each(Notify::notify_one);
    }

    /// Takes what is in the inbox, as long as there is room for it.
    fn drain(&self, inside: &mut Inside<W>) {
        let room = self.bounds.queue.max(self.bounds.batch);
        while inside.waiting.len() < room
            && let Ok(entry) = inside.inbox.try_recv()
        {
            // Between the two it is counted nowhere, which matters to nobody: this lane is awake.
            self.held.fetch_add(1, SeqCst);
            inside.waiting.push_back(entry);
        }
    }

    /// Drops those who have gone away and answers those whose patience has ended.
    fn turn_away_due(&self, inside: &mut Inside<W>, now: Instant) {
        let is_due =
            |entry: &Entry<W>| entry.caller.answer.is_closed() || entry.caller.deadline <= now;
        if !inside.waiting.iter().any(is_due) {
            return;
        }
        let (due, waiting) = inside.waiting.drain(..).partition(is_due);
        inside.waiting = waiting;
        self.held.fetch_sub(due.len(), SeqCst);
        let due: VecDeque<Entry<W>> = due;
        for entry in due {
            // Who has gone away does not hear it.
            entry.caller.turn_away();
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside<W>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Work> Inside<W> {
    /// Takes a share of those that wait, and who else waits for the same rows: they cost little
    /// more. By row, and within a row by arrival.
    fn pick(&mut self, work: &W, lane: usize, share: usize, most: usize) -> Vec<Entry<W>> {
        // An entry is several lines of memory: their places are sorted, and each is moved once.
        let mut picked = Vec::with_capacity(share.min(self.waiting.len()));
        let mut places = Vec::with_capacity(picked.capacity());
        let mut left = VecDeque::new();
        while picked.len() < share
            && let Some(entry) = self.waiting.pop_front()
        {
            let row = work.row(&entry.ask);
            if self.under_way.iter().any(|rows| rows.binary_search(&row).is_ok()) {
                left.push_back(entry);
            } else {
                places.push((row, picked.len()));
                picked.push(Some(entry));
            }
        }
        places.sort_unstable();
        self.under_way[lane].extend(places.iter().map(|(row, _)| *row));
        let rows = &self.under_way[lane];
        let shares = picked.len();
        while picked.len() < most
            && let Some(entry) = self.waiting.pop_front()
        {
            let row = work.row(&entry.ask);
            if rows.binary_search(&row).is_ok() {
                places.push((row, picked.len()));
                picked.push(Some(entry));
            } else {
                left.push_back(entry);
            }
        }
        left.append(&mut self.waiting);
        self.waiting = left;
        if picked.len() > shares {
            places.sort_unstable();
        }
        places.into_iter().filter_map(|(_, place)| picked[place].take()).collect()
    }
}

impl<A> Caller<A> {
    pub(super) fn tell(self, answer: Result<A>) {
        // It may have gone away.
        let _ = self.answer.send(answer);
    }

    pub(super) fn turn_away(self) {
        let after = self.patience;
        self.tell(Err(Error::new(Kind::Patience { after })));
    }
}
