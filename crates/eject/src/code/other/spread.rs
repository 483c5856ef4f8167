//! Who uses what leads to a package: name by name, from file to file.
//!
//! A definition leads to a package where something of the package stands in it, or the name of another that leads there. Who
//! imports such a name uses a wrapper. Files that were not parsed are, when their words say that they may use one.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs,
    ops::Range,
};

use rayon::prelude::*;

use super::{
    Module,
    judge::{self, Judged},
    known,
    language::Language,
    resolve::Tree,
    source::{Definition, last},
    words::number,
};
use crate::{
    catalogue::{Package, Role},
    file::File,
    finding::{Kind, Life, Place, Purpose, Sighting, Step, Store},
    life,
};

/// What is done when a package of Go is taken in, whatever is used of it.
const EFFECT: &str = "init()";

/// A name of a file.
type Name = (usize, String);

/// How a name leads to a package.
#[derive(Clone, Debug)]
struct Way {
    store: Store,
    package: Option<&'static Package>,
    purpose: Option<(Purpose, String)>,
    chain: Vec<Step>,
    is_client: bool,
    /// By which methods alone it leads there; nothing where all who use it do.
    members: Option<BTreeSet<String>>,
    /// Its methods and its fields that give a client.
    gives: BTreeSet<String>,
}

impl Way {
    /// What it is for: as it is told, or as its package is.
    fn is_queue(&self) -> bool {
        match &self.purpose {
            Some((purpose, _)) => *purpose == Purpose::Queue,
            None => self.package.is_some_and(|package| package.purpose == Purpose::Queue),
        }
    }

    /// Whether who has such words, beside the name itself, uses what leads there.
    fn is_taken(&self, has: impl Fn(u32) -> bool) -> bool {
        let members = self.members.as_ref();
        members.is_none_or(|members| members.iter().any(|member| has(number(member))))
    }
}

/// A name that a file uses and that leads to a package.
struct Use {
    name: Name,
    /// How it is called in the file, and whether that is its module.
    alias: String,
    is_module: bool,
    place: Place,
    span: Range<usize>,
    /// Whether it is told: what stands in the same package needs no import.
    is_told: bool,
    taken: Taken,
    is_public: bool,
}

/// What of a file is taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// What is used of it.
    Names,
    /// All of it, whichever of its names are used.
    Whole,
}

/// All names that lead to packages, and those that were found last.
#[derive(Default)]
struct Led {
    ways: HashMap<Name, Way>,
    last: Vec<Name>,
}

/// Follows the names that lead to packages, over as many files as is asked for.
pub(super) fn spread(tree: &mut Tree, depth: usize) {
    let mut led = Led::default();
    for index in 0..tree.modules.len() {
        start(tree, index, &mut led);
    }
    let mut told: HashSet<(usize, usize, String)> = HashSet::new();
    for _ in 0..depth {
        let found = std::mem::take(&mut led.last);
        if found.is_empty() {
            break;
        }
        let users = users(tree, &found);
        parse(tree, &users);
        let found = Frontier::new(found);
        let uses: Vec<(usize, Vec<Use>)> = users
            .into_par_iter()
            .filter(|&index| tree.modules[index].judged.is_some())
            .map(|index| (index, uses(tree, index, &found)))
            .collect();
        for (index, uses) in uses {
            take(tree, index, uses, &mut led, &mut told);
        }
    }
}

/// What was found last, by its name's number and by its file.
struct Frontier {
    by_number: HashMap<u32, Vec<Name>>,
    by_file: HashMap<usize, Vec<String>>,
}

impl Frontier {
    fn new(names: Vec<Name>) -> Self {
        let mut frontier = Self { by_number: HashMap::new(), by_file: HashMap::new() };
        for (file, name) in names {
            frontier.by_number.entry(number(last(&name))).or_default().push((file, name.clone()));
            frontier.by_file.entry(file).or_default().push(name);
        }
        frontier
    }
}

/// The names of a file that lead to a package by themselves.
fn start(tree: &Tree, index: usize, led: &mut Led) {
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
            members: seed.members.clone(),
            gives: seed.gives.clone(),
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
            members: None,
            gives: BTreeSet::new(),
        };
        found.push(((index, import.alias.clone()), way));
    }
    for (name, way) in found {
        led.add(name, way);
    }
    within(judged, index, led);
}

