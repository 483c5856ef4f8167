//! Containers of Redis out of compose files, with what waits for them and the volumes that were theirs alone.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{
    draft::Draft,
    variable::is_ours,
    yaml::{self, Node, Out, Value},
};
use crate::file::folder_of;
use crate::finding::{Finding, Kind};

/// Parts of a service that only refer to others by their names.
const REFERENCES: &[&str] = &["depends_on", "links", "external_links", "volumes_from"];

/// Parts of a service in which a name is not that of another service.
const NAMES: &[&str] =
    &["networks", "volumes", "container_name", "hostname", "labels", "profiles", "image", "build"];

pub(super) fn apply(draft: &mut Draft<'_>) {
    let mut folders: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in draft.to_go(Kind::Container) {
        let path = &finding.place.path;
        if !is_compose(path) {
            let what = "this server holds data: move what is in it with `pgstead import`, stop it, then take it out by hand";
            draft.leave(finding.place.clone(), what);
            continue;
        }
        let folder = folder_of(path);
        folders.entry(folder.to_owned()).or_default().push(finding);
    }
    for (folder, findings) in folders {
        let beside = format!("{folder}/x").trim_start_matches('/').to_owned();
        let left = draft.code_left(draft.services.of(&beside));
        if left.is_empty() && !draft.had_code(draft.services.of(&beside)) {
            for finding in findings {
                draft.leave(finding.place.clone(), "no code here uses this server: once you know that nobody else does, take it out by hand");
            }
            continue;
        }
        if let Some(first) = left.first() {
            let more = if left.len() > 1 {
                format!(" (and {} more)", left.len() - 1)
            } else {
                String::new()
            };
            let what = format!(
                "this server stays: {}{more} still needs it. Move that, then run this again",
                first.place
            );
            for finding in findings {
                draft.leave(finding.place.clone(), what.clone());
            }
            continue;
        }
        if let Err(why) = take_out(draft, &folder, &findings) {
            for finding in findings {
                draft.leave(
                    finding.place.clone(),
                    format!(
                        "this server is needed by nobody any longer, and {why}: take it out by hand"
                    ),
                );
            }
        }
    }
}

fn is_compose(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    is_yaml
        && (name.starts_with("docker-compose")
            || name.starts_with("compose")
            || name.contains("docker-compose"))
}

/// The compose files of a folder, which are read over each other.
fn files(draft: &Draft<'_>, folder: &str) -> Vec<String> {
    let is_beside = |path: &str| folder_of(path) == folder;
    let beside = draft.files.iter().filter(|path| is_compose(path) && is_beside(path));
    beside.map(ToString::to_string).filter(|path| !draft.is_deleted(path)).collect()
}

fn take_out(draft: &mut Draft<'_>, folder: &str, findings: &[&Finding]) -> Result<(), String> {
    let mut going: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut templates = BTreeSet::new();
    for finding in findings {
        let path = &finding.place.path;
        let at = draft.offset(&finding.place).ok_or("its line is not found")?;
        let documents = read(draft, path)?;
        let holds =
            |(key, value): &&(Node, Node)| key.span.start <= at && at <= value.end().max(key.end());
        let mut entries = documents.iter().flat_map(Node::entries).filter(holds);
        if let Some((key, _)) =
            entries.find(|(key, _)| key.scalar().is_some_and(|key| key.starts_with("x-")))
        {
            // What services are made of goes if only those that go are made of it: else its anchor keeps it.
            templates.insert((path.clone(), key.span.start));
            continue;
        }
        let name = documents
            .iter()
            .filter_map(|it| it.get("services"))
            .flat_map(Node::entries)
            .find(holds);
        let (name, _) = name.ok_or("it is no service of its own")?;
        let name = name.scalar().ok_or("its name is not known")?;
        going.entry(path.clone()).or_default().insert(name.to_owned());
    }
    let names: BTreeSet<_> = going.values().flatten().cloned().collect();
    let mut edits = Vec::new();
    for path in files(draft, folder) {
        let Ok(documents) = read(draft, &path) else { continue };
        let own = going.get(&path).cloned().unwrap_or_default();
        let mut out = outs(draft, &path, &documents, &own, &names)?;
        out.extend(templates.iter().filter(|(of, _)| *of == path).map(|(_, at)| Out::Entry(*at)));
        if out.is_empty() {
            continue;
        }
        let source = draft.source(&path).ok_or("it cannot be read")?;
        let left = documents.iter().filter_map(|it| it.get("services")).flat_map(Node::entries);
        if left.into_iter().all(|(key, _)| out.contains(&Out::Entry(key.span.start))) {
            edits.push((path, None));
            continue;
        }
        let words: Vec<_> = names.iter().map(String::as_str).collect();
        let cuts = yaml::without(&source.file.text, &documents, &out, &words)?;
        edits.push((path, Some(cuts)));
    }
    let mut done: Vec<(String, (usize, usize))> = Vec::new();
    for (path, cuts) in edits {
        let before = draft.done(&path);
        let outcome = match cuts {
            Some(cuts) => draft.edit(&path, cuts, Vec::new()),
            None => delete(draft, &path),
        };
        if let Err(why) = outcome {
            for (path, (cuts, settled)) in done {
                draft.undo(&path, cuts, settled);
            }
            return Err(why);
        }
        done.push((path, before));
    }
    Ok(())
}

