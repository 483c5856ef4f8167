//! The languages: how their files are named, their grammars, and which kinds of nodes say what.

use std::{collections::HashMap, sync::LazyLock};

use crate::{catalogue::Ecosystem, file::File};

/// A language that tree-sitter reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    Python,
    Go,
    Rust,
    Ruby,
    Java,
    Kotlin,
    Php,
    CSharp,
}

impl Language {
    pub(super) const ALL: [Self; 8] = [
        Self::Python,
        Self::Go,
        Self::Rust,
        Self::Ruby,
        Self::Java,
        Self::Kotlin,
        Self::Php,
        Self::CSharp,
    ];

    /// By the file's name.
    pub(super) fn of(file: &File) -> Option<Self> {
        Some(match file.extension() {
            "py" | "pyi" | "pyw" => Self::Python,
            "go" => Self::Go,
            "rs" => Self::Rust,
            "rb" | "rake" | "ru" | "gemspec" | "Rakefile" | "Capfile" => Self::Ruby,
            "java" => Self::Java,
            "kt" | "kts" => Self::Kotlin,
            "php" | "phtml" => Self::Php,
            "cs" => Self::CSharp,
            _ => return Self::of_script(file.interpreter()?),
        })
    }

    /// By the program that runs a script.
    fn of_script(interpreter: &str) -> Option<Self> {
        match interpreter {
            "python" => Some(Self::Python),
            "ruby" => Some(Self::Ruby),
            "php" => Some(Self::Php),
            _ => None,
        }
    }

    pub(super) fn ecosystem(self) -> Ecosystem {
        match self {
            Self::Python => Ecosystem::Pypi,
            Self::Go => Ecosystem::Go,
            Self::Rust => Ecosystem::Cargo,
            Self::Ruby => Ecosystem::Gem,
            Self::Java | Self::Kotlin => Ecosystem::Maven,
            Self::Php => Ecosystem::Packagist,
            Self::CSharp => Ecosystem::Nuget,
        }
    }

    /// Whether two languages see each other's definitions.
    pub(super) fn speaks_to(self, other: Self) -> bool {
        self.ecosystem() == other.ecosystem()
    }

    /// Whether names are found by what they are called alone, wherever they stand.
    pub(super) fn loads_by_name(self) -> bool {
        matches!(self, Self::Ruby)
    }

    /// Whether a file says by its path which other it takes in.
    pub(super) fn loads_files(self) -> bool {
        matches!(self, Self::Ruby | Self::Php)
    }

    /// Whether a class is seen by others through its namespace, and not through its file.
    pub(super) fn has_namespaces(self) -> bool {
        matches!(self, Self::Java | Self::Kotlin | Self::Php | Self::CSharp)
    }

    pub(super) fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::Go => tree_sitter_go::LANGUAGE.into(),
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
            Self::Ruby => tree_sitter_ruby::LANGUAGE.into(),
            Self::Java => tree_sitter_java::LANGUAGE.into(),
            Self::Kotlin => tree_sitter_kotlin_ng::LANGUAGE.into(),
            Self::Php => tree_sitter_php::LANGUAGE_PHP.into(),
            Self::CSharp => tree_sitter_c_sharp::LANGUAGE.into(),
        }
    }

    /// What nodes say, by the numbers of their kinds.
    pub(super) fn says(self) -> &'static [Says] {
        static TABLES: LazyLock<HashMap<Language, Vec<Says>>> = LazyLock::new(|| {
            Language::ALL.iter().map(|&language| (language, language.numbered())).collect()
        });
        &TABLES[&self]
    }

    fn numbered(self) -> Vec<Says> {
        let grammar = self.grammar();
        let kinds = 0..u16::try_from(grammar.node_kind_count()).unwrap_or(u16::MAX);
        let said = |kind: &str| {
            let tables = COMMON.iter().chain(self.own());
            tables.into_iter().find(|(kinds, _)| kinds.contains(&kind)).map(|(_, says)| *says)
        };
        kinds
            .map(|id| {
                let kind = grammar.node_kind_for_id(id).filter(|_| grammar.node_kind_is_named(id));
                kind.and_then(said).unwrap_or(Says::Nothing)
            })
            .collect()
    }

    fn own(self) -> Table {
        match self {
            Self::Python => PYTHON,
            Self::Go => GO,
            Self::Rust => RUST,
            Self::Ruby => RUBY,
            Self::Java => JAVA,
            Self::Kotlin => KOTLIN,
            Self::Php => PHP,
            Self::CSharp => C_SHARP,
        }
    }
}

