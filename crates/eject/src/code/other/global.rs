//! Namespaces that all files of a project of .NET see, by a `global using` of one of them or by the project's own file:
//! who is in the project is read again with them.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    sync::LazyLock,
};

use regex::Regex;

use super::{
    import::{Import, c_sharp},
    judge::{self, Around},
    language::Language,
    resolve::Tree,
};
use crate::{
    catalogue::{self, Ecosystem},
    file::File,
};

/// `<Using Include="StackExchange.Redis" />`
static USING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<Using\s+Include="([\w.]+)""#).expect("it is valid"));

/// Reads the files of the projects that see a package so again.
pub(super) fn read(tree: &mut Tree) {
    let files: Vec<usize> = (0..tree.modules.len())
        .filter(|index| tree.modules[*index].language == Some(Language::CSharp))
        .collect();
    let mut projects = Projects { root: &tree.root, by_folder: HashMap::new() };
    let project_of: Vec<String> =
        files.iter().map(|index| projects.of(&tree.paths[*index])).collect();
    let mut global: BTreeMap<&str, Vec<Import>> = BTreeMap::new();
    for (index, project) in files.iter().zip(&project_of) {
        let module = &tree.modules[*index];
        let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
        let seen = global.entry(project).or_insert_with(|| said(&tree.root, project));
        seen.extend(imports.iter().filter(|import| import.is_public && is_known(import)).cloned());
    }
    global.retain(|_, imports| !imports.is_empty());
    for (index, project) in files.iter().zip(&project_of) {
        let Some(global) = global.get(project.as_str()) else { continue };
        let path = tree.paths[*index].clone();
        let Ok(bytes) = fs::read(tree.root.join(&*path)) else { continue };
        let around = Around { global, ..Around::default() };
        let judged = judge::read(&File::new(path, bytes), Language::CSharp, around);
        tree.modules[*index].judged = judged.map(Box::new);
    }
}

/// The folders that have a project.
struct Projects<'a> {
    root: &'a Path,
    by_folder: HashMap<String, bool>,
}

impl Projects<'_> {
    /// The folder of the project that a file is of, or its own where there is none.
    fn of(&mut self, path: &str) -> String {
        let own = parent(path);
        let mut folder = own;
        loop {
            let root = self.root;
            let is_one = self
                .by_folder
                .entry(folder.to_owned())
                .or_insert_with(|| files(root, folder).next().is_some());
            if *is_one {
                return folder.to_owned();
            }
            if folder.is_empty() {
                return own.to_owned();
            }
            folder = parent(folder);
        }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The files of a folder that are projects.
fn files(root: &Path, folder: &str) -> impl Iterator<Item = fs::DirEntry> {
    let listed = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    listed.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "csproj"))
}

/// What a project's file says that all of its files see.
fn said(root: &Path, folder: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    for entry in files(root, folder) {
        let Ok(bytes) = fs::read(entry.path()) else { continue };
        for found in USING.captures_iter(&String::from_utf8_lossy(&bytes)) {
            c_sharp(&format!("global using {};", &found[1]), &mut imports);
        }
    }
    imports.retain(is_known);
    imports
}

/// Whether it is of a package that matters.
fn is_known(import: &Import) -> bool {
    catalogue::imported(Ecosystem::Nuget, &import.path).is_some()
}
