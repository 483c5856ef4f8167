//! Commands: those of clients that are known here, and those of clients that only others know.

use std::collections::HashSet;

use super::{
    super::{Binding, Condition, Pending, Reading, asked, of_package},
    bound::{Known, derived},
    make::Made,
    purpose::{purpose_of_pending, with_purpose},
};
use crate::{
    catalogue::Package,
    code::other::{
        known,
        language::Language,
        source::{Call, clip, dotted, last, unowned, unquoted},
    },
    finding::{Kind, Purpose, Sighting, Store},
};

/// What is sent by the clients of a file.
pub(super) fn sent_by(reading: &Reading<'_>, known: &Known, made: &Made) -> Vec<Sighting> {
    reading
        .source
        .calls
        .iter()
        .filter(|call| !made.iter().any(|(span, _)| *span == call.span))
        .filter_map(|call| {
            let known = known.at(reading, call.at);
            if let Some(sighting) = script(reading, known, call) {
                return Some(sighting);
            }
            let (receiver, method) = call.callee.rsplit_once('.')?;
            // What has the name of a client has no methods but a client's; nor has what is asked for by its type.
            let asked = asked::package(reading, call);
            let is_direct = asked.is_some() || known.is_direct(unowned(receiver));
            let usual = known::command(method).or_else(|| is_method(method, is_direct))?;
            let package = asked.or_else(|| known.package(receiver))?;
            if known.own.has_method(unowned(receiver), method) || is_of_answer(reading, receiver) {
                return None;
            }
            // What a builder makes is a client.
            if known::builds(method) {
                let sighting = of_package(Kind::Client, package, call.at..call.span.end);
                let sighting = Sighting { name: clip(method, 60).to_owned(), ..sighting };
                return Some(with_purpose(reading, sighting, package, call, None));
            }
            let (sent, usual) = sent(call, method, usual);
            Some(command(reading, call, sent, usual, package))
        })
        .collect()
}

/// A script that Python's client has registered, and that is called: `self.take = client.register_script(…)`.
fn script(reading: &Reading<'_>, known: &Known, call: &Call) -> Option<Sighting> {
    if reading.names.language() != Language::Python {
        return None;
    }
    let name = last(&call.callee);
    let mut bound = reading.source.bindings.iter().filter(|of| last(&of.target) == name);
    bound.find(|of| last(&dotted(&of.value)) == "register_script()")?;
    let package = known.package(&call.callee)?;
    Some(command(reading, call, name, Purpose::Other, package))
}

/// Whether a method is one of what a command gives, which is no client: `values.set(key, value).then(…)`.
fn is_of_answer(reading: &Reading<'_>, receiver: &str) -> bool {
    let is_jvm = matches!(reading.names.language(), Language::Java | Language::Kotlin);
    let mut calls = receiver.split('.').filter_map(|part| part.strip_suffix("()"));
    is_jvm && calls.any(|of| known::command(of).is_some() && !known::derives(of))
}

/// Commands that are sent by who was given a client without a word of its type.
pub(in super::super) fn injected(reading: &mut Reading<'_>, known: &Known) {
    let Some(package) = reading.names.usual_client() else { return };
    let calls = &reading.source.calls;
    let mut given = Known::default();
    for call in calls {
        let Some((receiver, method)) = call.callee.rsplit_once('.') else { continue };
        // `it` of Kotlin is another thing in each function.
        let is_named = !receiver.is_empty() && receiver != "it";
        let is_plain = is_named && !receiver.contains(['(', '{', '"', '\'']);
        let known = known.at(reading, call.at);
        let is_sent = known::is_distinctive(method) || is_called_so(reading, receiver);
        if is_sent && is_plain && known.package(receiver).is_none() {
            given.names.insert(unowned(receiver).to_owned(), package);
        }
    }
    if given.names.is_empty() {
        return;
    }
    let derived: Vec<_> =
        reading.source.bindings.iter().filter_map(|binding| derived(&given, binding)).collect();
    given.names.extend(derived);
    let found: Vec<_> = calls
        .iter()
        .filter_map(|call| {
            let (receiver, method) = call.callee.rsplit_once('.')?;
            let usual = known::command(method).or_else(|| is_method(method, false))?;
            given
                .package(receiver)
                .filter(|_| known.at(reading, call.at).package(receiver).is_none())?;
            let sighting = command(reading, call, method, usual, package);
            Some((Condition::HasClient(package.store), sighting))
        })
        .collect();
    reading.conditional.extend(found);
}

/// Whether Python calls what it is given as a client is called, and nothing else says what it is: `app.state.redis`.
fn is_called_so(reading: &Reading<'_>, receiver: &str) -> bool {
    let (first, name) = (receiver.split('.').next().unwrap_or(receiver), last(receiver));
    let source = reading.source;
    let is_said =
        |of: &Binding| last(&of.target) == name && !(of.value.is_empty() && of.of_type.is_empty());
    reading.names.language() == Language::Python
        && known::is_client(name)
        && !source.imports.iter().any(|import| import.alias == first)
        && !source.definitions.iter().any(|definition| definition.name == first)
        && !source.bindings.iter().any(is_said)
}

