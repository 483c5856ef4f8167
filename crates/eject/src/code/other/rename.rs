//! Crates that a manifest gives another name: who imports them is read again with it.

use super::{judge::Around, language::Language, resolve::Tree};
use crate::file::{folder_of, is_below};

/// Reads the files of Rust again that have such a name.
pub(super) fn read(tree: &mut Tree) {
    let renames: Vec<(String, Vec<(String, String)>)> = tree
        .paths
        .iter()
        .zip(&tree.modules)
        .filter(|(_, module)| !module.renames.is_empty())
        .map(|(path, module)| (folder_of(path).to_owned(), module.renames.clone()))
        .collect();
    if renames.is_empty() {
        return;
    }
    let of_rust = tree.paths.iter().zip(&tree.modules).enumerate();
    let of_rust = of_rust.filter(|(_, (_, module))| module.language == Some(Language::Rust));
    let renamed: Vec<(usize, Vec<(String, String)>)> = of_rust
        .map(|(index, (path, module))| {
            let around = renames.iter().filter(|(folder, _)| is_below(path, folder));
            let here = around.flat_map(|(_, of)| of);
            (index, here.filter(|(alias, _)| module.words.has(alias)).cloned().collect())
        })
        .filter(|(_, here): &(_, Vec<_>)| !here.is_empty())
        .collect();
    let around = |renames| Around { renames, ..Around::default() };
    let files: Vec<_> = renamed.iter().map(|(index, here)| (*index, around(here))).collect();
    tree.parse(&files);
}
