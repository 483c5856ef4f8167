//! How a report compares with what is right.

use std::collections::{BTreeMap, BTreeSet};

use pgstead_eject::{Finding, Life, Report, Store};

use crate::expected::{Entry, Expected};

/// Counts of places. A place is a line, a store and a life; that several findings are on one line is one place.
#[derive(Debug, Default)]
pub(crate) struct Score {
    /// Live places that are expected.
    expected: usize,
    /// Of those, reported as live.
    found: usize,
    /// Live places that are reported and not expected.
    alarms: usize,
    /// Of the found, those of an expected kind.
    kinds: usize,
    /// Found places whose purpose can be judged, and those with the right one.
    judged: usize,
    purposes: usize,
    /// Places of other lives that are expected, and those found with that life.
    others: usize,
    others_found: usize,
    /// Places of other lives that are reported and not expected.
    strays: usize,
    /// Findings that stand in the report twice.
    pub(crate) twice: usize,
    /// Each deviation in a line.
    pub(crate) notes: Vec<String>,
}

impl Score {
    pub(crate) fn of(project: &str, expected: &Expected, report: &Report) -> Self {
        let mut score = Self::default();
        let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for finding in &report.findings {
            by_file.entry(&finding.place.path).or_default().push(finding);
            let place = (&finding.place.path, finding.place.line);
            if !seen.insert((place, format!("{:?}", finding.kind), &finding.name)) {
                score.twice += 1;
                score.note(project, "twice", finding);
            }
        }
        for trouble in &report.troubles {
            score.notes.push(format!("{project}/{} trouble: {}", trouble.path, trouble.what));
        }
        for (path, of_file) in &expected.files {
            let found = by_file.get(path.as_str()).map_or(&[][..], Vec::as_slice);
            for entry in &of_file.entries {
                score.entry(&format!("{project}/{path}"), entry, found);
            }
            if let Some(life) = of_file.life {
                score.others += 1;
                if found.iter().any(|finding| finding.life == life) {
                    score.others_found += 1;
                } else {
                    score.notes.push(format!("{project}/{path} other: nothing is {life:?}"));
                }
            }
        }
        score.unexpected(project, expected, &by_file);
        score
    }

    /// Whether one expected place is found.
    fn entry(&mut self, path: &str, entry: &Entry, found: &[&Finding]) {
        let is_here = |finding: &&&Finding| {
            entry.lines.contains(&finding.place.line) && finding.store == entry.store
        };
        let here: Vec<_> = found.iter().filter(is_here).filter(|f| f.life == entry.life).collect();
        let at = format!("{path}:{}", entry.lines[0]);
        let wanted = format!("{:?} {:?} {:?}", entry.life, entry.kinds, entry.purposes);
        if entry.life != Life::Live {
            self.others += 1;
            self.others_found += usize::from(!here.is_empty());
            if here.is_empty() {
                let got: Vec<_> = found.iter().filter(is_here).map(|f| f.life).collect();
                self.notes.push(format!("{at} other: {wanted}, reported {got:?}"));
            }
            return;
        }
        self.expected += 1;
        if here.is_empty() {
            let got: Vec<_> = found.iter().filter(is_here).map(|f| (f.life, f.kind)).collect();
            self.notes.push(format!("{at} MISS: {wanted}, reported {got:?}"));
            return;
        }
        self.found += 1;
        if here.iter().any(|finding| entry.kinds.contains(&finding.kind)) {
            self.kinds += 1;
        } else {
            let got: Vec<_> = here.iter().map(|finding| finding.kind).collect();
            self.notes.push(format!("{at} kind: {:?}, reported {got:?}", entry.kinds));
        }
        if entry.purposes.is_empty() {
            return;
        }
        self.judged += 1;
        if here.iter().any(|finding| entry.purposes.contains(&finding.purpose)) {
            self.purposes += 1;
        } else {
            let got: Vec<_> = here.iter().map(|f| (f.purpose, f.reasons.join("; "))).collect();
            self.notes.push(format!("{at} purpose: {:?}, reported {got:?}", entry.purposes));
        }
    }

    /// What is reported and not expected.
    fn unexpected(
        &mut self,
        project: &str,
        expected: &Expected,
        by_file: &BTreeMap<&str, Vec<&Finding>>,
    ) {
        let mut seen: BTreeSet<(&str, u32, Store, Life)> = BTreeSet::new();
        for (path, found) in by_file {
            let of_file = expected.files.get(*path);
            for finding in found {
                let (at, store, life) = (finding.place.line, finding.store, finding.life);
                let is_expected = of_file.is_some_and(|of_file| {
                    of_file.neutral.contains(&at)
                        || of_file.life == Some(life)
                        || of_file.entries.iter().any(|entry| {
                            entry.lines.contains(&at) && entry.store == store && entry.life == life
                        })
                });
                if is_expected || !seen.insert((path, at, store, life)) {
                    continue;
                }
                if life == Life::Live {
                    self.alarms += 1;
                    self.note(project, "FALSE", finding);
                } else {
                    self.strays += 1;
                    self.note(project, "stray", finding);
                }
            }
        }
    }

    fn note(&mut self, project: &str, what: &str, finding: &Finding) {
        let Finding { place, kind, life, store, name, text, .. } = finding;
        self.notes.push(format!(
            "{project}/{}:{} {what}: {life:?} {kind:?} {store:?} `{name}`: {text}",
            place.path, place.line
        ));
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.found += other.found;
        self.alarms += other.alarms;
        self.kinds += other.kinds;
        self.judged += other.judged;
        self.purposes += other.purposes;
        self.others += other.others;
        self.others_found += other.others_found;
        self.strays += other.strays;
        self.twice += other.twice;
        self.notes.extend(other.notes);
    }

    pub(crate) fn precision(&self) -> f64 {
        share(self.found, self.found + self.alarms)
    }

    pub(crate) fn recall(&self) -> f64 {
        share(self.found, self.expected)
    }

    pub(crate) fn kinds(&self) -> f64 {
        share(self.kinds, self.found)
    }

    pub(crate) fn purposes(&self) -> f64 {
        share(self.purposes, self.judged)
    }

    /// How many of the expected places of other lives are found.
    pub(crate) fn others(&self) -> f64 {
        share(self.others_found, self.others)
    }

    /// How many of the reported places of other lives are expected.
    pub(crate) fn strays(&self) -> f64 {
        share(self.others_found, self.others_found + self.strays)
    }

    pub(crate) fn heading() -> String {
        format!(
            "{:<20} {:>8} {:>6} {:>6} {:>9} {:>6} {:>6} {:>8} {:>12} {:>7}",
            "project",
            "expected",
            "found",
            "alarms",
            "precision",
            "recall",
            "kinds",
            "purposes",
            "other lives",
            "strays"
        )
    }

    pub(crate) fn row(&self, name: &str) -> String {
        format!(
            "{name:<20} {:>8} {:>6} {:>6} {:>9.3} {:>6.3} {:>6.3} {:>8.3} {:>12} {:>7}",
            self.expected,
            self.found,
            self.alarms,
            self.precision(),
            self.recall(),
            self.kinds(),
            self.purposes(),
            format!("{} of {}", self.others_found, self.others),
            self.strays
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of thousands")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
