//! A document of data with places: JSON, YAML and TOML read alike.
//!
//! Nodes lie in one list and refer to each other by number: an alias of YAML is a reference and not a copy, so a
//! document that refers to itself a billion times is as small as it is written.

mod json;
mod toml;
mod yaml;

use std::{borrow::Cow, ops::Range};

pub(crate) use self::{json::json, toml::toml, yaml::yaml};

/// How many aliases and merges are followed for one question.
const ALIASES: usize = 16;

/// A file of data: one root, or one for each document of YAML.
#[derive(Debug, Default)]
pub(crate) struct Document<'t> {
    nodes: Vec<Value<'t>>,
    roots: Vec<usize>,
}

#[derive(Debug)]
struct Value<'t> {
    span: Range<usize>,
    data: Data<'t>,
}

#[derive(Debug)]
enum Data<'t> {
    /// A string, number or word as it is meant, without quotes.
    Scalar(Cow<'t, str>),
    Map(Vec<Entry<'t>>),
    List(Vec<usize>),
    Alias(usize),
}

#[derive(Debug)]
struct Entry<'t> {
    key: Cow<'t, str>,
    span: Range<usize>,
    value: usize,
}

impl<'t> Document<'t> {
    fn add(&mut self, span: Range<usize>, data: Data<'t>) -> usize {
        self.nodes.push(Value { span, data });
        self.nodes.len() - 1
    }

    /// The documents that the file holds.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|&id| Node { document: self, id })
    }

    /// The only document of the file, or its first.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.roots().next()
    }
}

/// A value in a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'d> {
    document: &'d Document<'d>,
    id: usize,
}

/// A key and its value in a map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'d> {
    pub(crate) key: &'d str,
    /// Where the key stands.
    at: &'d Range<usize>,
    pub(crate) value: Node<'d>,
}

impl Pair<'_> {
    /// From the key to the end of the value.
    pub(crate) fn span(&self) -> Range<usize> {
        self.at.start..self.value.span().end.max(self.at.end)
    }

    /// The key alone.
    pub(crate) fn key_span(&self) -> Range<usize> {
        self.at.clone()
    }
}

impl<'d> Node<'d> {
    fn value(self) -> &'d Value<'d> {
        &self.document.nodes[self.id]
    }

    /// Where it stands; where it is an alias, where that stands.
    pub(crate) fn span(self) -> Range<usize> {
        self.value().span.clone()
    }

    /// What an alias refers to.
    fn meant(self) -> Self {
        let mut node = self;
        for _ in 0..ALIASES {
            let Data::Alias(id) = node.value().data else { break };
            node.id = id;
        }
        node
    }

    /// Its text, if it is neither a map nor a list.
    pub(crate) fn text(self) -> Option<&'d str> {
        match &self.meant().value().data {
            Data::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list.
    pub(crate) fn items(self) -> impl Iterator<Item = Node<'d>> {
        let node = self.meant();
        let ids: &[usize] = match &node.value().data {
            Data::List(ids) => ids,
            _ => &[],
        };
        ids.iter().map(move |&id| Node { document: node.document, id })
    }

    /// What a map holds itself: not what is merged into it.
    pub(crate) fn pairs(self) -> impl Iterator<Item = Pair<'d>> {
        let node = self.meant();
        let entries: &[Entry<'_>] = match &node.value().data {
            Data::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(move |entry| Pair {
            key: &entry.key,
            at: &entry.span,
            value: Node { document: node.document, id: entry.value },
        })
    }

    /// The value of a key, its own or one that is merged in (`<<`).
    pub(crate) fn get(self, key: &str) -> Option<Node<'d>> {
        self.pair(key).map(|pair| pair.value)
    }

    /// A key with its value, its own or one that is merged in (`<<`).
    pub(crate) fn pair(self, key: &str) -> Option<Pair<'d>> {
        self.find(key, ALIASES)
    }

    fn find(self, key: &str, depth: usize) -> Option<Pair<'d>> {
        if let Some(own) = self.pairs().find(|pair| pair.key == key) {
            return Some(own);
        }
        let depth = depth.checked_sub(1)?;
        let merged = self.pairs().find(|pair| pair.key == "<<")?.value;
        merged.find(key, depth).or_else(|| merged.items().find_map(|one| one.find(key, depth)))
    }

    /// The value at the end of a way of keys.
    pub(crate) fn at(self, keys: &[&str]) -> Option<Node<'d>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether it stands for something that stands elsewhere.
    pub(crate) fn is_alias(self) -> bool {
        matches!(self.value().data, Data::Alias(_))
    }

    /// Whether it is a map.
    pub(crate) fn is_map(self) -> bool {
        matches!(self.meant().value().data, Data::Map(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_languages_are_read_alike() {
        let texts =
            ["{\"a\": {\"b\": [1, \"é\", true]}}", "{\n // why\n 'a': {b: [1, 'é', true,]},\n}"];
        for text in texts {
            let document = json(text).unwrap();
            assert_node(&document, text);
        }
        let text = "a:\r\n  b:\r\n    - 1\r\n    - é\r\n    - true\r\n";
        assert_node(&yaml(text).unwrap(), text);
        let text = "[a]\nb = [1, \"é\", true]\n";
        assert_node(&toml(text).unwrap(), text);
    }

    fn assert_node(document: &Document<'_>, text: &str) {
        let a = document.root().unwrap().pair("a").unwrap();
        let list = a.value.get("b").unwrap();
        let texts: Vec<_> = list.items().map(|item| item.text().unwrap()).collect();
        assert_eq!(texts, ["1", "é", "true"]);
        let third = list.items().nth(2).unwrap();
        assert_eq!(&text[third.span()], "true");
        assert!(text[a.span()].trim_start_matches(['"', '\'', '[']).starts_with('a'), "{a:?}");
    }

    #[test]
    fn aliases_are_followed_and_merges_searched() {
        let text =
            "x: &x\n  image: redis:7\ny: &y {<<: *x, e: é}\nservices:\n  c: {<<: [*y]}\n  d: *x\n";
        let document = yaml(text).unwrap();
        let services = document.root().unwrap().get("services").unwrap();
        assert_eq!(services.at(&["c", "image"]).unwrap().text(), Some("redis:7"));
        assert_eq!(services.at(&["d", "image"]).unwrap().text(), Some("redis:7"));
        assert!(services.get("d").unwrap().is_alias());
        assert_eq!(&text[services.get("d").unwrap().span()], "*x");
        assert_eq!(&text[services.at(&["c", "e"]).unwrap().span()], "é");
    }

    #[test]
    fn a_document_that_holds_itself_ends() {
        let document = yaml("a: &a\n  <<: *a\n  b: *a\n").unwrap();
        let a = document.root().unwrap().get("a").unwrap();
        assert!(a.get("c").is_none());
        assert!(a.at(&["b", "b", "b", "c"]).is_none());
    }

    #[test]
    fn what_is_not_of_the_language_is_an_error() {
        assert!(json("{\"a\": ").is_err());
        assert!(yaml("a: {{ .Values.x }}\nb: [").is_err());
        assert!(toml("a = ").is_err());
        assert!(json(&"[".repeat(100_000)).is_err());
        assert!(yaml(&"[".repeat(100_000)).is_err());
        assert!(yaml("").unwrap().root().is_none());
        assert!(json("\u{feff}{}").unwrap().root().is_some());
    }

    #[test]
    fn deep_nesting_is_walked_without_a_deep_stack() {
        let lines: Vec<_> = (0..2000).map(|depth| " ".repeat(depth) + "a:").collect();
        let text = lines.join("\n");
        let _ = yaml(&text);
    }
}
