//! What configuration says: variables, addresses, containers, charts, infrastructure, settings of frameworks.
//!
//! A file that is a tree is walked as one; a file that is none, or that its parser refuses, is read by line. In each of
//! them the same few forms are looked for, so that a tool that nobody thought of is read too.

pub(crate) mod address;
mod command;
mod declared;
mod dockerfile;
mod filled;
mod infrastructure;
mod jenkins;
mod line;
mod place;
pub(crate) mod said;
mod server;
pub(crate) mod shell;
mod structure;
mod tool;
mod trial;
pub(crate) mod variable;

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::LazyLock,
};

use aho_corasick::AhoCorasick;

use crate::{
    code,
    document::{self, Document},
    file::File,
    finding::{Kind, Life, RelativePath, Sighting, Store},
    life,
};

/// What a file that says anything of a store holds in its bytes.
const NEEDLES: &[&str] = &[
    "redis",
    "valkey",
    "keydb",
    "dragonfly",
    "garnet",
    "upstash",
    "elasticache",
    "memorydb",
    "memorystore",
    "kvstore",
    "kv_url",
    "kv_rest_api",
    "keyvalue",
    "bull",
    "sidekiq",
    "resque",
    "horizon",
    "asynq",
    "rqworker",
    "queue:work",
    "cache.amazonaws.com",
    "6379",
    "mongo",
    "docdb",
    "documentdb",
    "27017",
];

/// Larger trees are data, and are read by line.
const LARGEST: usize = 4 << 20;

type Told = (Vec<Sighting>, Option<String>);

/// How a file is read.
#[derive(Clone, Copy)]
enum Form {
    Tree(fn(&str) -> Result<Document<'_>, String>),
    Lines,
    Variables,
    Dockerfile,
    Procfile,
    Script,
    Unit,
    Terraform,
    Bicep,
    Jenkins,
}

/// Reads a file of configuration; nothing of another file. With what was wrong with it.
pub(crate) fn read(file: &File) -> Told {
    static PRESENT: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(NEEDLES);
        automaton.expect("the needles are few and short")
    });
    let nothing = (Vec::new(), None);
    let Some(form) = form(file) else { return nothing };
    // Prose, what tells of the past, and backups have readers of their own.
    if !matches!(life::of(&file.path).0, Life::Live | Life::Test)
        || life::backup(file.name()).is_some()
    {
        return nothing;
    }
    let is_procfile = matches!(form, Form::Procfile);
    let is_present = is_procfile || filled::is_in(&file.text) || PRESENT.is_match(&file.text);
    if !is_present || is_translation(&file.path) {
        return nothing;
    }
    let (mut found, trouble) = match form {
        Form::Tree(parse) => tree(file, parse),
        Form::Lines => (line::all(file), None),
        Form::Variables => (line::variables(file), None),
        Form::Dockerfile => (dockerfile::read(file), None),
        Form::Procfile => (procfile(file), None),
        Form::Script => (script(file), None),
        Form::Unit => (unit(file), None),
        Form::Terraform => infrastructure::terraform(file),
        Form::Bicep => (infrastructure::bicep(file), None),
        Form::Jenkins => (jenkins::read(file), None),
    };
    if is_of_tests(file) {
        for sighting in found.iter_mut().filter(|sighting| sighting.life.is_none()) {
            sighting.life = Some((Life::Test, "its name is that of a setting of tests".to_owned()));
        }
    }
    (found, trouble)
}

/// Keeps of the variables that are read, and of which only the value tells, those that the tree sets to a server's address.
pub(crate) fn settle(sightings: &mut BTreeMap<RelativePath, Vec<Sighting>>) {
    let set: HashMap<String, Store> = sightings
        .values()
        .flatten()
        .filter(|found| found.kind == Kind::VariableSet && found.life.is_none() && !found.is_open)
        .filter(|found| variable::store_of(&found.name).is_none())
        .map(|found| (found.name.clone(), found.store))
        .collect();
    for found in sightings.values_mut() {
        found.retain_mut(|sighting| {
            let is_of_variable = matches!(sighting.kind, Kind::VariableRead | Kind::VariableSet);
            if !sighting.is_open || !is_of_variable {
                return true;
            }
            let store = set.get(&sighting.name);
            sighting.store = store.copied().unwrap_or(sighting.store);
            store.is_some()
        });
    }
    sightings.retain(|_, found| !found.is_empty());
}

