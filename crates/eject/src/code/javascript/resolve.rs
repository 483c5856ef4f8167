//! Which module of the tree a request means, as Node and TypeScript find it; and who asks for a module.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use oxc_resolver::{ResolveOptions, Resolver, TsconfigDiscovery};
use rayon::prelude::*;

use super::{
    known::{imported, named, package_name},
    package::Packages,
    read::Module,
    request::{Manner, Request},
};
use crate::{file::folder_of, finding::RelativePath, walk};

/// A module by its place in the tree's list.
pub(super) type ModuleId = u32;
/// A request by its module and its place in that module's list.
pub(super) type RequestId = (ModuleId, u32);

/// Endings of code, in the order in which they are tried.
const ENDINGS: &[&str] = &[
    ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro",
    ".d.ts",
];
/// Folders of what a build makes, and those of what it makes it from.
const BUILT: &[&str] =
    &["dist", "build", "lib", "out", "esm", "cjs", "es", "output", "types", "module"];

/// Not looked up yet; no module of the tree; else the module's number and two.
const UNKNOWN: u32 = 0;
const OUTSIDE: u32 = 1;

/// All modules of the tree.
pub(super) struct Tree {
    pub(super) root: PathBuf,
    pub(super) paths: Vec<RelativePath>,
    pub(super) modules: Vec<Module>,
    pub(super) packages: Packages,
    by_path: HashMap<RelativePath, ModuleId>,
    resolver: Resolver,
    targets: Vec<Box<[AtomicU32]>>,
    /// Requests by the last name of what they ask for.
    by_name: HashMap<Box<str>, Vec<RequestId>>,
    /// Requests whose text does not tell the name of the file: of packages of the tree, of aliases.
    renamed: Vec<RequestId>,
    /// Names whose requests were resolved.
    looked_up: Mutex<HashSet<Box<str>>>,
    asked_by: Mutex<HashMap<ModuleId, Vec<RequestId>>>,
}

impl Tree {
    pub(super) fn new(root: &Path, modules: Vec<(RelativePath, Module)>) -> Self {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let (paths, mut modules): (Vec<RelativePath>, Vec<Module>) = modules.into_iter().unzip();
        expand(&paths, &mut modules);
        let by_path = paths.iter().cloned().zip(0..).collect();
        let packages = Packages::find(&root, paths.iter().map(|path| &**path));
        let targets = modules
            .iter()
            .map(|module: &Module| {
                (0..module.requests.len()).map(|_| AtomicU32::new(UNKNOWN)).collect()
            })
            .collect();
        let mut tree = Self {
            resolver: Resolver::new(options()),
            root,
            paths,
            modules,
            packages,
            by_path,
            targets,
            by_name: HashMap::new(),
            renamed: Vec::new(),
            looked_up: Mutex::default(),
            asked_by: Mutex::default(),
        };
        tree.index();
        tree
    }

