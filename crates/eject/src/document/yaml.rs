//! YAML, with its anchors, aliases and several documents in one file.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use saphyr_parser::{Event, Parser, Span};

use super::{Data, Document, Entry};

/// Reads YAML.
pub(crate) fn yaml(text: &str) -> Result<Document<'_>, String> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = &text[start..];
    let mut reader = Reader { bytes: Bytes::new(text), start, ..Reader::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("it is not valid YAML: {error}"))?;
        reader.take(event, span);
    }
    Ok(reader.document)
}

/// Where characters are in bytes: the parser counts characters.
#[derive(Default)]
struct Bytes {
    /// Nothing where all are ASCII.
    of_characters: Option<Vec<usize>>,
    end: usize,
}

impl Bytes {
    fn new(text: &str) -> Self {
        let starts = || text.char_indices().map(|(at, _)| at).collect();
        Self { of_characters: (!text.is_ascii()).then(starts), end: text.len() }
    }

    fn of(&self, character: usize) -> usize {
        let found = self
            .of_characters
            .as_ref()
            .map_or(Some(character), |starts| starts.get(character).copied());
        found.map_or(self.end, |at| at.min(self.end))
    }
}

/// A collection that has begun and not ended.
enum Open<'t> {
    /// The key is there, its value not yet.
    Map(Vec<Entry<'t>>, Option<(Cow<'t, str>, Range<usize>)>),
    List(Vec<usize>),
}

#[derive(Default)]
struct Reader<'t> {
    document: Document<'t>,
    bytes: Bytes,
    start: usize,
    /// Each with its node, which is there from the beginning so that an alias may refer to it.
    open: Vec<(usize, Open<'t>)>,
    anchors: HashMap<usize, usize>,
}

impl<'t> Reader<'t> {
    fn take(&mut self, event: Event<'t>, span: Span) {
        let span = self.start + self.bytes.of(span.start.index())
            ..self.start + self.bytes.of(span.end.index());
        match event {
            Event::Scalar(text, _, anchor, _) => {
                if let Some(Open::Map(_, key @ None)) = self.open.last_mut().map(|(_, open)| open) {
                    // A scalar where a key is due is one.
                    *key = Some((text, span));
                    return;
                }
                let id = self.begin(anchor, span, Data::Scalar(text));
                self.put(id);
            }
            Event::Alias(anchor) => {
                let meant = self.anchors.get(&anchor).copied();
                let data = meant.map_or_else(|| Data::Scalar("".into()), Data::Alias);
                let id = self.document.add(span, data);
                self.put(id);
            }
            Event::MappingStart(anchor, _) => {
                let id = self.begin(anchor, span, Data::Map(Vec::new()));
                self.open.push((id, Open::Map(Vec::new(), None)));
            }
            Event::SequenceStart(anchor, _) => {
                let id = self.begin(anchor, span, Data::List(Vec::new()));
                self.open.push((id, Open::List(Vec::new())));
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(span.end),
            _ => {}
        }
    }

    fn begin(&mut self, anchor: usize, span: Range<usize>, data: Data<'t>) -> usize {
        let id = self.document.add(span, data);
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        id
    }

    fn put(&mut self, id: usize) {
        match self.open.last_mut() {
            Some((_, Open::Map(entries, key))) => match key.take() {
                Some((key, span)) => entries.push(Entry { key, span, value: id }),
                // A key that is no text: its value is kept under none.
                None => *key = Some((Cow::Borrowed(""), self.document.nodes[id].span.clone())),
            },
            Some((_, Open::List(items))) => items.push(id),
            None => self.document.roots.push(id),
        }
    }

    fn end(&mut self, end: usize) {
        let Some((id, open)) = self.open.pop() else { return };
        let node = &mut self.document.nodes[id];
        (node.span.end, node.data) = match open {
            Open::Map(entries, _) => (end, Data::Map(entries)),
            Open::List(items) => (end, Data::List(items)),
        };
        self.put(id);
    }
}
