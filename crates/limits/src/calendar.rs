//! When the periods of a calendar end.

use std::time::Duration;

use jiff::{
    Timestamp, ToSpan as _, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// A period of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Period {
    /// From midnight to midnight; 23 or 25 hours when the clocks are changed.
    Day,
    /// From Monday, as ISO 8601 has it.
    Week,
    /// From the first.
    Month,
}

/// A period in a time zone.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    period: Period,
    zone: TimeZone,
}

impl Period {
    /// How long it is, as a rule.
    #[must_use]
    pub fn usual_length(self) -> Duration {
        Duration::from_hours(match self {
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
        })
    }

    /// The first day of the period that a day is in.
    fn first(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let since = day.weekday().since(Weekday::Monday);
                day.saturating_sub(since.days())
            }
            Self::Month => day.first_of_month(),
        }
    }

    /// The first day of the next.
    fn next(self, first: Date) -> Date {
        first.saturating_add(match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        })
    }
}

impl Calendar {
    pub(crate) fn new(period: Period, zone: TimeZone) -> Self {
        Self { period, zone }
    }

    pub(crate) fn period(&self) -> Period {
        self.period
    }

    pub(crate) fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// When the period before the one at this time ends, this one, and the next, in ns since 1970.
    pub(crate) fn ends_ns(&self, now_ns: i64) -> [i64; 3] {
        let now = Timestamp::from_nanosecond(i128::from(now_ns)).unwrap_or(Timestamp::MAX);
        let first = self.period.first(Zoned::new(now, self.zone.clone()).date());
        let second = self.period.next(first);
        [first, second, self.period.next(second)].map(|day| self.begins_ns(day))
    }

    /// When a day begins: where midnight is left out, with the first instant after it; where it
    /// comes twice, with the first of them.
    fn begins_ns(&self, day: Date) -> i64 {
        let begins = self.zone.to_zoned(day.at(0, 0, 0, 0)).map(|zoned| zoned.timestamp());
        let begins = begins.unwrap_or(Timestamp::MAX).as_nanosecond();
        i64::try_from(begins).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(period: Period, zone: &str, now: &str) -> [String; 3] {
        let calendar = Calendar::new(period, TimeZone::get(zone).unwrap());
        let now: Timestamp = now.parse().unwrap();
        let ends = calendar.ends_ns(i64::try_from(now.as_nanosecond()).unwrap());
        ends.map(|ns| Timestamp::from_nanosecond(i128::from(ns)).unwrap().to_string())
    }

    #[test]
    fn a_day_has_23_hours_when_the_clocks_go_forward_and_25_when_they_go_back() {
        assert_eq!(
            ends(Period::Day, "Europe/Berlin", "2026-03-29T00:30:00Z"),
            ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"]
        );
        assert_eq!(
            ends(Period::Day, "Europe/Berlin", "2026-10-25T12:00:00Z"),
            ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"]
        );
    }

    #[test]
    fn a_day_without_a_midnight_begins_after_it() {
        // Clocks went from 23:59:59 to 01:00 there.
        assert_eq!(
            ends(Period::Day, "Africa/Cairo", "2026-04-24T12:00:00Z")[0],
            "2026-04-23T22:00:00Z"
        );
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        assert_eq!(
            ends(Period::Week, "UTC", "2026-11-22T23:59:59Z"),
            ["2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"]
        );
        assert_eq!(
            ends(Period::Month, "America/New_York", "2026-11-01T05:00:00Z"),
            ["2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z", "2027-01-01T05:00:00Z"]
        );
    }
}
