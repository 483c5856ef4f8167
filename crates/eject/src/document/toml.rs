//! TOML.

use std::ops::Range;

use toml_edit::{Document as Toml, Item, TableLike, Value};

use super::{Data, Document, Entry};

/// Reads TOML.
pub(crate) fn toml(text: &str) -> Result<Document<'static>, String> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let parsed = Toml::parse(&text[start..]);
    let parsed = parsed.map_err(|error| {
        let first = error.message().lines().next().unwrap_or_default().to_owned();
        format!("it is not valid TOML: {first}")
    })?;
    let mut document = Document::default();
    let root = table(&mut document, parsed.as_table(), start, 0..text.len());
    document.roots.push(root);
    Ok(document)
}

fn moved(span: Option<Range<usize>>, start: usize) -> Range<usize> {
    span.map_or(start..start, |span| span.start + start..span.end + start)
}

/// The parser bounds how deep values nest.
fn table(
    document: &mut Document<'static>,
    table: &dyn TableLike,
    start: usize,
    span: Range<usize>,
) -> usize {
    let keys: Vec<_> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let entries = keys.into_iter().filter_map(|name| {
        let (key, value) = table.get_key_value(&name)?;
        let span = moved(key.span(), start);
        let value = item(document, value, start, &span);
        Some(Entry { key: name.into(), span, value })
    });
    let data = Data::Map(entries.collect());
    document.add(span, data)
}

/// A table that stands nowhere itself (`a` of `[a.b]`) is where its key is.
fn item(document: &mut Document<'static>, item: &Item, start: usize, key: &Range<usize>) -> usize {
    let span = item.span().map_or_else(|| key.clone(), |span| moved(Some(span), start));
    match item {
        Item::Value(one) => value(document, one, start, span),
        Item::Table(one) => table(document, one, start, span),
        Item::ArrayOfTables(tables) => {
            let ids = tables.iter().map(|one| {
                let span = moved(one.span(), start);
                table(document, one, start, span)
            });
            let data = Data::List(ids.collect());
            document.add(span, data)
        }
        Item::None => document.add(span, Data::Scalar("".into())),
    }
}

fn value(
    document: &mut Document<'static>,
    value_: &Value,
    start: usize,
    span: Range<usize>,
) -> usize {
    let data = match value_ {
        Value::String(text) => Data::Scalar(text.value().clone().into()),
        Value::Integer(number) => Data::Scalar(number.value().to_string().into()),
        Value::Float(number) => Data::Scalar(number.value().to_string().into()),
        Value::Boolean(word) => Data::Scalar(word.value().to_string().into()),
        Value::Datetime(time) => Data::Scalar(time.value().to_string().into()),
        Value::Array(items) => {
            let ids = items.iter().map(|one| value(document, one, start, moved(one.span(), start)));
            Data::List(ids.collect())
        }
        Value::InlineTable(one) => return table(document, one, start, span),
    };
    document.add(span, data)
}
