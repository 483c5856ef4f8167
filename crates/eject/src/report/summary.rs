//! What a report comes to: a row for each use of each service, and how many findings have which life.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    finding::{Finding, Kind, Life, Purpose, Report, Store},
    plan::purposes,
};

/// How many findings have which life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Those that run.
    pub live: usize,
    /// Those of tests.
    pub test: usize,
    /// Those that nothing reaches.
    pub dormant: usize,
    /// Those that tell what was.
    pub historical: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *match finding.life {
                Life::Live => &mut counts.live,
                Life::Test => &mut counts.test,
                Life::Dormant => &mut counts.dormant,
                Life::Historical => &mut counts.historical,
            } += 1;
        }
        counts
    }
}

/// A row of the table: what a service uses a store for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// The path of the service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Which store.
    pub store: Store,
    /// What for.
    pub purpose: Purpose,
    /// By what: the packages, or else what it was found by.
    pub by: Vec<String>,
    /// In how many places that live.
    pub places: usize,
    /// In how many files.
    pub files: usize,
    /// What replaces it.
    pub replacement: String,
}

impl Usage {
    /// The row's second column: `queue: bullmq, ioredis (12 places in 4 files)`.
    #[must_use]
    pub fn current(&self) -> String {
        const SHOWN: usize = 4;
        let mut by = self.by.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        if self.by.len() > SHOWN {
            by = format!("{by} and {} more", self.by.len() - SHOWN);
        }
        let (places, files) = (counted(self.places, "place"), counted(self.files, "file"));
        format!("{}: {by} ({places} in {files})", self.purpose.word())
    }

    /// The row's first column: the name, and the path where that says more.
    #[must_use]
    pub fn title(&self) -> String {
        let last = self.service.rsplit('/').next().unwrap_or_default();
        if last == self.name || self.service == "." && self.name == "." {
            self.service.clone()
        } else {
            format!("{} ({})", self.name, self.service)
        }
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What lives, by service and purpose. Locked packages are counted by what asks for them.
#[must_use]
pub fn usages(report: &Report) -> Vec<Usage> {
    let names: BTreeMap<_, _> =
        report.services.iter().map(|service| (&*service.path, &*service.name)).collect();
    let mut rows: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        if finding.life == Life::Live && finding.kind != Kind::LockedPackage {
            let row = (finding.service.as_str(), finding.store, finding.purpose);
            rows.entry(row).or_default().push(finding);
        }
    }
    let row = |((service, store, purpose), findings): ((&str, _, _), Vec<&Finding>)| Usage {
        service: service.to_owned(),
        name: names.get(service).copied().unwrap_or(service).to_owned(),
        store,
        purpose,
        by: by(&findings),
        places: findings.len(),
        files: findings.iter().map(|finding| &finding.place.path).collect::<BTreeSet<_>>().len(),
        replacement: replacement(store, purpose, &findings),
    };
    rows.into_iter().map(row).collect()
}

/// The packages; where there are none the variables, containers and resources.
fn by(findings: &[&Finding]) -> Vec<String> {
    let names = |is_wanted: &dyn Fn(Kind) -> bool| -> BTreeSet<String> {
        let wanted = findings.iter().filter(|finding| is_wanted(finding.kind));
        wanted.map(|finding| finding.name.clone()).collect()
    };
    let packages = names(&|kind| matches!(kind, Kind::Package | Kind::Import));
    let names = if packages.is_empty() { names(&|_| true) } else { packages };
    names.into_iter().collect()
}

/// By the purpose where that is known, and else by the package.
fn replacement(store: Store, purpose: Purpose, findings: &[&Finding]) -> String {
    if store == Store::Mongodb {
        return "reported only".to_owned();
    }
    let known = purposes::of(purpose).replacement.clone();
    let told = findings.iter().find_map(|finding| finding.replacement.clone());
    if purpose == Purpose::Other { told.unwrap_or(known) } else { known }
}
