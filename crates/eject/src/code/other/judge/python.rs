//! What Python says around its calls: decorators that make jobs, classes that are made from a package's, and what a package
//! adds to a framework's cache.

use std::collections::{HashMap, HashSet};

use super::{Condition, Reading, client::Known, name, of_package};
use crate::{
    catalogue::{self, Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Source, dotted, last, unowned},
    },
    finding::{Kind, Purpose, Sighting},
};

/// A package, and whether it counts only where it is told to be on the store.
type Way = (&'static Package, bool);

/// Takes what stands around calls.
pub(super) fn read(reading: &mut Reading<'_>, known: &Known) {
    if reading.names.language() != Language::Python {
        return;
    }
    bases(reading);
    extensions(reading);
    lent(reading);
    let told = told(reading);
    let source = reading.source;
    let mut jobs: HashMap<&str, Way> = HashMap::new();
    for (mark, span) in &source.marks {
        let written = dotted(mark.trim_start_matches('@'));
        let path = written.strip_suffix("()").unwrap_or(&written);
        let Some((way, is_asked)) = decorator(reading, known, &told, path) else { continue };
        // What is called is a call, and known as one; but for one of an object that is told of elsewhere.
        let is_call = path.len() < written.len();
        if !is_call || is_asked && way.1 {
            let kind = if is_asked { Kind::Command } else { Kind::Client };
            push(reading, way, of_package(kind, way.0, span.clone()));
        }
        if way.0.purpose == Purpose::Queue {
            let of_mark = source.definitions.iter().filter(|of| of.span.contains(&span.start));
            jobs.extend(of_mark.map(|definition| (definition.name.as_str(), way)));
        }
    }
    for call in &source.calls {
        let Some((receiver, method)) = call.callee.rsplit_once('.') else { continue };
        if known.package(receiver).is_some() {
            continue;
        }
        let by_name = jobs.get(receiver).copied();
        let by_object = told.get(unowned(receiver)).map(|package| (*package, true));
        let Some(way) = by_name.or(by_object) else { continue };
        if known::enqueues(method, Some(&way.0.name)) {
            let sighting = of_package(Kind::Command, way.0, call.at..call.span.end);
            push(reading, way, Sighting { name: method.to_owned(), ..sighting });
        }
    }
}

fn push(reading: &mut Reading<'_>, (package, is_told): Way, sighting: Sighting) {
    if is_told {
        reading.conditional.push((Condition::IsTold(package), sighting));
    } else {
        reading.sightings.push(sighting);
    }
}

/// The names of what is made of packages that are told elsewhere which store to use: `app = Celery("x")`.
fn told(reading: &Reading<'_>) -> HashMap<String, &'static Package> {
    let made = reading.conditional.iter().filter_map(|(condition, sighting)| match condition {
        Condition::IsTold(package) if sighting.kind == Kind::Client => Some((sighting, *package)),
        _ => None,
    });
    let settings = reading.sightings.iter().filter_map(|sighting| {
        let package = sighting.package.filter(|package| name::may_be_told(package))?;
        matches!(sighting.kind, Kind::Setting | Kind::Client).then_some((sighting, package))
    });
    let made: Vec<_> = made.chain(settings).collect();
    let of_binding = reading.source.bindings.iter().filter_map(|binding| {
        let is_it = |(sighting, _): &&(&Sighting, _)| {
            sighting.span.start == binding.value_span.start && !binding.value_span.is_empty()
        };
        let (_, package) = made.iter().find(is_it)?;
        Some((binding.target.clone(), *package))
    });
    of_binding.collect()
}

/// The package by which a decorator makes something of a function, and whether it is asked of an object.
fn decorator(
    reading: &Reading<'_>,
    known: &Known,
    told: &HashMap<String, &'static Package>,
    path: &str,
) -> Option<(Way, bool)> {
    let method = last(path);
    if let Some((receiver, _)) = path.rsplit_once('.').filter(|_| known::registers(method)) {
        let made = known.package(receiver).filter(|package| package.purpose == Purpose::Queue);
        if let Some(package) = made {
            return Some(((package, false), true));
        }
        if let Some(package) = told.get(unowned(receiver)) {
            return Some(((package, true), true));
        }
    }
    let (package, full) = reading.names.resolve(path, false)?;
    if name::counts(package, &full) {
        let is_used = package.role == Role::Library || package.role == Role::Optional;
        return is_used.then_some(((package, false), false));
    }
    let may = name::may_be_told(package) && known::registers(method);
    may.then_some(((package, true), false))
}

/// `class Label(HashModel)`: what is made from a mapper's class, or from a client's, is one.
fn bases(reading: &mut Reading<'_>) {
    let source = reading.source;
    for (path, span) in &source.bases {
        let Some((package, full)) = reading.names.resolve(path, false) else { continue };
        let is_one = package.role == Role::Client
            && !known::is_part(last(&full))
            && last(&full).starts_with(char::is_uppercase)
            && !full.split('.').any(|part| part == "exceptions" || part == "errors");
        if is_one {
            let sighting = of_package(Kind::Client, package, span.clone());
            reading.sightings.push(Sighting { name: full, ..sighting });
        }
    }
}

/// The names of what such a cache gives that is asked again: `lock = cache.lock("day")`.
fn locks<'a>(
    source: &'a Source,
    extension: &known::Extensions,
    names: &HashSet<&str>,
) -> HashSet<&'a str> {
    let given = source.bindings.iter().filter(|binding| {
        let value = dotted(&binding.value);
        let called = value.strip_suffix("()").and_then(|called| called.rsplit_once('.'));
        called.is_some_and(|(receiver, method)| {
            let is_of = names.contains(receiver.trim_end_matches("[]"));
            is_of && extension.methods.contains(method) && known::derives(method)
        })
    });
    given.map(|binding| binding.target.as_str()).collect()
}

