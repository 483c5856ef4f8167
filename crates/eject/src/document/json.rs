//! JSON, with comments and trailing commas as tools allow them.

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{ObjectPropName, Value as Json},
    common::Ranged as _,
    parse_to_ast,
};

use super::{Data, Document, Entry};

/// Reads JSON.
pub(crate) fn json(text: &str) -> Result<Document<'_>, String> {
    // A byte order mark is no JSON; blanks keep the places.
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let parsed = parse_to_ast(&text[start..], &CollectOptions::default(), &ParseOptions::default());
    let parsed = parsed.map_err(|error| format!("it is not valid JSON: {error}"))?;
    let mut document = Document::default();
    if let Some(value) = parsed.value {
        let root = add(&mut document, value, start);
        document.roots.push(root);
    }
    Ok(document)
}

/// The parser bounds how deep values nest.
fn add<'t>(document: &mut Document<'t>, value: Json<'t>, start: usize) -> usize {
    let range = value.range();
    let span = range.start + start..range.end + start;
    let data = match value {
        Json::StringLit(string) => Data::Scalar(string.value),
        Json::NumberLit(number) => Data::Scalar(number.value.into()),
        Json::BooleanLit(word) => Data::Scalar(if word.value { "true" } else { "false" }.into()),
        Json::NullKeyword(_) => Data::Scalar("".into()),
        Json::Array(array) => {
            let items = array.elements.into_iter().map(|item| add(document, item, start));
            Data::List(items.collect())
        }
        Json::Object(object) => {
            let entries = object.properties.into_iter().map(|property| {
                let range = property.name.range();
                let span = range.start + start..range.end + start;
                let key = match property.name {
                    ObjectPropName::String(string) => string.value,
                    ObjectPropName::Word(word) => word.value.into(),
                };
                Entry { key, span, value: add(document, property.value, start) }
            });
            Data::Map(entries.collect())
        }
    };
    document.add(span, data)
}
