//! The report: its version and fingerprints, and the forms in which it is told.
//!
//! The document itself is [`Report`](crate::Report), as JSON; [`SCHEMA`] says what is in it. People read [`usages`] and [`markdown`], and code
//! scanning reads [`sarif`].

mod markdown;
mod sarif;
mod select;
mod summary;
mod words;

use std::{collections::HashMap, fmt::Write as _};

use sha2::{Digest as _, Sha256};

pub use self::{
    markdown::markdown,
    sarif::{MOST_RESULTS, sarif},
    select::Selection,
    summary::{Counts, Usage, usages},
};
pub(crate) use self::{
    markdown::{cell, code},
    summary::counted,
};
use crate::finding::Finding;

/// The version of the document's schema.
pub(crate) const VERSION: u32 = 1;

/// What wrote a document.
pub(crate) const TOOL: &str = concat!("pgstead ", env!("CARGO_PKG_VERSION"));

/// The JSON Schema (2020-12) of a report.
pub const SCHEMA: &str = include_str!("../schema/report.schema.json");

/// How much of a line is shown.
const SHOWN: usize = 160;

/// Whether a file is a report or a baseline of ours: it names what was found elsewhere, and uses nothing.
pub(crate) fn is_ours(file: &crate::file::File) -> bool {
    let head: Vec<_> = file.text.lines().take(4).map(str::trim).collect();
    file.extension() == "json"
        && head.first() == Some(&"{")
        && head.iter().any(|line| line.starts_with("\"tool\": \"pgstead "))
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
