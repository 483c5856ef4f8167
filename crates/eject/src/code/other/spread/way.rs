//! How names lead to packages: by themselves, and by others of the same file.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::{
    judge::Judged,
    known,
    resolve::Tree,
    source::{Definition, last},
    words::number,
};
use crate::{
    catalogue::Package,
    finding::{Kind, Life, Purpose, Step, Store},
    life,
};

/// What is done when a package of Go is taken in, whatever is used of it, and when a module of Python is loaded that tells a framework
/// of its functions.
pub(super) const EFFECT: &str = "init()";

/// A name of a file.
pub(super) type Name = (usize, String);

/// How a name leads to a package.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) store: Store,
    pub(super) package: Option<&'static Package>,
    pub(super) purpose: Option<(Purpose, String)>,
    pub(super) chain: Vec<Step>,
    pub(super) is_client: bool,
    /// An error, an option or a value of a package: who takes it in needs the package, who has it in a type of his own
    /// leads nobody there.
    pub(super) is_part: bool,
    /// By which methods alone it leads there; nothing where all who use it do.
    pub(super) members: Option<BTreeSet<String>>,
    /// Its methods and its fields that give a client.
    pub(super) gives: BTreeSet<String>,
    /// The methods that it has beside a client's.
    pub(super) own: BTreeSet<String>,
}

impl Way {
    /// What it is for: as it is told, or as its package is.
    pub(super) fn is_queue(&self) -> bool {
        match &self.purpose {
            Some((purpose, _)) => *purpose == Purpose::Queue,
            None => self.package.is_some_and(|package| package.purpose == Purpose::Queue),
        }
    }

    /// Whether a definition is a repository of Spring's in which what is marked as the store's is kept: it sends by itself.
    pub(super) fn is_kept(&self, judged: &Judged, repository: &str, of: &str) -> bool {
        let is_marked = self.chain.last().is_some_and(|step| step.name == "RedisHash");
        let mut all = judged.repositories.iter();
        is_marked && all.any(|(name, class)| name == repository && class == of)
    }

    /// Whether who has such words, beside the name itself, uses what leads there.
    pub(super) fn is_taken(&self, has: impl Fn(u32) -> bool) -> bool {
        let members = self.members.as_ref();
        members.is_none_or(|members| members.iter().any(|member| has(number(member))))
    }
}

/// All names that lead to packages, and those that were found last.
#[derive(Default)]
pub(super) struct Led {
    pub(super) ways: HashMap<Name, Way>,
    pub(super) last: Vec<Name>,
}

impl Led {
    /// A way to a name; the first is the shortest. A client is one by whichever way it is known.
    pub(super) fn add(&mut self, name: Name, way: Way) -> bool {
        // What a package of Go does when it is taken in has a name that nobody writes.
        let name = if name.1 == "init" { (name.0, EFFECT.to_owned()) } else { name };
        if name.1.is_empty() || name.1 == "_" {
            return false;
        }
        if let Some(known) = self.ways.get_mut(&name) {
            known.is_client |= way.is_client;
            known.gives.extend(way.gives);
            known.own.extend(way.own);
            if known.purpose.is_none() {
                known.purpose = way.purpose;
            }
            let was_part = known.is_part;
            known.is_part &= way.is_part;
            let is_wider = match (&mut known.members, way.members) {
                (None, _) => false,
                (members, None) => {
                    *members = None;
                    true
                }
                (Some(members), Some(more)) => {
                    let before = members.len();
                    members.extend(more);
                    members.len() > before
                }
            };
            let is_wider = is_wider || was_part && !known.is_part;
            if is_wider {
                self.last.push(name);
            }
            return is_wider;
        }
        self.last.push(name.clone());
        self.ways.insert(name, way);
        true
    }

    /// A way to a definition, and to those of its methods that are called without its name.
    pub(super) fn add_definition(
        &mut self,
        index: usize,
        definition: &Definition,
        way: Way,
    ) -> bool {
        let leads = |method: &&str| way.members.as_ref().is_none_or(|of| of.contains(*method));
        let extensions: Vec<String> =
            definition.extensions().filter(leads).map(str::to_owned).collect();
        for method in extensions {
            let on = Way { is_client: false, members: None, ..way.clone() };
            self.add((index, method), on);
        }
        if definition.is_announced {
            let on = Way { is_client: false, members: None, gives: BTreeSet::new(), ..way.clone() };
            self.add((index, EFFECT.to_owned()), on);
        }
        self.add((index, definition.name.clone()), way)
    }
}

