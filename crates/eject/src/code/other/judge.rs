//! What one file says about a store: which packages it takes in, what it makes of them, what it sends, what it is told.

mod asked;
mod beside;
mod client;
mod jvm;
mod name;
mod own;
mod probe;
mod python;
mod ruby;
mod seed;
mod setting;
mod shared;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use self::name::Names;
pub(super) use self::name::{is_called_after, may_be_told};
use super::{
    known,
    language::Language,
    source::{self, Binding, Call, Definition, Source},
};
use crate::{
    catalogue::{Package, Role},
    file::File,
    finding::{Kind, Life, Place, Purpose, Sighting, Step, Store},
};

/// What is known of a file that was parsed.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) namespace: String,
    pub(super) definitions: Vec<Definition>,
    /// Where each import stands, in the order of the module's imports.
    pub(super) places: Vec<(Place, Range<usize>)>,
    pub(super) imports: Vec<super::import::Import>,
    /// Where each name stands first.
    pub(super) first: HashMap<u32, (Place, Range<usize>)>,
    pub(super) sightings: Vec<Sighting>,
    /// The definitions that lead to a package by themselves.
    pub(super) seeds: Vec<(usize, Seed)>,
    /// Calls of what may be commands, of values that this file alone does not know.
    pub(super) pending: Vec<Pending>,
    /// Names that are given to what others return: the name, and what is called.
    pub(super) given: Vec<(String, String)>,
    /// Names that have a type: the name, and the type as it is written.
    pub(super) typed: Vec<(String, String)>,
    /// What counts where the service is told elsewhere to use the store.
    pub(super) conditional: Vec<(Condition, Sighting)>,
    pub(super) conditional_seeds: Vec<(Condition, usize, Seed)>,
    pub(super) tests: Vec<Range<usize>>,
    /// Repositories that Spring makes, and the class of what each keeps.
    pub(super) repositories: Vec<(String, String)>,
    /// Whether it does something when it is loaded, or is marked as what a framework loads.
    pub(super) acts: bool,
}

/// What must be so elsewhere in the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Something imports a client of the store.
    HasClient(Store),
    /// A package that may be on another store is told to be on this one.
    IsTold(&'static Package),
    /// A package is used.
    Uses(&'static Package),
}

/// Why a definition leads to a package.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    pub(super) store: Store,
    pub(super) package: Option<&'static Package>,
    pub(super) purpose: Option<(Purpose, String)>,
    pub(super) step: Step,
    /// Whether the name is that of a client, and not of what uses one.
    pub(super) is_client: bool,
    /// By which methods alone it leads there; nothing where all who use it do.
    pub(super) members: Option<BTreeSet<String>>,
    /// Its methods, and its fields with a dot before them, that give a client.
    pub(super) gives: BTreeSet<String>,
    /// The methods that it has beside a client's, by which nothing is sent.
    pub(super) own: BTreeSet<String>,
}

/// What may be a command, sent by a client that another file makes.
#[derive(Debug)]
pub(super) struct Pending {
    /// By what it is called, with dots.
    pub(super) receiver: String,
    pub(super) sighting: Sighting,
}

/// What is said elsewhere for a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around<'a> {
    /// Packages that have another name here: that name, and the package's.
    pub(super) renames: &'a [(String, String)],
    /// What is taken in for it.
    pub(super) global: &'a [super::import::Import],
    /// Types that other files of it have, and that no package has then.
    pub(super) own: &'a [String],
}

/// What the readers of a file share.
struct Reading<'a> {
    file: &'a File,
    source: &'a Source,
    names: Names<'a>,
    sightings: Vec<Sighting>,
    /// Where something of a package stands.
    uses: Vec<(usize, Option<&'static Package>, Store)>,
    conditional: Vec<(Condition, Sighting)>,
}

