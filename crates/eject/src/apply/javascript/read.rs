//! Reads the facts of a module.

mod attend;
mod declare;
mod effect;
mod export;
mod import;

use std::{ops::Range, path::Path};

use oxc_allocator::Allocator;
use oxc_ast::{AstKind, ast};
use oxc_parser::Parser;
use oxc_semantic::{Semantic, SemanticBuilder};
use oxc_span::{GetSpan, SourceType, Span};
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::facts::{Facts, Object, Property, Statement};
use crate::{
    catalogue::{self, Ecosystem, Role},
    finding::Store,
};

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

    /// What stands between the brackets around items.
    fn braces(&self, items: &[Range<usize>]) -> Range<usize> {
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return 0..0 };
        let start = self.text[..first.start].rfind(['{', '[']).map_or(first.start, |at| at + 1);
        let end = self.text[last.end..].find(['}', ']']).map_or(last.end, |at| last.end + at);
        start..end
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

    fn nodes(&mut self) {
        for node in self.semantic.nodes().iter() {
            let kind = node.kind();
            match kind {
                AstKind::NewExpression(new) => self.constructed(node.id(), new),
                AstKind::CallExpression(call) => self.called(node.id(), call),
                AstKind::AssignmentExpression(it) => {
                    self.effect(node.id(), it.span);
                    self.common_exports(node.id(), it);
                }
                AstKind::UpdateExpression(_)
                | AstKind::AwaitExpression(_)
                | AstKind::YieldExpression(_)
                | AstKind::TaggedTemplateExpression(_)
                | AstKind::ImportExpression(_) => self.effect(node.id(), kind.span()),
                AstKind::StaticMemberExpression(it) => self.member(it),
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

    fn constructed(&mut self, node: NodeId, new: &ast::NewExpression<'_>) {
        self.construct(new);
        if self.leads_to_client(&new.callee) {
            self.facts.clients.push(self.range(new.span).start);
        }
        if !self.computes(&new.callee) {
            self.effect(node, new.span);
        }
    }

    fn called(&mut self, node: NodeId, call: &ast::CallExpression<'_>) {
        if self.leads_to_client(&call.callee) {
            self.facts.clients.push(self.range(call.span).start);
        }
        let called = self.named(&call.callee).map(|(symbol, _)| symbol);
        if !self.computes(&call.callee) {
            self.effect(node, call.span);
            if let Some(effect) = self.facts.effects.last_mut() {
                effect.called = called;
            }
        }
        self.attendant(node, call);
        self.facts.called.extend(called);
    }

    /// `ns.name` and `this.name`.
    fn member(&mut self, it: &ast::StaticMemberExpression<'_>) {
        let (name, span) = (it.property.name.to_string(), self.range(it.span));
        if let Some((symbol, _)) = self.named(&it.object) {
            self.facts.members.push((symbol, name, span));
        } else if matches!(it.object.get_inner_expression(), ast::Expression::ThisExpression(_)) {
            self.facts.own.push((name, span));
        }
    }
}
