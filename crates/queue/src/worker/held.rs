//! What a worker holds of a queue.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

use super::Handler;
use crate::{
    Claimed, Options, Pass, QueueName, Queues,
    claim::Claim,
    cursor::{Cursor, From},
    end::End,
    texts::Texts,
};

/// The most that a turn claims, and that it removes.
const MOST: usize = 1000;
/// So much work is held that waits: as much as was done in that time.
const AHEAD: Duration = Duration::from_millis(100);
/// How much work is held at most beside the jobs that run.
const MOST_AHEAD: usize = 4000;
/// How often the pace is measured.
const PACE_EVERY: Duration = Duration::from_millis(20);
/// It is asked when the next job is due at most so often.
const ASK_DUE_EVERY: Duration = Duration::from_millis(50);

/// What a worker holds of a queue.
pub(crate) struct Held {
    pub(crate) queue: QueueName,
    pub(crate) texts: &'static Texts,
    pub(crate) options: Options,
    pub(crate) handler: Box<Handler>,
    inside: Mutex<Inside>,
    /// Something has changed that a turn may be due for.
    changed: Notify,
    /// The worker was told to stop.
    stopping: CancellationToken,
    /// It has waited long enough after that.
    over: CancellationToken,
    /// Nobody takes turns any more.
    gone: CancellationToken,
}

/// A job that may run, and what has let it through.
pub(crate) type Admitted = (Claimed, Vec<Box<dyn Pass>>);

struct Inside {
    /// Claimed, and not running yet.
    waiting: VecDeque<Admitted>,
    running: usize,
    /// All that is claimed and has not ended, by number.
    claims: HashMap<i64, Holding>,
    /// Ended, and the queue does not know yet.
    ended: Vec<Ended>,
    /// So many are being claimed.
    asked: usize,
    /// There may be jobs in the queue that nobody has looked for.
    wanted: bool,
    /// When it is looked without being told.
    look_at: Instant,
    /// Nothing is let through before.
    barred_until: Instant,
    /// When the next job is due that is not due yet.
    due: Due,
    due_asked_at: Option<Instant>,
    /// Groups that somebody else's turn has come in, and nobody was told.
    owed: Vec<String>,
    cursor: Cursor,
    pace: Pace,
}

/// A claim that has not ended.
pub(crate) struct Holding {
    pub(crate) claim: Claim,
    /// It holds until then, whatever the clock of PostgreSQL says.
    pub(crate) until: Instant,
    pub(crate) cancelled: CancellationToken,
}

/// A claim that ends.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) claim: Claim,
    pub(crate) end: End,
    pub(crate) group: Option<String>,
}

/// When the next job is due.
#[derive(Clone, Copy)]
enum Due {
    Unknown,
    Nothing,
    At(Instant),
}

/// How many jobs end in a second.
struct Pace {
    since: Instant,
    ended: u32,
    per_second: f64,
}

/// What is to be done next.
pub(crate) enum Plan {
    /// A turn: these have ended, and so many can be claimed, looked for from there.
    Turn { ended: Vec<Ended>, most: usize, from: From },
    /// Nothing, until something changes, or until then.
    Wait { until: Instant },
    /// Nothing any more.
    Over,
}

impl Held {
    pub(crate) fn new(
        queues: &Queues,
        queue: &QueueName,
        texts: &'static Texts,
        handler: Box<Handler>,
    ) -> Arc<Self> {
        let now = Instant::now();
        let inside = Inside {
            waiting: VecDeque::new(),
            running: 0,
            claims: HashMap::new(),
            ended: Vec::new(),
            asked: 0,
            wanted: true,
            look_at: now,
            barred_until: now,
            due: Due::Unknown,
            due_asked_at: None,
            owed: Vec::new(),
            cursor: Cursor::new(now),
            pace: Pace { since: now, ended: 0, per_second: 0.0 },
        };
        Arc::new(Self {
            queue: queue.clone(),
            texts,
            options: queues.options(queue).clone(),
            handler,
            inside: Mutex::new(inside),
            changed: Notify::new(),
            stopping: CancellationToken::new(),
            over: CancellationToken::new(),
            gone: CancellationToken::new(),
        })
    }

