//! Reads the facts of a module.

use std::{ops::Range, path::Path};

use oxc_allocator::Allocator;
use oxc_ast::{AstKind, ast};
use oxc_parser::Parser;
use oxc_semantic::{Semantic, SemanticBuilder};
use oxc_span::{GetSpan, SourceType, Span};
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::facts::{
    Argument, Attendant, AttendantPlace, Construct, Declared, Effect, Export, ExportPlace, Facts,
    Form, Import, Imported, Init, Item, Object, Property, Statement, Symbol, Variable,
};
use crate::{
    catalogue::{self, Ecosystem, Role},
    finding::Store,
};

/// Methods by which a client is only attended to: nothing is asked of Redis for the program's own sake.
const ATTENDING: &[&str] = &[
    "on",
    "once",
    "off",
    "addListener",
    "removeListener",
    "removeAllListeners",
    "setMaxListeners",
    "connect",
    "quit",
    "disconnect",
    "close",
    "destroy",
    "end",
    "unref",
    "ref",
];

/// What may follow in a chain.
const FOLLOWING: &[&str] = &["then", "catch", "finally"];

/// Calls that do nothing but compute.
const COMPUTING: &[&str] = &[
    "Number",
    "String",
    "Boolean",
    "Error",
    "TypeError",
    "RangeError",
    "parseInt",
    "parseFloat",
    "BigInt",
    "URL",
    "Map",
    "Set",
    "Object.freeze",
    "Object.assign",
    "JSON.parse",
    "JSON.stringify",
    "Number.parseInt",
    "Number.parseFloat",
    "Math.min",
    "Math.max",
];

/// Methods of values that do nothing but compute.
const COMPUTING_METHODS: &[&str] = &[
    "trim",
    "split",
    "replace",
    "replaceAll",
    "toLowerCase",
    "toUpperCase",
    "toString",
    "slice",
    "startsWith",
    "endsWith",
    "includes",
    "map",
    "filter",
    "join",
    "concat",
];

/// Whether a package is a client of Redis.
pub(super) fn is_client(source: &str) -> bool {
    catalogue::package(Ecosystem::Npm, source)
        .is_some_and(|package| package.role == Role::Client && package.store == Store::Redis)
}

/// Reads a module; the reason if it is none.
pub(super) fn read(path: &str, text: &str) -> Result<Facts, String> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let allocator = Allocator::default();
    let source_type = SourceType::from_path(Path::new(path))
        .map_err(|_| "it is no module of JavaScript".to_owned())?;
    let parsed = Parser::new(&allocator, &text[mark..], source_type).parse();
    if parsed.panicked || parsed.diagnostics.has_errors() {
        return Err("it has errors of syntax".to_owned());
    }
    let semantic = SemanticBuilder::new().with_build_nodes(true).build(&parsed.program).semantic;
    let mut reader = Reader { semantic: &semantic, text, mark, facts: Facts::default() };
    reader.facts.is_typescript = source_type.is_typescript();
    reader.statements(&parsed.program);
    reader.imports();
    reader.symbols();
    reader.nodes();
    Ok(reader.facts)
}

struct Reader<'s, 'a> {
    semantic: &'s Semantic<'a>,
    text: &'s str,
    /// The bytes of a byte order mark, which the parser is not shown.
    mark: usize,
    facts: Facts,
}

impl Reader<'_, '_> {
    fn range(&self, span: Span) -> Range<usize> {
        self.mark + span.start as usize..self.mark + span.end as usize
    }

    fn symbol(&self, name: &ast::IdentifierReference<'_>) -> Option<usize> {
        let reference = self.semantic.scoping().get_reference(name.reference_id.get()?);
        reference.symbol_id().map(SymbolId::index)
    }

    /// The symbol that an expression names.
    fn named(&self, expression: &ast::Expression<'_>) -> Option<(usize, usize)> {
        let ast::Expression::Identifier(name) = expression.get_inner_expression() else {
            return None;
        };
        Some((self.symbol(name)?, self.range(name.span).start))
    }

    /// The symbol that an expression names, or a member of which it names.
    fn root(&self, expression: &ast::Expression<'_>) -> Option<(usize, usize)> {
        match expression.get_inner_expression() {
            ast::Expression::StaticMemberExpression(member) => self.root(&member.object),
            other => self.named(other),
        }
    }

