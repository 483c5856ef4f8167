//! What a file's clients are for as a whole, and which parts of its classes give them.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use super::{Reading, client::Known, is_open, ruby};
use crate::{
    catalogue::{Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Definition, Member, last},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
};

/// What all commands of a file are for, its clients and its imports are for.
pub(super) fn sent(reading: &mut Reading<'_>) {
    let told = |sighting: &Sighting| {
        let is_sent = sighting.kind == Kind::Command && sighting.store == Store::Redis;
        let (purpose, _) = sighting.purpose.as_ref().filter(|_| is_sent)?;
        (*purpose != Purpose::Other).then_some(*purpose)
    };
    let conditional = reading.conditional.iter().map(|(_, sighting)| sighting);
    let mut purposes: Vec<Purpose> =
        reading.sightings.iter().chain(conditional).filter_map(told).collect();
    purposes.sort_unstable();
    purposes.dedup();
    let [purpose] = purposes[..] else { return };
    let why = format!("what is sent here is for {}", purpose.word());
    // What only gives a connection is for what is sent by it, and so is what ends one.
    let is_step = |sighting: &Sighting| {
        let ends = matches!(&*known::plain(&sighting.name), "close" | "quit" | "disconnect");
        sighting.kind == Kind::Command
            && sighting.purpose.is_none()
            && (known::derives(&sighting.name) || ends)
            && sighting.package.is_none_or(is_open)
    };
    let bases = reading.sightings.iter_mut().filter(|of| is_base(of) || is_step(of));
    for sighting in bases {
        sighting.purpose = Some((purpose, why.clone()));
    }
}

/// What only gives a connection is for what all is sent by it: `var db = redis.GetDatabase(1)`.
pub(super) fn steps(reading: &mut Reading<'_>) {
    let source = reading.source;
    // By where they stand: whoever has many steps must not look through all calls for each.
    let mut receivers: HashMap<usize, Option<&str>> = HashMap::new();
    for call in &source.calls {
        let receiver = call.callee.rsplit_once('.').map(|(receiver, _)| receiver);
        receivers.entry(call.at).or_insert(receiver);
    }
    let is_open = |of: &Sighting| {
        let is_step = of.kind == Kind::Command && known::derives(&of.name);
        is_step && of.purpose.is_none() && of.package.is_none_or(is_open)
    };
    let steps = reading.sightings.iter().enumerate().filter(|(_, of)| is_open(of));
    let told = steps.filter_map(|(index, step)| {
        let bindings = source.bindings.iter();
        let bound = bindings.filter(|of| of.value_span.contains(&step.span.start));
        let bound = bound.min_by_key(|of| of.value_span.len())?;
        // What is called after it is asked for the step's value, and not the value itself.
        let is_whole = bound.value_span.end <= step.span.end;
        let around = source.definitions.iter().filter(|of| of.span.contains(&bound.span.start));
        let members = around.clone().flat_map(|of| of.members.iter().map(|of| of.span.clone()));
        let spans = around.map(|of| of.span.clone()).chain(members);
        let within = spans
            .filter(|span| span.contains(&bound.span.start))
            .min_by_key(Range::len)
            .filter(|_| is_whole && !bound.target.is_empty())?;
        let sent = reading.sightings.iter().filter(|of| {
            let at = of.span.start;
            let receiver = receivers.get(&at).copied().flatten();
            within.contains(&at) && receiver == Some(&*bound.target)
        });
        let mut purposes = sent.map(|of| of.purpose.as_ref().map(|(purpose, _)| *purpose));
        let first = purposes.next()?.filter(|purpose| *purpose != Purpose::Other)?;
        purposes.all(|purpose| purpose == Some(first)).then_some((index, first))
    });
    let told: Vec<_> = told.collect();
    for (index, purpose) in told {
        let why = format!("what is sent by it is for {}", purpose.word());
        reading.sightings[index].purpose = Some((purpose, why));
    }
}

