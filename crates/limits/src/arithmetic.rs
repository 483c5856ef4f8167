//! The arithmetic of the statements, in Rust and without a database.
//!
//! It decides when the database cannot be asked, and it is what the statements are tested against.
//!
//! All algorithms keep one number, what has been spent, and grant a piece of the way from there to
//! the capacity. A token bucket counts in nanoseconds (GCRA, ITU-T I.371): spent up to the instant
//! at which it is full again, so time itself gives back. A window counts what was taken and starts
//! anew when it has ended. A sliding window has the count of the window before weigh on this one,
//! less and less as it goes on.

use std::num::NonZeroI64;

/// What a key has spent. A key without one has spent nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Where the last grant began.
    pub spent_from: i64,
    /// Where it ended: an instant in ns since 1970 (bucket), or a count (window).
    pub spent_to: i64,
    /// When the window ends, in ns since 1970; `None` for a bucket.
    pub window_ends_ns: Option<i64>,
    /// Sliding window: what was taken in the window before.
    pub previous: i64,
    /// Nothing is granted before, in ns since 1970.
    pub blocked_until_ns: Option<i64>,
    /// The first instant at which a reservation may lapse, in ns since 1970.
    pub lapses_at_ns: Option<i64>,
}

/// What a policy comes to in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Units in one of what is limited: the interval of a token in ns (bucket), or 1 (window).
    pub unit: NonZeroI64,
    /// What a key that has spent nothing can take at once, in units.
    pub capacity: i64,
    /// When what was spent comes back.
    pub window: Window,
}

/// When what was spent comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Evenly, all the time: there is no window.
    Refill,
    /// All of it when the window ends that began with the first grant.
    Fixed {
        /// How long it is, in ns.
        length_ns: i64,
    },
    /// Bit by bit in the window after.
    Sliding {
        /// How long one is, in ns.
        length_ns: i64,
    },
    /// All of it when the period of the calendar ends.
    Calendar {
        /// When the period before this one, this one and the next end, in ns since 1970, as far
        /// as the asking process knows: the first that is still to come counts.
        ends_ns: [i64; 3],
    },
    /// Each permit when it is released, or at the end of its time.
    Permits {
        /// How long a permit lasts without a sign of life, in ns.
        ttl_ns: i64,
    },
}

/// How much later than one that begins now a window may end before it is shortened. Who waited for
/// a row looked at the clock before, so that his now may be older than the window's beginning; a
/// clock that was turned back by more must not shut a key for longer than a window.
const STEP_NS: i64 = 10_000_000_000;

/// Where a key stands at an instant.
#[derive(Clone, Copy, Debug)]
struct Current {
    /// Where the next grant begins.
    spent: i64,
    previous: i64,
    window_ends_ns: Option<i64>,
    /// What cannot be granted, in units.
    debt: i64,
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
    let at = Current::of(held, now_ns, terms);
    let left = available(held, now_ns, terms);
    let granted = wanted.min(left / step.get() * step.get());
    if let (0, Some(held)) = (granted, held)
        && (held.is_blocked(now_ns) || matches!(terms.window, Window::Sliding { .. }))
    {
        return held.as_it_is(now_ns, terms);
    }
    State {
        spent_from: at.spent,
        spent_to: at.spent + granted,
        window_ends_ns: at.window_ends_ns,
        previous: at.previous,
        ..held.unwrap_or_default()
    }
}

/// What could be taken now, in units and never below 0.
#[must_use]
pub fn available(held: Option<State>, now_ns: i64, terms: &Terms) -> i64 {
    if held.is_some_and(|held| held.is_blocked(now_ns)) {
        return 0;
    }
    (terms.capacity - Current::of(held, now_ns, terms).debt).max(0)
}

/// Gives back units to the bucket, or to the window if it is open. Nothing is given back below the
/// end of a lease.
#[must_use]
pub fn give_back(held: State, now_ns: i64, units: i64, leased_to_ns: Option<i64>) -> State {
    let spent_to = match held.window_ends_ns {
        None => {
            let floor = leased_to_ns.unwrap_or(now_ns).max(now_ns);
            held.spent_to.min((held.spent_to - units).max(floor))
        }
        Some(ends) if ends > now_ns => (held.spent_to - units).max(0),
        Some(_) => held.spent_to,
    };
    State { spent_from: spent_to, spent_to, ..held }
}

/// Takes units, whether there are so many or not.
#[must_use]
pub fn owe(held: Option<State>, now_ns: i64, units: i64, terms: &Terms) -> State {
    let at = Current::of(held, now_ns, terms);
    let spent_to = at.spent.saturating_add(units);
    State {
        spent_from: at.spent,
        spent_to,
        window_ends_ns: at.window_ends_ns,
        previous: at.previous,
        ..held.unwrap_or_default()
    }
}

