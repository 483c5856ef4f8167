//! Edits of a text by the bytes they replace: all that is not cut stays as it is, so that comments, order, indentation,
//! byte order marks and ends of lines are kept whatever the file is.

use std::ops::Range;

/// Bytes of a text, and what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Cut {
    /// Takes it out.
    pub(super) fn out(range: Range<usize>) -> Self {
        Self { range, text: String::new() }
    }

    /// Puts something in its place.
    pub(super) fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }

    /// Puts something in front of what stands there.
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { range: at..at, text: text.into() }
    }
}

/// The text after all cuts; nothing if two of them contradict each other.
/// What is taken out twice is taken out once, and what is changed within what is taken out is gone with it.
pub(super) fn cut(text: &str, cuts: &[Cut]) -> Option<String> {
    let mut cuts: Vec<_> = cuts.iter().collect();
    cuts.sort_by_key(|cut| (cut.range.start, cut.range.end));
    let mut after = String::with_capacity(text.len());
    let mut done = 0;
    for (index, cut) in cuts.iter().enumerate() {
        let Range { start, end } = cut.range;
        if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            return None;
        }
        let is_within = |other: &&&Cut| {
            let holds = other.range.start <= start && end <= other.range.end;
            other.text.is_empty() && holds && other.range != cut.range && !other.range.is_empty()
        };
        // What is put in at either end of a hole stands beside it and is not within it.
        let is_at_edge =
            |other: &&&Cut| start == end && (other.range.start == start || other.range.end == end);
        if cuts.iter().any(|other| is_within(&other) && !is_at_edge(&other)) {
            continue;
        }
        if index > 0 && cuts[index - 1] == *cut {
            continue;
        }
        if start < done {
            if !cut.text.is_empty() {
                return None;
            }
            done = done.max(end);
            continue;
        }
        after.push_str(&text[done..start]);
        after.push_str(&cut.text);
        done = end;
    }
    after.push_str(&text[done..]);
    Some(after)
}

/// Whether all that stands beside a range on its first and last line is white, and the lines that it fills then,
/// with their ends. Of a last line without an end the end of the line before is taken, so that the text still ends as it did.
pub(super) fn whole_lines(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let start = line_start(text, range.start);
    let end = line_end(text, range.end.max(range.start));
    let before = text[start..range.start].trim_start_matches('\u{feff}');
    let is_alone = before.trim().is_empty() && text[range.end..end].trim().is_empty();
    is_alone.then(|| lines(text, range))
}

/// The lines in which a range is, with their ends.
pub(super) fn lines(text: &str, range: &Range<usize>) -> Range<usize> {
    let mut start = line_start(text, range.start);
    let end = line_end(text, range.end.max(range.start));
    if start == 0 && text.starts_with('\u{feff}') {
        start = '\u{feff}'.len_utf8();
    }
    match text[end..].strip_prefix('\n') {
        Some(_) => start..end + 1,
        None if start > 0 && text[..start].ends_with('\n') => {
            let start = start - 1;
            let start = if text[..start].ends_with('\r') { start - 1 } else { start };
            start..end
        }
        None => start..end,
    }
}

/// Lines that are taken out take one of two blank lines around them with them.
pub(super) fn with_blank(text: &str, lines: Range<usize>) -> Range<usize> {
    let Range { start, end } = lines;
    let above = &text[..start];
    let blank_above = above.is_empty()
        || above == "\u{feff}"
        || above.ends_with('\n') && {
            let line = line_start(text, start - 1);
            text[line..start].trim().is_empty()
        };
    if !blank_above {
        return lines;
    }
    let next = &text[end..];
    let next_end = next.find('\n').map(|at| at + 1);
    match next_end {
        Some(length) if next[..length].trim().is_empty() => start..end + length,
        _ if next.trim().is_empty() && !above.is_empty() && above.ends_with('\n') => {
            line_start(text, start - 1)..end
        }
        _ => lines,
    }
}

