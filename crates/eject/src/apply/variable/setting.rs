//! Variables in YAML (compose, Kubernetes, Helm, workflows), JSON and TOML.

use std::collections::BTreeSet;

use jsonc_parser::ast::{Object, Value};

use super::Place;
use crate::apply::{
    cut::{self, Cut},
    draft::Draft,
    json, toml,
    yaml::{self, Node, Out},
};

/// Entries, items that are `NAME=value`, and items with the name.
pub(super) fn yaml(
    draft: &Draft<'_>,
    text: &str,
    places: &[Place<'_>],
) -> Result<Vec<Cut>, String> {
    let documents = yaml::parse(text).map_err(|_| "it is no YAML that can be read".to_owned())?;
    let mut out = BTreeSet::new();
    for place in places {
        let mut found = None;
        for document in &documents {
            find(draft, text, document, place, None, &mut found);
        }
        match found {
            Some(Found::Out(it)) => _ = out.insert(it),
            Some(Found::Foreign(image)) => {
                return Err(format!("the image `{image}`, which may read it, is not made here"));
            }
            None => {}
        }
    }
    if out.is_empty() {
        return Err("how it is set there is not known".to_owned());
    }
    let names: Vec<_> = places.iter().map(|place| place.name).collect();
    yaml::without(text, &documents, &out, &names)
}

enum Found {
    Out(Out),
    /// In a container of somebody else's image.
    Foreign(String),
}

/// The innermost thing around a byte that sets the variable. `image` is that of the container around it.
fn find(
    draft: &Draft<'_>,
    text: &str,
    node: &Node,
    place: &Place<'_>,
    image: Option<&str>,
    found: &mut Option<Found>,
) {
    let is_built = node.get("build").is_some();
    let own = node.get("image").and_then(Node::scalar).filter(|_| !is_built);
    let image = if is_built { None } else { own.or(image) };
    let mut take = |out: Out| {
        let foreign = image.filter(|image| !is_ours(draft, image));
        *found = Some(foreign.map_or(Found::Out(out), |image| Found::Foreign(image.to_owned())));
    };
    for item in node.items() {
        let sets = item.scalar().is_some_and(|said| said.split('=').next() == Some(place.name))
            || item.get("name").and_then(Node::scalar) == Some(place.name);
        if sets && item.holds(text, place.at) {
            take(Out::Item(item.span.start));
        }
    }
    for (key, value) in node.entries() {
        let is_within = key.holds(text, place.at) || place.at <= value.end();
        let around = cut::line_start(text, key.span.start) <= place.at && is_within;
        if around && key.scalar() == Some(place.name) {
            take(Out::Entry(key.span.start));
        }
    }
    for item in node.items() {
        find(draft, text, item, place, image, found);
    }
    for (_, value) in node.entries() {
        find(draft, text, value, place, image, found);
    }
}

/// Whether an image is of the tree's own code, by its name: a service of that name, or a name that is filled in later.
pub(in crate::apply) fn is_ours(draft: &Draft<'_>, image: &str) -> bool {
    if image.contains(['{', '$', '<']) || image.contains("xxx") {
        return true;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name);
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', '.'], "");
    let name = plain(name);
    let root = draft.root.file_name().map(|name| name.to_string_lossy().into_owned());
    let services = draft.report.services.iter().flat_map(|service| {
        let last = service.path.rsplit('/').next().unwrap_or_default();
        [service.name.rsplit('/').next().unwrap_or_default().to_owned(), last.to_owned()]
    });
    services.chain(root).map(|service| plain(&service)).any(|service| {
        service.len() > 2 && name.len() > 2 && (service.contains(&name) || name.contains(&service))
    })
}

/// Properties, and objects of a list that have the name.
pub(super) fn json(text: &str, places: &[Place<'_>]) -> Result<Vec<Cut>, String> {
    let names: Vec<_> = places.iter().map(|place| place.name).collect();
    json::edit(text, |editor, root| {
        let mut cuts = Vec::new();
        object(editor, root, &names, &mut cuts, 0);
        cuts
    })
}

fn object(
    editor: &json::Editor<'_>,
    it: &Object<'_>,
    names: &[&str],
    cuts: &mut Vec<Cut>,
    depth: usize,
) {
    let is_setting = |name: &str| {
        names.contains(&name)
            && it
                .get(name)
                .is_some_and(|it| !matches!(it.value, Value::Object(_) | Value::Array(_)))
    };
    cuts.extend(editor.without(it, &is_setting));
    for property in it.properties.iter().filter(|property| !is_setting(property.name.as_str())) {
        value(editor, &property.value, names, cuts, depth + 1);
    }
}

fn value(
    editor: &json::Editor<'_>,
    it: &Value<'_>,
    names: &[&str],
    cuts: &mut Vec<Cut>,
    depth: usize,
) {
    if depth > 128 {
        return;
    }
    match it {
        Value::Object(it) => object(editor, it, names, cuts, depth),
        Value::Array(array) => {
            let is_setting = |it: &Value<'_>| {
                let Value::Object(it) = it else { return false };
                let name = it.get_string("name").or_else(|| it.get_string("Name"));
                name.is_some_and(|name| names.contains(&&*name.value))
            };
            cuts.extend(editor.without_items(array, &is_setting));
            for it in array.elements.iter().filter(|it| !is_setting(it)) {
                value(editor, it, names, cuts, depth + 1);
            }
        }
        _ => {}
    }
}

/// Entries of the names.
pub(super) fn toml(text: &str, places: &[Place<'_>]) -> Result<Vec<Cut>, String> {
    let names: Vec<_> = places.iter().map(|place| place.name).collect();
    toml::without(
        text,
        &toml::Goes {
            entry: &|_, key, item| names.contains(&key) && item.is_value(),
            string: &|_, _| false,
        },
    )
}
