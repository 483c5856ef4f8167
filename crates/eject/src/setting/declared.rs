//! What a map of a tree declares as a whole: an image, a resource of a cloud.

use super::server;
use crate::{
    document::{Node, Pair},
    finding::{Kind, Sighting},
};

/// The image that a map itself names: `image: redis`, `image: {repository: redis}`; in a list of images `name: redis`.
pub(super) fn image(node: Node<'_>, is_listed: bool) -> Option<(Pair<'_>, &str)> {
    let names = |key| matches!(key, "image" | "Image" | "imageName") || is_listed && key == "name";
    let pair = node.pairs().find(|pair| names(pair.key))?;
    if let Some(text) = pair.value.text() {
        return Some((pair, text));
    }
    let inner = pair.value.pairs().find(|inner| matches!(inner.key, "repository" | "name"))?;
    Some((inner, inner.value.text()?))
}

/// A declaration of infrastructure: `CloudFormation`, ARM, and what is like them.
pub(super) fn resource(node: Node<'_>, under: &str) -> Option<Sighting> {
    let pair = node.pair("Type").or_else(|| node.pair("type"))?;
    let kind = pair.value.text().filter(|kind| kind.contains("::") || kind.contains('/'))?;
    let store = server::of_resource(kind)?;
    let engine = [&["Properties", "Engine"][..], &["properties", "engine"]];
    let engine = engine.iter().find_map(|way| node.at(way)).and_then(Node::text);
    if engine.is_some_and(|engine| engine.eq_ignore_ascii_case("memcached")) {
        return None;
    }
    let name = node.get("name").and_then(Node::text).filter(|name| !name.starts_with('['));
    // A list of resources is no name of one.
    let name = name.unwrap_or(if under == "resources" { "" } else { under });
    let told = if name.is_empty() { kind.to_owned() } else { format!("{kind}.{name}") };
    Some(Sighting::new(Kind::Resource, store, pair.span(), &told))
}
