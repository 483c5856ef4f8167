//! JavaScript and TypeScript.

use std::path::Path;

use crate::{
    file::File,
    finding::{RelativePath, Sighting},
};

/// What one module says.
#[derive(Debug)]
pub(crate) struct Module {}

/// Reads a module; nothing of one in which nothing matters.
pub(crate) fn read(file: &File) -> Result<Option<Module>, String> {
    let _ = file;
    Ok(None)
}

/// Puts modules together.
pub(crate) fn link(
    root: &Path,
    modules: Vec<(RelativePath, Module)>,
    depth: usize,
) -> Vec<(RelativePath, Sighting)> {
    let _ = (root, depth, modules);
    Vec::new()
}
