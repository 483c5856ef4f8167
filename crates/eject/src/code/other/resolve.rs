//! Which file of the tree an import leads to, by the rules of each language.

use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map::Entry},
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    Module,
    import::Import,
    judge::{self, Around, Judged},
    known,
    language::Language,
};
use crate::{
    catalogue::{self, Ecosystem},
    file::{File, folder_of, is_below},
    finding::{Place, RelativePath, Sighting},
};

/// Namespaces of C# in which services put their own methods, and which projects of the web take in unasked.
const GIVEN: &[&str] = &[
    "Microsoft.Extensions.DependencyInjection",
    "Microsoft.AspNetCore.Builder",
    "Microsoft.Extensions.Hosting",
];

/// The files of a tree, and how they find each other.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: PathBuf,
    pub(super) paths: Vec<RelativePath>,
    pub(super) modules: Vec<Module>,
    /// Files of Python and of Rust by the last name of their module.
    by_stem: HashMap<String, Vec<usize>>,
    /// Files by the folder they are in.
    by_folder: HashMap<String, Vec<usize>>,
    /// Folders by the path that their `go.mod` or `Cargo.toml` declares.
    declared: BTreeMap<String, Vec<String>>,
    /// Files by the package or the namespace they declare.
    by_namespace: HashMap<String, Vec<usize>>,
    /// Namespaces of the tree's own that all files in a folder see.
    pub(super) seen: Vec<(String, String)>,
    /// What was found while the files were put together.
    pub(super) found: Vec<(RelativePath, Sighting)>,
}

impl Tree {
    pub(super) fn new(root: &Path, files: Vec<(RelativePath, Module)>) -> Self {
        let (paths, modules): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let mut tree = Self {
            root: root.to_owned(),
            paths,
            modules,
            by_stem: HashMap::new(),
            by_folder: HashMap::new(),
            declared: BTreeMap::new(),
            by_namespace: HashMap::new(),
            seen: Vec::new(),
            found: Vec::new(),
        };
        for index in 0..tree.modules.len() {
            tree.index(index);
        }
        tree
    }

    fn index(&mut self, index: usize) {
        let path = self.paths[index].clone();
        let module = &self.modules[index];
        let folder = folder_of(&path);
        if let Some(declared) = &module.declares {
            self.declared.entry(declared.clone()).or_default().push(folder.to_owned());
        }
        match module.language {
            Some(Language::Python | Language::Rust | Language::Ruby | Language::Php) => {
                let stem = module_path(&path).rsplit('/').next().unwrap_or_default().to_owned();
                self.by_stem.entry(stem).or_default().push(index);
            }
            Some(Language::Go) => self.by_folder.entry(folder.to_owned()).or_default().push(index),
            _ => {}
        }
        if let Some(judged) = &module.judged {
            let namespace = judged.namespace.clone();
            self.by_namespace.entry(namespace).or_default().push(index);
        }
    }