    /// What the next turn is to do.
    pub(crate) fn plan(&self) -> Plan {
        let now = Instant::now();
        let mut inside = self.inside();
        let stopping = self.stopping.is_cancelled();
        if stopping {
            inside.give_back_waiting();
        }
        if inside.look_at <= now {
            inside.wanted = true;
            inside.look_at = now + self.options.poll;
        }
        if let Due::At(at) = inside.due
            && at <= now
        {
            inside.wanted = true;
            inside.due = Due::Unknown;
        }
        let is_barred = inside.barred_until > now;
        let room = if stopping || is_barred { 0 } else { inside.room(self.options.concurrency) };
        // A few at a time cost as much as many.
        let is_worth = room > 0 && (inside.asked == 0 || room >= self.options.concurrency);
        let claims = inside.wanted && is_worth;
        if !claims && inside.ended.is_empty() {
            if stopping && inside.running == 0 && inside.asked == 0 {
                return Plan::Over;
            }
            let mut until = match inside.due {
                Due::At(at) => at.min(inside.look_at),
                Due::Unknown | Due::Nothing => inside.look_at,
            };
            if is_barred {
                until = until.min(inside.barred_until);
            }
            return Plan::Wait { until };
        }
        // Whoever goes to the queue anyway looks for jobs, too.
        let most = if is_worth { room.min(MOST) } else { 0 };
        inside.asked += most;
        let count = inside.ended.len().min(MOST);
        let mut ended: Vec<Ended> = inside.ended.drain(..count).collect();
        ended.sort_unstable_by_key(|ended| ended.claim);
        let from = if most > 0 { inside.cursor.next(now) } else { From::Beginning };
        if most > 0 {
            inside.wanted = false;
        }
        Plan::Turn { ended, most, from }
    }

    /// So many fewer may be claimed than was planned, and no more for that time.
    pub(crate) fn bar(&self, fewer: usize, time: Duration) {
        let mut inside = self.inside();
        inside.asked -= fewer;
        inside.wanted = true;
        inside.barred_until = Instant::now() + time;
    }

    /// The turn is over, which was asked for at `began`: these are held now.
    pub(crate) fn took(&self, began: Instant, most: usize, claimed: Vec<Admitted>, full: bool) {
        let mut inside = self.inside();
        inside.asked -= most;
        inside.wanted |= full;
        // Their claims may lapse.
        if !claimed.is_empty() {
            inside.due = Due::Unknown;
        }
        for (job, _) in &claimed {
            let holding = Holding {
                claim: job.claim(),
                until: began + self.options.lease,
                cancelled: CancellationToken::new(),
            };
            inside.claims.insert(job.id.0, holding);
        }
        inside.waiting.extend(claimed);
    }

    /// These were told, of which some may be to be tried again: now or some time.
    pub(crate) fn told(&self, ended: &[Ended]) {
        let delays = ended.iter().filter_map(|ended| match ended.end {
            End::Retry { delay_ms, .. } => Some(delay_ms),
            End::Done | End::Concluded { .. } | End::Dead { .. } => None,
        });
        if let Some(delay_ms) = delays.min() {
            let mut inside = self.inside();
            inside.due = Due::Unknown;
            inside.wanted |= delay_ms <= 0 && !self.stopping.is_cancelled();
        }
    }

    /// When the next job is due has changed.
    pub(crate) fn forget_due(&self) {
        self.inside().due = Due::Unknown;
    }

    /// What the look has found.
    pub(crate) fn looked(
        &self,
        from: From,
        due_at: Option<std::time::SystemTime>,
        now: std::time::SystemTime,
        took: Duration,
    ) {
        self.inside().cursor.found(from, due_at, now, took);
    }

