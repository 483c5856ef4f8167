//! The modules of a tree that have to do with Redis, and how they lead to each other.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::PathBuf,
    rc::Rc,
};

use oxc_resolver::{ResolveOptions, Resolver, TsconfigDiscovery};

use super::{
    facts::{Declared, Facts, Form},
    read,
};
use crate::{
    apply::{
        draft::{Draft, Source},
        mention,
        standin::{self, StandIn},
    },
    finding::{Kind, Life},
    life,
};

/// Re-exports are followed so far.
const FARTHEST: usize = 16;

/// Endings of modules that are read.
const READ: &[&str] = &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"];

/// Endings of files that hold code and are not read.
const UNREAD: &[&str] = &["vue", "svelte", "astro", "mdx"];

/// A module, and what it says.
pub(super) struct Module {
    pub(super) path: String,
    pub(super) source: Rc<Source>,
    pub(super) facts: Facts,
    /// Whether it is not to be edited: a test, what tells what was, what git does not track.
    pub(super) is_frozen: bool,
    /// By the number of the import: the module that it leads to.
    pub(super) leads: Vec<Option<usize>>,
}

/// Where a name comes from in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A symbol of a module of the tree.
    Symbol(usize, usize),
    /// A name of a library that something stands in for; `*` for all of it.
    Library(&'static str, String),
}

pub(super) struct Project {
    pub(super) modules: Vec<Module>,
    /// Code that may use anything and was not read: what others have a right to ask for.
    pub(super) unread: Vec<String>,
}

pub(in crate::apply) fn is_code(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    READ.contains(&extension) || UNREAD.contains(&extension)
}

impl Project {
    pub(super) fn load(draft: &Draft<'_>) -> Self {
        let of_code = |kind| {
            !matches!(kind, Kind::Backup | Kind::Mention | Kind::Package | Kind::LockedPackage)
        };
        let mut paths = BTreeSet::new();
        for finding in draft.findings().filter(|finding| of_code(finding.kind)) {
            paths.insert(finding.place.path.clone());
        }
        let mentioned = paths.iter().flat_map(|path| draft.mentions.of(mention::stem(path)));
        let libraries = standin::all().iter().flat_map(|it| draft.mentions.of(&it.library));
        let near: Vec<_> = mentioned.chain(libraries).map(ToString::to_string).collect();
        paths.extend(near);
        let (mut modules, mut unread) = (Vec::new(), Vec::new());
        for path in paths {
            if !is_code(&path) || draft.is_deleted(&path) || life::of(&path).0 == Life::Dormant {
                continue;
            }
            let Some(source) = draft.source(&path) else { continue };
            match read::read(&path, &source.file.text) {
                Ok(facts) => {
                    let is_frozen =
                        life::of(&path).0 != Life::Live || draft.refusal(&path).is_some();
                    modules.push(Module { path, source, facts, is_frozen, leads: Vec::new() });
                }
                Err(_) => unread.push(path),
            }
        }
        let mut project = Self { modules, unread };
        project.resolve(draft);
        project
    }

    fn resolve(&mut self, draft: &Draft<'_>) {
        let Ok(root) = fs::canonicalize(draft.root) else { return };
        let resolver = resolver();
        let by_path: HashMap<PathBuf, usize> = self
            .modules
            .iter()
            .enumerate()
            .map(|(index, it)| (root.join(&it.path), index))
            .collect();
        for module in &mut self.modules {
            let file = root.join(&module.path);
            let lead = |import: &super::facts::Import| {
                // A package of others leads out of the tree; one of a workspace leads back into it.
                let found = resolver.resolve_file(&file, &import.source).ok()?;
                by_path.get(found.path()).copied()
            };
            module.leads = module.facts.imports.iter().map(lead).collect();
        }
    }

    pub(super) fn find(&self, path: &str) -> Option<usize> {
        self.modules.iter().position(|module| module.path == path)
    }

    /// Where a symbol of a module comes from.
    pub(super) fn origin(&self, module: usize, symbol: usize) -> Option<Origin> {
        self.origin_within(module, symbol, FARTHEST)
    }

    fn origin_within(&self, module: usize, symbol: usize, left: usize) -> Option<Origin> {
        let left = left.checked_sub(1)?;
        match &self.modules[module].facts.symbols[symbol].declared {
            Declared::Import(import, name) => {
                let name = &self.modules[module].facts.imports[*import].names[*name].name;
                self.imported(module, *import, name, left)
            }
            _ => Some(Origin::Symbol(module, symbol)),
        }
    }

    /// Where a name comes from that a module imports.
    fn imported(&self, module: usize, import: usize, name: &str, left: usize) -> Option<Origin> {
        let left = left.checked_sub(1)?;
        let asked = &self.modules[module].facts.imports[import];
        if let Some(stand_in) = standin::of(&asked.source) {
            return Some(Origin::Library(&stand_in.library, name.to_owned()));
        }
        self.exported(self.modules[module].leads[import]?, name, left)
    }

    /// Where a name comes from that a module exports.
    pub(super) fn exported(&self, module: usize, name: &str, left: usize) -> Option<Origin> {
        let left = left.checked_sub(1)?;
        let facts = &self.modules[module].facts;
        if let Some(export) = facts.exports.iter().find(|export| export.name == name) {
            return self.origin_within(module, export.symbol, left);
        }
        for (index, import) in facts.imports.iter().enumerate() {
            for it in &import.names {
                match import.form {
                    Form::ReExport if it.exported.as_deref() == Some(name) => {
                        return self.imported(module, index, &it.name, left);
                    }
                    Form::All if it.exported.is_none() && name != "default" => {
                        let found = self.imported(module, index, name, left);
                        // A library is not asked whether it has the name.
                        if found.is_some() {
                            return found;
                        }
                    }
                    _ => {}
                }
            }
        }
        None
    }

    /// What stands in for a symbol, or for a member of it: the stand-in, and the name there.
    pub(super) fn library(
        &self,
        module: usize,
        symbol: usize,
        member: Option<&str>,
    ) -> Option<(&'static StandIn, String)> {
        let Some(Origin::Library(library, name)) = self.origin(module, symbol) else { return None };
        let name = match (name.as_str(), member) {
            ("*" | "default", Some(member)) => member.to_owned(),
            ("*", None) => "default".to_owned(),
            (_, None) => name,
            (_, Some(_)) => return None,
        };
        Some((standin::of(library)?, name))
    }
}

fn resolver() -> Resolver {
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    Resolver::new(ResolveOptions {
        tsconfig: Some(TsconfigDiscovery::Auto),
        extensions: all(&[
            ".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".json",
        ]),
        extension_alias: vec![
            (".js".to_owned(), all(&[".ts", ".tsx", ".js", ".jsx"])),
            (".jsx".to_owned(), all(&[".tsx", ".jsx"])),
            (".mjs".to_owned(), all(&[".mts", ".mjs"])),
            (".cjs".to_owned(), all(&[".cts", ".cjs"])),
        ],
        condition_names: all(&["node", "import", "require", "types", "default"]),
        ..ResolveOptions::default()
    })
}
