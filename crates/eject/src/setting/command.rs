//! What command lines say: programs that are run, packages that are installed, variables that are passed on, and servers
//! that a cloud is asked for.

use std::ops::Range;

use super::{filled::Text, line, said, server, shell, variable};
use crate::finding::{Kind, Sighting, Store};

/// The program of a store that a command of a script runs: its first word, or one behind what runs another.
pub(super) fn of_shell(command: &str) -> Option<(&str, Store)> {
    let programs = || server::words(command).map(|word| word.rsplit('/').next().unwrap_or(word));
    let is_first = |word: &str| !word.contains('=') && !word.starts_with(['*', '-', '$']);
    let first = programs().position(is_first);
    let mut before = "";
    programs().enumerate().find_map(|(index, program)| {
        let is_run = Some(index) == first
            || server::runs_another(before)
            || program.contains('-') && !program.starts_with('-');
        before = program;
        let store = server::of_program(program, command).filter(|_| is_run)?;
        Some((program, store))
    })
}

/// A package of a store that a command installs.
pub(super) fn installed(command: &str) -> Option<(&str, Store)> {
    let words = command.split_whitespace().skip_while(|word| !server::installs(word)).skip(1);
    let mut named = words.filter(|word| !word.starts_with('-') && !word.contains(['/', '$', '=']));
    named.find_map(|word| Some((word, server::of_name(word)?)))
}

/// The chart of a server that is installed: `helm upgrade --install cache bitnami/redis`.
pub(super) fn charted(command: &str) -> Option<(&str, Store)> {
    let mut words = command.split_whitespace().skip_while(|word| *word != "helm").skip(1);
    let verb = words.find(|word| !word.starts_with('-'))?;
    let installs = matches!(verb, "install" | "upgrade" | "template" | "pull");
    let mut charts = words.filter(|word| installs && word.contains('/') && !word.starts_with('-'));
    charts.find_map(|chart| Some((chart, server::of_chart(chart)?)))
}

/// The variable that a tool sets by its name alone: `gh secret set REDIS_URL`, `docker run -e REDIS_URL`.
pub(super) fn passed(line: &str) -> Option<(&str, Store)> {
    let rests = server::setters().filter_map(|setter| {
        let (before, rest) = line.split_once(setter)?;
        let is_whole = before.ends_with(' ') && rest.starts_with([' ', '=']);
        is_whole.then_some((rest, setter.starts_with('-')))
    });
    let mut rests = rests;
    rests.find_map(|(rest, is_option)| {
        let command = rest.split(['|', ';', '&', '>']).next().unwrap_or(rest);
        let most = if is_option { 1 } else { usize::MAX };
        let words = command.split([' ', '=']).filter(|word| !word.is_empty()).take(most);
        let names = words.map(|word| word.trim_matches(['"', '\'', '{', '}', ',']));
        let mut names = names.filter(|name| said::is_variable(name));
        names.find_map(|name| Some((name, variable::store_of(name)?)))
    })
}

/// What a cloud's own tool is asked for: `aws elasticache create-replication-group`.
pub(super) fn of_cloud(line: &str, span: &Range<usize>) -> Option<Sighting> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    shell::commands(line).into_iter().find_map(|command| {
        let store = server::of_cloud(command.trim_start_matches("- "))?;
        let makes = server::words(command).any(|word| word.contains("create") || word == "add");
        let kind = if makes { Kind::Resource } else { Kind::Command };
        Some(Sighting::new(kind, store, span.clone(), command))
    })
}

/// What a script of one line says of variables, addresses and clouds.
pub(super) fn of_script(text: &str, span: &Range<usize>) -> Option<Sighting> {
    if shell::is_speech(text) {
        return None;
    }
    let said = line::said_in(text, span.start).filter(|found| found.kind != Kind::Setting);
    said.or_else(|| of_cloud(text, span)).or_else(|| filled(text, span))
}

/// The variable of a store that a command line is filled from: `docker secret create redis_url - <<< $REDIS_URL`.
pub(super) fn filled(line: &str, span: &Range<usize>) -> Option<Sighting> {
    let found = super::filled::find(line, span.clone(), Text::Command)?;
    let name = found.name.clone();
    (!found.is_open).then(|| line::with_purpose(found, &name))
}
