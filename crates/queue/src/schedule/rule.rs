//! When a schedule ticks, and what becomes of ticks that nobody was there for.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};

use super::{InvalidSchedule, cron::Cron};

/// How late a tick may be without having been missed.
pub(super) const LATE: Duration = Duration::from_mins(1);
/// The shortest and the longest time between ticks of [`Schedule::every`].
const PERIODS: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_hours(24 * 366);
/// The longest time for which ticks are caught up with.
const LONGEST_CATCH_UP: Duration = Duration::from_hours(24 * 31);

/// When jobs are sent.
///
/// All that is time is PostgreSQL's: a schedule ticks by its clock.
#[derive(Clone, Debug)]
pub struct Schedule {
    when: Inside,
    misfire: Misfire,
}

/// What becomes of ticks that were missed: for more than a minute nobody was there, or the schedule was
/// paused. Ticks that are later than they should be, but not by that much, are run, each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misfire {
    /// They are left out.
    Skip,
    /// One job is sent for all that are due by now: that of the first.
    #[default]
    RunOnce,
    /// Each is run that is no older than that, and those that are older are left out. A minute to 31
    /// days.
    CatchUp(Duration),
}

/// What a schedule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When<'a> {
    /// At the times of a pattern, by the clock of a zone.
    Cron {
        /// Of five fields, or of six with seconds.
        pattern: &'a str,
        /// By its name in the IANA database.
        zone: &'a str,
    },
    /// At whole multiples of that since 1970.
    Every(Duration),
    /// Once.
    OnceAt(SystemTime),
}

#[derive(Clone, Debug)]
enum Inside {
    Cron(Box<Cron>),
    Every(Duration),
    OnceAt(Timestamp),
}

/// What is to be done about a tick that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is run, and the next one is that.
    Run { next: Option<Timestamp> },
    /// It was missed and is left out, and so are all before the next.
    LeaveOut { next: Option<Timestamp> },
}

impl Schedule {
    /// At the times of a cron pattern: minute, hour, day of the month, month, and day of the week; six
    /// fields begin with the second. `*`, lists, ranges, steps (`*/5`, `1-30/2`), names (`MON`, `jan`),
    /// `L`, `W` and `#`, and `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly` are understood. Where
    /// both days are restricted, either will do.
    ///
    /// The zone is one of the IANA database: `UTC`, `Europe/Berlin`. When its clocks are changed, a
    /// pattern that names hours still ticks once for each time of the day: for one that is left out at the
    /// first instant after it, for one that comes twice the first time. One for which any hour will do
    /// (`*`, `*/2`) ticks as time passes.
    ///
    /// ```
    /// use pgstead_queue::{Misfire, Schedule};
    ///
    /// let nightly = Schedule::cron("30 2 * * *", "Europe/Berlin")?.misfire(Misfire::Skip)?;
    /// let often = Schedule::cron("*/10 * * * * *", "UTC")?;
    /// # Ok::<(), pgstead_queue::InvalidSchedule>(())
    /// ```
    pub fn cron(pattern: &str, zone: &str) -> Result<Self, InvalidSchedule> {
        Ok(Self::of(Inside::Cron(Box::new(Cron::new(pattern, zone)?))))
    }

    /// At whole multiples of that time since 1970 (UTC), so that it does not matter when it was begun or
    /// whether it was interrupted. A second to 366 days, in whole milliseconds.
    pub fn every(period: Duration) -> Result<Self, InvalidSchedule> {
        if !PERIODS.contains(&period) || !period.subsec_nanos().is_multiple_of(1_000_000) {
            return Err(InvalidSchedule::Period);
        }
        Ok(Self::of(Inside::Every(period)))
    }

    /// Once, at that instant. If it is past already, the rule for missed ticks says what becomes of it.
    pub fn once_at(instant: SystemTime) -> Result<Self, InvalidSchedule> {
        let instant = Timestamp::try_from(instant).ok();
        // As PostgreSQL keeps it.
        let instant = instant.and_then(|at| Timestamp::from_microsecond(at.as_microsecond()).ok());
        let years = Timestamp::UNIX_EPOCH..Timestamp::from_second(YEAR_5000).unwrap_or_default();
        match instant {
            Some(instant) if years.contains(&instant) => Ok(Self::of(Inside::OnceAt(instant))),
            _ => Err(InvalidSchedule::Instant),
        }
    }

