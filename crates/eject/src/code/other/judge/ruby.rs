//! What Ruby says without making a client: modules that a class takes in, macros, attributes of a library, and what is asked
//! of its classes.

use std::ops::Range;

use super::{Condition, Reading, client, of_package};
use crate::{
    catalogue::{self, Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Call, Definition, clip, dotted, last, unquoted},
    },
    finding::{Kind, Purpose, Sighting},
    prose, word,
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
    own_jobs(reading);
    contained(reading);
}

/// Jobs that a class of jobs puts into the queue again, and those of a class of the file: `self.class.perform_in(10.minutes)`,
/// `IndexWorker.perform_async(id)`.
fn own_jobs(reading: &mut Reading<'_>) {
    let jobs = reading.sightings.iter().filter_map(|sighting| {
        let package = sighting.package.filter(|of| of.purpose == Purpose::Queue)?;
        let is_taken = sighting.kind == Kind::Client;
        is_taken.then(|| Some((reading.definition_of(sighting.span.start)?, package)))?
    });
    let jobs: Vec<_> = jobs.collect();
    let mut found = Vec::new();
    for call in &reading.source.calls {
        let (receiver, method) = call.callee.rsplit_once('.').unwrap_or(("", &call.callee));
        let is_own = matches!(receiver, "" | "class" | "self.class");
        let around = reading.definition_of(call.at).filter(|_| is_own);
        let is_of = |class: &str| around == Some(class) || last(class) == last(receiver);
        let job = jobs.iter().find(|(class, _)| is_of(class));
        let Some((_, package)) = job else { continue };
        if known::enqueues(method, Some(&package.name)) {
            let sighting = of_package(Kind::Command, package, call.at..call.span.end);
            found.push(Sighting { name: method.to_owned(), ..sighting });
        }
    }
    reading.sightings.extend(found);
}

/// What is sent by a client that a container holds: `Container["redis"].close` of dry-system, `Hanami.app["redis"].ping`.
fn contained(reading: &mut Reading<'_>) {
    let Some(package) = reading.names.usual_client() else { return };
    let mut found = Vec::new();
    for (path, span) in &reading.source.subscripts {
        let holder = last(path).to_lowercase();
        let is_held = matches!(&*holder, "container" | "app" | "target");
        let held = keys(reading, span).into_iter().any(|(_, key)| is_named(&key));
        if !is_held || !held {
            continue;
        }
        for call in reading.source.calls.iter().filter(|call| call.span.start == span.start) {
            let method = last(&call.callee);
            if !known::is_of_any(method) && method != "dup" && call.at > span.start {
                let sighting = client::command(reading, call, method, Purpose::Other, package);
                found.push((Condition::HasClient(package.store), sighting));
            }
        }
    }
    reading.conditional.extend(found);
}

/// The names that a class is given by a container: `include Import["redis"]` of dry-system, `include Deps[store: "redis"]`
/// of Hanami.
fn injected(reading: &Reading<'_>) -> Vec<(String, &'static Package)> {
    let Some(package) = reading.names.usual_client() else { return Vec::new() };
    let given = reading.source.subscripts.iter();
    let given = given.filter(|(path, _)| matches!(last(path), "Import" | "Deps" | "Inject"));
    let names = given.flat_map(|(_, span)| keys(reading, span));
    let clients = names.filter(|(_, key)| is_named(key));
    clients.map(|(name, _)| (name, package)).collect()
}

/// Whether a key of a container is that of a client: `redis`, `persistence.redis`.
fn is_named(key: &str) -> bool {
    let name = last(key);
    prose::mention(name).is_some() && word::words(name).count() <= 2
}

/// What is taken out by keys, and how each is called: `["redis", store: "caches.redis"]`.
fn keys(reading: &Reading<'_>, span: &Range<usize>) -> Vec<(String, String)> {
    let written = reading.file.text.get(span.clone()).unwrap_or_default();
    let inner = written.split_once('[').map_or("", |(_, rest)| rest.trim_end_matches(']'));
    let parts = inner.split(',').map(|part| {
        let (alias, key) = match part.split_once(": ") {
            Some((alias, key)) => (Some(alias.trim()), key),
            None => (None, part),
        };
        let key = unquoted(key.trim()).trim_start_matches(':').to_owned();
        (alias.unwrap_or_else(|| last(&key)).to_owned(), key)
    });
    parts.collect()
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
    names.extend(injected(reading));
    for call in &reading.source.calls {
        let Some((name, _, package)) = value_of(reading, call) else { continue };
        names.push((name, package));
        reading.uses.push((call.at, Some(package), package.store));
        let sighting = of_package(Kind::Client, package, call.span.clone());
        let sighting = Sighting { name: call.callee.clone(), ..sighting };
        let sighting = client::with_purpose(reading, sighting, package, call, None);
        reading.sightings.push(sighting);
    }
    names
}

/// A value of a class that a macro gives it: what it is called, the class, and the package.
fn value_of<'a>(
    reading: &'a Reading<'_>,
    call: &Call,
) -> Option<(String, &'a Definition, &'static Package)> {
    let is_macro = !call.callee.contains('.');
    let name = call.arguments.first().filter(|name| is_macro && name.value.starts_with(':'))?;
    let definitions = reading.source.definitions.iter();
    let around = definitions.filter(|of| of.span.contains(&call.at));
    let class = around.min_by_key(|definition| definition.span.len())?;
    let is_inner = class.members.iter().any(|member| member.span.contains(&call.at));
    let written = reading.file.text.get(class.span.clone()).unwrap_or_default();
    let mut macros = known::macros().iter();
    let found = macros.find(|found| !is_inner && found.has(&call.callee, written))?;
    let package = catalogue::imported(Language::Ruby.ecosystem(), &found.package)?;
    Some((unquoted(&name.value).to_owned(), class, package))
}

/// The values that macros give a class, for those who have an object of it: `listing.watchers`.
pub(super) fn values(reading: &Reading<'_>, definition: &Definition) -> Vec<String> {
    let all = reading.source.calls.iter().filter_map(|call| value_of(reading, call));
    let own = all.filter(|(_, class, _)| class.span == definition.span);
    own.map(|(name, ..)| format!(".{name}")).collect()
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
