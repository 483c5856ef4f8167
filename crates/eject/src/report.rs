//! The report: its version, its fingerprints, its words.

use std::{collections::HashMap, fmt::Write as _};

use sha2::{Digest as _, Sha256};

use crate::finding::{Finding, Purpose};

/// The version of the document's schema.
pub(crate) const VERSION: u32 = 1;

/// How much of a line is shown.
const SHOWN: usize = 160;

impl Purpose {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Session => "session",
            Self::Limits => "limits",
            Self::Queue => "queue",
            Self::Cache => "cache",
            Self::Lock => "lock",
            Self::PubSub => "pub/sub",
            Self::Other => "other",
        }
    }
}

/// A line as it is shown.
pub(crate) fn shorten(line: &str) -> String {
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Names findings by what they are, and not by the line they are in, so that they keep their names when lines are moved.
pub(crate) fn fingerprint(findings: &mut [Finding]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let text: Vec<_> = finding.text.split_whitespace().collect();
        let (kind, path, name) = (finding.kind, &finding.place.path, &finding.name);
        let what = format!("{kind:?}\0{path}\0{name}\0{}", text.join(" "));
        let nth = seen.entry(what.clone()).and_modify(|nth| *nth += 1).or_default();
        let hash = Sha256::digest(format!("{what}\0{nth}"));
        finding.fingerprint = hash[..16].iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    }
}
