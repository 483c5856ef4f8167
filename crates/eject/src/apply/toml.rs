//! Takes entries of tables and strings of lists out of TOML, by the bytes they stand in: what TOML libraries write anew loses
//! `\r\n` and byte order marks.

use std::ops::Range;

use toml_edit::{Array, Document, Item, TableLike, Value};

use super::{
    comment,
    cut::{self, Cut},
    list::{self, Comments},
};

/// What is to go.
pub(super) struct Goes<'a> {
    /// Whether an entry goes: of which table, under which key, and what it is.
    pub(super) entry: &'a dyn Fn(&[&str], &str, &Item) -> bool,
    /// Whether a string of a list goes: which list, and the string.
    pub(super) string: &'a dyn Fn(&[&str], &str) -> bool,
}

pub(super) fn without(text: &str, goes: &Goes<'_>) -> Result<Vec<Cut>, String> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let document = Document::parse(&text[mark..]).map_err(|_| "it is no valid TOML".to_owned())?;
    let mut headers = Vec::new();
    collect_headers(document.as_item(), &mut headers);
    headers.sort_unstable();
    let mut editor = Editor { text, mark, goes, headers, cuts: Vec::new() };
    editor.table(document.as_table(), &mut Vec::new());
    Ok(editor.cuts)
}

/// Where the headers of tables begin.
fn collect_headers(item: &Item, headers: &mut Vec<usize>) {
    match item {
        Item::Table(table) => {
            headers.extend(
                table
                    .span()
                    .filter(|_| !table.is_dotted() && !table.is_implicit())
                    .map(|span| span.start),
            );
            table.iter().for_each(|(_, item)| collect_headers(item, headers));
        }
        Item::ArrayOfTables(tables) => {
            for table in tables {
                headers.extend(table.span().map(|span| span.start));
                table.iter().for_each(|(_, item)| collect_headers(item, headers));
            }
        }
        _ => {}
    }
}

struct Editor<'a> {
    text: &'a str,
    mark: usize,
    goes: &'a Goes<'a>,
    headers: Vec<usize>,
    cuts: Vec<Cut>,
}

