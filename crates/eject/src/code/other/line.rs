//! What single lines of scripts say: which variables they read, and which servers they name.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    file::File,
    finding::{Kind, Purpose, Sighting, Store},
    setting::{shell, variable},
};

/// `$REDIS_URL`, `${REDIS_URL:-…}`.
static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$\{?(?P<name>[A-Za-z_][A-Za-z0-9_]*)").expect("it is valid"));

/// An address of a server in a script.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?:rediss?|valkeys?|mongodb(?:\+srv)?)://[^\s"'`;|)]+|\b[\w.-]*(?:redis|valkey)[\w.-]*:6379\b|\b[\w.-]*mongo[\w.-]*:27017\b"#)
        .expect("it is valid")
});

/// Whether a file of no language is one whose words may name a module.
pub(super) fn is_setting(file: &File) -> bool {
    let known = [
        "toml",
        "yml",
        "yaml",
        "cfg",
        "ini",
        "json",
        "sh",
        "bash",
        "xml",
        "gradle",
        "conf",
        "service",
        "properties",
        "tf",
        "mk",
        "just",
        "env",
        "csproj",
        "sln",
        "nix",
        "bat",
        "ps1",
        "mod",
        "work",
        "lock",
    ];
    let name = file.name();
    let is_lock = name.ends_with("-lock.json") || name.ends_with("lock.yaml");
    !is_lock
        && (known.contains(&file.extension()) && !name.ends_with(".lock")
            || [
                "Dockerfile",
                "Makefile",
                "Procfile",
                "Justfile",
                "justfile",
                "Containerfile",
                "Vagrantfile",
            ]
            .iter()
            .any(|start| name.starts_with(start))
            || is_script(file))
}

pub(super) fn is_script(file: &File) -> bool {
    matches!(file.extension(), "sh" | "bash" | "zsh" | "ksh" | "fish" | "bats")
        || file.text.starts_with("#!") && {
            let line = file.text.lines().next().unwrap_or_default();
            ["sh", "bash", "dash", "zsh"].iter().any(|shell| line.trim_end().ends_with(shell))
        }
}

/// What a script, or a file of a language without a grammar here, says.
pub(super) fn read(file: &File) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    if is_script(file) && crate::prose::mention(&file.text).is_some() {
        script(file, &mut sightings);
    }
    sightings.extend(super::plain::read(file));
    sightings
}

fn script(file: &File, sightings: &mut Vec<Sighting>) {
    for index in 0..file.line_count() {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        if line.trim_start().starts_with('#') {
            continue;
        }
        let within = |found: regex::Match<'_>| span.start + found.start()..span.start + found.end();
        for found in VARIABLE.captures_iter(line) {
            let Some(name) = found.name("name") else { continue };
            if let Some(store) = variable::store_of(name.as_str()) {
                sightings.push(Sighting::new(
                    Kind::VariableRead,
                    store,
                    within(name),
                    name.as_str(),
                ));
            }
        }
        // Who sets a variable to it has told of it.
        let is_set = |found: &regex::Match<'_>| {
            line[..found.start()].trim_end_matches(['"', '\'']).ends_with('=')
        };
        let address = ADDRESS.find(line).filter(|_| !shell::is_speech(line));
        if let Some(found) = address.filter(|found| !is_set(found)) {
            let store =
                if found.as_str().contains("mongo") { Store::Mongodb } else { Store::Redis };
            let sighting =
                Sighting::new(Kind::ConnectionString, store, within(found), found.as_str());
            sightings.push(sighting.purpose(Purpose::Other, "a script names the server"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, text: &str) -> Vec<(Kind, String)> {
        let found = read(&File::new(path.into(), text.into()));
        found.into_iter().map(|found| (found.kind, found.name)).collect()
    }

    #[test]
    fn scripts_read_variables_and_name_servers() {
        let text = "#!/bin/sh\n# $REDIS_URL\nuntil redis-cli -u \"$REDIS_URL\" ping; do sleep 1; done\n\
                    export REDIS_HOST=redis://h\nwait-for redis:6379 -- true\n";
        assert_eq!(
            told("wait.sh", text),
            [
                (Kind::VariableRead, "REDIS_URL".to_owned()),
                (Kind::ConnectionString, "redis:6379".to_owned()),
            ]
        );
    }
}
