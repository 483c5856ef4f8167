//! Which names of other files a file uses: by its imports, and by what it sees without one.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    super::{
        import::Import, judge::Judged, language::Language, resolve::Tree, source::last,
        words::number,
    },
    Frontier,
    way::{EFFECT, Name},
};
use crate::{
    file::{folder_of, is_below},
    finding::Place,
};

/// A name that a file uses and that leads to a package.
pub(super) struct Use {
    pub(super) name: Name,
    /// How it is called in the file, and whether that is its module.
    pub(super) alias: String,
    pub(super) is_module: bool,
    pub(super) place: Place,
    pub(super) span: Range<usize>,
    /// Whether it is told: what stands in the same package needs no import.
    pub(super) is_told: bool,
    pub(super) taken: Taken,
    pub(super) is_public: bool,
}

/// What of a file is taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// What is used of it.
    Names,
    /// All of it, whichever of its names are used.
    Whole,
}

/// The names that a file uses.
pub(super) fn uses(tree: &Tree, index: usize, found: &Frontier) -> Vec<Use> {
    let Some(judged) = &tree.modules[index].judged else { return Vec::new() };
    let language = tree.modules[index].language;
    let loads = language.is_some_and(Language::loads_files);
    let loaded = if loads { tree.loaded(index) } else { HashMap::new() };
    let mut uses = imported(tree, index, judged, found);
    uses.extend(brought(tree, index, judged, found));
    let seen = seen(tree, index, judged, found, &uses);
    uses.extend(seen.into_iter().filter_map(|(name, at)| {
        // A module of Ruby goes on in another file that is loaded.
        let by_load = loaded.get(&name.0).and_then(|(at, _)| judged.places.get(*at));
        // It is that of the files that are loaded, where one of them has it.
        let is_had = loaded.keys().any(|file| {
            let judged = tree.modules[*file].judged.as_ref();
            judged.is_some_and(|of| of.definitions.iter().any(|of| of.name == name.1))
        });
        let is_own = judged.definitions.iter().any(|definition| definition.name == name.1);
        // A script's values are those of who loads it.
        let is_value = language == Some(Language::Php) && {
            let judged = tree.modules[name.0].judged.as_ref();
            judged
                .is_some_and(|of| of.definitions.iter().any(|of| of.is_value && of.name == name.1))
        };
        if is_value && by_load.is_none() {
            return None;
        }
        let by_name = |of: Language| of.loads_by_name() || of.has_namespaces();
        if by_load.is_none() && (is_own || is_had)
            || language.is_some_and(by_name) && !is_type(last(&name.1))
        {
            return None;
        }
        // What a `using` brings stands there.
        let told = tree.using(index, name.0).or(by_load);
        let (place, span) = told.unwrap_or(at);
        Some(Use {
            name: name.clone(),
            alias: last(&name.1).to_owned(),
            is_module: false,
            place: place.clone(),
            span: span.clone(),
            is_told: language == Some(Language::Ruby) || told.is_some(),
            taken: Taken::Names,
            is_public: false,
        })
    }));
    uses
}

/// The names that a file takes in.
fn imported(tree: &Tree, index: usize, judged: &Judged, found: &Frontier) -> Vec<Use> {
    let mut uses = Vec::new();
    let is_ruby = tree.modules[index].language == Some(Language::Ruby);
    let is_python = tree.modules[index].language == Some(Language::Python);
    for (import, (place, span)) in judged.imports.iter().zip(&judged.places) {
        for (target, name) in tree.targets(index, import) {
            let Some(names) = found.by_file.get(&target).filter(|_| target != index) else {
                continue;
            };
            let is_module = name.is_none();
            let is_all = name.as_deref() == Some("*") || import.alias == "*";
            let is_whole = is_ruby && !is_skeleton(&tree.paths[target]);
            for used in names {
                let is_named = name.as_ref() == Some(used);
                let stands = judged.first.contains_key(&number(last(used)));
                let is_effect =
                    is_module && used == EFFECT && (!is_python || is_bare(judged, import));
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
                    taken: if is_whole { Taken::Whole } else { Taken::Names },
                    is_public: import.is_public && !is_module,
                });
            }
        }
    }
    uses
}

/// What a `global using` brings to other files of a project that use it: its place is where it is brought.
fn brought(tree: &Tree, index: usize, judged: &Judged, found: &Frontier) -> Vec<Use> {
    if tree.modules[index].language != Some(Language::CSharp) {
        return Vec::new();
    }
    let folder = folder_of(&tree.paths[index]);
    let is_beside = |file: usize| file != index && is_below(&tree.paths[file], folder);
    let is_used = |name: &Name| {
        let number = number(last(&name.1));
        let mut all = tree.modules.iter().enumerate().filter(|(file, _)| is_beside(*file));
        all.any(|(file, of)| file != name.0 && of.words.has_number(number))
    };
    let public = judged.imports.iter().zip(&judged.places).filter(|(import, _)| import.is_public);
    let uses = public.flat_map(|(import, (place, span))| {
        let is_of = |file: usize| {
            let judged = tree.modules[file].judged.as_ref();
            judged.is_some_and(|of| of.namespace == import.path)
        };
        let names = found.by_file.iter().filter(move |(file, _)| **file != index && is_of(**file));
        let names = names.flat_map(|(&file, names)| names.iter().map(move |of| (file, of.clone())));
        names.map(move |name| Use {
            alias: last(&name.1).to_owned(),
            name,
            is_module: false,
            place: place.clone(),
            span: span.clone(),
            is_told: true,
            taken: Taken::Whole,
            is_public: false,
        })
    });
    let mut uses: Vec<Use> = uses.filter(|of| is_type(&of.alias) && is_used(&of.name)).collect();
    uses.sort_by(|a, b| a.name.cmp(&b.name));
    uses
}

/// Whether a module of Python is loaded and nothing of it is used: whoever uses something has taken it in for that.
fn is_bare(judged: &Judged, import: &Import) -> bool {
    let full = import.full();
    let is_root = full.split('.').next() == Some(&*import.alias) && full != import.alias;
    let is_used = |name: &str| judged.first.contains_key(&number(name));
    !is_used(last(&full)) && (is_root || !is_used(&import.alias))
}

/// The names that stand in a file and that it sees without taking them in, and where they stand first.
fn seen<'a>(
    tree: &Tree,
    index: usize,
    judged: &'a Judged,
    found: &'a Frontier,
    taken: &[Use],
) -> Vec<(&'a Name, &'a (Place, Range<usize>))> {
    let taken: HashSet<&Name> = taken.iter().map(|used| &used.name).collect();
    let speaks = |name: &Name| match [name.0, index].map(|file| tree.modules[file].language) {
        [Some(of), Some(own)] => own.speaks_to(of),
        _ => false,
    };
    let is_seen = |name: &&Name| {
        // `Formatters::JSON` is not the `JSON` of who does not know `Formatters`.
        let outer = name.1.rsplit('.').nth(1);
        let knows = outer.is_none_or(|outer| judged.first.contains_key(&number(outer)));
        let is_other = name.0 != index && speaks(name) && !taken.contains(name);
        is_other && knows && tree.sees(index, name.0)
    };
    let standing = found.by_number.iter().filter_map(|(number, names)| {
        let at = judged.first.get(number)?;
        Some(names.iter().filter(is_seen).map(move |name| (name, at)))
    });
    standing.flatten().collect()
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