    /// The package of the catalogue that a specifier names, by its own name or by the one it is installed under.
    pub(super) fn catalogued(&self, specifier: &str) -> Option<&'static crate::catalogue::Package> {
        let name = package_name(specifier);
        let by_alias = || imported(self.packages.alias(name?)?);
        // Of a package that nobody knows, and that a manifest asks for, its name tells.
        let by_name = || named(name.filter(|name| self.packages.is_foreign(name))?);
        imported(specifier).or_else(by_alias).or_else(by_name)
    }

    /// Sorts requests by the name that they end with.
    fn index(&mut self) {
        for (module, id) in self.modules.iter().zip(0..) {
            for (request, index) in module.requests.iter().zip(0..) {
                let specifier = module.requests.specifier(request);
                if !may_be_of_tree(specifier, &self.packages) {
                    continue;
                }
                let name =
                    stem(specifier.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
                match self.by_name.get_mut(name) {
                    Some(requests) => requests.push((id, index)),
                    None => _ = self.by_name.insert(name.into(), vec![(id, index)]),
                }
                let is_relative = specifier.starts_with('.') || request.manner == Manner::Path;
                if !is_relative {
                    self.renamed.push((id, index));
                }
            }
        }
    }

    pub(super) fn find(&self, path: &str) -> Option<ModuleId> {
        self.by_path.get(path).copied()
    }

    /// The module of the tree that a request means.
    pub(super) fn target(&self, (module, index): RequestId) -> Option<ModuleId> {
        let slot = &self.targets[module as usize][index as usize];
        match slot.load(Ordering::Relaxed) {
            UNKNOWN => {
                let requests = &self.modules[module as usize].requests;
                let found = self.resolve(module, requests, requests.get(index as usize));
                slot.store(found.map_or(OUTSIDE, |found| found + 2), Ordering::Relaxed);
                found
            }
            OUTSIDE => None,
            found => Some(found - 2),
        }
    }

    /// The requests that mean a module.
    pub(super) fn asked_by(&self, module: ModuleId) -> Vec<RequestId> {
        let path = &*self.paths[module as usize];
        let name = stem(path.rsplit('/').next().unwrap_or(path));
        let mut names = vec![name];
        if name == "index" {
            let folder = folder_of(path);
            names.extend([folder.rsplit('/').next().unwrap_or_default(), ".", "..", ""]);
        }
        for name in names {
            self.look_up(name);
        }
        self.look_up("\0renamed");
        let known = self.asked_by.lock().expect("no thread has panicked");
        let mut requests = known.get(&module).cloned().unwrap_or_default();
        requests.sort_unstable();
        requests.dedup();
        requests
    }

    /// Resolves all requests of a name, once.
    fn look_up(&self, name: &str) {
        if !self.looked_up.lock().expect("no thread has panicked").insert(name.into()) {
            return;
        }
        let requests = match name {
            "\0renamed" => Some(&self.renamed),
            name => self.by_name.get(name),
        };
        let Some(requests) = requests else { return };
        let found: Vec<_> = requests
            .par_iter()
            .filter_map(|&request| Some((self.target(request)?, request)))
            .collect();
        let mut known = self.asked_by.lock().expect("no thread has panicked");
        for (module, request) in found {
            known.entry(module).or_default().push(request);
        }
    }

    fn resolve(
        &self,
        module: ModuleId,
        requests: &super::request::Requests,
        request: &Request,
    ) -> Option<ModuleId> {
        let specifier = requests.specifier(request);
        if !may_be_of_tree(specifier, &self.packages) {
            return None;
        }
        let path = &*self.paths[module as usize];
        if request.manner == Manner::Path {
            return self.resolve_path(path, specifier);
        }
        // Most requests name a file beside them; to find that nothing must be asked of the disk.
        let beside = specifier.starts_with('.').then(|| join(folder_of(path), specifier)).flatten();
        if let Some(found) = beside.as_deref().and_then(|path| self.file(path)) {
            return Some(found);
        }
        // Of those that do not, Node can tell only what a manifest of their folder says.
        let is_told = beside.as_deref().is_none_or(|path| self.packages.is_folder(path));
        let found = is_told.then(|| self.resolver.resolve_file(self.root.join(path), specifier));
        let found = found.and_then(Result::ok).and_then(|found| {
            let found = walk::relative(&self.root, found.path());
            self.find(&found).or_else(|| self.source_of(&found))
        });
        found
            .or_else(|| self.resolve_package(specifier))
            .or_else(|| self.resolve_alias(path, specifier))
            // Node has not found it: the sources of what it asks for may still be here.
            .or_else(|| self.source_of(&beside?))
    }

    /// A path that stands in a string: from the module's own folder, or from that of its package.
    fn resolve_path(&self, from: &str, text: &str) -> Option<ModuleId> {
        let package = self.packages.of(from).map_or("", |package| package.folder.as_str());
        [folder_of(from), package, ""]
            .into_iter()
            .find_map(|folder| self.source_of(&join(folder, text)?))
    }

    /// `$lib/x`, `@/x`, `~/x`: what frameworks and habit call the folder of the sources.
    fn resolve_alias(&self, from: &str, specifier: &str) -> Option<ModuleId> {
        let (alias, rest) = specifier.split_once('/')?;
        let folders: &[&str] = match alias {
            "$lib" => &["src/lib"],
            "@" | "~" | "~~" | "@@" | "src" | "#" => &["src", "", "app", "lib"],
            _ => return None,
        };
        let package = self.packages.of(from).map_or("", |package| package.folder.as_str());
        folders
            .iter()
            .find_map(|folder| self.source_of(&join(package, &format!("{folder}/{rest}"))?))
    }

    /// A package of the tree, though no `node_modules` leads to it or nothing was built.
    fn resolve_package(&self, specifier: &str) -> Option<ModuleId> {
        let name = package_name(specifier)?;
        let package = self.packages.named(name)?;
        let rest = specifier[name.len()..].trim_start_matches('/');
        let subpath = if rest.is_empty() { ".".to_owned() } else { format!("./{rest}") };
        package
            .exports
            .iter()
            .filter_map(|(pattern, file)| Some(file.replace('*', matches(pattern, &subpath)?)))
            .chain(sources(rest))
            .find_map(|file| self.source_of(&join(&package.folder, &file)?))
    }

    /// A file of the tree by its path without ending, or the source of a file that a build would make.
    pub(super) fn source_of(&self, path: &str) -> Option<ModuleId> {
        if let Some(found) = self.file(path) {
            return Some(found);
        }
        let parts: Vec<_> = path.split('/').collect();
        let built = parts.iter().position(|part| BUILT.contains(part))?;
        let rest = parts[built + 1..].join("/");
        let rest = rest.strip_prefix("src/").unwrap_or(&rest);
        // Some builds have a folder for each kind of module: `dist/esm/x.js`.
        let inner =
            rest.split_once('/').filter(|(first, _)| BUILT.contains(first) || *first == "node");
        let rests = [Some(rest), inner.map(|(_, rest)| rest)];
        let above = parts[..built].join("/");
        rests.into_iter().flatten().find_map(|rest| {
            ["src/", "", "source/", "lib/", "app/"]
                .iter()
                .find_map(|folder| self.file(&join(&above, &format!("{folder}{rest}"))?))
        })
    }

    /// A file of the tree, by its path with any ending of code or none, or the index of a folder.
    fn file(&self, path: &str) -> Option<ModuleId> {
        if let Some(found) = self.find(path) {
            return Some(found);
        }
        let bare = without_ending(path);
        let try_all =
            |path: &str| ENDINGS.iter().find_map(|ending| self.find(&format!("{path}{ending}")));
        let index = if path.is_empty() { "index".to_owned() } else { format!("{path}/index") };
        try_all(path).or_else(|| try_all(bare)).or_else(|| try_all(&index))
    }
}

