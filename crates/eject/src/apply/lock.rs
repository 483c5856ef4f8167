//! Lock files follow their manifests: by the package manager's own command, which is run after the files were written.
//! A lock file of npm loses at once what is asked for no longer, so that it says so where npm cannot be run.

mod npm;

use super::{draft::Draft, edits::Command, package};
use crate::life;
use crate::{file::folder_of, finding::Life};

/// A lock file, the manifest that it follows, and what brings it after it.
const LOCKS: &[(&str, &[&str], &str, &[&str])] = &[
    (
        "package.json",
        &["package-lock.json", "npm-shrinkwrap.json"],
        "npm",
        &["install", "--package-lock-only", "--ignore-scripts"],
    ),
    (
        "package.json",
        &["pnpm-lock.yaml"],
        "pnpm",
        &["install", "--lockfile-only", "--ignore-scripts"],
    ),
    ("package.json", &["yarn.lock"], "yarn", &["install", "--mode=update-lockfile"]),
    ("package.json", &["bun.lock", "bun.lockb"], "bun", &["install", "--lockfile-only"]),
    ("Cargo.toml", &["Cargo.lock"], "cargo", &["update", "--workspace"]),
    ("pyproject.toml", &["poetry.lock"], "poetry", &["lock"]),
    ("pyproject.toml", &["uv.lock"], "uv", &["lock"]),
    ("pyproject.toml", &["pdm.lock"], "pdm", &["lock", "--update-reuse"]),
    ("Pipfile", &["Pipfile.lock"], "pipenv", &["lock"]),
    ("go.mod", &["go.sum"], "go", &["mod", "tidy"]),
    ("Gemfile", &["Gemfile.lock"], "bundle", &["lock"]),
    (
        "composer.json",
        &["composer.lock"],
        "composer",
        &["update", "--lock", "--no-install", "--no-scripts"],
    ),
];

/// Lists the commands for all manifests that are changed, or that their lock file of npm does not follow.
pub(super) fn apply(draft: &mut Draft<'_>) {
    let files = draft.files.clone();
    for path in &files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if life::of(path).0 != Life::Live {
            continue;
        }
        for (_, locks, program, arguments) in
            LOCKS.iter().filter(|(manifest, ..)| *manifest == name)
        {
            let lock = locks.iter().find_map(|lock| package::manifest_above(draft, path, lock));
            let Some(lock) = lock else { continue };
            let is_npm = *program == "npm";
            let is_behind = is_npm && npm::is_behind(draft, path, &lock);
            if !draft.is_changed(path) && !is_behind {
                continue;
            }
            let of = folder_of(&lock);
            // Where one manifest has its own lock file, that above it is not its.
            if of != folder
                && *program == "cargo"
                && draft.source(&format!("{folder}/Cargo.lock")).is_some()
            {
                continue;
            }
            if is_npm {
                npm::prune(draft, &lock);
            }
            let mut arguments: Vec<_> = arguments.iter().map(|word| (*word).to_owned()).collect();
            if *program == "yarn" && is_classic(draft, &lock) {
                arguments = ["install", "--ignore-scripts", "--non-interactive"]
                    .map(str::to_owned)
                    .to_vec();
            }
            let folder = if of.is_empty() { ".".to_owned() } else { of.to_owned() };
            draft.run(Command { folder, program: (*program).to_owned(), arguments, lock });
        }
    }
}

/// Yarn 1 knows no other way than to install.
fn is_classic(draft: &Draft<'_>, lock: &str) -> bool {
    draft.source(lock).is_some_and(|source| source.file.text.contains("# yarn lockfile v1"))
}
