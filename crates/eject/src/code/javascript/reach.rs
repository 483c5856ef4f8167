//! Which modules run: those that an entry point reaches, by imports, strings and scans of folders.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{
    entry::Entries,
    request::Manner,
    resolve::{ModuleId, Tree, join},
};
use crate::{
    file::{folder_of, is_below},
    finding::Life,
    life,
};

/// From where a module is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reached {
    Nowhere,
    Tests,
    Live,
}

/// How these modules are reached. It goes upwards from them, to who imports them, until entry points are met.
pub(super) fn reach(tree: &Tree, modules: &HashSet<ModuleId>) -> HashMap<ModuleId, Reached> {
    if modules.is_empty() {
        return HashMap::new();
    }
    let entries = Entries::new(tree);
    let scanned = scanned(tree);
    let mut known: HashMap<ModuleId, Reached> = HashMap::new();
    let mut importers: HashMap<ModuleId, Vec<ModuleId>> = HashMap::new();
    let mut queue: VecDeque<_> = modules.iter().copied().collect();
    let mut seen: HashSet<_> = modules.clone();
    while let Some(module) = queue.pop_front() {
        let path = &tree.paths[module as usize];
        let is_test = life::of(path).0 != Life::Live;
        if entries.contains(module) || is_test {
            known.insert(module, if is_test { Reached::Tests } else { Reached::Live });
            continue;
        }
        let mut by = Vec::new();
        for (importer, index) in tree.asked_by(module) {
            let request = tree.modules[importer as usize].requests.get(index as usize);
            if importer != module && request.manner != Manner::Mock {
                by.push(importer);
            }
        }
        by.extend(
            scanned
                .iter()
                .filter(|(folder, by)| *by != module && is_below(path, folder))
                .map(|(_, by)| *by),
        );
        for &importer in &by {
            if seen.insert(importer) {
                queue.push_back(importer);
            }
        }
        importers.insert(module, by);
    }
    // From the entry points down again, the living first.
    let mut imports: HashMap<ModuleId, Vec<ModuleId>> = HashMap::new();
    for (module, by) in &importers {
        for importer in by {
            imports.entry(*importer).or_default().push(*module);
        }
    }
    for wanted in [Reached::Live, Reached::Tests] {
        let mut queue: VecDeque<_> = known
            .iter()
            .filter(|(_, reached)| **reached == wanted)
            .map(|(module, _)| *module)
            .collect();
        while let Some(module) = queue.pop_front() {
            for &imported in imports.get(&module).map_or(&[][..], Vec::as_slice) {
                if known.get(&imported).is_none_or(|reached| *reached < wanted) {
                    known.insert(imported, wanted);
                    queue.push_back(imported);
                }
            }
        }
    }
    let of = |module| known.get(&module).copied().unwrap_or(Reached::Nowhere);
    modules.iter().map(|&module| (module, of(module))).collect()
}

/// Folders that modules scan, with who does.
fn scanned(tree: &Tree) -> Vec<(String, ModuleId)> {
    let mut folders = Vec::new();
    for (id, module) in (0..).zip(&tree.modules) {
        let path = &tree.paths[id as usize];
        for scan in &module.scans {
            // A folder is named from the module's own, or from its package's.
            folders.extend(join(folder_of(path), scan).map(|folder| (folder, id)));
            if !scan.starts_with('.') {
                let package = tree.packages.of(path).map_or("", |package| package.folder.as_str());
                folders.extend(
                    join(package, scan)
                        .filter(|folder| !folder.is_empty())
                        .map(|folder| (folder, id)),
                );
            }
            // What a build makes is scanned when it runs; here its sources stand for it.
            if let Some(rest) = scan.trim_start_matches("./").strip_prefix("dist/") {
                let package = tree.packages.of(path).map_or("", |package| package.folder.as_str());
                let source = join(package, &format!("src/{rest}"));
                folders.extend(source.map(|folder| (folder, id)));
            }
        }
    }
    folders.sort();
    folders.dedup();
    folders
}
