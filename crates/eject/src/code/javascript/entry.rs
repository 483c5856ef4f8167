//! Where a program begins: what manifests name, what deployments run, what frameworks load, and scripts.

use std::{
    collections::{HashMap, HashSet},
    fs,
};

use super::{
    knowledge::entries,
    package::{Package, words},
    resolve::{ModuleId, Tree, join},
};

/// Larger files tell no entry points.
const LARGEST: u64 = 256 << 10;

/// The entry points of a tree.
pub(super) struct Entries<'t> {
    tree: &'t Tree,
    named: HashSet<ModuleId>,
    /// Packages of which nothing tells the entry points: all of their modules may be.
    untold: HashSet<&'t str>,
}

impl<'t> Entries<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let mut named = HashSet::new();
        let mut told: HashMap<&str, bool> = HashMap::new();
        for package in tree.packages.iter() {
            let before = named.len();
            let files = package.files.iter().cloned().chain(deployed(tree, &package.folder));
            for file in files {
                let found = join(&package.folder, &file).and_then(|path| tree.source_of(&path));
                // What runs may be named from the root of the tree, and a handler with its function.
                let found = found.or_else(|| tree.source_of(&join("", &file)?)).or_else(|| {
                    let (file, _) = file.rsplit_once('.')?;
                    tree.source_of(&join(&package.folder, file)?)
                });
                named.extend(found);
            }
            told.insert(&package.folder, named.len() > before);
        }
        let mut has_habitual: HashSet<&str> = HashSet::new();
        for path in &tree.paths {
            if let Some(package) = tree.packages.of(path)
                && is_habitual(package, path)
            {
                has_habitual.insert(&package.folder);
            }
        }
        let untold = told
            .into_iter()
            .filter(|(folder, told)| !told && !has_habitual.contains(folder))
            .map(|(folder, _)| folder)
            .collect();
        Self { tree, named, untold }
    }

    pub(super) fn contains(&self, module: ModuleId) -> bool {
        let path = &self.tree.paths[module as usize];
        let Some(package) = self.tree.packages.of(path) else { return true };
        // A script without an ending says itself what runs it, and is run.
        if !path.rsplit('/').next().unwrap_or(path).contains('.') {
            return true;
        }
        let name = path.to_lowercase();
        // What exports nothing and is named as what is run is run by whomever.
        let is_run = [
            "worker", "job", "cron", "consumer", "process", "queue", "subscri", "script", "daemon",
            "runner", "listener", "server",
        ];
        !self.tree.modules[module as usize].has_exports
            && is_run.iter().any(|word| name.contains(word))
            || self.named.contains(&module)
            || self.untold.contains(package.folder.as_str())
            || is_habitual(package, path)
    }
}

/// Whether a framework, a tool or habit makes it an entry point.
fn is_habitual(package: &Package, path: &str) -> bool {
    let below = path.strip_prefix(package.folder.as_str()).unwrap_or(path).trim_start_matches('/');
    let has = |wanted: &str| match wanted.strip_suffix('*') {
        Some(start) => package.dependencies.iter().any(|name| name.starts_with(start)),
        None => wanted.is_empty() || package.dependencies.contains(wanted),
    };
    entries().iter().any(|entry| has(entry.package) && entry.paths.is_match(below))
}

/// Paths of code that the files of a deployment name: `Dockerfile`, `Procfile`, `serverless.yml` and the like.
fn deployed(tree: &Tree, folder: &str) -> Vec<String> {
    let Ok(listed) = fs::read_dir(tree.root.join(folder)) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in listed.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_small = entry.metadata().is_ok_and(|data| data.is_file() && data.len() < LARGEST);
        if !is_small || !is_deployment(&name) {
            continue;
        }
        let Ok(bytes) = fs::read(entry.path()) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        found.extend(words(&text).filter(|word| word.len() < 200).map(str::to_owned));
    }
    found
}

fn is_deployment(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_lock = lower.contains("lock") || lower == "package.json";
    let endings = [
        ".yml",
        ".yaml",
        ".toml",
        ".json",
        ".dockerfile",
        ".sh",
        ".service",
        ".html",
        ".json5",
        ".jsonc",
    ];
    !is_lock
        && (["dockerfile", "procfile", "makefile", "justfile", "containerfile"]
            .iter()
            .any(|start| lower.starts_with(start))
            || endings.iter().any(|ending| lower.ends_with(ending)))
}
