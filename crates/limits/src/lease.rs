//! What a process takes ahead, and grants from memory.
//!
//! A lease of a window is a count that has been taken from that window, and dies with it. A lease
//! of a token bucket is a piece of the bucket's time: what was spent from one instant to another.
//! As time passes over the piece the bucket refills, so what has been passed over must not be
//! granted any more; what lies ahead is granted to nobody else. So the leases of all processes and
//! what is in the bucket are at no moment more than the bucket holds.

use std::{
    collections::HashMap,
    hash::BuildHasher,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use foldhash::fast::RandomState;
use futures_util::future::join_all;
use pgstead_store::{Chain, Clock, Parameter, Result, tokio_postgres::types::Type};
use tokio::time::Instant;
use tracing::debug;

use crate::{
    Inner, Policy, Source, Standing,
    arithmetic::{State, Terms, Window, available},
    lanes::{Answer, Ask, Key, Sql, Statements, Storage, Verb, after, nanoseconds},
    take::{Call, Leg},
};

pub(crate) static RETURN_LEASE: Sql = Sql::new(include_str!("../sql/return_lease.sql"));

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
pub(crate) const IDLE: Duration = Duration::from_secs(2);
/// After PostgreSQL had nothing to lease, so long nothing is asked for.
const IN_VAIN: Duration = Duration::from_millis(100);
/// Leases that are given back in one go.
const AT_ONCE: usize = 1000;

/// The leases of a process.
#[derive(Debug)]
pub(crate) struct Leases {
    shards: Box<[Mutex<HashMap<Key, Leased, RandomState>>]>,
    hasher: RandomState,
    count: AtomicUsize,
    clock: Clock,
}

/// What a process has of a key, and how much it is asked for.
#[derive(Clone, Debug)]
struct Leased {
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    from: i64,
    to: i64,
    /// The end of the window it was taken from; `None` for a bucket.
    window_ends_ns: Option<i64>,
}

/// Whether a lease covers a check.
pub(crate) enum Local {
    /// It does, from that piece if it was of one. `refill` says how much more should be leased.
    Granted { standing: Standing, of: Option<Piece>, refill: Option<Want> },
    /// It does not; PostgreSQL has to be asked.
    Missed { refill: Option<Want> },
}

/// How much should be leased, in units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want(i64);

impl Leases {
    pub(crate) fn new(clock: Clock) -> Self {
        let hasher = RandomState::default();
        let shard = || Mutex::new(HashMap::with_hasher(hasher.clone()));
        let shards = (0..SHARDS).map(|_| shard()).collect();
        Self { shards, hasher, count: AtomicUsize::new(0), clock }
    }

    /// Grants from the key's lease.
    pub(crate) fn take(&self, key: Key, units: i64, terms: &Terms, now: Instant) -> Local {
        let mut shard = self.shard(key);
        let Some(leased) = shard.get_mut(&key) else {
            if self.count.load(Ordering::Relaxed) < MOST_KEYS {
                self.count.fetch_add(1, Ordering::Relaxed);
                shard.insert(key, Leased::new(now, units));
            }
            return Local::Missed { refill: None };
        };
        let now_ns = self.now_ns(leased, now);
        let left = leased.left(now_ns);
        leased.last_used = now;
        leased.used = leased.used.saturating_add(units);
        if left < units {
            return Local::Missed { refill: leased.want(now, left, terms) };
        }
        let of = leased.spend(units);
        let left = left - units;
        let refill = if left < leased.wanted / 2 { leased.want(now, left, terms) } else { None };
        Local::Granted { standing: leased.standing(now_ns, left, terms), of, refill }
    }

    /// Takes in what was granted, as asked at `began`.
    fn put(&self, key: Key, answer: &Answer, terms: &Terms, began: Instant) {
        let mut shard = self.shard(key);
        let (Some(leased), Some(state)) = (shard.get_mut(&key), answer.held) else { return };
        leased.refilling = false;
        (leased.then_ns, leased.then) = (answer.now_ns, began);
        leased.left_behind = available(Some(state), answer.now_ns, terms);
        (leased.used, leased.since) = (0, Instant::now());
        if state.granted() == 0 {
            leased.not_before = leased.since + IN_VAIN;
            return;
        }
        let piece = Piece {
            from: state.spent_from,
            to: state.spent_to,
            window_ends_ns: state.window_ends_ns,
        };
        leased.left(answer.now_ns);
        let [first, second] = &mut leased.pieces;
        match (first.is_empty(), second.is_empty()) {
            (true, true) => *first = piece,
            (true, false) => (*first, *second) = (*second, piece),
            // Nothing is asked for while there are two.
            (false, _) => *second = piece,
        }
    }

    /// PostgreSQL could not be asked.
    fn failed(&self, key: Key) {
        if let Some(leased) = self.shard(key).get_mut(&key) {
            leased.refilling = false;
            leased.not_before = Instant::now() + IN_VAIN;
        }
    }

    /// What was granted from a piece a moment ago is not needed after all. If the piece is gone,
    /// so are they.
    pub(crate) fn put_back(&self, key: Key, units: i64, of: Piece) {
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

    /// Forgets the key's lease without giving it back: what it was taken from is not there.
    pub(crate) fn drop_one(&self, key: Key) {
        if self.shard(key).remove(&key).is_some() {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Forgets all leases.
    pub(crate) fn drop_all(&self) {
        self.take_all();
    }

    /// Ends all leases: what is left of each.
    pub(crate) fn take_all(&self) -> Vec<(Key, Piece)> {
        self.take_idle(None)
    }

    /// Ends those that have not been asked for since then, or all of them.
    pub(crate) fn take_idle(&self, since: Option<Instant>) -> Vec<(Key, Piece)> {
        let mut ended = Vec::new();
        let now = Instant::now();
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let before = shard.len();
            shard.retain(|key, leased| {
                let stays = since.is_some_and(|since| leased.last_used > since || leased.refilling);
                if !stays {
                    leased.left(self.now_ns(leased, now));
                    // From its end on: a bucket takes back its last piece only.
                    let pieces = leased.pieces.iter().rev().filter(|piece| !piece.is_empty());
                    ended.extend(pieces.map(|piece| (*key, *piece)));
                }
                stays
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
    fn new(now: Instant, units: i64) -> Self {
        Self {
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
    fn want(&mut self, now: Instant, left: i64, terms: &Terms) -> Option<Want> {
        let has_room = self.pieces.iter().any(Piece::is_empty);
        if self.refilling || !has_room || now < self.not_before {
            return None;
        }
        let measured = now.saturating_duration_since(self.since).as_nanos();
        let measured = i128::try_from(measured).unwrap_or(i128::MAX).max(LEAST_NS);
        let demand = i128::from(self.used).saturating_mul(HORIZON_NS) / measured;
        let demand = i64::try_from(demand).unwrap_or(i64::MAX);
        let share = self.left_behind.min(terms.capacity) / SHARE;
        let unit = terms.unit.get();
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
        Some(Want(want))
    }

    fn standing(&self, now_ns: i64, left: i64, terms: &Terms) -> Standing {
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

impl Inner {
    /// Leases more, beside whoever needed it.
    pub(crate) fn refill(self: &Arc<Self>, policy: &Arc<Policy>, key: Key, want: Want) {
        let (inner, policy) = (Arc::clone(self), Arc::clone(policy));
        tokio::spawn(async move {
            let leg = Leg::new(&inner, &policy, key, want.0);
            let began = Instant::now();
            match inner.ask_several(Call::lease(leg), &[&policy]).await {
                Ok(answer) => {
                    let terms = policy.timeless_terms();
                    inner.leases.put(key, &answer.only(), terms, began);
                }
                Err(error) => {
                    // Whoever asks next is told by PostgreSQL itself, or by the outage rule.
                    debug!(error = %Chain(&error), "nothing could be leased");
                    inner.leases.failed(key);
                }
            }
        });
    }

    /// Gives back what is left of leases.
    pub(crate) async fn return_leases(&self, ended: Vec<(Key, Piece)>) {
        for some in ended.chunks(AT_ONCE) {
            // One piece of a key at a time, the last one first.
            let (firsts, seconds): (Vec<_>, Vec<_>) = some
                .iter()
                .enumerate()
                .partition(|(at, (key, _))| *at == 0 || some[at - 1].0 != *key);
            for each in [firsts, seconds] {
                let returned =
                    each.into_iter().map(|(_, (key, piece))| self.return_one(*key, *piece));
                join_all(returned).await;
            }
        }
    }

    async fn return_one(&self, key: Key, piece: Piece) {
        let Piece { from, to, window_ends_ns } = piece;
        let leased_to_ns = window_ends_ns.is_none().then_some(to);
        let verb = Verb::Return { units: to - from, window_ends_ns, leased_to_ns };
        // What it is of does not matter: the statement has all it needs.
        let window = Window::Refill;
        let terms = Terms { unit: std::num::NonZeroI64::MIN, capacity: 0, window };
        let ask = Ask { key, terms, verb, penalty: None };
        let side = self.side(Storage::Fast);
        if let Err(error) = side.lanes.ask(ask, IDLE).await {
            debug!(error = %Chain(&error), "a lease could not be given back: it ends by itself");
        }
    }
}

/// Does and answers the returns.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let (mut keys, mut left) = (Vec::<Key>::new(), Vec::new());
    let (mut ends, mut to) = (Vec::new(), Vec::new());
    for (ask, answer) in asks.iter().zip(answers) {
        let Verb::Return { units, window_ends_ns, leased_to_ns } = ask.verb else { continue };
        // A second one of a key, of which there are none, is not given back.
        let is_first = keys.last() != Some(&ask.key);
        if is_first {
            keys.push(ask.key);
            left.push(units);
            ends.push(window_ends_ns);
            to.push(leased_to_ns);
        }
        *answer = Some(Answer { granted: is_first, held: None, now_ns: 0 });
    }
    if keys.is_empty() {
        return Ok(());
    }
    let parameters: [Parameter<'_>; 4] = [
        (&keys, Type::UUID_ARRAY),
        (&left, Type::INT8_ARRAY),
        (&ends, Type::INT8_ARRAY),
        (&to, Type::INT8_ARRAY),
    ];
    statements.run(&[(&RETURN_LEASE, &parameters)]).await?;
    Ok(())
}
