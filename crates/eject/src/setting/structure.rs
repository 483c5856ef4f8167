//! Configuration that is a tree: YAML, JSON, TOML; whatever tool it is for.
//!
//! One walk knows what all of them have in common: variables in maps, in lists of `KEY=value`, in lists of names and
//! values; images; charts; types of infrastructure; settings of frameworks. What only one tool has is in `place`.

mod machine;
mod script;

use std::{collections::HashSet, ops::Range};

use super::{
    address,
    declared::{image, resource},
    filled::{self, Text},
    line::with_purpose,
    place::Place,
    said, server, variable,
};
use crate::{
    catalogue::{self, Ecosystem, Role},
    document::{Document, Node, Pair},
    file::File,
    finding::{Kind, Sighting, Store},
};

/// Deeper trees are no configuration that a person has written.
const DEEPEST: usize = 64;

/// A map of more keys is no configuration, but a vocabulary, a translation or another table.
const MOST_KEYS: usize = 1000;

/// Keys under which a map of a list names a variable.
const NAMES: &[&str] = &["name", "key", "Name", "secretKey", "envVar", "variable"];

/// Roots of settings of frameworks.
const FRAMEWORKS: &[&str] = &["spring", "quarkus", "micronaut", "management", "Aspire"];

/// Keys that refer to other containers.
const REFERENCES: &[&str] =
    &["depends_on", "links", "external_links", "volumes_from", "network_mode"];

/// How much of a part of the tree is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    All,
    /// Within a container that is a server: variables alone.
    Variables,
    /// Within a setting of a store: addresses alone.
    Addresses,
}

/// Reads the documents of a file.
pub(super) fn read(file: &File, document: &Document<'_>) -> Vec<Sighting> {
    let mut found = Vec::new();
    for root in document.roots() {
        let place = Place::of(file, root);
        let mut walk = Walk { file, place, found: &mut found, way: Vec::new() };
        walk.root(root);
    }
    // One line reads several variables of one server.
    let mut read = HashSet::new();
    found.retain(|sighting| {
        sighting.kind != Kind::VariableRead || read.insert(file.line_of(sighting.span.start))
    });
    found
}

struct Walk<'f, 'd, 'o> {
    file: &'f File,
    place: Place<'d>,
    found: &'o mut Vec<Sighting>,
    /// The keys from the root to where the walk is.
    way: Vec<&'d str>,
}

impl<'d> Walk<'_, 'd, '_> {
    fn root(&mut self, root: Node<'d>) {
        self.place.tell(root, self.found);
        self.node(root, Look::All);
    }

    fn put(&mut self, sighting: Sighting, is_local: bool) {
        let sighting = match self.place.purpose() {
            Some((purpose, why)) if sighting.purpose.is_none() => match sighting.kind {
                Kind::Setting | Kind::ConnectionString | Kind::VariableRead => {
                    sighting.purpose(purpose, why)
                }
                _ => sighting,
            },
            _ => sighting,
        };
        let sighting = match sighting.life {
            None => self.place.with_life(sighting, &self.way, is_local),
            Some(_) => sighting,
        };
        self.found.push(sighting);
    }

    fn node(&mut self, node: Node<'d>, look: Look) {
        if node.is_alias() || self.way.len() > DEEPEST {
            return;
        }
        if node.is_map() {
            if node.pairs().nth(MOST_KEYS).is_some() {
                return;
            }
            let look = self.map(node, look);
            if let Some((look, told)) = look {
                for pair in node.pairs().filter(|pair| !told.contains(pair.key)) {
                    self.pair(pair, look);
                }
            }
            return;
        }
        for item in node.items() {
            match item.text() {
                Some(text) if !item.is_alias() => self.item(item, text, look),
                _ => self.node(item, look),
            }
        }
    }

