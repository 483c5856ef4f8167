//! Which names of a file lead to a package by themselves, and which of those are clients.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Condition, Reading, Seed, client::Known, is_open, shared, told};
use crate::{
    catalogue::Package,
    code::other::{
        known,
        language::Language,
        source::{Definition, dotted, last, unowned},
    },
    finding::{Kind, Purpose, Sighting, Step, Store},
    prose,
};

/// The packages of a file by the numbers of the names that lead to them.
type Aliases = HashMap<u32, &'static Package>;

/// Why a definition leads to a package.
struct Reason<'a> {
    store: Store,
    package: Option<&'static Package>,
    purpose: Option<(Purpose, String)>,
    at: usize,
    name: &'a str,
}

/// What a sighting's package is for, and why.
fn of_package(sighting: &Sighting) -> Option<(Purpose, String)> {
    let package = sighting.package.filter(|of| !is_open(of))?;
    Some((package.purpose, format!("{} is {}", package.name, package.what)))
}

/// What a sighting is for: as it is told, or as its package is.
fn purpose_of(sighting: &Sighting) -> Option<Purpose> {
    let told = sighting.purpose.as_ref().map(|(purpose, _)| *purpose);
    let of_package = || of_package(sighting).map(|(purpose, _)| purpose);
    told.or_else(of_package).filter(|purpose| *purpose != Purpose::Other)
}

