//! What is decided when PostgreSQL does not answer in time, and when it is not even asked.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use pgstead_store::{Chain, Error, Result};
use tokio::time::Instant;
use tracing::{info, warn};

use crate::{
    Check, Decision, OnOutage, Policy, Source, Standing,
    arithmetic::{State, take},
    ask::is_outage,
    check::step,
    lanes::{Answer, Key},
};

/// The most keys that are remembered for [`OnOutage::Local`]; more are refused. About 5 MB.
const MOST_KEYS: usize = 65_536;
/// How often, at most, the memory is searched for keys that can be forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(1);
/// When to try again after a refusal for which there is no other reason: so often PostgreSQL is
/// looked for at least.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// After so many in a row who waited in vain nobody waits any more.
const IN_VAIN: u32 = 5;
/// The pause after which one tries again, doubled up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), RETRY_AFTER);
/// Those who are less patient than this, or this, are counted by themselves: that they wait in vain
/// does not say that others would.
const PATIENCE: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];
/// After so long without anybody waiting in vain PostgreSQL is said to answer again.
const QUIET: Duration = Duration::from_secs(1);

/// What a process remembers while PostgreSQL is away, and whether it is.
#[derive(Debug)]
pub(crate) struct Outages {
    /// The zero of the clock that stands in for the database's.
    epoch: Instant,
    /// When somebody last waited in vain, in ms since the epoch; 0 when nobody has for a while.
    away_ms: AtomicU64,
    memory: Mutex<Memory>,
    /// For those who are more and more patient.
    breakers: [Breaker; PATIENCE.len() + 1],
}

/// A circuit breaker.
#[derive(Debug, Default)]
struct Breaker {
    /// How many in a row have waited in vain.
    in_vain: AtomicU32,
    /// Whether there is anything in `shut`: nearly always there is not.
    is_shut: AtomicBool,
    shut: Mutex<Option<Shut>>,
}

/// Nobody asks PostgreSQL before then, and after that one at a time.
#[derive(Debug)]
struct Shut {
    until: Instant,
    pause: Duration,
    /// What the last who tried was told.
    error: Error,
}

#[derive(Debug, Default)]
struct Memory {
    /// With each the instant from which on it is as if it had never been seen.
    held: HashMap<Key, (State, i64)>,
    forgot_at: Option<Instant>,
}

impl Outages {
    pub(crate) fn new() -> Self {
        Self {
            epoch: Instant::now(),
            away_ms: AtomicU64::new(0),
            memory: Mutex::default(),
            breakers: Default::default(),
        }
    }

    /// Whether to ask PostgreSQL; if not, what it told the last who tried.
    pub(crate) fn admit(&self, patience: Duration) -> Result<()> {
        self.breaker(patience).admit()
    }

    /// Somebody was told something, or was not.
    pub(crate) fn heard<T>(&self, answer: &Result<T>, patience: Duration) {
        let breaker = self.breaker(patience);
        match answer {
            Err(error) if is_outage(error) => {
                let now_ms = self.now_ms();
                if self.away_ms.swap(now_ms, Ordering::Relaxed) == 0 {
                    warn!(
                        error = %Chain(error),
                        "PostgreSQL does not answer: limits are decided by their outage rules",
                    );
                }
                breaker.failed(error);
            }
            _ => {
                breaker.succeeded();
                self.quiet();
            }
        }
    }

    /// PostgreSQL has answered somebody. That counts when nobody has waited in vain for a while.
    ///
    /// What was decided without it stays in memory until it has come back to its keys: one that
    /// answers now and then must not have every key begin anew each time.
    fn quiet(&self) {
        let away_ms = self.away_ms.load(Ordering::Relaxed);
        let quiet_ms = u64::try_from(QUIET.as_millis()).unwrap_or(u64::MAX);
        if away_ms > 0
            && self.now_ms().saturating_sub(away_ms) > quiet_ms
            && self.away_ms.swap(0, Ordering::Relaxed) > 0
        {
            info!("PostgreSQL answers again: limits are exact");
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }

    fn breaker(&self, patience: Duration) -> &Breaker {
        let more_patient = PATIENCE.iter().filter(|least| patience >= **least).count();
        &self.breakers[more_patient]
    }

    /// Decides by the policy's rule.
    pub(crate) fn decide(&self, policy: &Policy, check: &Check) -> Decision {
        let rule = policy.on_outage();
        let source = Source::Outage(rule);
        let standing = Standing { remaining: 0, reset_after: RETRY_AFTER, source };
        match rule {
            OnOutage::Allow => Decision::Allow(standing),
            OnOutage::Deny => Decision::Deny { retry_after: RETRY_AFTER, standing },
            OnOutage::Local => self
                .decide_locally(policy, check)
                .unwrap_or(Decision::Deny { retry_after: RETRY_AFTER, standing }),
        }
    }

    /// Takes from this process's share. `None` where there is no room to remember it.
    fn decide_locally(&self, policy: &Policy, check: &Check) -> Option<Decision> {
        let Check { subject, cost } = check;
        let share = policy.local_share();
        let units = share.units(*cost);
        let now = Instant::now();
        let now_ns = i64::try_from((now - self.epoch).as_nanos()).unwrap_or(i64::MAX);
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if !memory.has_room_for(&subject.key, now, now_ns) {
            return None;
        }
        let held = memory.held.get(&subject.key).map(|(state, _)| *state);
        let state = take(held, now_ns, units, step(units), &share);
        memory.held.insert(subject.key, (state, state.resets_at_ns(&share)));
        let answer = Answer { granted: state.granted() == units, held: Some(state), now_ns };
        let source = Source::Outage(OnOutage::Local);
        Some(Decision::of(&answer, &share, units, source))
    }
}

impl Breaker {
    fn admit(&self) -> Result<()> {
        if !self.is_shut.load(Ordering::Acquire) {
            return Ok(());
        }
        let now = Instant::now();
        match &mut *self.shut() {
            Some(shut) if now < shut.until => Err(shut.error.clone()),
            Some(shut) => {
                // This one tries. The others do not wait until it is told.
                shut.until = now + RETRY_AFTER;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn failed(&self, error: &Error) {
        let in_vain = self.in_vain.fetch_add(1, Ordering::AcqRel) + 1;
        if in_vain < IN_VAIN {
            return;
        }
        let now = Instant::now();
        let mut shut = self.shut();
        let pause = match &*shut {
            None => PAUSE.0,
            // Those who had been waiting when it was shut are told one after another.
            Some(shut) if now < shut.until && shut.until - now <= shut.pause => return,
            Some(shut) => (shut.pause * 2).min(PAUSE.1),
        };
        *shut = Some(Shut { until: now + pause, pause, error: error.clone() });
        self.is_shut.store(true, Ordering::Release);
    }

    fn succeeded(&self) {
        if self.in_vain.load(Ordering::Relaxed) > 0 {
            self.in_vain.store(0, Ordering::Release);
        }
        if self.is_shut.load(Ordering::Relaxed) {
            *self.shut() = None;
            self.is_shut.store(false, Ordering::Release);
        }
    }

    fn shut(&self) -> MutexGuard<'_, Option<Shut>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
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
            self.held.retain(|_, (_, resets_at_ns)| *resets_at_ns > now_ns);
        }
        self.held.len() < MOST_KEYS
    }
}