impl Led {
    /// A way to a name; the first is the shortest. A client is one by whichever way it is known.
    fn add(&mut self, name: Name, way: Way) -> bool {
        // What a package of Go does when it is taken in has a name that nobody writes.
        let name = if name.1 == "init" { (name.0, EFFECT.to_owned()) } else { name };
        if name.1.is_empty() || name.1 == "_" {
            return false;
        }
        if let Some(known) = self.ways.get_mut(&name) {
            known.is_client |= way.is_client;
            known.gives.extend(way.gives);
            if known.purpose.is_none() {
                known.purpose = way.purpose;
            }
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
    fn add_definition(&mut self, index: usize, definition: &Definition, way: Way) -> bool {
        let leads = |method: &&str| way.members.as_ref().is_none_or(|of| of.contains(*method));
        let extensions: Vec<String> =
            definition.extensions().filter(leads).map(str::to_owned).collect();
        for method in extensions {
            let on = Way { is_client: false, members: None, ..way.clone() };
            self.add((index, method), on);
        }
        self.add((index, definition.name.clone()), way)
    }
}

/// Definitions that use others of the same file, and methods that use others of the same class.
fn within(judged: &Judged, index: usize, led: &mut Led) {
    loop {
        let ways: HashMap<u32, (&str, Way)> = judged
            .definitions
            .iter()
            .filter_map(|definition| {
                let way = led.ways.get(&(index, definition.name.clone()))?;
                Some((number(last(&definition.name)), (&*definition.name, way.clone())))
            })
            .collect();
        let mut is_new = false;
        for definition in &judged.definitions {
            let own = ways.get(&number(last(&definition.name))).map(|(_, way)| way);
            if is_test(judged, definition.span.start)
                || own.is_some_and(|way| way.members.is_none())
            {
                continue;
            }
            let used = |words: &HashSet<u32>| {
                words.iter().filter_map(|word| ways.get(word)).find(|(name, way)| {
                    *name != definition.name && way.is_taken(|word| words.contains(&word))
                })
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
            let way =
                own.cloned().or_else(|| all.into_iter().find_map(used).map(|(_, way)| way.clone()));
            let Some(way) = way else { continue };
            let way = Way { is_client: false, members, gives: BTreeSet::new(), ..way };
            is_new |= led.add_definition(index, definition, way);
        }
        if !is_new {
            return;
        }
    }
}

fn is_test(judged: &Judged, at: usize) -> bool {
    judged.tests.iter().any(|test| test.contains(&at))
}

/// The files that may use one of the names.
fn users(tree: &Tree, found: &[Name]) -> Vec<usize> {
    let numbers: HashSet<u32> = found.iter().map(|(_, name)| number(last(name))).collect();
    let files: HashSet<usize> = found.iter().map(|&(file, _)| file).collect();
    let languages: HashSet<Language> =
        files.iter().filter_map(|&file| tree.modules[file].language).collect();
    let effects: HashSet<usize> =
        found.iter().filter(|(_, name)| name == EFFECT).map(|&(file, _)| file).collect();
    let takes_effect = |index: usize| {
        let module = &tree.modules[index];
        if effects.is_empty() || module.language != Some(Language::Go) {
            return false;
        }
        let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
        let targets = imports.iter().flat_map(|import| tree.targets(index, import));
        targets.into_iter().any(|(target, _)| effects.contains(&target))
    };
    let may = |index: usize| {
        let module = &tree.modules[index];
        let Some(language) = module.language else { return false };
        if takes_effect(index) {
            return true;
        }
        let speaks = languages.iter().any(|of| of.speaks_to(language));
        if !speaks {
            return false;
        }
        if !module.words.iter().any(|word| numbers.contains(&word)) {
            return language == Language::Ruby && loads(tree, index, &files);
        }
        // A light reading sees the imports of these: who imports none of the files uses none of the names.
        let is_exact = matches!(language, Language::Python | Language::Go);
        if !is_exact || module.judged.is_some() {
            return true;
        }
        let mut imports = module.imports.iter();
        imports.any(|import| {
            tree.targets(index, import).iter().any(|(target, _)| files.contains(target))
        }) || language == Language::Go && files.iter().any(|&file| tree.sees(index, file))
    };
    (0..tree.modules.len()).into_par_iter().filter(|&index| may(index)).collect()
}

/// Whether a file of Ruby loads one of the files: it needs no name of it.
fn loads(tree: &Tree, index: usize, files: &HashSet<usize>) -> bool {
    let module = &tree.modules[index];
    let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
    let mut targets = imports.iter().flat_map(|import| tree.targets(index, import));
    targets.any(|(target, _)| files.contains(&target))
}

/// Parses those that were not.
fn parse(tree: &mut Tree, users: &[usize]) {
    let (paths, modules, root) = (&tree.paths, &tree.modules, &tree.root);
    let read: Vec<(usize, Judged)> = users
        .par_iter()
        .filter(|&&index| modules[index].judged.is_none())
        .filter_map(|&index| {
            let language = modules[index].language?;
            let bytes = fs::read(root.join(&*paths[index])).ok()?;
            let file = File::new(paths[index].clone(), bytes);
            Some((index, judge::read(&file, language, &[])?))
        })
        .collect();
    for (index, judged) in read {
        tree.modules[index].judged = Some(Box::new(judged));
        tree.parsed(index);
    }
}

/// The names that a file uses.
fn uses(tree: &Tree, index: usize, found: &Frontier) -> Vec<Use> {
    let Some(judged) = &tree.modules[index].judged else { return Vec::new() };
    let mut uses = Vec::new();
    let is_ruby = tree.modules[index].language == Some(Language::Ruby);
    let loaded = if is_ruby { tree.loaded(index) } else { HashMap::new() };
    for (import, (place, span)) in judged.imports.iter().zip(&judged.places) {
        for (target, name) in tree.targets(index, import) {
            let Some(names) = found.by_file.get(&target).filter(|_| target != index) else {
                continue;
            };
            let is_module = name.is_none();
            let is_all = name.as_deref() == Some("*") || import.alias == "*";
            for used in names {
                let is_named = name.as_ref() == Some(used);
                let stands = judged.first.contains_key(&number(last(used)));
                let is_effect = is_module && used == EFFECT;
                let is_seen = stands && is_visible(tree, target, used);
                if !(is_named || is_ruby || is_effect || (is_module || is_all) && is_seen) {
                    continue;
                }
                uses.push(Use {
                    name: (target, used.clone()),
                    alias: if is_all { last(used).to_owned() } else { import.alias.clone() },
                    is_module: is_module && !is_all,
                    place: place.clone(),
                    span: span.clone(),
                    is_told: true,
                    taken: if is_ruby && !is_skeleton(&tree.paths[target]) {
                        Taken::Whole
                    } else {
                        Taken::Names
                    },
                    is_public: import.is_public && !is_module,
                });
            }
        }
    }
    let imported: HashSet<Name> = uses.iter().map(|used| used.name.clone()).collect();
    for (number, names) in &found.by_number {
        let Some((place, span)) = judged.first.get(number) else { continue };
        // A module of Ruby is that of the files that are loaded, where one of them has it.
        let is_had = |name: &str| {
            loaded.keys().any(|file| {
                let judged = tree.modules[*file].judged.as_ref();
                judged.is_some_and(|of| of.definitions.iter().any(|of| of.name == name))
            })
        };
        let seen = names.iter().filter(|name| {
            // `Formatters::JSON` is not the `JSON` of who does not know `Formatters`.
            let outer = name.1.rsplit('.').nth(1);
            let knows = outer.is_none_or(|outer| judged.first.contains_key(&self::number(outer)));
            let languages = [name.0, index].map(|file| tree.modules[file].language);
            let speaks = match languages {
                [Some(of), Some(own)] => own.speaks_to(of),
                _ => false,
            };
            let is_other = name.0 != index && speaks && !imported.contains(name);
            is_other && knows && tree.sees(index, name.0)
        });
        for name in seen {
            let is_own = judged.definitions.iter().any(|definition| definition.name == name.1);
            let language = tree.modules[index].language;
            // A module of Ruby goes on in another file that is loaded.
            let by_load = loaded.get(&name.0).and_then(|(at, _)| judged.places.get(*at));
            let (place, span) = by_load.map_or((place, span), |(place, span)| (place, span));
            if by_load.is_none() && (is_own || is_had(&name.1))
                || language
                    .is_some_and(|language| language.loads_by_name() || language.has_namespaces())
                    && !is_type(last(&name.1))
            {
                continue;
            }
            // What a `using` brings stands there.
            let (place, span) = match tree.using(index, name.0) {
                Some((place, span)) => (place, span),
                None => (place, span),
            };
            uses.push(Use {
                name: name.clone(),
                alias: last(&name.1).to_owned(),
                is_module: false,
                place: place.clone(),
                span: span.clone(),
                is_told: language != Some(Language::Go),
                taken: Taken::Names,
                is_public: false,
            });
        }
    }
    uses
}

/// What Rails has in each application, and loads with all of it.
fn is_skeleton(path: &str) -> bool {
    ["boot.rb", "application.rb", "environment.rb"]
        .iter()
        .any(|name| path.strip_suffix(name).is_some_and(|folder| folder.ends_with("config/")))
}

/// What others see of a Go package begins with a capital.
fn is_visible(tree: &Tree, target: usize, name: &str) -> bool {
    tree.modules[target].language != Some(Language::Go) || name.starts_with(char::is_uppercase)
}

/// Names that are found by what they are called alone: constants, types, globals.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) || crate::prose::mention(name).is_some()
}

/// Tells who uses what, and which of its own names lead on.
fn take(
    tree: &mut Tree,
    index: usize,
    uses: Vec<Use>,
    led: &mut Led,
    told: &mut HashSet<(usize, usize, String)>,
) {
    let path = tree.paths[index].clone();
    let is_live = life::of(&path).0 == Life::Live;
    let Module { judged: Some(judged), .. } = &mut tree.modules[index] else { return };
    for used in uses {
        let Some(mut way) = led.ways.get(&used.name).cloned() else { continue };
        // Names tell what it is for where its package does not.
        if way.purpose.is_none() && way.package.is_none_or(judge::is_open) {
            way.purpose = named_purpose(&path, &used);
        }
        if used.taken == Taken::Names && !way.is_taken(|word| judged.first.contains_key(&word)) {
            continue;
        }
        let is_test = is_test(judged, used.span.start);
        if used.is_told && told.insert((index, used.span.start, String::new())) {
            let mut sighting = sighting(&way, Kind::Wrapper, used.span.clone(), &used.name.1);
            sighting.chain.clone_from(&way.chain);
            if is_test {
                sighting = sighting.life(Life::Test, "it is compiled for tests alone");
            }
            tree.found.push((path.clone(), sighting));
        }
        for sighting in commands(judged, &used, &way) {
            if told.insert((index, sighting.span.start, sighting.name.clone())) {
                tree.found.push((path.clone(), sighting));
            }
        }
        if !is_live || is_test {
            continue;
        }
        let mut chain = vec![Step { place: used.place.clone(), name: used.name.1.clone() }];
        chain.extend(way.chain.iter().cloned());
        let on = Way { chain, is_client: false, gives: BTreeSet::new(), ..way.clone() };
        let (alias, name) = (number(&used.alias), number(last(&used.name.1)));
        let leads = |words: &HashSet<u32>| {
            words.contains(&alias)
                && (!used.is_module || words.contains(&name))
                && way.is_taken(|word| words.contains(&word))
        };
        for definition in &judged.definitions {
            if let Some(members) = definition.leading(&[], leads) {
                let on = Way { members, ..on.clone() };
                led.add_definition(index, definition, on);
            }
        }
        // Who takes in what does something takes that effect on.
        if used.name.1 == EFFECT && used.alias == "_" {
            led.add((index, EFFECT.to_owned()), on.clone());
        }
        if used.is_public {
            let Way { is_client, members, gives, .. } = way;
            led.add((index, used.alias.clone()), Way { is_client, members, gives, ..on });
        }
    }
    if is_live {
        let Module { judged: Some(judged), .. } = &tree.modules[index] else { return };
        within(judged, index, led);
    }
}

/// What the names of a wrapper and of its user say that it is for, where nothing else does.
fn named_purpose(path: &str, used: &Use) -> Option<(Purpose, String)> {
    let mut parts = path.rsplit('/');
    let stem = parts.next()?.split('.').next()?;
    let folder = parts.next().unwrap_or_default();
    let mut names = [used.alias.as_str(), last(&used.name.1), stem, folder].into_iter();
    names.find_map(|name| {
        let (purpose, word) = known::purpose_of(name)?;
        Some((purpose, format!("`{name}` says `{word}`")))
    })
}

fn sighting(way: &Way, kind: Kind, span: Range<usize>, name: &str) -> Sighting {
    let mut sighting = Sighting::new(kind, way.store, span, name);
    sighting.package = way.package.filter(|package| package.role != Role::Development);
    sighting.purpose.clone_from(&way.purpose);
    sighting
}

/// Commands that are sent by a client of another file, and what is put into a queue.
fn commands(judged: &Judged, used: &Use, way: &Way) -> Vec<Sighting> {
    let called =
        if used.is_module { format!("{}.{}", used.alias, used.name.1) } else { used.alias.clone() };
    let mut names: Vec<String> = vec![called.clone(), format!("{called}()")];
    let given = judged.given.iter().filter(|(_, callee)| *callee == called);
    names.extend(given.map(|(target, _)| target.clone()));
    let is_it = |of_type: &str| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        of_type.replace("::", ".").split(|c| !is_name(c)).any(|path| path == called)
    };
    let typed = judged.typed.iter().filter(|(_, of_type)| is_it(of_type));
    names.extend(typed.map(|(target, _)| target.clone()));
    // Of a module that gives one it is `Podcasts.redis`, and of an object `app.previews`.
    let of_it =
        |of: &String| if of.starts_with('.') { of.clone() } else { format!("{called}.{of}") };
    let mut clients: Vec<String> = way.gives.iter().map(of_it).collect();
    if way.is_client {
        clients.extend(names.iter().cloned());
    }
    for _ in 0..2 {
        // What a client gives is a client: `client.pipeline()`.
        let derived = judged.given.iter().filter(|(target, callee)| {
            let (receiver, method) = callee.rsplit_once('.').unwrap_or_default();
            let is_client = |path: &str| clients.iter().any(|client| is_by(path, client));
            // `Forum.redis { |r| … }` gives by itself.
            let is_given = known::derives(method) && is_client(receiver)
                || is_client(callee) && callee.contains('.');
            is_given && !clients.contains(target)
        });
        let derived: Vec<String> = derived.map(|(target, _)| target.clone()).collect();
        clients.extend(derived);
    }
    let is_queue = way.is_queue();
    let package = way.package.map(|package| package.name.as_str());
    let sent = judged.pending.iter().filter_map(|pending| {
        let method = &*pending.sighting.name;
        let is_put = is_queue && (known::enqueues(method, package) || known::registers(method));
        let is_sent = clients.iter().any(|client| is_by(&pending.receiver, client));
        let is_put = is_put && names.iter().any(|name| is_by(&pending.receiver, name));
        (is_sent || is_put).then_some((pending, is_sent))
    });
    sent.map(|(pending, is_sent)| {
        let mut sighting = pending.sighting.clone();
        sighting.store = way.store;
        sighting.package = way.package;
        if sighting.purpose.is_none() || !is_sent {
            sighting.purpose.clone_from(&way.purpose);
        }
        sighting.chain.clone_from(&way.chain);
        sighting
    })
    .collect()
}

/// Whether something is sent by a client that is called so: `rdb`, `s.rdb`, `rdb.pipeline()`, `app.rdb.clone()`.
fn is_by(receiver: &str, client: &str) -> bool {
    let is_chain = |rest: &str| rest.is_empty() || rest.starts_with('.') && rest.ends_with("()");
    if receiver.strip_prefix(client).is_some_and(is_chain) {
        return true;
    }
    let mut rest = receiver;
    loop {
        // `s.rdb` is the field of that name.
        let before = rest.strip_suffix(client);
        if before.is_some_and(|of| of.ends_with('.') || client.starts_with('.') && !of.is_empty()) {
            return true;
        }
        let Some((before, end)) = rest.rsplit_once('.') else { return false };
        let is_through = |method: &str| known::derives(method) || known::opens(method);
        let is_given = end.strip_suffix("()").is_some_and(is_through) || end == "await";
        if !is_given {
            return false;
        }
        rest = before;
    }
}
