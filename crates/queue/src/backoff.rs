//! How long until a job that failed is tried again.

use std::{fmt, sync::Arc, time::Duration};

/// How long until a job that failed is tried again.
///
/// Half of the time is certain and half is chance, so that jobs that failed together do not come back
/// together; of [`List`](Self::List) and [`Fixed`](Self::Fixed) a tenth is chance.
#[derive(Clone)]
#[non_exhaustive]
pub enum Backoff {
    /// `first`, doubled with each attempt, up to `longest`.
    Exponential {
        /// After the first failure.
        first: Duration,
        /// Never longer.
        longest: Duration,
    },
    /// Always the same.
    Fixed(Duration),
    /// One after another; the last one from then on.
    List(Arc<[Duration]>),
    /// What a function says of the attempt that failed, counted from 1. Nothing is chance then.
    Custom(Arc<dyn Fn(u32) -> Duration + Send + Sync>),
}

impl Backoff {
    /// The default: 1 s, doubled up to an hour.
    pub const DEFAULT: Self =
        Self::Exponential { first: Duration::from_secs(1), longest: Duration::from_hours(1) };

    /// The time after that attempt, counted from 1. `chance` is between 0 and 1.
    #[must_use]
    pub fn after(&self, attempt: u32, chance: f64) -> Duration {
        let earlier = attempt.saturating_sub(1);
        let (time, part) = match self {
            Self::Exponential { first, longest } => {
                let factor = 2_u32.saturating_pow(earlier);
                (first.saturating_mul(factor).min(*longest), 0.5)
            }
            Self::Fixed(time) => (*time, 0.1),
            Self::List(times) => {
                let at = usize::try_from(earlier).unwrap_or(usize::MAX);
                (times.get(at).or(times.last()).copied().unwrap_or_default(), 0.1)
            }
            Self::Custom(of) => return of(attempt),
        };
        time.mul_f64(1.0 - part * chance)
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Debug for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exponential { first, longest } => f
                .debug_struct("Exponential")
                .field("first", first)
                .field("longest", longest)
                .finish(),
            Self::Fixed(time) => f.debug_tuple("Fixed").field(time).finish(),
            Self::List(times) => f.debug_tuple("List").field(times).finish(),
            Self::Custom(_) => f.write_str("Custom"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_follow_their_rule() {
        let s = Duration::from_secs;
        assert_eq!(Backoff::DEFAULT.after(1, 0.0), s(1));
        assert_eq!(Backoff::DEFAULT.after(4, 0.0), s(8));
        assert_eq!(Backoff::DEFAULT.after(u32::MAX, 0.0), s(3600));
        assert_eq!(Backoff::DEFAULT.after(4, 1.0), s(4));
        let list = Backoff::List([s(5), s(60)].into());
        assert_eq!([1, 2, 9].map(|n| list.after(n, 0.0)), [s(5), s(60), s(60)]);
        assert_eq!(Backoff::List([].into()).after(1, 0.5), Duration::ZERO);
        let custom = Backoff::Custom(Arc::new(move |attempt| s(attempt.into())));
        assert_eq!(custom.after(7, 1.0), s(7));
    }

    proptest! {
        #[test]
        fn no_attempt_waits_longer_than_it_may(attempt: u32, chance in 0.0..=1.0_f64) {
            let longest = Duration::from_mins(5);
            let backoff = Backoff::Exponential { first: Duration::from_millis(100), longest };
            prop_assert!(backoff.after(attempt, chance) <= longest);
            prop_assert!(backoff.after(attempt, chance) >= Duration::from_millis(50));
        }
    }
}
