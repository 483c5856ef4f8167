//! What counts because of what another file of the same service says.

use std::path::Path;

use super::{
    judge::{Condition, Judged},
    resolve::Tree,
};
use crate::{
    catalogue::Role,
    file::folder_of,
    finding::{Kind, Life, Sighting},
    life,
};

/// Files that stand at the root of a service.
const ROOTS: &[&str] = &[
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
    "Pipfile",
    "manage.py",
    "go.mod",
    "Cargo.toml",
    "Gemfile",
    "composer.json",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    ".git",
];

/// What is so in a service.
type Fact = (String, Condition);

/// Takes what counts after all, and forgets the rest.
pub(super) fn settle(tree: &mut Tree) {
    let waits =
        |judged: &Judged| !judged.conditional.is_empty() || !judged.conditional_seeds.is_empty();
    if !tree.modules.iter().filter_map(|module| module.judged.as_deref()).any(waits) {
        return;
    }
    let facts = facts(tree);
    let (root, paths) = (tree.root.clone(), tree.paths.clone());
    for (path, module) in paths.iter().zip(&mut tree.modules) {
        let Some(judged) = module.judged.as_deref_mut() else { continue };
        if !waits(judged) {
            continue;
        }
        let service = service(&root, path);
        let holds = |condition: &Condition| {
            facts.iter().any(|(of, fact)| *of == service && fact == condition)
        };
        let conditional = std::mem::take(&mut judged.conditional);
        let found = conditional.into_iter().filter(|(condition, _)| holds(condition));
        let found = found.map(|(_, sighting)| sighting).filter(|sighting| {
            // It was told at once.
            !judged
                .sightings
                .iter()
                .any(|told| told.kind == Kind::Setting && told.span == sighting.span)
        });
        let found: Vec<Sighting> = found.collect();
        // What is sent tells of what it is sent by: `group(…).apply_async()`.
        let sent: Vec<usize> = found
            .iter()
            .filter(|sighting| sighting.kind == Kind::Command)
            .map(|sighting| sighting.span.start)
            .collect();
        let found = found.into_iter().filter(|sighting| {
            sighting.kind != Kind::Client || !sent.contains(&sighting.span.start)
        });
        judged.sightings.extend(found);
        let seeds = std::mem::take(&mut judged.conditional_seeds);
        let known: Vec<usize> = judged.seeds.iter().map(|(index, _)| *index).collect();
        let seeds = seeds
            .into_iter()
            .filter(|(condition, index, _)| holds(condition) && !known.contains(index));
        judged.seeds.extend(seeds.map(|(_, index, seed)| (index, seed)));
    }
}

fn facts(tree: &Tree) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let waiting: Vec<Condition> = tree
        .modules
        .iter()
        .filter_map(|module| module.judged.as_deref())
        .flat_map(|judged| {
            let seeds = judged.conditional_seeds.iter().map(|(condition, _, _)| *condition);
            judged.conditional.iter().map(|(condition, _)| *condition).chain(seeds)
        })
        .collect();
    for (path, module) in tree.paths.iter().zip(&tree.modules) {
        if life::of(path).0 == Life::Live {
            let told = module.told.iter().map(|package| Condition::IsTold(package));
            facts.extend(told.map(|condition| (service(&tree.root, path), condition)));
        }
        let Some(judged) = module.judged.as_deref() else { continue };
        if life::of(path).0 != Life::Live || judged.sightings.is_empty() {
            continue;
        }
        let service = service(&tree.root, path);
        for condition in &waiting {
            let is_known = facts.iter().any(|(of, fact)| *of == service && fact == condition);
            if !is_known && judged.sightings.iter().any(|sighting| proves(sighting, *condition)) {
                facts.push((service.clone(), *condition));
            }
        }
    }
    facts
}

fn proves(sighting: &Sighting, condition: Condition) -> bool {
    match condition {
        Condition::HasClient(store) => {
            let is_use = matches!(sighting.kind, Kind::Import | Kind::Client);
            let is_real = sighting.package.is_some_and(|package| package.role != Role::Development);
            sighting.store == store && is_use && is_real && sighting.life.is_none()
        }
        Condition::Uses(package) => {
            sighting.package.is_some_and(|of| of.name == package.name) && sighting.life.is_none()
        }
        Condition::IsTold(package) => {
            let is_it = sighting.package.is_some_and(|of| of.name == package.name);
            // What counts of it by itself names the store: `from huey import RedisHuey`.
            let is_named = is_it && matches!(sighting.kind, Kind::Import | Kind::Client);
            if is_named && sighting.life.is_none() && sighting.store == package.store {
                return true;
            }
            let is_setting = matches!(
                sighting.kind,
                Kind::Setting | Kind::ConnectionString | Kind::VariableRead
            );
            let is_for_it =
                sighting.purpose.as_ref().is_some_and(|(purpose, _)| *purpose == package.purpose);
            sighting.store == package.store && is_setting && (is_it || is_for_it)
        }
    }
}

/// The folder of the service in which a file is.
fn service(root: &Path, path: &str) -> String {
    let mut folder = folder_of(path);
    while !folder.is_empty() && !ROOTS.iter().any(|name| root.join(folder).join(name).exists()) {
        folder = folder_of(folder);
    }
    folder.to_owned()
}
