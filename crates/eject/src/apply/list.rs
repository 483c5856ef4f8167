//! Takes items out of a list between brackets: of JSON, TOML, JavaScript, YAML in its flow style.

use std::ops::Range;

use super::{
    comment,
    cut::{self, Cut},
};

/// How a language writes comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// `//` and `/* */`.
    Slashes,
    /// `#`.
    Hash,
}

impl Comments {
    fn mark(self) -> &'static str {
        match self {
            Self::Slashes => "//",
            Self::Hash => "#",
        }
    }
}

/// The cuts that take the items of these indices out. `inner` is what stands between the brackets. The last comma goes
/// or stays as the list has it. A comment above an item goes with it if it is about `names`.
pub(super) fn without(
    text: &str,
    inner: &Range<usize>,
    items: &[Range<usize>],
    gone: &[usize],
    comments: Comments,
    names: &[&str],
) -> Vec<Cut> {
    if gone.len() >= items.len() {
        return vec![Cut::out(inner.clone())];
    }
    let mut cuts = Vec::new();
    let mut index = 0;
    while index < items.len() {
        if !gone.contains(&index) {
            index += 1;
            continue;
        }
        let first = index;
        while index < items.len() && gone.contains(&index) {
            index += 1;
        }
        let run = Run { first, next: index };
        cuts.extend(run.out(text, inner, items, comments, names));
    }
    cuts
}

/// Items beside each other that go.
struct Run {
    first: usize,
    next: usize,
}

impl Run {
    fn out(
        &self,
        text: &str,
        inner: &Range<usize>,
        items: &[Range<usize>],
        comments: Comments,
        names: &[&str],
    ) -> Vec<Cut> {
        let start = items[self.first].start;
        let last = items[self.next - 1].end;
        let comma = comma(text, last..inner.end, comments);
        let end = comma.map_or(last, |at| at + 1);
        let line = cut::line_start(text, start);
        let is_on_own_lines = text[line.max(inner.start)..start].trim().is_empty()
            && line >= inner.start
            && items.get(self.next).is_none_or(|next| cut::line_start(text, next.start) >= end)
            && cut::line_start(text, inner.end) >= end;
        let mut cuts = Vec::new();
        let is_last = self.next == items.len();
        // Where the list has no comma behind its last item, the item that is the last now gives its own up.
        if is_last && comma.is_none() && self.first > 0 {
            let before = items[self.first - 1].end;
            if let Some(at) = self::comma(text, before..start, comments) {
                cuts.push(Cut::out(at..at + 1));
            }
        }
        if is_on_own_lines {
            let lines = cut::lines(text, &(start..end));
            let lines = comment::with_comment(text, lines, comments.mark(), names);
            cuts.push(Cut::out(lines));
        } else if is_last {
            // The comma of the item before was found above where this one has none.
            let before = items[self.first - 1].end;
            let from = self::comma(text, before..start, comments).map_or(before, |at| at + 1);
            let from = if comma.is_none() { before } else { from };
            cuts.push(Cut::out(from..end));
        } else {
            cuts.push(Cut::out(start..items[self.next].start));
        }
        cuts
    }
}

/// Where the next comma is behind white space and comments.
pub(super) fn comma(text: &str, within: Range<usize>, comments: Comments) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = within.start;
    while at < within.end {
        let rest = &text[at..within.end];
        match bytes[at] {
            b',' => return Some(at),
            b'/' if comments == Comments::Slashes && rest.starts_with("/*") => {
                at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            }
            b'/' if comments == Comments::Slashes && rest.starts_with("//") => {
                at = cut::line_end(text, at);
            }
            b'#' if comments == Comments::Hash => at = cut::line_end(text, at),
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes the items `x…` out of a list whose items are words.
    fn check(text: &str, after: &str) {
        let open = text.find(['[', '{']).unwrap() + 1;
        let inner = open..text.rfind([']', '}']).unwrap();
        let (mut items, mut at) = (Vec::new(), open);
        for word in text[inner.clone()].split(|c: char| !c.is_alphanumeric()) {
            let is_comment = text[cut::line_start(text, at)..at].contains('#');
            if !word.is_empty() && !is_comment {
                items.push(at..at + word.len());
            }
            at += word.len() + 1;
        }
        let gone: Vec<_> =
            (0..items.len()).filter(|i| text[items[*i].clone()].starts_with('x')).collect();
        let cuts = without(text, &inner, &items, &gone, Comments::Hash, &[]);
        assert_eq!(cut::made(text, cuts), after, "{text:?}");
    }

    #[test]
    fn commas_stay_as_the_list_has_them() {
        check("[a, x, b]", "[a, b]");
        check("[x, b]", "[b]");
        check("[a, x]", "[a]");
        check("[a, x1, x2]", "[a]");
        check("[x1, a, x2]", "[a]");
        check("[a, x,]", "[a,]");
        check("{ a, x }", "{ a }");
        check("[x]", "[]");
        check("[\n  a,\n  x\n]", "[\n  a\n]");
        check("[\n  a,\n  x,\n]", "[\n  a,\n]");
        check("[\r\n  x,\r\n  b\r\n]", "[\r\n  b\r\n]");
        check("[\n  a, # one\n  x # two\n]", "[\n  a # one\n]");
        check("[\n  # redis\n  x,\n  b\n]", "[\n  b\n]");
        check("[\n  a, x,\n  b\n]", "[\n  a, b\n]");
    }
}
