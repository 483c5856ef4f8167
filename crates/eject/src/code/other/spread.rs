//! Who uses what leads to a package: name by name, from file to file.
//!
//! A definition leads to a package where something of the package stands in it, or the name of another that leads there. Who
//! imports such a name uses a wrapper. Files that were not parsed are, when their words say that they may use one.

mod send;
mod used;
mod way;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Range,
};

use rayon::prelude::*;

use self::{
    used::{Taken, Use, uses},
    way::{EFFECT, Led, Name, Way, is_test, start, within},
};
use super::{
    Module,
    judge::{self, Around, Judged},
    known,
    language::Language,
    resolve::Tree,
    source::last,
    words::number,
};
use crate::{
    catalogue::Role,
    finding::{Kind, Life, Purpose, Sighting, Step},
    life,
};

/// Follows the names that lead to packages, over as many files as is asked for.
pub(super) fn spread(tree: &mut Tree, depth: usize) {
    let mut led = Led::default();
    for index in 0..tree.modules.len() {
        start(tree, index, &mut led);
    }
    let mut told = Told::new();
    for _ in 0..depth {
        let found = std::mem::take(&mut led.last);
        if found.is_empty() {
            break;
        }
        let users = users(tree, &found);
        let unread = users.iter().filter(|&&index| tree.modules[index].judged.is_none());
        let unread: Vec<_> = unread.map(|&index| (index, Around::default())).collect();
        tree.parse(&unread);
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
    /// In an order that is the same in each run: of several uses on a line the first is told.
    by_number: BTreeMap<u32, Vec<Name>>,
    by_file: HashMap<usize, Vec<String>>,
}

impl Frontier {
    fn new(names: Vec<Name>) -> Self {
        let mut frontier = Self { by_number: BTreeMap::new(), by_file: HashMap::new() };
        for (file, name) in names {
            frontier.by_number.entry(number(last(&name))).or_default().push((file, name.clone()));
            frontier.by_file.entry(file).or_default().push(name);
        }
        frontier
    }
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
        let may = matches!(module.language, Some(Language::Go | Language::Python));
        if effects.is_empty() || !may {
            return false;
        }
        let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
        let targets = imports.iter().flat_map(|import| tree.targets(index, import));
        targets.into_iter().any(|(target, _)| effects.contains(&target))
    };
    let may = |index: usize| {
        let module = &tree.modules[index];
        let Some(language) = module.language else { return false };
        if takes_effect(index) || brings(tree, index, &files) {
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

/// Whether a file of C# brings one of the files to all of its project: `global using Shop.Caching;`.
fn brings(tree: &Tree, index: usize, files: &HashSet<usize>) -> bool {
    let module = &tree.modules[index];
    if module.language != Some(Language::CSharp) {
        return false;
    }
    let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
    let mut brought = imports.iter().filter(|import| import.is_public);
    brought.any(|import| tree.is_of_one(&import.path, files))
}

/// Whether a file of Ruby loads one of the files: it needs no name of it.
fn loads(tree: &Tree, index: usize, files: &HashSet<usize>) -> bool {
    let module = &tree.modules[index];
    let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
    let mut targets = imports.iter().flat_map(|import| tree.targets(index, import));
    targets.any(|(target, _)| files.contains(&target))
}

/// What was told of files: the file, where, and what.
type Told = HashSet<(usize, usize, String)>;

/// Tells who uses what, and which of its own names lead on.
fn take(tree: &mut Tree, index: usize, uses: Vec<Use>, led: &mut Led, told: &mut Told) {
    let path = tree.paths[index].clone();
    let is_live = life::of(&path).0 == Life::Live;
    let Module { judged: Some(judged), language, .. } = &tree.modules[index] else { return };
    let language = *language;
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
        if is_live && !is_test {
            lead_on(judged, language, index, &used, &way, led);
        }
        let sent = send::commands(judged, &used, &way);
        if used.is_told && told.insert((index, used.span.start, String::new())) {
            let mut sighting = sighting(&way, Kind::Wrapper, used.span.clone(), &used.name.1);
            if way.package.is_none_or(judge::is_open) {
                sighting.purpose = send::purpose_of_all(&sent).or(sighting.purpose);
            }
            sighting.chain.clone_from(&way.chain);
            if is_test {
                sighting = sighting.life(Life::Test, "it is compiled for tests alone");
            }
            tree.found.push((path.clone(), sighting));
        }
        for mut sighting in sent {
            sighting.purpose = sighting.purpose.or_else(|| way.purpose.clone());
            if way::is_test(judged, sighting.span.start) {
                sighting = sighting.life(Life::Test, "it is compiled for tests alone");
            }
            if told.insert((index, sighting.span.start, sighting.name.clone())) {
                tree.found.push((path.clone(), sighting));
            }
        }
    }
    if is_live {
        within(judged, index, led);
    }
}

/// Which names of a file lead on where it uses one that does.
fn lead_on(
    judged: &Judged,
    language: Option<Language>,
    index: usize,
    used: &Use,
    way: &Way,
    led: &mut Led,
) {
    let is_php = language == Some(Language::Php);
    let mut chain = vec![Step { place: used.place.clone(), name: used.name.1.clone() }];
    chain.extend(way.chain.iter().cloned());
    let on = Way { chain, is_client: false, gives: BTreeSet::new(), ..way.clone() };
    let (alias, name) = (number(&used.alias), number(last(&used.name.1)));
    for definition in judged.definitions.iter().filter(|_| !way.is_part) {
        // What a class of PHP is given when it is made, its methods ask: `private LoginCode $codes`.
        let is_held = is_php && definition.is_class() && definition.words.contains(&alias);
        let leads = |words: &HashSet<u32>| {
            (is_held || words.contains(&alias))
                && (!used.is_module || words.contains(&name))
                && way.is_taken(|word| words.contains(&word))
        };
        if let Some(members) = definition.leading(&[], leads) {
            let is_client = way.is_kept(judged, &definition.name, &used.alias);
            let on = Way { is_client, members, ..on.clone() };
            led.add_definition(index, definition, on);
        }
    }
    // Who takes in what does something takes that effect on.
    if used.name.1 == EFFECT && used.alias == "_" {
        led.add((index, EFFECT.to_owned()), on.clone());
    }
    if used.is_public {
        let Way { is_client, members, gives, .. } = way.clone();
        led.add((index, used.alias.clone()), Way { is_client, members, gives, ..on });
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
