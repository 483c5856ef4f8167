//! What is given a value, or has a type: names, keys, and what a block is given.

use std::ops::Range;

use tree_sitter::Node;

use super::{
    Binding,
    path::{dotted, last, unowned, unquoted},
    read::{Inside, Reader},
};
use crate::code::other::{known, language::Language};

impl Reader<'_> {
    /// A name that is given to a value. One of the whole file is a definition as well.
    pub(super) fn binding(&mut self, node: Node<'_>, inside: Inside, is_part: bool) -> Inside {
        let Some(mut parts) = parts(node) else { return inside };
        if self.language == Language::Rust {
            parts.target = inner(parts.target);
        }
        let written = self.of(parts.target).split(',').next().unwrap_or_default();
        let mut target = dotted(written);
        // `app.config["CACHE_TYPE"]` is about what the key names.
        if let Some((_, key)) = written.split_once('[').filter(|_| target.ends_with("[]")) {
            let keys = key.trim_end_matches(']').split("][").map(unquoted);
            target = keys.filter(|key| !key.is_empty()).collect::<Vec<_>>().join(".");
        }
        let value_span = parts.value.map_or(0..0, |value| value.byte_range());
        let of_type = parts.of_type.map_or(0..0, |of_type| of_type.byte_range());
        let is_name = target.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_constant = self.language == Language::Ruby
            && (self.of(parts.target).starts_with('$')
                || target.starts_with(|c: char| c.is_uppercase()));
        let is_global = !is_part && is_name && (inside.is_none() || is_constant);
        self.source.bindings.push(Binding {
            target: unowned(&target).trim_matches(['"', '\'', ':']).to_owned(),
            span: parts.target.start_byte()..node.end_byte(),
            value: self.clipped(value_span.clone()),
            value_span,
            of_type: self.clipped(of_type),
            is_pair: is_part && parts.value.is_some(),
        });
        if is_global {
            let index = self.define(&target, node.byte_range(), false);
            self.source.definitions[index].is_value = true;
            Some((index, None))
        } else {
            inside
        }
    }

    /// A name that stands for something without a value being given to it.
    pub(super) fn bind(
        &mut self,
        target: String,
        at: &Node<'_>,
        (value, value_span): (String, Range<usize>),
        of_type: String,
    ) {
        let span = at.byte_range();
        let binding = Binding { target, span, value, value_span, of_type, is_pair: false };
        self.source.bindings.push(binding);
    }

    /// What a loop takes out of many, one after another: `for shard in shards`.
    pub(super) fn each(&mut self, node: Node<'_>) {
        let of = |names: [&str; 3]| names.iter().find_map(|name| node.child_by_field_name(name));
        let (Some(target), Some(value)) =
            (of(["left", "pattern", "name"]), of(["right", "value", "right"]))
        else {
            return;
        };
        let (written, value_of) = (self.of(target), dotted(self.of(value)));
        let one = written.rsplit(',').next().unwrap_or(written).trim();
        let of_many = value_of.trim_end_matches(".values()").trim_end_matches(".items()");
        let is_many = of_many.ends_with('s') && !of_many.ends_with("redis");
        let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_many && is_name(one) && is_name(last(of_many)) {
            let given = (of_many.to_owned(), value.byte_range());
            self.bind(one.to_owned(), &target, given, String::new());
        }
    }

    /// What functions are given that a client is lent to: `pool.resource.use { jedis -> … }`, `template.execute(connection -> …)`.
    pub(super) fn lambdas(&mut self, arguments: Node<'_>, callee: &str) {
        let Some((receiver, method)) = callee.rsplit_once('.') else { return };
        if !known::lends(method) {
            return;
        }
        let mut open = vec![(arguments, 0)];
        while let Some((node, depth)) = open.pop() {
            let given = match node.kind() {
                "lambda_expression" | "closure_expression" => {
                    node.child_by_field_name("parameters")
                }
                "lambda_literal" => {
                    node.named_child(0).filter(|of| of.kind() == "lambda_parameters")
                }
                _ if depth < 3 => {
                    let mut cursor = node.walk();
                    let inner = node.named_children(&mut cursor).map(|child| (child, depth + 1));
                    open.extend(inner.collect::<Vec<_>>());
                    continue;
                }
                _ => continue,
            };
            let Some(mut name) = given else { continue };
            while name.named_child_count() > 0 {
                let Some(first) = name.named_child(0) else { break };
                name = first;
            }
            let target = self.of(name).to_owned();
            let value = (receiver.to_owned(), arguments.start_byte()..arguments.start_byte());
            self.bind(target, &name, value, String::new());
        }
    }

    /// What a block is given in Ruby: `redis.pipelined do |pipe|`.
    pub(super) fn block(&mut self, block: Node<'_>, callee: &str, before: Range<usize>) {
        let given = block.child_by_field_name("parameters").and_then(|all| all.named_child(0));
        let Some(given) = given.filter(|given| given.kind() == "identifier") else { return };
        let method = last(callee);
        // What is locked is told to the block, and not who locks.
        if known::derives(method) && !matches!(method, "lock" | "get" | "then" | "use") {
            let target = self.of(given).to_owned();
            self.bind(target, &given, (format!("{callee}()"), before), String::new());
        }
    }
}

