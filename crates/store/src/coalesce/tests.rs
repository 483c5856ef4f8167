//! The promises of the coalescer, held against work that is not PostgreSQL's.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use proptest::prelude::*;
use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, sleep},
};

use super::{lane::TICK, *};

/// Adds to rows, and remembers what it was made to do.
#[derive(Default)]
struct Adder {
    seen: Mutex<Seen>,
    /// How long a flush takes.
    takes: Duration,
    /// A flush waits for a permit, where there is such a gate.
    gate: Option<Semaphore>,
    /// A flush has begun.
    began: Notify,
    /// Which flushes and openings fail, by their number.
    fails: Vec<usize>,
    panics: Vec<usize>,
    cannot_open: Vec<usize>,
    /// Loses every session that it waits with.
    loses: Notify,
    opened: AtomicUsize,
}

#[derive(Default)]
struct Seen {
    rows: HashMap<u128, u64>,
    flushes: Vec<Vec<Add>>,
    at_once: usize,
    most_at_once: usize,
    /// The rows of the flushes that run.
    under_way: Vec<u128>,
    /// Two lanes were at one row.
    fought: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Add {
    row: u128,
    by: u64,
}

/// A handle for the test and the one that the coalescer has.
#[derive(Clone, Default)]
struct Shared(Arc<Adder>);

impl Work for Shared {
    type Ask = Add;
    /// The row's value after it.
    type Answer = u64;
    type Session = usize;

    fn row(&self, ask: &Add) -> u128 {
        ask.row
    }

    async fn open(&self) -> Result<usize> {
        let number = self.0.opened.fetch_add(1, SeqCst);
        if self.0.cannot_open.contains(&number) {
            Err(Error::caused(Kind::Query, format!("opening {number} fails")))
        } else {
            Ok(number)
        }
    }

    async fn flush(&self, _: &mut usize, asks: &[Add], _: Wait) -> Result<Vec<u64>> {
        let number = {
            let mut seen = self.0.seen.lock().unwrap();
            seen.at_once += 1;
            seen.most_at_once = seen.most_at_once.max(seen.at_once);
            seen.fought |= asks.iter().any(|ask| seen.under_way.contains(&ask.row));
            seen.under_way.extend(asks.iter().map(|ask| ask.row));
            seen.flushes.push(asks.to_vec());
            seen.flushes.len() - 1
        };
        self.0.began.notify_one();
        sleep(self.0.takes).await;
        if let Some(gate) = &self.0.gate {
            gate.acquire().await.unwrap().forget();
        }
        let mut seen = self.0.seen.lock().unwrap();
        seen.at_once -= 1;
        seen.under_way.retain(|row| asks.iter().all(|ask| ask.row != *row));
        assert!(!self.0.panics.contains(&number), "flush {number} panics");
        if self.0.fails.contains(&number) {
            return Err(Error::caused(Kind::Query, format!("flush {number} fails")));
        }
        let mut add = |ask: &Add| {
            let value = seen.rows.entry(ask.row).or_default();
            *value += ask.by;
            *value
        };
        Ok(asks.iter().map(&mut add).collect())
    }

    async fn lost(&self, _: &mut usize) {
        self.0.loses.notified().await;
    }
}

impl Shared {
    fn with(change: impl FnOnce(&mut Adder)) -> Self {
        let mut adder = Adder::default();
        change(&mut adder);
        Self(Arc::new(adder))
    }

    fn one_lane(&self) -> Arc<Coalescer<Self>> {
        self.lanes(Lanes { count: 1, ..Lanes::default() })
    }

    fn lanes(&self, lanes: Lanes) -> Arc<Coalescer<Self>> {
        Arc::new(Coalescer::start(self.clone(), lanes))
    }

    fn flushes(&self) -> Vec<Vec<Add>> {
        self.0.seen.lock().unwrap().flushes.clone()
    }
}

const PATIENCE: Duration = Duration::from_secs(5);

fn add(row: u128, by: u64) -> Add {
    Add { row, by }
}

/// Asks in a task of its own.
fn ask(
    coalescer: &Arc<Coalescer<Shared>>,
    ask: Add,
    patience: Duration,
) -> tokio::task::JoinHandle<Result<u64>> {
    let coalescer = Arc::clone(coalescer);
    tokio::spawn(async move { coalescer.ask(ask, patience).await })
}

/// Lets every task run until it waits.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_while_a_flush_runs_shares_the_next() {
    let work = Shared::with(|work| work.gate = Some(Semaphore::new(0)));
    let coalescer = work.one_lane();
    let first = ask(&coalescer, add(1, 1), PATIENCE);
    work.0.began.notified().await;
    let rest: Vec<_> = [add(9, 1), add(2, 1), add(9, 2), add(1, 1)]
        .map(|add| ask(&coalescer, add, PATIENCE))
        .into();
    settle().await;
    work.0.gate.as_ref().unwrap().add_permits(2);
    assert_eq!(first.await.unwrap().unwrap(), 1);
    let mut answers = Vec::new();
    for one in rest {
        answers.push(one.await.unwrap().unwrap());
    }
    assert_eq!(answers, [1, 1, 3, 2]);
    // By row, and within a row by arrival.
    let second = vec![add(1, 1), add(2, 1), add(9, 1), add(9, 2)];
    assert_eq!(work.flushes(), [vec![add(1, 1)], second]);
}

