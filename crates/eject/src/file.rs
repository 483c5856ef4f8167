//! One file of the tree, as its readers see it.

use std::ops::Range;

use crate::finding::{Place, RelativePath};

/// A file's text, and where its lines begin.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the root, with `/` between names.
    pub(crate) path: RelativePath,
    /// All of it, as it is on the disk: with a byte order mark, with `\r\n`. What is not UTF-8 is replaced; UTF-16 is read.
    pub(crate) text: String,
    lines: Vec<usize>,
}

impl File {
    pub(crate) fn new(path: RelativePath, bytes: Vec<u8>) -> Self {
        let text = if is_wide(&bytes) {
            wide(&bytes)
        } else {
            String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
        };
        let lines = std::iter::once(0).chain(memchr(&text).map(|at| at + 1)).collect();
        Self { path, text, lines }
    }

    /// The last name of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder that it is in; empty for the root.
    pub(crate) fn folder(&self) -> &str {
        folder_of(&self.path)
    }

    /// What stands behind the last dot of the name, or the name of a file like `Dockerfile`.
    pub(crate) fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(_, extension)| extension)
    }

    /// The program that a script without an ending of its own is for, as its first line says: `ruby` of
    /// `#!/usr/bin/env ruby`.
    pub(crate) fn interpreter(&self) -> Option<&str> {
        let line = self.text.strip_prefix("#!").filter(|_| !self.name().contains('.'))?;
        let mut words = line.lines().next()?.split_whitespace();
        let program = words.next()?.rsplit('/').next()?;
        let program = if program == "env" {
            words.find(|word| !word.starts_with('-') && !word.contains('='))?
        } else {
            program
        };
        Some(program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
    }

    /// The index of the line in which a byte is, from 0.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|&start| start <= at) - 1
    }

    /// The bytes of a line by its index, without its end, and without a byte order mark.
    pub(crate) fn line(&self, index: usize) -> Range<usize> {
        let start = self.lines[index];
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| next - 1);
        let is_marked = index == 0 && self.text.starts_with('\u{feff}');
        let start = if is_marked { '\u{feff}'.len_utf8() } else { start };
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end
    }

    /// How many lines there are.
    pub(crate) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Where a byte is, for people.
    pub(crate) fn place(&self, at: usize) -> Place {
        let line = self.line_of(at);
        let start = self.lines[line];
        let before = self.text.get(start..at).unwrap_or_default().trim_start_matches('\u{feff}');
        Place {
            path: self.path.to_string(),
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
        }
    }
}

/// The folder that a path is in; empty for the root.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a path is below a folder; all are below the root, which is empty.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether it is UTF-16 with its mark, which PowerShell writes where one says `>`.
pub(crate) fn is_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) && bytes.len().is_multiple_of(2)
}

fn wide(bytes: &[u8]) -> String {
    let read = if bytes[0] == 0xff { u16::from_le_bytes } else { u16::from_be_bytes };
    let units: Vec<_> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn memchr(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.bytes().enumerate().filter_map(|(at, byte)| (byte == b'\n').then_some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_whatever_ends_a_line() {
        let file = File::new("a/b.ts".into(), "\u{feff}é x\r\nsecond\n".into());
        assert_eq!(file.place("\u{feff}é ".len()).to_string(), "a/b.ts:1:3");
        let second = file.text.find("second").unwrap();
        assert_eq!(file.place(second).to_string(), "a/b.ts:2:1");
        assert_eq!(&file.text[file.line(0)], "é x");
        assert_eq!((file.name(), file.folder(), file.extension()), ("b.ts", "a", "ts"));
    }
}
