//! Which keys are called for most, and which are refused most, as far as this process knows.
//!
//! Counted by the summary of Misra and Gries (1982): with a bounded number of counters, a key that
//! is called for more often than one in that many calls is among them, and its count is too low by
//! that part at most.

use std::{
    cell::Cell,
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{Check, Decision, Limits, Policy, Source, lanes::Key};

/// The counters of each kind, for each policy.
const COUNTERS: usize = 512;
/// Policies that are counted for. They come from a configuration, so that there are few.
const MOST_POLICIES: usize = 1024;
/// So many calls a thread and tick are counted one by one; of more, one in so many.
const ONE_BY_ONE: u32 = 5000;
const ONE_IN: u32 = 256;
/// After so many ticks all counts are halved: what was long ago counts less.
const HALVED_AFTER: u32 = 2400;

/// What keys are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum By {
    /// How often they were asked about.
    #[default]
    Calls,
    /// How often they were refused.
    Refusals,
}

/// A key, and how often it was called for or refused: about, and of late.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Called {
    /// The key as it was given.
    pub key: Arc<str>,
    /// How often.
    pub times: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tops {
    policies: Mutex<HashMap<Box<str>, Counts>>,
    ticks: AtomicU32,
}

/// Of one policy.
#[derive(Debug, Default)]
struct Counts {
    calls: Counters,
    refusals: Counters,
}

#[derive(Debug, Default)]
struct Counters(HashMap<Key, Called>);

thread_local! {
    /// The tick, and how many calls there were in it.
    static IN_TICK: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

impl Limits {
    /// The keys of a policy that this process was asked about most, or refused most; at most
    /// `most`, the first of them first. Half of what it counts is of the last ten minutes.
    #[must_use]
    pub fn top(&self, policy: &str, by: By, most: usize) -> Vec<Called> {
        let policies = self.inner.tops.lock();
        let Some(counts) = policies.get(policy) else { return Vec::new() };
        let counters = match by {
            By::Calls => &counts.calls,
            By::Refusals => &counts.refusals,
        };
        let mut all: Vec<Called> = counters.0.values().cloned().collect();
        drop(policies);
        all.sort_by(|one, other| (other.times, &one.key).cmp(&(one.times, &other.key)));
        all.truncate(most);
        all
    }
}

impl Tops {
    /// Counts a call; of very many, some for all.
    pub(crate) fn record(&self, policy: &Policy, check: &Check, decision: &Decision) {
        let tick = self.ticks.load(Ordering::Relaxed);
        let calls = IN_TICK.with(|in_tick| {
            let calls = match in_tick.get() {
                (of, calls) if of == tick => calls + 1,
                _ => 1,
            };
            in_tick.set((tick, calls));
            calls
        });
        let times = match calls {
            ..=ONE_BY_ONE => 1,
            _ if calls.is_multiple_of(ONE_IN) => u64::from(ONE_IN),
            _ => return,
        };
        self.count(policy, check, decision, times);
    }

    fn count(&self, policy: &Policy, check: &Check, decision: &Decision, times: u64) {
        let refused = decision.retry_after().is_some()
            && !matches!(decision.standing().source, Source::Outage(_));
        let mut policies = self.lock();
        if !policies.contains_key(policy.name()) {
            if policies.len() >= MOST_POLICIES {
                return;
            }
            policies.insert(policy.name().into(), Counts::default());
        }
        let Some(counts) = policies.get_mut(policy.name()) else { return };
        counts.calls.add(check, times);
        if refused {
            counts.refusals.add(check, times);
        }
    }

    /// A quarter of a second has passed.
    pub(crate) fn tick(&self) {
        let ticks = self.ticks.fetch_add(1, Ordering::Relaxed) + 1;
        if ticks.is_multiple_of(HALVED_AFTER) {
            for counts in self.lock().values_mut() {
                counts.calls.halve();
                counts.refusals.halve();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Counts>> {
        self.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counters {
    fn add(&mut self, check: &Check, times: u64) {
        let subject = &check.subject;
        if let Some(called) = self.0.get_mut(&subject.key) {
            called.times += times;
            return;
        }
        if self.0.len() < COUNTERS {
            self.0.insert(subject.key, Called { key: Arc::clone(&subject.text), times });
            return;
        }
        // This key and all others lose as much: whoever has more than that stays.
        let least = self.0.values().map(|called| called.times).min().unwrap_or(0).min(times);
        self.0.retain(|_, called| {
            called.times -= least;
            called.times > 0
        });
        if times > least {
            let times = times - least;
            self.0.insert(subject.key, Called { key: Arc::clone(&subject.text), times });
        }
    }

    fn halve(&mut self) {
        self.0.retain(|_, called| {
            called.times /= 2;
            called.times > 0
        });
    }
}