/// The names of a file that lead to a package by themselves.
pub(super) fn start(tree: &Tree, index: usize, led: &mut Led) {
    let Some(judged) = &tree.modules[index].judged else { return };
    if life::of(&tree.paths[index]).0 != Life::Live {
        return;
    }
    let mut found = Vec::new();
    for (definition, seed) in &judged.seeds {
        let way = Way {
            store: seed.store,
            package: seed.package,
            purpose: seed.purpose.clone(),
            chain: vec![seed.step.clone()],
            is_client: seed.is_client,
            is_part: false,
            members: seed.members.clone(),
            gives: seed.gives.clone(),
            own: seed.own.clone(),
        };
        led.add_definition(index, &judged.definitions[*definition], way);
    }
    // What is taken from a package and given on under this file's name.
    for (import, (place, span)) in judged.imports.iter().zip(&judged.places) {
        let Some(sighting) = judged
            .sightings
            .iter()
            .find(|sighting| {
                sighting.kind == Kind::Import && sighting.span == *span && sighting.life.is_none()
            })
            .filter(|_| import.is_public && import.alias != "*")
        else {
            continue;
        };
        let name = sighting.name.clone();
        let way = Way {
            store: sighting.store,
            package: sighting.package,
            purpose: sighting.purpose.clone(),
            chain: vec![Step { place: place.clone(), name }],
            is_client: false,
            is_part: known::is_part(last(&import.full())),
            members: None,
            gives: BTreeSet::new(),
            own: BTreeSet::new(),
        };
        found.push(((index, import.alias.clone()), way));
    }
    for (name, way) in found {
        led.add(name, way);
    }
    within(judged, index, led);
}

/// Definitions that use others of the same file, and methods that use others of the same class.
pub(super) fn within(judged: &Judged, index: usize, led: &mut Led) {
    loop {
        let leading = judged.definitions.iter().enumerate().filter_map(|(at, definition)| {
            let way = led.ways.get(&(index, definition.name.clone()))?.clone();
            Some((number(last(&definition.name)), Leading { at, name: &definition.name, way }))
        });
        let ways: Ways<'_> = leading.collect();
        let mut is_new = false;
        for definition in &judged.definitions {
            let own = ways.get(&number(last(&definition.name))).map(|leading| &leading.way);
            if is_test(judged, definition.span.start)
                || own.is_some_and(|way| way.members.is_none())
            {
                continue;
            }
            let used = |words: &HashSet<u32>| {
                let used = words.iter().filter_map(|word| ways.get(word)).filter(|leading| {
                    leading.name != definition.name
                        && leading.way.is_taken(|word| words.contains(&word))
                });
                // Words have no order of their own.
                used.min_by_key(|leading| leading.at)
            };
            let of_class = |words: &HashSet<u32>| {
                own.is_some_and(|way| way.is_taken(|word| words.contains(&word)))
            };
            let Some(members) =
                definition.leading(&[], |words| used(words).is_some() || of_class(words))
            else {
                continue;
            };
            let all = std::iter::once(&definition.words)
                .chain(definition.members.iter().map(|member| &member.words));
            let by_other = || all.into_iter().find_map(used).map(|leading| leading.way.clone());
            let Some(way) = own.cloned().or_else(by_other) else { continue };
            let gives = made_of(judged, definition, &ways);
            let is_client = ways
                .values()
                .any(|leading| leading.way.is_kept(judged, &definition.name, leading.name));
            let way = Way { is_client, members, gives, ..way };
            is_new |= led.add_definition(index, definition, way);
        }
        if !is_new {
            return;
        }
    }
}

/// A definition of a file that leads to a package.
struct Leading<'a> {
    /// Which of the file's it is.
    at: usize,
    name: &'a str,
    way: Way,
}

/// By the numbers of their names.
type Ways<'a> = HashMap<u32, Leading<'a>>;

/// What a value gives that is made of a class of the file: `store = Store()`.
fn made_of(judged: &Judged, definition: &Definition, ways: &Ways<'_>) -> BTreeSet<String> {
    let mut given = judged.given.iter().filter(|(target, _)| *target == definition.name);
    let of = given.find_map(|(_, callee)| ways.get(&number(last(callee))));
    of.filter(|_| !definition.is_class())
        .map(|leading| leading.way.gives.clone())
        .unwrap_or_default()
}

pub(super) fn is_test(judged: &Judged, at: usize) -> bool {
    judged.tests.iter().any(|test| test.contains(&at))
}
