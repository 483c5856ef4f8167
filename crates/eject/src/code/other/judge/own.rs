//! Types of a file's own that are clients in Go: other names for one, structs that embed one, and fields that hold one.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{Binding, Reading};
use crate::{catalogue::Package, code::other::language::Language};

/// `Client = redis.Client`, `Client redis.Client`.
static ALIAS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\w+\s*=?\s*\*?(?P<type>[a-z_]\w*\.[A-Z]\w*)\s*$").expect("it is valid")
});

/// `*redis.Client` on a line of its own in a struct, or all that is in one: `struct{ *redis.Pool }`.
static EMBEDDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:^|\bstruct\s*\{)\s*\*?(?P<type>[a-z_]\w*\.[A-Z]\w*)\s*(?:`[^`\n]*`)?\s*(?:\}\s*)?(?://.*)?$")
        .expect("it is valid")
});

/// `func newServer(…) (*machinery.Server, error) {`, `func (s *Store) conn() redis.Conn {`
static GIVES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^func (?:\([^()]*\)\s*)?(?P<name>\w+)\([^()]*\)\s*\(?\*?(?P<type>[a-z_]\w*\.[A-Z]\w*)[ ,){]")
        .expect("it is valid")
});

/// What a file's own types say of its clients.
#[derive(Clone, Default)]
pub(super) struct Own {
    /// Other names for clients.
    aliases: HashMap<String, &'static Package>,
    /// Structs that embed a client, and the methods that they have beside its.
    embedding: HashMap<String, (&'static Package, HashSet<String>)>,
    /// Fields of structs whose type is a client's.
    fields: HashSet<String>,
    /// Functions that give a client, as they are called.
    gives: HashMap<String, &'static Package>,
    /// Names of values whose type embeds a client, and that type.
    weak: HashMap<String, String>,
}

impl Own {
    pub(super) fn read(reading: &Reading<'_>) -> Self {
        let mut own = Self::default();
        if reading.names.language() != Language::Go {
            return own;
        }
        let source = reading.source;
        for definition in &source.definitions {
            let written = reading.file.text.get(definition.span.clone()).unwrap_or_default();
            let of = |found: regex::Captures<'_>| reading.names.of_type(&found["type"]);
            if let Some((package, _)) = ALIAS.captures(written).and_then(of) {
                own.aliases.insert(definition.name.clone(), package);
            }
            if let Some(found) = GIVES.captures(written) {
                let called = format!("{}()", &found["name"]);
                own.gives.extend(of(found).map(|(package, _)| (called, package)));
            }
            let first = written.lines().next().unwrap_or_default();
            if !first.contains(" struct") || !written.starts_with(&definition.name) {
                continue;
            }
            if let Some((package, _)) = EMBEDDED.captures_iter(written).find_map(of) {
                let same = source.definitions.iter().filter(|other| other.name == definition.name);
                let methods = same.flat_map(|other| &other.members).map(|of| of.name.clone());
                own.embedding.insert(definition.name.clone(), (package, methods.collect()));
            }
            let within =
                source.bindings.iter().filter(|of| definition.span.contains(&of.span.start));
            let fields = within.filter(|binding| {
                reading.names.of_type(&binding.of_type).is_some()
                    || own.aliases.contains_key(binding.of_type.trim_start_matches('*'))
            });
            own.fields.extend(fields.map(|binding| binding.target.clone()));
        }
        own
    }

    /// The functions that give a client, as they are called.
    pub(super) fn gives(&self) -> impl Iterator<Item = (String, &'static Package)> + '_ {
        self.gives.iter().map(|(called, package)| (called.clone(), *package))
    }

    /// The client that is behind a name whose type is the file's own.
    pub(super) fn of_type(&mut self, binding: &Binding) -> Option<&'static Package> {
        let made = binding.value.trim_start_matches('&').split_once('{').map(|(made, _)| made);
        let of_type = binding.of_type.trim_start_matches('*');
        let of_type = if of_type.is_empty() { made? } else { of_type };
        if let Some(package) = self.aliases.get(of_type) {
            return Some(package);
        }
        let (package, _) = self.embedding.get(of_type)?;
        self.weak.insert(binding.target.clone(), of_type.to_owned());
        Some(package)
    }

    /// Whether a value is more than a client.
    pub(super) fn is_weak(&self, name: &str) -> bool {
        self.weak.contains_key(name)
    }

    /// Whether a method is of the type that embeds a client, and not of the client.
    pub(super) fn has_method(&self, receiver: &str, method: &str) -> bool {
        let embedding = self.weak.get(receiver).and_then(|of_type| self.embedding.get(of_type));
        embedding.is_some_and(|(_, methods)| methods.contains(method))
    }

    /// Whether what is written `s.limiter` is a field that holds a client.
    pub(super) fn is_field(&self, receiver: &str) -> bool {
        receiver.split_once('.').is_some_and(|(_, field)| self.fields.contains(field))
    }
}
