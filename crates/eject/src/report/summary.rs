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

/// The packages; where there are none what is made or called; and where there is neither, what is set and declared.
fn by(findings: &[&Finding]) -> Vec<String> {
    let names = |is_wanted: &dyn Fn(Kind) -> bool| -> BTreeSet<String> {
        let wanted = findings.iter().filter(|finding| is_wanted(finding.kind));
        wanted.map(|finding| short(finding).to_owned()).collect()
    };
    let packages = names(&|kind| matches!(kind, Kind::Package | Kind::Import));
    let calls = || names(&|kind| matches!(kind, Kind::Client | Kind::Command | Kind::Setting));
    let told = [packages, calls(), names(&|_| true)].into_iter().find(|names| !names.is_empty());
    told.unwrap_or_default().into_iter().collect()
}

/// A command without its last word: `ioredis` for `ioredis.get`.
fn short(finding: &Finding) -> &str {
    match finding.name.rsplit_once('.') {
        Some((of, _)) if finding.kind == Kind::Command && !of.is_empty() => of,
        _ => &finding.name,
    }
}

/// How the catalogue ends what it says of packages that only speak to a store.
const OF_A_CLIENT: &str = "by what it is used for";

/// What the packages say that do something for which they need the store; else what is known of the purpose.
fn replacement(store: Store, purpose: Purpose, findings: &[&Finding]) -> String {
    const SHOWN: usize = 2;
    let is_used = |found: &&Finding| !is_declared(found.kind);
    if purpose == Purpose::Other && !findings.iter().any(is_used) {
        return "nothing: it goes with its last user".to_owned();
    }
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for replacement in findings.iter().filter_map(|finding| finding.replacement.as_deref()) {
        *told.entry(replacement).or_default() += 1;
    }
    let mut of_packages: Vec<_> =
        told.iter().filter(|(told, _)| !told.ends_with(OF_A_CLIENT)).collect();
    of_packages.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    let mut shown: Vec<_> = of_packages.into_iter().take(SHOWN).map(|(told, _)| *told).collect();
    if shown.is_empty() && (purpose == Purpose::Other || store == Store::Mongodb) {
        shown.extend(told.keys().take(1));
    }
    match (shown.is_empty(), store) {
        (false, _) => shown.join("; "),
        (true, Store::Mongodb) => "reported only".to_owned(),
        (true, _) => purposes::of(purpose).replacement.clone(),
    }
}

/// Whether a place of this kind only provides what others use.
fn is_declared(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Container
            | Kind::ContainerReference
            | Kind::HelmDependency
            | Kind::Resource
            | Kind::VariableSet
            | Kind::ConnectionString
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{finding, report};

    #[test]
    fn a_row_says_what_the_packages_are_replaced_by_and_else_what_the_purpose_is() {
        let with = |kind, name: &str, purpose, replacement: Option<&str>| {
            let mut found = finding(kind, "a/x.ts", name);
            (found.purpose, found.replacement) = (purpose, replacement.map(str::to_owned));
            found
        };
        let of_a_client = "the Node package pgstead, by what it is used for";
        let client = Some(of_a_client);
        let rows = usages(&report(vec![
            with(Kind::Import, "bullmq", Purpose::Queue, Some("`pgstead/bullmq`")),
            with(Kind::Import, "ioredis", Purpose::Queue, client),
            with(Kind::Client, "Redis", Purpose::Lock, client),
            with(Kind::Import, "ioredis", Purpose::Other, client),
            with(Kind::Command, "ioredis.set", Purpose::Lock, None),
            with(Kind::Wrapper, "a/y.ts", Purpose::Lock, None),
            with(Kind::LockedPackage, "bullmq", Purpose::Queue, None),
        ]));
        let told: Vec<_> = rows.iter().map(|row| (row.purpose, &*row.replacement)).collect();
        let of_locks = &*purposes::of(Purpose::Lock).replacement;
        let expected = [
            (Purpose::Queue, "`pgstead/bullmq`"),
            (Purpose::Lock, of_locks),
            (Purpose::Other, of_a_client),
        ];
        assert_eq!(told, expected);
        assert_eq!(rows[0].current(), "queue: bullmq, ioredis (2 places in 1 file)");
        assert_eq!(rows[1].by, ["Redis", "ioredis"]);
    }

    #[test]
    fn what_is_only_declared_goes_with_its_last_user() {
        let rows = usages(&report(vec![finding(Kind::Container, "compose.yml", "redis")]));
        assert_eq!(rows[0].replacement, "nothing: it goes with its last user");
    }
}
