//! How much may be under way to each endpoint, so that none takes what others need.
//!
//! All endpoints share the worker's jobs. So an endpoint begins with few requests at once, gets more as it
//! answers and fewer as it fails, and what it has no room for goes back into the queue until there may be
//! room, instead of waiting here. One that fails again and again is left alone for a while; then a single
//! request shows whether it is back.
//!
//! This is each process's own knowledge: pure, but for the time, which is tokio's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::{EndpointId, config::Breaker};

/// So many requests at once in the beginning.
const FIRST_LIMIT: usize = 4;
/// How long a delivery may wait here for room.
const PATIENCE: Duration = Duration::from_millis(500);
/// How many may, for one endpoint.
const MOST_WAITING: usize = 64;
/// How long a request takes until it is known.
const FIRST_GUESS: Duration = Duration::from_millis(50);
/// The shortest and the longest time that a delivery is put off, beside a pause.
const PUT_OFF: (Duration, Duration) = (Duration::from_millis(20), Duration::from_mins(1));
/// So far apart those that are put off come back, at least and at most.
const APART: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(1));
/// From so many endpoints on, those of which there is nothing to know are forgotten.
const MANY: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Traffic {
    lanes: Mutex<HashMap<EndpointId, Arc<Lane>>>,
    breaker: Breaker,
}

#[derive(Debug)]
struct Lane {
    inside: Mutex<Inside>,
    /// Somebody has left.
    left: Notify,
    breaker: Breaker,
}

#[derive(Debug)]
struct Inside {
    /// When those that are under way began.
    under_way: Vec<Instant>,
    waiting: usize,
    /// How many may be under way.
    limit: usize,
    /// How long one takes, about.
    takes: Duration,
    /// How many have failed since one was answered.
    failures: u32,
    /// Nothing is sent before.
    paused_until: Option<Instant>,
    /// How long the next pause is.
    pause: Duration,
    /// After a pause one goes first.
    is_probing: bool,
    /// Until then others were put off already.
    put_off_until: Instant,
}

/// Whether a request may be made.
#[derive(Debug)]
pub(crate) enum Entry {
    /// Now.
    Go(Pass),
    /// Not before that time has passed.
    Later(Duration),
}

/// A request that is under way.
#[derive(Debug)]
pub(crate) struct Pass {
    lane: Arc<Lane>,
    began: Instant,
    is_probe: bool,
    has_left: bool,
}

/// What a request says about its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is there, whatever it makes of the event.
    Answers,
    /// It is not, or not as it should.
    Fails,
    /// It asks to be left alone for that time.
    Asks(Duration),
}

impl Traffic {
    pub(crate) fn new(breaker: Breaker) -> Self {
        Self { lanes: Mutex::default(), breaker }
    }

    /// For how long nothing is sent to an endpoint now: one that is not even looked at.
    pub(crate) fn bars(&self, endpoint: EndpointId) -> Option<Duration> {
        let lane = self.lanes().get(&endpoint).cloned()?;
        lane.inside().bars(Instant::now())
    }

    /// Waits for room, if there is hope of some soon. At most `most` are under way.
    pub(crate) async fn enter(&self, endpoint: EndpointId, most: usize) -> Entry {
        let lane = self.lane(endpoint);
        let until = Instant::now() + PATIENCE;
        loop {
            let left = lane.left.notified();
            let now = Instant::now();
            let tried = lane.inside().try_enter(now, most);
            match tried {
                Tried::Go { is_probe } => {
                    let lane = Arc::clone(&lane);
                    return Entry::Go(Pass { lane, began: now, is_probe, has_left: false });
                }
                Tried::Later(time) => return Entry::Later(time),
                Tried::Wait if now >= until => {
                    return Entry::Later(lane.inside().put_off(now, now));
                }
                Tried::Wait => {}
            }
            let waiting = Waiting::begin(&lane);
            let _whether = timeout_at(until, left).await;
            drop(waiting);
        }
    }

