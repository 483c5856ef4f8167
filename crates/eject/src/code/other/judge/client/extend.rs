//! Methods that packages add to classes of a framework: `services.AddStackExchangeRedisCache(…)`.

use super::super::{Reading, told};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{Call, last, unquoted},
    },
    finding::{Kind, Sighting},
    prose,
};

/// `services.AddStackExchangeRedisCache(…)`: a method that a package adds to a class of the framework.
pub(super) fn extends(reading: &mut Reading<'_>, call: &Call) {
    let method = last(&call.callee);
    let verbs = ["Add", "Use", "With", "Persist", "Enable"];
    let adds =
        verbs.iter().any(|verb| method.starts_with(verb)) || known::extension(method).is_some();
    if reading.names.language() != Language::CSharp || !adds {
        return;
    }
    let Some((store, _)) = prose::mention(method) else { return };
    let sighting = Sighting::new(Kind::Client, store, call.at..call.span.end, method);
    let of_method = || {
        let purpose = known::extension(method)?;
        Some((purpose, format!("`{method}` is for {}", purpose.word())))
    };
    // `AddKeyedRedisClient("sessions")` gives it a name.
    let named = call.arguments.first().filter(|argument| argument.value.starts_with('"'));
    let of_name = || told(unquoted(&named?.value));
    let purpose = told(method).or_else(of_method).or_else(of_name);
    let purpose = purpose.or_else(|| reading.purpose_around(call.at));
    reading.uses.push((call.at, None, store));
    reading.sightings.push(match purpose {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    });
}
