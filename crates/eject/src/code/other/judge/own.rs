//! Types of a file's own that are clients: in Go other names for one, structs that embed one, and fields that hold one; in Rust other
//! names.

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
    Regex::new(r"^func (?:\([^()]*\)\s*)?(?P<name>\w+)\([^()]*\)\s*\(?\*?(?P<type>(?:[a-z_]\w*\.)?[A-Za-z]\w*)[ ,){]")
        .expect("it is valid")
});

/// What a function of Go gives that is defined so: its name, and the type.
pub(super) fn given(written: &str) -> Option<(&str, &str)> {
    let found = GIVES.captures(written)?;
    Some((found.name("name")?.as_str(), found.name("type")?.as_str()))
}

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
    /// Functions that give a struct which embeds a client, and that struct.
    gives_more: HashMap<String, String>,
    /// Names of values whose type embeds a client, and that type.
    weak: HashMap<String, String>,
}

impl Own {
    pub(super) fn read(reading: &Reading<'_>) -> Self {
        let mut own = Self::default();
        match reading.names.language() {
            Language::Go => {}
            Language::Rust => {
                own.aliases.extend(aliases_of_rust(reading));
                return own;
            }
            _ => return own,
        }
        let source = reading.source;
        for definition in &source.definitions {
            let written = reading.file.text.get(definition.span.clone()).unwrap_or_default();
            let of = |found: regex::Captures<'_>| reading.names.of_type(&found["type"]);
            if let Some((package, _)) = ALIAS.captures(written).and_then(of) {
                own.aliases.insert(definition.name.clone(), package);
            }
            if let Some((called, of_type)) = given(written) {
                match reading.names.of_type(of_type) {
                    Some((package, _)) => _ = own.gives.insert(format!("{called}()"), package),
                    None => _ = own.gives_more.insert(called.to_owned(), of_type.to_owned()),
                }
            }
            let first = written.lines().next().unwrap_or_default();
            let is_type = [" struct", " interface"].iter().any(|kind| first.contains(kind));
            if !is_type || !written.starts_with(&definition.name) {
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
        own.gives_more.retain(|_, of_type| own.embedding.contains_key(of_type));
        own
    }

    /// The methods of a type that embeds a client, or of one that a function gives, which are not the client's: by its own name.
    pub(super) fn embeds(&self, name: &str) -> Option<&HashSet<String>> {
        let of_type = self.gives_more.get(name).map_or(name, String::as_str);
        self.embedding.get(of_type).map(|(_, methods)| methods)
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
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let mut names = of_type.split(|c| !is_name(c));
        if let Some(package) = names.find_map(|name| self.aliases.get(name)) {
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

/// `type Pool = bb8::Pool<RedisConnectionManager>;`
fn aliases_of_rust(reading: &Reading<'_>) -> Vec<(String, &'static Package)> {
    let definitions = reading.source.definitions.iter().filter(|of| !of.is_class());
    let named = definitions.filter_map(|definition| {
        let written = reading.file.text.get(definition.span.clone())?;
        let (head, of_type) = written.split_once('=')?;
        let is_alias = head.split(&[' ', '<'][..]).any(|word| word == "type");
        let (package, _) = reading.names.of_type(of_type).filter(|_| is_alias)?;
        Some((definition.name.clone(), package))
    });
    named.collect()
}