/// A file of nothing but servers that go, unless something calls for the file.
fn delete(draft: &mut Draft<'_>, path: &str) -> Result<(), String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let asked = draft.mentioned(name, &|other| other != path, &|_, _| false);
    match asked {
        Some(place) => Err(format!("its file has nothing else and {place} calls for it")),
        None => draft.delete(path, "it has nothing but servers that nobody needs"),
    }
}

fn read(draft: &Draft<'_>, path: &str) -> Result<Vec<Node>, String> {
    let source = draft.source(path).ok_or("it cannot be read")?;
    yaml::parse(&source.file.text).map_err(|_| "it is no YAML that can be read".to_owned())
}

/// What goes from a file: its servers, what refers to them, the volumes that were theirs.
fn outs(
    draft: &Draft<'_>,
    path: &str,
    documents: &[Node],
    own: &BTreeSet<String>,
    names: &BTreeSet<String>,
) -> Result<BTreeSet<Out>, String> {
    let mut out = BTreeSet::new();
    for document in documents {
        let Some(services) = document.get("services") else { continue };
        let (mut theirs, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (key, service) in services.entries() {
            let name = key.scalar().unwrap_or_default();
            // In a file that is read over another one a service has no image of its own.
            let is_over = names.contains(name)
                && service.get("image").is_none()
                && service.get("build").is_none();
            if own.contains(name) || is_over {
                out.insert(Out::Entry(key.span.start));
                volumes(service, &mut theirs);
                continue;
            }
            volumes(service, &mut others);
            out.extend(references(draft, path, name, service, names)?);
        }
        for (key, _) in document.get("volumes").map_or(&[][..], Node::entries) {
            let name = key.scalar().unwrap_or_default();
            if theirs.contains(name) && !others.contains(name) {
                out.insert(Out::Entry(key.span.start));
            }
        }
    }
    Ok(out)
}

/// The named volumes of a service.
fn volumes(service: &Node, names: &mut BTreeSet<String>) {
    for item in service.get("volumes").map_or(&[][..], Node::items) {
        let name = match item.scalar() {
            Some(text) => text.split(':').next(),
            None => item.get("source").and_then(Node::scalar),
        };
        names.extend(name.map(str::to_owned));
    }
}

/// What only waits for a server that goes; the reason if a service needs it for more.
fn references(
    draft: &Draft<'_>,
    path: &str,
    service: &str,
    node: &Node,
    names: &BTreeSet<String>,
) -> Result<Vec<Out>, String> {
    let mut out = Vec::new();
    for part in REFERENCES {
        let Some(list) = node.get(part) else { continue };
        let is_named = |text: &str| names.contains(text.split(':').next().unwrap_or(text));
        for item in list.items().iter().filter(|item| item.scalar().is_some_and(is_named)) {
            out.push(Out::Item(item.span.start));
        }
        for (key, _) in list.entries().iter().filter(|(key, _)| key.scalar().is_some_and(is_named))
        {
            out.push(Out::Entry(key.span.start));
        }
    }
    let image = node.get("image").and_then(Node::scalar).filter(|_| node.get("build").is_none());
    if let Some(image) = image.filter(|image| !out.is_empty() && !is_ours(draft, image)) {
        return Err(format!(
            "`{service}`, which waits for it, is of an image (`{image}`) that is not made here"
        ));
    }
    for (key, value) in node.entries() {
        let part = key.scalar().unwrap_or_default();
        if REFERENCES.contains(&part) || NAMES.contains(&part) {
            continue;
        }
        let mut named = None;
        value.walk(&mut |node| {
            if let Value::Scalar(text) = &node.value
                && names.iter().any(|name| is_host(text, name))
                && !draft.is_out(path, node.span.start)
            {
                named = Some(node.span.start);
            }
        });
        if let Some(at) = named {
            let line = draft.place(path, at).line;
            return Err(format!("`{service}` still names it in line {line}"));
        }
    }
    Ok(out)
}

/// Whether a text names a host.
fn is_host(text: &str, name: &str) -> bool {
    let pattern = format!(r#"(?:^|[/@\s,="']){}(?:$|[:/\s,"'])"#, regex::escape(name));
    Regex::new(&pattern).is_ok_and(|host| host.is_match(text))
}
