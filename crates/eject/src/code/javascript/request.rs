//! What a module asks of other modules, and which names of them.

use std::ops::Range;

/// How a module is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// `import … from`, `require(…)`: for values.
    Value,
    /// `import type`, `import("…").Type`.
    Type,
    /// `export … from`.
    Forward,
    /// `import "…"`.
    Effects,
    /// `jest.mock("…")` and its kin.
    Mock,
    /// `require.resolve("…")`, and paths as strings: a worker's file, a handler.
    Path,
}

/// One request of a module. Its strings stand in the module's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    specifier: Piece,
    names: Piece,
    start: u32,
    end: u32,
    pub(super) manner: Manner,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u32,
    end: u32,
}

/// The name that stands for all of a module.
pub(super) const ALL: &str = "*";

/// The requests of a module with their strings in one piece of memory: there are many of them.
#[derive(Debug, Default)]
pub(super) struct Requests {
    text: Box<str>,
    list: Box<[Request]>,
}

/// A request before its strings are put together.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) specifier: String,
    pub(super) names: Vec<String>,
    pub(super) span: Range<u32>,
    pub(super) manner: Manner,
}

impl Requests {
    pub(super) fn new(asked: Vec<Asked>) -> Self {
        let mut text = String::new();
        let mut put = |piece: &str| {
            let start = text.len() as u32;
            text.push_str(piece);
            Piece { start, end: text.len() as u32 }
        };
        let list = asked
            .into_iter()
            .map(|asked| Request {
                specifier: put(&asked.specifier),
                names: put(&asked.names.join("\0")),
                start: asked.span.start,
                end: asked.span.end,
                manner: asked.manner,
            })
            .collect();
        Self { text: text.into(), list }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Request> {
        self.list.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, index: usize) -> &Request {
        &self.list[index]
    }

    pub(super) fn specifier(&self, request: &Request) -> &str {
        self.piece(request.specifier)
    }

    /// The names that are asked for; [`ALL`] where they are not told; none for effects alone.
    pub(super) fn names(&self, request: &Request) -> impl Iterator<Item = &str> {
        self.piece(request.names).split('\0').filter(|name| !name.is_empty())
    }

    /// The requests that stand at a byte: one, or as many as a name that is made when it runs may mean.
    pub(super) fn at(&self, start: u32) -> impl Iterator<Item = usize> {
        let at_start =
            self.list.iter().enumerate().filter(move |(_, request)| request.start == start);
        at_start.map(|(index, _)| index)
    }

    /// The same requests, and for each with a `*` in its specifier those that `meant` gives.
    pub(super) fn expanded(&self, meant: impl Fn(&str) -> Vec<String>) -> Option<Self> {
        if !self.iter().any(|request| self.specifier(request).contains('*')) {
            return None;
        }
        let mut asked = Vec::new();
        for request in self.iter() {
            let specifier = self.specifier(request);
            let all =
                if specifier.contains('*') { meant(specifier) } else { vec![specifier.to_owned()] };
            asked.extend(all.into_iter().map(|specifier| Asked {
                specifier,
                names: self.names(request).map(str::to_owned).collect(),
                span: request.start..request.end,
                manner: request.manner,
            }));
        }
        Some(Self::new(asked))
    }

    fn piece(&self, piece: Piece) -> &str {
        &self.text[piece.start as usize..piece.end as usize]
    }
}

impl Request {
    pub(super) fn start(&self) -> u32 {
        self.start
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
