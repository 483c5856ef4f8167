//! One walk through a module's syntax: requests, scans of folders, variables, and names by which it takes what it does not import.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use aho_corasick::AhoCorasick;
use oxc_ast::ast::{
    Argument, BinaryExpression, BindingPattern, CallExpression, ComputedMemberExpression,
    Decorator, ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration,
    ExportFromDeclaration, ExportNamedDeclaration, ExportSpecifier, Expression,
    ExpressionStatement, ImportDeclaration, ImportDeclarationSpecifier, ImportExpression,
    ImportOrExportKind, ModuleExportName, NewExpression, ObjectExpression, ObjectPattern,
    ObjectProperty, PropertyDefinition, StaticMemberExpression, StringLiteral, TSExportAssignment,
    TSExternalModuleReference, TSImportType, TSImportTypeQualifier, TemplateLiteral,
    VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};

mod load;

use self::load::{call_of_module, names_of_pattern, unbound};
use super::{
    binding::root_identifier,
    folder::{constant_start_of_call, is_join},
    infrastructure,
    knowledge::knowledge,
    known::imported,
    lint, option,
    read::Module,
    request::{ALL, Asked, Manner, Requests},
    token::{asks_container, token_name},
    variable,
};
use crate::finding::{Sighting, Store};

/// What a walk has met.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are facts, each by itself")]
pub(super) struct Reader {
    pub(super) asked: Vec<Asked>,
    pub(super) reached_by: Vec<String>,
    pub(super) scans: Vec<String>,
    /// Folders that paths are joined to: scanned where a scan names none.
    pub(super) joined: Vec<String>,
    /// Names that a call of `require` is destructured into, by where the call stands.
    pub(super) wanted: HashMap<u32, Vec<String>>,
    /// The call that is a statement by itself: nothing is taken of what it gives.
    pub(super) unbound: Option<u32>,
    /// Names that are bound to texts, to functions like `require`, to the module's own folder.
    pub(super) constants: HashMap<String, String>,
    pub(super) requires: Vec<String>,
    pub(super) own_folders: Vec<String>,
    /// The file configures a linter, tests, or another framework.
    pub(super) is_lint: bool,
    pub(super) is_of_tests: bool,
    pub(super) starts_programs: bool,
    pub(super) is_configuration: bool,
    /// The keys from the outermost object to what is walked.
    pub(super) way: Vec<String>,
    /// Names that are imported from packages of the catalogue, and how many calls of them are around: these are told as calls.
    pub(super) catalogued: HashSet<String>,
    pub(super) calls_around: usize,
    /// It lists a folder, and loads modules whose names are made when it runs.
    pub(super) is_scanning: bool,
    pub(super) loads_anything: bool,
    pub(super) has_exports: bool,
    pub(super) has_connection: bool,
    pub(super) start: u32,
    pub(super) sightings: Vec<Sighting>,
    /// Properties that set a variable, by where they stand.
    pub(super) set: HashSet<u32>,
    /// Names of packages that declare servers of a store.
    pub(super) declarers: HashMap<String, Store>,
}

impl Reader {
    pub(super) fn finish(mut self) -> Module {
        self.reached_by.sort_unstable();
        self.reached_by.dedup();
        if self.is_scanning && self.loads_anything {
            self.scans.append(&mut self.joined);
            if self.scans.is_empty() {
                self.scans.push(String::new());
            }
        }
        Module {
            requests: Requests::new(self.asked),
            reached_by: self.reached_by.join("\0").into(),
            scans: self.scans.into(),
            has_exports: self.has_exports,
            has_connection: self.has_connection,
            start: self.start,
            sightings: self.sightings,
        }
    }

    /// Whether a callee is of a package of the catalogue.
    fn is_catalogued(&self, callee: &Expression<'_>) -> bool {
        root_identifier(callee).is_some_and(|root| self.catalogued.contains(root.name.as_str()))
    }