fn form(file: &File) -> Option<Form> {
    let name = file.name();
    // `config.yml.example` and `values.yaml.gotmpl` are read as what they become.
    let mut bare = name;
    while let Some((
        stem,
        "example" | "sample" | "dist" | "template" | "tmpl" | "tpl" | "gotmpl" | "j2" | "erb"
        | "default",
    )) = bare.rsplit_once('.')
    {
        bare = stem;
    }
    let extension = bare.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_variables = bare == ".env"
        || bare.starts_with(".env.")
        || bare.starts_with(".env-")
        || bare.starts_with("env.") && !is_code(extension)
        || matches!(extension, "env")
        || matches!(bare, ".envrc" | ".flaskenv" | ".dev.vars" | "env");
    Some(match extension {
        _ if is_variables => Form::Variables,
        _ if dockerfile::is(bare) => Form::Dockerfile,
        // Kamal's, each for a destination.
        _ if file.folder().rsplit('/').next() == Some(".kamal") && name.starts_with("secrets") => {
            Form::Variables
        }
        _ if is_of_shell(file) => Form::Script,
        _ if bare.starts_with("Procfile") => Form::Procfile,
        _ if jenkins::is(bare) => Form::Jenkins,
        _ if matches!(
            name,
            "package-lock.json"
                | "npm-shrinkwrap.json"
                | "pnpm-lock.yaml"
                | "composer.lock"
                | "packages.lock.json"
                | "composer.json"
                | "vcpkg.json"
                | "Package.resolved"
                | "pubspec.yaml"
                | "pubspec.lock"
        ) =>
        {
            return None;
        }
        _ if matches!(name, "Cargo.toml" | "deno.json" | "deno.jsonc" | "pnpm-workspace.yaml") => {
            return None;
        }
        _ if name.ends_with(".versions.toml") => return None,
        _ if matches!(name, "Chart.lock" | "requirements.lock" | "helmfile.lock") => {
            Form::Tree(document::yaml)
        }
        "yaml" | "yml" => Form::Tree(document::yaml),
        "json" | "jsonc" | "json5" | "webmanifest" => Form::Tree(document::json),
        "toml" => Form::Tree(toml),
        "tf" | "tfvars" | "hcl" | "tofu" | "nomad" => Form::Terraform,
        "bicep" | "bicepparam" => Form::Bicep,
        "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" | "mk" => Form::Script,
        "properties" | "ini" | "conf" | "cfg" | "cnf" | "config" => Form::Lines,
        "xml" if bare.starts_with("phpunit") => Form::Lines,
        "service" | "socket" | "timer" => Form::Unit,
        _ if matches!(bare, "Makefile" | "makefile" | "justfile" | "Justfile" | "Earthfile") => {
            Form::Script
        }
        _ => return None,
    })
}

fn toml(text: &str) -> Result<Document<'_>, String> {
    document::toml(text)
}

fn tree(file: &File, parse: fn(&str) -> Result<Document<'_>, String>) -> Told {
    // Templates are of their language only when they are filled.
    let is_template = file.text.contains("{{") && {
        let path = &file.path;
        path.contains("templates/")
            || path.ends_with(".gotmpl")
            || path.ends_with(".j2")
            || path.ends_with(".tpl")
    };
    if is_template || file.text.len() > LARGEST {
        return (line::all(file), None);
    }
    match parse(&file.text) {
        Ok(document) => (structure::read(file, &document), None),
        // What a package is called stands in a manifest, and is told there.
        Err(_) if file.name() == "package.json" => (Vec::new(), None),
        Err(what) => {
            let found = line::all(file);
            // Of what says nothing it need not be known that it cannot be read.
            let is_worth_telling = !found.is_empty() || !file.text.contains("{{");
            (found, is_worth_telling.then(|| format!("{what}; it was read by line")))
        }
    }
}

/// Processes that serve a store or work its queues.
fn procfile(file: &File) -> Vec<Sighting> {
    let found = (0..file.line_count()).filter_map(|index| {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let line = line.trim_start_matches('\u{feff}');
        let (_, command) = line.split_once(':').filter(|(name, _)| !name.starts_with('#'))?;
        if let Some((program, store)) = server::of_command(command) {
            return Some(run(Kind::Setting, store, span, program));
        }
        let said = line::of_line(file, index).filter(|found| found.kind != Kind::Setting);
        said.or_else(|| filled::of_command(command, span))
    });
    found.collect()
}

/// The program of a command line that works off a queue of a store.
pub(crate) fn worker(line: &str) -> Option<(&str, Store)> {
    let found = server::of_command(line)?;
    server::purpose_of_command(found.0).map(|_| found)
}

/// The program of a store that a command line runs.
pub(crate) fn program(line: &str) -> Option<(&str, Store)> {
    shell::commands(line).into_iter().find_map(command::of_shell)
}