/// `cache.delete_pattern("day:*")` of Django's cache, where django-redis is behind it.
fn extensions(reading: &mut Reading<'_>) {
    let source = reading.source;
    let ecosystem = Language::Python.ecosystem();
    for extension in known::extensions() {
        let taken = source.imports.iter().filter(|import| import.path == extension.module);
        let mut names: HashSet<&str> = taken.map(|import| import.alias.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        // `cache = caches["boards"]`
        let of_cache = |value: &str| names.contains(dotted(value).trim_end_matches("[]"));
        let more = source.bindings.iter().filter(|of| of_cache(&of.value)).map(|of| &*of.target);
        let more: Vec<_> = more.collect();
        names.extend(more);
        let locks = locks(source, extension, &names);
        for call in &source.calls {
            let Some((receiver, method)) = call.callee.rsplit_once('.') else { continue };
            let is_of = names.contains(receiver.trim_end_matches("[]"));
            let is_asked = is_of && extension.methods.contains(method);
            let is_lock = locks.contains(receiver) && !known::is_of_any(method);
            if !is_asked && !is_lock {
                continue;
            }
            let packages = extension.packages.iter();
            for package in packages.filter_map(|name| catalogue::package(ecosystem, name)) {
                let usual = known::command(method).unwrap_or(Purpose::Other);
                let sighting = super::client::command(reading, call, method, usual, package);
                reading.conditional.push((Condition::Uses(package), sighting));
            }
        }
    }
}

/// `self.retry(…)` of a job, `Product.objects.all().cache()`: a method of a package that is asked of what is not its own.
fn lent(reading: &mut Reading<'_>) {
    let source = reading.source;
    let is_mark = |mark: &str| {
        let written = dotted(mark.trim_start_matches('@'));
        known::registers(last(written.trim_end_matches("()")))
    };
    let has_jobs = source.marks.iter().any(|(mark, _)| is_mark(mark));
    for call in &source.calls {
        let method = last(&call.callee);
        let before = reading.file.text.get(call.span.start..call.at).unwrap_or_default();
        let names = || before.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let mut lent = known::lent().iter().filter(|of| of.methods.contains(method));
        let is_of = |of: &known::Lent| {
            names().any(|name| of.of.contains(name) && (name != "self" || has_jobs))
        };
        let Some(lent) = lent.find(|of| is_of(of)) else { continue };
        let package = catalogue::package(Language::Python.ecosystem(), &lent.package);
        let Some(package) = package else { continue };
        let condition = if name::may_be_told(package) {
            Condition::IsTold(package)
        } else {
            Condition::Uses(package)
        };
        let sighting = of_package(Kind::Command, package, call.at..call.span.end);
        let sighting = Sighting { name: method.to_owned(), ..sighting };
        reading.conditional.push((condition, sighting));
    }
}
