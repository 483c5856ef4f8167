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

/// Folders that a build makes, and manifests beside which they are that, by what they begin or end with; elsewhere they are folders like others.
/// `bin` beside a `package.json` holds what people wrote and run.
const OUTPUT: &[(&[&str], &[&str])] = &[
    (
        &["dist", "build", "out", "lib-cov", "esm", "cjs"],
        &[
            "package.json",
            "tsconfig.json",
            "pyproject.toml",
            "setup.py",
            "build.gradle",
            "build.gradle.kts",
        ],
    ),
    (&["target"], &["Cargo.toml", "pom.xml", "build.sbt", "project.clj"]),
    (&["bin", "obj"], &[".csproj", ".fsproj", ".vbproj"]),
    (&["_build"], &["mix.exs", "dune-project"]),
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
    let output = OUTPUT.iter().filter(|(folders, _)| folders.contains(&&*name));
    output.flat_map(|(_, manifests)| *manifests).any(|manifest| is_beside(entry.path(), manifest))
        || is_virtual_environment(entry.path())
}

/// Whether a file of that name is in the folder in which a folder is; of a name that begins with a dot, one that ends with it.
fn is_beside(folder: &Path, manifest: &str) -> bool {
    if !manifest.starts_with('.') {
        return folder.with_file_name(manifest).exists();
    }
    let siblings = folder.parent().and_then(|parent| parent.read_dir().ok());
    siblings
        .into_iter()
        .flatten()
        .flatten()
        .any(|sibling| sibling.file_name().to_string_lossy().ends_with(manifest))
}

fn is_virtual_environment(folder: &Path) -> bool {
    let marks: [PathBuf; 1] = [folder.join("pyvenv.cfg")];
    marks.iter().any(|mark| mark.exists())
}
