//! Scripts within a tree, line by line.

use std::ops::Range;

use super::{
    super::{address, command, line, shell},
    Look, Node, Walk, is_looked_at,
};
use crate::finding::Sighting;

impl<'d> Walk<'_, 'd, '_> {
    /// A text of several lines is a file within the file: a script, a file of properties.
    pub(super) fn lines(&mut self, value: Node<'d>, look: Look) {
        let span = value.span();
        let last = span.end.saturating_sub(1).max(span.start);
        for index in self.file.line_of(span.start)..=self.file.line_of(last) {
            let line = self.file.line(index);
            let found = line::of_line(self.file, index).or_else(|| self.of_script(&line));
            let found = found.filter(|found| is_looked_at(look, found.kind));
            if let Some(sighting) = found {
                let line = &self.file.text[self.file.line(index)];
                let is_local = address::find(line).is_some_and(|address| address.is_local);
                self.put(sighting, is_local);
            }
        }
    }

    /// What a line of a script asks a cloud for, or is filled from.
    fn of_script(&self, line: &Range<usize>) -> Option<Sighting> {
        let text = &self.file.text[line.clone()];
        let is_script = self.way.last().is_some_and(|key| self.place.is_script(key));
        let filled =
            || command::filled(text, line).filter(|_| is_script && !shell::is_speech(text));
        command::of_cloud(text, line).or_else(filled)
    }

    /// What a script of one line says.
    pub(super) fn line_of_script(&mut self, span: Range<usize>, text: &str) {
        let Some(mut sighting) = command::of_script(text, &span) else { return };
        sighting.span = span;
        let is_local = address::find(text).is_some_and(|address| address.is_local);
        self.put(sighting, is_local);
    }
}
