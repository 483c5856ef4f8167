//! What is left to people: every live use that no edit was about, with what to do.

use std::collections::BTreeMap;

use super::draft::Draft;
use crate::finding::{Finding, Kind, Life};

pub(super) fn apply(draft: &mut Draft<'_>) {
    let left = draft.findings().filter(|finding| {
        finding.life == Life::Live && !draft.is_done(finding) && !draft.is_left(&finding.place)
    });
    let mut code: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    let mut others = Vec::new();
    for finding in left {
        match finding.kind {
            Kind::Import | Kind::Client | Kind::Command | Kind::Wrapper => {
                code.entry(&finding.place.path).or_default().push(finding);
            }
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
    let mut purposes: Vec<_> = findings.iter().map(|finding| finding.purpose.word()).collect();
    purposes.sort_unstable();
    purposes.dedup();
    let mut lines: Vec<_> = findings.iter().map(|finding| finding.place.line).collect();
    lines.dedup();
    let more = if lines.len() > 8 { ", …" } else { "" };
    let shown: Vec<_> = lines.iter().take(8).map(ToString::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let name = &findings[0].name;
    let replacement = findings.iter().find_map(|finding| finding.replacement.as_ref());
    let replacement = replacement.map_or("pgstead", String::as_str);
    format!(
        "uses `{name}` for {} ({word} {}{more}): move it to {replacement}",
        purposes.join(", "),
        shown.join(", ")
    )
}

fn what_to_do(finding: &Finding) -> Option<String> {
    let name = &finding.name;
    Some(match finding.kind {
        Kind::Resource => format!(
            "`{name}` holds data: once `pgstead import` has shown that nothing is missing and `pgstead verify --redis` that nobody calls, take it out by hand"
        ),
        Kind::Setting => format!("the setting `{name}` points to Redis: point it to PostgreSQL, or take it out"),
        Kind::ConnectionString => "an address of Redis: take it out with what reads it".to_owned(),
        Kind::VariableRead => format!("reads `{name}`: take it out with what it is read for"),
        Kind::VariableSet => format!("`{name}` is set here: take it out once nobody reads it"),
        Kind::Container => "this server stays until nobody needs it".to_owned(),
        Kind::ContainerReference => format!("refers to the server `{name}`: it goes with that"),
        Kind::HelmDependency => format!("the chart `{name}` brings a server: take it out once nobody needs it"),
        Kind::Package => format!("take `{name}` out once nobody needs it"),
        // It follows its manifest; the commands are listed.
        Kind::LockedPackage | Kind::Mention | Kind::Backup | Kind::UnusedModule => return None,
        Kind::Import | Kind::Client | Kind::Command | Kind::Wrapper => return None,
    })
}
