//! What a process takes ahead, and grants from memory.
//!
//! A lease of a window is a count that has been taken from that window, and dies with it. A lease
//! of a token bucket is a piece of the bucket's time: what was spent from one instant to another.
//! As time passes over the piece the bucket refills, so what has been passed over must not be
//! granted any more; what lies ahead is granted to nobody else. So the leases of all processes and
//! what is in the bucket are at no moment more than the bucket holds.

mod give_back;
mod refill;

use std::{
    collections::HashMap,
    hash::BuildHasher,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use foldhash::fast::RandomState;
use pgstead_store::Clock;
use tokio::{sync::Semaphore, time::Instant};

pub(crate) use self::give_back::{RETURN_LEASE, flush};
use crate::{
    Source, Standing,
    arithmetic::{State, Terms, available},
    lanes::{Key, after, nanoseconds},
    take::CallAnswer,
};

/// The most keys that have a lease, or may get one. About 15 MB.
const MOST_KEYS: usize = 65_536;
const SHARDS: usize = 64;
/// For how long a lease is to last.
const HORIZON_NS: i128 = 5_000_000_000;
/// Demand is measured over this time at least, so that two calls in a row are no flood.
const LEAST_NS: i128 = 100_000_000;
/// A lease is this part of what is left, at most.
const SHARE: i64 = 8;
/// After so long without a call a lease is given back.
const IDLE: Duration = Duration::from_secs(2);
/// After PostgreSQL had nothing to lease, so long nothing is asked for.
const IN_VAIN: Duration = Duration::from_millis(100);
/// A lease that is older is given back and taken anew: so long a key that was reset or blocked
/// elsewhere may be granted here at most, where nothing is heard of it.
const OLDEST: Duration = Duration::from_secs(10);
/// Keys for which something is leased at the same time.
const MOST_REFILLS: u32 = 10_000;

/// The leases of a process.
#[derive(Debug)]
pub(crate) struct Leases {
    shards: Box<[Mutex<HashMap<Key, Leased, RandomState>>]>,
    hasher: RandomState,
    count: AtomicUsize,
    /// How many keys there have been.
    generations: AtomicU64,
    /// One for each that is on its way.
    refills: Arc<Semaphore>,
    clock: Clock,
}

/// What a process has of a key, and how much it is asked for.
#[derive(Clone, Debug)]
struct Leased {
    /// What it was taken by. By a policy that has been changed nothing of it is granted.
    terms: Terms,
    /// What is on its way to a key that was forgotten meanwhile is not for the one that follows.
    generation: u64,
    /// Used up from the first on.
    pieces: [Piece; 2],
    /// What PostgreSQL had left when it was last asked, in units.
    left_behind: i64,
    /// PostgreSQL's time when it was last asked, and a moment of ours before that.
    then_ns: i64,
    then: Instant,
    /// What was granted since `since`, in units.
    used: i64,
    since: Instant,
    last_used: Instant,
    /// What was last asked for, in units.
    wanted: i64,
    refilling: bool,
    /// Nothing is asked for before.
    not_before: Instant,
}

/// What was taken in one go and is not granted yet. Empty where it ends where it begins.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    from: i64,
    to: i64,
    /// The end of the window it was taken from; `None` for a bucket.
    window_ends_ns: Option<i64>,
    /// When the row was made that it was taken from.
    born_ns: Option<i64>,
}

/// What is left of a lease that has ended, and what it was taken by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended {
    key: Key,
    terms: Terms,
    piece: Piece,
}

/// What a lease covered.
pub(crate) struct Covered {
    /// Where the key stands after it.
    pub(crate) standing: Standing,
    /// The piece that it was of, as it was before, if it was of one.
    of: Option<Piece>,
}

/// How much should be leased, in units, and for which generation of the key.
#[derive(Clone, Copy, Debug)]
struct Want {
    units: i64,
    generation: u64,
}

impl Leases {
    pub(crate) fn new(clock: Clock) -> Self {
        let hasher = RandomState::default();
        let shard = || Mutex::new(HashMap::with_hasher(hasher.clone()));
        let shards = (0..SHARDS).map(|_| shard()).collect();
        let (count, generations) = (AtomicUsize::new(0), AtomicU64::new(0));
        let refills = Arc::new(Semaphore::new(MOST_REFILLS as usize));
        Self { shards, hasher, count, generations, refills, clock }
    }

