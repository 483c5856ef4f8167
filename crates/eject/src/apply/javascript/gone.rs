//! What goes from a module.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::facts::Item;
use crate::apply::{
    comment,
    cut::{self, Cut},
    list::{self, Comments},
};

/// A list, what goes of it, and the statement that goes with the last.
type List = (Item, BTreeSet<usize>, Option<Range<usize>>);

/// What goes from a module: statements, items of lists, bodies of functions.
#[derive(Clone, Debug, Default)]
pub(super) struct Gone {
    /// All of it, to ask whether something is in it.
    ranges: Vec<Range<usize>>,
    statements: Vec<Range<usize>>,
    bodies: Vec<Range<usize>>,
    /// By where the list begins.
    lists: BTreeMap<usize, List>,
    /// The names that go of an import, by its number.
    pub(super) names: BTreeMap<usize, BTreeSet<usize>>,
}

impl Gone {
    pub(super) fn has(&self, at: usize) -> bool {
        self.ranges.iter().any(|range| range.contains(&at))
    }

    pub(super) fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    pub(super) fn statement(&mut self, range: &Range<usize>) {
        self.ranges.push(range.clone());
        self.statements.push(range.clone());
    }

    pub(super) fn body(&mut self, range: &Range<usize>) {
        self.ranges.push(range.clone());
        self.bodies.push(range.clone());
    }

    /// An item of a list; `statement` is what goes with the last one.
    pub(super) fn item(&mut self, item: &Item, statement: Option<Range<usize>>) {
        self.ranges.push(item.items[item.index].clone());
        let entry = (item.clone(), BTreeSet::new(), statement);
        let (list, gone, statement) = self.lists.entry(item.inner.start).or_insert(entry);
        gone.insert(item.index);
        if gone.len() == list.items.len()
            && let Some(statement) = statement
        {
            self.ranges.push(statement.clone());
        }
    }

    /// What is not edited but is gone all the same: all of a module that is deleted, a name of an import.
    pub(super) fn range(&mut self, range: Range<usize>) {
        self.ranges.push(range);
    }

    /// The cuts that take it out, but for the names of imports.
    pub(super) fn cuts(&self, text: &str) -> Vec<Cut> {
        let mut cuts: Vec<_> = self.statements.iter().map(|range| statement(text, range)).collect();
        cuts.extend(self.bodies.iter().map(|range| Cut::replace(range.clone(), "{}")));
        for (list, gone, whole) in self.lists.values() {
            match whole {
                Some(whole) if gone.len() == list.items.len() => cuts.push(statement(text, whole)),
                _ => {
                    let gone: Vec<_> = gone.iter().copied().collect();
                    let (inner, items) = (&list.inner, &list.items);
                    cuts.extend(list::without(text, inner, items, &gone, Comments::Slashes, &[]));
                }
            }
        }
        cuts
    }
}

/// Takes a statement out, with its lines and the comment above it where that is about it.
pub(super) fn statement(text: &str, range: &Range<usize>) -> Cut {
    let mut range = range.clone();
    // A semicolon that is no part of the statement's own bytes.
    if text[range.end..].starts_with(';') {
        range.end += 1;
    }
    if let Some(lines) = cut::whole_lines(text, &range) {
        let lines = comment::with_comment(text, lines, "//", &[]);
        Cut::out(lines)
    } else {
        let end = text[range.end..].len() - text[range.end..].trim_start_matches([' ', '\t']).len();
        // What stands behind it on the line, a comment of its own, goes with it.
        let rest = &text[range.end + end..cut::line_end(text, range.end)];
        let is_first = text[cut::line_start(text, range.start)..range.start].trim().is_empty();
        if is_first && rest.starts_with("//") {
            let lines = cut::lines(text, &range);
            return Cut::out(lines);
        }
        Cut::out(range.start..range.end + end)
    }
}