    fn lane(&self, endpoint: EndpointId) -> Arc<Lane> {
        let mut lanes = self.lanes();
        if lanes.len() >= MANY && !lanes.contains_key(&endpoint) {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || !lane.inside().is_unknown());
        }
        let lane = lanes.entry(endpoint).or_insert_with(|| Arc::new(Lane::new(self.breaker)));
        Arc::clone(lane)
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<EndpointId, Arc<Lane>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    fn new(breaker: Breaker) -> Self {
        let inside = Inside {
            under_way: Vec::new(),
            waiting: 0,
            limit: FIRST_LIMIT,
            takes: FIRST_GUESS,
            failures: 0,
            paused_until: None,
            pause: breaker.pause,
            is_probing: false,
            put_off_until: Instant::now(),
        };
        Self { inside: Mutex::new(inside), left: Notify::new(), breaker }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Tried {
    Go { is_probe: bool },
    Wait,
    Later(Duration),
}

impl Inside {
    fn bars(&mut self, now: Instant) -> Option<Duration> {
        if let Some(until) = self.paused_until
            && until > now
        {
            return Some(self.put_off(now, until));
        }
        self.is_probing.then(|| self.put_off(now, now))
    }

    fn try_enter(&mut self, now: Instant, most: usize) -> Tried {
        if let Some(time) = self.bars(now) {
            return Tried::Later(time);
        }
        let is_probe = self.paused_until.take().is_some();
        self.limit = self.limit.min(most).max(1);
        if self.under_way.len() < self.limit {
            self.under_way.push(now);
            self.is_probing |= is_probe;
            return Tried::Go { is_probe };
        }
        if is_probe {
            // Those that began before the pause have not ended yet.
            self.paused_until = Some(now);
        }
        let ahead = u32::try_from(self.waiting + 1).unwrap_or(u32::MAX);
        if self.waiting < MOST_WAITING && self.turn_over(now) * ahead <= PATIENCE {
            Tried::Wait
        } else {
            Tried::Later(self.put_off(now, now))
        }
    }

    /// How long until there is room for one more: of what hangs, as long as it has hung already.
    fn turn_over(&self, now: Instant) -> Duration {
        let oldest = self.under_way.iter().map(|began| now - *began).max().unwrap_or_default();
        self.takes.max(oldest) / u32::try_from(self.limit).unwrap_or(u32::MAX)
    }

    /// When one that comes after the others that were put off is to come again.
    fn put_off(&mut self, now: Instant, from: Instant) -> Duration {
        let apart = self.turn_over(now).clamp(APART.0, APART.1);
        let earliest = from.max(now + PUT_OFF.0);
        if self.put_off_until < earliest || self.put_off_until > earliest + PUT_OFF.1 {
            self.put_off_until = earliest;
        }
        let at = self.put_off_until;
        self.put_off_until += apart;
        at - now
    }

    fn leave(&mut self, now: Instant, pass: &Pass, verdict: Option<Verdict>, breaker: &Breaker) {
        if let Some(at) = self.under_way.iter().position(|began| *began == pass.began) {
            self.under_way.swap_remove(at);
        }
        if pass.is_probe {
            self.is_probing = false;
        }
        let Some(verdict) = verdict else { return };
        self.takes = (self.takes * 3 + (now - pass.began)) / 4;
        match verdict {
            Verdict::Answers => {
                self.failures = 0;
                self.pause = breaker.pause;
                self.limit += 1;
            }
            Verdict::Fails => {
                self.failures = self.failures.saturating_add(1);
                self.limit = (self.limit / 2).max(1);
                // Of many that began before the pause each failure is the same one.
                if self.failures >= breaker.failures && self.paused_until.is_none() {
                    self.paused_until = Some(now + self.pause);
                    self.pause = (self.pause * 2).min(breaker.longest_pause);
                }
            }
            Verdict::Asks(time) => {
                self.failures = 0;
                let until = now + time;
                self.paused_until = Some(self.paused_until.map_or(until, |at| at.max(until)));
            }
        }
    }

    /// Whether it is as good as new.
    fn is_unknown(&self) -> bool {
        self.under_way.is_empty() && self.failures == 0 && self.paused_until.is_none()
    }
}

/// One that waits is counted for as long as it does.
struct Waiting<'a>(&'a Lane);

impl<'a> Waiting<'a> {
    fn begin(lane: &'a Lane) -> Self {
        lane.inside().waiting += 1;
        Self(lane)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.inside().waiting -= 1;
    }
}

impl Pass {
    /// It has ended, and says that.
    pub(crate) fn leave(mut self, verdict: Verdict) {
        self.has_left = true;
        self.end(Some(verdict));
    }