/// How long until so many units are there, in ns, if nobody takes from the key meanwhile.
#[must_use]
pub fn wait_ns(held: State, now_ns: i64, units: i64, terms: &Terms) -> i64 {
    let blocked_ns = held.blocked_until_ns.map_or(0, |until| (until - now_ns).max(0));
    let from_ns = now_ns + blocked_ns;
    let at = Current::of(Some(held), from_ns, terms);
    let room = terms.capacity - units;
    let wait_ns = match (terms.window, at.window_ends_ns) {
        (Window::Sliding { length_ns }, Some(ends_ns)) if at.debt > room => {
            let (ends_ns, before, room) = if at.spent > room {
                // Not in this window: in the next this one is the one before.
                (ends_ns + length_ns, at.spent, room)
            } else {
                (ends_ns, at.previous, room - at.spent)
            };
            ends_ns - longest_ns(before, room, length_ns) - from_ns
        }
        (Window::Refill, _) => at.debt - room,
        (_, Some(ends_ns)) if at.debt > room => ends_ns - from_ns,
        (_, _) => 0,
    };
    let wait_ns = blocked_ns + wait_ns.max(0);
    // What lapses first may be enough.
    held.lapses_at_ns.map_or(wait_ns, |lapses| wait_ns.min((lapses - now_ns).max(blocked_ns)))
}

impl State {
    /// What the last grant took, in units of the policy.
    #[must_use]
    pub fn granted(&self) -> i64 {
        self.spent_to - self.spent_from
    }

    /// From when on the state is as none, in ns since 1970.
    #[must_use]
    pub fn resets_at_ns(&self, terms: &Terms) -> i64 {
        let resets = match (terms.window, self.window_ends_ns) {
            (_, None) => self.spent_to,
            (Window::Sliding { length_ns }, Some(ends)) if self.spent_to > 0 => ends + length_ns,
            (_, Some(ends)) => ends,
        };
        self.blocked_until_ns.map_or(resets, |blocked| blocked.max(resets))
    }

    /// After a refusal: as it was, but that no window ends too late.
    fn as_it_is(self, now_ns: i64, terms: &Terms) -> Self {
        let fresh = Current::of(None, now_ns, terms).window_ends_ns;
        let window_ends_ns =
            self.window_ends_ns.map(|ends| fresh.map_or(ends, |fresh| shortened(ends, fresh)));
        Self { spent_from: self.spent_to, window_ends_ns, ..self }
    }

    /// Whether nothing is granted, whatever there is.
    #[must_use]
    pub fn is_blocked(&self, now_ns: i64) -> bool {
        self.blocked_until_ns.is_some_and(|until| until > now_ns)
    }
}

impl Window {
    /// How long it is, or a permit lasts, in ns; a bucket has none, and a calendar not always the
    /// same.
    #[must_use]
    pub fn length_ns(self) -> Option<i64> {
        match self {
            Self::Fixed { length_ns } | Self::Sliding { length_ns } => Some(length_ns),
            Self::Permits { ttl_ns } => Some(ttl_ns),
            Self::Refill | Self::Calendar { .. } => None,
        }
    }

    /// How long it is, if it slides.
    pub(crate) fn slides_ns(self) -> Option<i64> {
        match self {
            Self::Sliding { length_ns } => Some(length_ns),
            _ => None,
        }
    }
}

impl Terms {
    /// A cost, in units.
    #[must_use]
    pub fn units(&self, cost: u64) -> i64 {
        i64::try_from(cost).unwrap_or(i64::MAX).saturating_mul(self.unit.get())
    }
}

impl Current {
    fn of(held: Option<State>, now_ns: i64, terms: &Terms) -> Self {
        let held = held.unwrap_or_default();
        let open = held.window_ends_ns.filter(|ends| *ends > now_ns);
        let counted = |ends_ns: i64| {
            let spent = if open.is_some() { held.spent_to } else { 0 };
            let ends_ns = open.map_or(ends_ns, |open| shortened(open, ends_ns));
            Self { spent, previous: held.previous, window_ends_ns: Some(ends_ns), debt: spent }
        };
        match terms.window {
            Window::Refill => {
                // The count of a window, which a policy's change may have left, is long past.
                let spent = held.spent_to.max(now_ns);
                let (previous, debt) = (held.previous, spent - now_ns);
                Self { spent, previous, window_ends_ns: None, debt }
            }
            Window::Fixed { length_ns } => counted(now_ns + length_ns),
            Window::Calendar { ends_ns } => {
                let next = ends_ns.into_iter().find(|ends| *ends > now_ns);
                counted(next.unwrap_or(now_ns + ends_ns[2] - ends_ns[1]))
            }
            Window::Permits { .. } => {
                let spent = held.spent_to;
                Self { spent, previous: 0, window_ends_ns: held.window_ends_ns, debt: spent }
            }
            Window::Sliding { length_ns } => Self::sliding(&held, now_ns, length_ns),
        }
    }

