//! Packages out of manifests: only those that nothing needs any longer.

mod cargo;
mod catalog;
mod composer;
mod lines;
mod npm;
mod python;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{cut::Cut, draft::Draft, javascript, json, module, need, standin};
use crate::{
    catalogue::{self, Ecosystem, Role},
    file::{folder_of, is_below},
    finding::{Finding, Kind, Life, Place},
    life,
};

/// How packages are taken out of a manifest.
type Editor = fn(&str, &[&str]) -> Result<Vec<Cut>, String>;

/// Takes out all packages that nothing needs; the deepest manifests first, since those above may hold versions for them.
pub(super) fn apply(draft: &mut Draft<'_>) {
    let mut manifests: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    let packages = draft.findings().filter(|finding| finding.kind == Kind::Package);
    for finding in packages {
        manifests.entry(&finding.place.path).or_default().push(finding);
    }
    let mut paths: Vec<_> = manifests.keys().copied().collect();
    let asked = asked_by_stand_ins(draft);
    paths.extend(asked.iter().map(String::as_str));
    paths.sort_unstable();
    paths.dedup();
    paths.sort_by_key(|path| (is_central(path), std::cmp::Reverse(path.matches('/').count())));
    for path in paths {
        let findings = manifests.get(path).map_or(&[][..], Vec::as_slice);
        match path.rsplit('/').next().unwrap_or(path) {
            "package.json" => npm(draft, path, findings),
            _ => others(draft, path, findings),
        }
    }
}

/// The manifests of Node whose code imports a stand-in after the edits.
fn asked_by_stand_ins(draft: &Draft<'_>) -> BTreeSet<String> {
    let asking = standin::asking(draft);
    asking.iter().filter_map(|path| manifest_above(draft, path, "package.json")).collect()
}

/// The nearest manifest of that name in the folder of a file or above it.
pub(super) fn manifest_above(draft: &Draft<'_>, path: &str, name: &str) -> Option<String> {
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        let manifest = format!("{folder}/{name}");
        if draft.source(&manifest).is_some() {
            return Some(manifest);
        }
    }
    draft.source(name).map(|_| name.to_owned())
}

/// Whether a manifest only holds versions for others.
fn is_central(path: &str) -> bool {
    path.ends_with(".versions.toml") || path.ends_with("Directory.Packages.props")
}

/// The folder that a manifest is for.
fn folder(path: &str) -> &str {
    let folder = folder_of(path);
    // The catalogue of Gradle is in a folder of its own.
    match path.ends_with(".versions.toml") {
        true if folder == "gradle" => "",
        true => folder.strip_suffix("/gradle").unwrap_or(folder),
        false => folder,
    }
}

/// The folder whose code a manifest is for: its own, or the nearest around it where that has none, as `requirements/base.txt`.
fn scope<'p>(draft: &Draft<'_>, path: &'p str, ecosystem: Ecosystem) -> &'p str {
    let mut scope = folder(path);
    let has_code = |scope: &str| {
        let mut files = draft.files.iter();
        files.any(|file| is_below(file, scope) && is_code_of(ecosystem, file))
    };
    while !scope.is_empty() && !has_code(scope) {
        scope = folder_of(scope);
    }
    scope
}