/// Calls of what may be commands, of values that this file alone does not know.
pub(in super::super) fn pending(reading: &Reading<'_>, known: &Known) -> Vec<Pending> {
    let taken: HashSet<_> = reading.sightings.iter().map(|sighting| sighting.span.end).collect();
    let calls = reading.source.calls.iter().filter(|call| !taken.contains(&call.span.end));
    let marks = reading.source.marks.iter().filter_map(|(mark, span)| {
        // `@app.task` of another file's `app`.
        let path = dotted(mark.strip_prefix('@')?);
        let (receiver, method) = path.rsplit_once('.').filter(|(_, of)| known::registers(of))?;
        let store = Store::Redis;
        let sighting = Sighting::new(Kind::Command, store, span.clone(), method);
        Some(Pending { receiver: receiver.to_owned(), sighting })
    });
    calls
        .filter_map(|call| {
            let (receiver, method) = call.callee.rsplit_once('.')?;
            let is_plain =
                receiver.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '(' | ')' | '.'));
            // `REDIS.call("ZADD", …)` of another file's client.
            let said = || Some(sent(call, method, Purpose::Other)).filter(|(of, _)| *of != method);
            let usual = || is_method(method, is_plain).map(|usual| (method, usual));
            let plain = known::command(method).map(|usual| (method, usual));
            let (method, usual) = plain.or_else(said).or_else(usual)?;
            let is_known = known.at(reading, call.at).package(receiver).is_some();
            if is_known || receiver.len() > 120 {
                return None;
            }
            let span = call.at..call.span.end;
            let sighting = Sighting::new(Kind::Command, Store::Redis, span, method);
            let sighting = match purpose_of_pending(reading, call, method, usual) {
                Some((purpose, why)) => sighting.purpose(purpose, why),
                None => sighting,
            };
            Some(Pending { receiver: receiver.to_owned(), sighting })
        })
        .chain(marks)
        .chain(scripts(reading, known))
        .collect()
}

/// Scripts that are registered with another file's client, where they are called: `take = store().register_script(…)`.
fn scripts<'a>(reading: &'a Reading<'_>, known: &'a Known) -> impl Iterator<Item = Pending> + 'a {
    let is_python = reading.names.language() == Language::Python;
    let calls = reading.source.calls.iter().filter(move |_| is_python);
    calls.filter_map(|call| {
        let bindings = reading.source.bindings.iter();
        let mut values = bindings.filter(|of| of.target == call.callee).map(|of| dotted(&of.value));
        let receiver =
            values.find_map(|value| Some(value.strip_suffix(".register_script()")?.to_owned()))?;
        if known.package(&receiver).is_some() {
            return None;
        }
        let span = call.at..call.span.end;
        let sighting = Sighting::new(Kind::Command, Store::Redis, span, "evalsha");
        let sighting = match purpose_of_pending(reading, call, "evalsha", Purpose::Other) {
            Some((purpose, why)) => sighting.purpose(purpose, why),
            None => sighting,
        };
        Some(Pending { receiver, sighting })
    })
}

/// A method of a client that is no command: `pipeline`, `unlock`, `listen`.
fn is_method(method: &str, is_direct: bool) -> Option<Purpose> {
    // A copy is passed on, which is no use of its own.
    let is_own = is_direct && !known::opens(method) || known::derives(method);
    (!known::is_of_any(method) && is_own).then_some(Purpose::Other)
}

/// What is sent by `conn.Do("SETEX", key)`: the command that is its first argument.
fn sent<'a>(call: &'a Call, method: &'a str, usual: Purpose) -> (&'a str, Purpose) {
    let says = [
        "do",
        "dowithtimeout",
        "docontext",
        "send",
        "call",
        "callraw",
        "executecommand",
        "command",
        "executeraw",
    ];
    let first = call.arguments.iter().find(|argument| argument.value.starts_with(['"', '\'', '`']));
    let named = first.map(|argument| unquoted(&argument.value));
    let named = named.and_then(|name| Some((name, known::command(name)?)));
    named.filter(|_| says.contains(&&*known::plain(method))).unwrap_or((method, usual))
}

/// A command, with what its key says that it is for.
pub(in super::super) fn command(
    reading: &Reading<'_>,
    call: &Call,
    method: &str,
    usual: Purpose,
    package: &'static Package,
) -> Sighting {
    let sighting = of_package(Kind::Command, package, call.at..call.span.end);
    let sighting = Sighting { name: clip(method, 60).to_owned(), ..sighting };
    with_purpose(reading, sighting, package, call, Some((method, usual)))
}
