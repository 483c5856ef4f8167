//! Finds every use of Redis in a tree.
//!
//! The tree is walked, each file is read by who knows its kind, on all processors; then the modules of code are linked with each
//! other, and what only the whole can tell is told: what a shared client is for, which service a finding belongs to.
//! No file's text is kept; those with findings are read once more for their lines.

use std::{
    collections::BTreeMap,
    error, fmt, fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

use rayon::prelude::*;

use crate::{
    backup, code,
    file::{self, File},
    finding::{Finding, RelativePath, Report, Sighting, Trouble},
    infer, life, manifest, prose, report, secret,
    service::Services,
    setting, walk,
};

/// How a tree is searched.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How many of the tree's own modules are followed from a package to who uses it in the end.
    /// 0 reports only who imports a package itself. Default 4.
    pub depth: usize,
    /// On how many threads. Default: as many as there are processors.
    pub threads: NonZeroUsize,
}

impl Default for Options {
    fn default() -> Self {
        let one = NonZeroUsize::MIN;
        Self { depth: 4, threads: thread::available_parallelism().unwrap_or(one) }
    }
}

/// Parsers descend with what they read. Memory is taken only as far as the stack is used.
const STACK: usize = 256 << 20;

/// How far a scan is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Progress {
    /// So many files are to be read.
    Found(u64),
    /// One more was read.
    Read,
    /// All were read, and are put together.
    Linking,
}

/// A tree could not be searched.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Io(io::Error),
    Walk(ignore::Error),
    Threads(rayon::ThreadPoolBuildError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be searched", self.path.display())
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(match &self.cause {
            Cause::Io(error) => error,
            Cause::Walk(error) => error,
            Cause::Threads(error) => error,
        })
    }
}

/// What one file has told.
struct Reading {
    path: RelativePath,
    sightings: Vec<Sighting>,
    module: Option<code::Module>,
    troubles: Vec<Trouble>,
}

/// Searches the tree under `root`.
pub fn scan(
    root: &Path,
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Report, Error> {
    let fail = |cause| Error { path: root.to_owned(), cause };
    if !fs::metadata(root).map_err(|error| fail(Cause::Io(error)))?.is_dir() {
        return Err(fail(Cause::Io(io::ErrorKind::NotADirectory.into())));
    }
    let threads = options.threads.get();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = pool.map_err(|error| fail(Cause::Threads(error)))?;
    let walked = walk::walk(root, threads).map_err(|error| fail(Cause::Walk(error)))?;
    progress(Progress::Found(walked.files.len() as u64));
    pool.install(|| Ok(put_together(root, walked, options, progress)))
}

fn put_together(
    root: &Path,
    walked: walk::Walked,
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
) -> Report {
    let readings: Vec<_> = walked
        .files
        .par_iter()
        .map(|path| {
            let reading = read(root, path);
            progress(Progress::Read);
            reading
        })
        .collect();
    progress(Progress::Linking);
    let services = Services::find(root, &walked.files);
    let mut troubles = walked.troubles;
    let mut sightings: BTreeMap<RelativePath, Vec<Sighting>> = BTreeMap::new();
    let mut modules = Vec::new();
    for reading in readings {
        troubles.extend(reading.troubles);
        if !reading.sightings.is_empty() {
            sightings.entry(reading.path.clone()).or_default().extend(reading.sightings);
        }
        modules.extend(reading.module.map(|module| (reading.path, module)));
    }
    for (path, sighting) in code::link(root, modules, options.depth) {
        sightings.entry(path).or_default().push(sighting);
    }
    setting::settle(&mut sightings);
    manifest::settle(&mut sightings, &services);
    let sightings: Vec<_> = sightings.into_iter().collect();
    let findings = sightings.into_par_iter().flat_map_iter(|(path, sightings)| {
        let service = match services.of(&path) {
            "" => ".",
            service => service,
        };
        locate(root, &path, sightings, service)
    });
    let mut findings: Vec<_> = findings.collect();
    infer::purposes(&mut findings);
    report::fingerprint(&mut findings);
    Report {
        version: report::VERSION,
        tool: concat!("pgstead ", env!("CARGO_PKG_VERSION")).to_owned(),
        files: walked.files.len() as u64,
        services: services.into_report(|_, manifests| manifest::name(root, manifests)),
        findings,
        troubles,
    }
}

fn read(root: &Path, path: &RelativePath) -> Reading {
    let mut reading =
        Reading { path: path.clone(), sightings: Vec::new(), module: None, troubles: Vec::new() };
    let trouble = |what: String| Trouble { path: path.to_string(), what };
    let file = match open(root, path) {
        Ok(Some(file)) => file,
        Ok(None) => return reading,
        Err(error) => {
            reading.troubles.push(trouble(format!("it cannot be read: {error}")));
            return reading;
        }
    };
    if report::is_ours(&file) {
        return reading;
    }
    if let Some(sightings) = backup::read(&file) {
        reading.sightings = sightings;
        return reading;
    }
    for read in [manifest::read, setting::read] {
        let (sightings, what) = read(&file);
        reading.sightings.extend(sightings);
        reading.troubles.extend(what.map(trouble));
    }
    reading.sightings.extend(prose::read(&file));
    let (module, what) = code::read(&file);
    reading.module = module;
    reading.troubles.extend(what.map(trouble));
    reading
}

/// A file of text; nothing of one that is not.
fn open(root: &Path, path: &RelativePath) -> io::Result<Option<File>> {
    let bytes = fs::read(root.join(&**path))?;
    let is_text = file::is_wide(&bytes) || !bytes.iter().take(8 << 10).any(|&byte| byte == 0);
    Ok(is_text.then(|| File::new(path.clone(), bytes)))
}

/// Sightings become findings: with their lines, in order, each once.
fn locate(
    root: &Path,
    path: &RelativePath,
    mut sightings: Vec<Sighting>,
    service: &str,
) -> Vec<Finding> {
    // Who was read before and is gone now has no lines to show.
    let Ok(Some(file)) = open(root, path) else { return Vec::new() };
    let (life, why) = life::of(path);
    sightings.sort_by_key(|a| (a.span.start, a.kind));
    sightings.dedup_by(|b, a| a.kind == b.kind && a.span == b.span && a.name == b.name);
    let found = sightings.into_iter().map(|sighting| {
        // A file that does not run makes all in it not run; within one that does, a place may be less.
        let (life, why) = match sighting.life {
            Some((of_place, why)) if life == crate::finding::Life::Live => (of_place, why),
            _ => (life, why.clone()),
        };
        let (purpose, what_for) = match (sighting.purpose, sighting.package) {
            (Some((purpose, why)), _) => (purpose, why),
            (None, Some(package)) => {
                // Of several that are known by one beginning, the sighting names the one.
                let is_one_of_several = package.name.ends_with('*');
                let name = if is_one_of_several { &sighting.name } else { &package.name };
                (package.purpose, format!("{name} is {}", package.what))
            }
            (None, None) => (crate::finding::Purpose::Other, String::new()),
        };
        let line = file.line(file.line_of(sighting.span.start));
        Finding {
            kind: sighting.kind,
            store: sighting.store,
            purpose,
            life,
            place: file.place(sighting.span.start),
            name: secret::mask(&sighting.name).into_owned(),
            text: report::shorten(&secret::mask(file.text[line].trim())),
            reasons: [what_for, why].into_iter().filter(|why| !why.is_empty()).collect(),
            chain: sighting.chain,
            replacement: sighting.package.map(|package| package.replacement.clone()),
            service: service.to_owned(),
            fingerprint: String::new(),
        }
    });
    found.collect()
}