/// What a node says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing by itself; what is in it may.
    Nothing,
    /// It is for people.
    Comment,
    /// A module or a name of one is taken in.
    Import,
    /// The package or the namespace of the file.
    Namespace,
    /// A name is given to code or to a type that others may use.
    Definition,
    /// A name is given to code of a class.
    Member,
    /// A name is given to a value.
    Binding,
    /// A name is given to a value within a literal or a call: `key: value`.
    Pair,
    /// A name has a type.
    Typed,
    /// A function, a constructor or a macro is called.
    Call,
    /// A name is given to one of many after another.
    Each,
    /// Something is taken out by its key.
    Subscript,
    /// A text.
    Text,
    /// A name.
    Name,
    /// A name with what it is in: `Redis::Client`.
    Path,
    /// An annotation or an attribute.
    Mark,
    /// What a macro is given or is made of, without a grammar.
    Tokens,
}

type Table = &'static [(&'static [&'static str], Says)];

const COMMON: Table = &[
    (&["comment", "line_comment", "block_comment", "doc_comment"], Says::Comment),
    (&["identifier", "type_identifier", "field_identifier", "package_identifier"], Says::Name),
];

const PYTHON: Table = &[
    (&["import_statement", "import_from_statement"], Says::Import),
    (&["function_definition", "class_definition", "decorated_definition"], Says::Definition),
    (&["assignment", "named_expression", "as_pattern"], Says::Binding),
    (&["typed_parameter", "typed_default_parameter"], Says::Typed),
    (&["pair", "keyword_argument"], Says::Pair),
    (&["call"], Says::Call),
    (&["for_statement", "for_in_clause"], Says::Each),
    (&["subscript"], Says::Subscript),
    (&["string"], Says::Text),
    (&["decorator"], Says::Mark),
];

const GO: Table = &[
    (&["import_spec"], Says::Import),
    (&["package_clause"], Says::Namespace),
    (&["function_declaration", "method_declaration", "type_spec", "type_alias"], Says::Definition),
    (&["short_var_declaration", "assignment_statement", "var_spec", "const_spec"], Says::Binding),
    (&["parameter_declaration", "field_declaration"], Says::Typed),
    (&["range_clause"], Says::Each),
    (&["keyed_element"], Says::Pair),
    (&["call_expression", "composite_literal"], Says::Call),
    (&["interpreted_string_literal", "raw_string_literal"], Says::Text),
];

const RUST: Table = &[
    (&["use_declaration", "extern_crate_declaration"], Says::Import),
    (
        &[
            "function_item",
            "struct_item",
            "enum_item",
            "union_item",
            "trait_item",
            "type_item",
            "impl_item",
            "macro_definition",
            "static_item",
            "const_item",
        ],
        Says::Definition,
    ),
    (&["let_declaration", "assignment_expression", "let_condition", "match_arm"], Says::Binding),
    (&["parameter", "field_declaration"], Says::Typed),
    (&["field_initializer"], Says::Pair),
    (&["for_expression"], Says::Each),
    (&["call_expression", "macro_invocation"], Says::Call),
    (&["string_literal", "raw_string_literal"], Says::Text),
    (&["attribute_item", "inner_attribute_item"], Says::Mark),
    (&["shorthand_field_identifier"], Says::Name),
    (&["scoped_identifier", "scoped_type_identifier"], Says::Path),
    (&["token_tree", "token_repetition"], Says::Tokens),
];

const RUBY: Table = &[
    (&["class", "module", "method", "singleton_method"], Says::Definition),
    (&["assignment", "operator_assignment"], Says::Binding),
    (&["pair"], Says::Pair),
    (&["call"], Says::Call),
    (&["element_reference"], Says::Subscript),
    (&["string", "simple_symbol", "heredoc_body"], Says::Text),
    (&["scope_resolution", "constant"], Says::Path),
    (&["instance_variable", "global_variable", "class_variable"], Says::Name),
];

const JAVA: Table = &[
    (&["import_declaration"], Says::Import),
    (&["package_declaration"], Says::Namespace),
    (
        &[
            "class_declaration",
            "interface_declaration",
            "enum_declaration",
            "record_declaration",
            "annotation_type_declaration",
        ],
        Says::Definition,
    ),
    (
        &["local_variable_declaration", "field_declaration", "assignment_expression", "resource"],
        Says::Binding,
    ),
    (&["method_declaration", "constructor_declaration"], Says::Member),
    (&["formal_parameter"], Says::Typed),
    (&["method_invocation", "object_creation_expression"], Says::Call),
    (&["string_literal"], Says::Text),
    (&["scoped_type_identifier"], Says::Path),
    (&["annotation", "marker_annotation"], Says::Mark),
];

const KOTLIN: Table = &[
    (&["import"], Says::Import),
    (&["package_header"], Says::Namespace),
    (&["class_declaration", "object_declaration", "function_declaration"], Says::Definition),
    (&["property_declaration", "assignment"], Says::Binding),
    (&["class_parameter", "parameter"], Says::Typed),
    (&["call_expression"], Says::Call),
    (&["string_literal", "multiline_string_literal"], Says::Text),
    (&["annotation"], Says::Mark),
];

const PHP: Table = &[
    (
        &[
            "namespace_use_declaration",
            "require_expression",
            "require_once_expression",
            "include_expression",
            "include_once_expression",
        ],
        Says::Import,
    ),
    (&["namespace_definition"], Says::Namespace),
    (
        &[
            "class_declaration",
            "interface_declaration",
            "trait_declaration",
            "enum_declaration",
            "function_definition",
        ],
        Says::Definition,
    ),
    (&["assignment_expression"], Says::Binding),
    (&["method_declaration"], Says::Member),
    (&["simple_parameter", "property_promotion_parameter", "property_declaration"], Says::Typed),
    (&["array_element_initializer"], Says::Pair),
    (
        &[
            "function_call_expression",
            "member_call_expression",
            "nullsafe_member_call_expression",
            "scoped_call_expression",
            "object_creation_expression",
        ],
        Says::Call,
    ),
    (&["subscript_expression"], Says::Subscript),
    (&["string", "encapsed_string"], Says::Text),
    (&["qualified_name"], Says::Path),
    (&["name"], Says::Name),
    (&["attribute_list"], Says::Mark),
];

const C_SHARP: Table = &[
    (&["using_directive"], Says::Import),
    (&["namespace_declaration", "file_scoped_namespace_declaration"], Says::Namespace),
    (
        &[
            "class_declaration",
            "interface_declaration",
            "struct_declaration",
            "record_declaration",
            "enum_declaration",
        ],
        Says::Definition,
    ),
    (&["method_declaration", "constructor_declaration"], Says::Member),
    (&["variable_declaration", "assignment_expression"], Says::Binding),
    (&["parameter", "property_declaration"], Says::Typed),
    (
        &[
            "invocation_expression",
            "object_creation_expression",
            "implicit_object_creation_expression",
        ],
        Says::Call,
    ),
    (&["element_access_expression"], Says::Subscript),
    (
        &[
            "string_literal",
            "verbatim_string_literal",
            "raw_string_literal",
            "interpolated_string_expression",
        ],
        Says::Text,
    ),
    (&["qualified_name"], Says::Path),
    (&["attribute"], Says::Mark),
];