    fn statements(&mut self, program: &ast::Program<'_>) {
        let directives = program.directives.iter().map(|directive| (directive.span, true));
        let body = program.body.iter().map(|statement| {
            let is_inert = statement.is_declaration()
                && !matches!(statement, ast::Statement::VariableDeclaration(_))
                || statement.is_module_declaration()
                    && !matches!(statement, ast::Statement::ExportDeclaration(_));
            (statement.span(), is_inert)
        });
        let statements = directives.chain(body);
        let statements: Vec<_> = statements
            .map(|(span, is_inert)| Statement { span: self.range(span), is_inert })
            .collect();
        self.facts.statements = statements;
    }

    fn inside(&self, literal: &ast::StringLiteral<'_>) -> Range<usize> {
        let range = self.range(literal.span);
        range.start + 1..range.end.saturating_sub(1)
    }

    fn imports(&mut self) {
        for node in self.semantic.nodes().iter() {
            let import = match node.kind() {
                AstKind::ImportDeclaration(import) => self.import(import),
                AstKind::ExportFromDeclaration(export) => self.export_from(export),
                AstKind::ExportAllDeclaration(export) => {
                    let exported = export.exported.as_ref().map(|name| name.name().to_string());
                    let name = Imported {
                        span: self.range(export.span),
                        name: "*".to_owned(),
                        symbol: None,
                        is_type: false,
                        exported,
                        item: None,
                    };
                    self.asked(Form::All, export.span, &export.source, vec![name])
                }
                AstKind::TSImportType(import) => {
                    self.asked(Form::Type, import.span, &import.source, Vec::new())
                }
                AstKind::CallExpression(call) => {
                    let is_require = matches!(&call.callee, ast::Expression::Identifier(name)
                        if name.name == "require" && self.symbol(name).is_none());
                    match call.arguments.first() {
                        Some(ast::Argument::StringLiteral(source)) if is_require => {
                            self.bound(node.id(), call.span, source)
                        }
                        _ => continue,
                    }
                }
                AstKind::ImportExpression(import) => match &import.source {
                    ast::Expression::StringLiteral(source) => {
                        self.bound(node.id(), import.span, source)
                    }
                    _ => continue,
                },
                AstKind::TSExternalModuleReference(reference) => {
                    self.asked(Form::Other, reference.span, &reference.expression, Vec::new())
                }
                _ => continue,
            };
            self.facts.imports.push(import);
        }
    }

    fn asked(
        &self,
        form: Form,
        span: Span,
        source: &ast::StringLiteral<'_>,
        names: Vec<Imported>,
    ) -> Import {
        let (source_span, source) = (self.inside(source), source.value.to_string());
        Import { form, span: self.range(span), source, source_span, names, is_type: false }
    }