/// Reads and judges a file; nothing of one that is no code of people.
pub(super) fn read(file: &File, language: Language, around: Around<'_>) -> Option<Judged> {
    let source = source::read(file, language)?;
    let names = Names::new(&source, language, around);
    let mut reading = Reading {
        file,
        source: &source,
        names,
        sightings: Vec::new(),
        uses: Vec::new(),
        conditional: Vec::new(),
    };
    reading.imports();
    let known = client::read(&mut reading);
    setting::read(&mut reading);
    python::read(&mut reading, &known);
    jvm::read(&mut reading, &known);
    ruby::read(&mut reading);
    let mut pending = client::pending(&reading, &known);
    reading.first_uses();
    client::injected(&mut reading, &known);
    beside::tell(&mut reading, &mut pending);
    shared::given(&mut reading);
    shared::steps(&mut reading);
    shared::sent(&mut reading);
    shared::taken(&mut reading);
    reading.lives();
    let seeds = reading.seeds(&known);
    let conditional_seeds = reading.conditional_seeds();
    let loaded = client::loaded(&reading);
    let open = setting::open(&reading);
    reading.sightings.extend(open);
    let Reading { sightings, mut conditional, .. } = reading;
    let mut seen = HashSet::new();
    conditional.retain(|(condition, sighting)| {
        let package = sighting.package.map(|package| &package.name);
        let line = file.line_of(sighting.span.start);
        seen.insert((line, sighting.kind, package, matches!(condition, Condition::HasClient(_))))
    });
    let mut judged = finish(file, source, sightings, seeds, pending);
    judged
        .places
        .extend(loaded.iter().map(|import| (file.place(import.span.start), import.span.clone())));
    judged.imports.extend(loaded);
    judged.conditional = conditional;
    let mut seen = HashSet::new();
    judged.conditional.retain(|(_, sighting)| {
        let line = file.line_of(sighting.span.start);
        seen.insert((line, sighting.kind, sighting.name.clone()))
    });
    judged.conditional_seeds = conditional_seeds;
    Some(judged)
}

fn finish(
    file: &File,
    source: Source,
    mut sightings: Vec<Sighting>,
    seeds: Vec<(usize, Seed)>,
    pending: Vec<Pending>,
) -> Judged {
    // Of several on a line the one that says most stays: a command before what only leads to it.
    sightings.sort_by_key(|sighting| {
        let is_step = sighting.kind == Kind::Command && known::derives(&sighting.name);
        (sighting.kind, is_step, sighting.purpose.is_none(), sighting.span.start)
    });
    let mut seen = HashSet::new();
    sightings.retain(|sighting| {
        let is_named = matches!(sighting.kind, Kind::VariableRead | Kind::Import);
        let name = if is_named { sighting.name.clone() } else { String::new() };
        seen.insert((file.line_of(sighting.span.start), sighting.kind, name))
    });
    let at = |span: &Range<usize>| (file.place(span.start), span.clone());
    let given = source.bindings.iter().filter_map(|binding| {
        let value = source::dotted(&binding.value);
        let callee = value.split("()").next().filter(|callee| callee.len() < value.len());
        // `var db = redis.Database`
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let of_object = || {
            let is_of = value.contains('.') && !binding.is_pair && value.chars().all(is_path);
            is_of.then_some(&*value)
        };
        let given = callee.or_else(of_object)?;
        Some((binding.target.clone(), source::unowned(given).to_owned()))
    });
    let typed = source.bindings.iter().filter(|binding| !binding.of_type.is_empty());
    let typed = typed.map(|binding| (binding.target.clone(), binding.of_type.clone())).collect();
    let marked = source.marks.iter().any(|(mark, _)| is_loaded_by_framework(mark));
    Judged {
        places: source.imports.iter().map(|import| at(&import.span)).collect(),
        first: source.first.iter().map(|(&name, &start)| (name, at(&(start..start)))).collect(),
        given: given.collect(),
        typed,
        repositories: jvm::repositories(file),
        conditional: Vec::new(),
        conditional_seeds: Vec::new(),
        acts: source.acts || marked,
        namespace: source.namespace,
        definitions: source.definitions,
        imports: source.imports,
        tests: source.tests,
        sightings,
        seeds,
        pending,
    }
}

