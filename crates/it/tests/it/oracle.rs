//! Every algorithm against a plain model in memory: whatever is asked in whatever order, and
//! however the clock steps, the decisions are the same.

mod permits;

use std::{cell::RefCell, collections::HashMap, fmt::Debug, time::Duration};

use pgstead_it::{TestDb, is_long};
use pgstead_limits::{
    Algorithm, Config, Decision, Limits, Period, Policy, PolicyConfig, Reservation, ReservationId,
    Settlement, Source, Subject,
    arithmetic::{State, Window, available, give_back, owe, take, wait_ns},
};
use pgstead_store::{Clock, ManualClock};
use proptest::{
    prelude::*,
    test_runner::{Config as Cases, TestRunner},
};
use tokio::runtime::{Builder, Runtime};

const LIMIT: u64 = 10;
const MINUTE: Duration = Duration::from_mins(1);
const KEYS: usize = 4;
const TTL: Duration = Duration::from_secs(20);

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Check {
        key: usize,
        cost: u64,
    },
    /// One of each key, or none.
    CheckAll {
        costs: [u64; KEYS],
    },
    Refund {
        key: usize,
        cost: u64,
    },
    Reset {
        key: usize,
    },
    Block {
        key: usize,
        seconds: u64,
    },
    Peek {
        key: usize,
    },
    Reserve {
        key: usize,
        cost: u64,
    },
    /// Of the reservations that are open, one.
    Settle {
        which: usize,
        used: u64,
    },
    Sweep,
    Forward {
        ms: u64,
    },
    Back {
        ms: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (key, cost) = (0..KEYS, 1..=LIMIT);
    prop_oneof![
        8 => (key.clone(), cost.clone()).prop_map(|(key, cost)| Step::Check { key, cost }),
        3 => prop::array::uniform4(1..=LIMIT).prop_map(|costs| Step::CheckAll { costs }),
        2 => (key.clone(), cost.clone()).prop_map(|(key, cost)| Step::Refund { key, cost }),
        1 => key.clone().prop_map(|key| Step::Reset { key }),
        1 => (key.clone(), 0_u64..90).prop_map(|(key, seconds)| Step::Block { key, seconds }),
        2 => key.clone().prop_map(|key| Step::Peek { key }),
        3 => (key, cost).prop_map(|(key, cost)| Step::Reserve { key, cost }),
        3 => (0_usize..4, 0..=2 * LIMIT).prop_map(|(which, used)| Step::Settle { which, used }),
        1 => Just(Step::Sweep),
        6 => (1_u64..70_000).prop_map(|ms| Step::Forward { ms }),
        1 => (1_u64..70_000).prop_map(|ms| Step::Back { ms }),
        1 => Just(Step::Forward { ms: 26 * 60 * 60 * 1000 }),
    ]
}

#[test]
fn a_token_bucket_decides_as_its_model() {
    let mut config = PolicyConfig::new(Algorithm::TokenBucket, 2 * LIMIT, MINUTE);
    config.burst = Some(LIMIT);
    compare(&config);
}

#[test]
fn a_fixed_window_decides_as_its_model() {
    compare(&PolicyConfig::new(Algorithm::FixedWindow, LIMIT, MINUTE));
}

#[test]
fn a_sliding_window_decides_as_its_model() {
    compare(&PolicyConfig::new(Algorithm::SlidingWindow, LIMIT, MINUTE));
}

#[test]
fn a_quota_decides_as_its_model() {
    let mut config = PolicyConfig::quota(LIMIT, Period::Day);
    config.zone = Some("Europe/Berlin".to_owned());
    compare(&config);
}

/// Both were taken from one row, whose window was cut short in between: only what was taken after
/// that is given back.
#[test]
fn of_reservations_that_lapse_together_each_goes_to_its_own_window() {
    let mut bench = Bench::new(&PolicyConfig::new(Algorithm::FixedWindow, LIMIT, MINUTE));
    let steps = [
        Step::Reserve { key: 0, cost: 1 },
        Step::Forward { ms: 32_000 },
        Step::Back { ms: 43_000 },
        Step::Reserve { key: 0, cost: 2 },
        Step::Forward { ms: 31_000 },
        Step::Check { key: 0, cost: 8 },
    ];
    bench.follow("fast", &steps);
}

