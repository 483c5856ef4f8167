//! What a file of code says, in one form for all languages.
//!
//! Paths are written with dots whatever a language writes: `Redis::Client.new`, `$this->redis`,
//! `redis::Client::open` are `Redis.Client.new`, `this.redis`, `redis.Client.open`.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use tree_sitter::{Node, Parser};

use super::{
    import::{self, Import},
    known,
    language::{Language, Says},
    words::number,
};
use crate::file::File;

/// What is read of one node; more is data.
const LONGEST: usize = 240;

/// Larger files are made by machines, and are not parsed.
const LARGEST: usize = 4 << 20;

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// The package or the namespace that it declares.
    pub(super) namespace: String,
    pub(super) imports: Vec<Import>,
    pub(super) definitions: Vec<Definition>,
    pub(super) bindings: Vec<Binding>,
    pub(super) calls: Vec<Call>,
    pub(super) texts: Vec<Text>,
    /// What is taken out by a key, as `os.environ["X"]`: the bytes of `os.environ`, and of all.
    pub(super) subscripts: Vec<(String, Range<usize>)>,
    pub(super) paths: Vec<Path>,
    /// Where each name stands first, by its number.
    pub(super) first: HashMap<u32, usize>,
    /// What is compiled for tests alone.
    pub(super) tests: Vec<Range<usize>>,
    /// Whether something is done when it is loaded, beside giving names.
    pub(super) acts: bool,
    /// Annotations, decorators, attributes.
    pub(super) marks: Vec<(String, Range<usize>)>,
    /// What classes are made from, in Python: the path, and where the class begins.
    pub(super) bases: Vec<(String, Range<usize>)>,
}

/// A name for code, for a type or for a value of the whole file.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) span: Range<usize>,
    /// The numbers of the names within it, but for those within its members.
    pub(super) words: HashSet<u32>,
    /// The methods of a class, but for those that make an object of it.
    pub(super) members: Vec<Member>,
    is_class: bool,
}

impl Definition {
    pub(super) fn is_class(&self) -> bool {
        self.is_class
    }

    /// The numbers of all names within it.
    pub(super) fn all_words(&self) -> impl Iterator<Item = u32> + '_ {
        let members = self.members.iter().flat_map(|member| &member.words);
        self.words.iter().chain(members).copied()
    }

    /// The methods that are called without a word of the class.
    pub(super) fn extensions(&self) -> impl Iterator<Item = &str> {
        self.members.iter().filter(|member| member.is_extension).map(|member| &*member.name)
    }

    /// What of it leads somewhere, by places or by names within it: all of it, some of its methods, or nothing.
    #[expect(clippy::option_option, reason = "nothing; all of it; some of its methods")]
    pub(super) fn leading(
        &self,
        places: &[usize],
        leads: impl Fn(&HashSet<u32>) -> bool,
    ) -> Option<Option<BTreeSet<String>>> {
        let member = |at: &usize| self.members.iter().find(|member| member.span.contains(at));
        if leads(&self.words) || places.iter().any(|at| member(at).is_none()) {
            return Some(None);
        }
        let by_place = places.iter().filter_map(member);
        let by_name = self.members.iter().filter(|member| leads(&member.words));
        let members: BTreeSet<_> =
            by_place.chain(by_name).map(|member| member.name.clone()).collect();
        (!members.is_empty()).then_some(Some(members))
    }
}

/// A method.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) span: Range<usize>,
    pub(super) words: HashSet<u32>,
    /// Whether it is called as a method of another type, which nobody does by the name of the class: `(this T it)` in C#.
    pub(super) is_extension: bool,
}

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

/// A name that is given to a value, or that has a type.
#[derive(Debug)]
pub(super) struct Binding {
    /// With dots, without `self.` and the like.
    pub(super) target: String,
    pub(super) span: Range<usize>,
    /// As it is written.
    pub(super) value: String,
    pub(super) value_span: Range<usize>,
    /// As it is written.
    pub(super) of_type: String,
    /// Whether it is a key within a literal or a call.
    pub(super) is_pair: bool,
}

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    /// What is called, with dots, without `self.` and the like.
    pub(super) callee: String,
    pub(super) span: Range<usize>,
    /// Where the name of what is called stands: the last of the callee.
    pub(super) at: usize,
    /// Whether the callee is known to begin with a package and not with a value.
    pub(super) is_rooted: bool,
    /// Whether it is written as the making of an object: `new Redis()`.
    pub(super) is_new: bool,
    pub(super) arguments: Vec<Argument>,
}

/// A name with what it is in, as it stands in types and expressions.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "the path is what it is there for")]
pub(super) struct Path {
    pub(super) path: String,
    /// Whether it is known to begin with a package and not with a value.
    pub(super) is_rooted: bool,
    pub(super) span: Range<usize>,
}

/// What is given to a call.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) key: Option<String>,
    /// As it is written, shortened.
    pub(super) value: String,
}

