//! How each name of a module is declared, and with what it begins.

use std::ops::Range;

use oxc_ast::{AstKind, ast};
use oxc_span::GetSpan;
use oxc_syntax::node::NodeId;

use super::{
    super::facts::{Declared, Init, Item, Symbol, Variable},
    Reader,
    attend::{ATTENDING, FOLLOWING},
};

impl Reader<'_, '_> {
    pub(super) fn symbols(&mut self) {
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
}
