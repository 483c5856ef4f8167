//! Moving off Redis: every use of it in a tree found, planned away, removed, and proven gone.

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