    /// What a map says as a whole; how its pairs are to be looked at, without those that are told already.
    fn map(&mut self, node: Node<'d>, look: Look) -> Option<(Look, HashSet<&'d str>)> {
        if self.variable(node) {
            return None;
        }
        if look != Look::All {
            return Some((look, HashSet::new()));
        }
        if self.place.is_dependency(&self.way)
            && let Some(name) = node.pair("name")
            && let Some(store) = name.value.text().and_then(server::of_chart)
        {
            let chart = name.value.text().unwrap_or_default();
            self.put(Sighting::new(Kind::HelmDependency, store, name.span(), chart), false);
            return None;
        }
        if let Some(sighting) = resource(node, self.way.last().copied().unwrap_or_default()) {
            self.put(sighting, false);
            return Some((Look::Addresses, HashSet::new()));
        }
        if let Some((pair, image)) = image(node, self.place.lists_images(&self.way))
            && let Some(store) = server::of_image(image)
        {
            if self.place.is_told(&self.way, pair.key) {
                return Some((Look::Variables, HashSet::from(["image"])));
            }
            let named = node.get("name").and_then(Node::text);
            let under = self.way.last().copied().filter(|_| Place::names_containers(&self.way));
            let name = named.or(under).unwrap_or(image);
            self.put(Sighting::new(Kind::Container, store, pair.span(), name), true);
            return Some((Look::Variables, HashSet::from([pair.key, "image"])));
        }
        Some((look, HashSet::new()))
    }

    /// `{name: REDIS_URL, value: …}`, wherever its value comes from.
    fn variable(&mut self, node: Node<'d>) -> bool {
        let named = NAMES.iter().filter_map(|key| node.pair(key));
        let named = named.filter_map(|pair| Some((pair, pair.value.text()?)));
        let Some((pair, name)) = named.into_iter().find(|(_, name)| said::is_variable(name)) else {
            return false;
        };
        let value = node.get("value").or_else(|| node.get("Value")).and_then(Node::text);
        let value = value.unwrap_or_default();
        let referred = node.at(&["valueFrom", "secretKeyRef", "name"]);
        let referred = referred.or_else(|| node.at(&["valueFrom", "configMapKeyRef", "name"]));
        let by_reference = referred.and_then(Node::text).and_then(server::of_name);
        let said = said::of(name, value).map(|said| (said.store, said.is_local));
        let by_server = self.place.leads_to_server(name, value).map(|store| (store, true));
        let by_reference = by_reference.map(|store| (store, false));
        let Some((store, is_local)) = said.or(by_server).or(by_reference) else { return false };
        let sighting = Sighting::new(Kind::VariableSet, store, pair.span(), name);
        self.put(with_purpose(sighting, name), is_local);
        true
    }

    fn pair(&mut self, pair: Pair<'d>, look: Look) {
        let (key, value) = (pair.key, pair.value);
        if self.place.is_told(&self.way, key) {
            return;
        }
        self.way.push(key);
        if REFERENCES.contains(&key) && look != Look::Addresses {
            self.references(pair);
        } else if value.is_alias() {
            // It is read where it stands.
        } else if let Some(text) = value.text() {
            self.text(pair, text, look);
        } else if said::is_variable(key) && variable::store_of(key).is_some() {
            self.name_of_variable(pair);
        } else if look == Look::All
            && matches!(self.way[..], ["resource" | "data", _])
            && self.declared(pair)
        {
            // Told with all that it holds.
        } else if look == Look::All && self.place.manages(pair) {
            self.managed(pair);
        } else if look == Look::All && said::lets_through(key) && value.is_map() {
            self.let_through(pair);
        } else if look == Look::All && self.is_setting(pair) {
            let store = variable::store_of(key).unwrap_or(Store::Redis);
            let sighting = Sighting::new(Kind::Setting, store, pair.key_span(), key);
            let way = self.way.join(".");
            self.put(with_purpose(sighting, &way), false);
            self.caches(value);
            self.node(value, Look::Addresses);
        } else {
            self.node(value, look);
        }
        self.way.pop();
    }

    /// `redis: {caches: …}` of Micronaut, which keeps each of them in the store.
    fn caches(&mut self, of_store: Node<'d>) {
        if let Some(pair) = of_store.pair("caches").filter(|pair| pair.value.is_map()) {
            let sighting = Sighting::new(Kind::Setting, Store::Redis, pair.key_span(), pair.key);
            self.put(with_purpose(sighting, pair.key), false);
        }
    }

    /// `app.json` says of a variable what it is and not what its value is.
    fn name_of_variable(&mut self, pair: Pair<'d>) {
        let Some(store) = variable::store_of(pair.key) else { return };
        let sighting = Sighting::new(Kind::VariableSet, store, pair.key_span(), pair.key);
        self.put(with_purpose(sighting, pair.key), false);
    }

