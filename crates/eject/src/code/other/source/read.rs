//! How a file is gone through: each node of its tree says one thing, and is taken by who knows such things.

use std::{cell::RefCell, ops::Range};

use tree_sitter::{Node, Parser};

use super::{
    Path, Source, Text, mark,
    path::{LONGEST, clip, dotted, unquoted},
};
use crate::{
    code::other::{
        import,
        language::{Language, Says},
        words::number,
    },
    file::File,
};

/// Larger files are made by machines, and are not parsed.
const LARGEST: usize = 4 << 20;

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// Reads a file; nothing of one that is too large to be written by people.
pub(in super::super) fn read(file: &File, language: Language) -> Option<Source> {
    if file.text.len() > LARGEST {
        return None;
    }
    let tree = PARSER.with_borrow_mut(|parser| {
        parser.set_language(&language.grammar()).ok()?;
        parser.parse(&file.text, None)
    })?;
    let mut reader = Reader { text: &file.text, language, source: Source::default() };
    reader.walk(tree.root_node());
    Some(reader.source)
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) language: Language,
    pub(super) source: Source,
}

/// In which definition something is, and in which of its members.
pub(super) type Inside = Option<(usize, Option<usize>)>;

/// A node that is to be visited.
struct Visit<'tree> {
    node: Node<'tree>,
    /// In which definition it is, and in which of its members.
    inside: Inside,
    /// Whether it is a statement of its own.
    is_statement: bool,
    /// Whether it is a part of a path, or the name that a class is given.
    is_part: bool,
}

impl<'a> Reader<'a> {
    /// A stack of our own: what is nested deeply must not overflow that of the thread.
    fn walk(&mut self, root: Node<'_>) {
        let table = self.language.says();
        let mut stack =
            vec![Visit { node: root, inside: None, is_statement: false, is_part: false }];
        let mut cursor = root.walk();
        while let Some(visit) = stack.pop() {
            let says = table.get(usize::from(visit.node.kind_id())).copied();
            let Some(inside) = self.visit(&visit, says.unwrap_or(Says::Nothing)) else { continue };
            let kind = visit.node.kind();
            let is_statement = kind == "expression_statement" || kind == "program";
            let is_path = says == Some(Says::Path);
            let names = matches!(kind, "class" | "module");
            let from = stack.len();
            for (at, node) in visit.node.named_children(&mut cursor).enumerate() {
                let is_part = is_path || names && at == 0;
                stack.push(Visit { node, inside, is_statement, is_part });
            }
            stack[from..].reverse();
        }
    }

    /// Takes what a node says. Answers in which definition its children are; nothing where
    /// they have nothing to say.
    fn visit(&mut self, visit: &Visit<'_>, says: Says) -> Option<Inside> {
        let Visit { node, inside, is_statement, is_part } = *visit;
        match says {
            Says::Comment => return None,
            Says::Import => {
                import::read(self.language, node, self.text, &mut self.source.imports);
                return None;
            }
            Says::Namespace => self.namespace(node),
            Says::Definition => return Some(self.definition(node, inside)),
            Says::Member => return Some(self.member(node, inside)),
            Says::Binding => return Some(self.binding(node, inside, false)),
            Says::Pair | Says::Typed => _ = self.binding(node, inside, true),
            Says::Call => {
                let is_load = self.language == Language::Ruby && import::is_load(self.of(node));
                self.source.acts |= is_statement && inside.is_none() && !is_load;
                self.call(node);
            }
            Says::Each => self.each(node),
            Says::Subscript => self.subscript(node),
            Says::Text => {
                // A text that is a statement is for people.
                if is_statement && self.language == Language::Python {
                    return None;
                }
                self.text_of(node, inside);
            }
            Says::Name => self.name(node, inside),
            Says::Path => {
                let written = clip(self.of(node), LONGEST);
                let (path, is_rooted) = (dotted(written), self.is_rooted(written));
                if !is_part {
                    self.source.paths.push(Path { path, is_rooted, span: node.byte_range() });
                }
                if node.named_child_count() == 0 {
                    self.name(node, inside);
                }
            }
            Says::Mark => self.mark(node),
            Says::Tokens => self.tokens(node),
            Says::Nothing => {}
        }
        Some(inside)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn of(&self, node: Node<'_>) -> &'a str {
        self.slice(node.byte_range())
    }

    pub(super) fn clipped(&self, range: Range<usize>) -> String {
        clip(self.slice(range), LONGEST).to_owned()
    }

    fn namespace(&mut self, node: Node<'_>) {
        let name = node.child_by_field_name("name").or_else(|| node.named_child(0));
        if let (Some(name), true) = (name, self.source.namespace.is_empty()) {
            self.source.namespace = dotted(self.of(name));
        }
    }

    fn name(&mut self, node: Node<'_>, inside: Inside) {
        let number = number(self.of(node).trim_start_matches(['@', '$']));
        self.word(number, node.start_byte(), inside);
    }

    fn word(&mut self, number: u32, at: usize, inside: Inside) {
        self.source.first.entry(number).or_insert(at);
        if let Some((definition, member)) = inside {
            let definition = &mut self.source.definitions[definition];
            let words = match member {
                Some(member) => &mut definition.members[member].words,
                None => &mut definition.words,
            };
            words.insert(number);
        }
    }

    fn subscript(&mut self, node: Node<'_>) {
        if let Some(object) = node.named_child(0) {
            let path = dotted(clip(self.of(object), LONGEST));
            self.source.subscripts.push((path, node.byte_range()));
        }
    }

    fn text_of(&mut self, node: Node<'_>, inside: Inside) {
        let span = node.byte_range();
        let value = unquoted(clip(self.of(node), 2 * LONGEST)).to_owned();
        // A text may name what is called: `[Controller::class, 'login']`, `before_action :load`.
        if !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || c == '_') {
            self.word(number(&value), span.start, inside);
        }
        self.source.texts.push(Text { value, span });
    }

    fn mark(&mut self, node: Node<'_>) {
        let text = self.of(node);
        self.source.marks.push((clip(text, LONGEST).to_owned(), node.byte_range()));
        let squeezed: String = clip(text, LONGEST).split_whitespace().collect();
        if self.language != Language::Rust || !mark::is_of_tests(&squeezed) {
            return;
        }
        let mut next = node.next_named_sibling();
        while let Some(item) = next.filter(|item| item.kind() == "attribute_item") {
            next = item.next_named_sibling();
        }
        self.source.tests.extend(next.map(|item| item.byte_range()));
    }
}
