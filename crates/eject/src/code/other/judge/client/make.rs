//! What is made of a package, or sent at once, by calling a name of its own.

use std::ops::Range;

use super::{
    super::{Condition, Reading, binding_around, name, of_package, probe, ruby},
    extend::extends,
    load,
    purpose::with_purpose,
};
use crate::{
    catalogue::{Package, Role},
    code::other::{
        import::Import,
        known,
        language::Language,
        source::{Call, clip, last, unquoted},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
};

/// What was made: where, and of which package.
pub(super) type Made = Vec<(Range<usize>, &'static Package)>;

/// What a call of a package's own name does.
enum Act<'a> {
    /// It makes something.
    Makes,
    /// It sends a command.
    Sends(&'a str, Purpose),
    /// A method of a class of the package is called, or a function of it.
    Uses(Kind),
}

/// A call of a package's own name: something is made, or sent at once.
pub(super) fn take(reading: &mut Reading<'_>, call: &Call, all: &mut Made) {
    if load::is_import(&call.callee) {
        return load::loads(reading, call);
    }
    if known::is_probe(&call.callee) {
        return probe::take(reading, call);
    }
    if matches!(&*call.callee, "new" | "new()") {
        return implied(reading, call, all);
    }
    let Some((package, full)) = reading.names.resolve(&call.callee, call.is_rooted) else {
        return extends(reading, call);
    };
    if !name::counts(package, &full) {
        return told(reading, call, package, &full);
    }
    let method = last(&call.callee).trim_end_matches("()");
    // A script is sent by what is called at the end of its chain.
    let is_run = known::plain(method) == "invoke" && call.callee.contains("Script.");
    let made_of = told_of(&call.callee, method);
    let is_told = known::tells(made_of) || known::tells(full.rsplit('/').next().unwrap_or(&full));
    if !is_run && is_told {
        let sighting = of_package(Kind::Setting, package, call.span.clone());
        let sighting = with_purpose(reading, sighting, package, call, None);
        return reading.sightings.push(sighting);
    }
    let is_rust = reading.names.language() == Language::Rust;
    let is_script = is_rust && made_of == "Script" && method == "new";
    // `NewStoreWithOptions` of Go makes a store.
    let is_go = reading.names.language() == Language::Go;
    let made = made_of.split_once("With").filter(|_| is_go).map_or(made_of, |(made, _)| made);
    // `Value::Array(all)` makes a value of an enum.
    let is_variant = || call.callee.rsplit('.').nth(1).is_some_and(known::is_part);
    let is_part =
        known::is_part(made) || is_rust && is_variant() || is_script && !is_last(reading, call);
    let is_address = is_address(&call.callee, method);
    if !is_run && is_part && !is_address {
        return;
    }
    reading.uses.push((call.at, Some(package), package.store));
    let act = if is_run {
        Some(Act::Sends(method, Purpose::Other))
    } else {
        act(reading, call, package, method)
    };
    let (kind, name, sent) = match act {
        Some(Act::Makes) => (Kind::Client, clip(&full, 80), None),
        Some(Act::Sends(method, usual)) => (Kind::Command, clip(method, 60), Some((method, usual))),
        Some(Act::Uses(kind)) => (kind, &*package.name, None),
        None => return,
    };
    let span = if sent.is_some() { call.at..call.span.end } else { call.span.clone() };
    let sighting = of_package(kind, package, span);
    let sighting = Sighting { name: name.to_owned(), ..sighting };
    let sighting = with_purpose(reading, sighting, package, call, sent);
    reading.sightings.push(sighting);
    if !is_address {
        all.push((call.span.clone(), package));
    }
}

/// Whether what is there for the making of a client is told where the server is: `Config::from_url(url)`.
fn is_address(callee: &str, method: &str) -> bool {
    let of = callee.rsplit('.').nth(1);
    of.is_some_and(known::is_part) && known::reads_address(method)
}

/// What a call of a package's own name does; nothing of what only says something about the package.
fn act<'a>(
    reading: &Reading<'_>,
    call: &'a Call,
    package: &'static Package,
    method: &'a str,
) -> Option<Act<'a>> {
    let language = reading.names.language();
    // In Go any function that others see begins with a capital.
    let is_type = match language {
        Language::Go => false,
        // `Lock(connection, "name")` is no command there.
        Language::Python => method.starts_with(char::is_uppercase),
        _ => is_type(method),
    };
    if call.is_new || is_type || known::is_factory(method) || known::builds(method) {
        return Some(Act::Makes);
    }
    // `AsyncCommands::get(&mut connection, "a")` of Rust is a command as well.
    let is_trait =
        language == Language::Rust && told_of(&call.callee, method).ends_with("Commands");
    let is_facade = matches!(language, Language::Ruby | Language::Php) && is_facade(&call.callee);
    let is_facade = is_facade || is_trait;
    if let Some(usual) = known::command(method).filter(|_| is_facade) {
        return Some(Act::Sends(method, usual));
    }
    if language == Language::Ruby && ruby::is_asked(package, call) {
        return Some(Act::Sends(method, Purpose::Other));
    }
    // `invalidate_obj(product)`
    let is_asked = package.role == Role::Library && language == Language::Python;
    if let Some(usual) = known::command(method).filter(|_| is_asked && method == call.callee) {
        return Some(Act::Sends(method, usual));
    }
    // `Horizon::auth(…)`, `Horizon::night()`.
    let is_library = package.role == Role::Library && !known::is_part(method);
    if language == Language::Php && is_library && is_facade {
        return Some(Act::Sends(method, Purpose::Other));
    }
    let sends = |sent| Act::Sends(sent, known::command(sent).unwrap_or(Purpose::Other));
    if is_function(reading, &call.callee, package) {
        return Some(sends(method));
    }
    if language == Language::Rust && method == "transaction" {
        return Some(sends(method));
    }
    if matches!(method, "cmd" | "pipe") {
        let first = call.arguments.first();
        return Some(sends(first.map_or(method, |argument| unquoted(&argument.value))));
    }
    // `Redis::pipeline(function ($pipe) { … })` sends, and `Redis::connection()` only gives what does.
    let is_sent = call.arguments.iter().any(|argument| is_function_of_php(&argument.value))
        || !known::derives(method) && known::is_asked(&package.name);
    if language == Language::Php && is_facade && is_sent {
        return Some(Act::Sends(method, Purpose::Other));
    }
    let is_python = language == Language::Python;
    let is_used = is_facade && known::derives(method) || package.role == Role::Library && is_python;
    let receiver = call.callee.rsplit('.').nth(1).unwrap_or_default();
    let is_sent = is_python && receiver.starts_with(char::is_uppercase);
    is_used.then_some(Act::Uses(if is_sent { Kind::Command } else { Kind::Client }))
}

