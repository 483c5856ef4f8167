//! What code says: imports, clients, commands; and how modules lead to each other.
//!
//! JavaScript and TypeScript are parsed and linked as their own tools do it. Of the other languages
//! tree-sitter reads the syntax, and imports are followed by the rules of each.

mod javascript;
mod other;

use std::path::Path;

use crate::{
    file::File,
    finding::{RelativePath, Sighting},
};

pub(crate) use other::{is_shell, purpose_of, usual_purpose_of};

/// What is known of one file of code before the files are put together.
#[derive(Debug)]
pub(crate) enum Module {
    JavaScript(javascript::Module),
    Other(other::Module),
}

/// Reads a file of code; nothing of another file. What could not be parsed is searched as text, and that is told.
pub(crate) fn read(file: &File) -> (Option<Module>, Option<String>) {
    match file.extension() {
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte"
        | "astro" => {
            let (module, trouble) = javascript::read(file);
            (module.map(Module::JavaScript), trouble)
        }
        _ if is_script(file) => {
            let (module, trouble) = javascript::read(file);
            (module.map(Module::JavaScript), trouble)
        }
        _ => match other::read(file) {
            Ok(module) => (module.map(Module::Other), None),
            Err(what) => (None, Some(what)),
        },
    }
}

/// Whether a file without an ending says in its first line that a runtime of JavaScript runs it: `#!/usr/bin/env node`.
fn is_script(file: &File) -> bool {
    const RUNTIMES: &[&str] = &["node", "nodejs", "tsx", "ts-node", "bun", "deno", "zx"];
    let line = file.text.strip_prefix("#!").and_then(|text| text.lines().next());
    !file.name().contains('.')
        && line.is_some_and(|line| {
            line.split([' ', '/']).any(|word| RUNTIMES.contains(&word.trim_end()))
        })
}

/// Puts the modules together: who imports whom, who is reached by nobody, what a client is for.
/// `depth` bounds how many imports of the tree's own modules are followed from a package.
pub(crate) fn link(
    root: &Path,
    modules: Vec<(RelativePath, Module)>,
    depth: usize,
) -> Vec<(RelativePath, Sighting)> {
    let (mut javascript, mut other) = (Vec::new(), Vec::new());
    for (path, module) in modules {
        match module {
            Module::JavaScript(module) => javascript.push((path, module)),
            Module::Other(module) => other.push((path, module)),
        }
    }
    let mut sightings = javascript::link(root, javascript, depth);
    sightings.extend(other::link(root, other, depth));
    sightings
}
