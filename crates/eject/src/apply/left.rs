//! What is left to people: every live use that no edit was about, with what to do.

use std::collections::{BTreeMap, BTreeSet};

use super::{draft::Draft, javascript};
use crate::finding::{Finding, Kind, Life, Purpose};

/// So many lines of a file are told.
const SHOWN: usize = 8;

pub(super) fn apply(draft: &mut Draft<'_>) {
    let left = draft.findings().filter(|finding| {
        finding.life == Life::Live && !draft.is_done(finding) && !draft.is_left(&finding.place)
    });
    let left: Vec<_> = left.collect();
    let servers: BTreeSet<_> =
        left.iter().filter(|it| it.kind == Kind::Container).map(|it| &it.place.path).collect();
    let mut code: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    let mut others = Vec::new();
    for finding in &left {
        let is_code = matches!(
            finding.kind,
            Kind::Import
                | Kind::Client
                | Kind::Command
                | Kind::VariableRead
                | Kind::ConnectionString
        );
        match finding.kind {
            // Who gets there through others is done when these are.
            Kind::Wrapper => {}
            _ if is_code && javascript::is_code(&finding.place.path) => {
                code.entry(&finding.place.path).or_default().push(finding);
            }
            Kind::Import | Kind::Client | Kind::Command => {
                code.entry(&finding.place.path).or_default().push(finding);
            }
            // It is told of with its server.
            Kind::ContainerReference if servers.contains(&finding.place.path) => {}
            _ => others.extend(what_to_do(finding).map(|what| (finding.place.clone(), what))),
        }
    }
    for (place, what) in others {
        draft.leave(place, what);
    }
    for findings in code.into_values() {
        draft.leave(findings[0].place.clone(), of_code(&findings));
    }
}

/// One sentence for all that a file of code does with Redis.
fn of_code(findings: &[&Finding]) -> String {
    let uses = findings
        .iter()
        .filter(|it| !matches!(it.kind, Kind::VariableRead | Kind::ConnectionString));
    let uses: Vec<_> = uses.copied().collect();
    let Some(first) = uses.first() else {
        let mut names: Vec<_> =
            findings.iter().map(|finding| format!("`{}`", finding.name)).collect();
        names.dedup();
        return format!(
            "has {} ({}): take it out with what it is there for",
            names.join(", "),
            lines(findings)
        );
    };
    let mut purposes: Vec<_> = uses.iter().map(|finding| finding.purpose).collect();
    purposes.sort_unstable();
    purposes.dedup();
    purposes.retain(|purpose| *purpose != Purpose::Other);
    let words: Vec<_> = purposes.iter().map(|purpose| purpose.word()).collect();
    let what_for =
        if words.is_empty() { String::new() } else { format!(" for {}", words.join(", ")) };
    let replacement = findings.iter().find_map(|finding| finding.replacement.as_ref());
    let replacement = replacement.map_or("pgstead", String::as_str);
    format!("uses `{}`{what_for} ({}): move it to {replacement}", first.name, lines(findings))
}

/// The lines of findings, the first of them where they are many.
fn lines(findings: &[&Finding]) -> String {
    let mut lines: Vec<_> = findings.iter().map(|finding| finding.place.line).collect();
    lines.dedup();
    let more = if lines.len() > SHOWN { ", …" } else { "" };
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let shown: Vec<_> = lines.iter().take(SHOWN).map(ToString::to_string).collect();
    format!("{word} {}{more}", shown.join(", "))
}

fn what_to_do(finding: &Finding) -> Option<String> {
    let name = &finding.name;
    Some(match finding.kind {
        Kind::Resource => format!(
            "`{name}` holds data: once `pgstead import` has shown that nothing is missing and `pgstead verify --redis` that nobody calls, take it out by hand"
        ),
        Kind::Setting => {
            format!("the setting `{name}` points to Redis: point it to PostgreSQL, or take it out")
        }
        Kind::ConnectionString => "an address of Redis: take it out with what reads it".to_owned(),
        Kind::VariableRead => format!("reads `{name}`: take it out with what it is read for"),
        Kind::VariableSet => format!("`{name}` is set here: take it out once nobody reads it"),
        Kind::Container => "this server stays until nobody needs it".to_owned(),
        Kind::ContainerReference => format!("refers to the server `{name}`: it goes with that"),
        Kind::HelmDependency => {
            format!("the chart `{name}` brings a server: take it out once nobody needs it")
        }
        Kind::Package => format!("take `{name}` out once nobody needs it"),
        // It follows its manifest; the commands are listed.
        Kind::LockedPackage
        | Kind::Mention
        | Kind::Backup
        | Kind::UnusedModule
        // Of these a file is told of once.
        | Kind::Import
        | Kind::Client
        | Kind::Command
        | Kind::Wrapper => return None,
    })
}