/// Whether what is marked so is found by a framework, without being imported.
fn is_loaded_by_framework(mark: &str) -> bool {
    let name = mark.trim_start_matches(['@', '#', '[', ' ']);
    let name = name.split(['(', ' ', ']']).next().unwrap_or(name);
    let name = name.rsplit(['.', ':']).next().unwrap_or(name);
    [
        "Component",
        "Service",
        "Repository",
        "Configuration",
        "Controller",
        "RestController",
        "SpringBootApplication",
        "Bean",
        "EnableCaching",
        "ApplicationScoped",
        "Singleton",
        "Singleton",
        "Path",
        "AutoConfiguration",
        "ControllerAdvice",
        "RestControllerAdvice",
        "KafkaListener",
        "Module",
        "ApiController",
        "Factory",
        "ConfigurationProperties",
        "RedisHash",
        "Document",
        "Entity",
        "AsCommand",
        "AsController",
        "AsCronTask",
        "AsDoctrineListener",
        "AsEventListener",
        "AsMessageHandler",
        "AsPeriodicTask",
        "AsSchedule",
        "AutoconfigureTag",
        "Route",
    ]
    .contains(&name)
}

impl Reading<'_> {
    /// Packages that are taken in.
    fn imports(&mut self) {
        let mut seen = HashSet::new();
        for import in &self.source.imports {
            let Some(package) = self.names.imported(import) else { continue };
            if !name::counts(package, &import.full()) {
                if may_be_told(package) && !known::is_elsewhere(&import.full()) {
                    let sighting = of_package(Kind::Import, package, import.span.clone());
                    self.conditional.push((Condition::IsTold(package), sighting));
                }
                continue;
            }
            if seen.insert((import.span.start, &package.name)) {
                let sighting = of_package(Kind::Import, package, import.span.clone());
                // A name may say it: `RLock`.
                let of_client = import.name.as_deref().filter(|_| package.role == Role::Client);
                let named =
                    of_client.and_then(|name| known::purpose_of_type(name).or_else(|| told(name)));
                let around = named.or_else(|| self.purpose_of_file()).filter(|_| is_open(package));
                let around = import.name.as_deref().and_then(of_middleware).or(around);
                self.sightings.push(match around {
                    Some((purpose, why)) => sighting.purpose(purpose, why),
                    None => sighting,
                });
            }
        }
    }

    /// A package that a file uses by its full name, or without taking it in, is told once: where it stands first.
    fn first_uses(&mut self) {
        let told = self.sightings.iter().filter(|sighting| {
            matches!(sighting.kind, Kind::Import | Kind::Client | Kind::Command)
        });
        let told = told.filter_map(|sighting| {
            // The full path of a crate is its import, where it stands first.
            let is_rust = self.names.language() == Language::Rust;
            let at = if is_rust { self.file.line_of(sighting.span.start) } else { 0 };
            Some((sighting.package?.name.as_str(), at))
        });
        let elsewhere = self.names.taken_in_elsewhere().map(|package| (&*package.name, 0));
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (name, line) in told.chain(elsewhere) {
            let first = seen.entry(name).or_insert(line);
            *first = line.min(*first);
        }
        for path in &self.source.paths {
            let Some((package, full)) = self.names.rooted(&path.path, path.is_rooted) else {
                continue;
            };
            if !name::counts(package, &full) {
                continue;
            }
            if !known::is_part(source::last(&full)) {
                self.uses.push((path.span.start, Some(package), package.store));
            }
            let line = self.file.line_of(path.span.start);
            if seen.get(&*package.name).is_none_or(|first| line < *first) {
                seen.insert(&package.name, 0);
                let sighting = of_package(Kind::Import, package, path.span.clone());
                let around = self.purpose_around(path.span.start).filter(|_| is_open(package));
                self.sightings.push(match around {
                    Some((purpose, why)) => sighting.purpose(purpose, why),
                    None => sighting,
                });
            }
        }
    }

    /// What is compiled for tests alone is of tests.
    fn lives(&mut self) {
        let conditional = self.conditional.iter_mut().map(|(_, sighting)| sighting);
        for sighting in self.sightings.iter_mut().chain(conditional) {
            if self.source.is_test(sighting.span.start) {
                sighting.life = Some((Life::Test, "it is compiled for tests alone".to_owned()));
            }
        }
    }

    /// The name of the code in which something stands.
    fn definition_of(&self, at: usize) -> Option<&str> {
        let around =
            self.source.definitions.iter().filter(|definition| definition.span.contains(&at));
        around
            .min_by_key(|definition| definition.span.len())
            .map(|definition| definition.name.as_str())
    }

    /// What the code or the file in which something stands says that it is for.
    fn purpose_around(&self, at: usize) -> Option<(Purpose, String)> {
        let of_definition = || self.definition_of(at).and_then(told);
        self.purpose_of_trait(at).or_else(of_definition).or_else(|| self.purpose_of_file())
    }

    /// What the trait of Rust says that is implemented around a place: `impl Lock for RedisStore`.
    fn purpose_of_trait(&self, at: usize) -> Option<(Purpose, String)> {
        if self.names.language() != Language::Rust {
            return None;
        }
        let mut around = self.source.definitions.iter().filter(|of| of.span.contains(&at));
        around.find_map(|definition| {
            let written = self.file.text.get(definition.span.clone())?;
            told(source::last(&source::dotted(implemented(written)?)))
        })
    }

    /// What the file's name, or that of its folder, says that it is for.
    fn purpose_of_file(&self) -> Option<(Purpose, String)> {
        let stem = self.file.name().split('.').next().unwrap_or_default();
        told(stem).or_else(|| told(self.file.folder().rsplit('/').next()?))
    }
}