    /// Grants from the key's lease, if that covers it, and says how much more should be leased.
    fn grant(
        &self,
        key: Key,
        units: i64,
        terms: &Terms,
        now: Instant,
    ) -> (Option<Covered>, Option<Want>) {
        let mut shard = self.shard(key);
        let Some(leased) = shard.get_mut(&key) else {
            if self.count.load(Ordering::Relaxed) < MOST_KEYS {
                self.count.fetch_add(1, Ordering::Relaxed);
                let generation = self.generations.fetch_add(1, Ordering::Relaxed);
                shard.insert(key, Leased::new(now, units, *terms, generation));
            }
            return (None, None);
        };
        if leased.terms != *terms {
            return (None, None);
        }
        let now_ns = self.now_ns(leased, now);
        let left = leased.left(now_ns);
        leased.last_used = now;
        leased.used = leased.used.saturating_add(units);
        if left < units {
            return (None, leased.want(now, left));
        }
        let of = leased.spend(units);
        let left = left - units;
        let want = if left < leased.wanted / 2 { leased.want(now, left) } else { None };
        (Some(Covered { standing: leased.standing(now_ns, left), of }), want)
    }

    /// Takes in what was granted, as asked at `began`. It comes back if the key has been forgotten
    /// meanwhile.
    fn put(
        &self,
        key: Key,
        CallAnswer { legs, born_ns, now_ns, .. }: &CallAnswer,
        want: Want,
        began: Instant,
    ) -> Option<Piece> {
        let mut shard = self.shard(key);
        let state = legs.first()?;
        let piece = Piece {
            from: state.spent_from,
            to: state.spent_to,
            window_ends_ns: state.window_ends_ns,
            born_ns: *born_ns,
        };
        let Some(leased) = shard.get_mut(&key).filter(|it| it.generation == want.generation) else {
            return (!piece.is_empty()).then_some(piece);
        };
        leased.refilling = false;
        (leased.then_ns, leased.then) = (*now_ns, began);
        leased.left_behind = available(Some(*state), *now_ns, &leased.terms);
        (leased.used, leased.since) = (0, Instant::now());
        if piece.is_empty() {
            leased.not_before = leased.since + IN_VAIN;
            return None;
        }
        leased.left(*now_ns);
        let [first, second] = &mut leased.pieces;
        match (first.is_empty(), second.is_empty()) {
            (true, true) => *first = piece,
            (true, false) => (*first, *second) = (*second, piece),
            // Nothing is asked for while there are two.
            (false, _) => *second = piece,
        }
        None
    }

    /// PostgreSQL could not be asked.
    fn failed(&self, key: Key, want: Want) {
        let mut shard = self.shard(key);
        if let Some(leased) = shard.get_mut(&key).filter(|it| it.generation == want.generation) {
            leased.refilling = false;
            leased.not_before = Instant::now() + IN_VAIN;
        }
    }

    /// What was covered a moment ago is not needed after all. If its piece is gone, so is it.
    pub(crate) fn put_back(&self, key: Key, units: i64, covered: &Covered) {
        let Some(of) = covered.of else { return };
        let mut shard = self.shard(key);
        let Some(leased) = shard.get_mut(&key) else { return };
        leased.used -= units;
        let same = |piece: &&mut Piece| {
            (piece.to, piece.window_ends_ns) == (of.to, of.window_ends_ns)
                && piece.from - units >= of.from
        };
        if let Some(piece) = leased.pieces.iter_mut().find(same) {
            piece.from -= units;
        }
    }

    /// Ends the key's lease: what is left of it.
    pub(crate) fn take_one(&self, key: Key) -> Vec<Ended> {
        let ended = self.shard(key).remove(&key);
        let Some(mut leased) = ended else { return Vec::new() };
        self.count.fetch_sub(1, Ordering::Relaxed);
        leased.left(self.now_ns(&leased, Instant::now()));
        leased.rest(key).collect()
    }

    /// Ends all leases: what is left of each.
    pub(crate) fn take_all(&self) -> Vec<Ended> {
        self.take(|_| true)
    }

    /// Ends those that are idle or old.
    pub(crate) fn take_idle(&self, now: Instant) -> Vec<Ended> {
        self.take(|leased| {
            let is_idle = now.saturating_duration_since(leased.last_used) > IDLE;
            let is_old = now.saturating_duration_since(leased.then) > OLDEST
                && leased.pieces.iter().any(|piece| !piece.is_empty());
            (is_idle || is_old) && !leased.refilling
        })
    }