    /// What becomes of missed ticks. Default: [`Misfire::RunOnce`].
    pub fn misfire(mut self, misfire: Misfire) -> Result<Self, InvalidSchedule> {
        if let Misfire::CatchUp(within) = misfire
            && !(LATE..=LONGEST_CATCH_UP).contains(&within)
        {
            return Err(InvalidSchedule::CatchUp);
        }
        self.misfire = misfire;
        Ok(self)
    }

    /// What it is.
    #[must_use]
    pub fn when(&self) -> When<'_> {
        match &self.when {
            Inside::Cron(cron) => When::Cron { pattern: cron.pattern(), zone: cron.zone() },
            Inside::Every(period) => When::Every(*period),
            Inside::OnceAt(instant) => When::OnceAt((*instant).into()),
        }
    }

    /// What becomes of missed ticks.
    #[must_use]
    pub fn on_misfire(&self) -> Misfire {
        self.misfire
    }

    /// The first tick after that instant, if there is one.
    #[must_use]
    pub fn next_after(&self, instant: SystemTime) -> Option<SystemTime> {
        let instant = Timestamp::try_from(instant).ok()?;
        self.next(instant).map(Into::into)
    }

    fn of(when: Inside) -> Self {
        Self { when, misfire: Misfire::default() }
    }

    /// The first tick of one that is put now.
    pub(super) fn first(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.when {
            Inside::OnceAt(instant) => Some(*instant),
            Inside::Cron(_) | Inside::Every(_) => self.next(now),
        }
    }

    /// What is to be done about a tick that is due by now.
    pub(super) fn step(&self, due: Timestamp, now: Timestamp) -> Step {
        let late = now.duration_since(due);
        let most = match self.misfire {
            Misfire::CatchUp(within) => signed(within),
            Misfire::RunOnce if late > signed(LATE) => return Step::Run { next: self.next(now) },
            Misfire::Skip | Misfire::RunOnce => signed(LATE),
        };
        if late <= most {
            return Step::Run { next: self.next(due) };
        }
        // The first that is not too old, be it due by now or not.
        let too_old = now - most - SignedDuration::from_micros(1);
        Step::LeaveOut { next: self.next(too_old) }
    }

    fn next(&self, after: Timestamp) -> Option<Timestamp> {
        match &self.when {
            Inside::Cron(cron) => cron.next_after(after),
            Inside::Every(period) => {
                let period = i64::try_from(period.as_millis()).ok()?;
                let after = after.as_microsecond().div_euclid(1000);
                let count = after.div_euclid(period).checked_add(1)?;
                Timestamp::from_millisecond(count.checked_mul(period)?).ok()
            }
            Inside::OnceAt(instant) => Some(*instant).filter(|instant| *instant > after),
        }
    }
}

