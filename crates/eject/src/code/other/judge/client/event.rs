//! Events of a client that code of C# listens to: `multiplexer.ConnectionFailed += (_, e) => …`.

use super::{
    super::{Reading, of_package},
    bound::Known,
};
use crate::{
    code::other::language::Language,
    finding::{Kind, Sighting},
};

/// What is told of each event of a client.
pub(super) fn heard(reading: &Reading<'_>, known: &Known) -> Vec<Sighting> {
    if reading.names.language() != Language::CSharp {
        return Vec::new();
    }
    let bindings = reading.source.bindings.iter();
    let heard = bindings.filter_map(|binding| {
        let (client, event) = binding.target.rsplit_once('.')?;
        let between = binding.span.start..binding.value_span.start;
        let written = reading.file.text.get(between)?.trim_end();
        let is_event = written.ends_with("+=") && event.starts_with(char::is_uppercase);
        let package = known.package(client).filter(|_| is_event)?;
        let sighting = of_package(Kind::Command, package, binding.span.clone());
        Some(Sighting { name: event.to_owned(), ..sighting })
    });
    heard.collect()
}
