//! `package-lock.json` of version 3: what the manifests ask for no longer goes, with all that was there for it alone.

use std::collections::{BTreeMap, BTreeSet};

use jsonc_parser::ast::{Object, Value};

use crate::apply::{cut::Cut, draft::Draft, json};
use crate::file::folder_of;

/// Sections of a manifest that a lock file repeats.
const SECTIONS: &[&str] =
    &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

type Manifest = serde_json::Map<String, serde_json::Value>;

/// What a manifest asks for after the edits.
fn manifest(draft: &Draft<'_>, path: &str) -> Option<Manifest> {
    let text = draft.after(path)?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

fn names(manifest: &Manifest) -> BTreeSet<&str> {
    let sections = SECTIONS.iter().filter_map(|section| manifest.get(*section)?.as_object());
    sections.flat_map(|section| section.keys()).map(String::as_str).collect()
}

/// The entry of a lock file that repeats a manifest.
fn entry(lock: &str, path: &str) -> String {
    let of = folder_of(lock);
    let folder = folder_of(path);
    folder.strip_prefix(of).unwrap_or(folder).trim_start_matches('/').to_owned()
}

/// Whether a lock file asks for other packages than its manifest.
pub(super) fn is_behind(draft: &Draft<'_>, path: &str, lock: &str) -> bool {
    let Some(manifest) = manifest(draft, path) else { return false };
    let Some(source) = draft.source(lock) else { return false };
    let Some(read) = json::value(&source.file.text) else { return false };
    let repeated = read.get("packages").and_then(|it| it.get(entry(lock, path))?.as_object());
    repeated.is_some_and(|repeated| {
        let (asked, had) = (names(&manifest), names(repeated));
        // Only what the edits are about: a lock file that is behind for other reasons is not ours to mend.
        let ours = |name: &&&str| {
            **name == crate::apply::standin::PACKAGE
                || crate::catalogue::package(crate::catalogue::Ecosystem::Npm, name).is_some()
        };
        asked.symmetric_difference(&had).any(|name| ours(&name))
    })
}

/// Takes out of a lock file what its manifests ask for no longer. It is left to npm where that is not sure.
pub(super) fn prune(draft: &mut Draft<'_>, lock: &str) {
    if draft.is_changed(lock) {
        return;
    }
    let Some(source) = draft.source(lock) else { return };
    let text = &source.file.text;
    let cuts = json::edit(text, |editor, root| cuts(draft, lock, editor, root).unwrap_or_default());
    if let Ok(cuts) = cuts {
        // npm will say what it makes of it.
        let _ = draft.edit(lock, cuts, Vec::new());
    }
}

fn cuts(
    draft: &Draft<'_>,
    lock: &str,
    editor: &json::Editor<'_>,
    root: &Object<'_>,
) -> Option<Vec<Cut>> {
    // Older versions say everything a second time in another shape.
    let packages = root.get_object("packages").filter(|_| root.get("dependencies").is_none())?;
    let folder = lock.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut graph = Graph::default();
    let mut cuts = Vec::new();
    let mut asked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for property in &packages.properties {
        let (path, Value::Object(it)) = (property.name.as_str(), &property.value) else {
            return None;
        };
        graph.entries.insert(path.to_owned(), Entry::of(it));
        if path.contains("node_modules/") {
            continue;
        }
        let file = format!("{folder}{path}/package.json").replace("//", "/");
        let manifest = manifest(draft, file.trim_start_matches('/'))?;
        let kept = names(&manifest).into_iter().map(str::to_owned).collect();
        for section in SECTIONS {
            let Some(repeated) = it.get_object(section) else { continue };
            let of_manifest = manifest.get(*section).and_then(|it| it.as_object());
            let is_gone =
                |name: &str| of_manifest.is_none_or(|section| !section.contains_key(name));
            cuts.extend(editor.without(repeated, &is_gone));
        }
        asked.insert(path.to_owned(), kept);
    }
    let before = graph.reached(&BTreeMap::new());
    let after = graph.reached(&asked);
    let is_gone = |path: &str| before.contains(path) && !after.contains(path);
    cuts.extend(editor.without(packages, &is_gone));
    Some(cuts)
}

#[derive(Default)]
struct Graph {
    entries: BTreeMap<String, Entry>,
}

/// What a package asks for.
struct Entry {
    asks: BTreeSet<String>,
    /// Of those, what is only needed while it is developed.
    develops: BTreeSet<String>,
    /// Where a link leads.
    leads: Option<String>,
}

impl Entry {
    fn of(it: &Object<'_>) -> Self {
        let section = |name: &str| -> BTreeSet<String> {
            let names = it
                .get_object(name)
                .map(|it| it.properties.iter().map(|it| it.name.as_str().to_owned()));
            names.into_iter().flatten().collect()
        };
        let optional = |name: &String| {
            let meta = it.get_object("peerDependenciesMeta").and_then(|meta| meta.get_object(name));
            meta.is_some_and(|meta| meta.get("optional").is_some())
        };
        let mut asks = section("dependencies");
        asks.extend(section("optionalDependencies"));
        asks.extend(section("peerDependencies").into_iter().filter(|name| !optional(name)));
        let leads = it.get("link").and_then(|_| it.get_string("resolved"));
        Self {
            asks,
            develops: section("devDependencies"),
            leads: leads.map(|it| it.value.to_string()),
        }
    }
}

impl Graph {
    /// The packages that are reached from those of the tree itself; what these ask for is told by `asked` where that has it.
    fn reached(&self, asked: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&str> {
        let own = self.entries.keys().filter(|path| !path.contains("node_modules/"));
        let mut todo: Vec<&str> = own.map(String::as_str).collect();
        let mut reached = BTreeSet::new();
        while let Some(path) = todo.pop() {
            if !reached.insert(path) {
                continue;
            }
            let Some(entry) = self.entries.get(path) else { continue };
            todo.extend(
                entry
                    .leads
                    .as_ref()
                    .and_then(|leads| self.entries.get_key_value(leads))
                    .map(|(path, _)| path.as_str()),
            );
            let is_own = !path.contains("node_modules/");
            let develops = entry.develops.iter().filter(|_| is_own);
            for name in entry.asks.iter().chain(develops) {
                if asked.get(path).is_none_or(|asked| asked.contains(name)) {
                    todo.extend(self.resolve(path, name));
                }
            }
        }
        reached
    }

    /// The package that a name means for who is at a path: the nearest one.
    fn resolve(&self, from: &str, name: &str) -> Option<&str> {
        let mut at = from;
        loop {
            let path = if at.is_empty() {
                format!("node_modules/{name}")
            } else {
                format!("{at}/node_modules/{name}")
            };
            if let Some((found, _)) = self.entries.get_key_value(&path) {
                return Some(found);
            }
            if at.is_empty() {
                return None;
            }
            at = at.rfind('/').map_or("", |slash| &at[..slash]);
        }
    }
}
