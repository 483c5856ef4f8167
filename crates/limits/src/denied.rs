//! Keys that were refused are refused from memory until their time has come.

mod table;

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use pgstead_store::Clock;
use tokio::time::Instant;

use crate::{
    Decision, Policy, Source,
    arithmetic::{State, Terms, available},
    lanes::{Answer, Key, after},
};
use table::Table;

/// How long a refusal is believed, at most, when this process would hear that it no longer holds,
/// and when it would not.
const BELIEVED: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(1));
/// Keys share a count of how often they were given something back.
const COUNTS: usize = 1024;

/// The keys that were refused.
#[derive(Debug)]
pub(crate) struct DeniedKeys {
    keys: Table,
    /// How often one of its keys was given something back: a refusal that was on its way then is
    /// not remembered.
    given: Box<[AtomicU64]>,
    /// Whether this process hears what others give back.
    listening: AtomicBool,
    clock: Clock,
}

/// What is known of a key that was refused.
#[derive(Clone, Copy, Debug)]
struct Denied {
    held: State,
    /// PostgreSQL's time when it was refused, and a moment of ours before that.
    then_ns: i64,
    then: Instant,
}

/// A key when its check began, and how often it had been given something back by then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    key: Key,
    given: u64,
    began: Instant,
}

impl DeniedKeys {
    pub(crate) fn new(clock: Clock) -> Self {
        let given = (0..COUNTS).map(|_| AtomicU64::new(0)).collect();
        Self { keys: Table::default(), given, listening: AtomicBool::new(false), clock }
    }

    /// Refuses what is known to be refused now.
    ///
    /// By a time that is PostgreSQL's or ahead of it, so that nothing is refused which PostgreSQL
    /// would grant: others can only have taken more.
    pub(crate) fn decide(
        &self,
        key: Key,
        units: i64,
        terms: &Terms,
        now: Instant,
    ) -> Option<Decision> {
        let Denied { held, then_ns, then } = self.keys.get(key)?;
        let since = now.saturating_duration_since(then);
        let believed = if self.is_listening() { BELIEVED.0 } else { BELIEVED.1 };
        let now_ns = self.clock.now_ns().unwrap_or_else(|| after(then_ns, since));
        let may_lapse = held.lapses_at_ns.is_some_and(|lapses| lapses <= now_ns);
        // A clock that was turned back shortens windows, which PostgreSQL has to see.
        let is_old = since > believed || now_ns < then_ns;
        if is_old || may_lapse || units <= available(Some(held), now_ns, terms) {
            // PostgreSQL is asked now, and what it says is newer.
            self.keys.remove(key);
            return None;
        }
        let answer = Answer { granted: false, held: Some(held), now_ns };
        Some(Decision::of(&answer, terms, units, Source::Cache))
    }

    /// What there is to remember when PostgreSQL is asked about a key now.
    pub(crate) fn seen(&self, key: Key, began: Instant) -> Seen {
        Seen { key, given: self.count(key).load(Ordering::Acquire), began }
    }

    /// Remembers what was answered if it is a refusal, unless the key has been given something back
    /// since, or its policy has every refusal count.
    pub(crate) fn remember(&self, policy: &Policy, answer: &Answer, seen: Seen) {
        let Seen { key, given, began } = seen;
        let (false, false, Some(held)) = (answer.granted, policy.counts_denied(), answer.held)
        else {
            return;
        };
        self.keys.insert(key, Denied { held, then_ns: answer.now_ns, then: began });
        // Looked at afterwards: whoever gives something back counts first and forgets then.
        if self.count(key).load(Ordering::Acquire) != given {
            self.keys.remove(key);
        }
    }

    /// The key may be granted again.
    pub(crate) fn forget(&self, key: Key) {
        self.count(key).fetch_add(1, Ordering::AcqRel);
        self.keys.remove(key);
    }

    /// Any key may be granted again.
    pub(crate) fn forget_all(&self) {
        self.given.iter().for_each(|count| _ = count.fetch_add(1, Ordering::AcqRel));
        self.keys.clear();
    }

    /// Whether this process hears from now on what others give back.
    pub(crate) fn set_listening(&self, listening: bool) {
        self.listening.store(listening, Ordering::Release);
    }

    fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    fn count(&self, key: Key) -> &AtomicU64 {
        &self.given[key.part(0) % COUNTS]
    }
}