/// What a pattern of Rust gives a name to: `con` of `Ok(mut con)`, `pool` of `State(pool)`.
fn inner(pattern: Node<'_>) -> Node<'_> {
    let mut pattern = pattern;
    loop {
        let (least, most) = match pattern.kind() {
            "match_pattern" | "mut_pattern" | "ref_pattern" | "reference_pattern" => (1, 3),
            "tuple_struct_pattern" => (2, 2),
            // `let (mut sink, stream) = pubsub.split();`
            "tuple_pattern" => match pattern.named_child(0) {
                Some(first) => {
                    pattern = first;
                    continue;
                }
                None => return pattern,
            },
            _ => return pattern,
        };
        let count = pattern.named_child_count();
        match named_last(pattern).filter(|_| (least..=most).contains(&count)) {
            Some(next) => pattern = next,
            None => return pattern,
        }
    }
}

/// The parts of a binding.
struct Parts<'tree> {
    target: Node<'tree>,
    value: Option<Node<'tree>>,
    of_type: Option<Node<'tree>>,
}

fn parts(node: Node<'_>) -> Option<Parts<'_>> {
    let field = |name| node.child_by_field_name(name);
    let child = |kind: &str| {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).find(|child| child.kind() == kind)
    };
    let count = u32::try_from(node.named_child_count()).unwrap_or(0);
    let of_type = field("type");
    match node.kind() {
        // `match client.get_connection() { Ok(con) => … }`
        "match_arm" => {
            let target = field("pattern")?;
            let whole = node.parent()?.parent()?;
            let is_one = target.named_child(0)?.kind() == "tuple_struct_pattern";
            let value = whole.child_by_field_name("value").filter(|_| is_one)?;
            Some(Parts { target, value: Some(value), of_type })
        }
        "as_pattern" => {
            Some(Parts { target: field("alias")?, value: node.named_child(0), of_type })
        }
        "typed_parameter" => Some(Parts { target: node.named_child(0)?, value: None, of_type }),
        "local_variable_declaration" | "field_declaration" if field("declarator").is_some() => {
            let declared = field("declarator")?;
            let value = declared.child_by_field_name("value");
            Some(Parts { target: declared.child_by_field_name("name")?, value, of_type })
        }
        "variable_declaration" => {
            let declared = child("variable_declarator")?;
            let target =
                declared.child_by_field_name("name").or_else(|| declared.named_child(0))?;
            let value = named_last(declared).filter(|value| value.id() != target.id());
            Some(Parts { target, value, of_type })
        }
        // Of Kotlin; that of C# and of PHP have a type.
        "property_declaration" if child("variable_declaration").is_some() => {
            let declared = child("variable_declaration")?;
            let value = named_last(node).filter(|value| value.id() != declared.id());
            // `val hash get() = template.opsForHash()`
            let getter = value.filter(|value| value.kind() == "getter");
            let value = getter.and_then(named_last).and_then(named_last).or(value);
            let of_type = declared.named_child(1);
            Some(Parts { target: declared.named_child(0)?, value, of_type })
        }
        "property_declaration" if child("property_element").is_some() => {
            let element = child("property_element")?;
            let target = element.child_by_field_name("name")?;
            Some(Parts { target, value: element.child_by_field_name("default_value"), of_type })
        }
        "class_parameter" | "parameter" if of_type.is_none() => {
            let mut cursor = node.walk();
            let mut named = node.named_children(&mut cursor);
            let target = named.find(|child| child.kind() == "identifier")?;
            Some(Parts { target, value: None, of_type: named.next() })
        }
        "array_element_initializer" => {
            let target = node.named_child(0).filter(|_| count == 2)?;
            Some(Parts { target, value: node.named_child(1), of_type })
        }
        _ => {
            let names = ["left", "name", "pattern", "key", "field"];
            let target = names.iter().find_map(|name| node.child_by_field_name(name))?;
            Some(Parts { target, value: field("right").or_else(|| field("value")), of_type })
        }
    }
}

fn named_last(node: Node<'_>) -> Option<Node<'_>> {
    node.named_child(u32::try_from(node.named_child_count()).ok()?.checked_sub(1)?)
}
