//! From the modules that ask for a package of the catalogue to all that they make worth a second reading.
//!
//! It goes in waves. In each, modules are read in parallel with what is known of others; what is new in their exports makes
//! those be read in the next who ask for it. Who puts a client on a server, gives it to a function or provides it
//! under a token makes those be read who take it there.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, hash_map::Entry},
    fs,
    sync::Arc,
};

use oxc_semantic::SemanticBuilder;
use rayon::prelude::*;

use super::{
    binding::Bindings,
    read::with_memory,
    reading::Reading,
    request::{ALL, Manner},
    resolve::{ModuleId, Tree},
    sight::{Found, Use},
    source,
    thing::{Nature, Thing},
};
use crate::{catalogue::Package, file::File};

/// A module is read so often, and there are so many waves: then what is known is good enough.
const MOST_READINGS: u32 = 8;
const MOST_WAVES: usize = 200;

/// What a request leads to.
pub(super) enum Target {
    Foreign(&'static Package),
    Own(ModuleId),
    Outside,
}

/// What the second reading of a module told.
#[derive(Default)]
pub(super) struct Summary {
    pub(super) exports: BTreeMap<Box<str>, Arc<Thing>>,
    /// `module.exports = …`.
    pub(super) equals: Option<Arc<Thing>>,
    /// It exports by `export`: then a default is there only if it says so.
    pub(super) is_esm: bool,
    /// `export * from` a package.
    pub(super) star: Option<Arc<Thing>>,
    /// What its top does when it is loaded.
    pub(super) effects: Option<Arc<Thing>>,
    pub(super) found: Vec<Found>,
    pub(super) uses: Vec<Use>,
    pub(super) given: Vec<Given>,
    /// What it puts on servers and contexts, by the property.
    pub(super) decorations: Vec<(Box<str>, Arc<Thing>)>,
    /// What it provides, by the token.
    pub(super) tokens: Vec<(Box<str>, Arc<Thing>)>,
}

/// An argument that an exported function of another module is called with.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) module: ModuleId,
    pub(super) name: Box<str>,
    pub(super) index: usize,
    pub(super) thing: Arc<Thing>,
}

/// What modules know of each other.
pub(super) struct Surroundings<'t> {
    pub(super) tree: &'t Tree,
    pub(super) depth: usize,
    pub(super) summaries: BTreeMap<ModuleId, Summary>,
    given: HashMap<ModuleId, Vec<Given>>,
    /// By the folder of the package, and the property.
    decorations: HashMap<Box<str>, HashMap<Box<str>, Arc<Thing>>>,
    tokens: HashMap<Box<str>, Arc<Thing>>,
}

impl Surroundings<'_> {
    pub(super) fn target(&self, module: ModuleId, request: usize) -> Target {
        let requests = &self.tree.modules[module as usize].requests;
        let specifier = requests.specifier(requests.get(request));
        let index = super::read::small(request);
        if let Some(package) = self.tree.catalogued(specifier) {
            // A folder of the tree may have the name of a package.
            return match self.tree.target((module, index)) {
                Some(own) => Target::Own(own),
                None => Target::Foreign(package),
            };
        }
        match self.tree.target((module, index)) {
            Some(own) => Target::Own(own),
            None => Target::Outside,
        }
    }

    /// Whether the request at a byte leads out of the tree.
    pub(super) fn is_outside(&self, module: ModuleId, at: u32) -> bool {
        let requests = &self.tree.modules[module as usize].requests;
        requests
            .at(at)
            .any(|index| matches!(self.target(module, index), Target::Outside | Target::Foreign(_)))
    }

    /// What a module exports under a name.
    pub(super) fn export(&self, module: ModuleId, name: &str) -> Option<Arc<Thing>> {
        let summary = self.summaries.get(&module)?;
        let whole = || {
            if let Some(equals) = &summary.equals {
                return Some(equals.clone());
            }
            let telling = summary.exports.values().find(|thing| thing.nature != Nature::Type);
            let mut whole = telling.or(summary.exports.values().next())?.turned(Nature::Holder);
            whole.members = summary.exports.clone();
            Some(Arc::new(whole))
        };
        match name {
            ALL => whole(),
            name => summary
                .exports
                .get(name)
                .cloned()
                .or_else(|| summary.equals.as_ref()?.member(name))
                .or_else(|| summary.star.as_ref()?.member(name))
                .or_else(|| if name == "default" && !summary.is_esm { whole() } else { None }),
        }
    }

    /// What is put on servers and contexts, by the property, in the package of a module.
    pub(super) fn decorations(&self, module: ModuleId) -> Option<&HashMap<Box<str>, Arc<Thing>>> {
        if self.decorations.is_empty() { None } else { self.decorations.get(&self.scope(module)) }
    }

    pub(super) fn token(&self, name: &str) -> Option<Arc<Thing>> {
        self.tokens.get(name).cloned()
    }

    fn scope(&self, module: ModuleId) -> Box<str> {
        let package = self.tree.packages.of(&self.tree.paths[module as usize]);
        package.map_or("", |package| package.folder.as_str()).into()
    }

    pub(super) fn given_to(&self, module: ModuleId) -> &[Given] {
        self.given.get(&module).map_or(&[], Vec::as_slice)
    }
}

