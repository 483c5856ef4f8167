//! When a cron pattern ticks by the clock of a place.
//!
//! croner reads the patterns and finds the next local time. What instant that is, and what becomes of
//! local times that do not exist or exist twice, is decided here, by what the hours of the pattern are:
//!
//! - A pattern for which any hour will do (`*` or `*/n`) goes by time that passes. `*/5 * * * *` ticks
//!   every five minutes, whatever is done to the clocks: in an hour that comes twice, twice as often.
//! - A pattern that names hours means a time of the day, and ticks once for each. One that comes twice
//!   counts the first time. One that is left out, since the clocks go forward over it, ticks at the
//!   first instant after that; several that are left out at once tick once.

use croner::parser::{CronParser, Seconds, Year};
use jiff::{
    Timestamp,
    civil::{DateTime, date},
    tz::{AmbiguousOffset, TimeZone},
};

use super::InvalidSchedule;

/// A pattern in a zone.
#[derive(Clone, Debug)]
pub(crate) struct Cron {
    pattern: Box<str>,
    rule: croner::Cron,
    zone: TimeZone,
    names_hours: bool,
}

/// The longest pattern that is read, in bytes.
const LONGEST: usize = 255;

impl Cron {
    pub(crate) fn new(pattern: &str, zone: &str) -> Result<Self, InvalidSchedule> {
        let pattern = pattern.split_whitespace().collect::<Vec<_>>().join(" ");
        let invalid = |why: &str| InvalidSchedule::Pattern(why.to_owned());
        if pattern.len() > LONGEST {
            return Err(invalid("it is too long"));
        }
        let parser =
            CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
        let cron = parser.parse(&pattern).map_err(|error| invalid(&error.to_string()))?;
        // The 31st of June would be looked for in vain with every tick.
        let some_day = date(2000, 1, 1).at(0, 0, 0, 0);
        if cron.find_next_occurrence(&some_day, true).is_err() {
            return Err(invalid("there is no such day"));
        }
        let unknown = || InvalidSchedule::Zone(zone.to_owned());
        let zone = TimeZone::get(zone).map_err(|_unknown| unknown())?;
        // As croner has understood it: a nickname is a pattern there.
        let fields: Vec<&str> = cron.as_str().split_whitespace().collect();
        let hours = fields.len().checked_sub(4).and_then(|at| fields.get(at));
        let names_hours = hours.is_some_and(|hours| !hours.starts_with('*'));
        Ok(Self { pattern: pattern.into(), rule: cron, zone, names_hours })
    }

    pub(crate) fn pattern(&self) -> &str {
        &self.pattern
    }

    pub(crate) fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The first tick after that instant. None: the calendar ends before.
    pub(crate) fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        if self.names_hours { self.next_of_day(after) } else { self.next_as_time_passes(after) }
    }

    /// Local times and their instants have one order, so the first local time whose instant is later is
    /// the one.
    fn next_of_day(&self, after: Timestamp) -> Option<Timestamp> {
        let mut local = whole_seconds(self.zone.to_datetime(after))?;
        loop {
            local = self.rule.find_next_occurrence(&local, false).ok()?;
            let instant = match self.zone.to_ambiguous_timestamp(local).offset() {
                AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok()?,
                AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).ok()?,
                AmbiguousOffset::Gap { after: later, .. } => {
                    // By the clocks as they go after it, it would be just before the change.
                    let earlier = later.to_timestamp(local).ok()?;
                    self.zone.following(earlier).next()?.timestamp()
                }
            };
            if instant > after {
                return Some(instant);
            }
        }
    }

    /// From one change of the clocks to the next they go evenly.
    fn next_as_time_passes(&self, after: Timestamp) -> Option<Timestamp> {
        let (mut from, mut inclusive) = (after, false);
        loop {
            let offset = self.zone.to_offset(from);
            let local = whole_seconds(offset.to_datetime(from))?;
            let local = self.rule.find_next_occurrence(&local, inclusive).ok()?;
            let instant = offset.to_timestamp(local).ok()?;
            match self.zone.following(from).next() {
                Some(change) if change.timestamp() <= instant => {
                    (from, inclusive) = (change.timestamp(), true);
                }
                _ => return Some(instant),
            }
        }
    }
}

