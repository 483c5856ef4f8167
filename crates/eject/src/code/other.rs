//! Python, Go, Rust, Ruby, Java, Kotlin, PHP, C#.

use crate::{
    file::File,
    finding::{RelativePath, Sighting},
};

/// What one file says.
#[derive(Debug)]
pub(crate) struct Module {}

/// Reads a file; nothing of one in which nothing matters.
pub(crate) fn read(file: &File) -> Result<Option<Module>, String> {
    let _ = file;
    Ok(None)
}

/// Puts files together.
pub(crate) fn link(
    modules: Vec<(RelativePath, Module)>,
    depth: usize,
) -> Vec<(RelativePath, Sighting)> {
    let _ = (depth, modules);
    Vec::new()
}