/// Reads all modules that can matter.
pub(super) fn spread(tree: &Tree, depth: usize) -> Surroundings<'_> {
    let mut around = Surroundings {
        tree,
        depth,
        summaries: BTreeMap::new(),
        given: HashMap::new(),
        decorations: HashMap::new(),
        tokens: HashMap::new(),
    };
    let mut wave = first(tree);
    let mut readings: HashMap<ModuleId, u32> = HashMap::new();
    let mut takers = Takers { tree, by_name: None };
    for _ in 0..MOST_WAVES {
        if wave.is_empty() {
            break;
        }
        let read: Vec<_> =
            wave.par_iter().filter_map(|&id| Some((id, read(id, &around)?))).collect();
        let mut next = BTreeSet::new();
        for (id, summary) in read {
            around.give(&summary, &mut next);
            around.put(id, &summary, &mut takers, &mut next);
            let changed = changed(around.summaries.get(&id), &summary);
            around.summaries.insert(id, summary);
            if !changed.is_empty() {
                next.extend(asking(tree, id, &changed));
            }
        }
        wave = next
            .into_iter()
            .filter(|id| {
                let times = readings.entry(*id).or_default();
                *times += 1;
                *times <= MOST_READINGS
            })
            .collect();
    }
    around
}

/// The modules that ask for a package of the catalogue, or hold a connection and give something to others.
fn first(tree: &Tree) -> BTreeSet<ModuleId> {
    let all = (0..).zip(&tree.modules).filter(|(_, module)| {
        let requests = &module.requests;
        let asks = |request| tree.catalogued(requests.specifier(request)).is_some();
        module.has_exports && module.has_connection || requests.iter().any(asks)
    });
    all.map(|(id, _)| id).collect()
}

/// What a second reading makes known to others, and who is to be read for it.
impl Surroundings<'_> {
    /// What it gives to functions of other modules.
    fn give(&mut self, summary: &Summary, next: &mut BTreeSet<ModuleId>) {
        for given in &summary.given {
            let known = self.given.entry(given.module).or_default();
            if !known.iter().any(|one| one.name == given.name && one.index == given.index) {
                known.push(given.clone());
                next.insert(given.module);
            }
        }
    }

    /// What it puts on servers, lets all call, and provides under tokens.
    fn put(
        &mut self,
        id: ModuleId,
        summary: &Summary,
        takers: &mut Takers<'_>,
        next: &mut BTreeSet<ModuleId>,
    ) {
        let scope = self.scope(id);
        let everywhere = everywhere(self.tree, id, summary);
        for (name, thing) in summary.decorations.iter().chain(&everywhere) {
            if let Entry::Vacant(slot) =
                self.decorations.entry(scope.clone()).or_default().entry(name.clone())
            {
                slot.insert(thing.clone());
                next.extend(takers.of(name, Some(&scope)));
            }
        }
        for (name, thing) in &summary.tokens {
            if let Entry::Vacant(slot) = self.tokens.entry(name.clone()) {
                slot.insert(thing.clone());
                next.extend(takers.of(&format!("@{name}"), None));
                next.extend(takers.of(&format!("={name}"), None));
            }
        }
    }
}

/// Who takes what it does not import, by the name; gathered when the first is asked for.
struct Takers<'t> {
    tree: &'t Tree,
    by_name: Option<HashMap<&'t str, Vec<ModuleId>>>,
}