    fn sliding(held: &State, now_ns: i64, length_ns: i64) -> Self {
        let (ends_ns, spent, previous) = match held.window_ends_ns {
            Some(ends) if ends > now_ns => {
                (shortened(ends, now_ns + length_ns), held.spent_to, held.previous)
            }
            Some(ends) if ends + length_ns > now_ns => (ends + length_ns, 0, held.spent_to),
            _ => (now_ns + length_ns, 0, 0),
        };
        let debt = spent.saturating_add(weight(previous, ends_ns - now_ns, length_ns));
        Self { spent, previous, window_ends_ns: Some(ends_ns), debt }
    }
}

/// When an open window ends, of which one that begins now would end at `fresh_ns`.
fn shortened(ends_ns: i64, fresh_ns: i64) -> i64 {
    if ends_ns > fresh_ns.saturating_add(STEP_NS) { fresh_ns } else { ends_ns }
}

/// What the count of the window before weighs when so much of this one is left, rounded up. In
/// floating point, as the statement has it: a count times a time is more than a bigint holds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "PostgreSQL rounds in the same way; what is lost is far below one count in 10^12"
)]
fn weight(previous: i64, left_ns: i64, length_ns: i64) -> i64 {
    (previous as f64 * (left_ns.min(length_ns) as f64 / length_ns as f64)).ceil() as i64
}