    fn reach(&mut self, name: &str) {
        self.reached_by.push(name.to_owned());
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        let Some(specifiers) = &import.specifiers else {
            return self.ask(&import.source.value, Vec::new(), import.span, Manner::Effects);
        };
        if import.source.value.contains("env") {
            for specifier in specifiers {
                let name = specifier.name();
                self.sightings
                    .extend(variable::pattern_key(&name, oxc_span::GetSpan::span(specifier)));
            }
        }
        self.declarers.extend(infrastructure::declarers(import));
        if imported(&import.source.value).is_some() {
            self.catalogued.extend(specifiers.iter().map(|one| one.name().to_string()));
        }
        let mut is_type = import.import_kind == ImportOrExportKind::Type;
        let mut only_types = !specifiers.is_empty();
        let mut names = Vec::with_capacity(specifiers.len());
        for specifier in specifiers {
            only_types &= matches!(
                specifier,
                ImportDeclarationSpecifier::ImportSpecifier(one)
                    if one.import_kind == ImportOrExportKind::Type
            );
            names.push(match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => export_name(&one.imported),
                ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => "default".to_owned(),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => ALL.to_owned(),
            });
        }
        is_type |= only_types;
        let manner = if is_type { Manner::Type } else { Manner::Value };
        self.ask(&import.source.value, names, import.span, manner);
    }

    fn visit_export_from_declaration(&mut self, export: &ExportFromDeclaration<'a>) {
        self.has_exports = true;
        let names =
            export.specifiers.iter().map(|one: &ExportSpecifier<'_>| export_name(&one.local));
        let is_type = export.export_kind == ImportOrExportKind::Type;
        let manner = if is_type { Manner::Type } else { Manner::Forward };
        self.ask(&export.source.value, names.collect(), export.span, manner);
    }

    fn visit_export_all_declaration(&mut self, export: &ExportAllDeclaration<'a>) {
        self.has_exports = true;
        let is_type = export.export_kind == ImportOrExportKind::Type;
        let manner = if is_type { Manner::Type } else { Manner::Forward };
        self.ask(&export.source.value, vec![ALL.to_owned()], export.span, manner);
    }

    fn visit_export_declaration(&mut self, export: &ExportDeclaration<'a>) {
        self.has_exports = true;
        walk::walk_export_declaration(self, export);
    }

    fn visit_export_named_declaration(&mut self, export: &ExportNamedDeclaration<'a>) {
        self.has_exports |= !export.specifiers.is_empty();
    }

    fn visit_export_default_declaration(&mut self, export: &ExportDefaultDeclaration<'a>) {
        self.has_exports = true;
        walk::walk_export_default_declaration(self, export);
    }

    fn visit_ts_export_assignment(&mut self, export: &TSExportAssignment<'a>) {
        self.has_exports = true;
        walk::walk_ts_export_assignment(self, export);
    }

    fn visit_ts_external_module_reference(&mut self, reference: &TSExternalModuleReference<'a>) {
        let names = vec![ALL.to_owned()];
        self.ask(&reference.expression.value, names, reference.span, Manner::Value);
    }

    fn visit_ts_import_type(&mut self, import: &TSImportType<'a>) {
        let name = match &import.qualifier {
            Some(TSImportTypeQualifier::Identifier(name)) => name.name.to_string(),
            _ => ALL.to_owned(),
        };
        self.ask(&import.source.value, vec![name], import.span, Manner::Type);
        walk::walk_ts_import_type(self, import);
    }

    fn visit_expression_statement(&mut self, statement: &ExpressionStatement<'a>) {
        self.unbound = unbound(&statement.expression);
        walk::walk_expression_statement(self, statement);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        self.ask_call(&import.source, import.span);
        if !matches!(import.source, Expression::StringLiteral(_)) {
            walk::walk_import_expression(self, import);
        }
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if let Some(init) = &declarator.init
            && let Some(start) = call_of_module(init)
            && let Some(names) = names_of_pattern(&declarator.id)
        {
            self.wanted.insert(start, names);
        }
        if let Some(Expression::StaticMemberExpression(member)) =
            declarator.init.as_ref().map(Expression::get_inner_expression)
            && let Some(start) = call_of_module(&member.object)
        {
            self.wanted.insert(start, vec![member.property.name.to_string()]);
        }
        if let (Some(init), BindingPattern::BindingIdentifier(name)) =
            (&declarator.init, &declarator.id)
        {
            let starts = self.starts_programs;
            for (at, sighting) in infrastructure::kept_environment(&name.name, init, starts) {
                self.set.insert(at);
                self.sightings.push(sighting);
            }
            let is_object = matches!(init.get_inner_expression(), Expression::ObjectExpression(_));
            self.has_connection |= is_object && knowledge().names_connection(&name.name);
            let name = || name.name.to_string();
            match init.get_inner_expression() {
                Expression::StringLiteral(text)
                    if text.value.len() < 80 && !text.value.contains(' ') =>
                {
                    self.constants.insert(name(), text.value.to_string());
                }
                Expression::CallExpression(call) => match variable::last_name(&call.callee) {
                    Some("createRequire") => self.requires.push(name()),
                    Some("dirname" | "fileURLToPath") => self.own_folders.push(name()),
                    _ => {}
                },
                _ => {}
            }
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let name = variable::last_name(&call.callee).unwrap_or_default();
        let first = call.arguments.first().and_then(Argument::as_expression);
        let is_plain = matches!(&call.callee, Expression::Identifier(_));
        let requires = matches!(name, "require" | "__require" | "requireModule" | "nodeRequire")
            || self.requires.iter().any(|known| known == name);
        match (name, first) {
            (_, Some(source)) if is_plain && requires => {
                self.ask_call(source, call.span);
                if let Expression::StringLiteral(_) = source {
                    return;
                }
            }
            (
                "mock" | "doMock" | "unmock" | "setMock" | "requireActual" | "importActual"
                | "requireMock" | "module",
                Some(Expression::StringLiteral(text)),
            ) if !is_plain => {
                self.ask(&text.value, Vec::new(), call.span, Manner::Mock);
            }
            ("resolve", Some(Expression::StringLiteral(text))) => {
                let of_require = matches!(
                    &call.callee,
                    Expression::StaticMemberExpression(member)
                        if member.object.is_specific_id("require")
                );
                if of_require {
                    self.ask(&text.value, Vec::new(), call.span, Manner::Path);
                }
            }
            _ => {}
        }
        if let Expression::StaticMemberExpression(method) = &call.callee {
            let method_name = method.property.name.as_str();
            if knowledge().methods.contains(method_name)
                && let Expression::StaticMemberExpression(member) =
                    method.object.get_inner_expression()
            {
                self.reach(&member.property.name);
            }
        }
        if is_plain && (name.starts_with("use") || is_telling(name)) {
            self.reach(&format!("(){name}"));
        }
        if let Some(token) = first.and_then(token_name)
            && asks_container(name)
            && call.arguments.len() == 1
        {
            self.reach(&format!("={token}"));
        }
        let mut given = call
            .arguments
            .iter()
            .filter_map(Argument::as_expression)
            .filter_map(variable::last_name);
        if given.any(|given| given.to_lowercase().contains("autoload")) {
            (self.is_scanning, self.loads_anything) = (true, true);
        }
        if is_join(call) {
            let folder = constant_start_of_call(call, &self.own_folders);
            if folder.starts_with('.') && folder.len() > 1 {
                self.joined.push(folder);
            }
        }
        self.scan(name, call);
        self.sightings.extend(variable::call(call));
        let is_told = self.is_catalogued(&call.callee);
        self.calls_around += usize::from(is_told);
        walk::walk_call_expression(self, call);
        self.calls_around -= usize::from(is_told);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.sightings.extend(infrastructure::resource(new, &self.declarers));
        let is_told = self.is_catalogued(&new.callee);
        self.calls_around += usize::from(is_told);
        walk::walk_new_expression(self, new);
        self.calls_around -= usize::from(is_told);
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        // `@IsString() REDIS_URL: string` of a class by which variables are checked.
        if let (Some(name), false) = (property.key.static_name(), property.decorators.is_empty()) {
            let span = oxc_span::GetSpan::span(&property.key);
            self.sightings.extend(variable::pattern_key(&name, span));
        }
        walk::walk_property_definition(self, property);
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        let name = member.property.name.as_str();
        self.sightings.extend(variable::property(&member.object, name, member.property.span));
        if matches!(&member.object, Expression::Identifier(object)
            if object.name == "exports" || object.name == "module" && name == "exports")
        {
            self.has_exports = true;
        }
        if is_telling(name) {
            self.reach(name);
        }
        walk::walk_static_member_expression(self, member);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        self.sightings.extend(variable::is_there(binary));
        walk::walk_binary_expression(self, binary);
    }

    fn visit_computed_member_expression(&mut self, member: &ComputedMemberExpression<'a>) {
        if let Some(name) = constant(&member.expression) {
            let span = oxc_span::GetSpan::span(&member.expression);
            self.sightings.extend(variable::property(&member.object, &name, span));
        }
        walk::walk_computed_member_expression(self, member);
    }

    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        for (at, sighting) in infrastructure::environment(property) {
            self.set.insert(at);
            self.sightings.push(sighting);
        }
        if !self.set.contains(&property.span.start) {
            self.sightings.extend(variable::schema_key(property));
        }
        if self.is_lint {
            self.sightings.extend(lint::banned(property));
        }
        if self.is_of_tests {
            self.sightings.extend(option::replaced(property));
        }
        if self.is_configuration {
            self.sightings.extend(option::of_list(property));
        }
        self.sightings.extend(option::named_variable(property));
        self.way.push(property.key.static_name().unwrap_or_default().into_owned());
        walk::walk_object_property(self, property);
        self.way.pop();
    }

    fn visit_object_expression(&mut self, object: &ObjectExpression<'a>) {
        self.sightings.extend(infrastructure::named_variable(object));
        if self.calls_around == 0 {
            let found = option::of_object(object, &self.way, self.is_configuration);
            self.sightings.extend(found);
        }
        walk::walk_object_expression(self, object);
    }

    fn visit_object_pattern(&mut self, pattern: &ObjectPattern<'a>) {
        for property in &pattern.properties {
            if let Some(name) = property.key.static_name() {
                let span = oxc_span::GetSpan::span(&property.key);
                self.sightings.extend(variable::pattern_key(&name, span));
                if is_telling(&name) {
                    self.reach(&name);
                }
            }
        }
        walk::walk_object_pattern(self, pattern);
    }

    fn visit_array_expression(&mut self, array: &oxc_ast::ast::ArrayExpression<'a>) {
        self.sightings.extend(variable::list(array));
        walk::walk_array_expression(self, array);
    }

    fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
        if let Expression::CallExpression(call) = &decorator.expression
            && variable::last_name(&call.callee)
                .is_some_and(|name| name.eq_ignore_ascii_case("inject"))
        {
            match call.arguments.first() {
                Some(Argument::StringLiteral(token)) => self.reach(&format!("@{}", token.value)),
                Some(other) => {
                    if let Some(name) = other.as_expression().and_then(variable::last_name) {
                        self.reach(&format!("@{name}"));
                    }
                }
                None => {}
            }
        }
        walk::walk_decorator(self, decorator);
    }

    fn visit_string_literal(&mut self, text: &StringLiteral<'a>) {
        let value = text.value.as_str();
        self.sightings.extend(variable::address(value, text.span));
        if is_path(value) && imported(value).is_none() {
            self.ask(value, Vec::new(), text.span, Manner::Path);
        }
    }

    fn visit_template_literal(&mut self, template: &TemplateLiteral<'a>) {
        let start = template.quasis.first().map_or("", |quasi| quasi.value.raw.as_str());
        let next = if template.expressions.is_empty() { "" } else { "${}" };
        self.sightings.extend(variable::address(&format!("{start}{next}"), template.span));
        walk::walk_template_literal(self, template);
    }
}

