//! What commands are for by those beside them: what is sent in one function with one key, or by one connection, is for one thing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Pending, Reading};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{Call, Source, last, unquoted},
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
    let index = Index::new(reading.source);
    let commons = |reading: &Reading<'_>, sighting: &Sighting| index.commons(reading, sighting);
    let of_sure: Vec<_> = reading.sightings.iter().map(|of| commons(reading, of)).collect();
    let of_given: Vec<_> = reading.conditional.iter().map(|(_, of)| commons(reading, of)).collect();
    let of_pending: Vec<_> = pending.iter().map(|of| commons(reading, &of.sighting)).collect();
    let sure = reading.sightings.iter().zip(&of_sure);
    let given = reading.conditional.iter().map(|(_, of)| of).zip(&of_given);
    sure.chain(given).for_each(|(of, common)| learn(&mut purposes, of, common));
    for common in read_through(reading, &index, &[&of_sure, &of_given, &of_pending]) {
        purposes.entry(common).or_insert(Some(Purpose::Cache));
    }
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

/// What a file says, by where it stands and by its names: whoever has many commands must not look through all of it for each.
struct Index<'a> {
    calls: HashMap<(usize, usize), &'a Call>,
    /// Where names are given values.
    bound: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(source: &'a Source) -> Self {
        let calls = source.calls.iter().map(|call| ((call.at, call.span.end), call)).collect();
        let mut bound: HashMap<&str, Vec<usize>> = HashMap::new();
        for binding in source.bindings.iter().filter(|of| !of.value.is_empty()) {
            bound.entry(&binding.target).or_default().push(binding.span.start);
        }
        Self { calls, bound }
    }

    /// What a command has in common with others of its function.
    fn commons(&self, reading: &Reading<'_>, sighting: &Sighting) -> Vec<Common> {
        let at = sighting.span.start;
        let call = self.calls.get(&(at, sighting.span.end));
        let call = call.filter(|_| sighting.kind == Kind::Command);
        let Some((call, function)) = call.and_then(|call| Some((call, function(reading, at)?)))
        else {
            return Vec::new();
        };
        let key = key(reading, call).map(Shared::Key);
        let receiver = call.callee.rsplit_once('.').map_or("", |(receiver, _)| receiver);
        let by = receiver.split('.').next().filter(|name| {
            let bound = self.bound.get(name);
            bound.is_some_and(|bound| bound.iter().any(|of| (function..=at).contains(of)))
        });
        let by = by.map(|name| Shared::By(name.to_owned()));
        // `pipe := client.TxPipeline()`: the step that gives it.
        let gives = known::derives(last(&call.callee));
        let mut bindings = reading.source.bindings.iter().filter(|_| gives);
        let given = bindings.find(|of| of.value_span.contains(&at) && is_name(&of.target));
        let given = given.map(|of| Shared::By(of.target.clone()));
        let shared = [key, by, given].into_iter().flatten().map(|shared| (function, shared));
        // A key that is written out is the same in the whole file.
        let written = written_key(reading, call).filter(|key| key.contains(['"', '\'', '`']));
        shared.chain(written.map(|key| (0, Shared::Key(key.to_owned())))).collect()
    }
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
    let name = written_key(reading, call)?.trim_start_matches(['&', '*']);
    let name = name.trim_start_matches("mut ");
    is_name(name).then(|| name.to_owned())
}

/// The key that a command is given, as it is written.
fn written_key<'a>(reading: &'a Reading<'_>, call: &'a Call) -> Option<&'a str> {
    // `cmd("GET").arg(key)`, `script.key(key).invoke(…)` of Rust.
    let is_chain = last(&call.callee) == "cmd"
        || call.callee.contains("cmd()")
        || known::plain(last(&call.callee)).starts_with("invoke");
    let is_chain = is_chain && reading.names.language() == Language::Rust;
    let chained = reading.source.calls.iter().filter(|of| {
        is_chain && of.span.start == call.span.start && matches!(last(&of.callee), "arg" | "key")
    });
    let chained = chained.min_by_key(|of| of.span.len());
    let is_command = |value: &str| known::command(value).is_some();
    let mut arguments = chained.unwrap_or(call).arguments.iter().filter(|of| {
        of.key.is_none()
            && of.value != "ctx"
            && !of.value.ends_with("Context()")
            && !is_command(unquoted(&of.value))
    });
    Some(&arguments.next()?.value)
}

/// The keys of caches: what is asked for, then a database is, and what that answers is kept under the same key.
fn read_through(reading: &Reading<'_>, index: &Index<'_>, all: &[&[Vec<Common>]]) -> Vec<Common> {
    let keyed: BTreeSet<&Common> = all.iter().copied().flatten().flatten().collect();
    let mut asked: BTreeMap<(usize, &str), Vec<(usize, Step)>> = BTreeMap::new();
    let mut queried: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for call in index.calls.values() {
        let Some(step) = Step::of(last(&call.callee)) else { continue };
        let Some(function) = function(reading, call.at) else { continue };
        match (step, written_key(reading, call)) {
            (Step::Queries, _) => queried.entry(function).or_default().push(call.at),
            (_, Some(key)) => asked.entry((function, key)).or_default().push((call.at, step)),
            _ => {}
        }
    }
    let kept = asked.into_iter().filter(|((function, _), steps)| {
        let first = |step: Step| steps.iter().filter(|of| of.1 == step).map(|of| of.0).min();
        let last = steps.iter().filter(|of| of.1 == Step::Keeps).map(|of| of.0).max();
        let between = first(Step::Asks).zip(last);
        between.is_some_and(|(asked, kept)| {
            queried.get(function).is_some_and(|all| all.iter().any(|at| (asked..kept).contains(at)))
        })
    });
    let commons = kept.flat_map(|((function, key), _)| {
        [(function, Shared::Key(key.to_owned())), (0, Shared::Key(key.to_owned()))]
    });
    commons.filter(|common| keyed.contains(common)).collect()
}

/// What a call does where something is read through a cache.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Asks,
    Queries,
    Keeps,
}

impl Step {
    fn of(method: &str) -> Option<Self> {
        if known::queries(method) {
            return Some(Self::Queries);
        }
        match &*known::plain(method) {
            "get" | "hget" | "hgetall" | "hmget" | "mget" => Some(Self::Asks),
            "set" | "setex" | "psetex" | "hset" | "hmset" | "mset" => Some(Self::Keeps),
            _ => None,
        }
    }
}

fn is_name(value: &str) -> bool {
    value.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$')
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
}
