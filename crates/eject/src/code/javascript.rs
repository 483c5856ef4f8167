//! JavaScript and TypeScript.
//!
//! Each module is parsed once for what it asks of others and what it says by itself; that is kept, and it is little.
//! Then, from the modules that ask for a package of the catalogue, along the imports backwards, those that can
//! matter are read a second time, with their scopes: what each name stands for, which exports depend on a client, which
//! calls are commands. What a module exports makes its importers be read, and so on until nothing is new.

mod asked;
mod binding;
mod closure;
mod construct;
mod define;
mod entry;
mod evaluate;
mod export;
mod folder;
mod gather;
mod give;
mod import;
mod infrastructure;
mod judge;
mod keep;
mod key;
mod knowledge;
mod known;
mod lint;
mod mention;
mod option;
mod package;
mod purpose;
mod reach;
mod read;
mod reading;
mod request;
mod resolve;
mod settle;
mod sight;
mod source;
mod spread;
mod thing;
mod token;
mod types;
mod variable;
mod visit;

#[cfg(test)]
mod tests;

use std::path::Path;

pub(crate) use read::{Module, read};

use crate::finding::{RelativePath, Sighting};

/// Puts modules together.
pub(crate) fn link(
    root: &Path,
    modules: Vec<(RelativePath, Module)>,
    depth: usize,
) -> Vec<(RelativePath, Sighting)> {
    settle::settle(root, modules, depth)
}