/// The longest time that may be left of a window for the one before to weigh no more than `room`.
fn longest_ns(previous: i64, room: i64, length_ns: i64) -> i64 {
    let exact = i128::from(room) * i128::from(length_ns) / i128::from(previous.max(1));
    let mut left_ns = i64::try_from(exact).unwrap_or(i64::MAX).min(length_ns);
    while left_ns > 0 && weight(previous, left_ns, length_ns) > room {
        // As much as floating point may be off.
        left_ns -= 1 + (left_ns >> 50);
    }
    left_ns.max(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: NonZeroI64 = NonZeroI64::new(1).unwrap();

    fn bucket(interval: i64, capacity: i64) -> Terms {
        let unit = NonZeroI64::new(interval).unwrap();
        Terms { unit, capacity, window: Window::Refill }
    }

    fn window(limit: i64, length_ns: i64) -> Terms {
        Terms { unit: ONE, capacity: limit, window: Window::Fixed { length_ns } }
    }

    fn sliding(limit: i64, length_ns: i64) -> Terms {
        Terms { unit: ONE, capacity: limit, window: Window::Sliding { length_ns } }
    }

    /// In steps of a unit.
    fn take(held: Option<State>, now_ns: i64, wanted: i64, terms: &Terms) -> State {
        super::take(held, now_ns, wanted, terms.unit, terms)
    }

    fn counted(spent_from: i64, spent_to: i64, ends_ns: i64) -> State {
        State { spent_from, spent_to, window_ends_ns: Some(ends_ns), ..State::default() }
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
        assert_eq!(first, counted(0, 2, 1100));
        let second = take(Some(first), 1099, 2, &window);
        assert_eq!(second, counted(2, 3, 1100));
        let third = take(Some(second), 1100, 2, &window);
        assert_eq!(third, counted(0, 2, 1200));
    }

    #[test]
    fn a_sliding_window_gives_back_bit_by_bit() {
        let sliding = sliding(10, 100);
        let full = take(None, 1000, 10, &sliding);
        assert_eq!(full.granted(), 10);
        assert_eq!(available(Some(full), 1099, &sliding), 0);
        // In the next window the ten weigh less and less.
        assert_eq!(available(Some(full), 1100, &sliding), 0);
        assert_eq!(available(Some(full), 1110, &sliding), 1);
        assert_eq!(available(Some(full), 1155, &sliding), 5);
        assert_eq!(available(Some(full), 1199, &sliding), 9);
        assert_eq!(available(Some(full), 1200, &sliding), 10);
        let some = take(Some(full), 1150, 5, &sliding);
        assert_eq!((some.granted(), some.previous, some.window_ends_ns), (5, 10, Some(1200)));
        assert_eq!(available(Some(some), 1150, &sliding), 0);
        // Two windows later nothing of it is left.
        assert_eq!(available(Some(some), 1300, &sliding), 10);
    }

    #[test]
    fn a_calendar_takes_the_first_end_that_is_to_come() {
        let ends_ns = [1000, 2000, 3500];
        let quota = Terms { unit: ONE, capacity: 3, window: Window::Calendar { ends_ns } };
        let ends = |now_ns| take(None, now_ns, 1, &quota).window_ends_ns;
        assert_eq!([900, 1000, 2100, 3500].map(ends), [1000, 2000, 3500, 5000].map(Some));
        let spent = take(None, 1500, 3, &quota);
        assert_eq!(available(Some(spent), 1999, &quota), 0);
        assert_eq!(available(Some(spent), 2000, &quota), 3);
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
    fn what_is_blocked_has_nothing_until_then() {
        let bucket = bucket(10, 50);
        let blocked = State { blocked_until_ns: Some(2000), ..take(None, 1000, 10, &bucket) };
        assert_eq!(take(Some(blocked), 1999, 10, &bucket).granted(), 0);
        assert_eq!(wait_ns(blocked, 1500, 10, &bucket), 500);
        assert_eq!(take(Some(blocked), 2000, 10, &bucket).granted(), 10);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let bucket = bucket(10, 50);
        let spent = take(None, 1000, 50, &bucket);
        let back = give_back(spent, 1000, 20, None);
        assert_eq!(available(Some(back), 1000, &bucket), 20);
        let all = give_back(spent, 1000, 900, None);
        assert_eq!(available(Some(all), 1000, &bucket), 50);
        let leased = give_back(spent, 1000, 900, Some(1030));
        assert_eq!(available(Some(leased), 1000, &bucket), 20);
        let window = window(3, 100);
        let debt = owe(Some(take(None, 1000, 2, &window)), 1000, 5, &window);
        assert_eq!((debt.spent_to, available(Some(debt), 1000, &window)), (7, 0));
    }

    #[test]
    fn a_clock_that_is_turned_back_grants_nothing_more() {
        let hour = 3600 * 1_000_000_000;
        let window = window(3, 100);
        let spent = take(None, 2 * hour, 3, &window);
        assert_eq!(available(Some(spent), hour, &window), 0);
        // The window does not last for an hour more, but as long as one that begins now.
        assert_eq!(take(Some(spent), hour, 1, &window).window_ends_ns, Some(hour + 100));
        // By a moment it is not shortened: who waited for the row may have an older now.
        assert_eq!(
            take(Some(spent), 2 * hour - 50, 1, &window).window_ends_ns,
            Some(2 * hour + 100)
        );
        let sliding = sliding(3, 100);
        let spent = take(None, 2 * hour, 3, &sliding);
        assert_eq!(available(Some(spent), hour, &sliding), 0);
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

    fn any_terms() -> impl Strategy<Value = Terms> {
        let length = 1_i64..300;
        prop_oneof![
            (1_i64..50, 1_i64..20).prop_map(|(interval, burst)| bucket(interval, burst * interval)),
            (1_i64..20, length.clone()).prop_map(|(limit, length)| window(limit, length)),
            (1_i64..20, length).prop_map(|(limit, length)| sliding(limit, length)),
        ]
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
            terms in any_terms(),
            asks in prop::collection::vec((0_i64..100, 1_i64..5), 1..200),
        ) {
            prop_assume!(terms.window != Window::Refill);
            let (mut state, mut now) = (None, 1_000_000);
            for (pause, count) in asks {
                now += pause;
                let next = take(state, now, count, &terms);
                prop_assert!(next.spent_to <= terms.capacity);
                prop_assert!(next.granted() >= 0);
                state = Some(next);
            }
        }

        /// What is told to wait is granted then, and not a nanosecond before.
        #[test]
        fn the_wait_is_as_long_as_it_has_to_be(
            terms in any_terms(),
            asks in prop::collection::vec((0_i64..100, 1_i64..5), 1..50),
            cost in 1_u64..20,
            blocked_ns in prop::option::of(0_i64..400),
        ) {
            let (mut state, mut now) = (None, 1_000_000);
            for (pause, count) in asks {
                now += pause;
                state = Some(take(state, now, count * terms.unit.get(), &terms));
            }
            let blocked_until_ns = blocked_ns.map(|ns| now + ns);
            let held = State { blocked_until_ns, ..state.unwrap() };
            let units = terms.units(cost).min(terms.capacity);
            let wait_ns = wait_ns(held, now, units, &terms);
            prop_assert!(available(Some(held), now + wait_ns, &terms) >= units);
            if wait_ns > 0 {
                prop_assert!(available(Some(held), now + wait_ns - 1, &terms) < units);
            }
        }
    }
}