fn compare(config: &PolicyConfig) {
    compare_by(config, step(), Bench::follow);
}

/// Many histories of such steps, of a policy on either storage.
fn compare_by<S: Debug>(
    config: &PolicyConfig,
    step: impl Strategy<Value = S>,
    follow: impl Fn(&mut Bench, &str, &[S]),
) {
    let cases = if is_long() { 5000 } else { 120 };
    let bench = RefCell::new(Bench::new(config));
    TestRunner::new(Cases { cases, failure_persistence: None, ..Cases::default() })
        .run(&(prop::collection::vec(step, 1..40), any::<bool>()), |(steps, durable)| {
            let policy = if durable { "durable" } else { "fast" };
            follow(&mut bench.borrow_mut(), policy, &steps);
            Ok(())
        })
        .unwrap();
}

/// Follows histories, each with keys of its own, one after another.
struct Bench {
    histories: u32,
    clock: ManualClock,
    // Before the runtime, in which they end.
    limits: Option<(Limits, TestDb)>,
    runtime: Runtime,
}

impl Bench {
    fn new(config: &PolicyConfig) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let db = runtime.block_on(TestDb::new());
        let clock = ManualClock::new(Duration::ZERO);
        let mut limits = Config::new([false, true].map(|durable| {
            let mut config = config.clone();
            (config.durable, config.timeout) = (durable, MINUTE);
            Policy::new(if durable { "durable" } else { "fast" }, &config).unwrap()
        }));
        limits.clock = Clock::Manual(clock.clone());
        // What is swept is gone when the clock steps back: it is swept when the history says so.
        limits.sweeps = false;
        let limits = runtime.block_on(async { Limits::start(db.db(), limits) });
        Self { histories: 0, clock, limits: Some((limits, db)), runtime }
    }

    /// A history of which the clock begins anew.
    fn run(&mut self, history: impl AsyncFnOnce(&Limits, &ManualClock, u32)) {
        self.histories += 1;
        // The last Sunday of October, on which a day has 25 hours, and a day before it.
        let begin = Duration::from_hours(24 * 20_750);
        let now = Duration::from_nanos(self.clock.now_ns().unsigned_abs());
        self.clock.turn_back(now);
        self.clock.advance(begin);
        let (limits, _) = self.limits.as_ref().unwrap();
        self.runtime.block_on(history(limits, &self.clock, self.histories));
    }

    fn follow(&mut self, policy: &str, steps: &[Step]) {
        self.run(async |limits, clock, history| {
            let mut world = World::new(limits, clock, policy, history);
            for step in steps {
                world.follow(step).await;
            }
        });
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        drop(self.limits.take());
    }
}

/// A history: what is asked of pgstead, and the model of it.
struct World<'a> {
    limits: &'a Limits,
    clock: &'a ManualClock,
    subjects: Vec<Subject>,
    held: [Option<State>; KEYS],
    reservations: HashMap<String, Reserved>,
    open: Vec<ReservationId>,
    /// Behind the last sweep the clock does not step back.
    swept_at_ns: i64,
}

#[derive(Clone, Copy, Debug)]
struct Reserved {
    key: usize,
    cost: u64,
    window_ends_ns: Option<i64>,
    /// Of a bucket, where what was taken ends.
    taken_to: i64,
    expires_at_ns: i64,
}

impl<'a> World<'a> {
    fn new(limits: &'a Limits, clock: &'a ManualClock, policy: &str, history: u32) -> Self {
        let subject = |key| limits.subject(policy, &format!("{history}:{key}")).unwrap();
        Self {
            limits,
            clock,
            subjects: (0..KEYS).map(subject).collect(),
            held: [None; KEYS],
            reservations: HashMap::new(),
            open: Vec::new(),
            swept_at_ns: 0,
        }
    }

    fn policy(&self) -> &Policy {
        self.subjects[0].policy()
    }

