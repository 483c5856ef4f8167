//! Which findings are asked for.

use crate::finding::{Finding, Purpose, Report, Store};

/// Which findings are asked for. By default all.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Selection {
    /// Of this store alone.
    pub store: Option<Store>,
    /// For these purposes alone; for any if there is none.
    pub purposes: Vec<Purpose>,
}

impl Selection {
    /// Whether this one is asked for.
    #[must_use]
    pub fn has(&self, finding: &Finding) -> bool {
        self.store.is_none_or(|store| store == finding.store)
            && (self.purposes.is_empty() || self.purposes.contains(&finding.purpose))
    }

    /// The report with what is asked for alone.
    #[must_use]
    pub fn of(&self, mut report: Report) -> Report {
        report.findings.retain(|finding| self.has(finding));
        report
    }
}
