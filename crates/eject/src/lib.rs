//! Moving off Redis: every use of it in a tree found, planned away, removed, and proven gone.

mod backup;
mod catalogue;
mod code;
mod document;
mod file;
mod finding;
mod infer;
mod life;
mod manifest;
mod prose;
mod report;
mod scan;
mod secret;
mod service;
mod setting;
mod walk;
mod word;

pub use crate::{
    finding::{Finding, Kind, Life, Place, Purpose, Report, Service, Step, Store, Trouble},
    scan::{Error, Options, Progress, scan},
};
