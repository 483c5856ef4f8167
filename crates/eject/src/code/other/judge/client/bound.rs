//! The names of a file that stand for clients: what was made, what has a client's type, and what these give.

use std::collections::{HashMap, HashSet};

use super::{
    super::{Binding, Reading, asked, own::Own, ruby, shared},
    make::Made,
};
use crate::{
    catalogue::{Package, Role},
    code::other::{
        known,
        language::Language,
        source::{clip, dotted, last, unowned},
    },
};

/// The names of a file that stand for clients.
#[derive(Clone, Default)]
pub(in super::super) struct Known {
    pub(super) names: HashMap<String, &'static Package>,
    pub(super) own: Own,
    /// Whether what gives something without being asked for a key is a pool.
    has_pools: bool,
    /// These and what tests name, where the file has tests: nothing that they name stands for anything outside of them.
    in_tests: Option<Box<Self>>,
}

impl Known {
    /// Those that are known at a place.
    pub(super) fn at(&self, reading: &Reading<'_>, at: usize) -> &Self {
        self.in_tests.as_deref().filter(|_| reading.source.is_test(at)).unwrap_or(self)
    }

    /// The methods of the tree's own that a client has which has more than a client's.
    pub(in super::super) fn embeds(&self, name: &str) -> Option<&HashSet<String>> {
        self.own.embeds(name)
    }

    /// Takes a name. What is there for tests alone is never that for which something else is known.
    fn take(&mut self, name: String, package: &'static Package) {
        let is_double = package.role == Role::Development;
        if !(is_double && self.names.get(&name).is_some_and(|of| of.role != Role::Development)) {
            self.names.insert(name, package);
        }
    }

    pub(in super::super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Whether all methods of what is called so are a client's.
    pub(super) fn is_direct(&self, receiver: &str) -> bool {
        // `lazy.Value` is what the lazy one makes.
        let receiver = receiver.strip_suffix(".Value").unwrap_or(receiver);
        self.has(receiver) && !self.own.is_weak(receiver) || self.own.is_field(receiver)
    }

    /// The package of the client by which a method is called.
    pub(in super::super) fn package(&self, receiver: &str) -> Option<&'static Package> {
        let mut rest = unowned(receiver);
        loop {
            if let Some(package) = self.names.get(rest) {
                return Some(package);
            }
            let end = last(rest);
            // What a function of the file gives, by its type.
            if let Some(package) = self.names.get(end).filter(|_| end.ends_with("()")) {
                return Some(package);
            }
            let Some((before, end)) = rest.rsplit_once('.') else {
                let name = rest.trim_end_matches("()").trim_end_matches("[]");
                return self.names.get(name).copied();
            };
            // `store.client.(*redis.Client)` of Go
            if end == "()" {
                rest = before;
                continue;
            }
            let method = end.trim_end_matches("()").trim_end_matches("[]");
            let goes_on =
                known::derives(method) || known::opens(method) || known::command(method).is_some();
            if end.contains('(') && goes_on || known::leads_through(end) {
                rest = before;
                continue;
            }
            // `s.rdb`, `app.state.redis`: the object's field. A place of one that is not the object itself may be of anything.
            let is_field = !method.starts_with(|c: char| c.is_ascii_digit())
                && before.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
            return self.names.get(method).filter(|_| is_field).copied();
        }
    }
}

/// The names that stand for what was made, for what has a client's type, and for what these give.
pub(super) fn known(reading: &mut Reading<'_>, made: &Made) -> Known {
    let source = reading.source;
    let has_pools = reading.names.language() == Language::Rust;
    let mut known = Known { own: Own::read(reading), has_pools, ..Known::default() };
    known.names.extend(known.own.gives().collect::<Vec<_>>());
    let (tests, live): (Vec<_>, Vec<_>) =
        source.bindings.iter().partition(|binding| source.is_test(binding.span.start));
    held(reading, made, &live, &mut known);
    known.names.extend(ruby::macros(reading));
    known.names.extend(shared::given_by_modules(reading, &known));
    follow(&live, &mut known);
    if !source.tests.is_empty() {
        let mut in_tests = known.clone();
        held(reading, made, &tests, &mut in_tests);
        follow(&tests, &mut in_tests);
        known.in_tests = Some(Box::new(in_tests));
    }
    known
}

