//! How much work it is, by a rule that anybody can follow: points for places, times what makes them harder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::{Invalid, overlay};
use crate::finding::{Finding, Kind, Life, Purpose};

const OURS: &str = include_str!("../../data/effort.toml");

/// The rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    points_per_day: f64,
    phase: Phases,
    life: BTreeMap<Life, f64>,
    kind: BTreeMap<Kind, f64>,
    purpose: BTreeMap<Purpose, f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phases {
    pub(super) prepare: f64,
    pub(super) deny_lists: f64,
    pub(super) switch: f64,
    pub(super) apply: f64,
    pub(super) verify: f64,
    pub(super) decommission: f64,
}

/// How much work a plan is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Where the points come from.
    pub lines: Vec<Line>,
    /// All points.
    pub points: f64,
    /// How many of them are a day.
    pub points_per_day: f64,
    /// Days.
    pub days: f64,
}

/// A term of the sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The phase's id.
    pub phase: String,
    /// What it is for.
    pub what: String,
    /// How the points are made.
    pub arithmetic: String,
    /// The points.
    pub points: f64,
}

impl Default for Rule {
    fn default() -> Self {
        toml::from_str(OURS).expect("a test reads the file")
    }
}

impl Rule {
    /// The default rule under a file of the user's.
    pub fn with(theirs: &str) -> Result<Self, Invalid> {
        Ok(overlay(OURS, theirs)?.try_into()?)
    }

    pub(super) fn phases(&self) -> &Phases {
        &self.phase
    }

    /// The points of places, and how they are made: `client 3 × 1 + command 4 × 0.5 × 0.5 (test)`.
    fn places<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> (f64, String) {
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for finding in findings {
            *counts.entry((finding.life, finding.kind)).or_default() += 1;
        }
        let (mut points, mut terms) = (0.0, Vec::new());
        for ((life, kind), count) in counts {
            let each = self.kind.get(&kind).copied().unwrap_or_default();
            let factor = self.life.get(&life).copied().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 places")]
            let term = count as f64 * each * factor;
            if term <= 0.0 {
                continue;
            }
            points += term;
            let of_life = if life == Life::Live {
                String::new()
            } else {
                format!(" × {factor} ({})", life.word())
            };
            terms.push(format!("{} {count} × {each}{of_life}", kind.word()));
        }
        (points, terms.join(" + "))
    }

    /// The work of switching one use of a service.
    pub(super) fn switch<'f>(
        &self,
        purpose: Purpose,
        findings: impl Iterator<Item = &'f Finding>,
    ) -> (f64, String) {
        let (points, terms) = self.places(findings);
        let factor = self.purpose.get(&purpose).copied().unwrap_or(1.0);
        let once = self.phase.switch;
        if terms.is_empty() {
            return (round(once), format!("{once} to switch"));
        }
        let arithmetic = format!("({terms}) × {factor} for {} + {once} to switch", purpose.word());
        (round(points * factor + once), arithmetic)
    }

    /// The work of places that a tool edits, and something for each time.
    pub(super) fn edit<'f>(
        &self,
        findings: impl Iterator<Item = &'f Finding>,
        once: f64,
    ) -> (f64, String) {
        let (points, terms) = self.places(findings);
        let arithmetic =
            if terms.is_empty() { once.to_string() } else { format!("{terms} + {once}") };
        (round(points + once), arithmetic)
    }

    /// The sum.
    pub(super) fn sum(&self, lines: Vec<Line>) -> Effort {
        let points = round(lines.iter().map(|line| line.points).sum());
        let points_per_day = self.points_per_day;
        let days = if points_per_day > 0.0 { round(points / points_per_day) } else { 0.0 };
        Effort { lines, points, points_per_day, days }
    }
}

/// To hundredths: a sum of decimals is shown as what people get by hand.
pub(super) fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::finding;

    #[test]
    fn every_word_has_its_points() {
        let rule = Rule::default();
        assert!(Kind::ALL.iter().all(|kind| rule.kind.contains_key(kind)));
        assert!(Life::ALL.iter().all(|life| rule.life.contains_key(life)));
        assert!(Purpose::ALL.iter().all(|purpose| rule.purpose.contains_key(purpose)));
    }

    #[test]
    fn points_are_places_times_what_makes_them_harder() {
        let mut findings = vec![finding(Kind::Client, "a.ts", "ioredis"); 3];
        findings[2].life = Life::Test;
        let (points, arithmetic) = Rule::default().switch(Purpose::Tokens, findings.iter());
        let expected = "(client 2 × 1 + client 1 × 1 × 0.5 (test)) × 2 for tokens + 2 to switch";
        assert_eq!((points, arithmetic.as_str()), (7.0, expected));
    }

    #[test]
    fn a_file_of_the_users_stands_above_and_is_checked() {
        let rule = Rule::with("points_per_day = 2\n[kind]\nclient = 5\n").unwrap();
        let client = finding(Kind::Client, "a.ts", "ioredis");
        assert_eq!(rule.edit([client].iter(), 1.0), (6.0, "client 1 × 5 + 1".to_owned()));
        assert!(Rule::with("[kind]\nclent = 5\n").is_err());
    }
}