/// What most of several are for; nothing where as many are for something else.
fn most(sighted: &[&Sighting]) -> Option<Purpose> {
    let mut counts: BTreeMap<Purpose, usize> = BTreeMap::new();
    for purpose in sighted.iter().filter_map(|sighting| purpose_of(sighting)) {
        *counts.entry(purpose).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    let mut all = counts.into_iter().filter(|(_, count)| *count == most);
    let (first, rest) = (all.next(), all.next());
    first.filter(|_| rest.is_none()).map(|(purpose, _)| purpose)
}

impl Reading<'_> {
    /// The definitions that lead to a package by themselves.
    pub(super) fn seeds(&self, known: &Known) -> Vec<(usize, Seed)> {
        let aliases: Aliases = self.names.aliases().collect();
        let live = self
            .source
            .definitions
            .iter()
            .enumerate()
            .filter(|(_, definition)| !self.source.is_test(definition.span.start));
        let seeds = live.filter_map(|(index, definition)| {
            let (reason, members) = self.reason(definition, &aliases)?;
            let Reason { store, package, purpose, at, name } = reason;
            let purpose = purpose.or_else(|| told(&definition.name));
            let step = self.step(at, name);
            let is_client = known.has(&definition.name)
                || known.has(&format!("{}()", definition.name))
                || self.gives_client(definition, known)
                || self.is_alias(definition);
            let gives = shared::gives(self, definition, known);
            let embeds = known.embeds(&definition.name);
            let is_client = is_client || embeds.is_some();
            let own = embeds.into_iter().flatten().cloned().collect();
            Some((index, Seed { store, package, purpose, step, is_client, members, gives, own }))
        });
        seeds.collect()
    }

    /// The classes within a definition.
    fn inner_classes(&self, definition: &Definition) -> impl Iterator<Item = &Definition> {
        let span = definition.span.clone();
        self.source.definitions.iter().filter(move |of| {
            let is_within = span.start < of.span.start && of.span.end <= span.end;
            is_within && of.is_class()
        })
    }

    /// Why a definition leads to a package, and by which of its methods alone.
    fn reason(
        &self,
        definition: &Definition,
        aliases: &Aliases,
    ) -> Option<(Reason<'_>, Option<BTreeSet<String>>)> {
        // A module of Ruby is the namespace of its classes, and leads to nothing by them.
        let inner: Vec<_> = match self.names.language() {
            Language::Ruby => self.inner_classes(definition).collect(),
            _ => Vec::new(),
        };
        let within = |at: usize| {
            definition.span.contains(&at) && !inner.iter().any(|of| of.span.contains(&at))
        };
        // Who takes in an error or an option of a package does nothing with it.
        let is_part = |sighting: &Sighting| {
            let written = self.file.text.get(sighting.span.clone()).unwrap_or_default();
            sighting.kind == Kind::Import && known::is_part(last(&dotted(written)))
        };
        let leads = |sighting: &&Sighting| {
            let kinds = [Kind::Client, Kind::Command, Kind::Setting, Kind::Import];
            within(sighting.span.start)
                && kinds.contains(&sighting.kind)
                && sighting.life.is_none()
                && !is_part(sighting)
                && (sighting.kind != Kind::Setting || sighting.package.is_some())
        };
        let sighted: Vec<_> = self.sightings.iter().filter(leads).collect();
        let used = self.uses.iter().filter(|(at, _, _)| within(*at));
        let places = sighted.iter().map(|sighting| sighting.span.start);
        let places: Vec<usize> = places.chain(used.clone().map(|(at, _, _)| *at)).collect();
        let members = definition
            .leading(&places, |words| words.iter().any(|word| aliases.contains_key(word)))?;
        let most = most(&sighted);
        let best = sighted.iter().min_by_key(|sighting| match (&sighting.purpose, sighting.kind) {
            _ if most.is_some() && purpose_of(sighting) == most => 0,
            (Some((purpose, _)), _) if *purpose != Purpose::Other => 1,
            (_, Kind::Client) => 2,
            _ => 3,
        });
        let sighted = best.map(|best| Reason {
            store: best.store,
            package: best.package,
            purpose: best.purpose.clone().or_else(|| of_package(best)),
            at: best.span.start,
            name: &best.name,
        });
        let used = used.clone().next().map(|&(at, package, store)| {
            let name = package.map_or("", |package| package.name.as_str());
            Reason { store, package, purpose: None, at, name }
        });
        let named = || {
            let package = definition.all_words().find_map(|word| aliases.get(&word).copied())?;
            let (store, at, name) = (package.store, definition.span.start, &*package.name);
            Some(Reason { store, package: Some(package), purpose: None, at, name })
        };
        Some((sighted.or(used).or_else(named)?, members))
    }

    /// The definitions that lead to a package which may be told to be on the store.
    pub(super) fn conditional_seeds(&self) -> Vec<(Condition, usize, Seed)> {
        let aliases: Aliases = self.names.told_aliases().collect();
        let all = || self.source.definitions.iter().enumerate();
        let definitions = || all().filter(|(_, of)| !self.source.is_test(of.span.start));
        let named = definitions().filter_map(|(index, definition)| {
            let leads = |words: &HashSet<u32>| words.iter().any(|word| aliases.contains_key(word));
            let members = definition.leading(&[], leads)?;
            let package = definition.all_words().find_map(|word| aliases.get(&word).copied())?;
            let why = format!("{} is {}", package.name, package.what);
            let seed = Seed {
                store: package.store,
                package: Some(package),
                purpose: Some((package.purpose, why)),
                step: self.step(definition.span.start, &package.name),
                is_client: false,
                members,
                gives: BTreeSet::new(),
                own: BTreeSet::new(),
            };
            Some((Condition::IsTold(package), index, seed))
        });
        let sent = definitions().filter_map(|(index, definition)| {
            let sent = self.conditional.iter().filter(|(condition, sighting)| {
                let is_sent = matches!(condition, Condition::HasClient(_) | Condition::Uses(_));
                is_sent && definition.span.contains(&sighting.span.start)
            });
            let places: Vec<usize> =
                sent.clone().map(|(_, sighting)| sighting.span.start).collect();
            let (condition, sighting) = sent.clone().next()?;
            let members = definition.leading(&places, |_| false)?;
            let seed = Seed {
                store: sighting.store,
                package: sighting.package,
                purpose: sighting.purpose.clone(),
                step: self.step(sighting.span.start, &sighting.name),
                is_client: false,
                members,
                gives: BTreeSet::new(),
                own: BTreeSet::new(),
            };
            Some((*condition, index, seed))
        });
        named.chain(sent).collect()
    }

    fn step(&self, at: usize, name: &str) -> Step {
        Step { place: self.file.place(at), name: name.to_owned() }
    }

    /// A function that is called for a client: by its name, as `get_redis`, or by what it returns.
    fn gives_client(&self, definition: &Definition, known: &Known) -> bool {
        if definition.is_class() {
            return false;
        }
        let is_function = definition.name.starts_with(|c: char| c.is_lowercase());
        if is_function && prose::mention(&definition.name).is_some() {
            return true;
        }
        let text = &self.file.text;
        let written = text.get(definition.span.clone()).unwrap_or_default();
        let mut returned = written.match_indices("return ").map(|(at, word)| at + word.len());
        returned.any(|at| {
            let start = definition.span.start + at;
            let line = text[start..].lines().next().unwrap_or_default();
            let value = line.trim_start_matches("await ").trim_end_matches([';', ',']);
            let skipped = line.len() - line.trim_start_matches("await ").len();
            let is_made = self.sightings.iter().any(|sighting| {
                sighting.kind == Kind::Client && sighting.span.start == start + skipped
            });
            is_made || known.has(unowned(value.split(',').next().unwrap_or(value)))
        })
    }

    /// Another name for a client's type: `type Client = redis.Client`.
    fn is_alias(&self, definition: &Definition) -> bool {
        const LONGEST: usize = 160;
        let written = self.file.text.get(definition.span.clone()).unwrap_or_default();
        let is_short = written.len() < LONGEST && !definition.is_class();
        let Some((_, of)) = written.split_once('=').filter(|_| is_short) else {
            return false;
        };
        // What Python says of a type stands behind it: `Annotated[Redis, Depends(get_redis)]`.
        let of_type = match of.trim_start().strip_prefix("Annotated[") {
            Some(rest) => rest.split(',').next().unwrap_or(rest),
            None if written.contains('(') => return false,
            None => of,
        };
        self.names.of_type(of_type).is_some()
    }
}
