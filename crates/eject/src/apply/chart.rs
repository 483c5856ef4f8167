//! Charts of Redis that a Helm chart depends on, with their values.

use std::collections::BTreeSet;

use super::{
    draft::Draft,
    edits::Command,
    need,
    yaml::{self, Node, Out},
};
use crate::file::folder_of;
use crate::finding::{Finding, Kind};

pub(super) fn apply(draft: &mut Draft<'_>) {
    let charts: Vec<_> = draft.to_go(Kind::HelmDependency).collect();
    for finding in charts {
        let path = &finding.place.path;
        let name = path.rsplit('/').next().unwrap_or(path);
        if draft.is_settled(finding) || !matches!(name, "Chart.yaml" | "requirements.yaml") {
            continue;
        }
        let left = draft.code_left(draft.services.of(path));
        let outcome = match left.first() {
            Some(first) => Err(format!("this chart stays: {} still needs it. Move that, then run this again", first.place)),
            None if !draft.had_code(draft.services.of(path)) => {
                Err("no code here uses this server: once you know that nobody else does, take it out by hand".to_owned())
            }
            None => take_out(draft, finding).map_err(|why| format!("this chart is needed by nobody any longer, and {why}: take it out by hand")),
        };
        if let Err(what) = outcome {
            draft.leave(finding.place.clone(), what);
        }
    }
}

fn take_out(draft: &mut Draft<'_>, finding: &Finding) -> Result<(), String> {
    let path = &finding.place.path;
    let at = draft.offset(&finding.place).ok_or("its line is not found")?;
    let source = draft.source(path).ok_or("it cannot be read")?;
    let documents =
        yaml::parse(&source.file.text).map_err(|_| "its file is no YAML that can be read")?;
    let items = documents.iter().filter_map(|it| it.get("dependencies")).flat_map(Node::items);
    let item = items.into_iter().find(|item| item.holds(&source.file.text, at));
    let item = item.ok_or("it is not among the dependencies")?;
    let name =
        item.get("alias").or(item.get("name")).and_then(Node::scalar).ok_or("it has no name")?;
    let folder = folder_of(path).to_owned();
    if let Some(place) = asked_by_template(draft, &folder, name) {
        return Err(format!("{place} asks for its values"));
    }
    let out = BTreeSet::from([Out::Item(item.span.start)]);
    let cuts = yaml::without(&source.file.text, &documents, &out, &[name])?;
    let values = values(draft, &folder, name)?;
    draft.edit(path, cuts, Vec::new())?;
    for (path, cuts) in values {
        if let Err(why) = draft.edit(&path, cuts, Vec::new()) {
            let place = draft.place(&path, 0);
            draft.leave(
                place,
                format!(
                    "`{name}` has values here that nobody reads, and {why}: take them out by hand"
                ),
            );
        }
    }
    let lock = format!("{folder}/Chart.lock");
    let lock = lock.trim_start_matches('/').to_owned();
    if draft.source(&lock).is_some() {
        let folder = if folder.is_empty() { ".".to_owned() } else { folder };
        let arguments = ["dependency", "update"].map(str::to_owned).to_vec();
        draft.run(Command { folder, program: "helm".to_owned(), arguments, lock });
    }
    Ok(())
}

/// The template of a chart that asks for a dependency's values after the edits.
fn asked_by_template(draft: &Draft<'_>, folder: &str, name: &str) -> Option<String> {
    let templates = format!("{folder}/templates/");
    let templates = templates.trim_start_matches('/');
    let asked = format!(".Values.{name}");
    draft.files.iter().filter(|path| path.starts_with(templates)).find_map(|path| {
        let source = draft.source(path)?;
        let found = need::words(&source.file.text, &asked).find(|&at| !draft.is_out(path, at));
        found.map(|at| draft.place(path, at).to_string())
    })
}

/// The values of a dependency in all files of values beside its chart.
fn values(
    draft: &Draft<'_>,
    folder: &str,
    name: &str,
) -> Result<Vec<(String, Vec<super::cut::Cut>)>, String> {
    let mut values = Vec::new();
    for path in &draft.files {
        let (of, file) = path.rsplit_once('/').unwrap_or(("", path));
        if of != folder
            || !file.starts_with("values")
            || !(file.ends_with(".yaml") || file.ends_with(".yml"))
        {
            continue;
        }
        let Some(source) = draft.source(path) else { continue };
        let Ok(documents) = yaml::parse(&source.file.text) else { continue };
        let entries = documents.iter().filter_map(|document| document.entry(name));
        let out: BTreeSet<_> = entries.map(|(key, _)| Out::Entry(key.span.start)).collect();
        if !out.is_empty() {
            values.push((
                path.to_string(),
                yaml::without(&source.file.text, &documents, &out, &[name])?,
            ));
        }
    }
    Ok(values)
}
