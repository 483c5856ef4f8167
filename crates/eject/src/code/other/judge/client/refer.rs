//! Servers that an application of Aspire has, and who is given one: `api.WithReference(cache)`.

use super::super::{Reading, told};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{Call, last},
    },
    finding::{Kind, Sighting, Store},
    prose,
};

/// Takes what is given a server that the file declares.
pub(super) fn refer(reading: &mut Reading<'_>) {
    let mut calls = reading.source.calls.iter();
    let refers = |call: &Call| known::refers(last(&call.callee));
    if reading.names.language() != Language::CSharp || !calls.any(refers) {
        return;
    }
    let declared = reading.source.bindings.iter().filter_map(|binding| {
        let is_in = |at: usize| binding.value_span.contains(&at);
        let mut calls = reading.source.calls.iter().filter(|call| is_in(call.at));
        let is_server =
            |method: &str| method.starts_with("Add") && prose::mention(method).is_some();
        let call = calls.find(|call| is_server(last(&call.callee)))?;
        let is_named = call.arguments.first().is_some_and(|name| name.value.starts_with('"'));
        let (store, _) = prose::mention(last(&call.callee)).filter(|_| is_named)?;
        Some((&*binding.target, store))
    });
    let declared: Vec<(&str, Store)> = declared.collect();
    let mut found = Vec::new();
    for call in &reading.source.calls {
        let method = last(&call.callee);
        let given = call.arguments.first().map_or("", |argument| &*argument.value);
        let server = declared.iter().find(|(name, _)| *name == given);
        let Some((name, store)) = server.filter(|_| known::refers(method)) else { continue };
        let sighting = Sighting::new(
            Kind::Setting,
            *store,
            call.at..call.span.end,
            &format!("{method}({name})"),
        );
        found.push(match told(name) {
            Some((purpose, why)) => sighting.purpose(purpose, why),
            None => sighting,
        });
    }
    reading.sightings.extend(found);
}
