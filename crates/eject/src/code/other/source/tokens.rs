//! What stands in macros of Rust, whose arguments and bodies the grammar leaves as tokens: `try_join!(redis.get("a"), …)`.

use std::ops::Range;

use tree_sitter::Node;

use super::{
    Argument, Path,
    path::{LONGEST, clip, dotted},
    read::Reader,
};

/// A path that is being read: `redis::cmd("GET").arg(key)`.
struct Chain {
    start: usize,
    end: usize,
    /// Whether a name or an end of one was the last, and not a sign between two.
    is_named: bool,
    /// Whether it names what is in a crate: `redis::cmd`.
    is_rooted: bool,
}

impl Reader<'_> {
    /// Takes the calls that stand directly in a tree of tokens, as code would have them.
    pub(super) fn tokens(&mut self, tree: Node<'_>) {
        let mut cursor = tree.walk();
        let mut chain: Option<Chain> = None;
        let mut angles = 0_usize;
        for token in tree.children(&mut cursor) {
            let written = self.of(token);
            if angles > 0 {
                match written {
                    "<" => angles += 1,
                    ">" => angles -= 1,
                    ">>" => angles = angles.saturating_sub(2),
                    _ => {}
                }
                if let Some(chain) = &mut chain {
                    chain.end = token.end_byte();
                    chain.is_named |= angles == 0;
                }
                continue;
            }
            let is_name = matches!(token.kind(), "identifier" | "self" | "crate" | "super")
                || matches!(token.kind(), "metavariable" | "primitive_type" | "await")
                || written == "await";
            match &mut chain {
                Some(open) if !open.is_named && is_name => {
                    (open.end, open.is_named) = (token.end_byte(), true);
                }
                Some(open) if !open.is_named && written == "<" => {
                    (open.end, angles) = (token.end_byte(), 1);
                }
                Some(open) if open.is_named && matches!(written, "." | "::") => {
                    open.end = token.end_byte();
                    open.is_named = false;
                    open.is_rooted |= written == "::";
                }
                Some(open) if open.is_named && matches!(written, "?" | "!") => {
                    open.end = token.end_byte();
                }
                Some(open) if open.is_named && token.kind() == "token_repetition" => {
                    open.end = token.end_byte();
                }
                Some(open) if open.is_named && written.starts_with('(') => {
                    let (path, arguments) = (open.start..open.end, self.given(token));
                    let end = token.end_byte();
                    open.end = end;
                    self.called(path.clone(), path.start..end, arguments, false);
                }
                Some(open) if open.is_named && written.starts_with('[') => {
                    open.end = token.end_byte();
                }
                _ => {
                    if let Some(ended) = chain.take() {
                        self.path_of(&ended);
                    }
                    chain = is_name.then(|| Chain {
                        start: token.start_byte(),
                        end: token.end_byte(),
                        is_named: true,
                        is_rooted: false,
                    });
                }
            }
        }
        if let Some(ended) = chain {
            self.path_of(&ended);
        }
    }

    fn path_of(&mut self, chain: &Chain) {
        if chain.is_rooted {
            let span = chain.start..chain.end;
            let path = dotted(clip(self.slice(span.clone()), LONGEST));
            self.source.paths.push(Path { path, is_rooted: true, span });
        }
    }

    /// What stands between the commas of a tree of tokens.
    fn given(&self, tree: Node<'_>) -> Vec<Argument> {
        let mut cursor = tree.walk();
        let inner = tree.start_byte() + 1..tree.end_byte() - 1;
        let commas = tree.children(&mut cursor).filter(|token| self.of(*token) == ",");
        let mut ends: Vec<usize> = commas.map(|comma| comma.start_byte()).collect();
        ends.push(inner.end);
        let mut start = inner.start;
        let parts = ends.into_iter().map(|end| {
            let part: Range<usize> = start..end;
            start = end + 1;
            part
        });
        let written = parts.map(|part| self.slice(part).trim()).filter(|part| !part.is_empty());
        written
            .take(12)
            .map(|part| Argument { key: None, value: clip(part, LONGEST).to_owned() })
            .collect()
    }
}
