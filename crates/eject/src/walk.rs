//! The files of a tree that are worth reading.
//!
//! What git ignores is not read, except for what people ignore because it is secret or forgot because it is
//! old: `.env` files, variables of Terraform, overrides of compose, backups. What others wrote or a build made is not read
//! either: `node_modules`, `vendor`, `target`. Links are not followed, so a loop of them ends nothing.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Mutex,
};

use ignore::{DirEntry, WalkBuilder, WalkState, overrides::OverrideBuilder};

use crate::{
    finding::{RelativePath, Trouble},
    life,
};

/// Folders that others wrote or a build made, whatever is beside them.
const FOREIGN: &[&str] = &[
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "third_party",
    "Pods",
    "Carthage",
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".venv",
    "venv",
    "virtualenv",
    "site-packages",
    "__pycache__",
    "__pypackages__",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".eggs",
    ".bundle",
    ".gradle",
    ".mvn",
    ".idea",
    ".vs",
    ".terraform",
    ".terragrunt-cache",
    ".serverless",
    ".aws-sam",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".angular",
    ".turbo",
    ".nx",
    ".parcel-cache",
    ".cache",
    ".pnpm-store",
    ".yarn",
    "coverage",
    ".nyc_output",
    "storybook-static",
    ".vercel",
    ".netlify",
];

/// Folders that a build makes, where a manifest is beside them; elsewhere they are folders like others.
const OUTPUT: &[&str] =
    &["dist", "build", "out", "target", "bin", "obj", "_build", "lib-cov", "esm", "cjs"];

/// Manifests beside which [`OUTPUT`] is output, by what they begin or end with.
const BUILT: &[&str] = &[
    "package.json",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "pyproject.toml",
    "setup.py",
    "mix.exs",
    "tsconfig.json",
];

/// What is read although git ignores it.
const IGNORED_AND_READ: &[&str] = &[
    ".env",
    ".env.*",
    "*.env",
    "*.tfvars",
    "*.tfvars.json",
    "docker-compose*.yml",
    "docker-compose*.yaml",
    "compose*.yml",
    "compose*.yaml",
];

/// Larger files are data.
const LARGEST: u64 = 20 << 20;

/// What a walk has found.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Paths relative to the root, in order.
    pub(crate) files: Vec<RelativePath>,
    /// What could not be looked at.
    pub(crate) troubles: Vec<Trouble>,
}

/// Lists the files under a root that are worth reading.
pub(crate) fn walk(root: &Path, threads: usize) -> Result<Walked, ignore::Error> {
    let found = Mutex::new((BTreeSet::new(), Vec::new()));
    collect(WalkBuilder::new(root), root, threads, &found);
    let mut secret = WalkBuilder::new(root);
    secret.git_ignore(false).git_global(false).git_exclude(false).ignore(false).parents(false);
    let mut wanted = OverrideBuilder::new(root);
    for glob in IGNORED_AND_READ {
        wanted.add(glob)?;
    }
    for ending in life::BACKUPS {
        wanted.add(&format!("*{ending}"))?;
    }
    secret.overrides(wanted.build()?);
    collect(secret, root, threads, &found);
    let (files, mut troubles) = found.into_inner().expect("no thread has panicked");
    troubles.sort_by(|a: &Trouble, b: &Trouble| a.path.cmp(&b.path));
    troubles.dedup();
    Ok(Walked { files: files.into_iter().collect(), troubles })
}

type Found = Mutex<(BTreeSet<RelativePath>, Vec<Trouble>)>;

fn collect(mut walk: WalkBuilder, root: &Path, threads: usize, found: &Found) {
    walk.hidden(false).require_git(false).follow_links(false).threads(threads);
    walk.filter_entry(|entry| !is_foreign(entry));
    walk.build_parallel().run(|| {
        Box::new(|entry| {
            let (path, trouble) = match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    let size = entry.metadata().map_or(0, |metadata| metadata.len());
                    let path = relative(root, entry.path());
                    let what =
                        format!("it has {} MiB; files above 20 MiB are not read", size >> 20);
                    (path, (size > LARGEST).then_some(what))
                }
                Ok(_) => return WalkState::Continue,
                Err(error) => (RelativePath::from("."), Some(error.to_string())),
            };
            let mut found = found.lock().expect("no thread has panicked");
            match trouble {
                Some(what) => found.1.push(Trouble { path: path.to_string(), what }),
                None => _ = found.0.insert(path),
            }
            WalkState::Continue
        })
    });
}

/// A path as it is told: relative, with `/`.
pub(crate) fn relative(root: &Path, path: &Path) -> RelativePath {
    let path = path.strip_prefix(root).unwrap_or(path);
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/").into()
}

fn is_foreign(entry: &DirEntry) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let name = entry.file_name().to_string_lossy();
    if FOREIGN.contains(&&*name) {
        return true;
    }
    let beside = |name: &&str| entry.path().with_file_name(name).exists();
    OUTPUT.contains(&&*name) && BUILT.iter().any(beside) || is_virtual_environment(entry.path())
}

fn is_virtual_environment(folder: &Path) -> bool {
    let marks: [PathBuf; 1] = [folder.join("pyvenv.cfg")];
    marks.iter().any(|mark| mark.exists())
}
