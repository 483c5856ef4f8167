//! All modules put together: what is found, what shared clients are for, and what of it runs.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use super::{
    purpose::Votes,
    reach::{Reached, reach},
    read::Module,
    resolve::{ModuleId, Tree},
    sight::Found,
    spread::{Surroundings, spread},
    thing::Origin,
};
use crate::finding::{Kind, Life, Purpose, RelativePath, Sighting};

/// Puts modules together.
pub(super) fn settle(
    root: &Path,
    modules: Vec<(RelativePath, Module)>,
    depth: usize,
) -> Vec<(RelativePath, Sighting)> {
    let mut tree = Tree::new(root, modules);
    // What lines say by themselves waits for what is known of their modules' lives.
    let alone: Vec<_> =
        tree.modules.iter_mut().map(|module| std::mem::take(&mut module.sightings)).collect();
    let tree = tree;
    let around = spread(&tree, depth);
    let clients = of_clients(&around);
    let telling: HashSet<ModuleId> = around
        .summaries
        .iter()
        .filter(|(_, summary)| !summary.found.is_empty())
        .map(|(id, _)| *id)
        .chain((0..).zip(&alone).filter(|(_, alone)| !alone.is_empty()).map(|(id, _)| id))
        .collect();
    let lives = reach(&tree, &telling);
    let mut sightings = Vec::new();
    for id in telling {
        let path = &tree.paths[id as usize];
        let reached = lives.get(&id).copied().unwrap_or(Reached::Live);
        let found = around.summaries.get(&id).map_or(&[][..], |summary| &summary.found);
        let mut of_module =
            dedup(found.iter().map(|found| (found.line, sighting(id, found, &clients))));
        // A variable or an address within the making of a client is for what that is for.
        let clients: Vec<_> =
            of_module.iter().filter(|found| found.kind == Kind::Client).cloned().collect();
        of_module.extend(alone[id as usize].iter().map(|alone| {
            let mut around =
                clients.iter().filter(|client| client.span.contains(&alone.span.start));
            let mut alone = alone.clone();
            if let Some(client) = around.next_back()
                && alone.purpose.is_none()
            {
                alone.purpose.clone_from(&client.purpose);
            }
            alone
        }));
        let telling =
            found.iter().find(|found| found.kind != Kind::Client || found.makes.is_some());
        if let (Reached::Nowhere, Some(telling)) = (reached, telling) {
            let at = tree.modules[id as usize].start as usize;
            let mut unused = Sighting::new(Kind::UnusedModule, telling.package.store, at..at, path);
            unused.purpose =
                telling.verdict.as_ref().map(|verdict| (verdict.purpose, verdict.why.clone()));
            of_module.push(unused);
        }
        for sighting in &mut of_module {
            if let Some((life, why)) = life(reached) {
                sighting.life.get_or_insert((life, why.to_owned()));
            }
        }
        sightings.extend(of_module.into_iter().map(|sighting| (path.clone(), sighting)));
    }
    sightings
}

fn life(reached: Reached) -> Option<(Life, &'static str)> {
    match reached {
        Reached::Live => None,
        Reached::Tests => Some((Life::Test, "only tests import this module")),
        Reached::Nowhere => {
            Some((Life::Dormant, "nothing imports this module, and it is no entry point"))
        }
    }
}

/// One of each kind on a line.
fn dedup(found: impl Iterator<Item = (u32, Sighting)>) -> Vec<Sighting> {
    let mut found: Vec<_> = found.collect();
    // Of several on a line the one that knows what it is for is kept, and then the first.
    found.sort_by_key(|(line, sighting)| {
        (*line, sighting.kind, sighting.purpose.is_none(), sighting.span.start)
    });
    found.dedup_by(|b, a| a.0 == b.0 && a.1.kind == b.1.kind && a.1.store == b.1.store);
    found.into_iter().map(|(_, sighting)| sighting).collect()
}

/// What the clients of each place, and of each module and package, are used for, wherever that is.
struct Clients {
    by_origin: HashMap<Origin, Votes>,
    by_module: HashMap<(ModuleId, &'static str), Votes>,
    /// Whatever the package: one injects the client whose type another declares.
    whole: HashMap<ModuleId, Votes>,
}

fn of_clients(around: &Surroundings<'_>) -> Clients {
    let mut clients =
        Clients { by_origin: HashMap::new(), by_module: HashMap::new(), whole: HashMap::new() };
    for (&id, summary) in &around.summaries {
        for one in &summary.uses {
            if let Some(origin) = one.origin {
                clients.by_origin.entry(origin).or_default().add(&one.verdict);
            }
            let module = one.origin.map_or(id, |(module, _)| module);
            let package = one.package.name.as_str();
            clients.by_module.entry((module, package)).or_default().add(&one.verdict);
            clients.whole.entry(id).or_default().add(&one.verdict);
        }
    }
    clients
}

fn sighting(id: ModuleId, found: &Found, clients: &Clients) -> Sighting {
    let span = found.span.start as usize..found.span.end as usize;
    let mut sighting = Sighting::of(found.kind, found.package, span, &found.name);
    sighting.chain.clone_from(&found.chain);
    sighting.life.clone_from(&found.life);
    if let Some(verdict) = &found.verdict {
        return sighting.purpose(verdict.purpose, verdict.why.clone());
    }
    let votes = match (found.kind, found.makes) {
        (Kind::Client, Some(origin)) => clients.by_origin.get(&origin),
        (Kind::Import | Kind::Client, _) => {
            let of_package = clients.by_module.get(&(id, found.package.name.as_str()));
            of_package.or_else(|| clients.whole.get(&id))
        }
        _ => None,
    };
    match votes.map(Votes::unanimous) {
        Some(Ok(Some(verdict))) => sighting.purpose(
            verdict.purpose,
            format!("it is used for {} alone: {}", verdict.purpose.word(), verdict.why),
        ),
        Some(Err(several)) => {
            sighting.purpose(Purpose::Other, format!("it is shared by {several}"))
        }
        _ => sighting,
    }
}
