//! The packages of the tree itself: names, folders, what they depend on, and the files that they name.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::Path,
};

use serde_json::Value;

use crate::file::folder_of;

/// One `package.json`.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// Its folder, relative to the root; empty for the root.
    pub(super) folder: String,
    pub(super) name: String,
    pub(super) dependencies: HashSet<String>,
    aliases: Vec<(String, String)>,
    /// Files that it names: `main`, `bin`, `exports`, and what its scripts run; relative to the folder.
    pub(super) files: Vec<String>,
    /// Files by the subpath under which they are exported: `.`, `./queue`, `./*`.
    pub(super) exports: Vec<(String, String)>,
}

/// The packages of a tree by their folders.
#[derive(Debug, Default)]
pub(super) struct Packages {
    by_folder: BTreeMap<String, Package>,
    /// Folders by name.
    by_name: BTreeMap<String, String>,
    dependencies: HashSet<String>,
    /// Names under which a package is installed that has another: `"cache": "npm:ioredis@5"`.
    aliases: BTreeMap<String, String>,
}

impl Packages {
    /// Those of the folders of these files, and of the folders above.
    pub(super) fn find<'p>(root: &Path, files: impl Iterator<Item = &'p str>) -> Self {
        let mut folders = BTreeSet::new();
        for file in files {
            let mut folder = folder_of(file);
            while folders.insert(folder) && !folder.is_empty() {
                folder = folder_of(folder);
            }
        }
        folders.insert("");
        let mut found = Self::default();
        for folder in folders {
            let Ok(bytes) = fs::read(root.join(folder).join("package.json")) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let value = serde_json::from_str(text.trim_start_matches('\u{feff}'));
            let package = read(folder, &value.unwrap_or(Value::Null));
            if !package.name.is_empty() {
                found.by_name.insert(package.name.clone(), folder.to_owned());
            }
            found.dependencies.extend(package.dependencies.iter().cloned());
            found.aliases.extend(package.aliases.iter().cloned());
            found.by_folder.insert(folder.to_owned(), package);
        }
        found
    }

    /// The package in whose folder a file is.
    pub(super) fn of(&self, path: &str) -> Option<&Package> {
        let mut folder = folder_of(path);
        loop {
            if let Some(package) = self.by_folder.get(folder) {
                return Some(package);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    /// Whether a folder has a manifest.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        self.by_folder.contains_key(path)
    }

    /// The package of the tree of that name.
    pub(super) fn named(&self, name: &str) -> Option<&Package> {
        self.by_folder.get(self.by_name.get(name)?)
    }

    /// Whether a package of the tree asks for it from outside.
    pub(super) fn is_foreign(&self, name: &str) -> bool {
        self.dependencies.contains(name) && !self.by_name.contains_key(name)
    }

    /// The name of the package that is installed under another.
    pub(super) fn alias(&self, name: &str) -> Option<&str> {
        self.aliases.get(name).map(String::as_str)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Package> {
        self.by_folder.values()
    }
}

fn read(folder: &str, value: &Value) -> Package {
    let mut package = Package {
        folder: folder.to_owned(),
        name: value["name"].as_str().unwrap_or_default().to_owned(),
        ..Package::default()
    };
    for kind in ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] {
        if let Some(asked) = value[kind].as_object() {
            package.dependencies.extend(asked.keys().cloned());
            package.aliases.extend(asked.iter().filter_map(|(name, version)| {
                let real = version.as_str()?.strip_prefix("npm:")?;
                let end = real[1..].find('@').map_or(real.len(), |at| at + 1);
                Some((name.clone(), real[..end].to_owned()))
            }));
        }
    }
    for field in [
        "source",
        "main",
        "module",
        "browser",
        "types",
        "typings",
        "bin",
        "exports",
        "nodemonConfig",
        "pkg",
        "prisma",
        "oclif",
        "jest-worker",
        "imports",
        "sideEffects",
        "serverless",
        "functions",
    ] {
        strings(&value[field], &mut package.files);
    }
    for script in value["scripts"].as_object().into_iter().flat_map(|scripts| scripts.values()) {
        package.files.extend(words(script.as_str().unwrap_or_default()).map(str::to_owned));
    }
    exports(&value["exports"], ".", &mut package.exports);
    for field in ["source", "main", "module", "types", "typings"] {
        if let Some(file) = value[field].as_str() {
            package.exports.push((".".to_owned(), file.to_owned()));
        }
    }
    package
}

/// Words of a command line that may be paths of code.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|end: char| end.is_whitespace() || "\"'`=,:;()[]{}|&<>$".contains(end))
        .filter(|word| word.contains('/') || word.contains('.'))
}

fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.extend(words(text).map(str::to_owned).chain([text.clone()])),
        Value::Array(list) => list.iter().for_each(|one| strings(one, into)),
        Value::Object(map) => map.values().for_each(|one| strings(one, into)),
        _ => {}
    }
}

fn exports(value: &Value, subpath: &str, into: &mut Vec<(String, String)>) {
    match value {
        Value::String(file) => into.push((subpath.to_owned(), file.clone())),
        Value::Array(list) => list.iter().for_each(|one| exports(one, subpath, into)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            exports(value, if key.starts_with('.') { key } else { subpath }, into);
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_files() {
        let package = read(
            "a",
            &serde_json::json!({
                "name": "@acme/a",
                "main": "dist/index.js",
                "exports": { ".": { "import": "./dist/index.mjs" }, "./q": "./dist/q.js" },
                "scripts": { "worker": "node -r dotenv/config dist/worker.js --x" },
                "dependencies": { "ioredis": "5" },
            }),
        );
        assert!(package.files.iter().any(|file| file == "dist/worker.js"));
        assert!(package.exports.contains(&("./q".to_owned(), "./dist/q.js".to_owned())));
        assert!(package.dependencies.contains("ioredis"));
    }
}