    /// Terraform in JSON: `{"resource": {"type": {"name": {…}}}}`.
    fn declared(&mut self, pair: Pair<'d>) -> bool {
        let Some(store) = server::of_resource(pair.key) else { return false };
        for named in pair.value.pairs() {
            if named.value.get("engine").and_then(Node::text) != Some("memcached") {
                let name = format!("{}.{}", pair.key, named.key);
                self.put(Sighting::new(Kind::Resource, store, pair.key_span(), &name), false);
            }
        }
        true
    }

    fn is_setting(&self, pair: Pair<'d>) -> bool {
        // What holds nothing but an address is told by it.
        let mut inner = pair.value.pairs();
        if let (Some(only), None) = (inner.next(), inner.next())
            && only.value.text().and_then(address::find).is_some_and(|address| address.is_certain)
        {
            return false;
        }
        if self.is_class(pair) {
            return true;
        }
        variable::store_of(pair.key).is_some()
            && !said::is_variable(pair.key)
            && !self.place.names_things(&self.way)
            && (pair.value.is_map() && self.is_of_framework()
                || said::is_map_of(pair.value.pairs().map(|inner| inner.key.to_owned())))
            && image(pair.value, false).is_none_or(|(_, image)| {
                server::of_image(image).is_none() || self.place.is_values()
            })
    }

    /// Whether a service is told how a class of a store is made: `Predis\Client: {arguments: …}` of Symfony.
    fn is_class(&self, pair: Pair<'_>) -> bool {
        let is_service = matches!(self.way[..], ["services", _] | [_, "services", _]);
        let class = pair.value.get("class").and_then(Node::text).unwrap_or(pair.key);
        let class = class.trim_start_matches('\\');
        let is_of_package = || {
            let package = catalogue::imported(Ecosystem::Packagist, class);
            package.is_some_and(|of| matches!(of.role, Role::Client | Role::Library))
        };
        is_service
            && pair.value.is_map()
            && (class.contains('\\') && said::service(class).is_some() || is_of_package())
    }

    /// Whether a text is the command line of a process by where it stands: `[processes]` of Fly, `run:` of Heroku.
    fn is_process(&self) -> bool {
        match self.way[..] {
            ["processes", _] => true,
            ["run", _] => self.file.name() == "heroku.yml",
            _ => false,
        }
    }

    /// Whether what is under this root is of a framework, which names its parts for the stores that they use.
    fn is_of_framework(&self) -> bool {
        self.way.first().is_some_and(|root| FRAMEWORKS.contains(root))
    }

    fn text(&mut self, pair: Pair<'d>, text: &'d str, look: Look) {
        let key = pair.key;
        if let Some(sighting) =
            self.place.sighting(&self.way, pair, text).filter(|_| look == Look::All)
        {
            // What is installed leads to no container.
            let is_local = sighting.kind != Kind::Package;
            self.put(sighting, is_local);
            return;
        }
        if text.contains('\n') {
            self.lines(pair.value, look);
            return;
        }
        if look == Look::All && self.place.is_script(key) {
            self.line_of_script(pair.span(), text);
            return;
        }
        let said = said::of(key, text);
        let said = said.or_else(|| {
            let store = self.place.leads_to_server(key, text)?;
            Some(said::Said { kind: Kind::VariableSet, store, is_local: true })
        });
        if said.is_none() && look != Look::Variables && self.filled(key, text, pair.span()) {
            return;
        }
        let said = said.or_else(|| {
            let store = self.place.store().filter(|_| said::leads(key))?;
            let is_other = text.is_empty() || text.contains("://");
            (!is_other).then_some(said::Said { kind: Kind::Setting, store, is_local: false })
        });
        if let Some(said) = said.filter(|said| is_looked_at(look, said.kind)) {
            let whole = if key.contains('.') || said.kind == Kind::VariableSet {
                key
            } else {
                &self.way.join(".")
            };
            let sighting = Sighting::new(said.kind, said.store, pair.span(), key);
            self.put(with_purpose(sighting, whole), said.is_local);
        } else if look == Look::All
            && (self.place.is_command(key) || self.is_process())
            && let Some((program, store)) = server::of_command(text)
        {
            self.put(super::run(Kind::Setting, store, pair.span(), program), false);
        }
    }