fn npm(draft: &mut Draft<'_>, path: &str, findings: &[&Finding]) {
    let mut plan = npm::Plan::default();
    let mut left = Vec::new();
    let mut development = Vec::new();
    for finding in findings {
        let name = &finding.name;
        let package = catalogue::package(Ecosystem::Npm, name);
        if package.is_some_and(|package| package.role == Role::Development) {
            development.push(*finding);
            continue;
        }
        let users = users(draft, path, name);
        let is_development = finding.life == Life::Test;
        if let Some(place) = users.live.first() {
            let is_other = package.is_some_and(|package| package.role == Role::Optional)
                && users.live.iter().all(|place| !is_found(draft, place));
            if !is_other && finding.life != Life::Test {
                let more = and_more(users.live.len());
                left.push((*finding, format!("`{name}` stays: {place}{more} still needs it. Take that out first, then run this again")));
            }
        } else if let Some(place) = users.tests.first() {
            if !is_development {
                plan.to_development.push(name.clone());
                let what = format!(
                    "`{name}` moves to devDependencies: only tests need it, {place} is one. Move them to the stand-in, then take it out"
                );
                left.push((*finding, what));
            }
        } else if let Some(finding) = client_is_needed(draft, path, package) {
            let place = finding.place.clone();
            left.push((
                finding,
                format!("`{name}` stays in {path}: {place} may need it without importing it"),
            ));
        } else if !is_development || finding.life != Life::Test || users.is_none_at_all() {
            plan.out.push(name.clone());
        }
    }
    for finding in development {
        let of = finding.name.strip_prefix("@types/");
        let goes = of.is_some_and(|of| plan.out.iter().any(|out| out == of));
        if goes && users(draft, path, &finding.name).is_none_at_all() {
            plan.out.push(finding.name.clone());
        }
    }
    if asked_by_stand_ins(draft).contains(path) {
        plan.add = Some((standin::PACKAGE.to_owned(), draft.options.version.clone()));
    }
    let Some(source) = draft.source(path) else { return };
    plan.to_development.retain(|name| !plan.out.contains(name));
    let cuts = npm::edit(&source.file.text, &plan);
    let left: Vec<_> =
        left.into_iter().map(|(finding, what)| (finding.place.clone(), what)).collect();
    if let Err(why) = cuts.and_then(|cuts| draft.edit(path, cuts, Vec::new())) {
        let names: Vec<_> = plan.out.iter().chain(&plan.to_development).cloned().collect();
        let place = draft.place(path, 0);
        draft.leave(place, format!("{why}: take {} out by hand", names.join(", ")));
    }
    for (place, what) in left {
        draft.leave(place, what);
    }
}

/// A package of a client may be loaded by its name, by a framework that is told to use Redis and imports nothing.
fn client_is_needed<'d>(
    draft: &'d Draft<'_>,
    path: &str,
    package: Option<&catalogue::Package>,
) -> Option<&'d Finding> {
    if package.is_none_or(|package| package.role != Role::Client) {
        return None;
    }
    draft.report.findings.iter().find(|finding| {
        finding.store == crate::finding::Store::Redis
            && finding.life == Life::Live
            && matches!(finding.kind, Kind::Setting | Kind::Client | Kind::Command)
            && javascript::is_code(&finding.place.path)
            && is_below(&finding.place.path, folder(path))
            && !draft.is_done(finding)
    })
}

/// Whether a place is one where Redis was found and is not done with.
fn is_found(draft: &Draft<'_>, place: &Place) -> bool {
    draft.findings().any(|finding| {
        finding.place.path == place.path
            && finding.place.line == place.line
            && !draft.is_done(finding)
    })
}

fn and_more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        _ => format!(" (and {} more)", count - 1),
    }
}

/// Who asks for a package.
#[derive(Default)]
struct Users {
    live: Vec<Place>,
    tests: Vec<Place>,
}

impl Users {
    fn is_none_at_all(&self) -> bool {
        self.live.is_empty() && self.tests.is_empty()
    }

    fn add(&mut self, path: &str, place: Place) {
        match life::of(path).0 {
            Life::Test => self.tests.push(place),
            _ => self.live.push(place),
        }
    }
}

/// Files that name packages in order to forbid or to watch them.
const WATCHERS: &[&str] = &[
    "eslint",
    ".eslintrc",
    "biome",
    ".oxlintrc",
    "knip",
    "renovate",
    ".dependency-cruiser",
    ".ncurc",
];

