//! Whether it is worth while to ask first as if keys had rows with enough, by how often they had of late.

/// Of so many flushes one tries whether it is worth it again.
const TRY_EVERY: u32 = 32;
/// All of them, in [`Habit::missed`].
const ALL: u32 = 1 << 16;
/// When as many are missed, it costs as much as it gains.
const TOO_MANY: u32 = ALL / 4;

/// How it went of late, in one lane.
#[derive(Debug, Default)]
pub(crate) struct Habit {
    /// How many of those that were asked for were not answered, of [`ALL`]: a moving average.
    missed: u32,
    /// Flushes since it was tried.
    since: u32,
}

impl Habit {
    /// Whether to try it.
    pub(crate) fn is_worth_it(&mut self) -> bool {
        self.since += 1;
        self.missed < TOO_MANY || self.since >= TRY_EVERY
    }

    /// What came of it: how many of so many were not answered.
    pub(crate) fn learn(&mut self, missed: usize, asked: usize) {
        let share = (missed as u64 * u64::from(ALL)).checked_div(asked as u64);
        let share = share.and_then(|share| u32::try_from(share).ok()).unwrap_or_default();
        // One key says little.
        let weight = u32::try_from(asked.min(8)).unwrap_or(8);
        self.missed = (self.missed * (64 - weight) + share * weight) / 64;
        self.since = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_worth_it_is_tried_now_and_then_and_taken_up_again() {
        let mut habit = Habit::default();
        let mut tries = |misses: usize, flushes: usize| {
            let is_tried = |_: &usize| {
                let is_tried = habit.is_worth_it();
                if is_tried {
                    habit.learn(misses, 8);
                }
                is_tried
            };
            (0..flushes).filter(is_tried).count()
        };
        assert_eq!(tries(0, 100), 100);
        assert_eq!(tries(8, 3), 3, "a new key here and there is none");
        assert_eq!(tries(8, 3200), 100, "one in 32");
        assert_eq!(tries(0, 1000), 659, "a dozen tries, and then all of them");
        assert_eq!(tries(0, 100), 100);
        assert!(tries(3, 1000) < 100, "of more than a quarter it costs more than it gains");
    }
}