/// A program of a store that is run.
fn run(kind: Kind, store: Store, span: Range<usize>, program: &str) -> Sighting {
    let sighting = Sighting::new(kind, store, span, program);
    match server::purpose_of_command(program) {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}

/// Scripts of shells and of builds: variables, addresses, and programs of a store.
fn script(file: &File) -> Vec<Sighting> {
    let found = (0..file.line_count()).filter_map(|index| {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        if line.trim_start().starts_with('#') {
            return None;
        }
        let is_speech = shell::is_speech(line);
        let said = line::of_line(file, index).filter(|_| !is_speech);
        if let Some(said) = said.filter(|found| found.kind != Kind::Setting) {
            return Some(said);
        }
        if let Some(asked) = command::of_cloud(line, &span).filter(|_| !is_speech) {
            return Some(asked);
        }
        if let Some((chart, store)) = shell::commands(line).into_iter().find_map(command::charted) {
            return Some(Sighting::new(Kind::HelmDependency, store, span, chart));
        }
        if let Some((_, rest)) = line.split_once("docker run") {
            let image =
                rest.split_whitespace().find_map(|word| Some((word, server::of_image(word)?)));
            return image.map(|(word, store)| Sighting::new(Kind::Container, store, span, word));
        }
        let commands = || shell::commands(line).into_iter();
        // A program that is installed is not run there.
        if let Some((package, store)) = commands().find_map(command::installed) {
            return Some(Sighting::new(Kind::Package, store, span, package));
        }
        let asked = |of| Some((command::of_shell(of)?, of));
        if let Some(((program, store), command)) = commands().find_map(asked) {
            let found = run(Kind::Command, store, span, program);
            let purpose = found.purpose.clone().or_else(|| command::purpose_of(command, program));
            return Some(Sighting { purpose, ..found });
        }
        let is_quiet = is_speech || code::is_shell(file);
        let filled = || command::filled(line, &span).filter(|_| !is_quiet);
        line::written(line, span.start).or_else(filled)
    });
    found.collect()
}

/// Units of systemd: what they set, what they start, and which units they wait for.
fn unit(file: &File) -> Vec<Sighting> {
    let found = (0..file.line_count()).filter_map(|index| {
        let span = file.line(index);
        let (key, value) = file.text[span.clone()].split_once('=')?;
        let waits = ["After", "Before", "Requires", "Wants", "BindsTo", "PartOf", "Requisite"];
        if waits.contains(&key.trim()) {
            let (unit, store) =
                value.split_whitespace().find_map(|unit| Some((unit, server::of_name(unit)?)))?;
            return Some(Sighting::new(Kind::ContainerReference, store, span, unit));
        }
        if key.trim().starts_with("Exec") {
            return match server::of_command(value) {
                Some((program, store)) => Some(run(Kind::Setting, store, span, program)),
                None => filled::of_command(value, span),
            };
        }
        if key.trim() == "Environment" {
            let start = span.end - value.len();
            return line::said_in(value.trim_end(), start);
        }
        line::of_line(file, index)
    });
    found.collect()
}

/// Strings of a user interface: what they say is no setting.
fn is_translation(path: &str) -> bool {
    const FOLDERS: &[&str] =
        &["locale", "locales", "i18n", "translations", "lang", "l10n", "messages"];
    path.split('/').rev().skip(1).any(|folder| FOLDERS.contains(&folder))
}

/// Scripts without the ending of one: those that begin with a shell's name, tables of cron, and tasks of Laravel's Envoy.
fn is_of_shell(file: &File) -> bool {
    let name = file.name();
    let is_shell = |program: &str| matches!(program, "sh" | "bash" | "dash" | "zsh" | "ash");
    file.interpreter().is_some_and(is_shell)
        || matches!(name, "crontab" | "Envoy.blade.php")
        || name.ends_with(".cron")
        || name.ends_with(".crontab")
        || file.folder().rsplit('/').next() == Some("cron.d")
}

/// Whether an ending is that of code: `env.ts` reads variables and sets none.
fn is_code(extension: &str) -> bool {
    matches!(
        extension,
        "ts" | "mts"
            | "cts"
            | "tsx"
            | "js"
            | "mjs"
            | "cjs"
            | "jsx"
            | "py"
            | "rb"
            | "go"
            | "rs"
            | "php"
            | "java"
            | "kt"
            | "cs"
    )
}

/// `.env.ci`, `application-test.yml`, `values-e2e.yaml`, and `config/test.json` among those of other environments.
fn is_of_tests(file: &File) -> bool {
    let (name, folder) = (file.name(), file.folder().rsplit('/').next().unwrap_or_default());
    let stem = name.trim_start_matches('.');
    let environment = stem.split('.').next().unwrap_or_default();
    if matches!(folder, "config" | "configs" | "conf" | "settings" | "environments")
        && matches!(environment, "test" | "testing")
    {
        return true;
    }
    let parts = stem.split(['.', '-', '_']);
    parts.skip(1).any(|part| matches!(part, "test" | "tests" | "testing" | "ci" | "e2e"))
        && !name.starts_with(".gitlab-ci")
}

#[cfg(test)]
mod tests;