/// What all clients of a file are given to, they and their imports are for: the queues of `Queue(connection=connection)`.
pub(super) fn given(reading: &mut Reading<'_>) {
    let is_client = |package: Option<&Package>| package.is_some_and(|of| of.role == Role::Client);
    let of_client = |sighting: &&Sighting| is_client(sighting.package);
    let is_asked =
        reading.sightings.iter().filter(of_client).any(|sighting| sighting.kind == Kind::Command);
    if is_asked {
        return;
    }
    let takers: Vec<_> = reading
        .sightings
        .iter()
        .filter(|sighting| matches!(sighting.kind, Kind::Client | Kind::Command))
        .filter_map(|sighting| Some((&sighting.span, sighting.package?)))
        .filter(|(_, package)| package.role != Role::Client && package.purpose != Purpose::Other)
        .collect();
    let mut purposes = BTreeSet::new();
    let made = reading.sightings.iter().filter(|sighting| sighting.kind == Kind::Client);
    for client in made.filter(of_client) {
        let bindings = reading.source.bindings.iter();
        let mut names = bindings.filter(|of| of.value_span.start == client.span.start);
        let Some(name) = names.next().map(|binding| binding.target.as_str()) else { return };
        let calls = reading
            .source
            .calls
            .iter()
            .filter(|call| call.arguments.iter().any(|argument| argument.value == name));
        let of_call = calls.map(|call| {
            let taker = takers.iter().find(|(span, _)| span.end == call.span.end);
            taker.map(|(_, package)| package.purpose)
        });
        let of_client: BTreeSet<_> = of_call.collect();
        if of_client.is_empty() {
            return;
        }
        purposes.extend(of_client);
    }
    let purposes: Vec<_> = purposes.into_iter().collect();
    let [Some(purpose)] = purposes[..] else { return };
    let why = format!("it is given to what is for {}", purpose.word());
    for sighting in reading.sightings.iter_mut().filter(|sighting| is_base(sighting)) {
        if is_client(sighting.package) {
            sighting.purpose = Some((purpose, why.clone()));
        }
    }
}

/// What a client's types are taken in for, where nothing is made or sent that is for something else.
pub(super) fn taken(reading: &mut Reading<'_>) {
    let purpose = |sighting: &Sighting| match (&sighting.purpose, sighting.package) {
        (Some((purpose, _)), _) => *purpose,
        (None, Some(package)) => package.purpose,
        (None, None) => Purpose::Other,
    };
    let of_store = reading.sightings.iter().filter(|of| of.store == Store::Redis);
    let conditional = reading.conditional.iter().map(|(_, sighting)| sighting);
    let kinds = [Kind::Client, Kind::Command];
    let done: BTreeSet<Purpose> =
        of_store.chain(conditional).filter(|of| kinds.contains(&of.kind)).map(purpose).collect();
    let done: Vec<_> = done.into_iter().collect();
    let [purpose] = done[..] else { return };
    if purpose == Purpose::Other {
        return;
    }
    let why = format!("what is made here is for {}", purpose.word());
    let open = reading.sightings.iter_mut().filter(|of| is_base(of) && of.purpose.is_none());
    for import in open.filter(|of| of.kind == Kind::Import) {
        import.purpose = Some((purpose, why.clone()));
    }
}

fn is_base(sighting: &Sighting) -> bool {
    matches!(sighting.kind, Kind::Import | Kind::Client)
        && sighting.store == Store::Redis
        && sighting.package.is_none_or(is_open)
}

