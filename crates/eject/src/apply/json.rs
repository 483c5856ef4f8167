//! Takes properties and items out of JSON, by the bytes they stand in; with comments and last commas where a file has them.

use std::ops::Range;

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Array, Object, Value},
};

use super::{
    cut::{self, Cut},
    list::{self, Comments},
};

/// What a document says, if it is strict JSON.
pub(super) fn value(text: &str) -> Option<serde_json::Value> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// Reads a document and edits what is in it.
pub(super) fn edit(
    text: &str,
    change: impl FnOnce(&Editor<'_>, &Object<'_>) -> Vec<Cut>,
) -> Result<Vec<Cut>, String> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let options = ParseOptions::default();
    let parsed = jsonc_parser::parse_to_ast(&text[mark..], &CollectOptions::default(), &options);
    let parsed = parsed.map_err(|_| "it is no valid JSON".to_owned())?;
    let Some(Value::Object(root)) = parsed.value else { return Err("it is no object".to_owned()) };
    Ok(change(&Editor { text, mark }, &root))
}

/// The text that nodes were read from.
pub(super) struct Editor<'a> {
    pub(super) text: &'a str,
    mark: usize,
}

impl Editor<'_> {
    pub(super) fn range(&self, range: &jsonc_parser::common::Range) -> Range<usize> {
        self.mark + range.start..self.mark + range.end
    }

    /// Takes the properties out whose names are gone.
    pub(super) fn without(&self, object: &Object<'_>, is_gone: &dyn Fn(&str) -> bool) -> Vec<Cut> {
        let items: Vec<_> = object.properties.iter().map(|it| self.range(&it.range)).collect();
        let gone = object.properties.iter().enumerate().filter(|(_, it)| is_gone(it.name.as_str()));
        self.take(&object.range, &items, &gone.map(|(index, _)| index).collect::<Vec<_>>())
    }

    /// Takes the items out that are gone.
    pub(super) fn without_items(
        &self,
        array: &Array<'_>,
        is_gone: &dyn Fn(&Value<'_>) -> bool,
    ) -> Vec<Cut> {
        use jsonc_parser::common::Ranged as _;
        let items: Vec<_> = array.elements.iter().map(|it| self.range(&it.range())).collect();
        let gone = array.elements.iter().enumerate().filter(|(_, it)| is_gone(it));
        self.take(&array.range, &items, &gone.map(|(index, _)| index).collect::<Vec<_>>())
    }

    fn take(
        &self,
        whole: &jsonc_parser::common::Range,
        items: &[Range<usize>],
        gone: &[usize],
    ) -> Vec<Cut> {
        if gone.is_empty() {
            return Vec::new();
        }
        let whole = self.range(whole);
        let inner = whole.start + 1..whole.end - 1;
        list::without(self.text, &inner, items, gone, Comments::Slashes, &[])
    }

    /// Puts properties into an object from which others are taken out: in order where it is in order, else at its end.
    pub(super) fn with(
        &self,
        object: &Object<'_>,
        is_gone: &dyn Fn(&str) -> bool,
        added: &[(String, String)],
    ) -> Vec<Cut> {
        let mut cuts = self.without(object, is_gone);
        let present = |name: &str| object.properties.iter().any(|it| it.name.as_str() == name);
        let added: Vec<_> = added.iter().filter(|(name, _)| !present(name)).collect();
        if added.is_empty() {
            return cuts;
        }
        let written = |(name, value): &(String, String)| format!("\"{name}\": {value}");
        let kept: Vec<_> =
            object.properties.iter().filter(|it| !is_gone(it.name.as_str())).collect();
        let names: Vec<_> = object.properties.iter().map(|it| it.name.as_str()).collect();
        let is_sorted = names.is_sorted();
        let Some(last) = kept.last() else {
            let range = self.range(&object.range);
            let newline = cut::newline(self.text);
            let outer = cut::indent(self.text, range.start);
            let inner = match object.properties.first() {
                Some(first) => cut::indent(self.text, self.range(&first.range).start).to_owned(),
                None => format!("{outer}{}", if outer.is_empty() { "  " } else { outer }),
            };
            let all: Vec<_> = added.iter().map(|it| format!("{inner}{}", written(it))).collect();
            let all = all.join(&format!(",{newline}"));
            return vec![Cut::replace(range, format!("{{{newline}{all}{newline}{outer}}}"))];
        };
        for it in added {
            let before = kept.iter().find(|other| is_sorted && *it.0 < *other.name.as_str());
            if let Some(before) = before {
                let at = self.range(&before.range).start;
                let line = cut::line_start(self.text, at);
                let is_first = self.text[line..at].trim().is_empty();
                let gap = if is_first {
                    format!("{}{}", cut::newline(self.text), &self.text[line..at])
                } else {
                    " ".to_owned()
                };
                cuts.push(Cut::insert(at, format!("{},{gap}", written(it))));
            } else {
                let range = self.range(&last.range);
                let line = cut::line_start(self.text, range.start);
                let is_first = self.text[line..range.start].trim().is_empty();
                let gap = if is_first {
                    format!("{}{}", cut::newline(self.text), &self.text[line..range.start])
                } else {
                    " ".to_owned()
                };
                cuts.push(Cut::insert(range.end, format!(",{gap}{}", written(it))));
            }
        }
        cuts
    }
}
