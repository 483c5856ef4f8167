//! What is asked in Go of a package that may be on another store, by values that have its types: `server.SendTask(…)` of machinery.

use std::collections::HashMap;

use super::super::{Condition, Reading, name, of_package, own};
use crate::{
    catalogue::Package,
    code::other::{
        known,
        language::Language,
        source::{clip, dotted, last},
    },
    finding::{Kind, Sighting},
};

/// Takes what is asked where the service is told to use this store.
pub(super) fn asked(reading: &mut Reading<'_>) {
    if reading.names.language() != Language::Go {
        return;
    }
    let names = names(reading);
    let found = reading.source.calls.iter().filter(|call| !call.is_new).filter_map(|call| {
        let (receiver, method) = call.callee.rsplit_once('.')?;
        let mut path = receiver.rsplit('.');
        let package = path.find_map(|part| match names.get(part) {
            Some(package) => Some(Some(*package)),
            None if part.ends_with("()") => None,
            None => Some(None),
        })??;
        let sighting = of_package(Kind::Command, package, call.at..call.span.end);
        let sighting = Sighting { name: clip(method, 60).to_owned(), ..sighting };
        Some((Condition::IsTold(package), sighting))
    });
    let found: Vec<_> = found.collect();
    reading.conditional.extend(found);
}

/// The names of values that have a type of such a package, and the functions that give one.
fn names(reading: &Reading<'_>) -> HashMap<String, &'static Package> {
    let of = |path: &str| {
        let path = path.trim_start_matches(['*', '&', '[', ']']);
        let (package, full) = reading.names.resolve(path, false)?;
        let may = name::may_be_told(package) && !name::counts(package, &full);
        (may && !known::is_part(last(path))).then_some(package)
    };
    let bound = reading.source.bindings.iter().filter_map(|binding| {
        let value = dotted(&binding.value);
        let made = value.strip_suffix("()").filter(|path| known::is_factory(last(path)));
        let package = of(&binding.of_type).or_else(|| of(made?))?;
        Some((last(&binding.target).to_owned(), package))
    });
    let given = reading.source.definitions.iter().filter_map(|definition| {
        let written = reading.file.text.get(definition.span.clone())?;
        let (called, of_type) = own::given(written)?;
        Some((format!("{called}()"), of(of_type)?))
    });
    bound.chain(given).collect()
}