    async fn follow(&mut self, step: &Step) {
        match *step {
            Step::Check { key, cost } => self.check(key, cost).await,
            Step::CheckAll { costs } => self.check_all(costs).await,
            Step::Reserve { key, cost } => self.reserve(key, cost).await,
            Step::Settle { which, used } => self.settle(which, used).await,
            Step::Refund { key, cost } => {
                self.limits.refund(&self.costing(key, cost)).await.unwrap();
                self.give_back(key, cost, None);
            }
            Step::Reset { key } => {
                self.limits.reset(&self.subjects[key]).await.unwrap();
                self.held[key] = None;
                self.reservations.retain(|_, reserved| reserved.key != key);
            }
            Step::Block { key, seconds } => {
                let time = Duration::from_secs(seconds);
                self.limits.block(&self.subjects[key], time).await.unwrap();
                let until = self.clock.now_ns() + i64::try_from(time.as_nanos()).unwrap();
                let held = self.held[key].unwrap_or_default();
                self.held[key] = Some(State { blocked_until_ns: Some(until), ..held });
            }
            Step::Peek { key } => {
                let standing = self.limits.peek(&self.subjects[key]).await.unwrap();
                assert_eq!(standing.remaining, self.left(key));
            }
            Step::Sweep => {
                self.limits.sweep().await.unwrap();
                self.let_lapse(|_| true);
                self.swept_at_ns = self.clock.now_ns();
            }
            Step::Forward { ms } => self.clock.advance(Duration::from_millis(ms)),
            Step::Back { ms } => {
                let room = (self.clock.now_ns() - self.swept_at_ns).unsigned_abs();
                self.clock.turn_back(Duration::from_millis(ms).min(Duration::from_nanos(room)));
            }
        }
    }

    fn costing(&self, key: usize, cost: u64) -> pgstead_limits::Check {
        self.subjects[key].clone().costing(cost).unwrap()
    }

    /// What can be taken, by the model.
    fn left(&self, key: usize) -> u64 {
        let now_ns = self.clock.now_ns();
        let terms = self.policy().terms(now_ns);
        (available(self.held[key], now_ns, &terms) / terms.unit.get()).unsigned_abs()
    }

    /// Takes from the model: whether it granted, and if not when it will.
    fn take(&mut self, key: usize, cost: u64) -> Result<(), Duration> {
        // Whoever would be refused while something is due to lapse gets that.
        if self.left(key) < cost {
            self.let_lapse(|reserved| reserved.key == key);
        }
        let now_ns = self.clock.now_ns();
        let terms = self.policy().terms(now_ns);
        let units = terms.units(cost);
        let state = take(self.held[key], now_ns, units, units.try_into().unwrap(), &terms);
        self.held[key] = Some(state);
        if state.granted() == units {
            return Ok(());
        }
        let state = State { lapses_at_ns: self.lapses_at_ns(key), ..state };
        let wait_ns = wait_ns(state, now_ns, units, &terms);
        Err(Duration::from_nanos(wait_ns.unsigned_abs()))
    }

    fn lapses_at_ns(&self, key: usize) -> Option<i64> {
        let of_key = self.reservations.values().filter(|reserved| reserved.key == key);
        of_key.map(|reserved| reserved.expires_at_ns).min()
    }

    fn give_back(&mut self, key: usize, cost: u64, from: Option<&Reserved>) {
        let now_ns = self.clock.now_ns();
        let terms = self.policy().terms(now_ns);
        let mut units = terms.units(cost);
        if let (Some(reserved), Window::Refill) = (from, terms.window) {
            // What time has passed over it has given back already.
            units = units.min((reserved.taken_to - now_ns).max(0));
        }
        if let Some(held) = self.held[key]
            && from.is_none_or(|reserved| held.window_ends_ns == reserved.window_ends_ns)
        {
            self.held[key] = Some(give_back(held, now_ns, units, None));
        }
    }

    fn let_lapse(&mut self, which: impl Fn(&Reserved) -> bool) {
        let now_ns = self.clock.now_ns();
        let is_due = |reserved: &Reserved| reserved.expires_at_ns <= now_ns && which(reserved);
        let due: Vec<Reserved> =
            self.reservations.values().copied().filter(|reserved| is_due(reserved)).collect();
        self.reservations.retain(|_, reserved| !is_due(reserved));
        for reserved in due {
            self.give_back(reserved.key, reserved.cost, Some(&reserved));
        }
    }