    /// The turn has failed: what has ended is to be told the next time.
    ///
    /// Not of claims that do not count: what was given back may be somebody else's by now, under the same
    /// count. If it was not, the claim lapses.
    pub(crate) fn failed(&self, most: usize, mut ended: Vec<Ended>) {
        ended.retain(|ended| !matches!(ended.end, End::Retry { error: None, .. }));
        let mut inside = self.inside();
        inside.asked -= most;
        inside.wanted = true;
        inside.ended.extend(ended);
    }

    /// Whether it is to be asked when the next job is due, since there is none now.
    pub(crate) fn asks_due(&self) -> bool {
        let now = Instant::now();
        let mut inside = self.inside();
        let is_known = !matches!(inside.due, Due::Unknown);
        if is_known || inside.wanted || self.stopping.is_cancelled() {
            return false;
        }
        if let Some(asked_at) = inside.due_asked_at
            && now < asked_at + ASK_DUE_EVERY
        {
            inside.look_at = inside.look_at.min(asked_at + ASK_DUE_EVERY);
            drop(inside);
            // Another connection may keep the time.
            self.changed.notify_waiters();
            return false;
        }
        inside.due_asked_at = Some(now);
        true
    }

    /// The next job is due then, if there is one.
    pub(crate) fn due_in(&self, time: Option<Duration>) {
        self.inside().due = time.map_or(Due::Nothing, |time| Due::At(Instant::now() + time));
        // Another connection may keep the time, and sleep for longer.
        self.changed.notify_waiters();
    }

    /// There may be jobs.
    pub(crate) fn want(&self) {
        let mut inside = self.inside();
        inside.wanted = true;
        inside.due = Due::Unknown;
        drop(inside);
        self.changed.notify_waiters();
    }

    /// In these groups it is somebody else's turn.
    pub(crate) fn owe(&self, groups: impl IntoIterator<Item = String>) {
        let mut inside = self.inside();
        inside.owed.extend(groups);
        inside.owed.sort_unstable();
        inside.owed.dedup();
    }

    pub(crate) fn owed(&self) -> Vec<String> {
        mem::take(&mut self.inside().owed)
    }

