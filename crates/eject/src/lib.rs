//! Moving off Redis: every use of it in a tree found, planned away, removed, and proven gone.

#![expect(
    clippy::similar_names,
    reason = "what is alike is called alike: a path and a patch, what moves and what moved"
)]
#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the tools whose files these are compare them so"
)]

pub mod apply;

mod backup;
mod baseline;
mod catalogue;
mod code;
mod document;
mod file;
mod finding;
mod infer;
mod life;
mod manifest;
pub mod plan;
mod prose;
pub mod report;
mod scan;
mod secret;
mod service;
mod setting;
pub mod verify;
mod walk;
mod word;

pub use crate::{
    baseline::{Baseline, Known, Ratchet, Unreadable},
    finding::{Finding, Kind, Life, Place, Purpose, Report, Service, Step, Store, Trouble},
    scan::{Error, Options, Progress, scan},
};