    /// Parses files, each with what is said elsewhere for it; those that were parsed, again.
    pub(super) fn parse(&mut self, files: &[(usize, Around<'_>)]) {
        let judged: Vec<(usize, Judged)> = files
            .par_iter()
            .filter_map(|&(index, around)| {
                let language = self.modules[index].language?;
                let bytes = fs::read(self.root.join(&*self.paths[index])).ok()?;
                let file = File::new(self.paths[index].clone(), bytes);
                Some((index, judge::read(&file, language, around)?))
            })
            .collect();
        for (index, judged) in judged {
            let known = &mut self.modules[index].judged;
            if known.is_none() {
                self.by_namespace.entry(judged.namespace.clone()).or_default().push(index);
            }
            *known = Some(Box::new(judged));
        }
    }

    /// The files to which an import of a file may lead, and the name that is taken from them; nothing where
    /// the module itself is taken.
    pub(super) fn targets(&self, from: usize, import: &Import) -> Vec<(usize, Option<String>)> {
        match self.modules[from].language {
            Some(Language::Python) => self.python(from, import),
            Some(Language::Go) => {
                let folder = self
                    .go_folder(&import.path)
                    .or_else(|| self.go_folder_by_place(from, &import.path));
                let files = folder.and_then(|folder| self.by_folder.get(&folder));
                files.into_iter().flatten().map(|&index| (index, None)).collect()
            }
            Some(Language::Rust) => self.rust(from, import),
            Some(Language::Ruby) => {
                let file = self.file(from, &import.path);
                file.map(|index| (index, Some("*".to_owned()))).into_iter().collect()
            }
            Some(Language::Php) if import.path.starts_with("./") => {
                let file = self.file(from, &import.path);
                file.map(|index| (index, Some("*".to_owned()))).into_iter().collect()
            }
            Some(Language::Java | Language::Kotlin | Language::Php) => {
                let of = |namespace: &str| self.by_namespace.get(namespace).into_iter().flatten();
                let name = import.name.clone().filter(|name| name != "*");
                of(&import.path).map(|&index| (index, name.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether one of the files declares a namespace.
    pub(super) fn is_of_one(&self, namespace: &str, files: &HashSet<usize>) -> bool {
        let of = self.by_namespace.get(namespace);
        of.is_some_and(|all| all.iter().any(|file| files.contains(file)))
    }

    /// The files that see each other's names without an import.
    pub(super) fn sees(&self, from: usize, to: usize) -> bool {
        let folder = |index: usize| folder_of(&self.paths[index]);
        let (module, other) = (&self.modules[from], &self.modules[to]);
        let namespace =
            |module: &Module| module.judged.as_ref().map(|judged| judged.namespace.clone());
        match module.language {
            Some(Language::Go) => folder(from) == folder(to),
            Some(Language::Ruby) => true,
            Some(Language::Java | Language::Kotlin | Language::Php) => {
                namespace(module) == namespace(other)
            }
            Some(Language::CSharp) => {
                let (Some(here), Some(there)) = (namespace(module), namespace(other)) else {
                    return false;
                };
                let used = module
                    .judged
                    .as_ref()
                    .is_some_and(|judged| judged.imports.iter().any(|import| import.path == there));
                let is_in = |of: &str| is_below(&self.paths[from], of);
                let is_seen = || self.seen.iter().any(|(of, seen)| *seen == there && is_in(of));
                let is_given = GIVEN.contains(&&*there) || is_seen();
                used || is_given
                    || there.is_empty()
                    || here == there
                    || here.starts_with(&format!("{there}."))
            }
            _ => false,
        }
    }

    /// The place of the `using` by which a file sees the names of another; nothing where it needs none.
    pub(super) fn using(&self, from: usize, to: usize) -> Option<&(Place, Range<usize>)> {
        let module = &self.modules[from];
        let judged =
            module.judged.as_ref().filter(|_| module.language == Some(Language::CSharp))?;
        let there = &self.modules[to].judged.as_ref()?.namespace;
        let at = judged.imports.iter().position(|import| import.path == *there)?;
        judged.places.get(at)
    }

    fn python(&self, from: usize, import: &Import) -> Vec<(usize, Option<String>)> {
        let mut found = Vec::new();
        // What is taken may be a module itself, or a name of one.
        if let Some(name) = import.name.as_ref().filter(|name| *name != "*") {
            let full = import.full();
            found.extend(self.python_module(from, &full).map(|index| (index, None)));
            found.extend(
                self.python_module(from, &import.path).map(|index| (index, Some(name.clone()))),
            );
        } else {
            let name = import.name.clone();
            found.extend(self.python_module(from, &import.path).map(|index| (index, name)));
        }
        found.retain(|&(index, _)| index != from);
        found
    }

    /// The file of a module: that of the nearest folder from which it may be imported.
    fn python_module(&self, from: usize, dotted: &str) -> Option<usize> {
        let folder = folder_of(&self.paths[from]);
        let dots = dotted.len() - dotted.trim_start_matches('.').len();
        let rest = dotted[dots..].replace('.', "/");
        if dots > 0 {
            let mut base = folder;
            for _ in 1..dots {
                base = folder_of(base);
            }
            let wanted = [base, &rest].into_iter().filter(|part| !part.is_empty());
            let wanted = wanted.collect::<Vec<_>>().join("/");
            let stem = wanted.rsplit('/').next().unwrap_or_default();
            let all = self.by_stem.get(stem)?;
            return all.iter().copied().find(|&index| module_path(&self.paths[index]) == wanted);
        }
        let stem = rest.rsplit('/').next().unwrap_or_default();
        if !rest.contains('/') && known::is_standard(stem) {
            return None;
        }
        let all = self.by_stem.get(stem)?.iter().copied();
        let ends = all.filter_map(|index| {
            let path = module_path(&self.paths[index]);
            let before = path.strip_suffix(&rest)?;
            // Within a package nothing is imported without the package's name, but from where Django is started.
            let starts = || self.has_module(before, "manage");
            let is_root =
                before.ends_with('/') && (!self.has_module(before, "__init__") || starts());
            let is_root = is_root || before.is_empty();
            is_root.then(|| (index, before.trim_end_matches('/').to_owned()))
        });
        let ends: Vec<_> = ends
            .filter(|(index, _)| self.modules[*index].language == Some(Language::Python))
            .collect();
        let is_around = |root: &str| folder == root || is_below(folder, root);
        let source = |root: &str| {
            let (parent, last) = root.rsplit_once('/').unwrap_or(("", root));
            ["src", "lib", "python", "app", "backend", "server"].contains(&last)
                && is_around(parent)
        };
        let near = ends.iter().filter(|(_, root)| is_around(root) || source(root));
        let nearest = near.max_by_key(|(_, root)| root.len());
        nearest
            .or_else(|| ends.first().filter(|_| ends.len() == 1 && rest.contains('/')))
            .map(|(index, _)| *index)
    }

    /// Whether a folder, with `/` at its end, has a module of Python.
    fn has_module(&self, folder: &str, module: &str) -> bool {
        let named =
            if module == "__init__" { last_part(folder.trim_end_matches('/')) } else { module };
        let all = self.by_stem.get(named).into_iter().flatten();
        all.into_iter().any(|&index| {
            let rest = self.paths[index].strip_prefix(folder);
            rest.is_some_and(|rest| rest.strip_suffix(".py") == Some(module))
        })
    }

    /// The file that Ruby or PHP loads: beside who names it, or in a folder of what is loaded.
    fn file(&self, from: usize, file: &str) -> Option<usize> {
        let stem = file.rsplit('/').next()?;
        let all = self.by_stem.get(stem)?.iter().copied();
        let all = all.filter(|&index| {
            index != from && self.modules[index].language == self.modules[from].language
        });
        let mut named = all.map(|index| (index, module_path(&self.paths[index])));
        if let Some(rest) = file.strip_prefix("./") {
            let mut wanted: Vec<&str> = self.paths[from].split('/').collect();
            wanted.pop();
            for part in rest.split('/').filter(|part| *part != ".") {
                match part {
                    ".." => _ = wanted.pop(),
                    part => wanted.push(part),
                }
            }
            let wanted = wanted.join("/");
            return named.find(|(_, path)| *path == wanted).map(|(index, _)| index);
        }
        let mut named = named.filter(|(_, path)| {
            let before = path.strip_suffix(file).map(|before| before.trim_end_matches('/'));
            before.is_some_and(|before| {
                path.len() == file.len() || matches!(last_part(before), "lib" | "app")
            })
        });
        named.next().map(|(index, _)| index)
    }

    /// The files that a file of Ruby or PHP loads, by itself and by what it loads: by which of its imports, and whether at once.
    pub(super) fn loaded(&self, index: usize) -> HashMap<usize, (usize, bool)> {
        let mut found = HashMap::new();
        let imports = |index: usize| {
            let module = &self.modules[index];
            module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports)
        };
        let at_once: Vec<(usize, usize)> = imports(index)
            .iter()
            .enumerate()
            .filter_map(|(at, import)| Some((self.file(index, &import.path)?, at)))
            .collect();
        for &(target, at) in &at_once {
            found.entry(target).or_insert((at, true));
        }
        for (target, at) in at_once {
            let mut open = vec![target];
            while let Some(next) = open.pop() {
                for import in imports(next) {
                    let Some(file) = self.file(next, &import.path).filter(|of| *of != index) else {
                        continue;
                    };
                    if let Entry::Vacant(entry) = found.entry(file) {
                        entry.insert((at, false));
                        open.push(file);
                    }
                }
            }
        }
        found
    }

    /// The folder of a Go package.
    fn go_folder(&self, path: &str) -> Option<String> {
        let mut rest = path;
        loop {
            if let Some(folders) = self.declared.get(rest) {
                let below = path[rest.len()..].trim_start_matches('/');
                let parts = [&*folders[0], below].into_iter().filter(|part| !part.is_empty());
                return Some(parts.collect::<Vec<_>>().join("/"));
            }
            rest = rest.rsplit_once('/')?.0;
        }
    }

    /// The folder of a Go package of a tree without `go.mod`, whose repository is where its path says:
    /// `github.com/owner/name/below`.
    fn go_folder_by_place(&self, from: usize, path: &str) -> Option<String> {
        let has_modules = self.declared.keys().any(|name| name.contains('/'));
        let below = path.splitn(4, '/').nth(3)?;
        let is_foreign = !path.contains('.') || catalogue::imported(Ecosystem::Go, path).is_some();
        if has_modules || is_foreign {
            return None;
        }
        let mut root = folder_of(&self.paths[from]);
        loop {
            let folder = [root, below].into_iter().filter(|part| !part.is_empty());
            let folder = folder.collect::<Vec<_>>().join("/");
            if self.by_folder.contains_key(&folder) {
                return Some(folder);
            }
            if root.is_empty() {
                return None;
            }
            root = folder_of(root);
        }
    }

    fn rust(&self, from: usize, import: &Import) -> Vec<(usize, Option<String>)> {
        let here = &self.paths[from];
        let home = self.crate_of(here);
        let full = import.full();
        let mut parts: Vec<&str> = full.split('.').filter(|part| !part.is_empty()).collect();
        let mut base = match parts.first().copied() {
            Some("crate") => home.clone(),
            Some("self" | "super") => module_path(here),
            Some(name) => {
                if let Some(folders) = self.declared.get(name) {
                    join(&folders[0], "src")
                } else {
                    // A module beside this one or below it, without `self`.
                    parts.insert(0, "self");
                    module_path(here)
                }
            }
            None => return Vec::new(),
        };
        let mut rest = &parts[1..];
        if parts[0] == "super" {
            base = folder_of(&base).to_owned();
        }
        while let Some((&"super", after)) = rest.split_first() {
            base = folder_of(&base).to_owned();
            rest = after;
        }
        let mut found = Vec::new();
        // The longest path that is a file; what follows is a name in it.
        for length in (0..=rest.len()).rev() {
            let path = rest[..length].iter().fold(base.clone(), |base, part| join(&base, part));
            let stem = path.rsplit('/').next().unwrap_or_default();
            let file = self.by_stem.get(stem).and_then(|all| {
                let is_it = |&&index: &&usize| {
                    let module = module_path(&self.paths[index]);
                    module == path && self.modules[index].language == Some(Language::Rust)
                };
                all.iter().find(is_it).copied()
            });
            if let Some(index) = file.filter(|&index| index != from) {
                found.push((index, rest.get(length).map(|name| (*name).to_owned())));
                break;
            }
        }
        found
    }

    /// The folder of the sources of the crate in which a file is.
    fn crate_of(&self, path: &str) -> String {
        let mut folder = folder_of(path);
        let roots: Vec<&String> = self.declared.values().flatten().collect();
        loop {
            if roots.iter().any(|root| *root == folder) {
                return join(folder, "src");
            }
            match folder.rsplit_once('/') {
                Some((parent, _)) => folder = parent,
                None if folder.is_empty() => return "src".to_owned(),
                None => folder = "",
            }
        }
    }

    /// All that was seen: by who read the files, and by who put them together.
    pub(super) fn into_sightings(self) -> Vec<(RelativePath, Sighting)> {
        let mut all = self.found;
        for (path, module) in self.paths.into_iter().zip(self.modules) {
            let judged = module.judged.map(|judged| judged.sightings).unwrap_or_default();
            let of_file = module.lines.into_iter().chain(judged);
            all.extend(of_file.map(|sighting| (path.clone(), sighting)));
        }
        all
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The path of a module without what its file is called by: `a/b` of `a/b.py`, `a/b/__init__.py`, `a/b/mod.rs`.
pub(super) fn module_path(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let own: &[&str] = if path.ends_with(".rs") { &["mod", "lib", "main"] } else { &["__init__"] };
    match stem.rsplit_once('/') {
        Some((folder, name)) if own.contains(&name) => folder.to_owned(),
        _ => stem.to_owned(),
    }
}