    fn import(&self, import: &ast::ImportDeclaration<'_>) -> Import {
        let Some(specifiers) = &import.specifiers else {
            return self.asked(Form::Bare, import.span, &import.source, Vec::new());
        };
        let is_named = |it: &&ast::ImportDeclarationSpecifier<'_>| {
            matches!(it, ast::ImportDeclarationSpecifier::ImportSpecifier(_))
        };
        let items: Vec<_> =
            specifiers.iter().filter(is_named).map(|it| self.range(it.span())).collect();
        let inner = self.braces(&items);
        let mut index = 0;
        let names = specifiers.iter().map(|specifier| {
            let is_named = is_named(&specifier);
            let (name, is_type) = match specifier {
                ast::ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    (it.imported.name().to_string(), it.import_kind.is_type())
                }
                ast::ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => {
                    ("default".to_owned(), false)
                }
                ast::ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => {
                    ("*".to_owned(), false)
                }
            };
            let item = is_named.then(|| Item { inner: inner.clone(), items: items.clone(), index });
            index += usize::from(is_named);
            let symbol = specifier.local().symbol_id.get().map(SymbolId::index);
            Imported {
                span: self.range(specifier.span()),
                name,
                symbol,
                is_type,
                exported: None,
                item,
            }
        });
        let names = names.collect();
        let mut asked = self.asked(Form::Import, import.span, &import.source, names);
        asked.is_type = import.import_kind.is_type();
        asked
    }

    /// What stands between the brackets around items.
    fn braces(&self, items: &[Range<usize>]) -> Range<usize> {
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return 0..0 };
        let start = self.text[..first.start].rfind(['{', '[']).map_or(first.start, |at| at + 1);
        let end = self.text[last.end..].find(['}', ']']).map_or(last.end, |at| last.end + at);
        start..end
    }

    fn export_from(&self, export: &ast::ExportFromDeclaration<'_>) -> Import {
        let items: Vec<_> = export.specifiers.iter().map(|it| self.range(it.span)).collect();
        let inner = self.braces(&items);
        let names = export.specifiers.iter().enumerate().map(|(index, it)| Imported {
            span: self.range(it.span),
            name: it.local.name().to_string(),
            symbol: None,
            is_type: it.export_kind.is_type(),
            exported: Some(it.exported.name().to_string()),
            item: Some(Item { inner: inner.clone(), items: items.clone(), index }),
        });
        let names = names.collect();
        let mut asked = self.asked(Form::ReExport, export.span, &export.source, names);
        asked.is_type = export.export_kind.is_type();
        asked
    }

    /// `const a = require()`, `const { a } = await import()`, or a call whose value goes elsewhere.
    fn bound(&self, call: NodeId, span: Span, source: &ast::StringLiteral<'_>) -> Import {
        let nodes = self.semantic.nodes();
        let through = |kind: &AstKind<'_>| {
            matches!(
                kind,
                AstKind::AwaitExpression(_)
                    | AstKind::ParenthesizedExpression(_)
                    | AstKind::TSAsExpression(_)
            )
        };
        let holder = nodes.ancestors(call).find(|node| !through(&node.kind()));
        let Some(AstKind::VariableDeclarator(declarator)) = holder.map(oxc_semantic::AstNode::kind)
        else {
            return self.asked(Form::Other, span, source, Vec::new());
        };
        let names = match &declarator.id {
            ast::BindingPattern::BindingIdentifier(name) => vec![Imported {
                span: self.range(name.span),
                name: "*".to_owned(),
                is_type: false,
                exported: None,
                item: None,
                symbol: name.symbol_id.get().map(SymbolId::index),
            }],
            ast::BindingPattern::ObjectPattern(pattern) if pattern.rest.is_none() => {
                let items: Vec<_> =
                    pattern.properties.iter().map(|it| self.range(it.span)).collect();
                let inner = self.braces(&items);
                let mut names = Vec::new();
                for (index, it) in pattern.properties.iter().enumerate() {
                    let (Some(name), ast::BindingPattern::BindingIdentifier(local)) =
                        (it.key.static_name(), &it.value)
                    else {
                        return self.asked(Form::Other, span, source, Vec::new());
                    };
                    names.push(Imported {
                        span: self.range(it.span),
                        name: name.into_owned(),
                        is_type: false,
                        exported: None,
                        symbol: local.symbol_id.get().map(SymbolId::index),
                        item: Some(Item { inner: inner.clone(), items: items.clone(), index }),
                    });
                }
                names
            }
            _ => return self.asked(Form::Other, span, source, Vec::new()),
        };
        self.asked(Form::Bound, declarator.span, source, names)
    }

    fn symbols(&mut self) {
        let scoping = self.semantic.scoping();
        for id in scoping.symbol_ids() {
            let mentions = scoping.get_resolved_references(id);
            let mentions = mentions
                .map(|it| self.range(self.semantic.nodes().kind(it.node_id()).span()).start);
            let mut mentions: Vec<_> = mentions.collect();
            mentions.sort_unstable();
            let imported = self.facts.imports.iter().enumerate().find_map(|(index, import)| {
                let name = import.names.iter().position(|it| it.symbol == Some(id.index()))?;
                Some(Declared::Import(index, name))
            });
            let is_once = scoping.symbol_redeclarations(id).is_empty();
            let declared = match imported {
                Some(imported) => imported,
                None if is_once => self.declared(scoping.symbol_declaration(id)),
                None => Declared::Other,
            };
            let span = self.range(scoping.symbol_span(id));
            self.facts.symbols.push(Symbol { mentions, span, declared });
        }
    }

    fn declared(&self, declaration: NodeId) -> Declared {
        let nodes = self.semantic.nodes();
        let parent = nodes.parent_node(declaration);
        match nodes.kind(declaration) {
            AstKind::VariableDeclarator(declarator) => {
                let AstKind::VariableDeclaration(whole) = parent.kind() else {
                    return Declared::Other;
                };
                let items: Vec<_> =
                    whole.declarations.iter().map(|it| self.range(it.span)).collect();
                let span = self.range(declarator.span);
                let index = items.iter().position(|it| *it == span).unwrap_or_default();
                let around = nodes.parent_node(parent.id());
                let statement = match around.kind() {
                    AstKind::ExportDeclaration(export) => export.span,
                    _ => whole.span,
                };
                let is_statement = matches!(
                    around.kind(),
                    AstKind::ExportDeclaration(_)
                        | AstKind::Program(_)
                        | AstKind::BlockStatement(_)
                        | AstKind::FunctionBody(_)
                        | AstKind::StaticBlock(_)
                );
                let init = match (&declarator.id, &declarator.init) {
                    (ast::BindingPattern::BindingIdentifier(_), Some(init)) if is_statement => {
                        self.init(init)
                    }
                    _ => Init::Fixed,
                };
                let inner =
                    items.first().map_or(0, |it| it.start)..items.last().map_or(0, |it| it.end);
                let item = Item { inner, items, index };
                // What is said of its type says what it has to have.
                let is_typed = declarator.type_annotation.is_some()
                    || declarator.init.as_ref().is_some_and(|init| {
                        matches!(init, ast::Expression::TSSatisfiesExpression(_))
                    });
                Declared::Variable(Variable {
                    statement: self.range(statement),
                    item,
                    init,
                    is_typed,
                })
            }
            AstKind::Function(function) => {
                let (span, is_default) = match parent.kind() {
                    AstKind::ExportDeclaration(export) => (export.span, false),
                    AstKind::ExportDefaultDeclaration(export) => (export.span, true),
                    AstKind::Program(_) | AstKind::BlockStatement(_) | AstKind::FunctionBody(_) => {
                        (function.span, false)
                    }
                    _ => return Declared::Other,
                };
                Declared::Function { statement: self.range(span), is_default }
            }
            AstKind::FormalParameter(_) | AstKind::FormalParameterRest(_) => Declared::Parameter,
            _ => Declared::Other,
        }
    }

    fn init(&self, init: &ast::Expression<'_>) -> Init {
        if let Some((arguments, _)) = self.client(init) {
            return Init::Client(arguments);
        }
        let span = self.range(init.span());
        let mut expression = init.get_inner_expression();
        if let ast::Expression::ObjectExpression(object) = expression {
            return Init::Object(self.object(object), span);
        }
        while let ast::Expression::AwaitExpression(it) = expression {
            expression = it.argument.get_inner_expression();
        }
        if let ast::Expression::CallExpression(call) = expression
            && let Some((symbol, _)) = self.named(&call.callee)
        {
            return Init::Call(symbol, self.arguments(&call.arguments));
        }
        Init::Other(span)
    }

    fn arguments(&self, arguments: &[ast::Argument<'_>]) -> Vec<Range<usize>> {
        arguments.iter().map(|argument| self.range(argument.span())).collect()
    }

    /// The arguments of what makes a client, and where it is made: `new Redis(…)`, `await createClient(…).on(…).connect()`.
    fn client(&self, expression: &ast::Expression<'_>) -> Option<(Vec<Range<usize>>, usize)> {
        match expression.get_inner_expression() {
            ast::Expression::AwaitExpression(it) => self.client(&it.argument),
            ast::Expression::NewExpression(it) => {
                let is_client = self.leads_to_client(&it.callee);
                is_client.then(|| (self.arguments(&it.arguments), self.range(it.span).start))
            }
            ast::Expression::CallExpression(it) => {
                if let ast::Expression::StaticMemberExpression(member) =
                    it.callee.get_inner_expression()
                    && ATTENDING.iter().chain(FOLLOWING).any(|name| member.property.name == *name)
                {
                    let (mut arguments, at) = self.client(&member.object)?;
                    arguments.extend(self.arguments(&it.arguments));
                    return Some((arguments, at));
                }
                let is_client = self.leads_to_client(&it.callee);
                is_client.then(|| (self.arguments(&it.arguments), self.range(it.span).start))
            }
            _ => None,
        }
    }

    /// Whether a name, or what it is a member of, is imported from a client's package.
    fn leads_to_client(&self, callee: &ast::Expression<'_>) -> bool {
        match callee.get_inner_expression() {
            ast::Expression::StaticMemberExpression(member) => self.leads_to_client(&member.object),
            ast::Expression::CallExpression(call) => {
                call.common_js_require().is_some_and(|source| is_client(&source.value))
            }
            ast::Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| {
                self.facts.imports.iter().any(|import| {
                    is_client(&import.source)
                        && import.names.iter().any(|it| it.symbol == Some(symbol))
                })
            }),
            _ => false,
        }
    }

    fn object(&self, object: &ast::ObjectExpression<'_>) -> Object {
        let properties = object.properties.iter().map(|property| match property {
            ast::ObjectPropertyKind::ObjectProperty(it) => Property {
                span: self.range(it.span),
                name: it.key.static_name().map(std::borrow::Cow::into_owned),
                value: self.range(it.value.span()),
                spread: None,
            },
            ast::ObjectPropertyKind::SpreadProperty(it) => Property {
                span: self.range(it.span),
                name: None,
                value: self.range(it.span),
                spread: Some(self.named(&it.argument)),
            },
        });
        Object { span: self.range(object.span), properties: properties.collect() }
    }

    fn nodes(&mut self) {
        for node in self.semantic.nodes().iter() {
            match node.kind() {
                AstKind::NewExpression(new) => {
                    self.construct(new);
                    if self.leads_to_client(&new.callee) {
                        self.facts.clients.push(self.range(new.span).start);
                    }
                    if !self.computes(&new.callee) {
                        self.effect(node.id(), new.span);
                    }
                }
                AstKind::CallExpression(call) => {
                    if self.leads_to_client(&call.callee) {
                        self.facts.clients.push(self.range(call.span).start);
                    }
                    if !self.computes(&call.callee) {
                        let called = self.named(&call.callee).map(|(symbol, _)| symbol);
                        self.effect(node.id(), call.span);
                        if let Some(effect) = self.facts.effects.last_mut() {
                            effect.called = called;
                        }
                    }
                    self.attendant(node.id(), call);
                    let called = self.named(&call.callee);
                    self.facts.called.extend(called.map(|(symbol, _)| symbol));
                }
                AstKind::AssignmentExpression(it) => {
                    self.effect(node.id(), it.span);
                    self.common_exports(node.id(), it);
                }
                AstKind::UpdateExpression(it) => self.effect(node.id(), it.span),
                AstKind::AwaitExpression(it) => self.effect(node.id(), it.span),
                AstKind::YieldExpression(it) => self.effect(node.id(), it.span),
                AstKind::TaggedTemplateExpression(it) => self.effect(node.id(), it.span),
                AstKind::ImportExpression(it) => self.effect(node.id(), it.span),
                AstKind::StaticMemberExpression(it) => {
                    let name = it.property.name.to_string();
                    if let Some((symbol, _)) = self.named(&it.object) {
                        self.facts.members.push((symbol, name, self.range(it.span)));
                    } else if matches!(
                        it.object.get_inner_expression(),
                        ast::Expression::ThisExpression(_)
                    ) {
                        self.facts.own.push((name, self.range(it.span)));
                    }
                }
                AstKind::TSQualifiedName(it) => {
                    if let ast::TSTypeName::IdentifierReference(name) = &it.left
                        && let Some(symbol) = self.symbol(name)
                    {
                        let member = (symbol, it.right.name.to_string(), self.range(it.span));
                        self.facts.members.push(member);
                    }
                }
                AstKind::Class(class) => {
                    let extended = class.heritage.as_ref().and_then(|it| self.root(&it.expression));
                    self.facts.extended.extend(extended.map(|(symbol, _)| symbol));
                }
                AstKind::ExportDeclaration(export) => self.export(export),
                AstKind::ExportNamedDeclaration(export) => self.export_named(export),
                AstKind::ExportDefaultDeclaration(export) => self.export_default(export),
                _ => {}
            }
        }
    }

    fn effect(&mut self, node: NodeId, span: Span) {
        let function = self.semantic.nodes().ancestor_kinds(node).find_map(|kind| match kind {
            AstKind::Function(it) => Some(it.span),
            AstKind::ArrowFunctionExpression(it) => Some(it.span),
            _ => None,
        });
        let function = function.map(|span| self.range(span));
        self.facts.effects.push(Effect { at: self.range(span).start, function, called: None });
    }

    /// Whether a call only computes.
    fn computes(&self, callee: &ast::Expression<'_>) -> bool {
        let written = &self.text[self.range(callee.span())];
        if COMPUTING.contains(&written) {
            return true;
        }
        let ast::Expression::StaticMemberExpression(member) = callee.get_inner_expression() else {
            return false;
        };
        COMPUTING_METHODS.iter().any(|name| member.property.name == *name)
    }

    fn construct(&mut self, new: &ast::NewExpression<'_>) {
        let (symbol, member) = match new.callee.get_inner_expression() {
            ast::Expression::StaticMemberExpression(member) => {
                let Some((symbol, _)) = self.named(&member.object) else { return };
                (symbol, Some(member.property.name.to_string()))
            }
            callee => {
                let Some((symbol, _)) = self.named(callee) else { return };
                (symbol, None)
            }
        };
        let span = self.range(new.span);
        let arguments = new.arguments.iter().map(|argument| {
            let shape = match argument.as_expression() {
                Some(expression) => {
                    match (self.named(expression), expression.get_inner_expression()) {
                        (Some((symbol, at)), _) => Argument::Name(symbol, at),
                        (None, ast::Expression::ObjectExpression(object)) => {
                            Argument::Object(self.object(object))
                        }
                        _ => Argument::Other,
                    }
                }
                None => Argument::Other,
            };
            (self.range(argument.span()), shape)
        });
        let arguments: Vec<_> = arguments.collect();
        let from = new.type_arguments.as_ref().map_or(new.callee.span().end, |it| it.span.end);
        let from = self.mark + from as usize;
        let Some(open) = self.text[from..span.end].find('(') else { return };
        let inner = from + open + 1..span.end - 1;
        self.facts.constructs.push(Construct { symbol, member, inner, arguments });
    }

    /// `client.on(…)` as a statement, as the body of an arrow function, or as an item of a list.
    fn attendant(&mut self, node: NodeId, call: &ast::CallExpression<'_>) {
        let Some((symbol, mention)) = self.attended(call) else { return };
        let nodes = self.semantic.nodes();
        let through = |kind: &AstKind<'_>| {
            matches!(
                kind,
                AstKind::AwaitExpression(_)
                    | AstKind::ParenthesizedExpression(_)
                    | AstKind::ChainExpression(_)
                    | AstKind::UnaryExpression(_)
            )
        };
        let mut last = node;
        for around in nodes.ancestors(node) {
            if through(&around.kind()) {
                last = around.id();
                continue;
            }
            let span = self.range(nodes.kind(last).span());
            let (span, place) = match around.kind() {
                AstKind::ExpressionStatement(statement) => {
                    let block = nodes.parent_node(around.id());
                    match block.kind() {
                        AstKind::Program(_)
                        | AstKind::BlockStatement(_)
                        | AstKind::FunctionBody(_) => {
                            (self.range(statement.span), AttendantPlace::Statement)
                        }
                        _ => return,
                    }
                }
                // Its body is the call alone: another place in it is that of a parameter.
                AstKind::ArrowFunctionExpression(_) => (span, AttendantPlace::Body),
                AstKind::ArrayExpression(array) => {
                    let items: Vec<_> =
                        array.elements.iter().map(|it| self.range(it.span())).collect();
                    let Some(index) = items.iter().position(|it| *it == span) else { return };
                    let whole = self.range(array.span);
                    let inner = whole.start + 1..whole.end - 1;
                    (span, AttendantPlace::Item(Item { inner, items, index }))
                }
                _ => return,
            };
            self.facts.attendants.push(Attendant { symbol, mention, span, place });
            return;
        }
    }

    /// The client of a chain of nothing but [`ATTENDING`] calls.
    fn attended(&self, call: &ast::CallExpression<'_>) -> Option<(usize, usize)> {
        let ast::Expression::StaticMemberExpression(member) = call.callee.get_inner_expression()
        else {
            return None;
        };
        let is = |names: &[&str]| names.iter().any(|name| member.property.name == *name);
        match member.object.get_inner_expression() {
            ast::Expression::CallExpression(inner) if is(ATTENDING) || is(FOLLOWING) => {
                self.attended(inner)
            }
            object if is(ATTENDING) => self.named(object),
            _ => None,
        }
    }

    fn export(&mut self, export: &ast::ExportDeclaration<'_>) {
        let names: Vec<_> = match &export.declaration {
            ast::Declaration::VariableDeclaration(it) => {
                let ids = it.declarations.iter().filter_map(|it| match &it.id {
                    ast::BindingPattern::BindingIdentifier(id) => Some(&**id),
                    _ => None,
                });
                ids.map(|id| (id.name.to_string(), id.symbol_id.get())).collect()
            }
            ast::Declaration::FunctionDeclaration(it) => {
                it.id.iter().map(|id| (id.name.to_string(), id.symbol_id.get())).collect()
            }
            ast::Declaration::ClassDeclaration(it) => {
                it.id.iter().map(|id| (id.name.to_string(), id.symbol_id.get())).collect()
            }
            _ => Vec::new(),
        };
        let exports = names.into_iter().filter_map(|(name, symbol)| {
            Some(Export {
                name,
                symbol: symbol?.index(),
                mention: None,
                place: ExportPlace::Declaration,
            })
        });
        self.facts.exports.extend(exports);
    }

    fn export_named(&mut self, export: &ast::ExportNamedDeclaration<'_>) {
        let items: Vec<_> = export.specifiers.iter().map(|it| self.range(it.span)).collect();
        let inner = self.braces(&items);
        for (index, it) in export.specifiers.iter().enumerate() {
            let ast::ModuleExportName::IdentifierReference(local) = &it.local else { continue };
            let Some(symbol) = self.symbol(local) else { continue };
            let item = Item { inner: inner.clone(), items: items.clone(), index };
            self.facts.exports.push(Export {
                name: it.exported.name().to_string(),
                symbol,
                mention: Some(self.range(local.span).start),
                place: ExportPlace::Item(item, self.range(export.span)),
            });
        }
    }

    fn export_default(&mut self, export: &ast::ExportDefaultDeclaration<'_>) {
        if let ast::ExportDefaultDeclarationKind::FunctionDeclaration(it) = &export.declaration {
            let symbol = it.id.as_ref().and_then(|id| id.symbol_id.get()).map(SymbolId::index);
            let place = ExportPlace::Declaration;
            let export =
                |symbol| Export { name: "default".to_owned(), symbol, mention: None, place };
            self.facts.exports.extend(symbol.map(export));
            return;
        }
        let Some((symbol, at)) = export.declaration.as_expression().and_then(|it| self.named(it))
        else {
            return;
        };
        let place = ExportPlace::Statement(self.range(export.span));
        self.facts.exports.push(Export {
            name: "default".to_owned(),
            symbol,
            mention: Some(at),
            place,
        });
    }

    /// `module.exports = a`, `module.exports = { a }`, `exports.a = a`.
    fn common_exports(&mut self, node: NodeId, it: &ast::AssignmentExpression<'_>) {
        let left = &self.text[self.range(it.left.span())];
        let statement = match self.semantic.nodes().parent_kind(node) {
            AstKind::ExpressionStatement(statement) => self.range(statement.span),
            _ => return,
        };
        let named = left.strip_prefix("module.exports.").or_else(|| left.strip_prefix("exports."));
        match (left, named, it.right.get_inner_expression()) {
            ("module.exports", _, ast::Expression::ObjectExpression(object)) => {
                let items: Vec<_> =
                    object.properties.iter().map(|it| self.range(it.span())).collect();
                let whole = self.range(object.span);
                for (index, property) in object.properties.iter().enumerate() {
                    let ast::ObjectPropertyKind::ObjectProperty(it) = property else { continue };
                    let (Some(name), Some((symbol, at))) =
                        (it.key.static_name(), self.named(&it.value))
                    else {
                        continue;
                    };
                    let item =
                        Item { inner: whole.start + 1..whole.end - 1, items: items.clone(), index };
                    self.facts.exports.push(Export {
                        name: name.into_owned(),
                        symbol,
                        mention: Some(at),
                        place: ExportPlace::Item(item, statement.clone()),
                    });
                }
            }
            (_, named, right) if left == "module.exports" || named.is_some() => {
                let Some((symbol, at)) = self.named(right) else { return };
                let name = named.unwrap_or("*").to_owned();
                let place = ExportPlace::Statement(statement);
                self.facts.exports.push(Export { name, symbol, mention: Some(at), place });
            }
            _ => {}
        }
    }
}