/// A text that is known before the module runs.
fn constant(expression: &Expression<'_>) -> Option<String> {
    match expression {
        Expression::StringLiteral(text) => Some(text.value.to_string()),
        Expression::TemplateLiteral(template) => Some(template.single_quasi()?.to_string()),
        _ => None,
    }
}

fn export_name(name: &ModuleExportName<'_>) -> String {
    name.name().to_string()
}

/// A string that names a file of code of this tree.
fn is_path(text: &str) -> bool {
    const CODE: &[&str] = &[".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx"];
    text.len() < 200
        && !text.contains(['\n', ' ', '*', '('])
        && !text.contains("://")
        && (text.starts_with("./") && text.len() > 2
            || text.starts_with("../")
            || CODE.iter().any(|ending| text.ends_with(ending)) && text.len() > 3)
}

/// Words of the names under which clients are put on servers, requests and contexts.
static TELLING: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "redis",
        "valkey",
        "queue",
        "cache",
        "limiter",
        "store",
        "session",
        "kv",
        "mongo",
        "db",
        "pub",
        "sub",
        "lock",
        "bull",
        "connection",
        "client",
        "conn",
    ];
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(words).expect("the words are few")
});

fn is_telling(name: &str) -> bool {
    name.len() < 40 && TELLING.is_match(name)
}
