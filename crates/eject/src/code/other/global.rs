//! Namespaces that all files of a project of .NET see, by a `global using` of one of them or by the project's own file:
//! who is in the project is read again with them.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
    sync::LazyLock,
};

use regex::Regex;

use super::{
    import::{Import, c_sharp},
    judge::{Around, is_called_after},
    known,
    language::Language,
    resolve::Tree,
    words::number,
};
use crate::{
    catalogue::{self, Ecosystem},
    file::folder_of,
};

/// `<Using Include="StackExchange.Redis" />`
static USING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<Using\s+Include="([\w.]+)""#).expect("it is valid"));

/// Reads the files of the projects that see a package so again.
pub(super) fn read(tree: &mut Tree) {
    let files: Vec<usize> = (0..tree.modules.len())
        .filter(|index| tree.modules[*index].language == Some(Language::CSharp))
        .collect();
    let mut said = HashMap::new();
    let projects: Vec<String> = files
        .iter()
        .map(|index| project_of(&tree.root, &tree.paths[*index], &mut said).to_owned())
        .collect();
    let mut global: HashMap<String, Vec<Import>> =
        said.into_iter().filter_map(|(folder, said)| Some((folder, said?))).collect();
    for (index, project) in files.iter().zip(&projects) {
        let module = &tree.modules[*index];
        let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
        let is_named = |import: &Import| import.alias != "*" && import.path.contains('.');
        let is_seen = |import: &&Import| import.is_public && (is_known(import) || is_named(import));
        let seen = imports.iter().filter(is_seen);
        global.entry(project.clone()).or_default().extend(seen.cloned());
    }
    tree.seen = seen(tree, &files, &projects);
    let own = own(tree, &files);
    let around = |global| Around { global, own: &own, ..Around::default() };
    let of_projects =
        files.iter().zip(&projects).map(|(index, project)| (*index, &global[project]));
    let files: Vec<_> = of_projects
        .filter(|(index, global)| global.iter().any(is_known) || has_own(tree, *index, &own))
        .map(|(index, global)| (index, around(global)))
        .collect();
    tree.parse(&files);
}

/// The namespaces of the tree's own that a file of a project brings to all of its files: `global using Shop.Caching;`.
fn seen(tree: &Tree, files: &[usize], projects: &[String]) -> Vec<(String, String)> {
    let of_files = files.iter().zip(projects).flat_map(|(index, project)| {
        let module = &tree.modules[*index];
        let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
        let brought = imports.iter().filter(|of| of.is_public && of.alias == "*" && !is_known(of));
        brought.map(|import| (project.clone(), import.path.clone()))
    });
    of_files.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The types of the tree that are called after the store: `RedisKeys`.
fn own(tree: &Tree, files: &[usize]) -> Vec<String> {
    let judged = files.iter().filter_map(|index| tree.modules[*index].judged.as_ref());
    let types = judged.flat_map(|judged| judged.definitions.iter().filter(|of| of.is_type));
    let named: BTreeSet<_> = types
        .filter(|of| is_called_after(&of.name) || known::is_type(&of.name))
        .map(|of| of.name.clone())
        .collect();
    named.into_iter().collect()
}

/// Whether a file takes all names of a package in, and has one that is of the tree.
fn has_own(tree: &Tree, index: usize, own: &[String]) -> bool {
    let Some(judged) = &tree.modules[index].judged else { return false };
    judged.imports.iter().any(is_known)
        && own.iter().any(|name| judged.first.contains_key(&number(name)))
}

/// What projects say that all of their files see, by their folders; nothing of a folder that has none.
type Said = HashMap<String, Option<Vec<Import>>>;

/// The folder of the project that a file is of, or its own where there is none.
fn project_of<'p>(root: &Path, path: &'p str, said: &mut Said) -> &'p str {
    let own = folder_of(path);
    let mut folder = own;
    loop {
        let here = said.entry(folder.to_owned()).or_insert_with(|| read_project(root, folder));
        if here.is_some() {
            return folder;
        }
        if folder.is_empty() {
            return own;
        }
        folder = folder_of(folder);
    }
}

fn read_project(root: &Path, folder: &str) -> Option<Vec<Import>> {
    let listed = fs::read_dir(root.join(folder)).ok()?.flatten().map(|entry| entry.path());
    let mut files =
        listed.filter(|path| path.extension().is_some_and(|ending| ending == "csproj")).peekable();
    files.peek()?;
    let mut imports = Vec::new();
    for text in files.filter_map(|file| fs::read(file).ok()) {
        for found in USING.captures_iter(&String::from_utf8_lossy(&text)) {
            c_sharp(&format!("global using {};", &found[1]), &mut imports);
        }
    }
    imports.retain(is_known);
    Some(imports)
}

/// Whether it is of a package that matters.
fn is_known(import: &Import) -> bool {
    catalogue::imported(Ecosystem::Nuget, &import.path).is_some()
}
