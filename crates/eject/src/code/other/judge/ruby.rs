//! What Ruby says without making a client: modules that a class takes in, macros, attributes of a library, and what is asked
//! of its classes.

use super::{Reading, client, of_package};
use crate::{
    catalogue::{self, Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Call, clip, dotted, last, unquoted},
    },
    finding::{Kind, Sighting},
};

/// What takes a module into a class, or a class into an application.
const TAKES: &[&str] = &["include", "extend", "prepend", "mount", "run", "use"];

/// Takes modules and attributes.
pub(super) fn read(reading: &mut Reading<'_>) {
    if reading.names.language() != Language::Ruby {
        return;
    }
    let source = reading.source;
    for call in source.calls.iter().filter(|call| TAKES.contains(&last(&call.callee))) {
        let Some(argument) = call.arguments.first() else { continue };
        // `mount Sidekiq::Web => "/sidekiq"` gives it a key.
        let written = argument.key.as_deref().unwrap_or(&argument.value);
        let is_path = written.chars().all(|c| c.is_alphanumeric() || c == ':' || c == '_');
        let found = reading.names.resolve(&dotted(written), is_path);
        if let Some((package, full)) = found.filter(|_| is_path) {
            let sighting = of_package(Kind::Client, package, call.span.clone());
            reading.sightings.push(Sighting { name: clip(&full, 80).to_owned(), ..sighting });
        }
    }
    attributes(reading);
}

/// `Resque.schedule = …`, and `config.redis = …` in the block that configures a library.
fn attributes(reading: &mut Reading<'_>) {
    let source = reading.source;
    let mut found = Vec::new();
    for binding in source.bindings.iter().filter(|binding| !binding.is_pair) {
        let Some((receiver, attribute)) = binding.target.rsplit_once('.') else { continue };
        if !known::is_attribute(attribute) {
            continue;
        }
        let is_class = receiver.starts_with(char::is_uppercase);
        let of_class = reading.names.resolve(receiver, true).filter(|_| is_class);
        let around = || {
            let around = source.calls.iter().filter(|call| call.span.contains(&binding.span.start));
            let receivers = around.filter(|call| last(&call.callee).starts_with("configure"));
            let mut packages =
                receivers.filter_map(|call| reading.names.resolve(&call.callee, call.is_rooted));
            packages.next().filter(|_| !is_class && !receiver.contains('.'))
        };
        let Some((package, _)) = of_class.or_else(around) else { continue };
        // A client that is made there tells of it.
        let is_told = reading.sightings.iter().any(|sighting| {
            binding.span.contains(&sighting.span.start) && sighting.kind == Kind::Client
        });
        if !is_told {
            found.push(of_package(Kind::Setting, package, binding.span.clone()));
        }
    }
    reading.sightings.extend(found);
}

/// `counter :views`, `kredis_flag :typing`: the names that a class has for values in the store.
pub(super) fn macros(reading: &mut Reading<'_>) -> Vec<(String, &'static Package)> {
    let mut names = Vec::new();
    if reading.names.language() != Language::Ruby {
        return names;
    }
    let (source, text) = (reading.source, &reading.file.text);
    for call in source.calls.iter().filter(|call| !call.callee.contains('.')) {
        let Some(name) = call.arguments.first().filter(|name| name.value.starts_with(':')) else {
            continue;
        };
        let around = source.definitions.iter().filter(|of| of.span.contains(&call.at));
        let Some(class) = around.min_by_key(|definition| definition.span.len()) else { continue };
        let is_inner = class.members.iter().any(|member| member.span.contains(&call.at));
        let written = text.get(class.span.clone()).unwrap_or_default();
        let mut macros = known::macros().iter();
        let Some(found) = macros.find(|found| !is_inner && found.has(&call.callee, written)) else {
            continue;
        };
        let ecosystem = Language::Ruby.ecosystem();
        let Some(package) = catalogue::imported(ecosystem, &found.package) else { continue };
        names.push((unquoted(&name.value).to_owned(), package));
        reading.uses.push((call.at, Some(package), package.store));
        let sighting = of_package(Kind::Client, package, call.span.clone());
        let sighting = Sighting { name: call.callee.clone(), ..sighting };
        let sighting = client::with_purpose(reading, sighting, package, call, None);
        reading.sightings.push(sighting);
    }
    names
}

/// Whether something is asked of a class within a library: `Sidekiq::Queue.all`.
pub(super) fn is_asked(package: &Package, call: &Call) -> bool {
    let Some((receiver, _)) = call.callee.rsplit_once('.') else { return false };
    let is_class = |part: &str| part.starts_with(char::is_uppercase);
    if known::is_asked(&package.name) {
        return !receiver.contains('.') && !last(&call.callee).starts_with("conf");
    }
    package.role == Role::Library
        && receiver.contains('.')
        && receiver.split('.').all(|part| is_class(part) && !part.contains('('))
        && !known::is_aside(last(receiver))
}

/// The gem that a file of it is loaded from, where it is called as the gem is: `resque-retry`, `sidekiq/throttled`.
pub(super) fn gem(module: &str) -> Option<&'static Package> {
    let ecosystem = Language::Ruby.ecosystem();
    let first = module.split('/').next()?;
    catalogue::package(ecosystem, &module.replace('/', "-"))
        .or_else(|| catalogue::package(ecosystem, first))
}
