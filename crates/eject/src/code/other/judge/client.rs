//! What is made of a package, and which commands are sent by it.

mod bound;
mod event;
mod expand;
mod extend;
mod lend;
mod load;
mod make;
mod mark;
mod part;
mod pool;
mod purpose;
mod refer;
mod send;
mod told;

use self::make::Made;
pub(super) use self::{
    bound::Known,
    load::loaded,
    purpose::with_purpose,
    send::{command, injected, pending},
};
use super::{Reading, name, of_package};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{clip, last},
    },
    finding::{Kind, Sighting},
};

/// Takes what a file makes and sends. Answers which of its names are clients.
pub(super) fn read(reading: &mut Reading<'_>) -> Known {
    let mut made = Vec::new();
    let parts = part::parts(reading);
    for call in &reading.source.calls {
        make::take(reading, call, &mut made);
        part::of_part(reading, call, &parts, &mut made);
    }
    let mut known = bound::known(reading, &made);
    if pool::pools(reading, &known, &mut made) {
        known = bound::known(reading, &made);
    }
    let sent = send::sent_by(reading, &known, &made);
    reading.sightings.extend(sent);
    let lent = lend::sent(reading, &known);
    reading.sightings.extend(lent);
    let heard = event::heard(reading, &known);
    reading.sightings.extend(heard);
    given(reading, &known, &made);
    expand::expand(reading);
    mark::marks(reading);
    refer::refer(reading);
    told::asked(reading);
    known
}

/// `redisotel.InstrumentTracing(rdb)`: a function of a package is given a client.
fn given(reading: &mut Reading<'_>, known: &Known, made: &Made) {
    if reading.names.language() != Language::Go {
        return;
    }
    let mut found = Vec::new();
    for call in &reading.source.calls {
        let Some((package, full)) = reading.names.resolve(&call.callee, call.is_rooted) else {
            continue;
        };
        let method = last(&call.callee);
        // An option is given to what is made.
        let is_option = method.starts_with("With") || known::is_part(method);
        let is_given = call.arguments.iter().any(|argument| {
            let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            argument.value.chars().all(is_path) && known.package(&argument.value).is_some()
        });
        let is_made = made.iter().any(|(span, _)| *span == call.span);
        if is_given && !is_option && !is_made && name::counts(package, &full) {
            // `redis.NewScript(…).Run(ctx, rdb, …)` is sent, and not made; so is `redis.DoContext(conn, ctx, "GET", …)`.
            let is_sent = call.callee.contains("()") || known::command(method).is_some();
            let kind = if is_sent { Kind::Command } else { Kind::Client };
            let sighting = of_package(kind, package, call.at..call.span.end);
            let sighting = Sighting { name: clip(&full, 80).to_owned(), ..sighting };
            found.push(with_purpose(reading, sighting, package, call, None));
        }
    }
    reading.sightings.extend(found);
}