/// Gives requests whose names are made when they run the modules that they may mean.
fn expand(paths: &[RelativePath], modules: &mut [Module]) {
    const MOST: usize = 64;
    for (path, module) in paths.iter().zip(modules) {
        let expanded = module.requests.expanded(|pattern| {
            let Some((start, end)) = pattern.split_once('*') else { return Vec::new() };
            let Some((folder, prefix)) = start.rsplit_once('/') else { return Vec::new() };
            let Some(below) = join(folder_of(path), folder) else { return Vec::new() };
            let from = paths.partition_point(|path| **path < *below);
            let below = format!("{below}/");
            let inside = paths[from..].iter().filter_map(|path| path.strip_prefix(below.as_str()));
            let meant = inside.filter(|rest| {
                let is_near = !rest.contains('/') || end.contains('/');
                is_near
                    && rest.starts_with(prefix)
                    && (rest.ends_with(end) || stem(rest).ends_with(end))
            });
            meant.take(MOST).map(|rest| format!("{folder}/{rest}")).collect()
        });
        if let Some(expanded) = expanded {
            module.requests = expanded;
        }
    }
}

/// Where the sources of a package are by habit, for a subpath.
fn sources(rest: &str) -> Vec<String> {
    match rest {
        "" => ["src/index", "index", "lib/index", "src/main", "source/index", "main"]
            .map(str::to_owned)
            .into(),
        rest => ["", "src/", "lib/", "source/"].map(|folder| format!("{folder}{rest}")).into(),
    }
}

/// What a `*` of a pattern stands for, if the subpath is of it.
fn matches<'s>(pattern: &str, subpath: &'s str) -> Option<&'s str> {
    match pattern.split_once('*') {
        Some((start, end)) => subpath.strip_prefix(start)?.strip_suffix(end),
        None => (pattern == subpath).then_some(""),
    }
}

/// Whether a specifier may mean a module of the tree and no package from outside.
fn may_be_of_tree(specifier: &str, packages: &Packages) -> bool {
    if specifier.starts_with('.') || specifier.starts_with('#') {
        return true;
    }
    if specifier.contains(':') || specifier.is_empty() {
        return false;
    }
    package_name(specifier).is_none_or(|name| !packages.is_foreign(name))
}

/// A path from a folder; nothing where it leaves the root.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.trim_start_matches('/').split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn without_ending(path: &str) -> &str {
    ENDINGS.iter().rev().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path)
}

/// A file's name without the ending of code.
pub(super) fn stem(name: &str) -> &str {
    without_ending(name)
}

fn options() -> ResolveOptions {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let alias = |from: &str, to: &[&str]| (from.to_owned(), list(to));
    ResolveOptions {
        tsconfig: Some(TsconfigDiscovery::Auto),
        condition_names: list(&["source", "node", "import", "require", "types", "default"]),
        extensions: list(ENDINGS),
        extension_alias: vec![
            alias(".js", &[".ts", ".tsx", ".js", ".jsx", ".d.ts"]),
            alias(".jsx", &[".tsx", ".jsx"]),
            alias(".mjs", &[".mts", ".mjs"]),
            alias(".cjs", &[".cts", ".cjs"]),
        ],
        main_fields: list(&["source", "module", "main", "types"]),
        ..ResolveOptions::default()
    }
}