#[tokio::test(start_paused = true)]
async fn a_flush_is_bounded() {
    let work = Shared::default();
    let coalescer = work.lanes(Lanes { count: 1, batch: 3, ..Lanes::default() });
    let all: Vec<_> = (0..8).map(|row| ask(&coalescer, add(row, 1), PATIENCE)).collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    let sizes: Vec<usize> = work.flushes().iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 3, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_holds_callers_back_and_their_patience_still_ends() {
    let work = Shared::with(|work| work.gate = Some(Semaphore::new(0)));
    let coalescer = work.lanes(Lanes { count: 1, queue: 2, ..Lanes::default() });
    let in_flush = ask(&coalescer, add(0, 1), PATIENCE);
    work.0.began.notified().await;
    let began = Instant::now();
    let patience = Duration::from_millis(100);
    let waiting: Vec<_> = (1..20).map(|row| ask(&coalescer, add(row, 1), patience)).collect();
    for one in waiting {
        assert!(one.await.unwrap().unwrap_err().is_timeout());
    }
    assert_eq!(began.elapsed(), patience);
    work.0.gate.as_ref().unwrap().add_permits(1);
    assert_eq!(in_flush.await.unwrap().unwrap(), 1);
    assert_eq!(work.flushes().len(), 1, "nothing was sent for those who had gone");
}

#[tokio::test(start_paused = true)]
async fn patience_ends_in_the_flush_and_behind_it() {
    let work = Shared::with(|work| work.gate = Some(Semaphore::new(0)));
    let coalescer = work.one_lane();
    let began = Instant::now();
    let impatient = ask(&coalescer, add(1, 1), Duration::from_millis(70));
    work.0.began.notified().await;
    let behind = ask(&coalescer, add(2, 1), Duration::from_millis(30));
    let patient = ask(&coalescer, add(3, 1), PATIENCE);
    assert!(behind.await.unwrap().unwrap_err().is_timeout());
    let late = began.elapsed().checked_sub(Duration::from_millis(30)).unwrap();
    assert!(late <= TICK, "{late:?}");
    assert!(impatient.await.unwrap().unwrap_err().is_timeout());
    assert_eq!(began.elapsed(), Duration::from_millis(70));
    work.0.gate.as_ref().unwrap().add_permits(2);
    assert_eq!(patient.await.unwrap().unwrap(), 1);
    assert_eq!(work.flushes(), [[add(1, 1)], [add(3, 1)]]);
}

#[tokio::test(start_paused = true)]
async fn a_flush_that_hangs_is_given_up_with_its_session() {
    let work = Shared::with(|work| work.gate = Some(Semaphore::new(0)));
    let give_up = Duration::from_secs(2);
    let coalescer = work.lanes(Lanes { count: 1, give_up, ..Lanes::default() });
    let began = Instant::now();
    let hangs = ask(&coalescer, add(1, 1), PATIENCE);
    assert!(hangs.await.unwrap().unwrap_err().is_timeout());
    assert_eq!(began.elapsed(), give_up);
    work.0.gate.as_ref().unwrap().add_permits(1);
    assert_eq!(coalescer.ask(add(2, 1), PATIENCE).await.unwrap(), 1);
    assert_eq!(work.0.opened.load(SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_in_time_asks_nothing_and_takes_nobody_along() {
    let work = Shared::with(|work| work.gate = Some(Semaphore::new(0)));
    let coalescer = work.one_lane();
    let in_flush = ask(&coalescer, add(1, 1), PATIENCE);
    work.0.began.notified().await;
    let behind = ask(&coalescer, add(1, 10), PATIENCE);
    let stays = ask(&coalescer, add(1, 100), PATIENCE);
    settle().await;
    in_flush.abort();
    behind.abort();
    settle().await;
    work.0.gate.as_ref().unwrap().add_permits(2);
    // What had been sent was done; what had not was not.
    assert_eq!(stays.await.unwrap().unwrap(), 101);
}

#[tokio::test(start_paused = true)]
async fn everybody_in_a_failed_flush_gets_the_same_error_and_the_next_gets_a_new_session() {
    let work = Shared::with(|work| {
        work.gate = Some(Semaphore::new(0));
        work.fails = vec![1];
    });
    let coalescer = work.one_lane();
    let first = ask(&coalescer, add(1, 1), PATIENCE);
    work.0.began.notified().await;
    let fail: Vec<_> = (2..5).map(|row| ask(&coalescer, add(row, 1), PATIENCE)).collect();
    settle().await;
    work.0.gate.as_ref().unwrap().add_permits(3);
    first.await.unwrap().unwrap();
    for one in fail {
        let error = one.await.unwrap().unwrap_err();
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "flush 1 fails");
    }
    assert_eq!(coalescer.ask(add(1, 1), PATIENCE).await.unwrap(), 2);
    assert_eq!(work.0.opened.load(SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_error() {
    let work = Shared::with(|work| work.panics = vec![0]);
    let coalescer = work.one_lane();
    let error = coalescer.ask(add(1, 1), PATIENCE).await.unwrap_err();
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "flush 0 panics");
    work.0.seen.clear_poison();
    assert_eq!(coalescer.ask(add(1, 1), PATIENCE).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_no_session_can_be_had_answers_come_at_once() {
    let work = Shared::with(|work| work.cannot_open = (0..6).collect());
    let coalescer = work.one_lane();
    let began = Instant::now();
    let mut failures = 0;
    while let Err(error) = coalescer.ask(add(1, 1), PATIENCE).await {
        assert!(error.to_string().contains("failed"));
        failures += 1;
        sleep(Duration::from_millis(10)).await;
    }
    // 50, 100, 200, 400, 800 and 1000 ms between the attempts, and an answer to all who asked.
    let pauses = Duration::from_millis(2550);
    assert!(began.elapsed() >= pauses && began.elapsed() < pauses + Duration::from_millis(100));
    assert!(failures > 200, "{failures}");
    assert_eq!(work.0.opened.load(SeqCst), 7);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_lost_while_idle_is_not_used_again() {
    let work = Shared::default();
    let coalescer = work.one_lane();
    coalescer.ask(add(1, 1), PATIENCE).await.unwrap();
    settle().await;
    work.0.loses.notify_waiters();
    settle().await;
    assert_eq!(coalescer.ask(add(1, 1), PATIENCE).await.unwrap(), 2);
    assert_eq!(work.0.opened.load(SeqCst), 2);
}

/// Asks for so many rows at once, and says how many flushes ran at the same time.
async fn at_once(work: &Shared, coalescer: &Arc<Coalescer<Shared>>, rows: u128) -> usize {
    let all: Vec<_> = (0..rows).map(|row| ask(coalescer, add(row, 1), PATIENCE)).collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    std::mem::take(&mut work.0.seen.lock().unwrap().most_at_once)
}

#[tokio::test(start_paused = true)]
async fn the_more_ask_the_more_lanes_are_called() {
    let work = Shared::with(|work| work.takes = Duration::from_millis(1));
    let coalescer = work.lanes(Lanes { count: 3, ..Lanes::default() });
    settle().await;
    for _ in 0..3 {
        assert_eq!(at_once(&work, &coalescer, 3).await, 1);
    }
    assert_eq!(work.0.opened.load(SeqCst), 1, "the same lane each time");
    assert_eq!(at_once(&work, &coalescer, 13).await, 2);
    for _ in 0..3 {
        assert_eq!(at_once(&work, &coalescer, 150).await, 3);
        assert_eq!(at_once(&work, &coalescer, 3).await, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_is_in_one_lane_and_does_not_hold_up_others() {
    let work = Shared::with(|work| work.gate = Some(Semaphore::new(0)));
    let coalescer = work.lanes(Lanes { count: 2, ..Lanes::default() });
    settle().await;
    let first = ask(&coalescer, add(1, 1), PATIENCE);
    work.0.began.notified().await;
    let same: Vec<_> = (0..20).map(|_| ask(&coalescer, add(1, 1), PATIENCE)).collect();
    settle().await;
    let others: Vec<_> = (2..20).map(|row| ask(&coalescer, add(row, 1), PATIENCE)).collect();
    settle().await;
    assert_eq!(work.flushes().len(), 1, "nobody was called for what cannot be done yet");
    work.0.gate.as_ref().unwrap().add_permits(5);
    for one in same.into_iter().chain(others).chain([first]) {
        one.await.unwrap().unwrap();
    }
    assert_eq!(work.0.seen.lock().unwrap().rows[&1], 21);
}

#[tokio::test(start_paused = true)]
async fn lanes_that_nobody_can_ask_any_more_answer_and_end() {
    let work = Shared::with(|work| work.takes = Duration::from_millis(1));
    let coalescer = work.one_lane();
    let asked: Vec<_> = (0..5).map(|row| ask(&coalescer, add(row, 1), PATIENCE)).collect();
    settle().await;
    drop(coalescer);
    for one in asked {
        one.await.unwrap().unwrap();
    }
    settle().await;
    assert_eq!(Arc::strong_count(&work.0), 1, "the lane holds its work no more");
}

/// What one caller does: after a pause it asks, and perhaps goes away before long.
#[derive(Clone, Debug)]
struct Caller {
    pause_ms: u64,
    row: u128,
    by: u64,
    leaves_after_ms: Option<u64>,
}

fn callers() -> impl Strategy<Value = Vec<Caller>> {
    let leaves = prop::option::weighted(0.2, 0_u64..20);
    let caller = (0_u64..40, 0_u128..6, 1_u64..9, leaves).prop_map(
        |(pause_ms, row, by, leaves_after_ms)| Caller { pause_ms, row, by, leaves_after_ms },
    );
    prop::collection::vec(caller, 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Whoever asks, when, and however flushes fail: who stays is answered once; what was answered
    /// was done once, in the order of the answers; what failed was not done; flushes are sorted and
    /// bounded, a lane runs one at a time, and no two are at one row.
    #[test]
    fn whatever_happens_each_is_answered_and_each_answer_is_true(
        callers in callers(),
        takes_ms in 0_u64..6,
        batch in 1_usize..12,
        queue in 1_usize..16,
        count in 1_usize..4,
        fails in prop::collection::vec(0_usize..30, 0..6),
        cannot_open in prop::collection::vec(1_usize..6, 0..3),
    ) {
        let work = Shared::with(|work| {
            work.takes = Duration::from_millis(takes_ms);
            work.fails = fails;
            work.cannot_open = cannot_open;
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let lanes = Lanes { count, batch, queue, ..Lanes::default() };
        let outcomes = runtime.block_on(async {
            let coalescer = work.lanes(lanes);
            let tasks: Vec<_> = callers.iter().cloned().map(|caller| {
                let coalescer = Arc::clone(&coalescer);
                tokio::spawn(async move {
                    sleep(Duration::from_millis(caller.pause_ms)).await;
                    let asking = coalescer.ask(add(caller.row, caller.by), PATIENCE);
                    match caller.leaves_after_ms {
                        None => Some(asking.await),
                        Some(ms) => {
                            tokio::time::timeout(Duration::from_millis(ms), asking).await.ok()
                        }
                    }
                })
            }).collect();
            let mut outcomes = Vec::new();
            for task in tasks {
                outcomes.push(task.await.unwrap());
            }
            drop(coalescer);
            while Arc::strong_count(&work.0) > 1 {
                sleep(Duration::from_millis(1)).await;
            }
            outcomes
        });

        let seen = work.0.seen.lock().unwrap();
        for flush in &seen.flushes {
            prop_assert!(flush.len() <= batch);
            prop_assert!(flush.is_sorted_by_key(|add| add.row));
        }
        prop_assert!(seen.most_at_once <= count);
        prop_assert!(!seen.fought);
        let faultless = work.0.fails.is_empty() && work.0.cannot_open.is_empty();

        let mut done: HashMap<u128, u64> = HashMap::new();
        let mut perhaps: HashMap<u128, u64> = HashMap::new();
        let mut values: HashMap<u128, Vec<u64>> = HashMap::new();
        for (caller, outcome) in callers.iter().zip(outcomes) {
            match outcome {
                Some(Ok(value)) => {
                    *done.entry(caller.row).or_default() += caller.by;
                    values.entry(caller.row).or_default().push(value);
                }
                Some(Err(_)) => prop_assert!(!faultless),
                None => *perhaps.entry(caller.row).or_default() += caller.by,
            }
        }
        for (row, values) in &mut values {
            values.sort_unstable();
            prop_assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "each was done once");
            let total = seen.rows[row];
            let least = done[row];
            prop_assert!(*values.last().unwrap() <= total);
            prop_assert!(least <= total);
            prop_assert!(total <= least + perhaps.get(row).copied().unwrap_or(0));
        }
    }
}
