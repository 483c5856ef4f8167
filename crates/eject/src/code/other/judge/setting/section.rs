//! Sections of a configuration that C# names by a constant of its own: `configuration.GetSection(RedisOptions.Section)`.

use super::{super::Reading, variable::variable};
use crate::{
    code::other::{
        language::Language,
        source::{Call, last},
    },
    finding::{Sighting, Store},
    prose,
};

/// Methods that take a section, or what is in one, by its name.
const TAKE: &[&str] =
    &["GetSection", "GetRequiredSection", "GetConnectionString", "BindConfiguration"];

/// Takes the sections whose names stand in constants that are called after a store.
pub(super) fn sections(reading: &mut Reading<'_>) {
    if reading.names.language() != Language::CSharp {
        return;
    }
    let calls = reading.source.calls.iter();
    let found = calls.filter_map(|call| taken(reading, call));
    let found: Vec<_> = found.collect();
    reading.sightings.extend(found);
}

fn taken(reading: &Reading<'_>, call: &Call) -> Option<Sighting> {
    let name = &call.arguments.first().filter(|_| TAKE.contains(&last(&call.callee)))?.value;
    let inner = name.strip_prefix("nameof(").and_then(|rest| rest.strip_suffix(')'));
    let name = inner.unwrap_or(name);
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let is_constant = name.starts_with(char::is_uppercase) && name.chars().all(is_path);
    let (store, _): (Store, _) = prose::mention(name).filter(|_| is_constant)?;
    Some(variable(reading, name, store, call.at..call.span.end))
}