    fn take(&self, ends: impl Fn(&Leased) -> bool) -> Vec<Ended> {
        let mut ended = Vec::new();
        let now = Instant::now();
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let before = shard.len();
            shard.retain(|key, leased| {
                let ends = ends(leased);
                if ends {
                    leased.left(self.now_ns(leased, now));
                    ended.extend(leased.rest(*key));
                }
                !ends
            });
            self.count.fetch_sub(before - shard.len(), Ordering::Relaxed);
        }
        ended
    }

    /// PostgreSQL's time or ahead of it: too late for a window or a piece rather than too early.
    fn now_ns(&self, leased: &Leased, now: Instant) -> i64 {
        let since = now.saturating_duration_since(leased.then);
        self.clock.now_ns().unwrap_or_else(|| after(leased.then_ns, since))
    }

    fn shard(&self, key: Key) -> MutexGuard<'_, HashMap<Key, Leased, RandomState>> {
        // Other bits than those by which the map goes.
        let hash = self.hasher.hash_one(key).rotate_left(20);
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leased {
    fn new(now: Instant, units: i64, terms: Terms, generation: u64) -> Self {
        Self {
            terms,
            generation,
            pieces: [Piece::default(); 2],
            left_behind: i64::MAX,
            then_ns: 0,
            then: now,
            used: units,
            since: now,
            last_used: now,
            wanted: 0,
            refilling: false,
            not_before: now,
        }
    }

    /// Drops what is past, and says what is left.
    fn left(&mut self, now_ns: i64) -> i64 {
        for piece in &mut self.pieces {
            piece.from = match piece.window_ends_ns {
                None => piece.from.max(now_ns).min(piece.to),
                Some(ends) if ends <= now_ns => piece.to,
                Some(_) => piece.from,
            };
        }
        self.pieces.iter().map(|piece| piece.to - piece.from).sum()
    }

    /// Spends what there is; the piece as it was, if it was of the first alone.
    fn spend(&mut self, units: i64) -> Option<Piece> {
        let [first, second] = &mut self.pieces;
        let before = *first;
        let of_first = units.min(first.to - first.from);
        first.from += of_first;
        second.from += units - of_first;
        if first.is_empty() {
            (*first, *second) = (*second, Piece::default());
        }
        (of_first == units).then_some(before)
    }

    /// How much should be leased on top of what is left, if anything: what is asked for in the
    /// time to come, but only a part of what others may want too.
    fn want(&mut self, now: Instant, left: i64) -> Option<Want> {
        let has_room = self.pieces.iter().any(Piece::is_empty);
        if self.refilling || !has_room || now < self.not_before {
            return None;
        }
        let measured = now.saturating_duration_since(self.since).as_nanos();
        let measured = i128::try_from(measured).unwrap_or(i128::MAX).max(LEAST_NS);
        let demand = i128::from(self.used).saturating_mul(HORIZON_NS) / measured;
        let demand = i64::try_from(demand).unwrap_or(i64::MAX);
        let share = self.left_behind.min(self.terms.capacity) / SHARE;
        let unit = self.terms.unit.get();
        let want = (demand.min(share) - left) / unit * unit;
        // One is what a check takes anyway.
        if want <= unit {
            // What is left behind is known anew when something is asked for again.
            if share <= unit && now.saturating_duration_since(self.then) > IDLE {
                self.left_behind = i64::MAX;
            }
            return None;
        }
        self.wanted = want.saturating_add(left);
        self.refilling = true;
        Some(Want { units: want, generation: self.generation })
    }

    /// What is left, from its end on: a bucket takes back its last piece only.
    fn rest(&self, key: Key) -> impl Iterator<Item = Ended> {
        let terms = self.terms;
        let pieces = self.pieces.into_iter().rev().filter(|piece| !piece.is_empty());
        pieces.map(move |piece| Ended { key, terms, piece })
    }

    fn standing(&self, now_ns: i64, left: i64) -> Standing {
        let terms = &self.terms;
        let last = self.pieces.iter().rev().find(|piece| piece.to > 0);
        let resets_at_ns = last.map_or(now_ns, |piece| {
            let state = State {
                spent_from: piece.from,
                spent_to: piece.to,
                window_ends_ns: piece.window_ends_ns,
                ..State::default()
            };
            state.resets_at_ns(terms)
        });
        let remaining = self.left_behind.saturating_add(left).min(terms.capacity);
        Standing {
            remaining: (remaining / terms.unit.get()).max(0).unsigned_abs(),
            reset_after: nanoseconds(resets_at_ns - now_ns),
            source: Source::Lease,
        }
    }
}

impl Piece {
    fn is_empty(&self) -> bool {
        self.from >= self.to
    }
}
