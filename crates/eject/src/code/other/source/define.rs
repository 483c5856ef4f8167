//! What is given a name for others: code, types, and the methods of classes.

use std::{collections::HashSet, ops::Range};

use tree_sitter::Node;

use super::{
    Definition, Member,
    path::{dotted, last, last_two},
    read::{Inside, Reader},
};
use crate::code::other::{known, language::Language, words::number};

/// Methods that are called when an object is made: what they use, all who have one use.
const MAKERS: &[&str] = &[
    "__init__",
    "__new__",
    "__post_init__",
    "__call__",
    "__getattr__",
    "__enter__",
    "__aenter__",
    "initialize",
    "new",
    "open",
    "build",
    "create",
    "constructor",
    "__construct",
    "init",
    "init_app",
    "Init",
    "setup",
    "start",
    "default",
    "from_env",
    "boot",
    "register",
    "connect",
    "getInstance",
    "get_instance",
    "instance",
];

/// Methods that frameworks of PHP call of what they are given: jobs, listeners, commands, middleware.
const JOBS_OF_PHP: &[&str] = &["handle", "middleware", "__invoke", "execute", "process"];

impl Reader<'_> {
    pub(super) fn define(&mut self, name: &str, span: Range<usize>, is_class: bool) -> usize {
        self.source.definitions.push(Definition {
            name: name.trim_start_matches(['@', '$']).to_owned(),
            span,
            words: HashSet::new(),
            members: Vec::new(),
            is_class,
            is_type: false,
            is_called: false,
            is_value: false,
            is_announced: false,
        });
        self.source.definitions.len() - 1
    }

    pub(super) fn definition(&mut self, node: Node<'_>, inside: Inside) -> Inside {
        let kind = node.kind();
        if matches!(kind, "static_item" | "const_item") {
            self.binding(node, Some((0, None)), false);
        }
        // In Ruby a class within a class is a name of its own.
        let is_inner = self.language == Language::Ruby && matches!(kind, "class" | "module");
        if inside.is_some() && !is_inner {
            return self.member(node, inside);
        }
        let named = node.child_by_field_name("definition").unwrap_or(node);
        self.gives(named);
        self.returned(named);
        self.places(named);
        self.bases(named);
        self.registered(node, named);
        let is_method = kind == "method_declaration" && self.language == Language::Go;
        let name = match kind {
            "impl_item" => node.child_by_field_name("type"),
            _ if is_method => node.child_by_field_name("receiver"),
            _ => named.child_by_field_name("name"),
        };
        let Some(name) = name else { return inside };
        let written = self.of(name).trim_matches(['(', ')']).split('[').next()?;
        let path = dotted(written.rsplit([' ', '*']).next()?);
        let classes =
            ["class", "impl", "struct", "trait", "interface", "object", "module", "record", "enum"];
        let is_class = is_method || classes.iter().any(|class| named.kind().contains(class));
        let name = match inside {
            // What is within a module is called by both names from elsewhere.
            Some((outer, _)) => {
                let outer = last(&self.source.definitions[outer].name);
                format!("{outer}.{}", last(&path))
            }
            None if self.language == Language::Ruby => last_two(&path).to_owned(),
            None => last(&path).to_owned(),
        };
        let index = self.define(&name, node.byte_range(), is_class);
        let is_more = is_method || kind == "impl_item";
        self.source.definitions[index].is_type = is_class && !is_more;
        self.source.definitions[index].is_called = self.is_called(named);
        self.source.definitions[index].is_announced =
            self.marks(node).iter().any(|mark| known::announces(last(mark)));
        let inside = Some((index, None));
        if is_method { self.member(node, inside) } else { inside }
    }

    /// A method of a class. Code within a method is the method's.
    pub(super) fn member(&mut self, node: Node<'_>, inside: Inside) -> Inside {
        let Some((index, None)) = inside else { return inside };
        let named = node.child_by_field_name("definition").unwrap_or(node);
        let kind = named.kind();
        let is_code = ["function", "method", "constructor"].iter().any(|code| kind.contains(code));
        let name = named.child_by_field_name("name").map_or("", |name| self.of(name));
        let of_framework = match self.language {
            Language::Php => JOBS_OF_PHP.contains(&name),
            Language::Ruby => name == "perform",
            _ => self.source.definitions[index].is_called,
        };
        let is_made = kind.contains("constructor") || MAKERS.contains(&name) || of_framework;
        self.gives(named);
        self.returned(named);
        let parameters = named.child_by_field_name("parameters").map_or("", |given| self.of(given));
        let is_extension = self.language == Language::CSharp
            && parameters.trim_start_matches('(').trim_start().starts_with("this ");
        let definition = &mut self.source.definitions[index];
        if !is_code || is_made || !definition.is_class {
            return inside;
        }
        let (name, span) = (name.to_owned(), node.byte_range());
        definition.members.push(Member { name, span, words: HashSet::new(), is_extension });
        Some((index, Some(definition.members.len() - 1)))
    }

    /// What a function gives is of its type: `public function connection(): \Redis`, `fn pool() -> Pool`.
    fn gives(&mut self, node: Node<'_>) {
        let field = match self.language {
            Language::Java => "type",
            Language::CSharp => "returns",
            Language::Php | Language::Rust | Language::Python => "return_type",
            Language::Kotlin => "",
            Language::Go | Language::Ruby => return,
        };
        let of = |field| node.child_by_field_name(field);
        let of_type = if field.is_empty() { type_in_kotlin(node) } else { of(field) };
        let (Some(name), Some(of_type)) = (of("name"), of_type) else { return };
        let target = self.asked(node, name);
        let given = self.clipped(of_type.byte_range());
        self.bind(target, &name, (String::new(), 0..0), given);
    }

    /// The fields of Rust that have a place and no name: `struct Store(Pool);`. Where structs of a file differ in what is there, it is not known.
    fn places(&mut self, node: Node<'_>) {
        let Some(body) = node.child_by_field_name("body") else { return };
        if self.language != Language::Rust || body.kind() != "ordered_field_declaration_list" {
            return;
        }
        let mut cursor = body.walk();
        let types = body.children_by_field_name("type", &mut cursor).enumerate();
        let types: Vec<_> = types.map(|(at, of)| (at.to_string(), of)).collect();
        for (target, of_type) in types {
            let written = self.clipped(of_type.byte_range());
            let mut others = self.source.bindings.iter_mut();
            match others.find(|of| of.target == target) {
                Some(other) if other.of_type != written => other.of_type = String::new(),
                Some(_) => {}
                None => {
                    let at = of_type.start_byte()..of_type.start_byte();
                    self.bind(target, &of_type, (String::new(), at), written);
                }
            }
        }
    }

    /// How a function is asked for what it gives: `pool()`, and `pool` of what is a property in Python.
    fn asked(&self, node: Node<'_>, name: Node<'_>) -> String {
        let name = self.of(name);
        let around = node.parent().filter(|of| of.kind() == "decorated_definition");
        let marks = around.map_or("", |of| self.slice(of.start_byte()..node.start_byte()));
        let is_property = marks.lines().any(|mark| mark.trim_end().ends_with("property"));
        if is_property { name.to_owned() } else { format!("{name}()") }
    }

    /// What a function gives where no type says it: `return self._client` of Python, `= pool.resource` of Kotlin.
    fn returned(&mut self, node: Node<'_>) {
        let value = match self.language {
            Language::Python => returned_at_end(node),
            Language::Kotlin if type_in_kotlin(node).is_none() => expression_of(node),
            _ => None,
        };
        let (Some(name), Some(value)) = (node.child_by_field_name("name"), value) else { return };
        let target = self.asked(node, name);
        let span = value.byte_range();
        self.bind(target, &name, (self.clipped(span.clone()), span), String::new());
    }

    /// `@router.get("/")`: who has the object by which a function of Python is marked has the function.
    fn registered(&mut self, node: Node<'_>, named: Node<'_>) {
        let Some(name) = named.child_by_field_name("name") else { return };
        let name = number(self.of(name));
        for path in self.marks(node) {
            let Some((object, _)) = path.split_once('.') else { continue };
            let mut definitions = self.source.definitions.iter_mut();
            if let Some(object) = definitions.find(|of| !of.is_class && of.name == object) {
                object.words.insert(name);
            }
        }
    }

    /// The decorators of a function or a class of Python: `router.get` of `@router.get("/")`.
    fn marks(&self, node: Node<'_>) -> Vec<String> {
        if node.kind() != "decorated_definition" {
            return Vec::new();
        }
        let mut cursor = node.walk();
        let marks = node.named_children(&mut cursor).filter(|of| of.kind() == "decorator");
        let path = |mark: Node<'_>| {
            let written = dotted(self.of(mark).trim_start_matches('@'));
            written.trim_end_matches("()").to_owned()
        };
        marks.map(path).collect()
    }

    /// Whether a framework calls what a class of Python has.
    fn is_called(&self, node: Node<'_>) -> bool {
        let Some(bases) = node.child_by_field_name("superclasses") else { return false };
        let mut cursor = bases.walk();
        bases.named_children(&mut cursor).any(|base| known::is_called(last(self.of(base))))
    }

    /// What a class of Python is made from.
    fn bases(&mut self, node: Node<'_>) {
        let Some(bases) = node.child_by_field_name("superclasses") else { return };
        let mut cursor = bases.walk();
        let paths = bases
            .named_children(&mut cursor)
            .filter(|base| matches!(base.kind(), "identifier" | "attribute" | "subscript"));
        let span = node.start_byte()..bases.end_byte();
        let paths: Vec<_> = paths.map(|base| (dotted(self.of(base)), span.clone())).collect();
        self.source.bases.extend(paths);
    }
}

/// The type of what a function of Kotlin gives.
fn type_in_kotlin(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    let mut children = node.named_children(&mut cursor);
    children.find(|of| {
        node.kind() == "function_declaration" && matches!(of.kind(), "user_type" | "nullable_type")
    })
}

/// What a function of Kotlin is that is one expression.
fn expression_of(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    let body = node.named_children(&mut cursor).find(|of| of.kind() == "function_body")?;
    body.named_child(0).filter(|of| of.kind() != "block")
}

/// What a function of Python returns or yields that is not within something else.
fn returned_at_end(node: Node<'_>) -> Option<Node<'_>> {
    let of = |field| node.child_by_field_name(field);
    let body = of("body").filter(|_| of("return_type").is_none())?;
    let mut cursor = body.walk();
    let values = body.named_children(&mut cursor).filter_map(|statement| match statement.kind() {
        "return_statement" => statement.named_child(0),
        "expression_statement" => {
            statement.named_child(0).filter(|of| of.kind() == "yield")?.named_child(0)
        }
        _ => None,
    });
    values.filter(|_| node.kind() == "function_definition").last()
}