/// A text in quotes, or a symbol.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) span: Range<usize>,
}

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// Reads a file; nothing of one that is too large to be written by people.
pub(super) fn read(file: &File, language: Language) -> Option<Source> {
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

struct Reader<'a> {
    text: &'a str,
    language: Language,
    source: Source,
}

type Inside = Option<(usize, Option<usize>)>;

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
            Says::Nothing => {}
        }
        Some(inside)
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    fn of(&self, node: Node<'_>) -> &'a str {
        self.slice(node.byte_range())
    }

    fn clipped(&self, range: Range<usize>) -> String {
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

    fn define(&mut self, name: &str, span: Range<usize>, is_class: bool) -> usize {
        self.source.definitions.push(Definition {
            name: name.trim_start_matches(['@', '$']).to_owned(),
            span,
            words: HashSet::new(),
            members: Vec::new(),
            is_class,
        });
        self.source.definitions.len() - 1
    }

    fn definition(&mut self, node: Node<'_>, inside: Inside) -> Inside {
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
        self.heads(named);
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
        let inside = Some((index, None));
        if is_method { self.member(node, inside) } else { inside }
    }

    /// A method of a class. Code within a method is the method's.
    fn member(&mut self, node: Node<'_>, inside: Inside) -> Inside {
        let Some((index, None)) = inside else { return inside };
        let named = node.child_by_field_name("definition").unwrap_or(node);
        let kind = named.kind();
        let is_code = ["function", "method", "constructor"].iter().any(|code| kind.contains(code));
        let name = named.child_by_field_name("name").map_or("", |name| self.of(name));
        let is_made = kind.contains("constructor") || MAKERS.contains(&name);
        self.heads(named);
        let parameters = named.child_by_field_name("parameters").map_or("", |given| self.of(given));
        let is_extension = self.language == Language::CSharp
            && parameters.trim_start_matches('(').trim_start().starts_with("this ");
        self.gives(named, name);
        let definition = &mut self.source.definitions[index];
        if !is_code || is_made || !definition.is_class {
            return inside;
        }
        let (name, span) = (name.to_owned(), node.byte_range());
        definition.members.push(Member { name, span, words: HashSet::new(), is_extension });
        Some((index, Some(definition.members.len() - 1)))
    }

    /// What the head of a definition says: of which type it gives something, and what it is made from.
    fn heads(&mut self, named: Node<'_>) {
        if !matches!(self.language, Language::Rust | Language::Python) {
            return;
        }
        let Some(name) = named.child_by_field_name("name") else { return };
        if let Some(given) = named.child_by_field_name("return_type") {
            let target = format!("{}()", self.of(name));
            let of_type = self.clipped(given.byte_range());
            self.bind(target, &name, (String::new(), 0..0), of_type);
        }
        if let Some(bases) = named.child_by_field_name("superclasses") {
            let mut cursor = bases.walk();
            let paths = bases
                .named_children(&mut cursor)
                .filter(|base| matches!(base.kind(), "identifier" | "attribute" | "subscript"));
            let span = named.start_byte()..bases.end_byte();
            let paths = paths.map(|base| (dotted(self.of(base)), span.clone()));
            self.source.bases.extend(paths.collect::<Vec<_>>());
        }
    }

    /// A name that stands for something without a value being given to it.
    fn bind(
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

    /// What a block is given in Ruby: `redis.pipelined do |pipe|`.
    fn block(&mut self, block: Node<'_>, callee: &str, before: Range<usize>) {
        let given = block.child_by_field_name("parameters").and_then(|all| all.named_child(0));
        let Some(given) = given.filter(|given| given.kind() == "identifier") else { return };
        let method = last(callee);
        // What is locked is told to the block, and not who locks.
        if known::derives(method) && !matches!(method, "lock" | "get" | "then" | "use") {
            let target = self.of(given).to_owned();
            self.bind(target, &given, (format!("{callee}()"), before), String::new());
        }
    }

    /// What a method gives is of its type: `public function connection(): \Redis`.
    fn gives(&mut self, node: Node<'_>, name: &str) {
        let field = match self.language {
            Language::Java => "type",
            Language::CSharp => "returns",
            Language::Php => "return_type",
            _ => return,
        };
        let Some(of_type) = node.child_by_field_name(field).filter(|_| !name.is_empty()) else {
            return;
        };
        let given = self.clipped(of_type.byte_range());
        self.bind(format!("{name}()"), &of_type, (String::new(), 0..0), given);
    }

    /// A name that is given to a value. One of the whole file is a definition as well.
    fn binding(&mut self, node: Node<'_>, inside: Inside, is_part: bool) -> Inside {
        let Some(parts) = parts(node) else { return inside };
        let written = self.of(parts.target).split(',').next().unwrap_or_default();
        let mut target = dotted(written);
        // `app.config["CACHE_TYPE"]` is about what the key names.
        if let Some((_, key)) = written.split_once('[').filter(|_| target.ends_with("[]")) {
            target = unquoted(key.trim_end_matches(']')).to_owned();
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
            Some((self.define(&target, node.byte_range(), false), None))
        } else {
            inside
        }
    }

    fn call(&mut self, node: Node<'_>) {
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
        let written = self.slice(node.start_byte()..end).trim();
        // Whoever chains calls over a whole file gets its end.
        let written = written.get(written.len().saturating_sub(4096)..).unwrap_or(written);
        let (written, is_new) = if let Some(rest) = written.strip_prefix("new ") {
            (rest, true)
        } else {
            let kind = node.kind();
            (written, kind.ends_with("creation_expression") || kind == "composite_literal")
        };
        let path = dotted(written.trim_end_matches(['!', ' ']));
        let callee = unowned(&path);
        let name = last(callee);
        let at = self.slice(node.start_byte()..end).rfind(name).unwrap_or(0);
        if let Some(block) = block.filter(|_| self.language == Language::Ruby) {
            self.block(block, clip_start(callee, LONGEST), node.start_byte()..end);
        }
        self.source.calls.push(Call {
            callee: clip_start(callee, LONGEST).to_owned(),
            is_rooted: self.is_rooted(written),
            span: node.byte_range(),
            at: node.start_byte() + at,
            is_new,
            arguments: arguments.map(|arguments| self.arguments(arguments)).unwrap_or_default(),
        });
    }

    /// `redis::Client` begins with a crate, and `redis.get` with a value; `\Redis` is nobody's own.
    fn is_rooted(&self, written: &str) -> bool {
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
        let is_test = ["#[cfg(test)]", "#[cfg(any(test", "#[cfg(all(test", "#[test]"]
            .iter()
            .any(|test| squeezed.starts_with(test))
            || squeezed.ends_with("::test]");
        if !is_test || self.language != Language::Rust {
            return;
        }
        let mut next = node.next_named_sibling();
        while let Some(item) = next.filter(|item| item.kind() == "attribute_item") {
            next = item.next_named_sibling();
        }
        self.source.tests.extend(next.map(|item| item.byte_range()));
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

/// A path with dots: generics, arguments and signs of languages taken out.
pub(super) fn dotted(text: &str) -> String {
    let mut path = String::with_capacity(text.len().min(LONGEST));
    let text = text.trim();
    let text = text.strip_prefix("await ").or_else(|| text.strip_prefix("new ")).unwrap_or(text);
    let mut open: Vec<u8> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &text[at..];
        if let Some(last) = open.last() {
            match byte {
                b'(' | b'[' | b'{' => open.push(byte),
                b'<' if *last == b'<' => open.push(byte),
                b')' | b']' | b'}' => _ = open.pop(),
                b'>' if *last == b'<' => _ = open.pop(),
                _ => {}
            }
            at += 1;
            while at < bytes.len() && !text.is_char_boundary(at) {
                at += 1;
            }
            continue;
        }
        let sign = ["?->", "!!.", "->", "::", "?.", "!.", "&."]
            .into_iter()
            .find(|sign| rest.starts_with(sign));
        if let Some(sign) = sign {
            path.push('.');
            at += sign.len();
            continue;
        }
        let c = rest.chars().next().unwrap_or_default();
        match c {
            '(' => path.push_str("()"),
            '[' => path.push_str("[]"),
            '{' => path.push_str("{}"),
            '\\' if !path.is_empty() => path.push('.'),
            '$' | '@' | '&' | '*' | '\\' | '?' => {}
            c if c.is_whitespace() || c == '<' => {}
            c => path.push(c),
        }
        if matches!(byte, b'(' | b'[' | b'{' | b'<') {
            open.push(byte);
        }
        at += c.len_utf8();
    }
    while path.contains("..") {
        path = path.replace("..", ".");
    }
    path.trim_matches('.').to_owned()
}

/// Without what says that something is the object's own.
pub(super) fn unowned(path: &str) -> &str {
    ["self.", "this.", "cls."].iter().find_map(|own| path.strip_prefix(own)).unwrap_or(path)
}

/// The last name of a path with dots.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn last_two(path: &str) -> &str {
    let mut dots = path.rmatch_indices('.').map(|(at, _)| at + 1);
    dots.nth(1).map_or(path, |at| &path[at..])
}

/// What stands between quotes.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let start = text.find(['"', '\'', '`']);
    match start {
        // What stands before the quotes says how to read them: `f"…"`, `r#"…"#`, `$@"…"`, `%q`.
        Some(at) if at <= 3 => text[at..].trim_matches(['"', '\'', '`', '#']),
        _ => text.trim_start_matches(':'),
    }
}

pub(super) fn clip(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn clip_start(text: &str, longest: usize) -> &str {
    let mut start = text.len().saturating_sub(longest);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}
