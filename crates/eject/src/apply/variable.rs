//! Environment variables that no code reads any longer, out of all that sets them.

mod dockerfile;
mod dotenv;
mod setting;

pub(super) use setting::is_ours;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{cut::Cut, draft::Draft, need};
use crate::finding::{Finding, Kind, Life};

/// A place that sets a variable: the byte, and the name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) at: usize,
    pub(super) name: &'a str,
}

/// Where a file sets variables that are to go, and what it takes to take them out.
type Outcome = Result<Vec<Cut>, String>;

/// Takes the variables out that nobody reads, in all files that set them or in none.
pub(super) fn apply(draft: &mut Draft<'_>) {
    let settings: Vec<_> =
        draft.to_go(Kind::VariableSet).filter(|it| !draft.is_settled(it)).collect();
    let mut names: BTreeSet<&str> = settings.iter().map(|finding| finding.name.as_str()).collect();
    let mut kept: BTreeMap<&str, String> = BTreeMap::new();
    let outcomes = loop {
        let outcomes = outcomes(draft, &settings, &names);
        let read =
            names.iter().find_map(|name| Some((*name, reader(draft, name, &settings, &outcomes)?)));
        let Some((name, reader)) = read else { break outcomes };
        names.remove(name);
        kept.insert(name, reader);
    };
    for (path, outcome) in outcomes {
        let mut settled = Vec::new();
        if let (Ok(cuts), Some(source)) = (&outcome, draft.source(path)) {
            let text = &source.file.text;
            for finding in settings.iter().filter(|finding| finding.place.path == path) {
                // It is told where the instruction begins, and its name stands further on.
                let is_out = |cut: &Cut| {
                    need::words(&text[cut.range.clone()], &finding.name).next().is_some()
                };
                let at = draft.offset(&finding.place).filter(|_| cuts.iter().any(is_out));
                settled.extend(at.map(|at| at..at + 1));
            }
        }
        let done = outcome.and_then(|cuts| {
            if cuts.is_empty() { Ok(()) } else { draft.edit(path, cuts, settled) }
        });
        let why = done.err();
        for finding in settings.iter().filter(|finding| finding.place.path == path) {
            if draft.is_settled(finding) {
                continue;
            }
            let name = &finding.name;
            let what = match (kept.get(name.as_str()), &why) {
                (Some(reader), _) => format!(
                    "`{name}` stays: {reader}. Once nobody reads it, take it out or run this again"
                ),
                (None, Some(why)) => {
                    format!("`{name}` is read by nobody any longer, and {why}: take it out by hand")
                }
                (None, None) => format!(
                    "`{name}` is read by nobody any longer, and is not alone in what it stands in: take it out by hand"
                ),
            };
            draft.leave(finding.place.clone(), what);
        }
    }
}

/// What it takes in each file to take the variables of these names out.
fn outcomes<'f>(
    draft: &Draft<'_>,
    settings: &[&'f Finding],
    names: &BTreeSet<&str>,
) -> BTreeMap<&'f str, Outcome> {
    let mut files: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
    for finding in settings {
        let places = files.entry(&finding.place.path).or_default();
        if names.contains(finding.name.as_str()) {
            places.extend(draft.offset(&finding.place).map(|at| Place { at, name: &finding.name }));
        }
    }
    let outcome = |(path, places): (&'f str, Vec<Place<'_>>)| (path, cuts(draft, path, &places));
    files.into_iter().map(outcome).collect()
}

fn cuts(draft: &Draft<'_>, path: &str, places: &[Place<'_>]) -> Outcome {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(why) = draft.refusal(path) {
        return Err(why.to_owned());
    }
    let source = draft.source(path).ok_or("it cannot be read")?;
    let text = &source.file.text;
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let lower = name.to_lowercase();
    if lower.starts_with(".env") || lower.starts_with("env.") || extension == "env" {
        return Ok(dotenv::without(text, places));
    }
    if lower.starts_with("dockerfile")
        || lower.starts_with("containerfile")
        || extension == "dockerfile"
    {
        return dockerfile::without(text, places);
    }
    match extension {
        "yml" | "yaml" => setting::yaml(draft, text, places),
        "json" | "jsonc" => setting::json(text, places),
        "toml" => setting::toml(text, places),
        "tf" | "tfvars" | "hcl" | "bicep" => {
            Err("infrastructure is for a person to change".to_owned())
        }
        _ => Err("this kind of file is not edited".to_owned()),
    }
}

/// Who reads a variable in what runs within reach of those who set it, if all that is to be taken out were taken out.
fn reader(
    draft: &Draft<'_>,
    name: &str,
    settings: &[&Finding],
    outcomes: &BTreeMap<&str, Outcome>,
) -> Option<String> {
    let setting = settings.iter().filter(|finding| finding.name == name);
    let folders: BTreeSet<String> =
        setting.map(|finding| draft.services.of(&finding.place.path).to_owned()).collect();
    let reaches: Vec<_> = folders.iter().map(|folder| draft.reach(folder)).collect();
    let is_reached = |path: &str| reaches.iter().any(|reach| reach.has(draft, path));
    let is_set = |path: &str, at: usize| {
        let within = |range: &Range<usize>| range.contains(&at);
        let is_cut = match outcomes.get(path) {
            Some(Ok(cuts)) => cuts.iter().any(|cut| within(&cut.range)),
            _ => false,
        };
        // Where it is set and cannot be taken out nobody reads it either.
        let line = draft.place(path, at).line;
        is_cut
            || draft.findings().any(|finding| {
                let is_here = finding.place.path == path && finding.place.line == line;
                is_here && finding.kind == Kind::VariableSet && finding.name == name
            })
    };
    if let Some(place) = draft.mentioned(name, &is_reached, &is_set) {
        return Some(format!("{place} still reads it"));
    }
    let sets = settings.iter().any(|finding| finding.name == name && finding.life == Life::Live);
    let was_read = draft.findings().any(|finding| {
        finding.kind == Kind::VariableRead && finding.name == name && finding.life == Life::Live
    });
    if !sets || was_read {
        return None;
    }
    // A variable that no code names is read by a library: `Redis.fromEnv()`, Spring, Sidekiq; or by somebody else's image.
    if !folders.iter().any(|folder| draft.had_code(folder)) {
        return Some("no code here uses Redis, so that who reads it is not known".to_owned());
    }
    let left = folders
        .iter()
        .find_map(|folder| draft.code_left(folder).first().map(|finding| finding.place.clone()));
    left.map(|place| {
        format!("no code names it, and {place}, which still uses Redis, may read it by a library")
    })
}
