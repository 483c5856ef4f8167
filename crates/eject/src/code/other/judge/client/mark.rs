//! Attributes of Rust that make a client of a type that they are told: `#[io_cached(ty = "AsyncRedisCache<String, u8>", …)]`.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{Reading, name, of_package};
use crate::{
    catalogue::Role,
    code::other::{known, language::Language},
    finding::{Kind, Sighting},
};

/// Attributes that say something of the code itself, and make nothing.
const PLAIN: &[&str] = &["#[derive", "#[cfg", "#[allow", "#[expect", "#[doc", "#[error", "#[from"];

/// Takes the types of packages that attributes name.
pub(super) fn marks(reading: &mut Reading<'_>) {
    static TYPE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b[A-Z][A-Za-z0-9_]*").expect("it is valid"));
    if reading.names.language() != Language::Rust {
        return;
    }
    let mut found = Vec::new();
    for (mark, span) in &reading.source.marks {
        if PLAIN.iter().any(|plain| mark.starts_with(plain)) {
            continue;
        }
        let written = reading.file.text.get(span.clone()).unwrap_or_default();
        for named in TYPE.find_iter(written) {
            let Some((package, full)) = reading.names.resolve(named.as_str(), false) else {
                continue;
            };
            let makes = package.role != Role::Development && name::counts(package, &full);
            if makes && !known::is_part(named.as_str()) {
                let at = span.start + named.start();
                let sighting = of_package(Kind::Client, package, at..at + named.len());
                found.push(Sighting { name: named.as_str().to_owned(), ..sighting });
                reading.uses.push((at, Some(package), package.store));
            }
        }
    }
    reading.sightings.extend(found);
}