/// Takes the names of what was made and of what has a client's type.
fn held(reading: &mut Reading<'_>, made: &Made, bindings: &[&Binding], known: &mut Known) {
    let is_go = reading.names.language() == Language::Go;
    for binding in bindings {
        // What a function gives is not known by the function's name alone.
        let is_typed = binding.value_span.is_empty() && !binding.of_type.is_empty();
        let is_untyped = matches!(reading.names.language(), Language::Python | Language::Kotlin);
        let is_function = is_typed || is_untyped;
        let target = match binding.target.as_str() {
            target if is_function => target,
            target => target.trim_end_matches("()"),
        };
        if target.is_empty() {
            continue;
        }
        let of_type = reading.names.of_type(&binding.of_type).map(|(package, _)| package);
        let of_own = known.own.of_type(binding).or_else(|| asked::of(reading, &binding.value));
        if let Some(package) = of_type {
            reading.uses.push((binding.span.start, Some(package), package.store));
        }
        let value = &binding.value_span;
        let of_value =
            made.iter().find(|(span, _)| value.contains(&span.start)).filter(|(span, _)| {
                let before = reading.file.text.get(value.start..span.start).unwrap_or_default();
                holds(before) && !(is_go && is_within(before))
            });
        let package = of_type.or(of_value.map(|&(_, package)| package)).or(of_own);
        if let Some(package) = package {
            known.take(target.to_owned(), package);
        }
    }
}

/// Takes what clients give, which is one as well; fields are named after the code that uses them.
fn follow(bindings: &[&Binding], known: &mut Known) {
    for _ in 0..3 {
        let found: Vec<_> = bindings.iter().filter_map(|binding| derived(known, binding)).collect();
        let before = known.names.len();
        for (name, package) in found {
            known.take(name, package);
        }
        if known.names.len() == before {
            break;
        }
    }
}

pub(super) fn derived(known: &Known, binding: &Binding) -> Option<(String, &'static Package)> {
    let value = dotted(clip(otherwise(delegated(&binding.value)), 200));
    let value = value.split(['|', ';', ',']).next().unwrap_or_default();
    let mut rest = unowned(value);
    while let Some(opened) = opened(rest) {
        rest = opened;
    }
    let end = last(rest);
    let method = end.trim_end_matches("()");
    let is_given = !end.ends_with("()")
        || known::derives(method)
        || known::builds(method)
        || known.has(end)
        || known.has(rest);
    let is_asked = known::command(method).is_some() && !known::derives(method);
    if binding.target.is_empty() || rest.is_empty() || !is_given || is_asked {
        return None;
    }
    // `get` gives a connection of a pool, and a value of a client.
    let is_get = known::plain(method) == "get" && end.ends_with("()");
    let receiver = rest.strip_suffix(end).unwrap_or(rest).trim_end_matches('.');
    let is_pool = || {
        known::plain(receiver).contains("pool")
            || known.package(receiver).is_some_and(|of| known::pools(&of.name))
            || known.has_pools && binding.value.contains(".get()")
    };
    if is_get && !is_pool() {
        return None;
    }
    let package =
        known.package(rest).or_else(|| known.package(receiver).filter(|_| end.ends_with("()")))?;
    Some((binding.target.clone(), package))
}

/// What a value is where it is not the first: `shared` of `client if client is not None else shared` and of `client or shared`.
fn otherwise(value: &str) -> &str {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let rest = [" else ", " or "].iter().find_map(|word| Some(value.rsplit_once(word)?.1));
    rest.filter(|rest| rest.chars().all(is_path)).unwrap_or(value)
}

/// What Kotlin makes when it is asked for first: `redisson.getLock("a")` of `by lazy { redisson.getLock("a") }`.
fn delegated(value: &str) -> &str {
    let body = value.strip_prefix("by ").and_then(|rest| rest.split_once('{'));
    body.map_or(value, |(_, body)| body.trim().trim_end_matches('}').trim_end())
}

/// What a value is taken out of: `pool.get()` of `pool.get().await.map_err(…)`.
fn opened(value: &str) -> Option<&str> {
    let end = last(value);
    let method = end.trim_end_matches("()").trim_end_matches("{}");
    let is_neutral = matches!(end, "await" | "Result" | "resource")
        || method.len() < end.len() && known::opens(method);
    let rest = value.strip_suffix(end)?.trim_end_matches('.');
    (is_neutral && !rest.is_empty()).then_some(rest)
}

/// Whether a client stands in braces: it is then of a field or of a function, and not what the name stands for.
fn is_within(before: &str) -> bool {
    let (open, closed) = (before.matches('{').count(), before.matches('}').count());
    open > closed && !before.contains("sync.Once")
}

/// Whether what stands in front of a client only holds it.
fn holds(before: &str) -> bool {
    // `ConnectionPool.new(size: 5) do Redis.new end` of Ruby.
    if before.trim_start().starts_with("ConnectionPool") {
        return true;
    }
    let choices = ["||", "&&", "??", " or ", " and ", " else ", "? ", ": ", "= "];
    let start =
        choices.iter().filter_map(|choice| Some(before.rfind(choice)? + choice.len())).max();
    let before = &before[start.unwrap_or(0)..];
    let mut names = before
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.' || c == ':'))
        .map(|name| name.trim_matches([':', '.']))
        .filter(|name| name.starts_with(char::is_alphabetic));
    match names.next() {
        None => true,
        Some(first) => {
            known::holds(first) || known::holds(first.split("::").next().unwrap_or(first))
        }
    }
}
