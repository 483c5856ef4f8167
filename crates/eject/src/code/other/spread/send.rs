//! What is sent by a client that another file gives.

use super::{
    super::{
        judge::{Judged, Pending},
        known,
    },
    used::Use,
    way::Way,
};
use crate::finding::{Purpose, Sighting};

/// Commands that are sent by a client of another file, and what is put into a queue.
pub(super) fn commands(judged: &Judged, used: &Use, way: &Way) -> Vec<Sighting> {
    let called =
        if used.is_module { format!("{}.{}", used.alias, used.name.1) } else { used.alias.clone() };
    let mut names: Vec<String> = vec![called.clone(), format!("{called}()")];
    let given = judged.given.iter().filter(|(_, callee)| *callee == called);
    names.extend(given.map(|(target, _)| target.clone()));
    let is_it = |of_type: &str| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        of_type.replace("::", ".").split(|c| !is_name(c)).any(|path| path == called)
    };
    let typed = judged.typed.iter().filter(|(_, of_type)| is_it(of_type));
    names.extend(typed.map(|(target, _)| target.clone()));
    // Of a module that gives one it is `Podcasts.redis`, and of an object `app.previews`.
    let of_it =
        |of: &String| if of.starts_with('.') { of.clone() } else { format!("{called}.{of}") };
    let mut clients: Vec<String> = way.gives.iter().map(of_it).collect();
    if way.is_client {
        clients.extend(names.iter().cloned());
    }
    for _ in 0..2 {
        // What a client gives is a client: `client.pipeline()`.
        let derived = judged.given.iter().filter(|(target, callee)| {
            let (receiver, method) = callee.rsplit_once('.').unwrap_or_default();
            let is_client = |path: &str| clients.iter().any(|client| is_by(path, client));
            // `Forum.redis { |r| … }` gives by itself.
            let is_given = known::derives(method) && is_client(receiver)
                || is_client(callee) && callee.contains('.');
            is_given && !clients.contains(target)
        });
        let derived: Vec<String> = derived.map(|(target, _)| target.clone()).collect();
        clients.extend(derived);
    }
    let is_queue = way.is_queue();
    let package = way.package.map(|package| package.name.as_str());
    let sent = judged.pending.iter().filter_map(|pending| {
        let method = &*pending.sighting.name;
        if way.own.contains(method) {
            return None;
        }
        let is_put = is_queue && (known::enqueues(method, package) || known::registers(method));
        let is_sent = clients.iter().any(|client| is_sent_by(pending, client));
        let is_put = is_put && names.iter().any(|name| is_by(&pending.receiver, name));
        (is_sent || is_put).then_some((pending, is_sent))
    });
    let sent: Vec<(&Pending, bool)> = sent.collect();
    sent.iter()
        .map(|&(pending, is_sent)| {
            let mut sighting = pending.sighting.clone();
            sighting.store = way.store;
            sighting.package = way.package;
            if sighting.purpose.is_none() && is_sent {
                sighting.purpose = purpose_of_next(judged, pending, &sent);
            }
            if !is_sent {
                sighting.purpose.clone_from(&way.purpose);
            }
            sighting.chain.clone_from(&way.chain);
            sighting
        })
        .collect()
}

/// What all that a file sends by a client is for: the client is taken in for that.
pub(super) fn purpose_of_all(sent: &[Sighting]) -> Option<(Purpose, String)> {
    let told = sent.iter().filter_map(|of| Some(of.purpose.as_ref()?.0));
    let mut told = told.filter(|purpose| *purpose != Purpose::Other);
    let first = told.next()?;
    let why = || format!("what is sent here is for {}", first.word());
    told.all(|purpose| purpose == first).then(|| (first, why()))
}

/// What is sent next by what a step gives, the step is for: `let mut redis = pool.get()`.
fn purpose_of_next(
    judged: &Judged,
    step: &Pending,
    sent: &[(&Pending, bool)],
) -> Option<(Purpose, String)> {
    let method = &*step.sighting.name;
    if !known::derives(method) {
        return None;
    }
    let called = format!("{}.{method}", step.receiver);
    let given: Vec<&str> = judged
        .given
        .iter()
        .filter(|(_, callee)| *callee == called)
        .map(|(target, _)| &**target)
        .collect();
    let is_behind = |of: &&&Pending| of.sighting.span.start > step.sighting.span.start;
    let by_it = sent.iter().map(|(pending, _)| pending).filter(is_behind);
    let next = by_it.min_by_key(|pending| pending.sighting.span.start)?;
    let is_by_it = given.iter().any(|name| is_by(&next.receiver, name));
    next.sighting.purpose.clone().filter(|_| is_by_it)
}

/// Whether a client sends something. What is no command is a client's only where a field is known to hold one:
/// `store.walrus.List("holds")`.
fn is_sent_by(pending: &Pending, client: &str) -> bool {
    let is_plain = !pending.receiver.contains('.') || client.starts_with('.');
    let method = &*pending.sighting.name;
    let may = is_plain || known::command(method).is_some() || known::derives(method);
    may && is_by(&pending.receiver, client)
}

/// Whether something is sent by a client that is called so: `rdb`, `s.rdb`, `rdb.pipeline()`, `app.rdb.clone()`.
fn is_by(receiver: &str, client: &str) -> bool {
    let is_chain = |rest: &str| rest.is_empty() || rest.starts_with('.') && rest.ends_with("()");
    if receiver.strip_prefix(client).is_some_and(is_chain) {
        return true;
    }
    let mut rest = receiver;
    loop {
        // `s.rdb` is the field of that name.
        let before = rest.strip_suffix(client);
        if before.is_some_and(|of| of.ends_with('.') || client.starts_with('.') && !of.is_empty()) {
            return true;
        }
        let Some((before, end)) = rest.rsplit_once('.') else { return false };
        let is_through = |method: &str| known::derives(method) || known::opens(method);
        let is_given = end.strip_suffix("()").is_some_and(is_through) || end == "await";
        if !is_given {
            return false;
        }
        rest = before;
    }
}
