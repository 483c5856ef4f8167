//! Modules that are taken in by a call: `importlib.import_module("redis")`, `require "redis"`.

use std::collections::HashSet;

use super::super::{Reading, name, of_package, ruby};
use crate::{
    code::other::{
        import::{self, Import},
        language::Language,
        source::{Call, last, unquoted},
    },
    finding::Kind,
};

/// Whether a call takes a module in.
pub(super) fn is_import(callee: &str) -> bool {
    ["import_module", "__import__", "import_string", "require", "require_dependency"]
        .contains(&last(callee))
}

/// Takes the package that a call takes in.
pub(super) fn loads(reading: &mut Reading<'_>, call: &Call) {
    let Some(argument) = call.arguments.first() else { return };
    let module = unquoted(&argument.value);
    let import = Import {
        path: module.to_owned(),
        name: None,
        alias: String::new(),
        span: call.span.clone(),
        is_public: false,
    };
    let is_ruby = reading.names.language() == Language::Ruby;
    let imported = reading.names.imported(&import);
    let imported = imported.or_else(|| ruby::gem(module).filter(|_| is_ruby));
    if let Some(package) = imported.filter(|of| name::counts(of, module)) {
        reading.sightings.push(of_package(Kind::Import, package, call.span.clone()));
    }
}

/// The modules that are taken in by a call, as far as their names are written there.
pub(in super::super) fn loaded(reading: &Reading<'_>) -> Vec<Import> {
    if reading.names.language() == Language::Ruby {
        return files(reading);
    }
    if reading.names.language() == Language::Php {
        return full_names(reading);
    }
    let calls = reading.source.calls.iter().filter(|call| is_import(&call.callee));
    let named = calls.filter_map(|call| {
        let module = call.arguments.first().map(|argument| unquoted(&argument.value))?;
        let is_name = module.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let alias = last(&call.callee).to_owned();
        let (path, span) = (module.to_owned(), call.span.clone());
        is_name.then_some(Import { path, name: None, alias, span, is_public: false })
    });
    named.collect()
}

/// Classes that a file of PHP has by their full names, each where it stands first: `App\Providers\CacheProvider::class`.
fn full_names(reading: &Reading<'_>) -> Vec<Import> {
    let is_global = reading.source.namespace.is_empty();
    let mut seen = HashSet::new();
    let paths = reading.source.paths.iter().filter_map(|path| {
        let written = reading.file.text.get(path.span.clone())?;
        let (before, name) = path.path.trim_start_matches('.').rsplit_once('.')?;
        // What is only a type is not used there.
        let rest = reading.file.text.get(path.span.end..).unwrap_or_default();
        let head = reading.file.text.get(..path.span.start).unwrap_or_default();
        let is_used = rest.starts_with("::") || head.trim_end().ends_with("new");
        let is_full = is_used && (is_global || written.starts_with('\\'));
        (is_full && seen.insert((before, name))).then(|| Import {
            path: before.to_owned(),
            name: Some(name.to_owned()),
            alias: name.to_owned(),
            span: path.span.clone(),
            is_public: false,
        })
    });
    paths.collect()
}

/// The files that Ruby loads, but for those of gems that are known.
fn files(reading: &Reading<'_>) -> Vec<Import> {
    let named = reading.source.calls.iter().filter_map(|call| {
        let argument = call.arguments.iter().rfind(|argument| argument.key.is_none())?;
        let file = import::ruby(&call.callee, unquoted(&argument.value), call.span.clone())?;
        let is_own = file.path.starts_with("./") || reading.names.imported(&file).is_none();
        is_own.then_some(file)
    });
    named.collect()
}
