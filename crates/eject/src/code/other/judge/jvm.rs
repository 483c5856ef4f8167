//! What Java and Kotlin ask of a library that is on the store by what another file makes: buckets of Bucket4j.

use std::sync::LazyLock;

use regex::Regex;

use super::{Condition, Reading, client::Known};
use crate::{
    catalogue,
    code::other::{
        known,
        language::Language,
        source::{Binding, Call},
    },
    file::File,
    finding::Purpose,
};

/// `interface Shifts extends CrudRepository<Shift, String>`, `interface Shifts : KeyValueRepository<Shift, String>`.
static REPOSITORY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\binterface\s+(?P<name>\w+)\s*(?:extends\b|:)[^{]*?",
        r"\b(?:Crud|ListCrud|PagingAndSorting|ListPagingAndSorting|KeyValue|Redis\w*)?Repository<\s*(?P<of>\w+)\s*,",
    ))
    .expect("it is valid")
});

/// Interfaces of a file of which Spring makes repositories, and the class of what each keeps.
pub(super) fn repositories(file: &File) -> Vec<(String, String)> {
    let is_jvm = [".java", ".kt"].iter().any(|end| file.path.ends_with(end));
    if !is_jvm || !file.text.contains("Repository<") {
        return Vec::new();
    }
    let found = REPOSITORY.captures_iter(&file.text);
    found.map(|found| (found["name"].to_owned(), found["of"].to_owned())).collect()
}

/// Takes the methods of a library's classes, where a package that keeps them in the store is used.
pub(super) fn read(reading: &mut Reading<'_>, known: &Known) {
    let language = reading.names.language();
    if !matches!(language, Language::Java | Language::Kotlin) {
        return;
    }
    let source = reading.source;
    for extension in known::extensions() {
        let is_of = |path: &str| path == extension.module || path.starts_with(&*extension.module);
        if !source.imports.iter().any(|import| is_of(&import.path)) {
            continue;
        }
        // `Bucket.builder()` makes one that is in memory.
        let is_local = |of: &&Binding| of.value.starts_with("Bucket");
        let asked = |call: &&Call| {
            let Some((receiver, method)) = call.callee.rsplit_once('.') else { return false };
            let mut bound = source.bindings.iter().filter(|of| of.target == receiver);
            let is_other = known.package(receiver).is_some() || bound.any(|of| is_local(&of));
            extension.methods.contains(method) && !is_other
        };
        let packages = extension.packages.iter();
        for package in packages.filter_map(|name| catalogue::package(language.ecosystem(), name)) {
            for call in source.calls.iter().filter(asked) {
                let method = call.callee.rsplit('.').next().unwrap_or_default();
                let usual = known::command(method).unwrap_or(Purpose::Other);
                let sighting = super::client::command(reading, call, method, usual, package);
                reading.conditional.push((Condition::Uses(package), sighting));
            }
        }
    }
}
