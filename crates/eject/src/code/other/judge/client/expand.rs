//! Macros of a file's own that send commands, where they are called: `send!(redis, "ZINCRBY", …)`.

use super::{super::Reading, purpose::with_purpose};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{Call, unquoted},
    },
    finding::{Kind, Purpose, Sighting},
};

/// Takes what is sent where macros of the file are called.
pub(super) fn expand(reading: &mut Reading<'_>) {
    if reading.names.language() != Language::Rust {
        return;
    }
    let macros = reading.source.definitions.iter().filter_map(|definition| {
        let written = reading.file.text.get(definition.span.clone())?;
        let sent = reading.sightings.iter().find(|sighting| {
            sighting.kind == Kind::Command && definition.span.contains(&sighting.span.start)
        })?;
        written.starts_with("macro_rules!").then_some((&*definition.name, sent))
    });
    let macros: Vec<_> = macros.collect();
    let mut found = Vec::new();
    for call in &reading.source.calls {
        let Some((_, sent)) = macros.iter().find(|(name, _)| *name == call.callee) else {
            continue;
        };
        let (name, usual) = named(call).unwrap_or((&call.callee, Purpose::Other));
        let (span, name) = (call.span.clone(), name.to_owned());
        let sighting = Sighting { span, name, purpose: None, ..(*sent).clone() };
        found.push(match sent.package {
            Some(package) => {
                with_purpose(reading, sighting, package, call, Some((&*call.callee, usual)))
            }
            None => sighting,
        });
    }
    reading.sightings.extend(found);
}

/// The command that is named among what a macro is given.
fn named(call: &Call) -> Option<(&str, Purpose)> {
    let texts = call.arguments.iter().filter(|argument| argument.value.starts_with('"'));
    texts
        .map(|argument| unquoted(&argument.value))
        .find_map(|name| Some((name, known::command(name)?)))
}