/// Lines that are taken out below each other are taken out as one, with one of two blank lines around them.
pub(super) fn tidy(text: &str, cuts: Vec<Cut>) -> Vec<Cut> {
    let is_lines = |cut: &Cut| {
        let Range { start, end } = cut.range;
        let begins = start == 0 || text[..start].ends_with(['\n', '\u{feff}']);
        cut.text.is_empty()
            && start < end
            && begins
            && (end == text.len() || text[..end].ends_with('\n'))
    };
    let (mut lines, mut tidied): (Vec<_>, Vec<_>) = cuts.into_iter().partition(is_lines);
    lines.sort_by_key(|cut| cut.range.start);
    let mut runs: Vec<Range<usize>> = Vec::new();
    for cut in lines {
        match runs.last_mut() {
            Some(last) if cut.range.start <= last.end => last.end = last.end.max(cut.range.end),
            _ => runs.push(cut.range),
        }
    }
    tidied.extend(runs.into_iter().map(|run| Cut::out(with_blank(text, run))));
    tidied
}

/// Where the line begins in which a byte is.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// Where the line ends in which a byte is, before its `\n`.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |found| at + found)
}

/// How lines end in a text.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The white space that a line begins with.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let line = text[line_start(text, at)..line_end(text, at)].trim_start_matches('\u{feff}');
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The text that cuts make, as edits make it.
#[cfg(test)]
pub(super) fn made(text: &str, cuts: Vec<Cut>) -> String {
    cut(text, &tidy(text, cuts)).expect("they do not contradict each other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_twice_is_cut_once_and_what_contradicts_is_refused() {
        let text = "0123456789";
        let all = [Cut::out(2..6), Cut::replace(3..4, "x"), Cut::out(5..8)];
        assert_eq!(cut(text, &all).unwrap(), "0189");
        assert_eq!(cut(text, &[Cut::out(2..4), Cut::insert(4, "x")]).unwrap(), "01x456789");
        assert_eq!(cut(text, &[Cut::replace(2..5, "x"), Cut::replace(4..6, "y")]), None);
        assert_eq!(cut("é", &[Cut::out(1..2)]), None);
        assert_eq!(cut(text, &[Cut::out(2..4), Cut::out(2..4)]).unwrap(), "01456789");
    }

    #[test]
    fn lines_are_taken_with_their_ends_and_the_text_ends_as_it_did() {
        for (text, out, after) in [
            ("a\nb\nc\n", "b", "a\nc\n"),
            ("a\r\nb\r\nc", "c", "a\r\nb"),
            ("\u{feff}a\nb\n", "a", "\u{feff}b\n"),
            ("a", "a", ""),
        ] {
            let at = text.find(out).unwrap();
            let lines = whole_lines(text, &(at..at + out.len())).unwrap();
            assert_eq!(cut(text, &[Cut::out(lines)]).unwrap(), after);
        }
        assert_eq!(whole_lines("a b\n", &(0..1)), None);
    }

    #[test]
    fn lines_below_each_other_go_as_one() {
        let text = "a\n\nx\ny\n\nb\n";
        let cuts = tidy(text, vec![Cut::out(5..7), Cut::out(3..5)]);
        assert_eq!(cut(text, &cuts).unwrap(), "a\n\nb\n");
    }

    #[test]
    fn one_of_two_blank_lines_goes() {
        for (text, after) in [
            ("a\n\nx\n\nb\n", "a\n\nb\n"),
            ("a\nx\n\nb\n", "a\n\nb\n"),
            ("x\n\nb\n", "b\n"),
            ("a\n\nx\n", "a\n"),
        ] {
            let at = text.find('x').unwrap();
            let lines = with_blank(text, lines(text, &(at..at + 1)));
            assert_eq!(cut(text, &[Cut::out(lines)]).unwrap(), after, "{text:?}");
        }
    }
}
