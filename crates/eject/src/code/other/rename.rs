//! Crates that a manifest gives another name: who imports them is read again with it.

use std::fs;

use super::{
    judge::{self, Around},
    language::Language,
    resolve::Tree,
};
use crate::file::File;

/// Reads the files of Rust again that have such a name.
pub(super) fn read(tree: &mut Tree) {
    let renames: Vec<(String, Vec<(String, String)>)> = tree
        .paths
        .iter()
        .zip(&tree.modules)
        .filter(|(_, module)| !module.renames.is_empty())
        .map(|(path, module)| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            (folder.to_owned(), module.renames.clone())
        })
        .collect();
    if renames.is_empty() {
        return;
    }
    for index in 0..tree.modules.len() {
        let (path, module) = (tree.paths[index].clone(), &tree.modules[index]);
        if module.language != Some(Language::Rust) {
            continue;
        }
        let is_below = |folder: &str| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        let here = renames.iter().filter(|(folder, _)| is_below(folder)).flat_map(|(_, of)| of);
        let here: Vec<_> = here.filter(|(alias, _)| module.words.has(alias)).cloned().collect();
        if here.is_empty() {
            continue;
        }
        let Ok(bytes) = fs::read(tree.root.join(&*path)) else { continue };
        let around = Around { renames: &here, ..Around::default() };
        let judged = judge::read(&File::new(path, bytes), Language::Rust, around);
        tree.modules[index].judged = judged.map(Box::new);
    }
}
