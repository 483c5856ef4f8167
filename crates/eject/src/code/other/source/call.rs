//! What is called, and what it is given.

use std::ops::Range;

use tree_sitter::Node;

use super::{
    Argument, Call,
    path::{LONGEST, clip_start, dotted, last, unowned},
    read::Reader,
};
use crate::code::other::language::Language;

impl Reader<'_> {
    pub(super) fn call(&mut self, node: Node<'_>) {
        let arguments = node.child_by_field_name("arguments").or_else(|| {
            let count = u32::try_from(node.named_child_count()).unwrap_or(0);
            let kinds = [
                "arguments",
                "value_arguments",
                "token_tree",
                "annotated_lambda",
                "literal_value",
                "argument_list",
            ];
            (0..count)
                .filter_map(|at| node.named_child(at))
                .find(|child| kinds.contains(&child.kind()))
        });
        let block = node.child_by_field_name("block");
        let end =
            arguments.or(block).map_or_else(|| node.end_byte(), |arguments| arguments.start_byte());
        let callee = node.start_byte()..end;
        let kind = node.kind();
        let is_new = kind.ends_with("creation_expression") || kind == "composite_literal";
        let given = arguments.map(|arguments| self.arguments(arguments)).unwrap_or_default();
        let name = self.called(callee.clone(), node.byte_range(), given, is_new);
        match (block, arguments) {
            (Some(block), _) if self.language == Language::Ruby => self.block(block, &name, callee),
            (_, Some(arguments)) => self.lambdas(arguments, &name),
            _ => {}
        }
    }

    /// Something is called, by what is written at a place. Answers by which name.
    pub(super) fn called(
        &mut self,
        callee: Range<usize>,
        span: Range<usize>,
        arguments: Vec<Argument>,
        is_new: bool,
    ) -> String {
        let start = callee.start;
        let text = self.slice(callee);
        // Whoever chains calls over a whole file gets its end.
        // Kotlin's grammar has `!redis.exists(…)` as a call of `!redis.exists`.
        let written = text.trim().trim_start_matches('!');
        let written = written.get(written.len().saturating_sub(4096)..).unwrap_or(written);
        let (written, is_new) = match written.strip_prefix("new ") {
            Some(rest) => (rest, true),
            None => (written, is_new),
        };
        let path = dotted(written.trim_end_matches(['!', ' ']));
        let callee = unowned(&path);
        let at = start + text.rfind(last(callee)).unwrap_or(0);
        let callee = clip_start(callee, LONGEST).to_owned();
        let is_rooted = self.is_rooted(written);
        let name = callee.clone();
        self.source.calls.push(Call { callee, span, at, is_rooted, is_new, arguments });
        name
    }

    /// `redis::Client` begins with a crate, and `redis.get` with a value; `\Redis` is nobody's own.
    pub(super) fn is_rooted(&self, written: &str) -> bool {
        match self.language {
            Language::Rust => written
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .is_some_and(|at| at == 0 || written[at..].starts_with("::")),
            Language::Ruby => written.trim_start_matches(':').starts_with(char::is_uppercase),
            Language::Php => written.starts_with('\\') || self.source.namespace.is_empty(),
            Language::Java | Language::Kotlin | Language::CSharp => written.contains('.'),
            Language::Python | Language::Go => false,
        }
    }

    fn arguments(&self, arguments: Node<'_>) -> Vec<Argument> {
        let mut cursor = arguments.walk();
        let given = arguments.named_children(&mut cursor).take(12);
        given
            .map(|node| {
                let count = u32::try_from(node.named_child_count()).unwrap_or(0);
                let key = match node.kind() {
                    "keyword_argument" | "argument" => node.child_by_field_name("name"),
                    "pair" => node.child_by_field_name("key"),
                    "value_argument" if count == 2 => node.named_child(0),
                    _ => None,
                };
                let is_wrapped =
                    key.is_some() || matches!(node.kind(), "argument" | "value_argument");
                let value = if is_wrapped { node.named_child(count.wrapping_sub(1)) } else { None };
                Argument {
                    key: key.map(|key| self.of(key).trim_matches([':', '"', '\'']).to_owned()),
                    value: self.clipped(value.unwrap_or(node).byte_range()),
                }
            })
            .collect()
    }
}
