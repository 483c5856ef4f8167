//! Reads YAML so that each part knows the bytes it stands in; [`without`] takes parts out of it.

mod without;

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::cut;

pub(super) use self::without::{Out, without};

/// Deeper files are not read.
const DEEPEST: usize = 128;

/// A document, or a part of one.
#[derive(Debug)]
pub(super) struct Node {
    /// From its first byte to behind its last; without its anchor and tag.
    pub(super) span: Range<usize>,
    /// The number of its anchor in its file; 0 for none.
    anchor: usize,
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Value {
    Scalar(String),
    /// Of the node with that anchor.
    Alias(usize),
    Sequence {
        is_flow: bool,
        items: Vec<Node>,
    },
    Mapping {
        is_flow: bool,
        entries: Vec<(Node, Node)>,
    },
}

impl Node {
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    pub(super) fn entries(&self) -> &[(Node, Node)] {
        match &self.value {
            Value::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The key and the value of an entry.
    pub(super) fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        self.entries().iter().find(|(name, _)| name.scalar() == Some(key))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The end of the last thing that is written in it.
    pub(super) fn end(&self) -> usize {
        match &self.value {
            Value::Sequence { is_flow: false, items } => {
                items.last().map_or(self.span.end, Node::end)
            }
            Value::Mapping { is_flow: false, entries } => {
                entries.last().map_or(self.span.end, |(key, value)| key.end().max(value.end()))
            }
            _ => self.span.end,
        }
    }

    /// Whether a byte is in it, or before it on its first line: at its dash.
    pub(super) fn holds(&self, text: &str, at: usize) -> bool {
        cut::line_start(text, self.span.start) <= at && at <= self.end()
    }

    /// The node, and all in it.
    pub(super) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        self.items().iter().for_each(|item| item.walk(visit));
        for (key, value) in self.entries() {
            key.walk(visit);
            value.walk(visit);
        }
    }
}

/// Reads all documents of a file. Templates of Helm are read as if they were words.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    let masked = mask(text);
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let offsets = Offsets::of(&masked[mark..], mark);
    let parser = Parser::new_from_str(&masked[mark..]);
    let mut reader = Reader { parser, offsets, text: &masked };
    let mut documents = Vec::new();
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing,
                _,
            ) => {}
            (event, span) => documents.push(reader.node(event, span, 0)?),
        }
    }
}

/// The text with templates (`{{ … }}`) made harmless, every byte at its place: a line of nothing but one is a comment,
/// one within a line is a word.
fn mask(text: &str) -> String {
    let mark = if text.starts_with('\u{feff}') { "   " } else { "" };
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !rest.contains("{{") {
        return format!("{mark}{rest}");
    }
    let mut bytes = rest.as_bytes().to_vec();
    let mut at = 0;
    while let Some(open) = rest[at..].find("{{").map(|found| at + found) {
        let close = rest[open..].find("}}").map_or(rest.len(), |found| open + found + 2);
        for byte in &mut bytes[open..close] {
            *byte = if matches!(*byte, b'\n' | b'\r') { *byte } else { b'x' };
        }
        let line = cut::line_start(rest, open);
        let is_first = rest[line..open].trim().is_empty();
        if is_first && rest[close..cut::line_end(rest, close)].trim().is_empty() {
            let mut at = open;
            while at < close {
                bytes[at] = b'#';
                at = cut::line_end(rest, at) + 1;
            }
        }
        at = close;
    }
    format!("{mark}{}", String::from_utf8_lossy(&bytes))
}

/// Where each character is in bytes.
struct Offsets {
    /// Nothing where each character is one byte.
    bytes: Option<Vec<usize>>,
    length: usize,
    /// How many bytes are before the first character.
    before: usize,
}

impl Offsets {
    fn of(text: &str, before: usize) -> Self {
        let indices = || text.char_indices().map(|(at, _)| at).collect();
        Self { bytes: (!text.is_ascii()).then(indices), length: text.len(), before }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = match &self.bytes {
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.length),
            None => character.min(self.length),
        };
        self.before + byte
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    offsets: Offsets,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), String> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let (start, end) = (span.start.index(), span.end.index());
                Ok((event, self.offsets.byte(start)..self.offsets.byte(end)))
            }
            Some(Err(error)) => Err(error.to_string()),
            None => Ok((Event::StreamEnd, self.text.len()..self.text.len())),
        }
    }

    /// Behind the anchor and the tag of a node.
    fn behind_properties(&self, mut at: usize) -> usize {
        while self.text[at..].starts_with(['&', '!']) {
            let rest = &self.text[at..];
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            at += word + (rest[word..].len() - rest[word..].trim_start().len());
        }
        at
    }

    fn node(&mut self, event: Event<'a>, span: Range<usize>, depth: usize) -> Result<Node, String> {
        if depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let start = self.behind_properties(span.start);
        let span = start..span.end.max(start);
        let is_flow = self.text[span.start..].starts_with(['{', '[']);
        let (anchor, value, end) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let written = &self.text[span.clone()];
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                // A block goes to the line behind it; what is written ends before.
                let length = if is_block || style == ScalarStyle::Plain {
                    written.trim_end().len()
                } else {
                    written.len()
                };
                (anchor, Value::Scalar(text.into_owned()), span.start + length)
            }
            Event::Alias(anchor) => (0, Value::Alias(anchor), span.end),
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                let end = loop {
                    match self.next()? {
                        (Event::SequenceEnd, span) => break span.end,
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                };
                (anchor, Value::Sequence { is_flow, items }, end)
            }
            Event::MappingStart(anchor, _) => {
                let mut entries = Vec::new();
                let end = loop {
                    match self.next()? {
                        (Event::MappingEnd, span) => break span.end,
                        (event, span) => {
                            let key = self.node(event, span, depth + 1)?;
                            let (event, span) = self.next()?;
                            entries.push((key, self.node(event, span, depth + 1)?));
                        }
                    }
                };
                (anchor, Value::Mapping { is_flow, entries }, end)
            }
            _ => return Err("it ends where it should not".to_owned()),
        };
        Ok(Node { span: span.start..end.max(span.start), anchor, value })
    }
}