    fn end(&self, verdict: Option<Verdict>) {
        let lane = &self.lane;
        lane.inside().leave(Instant::now(), self, verdict, &lane.breaker);
        lane.left.notify_one();
    }
}

/// A request that was cut off says nothing.
impl Drop for Pass {
    fn drop(&mut self) {
        if !self.has_left {
            self.end(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::id;

    fn one() -> (Traffic, EndpointId) {
        (Traffic::new(Breaker::default()), EndpointId(id::random()))
    }

    async fn go(traffic: &Traffic, endpoint: EndpointId, most: usize) -> Pass {
        match traffic.enter(endpoint, most).await {
            Entry::Go(pass) => pass,
            Entry::Later(time) => panic!("not before {time:?}"),
        }
    }

    async fn later(traffic: &Traffic, endpoint: EndpointId) -> Duration {
        match traffic.enter(endpoint, 16).await {
            Entry::Go(_) => panic!("it may go"),
            Entry::Later(time) => time,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_that_answers_gets_more_and_one_that_fails_less() {
        let (traffic, endpoint) = one();
        let mut passes = Vec::new();
        for _ in 0..FIRST_LIMIT {
            passes.push(go(&traffic, endpoint, 6).await);
        }
        later(&traffic, endpoint).await;
        for pass in passes.drain(..) {
            pass.leave(Verdict::Answers);
        }
        for _ in 0..6 {
            passes.push(go(&traffic, endpoint, 6).await);
        }
        assert!(matches!(traffic.enter(endpoint, 6).await, Entry::Later(_)), "six are the most");
        passes.pop().unwrap().leave(Verdict::Fails);
        drop(passes);
        assert_eq!(traffic.lane(endpoint).inside().limit, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_let_in_when_somebody_leaves() {
        let (traffic, endpoint) = one();
        let traffic = Arc::new(traffic);
        let pass = go(&traffic, endpoint, 1).await;
        let of = Arc::clone(&traffic);
        let waiting = tokio::spawn(async move { of.enter(endpoint, 1).await });
        tokio::task::yield_now().await;
        assert_eq!(traffic.lane(endpoint).inside().waiting, 1);
        pass.leave(Verdict::Answers);
        assert!(matches!(waiting.await.unwrap(), Entry::Go(_)));
        assert_eq!(traffic.lane(endpoint).inside().waiting, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_one_that_hangs() {
        let (traffic, endpoint) = one();
        let mut passes = Vec::new();
        for _ in 0..FIRST_LIMIT {
            passes.push(go(&traffic, endpoint, 16).await);
        }
        advance(Duration::from_secs(3)).await;
        let before = Instant::now();
        let first = later(&traffic, endpoint).await;
        let second = later(&traffic, endpoint).await;
        assert_eq!(Instant::now(), before);
        assert!(second > first && second < first + Duration::from_secs(1), "{first:?} {second:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_fails_again_and_again_is_left_alone_and_then_probed() {
        let (traffic, endpoint) = one();
        for _ in 0..5 {
            go(&traffic, endpoint, 16).await.leave(Verdict::Fails);
        }
        let pause = Duration::from_secs(10);
        assert_eq!(later(&traffic, endpoint).await, pause);
        assert!(traffic.bars(endpoint).unwrap() > pause, "those that follow come after it");
        advance(pause).await;
        let probe = go(&traffic, endpoint, 16).await;
        assert!(later(&traffic, endpoint).await < pause, "one is enough");
        probe.leave(Verdict::Fails);
        assert!(later(&traffic, endpoint).await >= 2 * pause);
        advance(2 * pause).await;
        go(&traffic, endpoint, 16).await.leave(Verdict::Answers);
        assert_eq!(traffic.bars(endpoint), None);
        // It is as if nothing had been.
        for _ in 0..5 {
            go(&traffic, endpoint, 16).await.leave(Verdict::Fails);
        }
        assert!(later(&traffic, endpoint).await < 2 * pause);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_asks_for_time_gets_it() {
        let (traffic, endpoint) = one();
        let time = Duration::from_mins(2);
        go(&traffic, endpoint, 16).await.leave(Verdict::Asks(time));
        assert_eq!(traffic.bars(endpoint), Some(time));
        advance(time).await;
        assert_eq!(traffic.bars(endpoint), None);
        let probe = go(&traffic, endpoint, 16).await;
        assert!(traffic.bars(endpoint).is_some());
        drop(probe);
        assert_eq!(traffic.bars(endpoint), None, "a probe that was cut off is none");
    }
}