/// Who of a manifest's folder names a package of npm between quotes, or calls its program in a script.
fn users(draft: &Draft<'_>, manifest: &str, name: &str) -> Users {
    let mut users = Users::default();
    for path in draft.mentions.of(name) {
        let file = path.rsplit('/').next().unwrap_or(path);
        let is_settings = file.starts_with("tsconfig") || file == "nest-cli.json";
        let runs = matches!(life::of(path).0, Life::Live | Life::Test);
        let is_asked = javascript::is_code(path) || is_settings;
        if !runs || !is_asked || WATCHERS.iter().any(|watcher| file.starts_with(watcher)) {
            continue;
        }
        if !is_below(path, folder(manifest))
            || draft.is_deleted(path)
            || is_of_another(draft, manifest, path, name)
        {
            continue;
        }
        let Some(source) = draft.source(path) else { continue };
        let text = &source.file.text;
        let found = need::words(text, name).find(|&at| {
            let quoted = text[..at].ends_with(['\'', '"', '`'])
                && text[at + name.len()..].starts_with(['\'', '"', '`', '/']);
            let line = &text[super::cut::line_start(text, at)..at];
            quoted && !module::is_comment(line) && !draft.is_out(path, at)
        });
        if let Some(at) = found {
            users.add(path, draft.place(path, at));
        }
    }
    let Some(source) = draft.source(manifest) else { return users };
    let parsed = json::value(&source.file.text);
    let scripts = parsed.and_then(|manifest| manifest.get("scripts")?.as_object().cloned());
    for script in scripts.iter().flat_map(serde_json::Map::values).filter_map(|it| it.as_str()) {
        let calls = script.split([' ', '/', '&', ';', '|']).any(|word| word == name);
        if calls && let Some(at) = source.file.text.find(script) {
            users.live.push(draft.place(manifest, at));
        }
    }
    users
}

/// Whether a file belongs to a manifest further down that asks for the package itself.
fn is_of_another(draft: &Draft<'_>, manifest: &str, path: &str, name: &str) -> bool {
    let Some(nearest) = manifest_above(draft, path, "package.json") else { return false };
    if nearest == manifest {
        return false;
    }
    draft.source(&nearest).is_some_and(|source| source.file.text.contains(&format!("\"{name}\"")))
}

fn others(draft: &mut Draft<'_>, path: &str, findings: &[&Finding]) {
    let Some((ecosystem, editor)) = editor(path) else {
        for finding in findings.iter().filter(|finding| finding.life == Life::Live) {
            let what = format!(
                "take `{}` out by hand once nobody needs it: this kind of file is not edited",
                finding.name
            );
            draft.leave(finding.place.clone(), what);
        }
        return;
    };
    let mut out = Vec::new();
    let scope = scope(draft, path, ecosystem);
    for finding in findings.iter().filter(|finding| finding.life != Life::Test) {
        match needed(draft, (path, scope), ecosystem, &finding.name) {
            Some(why) => draft.leave(finding.place.clone(), why),
            None => out.push(*finding),
        }
    }
    let Some(source) = draft.source(path).filter(|_| !out.is_empty()) else { return };
    let names: Vec<_> = out.iter().map(|finding| finding.name.as_str()).collect();
    let cuts = editor(&source.file.text, &names);
    let outcome = cuts.and_then(|cuts| draft.edit(path, cuts, Vec::new()));
    for finding in out {
        let what = match &outcome {
            Ok(()) if draft.is_settled(finding) => continue,
            Ok(()) => {
                format!("take `{}` out by hand: how it is written here is not known", finding.name)
            }
            Err(why) => format!("{why}: take `{}` out by hand", finding.name),
        };
        draft.leave(finding.place.clone(), what);
    }
}

