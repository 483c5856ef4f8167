//! Permits against their model: who holds which, and until when.

use std::{collections::HashMap, time::Duration};

use pgstead_limits::{Algorithm, Limits, Loan, PermitId, Permits, PolicyConfig, Subject};
use pgstead_store::ManualClock;
use proptest::prelude::*;

use super::{Bench, MINUTE, compare_by};

const MOST: u64 = 3;
const KEYS: usize = 2;

/// One thing that happens. Of the permits that were ever given out, `which` is one, and may be out no
/// more.
#[derive(Clone, Copy, Debug)]
enum Step {
    Acquire { key: usize },
    Renew { which: usize },
    Release { which: usize },
    Reset { key: usize },
    Peek { key: usize },
    Sweep,
    Forward { ms: u64 },
    Back { ms: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let (key, which) = (0..KEYS, 0_usize..8);
    prop_oneof![
        8 => key.clone().prop_map(|key| Step::Acquire { key }),
        4 => which.clone().prop_map(|which| Step::Renew { which }),
        3 => which.prop_map(|which| Step::Release { which }),
        1 => key.clone().prop_map(|key| Step::Reset { key }),
        2 => key.prop_map(|key| Step::Peek { key }),
        1 => Just(Step::Sweep),
        5 => (1_u64..70_000).prop_map(|ms| Step::Forward { ms }),
        1 => (1_u64..70_000).prop_map(|ms| Step::Back { ms }),
    ]
}

#[test]
fn permits_are_given_out_as_their_model_says() {
    let config = PolicyConfig::new(Algorithm::Concurrency, MOST, MINUTE);
    compare_by(&config, step(), |bench: &mut Bench, policy, steps| {
        bench.run(async |limits, clock, history| {
            let mut world = World::new(limits, clock, policy, history);
            for step in steps {
                world.follow(*step).await;
            }
        });
    });
}

struct World<'a> {
    limits: &'a Limits,
    clock: &'a ManualClock,
    subjects: Vec<Subject>,
    permits: Vec<Permits>,
    /// Of each key, when each permit ends. One that has ended is forgotten when the key is asked for,
    /// and does not come back with the clock.
    out: [HashMap<String, i64>; KEYS],
    lent: Vec<(usize, PermitId)>,
}

impl<'a> World<'a> {
    fn new(limits: &'a Limits, clock: &'a ManualClock, policy: &str, history: u32) -> Self {
        let subject = |key| limits.subject(policy, &format!("{history}:{key}")).unwrap();
        let subjects: Vec<Subject> = (0..KEYS).map(subject).collect();
        let permits = subjects.iter().map(|subject| subject.clone().permits().unwrap()).collect();
        Self { limits, clock, subjects, permits, out: Default::default(), lent: Vec::new() }
    }

    async fn follow(&mut self, step: Step) {
        match step {
            Step::Acquire { key } => self.acquire(key).await,
            Step::Renew { which } => {
                let Some((key, id)) = self.lent_one(which) else { return };
                self.forget_ended(key);
                let ends_ns = self.ends_ns();
                let held = self.out[key].get_mut(&id.to_string());
                assert_eq!(self.limits.renew_permit(&id).await.unwrap(), held.is_some());
                if let Some(held) = held {
                    *held = ends_ns;
                }
            }
            Step::Release { which } => {
                let Some((key, id)) = self.lent_one(which) else { return };
                self.forget_ended(key);
                assert!(self.limits.release_permit(&id).await.unwrap());
                self.out[key].remove(&id.to_string());
            }
            Step::Reset { key } => {
                self.limits.reset(&self.subjects[key]).await.unwrap();
                self.out[key].clear();
            }
            Step::Peek { key } => {
                let standing = self.limits.peek(&self.subjects[key]).await.unwrap();
                assert_eq!(standing.remaining, MOST - self.count(key));
            }
            Step::Sweep => {
                self.limits.sweep().await.unwrap();
                for key in 0..KEYS {
                    if self.count(key) == 0 {
                        self.out[key].clear();
                    }
                }
            }
            Step::Forward { ms } => self.clock.advance(Duration::from_millis(ms)),
            Step::Back { ms } => self.clock.turn_back(Duration::from_millis(ms)),
        }
    }

    async fn acquire(&mut self, key: usize) {
        self.forget_ended(key);
        let now_ns = self.clock.now_ns();
        let first_ends_ns = self.out[key].values().min().copied();
        match self.limits.lend(&self.permits[key]).await.unwrap() {
            Loan::Lent { id, standing } => {
                self.out[key].insert(id.to_string(), self.ends_ns());
                assert!(self.count(key) <= MOST, "{:?}", self.out[key]);
                assert_eq!(standing.remaining, MOST - self.count(key));
                self.lent.push((key, id));
            }
            Loan::Refused { retry_after, standing } => {
                assert_eq!((self.count(key), standing.remaining), (MOST, 0));
                let wait_ns = (first_ends_ns.unwrap() - now_ns).unsigned_abs();
                assert_eq!(retry_after, Duration::from_nanos(wait_ns));
            }
            other => panic!("{other:?}"),
        }
    }

    fn lent_one(&self, which: usize) -> Option<(usize, PermitId)> {
        let which = which.checked_rem(self.lent.len())?;
        Some(self.lent[self.lent.len() - 1 - which].clone())
    }

    fn ends_ns(&self) -> i64 {
        self.clock.now_ns() + i64::try_from(MINUTE.as_nanos()).unwrap()
    }

    fn count(&self, key: usize) -> u64 {
        let now_ns = self.clock.now_ns();
        self.out[key].values().filter(|ends_ns| **ends_ns > now_ns).count() as u64
    }

    fn forget_ended(&mut self, key: usize) {
        let now_ns = self.clock.now_ns();
        self.out[key].retain(|_, ends_ns| *ends_ns > now_ns);
    }
}
