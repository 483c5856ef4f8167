//! Variables that a value is filled from, in whatever form a tool writes that.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    line::{self, with_purpose},
    said, variable,
};
use crate::{
    file::File,
    finding::{Kind, Purpose, Sighting, Store},
};

/// `%env(int:NAME)%`, `<%= ENV["NAME"] %>`, `ENV.fetch("NAME")`, `${NAME:-x}`, `$(NAME)`, `%{env:NAME}`, `{{ env "NAME" }}`,
/// `{{ lookup('env', 'NAME') }}`, `process.env.NAME`, `getenv("NAME")`.
static FILLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?:%env\((?:\w+:)*|\bENV(?:\.fetch)?\s*[\[(]\s*["']|[$%]\{(?:env[.:]|ENV[.:])?|\$\(|"#,
        r#"\b(?:env|requiredEnv|getenv|get_env|mustEnv|expandenv)\s*\(?\s*["']|\bprocess\.env\.|"#,
        r#"\blookup\(\s*["']env["']\s*,\s*["']|\$env:)(?P<name>[A-Za-z_]\w*)"#,
    ))
    .expect("it is valid")
});

/// `$NAME` of a command line, which a shell fills.
static SHELL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$(?P<name>[A-Z_][A-Z0-9_]*)").expect("it is valid"));

/// Whether a text may be filled from a variable of which only the value tells: what frameworks of PHP and Ruby write in
/// files that say nothing else of a store.
pub(super) fn is_in(text: &str) -> bool {
    ["%env(", "ENV[", "ENV.fetch("].iter().any(|form| text.contains(form))
}

/// How a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// A value of a setting.
    Value,
    /// A command line.
    Command,
}

/// The names of variables from which a text is filled.
fn names(text: &str, form: Text) -> impl Iterator<Item = &str> {
    let by_shell = (form == Text::Command).then(|| SHELL.captures_iter(text));
    let found = FILLED.captures_iter(text).chain(by_shell.into_iter().flatten());
    let names = found.filter_map(|found| Some(found.name("name")?.as_str()));
    names.filter(|name| said::is_variable(name))
}

/// The first variable of a store from which a text is filled; else the first of which only its value can tell,
/// which is open until all files are read.
pub(super) fn find(text: &str, span: Range<usize>, form: Text) -> Option<Sighting> {
    if !text.contains(['$', '%', '<', '(', '.', ' ']) {
        return None;
    }
    let known = names(text, form).find_map(|name| Some((name, variable::store_of(name)?)));
    if let Some((name, store)) = known {
        return Some(Sighting::new(Kind::VariableRead, store, span, name));
    }
    let name = names(text, form).next()?;
    let mut sighting = Sighting::new(Kind::VariableRead, Store::Redis, span, name);
    sighting.is_open = true;
    Some(sighting)
}

/// What a line of a file is filled from, where it says nothing else.
pub(super) fn of_line(file: &File, index: usize) -> Option<Sighting> {
    let span = file.line(index);
    let line = &file.text[span.clone()];
    let trimmed = line.trim_start_matches('\u{feff}').trim();
    if ["#", "//", ";", "<!--", "{{/*"].iter().any(|c| trimmed.starts_with(c)) {
        return None;
    }
    let key = line::key(trimmed).unwrap_or_default();
    if is_for_people(key) {
        return None;
    }
    let sighting = find(trimmed, span, Text::Value)?;
    let whole = format!("{key}.{}", sighting.name);
    Some(with_purpose(sighting, &whole))
}

/// A process that is started with a variable: `--broker $REDIS_URL`.
pub(super) fn of_command(command: &str, span: Range<usize>) -> Option<Sighting> {
    let sighting = find(command, span, Text::Command)?;
    let name = sighting.name.clone();
    let works = ["celery", "worker", "rq", "sidekiq"];
    let is_worker = command.split_whitespace().any(|word| works.contains(&word));
    Some(if is_worker {
        sighting.purpose(Purpose::Queue, "a worker is started with it")
    } else {
        with_purpose(sighting, &name)
    })
}

/// Keys whose values are read by people alone.
pub(super) fn is_for_people(key: &str) -> bool {
    matches!(
        key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase().as_str(),
        "description"
            | "summary"
            | "title"
            | "help"
            | "message"
            | "note"
            | "notes"
            | "comment"
            | "label"
            | "if"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_in_many_forms() {
        let told = |text| find(text, 0..0, Text::Value).map(|found| (found.name, found.is_open));
        for text in [
            "%env(REDIS_URL)%",
            "%env(resolve:REDIS_URL)%",
            "<%= ENV[\"REDIS_URL\"] %>",
            "<%= ENV.fetch('REDIS_URL', 'x') %>",
            "${REDIS_URL:redis}",
            "${REDIS_URL}/1",
            "$(REDIS_URL)",
            "${env:REDIS_URL}",
            "{{ env \"REDIS_URL\" }}",
            "{{ lookup('env', 'REDIS_URL') }}",
            "{{ requiredEnv \"REDIS_URL\" }}",
        ] {
            assert_eq!(told(text), Some(("REDIS_URL".to_owned(), false)), "{text}");
        }
        assert_eq!(told("%env(LOCK_DSN)%"), Some(("LOCK_DSN".to_owned(), true)));
        for text in [
            "REDIS_URL",
            "$REDIS_URL",
            "set $5 (REDIS_URL)",
            "${{ env.REDIS_URL }}",
            "${redis.url}",
            "",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
        let started = of_command("celery --broker $REDIS_URL worker", 0..0).unwrap();
        assert_eq!(started.purpose.unwrap().0, Purpose::Queue);
    }
}
