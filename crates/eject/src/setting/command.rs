//! What command lines say: programs that are run, packages that are installed, variables that are passed on, and servers
//! that a cloud is asked for.

use std::ops::Range;

use super::{filled::Text, line, said, server, shell, variable};
use crate::{
    code,
    finding::{Kind, Purpose, Sighting, Store},
};

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

/// What a command is for that is sent by hand: as its key says, or as it mostly is.
pub(super) fn purpose_of(line: &str, program: &str) -> Option<(Purpose, String)> {
    let (_, rest) = line.split_once(program)?;
    let mut words = server::words(rest);
    let (sent, usual) = words.find_map(|word| Some((word, code::usual_purpose_of(word)?)))?;
    let key = words.find(|word| !word.starts_with(['-', '$', '|', '>', ';']));
    let of_key = key.and_then(|key| {
        let (purpose, word) = code::purpose_of(key)?;
        Some((purpose, format!("its key says `{word}`")))
    });
    let usual = Some(usual).filter(|usual| *usual != Purpose::Other);
    of_key.or_else(|| usual.map(|usual| (usual, format!("`{sent}` is a command of such a use"))))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_are_sent_by_hand_say_what_they_are_for() {
        for (line, purpose) in [
            ("docker compose exec kv valkey-cli -n 3 LLEN 'a:{default}:b'", Some(Purpose::Queue)),
            ("valkey-cli -n 3 ZCARD mail:scheduled", Some(Purpose::Queue)),
            ("valkey-cli -u $URL GET sess:1", Some(Purpose::Session)),
            ("valkey-cli -u $SESSION_URL FLUSHDB", None),
            ("valkey-cli -h queue ping", None),
            ("valkey-cli --scan --pattern 'jobs:*'", None),
        ] {
            assert_eq!(purpose_of(line, "valkey-cli").map(|(of, _)| of), purpose, "{line}");
        }
    }
}
