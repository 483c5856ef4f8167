//! What a team knows of and has not done yet: a file of findings, so that new ones are refused and the number of the old ones only
//! goes down.

use std::{collections::BTreeMap, error, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    finding::{Finding, Kind, Life, Report, Store},
    report::{Counts, TOOL},
};

/// The version of the document.
const VERSION: u32 = 1;

/// The findings that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The version of this document.
    version: u32,
    /// What wrote it.
    tool: String,
    /// How many there are of which life, for people who review the file.
    counts: Counts,
    /// By path, kind and name, so that what changes is what is seen in a review.
    findings: Vec<Known>,
}

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Known {
    /// The file.
    pub path: String,
    /// The kind of place.
    pub kind: Kind,
    /// The package, variable, resource or module.
    pub name: String,
    /// Which store.
    pub store: Store,
    /// Whether it ran.
    pub life: Life,
    /// The fingerprint of the finding.
    pub fingerprint: String,
}

/// How a report stands against a baseline.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ratchet<'a> {
    /// What is not in it, or lives now and did not then.
    pub new: Vec<&'a Finding>,
    /// What is in it.
    pub known: Vec<&'a Finding>,
    /// What is in it and was not found.
    pub gone: Vec<&'a Known>,
}

/// A file is no baseline.
#[derive(Debug)]
pub struct Unreadable(serde_json::Error);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is no baseline of pgstead's; write one with `scan --write-baseline`")
    }
}

impl error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.0)
    }
}

impl Baseline {
    /// All that a report has found.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let known = |found: &Finding| Known {
            path: found.place.path.clone(),
            kind: found.kind,
            name: found.name.clone(),
            store: found.store,
            life: found.life,
            fingerprint: found.fingerprint.clone(),
        };
        let mut findings: Vec<_> = report.findings.iter().map(known).collect();
        findings.sort();
        let counts = Counts::of(&report.findings);
        Self { version: VERSION, tool: TOOL.to_owned(), counts, findings }
    }

    /// The one that a file holds.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let baseline: Self = serde_json::from_str(text).map_err(Unreadable)?;
        if baseline.version != VERSION {
            let version = baseline.version;
            let why = format!("its version is {version}, and this pgstead knows {VERSION}");
            return Err(Unreadable(serde::de::Error::custom(why)));
        }
        Ok(baseline)
    }

    /// The text of the file.
    #[must_use]
    pub fn write(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("its keys are strings");
        format!("{text}\n")
    }

    /// How many are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// What of a report is new, known and gone.
    #[must_use]
    pub fn compare<'a>(&'a self, report: &'a Report) -> Ratchet<'a> {
        let mut left: BTreeMap<_, _> =
            self.findings.iter().map(|known| (&*known.fingerprint, known)).collect();
        let mut ratchet = Ratchet { new: Vec::new(), known: Vec::new(), gone: Vec::new() };
        for finding in &report.findings {
            match left.remove(&*finding.fingerprint) {
                // Who is known from a test is not known in production.
                Some(known) if known.life <= finding.life => ratchet.known.push(finding),
                _ => ratchet.new.push(finding),
            }
        }
        ratchet.gone =
            self.findings.iter().filter(|known| left.contains_key(&*known.fingerprint)).collect();
        ratchet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{finding, report};

    #[test]
    fn what_is_known_passes_and_what_comes_to_life_does_not() {
        let mut tested = finding(Kind::Import, "b.ts", "bull");
        tested.life = Life::Test;
        let old = report(vec![finding(Kind::Import, "a.ts", "ioredis"), tested]);
        let baseline = Baseline::read(&Baseline::of(&old).write()).unwrap();
        assert_eq!(baseline, Baseline::of(&old));
        let same = baseline.compare(&old);
        assert_eq!((same.new.len(), same.known.len(), same.gone.len()), (0, 2, 0));

        let mut now = old.clone();
        now.findings[1].life = Life::Live;
        now.findings.remove(0);
        let ratchet = baseline.compare(&now);
        assert_eq!(ratchet.new, [&now.findings[0]]);
        assert!(ratchet.known.is_empty());
        assert_eq!(ratchet.gone[0].path, "a.ts");
    }

    #[test]
    fn another_document_is_no_baseline() {
        assert!(Baseline::read("{}").is_err());
        let newer = Baseline::of(&report(Vec::new())).write().replace(": 1,", ": 2,");
        let error = Baseline::read(&newer).unwrap_err();
        assert!(error::Error::source(&error).unwrap().to_string().contains("version is 2"));
    }
}