fn editor(path: &str) -> Option<(Ecosystem, Editor)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    Some(match name {
        "Cargo.toml" => (Ecosystem::Cargo, cargo::without),
        "pyproject.toml" | "Pipfile" => (Ecosystem::Pypi, python::without),
        "go.mod" => (Ecosystem::Go, lines::go),
        "Gemfile" => (Ecosystem::Gem, lines::gem),
        "pom.xml" => (Ecosystem::Maven, xml::maven),
        "build.gradle" | "build.gradle.kts" => (Ecosystem::Maven, lines::gradle),
        "composer.json" => (Ecosystem::Packagist, composer::without),
        _ if name.ends_with(".versions.toml") => (Ecosystem::Maven, catalog::without),
        _ if extension == "gemspec" => (Ecosystem::Gem, lines::gem),
        _ if matches!(extension, "csproj" | "fsproj" | "vbproj" | "props" | "targets") => {
            (Ecosystem::Nuget, xml::nuget)
        }
        _ if matches!(extension, "txt" | "in") => (Ecosystem::Pypi, python::without_lines),
        _ => return None,
    })
}

/// Why a package of another language stays: code that is not edited still uses Redis, or another manifest counts on this one.
/// `scope` is the folder whose code the manifest is for.
fn needed(
    draft: &Draft<'_>,
    (path, scope): (&str, &str),
    ecosystem: Ecosystem,
    name: &str,
) -> Option<String> {
    if name.starts_with("libs.bundles.") {
        return Some(format!(
            "`{name}` may bring more than Redis: take that out of the bundle in its catalog by hand"
        ));
    }
    let package = catalogue::package(ecosystem, name);
    if package.is_some_and(|package| package.role == Role::Optional) {
        return Some(format!(
            "`{name}` can do without Redis: take what is for Redis out of this line, or all of it, by hand"
        ));
    }
    let users = draft.findings().filter(|finding| {
        let is_code =
            matches!(finding.kind, Kind::Import | Kind::Client | Kind::Command | Kind::Wrapper);
        is_below(&finding.place.path, scope)
            && (finding.kind == Kind::Setting
                || is_code && is_code_of(ecosystem, &finding.place.path))
            && matches!(finding.life, Life::Live | Life::Test)
            && !draft.is_done(finding)
    });
    let users: Vec<_> = users.collect();
    let first = users.iter().find(|user| user.life == Life::Live).or(users.first());
    if let Some(user) = first {
        let kind = if user.life == Life::Test { "the test " } else { "" };
        let more = and_more(users.len());
        return Some(format!(
            "`{name}` stays: {kind}{}{more} still needs it. Move that to pgstead, then run this again",
            user.place
        ));
    }
    let place = imported(draft, scope, ecosystem, name, package)
        .or_else(|| asked_below(draft, path, ecosystem, name))?;
    Some(format!("`{name}` stays: {place} still mentions it. Take that out, then run this again"))
}

fn is_code_of(ecosystem: Ecosystem, path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extensions: &[&str] = match ecosystem {
        Ecosystem::Npm => return javascript::is_code(path),
        Ecosystem::Cargo => &["rs"],
        Ecosystem::Pypi => &["py", "pyi", "ipynb", "cfg", "ini"],
        Ecosystem::Go => &["go"],
        Ecosystem::Gem => &["rb", "rake", "ru", "erb"],
        Ecosystem::Maven => &["java", "kt", "kts", "scala", "groovy"],
        Ecosystem::Packagist => &["php"],
        Ecosystem::Nuget => &["cs", "fs", "vb", "cshtml", "razor"],
        Ecosystem::Hex => &["ex", "exs", "erl"],
        Ecosystem::Pub => &["dart"],
        Ecosystem::Swift => &["swift"],
        Ecosystem::Cpan => &["pl", "pm"],
        Ecosystem::Native => &["c", "cc", "cpp", "h", "hpp"],
        Ecosystem::Rocks => &["lua"],
    };
    extensions.contains(&extension)
}