    async fn check(&mut self, key: usize, cost: u64) {
        let decision = self.limits.check(&self.costing(key, cost)).await.unwrap();
        let expected = self.take(key, cost);
        self.compare(key, &decision, expected);
    }

    fn compare(&self, key: usize, decision: &Decision, expected: Result<(), Duration>) {
        assert_eq!(decision.retry_after(), expected.err(), "{:?}", self.held[key]);
        assert_eq!(decision.standing().remaining, self.left(key), "{:?}", self.held[key]);
    }

    async fn check_all(&mut self, costs: [u64; KEYS]) {
        let checks: Vec<_> = (0..KEYS).map(|key| self.costing(key, costs[key])).collect();
        let decisions = self.limits.check_all(&checks).await.unwrap();
        let fits = |world: &Self| (0..KEYS).all(|key| costs[key] <= world.left(key));
        let is_from = |source| decisions.iter().all(|one| one.standing().source == source);
        // Where PostgreSQL was asked, it has let lapse what was due, and seen to it that no window
        // ends too late.
        let was_asked = is_from(Source::Database);
        assert!(was_asked || is_from(Source::Cache));
        if was_asked && !fits(self) {
            self.let_lapse(|_| true);
        }
        let fits = fits(self);
        assert_eq!(decisions.is_allowed(), fits, "{:?}", self.held);
        if was_asked {
            for key in 0..KEYS {
                self.shorten(key);
            }
        }
        if fits {
            for (key, decision) in decisions.iter().enumerate() {
                let granted = self.take(key, costs[key]);
                self.compare(key, decision, granted);
            }
        }
    }

    fn shorten(&mut self, key: usize) {
        let now_ns = self.clock.now_ns();
        let terms = self.policy().terms(now_ns);
        if let Some(held) = &mut self.held[key] {
            let one = terms.unit;
            let fresh = take(None, now_ns, one.get(), one, &terms).window_ends_ns;
            if let (Some(ends), Some(fresh)) = (held.window_ends_ns, fresh)
                && ends > fresh + 10_000_000_000
            {
                held.window_ends_ns = Some(fresh);
            }
        }
    }

    async fn reserve(&mut self, key: usize, cost: u64) {
        let reserved = self.limits.reserve(&self.costing(key, cost), TTL).await.unwrap();
        let expected = self.take(key, cost);
        self.compare(key, reserved.decision(), expected);
        if let Reservation::Reserved { id, .. } = reserved {
            let now_ns = self.clock.now_ns();
            let expires_at_ns = now_ns + i64::try_from(TTL.as_nanos()).unwrap();
            let window_ends_ns = self.held[key].and_then(|held| held.window_ends_ns);
            let taken_to = self.held[key].map_or(0, |held| held.spent_to);
            let reserved = Reserved { key, cost, window_ends_ns, taken_to, expires_at_ns };
            self.reservations.insert(id.to_string(), reserved);
            self.open.push(id);
        }
    }

    async fn settle(&mut self, which: usize, used: u64) {
        if self.open.is_empty() {
            return;
        }
        let id = self.open.swap_remove(which % self.open.len());
        let settled = self.limits.settle(&id, used).await.unwrap();
        let now_ns = self.clock.now_ns();
        let reserved = self.reservations.get(&id.to_string()).copied();
        let Some(reserved) = reserved.filter(|reserved| reserved.expires_at_ns > now_ns) else {
            assert_eq!(settled, Settlement::Unknown);
            return;
        };
        self.reservations.remove(&id.to_string());
        let Reserved { key, cost, .. } = reserved;
        if used > cost {
            let terms = self.policy().terms(now_ns);
            let units = terms.units(used - cost);
            self.held[key] = Some(owe(self.held[key], now_ns, units, &terms));
        } else {
            self.give_back(key, cost - used, Some(&reserved));
        }
        let Settlement::Settled(standing) = settled else { panic!("{settled:?}") };
        assert_eq!(standing.remaining, self.left(reserved.key), "{:?}", self.held[reserved.key]);
    }
}