/// The trait of Rust that code implements: `Cache` of `impl<T: Clone> Cache<T> for Store {`.
fn implemented(written: &str) -> Option<&str> {
    let head = written.strip_prefix("impl")?.split('{').next()?;
    let mut depth = 0;
    let end = head.find(|c| {
        depth += i32::from(c == '<') - i32::from(c == '>');
        depth == 0
    })?;
    let (name, _) = head[end..].trim_start_matches('>').split_once(" for ")?;
    Some(name.split('<').next().unwrap_or(name).trim())
}

/// What a name says that something is for.
fn told(name: &str) -> Option<(Purpose, String)> {
    let (purpose, word) = known::purpose_of(name)?;
    Some((purpose, format!("`{name}` says `{word}`")))
}

/// What a middleware of Laravel is for, whatever it is in between: `RateLimitedWithRedis` of jobs.
fn of_middleware(name: &str) -> Option<(Purpose, String)> {
    told(name.strip_suffix("WithRedis")?)
}

/// Whether a package does not say what it is for: a client, or a cache that gives its client away.
pub(super) fn is_open(package: &Package) -> bool {
    package.purpose == Purpose::Other
        || package.role == Role::Library && package.purpose == Purpose::Cache
}

/// A sighting of a package, by its name; one of tests where the package is for them alone.
fn of_package(kind: Kind, package: &'static Package, span: Range<usize>) -> Sighting {
    let sighting = Sighting::of(kind, package, span, &package.name);
    match package.role {
        Role::Development => {
            sighting.life(Life::Test, format!("{} is {}", package.name, package.what))
        }
        _ => sighting,
    }
}

/// The innermost binding around a place of the kind that is asked for.
fn binding_around(source: &Source, at: usize) -> Option<&Binding> {
    let around = source.bindings.iter().filter(|binding| binding.span.contains(&at));
    around.min_by_key(|binding| binding.span.len())
}

/// The innermost call around a place.
fn call_around(source: &Source, at: usize) -> Option<&Call> {
    let around = source.calls.iter().filter(|call| call.span.contains(&at) && call.at < at);
    around.min_by_key(|call| call.span.len())
}
