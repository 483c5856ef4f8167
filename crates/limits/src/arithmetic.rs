//! The arithmetic of `sql/check_*.sql`, in Rust and without a database.
//!
//! It decides when the database cannot be asked, and it is what the statements are tested against.
//!
//! Both algorithms keep one number, what has been spent, and grant a piece of the way from there
//! to the capacity. A token bucket counts in nanoseconds (GCRA, ITU-T I.371): spent up to the
//! instant at which it is full again, so time itself gives back. A window counts what was taken
//! and starts anew when it has ended.

use std::num::NonZeroI64;

/// What a key has spent. A key without one has spent nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Where the last grant began.
    pub spent_from: i64,
    /// Where it ended: an instant in ns since 1970 (bucket), or a count (window).
    pub spent_to: i64,
    /// When the window ends, in ns since 1970; `None` for a bucket.
    pub window_ends_ns: Option<i64>,
}

/// What a policy comes to in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Units in one of what is limited: the interval of a token in ns (bucket), or 1 (window).
    pub unit: NonZeroI64,
    /// What a key that has spent nothing can take at once, in units.
    pub capacity: i64,
    /// How long a window is, in ns; `None` for a bucket.
    pub window_ns: Option<i64>,
}

/// Takes `wanted`, or as many whole steps of it as there are, all in units. What was granted is
/// the last grant of the state that comes back.
#[must_use]
pub fn take(
    held: Option<State>,
    now_ns: i64,
    wanted: i64,
    step: NonZeroI64,
    terms: &Terms,
) -> State {
    let spent_from = spent(held, now_ns, terms);
    let granted = wanted.min(terms.left(spent_from, now_ns) / step.get() * step.get());
    let window_ends_ns = terms.window_ns.map(|window_ns| {
        let fresh = now_ns + window_ns;
        open_window(held, now_ns).map_or(fresh, |ends| ends.min(fresh))
    });
    State { spent_from, spent_to: spent_from + granted, window_ends_ns }
}

/// What could be taken now, in units and never below 0.
#[must_use]
pub fn available(held: Option<State>, now_ns: i64, terms: &Terms) -> i64 {
    terms.left(spent(held, now_ns, terms), now_ns)
}

impl State {
    /// What the last grant took, in units of the policy.
    #[must_use]
    pub fn granted(&self) -> i64 {
        self.spent_to - self.spent_from
    }

    /// From when on the state is as none, in ns since 1970.
    #[must_use]
    pub fn resets_at_ns(&self) -> i64 {
        self.window_ends_ns.unwrap_or(self.spent_to)
    }
}

impl Terms {
    /// A cost, in units.
    #[must_use]
    pub fn units(&self, cost: u64) -> i64 {
        i64::try_from(cost).unwrap_or(i64::MAX).saturating_mul(self.unit.get())
    }

    fn left(&self, spent: i64, now_ns: i64) -> i64 {
        let debt = match self.window_ns {
            None => (spent - now_ns).max(0),
            Some(_) => spent,
        };
        (self.capacity - debt).max(0)
    }
}

/// Where a grant that is made now begins.
fn spent(held: Option<State>, now_ns: i64, terms: &Terms) -> i64 {
    match (terms.window_ns, held) {
        (None, None) => now_ns,
        (None, Some(held)) => held.spent_to.max(now_ns),
        (Some(_), Some(held)) if open_window(Some(held), now_ns).is_some() => held.spent_to,
        (Some(_), _) => 0,
    }
}