    /// Ends when something has changed, from now on.
    pub(crate) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }

    /// A job to run, if there is one and not too many run. Whoever gets one has to
    /// [end](Self::end) it, and then to ask for the [next](Self::next).
    pub(crate) fn first(&self) -> Option<(Admitted, CancellationToken)> {
        let mut inside = self.inside();
        if inside.running >= self.options.concurrency || self.stopping.is_cancelled() {
            return None;
        }
        let job = inside.pop()?;
        inside.running += 1;
        Some(job)
    }

    /// Another job to run, for whoever has ended one; without one he is done.
    pub(crate) fn next(&self) -> Option<(Admitted, CancellationToken)> {
        let mut inside = self.inside();
        let job = if self.stopping.is_cancelled() { None } else { inside.pop() };
        if job.is_none() {
            inside.running -= 1;
            if self.stopping.is_cancelled() {
                self.changed.notify_waiters();
            }
        }
        job
    }

    /// A job has ended.
    pub(crate) fn end(&self, ended: Ended) {
        let mut inside = self.inside();
        // Who has lost his claim has nothing to say: somebody else may have it.
        let holding = inside.claims.get(&ended.claim.id);
        let is_held = holding.is_some_and(|holding| holding.claim == ended.claim);
        inside.pace.ended += 1;
        if is_held {
            inside.claims.remove(&ended.claim.id);
            inside.ended.push(ended);
        }
        // One word is enough for all that end until somebody listens.
        if inside.ended.len() <= 1 || inside.ended.len() == MOST {
            self.changed.notify_waiters();
        }
    }

    /// Claims that are to be prolonged, ascending.
    pub(crate) fn to_extend(&self, now: Instant) -> Vec<Claim> {
        let due = now + self.options.lease - super::beat_every(self.options.lease) / 2;
        let inside = self.inside();
        let held = inside.claims.values().filter(|holding| holding.until <= due);
        let mut claims: Vec<Claim> = held.map(|holding| holding.claim).collect();
        claims.sort_unstable();
        claims
    }

    /// Of the claims that were asked for at `began` these have been prolonged.
    pub(crate) fn extended(&self, began: Instant, asked: &[Claim], extended: &[i64]) {
        let extended: HashSet<i64> = extended.iter().copied().collect();
        let mut inside = self.inside();
        for claim in asked {
            let Some(holding) = inside.claims.get_mut(&claim.id) else { continue };
            if holding.claim != *claim {
                continue;
            }
            if extended.contains(&claim.id) {
                holding.until = began + self.options.lease;
            } else {
                inside.lose(claim.id);
            }
        }
    }

    /// Lets go of claims that have lapsed. How many there were.
    pub(crate) fn lapse(&self, now: Instant) -> usize {
        let mut inside = self.inside();
        let lapsed = inside.claims.values().filter(|holding| holding.until <= now);
        let lapsed: Vec<i64> = lapsed.map(|holding| holding.claim.id).collect();
        for id in &lapsed {
            inside.lose(*id);
        }
        lapsed.len()
    }

    /// Takes nothing on any more.
    pub(crate) fn stop(&self) {
        self.stopping.cancel();
        self.changed.notify_waiters();
    }

    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Is cancelled when jobs that run have to end at once.
    pub(crate) fn over(&self) -> &CancellationToken {
        &self.over
    }

    /// Is cancelled when nobody takes turns any more.
    pub(crate) fn gone(&self) -> &CancellationToken {
        &self.gone
    }

    /// Jobs that run have had their time.
    pub(crate) fn cut_off(&self) {
        for holding in self.inside().claims.values() {
            holding.cancelled.cancel();
        }
        self.over.cancel();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// How many more can be held.
    fn room(&mut self, concurrency: usize) -> usize {
        let ahead = self.pace.in_a_while();
        let most = concurrency + ahead.clamp(concurrency / 2, MOST_AHEAD);
        let held = self.waiting.len() + self.running + self.asked;
        let room = most.saturating_sub(held);
        // Not a few at a time while there is enough to do.
        if room >= (most / 4).max(1) || self.waiting.is_empty() { room } else { 0 }
    }

    /// The next one whose claim still holds.
    fn pop(&mut self) -> Option<(Admitted, CancellationToken)> {
        loop {
            let (job, passes) = self.waiting.pop_front()?;
            match self.claims.get(&job.id.0) {
                Some(holding) if holding.claim == job.claim() => {
                    let cancelled = holding.cancelled.clone();
                    return Some(((job, passes), cancelled));
                }
                _ => {}
            }
        }
    }

    /// Somebody else may have it.
    fn lose(&mut self, id: i64) {
        if let Some(holding) = self.claims.remove(&id) {
            holding.cancelled.cancel();
        }
    }

    fn give_back_waiting(&mut self) {
        for (job, _) in mem::take(&mut self.waiting) {
            let is_held = self.claims.remove(&job.id.0).is_some_and(|it| it.claim == job.claim());
            if is_held {
                let end = End::Retry { delay_ms: 0, error: None };
                self.ended.push(Ended { claim: job.claim(), end, group: job.group() });
            }
        }
    }
}

impl Pace {
    /// How many end in [`AHEAD`].
    fn in_a_while(&mut self) -> usize {
        let now = Instant::now();
        let passed = now - self.since;
        if passed >= PACE_EVERY {
            let measured = f64::from(self.ended) / passed.as_secs_f64();
            self.per_second = f64::midpoint(self.per_second, measured);
            (self.since, self.ended) = (now, 0);
        }
        let count = self.per_second * AHEAD.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is bounded, and not negative"
        )]
        let count = count.min(1e6) as usize;
        count
    }
}
