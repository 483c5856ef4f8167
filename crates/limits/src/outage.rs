//! What is decided when PostgreSQL does not answer in time.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use pgstead_store::{Chain, Error};
use tokio::time::Instant;
use tracing::{info, warn};

use crate::{
    Check, Decision, OnOutage, Source, Standing,
    arithmetic::{State, take},
    check::step,
    lanes::{Answer, Key},
};

/// The most keys that are remembered for [`OnOutage::Local`]; more are refused. About 5 MB.
const MOST_KEYS: usize = 65_536;
/// How often, at most, the memory is searched for keys that can be forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(1);
/// When to try again after a refusal for which there is no other reason: the lanes look for
/// PostgreSQL once a second.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a process remembers while PostgreSQL is away, and whether it is.
#[derive(Debug)]
pub(crate) struct Outages {
    /// The zero of the clock that stands in for the database's.
    epoch: Instant,
    away: AtomicBool,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    held: HashMap<Key, State>,
    forgot_at: Option<Instant>,
}

impl Outages {
    pub(crate) fn new() -> Self {
        let (away, memory) = (AtomicBool::new(false), Mutex::default());
        Self { epoch: Instant::now(), away, memory }
    }

    /// Decides by the policy's rule.
    pub(crate) fn decide(&self, check: &Check, error: &Error) -> Decision {
        if !self.away.swap(true, Ordering::Relaxed) {
            warn!(
                error = %Chain(error),
                "PostgreSQL does not answer: limits are decided by their outage rules",
            );
        }
        let rule = check.subject.policy.on_outage();
        let source = Source::Outage(rule);
        let standing = Standing { remaining: 0, reset_after: RETRY_AFTER, source };
        match rule {
            OnOutage::Allow => Decision::Allow(standing),
            OnOutage::Deny => Decision::Deny { retry_after: RETRY_AFTER, standing },
            OnOutage::Local => self
                .decide_locally(check)
                .unwrap_or(Decision::Deny { retry_after: RETRY_AFTER, standing }),
        }
    }

    /// PostgreSQL has answered: what was decided without it is forgotten.
    pub(crate) fn ended(&self) {
        // Nearly always there was none, and a look is cheaper than a swap.
        if self.away.load(Ordering::Relaxed) && self.away.swap(false, Ordering::Relaxed) {
            self.memory.lock().unwrap_or_else(PoisonError::into_inner).held.clear();
            info!("PostgreSQL answers again: limits are exact");
        }
    }

    /// Takes from this process's share. `None` where there is no room to remember it.
    fn decide_locally(&self, check: &Check) -> Option<Decision> {
        let Check { subject, cost } = check;
        let share = subject.policy.local_share();
        let units = share.terms().units(*cost);
        let now = Instant::now();
        let now_ns = i64::try_from((now - self.epoch).as_nanos()).unwrap_or(i64::MAX);
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if !memory.has_room_for(&subject.key, now, now_ns) {
            return None;
        }
        let held = memory.held.get(&subject.key).copied();
        let state = take(held, now_ns, units, step(units), share.terms());
        memory.held.insert(subject.key, state);
        let answer = Answer { granted: state.granted() == units, held: Some(state), now_ns };
        let source = Source::Outage(OnOutage::Local);
        Some(Decision::of(&answer, share.terms(), units, source))
    }
}

impl Memory {
    fn has_room_for(&mut self, key: &Key, now: Instant, now_ns: i64) -> bool {
        if self.held.len() < MOST_KEYS || self.held.contains_key(key) {
            return true;
        }
        if self.forgot_at.is_none_or(|at| now - at >= FORGET_EVERY) {
            self.forgot_at = Some(now);
            // A key that has got everything back is as if it had never been seen.
            self.held.retain(|_, state| state.resets_at_ns() > now_ns);
        }
        self.held.len() < MOST_KEYS
    }
}