fn open_window(held: Option<State>, now_ns: i64) -> Option<i64> {
    held?.window_ends_ns.filter(|ends| *ends > now_ns)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bucket(interval: i64, capacity: i64) -> Terms {
        Terms { unit: NonZeroI64::new(interval).unwrap(), capacity, window_ns: None }
    }

    fn window(limit: i64, window_ns: i64) -> Terms {
        let unit = NonZeroI64::new(1).unwrap();
        Terms { unit, capacity: limit, window_ns: Some(window_ns) }
    }

    /// In steps of a unit.
    fn take(held: Option<State>, now_ns: i64, wanted: i64, terms: &Terms) -> State {
        super::take(held, now_ns, wanted, terms.unit, terms)
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_one_an_interval() {
        let bucket = bucket(10, 50);
        let mut state = None;
        for _ in 0..5 {
            let next = take(state, 1000, 10, &bucket);
            assert_eq!(next.granted(), 10);
            state = Some(next);
        }
        assert_eq!(available(state, 1000, &bucket), 0);
        assert_eq!(take(state, 1009, 10, &bucket).granted(), 0);
        assert_eq!(take(state, 1010, 10, &bucket).granted(), 10);
        assert_eq!(take(state, 1034, 50, &bucket).granted(), 30);
        assert_eq!(available(state, 9000, &bucket), 50);
    }

    #[test]
    fn a_window_begins_with_its_first_grant_and_gives_everything_back_at_its_end() {
        let window = window(3, 100);
        let first = take(None, 1000, 2, &window);
        assert_eq!(first, State { spent_from: 0, spent_to: 2, window_ends_ns: Some(1100) });
        let second = take(Some(first), 1099, 2, &window);
        assert_eq!(second, State { spent_from: 2, spent_to: 3, window_ends_ns: Some(1100) });
        let third = take(Some(second), 1100, 2, &window);
        assert_eq!(third, State { spent_from: 0, spent_to: 2, window_ends_ns: Some(1200) });
    }

    #[test]
    fn what_cannot_be_granted_in_whole_steps_is_not_granted() {
        let bucket = bucket(10, 50);
        let granted = |wanted, step| {
            let step = NonZeroI64::new(step).unwrap();
            super::take(None, 0, wanted, step, &bucket).granted()
        };
        assert_eq!(granted(30, 30), 30);
        assert_eq!(granted(60, 30), 30);
        assert_eq!(granted(60, 60), 0);
    }

    #[test]
    fn a_clock_that_is_turned_back_grants_nothing_more() {
        let window = window(3, 100);
        let spent = take(None, 1000, 3, &window);
        assert_eq!(available(Some(spent), 500, &window), 0);
        // The window does not last until 1100, but as long as one that begins now.
        assert_eq!(take(Some(spent), 500, 1, &window).window_ends_ns, Some(600));
        let bucket = bucket(10, 50);
        let spent = take(None, 1000, 50, &bucket);
        assert_eq!(available(Some(spent), 500, &bucket), 0);
    }

    #[test]
    fn a_policy_may_change_its_algorithm_under_a_key() {
        let (bucket, window) = (bucket(10, 50), window(3, 100));
        let from_bucket = take(Some(take(None, 1000, 50, &bucket)), 1001, 3, &window);
        assert_eq!(from_bucket.granted(), 3);
        let from_window = take(Some(take(None, 1000, 3, &window)), 1001, 50, &bucket);
        assert_eq!(from_window.granted(), 50);
    }

    proptest! {
        /// Over any time and whatever is asked when: never more than the capacity at once, nor
        /// than capacity and refill together.
        #[test]
        fn a_bucket_never_gives_more_than_burst_and_refill(
            interval in 1_i64..50,
            burst in 1_i64..20,
            asks in prop::collection::vec((0_i64..100, 1_i64..5), 1..200),
        ) {
            let bucket = bucket(interval, burst * interval);
            let (mut state, mut now, mut granted) = (None, 1_000_000, 0);
            for (pause, tokens) in asks {
                now += pause;
                let next = take(state, now, tokens * interval, &bucket);
                granted += next.granted();
                state = Some(next);
                prop_assert!(next.spent_to - now <= burst * interval);
            }
            prop_assert!(granted <= burst * interval + (now - 1_000_000));
        }

        #[test]
        fn a_window_never_gives_more_than_its_limit(
            limit in 1_i64..20,
            window_ns in 1_i64..300,
            asks in prop::collection::vec((0_i64..100, 1_i64..5), 1..200),
        ) {
            let window = window(limit, window_ns);
            let (mut state, mut now) = (None, 1_000_000);
            for (pause, count) in asks {
                now += pause;
                let next = take(state, now, count, &window);
                prop_assert!(next.spent_to <= limit);
                prop_assert!(next.granted() >= 0);
                state = Some(next);
            }
        }
    }
}
