//! Methods that packages add to classes of a framework: `services.AddStackExchangeRedisCache(…)`.

use super::super::{Reading, told};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{Call, last},
    },
    finding::{Kind, Sighting},
    prose,
};

/// `services.AddStackExchangeRedisCache(…)`: a method that a package adds to a class of the framework.
pub(super) fn extends(reading: &mut Reading<'_>, call: &Call) {
    let method = last(&call.callee);
    let adds =
        ["Add", "Use", "With", "Persist", "Enable"].iter().any(|verb| method.starts_with(verb));
    if reading.names.language() != Language::CSharp || !adds {
        return;
    }
    let Some((store, _)) = prose::mention(method) else { return };
    let sighting = Sighting::new(Kind::Client, store, call.at..call.span.end, method);
    let of_method = || {
        let purpose = known::extension(method)?;
        Some((purpose, format!("`{method}` is for {}", purpose.word())))
    };
    let purpose = told(method).or_else(of_method).or_else(|| reading.purpose_around(call.at));
    reading.uses.push((call.at, None, store));
    reading.sightings.push(match purpose {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    });
}
