//! Pools of Rust that hold what they are given, of whichever crate they are: `bb8::Pool::builder().build(manager)`.

use super::{
    super::{Reading, of_package},
    bound::Known,
    make::Made,
    purpose::with_purpose,
};
use crate::{
    catalogue::Package,
    code::other::{
        known,
        language::Language,
        source::{Call, clip, last},
    },
    finding::{Kind, Sighting},
};

/// Takes the pools that are made of clients. Answers whether there is one.
pub(super) fn pools(reading: &mut Reading<'_>, known: &Known, made: &mut Made) -> bool {
    if reading.names.language() != Language::Rust {
        return false;
    }
    let mut found = Vec::new();
    for call in &reading.source.calls {
        let is_made = made.iter().any(|(span, _)| *span == call.span);
        let known = known.at(reading, call.at);
        let Some(package) = held(known, made, call).filter(|_| !is_made && is_pool(call)) else {
            continue;
        };
        let sighting = of_package(Kind::Client, package, call.at..call.span.end);
        let name = clip(last(&call.callee), 60).to_owned();
        let sighting = Sighting { name, ..sighting };
        found.push(with_purpose(reading, sighting, package, call, None));
        made.push((call.span.clone(), package));
    }
    let is_any = !found.is_empty();
    reading.sightings.extend(found);
    is_any
}

/// Whether a call makes something that is called a pool.
fn is_pool(call: &Call) -> bool {
    let method = last(&call.callee);
    let makes = known::is_factory(method) || known::plain(method).starts_with("build");
    let mut names = call.callee.split('.').map(|name| name.trim_end_matches("()"));
    makes && names.any(|name| name.starts_with(char::is_uppercase) && name.ends_with("Pool"))
}

/// The package of the client that a call is given.
fn held(known: &Known, made: &Made, call: &Call) -> Option<&'static Package> {
    let named = call.arguments.iter().find_map(|argument| {
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        known.package(&argument.value).filter(|_| argument.value.chars().all(is_path))
    });
    let inner = || {
        let is_inner = |start: usize| start > call.at && start < call.span.end;
        made.iter().find(|(span, _)| is_inner(span.start)).map(|&(_, package)| package)
    };
    named.or_else(inner)
}