/// Without what is below the second, which patterns do not know.
fn whole_seconds(local: DateTime) -> Option<DateTime> {
    local.with().subsec_nanosecond(0).build().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cron(pattern: &str, zone: &str) -> Cron {
        Cron::new(pattern, zone).unwrap()
    }

    /// The ticks after an instant, as local times with their offsets.
    fn ticks<const N: usize>(pattern: &str, zone: &str, after: &str) -> [String; N] {
        let cron = cron(pattern, zone);
        let mut at: Timestamp = after.parse().unwrap();
        std::array::from_fn(|_| {
            at = cron.next_after(at).unwrap();
            at.to_zoned(cron.zone.clone()).strftime("%m-%dT%H:%M:%S%:z").to_string()
        })
    }

    #[test]
    fn a_time_of_the_day_that_is_left_out_ticks_when_the_clocks_have_gone_forward() {
        assert_eq!(
            ticks("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z"),
            ["03-28T02:30:00+01:00", "03-29T03:00:00+02:00", "03-30T02:30:00+02:00"]
        );
        // The first that is left out, and the first that is not.
        assert_eq!(
            ticks("0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z"),
            ["03-29T03:00:00+02:00", "03-30T02:00:00+02:00"]
        );
        assert_eq!(
            ticks("*/10 2 * 3 *", "America/New_York", "2026-03-08T06:00:00Z"),
            ["03-08T03:00:00-04:00", "03-09T02:00:00-04:00"]
        );
        assert_eq!(
            ticks("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z"),
            ["10-04T02:30:00+11:00", "10-05T02:15:00+11:00"]
        );
        // A midnight that there is not.
        assert_eq!(
            ticks("@daily", "Africa/Cairo", "2026-04-23T12:00:00Z"),
            ["04-24T01:00:00+03:00", "04-25T00:00:00+03:00"]
        );
        // A day that there was not.
        assert_eq!(
            ticks("0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z"),
            ["12-29T12:00:00-10:00", "12-31T00:00:00+14:00", "12-31T12:00:00+14:00"]
        );
    }

    #[test]
    fn a_time_of_the_day_that_comes_twice_ticks_the_first_time() {
        assert_eq!(
            ticks("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z"),
            ["10-25T02:30:00+02:00", "10-26T02:30:00+01:00"]
        );
        assert_eq!(
            ticks("59 59 1,2 * * *", "America/New_York", "2026-11-01T04:00:00Z"),
            ["11-01T01:59:59-04:00", "11-01T02:59:59-05:00", "11-02T01:59:59-05:00"]
        );
        assert_eq!(
            ticks("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z"),
            ["04-05T01:45:00+11:00", "04-06T01:45:00+10:30"]
        );
        // Looked for from within the second time.
        assert_eq!(
            ticks("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z"),
            ["10-26T02:30:00+01:00"]
        );
    }

    #[test]
    fn what_ticks_at_any_hour_ticks_as_time_passes() {
        assert_eq!(
            ticks("0,30 * * * *", "Europe/Berlin", "2026-10-24T23:59:00Z"),
            [
                "10-25T02:00:00+02:00",
                "10-25T02:30:00+02:00",
                "10-25T02:00:00+01:00",
                "10-25T02:30:00+01:00",
                "10-25T03:00:00+01:00",
            ]
        );
        assert_eq!(
            ticks("@hourly", "Europe/Berlin", "2026-03-28T23:30:00Z"),
            ["03-29T01:00:00+01:00", "03-29T03:00:00+02:00", "03-29T04:00:00+02:00"]
        );
        assert_eq!(
            ticks("*/20 * * * *", "Australia/Lord_Howe", "2026-04-04T14:30:00Z"),
            ["04-05T01:40:00+11:00", "04-05T01:40:00+10:30", "04-05T02:00:00+10:30"]
        );
    }

    #[test]
    fn patterns_that_are_none_are_told_so() {
        for bad in ["", "x", "* * * *", "60 * * * *", "0 0 0 1 1 * 2030", "0 0 31 2 *", "@never"] {
            assert!(Cron::new(bad, "UTC").is_err(), "{bad}");
        }
        assert!(matches!(Cron::new("* * * * *", "Mars/Olympus"), Err(InvalidSchedule::Zone(_))));
        assert_eq!(cron(" 0  4 * * MON-fri ", "UTC").pattern(), "0 4 * * MON-fri");
    }

    const ZONES: [&str; 6] = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
    ];
    const PATTERNS: [&str; 9] = [
        "* * * * * *",
        "*/7 * * * *",
        "0 */2 * * *",
        "30 2 * * *",
        "*/15 1-3 * * *",
        "0 0 2,14 * * *",
        "0 12 1 * *",
        "0 0 29 2 *",
        "5 1 * * SUN#L",
    ];

    proptest! {
        /// Second by second, by what the rules say of each.
        #[test]
        fn no_tick_is_left_out_and_none_is_added(
            zone in prop::sample::select(&ZONES[..]),
            pattern in prop::sample::select(&PATTERNS[..]),
            // Around the changes of the clocks, and anywhere.
            near in prop::sample::select(&[
                "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-03-08T07:00:00Z",
                "2026-11-01T06:00:00Z", "2026-10-03T15:30:00Z", "2026-04-04T15:00:00Z",
                "2028-02-29T00:00:00Z", "2026-07-01T10:00:00Z",
            ][..]),
            before in 0_i64..7200,
        ) {
            let cron = cron(pattern, zone);
            let near: Timestamp = near.parse().unwrap();
            let begin = near.as_second() - before;
            let mut found = Vec::new();
            let mut at = Timestamp::from_second(begin - 1).unwrap();
            let end = begin + 10_800;
            while let Some(next) = cron.next_after(at) {
                prop_assert!(next > at);
                if next.as_second() >= end {
                    break;
                }
                found.push(next.as_second());
                at = next;
            }
            let ruled: Vec<i64> = (begin..end).filter(|second| ticks_at(&cron, *second)).collect();
            prop_assert_eq!(found, ruled);
        }

        #[test]
        fn what_is_read_is_a_pattern_or_an_error(text in "[-*/0-9,LW#?+@A-Z ]{0,30}", at in -1_000_000_000_i64..4_000_000_000) {
            if let Ok(cron) = Cron::new(&text, "Europe/Berlin") {
                let at = Timestamp::from_second(at).unwrap();
                if let Some(next) = cron.next_after(at) {
                    prop_assert!(next > at);
                }
            }
        }
    }

    /// The rules, of one second.
    fn ticks_at(cron: &Cron, second: i64) -> bool {
        let at = Timestamp::from_second(second).unwrap();
        let local = cron.zone.to_datetime(at);
        let matches = |local: DateTime| cron.rule.is_time_matching(&local).unwrap();
        let before = cron.zone.to_datetime(Timestamp::from_second(second - 1).unwrap());
        if !cron.names_hours {
            return matches(local);
        }
        // What was left out a moment ago.
        let mut left_out = before.saturating_add(jiff::Span::new().seconds(1));
        while left_out < local {
            if matches(left_out) {
                return true;
            }
            left_out = left_out.saturating_add(jiff::Span::new().seconds(1));
        }
        let is_second_time = match cron.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).unwrap() != at,
            _ => false,
        };
        matches(local) && !is_second_time
    }
}