/// The methods of a module of Ruby, and what a class or a struct has, that give a client to who has it.
pub(super) fn gives(
    reading: &Reading<'_>,
    definition: &Definition,
    known: &Known,
) -> BTreeSet<String> {
    if reading.names.language() == Language::Go {
        return given_in_go(reading, definition, known);
    }
    if !definition.is_class() {
        return BTreeSet::new();
    }
    if reading.names.language() == Language::Ruby {
        let members = definition.members.iter();
        return members
            .filter(|of| ends_in_client(reading, of, known).is_some())
            .map(|of| of.name.clone())
            .chain(ruby::values(reading, definition))
            .collect();
    }
    let bindings = reading.source.bindings.iter();
    let fields = bindings.filter(|of| {
        let is_inner = definition.span.contains(&of.span.start);
        let is_value = !of.of_type.is_empty() || !of.value.is_empty() && !of.is_pair;
        is_inner && is_value
    });
    let is_member = |at: usize| definition.members.iter().any(|member| member.span.contains(&at));
    let fields = fields.filter(|of| {
        let is_own = of.target.ends_with("()") || !is_member(of.span.start);
        is_own && known.has(&of.target)
    });
    fields.map(|of| format!(".{}", of.target)).collect()
}

/// The fields of a struct of Go, and the methods that it has, that give a client to who has it.
fn given_in_go(reading: &Reading<'_>, definition: &Definition, known: &Known) -> BTreeSet<String> {
    let written = reading.file.text.get(definition.span.clone()).unwrap_or_default();
    let first = written.lines().next().unwrap_or_default();
    if definition.is_class() {
        let members = definition.members.iter().map(|of| format!(".{}()", of.name));
        return members.filter(|called| known.has(&called[1..])).collect();
    }
    if !first.contains(" struct") || !written.starts_with(&definition.name) {
        return BTreeSet::new();
    }
    let within = reading.source.bindings.iter().filter(|of| {
        definition.span.contains(&of.span.start) && reading.names.of_type(&of.of_type).is_some()
    });
    within.map(|field| format!(".{}", field.target)).collect()
}

/// What the modules of a file of Ruby give: `Shop.pool`.
pub(super) fn given_by_modules(
    reading: &Reading<'_>,
    known: &Known,
) -> Vec<(String, &'static Package)> {
    if reading.names.language() != Language::Ruby {
        return Vec::new();
    }
    let modules = reading.source.definitions.iter().filter(|of| of.is_class());
    let given = modules.flat_map(|module| {
        module.members.iter().filter_map(|member| {
            let package = ends_in_client(reading, member, known)?;
            Some((format!("{}.{}", last(&module.name), member.name), package))
        })
    });
    given.flat_map(|(name, package)| [(format!("{name}()"), package), (name, package)]).collect()
}

/// The client that is the last that a method of Ruby says, or whose name it has.
fn ends_in_client(
    reading: &Reading<'_>,
    member: &Member,
    known: &Known,
) -> Option<&'static Package> {
    const ENDS: &[&str] = &["redis", "valkey", "client", "connection", "conn", "pool"];
    let name = last(&member.name);
    let ends = ENDS.iter().any(|end| name.ends_with(end));
    if ends && prose::mention(name).is_some() {
        return reading.names.usual_client();
    }
    let text = reading.file.text.get(member.span.clone()).unwrap_or_default();
    let mut lines = text.trim_end().trim_end_matches("end").trim_end().lines();
    let last = lines.next_back()?;
    let end = last.as_ptr() as usize - text.as_ptr() as usize + member.span.start;
    let range = end..end + last.len();
    let made = reading.sightings.iter().find_map(|sighting| {
        let package = sighting.package.filter(|package| package.role == Role::Client)?;
        (sighting.kind == Kind::Client && range.contains(&sighting.span.start)).then_some(package)
    });
    // `pool.with(&block)`
    let passed = || {
        let mut calls = reading.source.calls.iter().filter(|call| range.contains(&call.at));
        let passed = calls
            .find(|call| call.arguments.iter().any(|argument| argument.value.starts_with('&')))?;
        let (receiver, _) = passed.callee.rsplit_once('.')?;
        known.package(receiver)
    };
    made.or_else(passed)
}