impl Takers<'_> {
    /// Those of a name, in one package where it is only known there.
    fn of(&mut self, name: &str, scope: Option<&str>) -> Vec<ModuleId> {
        let tree = self.tree;
        let by_name = self.by_name.get_or_insert_with(|| takers_of(tree));
        let all = by_name.get(name).map_or(&[][..], Vec::as_slice).iter().copied();
        let is_in = |taker: &ModuleId| {
            let package = tree.packages.of(&tree.paths[*taker as usize]);
            scope.is_none_or(|scope| package.map_or("", |package| &package.folder) == scope)
        };
        all.filter(is_in).collect()
    }
}

/// What a framework lets all modules of a package call without an import.
fn everywhere(tree: &Tree, id: ModuleId, summary: &Summary) -> Vec<(Box<str>, Arc<Thing>)> {
    let path = &tree.paths[id as usize];
    let folders = ["server/utils/", "utils/", "composables/", "shared/utils/", "stores/"];
    let has_framework = || {
        let package = tree.packages.of(path);
        package.is_some_and(|package| {
            ["nuxt", "nitropack", "nuxt-nightly", "nitro"]
                .iter()
                .any(|name| package.dependencies.contains(*name))
        })
    };
    if !folders.iter().any(|folder| path.contains(folder)) || !has_framework() {
        return Vec::new();
    }
    summary
        .exports
        .iter()
        .map(|(name, thing)| (format!("(){name}").into(), thing.clone()))
        .collect()
}

/// Modules by the names under which they take what they do not import.
fn takers_of(tree: &Tree) -> HashMap<&str, Vec<ModuleId>> {
    let mut takers: HashMap<&str, Vec<ModuleId>> = HashMap::new();
    for (id, module) in (0..).zip(&tree.modules) {
        for name in module.reached_by.split('\0').filter(|name| !name.is_empty()) {
            takers.entry(name).or_default().push(id);
        }
    }
    takers
}

/// Who asks a module for one of these names.
fn asking(tree: &Tree, module: ModuleId, names: &HashSet<Box<str>>) -> Vec<ModuleId> {
    let asked = tree.asked_by(module).into_iter().filter(|&(asking, index)| {
        let requests = &tree.modules[asking as usize].requests;
        let request = requests.get(index as usize);
        match request.manner {
            Manner::Effects => names.contains("\0effects"),
            Manner::Mock | Manner::Path => false,
            Manner::Value | Manner::Type | Manner::Forward => {
                requests
                    .names(request)
                    .any(|name| matches!(name, ALL | "default") || names.contains(name))
                    || names.contains(ALL)
            }
        }
    });
    asked.map(|(asking, _)| asking).collect()
}

/// The names of exports that are not what they were.
fn changed(old: Option<&Summary>, new: &Summary) -> HashSet<Box<str>> {
    let sign = |thing: Option<&Arc<Thing>>| thing.map(|thing| thing.signature());
    let mut names = HashSet::new();
    for (name, thing) in &new.exports {
        if sign(old.and_then(|old| old.exports.get(name))) != Some(thing.signature()) {
            names.insert(name.clone());
        }
    }
    let equals = sign(old.and_then(|old| old.equals.as_ref())) != sign(new.equals.as_ref());
    let star = old.is_some_and(|old| old.star.is_some()) != new.star.is_some();
    if equals || star {
        names.insert(ALL.into());
    }
    if old.is_some_and(|old| old.effects.is_some()) != new.effects.is_some() {
        names.insert("\0effects".into());
    }
    names
}

/// Reads one module with what is known of the others.
fn read(id: ModuleId, around: &Surroundings<'_>) -> Option<Summary> {
    let path = &around.tree.paths[id as usize];
    let bytes = fs::read(around.tree.root.join(&**path)).ok()?;
    let file = File::new(path.clone(), bytes);
    let source = source::of(&file);
    let summary = (!source::is_bundle(&file) && source.is_exhausting().is_none())
        .then(|| {
            with_memory(|memory| {
                let (program, _) = source.parse(memory)?;
                let semantic =
                    SemanticBuilder::new().with_build_nodes(true).build(program).semantic;
                let bindings = Bindings::gather(semantic.nodes(), semantic.scoping());
                let mut reading = Reading::new(id, &file, bindings, around);
                Some(reading.tell())
            })
        })
        .flatten();
    Some(summary.unwrap_or_else(|| super::asked::of_requests(id, &file, around)))
}