/// A call of what may be on another store: something is made or sent where the service is told to use this one.
fn told(reading: &mut Reading<'_>, call: &Call, package: &'static Package, full: &str) {
    // What is told at once to be elsewhere is told nothing by others.
    let is_elsewhere = call.arguments.iter().any(|argument| {
        let value = unquoted(&argument.value);
        (value.contains("://") || value.starts_with("memory")) && prose::mention(value).is_none()
    });
    let is_error = full.split('.').any(|name| name.ends_with("Error"));
    // A literal of Go is what is sent, or says how.
    let is_literal = call.is_new && reading.names.language() == Language::Go;
    let is_other = is_error || is_literal || known::is_elsewhere(full);
    if !name::may_be_told(package) || is_elsewhere || is_other {
        return;
    }
    let method = last(&call.callee);
    let is_python = reading.names.language() == Language::Python;
    // `chord(…)()` sends what `chord(…)` only puts together.
    let is_sent = known::enqueues(method, Some(&package.name)) || method.ends_with("()");
    let is_made = call.is_new
        || is_type(method) && !known::is_part(method)
        || known::is_factory(method)
        || known::registers(method);
    let kind = match is_sent && is_python {
        true => Kind::Command,
        false if is_made || !is_python => Kind::Client,
        false => return,
    };
    let sighting = of_package(kind, package, call.span.clone());
    reading.conditional.push((Condition::IsTold(package), sighting));
}

/// Whether a value is a function: `function ($pipe) { … }`, `static fn ($pipe) => …`.
fn is_function_of_php(value: &str) -> bool {
    let value = value.trim_start_matches("static ");
    ["function", "fn"].iter().any(|word| {
        value.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with(['(', '&']))
    })
}

/// Whether nothing is called on what a call gives.
fn is_last(reading: &Reading<'_>, call: &Call) -> bool {
    let rest = reading.file.text.get(call.span.end..).unwrap_or_default();
    !rest.trim_start().starts_with('.')
}

/// `RedisClient client = new("…")`: what is made is of the type that the name has.
fn implied(reading: &mut Reading<'_>, call: &Call, made: &mut Made) {
    let bound = binding_around(reading.source, call.span.start)
        .filter(|binding| binding.value_span.start == call.span.start);
    let of_type = bound.and_then(|binding| reading.names.of_type(&binding.of_type));
    let Some((package, full)) = of_type else { return };
    let sighting = of_package(Kind::Client, package, call.span.clone());
    let sighting = Sighting { name: clip(&full, 80).to_owned(), ..sighting };
    let sighting = with_purpose(reading, sighting, package, call, None);
    reading.uses.push((call.at, Some(package), package.store));
    reading.sightings.push(sighting);
    made.push((call.span.clone(), package));
}

/// Whether a function of a package is called that was taken in by its name: in Kotlin `import a.shutdown`.
fn is_function(reading: &Reading<'_>, callee: &str, package: &Package) -> bool {
    let is_lower = |name: &str| name.starts_with(char::is_lowercase);
    let is_taken = |import: &Import| {
        import.alias == callee
            && import.name.as_deref().is_some_and(is_lower)
            && is_lower(last(&import.path))
    };
    reading.names.language() == Language::Kotlin
        && package.store == Store::Redis
        && is_lower(callee)
        && reading.source.imports.iter().any(is_taken)
}

/// Whether something is called on a class or a facade: `Redis::get`, `Redis::connection('x')->del`.
fn is_facade(callee: &str) -> bool {
    let Some((receiver, _)) = callee.rsplit_once('.') else { return false };
    let mut parts = receiver.split('.');
    let is_class = |part: &str| part.starts_with(char::is_uppercase);
    parts.next().is_some_and(is_class)
        && parts.all(|part| {
            is_class(part) || part.ends_with("()") && known::derives(part.trim_end_matches("()"))
        })
}

/// Whether a name is that of a type, and calling it makes one.
fn is_type(method: &str) -> bool {
    method.starts_with(char::is_uppercase)
        && method.chars().any(char::is_lowercase)
        && known::command(method).is_none()
}

/// What is made: the type in front of `new`, or the function's own name.
pub(super) fn told_of<'a>(callee: &'a str, method: &'a str) -> &'a str {
    if method.starts_with(char::is_uppercase) {
        return method;
    }
    callee.rsplit('.').nth(1).unwrap_or(method)
}