/// Where code imports a package, by how each language writes it: who was not found by the scan is found by its words.
fn imported(
    draft: &Draft<'_>,
    scope: &str,
    ecosystem: Ecosystem,
    name: &str,
    package: Option<&catalogue::Package>,
) -> Option<Place> {
    let known = package.map_or(&[][..], |package| &package.imports);
    let mut names: Vec<_> = known.to_vec();
    if names.is_empty() {
        names.push(match ecosystem {
            Ecosystem::Pypi | Ecosystem::Cargo => name.replace('-', "_"),
            _ => name.to_owned(),
        });
    }
    names.iter().find_map(|word| {
        let escaped = regex::escape(word);
        let pattern = match ecosystem {
            Ecosystem::Pypi => format!(r"(?m)^\s*(?:from|import)\s+(?:[\w.]+\s*,\s*)*{escaped}\b"),
            Ecosystem::Cargo => format!(
                r"(?m)^[^/\n]*\b(?:{escaped}::|use\s+{escaped}\b|extern\s+crate\s+{escaped}\b)"
            ),
            Ecosystem::Go => format!(r#"(?m)^[^/\n]*"{escaped}(?:/[^"]*)?""#),
            Ecosystem::Gem => format!(r#"(?m)^\s*require\s*\(?\s*['"]{escaped}(?:/[^'"]*)?['"]"#),
            Ecosystem::Maven => format!(r"(?m)^\s*import\s+(?:static\s+)?{escaped}\b"),
            Ecosystem::Packagist | Ecosystem::Nuget => {
                format!(r"(?m)^[^/#\n]*\busing\s+{escaped}\b|(?m)^[^/#\n]*\buse\s+\\?{escaped}\b")
            }
            // No manifest of these is edited.
            Ecosystem::Npm
            | Ecosystem::Hex
            | Ecosystem::Pub
            | Ecosystem::Swift
            | Ecosystem::Cpan
            | Ecosystem::Native
            | Ecosystem::Rocks => return None,
        };
        let import = Regex::new(&pattern).ok()?;
        draft.mentions.of(word).iter().find_map(|file| {
            let runs = matches!(life::of(file).0, Life::Live | Life::Test);
            if !runs
                || !is_below(file, scope)
                || !is_code_of(ecosystem, file)
                || draft.is_deleted(file)
            {
                return None;
            }
            let source = draft.source(file)?;
            let found = import.find(&source.file.text)?;
            Some(draft.place(file, found.end().saturating_sub(1)))
        })
    })
}

/// A manifest further down that gets the version from this one.
fn asked_below(draft: &Draft<'_>, path: &str, ecosystem: Ecosystem, name: &str) -> Option<Place> {
    if path.ends_with(".versions.toml") {
        let source = draft.source(path)?;
        let accessors = catalog::accessors(&source.file.text, name);
        let builds = draft
            .files
            .iter()
            .filter(|file| file.ends_with(".gradle") || file.ends_with(".gradle.kts"));
        return builds.filter(|file| is_below(file, folder(path))).find_map(|file| {
            let source = draft.source(file)?;
            let text = &source.file.text;
            let mut found = accessors.iter().flat_map(|accessor| need::words(text, accessor));
            let at = found.find(|&at| !draft.is_out(file, at))?;
            Some(draft.place(file, at))
        });
    }
    let word = name.rsplit_once(':').map_or(name, |(_, artifact)| artifact);
    draft.mentions.of(word).iter().find_map(|file| {
        let is_other = &**file != path && is_below(file, folder(path));
        if !is_other
            || editor(file).is_none_or(|(of, _)| of != ecosystem)
            || life::of(file).0 != Life::Live
        {
            return None;
        }
        // A list of Python's requirements stands for itself.
        if ecosystem == Ecosystem::Pypi {
            return None;
        }
        let source = draft.source(file)?;
        let at = need::words(&source.file.text, word).find(|&at| !draft.is_out(file, at))?;
        Some(draft.place(file, at))
    })
}