    /// A variable from which a text is filled, or whose name it is.
    fn filled(&mut self, key: &str, text: &str, span: Range<usize>) -> bool {
        if filled::is_for_people(key) {
            return false;
        }
        let is_command = self.place.is_command(key);
        // `KEY: ${REDIS_URL}` sets one variable to another.
        let is_set = said::is_variable(key) && !self.place.names_variables(key);
        let named = self.place.names_variables(key) && said::is_variable(text);
        let form = if is_command { Text::Command } else { Text::Value };
        let sighting = if named {
            let read = |store| Sighting::new(Kind::VariableRead, store, span, text);
            variable::store_of(text).map(read)
        } else if server::of_command(text).is_some() && is_command {
            None
        } else {
            filled::find(text, span, form).filter(|found| !is_set || !found.is_open)
        };
        let Some(mut sighting) = sighting else { return false };
        if is_set {
            sighting.kind = Kind::VariableSet;
            key.clone_into(&mut sighting.name);
        }
        let is_known = !sighting.is_open;
        let way = format!("{}.{}", self.way.join("."), sighting.name);
        self.put(with_purpose(sighting, &way), false);
        is_known
    }

    fn item(&mut self, item: Node<'d>, text: &'d str, look: Look) {
        if let Some(sighting) = self.place.item(&self.way, item, text).filter(|_| look == Look::All)
        {
            self.put(sighting, true);
            return;
        }
        if text.contains('\n') {
            self.lines(item, look);
            return;
        }
        let is_script = self.way.last().is_some_and(|key| self.place.is_script(key));
        if is_script && look == Look::All {
            self.line_of_script(item.span(), text);
            return;
        }
        let is_command = self.way.last().is_some_and(|key| self.place.is_command(key));
        if is_command
            && look == Look::All
            && let Some((program, store)) = server::of_command(text)
        {
            self.put(super::run(Kind::Setting, store, item.span(), program), false);
            return;
        }
        if let Some((name, value)) =
            text.split_once('=').filter(|(name, _)| said::is_variable(name.trim()))
        {
            let name = name.trim();
            let said = said::of(name, value).map(|said| (said.store, said.is_local));
            let by_server = self.place.leads_to_server(name, value).map(|store| (store, true));
            if let Some((store, is_local)) = said.or(by_server).filter(|_| look != Look::Addresses)
            {
                let sighting = Sighting::new(Kind::VariableSet, store, item.span(), name);
                self.put(with_purpose(sighting, name), is_local);
            }
            return;
        }
        // A list of names of variables: what is passed on (`environment: [REDIS_URL]`).
        let is_passed_on = self.way.last().is_some_and(|key| said::passes_on(key));
        if is_passed_on && said::is_variable(text) {
            if let Some(store) = variable::store_of(text) {
                let sighting = Sighting::new(Kind::VariableSet, store, item.span(), text);
                self.put(with_purpose(sighting, text), false);
            }
            return;
        }
        let is_port = self.way.last() == Some(&"ports");
        if (look != Look::Variables || is_port) && self.filled("", text, item.span()) {
            return;
        }
        if let Some(store) = said::service(text).filter(|_| look == Look::All) {
            let sighting = Sighting::new(Kind::Setting, store, item.span(), text);
            let way = format!("{}.{text}", self.way.join("."));
            self.put(with_purpose(sighting, &way), false);
            return;
        }
        if let Some(address) = address::find(text).filter(|address| address.is_certain) {
            let name = &text[address.span];
            let sighting = Sighting::new(Kind::ConnectionString, address.store, item.span(), name);
            self.put(sighting, address.is_local);
        }
    }

    fn references(&mut self, pair: Pair<'d>) {
        let value = pair.value;
        let one = value.text().map(|text| (text, pair.span()));
        let items = value.items().filter_map(|item| Some((item.text()?, item.span())));
        let keys = value.pairs().map(|pair| (pair.key, pair.key_span()));
        let all: Vec<_> = one.into_iter().chain(items).chain(keys).collect();
        for (text, span) in all {
            if let Some(store) = self.place.reference(text) {
                self.put(Sighting::new(Kind::ContainerReference, store, span, text), true);
            }
        }
    }
}

fn is_looked_at(look: Look, kind: Kind) -> bool {
    match look {
        Look::All => true,
        Look::Variables => kind == Kind::VariableSet,
        Look::Addresses => {
            matches!(kind, Kind::ConnectionString | Kind::VariableSet | Kind::VariableRead)
        }
    }
}
