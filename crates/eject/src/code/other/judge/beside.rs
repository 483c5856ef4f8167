//! What commands are for by those beside them: what is sent in one function with one key, or by one connection, is for one thing.

use std::collections::BTreeMap;

use super::{Pending, Reading};
use crate::{
    code::other::{
        known,
        source::{Call, last, unquoted},
    },
    finding::{Kind, Purpose, Sighting},
};

/// What several commands of a function have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    /// The name of the key.
    Key(String),
    /// The name that the function gives to a connection or to a pipeline.
    By(String),
}

/// In which function, by where it begins, and what is shared there.
type Common = (usize, Shared);

/// What the commands are for that have something in common; nothing where they are for several things.
type Purposes = BTreeMap<Common, Option<Purpose>>;

/// Gives commands that nothing tells of the purpose of those beside them.
pub(super) fn tell(reading: &mut Reading<'_>, pending: &mut [Pending]) {
    let mut purposes = Purposes::new();
    let commons = |reading: &Reading<'_>, sighting: &Sighting| match sighting.kind {
        Kind::Command => commons(reading, sighting),
        _ => Vec::new(),
    };
    let of_sure: Vec<_> = reading.sightings.iter().map(|of| commons(reading, of)).collect();
    let of_given: Vec<_> = reading.conditional.iter().map(|(_, of)| commons(reading, of)).collect();
    let of_pending: Vec<_> = pending.iter().map(|of| commons(reading, &of.sighting)).collect();
    let sure = reading.sightings.iter().zip(&of_sure);
    let given = reading.conditional.iter().map(|(_, of)| of).zip(&of_given);
    sure.chain(given).for_each(|(of, common)| learn(&mut purposes, of, common));
    let sure = reading.sightings.iter_mut().zip(&of_sure);
    let given = reading.conditional.iter_mut().map(|(_, of)| of).zip(&of_given);
    sure.chain(given).for_each(|(of, common)| take(&purposes, of, common));
    // What may be no command says nothing of what is one.
    pending
        .iter()
        .zip(&of_pending)
        .for_each(|(of, common)| learn(&mut purposes, &of.sighting, common));
    pending
        .iter_mut()
        .zip(&of_pending)
        .for_each(|(of, common)| take(&purposes, &mut of.sighting, common));
}

fn learn(purposes: &mut Purposes, sighting: &Sighting, commons: &[Common]) {
    let Some((purpose, _)) = sighting.purpose.as_ref().filter(|(of, _)| *of != Purpose::Other)
    else {
        return;
    };
    for common in commons {
        let known = purposes.entry(common.clone()).or_insert(Some(*purpose));
        *known = known.filter(|known| known == purpose);
    }
}

fn take(purposes: &Purposes, sighting: &mut Sighting, commons: &[Common]) {
    let is_told =
        sighting.purpose.is_some() || sighting.package.is_some_and(|of| !super::is_open(of));
    let mut known = commons.iter().filter_map(|common| Some(((*purposes.get(common)?)?, common)));
    if let Some((purpose, (_, shared))) = known.next().filter(|_| !is_told) {
        let (Shared::Key(name) | Shared::By(name)) = shared;
        sighting.purpose =
            Some((purpose, format!("what `{name}` is there for is {}", purpose.word())));
    }
}

/// What a command has in common with others of its function.
fn commons(reading: &Reading<'_>, sighting: &Sighting) -> Vec<Common> {
    let at = sighting.span.start;
    let mut calls = reading.source.calls.iter();
    let call = calls.find(|call| call.at == at && call.span.end == sighting.span.end);
    let Some((call, function)) = call.zip(function(reading, at)) else { return Vec::new() };
    let is_bound = |name: &str| {
        reading.source.bindings.iter().any(|of| {
            of.target == name
                && of.span.start >= function
                && !of.value.is_empty()
                && of.span.start <= at
        })
    };
    let key = key(reading, call).map(Shared::Key);
    let receiver = call.callee.rsplit_once('.').map_or("", |(receiver, _)| receiver);
    let by = receiver.split(".").next().filter(|name| is_bound(name));
    let by = by.map(|name| Shared::By(name.to_owned()));
    // `pipe := client.TxPipeline()`: the step that gives it.
    let given = reading.source.bindings.iter().find(|of| {
        of.value_span.contains(&at) && known::derives(last(&call.callee)) && is_name(&of.target)
    });
    let given = given.map(|of| Shared::By(of.target.clone()));
    [key, by, given].into_iter().flatten().map(|shared| (function, shared)).collect()
}

/// Where the function or the method begins in which something stands.
pub(super) fn function(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let definitions = reading.source.definitions.iter().filter(|of| of.span.contains(&at));
    let spans = definitions.flat_map(|of| {
        let members = of.members.iter().map(|member| &member.span);
        members.filter(|span| span.contains(&at)).chain((!of.is_class()).then_some(&of.span))
    });
    spans.min_by_key(|span| span.len()).map(|span| span.start)
}

/// The name of the key that a command is given: `k` of `client.Get(ctx, k)` and of `cmd("GET").arg(&k)`.
pub(super) fn key(reading: &Reading<'_>, call: &Call) -> Option<String> {
    let chained =
        reading.source.calls.iter().filter(|of| {
            of.span.start == call.span.start && matches!(last(&of.callee), "arg" | "key")
        });
    let chained = chained.min_by_key(|of| of.span.len());
    let is_command = |value: &str| known::command(value).is_some();
    let mut arguments = chained.unwrap_or(call).arguments.iter().filter(|of| {
        of.key.is_none()
            && of.value != "ctx"
            && !of.value.ends_with("Context()")
            && !is_command(unquoted(&of.value))
    });
    let name = arguments.next()?.value.trim_start_matches(['&', '*']).trim_start_matches("mut ");
    is_name(name).then(|| name.to_owned())
}

fn is_name(value: &str) -> bool {
    value.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$')
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
}