impl Editor<'_> {
    fn table<'t>(&mut self, table: &'t dyn TableLike, path: &mut Vec<&'t str>) {
        for (key, item) in table.iter() {
            if (self.goes.entry)(path, key, item) {
                self.entry(table, key, item);
                continue;
            }
            path.push(key);
            match item {
                Item::Table(inner) => self.table(inner, path),
                Item::ArrayOfTables(tables) => {
                    tables.iter().for_each(|inner| self.table(inner, path));
                }
                Item::Value(Value::InlineTable(inner)) => self.inline(inner, path),
                Item::Value(Value::Array(array)) => self.array(array, path),
                _ => {}
            }
            path.pop();
        }
    }

    /// An inline table: entries go from a list between braces.
    fn inline<'t>(&mut self, table: &'t toml_edit::InlineTable, path: &mut Vec<&'t str>) {
        let mut items = Vec::new();
        let mut gone = Vec::new();
        for (key, value) in table {
            let item = Item::Value(value.clone());
            let start = table.key(key).and_then(toml_edit::Key::span).map(|span| span.start);
            let end = value.span().map(|span| span.end);
            let (Some(start), Some(end)) = (start, end) else { continue };
            if (self.goes.entry)(path, key, &item) {
                gone.push(items.len());
            } else if let Value::Array(array) = value {
                path.push(key);
                self.array(array, path);
                path.pop();
            }
            items.push(self.mark + start..self.mark + end);
        }
        if let Some(span) = table.span().filter(|_| !gone.is_empty()) {
            let inner = self.mark + span.start + 1..self.mark + span.end - 1;
            self.cuts.extend(list::without(self.text, &inner, &items, &gone, Comments::Hash, &[]));
        }
    }

    fn array(&mut self, array: &Array, path: &[&str]) {
        let spans = array
            .iter()
            .map(|value| value.span().map(|span| self.mark + span.start..self.mark + span.end));
        let (Some(span), Some(items)) = (array.span(), spans.collect::<Option<Vec<_>>>()) else {
            return;
        };
        let is_gone =
            |value: &Value| value.as_str().is_some_and(|text| (self.goes.string)(path, text));
        let gone: Vec<_> = array
            .iter()
            .enumerate()
            .filter(|(_, it)| is_gone(it))
            .map(|(index, _)| index)
            .collect();
        if !gone.is_empty() {
            let inner = self.mark + span.start + 1..self.mark + span.end - 1;
            self.cuts.extend(list::without(self.text, &inner, &items, &gone, Comments::Hash, &[]));
        }
    }

    fn entry(&mut self, table: &dyn TableLike, key: &str, item: &Item) {
        match item {
            Item::Table(inner) if !inner.is_dotted() => {
                if let Some(span) = inner.span() {
                    let range = self.section(span.start);
                    self.cuts.push(Cut::out(range));
                }
            }
            Item::Table(inner) => self.dotted(inner),
            _ => {
                let start = table.key(key).and_then(toml_edit::Key::span).map(|span| span.start);
                let end = item.span().map(|span| span.end);
                let (Some(start), Some(end)) = (start, end) else { return };
                self.lines(&(self.mark + start..self.mark + end));
            }
        }
    }

    /// `redis.version = "1"`: each of its lines.
    fn dotted(&mut self, table: &toml_edit::Table) {
        for (_, item) in table {
            match item {
                Item::Table(inner) => self.dotted(inner),
                _ => {
                    if let Some(span) = item.span() {
                        self.lines(&(self.mark + span.start..self.mark + span.end));
                    }
                }
            }
        }
    }

    fn lines(&mut self, range: &Range<usize>) {
        let lines = cut::lines(self.text, range);
        let lines = comment::with_comment(self.text, lines, "#", &[]);
        self.cuts.push(Cut::out(lines));
    }

    /// From a header to the next one, without the comments above that.
    fn section(&self, header: usize) -> Range<usize> {
        let next = self.headers.iter().find(|at| **at > header);
        let mut end = next.map_or(self.text.len(), |at| cut::line_start(self.text, self.mark + at));
        while next.is_some() && end > 0 {
            let above = cut::line_start(self.text, end - 1);
            if !self.text[above..end].trim_start().starts_with('#') || above <= self.mark + header {
                break;
            }
            end = above;
        }
        let start = cut::line_start(self.text, self.mark + header);
        comment::with_comment(self.text, start..end, "#", &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, after: &str) {
        let goes = Goes {
            entry: &|path, key, _| path.last() == Some(&"dependencies") && key == "redis",
            string: &|_, text| text.starts_with("redis"),
        };
        let cuts = without(text, &goes).unwrap();
        assert_eq!(cut::made(text, cuts), after);
    }

    #[test]
    fn entries_go_in_every_form_and_all_else_stays() {
        check(
            "[dependencies]\na = 1\n# the client of redis\nredis = { version = \"1\", features = [\n  \"x\",\n] } # y\nb = 2",
            "[dependencies]\na = 1\nb = 2",
        );
        check(
            "\u{feff}[dependencies]\r\nredis = \"1\"\r\nb = 2\r\n",
            "\u{feff}[dependencies]\r\nb = 2\r\n",
        );
        check(
            "[dependencies]\nredis.version = \"1\"\nredis.features = [\"a\"]\nb.version = \"2\"\n",
            "[dependencies]\nb.version = \"2\"\n",
        );
        check(
            "[dependencies]\na = 1\n\n[dependencies.redis]\nversion = \"1\"\n\n# of x\n[x]\ny = 1\n",
            "[dependencies]\na = 1\n\n# of x\n[x]\ny = 1\n",
        );
        check("[x]\ny = 1\n\n[dependencies.redis]\nversion = \"1\"\n", "[x]\ny = 1\n");
        check(
            "[project]\ndependencies = [\n  \"a\", # one\n  \"redis>=4\",\n]\n",
            "[project]\ndependencies = [\n  \"a\", # one\n]\n",
        );
        check(
            "[features]\ncache = [\"redis\"]\nx = [\"a\", \"redis/y\"]\n",
            "[features]\ncache = []\nx = [\"a\"]\n",
        );
        check("dependencies = { redis = \"1\", b = \"2\" }\n", "dependencies = { b = \"2\" }\n");
    }
}
