//! XML with places: the elements of a document, in the order in which they end.

use std::ops::Range;

use quick_xml::{Reader, events::Event};

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// The names of those that it is in, from the root, and its own.
    pub(super) way: Vec<String>,
    /// Its attributes, as they are written.
    pub(super) attributes: Vec<(String, String)>,
    /// Its text, if it holds no elements.
    pub(super) text: String,
    /// From its start tag to its end.
    pub(super) span: Range<usize>,
    /// Its start tag, or its text where it has some.
    pub(super) said: Range<usize>,
}

impl Element {
    pub(super) fn name(&self) -> &str {
        self.way.last().map_or("", String::as_str)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn is_in(&self, name: &str) -> bool {
        self.way.iter().rev().skip(1).any(|within| within == name)
    }
}

/// Elements within elements beyond this are no manifest: each knows the names of all that it is in.
const DEEPEST: usize = 256;

/// Reads the elements of a document.
pub(super) fn elements(text: &str) -> Result<Vec<Element>, String> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader::from_str(&text[start..]);
    let mut open: Vec<Element> = Vec::new();
    let mut done = Vec::new();
    loop {
        let before = place(reader.buffer_position(), start);
        let event = reader.read_event();
        let event = event.map_err(|error| format!("it is not valid XML: {error}"))?;
        let after = place(reader.buffer_position(), start);
        match event {
            Event::Start(_) if open.len() == DEEPEST => {
                return Err(format!("it has more than {DEEPEST} elements within each other"));
            }
            Event::Start(tag) => open.push(begin(&open, &tag, before..after)),
            Event::Empty(tag) => done.push(begin(&open, &tag, before..after)),
            Event::Text(_) | Event::CData(_) => {
                if let Some(element) = open.last_mut() {
                    let said = text.get(before..after).unwrap_or_default();
                    let trimmed = said.trim();
                    if !trimmed.is_empty() {
                        trimmed.clone_into(&mut element.text);
                        let from = before + (said.len() - said.trim_start().len());
                        element.said = from..from + trimmed.len();
                    }
                }
            }
            Event::End(_) => {
                if let Some(mut element) = open.pop() {
                    element.span.end = after;
                    done.push(element);
                }
            }
            Event::Eof => match open.pop() {
                Some(element) => {
                    return Err(format!("it is not valid XML: `{}` does not end", element.name()));
                }
                None => return Ok(done),
            },
            _ => {}
        }
    }
}

fn place(position: u64, start: usize) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX).saturating_add(start)
}

fn begin(open: &[Element], tag: &quick_xml::events::BytesStart<'_>, span: Range<usize>) -> Element {
    let mut way = open.last().map(|parent| parent.way.clone()).unwrap_or_default();
    let name = tag.local_name();
    way.push(name.as_ref().to_owned());
    let mut written = tag.attributes();
    let written = written.with_checks(false).filter_map(Result::ok);
    let attributes = written.map(|one| {
        let name = one.key.local_name();
        (name.as_ref().to_owned(), one.value.into_owned())
    });
    let attributes = attributes.collect();
    Element { way, attributes, text: String::new(), said: span.clone(), span }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_ways_texts_and_places() {
        let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<a><!-- <c/> --><b x='é'>\r\n  redis\r\n</b><d/></a>";
        let found = elements(text).unwrap();
        let b = &found[0];
        assert_eq!((b.name(), b.text.as_str(), b.attribute("x")), ("b", "redis", Some("é")));
        assert_eq!(&text[b.said.clone()], "redis");
        assert!(b.is_in("a") && text[b.span.clone()].ends_with("</b>"));
        assert_eq!(&text[found[1].span.clone()], "<d/>");
        assert!(elements("<a></b>").is_err());
        assert!(elements("<a><b></b>").is_err());
        assert!(elements(&"<a>".repeat(100_000)).is_err());
    }
}