/// Where calendars end for us.
const YEAR_5000: i64 = 95_617_584_000;

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const S: SignedDuration = SignedDuration::from_secs(1);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn hourly(misfire: Misfire) -> Schedule {
        Schedule::every(Duration::from_hours(1)).unwrap().misfire(misfire).unwrap()
    }

    #[test]
    fn a_tick_that_is_a_little_late_is_run_whatever_the_rule() {
        for misfire in [Misfire::Skip, Misfire::RunOnce, Misfire::CatchUp(Duration::from_hours(3))]
        {
            for late in [0, 1, 60] {
                let step = hourly(misfire).step(at(3600), at(3600 + late));
                assert_eq!(step, Step::Run { next: Some(at(7200)) }, "{misfire:?} {late}");
            }
        }
    }

    #[test]
    fn missed_ticks_go_by_the_rule() {
        let (due, now) = (at(3600), at(10 * 3600 + 61));
        let next = Some(at(11 * 3600));
        assert_eq!(hourly(Misfire::Skip).step(due, now), Step::LeaveOut { next });
        assert_eq!(hourly(Misfire::RunOnce).step(due, now), Step::Run { next });
        let catch_up = hourly(Misfire::CatchUp(Duration::from_hours(3)));
        let next = Some(at(8 * 3600));
        assert_eq!(catch_up.step(due, now), Step::LeaveOut { next });
        assert_eq!(catch_up.step(at(8 * 3600), now), Step::Run { next: Some(at(9 * 3600)) });
        // The last one is late and not missed.
        let step = hourly(Misfire::Skip).step(due, now - S);
        assert_eq!(step, Step::LeaveOut { next: Some(at(10 * 3600)) });
    }

    #[test]
    fn once_is_once() {
        let once = Schedule::once_at(at(1000).into()).unwrap();
        assert_eq!(once.first(at(5000)), Some(at(1000)));
        assert_eq!(once.step(at(1000), at(5000)), Step::Run { next: None });
        let skip = once.misfire(Misfire::Skip).unwrap();
        assert_eq!(skip.step(at(1000), at(5000)), Step::LeaveOut { next: None });
        assert_eq!(skip.step(at(1000), at(1060)), Step::Run { next: None });
    }

    #[test]
    fn what_cannot_be_a_schedule_is_told_so() {
        let ms = Duration::from_millis;
        assert!(Schedule::every(ms(999)).is_err() && Schedule::every(ms(1001)).is_ok());
        assert!(Schedule::every(Duration::from_micros(1_000_001)).is_err());
        assert!(Schedule::once_at(SystemTime::UNIX_EPOCH - ms(1)).is_err());
        assert!(Schedule::once_at(at(YEAR_5000).into()).is_err());
        let every = Schedule::every(ms(1000)).unwrap();
        assert!(every.misfire(Misfire::CatchUp(ms(59_999))).is_err());
    }

    proptest! {
        #[test]
        fn periods_are_whole_multiples(period in 1000_u64..100_000_000, after_us in 0_i64..4_000_000_000_000_000) {
            let every = Schedule::every(Duration::from_millis(period)).unwrap();
            let after = Timestamp::from_microsecond(after_us).unwrap();
            let next = every.next(after).unwrap();
            prop_assert!(next > after);
            prop_assert!(next.duration_since(after).as_millis() <= i128::from(period));
            prop_assert_eq!(next.as_millisecond() % i64::try_from(period).unwrap(), 0);
        }

        /// However it was missed, what is run is what the rule says.
        #[test]
        fn ticks_are_run_by_their_rule(down in 0_i64..20_000, begin in 0_i64..100_000, rule in 0..3) {
            let misfire = match rule {
                0 => Misfire::Skip,
                1 => Misfire::RunOnce,
                _ => Misfire::CatchUp(Duration::from_secs(4000)),
            };
            let every = Schedule::every(Duration::from_secs(100)).unwrap().misfire(misfire).unwrap();
            let (mut due, now) = (every.next(at(begin)).unwrap(), at(begin + down));
            let all: Vec<Timestamp> =
                std::iter::successors(Some(due), |tick| every.next(*tick)).take_while(|tick| *tick <= now).collect();
            let mut ran = Vec::new();
            while due <= now {
                due = match every.step(due, now) {
                    Step::Run { next } => {
                        ran.push(due);
                        next.unwrap()
                    }
                    Step::LeaveOut { next } => next.unwrap(),
                };
            }
            prop_assert_eq!(due, every.next(now).unwrap());
            let within = match misfire {
                Misfire::CatchUp(within) => within,
                _ => LATE,
            };
            let recent = |tick: &Timestamp| now.duration_since(*tick) <= signed(within);
            let ruled: Vec<Timestamp> = match (misfire, all.first()) {
                (Misfire::RunOnce, Some(first)) if !recent(first) => vec![*first],
                _ => all.into_iter().filter(recent).collect(),
            };
            prop_assert_eq!(ran, ruled);
        }
    }
}
