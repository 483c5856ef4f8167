//! Functions of Kotlin that are lent a client without a name for it: `pool.resource.use { it.get("a") }`, `redis.apply { lpush("a", b) }`.

use super::{super::Reading, bound::Known, send::command};
use crate::{
    catalogue::Package,
    code::other::{
        known,
        language::Language,
        source::{Call, dotted, last},
    },
    finding::Sighting,
};

/// What is sent by clients that have no name.
pub(super) fn sent(reading: &Reading<'_>, known: &Known) -> Vec<Sighting> {
    if reading.names.language() != Language::Kotlin {
        return Vec::new();
    }
    let found = reading.source.calls.iter().filter_map(|call| {
        let method = last(&call.callee);
        let usual = known::command(method)?;
        let is_it = call.callee.starts_with("it.");
        if !is_it && call.callee.contains('.') {
            return None;
        }
        let around = reading.source.calls.iter().filter(|lender| {
            let is_around = lender.span.start < call.at && call.span.end < lender.span.end;
            is_around && lends(reading, lender, is_it)
        });
        let lender = around.min_by_key(|lender| lender.span.len())?;
        let package = lent(reading, known, lender)?;
        Some(command(reading, call, method, usual, package))
    });
    found.collect()
}

/// Whether a call runs a function with what it is called on: as `it`, or as that whose methods need no name.
fn lends(reading: &Reading<'_>, lender: &Call, is_it: bool) -> bool {
    let method = last(&lender.callee).trim_end_matches("()");
    let is_own = matches!(method, "with" | "apply" | "run");
    let written = reading.file.text.get(lender.at..lender.span.end).unwrap_or_default();
    let ends = written.trim_end().ends_with('}') && !written.contains("->");
    ends && is_own != is_it && (is_own || known::lends(method))
}

/// The package of what is lent: `redis` of `redis.apply { … }` and of `with(redis) { … }`.
fn lent(reading: &Reading<'_>, known: &Known, lender: &Call) -> Option<&'static Package> {
    if let Some((receiver, _)) = lender.callee.rsplit_once('.') {
        return known.package(receiver);
    }
    // The grammar has `with(redis)` as a call that is called with the function.
    let mut at_start =
        reading.source.calls.iter().filter(|call| call.span.start == lender.span.start);
    let given =
        at_start.find_map(|call| call.arguments.iter().find(|of| !of.value.starts_with('{')))?;
    known.package(&dotted(&given.value))
}
